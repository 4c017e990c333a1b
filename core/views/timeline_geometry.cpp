#include "core/views/timeline_geometry.h"

#include <algorithm>
#include <cmath>

namespace sequela::views {

void TimelineGeometry::setBounds(TimeRange bounds)
{
    bounds.endNs = std::max(bounds.endNs, bounds.beginNs + shortestNs);
    m_bounds = bounds;
    m_view = bounds;
}

void TimelineGeometry::setWidth(int pixels)
{
    m_width = std::max(1, pixels);
}

void TimelineGeometry::setView(TimeRange view)
{
    const std::int64_t length =
        std::clamp(view.lengthNs(), std::min(shortestNs, m_bounds.lengthNs()), m_bounds.lengthNs());
    const std::int64_t begin = std::clamp(view.beginNs, m_bounds.beginNs, m_bounds.endNs - length);
    m_view = {begin, begin + length};
}

double TimelineGeometry::nsPerPixel() const
{
    return static_cast<double>(m_view.lengthNs()) / m_width;
}

double TimelineGeometry::xOf(std::int64_t timeNs) const
{
    return static_cast<double>(timeNs - m_view.beginNs) / nsPerPixel();
}

std::int64_t TimelineGeometry::timeAt(double x) const
{
    return m_view.beginNs + std::llround(x * nsPerPixel());
}

void TimelineGeometry::zoom(double factor, double x)
{
    const std::int64_t anchor = timeAt(x);
    const double length =
        std::clamp(static_cast<double>(m_view.lengthNs()) * factor, static_cast<double>(shortestNs),
                   static_cast<double>(m_bounds.lengthNs()));
    const double share = x / m_width;
    const std::int64_t begin = anchor - std::llround(length * share);
    setView({begin, begin + std::llround(length)});
}

void TimelineGeometry::pan(double pixels)
{
    const std::int64_t shift = std::llround(pixels * nsPerPixel());
    setView({m_view.beginNs - shift, m_view.endNs - shift});
}

} // namespace sequela::views
