#include "ui/shell/overview_geometry.h"

#include <algorithm>

namespace sequela::ui {

double OverviewGeometry::xOf(std::int64_t timeNs) const
{
    const auto length = static_cast<double>(std::max<std::int64_t>(1, lastNs - firstNs));
    return left + static_cast<double>(timeNs - firstNs) / length * width;
}

std::int64_t OverviewGeometry::timeAt(double x) const
{
    const double share = std::clamp((x - left) / width, 0.0, 1.0);
    return firstNs + static_cast<std::int64_t>(share * static_cast<double>(lastNs - firstNs));
}

state::TimeRange OverviewGeometry::rangeBetween(double fromX, double toX) const
{
    const double low = std::min(fromX, toX);
    const double high = std::max(std::max(fromX, toX), low + 1.0);
    return {.beginNs = timeAt(low), .endNs = std::max(timeAt(high), timeAt(low)) + 1};
}

state::TimeRange OverviewGeometry::moved(const state::TimeRange& range, double pixels) const
{
    auto shift = static_cast<std::int64_t>(pixels / width * static_cast<double>(lastNs - firstNs));
    shift = std::clamp(shift, std::min<std::int64_t>(0, firstNs - range.beginNs),
                       std::max<std::int64_t>(0, lastNs + 1 - range.endNs));
    return {.beginNs = range.beginNs + shift, .endNs = range.endNs + shift};
}

} // namespace sequela::ui
