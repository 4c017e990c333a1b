#include "core/casefile/time_text.h"

#include "core/base/timestamp.h"

#include <array>
#include <chrono>

namespace sequela::casefile {

namespace {

constexpr std::size_t wholeSecondLength = 20; // 2024-05-06T07:08:09Z
constexpr std::size_t pointPosition = 19;
constexpr std::uint8_t mostDecimals = 9;

void writeDigits(char* target, std::uint64_t value, std::size_t count)
{
    while (count > 0) {
        --count;
        target[count] = static_cast<char>('0' + value % 10);
        value /= 10;
    }
}

} // namespace

std::optional<TimeText> readTimeText(std::string_view text)
{
    if (text.size() < wholeSecondLength || text.size() > wholeSecondLength + 1 + mostDecimals
        || text.back() != 'Z' || text[10] != 'T') {
        return std::nullopt;
    }
    const auto time = parseIsoTimestamp(text);
    if (!time) {
        return std::nullopt;
    }
    TimeText result{time->nanoseconds(), 0};
    if (text[pointPosition] == '.') {
        result.decimals = static_cast<std::uint8_t>(text.size() - wholeSecondLength - 1);
        if (result.decimals == 0) {
            return std::nullopt;
        }
    }
    std::string again;
    writeTimeText(result, again);
    return again == text ? std::optional(result) : std::nullopt;
}

void writeTimeText(TimeText time, std::string& text)
{
    using namespace std::chrono;
    // In whole seconds: midnight of the first day that nanoseconds reach lies before all of them.
    std::int64_t wholeSeconds = time.nanoseconds / nanosecondsPerSecond;
    std::int64_t fraction = time.nanoseconds % nanosecondsPerSecond;
    if (fraction < 0) {
        fraction += nanosecondsPerSecond;
        --wholeSeconds;
    }
    const sys_seconds moment{seconds(wholeSeconds)};
    const auto day = floor<days>(moment);
    const year_month_day date(day);
    const auto second = static_cast<std::uint64_t>((moment - day).count());
    std::array<char, wholeSecondLength + 1 + mostDecimals> buffer{};
    writeDigits(buffer.data(), static_cast<std::uint64_t>(static_cast<int>(date.year())), 4);
    buffer[4] = '-';
    writeDigits(&buffer[5], static_cast<unsigned>(date.month()), 2);
    buffer[7] = '-';
    writeDigits(&buffer[8], static_cast<unsigned>(date.day()), 2);
    buffer[10] = 'T';
    writeDigits(&buffer[11], second / 3600, 2);
    buffer[13] = ':';
    writeDigits(&buffer[14], second / 60 % 60, 2);
    buffer[16] = ':';
    writeDigits(&buffer[17], second % 60, 2);
    std::size_t length = pointPosition;
    if (time.decimals > 0) {
        for (unsigned digits = mostDecimals; digits > time.decimals; --digits) {
            fraction /= 10;
        }
        buffer[length] = '.';
        writeDigits(&buffer[length + 1], static_cast<std::uint64_t>(fraction), time.decimals);
        length += 1U + time.decimals;
    }
    buffer[length] = 'Z';
    text.append(buffer.data(), length + 1);
}

} // namespace sequela::casefile
