#pragma once

#include "core/base/diagnostic.h"
#include "core/eql/dialect.h"

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::eql {

/// The canonical layout of a query: one stage a block, `and` and `or` at line starts, two spaces of
/// indent, lines of at most 100 columns where a token allows it, no final line end. Only white
/// space changes: every token and every comment stays, so the meaning does, and formatting twice is
/// formatting once. Text with syntax errors is refused with its diagnostics.
[[nodiscard]] std::expected<std::string, std::vector<Diagnostic>> formatQuery(std::string_view text,
                                                                              Dialect dialect);

} // namespace sequela::eql
