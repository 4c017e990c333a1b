#pragma once

#include "core/base/diagnostic.h"
#include "core/base/similar_names.h"
#include "core/schema/column_source.h"
#include "core/schema/field_type.h"

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::schema {

/// Field name → type, the part that does not depend on a case: ECS and Elastic Defend by default,
/// or the lines of a --schema file.
class Schema {
public:
    /// ECS and Elastic Defend, from resources/ecs-field-types.tsv; built once, shared.
    [[nodiscard]] static std::shared_ptr<const Schema> ecs();
    /// Lines `field TAB type [TAB target]`, as rules.md describes; '#' starts a comment line.
    [[nodiscard]] static Result<std::shared_ptr<const Schema>> parse(std::string_view text,
                                                                     std::string_view file);
    /// No field at all: every type comes from the values seen.
    [[nodiscard]] static std::shared_ptr<const Schema> empty();

    [[nodiscard]] std::optional<FieldType> type(std::string_view name) const;
    /// Aliased field, empty if the name is no alias.
    [[nodiscard]] std::string_view aliasTarget(std::string_view name) const;
    [[nodiscard]] std::span<const std::string> names() const { return m_names; }

private:
    friend class SchemaBuilder;
    std::map<std::string, FieldType, std::less<>> m_types;
    std::map<std::string, std::string, std::less<>> m_aliases;
    std::vector<std::string> m_names;
};

struct CatalogField {
    /// Name of the column: the alias target where the queried name is an alias, the field itself
    /// where it is a sub-field of one.
    std::string name;
    FieldType type = FieldType::Keyword;
    bool inSchema = false;
    /// Number of events that have it; 0 if the data never does.
    std::uint64_t eventCount = 0;
    /// Values of more than one JSON kind were seen and the schema does not settle it.
    bool conflicting = false;
};

/// What the binder asks: is this name a field, of which type, and does this data have it.
/// A name neither in the schema nor seen is unmapped (nothing is returned).
class FieldCatalog {
public:
    FieldCatalog(std::shared_ptr<const Schema> schema, std::span<const SeenField> seen);

    [[nodiscard]] std::optional<CatalogField> find(std::string_view name) const;
    /// Names close to @p name (SimilarNames), at most @p limit, for "did you mean".
    [[nodiscard]] std::vector<std::string> suggestions(std::string_view name,
                                                       std::size_t limit = 3) const;
    /// Whether any field begins with `name.`, so that the name is an object.
    [[nodiscard]] bool isObject(std::string_view name) const;
    [[nodiscard]] const Schema& schema() const { return *m_schema; }
    /// Fields seen in the data, by name.
    [[nodiscard]] const std::map<std::string, SeenField, std::less<>>& seen() const
    {
        return m_seen;
    }

private:
    /// Where a field's values are: a sub-field of a mapping (`name.keyword` of `name`) that the
    /// documents do not spell out has the values of the field it is indexed from.
    [[nodiscard]] std::string_view columnOf(std::string_view name) const;
    /// Type of the sub-field that compares exactly, if a text field has one in the schema.
    [[nodiscard]] std::optional<FieldType> exactType(std::string_view name) const;

    std::shared_ptr<const Schema> m_schema;
    std::map<std::string, SeenField, std::less<>> m_seen;
};

/// The type that values of a field have when no schema names it: strings keyword, whole numbers
/// long, other numbers double, booleans boolean, a mixture keyword (rules.md).
[[nodiscard]] FieldType sniffType(const SeenField& field);

} // namespace sequela::schema
