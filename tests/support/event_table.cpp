#include "tests/support/event_table.h"

#include "core/base/text.h"
#include "core/base/timestamp.h"
#include "core/casefile/memory_case.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <cstdio>
#include <cstdlib>

namespace sequela::tests {

namespace {

namespace dom = simdjson::dom;

[[noreturn]] void reject(std::string_view line, std::string_view why)
{
    fmt::print(stderr, "event table: {}: {}\n", why, line);
    std::abort();
}

void addScalar(casefile::SegmentBuilder& builder, const std::string& name,
               const dom::element& value)
{
    if (value.is_string()) {
        builder.add(name, value.get_string().value_unsafe(), schema::ValueKind::String);
    } else if (value.is_bool()) {
        builder.add(name, value.get_bool().value_unsafe() ? "true" : "false",
                    schema::ValueKind::Boolean);
    } else if (!value.is_null()) {
        builder.add(name, simdjson::to_string(value), schema::ValueKind::Number);
    }
}

void flatten(casefile::SegmentBuilder& builder, const std::string& name, const dom::element& value)
{
    if (value.is_object()) {
        const dom::object object = value.get_object().value_unsafe();
        for (const dom::key_value_pair member : object) {
            const std::string key(member.key);
            flatten(builder, name.empty() ? key : name + '.' + key, member.value);
        }
    } else if (value.is_array()) {
        const dom::array array = value.get_array().value_unsafe();
        for (const dom::element item : array) {
            flatten(builder, name, item);
        }
    } else {
        addScalar(builder, name, value);
    }
}

void setTime(casefile::SegmentBuilder& builder, const dom::element& document)
{
    const auto value = document["@timestamp"];
    if (value.error() != simdjson::SUCCESS || value.value_unsafe().is_null()) {
        return;
    }
    const dom::element element = value.value_unsafe();
    const auto time = element.is_string()
                          ? parseEventTimestamp(element.get_string().value_unsafe(), false)
                          : parseEventTimestamp(simdjson::to_string(element), true);
    if (time) {
        builder.setTime(time->nanoseconds());
    }
}

std::vector<casefile::EncodedSegment> segmentsOf(std::string_view lines, std::size_t segmentSize)
{
    std::vector<casefile::EncodedSegment> segments;
    casefile::SegmentBuilder builder;
    dom::parser parser;
    std::uint64_t record = 0;
    while (!lines.empty()) {
        const std::size_t end = lines.find('\n');
        const std::string_view line = lines.substr(0, end);
        lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
        if (line.find_first_not_of(" \t\r") == std::string_view::npos) {
            continue;
        }
        const auto document = parser.parse(line.data(), line.size());
        if (document.error() != simdjson::SUCCESS) {
            reject(line, simdjson::error_message(document.error()));
        }
        builder.beginEvent(record, record + 1, line);
        flatten(builder, {}, document.value_unsafe());
        setTime(builder, document.value_unsafe());
        builder.endEvent();
        ++record;
        if (builder.eventCount() == segmentSize) {
            segments.push_back(builder.finish());
        }
    }
    if (builder.eventCount() > 0) {
        segments.push_back(builder.finish());
    }
    return segments;
}

/// `x|y` as a JSON list, `x` as text, nothing for no value.
void appendValues(std::string& json, std::string_view name, std::string_view values)
{
    if (values.empty()) {
        return;
    }
    std::string list;
    while (true) {
        const std::size_t bar = values.find('|');
        list += (list.empty() ? "" : ",") + quoteJson(values.substr(0, bar));
        if (bar == std::string_view::npos) {
            break;
        }
        values.remove_prefix(bar + 1);
    }
    json += fmt::format(",\"{}\":[{}]", name, list);
}

/// Cuts @p text at the first @p mark and yields what stands behind it.
std::string_view cutAt(std::string_view& text, char mark)
{
    const std::size_t at = text.find(mark);
    const std::string_view rest =
        at == std::string_view::npos ? std::string_view{} : text.substr(at + 1);
    text = text.substr(0, at);
    return rest;
}

std::string streamEvent(std::string_view token)
{
    std::string_view keys = cutAt(token, '/');
    const std::string_view sequence = cutAt(token, '#');
    std::size_t letters = 0;
    std::string categories;
    while (letters < token.size() && token[letters] >= 'A' && token[letters] <= 'Z') {
        categories += fmt::format("{}\"{}\"", letters == 0 ? "" : ",", token[letters]);
        ++letters;
    }
    const std::string_view time = token.substr(letters);
    std::string json = fmt::format("{{\"event.category\":[{}]", categories);
    if (time != "-") {
        json += fmt::format(",\"@timestamp\":{}", time);
    }
    if (!sequence.empty()) {
        json += fmt::format(",\"event.sequence\":{}", sequence);
    }
    const std::string_view second = cutAt(keys, '/');
    appendValues(json, "k", keys);
    appendValues(json, "k2", second);
    return json + "}\n";
}

} // namespace

std::shared_ptr<const schema::ColumnSource> eventTable(std::string_view lines,
                                                       std::size_t segmentSize)
{
    return eventTable({TableSource{"table", std::string(lines)}}, segmentSize);
}

std::shared_ptr<const schema::ColumnSource> eventTable(const std::vector<TableSource>& sources,
                                                       std::size_t segmentSize)
{
    std::vector<casefile::MemorySource> parts;
    for (const TableSource& source : sources) {
        parts.push_back({source.name, {}, segmentsOf(source.lines, segmentSize)});
    }
    return casefile::makeMemoryCase(std::move(parts));
}

std::string eventStream(std::string_view tokens)
{
    std::string lines;
    while (true) {
        const std::size_t begin = tokens.find_first_not_of(' ');
        if (begin == std::string_view::npos) {
            return lines;
        }
        tokens.remove_prefix(begin);
        const std::size_t end = std::min(tokens.find(' '), tokens.size());
        lines += streamEvent(tokens.substr(0, end));
        tokens.remove_prefix(end);
    }
}

} // namespace sequela::tests
