#include "core/base/text.h"
#include "core/eql/function_table.h"
#include "core/eql/functions_text.h"
#include "core/eql/number_text.h"
#include "core/eql/scalar.h"

#include <fmt/format.h>

#include <algorithm>

namespace sequela::eql {

namespace {

using Arguments = std::span<const Value>;

/// An argument that may be left out; an explicit null counts as left out where section 6 says so.
const Value& argumentOrNull(Arguments arguments, std::size_t index)
{
    static const Value null;
    return index < arguments.size() ? arguments[index] : null;
}

std::string_view textOf(const Value& value)
{
    const auto* const text = std::get_if<std::string>(&value);
    return text != nullptr ? std::string_view(*text) : std::string_view();
}

std::optional<std::int64_t> integerOf(const Value& value)
{
    const auto* const number = std::get_if<std::int64_t>(&value);
    return number != nullptr ? std::optional<std::int64_t>(*number) : std::nullopt;
}

bool hasType(const Value& value, ArgumentType type)
{
    switch (type) {
    case ArgumentType::Any:
        return true;
    case ArgumentType::String:
    case ArgumentType::ConstantString:
        return std::holds_alternative<std::string>(value);
    case ArgumentType::Integer:
    case ArgumentType::ConstantInteger:
        return std::holds_alternative<std::int64_t>(value);
    case ArgumentType::Numeric:
        return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value);
    case ArgumentType::Boolean:
        return std::holds_alternative<bool>(value);
    case ArgumentType::Ip:
        return std::holds_alternative<IpAddress>(value);
    }
    return false;
}

/// A value as `string` and `concat` write it.
std::string writtenOut(const Value& value)
{
    const auto* const number = std::get_if<double>(&value);
    return number != nullptr ? formatDoubleAsJava(*number) : toText(value);
}

Value concat(Arguments arguments)
{
    std::string text;
    for (const Value& argument : arguments) {
        text += writtenOut(argument);
    }
    return text;
}

Value callSubstring(Arguments arguments)
{
    const auto start = integerOf(arguments[1]);
    if (!start) {
        return arguments[0];
    }
    return substring(textOf(arguments[0]), *start, integerOf(argumentOrNull(arguments, 2)));
}

Value callBetween(Arguments arguments, bool caseInsensitive)
{
    const auto* const greedy = std::get_if<bool>(&argumentOrNull(arguments, 3));
    return between(textOf(arguments[0]), textOf(arguments[1]), textOf(arguments[2]),
                   greedy != nullptr && *greedy, caseInsensitive);
}

ScalarResult call(Function function, bool caseInsensitive, Arguments arguments)
{
    const auto text = [&](std::size_t index) { return textOf(arguments[index]); };
    switch (function) {
    case Function::Add:
        return applyArithmetic(ArithmeticOperator::Add, arguments[0], arguments[1]);
    case Function::Subtract:
        return applyArithmetic(ArithmeticOperator::Subtract, arguments[0], arguments[1]);
    case Function::Multiply:
        return applyArithmetic(ArithmeticOperator::Multiply, arguments[0], arguments[1]);
    case Function::Divide:
        return applyArithmetic(ArithmeticOperator::Divide, arguments[0], arguments[1]);
    case Function::Modulo:
        return applyArithmetic(ArithmeticOperator::Modulo, arguments[0], arguments[1]);
    case Function::Between:
        return callBetween(arguments, caseInsensitive);
    case Function::Concat:
        return concat(arguments);
    case Function::EndsWith:
        return Value(endsWith(text(0), text(1), caseInsensitive));
    case Function::IndexOf:
        return indexOf(text(0), text(1), integerOf(argumentOrNull(arguments, 2)).value_or(0),
                       caseInsensitive);
    case Function::Length:
        return Value(static_cast<std::int64_t>(countCodePoints(text(0))));
    case Function::Number:
        return parseNumber(text(0), integerOf(argumentOrNull(arguments, 1)));
    case Function::StartsWith:
        return Value(startsWith(text(0), text(1), caseInsensitive));
    case Function::String:
        return Value(writtenOut(arguments[0]));
    case Function::StringContains:
        return Value(stringContains(text(0), text(1), caseInsensitive));
    case Function::Substring:
        return callSubstring(arguments);
    case Function::CidrMatch:
        break;
    }
    return std::unexpected(std::string("[cidrMatch] is evaluated with its parsed blocks"));
}

} // namespace

ScalarResult callFunction(Function function, bool caseInsensitive, Arguments arguments)
{
    const FunctionInfo& info = functionInfo(function);
    if (arguments.size() < info.minimumArguments
        || arguments.size() > info.maximumArguments.value_or(arguments.size())) {
        return std::unexpected(fmt::format("[{}] {}", info.name, arityText(info)));
    }
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (isNull(arguments[i])) {
            if (!toleratesNull(function, i)) {
                return Value();
            }
        } else if (!hasType(arguments[i], info.argument(i).type)) {
            return std::unexpected(fmt::format("[{}] cannot take {} as its {}", info.name,
                                               toJson(arguments[i]), info.argument(i).name));
        }
    }
    return call(function, caseInsensitive, arguments);
}

} // namespace sequela::eql
