#include "app/cli/query_explain.h"

#include "core/base/text.h"
#include "core/base/timestamp.h"
#include "core/eql/parser.h"
#include "core/eql/printer.h"

#include <fmt/format.h>

#include <algorithm>

namespace sequela::cli {

namespace {

std::string excerpt(std::string_view text, const SourceSpan& span)
{
    const std::size_t begin = std::min(span.begin, text.size());
    return visibleText(text.substr(begin, std::min(span.end, text.size()) - begin));
}

} // namespace

std::string explainQuery(std::string_view text, eql::Dialect dialect,
                         const workspace::QueryAnswer& answer)
{
    std::string explanation = "syntax tree\n";
    explanation += eql::dumpSyntaxTree(eql::parseQuery(text, dialect).query);
    explanation += "\nbound tree\n" + eql::dumpBoundQuery(*answer.bound);
    const auto plan = answer.snapshot->engine->describePlan(*answer.bound);
    explanation += "\nplan\n" + (plan ? *plan : formatDiagnostic(plan.error()) + "\n");
    explanation += "\nfunnel\n";
    for (std::size_t stage = 0; stage < answer.result->funnels.size(); ++stage) {
        const engine::StageFunnel& funnel = answer.result->funnels[stage];
        explanation +=
            fmt::format("stage {}: {} events of the category\n", stage + 1, funnel.categoryEvents);
        for (const engine::FunnelStep& step : funnel.steps) {
            explanation +=
                fmt::format("  {:>10} left  {:>8}  {} values tested  {}\n", step.eventsLeft,
                            formatDuration(static_cast<std::int64_t>(step.nanoseconds)),
                            step.distinctValuesTested, excerpt(text, step.span));
        }
    }
    explanation +=
        fmt::format("{} matches of {} events in {}, at most {} sequences alive\n",
                    answer.result->matches.size(), answer.snapshot->events->eventCount(),
                    formatDuration(static_cast<std::int64_t>(answer.result->nanoseconds)),
                    answer.result->peakPartials);
    return explanation;
}

bool isDataError(const Diagnostic& error)
{
    return error.code.starts_with("case-");
}

} // namespace sequela::cli
