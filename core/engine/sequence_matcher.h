#pragma once

#include "core/engine/event_order.h"
#include "core/engine/join_keys.h"
#include "core/engine/query_plan.h"
#include "core/engine/stage_rows.h"

#include <cstdint>
#include <vector>

namespace sequela::engine {

struct MatcherResult {
    std::vector<Match> matches;
    WarningCounter warnings;
    std::uint64_t peakPartials = 0;
    /// Most join keys with partials at once, and bytes that the state grew to.
    std::uint64_t peakKeys = 0;
    std::uint64_t peakBytes = 0;
};

/// Finds the sequences of a query (eql.md 8): one pass over the events that satisfied a stage, in
/// their order. @p stageRows holds one entry per stage as written, then one for `until` if there is
/// one. All matches, in result order; pipes and size are not applied.
[[nodiscard]] Result<MatcherResult> matchSequences(const QueryPlan& plan, const RunContext& context,
                                                   const EventOrder& order,
                                                   const std::vector<StageRows>& stageRows);

/// Finds the samples of a query (eql.md 9), by ascending key.
[[nodiscard]] Result<MatcherResult> matchSamples(const QueryPlan& plan, const RunContext& context,
                                                 const EventOrder& order,
                                                 const std::vector<StageRows>& stageRows);

/// Events of @p rows in the order of @p order, of those that RunContext::chosen leaves; with
/// @p onlyTimed without those that have no time.
[[nodiscard]] std::vector<std::uint32_t> eventsInOrder(const StageRows& rows,
                                                       const RunContext& context,
                                                       const EventOrder& order, bool onlyTimed);

/// Rows of each segment that satisfied any stage that is not a missing one, or `until`.
[[nodiscard]] StageRows candidateRows(const eql::BoundQuery& query, const CaseIndex& index,
                                      const std::vector<StageRows>& stageRows);

} // namespace sequela::engine
