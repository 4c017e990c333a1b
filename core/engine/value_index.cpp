#include "core/engine/value_index.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <bit>
#include <functional>
#include <string>

namespace sequela::engine {

ValueTable::ValueTable(const schema::Column& column)
    : m_first(std::bit_ceil(std::size_t{column.valueCount()} + 1)), m_next(column.valueCount())
{
    std::array<char, 512> buffer;
    for (std::uint32_t value = 0; value < column.valueCount(); ++value) {
        const std::string_view text = column.text(value);
        const std::span<char> folded(buffer.data(), std::min(buffer.size(), text.size()));
        const bool isPlain = text.size() <= buffer.size() && foldAscii(text, folded);
        std::uint32_t& first =
            m_first[isPlain ? bucketOf({folded.data(), folded.size()}) : bucketOf(foldCase(text))];
        m_next[value] = first;
        first = value + 1;
    }
}

std::size_t ValueTable::bucketOf(std::string_view folded) const
{
    return std::hash<std::string_view>{}(folded) & (m_first.size() - 1);
}

RowsByCode::RowsByCode(const schema::Column& column)
    : m_begins(std::size_t{column.codeCount()} + 1), m_rows(column.eventCount())
{
    for (std::uint32_t row = 0; row < column.eventCount(); ++row) {
        ++m_begins[column.code(row) + 1];
    }
    for (std::size_t code = 1; code < m_begins.size(); ++code) {
        m_begins[code] += m_begins[code - 1];
    }
    std::vector<std::uint32_t> next(m_begins.begin(), m_begins.end() - 1);
    for (std::uint32_t row = 0; row < column.eventCount(); ++row) {
        m_rows[next[column.code(row)]++] = row;
    }
}

std::vector<TextSignature> signaturesOf(const schema::Column& column)
{
    std::vector<TextSignature> signatures(column.valueCount());
    for (std::uint32_t value = 0; value < column.valueCount(); ++value) {
        signatures[value] = signatureOfText(column.text(value));
    }
    return signatures;
}

} // namespace sequela::engine
