#include "core/schema/field_catalog.h"

#include "core/base/similar_names.h"

#include <algorithm>

namespace sequela::schema {

FieldType sniffType(const SeenField& field)
{
    const bool text = field.stringCount > 0;
    const bool number = field.integerCount + field.fractionCount > 0;
    const bool boolean = field.booleanCount > 0;
    if (text || (number && boolean)) {
        return FieldType::Keyword;
    }
    if (number) {
        return field.fractionCount > 0 ? FieldType::Double : FieldType::Long;
    }
    return boolean ? FieldType::Boolean : FieldType::Keyword;
}

FieldCatalog::FieldCatalog(std::shared_ptr<const Schema> schema, std::span<const SeenField> seen)
    : m_schema(std::move(schema))
{
    for (const SeenField& field : seen) {
        m_seen.emplace(field.name, field);
    }
}

std::string_view FieldCatalog::columnOf(std::string_view name) const
{
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos || m_seen.contains(name) || !m_schema->type(name)) {
        return name;
    }
    const std::string_view parent = name.substr(0, dot);
    const auto parentType = m_schema->type(parent);
    return parentType && *parentType != FieldType::Object ? parent : name;
}

std::optional<FieldType> FieldCatalog::exactType(std::string_view name) const
{
    const std::string prefix = std::string(name) + '.';
    const auto names = m_schema->names();
    for (auto sub = std::ranges::lower_bound(names, prefix);
         sub != names.end() && sub->starts_with(prefix); ++sub) {
        const auto type = m_schema->type(*sub);
        if (type == FieldType::Keyword && sub->find('.', prefix.size()) == std::string::npos) {
            return type;
        }
    }
    return std::nullopt;
}

std::optional<CatalogField> FieldCatalog::find(std::string_view name) const
{
    const std::string_view target = m_schema->aliasTarget(name);
    const std::string_view wanted = target.empty() ? name : target;
    auto type = m_schema->type(wanted);
    if (type == FieldType::Text) {
        type = exactType(wanted).value_or(FieldType::Text);
    }
    const std::string_view columnName = columnOf(wanted);
    const auto seen = m_seen.find(columnName);
    if (!type && seen == m_seen.end()) {
        return std::nullopt;
    }
    CatalogField field;
    field.name = columnName;
    field.inSchema = type.has_value();
    field.eventCount = seen == m_seen.end() ? 0 : seen->second.eventCount;
    field.type = type ? *type : sniffType(seen->second);
    if (!type) {
        const SeenField& values = seen->second;
        const int kinds = int{values.stringCount > 0} + int{values.booleanCount > 0}
                          + int{values.integerCount + values.fractionCount > 0};
        field.conflicting = kinds > 1;
    }
    return field;
}

std::vector<std::string> FieldCatalog::suggestions(std::string_view name, std::size_t limit) const
{
    SimilarNames similar(name);
    for (const auto& [seenName, field] : m_seen) {
        similar.consider(seenName);
    }
    for (const std::string& listed : m_schema->names()) {
        similar.consider(listed);
    }
    return similar.closest(limit);
}

bool FieldCatalog::isObject(std::string_view name) const
{
    const std::string prefix = std::string(name) + '.';
    const auto seen = m_seen.lower_bound(prefix);
    if (seen != m_seen.end() && seen->first.starts_with(prefix)) {
        return true;
    }
    const auto names = m_schema->names();
    const auto listed = std::ranges::lower_bound(names, prefix);
    return listed != names.end() && listed->starts_with(prefix);
}

} // namespace sequela::schema
