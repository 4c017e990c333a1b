#pragma once

#include "core/eql/bound_query.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The functions of the language (eql.md section 6) in one table: the binder checks calls against
/// it, the editor completes and explains with it, `--help` prints it.
namespace sequela::eql {

enum class ArgumentType : std::uint8_t {
    /// Any scalar.
    Any,
    String,
    /// A whole number.
    Integer,
    Numeric,
    Boolean,
    Ip,
    /// A string that does not depend on the event.
    ConstantString,
    /// An integer that is a constant.
    ConstantInteger,
};

struct FunctionArgument {
    std::string_view name;
    ArgumentType type = ArgumentType::Any;
};

struct FunctionInfo {
    Function function = Function::Length;
    /// As written in documentation; queries may use any case.
    std::string_view name;
    /// `name~` exists: the same with case folded.
    bool hasInsensitiveVariant = false;
    std::size_t minimumArguments = 1;
    /// Nothing: the last argument may be repeated without end.
    std::optional<std::size_t> maximumArguments;
    std::array<FunctionArgument, 4> arguments;
    /// Number of entries of `arguments` in use.
    std::size_t argumentCount = 1;
    /// Null: long if all arguments are long, else double.
    ValueType result = ValueType::Null;
    /// How it is called, for completion and help.
    std::string_view signature;
    /// One sentence.
    std::string_view help;
    std::string_view example;

