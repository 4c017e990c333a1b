#pragma once

#include "core/eql/lexer.h"
#include "core/eql/syntax_problems.h"

#include <string>
#include <string_view>

/// The string forms of eql.md section 1.1: how far they reach, what they mean, how to write one.
namespace sequela::eql {

/// Reads the string that starts at @p begin (at `"`, `'`, `?"` or `?'`) and reports what is wrong
/// with it. A string that is not closed on its line is an Invalid token up to the line's end.
[[nodiscard]] Token scanString(std::string_view text, std::size_t begin, SyntaxProblems& problems);

/// Value of a String, RawString or LegacyString token with @p spelling, its quotes included.
/// Escapes that are wrong stand for themselves.
[[nodiscard]] std::string decodeString(std::string_view spelling);

/// @p value between double quotes with the escapes it needs: the canonical spelling.
[[nodiscard]] std::string quoteString(std::string_view value);

/// @p name between back quotes, those in it doubled.
[[nodiscard]] std::string quoteName(std::string_view name);

} // namespace sequela::eql
