#pragma once

#include "core/base/ip_address.h"
#include "core/base/timestamp.h"
#include "core/schema/column.h"
#include "core/schema/field_type.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace sequela::eql {

/// A version number that orders as semantic versions do; invalid ones after all valid ones, equal
/// only to the same text (eql.md 3.1).
struct VersionValue {
    std::string text;

    bool operator==(const VersionValue&) const = default;
};
/// <0, 0, >0 as the first orders before, with or after the second.
[[nodiscard]] int compareVersions(const VersionValue& left, const VersionValue& right);

/// The type of a bound expression. Null is the type of the literal null and of unmapped fields.
enum class ValueType : std::uint8_t { Null, Boolean, Long, Double, Keyword, Date, Ip, Version };

/// "KEYWORD", "LONG" …, as Elasticsearch names types in messages.
[[nodiscard]] std::string_view valueTypeName(ValueType type);
[[nodiscard]] ValueType valueTypeOf(schema::FieldType type);

/// One scalar, or null (monostate).
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string, Timestamp,
                           IpAddress, VersionValue>;

[[nodiscard]] inline bool isNull(const Value& value)
{
    return std::holds_alternative<std::monostate>(value);
}
[[nodiscard]] ValueType typeOf(const Value& value);

/// A stored value as a field of @p type sees it: the text "501" is the number 501 for a long field
/// and the text 501 for a keyword, however the document wrote it. Null where the text is no value
/// of the type (an address that does not parse), which counts as "no value".
[[nodiscard]] Value decodeValue(schema::FieldType type, std::string_view text,
                                schema::ValueKind kind);

/// Text form as `string()` gives it: ip canonical, date ISO, doubles `42.5`, booleans lower case.
/// Null gives an empty text.
[[nodiscard]] std::string toText(const Value& value);

/// JSON form as `sequela-cli eval` prints it (rules.md): `null`, integers without a point, doubles
/// in shortest round-trip form (`42.0`), strings quoted.
[[nodiscard]] std::string toJson(const Value& value);

/// Equality and order between two non-null values of compatible types: numbers by value (long
/// against double exactly), strings by bytes (or folded), dates by whole milliseconds, addresses
/// and versions as such. Nothing if the types do not compare.
[[nodiscard]] std::optional<bool> equalValues(const Value& left, const Value& right,
                                              bool caseInsensitive = false);
[[nodiscard]] std::optional<int> compareValues(const Value& left, const Value& right);

} // namespace sequela::eql