    /// Type and name of argument number @p index (0-based), repeated arguments included.
    [[nodiscard]] constexpr const FunctionArgument& argument(std::size_t index) const
    {
        return arguments[index < argumentCount ? index : argumentCount - 1];
    }
};

inline constexpr std::array<FunctionInfo, 16> functionTable{{
    {Function::Add,
     "add",
     false,
     2,
     2,
     {{{"left", ArgumentType::Numeric}, {"right", ArgumentType::Numeric}}},
     2,
     ValueType::Null,
     "add(left, right)",
     "Sum of two numbers, as left + right.",
     "add(process.pid, 1) == 5"},
    {Function::Between,
     "between",
     true,
     3,
     4,
     {{{"source", ArgumentType::String},
       {"left", ArgumentType::String},
       {"right", ArgumentType::String},
       {"greedy", ArgumentType::Boolean}}},
     4,
     ValueType::Keyword,
     "between(source, left, right[, greedy=false])",
     "Text after the first left and before the next right (greedy: the last right), \"\" if there "
     "is none.",
     "between(file.path, \"Users/\", \"/\") == \"ana\""},
    {Function::CidrMatch,
     "cidrMatch",
     false,
     2,
     std::nullopt,
     {{{"address", ArgumentType::Ip}, {"block", ArgumentType::ConstantString}}},
     2,
     ValueType::Boolean,
     "cidrMatch(address, block[, …])",
     "Whether an address lies in any of the blocks; a bare address is a block of one.",
     "cidrMatch(source.ip, \"10.0.0.0/8\", \"fe80::/10\")"},
    {Function::Concat,
     "concat",
     false,
     1,
     std::nullopt,
     {{{"value", ArgumentType::Any}}},
     1,
     ValueType::Keyword,
     "concat(value[, …])",
     "All values as text, one after the other; null if any of them is null.",
     "concat(process.name, \":\", process.pid) == \"sh:42\""},
    {Function::Divide,
     "divide",
     false,
     2,
     2,
     {{{"left", ArgumentType::Numeric}, {"right", ArgumentType::Numeric}}},
     2,
     ValueType::Null,
     "divide(left, right)",
     "Quotient, cut toward zero for two whole numbers, as left / right.",
     "divide(file.size, 1024) > 100"},
    {Function::EndsWith,
     "endsWith",
     true,
     2,
     2,
     {{{"source", ArgumentType::String}, {"substring", ArgumentType::String}}},
     2,
     ValueType::Boolean,
     "endsWith(source, substring)",
     "Whether a text ends with another.",
     "endsWith~(file.name, \".plist\")"},
    {Function::IndexOf,
     "indexOf",
     true,
     2,
     3,
     {{{"source", ArgumentType::String},
       {"substring", ArgumentType::String},
       {"start", ArgumentType::Integer}}},
     3,
     ValueType::Long,
     "indexOf(source, substring[, start=0])",
     "Position (from 0) of the first occurrence at or after start, null if there is none.",
     "indexOf(process.command_line, \"-e\") > 0"},
    {Function::Length,
     "length",
     false,
     1,
     1,
     {{{"source", ArgumentType::String}}},
     1,
     ValueType::Long,
     "length(source)",
     "Number of characters; of a list, of each element.",
     "length(process.command_line) > 1000"},
    {Function::Modulo,
     "modulo",
     false,
     2,
     2,
     {{{"left", ArgumentType::Numeric}, {"right", ArgumentType::Numeric}}},
     2,
     ValueType::Null,
     "modulo(left, right)",
     "Remainder with the sign of left, as left % right.",
     "modulo(process.pid, 4) == 0"},
    {Function::Multiply,
     "multiply",
     false,
     2,
     2,
     {{{"left", ArgumentType::Numeric}, {"right", ArgumentType::Numeric}}},
     2,
     ValueType::Null,
     "multiply(left, right)",
     "Product of two numbers, as left * right.",
     "multiply(process.args_count, 2) > 10"},
    {Function::Number,
     "number",
     false,
     1,
     2,
     {{{"source", ArgumentType::String}, {"base", ArgumentType::ConstantInteger}}},
     2,
     ValueType::Null,
     "number(source[, base=10])",
     "Number that a text spells; texts that begin with 0x are hexadecimal.",
     "number(registry.data.strings) == 4"},
    {Function::StartsWith,
     "startsWith",
     true,
     2,
     2,
     {{{"source", ArgumentType::String}, {"substring", ArgumentType::String}}},
     2,
     ValueType::Boolean,
     "startsWith(source, substring)",
     "Whether a text begins with another.",
     "startsWith(file.path, \"/private/tmp/\")"},
    {Function::String,
     "string",
     false,
     1,
     1,
     {{{"value", ArgumentType::Any}}},
     1,
     ValueType::Keyword,
     "string(value)",
     "Text form of a value.",
     "string(process.pid) == \"42\""},
    {Function::StringContains,
     "stringContains",
     true,
     2,
     2,
     {{{"source", ArgumentType::String}, {"substring", ArgumentType::String}}},
     2,
     ValueType::Boolean,
     "stringContains(source, substring)",
     "Whether a text holds another; false if either is empty.",
     "stringContains~(process.command_line, process.name)"},
    {Function::Substring,
     "substring",
     false,
     2,
     3,
     {{{"source", ArgumentType::String},
       {"start", ArgumentType::Integer},
       {"end", ArgumentType::Integer}}},
     3,
     ValueType::Keyword,
     "substring(source, start[, end])",
     "Characters from start up to end; negative positions count from the end.",
     "substring(file.name, -4) == \".exe\""},
    {Function::Subtract,
     "subtract",
     false,
     2,
     2,
     {{{"left", ArgumentType::Numeric}, {"right", ArgumentType::Numeric}}},
     2,
     ValueType::Null,
     "subtract(left, right)",
     "Difference of two numbers, as left - right.",
     "subtract(process.pid, 1) == 3"},
}};

/// The entry of a function, by enumerator.
[[nodiscard]] const FunctionInfo& functionInfo(Function function);
/// The entry by name, whatever its case; null if there is none.
[[nodiscard]] const FunctionInfo* findFunction(std::string_view name);
/// Whether argument number @p index (0-based) may be null without the result being null.
[[nodiscard]] bool toleratesNull(Function function, std::size_t index);
/// What Elasticsearch says of a wrong number of arguments: "expects exactly two arguments".
[[nodiscard]] std::string arityText(const FunctionInfo& function);

} // namespace sequela::eql
