#include "core/engine/row_set.h"

#include "core/engine/engine.h"

#include <algorithm>

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
    return static_cast<std::uint32_t>(countOnes(m_words));
}

bool RowSet::isSubsetOf(const RowSet& other) const
{
    for (std::size_t word = 0; word < m_words.size(); ++word) {
        if ((m_words[word] & ~other.m_words[word]) != 0) {
            return false;
        }
    }
    return true;
}

void RowSet::clear()
{
    std::ranges::fill(m_words, 0);
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

// Processors of the baseline have no instruction for it: bits are added up in place, byte by byte
// over as many words as a byte can hold, which compilers turn into vector code.
std::uint64_t countOnes(std::span<const std::uint64_t> words)
{
    constexpr std::uint64_t pairs = 0x5555'5555'5555'5555U;
    constexpr std::uint64_t fours = 0x3333'3333'3333'3333U;
    constexpr std::uint64_t bytes = 0x0F0F'0F0F'0F0F'0F0FU;
    constexpr std::uint64_t everyOtherByte = 0x00FF'00FF'00FF'00FFU;
    constexpr std::uint64_t everyShort = 0x0001'0001'0001'0001U;
    constexpr std::size_t wordsAtOnce = 31;
    std::uint64_t total = 0;
    for (std::size_t begin = 0; begin < words.size(); begin += wordsAtOnce) {
        std::uint64_t sums = 0;
        for (std::uint64_t word :
             words.subspan(begin, std::min(wordsAtOnce, words.size() - begin))) {
            word -= (word >> 1U) & pairs;
            word = (word & fours) + ((word >> 2U) & fours);
            sums += (word + (word >> 4U)) & bytes;
        }
        total += ((sums & everyOtherByte) + ((sums >> 8U) & everyOtherByte)) * everyShort >> 48U;
    }
    return total;
}

std::uint64_t EventSet::count() const
{
    return countOnes(m_words);
}

} // namespace sequela::engine
