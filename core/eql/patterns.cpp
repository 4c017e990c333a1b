#include "core/base/text.h"
#include "core/eql/limits.h"
#include "core/eql/lucene_regex.h"
#include "core/eql/regex_automaton.h"
#include "core/eql/scalar.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <functional>
#include <unordered_set>

namespace sequela::eql {

namespace {

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept
    {
        return std::hash<std::string_view>{}(text);
    }
};

} // namespace

struct CompiledPatterns::State {
    /// Folds once for all literals and wildcards.
    [[nodiscard]] bool matchesTogether(std::string_view text) const
    {
        std::array<char, 512> buffer;
        std::string large;
        std::string_view folded = text;
        bool isPlain = true;
        if (!caseInsensitive) {
            isPlain = isAscii(text);
        } else if (text.size() <= buffer.size()) {
            isPlain = foldAscii(text, std::span(buffer).first(text.size()));
            folded = {buffer.data(), text.size()};
        } else {
            large.resize(text.size());
            isPlain = foldAscii(text, large);
            folded = large;
        }
        if (caseInsensitive && !isPlain) {
            large = foldCase(text);
            folded = large;
        }
        const bool isWhole = isPlain || isValidUtf8(text);
        const auto matchesOne = [&](const Wildcard& each) {
            return isPlain || (isWhole && each.isBytewise) ? each.pattern.matchesAscii(folded)
                                                           : each.pattern.matches(text);
        };
        return literals.contains(folded) || std::ranges::any_of(wildcards, matchesOne);
    }

    struct Wildcard {
        explicit Wildcard(WildcardPattern wildcard)
            : pattern(std::move(wildcard)),
              isBytewise(pattern.pattern().find('?') == std::string::npos
                         && isValidUtf8(pattern.pattern()))
        {
        }

        WildcardPattern pattern;
        /// Without `?` it may be looked for byte by byte in any UTF-8 (WildcardPattern::matches).
        bool isBytewise;
    };

    bool caseInsensitive = false;
    /// Patterns without a wildcard, folded if case does not count.
    std::unordered_set<std::string, TextHash, std::equal_to<>> literals;
    std::vector<Wildcard> wildcards;
    std::vector<std::unique_ptr<re2::RE2>> expressions;
    std::vector<RegexAutomaton> automata;
    std::uint64_t cost = 0;
};

namespace {

re2::RE2::Options optionsFor(bool caseInsensitive)
{
    re2::RE2::Options options;
    options.set_encoding(re2::RE2::Options::EncodingUTF8);
    options.set_dot_nl(true);
    options.set_never_capture(true);
    options.set_log_errors(false);
    options.set_case_sensitive(!caseInsensitive);
    options.set_max_mem(limits::maximumRegexBytes);
    return options;
}

std::unique_ptr<re2::RE2> compileRe2(const std::string& pattern, bool caseInsensitive)
{
    auto expression = std::make_unique<re2::RE2>(pattern, optionsFor(caseInsensitive));
    return expression->ok() ? std::move(expression) : nullptr;
}

} // namespace

CompiledPatterns::CompiledPatterns(std::unique_ptr<State> state) : m_state(std::move(state)) {}
CompiledPatterns::CompiledPatterns(CompiledPatterns&&) noexcept = default;
CompiledPatterns& CompiledPatterns::operator=(CompiledPatterns&&) noexcept = default;
CompiledPatterns::~CompiledPatterns() = default;

std::expected<CompiledPatterns, CompiledPatterns::PatternError>
CompiledPatterns::compile(std::span<const std::string> patterns, bool isRegex, bool caseInsensitive)
{
    auto state = std::make_unique<State>();
    state->caseInsensitive = caseInsensitive;
    std::vector<std::string> translated;
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        if (!isRegex) {
            WildcardPattern wildcard(patterns[i], caseInsensitive);
            if (wildcard.isLiteral()) {
                state->literals.insert(caseInsensitive ? foldCase(patterns[i]) : patterns[i]);
            } else {
                state->wildcards.emplace_back(std::move(wildcard));
            }
            continue;
        }
        const auto refused = [&](std::size_t offset, std::string message) {
            return std::unexpected(PatternError{i, offset, std::move(message), state->cost});
        };
        if (patterns[i].size() > limits::maximumRegexPatternBytes) {
            return refused(limits::maximumRegexPatternBytes,
                           fmt::format("The regular expression is longer than {} bytes",
                                       limits::maximumRegexPatternBytes));
        }
        if (state->cost > limits::maximumRegexCost) {
            return refused(0, "The regular expressions are too large together");
        }
        auto node = parseLuceneRegex(patterns[i]);
        if (!node) {
            return refused(node.error().offset, std::move(node.error().message));
        }
        if (needsAutomaton(*node)) {
            auto automaton = RegexAutomaton::build(*node, caseInsensitive);
            if (!automaton) {
                state->cost += limits::maximumRegexWork / limits::regexWorkPerCost;
                return refused(0, std::move(automaton.error()));
            }
            state->cost += automaton->work() / limits::regexWorkPerCost;
            state->automata.push_back(std::move(*automaton));
            continue;
        }
        auto expression = compileRe2(translateToRe2(*node), caseInsensitive);
        if (!expression) {
            state->cost += limits::maximumRegexCost / limits::regexWorkPerCost;
            return refused(0, "The regular expression is too large to be compiled");
        }
        state->cost += static_cast<std::uint64_t>(expression->ProgramSize());
        translated.push_back(translateToRe2(*node));
        state->expressions.push_back(std::move(expression));
    }
    if (translated.size() > 1) {
        // One pass over the text instead of one for each pattern, where that fits.
        std::string all;
        for (const std::string& pattern : translated) {
            all += (all.empty() ? "(?:" : "|(?:") + pattern + ")";
        }
        if (auto together = compileRe2(all, caseInsensitive)) {
            state->expressions.clear();
            state->expressions.push_back(std::move(together));
        }
    }
    return CompiledPatterns(std::move(state));
}

std::uint64_t CompiledPatterns::cost() const
{
    return m_state->cost;
}

bool CompiledPatterns::matches(std::string_view text) const
{
    const State& state = *m_state;
    if (!state.literals.empty() || state.wildcards.size() > 1) {
        if (state.matchesTogether(text)) {
            return true;
        }
    } else if (!state.wildcards.empty() && state.wildcards.front().pattern.matches(text)) {
        return true;
    }
    const re2::StringPiece piece(text.data(), text.size());
    return std::ranges::any_of(state.expressions,
                               [&](const auto& each) { return re2::RE2::FullMatch(piece, *each); })
           || std::ranges::any_of(state.automata,
                                  [&](const RegexAutomaton& each) { return each.matches(text); });
}

} // namespace sequela::eql
