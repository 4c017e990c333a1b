#pragma once

#include <string_view>

/// What the drawings of a summary have in common: paper is white, whatever the theme of the window.
namespace sequela::views {

/// CSS pixels; what a page of a summary is wide.
inline constexpr double drawingWidth = 960;
/// Text, words that stand back, and lines.
inline constexpr std::string_view ink = "#1b2330";
inline constexpr std::string_view soft = "#667085";
inline constexpr std::string_view rule = "#d9dde5";

} // namespace sequela::views
