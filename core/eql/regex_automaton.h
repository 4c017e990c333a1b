#pragma once

#include "core/eql/lucene_regex.h"

namespace sequela::eql {

/// A deterministic automaton for regular expressions with complement or intersection. Immutable,
/// so any number of threads may match with it.
class RegexAutomaton {
public:
    /// The error says which bound (limits.h) the pattern passes.
    [[nodiscard]] static std::expected<RegexAutomaton, std::string> build(const RegexNode& node,
                                                                          bool caseInsensitive);

    /// Whether the whole of @p text belongs to the language.
    [[nodiscard]] bool matches(std::string_view text) const;

private:
    friend class RegexAutomatonBuilder;

    bool m_caseInsensitive = false;
    /// First code point of each class of characters that all transitions treat alike.
    std::vector<char32_t> m_classStarts;
    /// Next state by state × class.
    std::vector<std::uint32_t> m_table;
    std::vector<bool> m_accepting;
};

} // namespace sequela::eql
