#pragma once

#include "core/schema/column.h"

#include <functional>
#include <string_view>

namespace sequela::mapping {

/// Receives a member of an embedded object under its dotted name; the texts are only good during
/// the call.
using EmbeddedMember =
    std::function<void(std::string_view field, std::string_view text, schema::ValueKind kind)>;

/// Reads a JSON object that another document holds as a string: nested objects joined by dots,
/// arrays one value after the other. False, with what was read so far told, when it is none.
[[nodiscard]] bool readEmbeddedJson(std::string_view text, const EmbeddedMember& member);

} // namespace sequela::mapping
