#pragma once

#include <QColor>

#include <cstdint>

/// The colour tokens of both themes, one table. Every colour in the window comes from here.
namespace sequela::ui {

enum class ColorScheme : std::uint8_t { Dark, Light };

/// What a colour is for. Tokens from Text to Comment are legible as text (contrast ≥ 4.5:1) on
/// every surface: Background, Panel, Raised, Selected.
enum class Token : std::uint8_t {
    // Surfaces
    Background,
    Panel,
    Raised,
    Selected,
    Hover,
    Line,
    // Text
    Text,
    Muted,
    Accent,
    Critical,
    High,
    Medium,
    Low,
    Process,
    Network,
    File,
    Registry,
    Gained,
    Lost,
    Keyword,
    String,
    Number,
    Field,
    Function,
    Comment,
    // Fills: bars, dots and flows, never text
    CriticalFill,
    HighFill,
    MediumFill,
    LowFill,
    HistogramFill,
};
inline constexpr int tokenCount = static_cast<int>(Token::HistogramFill) + 1;

[[nodiscard]] QColor tokenColor(ColorScheme scheme, Token token);

/// Name of a token as style_sheet.cpp writes it: "panel", "critical".
[[nodiscard]] const char* tokenName(Token token);

/// Contrast ratio of WCAG 2.1, 1 to 21.
[[nodiscard]] double contrastRatio(const QColor& first, const QColor& second);

/// @p share of @p over laid on @p base, opaque.
[[nodiscard]] QColor mixed(const QColor& base, const QColor& over, double share);

} // namespace sequela::ui
