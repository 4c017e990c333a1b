#pragma once

#include "core/engine/row_set.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sequela::engine {

/// Rows as they are kept between runs: a list where they are few, which most answers are, bits
/// where they are many. Immutable.
class KeptRows {
public:
    explicit KeptRows(RowSet rows);

    /// Bytes of heap memory.
    [[nodiscard]] std::size_t byteCount() const
    {
        return m_list.size() * sizeof(std::uint32_t) + m_bits.byteCount();
    }
    /// Whether all of @p rows are among these.
    [[nodiscard]] bool containAll(const RowSet& rows) const;
    /// rows &= these.
    void keepIn(RowSet& rows) const;
    /// rows -= these.
    void removeFrom(RowSet& rows) const;
    /// rows |= these.
    void addTo(RowSet& rows) const;

private:
    [[nodiscard]] bool isList() const { return m_bits.rowCount() == 0; }

    /// Ascending; used while m_bits has no rows.
    std::vector<std::uint32_t> m_list;
    RowSet m_bits;
};

} // namespace sequela::engine
