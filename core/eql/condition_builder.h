#pragma once

#include "core/eql/bound_query.h"

#include <span>

namespace sequela::eql {

/// Turns a boolean expression into the two-valued form (eql.md 3.2 rules 3 to 5): negations are
/// pushed to the leaves, null constants become false under any number of negations, constants are
/// simplified away.
[[nodiscard]] BoundCondition buildCondition(ExpressionPtr expression,
                                            std::span<const BoundField> fields);

/// Both conditions hold; constants are simplified away.
[[nodiscard]] BoundCondition both(BoundCondition first, BoundCondition second);

} // namespace sequela::eql
