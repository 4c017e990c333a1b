#include "core/views/lane_raster.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace sequela::views {
namespace {

/// The part of a lane that may be visible: lanes are sorted by start, bars reach at most longestNs.
std::span<const std::uint32_t> visiblePart(std::span<const Flow> flows,
                                           std::span<const std::uint32_t> lane,
                                           std::int64_t longestNs, TimeRange view)
{
    const auto startOf = [&](std::uint32_t index) { return flows[index].startNs; };
    const auto first = std::ranges::lower_bound(lane, view.beginNs - longestNs, {}, startOf);
    const auto last = std::ranges::upper_bound(first, lane.end(), view.endNs, {}, startOf);
    return {first, last};
}

} // namespace

std::int64_t longestFlowNs(std::span<const Flow> flows, std::span<const std::uint32_t> lane)
{
    std::int64_t longest = 0;
    for (const std::uint32_t index : lane) {
        longest = std::max(longest, flows[index].endNs - flows[index].startNs);
    }
    return longest;
}

FlowStyle flowStyle(const Flow& flow, const Destination& destination)
{
    if (flow.kind == FlowKind::Dns || destination.isName) {
        return FlowStyle::Lookup;
    }
    switch (destination.addressClass) {
    case AddressClass::Public:
        return FlowStyle::Public;
    case AddressClass::Private:
        return FlowStyle::Private;
    case AddressClass::Loopback:
    case AddressClass::LinkLocal:
    case AddressClass::Multicast:
    case AddressClass::Special:
        break;
    }
    return FlowStyle::Special;
}

std::vector<LaneRun> rasterizeLane(std::span<const Flow> flows, std::span<const std::uint32_t> lane,
                                   std::int64_t longestNs, const TimelineGeometry& geometry,
                                   int minimumWidth,
                                   const std::function<FlowStyle(std::uint32_t)>& styleOf)
{
    std::vector<FlowStyle> pixels(static_cast<std::size_t>(geometry.width()), FlowStyle::None);
    for (const std::uint32_t index : visiblePart(flows, lane, longestNs, geometry.view())) {
        const Flow& flow = flows[index];
        const double left = geometry.xOf(flow.startNs);
        const double right = std::max(geometry.xOf(flow.endNs), left + minimumWidth);
        if (right <= 0 || left >= geometry.width()) {
            continue;
        }
        const auto begin = static_cast<std::size_t>(std::max(0.0, std::floor(left)));
        const auto end = static_cast<std::size_t>(
            std::min(static_cast<double>(geometry.width()), std::ceil(right)));
        const FlowStyle style = styleOf(index);
        for (std::size_t x = begin; x < end; ++x) {
            pixels[x] = std::max(pixels[x], style);
        }
    }
    std::vector<LaneRun> runs;
    for (std::size_t x = 0; x < pixels.size();) {
        std::size_t end = x;
        while (end < pixels.size() && pixels[end] == pixels[x]) {
            ++end;
        }
        if (pixels[x] != FlowStyle::None) {
            runs.push_back({static_cast<int>(x), static_cast<int>(end), pixels[x]});
        }
        x = end;
    }
    return runs;
}

std::optional<std::uint32_t> flowNear(std::span<const Flow> flows,
                                      std::span<const std::uint32_t> lane, std::int64_t longestNs,
                                      const TimelineGeometry& geometry, double x, double reach)
{
    const auto margin = static_cast<std::int64_t>(reach * geometry.nsPerPixel()) + 1;
    const std::int64_t time = geometry.timeAt(x);
    std::optional<std::uint32_t> nearest;
    std::int64_t nearestNs = std::numeric_limits<std::int64_t>::max();
    for (const std::uint32_t index :
         visiblePart(flows, lane, longestNs, {time - margin, time + margin})) {
        const Flow& flow = flows[index];
        const std::int64_t distance = time < flow.startNs
                                          ? flow.startNs - time
                                          : std::max<std::int64_t>(0, time - flow.endNs);
        if (distance <= margin && distance < nearestNs) {
            nearest = index;
            nearestNs = distance;
        }
    }
    return nearest;
}

} // namespace sequela::views
