#include "core/eql/function_table.h"

#include "core/base/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace sequela::eql {

namespace {

std::string_view countName(std::size_t count)
{
    constexpr std::array<std::string_view, 5> names{"no", "one", "two", "three", "four"};
    return names[std::min(count, names.size() - 1)];
}

} // namespace

const FunctionInfo& functionInfo(Function function)
{
    return *std::ranges::find(functionTable, function, &FunctionInfo::function);
}

const FunctionInfo* findFunction(std::string_view name)
{
    const auto* const found = std::ranges::find_if(
        functionTable, [&](const FunctionInfo& info) { return equalFolded(info.name, name); });
    return found == functionTable.end() ? nullptr : found;
}

bool toleratesNull(Function function, std::size_t index)
{
    switch (function) {
    case Function::IndexOf:
        return index == 2;
    case Function::Number:
        return index == 1;
    case Function::Substring:
        return index >= 1;
    default:
        return false;
    }
}

std::string arityText(const FunctionInfo& function)
{
    const std::size_t minimum = function.minimumArguments;
    if (!function.maximumArguments) {
        return fmt::format("expects at least {} argument{}", countName(minimum),
                           minimum == 1 ? "" : "s");
    }
    if (*function.maximumArguments == minimum) {
        return fmt::format("expects exactly {} argument{}", countName(minimum),
                           minimum == 1 ? "" : "s");
    }
    return fmt::format("expects {} or {} arguments", countName(minimum),
                       countName(*function.maximumArguments));
}

} // namespace sequela::eql
