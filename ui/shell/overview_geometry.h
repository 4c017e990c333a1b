#pragma once

#include "ui/state/selection.h"

#include <cstdint>

namespace sequela::ui {

/// Where times stand on the overview strip. Pure arithmetic.
struct OverviewGeometry {
    /// Time covered, both ends included.
    std::int64_t firstNs = 0;
    std::int64_t lastNs = 0;
    int left = 0;
    int width = 1;

    [[nodiscard]] double xOf(std::int64_t timeNs) const;
    /// Clamped into the time covered.
    [[nodiscard]] std::int64_t timeAt(double x) const;
    /// The range between two points of a drag, in either order; at least one pixel long.
    [[nodiscard]] state::TimeRange rangeBetween(double fromX, double toX) const;
    /// @p range moved by some pixels, kept within the time covered.
    [[nodiscard]] state::TimeRange moved(const state::TimeRange& range, double pixels) const;
};

} // namespace sequela::ui
