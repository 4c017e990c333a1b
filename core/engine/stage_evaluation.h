#pragma once

#include "core/engine/query_plan.h"
#include "core/engine/stage_rows.h"

#include <vector>

namespace sequela::engine {

/// Rows of every stage, and of `until` after them, with what their evaluation told.
struct StageEvaluation {
    std::vector<StageRows> rows;
    std::vector<StageFunnel> funnels;
    WarningCounter warnings;
    RunCost cost;
};

/// Evaluates all stages over all segments, in parallel. Fills funnels if the options ask for them.
[[nodiscard]] Result<StageEvaluation> evaluateStages(const QueryPlan& plan,
                                                     const RunContext& context);

/// Rows of all segments that satisfy a filter of `descendant of`; warnings go to @p warnings.
[[nodiscard]] Result<StageRows> evaluateFilter(const FilterPlan& filter, const RunContext& context,
                                               WarningCounter& warnings);

} // namespace sequela::engine
