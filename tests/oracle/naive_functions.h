#pragma once

#include "core/eql/syntax_tree.h"
#include "tests/oracle/naive_value.h"

#include <string>
#include <vector>

namespace sequela::oracle {

/// Whether argument number @p index may be null without the result being null: the exceptions of
/// section 6.
[[nodiscard]] bool toleratesNull(const std::string& name, std::size_t index);

/// Operators and functions of eql.md 4 to 6 on evaluated operands. `failed` is set by what is a
/// query error for constants and null for an event: division by zero, overflow, unreadable numbers.
[[nodiscard]] Value arithmetic(eql::syntax::BinaryOperator op, const Value& left,
                               const Value& right, bool& failed);
[[nodiscard]] Value negated(const Value& operand, bool& failed);
[[nodiscard]] Value call(const std::string& name, bool caseInsensitive,
                         const std::vector<Value>& arguments, bool& failed);

} // namespace sequela::oracle
