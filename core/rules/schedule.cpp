#include "core/rules/schedule.h"

#include "core/base/text.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <limits>

namespace sequela::rules {

namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr std::int64_t millisecondsPerDay = 86'400'000;

[[nodiscard]] std::optional<DateUnit> unitOf(char c)
{
    switch (c) {
    case 's':
        return DateUnit::Second;
    case 'm':
        return DateUnit::Minute;
    case 'h':
    case 'H':
        return DateUnit::Hour;
    case 'd':
        return DateUnit::Day;
    case 'w':
        return DateUnit::Week;
    case 'M':
        return DateUnit::Month;
    case 'y':
        return DateUnit::Year;
    default:
        return std::nullopt;
    }
}

/// Length of a unit that has one; months and years have none.
[[nodiscard]] std::optional<std::int64_t> fixedMilliseconds(DateUnit unit)
{
    switch (unit) {
    case DateUnit::Second:
        return 1'000;
    case DateUnit::Minute:
        return 60'000;
    case DateUnit::Hour:
        return 3'600'000;
    case DateUnit::Day:
        return millisecondsPerDay;
    case DateUnit::Week:
        return 7 * millisecondsPerDay;
    case DateUnit::Month:
    case DateUnit::Year:
        return std::nullopt;
    }
    return std::nullopt;
}

[[nodiscard]] std::int64_t floorDivide(std::int64_t value, std::int64_t by)
{
    const std::int64_t quotient = value / by;
    return value % by < 0 ? quotient - 1 : quotient;
}

/// @p dayMs is the first millisecond of a day.
[[nodiscard]] std::chrono::year_month_day dateOf(std::int64_t dayMs)
{
    return sys_days(days(dayMs / millisecondsPerDay));
}

[[nodiscard]] std::int64_t millisecondsOf(std::chrono::year_month_day date)
{
    return std::int64_t{sys_days(date).time_since_epoch().count()} * millisecondsPerDay;
}

/// Calendar arithmetic as java.time does it: 31 January + 1M is the last day of February.
[[nodiscard]] std::optional<std::int64_t> addMonths(std::int64_t ms, std::int64_t months)
{
    // Times span less than 600 years; more months than that leave the range in any case.
    constexpr std::int64_t maxMonths = 12'000;
    if (months < -maxMonths || months > maxMonths) {
        return std::nullopt;
    }
    const std::int64_t day = floorDivide(ms, millisecondsPerDay) * millisecondsPerDay;
    std::chrono::year_month_day date = dateOf(day);
    date += std::chrono::months(static_cast<int>(months));
    if (!date.ok()) {
        date = date.year() / date.month() / std::chrono::last;
    }
    return millisecondsOf(date) + (ms - day);
}

[[nodiscard]] std::optional<std::int64_t> addUnits(std::int64_t ms, DateUnit unit,
                                                   std::int64_t amount)
{
    const auto length = fixedMilliseconds(unit);
    if (!length) {
        std::int64_t months = amount;
        if (unit == DateUnit::Year && __builtin_mul_overflow(amount, 12, &months)) {
            return std::nullopt;
        }
        return addMonths(ms, months);
    }
    std::int64_t delta = 0;
    std::int64_t sum = 0;
    if (__builtin_mul_overflow(amount, *length, &delta)
        || __builtin_add_overflow(ms, delta, &sum)) {
        return std::nullopt;
    }
    return sum;
}

[[nodiscard]] std::int64_t floorToUnit(std::int64_t ms, DateUnit unit)
{
    const std::int64_t day = floorDivide(ms, millisecondsPerDay) * millisecondsPerDay;
    switch (unit) {
    case DateUnit::Week: {
        const auto isoDay = std::chrono::weekday(sys_days(dateOf(day))).iso_encoding();
        return day - (std::int64_t{isoDay} - 1) * millisecondsPerDay;
    }
    case DateUnit::Month:
        return millisecondsOf(dateOf(day).year() / dateOf(day).month() / 1);
    case DateUnit::Year:
        return millisecondsOf(dateOf(day).year() / std::chrono::January / 1);
    case DateUnit::Second:
    case DateUnit::Minute:
    case DateUnit::Hour:
    case DateUnit::Day:
        break;
    }
    const std::int64_t length = fixedMilliseconds(unit).value_or(1);
    return floorDivide(ms, length) * length;
}

[[nodiscard]] std::optional<std::int64_t> roundTo(std::int64_t ms, DateUnit unit,
                                                  DateRounding rounding)
{
    const std::int64_t floor = floorToUnit(ms, unit);
    if (rounding == DateRounding::Down) {
        return floor;
    }
    const auto next = addUnits(floor, unit, 1);
    return next ? std::optional(*next - 1) : std::nullopt;
}

[[nodiscard]] Diagnostic dateMathError(std::string_view text, std::size_t offset,
                                       std::string_view wanted)
{
    Diagnostic diagnostic = makeError(
        "rule-date-math",
        fmt::format("\"{}\" is not a date expression: {} expected at character {}",
                    visibleText(text), wanted, countCodePoints(text.substr(0, offset)) + 1),
        "Write it as now-9m, now-1h/h or 2024-01-01||+1d; units are y M w d h H m s");
    diagnostic.span = SourceSpan{offset, text.size()};
    return diagnostic;
}

} // namespace

