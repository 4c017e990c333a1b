#include "core/casefile/value_dictionary.h"

#include <algorithm>

namespace sequela::casefile {

namespace {

__extension__ using Wide = unsigned __int128;

std::uint64_t multiplyFold(std::uint64_t left, std::uint64_t right)
{
    const Wide product = static_cast<Wide>(left) * right;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

std::uint64_t load64(const char* bytes)
{
    std::uint64_t value = 0;
    std::memcpy(&value, bytes, sizeof value);
    return value;
}

std::uint64_t load32(const char* bytes)
{
    std::uint32_t value = 0;
    std::memcpy(&value, bytes, sizeof value);
    return value;
}

constexpr std::uint64_t firstFactor = 0xA0761D6478BD642FULL;
constexpr std::uint64_t secondFactor = 0xE7037ED1A0B428DBULL;

} // namespace

std::uint64_t hashBytes(const char* bytes, std::size_t size, std::uint64_t seed)
{
    std::uint64_t state = seed ^ firstFactor;
    std::size_t left = size;
    while (left > 16) {
        state = multiplyFold(load64(bytes) ^ secondFactor, load64(bytes + 8) ^ state);
        bytes += 16;
        left -= 16;
    }
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    if (left >= 8) {
        low = load64(bytes);
        high = load64(bytes + left - 8);
    } else if (left >= 4) {
        low = load32(bytes);
        high = load32(bytes + left - 4);
    } else if (left > 0) {
        const auto byteAt = [bytes](std::size_t index) {
            return std::uint64_t{static_cast<unsigned char>(bytes[index])};
        };
        low = byteAt(0) | (byteAt(left / 2) << 8U) | (byteAt(left - 1) << 16U);
    }
    return multiplyFold(secondFactor ^ size, multiplyFold(low ^ secondFactor, high ^ state));
}

void IndexTable::clear()
{
    if (m_size != 0) {
        std::fill(m_slots.begin(), m_slots.end(), Slot{});
        m_size = 0;
    }
}

std::uint32_t ValueDictionary::internOther(std::string_view text, schema::ValueKind kind)
{
    const std::uint64_t hash = hashOf(text, kind);
    const std::uint32_t found =
        m_table.find(hash, [&](std::uint32_t index) { return equals(index, text, kind); });
    if (found != IndexTable::notFound) {
        return found;
    }
    m_table.append(
        hash, [this](std::uint32_t index) { return hashOf(this->text(index), m_kinds[index]); });
    m_text.insert(m_text.end(), text.begin(), text.end());
    m_offsets.push_back(static_cast<std::uint32_t>(m_text.size()));
    m_kinds.push_back(kind);
    return size() - 1;
}

void ValueDictionary::shrinkTo(std::uint32_t size)
{
    while (this->size() > size) {
        const std::uint32_t last = this->size() - 1;
        m_table.removeLast(hashOf(text(last), m_kinds[last]));
        m_text.resize(m_offsets[last]);
        m_offsets.pop_back();
        m_kinds.pop_back();
    }
}

void ValueDictionary::clear()
{
    m_last = 0;
    m_text.clear();
    m_offsets.resize(1);
    m_kinds.clear();
    m_table.clear();
}

std::uint64_t ListDictionary::hashOf(std::span<const std::uint32_t> values) const
{
    return hashBytes(reinterpret_cast<const char*>(values.data()), values.size_bytes(), m_seed);
}

std::uint32_t ListDictionary::intern(std::span<const std::uint32_t> values)
{
    const std::uint64_t hash = hashOf(values);
    const std::uint32_t found = m_table.find(
        hash, [&](std::uint32_t index) { return std::ranges::equal(list(index), values); });
    if (found != IndexTable::notFound) {
        return found;
    }
    m_table.append(hash, [this](std::uint32_t index) { return hashOf(list(index)); });
    m_values.insert(m_values.end(), values.begin(), values.end());
    m_offsets.push_back(static_cast<std::uint32_t>(m_values.size()));
    return size() - 1;
}

void ListDictionary::clear()
{
    m_offsets.resize(1);
    m_values.clear();
    m_table.clear();
}

} // namespace sequela::casefile
