#pragma once

/// Sizes of the event table that its painting and its mouse share; device-independent pixels.
namespace sequela::ui::grid {

/// Room for the alert mark, or the arrow of a group, left of the first column.
inline constexpr int gutter = 20;
inline constexpr int cellPadding = 8;

} // namespace sequela::ui::grid
