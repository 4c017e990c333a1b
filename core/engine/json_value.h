#pragma once

#include "core/base/diagnostic.h"
#include "core/eql/value.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sequela::engine {

/// A JSON document as a tree of its own, for predicates over arrays of objects.
struct JsonValue {
    enum class Kind : std::uint8_t { Scalar, Array, Object };
    Kind kind = Kind::Scalar;
    /// Text, whole number, other number, boolean or null.
    eql::Value scalar;
    /// Elements of an array, or values of an object's members.
    std::vector<JsonValue> items;
    /// Names of an object's members, one an item.
    std::vector<std::string> names;
};

/// Parses one document. Errors: not JSON, nested deeper than limits::documentDepth.
[[nodiscard]] Result<JsonValue> parseJsonValue(std::string_view text);

/// Every value at a dotted path, keys nested, dotted or both; arrays on the way and at the end are
/// opened. An empty path is the value itself.
void collectAt(const JsonValue& value, std::string_view path, std::vector<const JsonValue*>& found);

} // namespace sequela::engine
