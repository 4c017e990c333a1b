#pragma once

#include "core/eql/bound_query.h"

#include <span>
#include <string>
#include <string_view>

namespace sequela::eql {

/// Canonical text of a bound expression: equal texts have equal answers for every event.
[[nodiscard]] std::string expressionText(const Expression& expression,
                                         std::span<const BoundField> fields);
/// The same of a condition.
[[nodiscard]] std::string conditionText(const BoundCondition& condition,
                                        std::span<const BoundField> fields);

/// Adds the fields of the event under test that the expression reads, in no order.
void collectFields(const Expression& expression, std::vector<FieldSlot>& fields);
/// Whether the answer depends on events of earlier stages.
[[nodiscard]] bool readsEarlierStages(const Expression& expression);

[[nodiscard]] std::string_view comparisonSymbol(ComparisonOperator op);
[[nodiscard]] std::string_view arithmeticSymbol(ArithmeticOperator op);

} // namespace sequela::eql
