#include "core/eql/scalar.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace sequela::eql {

namespace {

std::string_view symbolOf(ArithmeticOperator op)
{
    switch (op) {
    case ArithmeticOperator::Add:
        return "+";
    case ArithmeticOperator::Subtract:
        return "-";
    case ArithmeticOperator::Multiply:
        return "*";
    case ArithmeticOperator::Divide:
        return "/";
    case ArithmeticOperator::Modulo:
        return "%";
    }
    return {};
}

bool isDivision(ArithmeticOperator op)
{
    return op == ArithmeticOperator::Divide || op == ArithmeticOperator::Modulo;
}

std::unexpected<std::string> divisionByZero(ArithmeticOperator op)
{
    return std::unexpected(
        fmt::format("Division by zero: the right side of [{}] is 0", symbolOf(op)));
}

ScalarResult applyToIntegers(ArithmeticOperator op, std::int64_t left, std::int64_t right)
{
    std::int64_t result = 0;
    bool overflow = false;
    switch (op) {
    case ArithmeticOperator::Add:
        overflow = __builtin_add_overflow(left, right, &result);
        break;
    case ArithmeticOperator::Subtract:
        overflow = __builtin_sub_overflow(left, right, &result);
        break;
    case ArithmeticOperator::Multiply:
        overflow = __builtin_mul_overflow(left, right, &result);
        break;
    case ArithmeticOperator::Divide:
        overflow = left == std::numeric_limits<std::int64_t>::min() && right == -1;
        result = overflow ? 0 : left / right;
        break;
    case ArithmeticOperator::Modulo:
        result = right == -1 ? 0 : left % right;
        break;
    }
    if (overflow) {
        return std::unexpected(fmt::format("[{} {} {}] leaves the range of 64-bit integers", left,
                                           symbolOf(op), right));
    }
    return Value(result);
}

ScalarResult applyToDoubles(ArithmeticOperator op, double left, double right)
{
    double result = 0;
    switch (op) {
    case ArithmeticOperator::Add:
        result = left + right;
        break;
    case ArithmeticOperator::Subtract:
        result = left - right;
        break;
    case ArithmeticOperator::Multiply:
        result = left * right;
        break;
    case ArithmeticOperator::Divide:
        result = left / right;
        break;
    case ArithmeticOperator::Modulo:
        result = std::fmod(left, right);
        break;
    }
    if (!std::isfinite(result)) {
        return std::unexpected(
            fmt::format("[{} {} {}] leaves the range of numbers", left, symbolOf(op), right));
    }
    return Value(result);
}

std::optional<double> asDouble(const Value& value)
{
    if (const auto* const number = std::get_if<std::int64_t>(&value)) {
        return static_cast<double>(*number);
    }
    if (const auto* const number = std::get_if<double>(&value)) {
        return *number;
    }
    return std::nullopt;
}

} // namespace

ScalarResult applyArithmetic(ArithmeticOperator op, const Value& left, const Value& right)
{
    if (isNull(left) || isNull(right)) {
        return Value();
    }
    const auto leftNumber = asDouble(left);
    const auto rightNumber = asDouble(right);
    if (!leftNumber || !rightNumber) {
        return std::unexpected(fmt::format("[{}] needs a number on both sides", symbolOf(op)));
    }
    if (isDivision(op) && *rightNumber == 0) {
        return divisionByZero(op);
    }
    const auto* const leftInteger = std::get_if<std::int64_t>(&left);
    const auto* const rightInteger = std::get_if<std::int64_t>(&right);
    if (leftInteger != nullptr && rightInteger != nullptr) {
        return applyToIntegers(op, *leftInteger, *rightInteger);
    }
    return applyToDoubles(op, *leftNumber, *rightNumber);
}

ScalarResult negate(const Value& operand)
{
    if (isNull(operand)) {
        return Value();
    }
    if (const auto* const number = std::get_if<double>(&operand)) {
        return Value(-*number);
    }
    return applyArithmetic(ArithmeticOperator::Subtract, Value(std::int64_t{0}), operand);
}

Value applyComparison(ComparisonOperator op, const Value& left, const Value& right)
{
    const auto order = compareValues(left, right);
    if (!order) {
        return {};
    }
    switch (op) {
    case ComparisonOperator::Equal:
        return *order == 0;
    case ComparisonOperator::NotEqual:
        return *order != 0;
    case ComparisonOperator::Less:
        return *order < 0;
    case ComparisonOperator::LessEqual:
        return *order <= 0;
    case ComparisonOperator::Greater:
        return *order > 0;
    case ComparisonOperator::GreaterEqual:
        return *order >= 0;
    }
    return {};
}

namespace {

bool isBoolean(const Value& value, bool boolean)
{
    const auto* const held = std::get_if<bool>(&value);
    return held != nullptr && *held == boolean;
}

} // namespace

Value kleeneAnd(const Value& left, const Value& right)
{
    if (isBoolean(left, false) || isBoolean(right, false)) {
        return false;
    }
    return isBoolean(left, true) && isBoolean(right, true) ? Value(true) : Value();
}

Value kleeneOr(const Value& left, const Value& right)
{
    if (isBoolean(left, true) || isBoolean(right, true)) {
        return true;
    }
    return isBoolean(left, false) && isBoolean(right, false) ? Value(false) : Value();
}

Value kleeneNot(const Value& operand)
{
    const auto* const held = std::get_if<bool>(&operand);
    return held != nullptr ? Value(!*held) : Value();
}

} // namespace sequela::eql
