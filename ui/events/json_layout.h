#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sequela::ui {

/// The document laid out with two blanks a level, one member a line; every token keeps its bytes
/// (numbers, escapes, order, duplicates). Text that is no JSON stays as it is from where it stops
/// being JSON. Nesting beyond @p maxDepth is left on one line.
[[nodiscard]] std::string layoutJson(std::string_view document, std::size_t maxDepth = 64);

} // namespace sequela::ui
