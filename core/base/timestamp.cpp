#include "core/base/timestamp.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <limits>

namespace sequela {
namespace {

/// Windows FILETIME counts 100 ns from 1601-01-01.
constexpr std::int64_t fileTimeEpochSeconds = 11'644'473'600;
constexpr std::int64_t fileTimeTicksPerSecond = 10'000'000;
constexpr double smallestFileTime = 1e16;

std::optional<Timestamp> fromSeconds(std::int64_t seconds, std::int64_t nanoseconds)
{
    std::int64_t total = 0;
    // A negative second with a positive fraction may pass through a value just below the range.
    if (seconds < 0 && nanoseconds > 0) {
        seconds += 1;
        nanoseconds -= nanosecondsPerSecond;
    }
    if (__builtin_mul_overflow(seconds, nanosecondsPerSecond, &total)
        || __builtin_add_overflow(total, nanoseconds, &total)
        || total == std::numeric_limits<std::int64_t>::min()) {
        return std::nullopt;
    }
    return Timestamp(total);
}

/// Reads fixed-width decimal fields off the front of a text.
class FieldReader {
public:
    explicit FieldReader(std::string_view text) : m_rest(text) {}

    [[nodiscard]] bool atEnd() const { return m_rest.empty(); }
    [[nodiscard]] char peek() const { return m_rest.empty() ? '\0' : m_rest.front(); }
    bool skip(char expected)
    {
        if (peek() != expected) {
            return false;
        }
        m_rest.remove_prefix(1);
        return true;
    }
    std::optional<int> digits(std::size_t count)
    {
        if (m_rest.size() < count) {
            return std::nullopt;
        }
        int value = 0;
        for (const char c : m_rest.substr(0, count)) {
            if (c < '0' || c > '9') {
                return std::nullopt;
            }
            value = value * 10 + (c - '0');
        }
        m_rest.remove_prefix(count);
        return value;
    }
    /// Decimals of a second as nanoseconds; digits past the ninth are cut.
    std::optional<std::int64_t> fraction()
    {
        std::int64_t value = 0;
        std::size_t count = 0;
        while (peek() >= '0' && peek() <= '9') {
            if (count < 9) {
                value = value * 10 + (peek() - '0');
            }
            ++count;
            m_rest.remove_prefix(1);
        }
        if (count == 0) {
            return std::nullopt;
        }
        for (; count < 9; ++count) {
            value *= 10;
        }
        return value;
    }

private:
    std::string_view m_rest;
};

struct ClockTime {
    int hour = 0;
    int minute = 0;
    int second = 0;
    std::int64_t nanoseconds = 0;
};

bool readClock(FieldReader& reader, ClockTime& clock)
{
    const auto hour = reader.digits(2);
    if (!hour || *hour > 23) {
        return false;
    }
    clock.hour = *hour;
    if (!reader.skip(':')) {
        return true;
    }
    const auto minute = reader.digits(2);
    if (!minute || *minute > 59) {
        return false;
    }
    clock.minute = *minute;
    if (!reader.skip(':')) {
        return true;
    }
    const auto second = reader.digits(2);
    if (!second || *second > 60) {
        return false;
    }
    clock.second = *second;
    if (reader.skip('.') || reader.skip(',')) {
        const auto fraction = reader.fraction();
        if (!fraction) {
            return false;
        }
        clock.nanoseconds = *fraction;
    }
    return true;
}

/// Seconds east of UTC; nothing if the text goes on with something that is no zone.
std::optional<std::int64_t> readZone(FieldReader& reader)
{
    if (reader.atEnd()) {
        return 0;
    }
    if (reader.skip('Z') || reader.skip('z')) {
        return reader.atEnd() ? std::optional<std::int64_t>(0) : std::nullopt;
    }
    const bool west = reader.peek() == '-';
    if (!reader.skip('+') && !reader.skip('-')) {
        return std::nullopt;
    }
    const auto hours = reader.digits(2);
    if (!hours || *hours > 18) {
        return std::nullopt;
    }
    int minutes = 0;
    if (!reader.atEnd()) {
        reader.skip(':');
        const auto read = reader.digits(2);
        if (!read || *read > 59 || !reader.atEnd()) {
            return std::nullopt;
        }
        minutes = *read;
    }
    const std::int64_t seconds = *hours * 3600 + minutes * 60;
    return west ? -seconds : seconds;
}

std::optional<Timestamp> fromFileTime(std::int64_t ticks)
{
    return fromSeconds(ticks / fileTimeTicksPerSecond - fileTimeEpochSeconds,
                       ticks % fileTimeTicksPerSecond * 100);
}

std::optional<Timestamp> fromNumber(std::string_view text)
{
    std::int64_t whole = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, whole);
    if (error == std::errc() && stop == end) {
        return static_cast<double>(whole) >= smallestFileTime ? fromFileTime(whole)
                                                              : timestampFromMilliseconds(whole);
    }
    double number = 0;
    const auto [stopDouble, errorDouble] = std::from_chars(text.data(), end, number);
    if (errorDouble != std::errc() || stopDouble != end) {
        return std::nullopt;
    }
    constexpr double limit = 9.2e18;
    if (number >= smallestFileTime) {
        return number < limit ? fromFileTime(static_cast<std::int64_t>(number)) : std::nullopt;
    }
    const double nanoseconds = number * 1e6;
    if (!(nanoseconds > -limit && nanoseconds < limit)) {
        return std::nullopt;
    }
    return Timestamp(static_cast<std::int64_t>(nanoseconds));
}

bool isDigits(std::string_view text)
{
    if (text.starts_with('-')) {
        text.remove_prefix(1);
    }
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

} // namespace

std::optional<Timestamp> timestampFromMilliseconds(std::int64_t milliseconds)
{
    std::int64_t nanoseconds = 0;
    if (__builtin_mul_overflow(milliseconds, nanosecondsPerMillisecond, &nanoseconds)) {
        return std::nullopt;
    }
    return Timestamp(nanoseconds);
}

std::optional<Timestamp> parseIsoTimestamp(std::string_view text)
{
    using namespace std::chrono;
    FieldReader reader(text);
    const auto readYear = reader.digits(4);
    if (!readYear) {
        return std::nullopt;
    }
    int monthNumber = 1;
    int dayNumber = 1;
    ClockTime clock;
    std::int64_t zoneSeconds = 0;
    if (reader.skip('-')) {
        const auto readMonth = reader.digits(2);
        if (!readMonth) {
            return std::nullopt;
        }
        monthNumber = *readMonth;
        if (reader.skip('-')) {
            const auto readDay = reader.digits(2);
            if (!readDay) {
                return std::nullopt;
            }
            dayNumber = *readDay;
            if (reader.skip('T') || reader.skip('t') || reader.skip(' ')) {
                if (!readClock(reader, clock)) {
                    return std::nullopt;
                }
                const auto zone = readZone(reader);
                if (!zone) {
                    return std::nullopt;
                }
                zoneSeconds = *zone;
            }
        }
    }
    const year_month_day date{year(*readYear), month(static_cast<unsigned>(monthNumber)),
                              day(static_cast<unsigned>(dayNumber))};
    if (!date.ok() || (!reader.atEnd() && reader.peek() != 'Z' && reader.peek() != 'z')) {
        return std::nullopt;
    }
    const std::int64_t days = sys_days(date).time_since_epoch().count();
    const std::int64_t seconds =
        days * 86'400 + clock.hour * 3600 + clock.minute * 60 + clock.second - zoneSeconds;
    return fromSeconds(seconds, clock.nanoseconds);
}

std::optional<Timestamp> parseEventTimestamp(std::string_view text, bool isNumber)
{
    if (isNumber) {
        return fromNumber(text);
    }
    if (text.size() != 4 && isDigits(text)) {
        return fromNumber(text);
    }
    return parseIsoTimestamp(text);
}

std::string formatIso(Timestamp time)
{
    return formatIso(time, 0);
}

std::string formatIso(Timestamp time, int offsetMinutes)
{
    using namespace std::chrono;
    std::int64_t seconds = time.nanoseconds() / nanosecondsPerSecond;
    std::int64_t fraction = time.nanoseconds() % nanosecondsPerSecond;
    if (fraction < 0) {
        fraction += nanosecondsPerSecond;
        --seconds;
    }
    seconds += std::int64_t{offsetMinutes} * 60;
    const auto day = floor<days>(sys_seconds(std::chrono::seconds(seconds)));
    const year_month_day date(day);
    const std::int64_t inDay = seconds - std::int64_t{day.time_since_epoch().count()} * 86'400;
    std::string text =
        fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    inDay / 3600, inDay / 60 % 60, inDay % 60);
    if (fraction % 1'000'000 == 0) {
        text += fmt::format("{:03}", fraction / 1'000'000);
    } else if (fraction % 1'000 == 0) {
        text += fmt::format("{:06}", fraction / 1'000);
    } else {
        text += fmt::format("{:09}", fraction);
    }
    if (offsetMinutes == 0) {
        return text + 'Z';
    }
    const int magnitude = offsetMinutes < 0 ? -offsetMinutes : offsetMinutes;
    return text
           + fmt::format("{}{:02}:{:02}", offsetMinutes < 0 ? '-' : '+', magnitude / 60,
                         magnitude % 60);
}

std::string formatDuration(std::int64_t nanoseconds)
{
    if (nanoseconds < 0) {
        // The magnitude of the smallest value does not fit; its neighbour reads the same.
        return "-"
               + formatDuration(nanoseconds == std::numeric_limits<std::int64_t>::min()
                                    ? std::numeric_limits<std::int64_t>::max()
                                    : -nanoseconds);
    }
    if (nanoseconds < 1'000) {
        return fmt::format("{} ns", nanoseconds);
    }
    if (nanoseconds < nanosecondsPerMillisecond) {
        return fmt::format("{} µs", nanoseconds / 1'000);
    }
    if (nanoseconds < nanosecondsPerSecond) {
        return fmt::format("{} ms", nanoseconds / nanosecondsPerMillisecond);
    }
    const std::int64_t seconds = nanoseconds / nanosecondsPerSecond;
    if (seconds < 60) {
        const std::int64_t tenths = nanoseconds % nanosecondsPerSecond / 100'000'000;
        return tenths == 0 ? fmt::format("{} s", seconds) : fmt::format("{}.{} s", seconds, tenths);
    }
    const auto pair = [](std::int64_t big, const char* bigUnit, std::int64_t small,
                         const char* smallUnit) {
        return small == 0 ? fmt::format("{} {}", big, bigUnit)
                          : fmt::format("{} {} {} {}", big, bigUnit, small, smallUnit);
    };
    if (seconds < 3'600) {
        return pair(seconds / 60, "min", seconds % 60, "s");
    }
    if (seconds < 86'400) {
        return pair(seconds / 3'600, "h", seconds / 60 % 60, "min");
    }
    return pair(seconds / 86'400, "d", seconds / 3'600 % 24, "h");
}

} // namespace sequela
