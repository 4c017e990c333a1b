#include "core/views/case_drawings.h"
#include "core/views/drawing_look.h"
#include "core/views/lane_raster.h"
#include "core/views/svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace sequela::views {

namespace {

constexpr double axisX = 250;
constexpr int axisWidth = 700;
constexpr double headHeight = 22;
constexpr double laneHeight = 30;
constexpr double barHeight = 10;

std::string_view colorOf(FlowStyle style)
{
    switch (style) {
    case FlowStyle::Lookup:
        return "#0d7f73";
    case FlowStyle::Private:
        return "#1f6feb";
    case FlowStyle::Public:
        return "#8250df";
    case FlowStyle::None:
    case FlowStyle::Special:
    case FlowStyle::Low:
    case FlowStyle::Medium:
    case FlowStyle::High:
    case FlowStyle::Critical:
        break;
    }
    return "#8a94a6";
}

std::string destinationText(const Destination& destination)
{
    if (destination.isName) {
        return destination.domain;
    }
    std::string text = destination.address;
    if (!destination.port.empty()) {
        text += ":" + destination.port;
    }
    return destination.domain.empty() ? text : fmt::format("{} ({})", text, destination.domain);
}

/// The alert's moments with as much around them as they span, at least a minute, at most an hour.
TimeRange rangeAround(std::span<const std::int64_t> momentsNs)
{
    constexpr std::int64_t leastNs = 60 * nanosecondsPerSecond;
    constexpr std::int64_t mostNs = 3'600 * nanosecondsPerSecond;
    const auto [first, last] = std::ranges::minmax(momentsNs);
    const std::int64_t margin = std::clamp(last - first, leastNs, mostNs);
    return {first - margin, last + margin};
}

class TimelineDrawing {
public:
    TimelineDrawing(const NetworkTimeline& timeline, const DrawingSubject& subject, TimeRange range,
                    std::vector<Lane> lanes)
        : m_timeline(timeline),
          m_subject(subject),
          m_lanes(std::move(lanes)),
          m_drawn(std::min(m_lanes.size(), maxDrawnLanes)),
          m_height(headHeight + laneHeight * static_cast<double>(m_drawn)
                   + (m_lanes.size() > m_drawn ? headHeight : 4)),
          m_svg(drawingWidth, m_height, "Network activity around the alert")
    {
        m_axis.setWidth(axisWidth);
        m_axis.setBounds(range);
    }

    std::string draw()
    {
        drawAxis();
        for (std::size_t lane = 0; lane < m_drawn; ++lane) {
            drawLane(m_lanes[lane], headHeight + laneHeight * static_cast<double>(lane));
        }
        for (const std::int64_t moment : m_subject.momentsNs) {
            const double x = axisX + m_axis.xOf(moment);
            m_svg.line(x, headHeight - 6, x, m_height - 2, m_subject.color, true);
        }
        if (m_lanes.size() > m_drawn) {
            m_svg.text(0, m_height - 6, axisX,
                       fmt::format("… {} more processes", m_lanes.size() - m_drawn),
                       {.fill = soft});
        }
        return m_svg.finish();
    }

private:
    void drawAxis()
    {
        constexpr int ticks = 5;
        constexpr std::size_t dateLength = 11;
        constexpr std::size_t timeLength = 8;
        constexpr double labelWidth = 80;
        m_svg.text(0, 13, axisX - 10, "Process, destinations", {.fill = soft});
        for (int tick = 0; tick < ticks; ++tick) {
            const double x = axisX + axisWidth * tick / static_cast<double>(ticks - 1);
            const std::int64_t time = m_axis.timeAt(x - axisX);
            m_svg.line(x, headHeight - 4, x, m_height - 2, rule);
            const TextAnchor anchor = tick == 0           ? TextAnchor::Start
                                      : tick == ticks - 1 ? TextAnchor::End
                                                          : TextAnchor::Middle;
            m_svg.text(
                x, 13, labelWidth,
                formatIso(Timestamp(time), m_subject.offsetMinutes).substr(dateLength, timeLength),
                {.size = 11, .fill = soft, .anchor = anchor});
        }
        m_svg.line(0, headHeight - 4, drawingWidth, headHeight - 4, rule);
    }

