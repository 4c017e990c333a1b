#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sequela::casefile {

/// A time whose text can be made again from two integers.
struct TimeText {
    std::int64_t nanoseconds = 0;
    /// Decimals of the second that the text shows, 0 to 9.
    std::uint8_t decimals = 0;
};

/// `2024-05-06T07:08:09[.1…9 decimals]Z` and nothing else; only if writeTimeText gives the very
/// same text back.
[[nodiscard]] std::optional<TimeText> readTimeText(std::string_view text);
void writeTimeText(TimeText time, std::string& text);

} // namespace sequela::casefile
