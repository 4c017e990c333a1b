#include "core/engine/row_set.h"

#include "core/engine/engine.h"

namespace sequela::engine {

RowSet::RowSet(std::uint32_t rowCount, bool full)
    : m_rowCount(rowCount), m_words((rowCount + 63) / 64, full ? ~std::uint64_t{0} : 0)
{
    if (full && rowCount % 64 != 0) {
        m_words.back() = (std::uint64_t{1} << (rowCount % 64)) - 1;
    }
}

bool RowSet::isEmpty() const
{
    for (const std::uint64_t word : m_words) {
        if (word != 0) {
            return false;
        }
    }
    return true;
}

std::uint32_t RowSet::count() const
{
    std::uint32_t total = 0;
    for (const std::uint64_t word : m_words) {
        total += static_cast<std::uint32_t>(std::popcount(word));
    }
    return total;
}

RowSet& RowSet::operator&=(const RowSet& other)
{
    for (std::size_t word = 0; word < m_words.size(); ++word) {
        m_words[word] &= other.m_words[word];
    }
    return *this;
}

RowSet& RowSet::operator|=(const RowSet& other)
{
    for (std::size_t word = 0; word < m_words.size(); ++word) {
        m_words[word] |= other.m_words[word];
    }
    return *this;
}

RowSet& RowSet::operator-=(const RowSet& other)
{
    for (std::size_t word = 0; word < m_words.size(); ++word) {
        m_words[word] &= ~other.m_words[word];
    }
    return *this;
}

std::uint64_t EventSet::count() const
{
    std::uint64_t total = 0;
    for (const std::uint64_t word : m_words) {
        total += static_cast<std::uint64_t>(std::popcount(word));
    }
    return total;
}

} // namespace sequela::engine