    void drawLane(const Lane& lane, double top)
    {
        constexpr double titleBaseline = 12;
        constexpr double destinationBaseline = 25;
        constexpr double smallText = 10.5;
        const std::string destinations = destinationsOf(lane);
        m_svg.beginGroup(destinations);
        m_svg.text(0, top + titleBaseline, axisX - 10, lane.label, {.fill = ink, .strong = true});
        m_svg.text(0, top + destinationBaseline, axisX - 10, destinations,
                   {.size = smallText, .fill = soft});
        const auto style = [this](std::uint32_t index) {
            const Flow& flow = m_timeline.flows()[index];
            return flowStyle(flow, m_timeline.destinations()[flow.destination]);
        };
        const std::int64_t longest = longestFlowNs(m_timeline.flows(), lane.flows);
        for (const LaneRun& run : rasterizeLane(m_timeline.flows(), lane.flows, longest, m_axis,
                                                minimumMarkWidth, style)) {
            m_svg.rectangle(axisX + run.beginX, top + (laneHeight - barHeight) / 2,
                            run.endX - run.beginX, barHeight, colorOf(run.style), 1);
        }
        if (!lane.beacons.empty()) {
            const Beacon& beacon = lane.beacons.front();
            m_svg.text(drawingWidth - 4, top + destinationBaseline, axisWidth / 2.0,
                       fmt::format("{} connections about every {}", beacon.flowCount,
                                   formatDuration(beacon.intervalNs)),
                       {.size = smallText, .fill = m_subject.color, .anchor = TextAnchor::End});
        }
        m_svg.endGroup();
    }

    /// Destinations by number of flows, most first, then by name.
    [[nodiscard]] std::string destinationsOf(const Lane& lane) const
    {
        std::map<std::string, std::uint32_t> counts;
        for (const std::uint32_t index : lane.flows) {
            ++counts[destinationText(
                m_timeline.destinations()[m_timeline.flows()[index].destination])];
        }
        std::vector<std::pair<std::string, std::uint32_t>> ordered(counts.begin(), counts.end());
        std::ranges::stable_sort(ordered, std::ranges::greater{},
                                 &std::pair<std::string, std::uint32_t>::second);
        std::string text;
        for (const auto& [name, count] : ordered) {
            text += (text.empty() ? "" : ", ") + name;
            if (count > 1) {
                text += fmt::format(" × {}", count);
            }
        }
        return text;
    }

    const NetworkTimeline& m_timeline;
    const DrawingSubject& m_subject;
    std::vector<Lane> m_lanes;
    std::size_t m_drawn;
    double m_height;
    TimelineGeometry m_axis;
    SvgWriter m_svg;
};

} // namespace

CaseDrawings::CaseDrawings(std::shared_ptr<const ProcessForest> forest,
                           std::shared_ptr<const NetworkTimeline> timeline)
    : m_forest(std::move(forest)), m_timeline(std::move(timeline))
{
    const std::span<const Flow> flows = m_timeline->flows();
    m_firstFlow.assign(m_forest->processes().size() + 1, 0);
    for (const Flow& flow : flows) {
        if (flow.process) {
            ++m_firstFlow[flow.process->index() + 1];
        }
    }
    for (std::size_t process = 1; process < m_firstFlow.size(); ++process) {
        m_firstFlow[process] += m_firstFlow[process - 1];
    }
    m_flows.resize(m_firstFlow.back());
    std::vector<std::uint32_t> next = m_firstFlow;
    for (std::uint32_t index = 0; index < flows.size(); ++index) {
        if (flows[index].process) {
            m_flows[next[flows[index].process->index()]++] = index;
        }
    }
}

