#include "core/report/text_table.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sequela::report {

namespace {

struct CodePointRange {
    char32_t first;
    char32_t last;
};

// East_Asian_Width W and F, and emoji presentation, in the coarse blocks terminals agree on.
constexpr std::array<CodePointRange, 14> wideRanges{{{0x1100, 0x115F},
                                                     {0x2E80, 0x303E},
                                                     {0x3041, 0x33FF},
                                                     {0x3400, 0x4DBF},
                                                     {0x4E00, 0x9FFF},
                                                     {0xA000, 0xA4CF},
                                                     {0xAC00, 0xD7A3},
                                                     {0xF900, 0xFAFF},
                                                     {0xFE30, 0xFE6F},
                                                     {0xFF00, 0xFF60},
                                                     {0xFFE0, 0xFFE6},
                                                     {0x1F300, 0x1F64F},
                                                     {0x1F900, 0x1F9FF},
                                                     {0x20000, 0x3FFFD}}};
constexpr std::array<CodePointRange, 5> combiningRanges{
    {{0x0300, 0x036F}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF}, {0xFE20, 0xFE2F}}};

template <std::size_t Count>
bool contains(const std::array<CodePointRange, Count>& ranges, char32_t codePoint)
{
    return std::ranges::any_of(ranges, [codePoint](const CodePointRange& range) {
        return codePoint >= range.first && codePoint <= range.last;
    });
}

std::size_t widthOf(char32_t codePoint)
{
    if (contains(combiningRanges, codePoint)) {
        return 0;
    }
    return contains(wideRanges, codePoint) ? 2 : 1;
}

/// The text, or as much of it as fits with a `…` behind it.
std::string fitted(const std::string& text, std::size_t maxWidth)
{
    if (maxWidth == 0 || displayWidth(text) <= maxWidth) {
        return text;
    }
    std::size_t width = 1;
    std::size_t offset = 0;
    while (offset < text.size()) {
        const DecodedCodePoint decoded = decodeUtf8(text, offset);
        if (width + widthOf(decoded.codePoint) > maxWidth) {
            break;
        }
        width += widthOf(decoded.codePoint);
        offset += decoded.byteCount;
    }
    return text.substr(0, offset) + "…";
}

} // namespace

std::size_t displayWidth(std::string_view text)
{
    std::size_t width = 0;
    for (std::size_t offset = 0; offset < text.size();) {
        const DecodedCodePoint decoded = decodeUtf8(text, offset);
        width += widthOf(decoded.codePoint);
        offset += decoded.byteCount;
    }
    return width;
}

TextTable::TextTable(std::vector<ColumnHead> columns) : m_columns(std::move(columns)) {}

void TextTable::addRow(std::vector<std::string> cells)
{
    for (std::size_t column = 0; column < cells.size(); ++column) {
        const bool isLast = column + 1 == m_columns.size();
        cells[column] = fitted(visibleText(cells[column]), isLast ? 0 : m_columns[column].maxWidth);
    }
    m_rows.push_back(std::move(cells));
}

std::string TextTable::toString() const
{
    std::vector<std::size_t> widths;
    for (std::size_t column = 0; column < m_columns.size(); ++column) {
        std::size_t width = displayWidth(m_columns[column].title);
        for (const std::vector<std::string>& row : m_rows) {
            width = std::max(width, displayWidth(row[column]));
        }
        widths.push_back(width);
    }
    std::string text;
    const auto appendCell = [&](std::size_t column, const std::string& cell) {
        const std::string padding(widths[column] - displayWidth(cell), ' ');
        if (column > 0) {
            text += "  ";
        }
        text += m_columns[column].rightAligned ? padding + cell : cell + padding;
    };
    const auto endLine = [&text] {
        text.erase(text.find_last_not_of(' ') + 1);
        text += '\n';
    };
    for (std::size_t column = 0; column < m_columns.size(); ++column) {
        appendCell(column, m_columns[column].title);
    }
    endLine();
    for (const std::vector<std::string>& row : m_rows) {
        for (std::size_t column = 0; column < row.size(); ++column) {
            appendCell(column, row[column]);
        }
        endLine();
    }
    return text;
}

} // namespace sequela::report
