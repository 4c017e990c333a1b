#include "ui/rules/schedule_run.h"

#include "core/base/timestamp.h"
#include "core/detect/event_reader.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <utility>

namespace sequela::ui {

namespace {

/// "09:35Z", with the date where the case is longer than a day.
std::string runName(Timestamp start, bool withDate)
{
    constexpr std::size_t dateLength = 10;
    constexpr std::size_t timeLength = 5;
    const std::string iso = formatIso(start);
    const std::string time = iso.substr(dateLength + 1, timeLength) + "Z";
    return withDate ? iso.substr(0, dateLength) + " " + time : time;
}

std::string noteOf(const detect::ReplayedMatch& match, const rules::Schedule& schedule,
                   bool withDate)
{
    switch (match.fate) {
    case detect::ReplayFate::Found: {
        std::string note = "found";
        if (match.firstRun) {
            note += " by the run of " + runName(*match.firstRun, withDate);
        }
        if (match.windowCount > 1) {
            note += " and " + std::to_string(match.windowCount - 1) + " more";
        }
        return match.inWholeCase ? note : note + "; the whole case at once pairs other events";
    }
    case detect::ReplayFate::Cut:
        return "cut: a run keeps the newest " + std::to_string(schedule.maxSignals);
    case detect::ReplayFate::NoWindow:
        return "missed: no window of " + schedule.from + " to " + schedule.to + " held all of it";
    case detect::ReplayFate::Late:
        return "missed: events arrived after the run that searched for them";
    case detect::ReplayFate::Otherwise:
        break;
    }
    return "missed: the runs made other matches of its events";
}

std::string scheduleText(const rules::Schedule& schedule)
{
    return "every " + schedule.interval + ", " + schedule.from + " to " + schedule.to + ", at most "
           + std::to_string(schedule.maxSignals) + " alerts a run";
}

/// Time of the last event that has one.
Result<std::optional<std::int64_t>>
lastTime(detect::EventReader& reader, const engine::Match& match, const std::string& timestampField)
{
    std::optional<std::int64_t> latest;
    for (const std::optional<EventNumber>& event : match.events) {
        if (!event) {
            continue;
        }
        auto time = reader.time(*event, timestampField);
        if (!time) {
            return std::unexpected(std::move(time).error());
        }
        if (*time) {
            latest = std::max(latest.value_or((*time)->nanoseconds()), (*time)->nanoseconds());
        }
    }
    return latest;
}

detect::ScheduleOptions optionsOf(const ScheduleSwitches& switches,
                                  const std::optional<detect::ArrivalRange>& arrivals)
{
    detect::ScheduleOptions options;
    options.delayNs = switches.runsLateNs;
    options.ingestDelayNs = switches.eventsLateNs;
    if (switches.outageNs > 0 && arrivals) {
        const std::int64_t begin = laterBy(arrivals->first.nanoseconds(), switches.outageAfterNs);
        options.outage =
            rules::SearchWindow{Timestamp(begin), Timestamp(laterBy(begin, switches.outageNs))};
    }
    return options;
}

} // namespace

Result<std::optional<ScheduleResult>> replaySchedule(const LiveRequest& request,
                                                     const rules::Rule& rule,
                                                     const ScheduleSwitches& switches,
                                                     const std::stop_token& stop)
{
    auto query = underTest(request, stop);
    if (!query) {
        return std::unexpected(std::move(query).error());
    }
    const workspace::Snapshot& snapshot = *query->snapshot;
    const eql::BindResult bound = eql::bindQuery(request.text, *snapshot.catalog, request.bind);
    if (!bound.query) {
        return std::nullopt;
    }
    ScheduleResult result;
    result.text = request.text;
    result.switches = switches;
    result.schedule = scheduleText(rule.schedule);
    result.intervalNs = std::max<std::int64_t>(1, rule.schedule.intervalNs);
    detect::ScheduleOptions options;
    options.ingestDelayNs = switches.eventsLateNs;
    auto arrivals = detect::arrivalRange(*snapshot.events, options);
    if (!arrivals) {
        return std::unexpected(std::move(arrivals).error());
    }
    result.arrivals = *arrivals;
    options = optionsOf(switches, *arrivals);
    auto replay =
        detect::replayRule(rule, *bound.query, *snapshot.engine, query->run, options, stop);
    if (!replay) {
        return std::unexpected(std::move(replay).error());
    }
    result.counts = replay->counts;
    constexpr std::int64_t dayNs = 24 * 3600 * nanosecondsPerSecond;
    const bool withDate =
        *arrivals
        && (*arrivals)->last.nanoseconds() / dayNs != (*arrivals)->first.nanoseconds() / dayNs;
    auto rows = std::make_shared<MatchList>(slotsOf(&*bound.query));
    detect::EventReader reader(*snapshot.events);
    for (const detect::ReplayedMatch& match : replay->matches) {
        if (stop.stop_requested()) {
            return std::unexpected(cancelledError());
        }
        auto time = lastTime(reader, match.match, query->run.timestampField);
        if (!time) {
            return std::unexpected(std::move(time).error());
        }
        const std::int64_t fallback = *arrivals ? (*arrivals)->first.nanoseconds() : 0;
        result.marks.push_back({time->value_or(fallback), match.fate, match.windowCount});
        const bool isMissed = match.fate != detect::ReplayFate::Found;
        rows->add(match.match, isMissed ? MatchChange::Lost : MatchChange::None,
                  noteOf(match, rule.schedule, withDate));
    }
    result.rows = std::move(rows);
    return result;
}

std::int64_t laterBy(std::int64_t timeNs, std::int64_t byNs)
{
    std::int64_t later = 0;
    return __builtin_add_overflow(timeNs, byNs, &later) ? std::numeric_limits<std::int64_t>::max()
                                                        : later;
}

std::int64_t ScheduleAxisRange::length() const
{
    std::int64_t length = 0;
    return __builtin_sub_overflow(endNs, beginNs, &length)
               ? std::numeric_limits<std::int64_t>::max()
               : length;
}

ScheduleLane laneOf(const ScheduleMark& mark)
{
    switch (mark.fate) {
    case detect::ReplayFate::Found:
        return mark.windowCount > 1 ? ScheduleLane::Again : ScheduleLane::Found;
    case detect::ReplayFate::Cut:
        return ScheduleLane::Cut;
    case detect::ReplayFate::NoWindow:
        return ScheduleLane::NoWindow;
    case detect::ReplayFate::Late:
        return ScheduleLane::Late;
    case detect::ReplayFate::Otherwise:
        break;
    }
    return ScheduleLane::Otherwise;
}

ScheduleAxisRange axisRange(const ScheduleResult& result)
{
    if (!result.arrivals) {
        return {};
    }
    const std::int64_t begin = result.arrivals->first.nanoseconds();
    const std::int64_t end = result.arrivals->last.nanoseconds();
    // A run after the last arrival is on the axis, too.
    return {begin, laterBy(std::max(end, begin), result.intervalNs)};
}

int axisColumn(const ScheduleAxisRange& range, std::int64_t timeNs, int width)
{
    // Times may lie further apart than a signed number counts.
    const auto begin = static_cast<double>(range.beginNs);
    const double length = std::max(1.0, static_cast<double>(range.endNs) - begin);
    const double place = (static_cast<double>(timeNs) - begin) / length;
    const double column = std::clamp(place * width, -1.0, static_cast<double>(width));
    return column < 0 ? -1 : static_cast<int>(column);
}

ScheduleColumns scheduleColumns(const ScheduleResult& result, int width)
{
    ScheduleColumns columns;
    columns.fill(std::vector<std::uint32_t>(static_cast<std::size_t>(std::max(0, width))));
    const ScheduleAxisRange range = axisRange(result);
    for (const ScheduleMark& mark : result.marks) {
        const int column = axisColumn(range, mark.timeNs, width);
        if (column >= 0 && column < width) {
            ++columns.at(static_cast<std::size_t>(laneOf(mark)))[static_cast<std::size_t>(column)];
        }
    }
    return columns;
}

std::optional<std::size_t> markNear(const ScheduleResult& result, ScheduleLane lane, int column,
                                    int width, int reach)
{
    const ScheduleAxisRange range = axisRange(result);
    std::optional<std::size_t> nearest;
    int best = reach + 1;
    for (std::size_t index = 0; index < result.marks.size(); ++index) {
        const ScheduleMark& mark = result.marks[index];
        const int distance = std::abs(axisColumn(range, mark.timeNs, width) - column);
        if (laneOf(mark) == lane && distance < best) {
            best = distance;
            nearest = index;
        }
    }
    return nearest;
}

} // namespace sequela::ui
