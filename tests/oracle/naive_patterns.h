#pragma once

#include <string_view>

namespace sequela::oracle {

/// `*` and `?` over the whole text, by trying everything.
[[nodiscard]] bool matchesWildcard(std::string_view pattern, std::string_view text,
                                   bool caseInsensitive);
/// A Lucene regular expression (all flags) over the whole text, by following every way through it.
/// A malformed pattern ends the program: the generator writes none.
[[nodiscard]] bool matchesRegex(std::string_view pattern, std::string_view text,
                                bool caseInsensitive);

} // namespace sequela::oracle
