#pragma once

#include "core/base/diagnostic.h"
#include "core/detect/schedule_replay.h"
#include "core/rules/schedule.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace sequela::detect {

/// One search of one run, both ends included.
struct ScheduledWindow {
    std::int64_t startNs = 0;
    std::int64_t fromNs = 0;
    std::int64_t toNs = 0;
};

/// The runs of a schedule over a stretch of time. Runs are numbered, none is kept: asking for one
/// costs the same whether there are ten or ten million.
class ScheduleRuns {
public:
    /// Windows that a run adds after a gap at most.
    static constexpr std::uint64_t maxCatchUpWindows = 4;

    /// From the first arrival, rounded down to the interval, to the first run after the last
    /// arrival and the look-back. Errors: date math that does not resolve.
    [[nodiscard]] static Result<ScheduleRuns> plan(const rules::Schedule& schedule,
                                                   const ArrivalRange& arrivals,
                                                   const ScheduleOptions& options);

    /// An event: the time windows are compared with, and when it arrived.
    struct Sighting {
        std::int64_t windowNs = 0;
        std::int64_t arrivalNs = 0;
    };
    /// Calls @p visit for each window that shows one of the events, in order of the runs' starts;
    /// ends with the first error.
    [[nodiscard]] Result<void>
    forEachShowing(std::span<const Sighting> sightings,
                   const std::function<Result<void>(const ScheduledWindow&)>& visit) const;

    /// Whether some window reaches over [earliest, latest] and starts at @p arrivalNs or later.
    [[nodiscard]] bool hasWindowOver(std::int64_t earliestNs, std::int64_t latestNs,
                                     std::optional<std::int64_t> arrivalNs) const;

    [[nodiscard]] std::uint64_t runCount() const { return m_ranCount; }
    [[nodiscard]] std::uint64_t catchUpCount() const
    {
        return m_resumed.empty() ? 0 : m_resumed.size() - 1;
    }

private:
    ScheduleRuns(rules::DateMath from, rules::DateMath to)
        : m_from(std::move(from)), m_to(std::move(to))
    {
    }
    void planOutage(const rules::SearchWindow& outage);
    [[nodiscard]] std::int64_t startOf(std::uint64_t run) const
    {
        return m_firstNs + static_cast<std::int64_t>(run) * m_intervalNs;
    }
    [[nodiscard]] std::optional<ScheduledWindow> windowAt(std::int64_t startNs) const;
    /// First run from @p run on that takes place; m_count if there is none.
    [[nodiscard]] std::uint64_t nextRun(std::uint64_t run) const;
    /// First run for whose window @p holds, which stays true once it is.
    [[nodiscard]] std::uint64_t
    firstRunWhere(const std::function<bool(const ScheduledWindow&)>& holds) const;

    rules::DateMath m_from;
    rules::DateMath m_to;
    std::int64_t m_firstNs = 0;
    std::int64_t m_intervalNs = 1;
    std::uint64_t m_count = 0;
    std::uint64_t m_ranCount = 0;
    /// Runs that an outage swallowed: [first, end).
    std::uint64_t m_outFirst = 0;
    std::uint64_t m_outEnd = 0;
    /// Windows of the run after the outage, oldest first.
    std::vector<ScheduledWindow> m_resumed;
};

} // namespace sequela::detect
