#include "core/eql/date_constant.h"

#include "core/base/text.h"
#include "core/eql/number_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>

namespace sequela::eql {

namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::months;
using std::chrono::sys_days;
using std::chrono::sys_time;
using Moment = sys_time<milliseconds>;

constexpr std::int64_t millisecondsPerSecond = 1000;
constexpr std::int64_t millisecondsPerMinute = 60 * millisecondsPerSecond;
constexpr std::int64_t millisecondsPerHour = 60 * millisecondsPerMinute;
constexpr std::int64_t millisecondsPerDay = 24 * millisecondsPerHour;
/// More than any date needs; keeps the arithmetic below far from overflow.
constexpr std::int64_t largestAmount = 10'000'000'000;

std::unexpected<std::string> failure(std::string_view text)
{
    return std::unexpected(fmt::format("failed to parse date [{}]", visibleText(text)));
}

/// Length of the span of time that the precision of an ISO text leaves open.
std::int64_t openMilliseconds(std::string_view text)
{
    const std::size_t separator = text.find_first_of("T ");
    if (separator == std::string_view::npos || separator + 1 >= text.size()) {
        return millisecondsPerDay;
    }
    const std::string_view time = text.substr(separator + 1);
    const std::string_view clock = time.substr(0, time.find_first_of("Zz+-"));
    if (clock.find_first_of(".,") != std::string_view::npos) {
        return 1;
    }
    switch (std::ranges::count(clock, ':')) {
    case 0:
        return clock.size() > 4 ? millisecondsPerSecond
                                : (clock.size() > 2 ? millisecondsPerMinute : millisecondsPerHour);
    case 1:
        return millisecondsPerMinute;
    default:
        return millisecondsPerSecond;
    }
}

std::optional<DateRange> rangeOf(Moment first, Moment last)
{
    const auto begin = timestampFromMilliseconds(first.time_since_epoch().count());
    const auto end = timestampFromMilliseconds(last.time_since_epoch().count());
    if (!begin || !end) {
        return std::nullopt;
    }
    return DateRange{*begin, *end};
}

std::optional<DateRange> parsePlain(std::string_view text)
{
    const bool isDigits =
        !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
    const bool isNumber =
        (isDigits && text.size() != 4) || (text.starts_with('-') && parseInteger(text).has_value());
    if (isNumber) {
        const auto time = parseEventTimestamp(text, true);
        return time ? std::optional(DateRange{*time, *time}) : std::nullopt;
    }
    const auto time = parseIsoTimestamp(text);
    if (!time) {
        return std::nullopt;
    }
    const Moment first{milliseconds(time->milliseconds())};
    return rangeOf(first, first + milliseconds(openMilliseconds(text) - 1));
}

Moment addMonths(Moment moment, std::int64_t count)
{
    const sys_days day = std::chrono::floor<days>(moment);
    auto date = std::chrono::year_month_day(day) + months(count);
    if (!date.ok()) {
        date = date.year() / date.month() / std::chrono::last;
    }
    return sys_days(date) + (moment - day);
}

std::optional<Moment> add(Moment moment, std::int64_t amount, char unit)
{
    if (amount > largestAmount || amount < -largestAmount) {
        return std::nullopt;
    }
    const auto within = [](std::int64_t number, std::int64_t bound) {
        return number <= bound && number >= -bound;
    };
    switch (unit) {
    case 'y':
    case 'M':
        if (!within(amount, 12'000)) {
            return std::nullopt;
        }
        return addMonths(moment, unit == 'y' ? amount * 12 : amount);
    case 'w':
    case 'd':
        if (!within(amount, 1'000'000)) {
            return std::nullopt;
        }
        return moment + milliseconds(amount * millisecondsPerDay * (unit == 'w' ? 7 : 1));
    case 'h':
    case 'H':
        if (!within(amount, 100'000'000)) {
            return std::nullopt;
        }
        return moment + milliseconds(amount * millisecondsPerHour);
    case 'm':
        return moment + milliseconds(amount * millisecondsPerMinute);
    case 's':
        return moment + milliseconds(amount * millisecondsPerSecond);
    default:
        return std::nullopt;
    }
}

/// Start of the unit that holds the moment.
std::optional<Moment> roundDown(Moment moment, char unit)
{
    const sys_days day = std::chrono::floor<days>(moment);
    const std::chrono::year_month_day date(day);
    switch (unit) {
    case 'y':
        return Moment(sys_days(date.year() / 1 / 1));
    case 'M':
        return Moment(sys_days(date.year() / date.month() / 1));
    case 'w':
        return Moment(day - (std::chrono::weekday(day) - std::chrono::Monday));
    case 'd':
        return Moment(day);
    case 'h':
    case 'H':
        return std::chrono::floor<std::chrono::hours>(moment);
    case 'm':
        return std::chrono::floor<std::chrono::minutes>(moment);
    case 's':
        return std::chrono::floor<std::chrono::seconds>(moment);
    default:
        return std::nullopt;
    }
}

/// Applies `+1d-2h/d` to both ends.
std::optional<DateRange> applyMath(DateRange start, std::string_view math)
{
    std::optional<Moment> first = Moment(milliseconds(start.first.milliseconds()));
    std::optional<Moment> last = Moment(milliseconds(start.last.milliseconds()));
    std::size_t offset = 0;
    while (offset < math.size()) {
        const char operation = math[offset++];
        std::size_t digitsEnd = math.find_first_not_of("0123456789", offset);
        if (digitsEnd == std::string_view::npos) {
            return std::nullopt;
        }
        const auto amount = digitsEnd == offset
                                ? std::optional<std::int64_t>(1)
                                : parseInteger(math.substr(offset, digitsEnd - offset));
        const char unit = math[digitsEnd];
        if (!amount || (operation == '/' && digitsEnd != offset)) {
            return std::nullopt;
        }
        offset = digitsEnd + 1;
        if (operation == '/') {
            first = roundDown(*first, unit);
            last = roundDown(*last, unit);
            last = last ? add(*last, 1, unit) : last;
            last = last ? std::optional(*last - milliseconds(1)) : last;
        } else if (operation == '+' || operation == '-') {
            const std::int64_t signedAmount = operation == '+' ? *amount : -*amount;
            first = add(*first, signedAmount, unit);
            last = add(*last, signedAmount, unit);
        } else {
            return std::nullopt;
        }
        if (!first || !last || !rangeOf(*first, *last)) {
            return std::nullopt;
        }
    }
    return rangeOf(*first, *last);
}

} // namespace

std::expected<DateRange, std::string> parseDateConstant(std::string_view text, Timestamp now)
{
    std::optional<DateRange> range;
    if (text.starts_with("now")) {
        range = applyMath(DateRange{now, now}, text.substr(3));
    } else {
        const std::size_t bars = text.find("||");
        range = parsePlain(text.substr(0, bars));
        if (range && bars != std::string_view::npos) {
            // Only a rounding in the math leaves a span open, not the precision of the anchor.
            range = applyMath(DateRange{range->first, range->first}, text.substr(bars + 2));
        }
    }
    if (!range) {
        return failure(text);
    }
    return *range;
}

} // namespace sequela::eql
