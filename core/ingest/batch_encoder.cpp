#include "core/ingest/batch_encoder.h"

#include "core/base/text.h"
#include "core/base/timestamp.h"
#include "core/ingest/derivation.h"
#include "core/ingest/json_repair.h"
#include "core/ingest/json_text.h"
#include "core/ingest/record_conversion.h"

#include <fmt/format.h>

#include <utility>

namespace sequela::ingest {
namespace {

using schema::ValueKind;

std::string_view noteReason(ProblemKind kind)
{
    switch (kind) {
    case ProblemKind::TooManyFields:
        return "the document has more fields than are read; the others are only in its text";
    case ProblemKind::TooManyValues:
        return "the list has more values than are read; the others are only in its text";
    case ProblemKind::FieldNameTooLong:
        return "the field name is longer than one may be; its value is only in the document's text";
    case ProblemKind::LoneSurrogate:
        return "half of a surrogate pair was replaced by U+FFFD";
    case ProblemKind::EmptyKey:
        return "a key is empty; it is shown as \"\"";
    default:
        return "";
    }
}

} // namespace

BatchEncoder::BatchEncoder(const Limits& limits, const Options& options)
    : m_limits(limits),
      m_derive(options.derive),
      m_clockOffsets(options.clockOffsets),
      m_flattener(limits)
{
    if (options.mappings == nullptr) {
        return;
    }
    m_mapper = std::make_unique<mapping::EventMapper>(options.mappings);
    if (!options.table.empty()) {
        m_forcedTable = m_mapper->tableNamed(options.table);
    }
    if (options.libraryAlias) {
        m_aliasTable = m_mapper->tableNamed("library-alias");
    }
    m_tableCounts.resize(options.mappings->size(), 0);
}

EncodedBatch BatchEncoder::encode(DocumentBatch& batch, std::uint64_t keepFrom,
                                  const std::stop_token& stop)
{
    constexpr std::size_t stopInterval = 64;
    EncodedBatch encoded;
    bool inKnown = !batch.documents.empty() && batch.documents.front().record < keepFrom;
    for (std::size_t i = 0; i < batch.documents.size(); ++i) {
        if (i % stopInterval == 0 && stop.stop_requested()) {
            break;
        }
        const DocumentRef& ref = batch.documents[i];
        if (inKnown && ref.record >= keepFrom) {
            encoded.known = m_builder.finish();
            inKnown = false;
        }
        encoded.lastRecordTruncated = false;
        encodeRecord(batch, ref, encoded);
    }
    (inKnown ? encoded.known : encoded.segment) = m_builder.finish();
    countContent(encoded);
    return encoded;
}

void BatchEncoder::encodeRecord(const DocumentBatch& batch, const DocumentRef& ref,
                                EncodedBatch& encoded)
{
    const std::string_view record = batch.document(ref);
    if (batch.form == RecordForm::Json) {
        encodeDocument(batch, ref, record, encoded);
        return;
    }
    ConvertedRecord converted = convertRecord(batch.form, record, batch.context(ref), m_limits);
    m_converted = std::move(converted.json);
    if (!m_converted.empty()) {
        encodeDocument(batch, ref, m_converted, encoded);
        return;
    }
    encoded.lastRecordTruncated = converted.isTruncated;
    Problem problem{.kind = converted.isTruncated ? ProblemKind::TruncatedDocument
                                                  : ProblemKind::BrokenDocument,
                    .reason = std::move(converted.reason),
                    .excerpt = {}};
    if (converted.isNoEvent) {
        problem.kind = ProblemKind::NoEvent;
        ++encoded.placeholders;
    }
    if (batch.form == RecordForm::EvtxRecord) {
        // Its bytes are none that anybody could read.
        problem.record = ref.record;
        problem.reason = fmt::format("record {}: {}", ref.record, problem.reason);
        encoded.problems.add(std::move(problem), m_limits);
        return;
    }
    report(ref, record, std::min(converted.offset, record.size()), std::move(problem), 1, encoded);
}

void BatchEncoder::encodeDocument(const DocumentBatch& batch, const DocumentRef& ref,
                                  std::string_view text, EncodedBatch& encoded)
{
    const FlattenOutcome outcome = encodeText(batch, ref, text, encoded);
    if (outcome == FlattenOutcome::Done || outcome == FlattenOutcome::Placeholder) {
        return;
    }
    const auto repaired =
        outcome == FlattenOutcome::Broken || outcome == FlattenOutcome::NotAnObject
            ? repairStructure(text, ref.endIsCertain)
            : std::nullopt;
    if (repaired && encodeText(batch, ref, repaired->text, encoded) == FlattenOutcome::Done) {
        reportRepair(ref, text, *repaired, encoded);
        return;
    }
    reject(ref, text, outcome, encoded);
}

void BatchEncoder::reportRepair(const DocumentRef& ref, std::string_view text,
                                const StructureRepair& repair, EncodedBatch& encoded)
{
    const auto say = [&](ProblemKind kind, std::size_t count, std::size_t first,
                         std::string_view reason) {
        if (count > 0) {
            report(ref, text, first, {.kind = kind, .reason = std::string(reason), .excerpt = {}},
                   count, encoded);
        }
    };
    say(ProblemKind::TrailingComma, repair.trailingCommas, repair.firstTrailingComma,
        "a comma before a closing bracket was left out");
    say(ProblemKind::TripleQuotes, repair.tripleQuotes, repair.firstTripleQuote,
        "what stands between three quotes each was taken as a string");
    say(ProblemKind::WrongBracket, repair.missingBrackets, repair.firstMissingBracket,
        "a bracket was missing here and was added");
}

FlattenOutcome BatchEncoder::encodeText(const DocumentBatch& batch, const DocumentRef& ref,
                                        std::string_view text, EncodedBatch& encoded)
{
    if (!prepare(ref, text, encoded)) {
        return FlattenOutcome::Broken;
    }
    FlattenOutcome outcome = m_flattener.inspect(m_indexed, m_index);
    if (outcome == FlattenOutcome::Placeholder) {
        ++encoded.placeholders;
        return outcome;
    }
    if (outcome != FlattenOutcome::Done) {
        return outcome;
    }
    std::string_view document = text;
    if (!m_flattener.documentKey().empty()) {
        document = m_indexed.data() == text.data()
                       ? m_flattener.document()
                       : topLevelContainer(text, m_flattener.documentKey());
    }
    m_builder.beginEvent(ref.record, ref.line, document);
    if (ref.actionLength > 0) {
        addAction(batch.action(ref));
    }
    outcome = flatten();
    if (outcome != FlattenOutcome::Done) {
        m_builder.abandonEvent();
        return outcome;
    }
    finishEvent(ref, text, encoded);
    return outcome;
}

/// The document's values into the builder: as they are, or by the table its keys choose.
FlattenOutcome BatchEncoder::flatten()
{
    m_table.reset();
    if (m_mapper != nullptr) {
        m_table = m_forcedTable;
        if (!m_table) {
            m_flattener.tellKeys(*m_mapper);
            m_table = m_mapper->recognised();
        }
    }
    if (!m_table) {
        return m_flattener.flatten(m_builder);
    }
    m_mapper->begin();
    const FlattenOutcome outcome = m_flattener.flatten(*m_mapper);
    if (outcome != FlattenOutcome::Done) {
        return outcome;
    }
    m_mapper->run(*m_table);
    if (m_aliasTable) {
        m_mapper->run(*m_aliasTable);
    }
    ++m_tableCounts[*m_table];
    for (const mapping::Value& value : m_mapper->values()) {
        if (!value.isLive || m_mapper->isScratch(value.name)) {
            continue;
        }
        const std::string& name = m_mapper->name(value.name);
        if (value.origin == mapping::Origin::Derived) {
            m_builder.addDerived(name, value.text, value.kind);
        } else {
            m_builder.add(name, value.text, value.kind);
        }
    }
    return outcome;
}

void BatchEncoder::countContent(EncodedBatch& encoded)
{
    encoded.counts.clocksCorrected = std::exchange(m_correctedCounts, {});
    if (m_mapper == nullptr) {
        return;
    }
    for (std::size_t i = 0; i < m_tableCounts.size(); ++i) {
        if (m_tableCounts[i] > 0) {
            encoded.counts.shapes[m_mapper->title(i)] = std::exchange(m_tableCounts[i], 0);
        }
    }
    encoded.counts.unmapped = m_mapper->takeUnmapped();
}

bool BatchEncoder::prepare(const DocumentRef& ref, std::string_view text, EncodedBatch& encoded)
{
    m_indexed = text;
    const JsonIndex::Outcome outcome = m_index.index(text);
    if (outcome == JsonIndex::Outcome::Done) {
        return true;
    }
    if (outcome != JsonIndex::Outcome::InvalidUtf8
        && outcome != JsonIndex::Outcome::RawControlCharacter) {
        return false;
    }
    JsonRepair repair = repairJson(text);
    m_repaired = std::move(repair.text);
    m_indexed = m_repaired;
    if (m_index.index(m_repaired) != JsonIndex::Outcome::Done) {
        return false;
    }
    if (repair.invalidUtf8 > 0) {
        report(ref, text, repair.firstInvalidUtf8,
               {.kind = ProblemKind::InvalidUtf8,
                .reason = "bytes that are no UTF-8 were replaced by U+FFFD",
                .excerpt = {}},
               repair.invalidUtf8, encoded);
    }
    if (repair.controlCharacters > 0) {
        report(ref, text, repair.firstControlCharacter,
               {.kind = ProblemKind::ControlCharacter,
                .reason = "a raw control character in a string was taken as if it were escaped",
                .excerpt = {}},
               repair.controlCharacters, encoded);
    }
    return true;
}

/// `_id` and `_index` of the action line that goes with a document of a bulk body.
void BatchEncoder::addAction(std::string_view action)
{
    // {"create":{"_index":…,"_id":…}}: the inside reads like a hit without a document.
    const std::size_t begin = action.find('{', action.find(':'));
    if (begin == std::string_view::npos
        || m_actionIndex.index(action) != JsonIndex::Outcome::Done) {
        return;
    }
    const auto positions = m_actionIndex.positions();
    for (std::size_t i = 0; i + 2 < positions.size(); ++i) {
        if (action[positions[i]] != '"' || action[positions[i + 1]] != ':'
            || action[positions[i + 2]] != '"') {
            continue;
        }
        const auto inside = [&](std::size_t at) {
            const std::size_t next = at + 1 < positions.size() ? positions[at + 1] : action.size();
            const std::string_view token = action.substr(positions[at], next - positions[at]);
            const std::size_t end = token.rfind('"');
            return end > 0 ? token.substr(1, end - 1) : std::string_view();
        };
        const std::string_view key = inside(i);
        if (key == "_id" || key == "_index") {
            std::string value;
            std::uint64_t lone = 0;
            if (!unescapeJson(inside(i + 2), value, lone)) {
                m_builder.add(key, value, ValueKind::String);
            }
        }
    }
}

void BatchEncoder::finishEvent(const DocumentRef& ref, std::string_view text, EncodedBatch& encoded)
{
    for (const DocumentNote& note : m_flattener.notes()) {
        report(ref, m_indexed, note.offset,
               {.kind = note.kind, .reason = std::string(noteReason(note.kind)), .excerpt = {}},
               note.count, encoded);
    }
    setTime(ref, text, encoded);
    if (m_derive) {
        deriveFields();
    }
    m_builder.endEvent();
}

void BatchEncoder::setTime(const DocumentRef& ref, std::string_view text, EncodedBatch& encoded)
{
    std::optional<Timestamp> time;
    const std::string_view mappedTime =
        m_table ? m_mapper->first("@timestamp") : std::string_view();
    const bool hasTime = m_table ? !mappedTime.empty() : m_flattener.hasTime();
    if (m_table && hasTime) {
        time = parseEventTimestamp(mappedTime, false);
    } else if (hasTime) {
        time = parseEventTimestamp(m_flattener.timeText(), m_flattener.timeIsNumber());
        if (!time) {
            report(ref, text, 0,
                   {.kind = ProblemKind::BrokenTime,
                    .reason = fmt::format(
                        "@timestamp is no time: {}",
                        visibleText(m_flattener.timeText().substr(0, m_limits.excerptBytes))),
                    .excerpt = {}},
                   1, encoded);
        }
    } else if (m_derive) {
        if (const auto derived = deriveTime(m_builder)) {
            time = Timestamp(derived->nanoseconds);
            m_builder.addDerived("@timestamp", formatIso(*time), ValueKind::String);
        }
    }
    if (time) {
        time = correctedClock(*time);
        m_builder.setTime(time->nanoseconds());
    } else if (!hasTime) {
        report(ref, text, 0,
               {.kind = ProblemKind::MissingTime,
                .reason = "the document has no @timestamp; it takes part in no sequence",
                .excerpt = {}},
               1, encoded);
    }
}

/// What the analyst says of a host's clock; the time as it was read stays in the document.
Timestamp BatchEncoder::correctedClock(Timestamp time)
{
    if (m_clockOffsets.empty()) {
        return time;
    }
    const auto offset = m_clockOffsets.find(foldCase(m_builder.first("host.name")));
    std::int64_t corrected = 0;
    if (offset == m_clockOffsets.end()
        || __builtin_add_overflow(time.nanoseconds(), offset->second, &corrected)) {
        return time;
    }
    ++m_correctedCounts[offset->first];
    m_builder.replaceDerived("@timestamp", formatIso(Timestamp(corrected)), ValueKind::String);
    return Timestamp(corrected);
}

void BatchEncoder::deriveFields()
{
    if (m_builder.has("host.os.type")) {
        return;
    }
    const std::string_view type = deriveOsType(m_builder);
    if (!type.empty()) {
        m_builder.addDerived("host.os.type", type, ValueKind::String);
    }
}

void BatchEncoder::reject(const DocumentRef& ref, std::string_view text, FlattenOutcome outcome,
                          EncodedBatch& encoded)
{
    if (outcome == FlattenOutcome::TooDeep) {
        report(ref, text, 0,
               {.kind = ProblemKind::DocumentTooDeep,
                .reason = fmt::format("objects and arrays lie more than {} deep in one another",
                                      m_limits.nestingDepth),
                .excerpt = {}},
               1, encoded);
        return;
    }
    const std::optional<JsonFault> fault = diagnoseJson(text);
    if (outcome == FlattenOutcome::NotAnObject && !fault) {
        report(ref, text, 0,
               {.kind = ProblemKind::NotAnObject,
                .reason = "the document is no JSON object",
                .excerpt = {}},
               1, encoded);
        return;
    }
    // Both look for the same faults; should they differ the document is still not lost silently.
    const JsonFault known = fault.value_or(JsonFault{.offset = 0, .reason = "not valid JSON"});
    encoded.lastRecordTruncated = known.truncated;
    report(ref, text, known.offset,
           {.kind = known.truncated ? ProblemKind::TruncatedDocument : ProblemKind::BrokenDocument,
            .reason = known.reason,
            .excerpt = {}},
           1, encoded);
}

void BatchEncoder::report(const DocumentRef& ref, std::string_view text, std::size_t offset,
                          Problem problem, std::uint64_t count, EncodedBatch& encoded)
{
    // Positions cost time; past the kept ones only the count matters.
    if (encoded.problems.isKept(problem.kind, m_limits)) {
        const TextPosition place = positionOf(text, offset);
        problem.line = ref.line + place.line - 1;
        problem.column = place.line == 1 ? ref.column + place.column - 1 : place.column;
        problem.record = ref.record;
        problem.excerpt = excerptAround(text, offset, m_limits);
    }
    encoded.problems.add(std::move(problem), m_limits, count);
}

} // namespace sequela::ingest
