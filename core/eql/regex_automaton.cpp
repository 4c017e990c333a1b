#include "core/eql/regex_automaton.h"

#include "core/base/text.h"
#include "core/eql/limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace sequela::eql {

namespace {

using Kind = RegexNode::Kind;
using StateNumber = std::uint32_t;

/// Past it no code point folds to another.
constexpr char32_t lastCasedCodePoint = 0x1E943;

/// Characters folded, or classes of characters walked over, that count as one step of work.
constexpr std::uint32_t charactersPerStep = 16;

struct Edge {
    /// Half-open range of character classes.
    std::uint32_t firstClass = 0;
    std::uint32_t endClass = 0;
    StateNumber target = 0;
};

struct NfaState {
    std::vector<Edge> edges;
    std::vector<StateNumber> jumps;
};

/// Part of the automaton with one way in and one way out.
struct Fragment {
    StateNumber start = 0;
    StateNumber end = 0;
};

struct Dfa {
    std::vector<StateNumber> table;
    std::vector<bool> accepting;
};

} // namespace

class RegexAutomatonBuilder {
public:
    explicit RegexAutomatonBuilder(bool caseInsensitive) : m_caseInsensitive(caseInsensitive) {}

    std::expected<RegexAutomaton, std::string> run(const RegexNode& node)
    {
        m_boundaries = {0, 0x110000};
        collectBoundaries(node);
        std::ranges::sort(m_boundaries);
        const auto [first, last] = std::ranges::unique(m_boundaries);
        m_boundaries.erase(first, last);
        m_classCount = static_cast<std::uint32_t>(m_boundaries.size() - 1);
        auto dfa = determinized(node);
        if (!dfa) {
            return std::unexpected(dfa.error());
        }
        RegexAutomaton automaton;
        automaton.m_caseInsensitive = m_caseInsensitive;
        automaton.m_classStarts.assign(m_boundaries.begin(), m_boundaries.end() - 1);
        automaton.m_table = std::move(dfa->table);
        automaton.m_accepting = std::move(dfa->accepting);
        automaton.m_work = m_work;
        return automaton;
    }

private:
    using Built = std::expected<Fragment, std::string>;

    /// The ranges as the matcher sees characters: folded if case does not count.
    [[nodiscard]] const std::vector<CodePointRange>& effectiveRanges(const RegexNode& node)
    {
        if (!m_caseInsensitive) {
            return node.ranges;
        }
        const auto [place, isNew] = m_foldedRanges.try_emplace(&node);
        std::vector<CodePointRange>& folded = place->second;
        if (!isNew || isOverspent()) {
            return folded;
        }
        for (const CodePointRange& range : node.ranges) {
            folded.push_back(range);
            m_work += std::min(range.last, lastCasedCodePoint) / charactersPerStep;
            for (char32_t c = range.first; c <= std::min(range.last, lastCasedCodePoint); ++c) {
                if (const char32_t to = foldCase(c); to != c) {
                    folded.push_back({to, to});
                }
            }
        }
        return folded;
    }
    void collectBoundaries(const RegexNode& node)
    {
        if (node.kind == Kind::OneOf) {
            for (const CodePointRange& range : effectiveRanges(node)) {
                m_boundaries.push_back(range.first);
                m_boundaries.push_back(range.last + 1);
            }
        }
        for (const RegexNode& child : node.children) {
            collectBoundaries(child);
        }
    }
    [[nodiscard]] std::uint32_t classOf(char32_t boundary) const
    {
        return static_cast<std::uint32_t>(std::ranges::lower_bound(m_boundaries, boundary)
                                          - m_boundaries.begin());
    }

    std::expected<StateNumber, std::string> addState()
    {
        if (m_states.size() >= limits::maximumRegexNfaStates) {
            return std::unexpected(fmt::format("The regular expression needs more than {} states",
                                               limits::maximumRegexNfaStates));
        }
        m_states.emplace_back();
        return static_cast<StateNumber>(m_states.size() - 1);
    }
    Built emptyFragment()
    {
        const auto start = addState();
        if (!start) {
            return std::unexpected(start.error());
        }
        const auto end = addState();
        if (!end) {
            return std::unexpected(end.error());
        }
        return Fragment{*start, *end};
    }
    void jump(StateNumber from, StateNumber to) { m_states[from].jumps.push_back(to); }

    [[nodiscard]] bool isOverspent() const { return m_work > limits::maximumRegexWork; }
    static std::unexpected<std::string> tooComplex()
    {
        return std::unexpected(
            std::string("The regular expression is too complex to be combined with ~ or &"));
    }

