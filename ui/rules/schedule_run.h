#pragma once

#include "core/detect/schedule_replay.h"
#include "core/rules/rule.h"
#include "ui/rules/live_run.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

/// A rule's schedule played over the case (core/detect/schedule_replay.h), and where it is drawn.
/// No widgets: runs in a job, tested without one.
namespace sequela::ui {

/// What the analyst plays with.
struct ScheduleSwitches {
    std::int64_t runsLateNs = 0;
    /// Of events that do not say when they were ingested.
    std::int64_t eventsLateNs = 0;
    /// Counted from the first arrival; no outage while it lasts no time.
    std::int64_t outageAfterNs = 0;
    std::int64_t outageNs = 0;

    bool operator==(const ScheduleSwitches&) const = default;
};

/// A match on the time axis.
struct ScheduleMark {
    /// Of its last event; the arrival of the first event where it has none.
    std::int64_t timeNs = 0;
    detect::ReplayFate fate = detect::ReplayFate::Found;
    /// Windows that found it.
    std::uint64_t windowCount = 0;

    bool operator==(const ScheduleMark&) const = default;
};

struct ScheduleResult {
    /// What was played.
    std::string text;
    ScheduleSwitches switches;
    detect::ReplayCounts counts;
    /// "every 5m, now-9m to now, at most 100 alerts a run".
    std::string schedule;
    /// Row n of the list is mark n; its note says what became of it.
    std::vector<ScheduleMark> marks;
    std::shared_ptr<const MatchList> rows;
    /// Nothing if no event has a time.
    std::optional<detect::ArrivalRange> arrivals;
    std::int64_t intervalNs = 1;
};

/// Plays the query of @p request on the schedule of @p rule; nothing where the query does not bind.
/// Errors: as detect::replayRule.
[[nodiscard]] Result<std::optional<ScheduleResult>> replaySchedule(const LiveRequest& request,
                                                                   const rules::Rule& rule,
                                                                   const ScheduleSwitches& switches,
                                                                   const std::stop_token& stop);

/// @p byNs after a time; the end of time where there is no such moment.
[[nodiscard]] std::int64_t laterBy(std::int64_t timeNs, std::int64_t byNs);

/// Lanes of the axis, from the top.
enum class ScheduleLane : std::uint8_t { Found, Again, Cut, NoWindow, Late, Otherwise };
inline constexpr std::size_t scheduleLaneCount = 6;
[[nodiscard]] ScheduleLane laneOf(const ScheduleMark& mark);

/// The stretch of time the axis shows; ends after it begins.
struct ScheduleAxisRange {
    std::int64_t beginNs = 0;
    std::int64_t endNs = 1;

    /// Nanoseconds, at most what fits.
    [[nodiscard]] std::int64_t length() const;
    bool operator==(const ScheduleAxisRange&) const = default;
};
[[nodiscard]] ScheduleAxisRange axisRange(const ScheduleResult& result);
/// Pixel column of a time on an axis of @p width pixels; outside of it for times outside.
[[nodiscard]] int axisColumn(const ScheduleAxisRange& range, std::int64_t timeNs, int width);

/// Marks by lane and pixel column.
using ScheduleColumns = std::array<std::vector<std::uint32_t>, scheduleLaneCount>;
[[nodiscard]] ScheduleColumns scheduleColumns(const ScheduleResult& result, int width);
/// The mark of a lane nearest to a column, at most @p reach pixels away.
[[nodiscard]] std::optional<std::size_t> markNear(const ScheduleResult& result, ScheduleLane lane,
                                                  int column, int width, int reach);

} // namespace sequela::ui
