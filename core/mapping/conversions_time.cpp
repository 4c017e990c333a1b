#include "core/base/timestamp.h"
#include "core/mapping/conversions.h"

#include <charconv>
#include <cstdlib>

namespace sequela::mapping {

using schema::ValueKind;

namespace {

std::optional<Timestamp> timeOf(std::string_view text, ValueKind kind)
{
    return parseEventTimestamp(text, kind == ValueKind::Number);
}

} // namespace

bool ConversionRun::time(const Value& value)
{
    const auto parsed = timeOf(value.text, value.kind);
    if (!parsed) {
        return false;
    }
    return putMade(m_field.target, formatIso(*parsed), ValueKind::String, Origin::Renamed);
}

/// Sysmon for Linux writes the UtcTime of some starts minutes off.
bool ConversionRun::sysmonTime(const Value& value)
{
    constexpr std::int64_t most = 60 * nanosecondsPerSecond;
    if (!isWindows()) {
        const auto own = timeOf(value.text, value.kind);
        const std::uint32_t index = m_values.first(part(0));
        if (index != EventValues::none) {
            const auto logged = timeOf(m_values.at(index).text, m_values.at(index).kind);
            if (own && logged && std::llabs(own->nanoseconds() - logged->nanoseconds()) > most) {
                putMade(m_field.target, formatIso(*logged), ValueKind::String, Origin::Derived);
                return false;
            }
        }
    }
    return time(value);
}

/// EventTime is local; the same clock wrote EventReceivedTime, which UTC @timestamp goes with.
bool ConversionRun::localTime(const Value& value)
{
    constexpr std::int64_t quarterHour = 15 * 60 * nanosecondsPerSecond;
    constexpr std::int64_t mostDelay = 5 * 60 * nanosecondsPerSecond;
    const auto local = timeOf(value.text, value.kind);
    const auto received = timeOf(m_values.text(part(0)), ValueKind::String);
    const auto utc = timeOf(m_values.text(part(1)), ValueKind::String);
    if (!local || !received || !utc) {
        return false;
    }
    const std::int64_t apart = utc->nanoseconds() - received->nanoseconds();
    const std::int64_t half = apart < 0 ? -quarterHour / 2 : quarterHour / 2;
    const std::int64_t zone = (apart + half) / quarterHour * quarterHour;
    if (std::llabs(apart - zone) > mostDelay) {
        return false;
    }
    return putMade(m_field.target, formatIso(Timestamp(local->nanoseconds() + zone)),
                   ValueKind::String, Origin::Derived);
}

bool ConversionRun::epochTime(const Value& value)
{
    std::int64_t seconds = 0;
    std::int64_t milliseconds = 0;
    std::int64_t decimals = 0;
    const auto read = [](std::string_view text, std::int64_t& number) {
        return !text.empty()
               && std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc();
    };
    if (!read(value.text, seconds)) {
        return false;
    }
    const std::size_t dot = value.text.find('.');
    if (dot != std::string_view::npos) {
        constexpr std::size_t digits = 9;
        std::string nano(value.text.substr(dot + 1, digits));
        nano.resize(digits, '0');
        if (!read(nano, decimals) || decimals < 0) {
            return false;
        }
    }
    const std::string_view fraction = m_values.text(part(0));
    if (!fraction.empty() && !read(fraction, milliseconds)) {
        return false;
    }
    constexpr std::int64_t latest = 9'000'000'000;
    constexpr std::int64_t most = 1'000;
    if (seconds < 0 || seconds > latest || milliseconds < 0 || milliseconds >= most) {
        return false;
    }
    return putMade(m_field.target,
                   formatIso(Timestamp(seconds * nanosecondsPerSecond
                                       + milliseconds * nanosecondsPerMillisecond + decimals)),
                   ValueKind::String, Origin::Derived);
}

} // namespace sequela::mapping
