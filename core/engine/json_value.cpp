#include "core/engine/json_value.h"

#include "core/base/text.h"
#include "core/engine/limits.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <optional>

namespace sequela::engine {

namespace {

namespace dom = simdjson::dom;

bool convert(const dom::element& element, JsonValue& value, std::size_t depth);

bool convertArray(const dom::array& array, JsonValue& value, std::size_t depth)
{
    value.kind = JsonValue::Kind::Array;
    for (const dom::element item : array) {
        if (!convert(item, value.items.emplace_back(), depth + 1)) {
            return false;
        }
    }
    return true;
}

bool convertObject(const dom::object& object, JsonValue& value, std::size_t depth)
{
    value.kind = JsonValue::Kind::Object;
    for (const dom::key_value_pair member : object) {
        value.names.emplace_back(member.key);
        if (!convert(member.value, value.items.emplace_back(), depth + 1)) {
            return false;
        }
    }
    return true;
}

/// False where the document is nested too deeply.
bool convert(const dom::element& element, JsonValue& value, std::size_t depth)
{
    if (depth > limits::documentDepth) {
        return false;
    }
    switch (element.type()) {
    case dom::element_type::ARRAY:
        return convertArray(element.get_array().value_unsafe(), value, depth);
    case dom::element_type::OBJECT:
        return convertObject(element.get_object().value_unsafe(), value, depth);
    case dom::element_type::INT64:
        value.scalar = element.get_int64().value_unsafe();
        return true;
    case dom::element_type::UINT64:
        value.scalar = static_cast<double>(element.get_uint64().value_unsafe());
        return true;
    case dom::element_type::DOUBLE:
        value.scalar = element.get_double().value_unsafe();
        return true;
    case dom::element_type::STRING:
        value.scalar = std::string(element.get_string().value_unsafe());
        return true;
    case dom::element_type::BOOL:
        value.scalar = element.get_bool().value_unsafe();
        return true;
    case dom::element_type::NULL_VALUE:
        return true;
    }
    return true;
}

void collectOpened(const JsonValue& value, std::vector<const JsonValue*>& found)
{
    if (value.kind != JsonValue::Kind::Array) {
        found.push_back(&value);
        return;
    }
    for (const JsonValue& item : value.items) {
        collectOpened(item, found);
    }
}

std::optional<JsonValue> parseText(std::string_view text, std::string& problem)
{
    dom::parser parser;
    const auto document = parser.parse(text.data(), text.size());
    if (document.error() != simdjson::SUCCESS) {
        problem = simdjson::error_message(document.error());
        return std::nullopt;
    }
    JsonValue value;
    if (!convert(document.value_unsafe(), value, 0)) {
        problem = "it is nested too deeply";
        return std::nullopt;
    }
    return value;
}

} // namespace

Result<JsonValue> parseJsonValue(std::string_view text)
{
    std::string problem;
    std::optional<JsonValue> value = parseText(text, problem);
    if (!value && !isValidUtf8(text)) {
        // One broken byte must not hide the whole document.
        value = parseText(sanitizeUtf8(text), problem);
    }
    if (!value) {
        return std::unexpected(makeError(
            "engine-document", fmt::format("an event's document cannot be searched: {}", problem)));
    }
    return std::move(*value);
}

void collectAt(const JsonValue& value, std::string_view path, std::vector<const JsonValue*>& found)
{
    if (path.empty()) {
        collectOpened(value, found);
        return;
    }
    if (value.kind == JsonValue::Kind::Array) {
        for (const JsonValue& item : value.items) {
            collectAt(item, path, found);
        }
        return;
    }
    for (std::size_t i = 0; i < value.names.size(); ++i) {
        const std::string& name = value.names[i];
        if (path == name) {
            collectOpened(value.items[i], found);
        } else if (path.size() > name.size() && path.starts_with(name)
                   && path[name.size()] == '.') {
            collectAt(value.items[i], path.substr(name.size() + 1), found);
        }
    }
}

} // namespace sequela::engine
