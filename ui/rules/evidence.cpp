#include "ui/rules/evidence.h"

#include "core/base/text.h"
#include "core/base/timestamp.h"
#include "core/detect/rule_test_run.h"
#include "core/rules/rule_set.h"
#include "core/rules/rule_test.h"

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

namespace sequela::ui {

namespace {

rules::RuleEntry withQuery(const rules::RuleEntry& entry, const std::string& query)
{
    rules::RuleEntry changed = entry;
    auto rule = std::make_shared<rules::Rule>(*entry.rule);
    rule->query.text = query;
    changed.rule = std::move(rule);
    return changed;
}

rules::RuleSet setOf(rules::RuleEntry entry)
{
    std::vector<rules::RuleEntry> entries;
    entries.push_back(std::move(entry));
    rules::RuleSet set;
    set.append(std::move(entries));
    return set;
}

/// A name of a test as a table cell of Markdown: nothing in it is markup.
std::string cell(const std::string& text)
{
    std::string escaped;
    for (const char c : visibleText(text)) {
        if (std::string_view("\\`*_{}[]<>()#+-.!|~").find(c) != std::string_view::npos) {
            escaped += '\\';
        }
        escaped += c;
    }
    return escaped;
}

Result<std::string> testSection(const rules::RuleEntry& before, const rules::RuleEntry& after,
                                const std::stop_token& stop)
{
    if (before.testFile.empty()) {
        return std::string("\n## Tests\n\nThe rule has no tests.\n");
    }
    auto content = rules::readRuleText(before.testFile);
    if (!content) {
        return std::unexpected(std::move(content).error());
    }
    std::string text = "\n## Tests\n\n| test | before | after |\n|---|---|---|\n";
    for (const rules::RuleTest& test : rules::readRuleTests(*content, before.testFile).tests) {
        auto old = detect::runRuleTest(*before.rule, test, stop);
        auto now = detect::runRuleTest(*after.rule, test, stop);
        if (!old || !now) {
            return std::unexpected(old ? std::move(now).error() : std::move(old).error());
        }
        text += fmt::format("| {} | {} | {} |\n", cell(test.name),
                            old->passed ? "passed" : "failed", now->passed ? "passed" : "failed");
    }
    return text;
}

/// Time of a run that uses no answer of an earlier one; nothing where the query does not bind.
Result<std::optional<std::uint64_t>> coldTime(const LiveRequest& request, const std::string& text,
                                              const std::stop_token& stop)
{
    const auto snapshot = request.workspace->snapshot();
    const eql::BindResult bound = eql::bindQuery(text, *snapshot->catalog, request.bind);
    if (!bound.query) {
        return std::nullopt;
    }
    engine::Engine cold(snapshot->events);
    auto found = cold.run(*bound.query, request.run, stop);
    if (!found) {
        return std::unexpected(std::move(found).error());
    }
    return found->nanoseconds;
}

std::string timeText(const std::optional<std::uint64_t>& nanoseconds)
{
    return nanoseconds ? formatDuration(static_cast<std::int64_t>(*nanoseconds))
                       : std::string("does not run");
}

} // namespace

Result<std::string> writeEvidence(const LiveRequest& request, const rules::RuleEntry& entry,
                                  const std::stop_token& stop)
{
    const std::string saved = request.savedText.value_or(request.text);
    const rules::RuleEntry before = withQuery(entry, saved);
    const rules::RuleEntry after = withQuery(entry, request.text);
    detect::DetectOptions options;
    options.includeDisabled = true;
    Progress progress;
    auto compared =
        request.workspace->compareRules(setOf(before), setOf(after), options, progress, stop);
    if (!compared) {
        return std::unexpected(std::move(compared).error());
    }
    const std::string file = std::filesystem::path(entry.path).filename().string();
    auto text = request.workspace->exportComparison(*compared, file + " (saved)",
                                                    file + " (edited)", false, stop);
    if (!text) {
        return text;
    }
    auto tests = testSection(before, after, stop);
    if (!tests) {
        return tests;
    }
    auto oldTime = coldTime(request, saved, stop);
    auto newTime = coldTime(request, request.text, stop);
    if (!oldTime || !newTime) {
        return std::unexpected(oldTime ? std::move(newTime).error() : std::move(oldTime).error());
    }
    return *text + *tests
           + fmt::format("\n## Cost\n\nOne run over {} events without earlier answers: {} before, "
                         "{} after.\n",
                         request.workspace->snapshot()->events->eventCount(), timeText(*oldTime),
                         timeText(*newTime));
}

} // namespace sequela::ui
