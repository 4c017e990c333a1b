#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sequela {

/// A moment in UTC, nanoseconds since 1970-01-01T00:00:00Z. Covers 1677-09-21 to 2262-04-11.
class Timestamp {
public:
    constexpr Timestamp() = default;
    constexpr explicit Timestamp(std::int64_t nanoseconds) : m_nanoseconds(nanoseconds) {}

    [[nodiscard]] constexpr std::int64_t nanoseconds() const { return m_nanoseconds; }
    /// Whole milliseconds, rounded down, as Elasticsearch keeps a `date`.
    [[nodiscard]] constexpr std::int64_t milliseconds() const
    {
        const std::int64_t quotient = m_nanoseconds / 1'000'000;
        return m_nanoseconds % 1'000'000 < 0 ? quotient - 1 : quotient;
    }

    constexpr auto operator<=>(const Timestamp&) const = default;

private:
    std::int64_t m_nanoseconds = 0;
};

inline constexpr std::int64_t nanosecondsPerMillisecond = 1'000'000;
inline constexpr std::int64_t nanosecondsPerSecond = 1'000'000'000;

/// Nanoseconds since the epoch of milliseconds; nothing when it leaves the range of Timestamp.
[[nodiscard]] std::optional<Timestamp> timestampFromMilliseconds(std::int64_t milliseconds);

/// ISO 8601 as event sources write it: `2021-01-25T07:48:47.976215Z`, with `T` or a blank between
/// date and time, 0 to 9 (more are cut) decimals after `.` or `,`, `Z`, `+02:00`, `+0200`, `+02` or
/// no zone (UTC). Partial forms, missing parts being the first of their kind: `2021`, `2021-01`,
/// `2021-01-25`, `2021-01-25T07`, `2021-01-25T07:48`. Invalid dates (`2021-02-30`) are refused; a
/// leap second (`:60`) counts as the first second of the next minute.
[[nodiscard]] std::optional<Timestamp> parseIsoTimestamp(std::string_view text);

/// A time as documents hold it: ISO text as above; a number, or digits in a string (except four
/// digits in a string, a year), is epoch milliseconds (decimals are kept); numbers ≥ 10^16 are
/// Windows FILETIME (100 ns since 1601). Nothing if it is none of these or outside the range.
/// @p isNumber: the text stood as a JSON number.
[[nodiscard]] std::optional<Timestamp> parseEventTimestamp(std::string_view text, bool isNumber);

/// `2021-01-25T07:48:47.976Z`: UTC, three decimals, six or nine where needed to lose nothing.
[[nodiscard]] std::string formatIso(Timestamp time);

/// The same in a zone @p offsetMinutes east of UTC, written `+02:00` (or `Z` for 0).
[[nodiscard]] std::string formatIso(Timestamp time, int offsetMinutes);

/// "4.2 s", "1 h 3 min", "250 ms", "12 µs": two significant parts at most, for people.
[[nodiscard]] std::string formatDuration(std::int64_t nanoseconds);

} // namespace sequela
