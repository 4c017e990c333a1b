#include "tests/oracle/naive_event.h"

#include "core/base/text.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <cstdio>
#include <cstdlib>

namespace sequela::oracle {

namespace {

namespace dom = simdjson::dom;

std::string scalarJson(const JsonScalar& scalar)
{
    switch (scalar.kind) {
    case JsonScalar::Kind::Null:
        return "null";
    case JsonScalar::Kind::String:
        return quoteJson(scalar.text);
    case JsonScalar::Kind::Number:
    case JsonScalar::Kind::Boolean:
        break;
    }
    return scalar.text;
}

std::string objectJson(const NaiveEvent& object);

std::string fieldJson(const JsonField& field)
{
    if (!field.list) {
        return scalarJson(field.values.front());
    }
    std::string json;
    for (const NaiveEvent& object : field.objects) {
        json += (json.empty() ? "" : ",") + objectJson(object);
    }
    for (const JsonScalar& value : field.values) {
        json += (json.empty() ? "" : ",") + scalarJson(value);
    }
    return '[' + json + ']';
}

std::string objectJson(const NaiveEvent& object)
{
    std::string json;
    for (const auto& [name, field] : object) {
        json += (json.empty() ? "" : ",") + quoteJson(name) + ':' + fieldJson(field);
    }
    return '{' + json + '}';
}

[[noreturn]] void reject(std::string_view line)
{
    fmt::print(stderr, "oracle: not a flat JSON object: {}\n", line);
    std::abort();
}

JsonScalar readScalar(const dom::element& value, std::string_view line)
{
    if (value.is_null()) {
        return {};
    }
    if (value.is_string()) {
        return {JsonScalar::Kind::String, std::string(value.get_string().value_unsafe())};
    }
    if (value.is_bool()) {
        return {JsonScalar::Kind::Boolean, value.get_bool().value_unsafe() ? "true" : "false"};
    }
    if (value.is_number()) {
        return {JsonScalar::Kind::Number, simdjson::to_string(value)};
    }
    reject(line);
}

NaiveEvent readObject(const dom::object& object, std::string_view line)
{
    NaiveEvent event;
    for (const dom::key_value_pair member : object) {
        JsonField field;
        field.list = member.value.is_array();
        if (field.list) {
            const dom::array array = member.value.get_array().value_unsafe();
            for (const dom::element item : array) {
                if (item.is_object()) {
                    field.objects.push_back(readObject(item.get_object().value_unsafe(), line));
                } else {
                    field.values.push_back(readScalar(item, line));
                }
            }
        } else {
            field.values.push_back(readScalar(member.value, line));
        }
        event[std::string(member.key)] = std::move(field);
    }
    return event;
}

NaiveEvent readEvent(dom::parser& parser, std::string_view line)
{
    const auto document = parser.parse(line.data(), line.size());
    if (document.error() != simdjson::SUCCESS || !document.is_object()) {
        reject(line);
    }
    return readObject(document.get_object().value_unsafe(), line);
}

} // namespace

std::string toNdjson(const std::vector<NaiveEvent>& events)
{
    std::string lines;
    for (const NaiveEvent& event : events) {
        lines += objectJson(event) + '\n';
    }
    return lines;
}

std::vector<NaiveEvent> readNdjson(std::string_view lines)
{
    std::vector<NaiveEvent> events;
    dom::parser parser;
    while (!lines.empty()) {
        const std::size_t end = lines.find('\n');
        const std::string_view line = lines.substr(0, end);
        lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
        if (line.find_first_not_of(" \t\r") != std::string_view::npos) {
            events.push_back(readEvent(parser, line));
        }
    }
    return events;
}

} // namespace sequela::oracle
