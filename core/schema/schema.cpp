#include "core/schema/ecs_field_types.h"
#include "core/schema/field_catalog.h"

#include <fmt/format.h>

#include <algorithm>

namespace sequela::schema {

/// Fills a Schema line by line.
class SchemaBuilder {
public:
    void addField(std::string_view name, FieldType type)
    {
        m_schema->m_types.insert_or_assign(std::string(name), type);
    }
    void addAlias(std::string_view name, std::string_view target)
    {
        m_schema->m_aliases.insert_or_assign(std::string(name), std::string(target));
    }
    /// The first alias that leads to an alias or to no field of the schema, if any.
    [[nodiscard]] std::optional<std::string> danglingAlias() const
    {
        for (const auto& [name, target] : m_schema->m_aliases) {
            if (!m_schema->m_types.contains(target)) {
                return name;
            }
        }
        return std::nullopt;
    }
    [[nodiscard]] std::shared_ptr<const Schema> finish()
    {
        for (const auto& [name, type] : m_schema->m_types) {
            m_schema->m_names.push_back(name);
        }
        for (const auto& [name, target] : m_schema->m_aliases) {
            m_schema->m_names.push_back(name);
        }
        std::ranges::sort(m_schema->m_names);
        return std::move(m_schema);
    }

private:
    std::shared_ptr<Schema> m_schema = std::make_shared<Schema>();
};

namespace {

/// Cuts the text up to the next @p separator off the front of @p text.
std::string_view takeUntil(std::string_view& text, char separator)
{
    const std::size_t length = std::min(text.find(separator), text.size());
    const std::string_view part = text.substr(0, length);
    text.remove_prefix(std::min(length + 1, text.size()));
    return part;
}

std::string_view trimmed(std::string_view text)
{
    const std::size_t begin = text.find_first_not_of(" \r");
    if (begin == std::string_view::npos) {
        return {};
    }
    return text.substr(begin, text.find_last_not_of(" \r") - begin + 1);
}

Diagnostic lineError(std::string_view file, std::size_t line, std::string message, std::string hint)
{
    Diagnostic diagnostic = makeError("schema-line", std::move(message), std::move(hint));
    diagnostic.file = file;
    diagnostic.begin = TextPosition{line, 1};
    return diagnostic;
}

Result<void> addLine(SchemaBuilder& builder, std::string_view content, std::string_view file,
                     std::size_t line)
{
    std::string_view rest = content;
    const std::string_view name = trimmed(takeUntil(rest, '\t'));
    const std::string_view mapping = trimmed(takeUntil(rest, '\t'));
    const std::string_view target = trimmed(takeUntil(rest, '\t'));
    if (name.empty() || mapping.empty()) {
        return std::unexpected(lineError(file, line, "a schema line needs a field and a type",
                                         "write: field TAB type [TAB target]"));
    }
    if (mapping == "alias") {
        if (target.empty()) {
            return std::unexpected(lineError(file, line,
                                             fmt::format("the alias [{}] names no field", name),
                                             "write the aliased field behind a second tab"));
        }
        builder.addAlias(name, target);
        return {};
    }
    const auto type = fieldTypeFromMapping(mapping);
    if (!type) {
        return std::unexpected(lineError(
            file, line, fmt::format("unknown type [{}] of the field [{}]", mapping, name),
            "use keyword, wildcard, text, long, double, boolean, date, ip, version or alias"));
    }
    builder.addField(name, *type);
    return {};
}

} // namespace

Result<std::shared_ptr<const Schema>> Schema::parse(std::string_view text, std::string_view file)
{
    SchemaBuilder builder;
    if (text.starts_with("\xEF\xBB\xBF")) {
        text.remove_prefix(3);
    }
    for (std::size_t line = 1; !text.empty(); ++line) {
        const std::string_view content = takeUntil(text, '\n');
        const bool isHeader = line == 1 && trimmed(content) == "field\ttype";
        if (trimmed(content).empty() || content.starts_with('#') || isHeader) {
            continue;
        }
        SEQUELA_TRY(addLine(builder, content, file, line));
    }
    if (const auto dangling = builder.danglingAlias()) {
        return std::unexpected(
            makeError("schema-alias",
                      fmt::format("the alias [{}] leads to no field of the schema", *dangling),
                      "add a line for the aliased field"));
    }
    return builder.finish();
}

std::shared_ptr<const Schema> Schema::empty()
{
    return SchemaBuilder().finish();
}

std::shared_ptr<const Schema> Schema::ecs()
{
    static const std::shared_ptr<const Schema> schema = [] {
        SchemaBuilder builder;
        std::string_view text = ecsFieldTypes();
        takeUntil(text, '\n'); // the header
        while (!text.empty()) {
            std::string_view line = takeUntil(text, '\n');
            const std::string_view name = takeUntil(line, '\t');
            // The table also says things like "object (each sub-field keyword)".
            const std::string_view mapping = takeUntil(line, ' ');
            const FieldType type = fieldTypeFromMapping(mapping).value_or(FieldType::Keyword);
            // Full-text fields of ECS keep their whole value here, so they compare exactly.
            builder.addField(name, type == FieldType::Text ? FieldType::Keyword : type);
        }
        return builder.finish();
    }();
    return schema;
}

std::optional<FieldType> Schema::type(std::string_view name) const
{
    const auto found = m_types.find(name);
    return found == m_types.end() ? std::nullopt : std::optional(found->second);
}

std::string_view Schema::aliasTarget(std::string_view name) const
{
    const auto found = m_aliases.find(name);
    return found == m_aliases.end() ? std::string_view() : std::string_view(found->second);
}

} // namespace sequela::schema
