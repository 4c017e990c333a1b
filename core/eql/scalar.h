#pragma once

#include "core/eql/bound_query.h"
#include "core/eql/value.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The scalar meaning of every operator and function: the binder folds constants with it and the
/// engine evaluates leaves with it, so a constant and a field of the same value never differ.
namespace sequela::eql {

/// What happens to `1/0`, `number("x")`, overflow: an error of the query when it is a constant,
/// null and a warning when an event's values cause it (rules.md).
using ScalarResult = std::expected<Value, std::string>;

[[nodiscard]] ScalarResult applyArithmetic(ArithmeticOperator op, const Value& left,
                                           const Value& right);
[[nodiscard]] ScalarResult negate(const Value& operand);
/// Boolean value, or null when either side is null.
[[nodiscard]] Value applyComparison(ComparisonOperator op, const Value& left, const Value& right);
/// Kleene logic.
[[nodiscard]] Value kleeneAnd(const Value& left, const Value& right);
[[nodiscard]] Value kleeneOr(const Value& left, const Value& right);
[[nodiscard]] Value kleeneNot(const Value& operand);

/// Calls a function (not CidrMatch, see Call::blocks) with evaluated arguments; section 6.
[[nodiscard]] ScalarResult callFunction(Function function, bool caseInsensitive,
                                        std::span<const Value> arguments);

/// Patterns of one TextMatch, compiled once: wildcards, or Lucene regular expressions translated to
/// RE2. Thread-safe to match with.
class CompiledPatterns {
public:
    /// Never fails for wildcards; for regular expressions the error says what is not supported and
    /// the byte offset in the pattern.
    struct PatternError {
        std::size_t patternIndex = 0;
        std::size_t offset = 0;
        std::string message;
        /// What was spent all the same; see cost().
        std::uint64_t cost = 0;
    };
    [[nodiscard]] static std::expected<CompiledPatterns, PatternError>
    compile(std::span<const std::string> patterns, bool isRegex, bool caseInsensitive);

    CompiledPatterns(CompiledPatterns&&) noexcept;
    CompiledPatterns& operator=(CompiledPatterns&&) noexcept;
    ~CompiledPatterns();

    /// Size of what regular expressions were compiled to, in the unit of
    /// `limits::maximumRegexCost`; 0 for wildcards.
    [[nodiscard]] std::uint64_t cost() const;

    /// Whether any pattern matches the whole of @p text.
    [[nodiscard]] bool matches(std::string_view text) const;

private:
    struct State;
    explicit CompiledPatterns(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace sequela::eql
