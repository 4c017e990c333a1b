#include "core/views/network_timeline.h"

#include "core/views/segment_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <tuple>
#include <unordered_map>

namespace sequela::views {
namespace {

enum class Field : std::uint8_t {
    HostId,
    HostName,
    Category,
    Type,
    Action,
    Protocol,
    DestinationIp,
    DestinationAddress,
    DestinationPort,
    DestinationDomain,
    SourcePort,
    Transport,
    Direction,
    SourceBytes,
    DestinationBytes,
    QuestionName,
    Name,
    Pid,
    Count,
};

constexpr std::array<std::string_view, static_cast<std::size_t>(Field::Count)> fieldNames{
    "host.id",           "host.name",          "event.category",    "event.type",
    "event.action",      "network.protocol",   "destination.ip",    "destination.address",
    "destination.port",  "destination.domain", "source.port",       "network.transport",
    "network.direction", "source.bytes",       "destination.bytes", "dns.question.name",
    "process.name",      "process.pid"};

struct NetworkSegment {
    std::array<SegmentField, fieldNames.size()> fields;
    std::shared_ptr<const std::vector<std::int64_t>> times;

    const SegmentField& operator[](Field field) const
    {
        return fields[static_cast<std::size_t>(field)];
    }
    [[nodiscard]] std::string text(Field field, std::uint32_t row) const
    {
        return std::string((*this)[field].first(row));
    }
};

Result<NetworkSegment> loadSegment(const schema::ColumnSource& source, SegmentNumber number)
{
    NetworkSegment segment;
    for (std::size_t i = 0; i < fieldNames.size(); ++i) {
        auto field = SegmentField::load(source, number, fieldNames[i]);
        if (!field) {
            return std::unexpected(std::move(field).error());
        }
        segment.fields[i] = std::move(*field);
    }
    if (const auto timestamp = source.field("@timestamp")) {
        auto times = source.times(number, *timestamp);
        if (!times) {
            return std::unexpected(std::move(times).error());
        }
        segment.times = std::move(*times);
    }
    return segment;
}

} // namespace

class NetworkTimelineBuilder {
public:
    NetworkTimelineBuilder(const schema::ColumnSource& source, const ProcessForest& forest)
        : m_source(source), m_forest(forest)
    {
    }

    Result<NetworkTimeline> build(const std::stop_token& stop)
    {
        const auto segments = m_source.segments();
        for (std::uint32_t number = 0; number < segments.size(); ++number) {
            if (stop.stop_requested()) {
                return std::unexpected(cancelledError());
            }
            auto segment = loadSegment(m_source, SegmentNumber(number));
            if (!segment) {
                return std::unexpected(std::move(segment).error());
            }
            readSegment(*segment, segments[number]);
        }
        joinEnds();
        return std::move(m_timeline);
    }

private:
    /// A connection's two ends are told by who talks to whom from which port.
    using ConnectionKey = std::tuple<std::uint32_t, std::uint32_t, std::string>;
    struct End {
        std::int64_t timeNs = 0;
        EventNumber event;
        std::uint64_t bytesOut = 0;
        std::uint64_t bytesIn = 0;
    };

    void readSegment(const NetworkSegment& segment, const schema::Segment& range)
    {
        std::vector<bool> isNetwork(segment[Field::Category].codeCount());
        for (std::uint32_t code = 1; code < isNetwork.size(); ++code) {
            isNetwork[code] = segment[Field::Category].codeHas(code, "network")
                              || segment[Field::Category].codeHas(code, "dns");
        }
        for (std::uint32_t row = 0; row < range.eventCount; ++row) {
            if (!isNetwork[segment[Field::Category].code(row)]) {
                continue;
            }
            if (!segment.times || (*segment.times)[row] == schema::noTime) {
                ++m_timeline.m_withoutTime;
                continue;
            }
            readRow(segment, row, EventNumber(range.firstEvent.value() + row));
        }
    }

