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

    /// Members of sets of states looked at to make it, at most `limits::maximumRegexWork`.
    [[nodiscard]] std::uint64_t work() const { return m_work; }

    /// Whether the whole of @p text belongs to the language.
    [[nodiscard]] bool matches(std::string_view text) const;

private:
    friend class RegexAutomatonBuilder;

    bool m_caseInsensitive = false;
    std::uint64_t m_work = 0;
    /// First code point of each class of characters that all transitions treat alike.
    std::vector<char32_t> m_classStarts;
    /// Next state by state × class.
    std::vector<std::uint32_t> m_table;
    std::vector<bool> m_accepting;
};

} // namespace sequela::eql
