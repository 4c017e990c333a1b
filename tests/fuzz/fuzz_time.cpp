#include "core/base/timestamp.h"
#include "core/rules/schedule.h"
#include "tests/fuzz/fuzz_check.h"

#include <string_view>

using namespace sequela;
using namespace sequela::fuzz;

namespace {

/// Rounding up never lies before rounding down, and both are the same without a rounding step.
/// Steps of the calendar are left out: a month before the 31st at 23:00 and a month before the 30th
/// at 23:30 are the 30th at 23:00 and at 23:30.
void checkDateMath(std::string_view text)
{
    const auto math = rules::DateMath::parse(text);
    if (!math) {
        const Diagnostic& error = math.error();
        check(!error.span || error.span->begin <= text.size());
        check(!formatDiagnostic(error).empty());
        return;
    }
    check(math->text() == text);
    const bool hasCalendarSteps = text.find_first_of("My") != std::string_view::npos;
    for (const Timestamp now : {Timestamp(0), Timestamp(1'704'067'199'999'999'999)}) {
        const auto down = math->resolve(now, rules::DateRounding::Down);
        const auto up = math->resolve(now, rules::DateRounding::Up);
        check(!down || !up || hasCalendarSteps || *down <= *up);
        check(!down || !up || text.contains('/') || *down == *up);
        check(math->isRelative()
              || down
                     == math->resolve(Timestamp(now.nanoseconds() + 1), rules::DateRounding::Down));
    }
}

/// What is written of a time is read as that time.
void checkTimes(std::string_view text)
{
    for (const auto& time : {parseIsoTimestamp(text), parseEventTimestamp(text, false),
                             parseEventTimestamp(text, true)}) {
        if (time) {
            check(parseIsoTimestamp(formatIso(*time)) == time);
        }
    }
}

} // namespace

/// Any bytes as a time of an event, as date math and as the window of a schedule.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    checkTimes(text);
    checkDateMath(text);
    if (const auto interval = rules::parseInterval(text)) {
        check(*interval > 0);
    }
    rules::Schedule schedule;
    schedule.from = text;
    if (const auto window = rules::windowOf(schedule, Timestamp(1'704'067'200'000'000'000))) {
        check(window->from <= window->to);
    }
    return 0;
}
