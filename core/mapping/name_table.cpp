#include "core/mapping/name_table.h"

#include <random>

namespace sequela::mapping {

NameTable::NameTable()
    : m_seed((std::uint64_t{std::random_device{}()} << 32U) | std::random_device{}())
{
}

NameId NameTable::find(std::string_view name) const
{
    return m_index.find(casefile::hashBytes(name.data(), name.size(), m_seed),
                        [&](std::uint32_t item) { return m_names[item].text == name; });
}

NameId NameTable::intern(std::string_view name)
{
    const NameId known = find(name);
    if (known != noName) {
        return known;
    }
    m_index.append(casefile::hashBytes(name.data(), name.size(), m_seed),
                   [this](std::uint32_t item) {
                       const std::string& text = m_names[item].text;
                       return casefile::hashBytes(text.data(), text.size(), m_seed);
                   });
    m_names.push_back({.text = std::string(name)});
    return static_cast<NameId>(m_names.size() - 1);
}

NameId NameTable::internAfter(NameId previous, std::string_view name)
{
    if (previous == noName) {
        if (m_firstName == noName || m_names[m_firstName].text != name) {
            m_firstName = intern(name);
        }
        return m_firstName;
    }
    for (const NameId successor : m_names[previous].successors) {
        if (successor != noName && m_names[successor].text == name) {
            return successor;
        }
    }
    if (m_names[previous].text == name) {
        return previous;
    }
    const NameId found = intern(name);
    auto& successors = m_names[previous].successors;
    successors = {found, successors[0]};
    return found;
}

} // namespace sequela::mapping
