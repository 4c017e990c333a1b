#pragma once

#include "core/views/network_timeline.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sequela::views {

/// All flows to one destination, or all lookups of one name.
struct DestinationSummary {
    /// Index into NetworkTimeline::destinations().
    std::uint32_t destination = 0;
    std::uint32_t flowCount = 0;
    /// Different processes and hosts among them.
    std::uint32_t processCount = 0;
    std::uint32_t hostCount = 0;
    std::uint64_t bytesOut = 0;
    std::uint64_t bytesIn = 0;
    std::int64_t firstNs = 0;
    std::int64_t lastNs = 0;
    /// The process of most of the flows.
    std::optional<ProcessIndex> busiest;
    std::optional<Beacon> beacon;
    /// The first flow: what a click on the row shows.
    std::uint32_t firstFlow = 0;
};

/// Connections by destination and lookups by name, most flows first. @p kind: which of the two.
/// @p wanted: indices of the flows that count, ascending; linear in them.
[[nodiscard]] std::vector<DestinationSummary>
summarizeDestinations(const NetworkTimeline& timeline, FlowKind kind,
                      std::span<const std::uint32_t> wanted);

} // namespace sequela::views
