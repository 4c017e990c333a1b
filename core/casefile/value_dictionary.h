#pragma once

#include "core/schema/column.h"

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace sequela::casefile {

/// Seeded 64-bit hash of bytes, for tables that live as long as a segment. The seed keeps hostile
/// documents from choosing values that collide.
[[nodiscard]] std::uint64_t hashBytes(const char* bytes, std::size_t size, std::uint64_t seed);

/// Whether two runs of @p size bytes are the same. Names and values are a handful of bytes each and
/// there are a hundred to a document: a call of memcmp() costs more than looking at them.
[[nodiscard]] inline bool sameBytes(const char* left, const char* right, std::size_t size)
{
    constexpr std::size_t longText = 64;
    const auto word = [](const char* bytes) {
        std::uint64_t value = 0;
        std::memcpy(&value, bytes, sizeof value);
        return value;
    };
    if (size < sizeof(std::uint64_t)) {
        for (std::size_t i = 0; i < size; ++i) {
            if (left[i] != right[i]) {
                return false;
            }
        }
        return true;
    }
    if (size > longText) {
        return std::memcmp(left, right, size) == 0;
    }
    const std::size_t last = size - sizeof(std::uint64_t);
    for (std::size_t i = 0; i < last; i += sizeof(std::uint64_t)) {
        if (word(left + i) != word(right + i)) {
            return false;
        }
    }
    return word(left + last) == word(right + last);
}

/// Open addressing over items that live elsewhere: a slot holds an item's index and 32 bits of its
/// hash. Items are only added at the end and removed from the end, which is what keeps removal
/// without tombstones right.
class IndexTable {
public:
    static constexpr std::uint32_t notFound = 0xFFFFFFFFU;

    /// Index of the item with this hash for which equal(index) holds, or notFound.
    template <typename Equal>
    [[nodiscard]] std::uint32_t find(std::uint64_t hash, const Equal& equal) const
    {
        if (m_slots.empty()) {
            return notFound;
        }
        const auto tag = tagOf(hash);
        for (std::size_t slot = hash & m_mask;; slot = (slot + 1) & m_mask) {
            const Slot& entry = m_slots[slot];
            if (entry.item == 0) {
                return notFound;
            }
            if (entry.tag == tag && equal(entry.item - 1)) {
                return entry.item - 1;
            }
        }
    }
    /// Adds item number size(), which must not be there; hashOf(index) is asked when the table
    /// grows.
    template <typename HashOf>
    void append(std::uint64_t hash, const HashOf& hashOf)
    {
        if ((static_cast<std::size_t>(m_size) + 1) * 2 > m_slots.size()) {
            grow(hashOf);
        }
        place(hash, m_size);
        ++m_size;
    }
    /// Removes the item added last.
    void removeLast(std::uint64_t hash)
    {
        for (std::size_t slot = hash & m_mask;; slot = (slot + 1) & m_mask) {
            if (m_slots[slot].item == m_size) {
                m_slots[slot] = {};
                --m_size;
                return;
            }
        }
    }
    void clear();
    [[nodiscard]] std::uint32_t size() const { return m_size; }

private:
    struct Slot {
        std::uint32_t tag = 0;
        /// Index + 1; 0 is a free slot.
        std::uint32_t item = 0;
    };
    static std::uint32_t tagOf(std::uint64_t hash)
    {
        return static_cast<std::uint32_t>(hash >> 32U);
    }
    void place(std::uint64_t hash, std::uint32_t item)
    {
        std::size_t slot = hash & m_mask;
        while (m_slots[slot].item != 0) {
            slot = (slot + 1) & m_mask;
        }
        m_slots[slot] = {tagOf(hash), item + 1};
    }
    template <typename HashOf>
    void grow(const HashOf& hashOf)
    {
        const std::size_t capacity = m_slots.empty() ? 16 : m_slots.size() * 2;
        m_slots.assign(capacity, {});
        m_mask = capacity - 1;
        for (std::uint32_t item = 0; item < m_size; ++item) {
            place(hashOf(item), item);
        }
    }

    std::vector<Slot> m_slots;
    std::size_t m_mask = 0;
    std::uint32_t m_size = 0;
};

/// Distinct values of one field in one segment, numbered in order of first appearance.
class ValueDictionary {
public:
    explicit ValueDictionary(std::uint64_t seed) : m_seed(seed) {}

    /// Number of the value, added if it is new.
    [[nodiscard]] std::uint32_t intern(std::string_view text, schema::ValueKind kind)
    {
        // Fields that repeat the previous event's value are most of a document.
        if (m_last < size() && equals(m_last, text, kind)) {
            return m_last;
        }
        return m_last = internOther(text, kind);
    }
    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(m_kinds.size()); }
    [[nodiscard]] std::string_view text(std::uint32_t index) const
    {
        return {m_text.data() + m_offsets[index], m_offsets[index + 1] - m_offsets[index]};
    }
    /// Forgets the values numbered @p size and above.
    void shrinkTo(std::uint32_t size);
    /// Forgets all; buffers keep their capacity.
    void clear();

    [[nodiscard]] const std::vector<char>& bytes() const { return m_text; }
    [[nodiscard]] const std::vector<std::uint32_t>& offsets() const { return m_offsets; }
    [[nodiscard]] const std::vector<schema::ValueKind>& kinds() const { return m_kinds; }

private:
    [[nodiscard]] bool equals(std::uint32_t index, std::string_view text,
                              schema::ValueKind kind) const
    {
        const std::uint32_t begin = m_offsets[index];
        return m_offsets[index + 1] - begin == text.size() && m_kinds[index] == kind
               && sameBytes(m_text.data() + begin, text.data(), text.size());
    }
    [[nodiscard]] std::uint64_t hashOf(std::string_view text, schema::ValueKind kind) const
    {
        return hashBytes(text.data(), text.size(), m_seed + static_cast<std::uint64_t>(kind));
    }
    [[nodiscard]] std::uint32_t internOther(std::string_view text, schema::ValueKind kind);

    std::uint64_t m_seed;
    std::uint32_t m_last = 0;
    std::vector<char> m_text;
    std::vector<std::uint32_t> m_offsets{0};
    std::vector<schema::ValueKind> m_kinds;
    IndexTable m_table;
};

/// Distinct lists of value numbers of one field in one segment.
class ListDictionary {
public:
    explicit ListDictionary(std::uint64_t seed) : m_seed(seed) {}

    [[nodiscard]] std::uint32_t intern(std::span<const std::uint32_t> values);
    [[nodiscard]] std::uint32_t size() const
    {
        return static_cast<std::uint32_t>(m_offsets.size() - 1);
    }
    void clear();

    [[nodiscard]] const std::vector<std::uint32_t>& offsets() const { return m_offsets; }
    [[nodiscard]] const std::vector<std::uint32_t>& values() const { return m_values; }

private:
    [[nodiscard]] std::span<const std::uint32_t> list(std::uint32_t index) const
    {
        return std::span(m_values).subspan(m_offsets[index],
                                           m_offsets[index + 1] - m_offsets[index]);
    }
    [[nodiscard]] std::uint64_t hashOf(std::span<const std::uint32_t> values) const;

    std::uint64_t m_seed;
    std::vector<std::uint32_t> m_offsets{0};
    std::vector<std::uint32_t> m_values;
    IndexTable m_table;
};

} // namespace sequela::casefile
