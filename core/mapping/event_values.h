#pragma once

#include "core/mapping/name_table.h"
#include "core/schema/column.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace sequela::mapping {

/// Where a value of a mapped event comes from.
enum class Origin : std::uint8_t {
    /// The document has it under this name.
    Original,
    /// The document has it under another name, perhaps written another way.
    Renamed,
    /// Worked out or constant: the document does not say it.
    Derived,
};

/// One value of the event under way.
struct Value {
    NameId name = noName;
    /// Name in the document; noName for constants.
    NameId source = noName;
    std::string_view text;
    schema::ValueKind kind = schema::ValueKind::String;
    Origin origin = Origin::Original;
    /// False once another name took its place.
    bool isLive = true;
    /// A row of the running table took it; it goes when the table is done.
    bool isMoved = false;
    /// Some row knew what to do with it.
    bool isKnown = false;
    /// The next value of the same name.
    std::uint32_t next = 0xFFFFFFFFU;
};

/// The values of one event while it is mapped: found by name in constant time, texts kept until
/// the next event. Reused; not thread-safe.
class EventValues {
public:
    static constexpr std::uint32_t none = 0xFFFFFFFFU;

    void clear();
    /// @p text must stay until clear(); keep() makes such a copy.
    void add(NameId name, std::string_view text, schema::ValueKind kind, Origin origin,
             NameId source);
    [[nodiscard]] std::string_view keep(std::string_view text);
    /// Index of the first live value of a name, or none; the next ones by nextOf().
    [[nodiscard]] std::uint32_t first(NameId name) const
    {
        if (name >= m_heads.size() || m_heads[name].stamp != m_stamp) {
            return none;
        }
        return liveFrom(m_heads[name].first);
    }
    [[nodiscard]] std::uint32_t nextOf(std::uint32_t index) const
    {
        return liveFrom(m_values[index].next);
    }
    [[nodiscard]] bool has(NameId name) const { return first(name) != none; }
    /// Text of the first value, empty for none.
    [[nodiscard]] std::string_view text(NameId name) const
    {
        const std::uint32_t index = first(name);
        return index == none ? std::string_view() : m_values[index].text;
    }
    [[nodiscard]] Value& at(std::uint32_t index) { return m_values[index]; }
    [[nodiscard]] const Value& at(std::uint32_t index) const { return m_values[index]; }
    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(m_values.size()); }
    /// Gives a value another name.
    void rename(std::uint32_t index, NameId name);
    [[nodiscard]] std::span<const Value> values() const { return m_values; }

private:
    struct Head {
        std::uint64_t stamp = 0;
        std::uint32_t first = none;
        std::uint32_t last = none;
    };
    struct Block {
        std::unique_ptr<char[]> bytes;
        std::size_t size = 0;
    };
    [[nodiscard]] std::uint32_t liveFrom(std::uint32_t index) const
    {
        while (index != none && !m_values[index].isLive) {
            index = m_values[index].next;
        }
        return index;
    }
    void link(std::uint32_t index);

    std::vector<Value> m_values;
    std::vector<Head> m_heads;
    std::uint64_t m_stamp = 1;
    std::vector<Block> m_blocks;
    std::size_t m_block = 0;
    std::size_t m_used = 0;
};

} // namespace sequela::mapping