    void readRow(const NetworkSegment& segment, std::uint32_t row, EventNumber event)
    {
        const std::string question = segment.text(Field::QuestionName, row);
        const bool hasAddress = !segment[Field::DestinationIp].first(row).empty()
                                || !segment[Field::DestinationAddress].first(row).empty();
        const bool isDns =
            !question.empty() && (!hasAddress || segment[Field::Protocol].first(row) == "dns");
        if (!isDns && !hasAddress) {
            return;
        }
        Flow flow;
        flow.kind = isDns ? FlowKind::Dns : FlowKind::Connection;
        flow.event = event;
        flow.startNs = flow.endNs = (*segment.times)[row];
        flow.process = m_forest.processOf(event);
        flow.host = hostOf(segment, row);
        flow.destination = isDns ? nameDestination(question) : addressDestination(segment, row);
        flow.bytesOut = bytes(segment[Field::SourceBytes], row);
        flow.bytesIn = bytes(segment[Field::DestinationBytes], row);
        const std::uint32_t processKey =
            flow.process ? flow.process->value() : std::numeric_limits<std::uint32_t>::max();
        ConnectionKey key{processKey, flow.destination, segment.text(Field::SourcePort, row)};
        const bool isEnd = segment[Field::Type].codeHas(segment[Field::Type].code(row), "end");
        if (isEnd && !isDns) {
            m_ends[std::move(key)].push_back({flow.startNs, event, flow.bytesOut, flow.bytesIn});
            m_endFlows.push_back(flow);
        } else {
            m_keys.push_back(std::move(key));
            m_timeline.m_flows.push_back(flow);
        }
    }

    static std::uint64_t bytes(const SegmentField& field, std::uint32_t row)
    {
        const auto number = field.number(row);
        return number && *number > 0 ? static_cast<std::uint64_t>(*number) : 0;
    }

    std::uint32_t hostOf(const NetworkSegment& segment, std::uint32_t row)
    {
        std::string name = segment.text(Field::HostName, row);
        if (name.empty()) {
            name = segment.text(Field::HostId, row);
        }
        const auto [known, isNew] =
            m_hostNumbers.try_emplace(name, static_cast<std::uint32_t>(m_timeline.m_hosts.size()));
        if (isNew) {
            m_timeline.m_hosts.push_back(std::move(name));
        }
        return known->second;
    }

    std::uint32_t nameDestination(const std::string& question)
    {
        Destination destination;
        destination.domain = question;
        destination.isName = true;
        return intern("?" + question, std::move(destination));
    }

    std::uint32_t addressDestination(const NetworkSegment& segment, std::uint32_t row)
    {
        Destination destination;
        destination.address = segment.text(Field::DestinationIp, row);
        if (destination.address.empty()) {
            destination.address = segment.text(Field::DestinationAddress, row);
        }
        destination.port = segment.text(Field::DestinationPort, row);
        destination.domain = segment.text(Field::DestinationDomain, row);
        destination.transport = segment.text(Field::Transport, row);
        if (const auto address = IpAddress::parse(destination.address)) {
            destination.addressClass = classify(*address);
        }
        std::string key =
            destination.address + '\x1f' + destination.port + '\x1f' + destination.transport;
        return intern(std::move(key), std::move(destination));
    }

    std::uint32_t intern(std::string key, Destination destination)
    {
        const auto [known, isNew] = m_destinationNumbers.try_emplace(
            std::move(key), static_cast<std::uint32_t>(m_timeline.m_destinations.size()));
        if (isNew) {
            m_timeline.m_destinations.push_back(std::move(destination));
        } else if (m_timeline.m_destinations[known->second].domain.empty()) {
            m_timeline.m_destinations[known->second].domain = std::move(destination.domain);
        }
        return known->second;
    }

    /// Each end closes the nearest start before it with the same key; ends without one are marks.
    void joinEnds()
    {
        auto& flows = m_timeline.m_flows;
        std::map<ConnectionKey, std::vector<std::uint32_t>> starts;
        for (std::uint32_t i = 0; i < flows.size(); ++i) {
            if (m_ends.contains(m_keys[i])) {
                starts[m_keys[i]].push_back(i);
            }
        }
        std::vector<EventNumber> used;
        for (auto& [key, ends] : m_ends) {
            std::ranges::sort(ends, {}, &End::timeNs);
            auto& open = starts[key];
            std::ranges::sort(open, {}, [&](std::uint32_t i) { return flows[i].startNs; });
            closeInOrder(open, ends, used);
        }
        std::ranges::sort(used);
        for (const Flow& end : m_endFlows) {
            if (!std::ranges::binary_search(used, end.event)) {
                flows.push_back(end);
            }
        }
        std::ranges::sort(flows, [](const Flow& left, const Flow& right) {
            return std::tie(left.startNs, left.event) < std::tie(right.startNs, right.event);
        });
    }

