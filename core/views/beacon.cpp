#include "core/views/network_timeline.h"

#include <algorithm>

namespace sequela::views {
namespace {

std::int64_t medianOf(std::vector<std::int64_t>& values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

} // namespace

std::optional<Beacon> findBeacon(std::span<const std::int64_t> startsNs)
{
    if (startsNs.size() < minimumBeaconFlows) {
        return std::nullopt;
    }
    std::vector<std::int64_t> intervals;
    intervals.reserve(startsNs.size() - 1);
    for (std::size_t i = 1; i < startsNs.size(); ++i) {
        intervals.push_back(startsNs[i] - startsNs[i - 1]);
    }
    Beacon beacon;
    beacon.intervalNs = medianOf(intervals);
    // Bursts are no beacons: somebody loading a page opens connections within milliseconds.
    if (beacon.intervalNs < nanosecondsPerSecond) {
        return std::nullopt;
    }
    for (std::int64_t& interval : intervals) {
        interval = std::max(interval, beacon.intervalNs) - std::min(interval, beacon.intervalNs);
    }
    beacon.jitterNs = medianOf(intervals);
    if (beacon.jitterNs > beacon.intervalNs / 10) {
        return std::nullopt;
    }
    beacon.flowCount = static_cast<std::uint32_t>(startsNs.size());
    beacon.firstNs = startsNs.front();
    beacon.lastNs = startsNs.back();
    return beacon;
}

} // namespace sequela::views