    Built build(const RegexNode& node)
    {
        if (isOverspent()) {
            return tooComplex();
        }
        switch (node.kind) {
        case Kind::Nothing:
            return emptyFragment();
        case Kind::OneOf:
            return buildClass(node);
        case Kind::Concatenation:
            return buildConcatenation(node);
        case Kind::Union:
            return buildUnion(node);
        case Kind::Repetition:
            return buildRepetition(node);
        case Kind::Intersection:
        case Kind::Complement:
            return buildFromDfa(node);
        }
        return emptyFragment();
    }
    Built buildClass(const RegexNode& node)
    {
        Built fragment = emptyFragment();
        if (!fragment) {
            return fragment;
        }
        m_work += 1 + m_classCount / charactersPerStep;
        std::vector<bool> inside(m_classCount, node.negated);
        for (const CodePointRange& range : effectiveRanges(node)) {
            for (std::uint32_t c = classOf(range.first); c < classOf(range.last + 1); ++c) {
                inside[c] = !node.negated;
            }
        }
        for (std::uint32_t c = 0; c < m_classCount;) {
            std::uint32_t end = c + 1;
            while (end < m_classCount && inside[end] == inside[c]) {
                ++end;
            }
            if (inside[c]) {
                m_states[fragment->start].edges.push_back({c, end, fragment->end});
                ++m_work;
            }
            c = end;
        }
        return fragment;
    }
    Built buildConcatenation(const RegexNode& node)
    {
        const auto start = addState();
        if (!start) {
            return std::unexpected(start.error());
        }
        Fragment whole{*start, *start};
        for (const RegexNode& child : node.children) {
            const Built part = build(child);
            if (!part) {
                return part;
            }
            jump(whole.end, part->start);
            whole.end = part->end;
        }
        return whole;
    }
    Built buildUnion(const RegexNode& node)
    {
        const Built whole = emptyFragment();
        for (std::size_t i = 0; whole && i < node.children.size(); ++i) {
            const Built part = build(node.children[i]);
            if (!part) {
                return part;
            }
            jump(whole->start, part->start);
            jump(part->end, whole->end);
        }
        return whole;
    }
    Built buildRepetition(const RegexNode& node)
    {
        Built whole = emptyFragment();
        if (!whole) {
            return whole;
        }
        StateNumber place = whole->start;
        const std::uint32_t copies = node.maximum.value_or(node.minimum + 1);
        for (std::uint32_t i = 0; i < copies; ++i) {
            if (i >= node.minimum) {
                jump(place, whole->end);
            }
            const Built part = build(node.children.front());
            if (!part) {
                return part;
            }
            jump(place, part->start);
            if (!node.maximum && i + 1 == copies) {
                jump(part->end, place);
            }
            place = part->end;
        }
        jump(place, whole->end);
        return whole;
    }

    Built buildFromDfa(const RegexNode& node)
    {
        auto dfa = determinized(node);
        if (!dfa) {
            return std::unexpected(dfa.error());
        }
        std::vector<StateNumber> numbers;
        for (std::size_t i = 0; i <= dfa->accepting.size(); ++i) {
            const auto state = addState();
            if (!state) {
                return std::unexpected(state.error());
            }
            numbers.push_back(*state);
        }
        const StateNumber end = numbers.back();
        m_work += dfa->table.size();
        for (std::size_t i = 0; i < dfa->accepting.size(); ++i) {
            for (std::uint32_t c = 0; c < m_classCount; ++c) {
                m_states[numbers[i]].edges.push_back(
                    {c, c + 1, numbers[dfa->table[i * m_classCount + c]]});
            }
            if (dfa->accepting[i]) {
                jump(numbers[i], end);
            }
        }
        return Fragment{numbers.front(), end};
    }

    std::expected<Dfa, std::string> determinized(const RegexNode& node)
    {
        if (node.kind == Kind::Complement) {
            auto dfa = determinized(node.children.front());
            if (dfa) {
                dfa->accepting.flip();
            }
            return dfa;
        }
        if (node.kind == Kind::Intersection) {
            auto dfa = determinized(node.children.front());
            for (std::size_t i = 1; dfa && i < node.children.size(); ++i) {
                const auto other = determinized(node.children[i]);
                if (!other) {
                    return other;
                }
                dfa = intersection(*dfa, *other);
            }
            return dfa;
        }
        const Built fragment = build(node);
        if (!fragment) {
            return std::unexpected(fragment.error());
        }
        return subsets(*fragment);
    }

