#pragma once

#include "core/engine/text_signature.h"
#include "core/schema/column.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace sequela::engine {

/// Finds values of a column by their text, case aside. Immutable.
class ValueTable {
public:
    explicit ValueTable(const schema::Column& column);

    /// Calls @p visit(valueIndex) for every value that may equal the text if case does not count;
    /// it must look for itself.
    template <typename Visit>
    void forEachLike(std::string_view folded, Visit visit) const
    {
        for (std::uint32_t link = m_first[bucketOf(folded)]; link != 0; link = m_next[link - 1]) {
            visit(link - 1);
        }
    }
    [[nodiscard]] std::size_t byteCount() const
    {
        return (m_first.size() + m_next.size()) * sizeof(std::uint32_t);
    }

private:
    [[nodiscard]] std::size_t bucketOf(std::string_view folded) const;

    /// Index + 1 of the first value of a bucket and of the next one of the same bucket; 0 is none.
    /// Chains, so that values which hostile documents made to collide are still added in no time.
    std::vector<std::uint32_t> m_first;
    std::vector<std::uint32_t> m_next;
};

/// Rows of a column by code. Immutable.
class RowsByCode {
public:
    explicit RowsByCode(const schema::Column& column);

    [[nodiscard]] std::span<const std::uint32_t> rows(std::uint32_t code) const
    {
        return std::span(m_rows).subspan(m_begins[code], m_begins[code + 1] - m_begins[code]);
    }
    [[nodiscard]] std::size_t byteCount() const
    {
        return (m_rows.size() + m_begins.size()) * sizeof(std::uint32_t);
    }

private:
    /// One begin a code and the end of the last.
    std::vector<std::uint32_t> m_begins;
    std::vector<std::uint32_t> m_rows;
};

/// A signature of each value of a column.
[[nodiscard]] std::vector<TextSignature> signaturesOf(const schema::Column& column);

} // namespace sequela::engine
