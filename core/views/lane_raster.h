#pragma once

#include "core/views/network_timeline.h"
#include "core/views/timeline_geometry.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace sequela::views {

/// How a flow is coloured; of flows that share a pixel the greatest wins.
enum class FlowStyle : std::uint8_t {
    None,
    Lookup,
    Special,
    Private,
    Public,
    Low,
    Medium,
    High,
    Critical
};

/// The style of a flow that no alert is about.
[[nodiscard]] FlowStyle flowStyle(const Flow& flow, const Destination& destination);

/// Pixels a mark takes at the least: narrower ones are not seen.
inline constexpr int minimumMarkWidth = 3;

/// A stretch of equal style in one lane.
struct LaneRun {
    int beginX = 0;
    /// Exclusive.
    int endX = 0;
    FlowStyle style = FlowStyle::None;
};

/// The flows of one lane as runs of pixels: the cost of painting depends on the width of the lane,
/// never on the number of flows. A mark is at least @p minimumWidth pixels wide.
[[nodiscard]] std::vector<LaneRun>
rasterizeLane(std::span<const Flow> flows, std::span<const std::uint32_t> lane,
              std::int64_t longestNs, const TimelineGeometry& geometry, int minimumWidth,
              const std::function<FlowStyle(std::uint32_t)>& styleOf);

/// Longest bar of a lane: how far before the view a visible bar may begin.
[[nodiscard]] std::int64_t longestFlowNs(std::span<const Flow> flows,
                                         std::span<const std::uint32_t> lane);

/// The flow nearest to @p x within @p reach pixels.
[[nodiscard]] std::optional<std::uint32_t>
flowNear(std::span<const Flow> flows, std::span<const std::uint32_t> lane, std::int64_t longestNs,
         const TimelineGeometry& geometry, double x, double reach);

} // namespace sequela::views
