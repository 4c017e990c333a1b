#pragma once

#include "core/casefile/value_dictionary.h"

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::mapping {

/// Number of a field name in a NameTable.
using NameId = std::uint32_t;
inline constexpr NameId noName = 0xFFFFFFFFU;

/// Field names as numbers. Documents of one shape name the same fields in the same order, so the
/// name that followed the last one is tried before anything is hashed. Not thread-safe.
class NameTable {
public:
    NameTable();

    [[nodiscard]] NameId intern(std::string_view name);
    /// The same, expecting @p name to follow @p previous as it did before.
    [[nodiscard]] NameId internAfter(NameId previous, std::string_view name);
    /// The name's number if it is known, else noName.
    [[nodiscard]] NameId find(std::string_view name) const;
    [[nodiscard]] const std::string& name(NameId id) const { return m_names[id].text; }
    [[nodiscard]] std::size_t size() const { return m_names.size(); }

private:
    struct Name {
        std::string text;
        std::array<NameId, 2> successors{noName, noName};
    };
    std::uint64_t m_seed;
    /// Names never move: views of them stay good.
    std::deque<Name> m_names;
    casefile::IndexTable m_index;
    NameId m_firstName = noName;
};

} // namespace sequela::mapping
