#include "core/detect/schedule_runs.h"

#include <algorithm>
#include <limits>

namespace sequela::detect {

namespace {

std::int64_t floorTo(std::int64_t value, std::int64_t step)
{
    const std::int64_t rest = value % step;
    return value - (rest < 0 ? rest + step : rest);
}

} // namespace

Result<ScheduleRuns> ScheduleRuns::plan(const rules::Schedule& schedule,
                                        const ArrivalRange& arrivals,
                                        const ScheduleOptions& options)
{
    // Says what is wrong with the schedule, if something is.
    if (auto window = rules::windowOf(schedule, arrivals.last); !window) {
        return std::unexpected(std::move(window).error());
    }
    auto from = rules::DateMath::parse(schedule.from);
    auto to = rules::DateMath::parse(schedule.to);
    if (!from || !to) {
        return std::unexpected(!from ? from.error() : to.error());
    }
    ScheduleRuns runs(std::move(*from), std::move(*to));
    runs.m_intervalNs = schedule.intervalNs;
    const std::int64_t first = floorTo(arrivals.first.nanoseconds(), schedule.intervalNs);
    const std::int64_t lookBack = rules::lookBackNs(schedule).value_or(0);
    std::int64_t last = 0;
    if (__builtin_add_overflow(arrivals.last.nanoseconds(), lookBack, &last)
        || __builtin_add_overflow(first, options.delayNs, &runs.m_firstNs)) {
        return std::unexpected(makeError("schedule-range",
                                         "the schedule leaves the range of times (1677 to 2262)",
                                         "shorten the look-back or the delay"));
    }
    // The first run after the last arrival and the look-back is the last one. Differences of times
    // fit without their sign only.
    const auto distance = [](std::int64_t begin, std::int64_t end) {
        return static_cast<std::uint64_t>(end) - static_cast<std::uint64_t>(begin);
    };
    const auto interval = static_cast<std::uint64_t>(schedule.intervalNs);
    const std::uint64_t wanted = distance(first, last) / interval + 2;
    const std::uint64_t possible =
        distance(runs.m_firstNs, std::numeric_limits<std::int64_t>::max()) / interval + 1;
    runs.m_count = std::min(wanted, possible);
    runs.m_ranCount = runs.m_count;
    if (options.outage) {
        runs.planOutage(*options.outage);
    }
    return runs;
}

void ScheduleRuns::planOutage(const rules::SearchWindow& outage)
{
    const auto firstAtOrAfter = [this](std::int64_t timeNs) {
        if (timeNs <= m_firstNs) {
            return std::uint64_t{0};
        }
        const auto distance =
            static_cast<std::uint64_t>(timeNs) - static_cast<std::uint64_t>(m_firstNs);
        const auto interval = static_cast<std::uint64_t>(m_intervalNs);
        return std::min(m_count, (distance + interval - 1) / interval);
    };
    m_outFirst = firstAtOrAfter(outage.from.nanoseconds());
    m_outEnd = firstAtOrAfter(outage.to.nanoseconds());
    if (m_outFirst == m_outEnd) {
        return;
    }
    const std::int64_t resumeNs = outage.to.nanoseconds();
    // A run planned for the very end of the outage is the one that catches up.
    if (m_outEnd < m_count && startOf(m_outEnd) == resumeNs) {
        ++m_outEnd;
    }
    m_ranCount = m_count - (m_outEnd - m_outFirst) + 1;
    const auto window = windowAt(resumeNs);
    if (!window) {
        return;
    }
    std::uint64_t catchUps = 0;
    if (m_outFirst > 0) {
        const std::int64_t gap =
            (resumeNs - startOf(m_outFirst - 1)) - (window->toNs - window->fromNs);
        if (gap > 0) {
            catchUps =
                std::min(maxCatchUpWindows,
                         static_cast<std::uint64_t>((gap + m_intervalNs - 1) / m_intervalNs));
        }
    }
    for (std::uint64_t back = catchUps + 1; back-- > 0;) {
        const std::int64_t shift = static_cast<std::int64_t>(back) * m_intervalNs;
        m_resumed.push_back({resumeNs, window->fromNs - shift, window->toNs - shift});
    }
}

std::optional<ScheduledWindow> ScheduleRuns::windowAt(std::int64_t startNs) const
{
    const auto from = m_from.resolve(Timestamp(startNs), rules::DateRounding::Down);
    const auto to = m_to.resolve(Timestamp(startNs), rules::DateRounding::Up);
    if (!from || !to) {
        return std::nullopt;
    }
    return ScheduledWindow{startNs, from->nanoseconds(), to->nanoseconds()};
}

std::uint64_t ScheduleRuns::nextRun(std::uint64_t run) const
{
    return run >= m_outFirst && run < m_outEnd ? m_outEnd : run;
}

std::uint64_t
ScheduleRuns::firstRunWhere(const std::function<bool(const ScheduledWindow&)>& holds) const
{
    std::uint64_t low = 0;
    std::uint64_t high = m_count;
    while (low < high) {
        const std::uint64_t middle = low + (high - low) / 2;
        const auto window = windowAt(startOf(middle));
        // What leaves the range of times lies at one of its ends.
        const bool isAfter = window ? holds(*window) : startOf(middle) > 0;
        if (isAfter) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

Result<void>
ScheduleRuns::forEachShowing(std::span<const Sighting> sightings,
                             const std::function<Result<void>(const ScheduledWindow&)>& visit) const
{
    std::vector<std::pair<std::uint64_t, std::uint64_t>> stretches;
    for (const Sighting& sighting : sightings) {
        const std::uint64_t first = firstRunWhere([&](const ScheduledWindow& window) {
            return window.startNs >= sighting.arrivalNs && window.toNs >= sighting.windowNs;
        });
        const std::uint64_t end = firstRunWhere(
            [&](const ScheduledWindow& window) { return window.fromNs > sighting.windowNs; });
        if (first < end) {
            stretches.emplace_back(first, end);
        }
    }
    std::ranges::sort(stretches);
    bool hasResumed = m_resumed.empty();
    const auto resumeBefore = [&](std::int64_t startNs) -> Result<void> {
        if (!hasResumed && m_resumed.front().startNs <= startNs) {
            hasResumed = true;
            for (const ScheduledWindow& window : m_resumed) {
                SEQUELA_TRY(visit(window));
            }
        }
        return {};
    };
    std::uint64_t next = 0;
    for (const auto& [first, end] : stretches) {
        for (std::uint64_t run = nextRun(std::max(first, next)); run < end;
             run = nextRun(run + 1)) {
            SEQUELA_TRY(resumeBefore(startOf(run)));
            if (const auto window = windowAt(startOf(run))) {
                SEQUELA_TRY(visit(*window));
            }
        }
        next = std::max(next, end);
    }
    return resumeBefore(std::numeric_limits<std::int64_t>::max());
}

bool ScheduleRuns::hasWindowOver(std::int64_t earliestNs, std::int64_t latestNs,
                                 std::optional<std::int64_t> arrivalNs) const
{
    const auto covers = [&](const ScheduledWindow& window) {
        return window.fromNs <= earliestNs && window.toNs >= latestNs
               && (!arrivalNs || window.startNs >= *arrivalNs);
    };
    if (std::ranges::any_of(m_resumed, covers)) {
        return true;
    }
    // Of the runs that are late enough the first reaches back the furthest.
    const std::uint64_t run = nextRun(firstRunWhere([&](const ScheduledWindow& window) {
        return window.toNs >= latestNs && (!arrivalNs || window.startNs >= *arrivalNs);
    }));
    if (run >= m_count) {
        return false;
    }
    const auto window = windowAt(startOf(run));
    return window && covers(*window);
}

} // namespace sequela::detect
