#include "core/casefile/blob.h"
#include "core/casefile/case_state.h"
#include "core/casefile/column_codec.h"
#include "core/casefile/column_facts.h"
#include "core/casefile/event_rows.h"
#include "core/casefile/record_rows.h"

#include <fmt/format.h>

#include <limits>
#include <utility>

namespace sequela::casefile {

namespace {

Diagnostic noSuchSource(SourceNumber source)
{
    return makeError(
        "case-no-such-source",
        fmt::format("The case has no source number {} that is being imported.", source.value()),
        "Begin or resume the source first.");
}

Result<void> updateFieldCounts(Connection& connection, std::uint32_t field,
                               const schema::SeenField& seen, std::int64_t sign)
{
    auto update = connection.prepare(
        "UPDATE field SET event_count = event_count + ?2, list_count = list_count + ?3, "
        "string_count = string_count + ?4, integer_count = integer_count + ?5, "
        "fraction_count = fraction_count + ?6, boolean_count = boolean_count + ?7, "
        "derived_count = derived_count + ?8 WHERE field_no = ?1");
    if (!update) {
        return std::unexpected(std::move(update).error());
    }
    const auto signedCount = [sign](std::uint64_t count) {
        return sign * static_cast<std::int64_t>(count);
    };
    return update->bind(1, field)
        .bind(2, signedCount(seen.eventCount))
        .bind(3, signedCount(seen.listCount))
        .bind(4, signedCount(seen.stringCount))
        .bind(5, signedCount(seen.integerCount))
        .bind(6, signedCount(seen.fractionCount))
        .bind(7, signedCount(seen.booleanCount))
        .bind(8, signedCount(seen.derivedCount))
        .run();
}

Result<void> insertColumn(Connection& connection, std::uint32_t segment, std::uint32_t field,
                          std::uint32_t revision, std::string_view data)
{
    auto insert = connection.prepare(
        "INSERT INTO column_segment(segment_no, field_no, revision, data) VALUES(?, ?, ?, ?)");
    if (!insert) {
        return std::unexpected(std::move(insert).error());
    }
    return insert->bind(1, segment).bind(2, field).bind(3, revision).bindBlob(4, data).run();
}

Result<void> insertSegment(Connection& connection, const Numbering& next, SourceNumber source,
                           const PackedSegment& segment)
{
    auto insert = connection.prepare(
        "INSERT INTO segment(segment_no, source_no, first_event, event_count, first_time, "
        "last_time, positions) VALUES(?, ?, ?, ?, ?, ?, ?)");
    if (!insert) {
        return std::unexpected(std::move(insert).error());
    }
    SEQUELA_TRY(insert->bind(1, next.segment)
                    .bind(2, source.value())
                    .bind(3, next.event)
                    .bind(4, segment.eventCount)
                    .bindTime(5, segment.firstTime)
                    .bindTime(6, segment.lastTime)
                    .bindBlob(7, segment.positions)
                    .run());
    auto insertBlock = connection.prepare(
        "INSERT INTO document_block(segment_no, first_row, document_count, data) "
        "VALUES(?, ?, ?, ?)");
    if (!insertBlock) {
        return std::unexpected(std::move(insertBlock).error());
    }
    for (const PackedDocumentBlock& block : segment.documents) {
        SEQUELA_TRY(insertBlock->bind(1, next.segment)
                        .bind(2, block.firstRow)
                        .bind(3, block.documentCount)
                        .bindBlob(4, block.data)
                        .run());
    }
    return {};
}

Result<void> updateProgress(Connection& connection, SourceNumber source,
                            const SourceProgress& progress)
{
    auto update = connection.prepare(
        "UPDATE source SET records_read = ?2, bytes_consumed = ?3, next_line = ?4, "
        "resume_token = ?5, prefix_sha256 = ?6 WHERE source_no = ?1");
    if (!update) {
        return std::unexpected(std::move(update).error());
    }
    return update->bind(1, source.value())
        .bind(2, progress.recordsRead)
        .bind(3, progress.bytesConsumed)
        .bind(4, progress.nextLine)
        .bindBlob(5, progress.resumeToken)
        .bind(6, std::string_view(progress.prefixSha256Hex))
        .run();
}

Result<void> updateSourceSpan(Connection& connection, SourceNumber source,
                              const PackedSegment& segment)
{
    auto update = connection.prepare(
        "UPDATE source SET event_count = event_count + ?2, "
        "first_time = coalesce(min(first_time, ?3), first_time, ?3), "
        "last_time = coalesce(max(last_time, ?4), last_time, ?4) WHERE source_no = ?1");
    if (!update) {
        return std::unexpected(std::move(update).error());
    }
    return update->bind(1, source.value())
        .bind(2, segment.eventCount)
        .bindTime(3, segment.firstTime)
        .bindTime(4, segment.lastTime)
        .run();
}

Result<void> requireImporting(Connection& connection, SourceNumber source)
{
    auto query = connection.prepare("SELECT state FROM source WHERE source_no = ?");
    if (!query) {
        return std::unexpected(std::move(query).error());
    }
    query->bind(1, source.value());
    const auto row = query->step();
    if (!row) {
        return std::unexpected(row.error());
    }
    if (!*row || query->view(0) != nameOf(SourceState::Importing, sourceStateNames)) {
        return std::unexpected(noSuchSource(source));
    }
    return {};
}

Result<void> insertProblems(Connection& connection, SourceNumber source,
                            std::span<const ProblemRecord> problems)
{
    auto insert = connection.prepare(
        "INSERT INTO problem(source_no, code, reason, record_no, line, \"column\", excerpt, count) "
        "VALUES(?, ?, ?, ?, ?, ?, ?, ?)");
    if (!insert) {
        return std::unexpected(std::move(insert).error());
    }
    for (const ProblemRecord& problem : problems) {
        SEQUELA_TRY(insert->bind(1, source.value())
                        .bind(2, std::string_view(problem.code))
                        .bind(3, std::string_view(problem.reason))
                        .bind(4, problem.record)
                        .bind(5, problem.line)
                        .bind(6, problem.column)
                        .bind(7, std::string_view(problem.excerpt))
                        .bind(8, problem.count)
                        .run());
    }
    auto update = connection.prepare(
        "UPDATE source SET problem_count = (SELECT coalesce(sum(count), 0) FROM problem WHERE "
        "source_no = ?1) WHERE source_no = ?1");
    if (!update) {
        return std::unexpected(std::move(update).error());
    }
    return update->bind(1, source.value()).run();
}

/// Counts and event range of a segment, and its column as it is now (null if it has none).
struct StoredColumn {
    std::uint32_t firstEvent = 0;
    std::uint32_t eventCount = 0;
    std::shared_ptr<const schema::Column> column;
};

Result<StoredColumn> loadColumn(Connection& connection, std::uint32_t segment, std::uint32_t field)
{
    auto place =
        connection.prepare("SELECT first_event, event_count FROM segment WHERE segment_no = ?");
    if (!place) {
        return std::unexpected(std::move(place).error());
    }
    place->bind(1, segment);
    const auto there = place->step();
    if (!there) {
        return std::unexpected(there.error());
    }
    if (!*there) {
        return std::unexpected(damagedError(fmt::format("there is no segment {}", segment)));
    }
    StoredColumn stored{static_cast<std::uint32_t>(place->integer(0)),
                        static_cast<std::uint32_t>(place->integer(1)), nullptr};
    auto query = connection.prepare("SELECT data FROM column_segment WHERE segment_no = ? AND "
                                    "field_no = ? ORDER BY revision DESC LIMIT 1");
    if (!query) {
        return std::unexpected(std::move(query).error());
    }
    query->bind(1, segment).bind(2, field);
    const auto row = query->step();
    if (!row) {
        return std::unexpected(row.error());
    }
    if (*row) {
        auto decoded = decodeColumn(query->view(0), stored.eventCount);
        if (!decoded) {
            return std::unexpected(std::move(decoded).error());
        }
        stored.column = std::move(*decoded);
    }
    return stored;
}

} // namespace

Result<std::uint32_t> CaseFile::State::fieldId(const std::string& name)
{
    if (const auto known = fieldIds.find(name); known != fieldIds.end()) {
        return known->second;
    }
    if (fieldIds.size() >= limits::fieldsPerCase) {
        return std::unexpected(
            makeError("case-too-many-fields",
                      fmt::format("The events name more than {} different fields, which is more "
                                  "than a case can hold.",
                                  limits::fieldsPerCase),
                      "Events whose field names carry data (ids, numbers) need another mapping."));
    }
    auto insert = writer->prepare("INSERT INTO field(field_no, name) VALUES(?, ?)");
    if (!insert) {
        return std::unexpected(std::move(insert).error());
    }
    const auto id = static_cast<std::uint32_t>(fieldIds.size());
    SEQUELA_TRY(insert->bind(1, id).bind(2, std::string_view(name)).run());
    fieldIds.emplace(name, id);
    newFields.push_back(name);
    return id;
}

Result<void> CaseFile::beginFilling()
{
    State& state = *m_state;
    const std::scoped_lock guard(state.writeMutex);
    if (!state.writer) {
        return std::unexpected(state.cannotWrite());
    }
    // The mode belongs to the file, so SQLite changes it only where no other connection has it.
    state.storage->startAfresh(limits::patienceWhileFilling);
    (void)state.writer->execute("PRAGMA journal_mode=TRUNCATE");
    // Less is only safe with a write-ahead log when the power goes.
    SEQUELA_TRY(state.writer->execute("PRAGMA synchronous=FULL"));
    state.writer->setPatience(limits::patienceWhileFilling);
    return {};
}

Result<void> CaseFile::endFilling()
{
    State& state = *m_state;
    const std::scoped_lock guard(state.writeMutex);
    if (!state.writer) {
        return std::unexpected(state.cannotWrite());
    }
    state.writer->setPatience(limits::patience);
    state.storage->startAfresh(limits::patience);
    // Where somebody reads just now it stays as it is, which is as safe.
    const auto mode = state.writer->text("PRAGMA journal_mode=WAL");
    if (mode && *mode == "wal") {
        SEQUELA_TRY(state.writer->execute("PRAGMA synchronous=NORMAL"));
    }
    return {};
}

Result<SourceNumber> CaseFile::beginSource(const NewSource& source)
{
    return m_state->write([&](Connection& connection) -> Result<SourceNumber> {
        auto insert = connection.prepare(
            "INSERT INTO source(source_no, path, member, sha256, size, format, state, continues, "
            "detail) VALUES(?, ?, ?, ?, ?, ?, 'importing', ?, ?)");
        if (!insert) {
            return std::unexpected(std::move(insert).error());
        }
        const SourceNumber number(m_state->next.source++);
        insert->bind(1, number.value())
            .bind(2, std::string_view(source.path))
            .bind(3, std::string_view(source.key.member))
            .bind(4, std::string_view(source.key.sha256Hex))
            .bind(5, source.key.sizeBytes)
            .bind(6, std::string_view(source.format))
            .bind(8, std::string_view(source.detailJson));
        if (source.continues) {
            insert->bind(7, source.continues->value());
        }
        SEQUELA_TRY(insert->run());
        return number;
    });
}

Result<SegmentNumber> CaseFile::appendSegment(SourceNumber source, const PackedSegment& segment,
                                              const SourceProgress& progress)
{
    State& state = *m_state;
    return state.write([&](Connection& connection) -> Result<SegmentNumber> {
        SEQUELA_TRY(requireImporting(connection, source));
        if (segment.eventCount > std::numeric_limits<std::uint32_t>::max() - state.next.event) {
            return std::unexpected(makeError("case-segment-too-large",
                                             "A case holds at most 4,294,967,295 events.",
                                             "Import the rest into another case."));
        }
        SEQUELA_TRY(insertSegment(connection, state.next, source, segment));
        for (const PackedColumn& column : segment.columns) {
            const auto field = state.fieldId(column.seen.name);
            if (!field) {
                return std::unexpected(field.error());
            }
            SEQUELA_TRY(insertColumn(connection, state.next.segment, *field, 0, column.data));
            SEQUELA_TRY(updateFieldCounts(connection, *field, column.seen, 1));
        }
        SEQUELA_TRY(insertEventRows(connection, state.next.event, source, segment));
        SEQUELA_TRY(updateProgress(connection, source, progress));
        SEQUELA_TRY(updateSourceSpan(connection, source, segment));
        state.next.event += segment.eventCount;
        return SegmentNumber(state.next.segment++);
    });
}

Result<void> CaseFile::replaceColumn(SegmentNumber segment, const NamedColumn& column)
{
    const std::pair<SegmentNumber, NamedColumn> one(segment, column);
    return replaceColumns(std::span(&one, 1));
}

Result<void>
CaseFile::replaceColumns(std::span<const std::pair<SegmentNumber, NamedColumn>> columns)
{
    State& state = *m_state;
    return state.write([&](Connection& connection) -> Result<void> {
        const std::uint32_t revision = ++state.next.columnRevision;
        for (const auto& [segment, column] : columns) {
            const auto field = state.fieldId(column.name);
            if (!field) {
                return std::unexpected(field.error());
            }
            const auto stored = loadColumn(connection, segment.value(), *field);
            if (!stored) {
                return std::unexpected(stored.error());
            }
            if (stored->eventCount != column.column->eventCount()) {
                return std::unexpected(makeError("case-segment-too-large",
                                                 "A replacing column must have as many rows as "
                                                 "its segment has events."));
            }
            const auto packed = packColumn(column);
            if (!packed) {
                return std::unexpected(packed.error());
            }
            if (stored->column) {
                SEQUELA_TRY(
                    updateFieldCounts(connection, *field, describeColumn(*stored->column), -1));
            }
            SEQUELA_TRY(updateFieldCounts(connection, *field, packed->seen, 1));
            SEQUELA_TRY(insertColumn(connection, segment.value(), *field, revision, packed->data));
            SEQUELA_TRY(updateEventRows(connection, stored->firstEvent, column.name,
                                        stored->column.get(), *column.column));
            state.storage->noteReplaced(segment.value(), *field, revision);
        }
        auto update =
            connection.prepare("UPDATE property SET value = ? WHERE name = 'column_revision'");
        if (!update) {
            return std::unexpected(std::move(update).error());
        }
        const std::string text = std::to_string(revision);
        return update->bind(1, std::string_view(text)).run();
    });
}

Result<std::vector<SegmentNumber>> CaseFile::segmentsOf(SourceNumber source) const
{
    std::vector<SegmentNumber> segments;
    SEQUELA_TRY(m_state->read(
        "SELECT segment_no FROM segment WHERE source_no = ? ORDER BY segment_no",
        [&](Statement& query) { query.bind(1, source.value()); },
        [&](const Statement& row) {
            segments.emplace_back(static_cast<std::uint32_t>(row.integer(0)));
        }));
    return segments;
}

Result<void> CaseFile::finishSource(SourceNumber source, const SourceOutcome& outcome)
{
    return m_state->write([&](Connection& connection) -> Result<void> {
        SEQUELA_TRY(requireImporting(connection, source));
        SEQUELA_TRY(updateProgress(connection, source, outcome.progress));
        auto update = connection.prepare(
            "UPDATE source SET state = ?2, sha256 = CASE ?3 WHEN '' THEN sha256 ELSE ?3 END, "
            "broken_count = ?4, skipped_count = ?5, "
            "detail = CASE ?6 WHEN '' THEN detail ELSE ?6 END WHERE source_no = ?1");
        if (!update) {
            return std::unexpected(std::move(update).error());
        }
        SEQUELA_TRY(update->bind(1, source.value())
                        .bind(2, nameOf(outcome.state, sourceStateNames))
                        .bind(3, std::string_view(outcome.sha256Hex))
                        .bind(4, outcome.brokenCount)
                        .bind(5, outcome.skippedCount)
                        .bind(6, std::string_view(outcome.detailJson))
                        .run());
        auto removal = connection.prepare("DELETE FROM problem WHERE source_no = ?");
        if (!removal) {
            return std::unexpected(std::move(removal).error());
        }
        SEQUELA_TRY(removal->bind(1, source.value()).run());
        return insertProblems(connection, source, outcome.problems);
    });
}

Result<SourceProgress> CaseFile::resumeSource(SourceNumber source)
{
    return m_state->write([&](Connection& connection) -> Result<SourceProgress> {
        auto query =
            connection.prepare("SELECT " SEQUELA_SOURCE_COLUMNS " FROM source WHERE source_no = ?");
        if (!query) {
            return std::unexpected(std::move(query).error());
        }
        query->bind(1, source.value());
        const auto row = query->step();
        if (!row) {
            return std::unexpected(row.error());
        }
        if (!*row) {
            return std::unexpected(noSuchSource(source));
        }
        SourceProgress progress = sourceFromRow(*query).progress;
        auto update =
            connection.prepare("UPDATE source SET state = 'importing' WHERE source_no = ?");
        if (!update) {
            return std::unexpected(std::move(update).error());
        }
        SEQUELA_TRY(update->bind(1, source.value()).run());
        return progress;
    });
}

Result<void> CaseFile::addProblems(SourceNumber source, std::span<const ProblemRecord> problems)
{
    return m_state->write([&](Connection& connection) -> Result<void> {
        SEQUELA_TRY(requireImporting(connection, source));
        return insertProblems(connection, source, problems);
    });
}

Result<std::vector<SourceRecord>> CaseFile::sources() const
{
    std::vector<SourceRecord> sources;
    SEQUELA_TRY(m_state->read(
        "SELECT " SEQUELA_SOURCE_COLUMNS " FROM source ORDER BY source_no", noParameters,
        [&](const Statement& row) { sources.push_back(sourceFromRow(row)); }));
    return sources;
}

Result<std::optional<SourceRecord>> CaseFile::findSource(const SourceKey& key) const
{
    std::optional<SourceRecord> found;
    SEQUELA_TRY(m_state->read(
        "SELECT " SEQUELA_SOURCE_COLUMNS
        " FROM source WHERE sha256 = ? AND size = ? AND member = ? ORDER BY source_no DESC LIMIT 1",
        [&](Statement& query) {
            query.bind(1, std::string_view(key.sha256Hex))
                .bind(2, key.sizeBytes)
                .bind(3, std::string_view(key.member));
        },
        [&](const Statement& row) { found = sourceFromRow(row); }));
    return found;
}

Result<std::vector<SourceRecord>> CaseFile::sourcesAt(std::string_view path,
                                                      std::string_view member) const
{
    std::vector<SourceRecord> sources;
    SEQUELA_TRY(m_state->read(
        "SELECT " SEQUELA_SOURCE_COLUMNS
        " FROM source WHERE path = ? AND member = ? ORDER BY source_no DESC",
        [&](Statement& query) { query.bind(1, path).bind(2, member); },
        [&](const Statement& row) { sources.push_back(sourceFromRow(row)); }));
    return sources;
}

Result<std::vector<ProblemRecord>> CaseFile::problems(SourceNumber source) const
{
    std::vector<ProblemRecord> problems;
    SEQUELA_TRY(m_state->read(
        "SELECT code, reason, record_no, line, \"column\", excerpt, count FROM problem WHERE "
        "source_no = ? ORDER BY problem_no",
        [&](Statement& query) { query.bind(1, source.value()); },
        [&](const Statement& row) {
            problems.push_back({row.text(0), row.text(1), row.natural(2), row.natural(3),
                                row.natural(4), row.text(5), row.natural(6)});
        }));
    return problems;
}

} // namespace sequela::casefile
