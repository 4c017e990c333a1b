#pragma once

#include "core/engine/query_plan.h"

#include <string>

namespace sequela::engine {

/// The plan, one step a line, indented: per stage how the category is tested and the clauses in the
/// order of evaluation, each with how it is answered; then what the matcher does with the rows.
[[nodiscard]] std::string dumpPlan(const QueryPlan& plan);

} // namespace sequela::engine
