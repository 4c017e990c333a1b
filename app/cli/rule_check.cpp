#include "app/cli/rule_check.h"

#include "core/detect/detection.h"
#include "core/eql/binder.h"
#include "core/eql/lint.h"
#include "core/eql/parser.h"
#include "core/eql/twin_lint.h"
#include "core/eql/value_lint.h"
#include "core/rules/lint.h"
#include "core/rules/rule_set.h"
#include "core/rules/rule_test.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <tuple>

namespace sequela::cli {

namespace {

/// The text a rule was read from: its file, or its line of an export. Empty if it is gone.
std::string textOf(const rules::RuleEntry& entry)
{
    auto text = rules::readRuleText(entry.path);
    if (!text) {
        return {};
    }
    if (entry.exportLine == 0) {
        return std::move(*text);
    }
    std::size_t begin = 0;
    for (std::size_t line = 1; line < entry.exportLine && begin < text->size(); ++line) {
        const std::size_t end = text->find('\n', begin);
        begin = end == std::string::npos ? text->size() : end + 1;
    }
    const std::size_t end = text->find('\n', begin);
    return text->substr(begin, end == std::string::npos ? end : end - begin);
}

void appendQueryProblems(std::vector<Diagnostic>& diagnostics, const rules::RuleEntry& entry,
                         const CheckScope& scope, std::stop_token stop)
{
    const rules::Rule& rule = *entry.rule;
    eql::BindResult bound =
        checkQuery(rule.query.text, scope, detect::bindOptionsOf(rule), std::move(stop));
    std::optional<std::int64_t> maxspanNs;
    if (bound.query && bound.query->maxspanMs) {
        maxspanNs = *bound.query->maxspanMs * nanosecondsPerMillisecond;
    }
    const std::string text = bound.diagnostics.empty() ? std::string() : textOf(entry);
    for (Diagnostic& diagnostic : bound.diagnostics) {
        rules::locateInRuleFile(diagnostic, rule, text);
        diagnostics.push_back(std::move(diagnostic));
    }
    std::ranges::move(rules::lintRule(rule, maxspanNs), std::back_inserter(diagnostics));
}

bool hasEqlQuery(const rules::RuleEntry& entry)
{
    return entry.rule && entry.notRunReason != rules::NotRunReason::OtherType
           && entry.status != rules::RuleStatus::Broken;
}

} // namespace

eql::BindResult checkQuery(std::string_view text, const CheckScope& scope,
                           const eql::BindOptions& options, std::stop_token stop)
{
    eql::BindOptions strict = options;
    strict.strictFields = scope.strictFields;
    eql::BindResult bound = eql::bindQuery(text, *scope.catalog, strict);
    if (!bound.query) {
        return bound;
    }
    const eql::ParsedQuery parsed = eql::parseQuery(text, options.dialect);
    const auto append = [&bound](std::vector<Diagnostic> more) {
        std::ranges::move(more, std::back_inserter(bound.diagnostics));
    };
    append(eql::lint(parsed.query, text, *bound.query, *scope.catalog));
    if (scope.events) {
        auto found = eql::lintValues(*bound.query, *scope.events, std::move(stop));
        append(found ? std::move(*found) : std::vector{std::move(found).error()});
    }
    if (scope.twins) {
        append(eql::lintTwins(parsed.query, *bound.query));
    }
    return bound;
}

std::vector<Diagnostic> checkRule(const rules::RuleEntry& entry, const CheckScope& scope,
                                  std::stop_token stop)
{
    std::vector<Diagnostic> diagnostics = entry.diagnostics;
    if (hasEqlQuery(entry)) {
        appendQueryProblems(diagnostics, entry, scope, std::move(stop));
    }
    if (entry.status == rules::RuleStatus::NotRun) {
        Diagnostic note = makeError("rule-not-run", fmt::format("not run: {}", entry.reason));
        note.severity = Severity::Note;
        diagnostics.push_back(std::move(note));
    }
    if (entry.status == rules::RuleStatus::NotARule) {
        Diagnostic note = makeError("rule-not-a-rule", fmt::format("not a rule: {}", entry.reason));
        note.severity = Severity::Note;
        diagnostics.push_back(std::move(note));
    }
    if (!entry.testFile.empty()) {
        auto tests = rules::readRuleText(entry.testFile);
        if (tests) {
            std::ranges::move(rules::readRuleTests(*tests, entry.testFile).diagnostics,
                              std::back_inserter(diagnostics));
        } else {
            diagnostics.push_back(std::move(tests).error());
        }
    }
    for (Diagnostic& diagnostic : diagnostics) {
        if (diagnostic.file.empty()) {
            diagnostic.file = entry.path;
        }
    }
    const auto place = [](const Diagnostic& diagnostic) {
        const TextPosition begin = diagnostic.begin.value_or(TextPosition{0, 0});
        return std::tuple(std::string_view(diagnostic.file), begin.line, begin.column);
    };
    std::ranges::stable_sort(diagnostics, {}, place);
    const auto repeated = std::ranges::unique(diagnostics);
    diagnostics.erase(repeated.begin(), repeated.end());
    return diagnostics;
}

} // namespace sequela::cli
