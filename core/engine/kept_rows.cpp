#include "core/engine/kept_rows.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sequela::engine {

namespace {

/// A list pays while it takes half of what bits take.
constexpr std::size_t bitsPerListedRow = 64;

} // namespace

KeptRows::KeptRows(RowSet rows)
{
    const std::size_t count = rows.count();
    if (count * bitsPerListedRow > rows.rowCount()) {
        m_bits = std::move(rows);
        return;
    }
    m_list.reserve(count);
    rows.forEach([this](std::uint32_t row) { m_list.push_back(row); });
}

bool KeptRows::containAll(const RowSet& rows) const
{
    if (!isList()) {
        return rows.isSubsetOf(m_bits);
    }
    auto next = m_list.begin();
    for (std::size_t word = 0; word < rows.words().size(); ++word) {
        std::uint64_t wanted = rows.words()[word];
        if (wanted == 0) {
            continue;
        }
        next = std::lower_bound(next, m_list.end(), static_cast<std::uint32_t>(word * 64));
        for (; next != m_list.end() && *next / 64 == word; ++next) {
            wanted &= ~(std::uint64_t{1} << (*next % 64));
        }
        if (wanted != 0) {
            return false;
        }
    }
    return true;
}

void KeptRows::keepIn(RowSet& rows) const
{
    if (!isList()) {
        rows &= m_bits;
        return;
    }
    std::vector<std::uint32_t> left;
    left.reserve(m_list.size());
    std::ranges::copy_if(m_list, std::back_inserter(left),
                         [&](std::uint32_t row) { return rows.contains(row); });
    rows.clear();
    for (const std::uint32_t row : left) {
        rows.insert(row);
    }
}

void KeptRows::removeFrom(RowSet& rows) const
{
    if (!isList()) {
        rows -= m_bits;
        return;
    }
    for (const std::uint32_t row : m_list) {
        rows.remove(row);
    }
}

void KeptRows::addTo(RowSet& rows) const
{
    if (!isList()) {
        rows |= m_bits;
        return;
    }
    for (const std::uint32_t row : m_list) {
        rows.insert(row);
    }
}

} // namespace sequela::engine
