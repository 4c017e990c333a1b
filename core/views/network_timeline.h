#pragma once

#include "core/base/diagnostic.h"
#include "core/base/ip_address.h"
#include "core/base/strong_id.h"
#include "core/schema/column_source.h"
#include "core/views/process_forest.h"

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace sequela::views {

enum class FlowKind : std::uint8_t { Connection, Dns };

/// One connection or one name lookup: a bar where both ends are known, else a mark.
struct Flow {
    FlowKind kind = FlowKind::Connection;
    /// The event that began it; the one that ended it, if it is there.
    EventNumber event;
    std::optional<EventNumber> endEvent;
    std::int64_t startNs = 0;
    /// Equal to startNs where only one time is known.
    std::int64_t endNs = 0;
    std::optional<ProcessIndex> process;
    /// Index into NetworkTimeline::hosts().
    std::uint32_t host = 0;
    /// Index into NetworkTimeline::destinations().
    std::uint32_t destination = 0;
    std::uint64_t bytesOut = 0;
    std::uint64_t bytesIn = 0;
};

/// Where flows go: address and port, or the name that was looked up.
struct Destination {
    std::string address;
    std::string port;
    std::string domain;
    std::string transport;
    AddressClass addressClass = AddressClass::Special;
    /// Lookups have a name and no address.
    bool isName = false;
};

enum class LaneGrouping : std::uint8_t { Process, Host, Destination };

/// Connections of one lane to one destination that come at regular intervals.
struct Beacon {
    std::uint32_t destination = 0;
    std::uint32_t flowCount = 0;
    /// Median distance between starts and the median deviation from it.
    std::int64_t intervalNs = 0;
    std::int64_t jitterNs = 0;
    std::int64_t firstNs = 0;
    std::int64_t lastNs = 0;
};

struct Lane {
    std::string label;
    std::optional<ProcessIndex> process;
    /// Indices into flows(), ascending by start.
    std::vector<std::uint32_t> flows;
    std::vector<Beacon> beacons;
};

/// All network activity of a case, or of a part of it. Immutable.
class NetworkTimeline {
public:
    /// Reads the network columns of every segment. Events without a time cannot be drawn; they are
    /// counted in withoutTime().
    [[nodiscard]] static Result<NetworkTimeline> build(const schema::ColumnSource& source,
                                                       const ProcessForest& forest,
                                                       std::stop_token stop = {});

    /// Ascending by start, then event number.
    [[nodiscard]] std::span<const Flow> flows() const { return m_flows; }
    [[nodiscard]] std::span<const Destination> destinations() const { return m_destinations; }
    [[nodiscard]] std::span<const std::string> hosts() const { return m_hosts; }
    [[nodiscard]] std::uint64_t withoutTime() const { return m_withoutTime; }

    /// Flows in lanes, in order of each lane's first flow. @p wanted: only flows it accepts, by
    /// index.
    [[nodiscard]] std::vector<Lane> lanes(LaneGrouping grouping, const ProcessForest& forest,
                                          std::span<const std::uint32_t> wanted) const;

private:
    friend class NetworkTimelineBuilder;

    std::vector<Flow> m_flows;
    std::vector<Destination> m_destinations;
    std::vector<std::string> m_hosts;
    std::uint64_t m_withoutTime = 0;
};

/// Regular repetition among start times (ascending): at least `minimumBeaconFlows` of them with a
/// median deviation of at most a tenth of the median interval. Nothing if there is none.
inline constexpr std::size_t minimumBeaconFlows = 6;
[[nodiscard]] std::optional<Beacon> findBeacon(std::span<const std::int64_t> startsNs);

} // namespace sequela::views
