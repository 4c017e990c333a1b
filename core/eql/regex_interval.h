#pragma once

#include "core/eql/lucene_regex.h"

namespace sequela::eql {

/// What stands between `<` and `>`: `1-99`, numbers written with the same number of digits stand
/// for exactly that many (`<01-99>`), others for any number of leading zeros. The error says what
/// is wrong.
[[nodiscard]] std::expected<RegexNode, std::string> numericInterval(std::string_view body);

} // namespace sequela::eql
