#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sequela::schema {

/// How the values of a field compare (eql.md 3.1). Several Elasticsearch mappings share one:
/// keyword, wildcard, constant_keyword, flattened and the text family are Keyword; all integer
/// widths are Long; all fractions are Double.
enum class FieldType : std::uint8_t {
    Keyword,
    /// Analysed text without an exact sub-field: an error where a query compares it (only from a
    /// --schema file; ECS's `match_only_text` and `text` fields behave as Keyword here).
    Text,
    Long,
    Double,
    Boolean,
    Date,
    Ip,
    Version,
    /// An object, nested, geo or range field: an error when a query refers to it.
    Object,
};

/// "keyword", "long", …
[[nodiscard]] std::string_view fieldTypeName(FieldType type);
/// The type of an Elasticsearch mapping name (`scaled_float`, `match_only_text`, …).
[[nodiscard]] std::optional<FieldType> fieldTypeFromMapping(std::string_view mapping);

} // namespace sequela::schema
