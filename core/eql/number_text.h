#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sequela::eql {

/// The whole of @p text as a decimal integer with an optional sign; nothing if it is anything else
/// or leaves 64 bit.
[[nodiscard]] std::optional<std::int64_t> parseInteger(std::string_view text, int base = 10);
/// The whole of @p text as a decimal number (`1`, `-1.5`, `.5`, `1.`, `1e3`); nothing if it is
/// anything else or too large for a double.
[[nodiscard]] std::optional<double> parseDecimal(std::string_view text);
/// Shortest text that reads back as the same double, always with a point or an exponent.
[[nodiscard]] std::string formatDouble(double number);
/// The same digits laid out as Java writes a double (and so `string` and `concat` in
/// Elasticsearch): plain from 0.001 up to below ten million, else `1.0E20`.
[[nodiscard]] std::string formatDoubleAsJava(double number);

} // namespace sequela::eql