    std::expected<void, std::string> checkSize(std::size_t stateCount) const
    {
        if (stateCount > limits::maximumRegexDfaStates || isOverspent()
            || stateCount * m_classCount > limits::maximumRegexTableCells) {
            return tooComplex();
        }
        return {};
    }

    std::expected<Dfa, std::string> intersection(const Dfa& left, const Dfa& right)
    {
        std::map<std::pair<StateNumber, StateNumber>, StateNumber> numbers{{{0, 0}, 0}};
        std::vector<std::pair<StateNumber, StateNumber>> pairs{{0, 0}};
        Dfa result;
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            const auto [a, b] = pairs[i];
            result.accepting.push_back(left.accepting[a] && right.accepting[b]);
            for (std::uint32_t c = 0; c < m_classCount; ++c) {
                const std::pair next{left.table[a * m_classCount + c],
                                     right.table[b * m_classCount + c]};
                const auto [place, isNew] =
                    numbers.try_emplace(next, static_cast<StateNumber>(pairs.size()));
                if (isNew) {
                    pairs.push_back(next);
                }
                ++m_work;
                result.table.push_back(place->second);
            }
            if (auto fits = checkSize(pairs.size()); !fits) {
                return std::unexpected(fits.error());
            }
        }
        return result;
    }

    /// Adds everything reachable without a character; sorts.
    void close(std::vector<StateNumber>& states)
    {
        m_reached.resize(m_states.size(), false);
        for (const StateNumber state : states) {
            m_reached[state] = true;
        }
        for (std::size_t i = 0; i < states.size(); ++i) {
            for (const StateNumber next : m_states[states[i]].jumps) {
                if (!m_reached[next]) {
                    m_reached[next] = true;
                    states.push_back(next);
                }
            }
        }
        for (const StateNumber state : states) {
            m_reached[state] = false;
        }
        std::ranges::sort(states);
    }

    std::expected<Dfa, std::string> subsets(const Fragment& fragment)
    {
        std::vector<StateNumber> start{fragment.start};
        close(start);
        std::map<std::vector<StateNumber>, StateNumber> numbers{{start, 0}};
        std::vector<std::vector<StateNumber>> sets{std::move(start)};
        Dfa result;
        for (std::size_t i = 0; i < sets.size(); ++i) {
            result.accepting.push_back(std::ranges::binary_search(sets[i], fragment.end));
            std::vector<std::vector<StateNumber>> targets(m_classCount);
            for (const StateNumber state : sets[i]) {
                for (const Edge& edge : m_states[state].edges) {
                    m_work += edge.endClass - edge.firstClass;
                    if (isOverspent()) {
                        return tooComplex();
                    }
                    for (std::uint32_t c = edge.firstClass; c < edge.endClass; ++c) {
                        targets[c].push_back(edge.target);
                    }
                }
            }
            for (std::vector<StateNumber>& target : targets) {
                std::ranges::sort(target);
                const auto [first, last] = std::ranges::unique(target);
                target.erase(first, last);
                close(target);
                m_work += target.size() + 1;
                const auto [place, isNew] =
                    numbers.try_emplace(target, static_cast<StateNumber>(sets.size()));
                if (isNew) {
                    sets.push_back(std::move(target));
                }
                result.table.push_back(place->second);
            }
            if (auto fits = checkSize(sets.size()); !fits) {
                return std::unexpected(fits.error());
            }
        }
        return result;
    }

    bool m_caseInsensitive = false;
    std::vector<char32_t> m_boundaries;
    std::uint32_t m_classCount = 0;
    std::vector<NfaState> m_states;
    std::vector<bool> m_reached;
    std::map<const RegexNode*, std::vector<CodePointRange>> m_foldedRanges;
    std::uint64_t m_work = 0;
};

std::expected<RegexAutomaton, std::string> RegexAutomaton::build(const RegexNode& node,
                                                                 bool caseInsensitive)
{
    return RegexAutomatonBuilder(caseInsensitive).run(node);
}

bool RegexAutomaton::matches(std::string_view text) const
{
    const std::size_t classCount = m_classStarts.size();
    std::uint32_t state = 0;
    for (std::size_t offset = 0; offset < text.size();) {
        const DecodedCodePoint decoded = decodeUtf8(text, offset);
        offset += decoded.byteCount;
        const char32_t c = m_caseInsensitive ? foldCase(decoded.codePoint) : decoded.codePoint;
        const auto next = std::ranges::upper_bound(m_classStarts, c);
        const auto characterClass = static_cast<std::size_t>(next - m_classStarts.begin()) - 1;
        state = m_table[state * classCount + characterClass];
    }
    return m_accepting[state];
}

} // namespace sequela::eql
