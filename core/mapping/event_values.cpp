#include "core/mapping/event_values.h"

#include <algorithm>
#include <cstring>

namespace sequela::mapping {

void EventValues::clear()
{
    constexpr std::size_t blocksKept = 64;
    m_values.clear();
    ++m_stamp;
    m_block = 0;
    m_used = 0;
    if (m_blocks.size() > blocksKept) {
        m_blocks.resize(blocksKept);
    }
}

std::string_view EventValues::keep(std::string_view text)
{
    constexpr std::size_t blockBytes = std::size_t{64} << 10U;
    if (text.empty()) {
        return {};
    }
    while (m_block < m_blocks.size() && m_blocks[m_block].size - m_used < text.size()) {
        ++m_block;
        m_used = 0;
    }
    if (m_block == m_blocks.size()) {
        const std::size_t size = std::max(blockBytes, text.size());
        m_blocks.push_back({.bytes = std::make_unique_for_overwrite<char[]>(size), .size = size});
        m_used = 0;
    }
    char* const place = m_blocks[m_block].bytes.get() + m_used;
    std::memcpy(place, text.data(), text.size());
    m_used += text.size();
    return {place, text.size()};
}

void EventValues::link(std::uint32_t index)
{
    const NameId name = m_values[index].name;
    if (name >= m_heads.size()) {
        m_heads.resize(static_cast<std::size_t>(name) + 64);
    }
    Head& head = m_heads[name];
    m_values[index].next = none;
    if (head.stamp != m_stamp) {
        head = {.stamp = m_stamp, .first = index, .last = index};
        return;
    }
    m_values[head.last].next = index;
    head.last = index;
}

void EventValues::add(NameId name, std::string_view text, schema::ValueKind kind, Origin origin,
                      NameId source)
{
    m_values.push_back(
        {.name = name, .source = source, .text = text, .kind = kind, .origin = origin});
    link(size() - 1);
}

void EventValues::rename(std::uint32_t index, NameId name)
{
    // The place in the old list stays: a copy takes the new name at the end of the new one.
    Value renamed = m_values[index];
    m_values[index].isLive = false;
    renamed.name = name;
    renamed.origin = renamed.origin == Origin::Original ? Origin::Renamed : renamed.origin;
    m_values.push_back(renamed);
    link(size() - 1);
}

} // namespace sequela::mapping