std::vector<std::uint32_t> CaseDrawings::flowsOf(std::span<const ProcessIndex> processes,
                                                 TimeRange range) const
{
    std::vector<std::uint32_t> found;
    for (const ProcessIndex process : processes) {
        for (std::uint32_t at = m_firstFlow[process.index()]; at < m_firstFlow[process.index() + 1];
             ++at) {
            const Flow& flow = m_timeline->flows()[m_flows[at]];
            if (flow.startNs < range.endNs && flow.endNs >= range.beginNs) {
                found.push_back(m_flows[at]);
            }
        }
    }
    std::ranges::sort(found);
    return found;
}

std::string CaseDrawings::networkTimeline(const DrawingSubject& subject) const
{
    if (subject.momentsNs.empty()) {
        return {};
    }
    std::vector<ProcessIndex> drawn;
    for (const TreeRow& row : rowsAround(*m_forest, subject.processes)) {
        if (row.kind == TreeRow::Kind::Process) {
            drawn.push_back(*row.process);
        }
    }
    const TimeRange range = rangeAround(subject.momentsNs);
    const std::vector<std::uint32_t> flows = flowsOf(drawn, range);
    if (flows.empty()) {
        return {};
    }
    return TimelineDrawing(*m_timeline, subject, range,
                           m_timeline->lanes(LaneGrouping::Process, *m_forest, flows))
        .draw();
}

std::string drawMarksOverTime(std::span<const TimedMark> marks,
                              std::span<const std::string_view, 4> colors, int offsetMinutes)
{
    constexpr std::size_t barCount = 60;
    constexpr double height = 92;
    constexpr double floorY = 74;
    constexpr double barStep = drawingWidth / barCount;
    constexpr std::size_t secondsLength = 19;
    if (marks.empty()) {
        return {};
    }
    const auto [first, last] = std::ranges::minmax(marks, {}, &TimedMark::timeNs);
    TimelineGeometry axis;
    axis.setWidth(barCount);
    axis.setBounds({first.timeNs, last.timeNs + 1});
    std::array<std::array<std::uint32_t, 4>, barCount> bars{};
    std::uint32_t highest = 1;
    for (const TimedMark& mark : marks) {
        const auto bar =
            std::min(barCount - 1, static_cast<std::size_t>(std::max(0.0, axis.xOf(mark.timeNs))));
        ++bars[bar][mark.level];
        std::uint32_t sum = 0;
        for (const std::uint32_t count : bars[bar]) {
            sum += count;
        }
        highest = std::max(highest, sum);
    }
    SvgWriter svg(drawingWidth, height, "Alerts over time");
    svg.line(0, floorY, drawingWidth, floorY, rule);
    for (std::size_t bar = 0; bar < barCount; ++bar) {
        double y = floorY;
        for (std::size_t level = colors.size(); level-- > 0;) {
            const double size = (floorY - 6) * bars[bar][level] / highest;
            if (size > 0) {
                svg.rectangle(static_cast<double>(bar) * barStep + 1, y - size, barStep - 2, size,
                              colors[level]);
            }
            y -= size;
        }
    }
    const auto label = [&](std::int64_t timeNs) {
        return formatIso(Timestamp(timeNs), offsetMinutes).substr(0, secondsLength);
    };
    svg.text(0, height - 4, drawingWidth / 2, label(first.timeNs), {.size = 11, .fill = soft});
    svg.text(drawingWidth, height - 4, drawingWidth / 2, label(last.timeNs),
             {.size = 11, .fill = soft, .anchor = TextAnchor::End});
    svg.text(drawingWidth / 2, height - 4, drawingWidth / 3,
             fmt::format("highest bar: {}", highest),
             {.size = 11, .fill = soft, .anchor = TextAnchor::Middle});
    return svg.finish();
}

} // namespace sequela::views
