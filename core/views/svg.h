#pragma once

#include <string>
#include <string_view>

namespace sequela::views {

/// Text between tags and in quoted attributes: what is invisible becomes a mark (visibleText), what
/// markup gives a meaning a character reference.
[[nodiscard]] std::string escapeMarkup(std::string_view text);

/// Width of visible text at a font size of 1, from a fixed table of advances (those of Helvetica
/// and its metric twins), so that a drawing does not depend on installed fonts.
[[nodiscard]] double textWidth(std::string_view text);
/// As much of the text as fits into @p width at @p fontSize, ending in `…` if something is left
/// out. Controls and the like are marks already.
[[nodiscard]] std::string elidedText(std::string_view text, double width, double fontSize);

/// Where a text is anchored.
enum class TextAnchor { Start, Middle, End };

/// How a text is set.
struct TextStyle {
    double size = 12;
    std::string_view fill = "#1c2430";
    TextAnchor anchor = TextAnchor::Start;
    bool strong = false;
};

/// Writes one SVG drawing from front to back. Presentation attributes only: no style sheet, no
/// script, no link, nothing loaded. Units are CSS pixels. Equal calls make equal bytes.
class SvgWriter {
public:
    /// @p description is what screen readers say.
    SvgWriter(double width, double height, std::string_view description);

    void rectangle(double x, double y, double width, double height, std::string_view fill,
                   double radius = 0);
    /// @p dashed: for what is inferred.
    void frame(double x, double y, double width, double height, std::string_view stroke,
               bool dashed);
    void line(double fromX, double fromY, double toX, double toY, std::string_view stroke,
              bool dashed = false);
    void circle(double x, double y, double radius, std::string_view fill);
    /// @p y is the baseline. Elided to @p maxWidth, which also bounds it where a font is wider
    /// than the table says.
    void text(double x, double y, double maxWidth, std::string_view text, const TextStyle& style);
    /// Elements until endGroup share a remark that is shown on hovering.
    void beginGroup(std::string_view remark);
    void endGroup();

    /// The drawing; the writer is empty afterwards.
    [[nodiscard]] std::string finish();

private:
    std::string m_text;
};

} // namespace sequela::views
