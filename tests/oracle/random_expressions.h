#pragma once

#include "tests/oracle/random_source.h"

#include <span>
#include <string>

namespace sequela::oracle {

/// Writes random EQL expressions that are well typed: over the fields of random_data.h, or without
/// any field. Every operator and every function occurs.
class RandomExpressions {
public:
    RandomExpressions(RandomSource& random, bool withFields)
        : m_random(random), m_withFields(withFields)
    {
    }

    /// A boolean expression of up to @p depth levels of `and`, `or`, `not`.
    [[nodiscard]] std::string condition(std::size_t depth);
    [[nodiscard]] std::string text(std::size_t depth);
    [[nodiscard]] std::string number(std::size_t depth);
    /// An expression of any type.
    [[nodiscard]] std::string any(std::size_t depth);

private:
    enum class Kind { Text, Long, Double, Boolean, Date, Ip, Version };

    [[nodiscard]] std::string leaf(std::size_t depth);
    [[nodiscard]] std::string fieldLeaf();
    [[nodiscard]] std::string comparison(std::size_t depth);
    [[nodiscard]] std::string nullCheck(std::size_t depth);
    [[nodiscard]] std::string match(std::size_t depth);
    [[nodiscard]] std::string in(std::size_t depth);
    [[nodiscard]] std::string booleanCall(std::size_t depth);
    [[nodiscard]] std::string booleanComparison(std::size_t depth);
    [[nodiscard]] std::string unmapped();
    [[nodiscard]] std::string cidrMatch();

    [[nodiscard]] std::string textCall(std::size_t depth);
    [[nodiscard]] std::string integer(std::size_t depth);
    [[nodiscard]] std::string integerConstant();
    [[nodiscard]] std::string numberConstant();
    [[nodiscard]] std::string textConstant();
    [[nodiscard]] std::string wildcard();
    [[nodiscard]] std::string regex(std::size_t depth);
    [[nodiscard]] std::string constantOf(Kind kind);
    [[nodiscard]] std::string fieldOf(Kind kind);
    [[nodiscard]] std::string functionName(const std::string& name);
    [[nodiscard]] std::string list(const std::string& first, std::size_t most, Kind kind);
    [[nodiscard]] std::string padded(std::string expression);

    RandomSource& m_random;
    bool m_withFields;
};

/// A string literal of the text, now and then a raw one.
[[nodiscard]] std::string quoted(RandomSource& random, const std::string& text);

} // namespace sequela::oracle
