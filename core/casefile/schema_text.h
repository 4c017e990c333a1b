#pragma once

#include <string_view>

namespace sequela::casefile {

/// schema.sql, word for word; generated at build time.
extern const std::string_view schemaText;

} // namespace sequela::casefile
