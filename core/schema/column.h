#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

namespace sequela::schema {

/// What a value was in its JSON document. Numbers keep their exact text, booleans are "true" and
/// "false"; null, absent and empty arrays are all "no value" and never stored.
enum class ValueKind : std::uint8_t { String, Number, Boolean };

/// One field over one segment: a dictionary of the segment's distinct values and a code per event.
///
/// Codes: 0 is "no value"; 1 … valueCount() name one value (index = code - 1); codes above name a
/// list of values (list index = code - 1 - valueCount()). Equal lists share a code, so everything
/// that holds for an event's value holds for its code, and predicates run once per code.
/// Lists keep the document's order and duplicates. Immutable once built; safe to share.
class Column {
public:
    /// The parts, as the case file stores them. Sizes must agree (see the accessors).
    struct Parts {
        std::vector<char> text;
        /// valueCount + 1 offsets into text.
        std::vector<std::uint32_t> textOffsets{0};
        std::vector<ValueKind> kinds;
        /// listCount + 1 offsets into listValues.
        std::vector<std::uint32_t> listOffsets{0};
        std::vector<std::uint32_t> listValues;
        /// 0 (every event has constantCode), 1, 2 or 4 bytes a code, native byte order.
        std::uint8_t codeWidth = 0;
        std::uint32_t constantCode = 0;
        std::vector<std::byte> codes;
        std::uint32_t eventCount = 0;
        /// One bit an event, least significant first: the value was derived, not read. May be
        /// empty.
        std::vector<std::uint64_t> derived;
    };

    explicit Column(Parts parts) : m_parts(std::move(parts)) {}

    [[nodiscard]] std::uint32_t eventCount() const { return m_parts.eventCount; }
    [[nodiscard]] std::uint32_t valueCount() const
    {
        return static_cast<std::uint32_t>(m_parts.kinds.size());
    }
    [[nodiscard]] std::uint32_t listCount() const
    {
        return static_cast<std::uint32_t>(m_parts.listOffsets.size() - 1);
    }
    /// One more than the greatest code: the size of a table indexed by code.
    [[nodiscard]] std::uint32_t codeCount() const { return 1 + valueCount() + listCount(); }

    [[nodiscard]] std::string_view text(std::uint32_t valueIndex) const
    {
        const std::uint32_t begin = m_parts.textOffsets[valueIndex];
        return {m_parts.text.data() + begin, m_parts.textOffsets[valueIndex + 1] - begin};
    }
    [[nodiscard]] ValueKind kind(std::uint32_t valueIndex) const
    {
        return m_parts.kinds[valueIndex];
    }
    /// Value indices of a list.
    [[nodiscard]] std::span<const std::uint32_t> list(std::uint32_t listIndex) const
    {
        const std::uint32_t begin = m_parts.listOffsets[listIndex];
        return std::span(m_parts.listValues)
            .subspan(begin, m_parts.listOffsets[listIndex + 1] - begin);
    }

    [[nodiscard]] std::uint32_t code(std::uint32_t row) const
    {
        switch (m_parts.codeWidth) {
        case 1:
            return std::to_integer<std::uint32_t>(m_parts.codes[row]);
        case 2:
            return codesAs<std::uint16_t>()[row];
        case 4:
            return codesAs<std::uint32_t>()[row];
        default:
            return m_parts.constantCode;
        }
    }
    [[nodiscard]] std::uint8_t codeWidth() const { return m_parts.codeWidth; }
    /// The codes as an array; only for the width the column has.
    template <typename Code>
    [[nodiscard]] std::span<const Code> codesAs() const
    {
        return {reinterpret_cast<const Code*>(m_parts.codes.data()), m_parts.eventCount};
    }
    /// Value indices an event's code stands for: none, one, or a list's.
    [[nodiscard]] std::span<const std::uint32_t> valuesOfCode(std::uint32_t code,
                                                              std::uint32_t& scratch) const
    {
        if (code == 0) {
            return {};
        }
        if (code <= valueCount()) {
            scratch = code - 1;
            return {&scratch, 1};
        }
        return list(code - 1 - valueCount());
    }
    [[nodiscard]] bool isDerived(std::uint32_t row) const
    {
        return !m_parts.derived.empty() && ((m_parts.derived[row / 64] >> (row % 64)) & 1U) != 0;
    }
    [[nodiscard]] const Parts& parts() const { return m_parts; }

private:
    Parts m_parts;
};

/// Stands for "no usable time" in arrays of times; sorts before every real time (rules.md).
inline constexpr std::int64_t noTime = std::numeric_limits<std::int64_t>::min();

} // namespace sequela::schema
