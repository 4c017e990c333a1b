#pragma once

#include "core/base/diagnostic.h"
#include "core/engine/engine.h"
#include "core/eql/bound_query.h"
#include "core/ingest/provenance.h"
#include "core/schema/column_source.h"

#include <stop_token>
#include <string>
#include <string_view>

namespace sequela::cli {

/// Writes matches the way Elasticsearch's EQL search answers (rules.md, "Command line").
class QueryJson {
public:
    /// @p idField: `_id` is this field's value as text; empty: the wrapper's `_id`, else the
    /// event's identity. @p source outlives the object.
    QueryJson(const schema::ColumnSource& source, std::string idField)
        : m_source(source), m_idField(std::move(idField))
    {
    }

    /// Every event gets a member "fields": each field with its values, "origin" (original, renamed,
    /// derived) and, where the document calls it otherwise, "from". @p provenance outlives the
    /// object.
    void showProvenance(ingest::ProvenanceReader& provenance) { m_provenance = &provenance; }

    /// `{"hits":{"total":…,"events":[…]}}` or with "sequences", and a line feed.
    [[nodiscard]] Result<std::string> response(const engine::QueryResult& result,
                                               eql::BoundQueryKind kind, std::stop_token stop);
    /// The same members one a line, without the frame: events, or sequences.
    [[nodiscard]] Result<std::string> lines(const engine::QueryResult& result,
                                            eql::BoundQueryKind kind, std::stop_token stop);

    /// `_id` of an event as the answer has it.
    [[nodiscard]] Result<std::string> idOf(EventNumber event);

private:
    [[nodiscard]] Result<std::string> hit(const std::optional<EventNumber>& event, bool oneLine);
    [[nodiscard]] Result<std::string> member(const engine::Match& match, eql::BoundQueryKind kind,
                                             bool oneLine);

    /// `,"fields":{…}`
    [[nodiscard]] Result<std::string> fieldsOf(EventNumber event, std::string_view document);

    const schema::ColumnSource& m_source;
    ingest::ProvenanceReader* m_provenance = nullptr;
    std::string m_idField;
};

/// The document byte for byte where it is JSON; what is not (another format, broken UTF-8) as a
/// JSON string. With @p oneLine, line ends between tokens become blanks.
[[nodiscard]] std::string spliceDocument(std::string document, bool oneLine);

/// A join key as JSON: texts and dates quoted, numbers and booleans bare, null.
[[nodiscard]] std::string joinKeyJson(const eql::Value& key);

} // namespace sequela::cli
