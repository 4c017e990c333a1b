#pragma once

#include "core/casefile/segment.h"
#include "core/ingest/import_report.h"
#include "core/ingest/json_index.h"
#include "core/ingest/limits.h"
#include "core/mapping/event_mapper.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::ingest {

/// Something about a document that is worth saying although it became an event.
struct DocumentNote {
    ProblemKind kind = ProblemKind::TooManyFields;
    std::size_t offset = 0;
    std::uint64_t count = 1;
};

/// How flattening a document ended.
enum class FlattenOutcome : std::uint8_t {
    Done,
    /// Not JSON; `diagnoseJson` knows more.
    Broken,
    TooDeep,
    NotAnObject,
    /// A missing slot of a sequence in a response.
    Placeholder,
};

/// Flattens JSON documents into (field, value) pairs: nested objects joined with dots, dotted keys
/// as they are, arrays one value after the other, null and empty arrays nothing. The documents
/// of search hits (`_source`, else `fields`) are flattened in place of the hit, its `_id` and
/// `_index` kept. One per thread, reused.
class JsonFlattener {
public:
    explicit JsonFlattener(const Limits& limits) : m_limits(limits) {}

    /// Looks at a document that @p index has indexed: whether it is a hit and which bytes are the
    /// event's own document. Call flatten() next.
    [[nodiscard]] FlattenOutcome inspect(std::string_view text, const JsonIndex& index);
    /// The event's own document in the text given to inspect(): `_source` of a hit, else all.
    [[nodiscard]] std::string_view document() const { return m_document; }
    /// Key under which a hit holds the document; empty when the text is the document.
    [[nodiscard]] std::string_view documentKey() const { return m_documentKey; }

    /// Adds the values to the event under way. Unless it is Done the event is to be abandoned.
    [[nodiscard]] FlattenOutcome flatten(casefile::SegmentBuilder& builder);
    /// Tells the names of the members of the document given to inspect(), escapes as written.
    void tellKeys(mapping::EventMapper& mapper) const;
    /// The same into the values that a mapper is to work on.
    [[nodiscard]] FlattenOutcome flatten(mapping::EventMapper& mapper);
    /// First `@timestamp` of the document as written; empty if it has none.
    [[nodiscard]] std::string_view timeText() const { return m_timeText; }
    [[nodiscard]] bool hasTime() const { return m_hasTime; }
    [[nodiscard]] bool timeIsNumber() const { return m_timeIsNumber; }
    [[nodiscard]] const std::vector<DocumentNote>& notes() const { return m_notes; }

private:
    [[nodiscard]] char at(std::size_t i) const
    {
        return i < m_positions.size() ? m_text[m_positions[i]] : '\0';
    }
    [[nodiscard]] std::string_view token(std::size_t i) const;
    [[nodiscard]] bool stringToken(std::size_t i, std::string_view& inside) const;
    [[nodiscard]] bool unescaped(std::string_view inside, std::string& storage,
                                 std::string_view& text);
    [[nodiscard]] std::size_t skipValue(std::size_t i) const;
    [[nodiscard]] FlattenOutcome flattenDocument();
    [[nodiscard]] bool members(std::size_t depth);
    [[nodiscard]] bool member(std::size_t depth);
    [[nodiscard]] bool value(std::size_t depth);
    [[nodiscard]] bool elements(std::size_t depth);
    [[nodiscard]] bool scalar();
    [[nodiscard]] bool hit();
    [[nodiscard]] bool appendKey(std::string_view key, std::size_t offset);
    void addValue(std::string_view text, schema::ValueKind kind);
    void note(ProblemKind kind, std::size_t offset, std::uint64_t count = 1);
    bool fail(FlattenOutcome outcome);

    const Limits& m_limits;
    std::string_view m_text;
    std::span<const std::uint32_t> m_positions;
    std::size_t m_next = 0;
    std::string_view m_document;
    std::string_view m_documentKey;
    std::size_t m_documentAt = 0;
    casefile::SegmentBuilder* m_builder = nullptr;
    mapping::EventMapper* m_mapper = nullptr;
    FlattenOutcome m_outcome = FlattenOutcome::Done;
    std::string m_path;
    std::string m_keyText;
    std::string m_valueText;
    std::string m_timeText;
    bool m_hasTime = false;
    bool m_hasEscapes = false;
    bool m_timeIsNumber = false;
    std::size_t m_fieldCount = 0;
    std::vector<DocumentNote> m_notes;
};

} // namespace sequela::ingest
