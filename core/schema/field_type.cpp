#include "core/schema/field_type.h"

#include <algorithm>
#include <array>

namespace sequela::schema {
namespace {

struct MappingRow {
    std::string_view mapping;
    FieldType type;
};

constexpr std::array mappingRows{
    MappingRow{"keyword", FieldType::Keyword},
    MappingRow{"wildcard", FieldType::Keyword},
    MappingRow{"constant_keyword", FieldType::Keyword},
    MappingRow{"flattened", FieldType::Keyword},
    MappingRow{"text", FieldType::Text},
    MappingRow{"match_only_text", FieldType::Text},
    MappingRow{"long", FieldType::Long},
    MappingRow{"integer", FieldType::Long},
    MappingRow{"short", FieldType::Long},
    MappingRow{"byte", FieldType::Long},
    MappingRow{"unsigned_long", FieldType::Long},
    MappingRow{"double", FieldType::Double},
    MappingRow{"float", FieldType::Double},
    MappingRow{"half_float", FieldType::Double},
    MappingRow{"scaled_float", FieldType::Double},
    MappingRow{"boolean", FieldType::Boolean},
    MappingRow{"date", FieldType::Date},
    MappingRow{"date_nanos", FieldType::Date},
    MappingRow{"ip", FieldType::Ip},
    MappingRow{"version", FieldType::Version},
    MappingRow{"object", FieldType::Object},
    MappingRow{"nested", FieldType::Object},
    MappingRow{"geo_point", FieldType::Object},
    MappingRow{"geo_shape", FieldType::Object},
    MappingRow{"ip_range", FieldType::Object},
    MappingRow{"date_range", FieldType::Object},
    MappingRow{"integer_range", FieldType::Object},
    MappingRow{"long_range", FieldType::Object},
    MappingRow{"float_range", FieldType::Object},
    MappingRow{"double_range", FieldType::Object},
};

} // namespace

std::string_view fieldTypeName(FieldType type)
{
    switch (type) {
    case FieldType::Keyword:
        return "keyword";
    case FieldType::Text:
        return "text";
    case FieldType::Long:
        return "long";
    case FieldType::Double:
        return "double";
    case FieldType::Boolean:
        return "boolean";
    case FieldType::Date:
        return "date";
    case FieldType::Ip:
        return "ip";
    case FieldType::Version:
        return "version";
    case FieldType::Object:
        return "object";
    }
    return {};
}

std::optional<FieldType> fieldTypeFromMapping(std::string_view mapping)
{
    const auto row = std::ranges::find(mappingRows, mapping, &MappingRow::mapping);
    return row == mappingRows.end() ? std::nullopt : std::optional(row->type);
}

} // namespace sequela::schema
