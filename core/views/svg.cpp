#include "core/views/svg.h"

#include "core/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace sequela::views {

namespace {

constexpr char32_t firstTableCharacter = 0x20;
/// Advances of U+0020 to U+007E in thousandths of the font size.
constexpr std::array<std::uint16_t, 95> advances{
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,  278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,  611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278,  556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,  500, 334, 260, 334, 584};
constexpr double thousandth = 0.001;
constexpr std::string_view ellipsis = "…";
constexpr std::string_view fontFamily = "Helvetica, Arial, 'Liberation Sans', sans-serif";

double advanceOf(char32_t character)
{
    // Letters of Latin, Greek and Cyrillic are about as wide as the widest lower-case ones of the
    // table; what comes later is as wide as high.
    constexpr char32_t firstWide = 0x1100;
    constexpr double narrow = 0.667;
    if (character >= firstTableCharacter
        && character < firstTableCharacter + static_cast<char32_t>(advances.size())) {
        return advances[character - firstTableCharacter] * thousandth;
    }
    return character < firstWide ? narrow : 1.0;
}

std::string number(double value)
{
    std::string text = fmt::format("{:.2f}", value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') {
        text.pop_back();
    }
    return text == "-0" ? "0" : text;
}

std::string_view anchorName(TextAnchor anchor)
{
    switch (anchor) {
    case TextAnchor::Start:
        return "start";
    case TextAnchor::Middle:
        return "middle";
    case TextAnchor::End:
        return "end";
    }
    return {};
}

/// Bytes of @p text that are no wider than @p width at a font size of 1.
std::size_t fittingBytes(std::string_view text, double width)
{
    double used = 0;
    for (std::size_t offset = 0; offset < text.size();) {
        const DecodedCodePoint decoded = decodeUtf8(text, offset);
        used += advanceOf(decoded.codePoint);
        if (used > width) {
            return offset;
        }
        offset += decoded.byteCount;
    }
    return text.size();
}

} // namespace

std::string escapeMarkup(std::string_view text)
{
    std::string escaped;
    for (const char character : visibleText(text)) {
        switch (character) {
        case '&':
            escaped += "&amp;";
            break;
        case '<':
            escaped += "&lt;";
            break;
        case '>':
            escaped += "&gt;";
            break;
        case '"':
            escaped += "&quot;";
            break;
        case '\'':
            escaped += "&#39;";
            break;
        default:
            escaped += character;
        }
    }
    return escaped;
}

double textWidth(std::string_view text)
{
    double width = 0;
    for (std::size_t offset = 0; offset < text.size();) {
        const DecodedCodePoint decoded = decodeUtf8(text, offset);
        width += advanceOf(decoded.codePoint);
        offset += decoded.byteCount;
    }
    return width;
}

std::string elidedText(std::string_view text, double width, double fontSize)
{
    // A megabyte of command line need not be made visible to find that it does not fit; no
    // character is narrower than a fifth of the font size.
    constexpr double charactersPerWidth = 5;
    constexpr std::size_t longestCharacter = 4;
    const double units = width / fontSize;
    const auto enough =
        static_cast<std::size_t>(std::max(0.0, units * charactersPerWidth) + 1) * longestCharacter;
    std::string visible = visibleText(text.substr(0, enough));
    if (text.size() <= enough && textWidth(visible) <= units) {
        return visible;
    }
    const std::size_t fitting = fittingBytes(visible, units - textWidth(ellipsis));
    return visible.substr(0, fitting) + std::string(ellipsis);
}

SvgWriter::SvgWriter(double width, double height, std::string_view description)
{
    m_text = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
        "height=\"{1}\" role=\"img\" aria-label=\"{2}\" font-family=\"{3}\">\n",
        number(width), number(height), escapeMarkup(description), fontFamily);
}

void SvgWriter::rectangle(double x, double y, double width, double height, std::string_view fill,
                          double radius)
{
    m_text +=
        fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"{} fill=\"{}\"/>\n",
                    number(x), number(y), number(width), number(height),
                    radius > 0 ? fmt::format(" rx=\"{}\"", number(radius)) : std::string(), fill);
}

void SvgWriter::frame(double x, double y, double width, double height, std::string_view stroke,
                      bool dashed)
{
    m_text += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"none\" "
                          "stroke=\"{}\"{}/>\n",
                          number(x), number(y), number(width), number(height), stroke,
                          dashed ? " stroke-dasharray=\"3 2\"" : "");
}

void SvgWriter::line(double fromX, double fromY, double toX, double toY, std::string_view stroke,
                     bool dashed)
{
    m_text += fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"{}\"{}/>\n",
                          number(fromX), number(fromY), number(toX), number(toY), stroke,
                          dashed ? " stroke-dasharray=\"3 2\"" : "");
}

void SvgWriter::circle(double x, double y, double radius, std::string_view fill)
{
    m_text += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{}\"/>\n", number(x),
                          number(y), number(radius), fill);
}

void SvgWriter::text(double x, double y, double maxWidth, std::string_view text,
                     const TextStyle& style)
{
    const std::string shown = elidedText(text, maxWidth, style.size);
    if (shown.empty()) {
        return;
    }
    // The length binds the viewer's font to the table.
    m_text += fmt::format("<text x=\"{}\" y=\"{}\" font-size=\"{}\" fill=\"{}\"{}{} "
                          "textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\">{}</text>\n",
                          number(x), number(y), number(style.size), style.fill,
                          style.anchor == TextAnchor::Start
                              ? std::string()
                              : fmt::format(" text-anchor=\"{}\"", anchorName(style.anchor)),
                          style.strong ? " font-weight=\"bold\"" : "",
                          number(textWidth(shown) * style.size), escapeMarkup(shown));
}

void SvgWriter::beginGroup(std::string_view remark)
{
    constexpr double remarkWidth = 4'000;
    m_text += "<g>\n";
    if (!remark.empty()) {
        m_text +=
            fmt::format("<title>{}</title>\n", escapeMarkup(elidedText(remark, remarkWidth, 1)));
    }
}

void SvgWriter::endGroup()
{
    m_text += "</g>\n";
}

std::string SvgWriter::finish()
{
    m_text += "</svg>\n";
    return std::move(m_text);
}

} // namespace sequela::views
