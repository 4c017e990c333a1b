#pragma once

#include "core/ingest/limits.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::ingest {

/// Offset behind the row that @p text begins with, its line end included: a quoted cell may hold
/// line ends. Nothing if the row does not end in the text.
[[nodiscard]] std::optional<std::size_t> csvRowEnd(std::string_view text, char separator);

/// Cells of a row; quotes resolved.
[[nodiscard]] std::vector<std::string> csvCells(std::string_view row, char separator);

/// The separator of a head line that names fields as event files do, or nothing: comma, semicolon
/// or tab, at least two cells, none empty or twice, and words of field names only.
[[nodiscard]] std::optional<char> csvSeparator(std::string_view head);

/// A row as a JSON document under the names of @p head. Cells that are empty or `-` are left out;
/// Kibana's `Jan 25, 2021 @ 07:48:47.976` becomes ISO. Empty, with @p reason, if the row has more
/// cells than the head.
[[nodiscard]] std::string csvJson(std::string_view row, std::string_view head, const Limits& limits,
                                  std::string& reason);

} // namespace sequela::ingest
