#pragma once

#include "core/eql/scalar.h"

#include <span>

/// Functions over text (eql.md section 6); called through callFunction, which has settled nulls
/// and checked that arguments which must be text are text.
namespace sequela::eql {

[[nodiscard]] Value between(std::string_view source, std::string_view left, std::string_view right,
                            bool greedy, bool caseInsensitive);
/// First position in code points at or after @p start, null if there is none.
[[nodiscard]] Value indexOf(std::string_view source, std::string_view substring, std::int64_t start,
                            bool caseInsensitive);
[[nodiscard]] bool startsWith(std::string_view source, std::string_view substring,
                              bool caseInsensitive);
[[nodiscard]] bool endsWith(std::string_view source, std::string_view substring,
                            bool caseInsensitive);
[[nodiscard]] bool stringContains(std::string_view source, std::string_view substring,
                                  bool caseInsensitive);
/// Python's slice in code points; no end means to the end.
[[nodiscard]] std::string substring(std::string_view source, std::int64_t start,
                                    std::optional<std::int64_t> end);
/// Number a text spells in a base of 2 to 36; no base is 10, or 16 after `0x`.
[[nodiscard]] ScalarResult parseNumber(std::string_view source, std::optional<std::int64_t> base);

} // namespace sequela::eql
