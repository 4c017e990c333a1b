#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Pieces of TOML as rule files and tests are written by this program.
namespace sequela::workspace {

/// @p text as a TOML basic string, quotes included: whatever is in it, it reads back.
[[nodiscard]] std::string tomlString(std::string_view text);
/// A dotted name as a TOML key; parts that are no bare keys are quoted.
[[nodiscard]] std::string tomlKey(std::string_view dottedName);
/// "+3s", "+250ms": the largest unit that says it exactly.
[[nodiscard]] std::string offsetText(std::int64_t nanoseconds);

} // namespace sequela::workspace