    void closeInOrder(const std::vector<std::uint32_t>& open, const std::vector<End>& ends,
                      std::vector<EventNumber>& used)
    {
        std::size_t next = 0;
        std::vector<std::uint32_t> pending;
        for (const End& end : ends) {
            while (next < open.size() && m_timeline.m_flows[open[next]].startNs <= end.timeNs) {
                pending.push_back(open[next++]);
            }
            if (pending.empty()) {
                continue;
            }
            Flow& flow = m_timeline.m_flows[pending.back()];
            pending.pop_back();
            flow.endNs = end.timeNs;
            flow.endEvent = end.event;
            flow.bytesOut = std::max(flow.bytesOut, end.bytesOut);
            flow.bytesIn = std::max(flow.bytesIn, end.bytesIn);
            used.push_back(end.event);
        }
    }

    const schema::ColumnSource& m_source;
    const ProcessForest& m_forest;
    NetworkTimeline m_timeline;
    std::vector<ConnectionKey> m_keys;
    std::map<ConnectionKey, std::vector<End>> m_ends;
    std::vector<Flow> m_endFlows;
    std::unordered_map<std::string, std::uint32_t> m_hostNumbers;
    std::unordered_map<std::string, std::uint32_t> m_destinationNumbers;
};

Result<NetworkTimeline> NetworkTimeline::build(const schema::ColumnSource& source,
                                               const ProcessForest& forest, std::stop_token stop)
{
    return NetworkTimelineBuilder(source, forest).build(stop);
}

namespace {

std::string processLabel(const ProcessForest& forest, std::optional<ProcessIndex> index)
{
    if (!index) {
        return "no process";
    }
    const Process& process = forest.process(*index);
    const std::string& name =
        process.image().name.empty() ? process.image().executable : process.image().name;
    return process.pid ? fmt::format("{} {}", name, *process.pid) : name;
}

std::string destinationLabel(const Destination& destination)
{
    if (destination.isName) {
        return destination.domain;
    }
    return destination.port.empty() ? destination.address
                                    : fmt::format("{}:{}", destination.address, destination.port);
}

} // namespace

std::vector<Lane> NetworkTimeline::lanes(LaneGrouping grouping, const ProcessForest& forest,
                                         std::span<const std::uint32_t> wanted) const
{
    std::vector<Lane> lanes;
    std::unordered_map<std::uint64_t, std::size_t> laneNumbers;
    for (const std::uint32_t index : wanted) {
        const Flow& flow = m_flows[index];
        std::uint64_t key = flow.destination;
        if (grouping == LaneGrouping::Host) {
            key = flow.host;
        } else if (grouping == LaneGrouping::Process) {
            // Events without a process share one lane a host.
            key = flow.process ? flow.process->value() : (std::uint64_t{1} << 32U) + flow.host;
        }
        const auto [known, isNew] = laneNumbers.try_emplace(key, lanes.size());
        if (isNew) {
            Lane& lane = lanes.emplace_back();
            if (grouping == LaneGrouping::Process) {
                lane.label = processLabel(forest, flow.process);
                lane.process = flow.process;
            } else {
                lane.label = grouping == LaneGrouping::Host
                                 ? m_hosts[flow.host]
                                 : destinationLabel(m_destinations[flow.destination]);
            }
        }
        lanes[known->second].flows.push_back(index);
    }
    for (Lane& lane : lanes) {
        std::map<std::uint32_t, std::vector<std::int64_t>> starts;
        for (const std::uint32_t index : lane.flows) {
            if (m_flows[index].kind == FlowKind::Connection) {
                starts[m_flows[index].destination].push_back(m_flows[index].startNs);
            }
        }
        for (const auto& [destination, times] : starts) {
            if (auto beacon = findBeacon(times)) {
                beacon->destination = destination;
                lane.beacons.push_back(*beacon);
            }
        }
    }
    return lanes;
}

} // namespace sequela::views
