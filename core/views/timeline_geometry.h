#pragma once

#include "core/views/time_range.h"

#include <cstdint>

namespace sequela::views {

/// Where moments lie on the time axis of the network timeline, and what zooming and panning make of
/// it. Pure: no painting, no widgets. Times are nanoseconds UTC, x is in pixels from the left end.
class TimelineGeometry {
public:
    /// Zooming stops at one millisecond over the whole axis.
    static constexpr std::int64_t shortestNs = 1'000'000;

    /// What there is to see; the view starts with all of it. An empty range shows nothing.
    void setBounds(TimeRange bounds);
    [[nodiscard]] TimeRange bounds() const { return m_bounds; }
    void setWidth(int pixels);
    [[nodiscard]] int width() const { return m_width; }

    [[nodiscard]] TimeRange view() const { return m_view; }
    /// Shows a range, kept inside the bounds and not shorter than shortestNs.
    void setView(TimeRange view);
    void fit() { m_view = m_bounds; }

    [[nodiscard]] double xOf(std::int64_t timeNs) const;
    [[nodiscard]] std::int64_t timeAt(double x) const;
    [[nodiscard]] double nsPerPixel() const;

    /// Factor below 1 zooms in; the moment under @p x stays under it.
    void zoom(double factor, double x);
    /// Moves the view so that what was at x lies at x + @p pixels.
    void pan(double pixels);

private:
    TimeRange m_bounds;
    TimeRange m_view;
    int m_width = 1;
};

} // namespace sequela::views
