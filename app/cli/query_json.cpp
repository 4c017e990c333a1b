#include "app/cli/query_json.h"

#include "app/cli/json_syntax.h"
#include "core/base/json_writer.h"
#include "core/base/text.h"
#include "core/detect/event_reader.h"

#include <utility>

namespace sequela::cli {

std::string spliceDocument(std::string document, bool oneLine)
{
    if (!isJsonValue(document)) {
        return quoteJson(document);
    }
    if (oneLine) {
        // Inside JSON strings line ends are always escaped, so these stand between tokens.
        for (char& character : document) {
            if (character == '\n' || character == '\r') {
                character = ' ';
            }
        }
    }
    return document;
}

std::string joinKeyJson(const eql::Value& key)
{
    if (const auto* version = std::get_if<eql::VersionValue>(&key)) {
        return quoteJson(version->text);
    }
    if (std::holds_alternative<IpAddress>(key) || std::holds_alternative<Timestamp>(key)) {
        return quoteJson(eql::toText(key));
    }
    return eql::toJson(key);
}

Result<std::string> QueryJson::idOf(EventNumber event)
{
    detect::EventReader reader(m_source);
    auto id = reader.first(event, m_idField.empty() ? "_id" : m_idField);
    if (!id || !id->empty() || !m_idField.empty()) {
        return id;
    }
    return m_source.identity(event);
}

Result<std::string> QueryJson::hit(const std::optional<EventNumber>& event, bool oneLine)
{
    if (!event) {
        return R"({"_index":"","_id":"","missing":true})";
    }
    auto index = detect::EventReader(m_source).first(*event, "_index");
    if (!index) {
        return index;
    }
    auto id = idOf(*event);
    if (!id) {
        return id;
    }
    auto document = m_source.document(*event);
    if (!document) {
        return document;
    }
    std::string fields;
    if (m_provenance != nullptr) {
        auto read = fieldsOf(*event, *document);
        if (!read) {
            return read;
        }
        fields = std::move(*read);
    }
    return R"({"_index":)" + quoteJson(*index) + R"(,"_id":)" + quoteJson(*id) + R"(,"_source":)"
           + spliceDocument(std::move(*document), oneLine) + fields + "}";
}

Result<std::string> QueryJson::fieldsOf(EventNumber event, std::string_view document)
{
    m_provenance->read(document);
    JsonWriter json;
    json.beginObject();
    const SegmentNumber segment = m_source.segmentOf(event);
    const std::uint32_t row =
        event.value() - m_source.segments()[segment.index()].firstEvent.value();
    for (std::uint32_t id = 0; id < m_source.fields().size(); ++id) {
        const auto column = m_source.column(segment, FieldId(id));
        if (!column) {
            return std::unexpected(column.error());
        }
        std::uint32_t scratch = 0;
        const auto values = *column ? (*column)->valuesOfCode((*column)->code(row), scratch)
                                    : std::span<const std::uint32_t>();
        if (values.empty()) {
            continue;
        }
        const std::string& name = m_source.fields()[id].name;
        const ingest::FieldProvenance found = m_provenance->of(name, (*column)->isDerived(row));
        json.key(name);
        json.beginObject();
        json.key("values");
        json.beginArray();
        for (const std::uint32_t value : values) {
            json.string((*column)->text(value));
        }
        json.endArray();
        json.member("origin", ingest::originName(found.origin));
        if (!found.from.empty()) {
            json.member("from", found.from);
        }
        json.endObject();
    }
    json.endObject();
    return ",\"fields\":" + json.take();
}

Result<std::string> QueryJson::member(const engine::Match& match, eql::BoundQueryKind kind,
                                      bool oneLine)
{
    if (kind == eql::BoundQueryKind::Event) {
        return match.events.empty() ? hit(std::nullopt, oneLine)
                                    : hit(match.events.front(), oneLine);
    }
    std::string text = "{\"join_keys\":[";
    for (std::size_t key = 0; key < match.joinKeys.size(); ++key) {
        text += (key == 0 ? "" : ",") + joinKeyJson(match.joinKeys[key]);
    }
    text += "],\"events\":[";
    for (std::size_t slot = 0; slot < match.events.size(); ++slot) {
        auto event = hit(match.events[slot], oneLine);
        if (!event) {
            return event;
        }
        text += (slot == 0 ? "" : ",") + *event;
    }
    return text + "]}";
}

Result<std::string> QueryJson::response(const engine::QueryResult& result, eql::BoundQueryKind kind,
                                        std::stop_token stop)
{
    std::string text =
        R"({"hits":{"total":{"value":)" + std::to_string(result.matches.size())
        + R"(,"relation":"eq"},)"
        + (kind == eql::BoundQueryKind::Event ? R"("events":[)" : R"("sequences":[)");
    for (std::size_t index = 0; index < result.matches.size(); ++index) {
        if (stop.stop_requested()) {
            return std::unexpected(cancelledError());
        }
        auto one = member(result.matches[index], kind, false);
        if (!one) {
            return one;
        }
        text += (index == 0 ? "" : ",") + *one;
    }
    return text + "]}}\n";
}

Result<std::string> QueryJson::lines(const engine::QueryResult& result, eql::BoundQueryKind kind,
                                     std::stop_token stop)
{
    std::string text;
    for (const engine::Match& match : result.matches) {
        if (stop.stop_requested()) {
            return std::unexpected(cancelledError());
        }
        auto one = member(match, kind, true);
        if (!one) {
            return one;
        }
        text += *one + "\n";
    }
    return text;
}

} // namespace sequela::cli
