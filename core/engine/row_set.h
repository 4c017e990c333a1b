#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sequela::engine {

/// A set of rows of one segment, one bit each. Bits past the row count are zero.
class RowSet {
public:
    RowSet() = default;
    explicit RowSet(std::uint32_t rowCount, bool full = false);

    [[nodiscard]] std::uint32_t rowCount() const { return m_rowCount; }
    [[nodiscard]] bool contains(std::uint32_t row) const
    {
        return ((m_words[row / 64] >> (row % 64)) & 1U) != 0;
    }
    void insert(std::uint32_t row) { m_words[row / 64] |= std::uint64_t{1} << (row % 64); }
    void remove(std::uint32_t row) { m_words[row / 64] &= ~(std::uint64_t{1} << (row % 64)); }
    [[nodiscard]] bool isEmpty() const;
    [[nodiscard]] std::uint32_t count() const;

    [[nodiscard]] bool isSubsetOf(const RowSet& other) const;
    void clear();

    RowSet& operator&=(const RowSet& other);
    RowSet& operator|=(const RowSet& other);
    /// Removes the rows of @p other.
    RowSet& operator-=(const RowSet& other);
    bool operator==(const RowSet&) const = default;

    [[nodiscard]] std::span<std::uint64_t> words() { return m_words; }
    [[nodiscard]] std::span<const std::uint64_t> words() const { return m_words; }
    /// Bytes of heap memory.
    [[nodiscard]] std::size_t byteCount() const { return m_words.size() * sizeof(std::uint64_t); }

    /// Calls @p visit(row) for every row, ascending.
    template <typename Visit>
    void forEach(Visit visit) const
    {
        for (std::size_t word = 0; word < m_words.size(); ++word) {
            for (std::uint64_t bits = m_words[word]; bits != 0; bits &= bits - 1) {
                visit(static_cast<std::uint32_t>(word * 64)
                      + static_cast<std::uint32_t>(std::countr_zero(bits)));
            }
        }
    }

private:
    std::uint32_t m_rowCount = 0;
    std::vector<std::uint64_t> m_words;
};

/// Number of one bits.
[[nodiscard]] std::uint64_t countOnes(std::span<const std::uint64_t> words);

} // namespace sequela::engine
