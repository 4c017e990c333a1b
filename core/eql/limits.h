#pragma once

#include <cstddef>
#include <cstdint>

/// Every bound of the language module. Past one of them a text is refused with a diagnostic that
/// names the bound; nothing is cut silently.
namespace sequela::eql::limits {

/// Bytes of one query text.
inline constexpr std::size_t maximumQueryBytes = std::size_t{16} * 1024 * 1024;
/// Tokens of one text, white space and comments included. Holds lists of 100,000 items several
/// times over and bounds the memory of a tree to some hundred megabytes.
inline constexpr std::size_t maximumTokens = 2'000'000;
/// Parentheses, calls, signs and `not` inside one another.
inline constexpr std::uint32_t maximumNesting = 250;
/// Levels of an expression tree; a chain of arithmetic (`a + b + c`) grows by one a link.
inline constexpr std::uint32_t maximumTreeHeight = 1000;
/// Problems reported for one text; a last one says that there are more.
inline constexpr std::size_t maximumDiagnostics = 500;
/// `with runs=n`.
inline constexpr std::int64_t minimumRuns = 1;
inline constexpr std::int64_t maximumRuns = 100;
/// Slots of a sequence after `runs` are written out, missing events included.
inline constexpr std::size_t minimumSequenceSlots = 2;
inline constexpr std::size_t maximumSequenceSlots = 256;
inline constexpr std::size_t minimumSampleSlots = 2;
/// Groups inside one another in a regular expression.
inline constexpr std::uint32_t maximumRegexNesting = 200;
/// Largest number in `{n,m}`.
inline constexpr std::uint32_t maximumRegexRepeat = 1000;
/// Digits of a bound in a numeric interval `<1-99>`.
inline constexpr std::size_t maximumRegexIntervalDigits = 9;
/// Memory of one compiled regular expression, its caches included.
inline constexpr std::int64_t maximumRegexBytes = std::int64_t{16} * 1024 * 1024;
/// States of the automaton built for patterns with `~` or `&`, before and after determinization.
inline constexpr std::size_t maximumRegexNfaStates = 100'000;
inline constexpr std::size_t maximumRegexDfaStates = 10'000;
/// Cells (states × character classes) of such an automaton's table.
inline constexpr std::size_t maximumRegexTableCells = 4'000'000;
/// Members of the sets of states that are looked at while such an automaton is made.
inline constexpr std::uint64_t maximumRegexWork = 8'000'000;
/// Bytes of one regular expression.
inline constexpr std::size_t maximumRegexPatternBytes = std::size_t{64} * 1024;
/// What all regular expressions of a query may cost together: instructions of their programs, a
/// sixteenth of the work that automata took.
inline constexpr std::uint64_t maximumRegexCost = 2'000'000;
inline constexpr std::uint64_t regexWorkPerCost = 16;
/// Distinct values that lint reads to find out whether a text occurs.
inline constexpr std::uint64_t maximumLintValues = 2'000'000;

} // namespace sequela::eql::limits