Result<DateMath> DateMath::parse(std::string_view text)
{
    DateMath math;
    math.m_text = text;
    std::size_t offset = 0;
    if (text.starts_with("now")) {
        offset = 3;
    } else {
        const std::size_t bars = text.find("||");
        math.m_anchor = parseIsoTimestamp(text.substr(0, bars));
        if (!math.m_anchor) {
            return std::unexpected(dateMathError(text, 0, "now or a date"));
        }
        offset = bars == std::string_view::npos ? text.size() : bars + 2;
    }
    while (offset < text.size()) {
        const char op = text[offset];
        if (op != '+' && op != '-' && op != '/') {
            return std::unexpected(dateMathError(text, offset, "+, - or /"));
        }
        ++offset;
        Step step;
        step.isRounding = op == '/';
        step.amount = 1;
        if (const std::size_t digits = text.find_first_not_of("0123456789", offset);
            digits != offset && offset < text.size() && !step.isRounding) {
            const char* end = text.data() + std::min(digits, text.size());
            const auto parsed = std::from_chars(text.data() + offset, end, step.amount);
            if (parsed.ec != std::errc{}) {
                return std::unexpected(dateMathError(text, offset, "a number of 64 bits"));
            }
            offset = static_cast<std::size_t>(end - text.data());
        }
        const auto unit = offset < text.size() ? unitOf(text[offset]) : std::nullopt;
        if (!unit) {
            return std::unexpected(dateMathError(text, offset, "a unit"));
        }
        step.unit = *unit;
        step.amount = op == '-' ? -step.amount : step.amount;
        math.m_steps.push_back(step);
        ++offset;
    }
    return math;
}

std::optional<Timestamp> DateMath::resolve(Timestamp now, DateRounding rounding) const
{
    const Timestamp start = m_anchor.value_or(now);
    if (m_steps.empty()) {
        return start;
    }
    // Elasticsearch reckons in whole milliseconds.
    std::optional<std::int64_t> ms = start.milliseconds();
    for (const Step& step : m_steps) {
        ms = step.isRounding ? roundTo(*ms, step.unit, rounding)
                             : addUnits(*ms, step.unit, step.amount);
        if (!ms || !timestampFromMilliseconds(*ms)) {
            return std::nullopt;
        }
    }
    return timestampFromMilliseconds(*ms);
}

Result<std::int64_t> parseInterval(std::string_view text)
{
    std::int64_t number = 0;
    const char* begin = text.data();
    const char* end = begin + text.size();
    const auto parsed = std::from_chars(begin, end, number);
    const bool hasUnit = parsed.ec == std::errc{} && parsed.ptr + 1 == end
                         && std::string_view("smhd").contains(*parsed.ptr);
    const auto unit = hasUnit ? unitOf(*parsed.ptr) : std::nullopt;
    const std::int64_t unitMs = unit ? fixedMilliseconds(*unit).value_or(0) : 0;
    std::int64_t ns = 0;
    if (unitMs == 0 || number <= 0
        || __builtin_mul_overflow(number, unitMs * nanosecondsPerMillisecond, &ns)) {
        return std::unexpected(
            makeError("rule-interval", fmt::format("\"{}\" is not an interval", visibleText(text)),
                      "Write a positive whole number and one of s, m, h, d: 5m"));
    }
    return ns;
}

Result<SearchWindow> windowOf(const Schedule& schedule, Timestamp start)
{
    const auto from = DateMath::parse(schedule.from);
    if (!from) {
        return std::unexpected(from.error());
    }
    const auto to = DateMath::parse(schedule.to);
    if (!to) {
        return std::unexpected(to.error());
    }
    const auto begin = from->resolve(start, DateRounding::Down);
    const auto end = to->resolve(start, DateRounding::Up);
    if (!begin || !end) {
        return std::unexpected(
            makeError("rule-date-math",
                      fmt::format("{} to {} leaves the range of times (1677 to 2262)",
                                  visibleText(schedule.from), visibleText(schedule.to)),
                      "Use a shorter span"));
    }
    if (*end < *begin) {
        return std::unexpected(
            makeError("rule-window",
                      fmt::format("The search window ends ({}) before it begins ({})",
                                  visibleText(schedule.to), visibleText(schedule.from)),
                      "Make from earlier than to"));
    }
    return SearchWindow{*begin, *end};
}

std::optional<std::int64_t> lookBackNs(const Schedule& schedule)
{
    const auto from = DateMath::parse(schedule.from);
    const auto to = DateMath::parse(schedule.to);
    if (!from || !to || !from->isRelative() || !to->isRelative()) {
        return std::nullopt;
    }
    // Any start will do; rounding makes the length depend on it by less than a unit.
    const auto window = windowOf(schedule, Timestamp(1'704'067'200 * nanosecondsPerSecond));
    if (!window) {
        return std::nullopt;
    }
    return window->to.nanoseconds() - window->from.nanoseconds();
}

} // namespace sequela::rules
