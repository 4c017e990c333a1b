#include "app/cli/rule_check.h"

#include "core/detect/detection.h"
#include "core/eql/binder.h"
#include "core/eql/lint.h"
#include "core/eql/parser.h"
#include "core/rules/lint.h"
#include "core/rules/rule_set.h"
#include "core/rules/rule_test.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <tuple>

namespace sequela::cli {

namespace {

/// What the lint says about every `==` with letters: a word for whoever writes the query, noise
/// about whole folders of rules.
constexpr std::string_view caseNote = "eql-lint-case";

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
                         const schema::FieldCatalog& catalog, bool strictFields)
{
    const rules::Rule& rule = *entry.rule;
    eql::BindOptions options = detect::bindOptionsOf(rule);
    options.strictFields = strictFields;
    eql::BindResult bound = eql::bindQuery(rule.query.text, catalog, options);
    std::optional<std::int64_t> maxspanNs;
    if (bound.query && bound.query->maxspanMs) {
        maxspanNs = *bound.query->maxspanMs * nanosecondsPerMillisecond;
    }
    if (bound.query) {
        const eql::ParsedQuery parsed = eql::parseQuery(rule.query.text, rule.dialect);
        std::ranges::copy_if(
            eql::lint(parsed.query, rule.query.text, *bound.query, catalog),
            std::back_inserter(bound.diagnostics),
            [](const Diagnostic& diagnostic) { return diagnostic.code != caseNote; });
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

std::vector<Diagnostic> checkRule(const rules::RuleEntry& entry,
                                  const schema::FieldCatalog& catalog, bool strictFields)
{
    std::vector<Diagnostic> diagnostics = entry.diagnostics;
    if (hasEqlQuery(entry)) {
        appendQueryProblems(diagnostics, entry, catalog, strictFields);
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
