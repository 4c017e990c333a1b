#pragma once

#include <string_view>

namespace sequela::cli {

/// Whether a text is one JSON value (RFC 8259) with nothing but white space around it: numbers of
/// any size, nesting of any depth, valid UTF-8. Reads the text once, allocates only for nesting.
[[nodiscard]] bool isJsonValue(std::string_view text);

} // namespace sequela::cli
