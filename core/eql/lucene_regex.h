#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Lucene's regular expressions (all flags on), parsed. Numeric intervals are already written out
/// as alternatives of digits.
namespace sequela::eql {

struct CodePointRange {
    char32_t first = 0;
    char32_t last = 0;
};

struct RegexNode {
    enum class Kind : std::uint8_t {
        /// `#`: no text at all.
        Nothing,
        /// One code point of `ranges` (or outside them, if `negated`).
        OneOf,
        /// All children one after the other; none: the empty text.
        Concatenation,
        Union,
        Intersection,
        /// The child, `minimum` to `maximum` times.
        Repetition,
        /// Any text that the child does not match.
        Complement,
    };

    Kind kind = Kind::Concatenation;
    bool negated = false;
    std::vector<CodePointRange> ranges;
    std::vector<RegexNode> children;
    std::uint32_t minimum = 0;
    std::optional<std::uint32_t> maximum;
};

struct RegexError {
    /// Byte in the pattern.
    std::size_t offset = 0;
    std::string message;
};

[[nodiscard]] std::expected<RegexNode, RegexError> parseLuceneRegex(std::string_view pattern);

/// Whether the pattern needs an automaton of our own: RE2 knows neither complement nor
/// intersection.
[[nodiscard]] bool needsAutomaton(const RegexNode& node);

/// The same language in RE2's syntax (to be matched whole, with `.` matching line ends); for
/// patterns that need no automaton.
[[nodiscard]] std::string translateToRe2(const RegexNode& node);

} // namespace sequela::eql
