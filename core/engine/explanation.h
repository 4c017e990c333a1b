#pragma once

#include "core/engine/query_plan.h"

#include <span>
#include <vector>

namespace sequela::engine {

/// The leaves of a stage that hold for one event, in the order written, with the values that
/// satisfied them. @p stageEvents: events of the sequence by stage, or empty.
[[nodiscard]] Result<std::vector<Engine::MatchedClause>>
explainStage(const StagePlan& stage, const RunContext& context, EventNumber event,
             std::span<const std::optional<EventNumber>> stageEvents);

} // namespace sequela::engine
