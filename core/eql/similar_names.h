#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::eql {

/// Candidates that @p name may be a misspelling of: an edit distance of at most half of the longer
/// name, closest first, equally close ones in alphabetical order, at most five.
[[nodiscard]] std::vector<std::string> similarNames(std::string_view name,
                                                    std::span<const std::string_view> candidates);

/// `, did you mean [a]?` or `, did you mean any of [a, b]?`; empty for no names.
[[nodiscard]] std::string didYouMean(std::span<const std::string> names);

} // namespace sequela::eql
