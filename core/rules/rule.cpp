#include "core/rules/rule.h"

#include "core/rules/quoted_text.h"

#include <array>
#include <utility>

namespace sequela::rules {

namespace {

struct SeverityRow {
    RuleSeverity severity;
    std::string_view text;
    int riskScore;
};

constexpr std::array<SeverityRow, 4> severityRows{{
    {RuleSeverity::Low, "low", 21},
    {RuleSeverity::Medium, "medium", 47},
    {RuleSeverity::High, "high", 73},
    {RuleSeverity::Critical, "critical", 99},
}};

[[nodiscard]] SourceSpan fileSpanOf(const RuleQuery& query, SourceSpan span)
{
    return SourceSpan{query.fileOffset(span.begin), query.fileOffset(span.end)};
}

} // namespace

std::string_view severityText(RuleSeverity severity)
{
    return severityRows.at(static_cast<std::size_t>(severity)).text;
}

std::optional<RuleSeverity> severityFromText(std::string_view text)
{
    for (const SeverityRow& row : severityRows) {
        if (row.text == text) {
            return row.severity;
        }
    }
    return std::nullopt;
}

int conventionalRiskScore(RuleSeverity severity)
{
    return severityRows.at(static_cast<std::size_t>(severity)).riskScore;
}

std::size_t RuleQuery::fileOffset(std::size_t queryOffset) const
{
    return anchoredOffset(anchors, queryOffset);
}

void locateInRuleFile(Diagnostic& diagnostic, const Rule& rule, std::string_view fileText)
{
    diagnostic.file = rule.path;
    if (!diagnostic.span || rule.query.anchors.empty()) {
        diagnostic.begin = diagnostic.end = rule.query.begin;
        diagnostic.fixes.clear();
        return;
    }
    diagnostic.span = fileSpanOf(rule.query, *diagnostic.span);
    diagnostic.begin = positionOf(fileText, diagnostic.span->begin);
    diagnostic.end = positionOf(fileText, diagnostic.span->end);
    if (rule.exportLine > 0) {
        diagnostic.begin->line += rule.exportLine - 1;
        diagnostic.end->line += rule.exportLine - 1;
    }
    if (rule.query.anchors.size() > 1) {
        diagnostic.fixes.clear();
    }
    for (SuggestedFix& fix : diagnostic.fixes) {
        fix.span = fileSpanOf(rule.query, fix.span);
    }
}

} // namespace sequela::rules
