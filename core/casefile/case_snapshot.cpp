#include "core/casefile/case_snapshot.h"

#include "core/casefile/column_facts.h"
#include "core/casefile/limits.h"
#include "core/casefile/record_rows.h"
#include "core/casefile/snapshot_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace sequela::casefile {

namespace {

using Times = std::vector<std::int64_t>;

} // namespace

Result<std::unique_ptr<CaseSnapshot::State>>
CaseSnapshot::State::load(std::shared_ptr<CaseStorage> storage)
{
    auto state = std::make_unique<State>();
    state->storage = std::move(storage);
    auto lease = state->storage->lease();
    if (!lease) {
        return std::unexpected(std::move(lease).error());
    }
    Connection& connection = **lease;
    auto transaction = Transaction::beginReading(connection);
    if (!transaction) {
        return std::unexpected(std::move(transaction).error());
    }
    const auto revision = connection.integer(
        "SELECT CAST(value AS INTEGER) FROM property WHERE name = 'column_revision'");
    if (!revision) {
        return std::unexpected(revision.error());
    }
    state->columnRevision = static_cast<std::uint32_t>(*revision);
    SEQUELA_TRY(state->loadSources(connection));
    SEQUELA_TRY(state->loadFields(connection));
    SEQUELA_TRY(state->loadSegments(connection));
    SEQUELA_TRY(transaction->commit());
    return state;
}

Result<void> CaseSnapshot::State::loadSources(Connection& connection)
{
    auto rows =
        connection.prepare("SELECT " SEQUELA_SOURCE_COLUMNS " FROM source ORDER BY source_no");
    if (!rows) {
        return std::unexpected(std::move(rows).error());
    }
    for (;;) {
        const auto row = rows->step();
        if (!row) {
            return std::unexpected(row.error());
        }
        if (!*row) {
            return {};
        }
        sources.push_back(sourceFromRow(*rows));
        if (sources.back().number.index() != sources.size() - 1) {
            return std::unexpected(damagedError("the sources are not numbered in order"));
        }
    }
}

Result<void> CaseSnapshot::State::loadFields(Connection& connection)
{
    auto rows = connection.prepare(
        "SELECT field_no, name, event_count, list_count, string_count, integer_count, "
        "fraction_count, boolean_count, derived_count FROM field ORDER BY field_no");
    if (!rows) {
        return std::unexpected(std::move(rows).error());
    }
    for (;;) {
        const auto row = rows->step();
        if (!row) {
            return std::unexpected(row.error());
        }
        if (!*row) {
            break;
        }
        if (rows->natural(0) != fields.size() || fields.size() >= limits::fieldsPerCase) {
            return std::unexpected(damagedError("the fields are not numbered in order"));
        }
        fields.push_back({rows->text(1), rows->natural(2), rows->natural(3), rows->natural(4),
                          rows->natural(5), rows->natural(6), rows->natural(7), rows->natural(8)});
    }
    for (std::size_t index = 0; index < fields.size(); ++index) {
        fieldIds.emplace(fields[index].name, FieldId(static_cast<std::uint32_t>(index)));
    }
    if (const auto found = fieldIds.find("@timestamp"); found != fieldIds.end()) {
        timestamp = found->second;
    }
    return {};
}

Result<void> CaseSnapshot::State::loadSegments(Connection& connection)
{
    std::vector<OriginKey> keys;
    for (const SourceRecord& source : sources) {
        keys.push_back({source.key.sha256Hex, source.key.member, source.continues});
    }
    const std::vector<std::uint32_t> ranks = originRanks(keys);
    auto rows = connection.prepare("SELECT segment_no, source_no, first_event, event_count, "
                                   "first_time, last_time FROM segment ORDER BY segment_no");
    if (!rows) {
        return std::unexpected(std::move(rows).error());
    }
    for (;;) {
        const auto row = rows->step();
        if (!row) {
            return std::unexpected(row.error());
        }
        if (!*row) {
            return {};
        }
        const std::uint64_t source = rows->natural(1);
        const std::uint64_t count = rows->natural(3);
        if (rows->natural(0) != segments.size() || source >= sources.size()
            || rows->natural(2) != eventCount || count == 0 || count > limits::eventsPerSegment
            || count > std::numeric_limits<std::uint32_t>::max() - eventCount) {
            return std::unexpected(damagedError("the segments do not follow each other"));
        }
        segments.push_back({EventNumber(eventCount), static_cast<std::uint32_t>(count),
                            SourceNumber(static_cast<std::uint32_t>(source)), ranks[source]});
        eventCount += static_cast<std::uint32_t>(count);
        if (const std::int64_t first = rows->time(4); first != schema::noTime) {
            firstTime = firstTime == schema::noTime ? first : std::min(firstTime, first);
            lastTime = std::max(lastTime, rows->time(5));
        }
    }
}

Result<std::shared_ptr<const schema::Column>>
CaseSnapshot::State::column(SegmentNumber segment, FieldId field, bool keeps) const
{
    const BlobCache::Key key{
        BlobCache::Kind::Column, segment.value(), field.value(),
        storage->effectiveRevision(segment.value(), field.value(), columnRevision)};
    if (auto known = storage->cache().find<schema::Column>(key)) {
        return std::move(*known);
    }
    auto lease = storage->lease();
    if (!lease) {
        return std::unexpected(std::move(lease).error());
    }
    auto query = (*lease)->prepare("SELECT data FROM column_segment WHERE segment_no = ? AND "
                                   "field_no = ? AND revision <= ? ORDER BY revision DESC LIMIT 1");
    if (!query) {
        return std::unexpected(std::move(query).error());
    }
    query->bind(1, segment.value()).bind(2, field.value()).bind(3, columnRevision);
    const auto row = query->step();
    if (!row) {
        return std::unexpected(row.error());
    }
    if (!*row) {
        return storage->cache().keep<schema::Column>(key, nullptr, 0);
    }
    auto column = decodeColumn(query->view(0), segments[segment.index()].eventCount);
    if (!column) {
        return std::unexpected(std::move(column).error());
    }
    if (!keeps) {
        return std::move(*column);
    }
    const std::size_t bytes = memoryOf(**column);
    return storage->cache().keep<schema::Column>(key, std::move(*column), bytes);
}

Result<std::shared_ptr<const Positions>> CaseSnapshot::State::positions(SegmentNumber segment) const
{
    const BlobCache::Key key{BlobCache::Kind::Positions, segment.value(), 0, 0};
    if (auto known = storage->cache().find<Positions>(key)) {
        return std::move(*known);
    }
    auto lease = storage->lease();
    if (!lease) {
        return std::unexpected(std::move(lease).error());
    }
    auto query = (*lease)->prepare("SELECT positions FROM segment WHERE segment_no = ?");
    if (!query) {
        return std::unexpected(std::move(query).error());
    }
    query->bind(1, segment.value());
    const auto row = query->step();
    if (!row) {
        return std::unexpected(row.error());
    }
    auto positions = decodePositions(query->view(0), segments[segment.index()].eventCount);
    if (!positions) {
        return std::unexpected(std::move(positions).error());
    }
    const std::size_t bytes = positions->times.size() * 3 * sizeof(std::uint64_t);
    return storage->cache().keep<Positions>(
        key, std::make_shared<const Positions>(std::move(*positions)), bytes);
}

Result<std::shared_ptr<const DocumentBlock>> CaseSnapshot::State::documents(SegmentNumber segment,
                                                                            std::uint32_t row) const
{
    const std::uint32_t firstRow = row - row % limits::documentsPerBlock;
    const BlobCache::Key key{BlobCache::Kind::Documents, segment.value(), firstRow, 0};
    if (auto known = storage->cache().find<DocumentBlock>(key)) {
        return std::move(*known);
    }
    auto lease = storage->lease();
    if (!lease) {
        return std::unexpected(std::move(lease).error());
    }
    auto query = (*lease)->prepare(
        "SELECT data, document_count FROM document_block WHERE segment_no = ? AND first_row = ?");
    if (!query) {
        return std::unexpected(std::move(query).error());
    }
    query->bind(1, segment.value()).bind(2, firstRow);
    const auto found = query->step();
    if (!found) {
        return std::unexpected(found.error());
    }
    const std::uint32_t expected =
        std::min(limits::documentsPerBlock, segments[segment.index()].eventCount - firstRow);
    if (!*found || query->natural(1) != expected) {
        return std::unexpected(damagedError("documents of a segment are missing"));
    }
    auto block = decodeDocuments(query->view(0), expected);
    if (!block) {
        return std::unexpected(std::move(block).error());
    }
    const std::size_t bytes = block->payload.size;
    return storage->cache().keep<DocumentBlock>(
        key, std::make_shared<const DocumentBlock>(std::move(*block)), bytes);
}

CaseSnapshot::CaseSnapshot(std::unique_ptr<State> state) : m_state(std::move(state)) {}
CaseSnapshot::~CaseSnapshot() = default;

std::uint32_t CaseSnapshot::eventCount() const
{
    return m_state->eventCount;
}

std::span<const schema::Segment> CaseSnapshot::segments() const
{
    return m_state->segments;
}

std::span<const schema::SeenField> CaseSnapshot::fields() const
{
    return m_state->fields;
}

std::optional<FieldId> CaseSnapshot::field(std::string_view name) const
{
    const auto found = m_state->fieldIds.find(name);
    return found == m_state->fieldIds.end() ? std::nullopt : std::optional(found->second);
}

Result<std::shared_ptr<const schema::Column>> CaseSnapshot::column(SegmentNumber segment,
                                                                   FieldId field) const
{
    return m_state->column(segment, field);
}

Result<std::shared_ptr<const schema::Column>> CaseSnapshot::passingColumn(SegmentNumber segment,
                                                                          FieldId field) const
{
    return m_state->column(segment, field, false);
}

Result<std::shared_ptr<const Times>> CaseSnapshot::times(SegmentNumber segment, FieldId field) const
{
    if (field == m_state->timestamp) {
        auto positions = m_state->positions(segment);
        if (!positions) {
            return std::unexpected(std::move(positions).error());
        }
        return std::shared_ptr<const Times>(*positions, &(*positions)->times);
    }
    CaseStorage& storage = *m_state->storage;
    const BlobCache::Key key{
        BlobCache::Kind::Times, segment.value(), field.value(),
        storage.effectiveRevision(segment.value(), field.value(), m_state->columnRevision)};
    if (auto known = storage.cache().find<Times>(key)) {
        return std::move(*known);
    }
    const auto column = m_state->column(segment, field);
    if (!column) {
        return std::unexpected(column.error());
    }
    auto times = *column ? timesOfColumn(**column)
                         : Times(m_state->segments[segment.index()].eventCount, schema::noTime);
    const std::size_t bytes = times.size() * sizeof(std::int64_t);
    return storage.cache().keep<Times>(key, std::make_shared<const Times>(std::move(times)), bytes);
}

Result<std::string> CaseSnapshot::document(EventNumber event) const
{
    const SegmentNumber segment = segmentOf(event);
    const std::uint32_t row = event.value() - segments()[segment.index()].firstEvent.value();
    const auto block = m_state->documents(segment, row);
    if (!block) {
        return std::unexpected(block.error());
    }
    return std::string((*block)->document(row % limits::documentsPerBlock));
}

Result<schema::EventOrigin> CaseSnapshot::origin(EventNumber event) const
{
    const SegmentNumber segment = segmentOf(event);
    const schema::Segment& facts = segments()[segment.index()];
    const auto positions = m_state->positions(segment);
    if (!positions) {
        return std::unexpected(positions.error());
    }
    const std::uint32_t row = event.value() - facts.firstEvent.value();
    return schema::EventOrigin{facts.source, (*positions)->records[row], (*positions)->lines[row]};
}

Result<std::string> CaseSnapshot::identity(EventNumber event) const
{
    const SegmentNumber segment = segmentOf(event);
    const schema::Segment& facts = segments()[segment.index()];
    const auto columnNamed =
        [&](std::string_view name) -> Result<std::shared_ptr<const schema::Column>> {
        const auto id = field(name);
        return id ? m_state->column(segment, *id) : nullptr;
    };
    const auto eventId = columnNamed("event.id");
    if (!eventId) {
        return std::unexpected(eventId.error());
    }
    const auto hostId = columnNamed("host.id");
    if (!hostId) {
        return std::unexpected(hostId.error());
    }
    const auto where = origin(event);
    if (!where) {
        return std::unexpected(where.error());
    }
    const SourceRecord& source = m_state->sources[facts.source.index()];
    return makeIdentity(eventId->get(), hostId->get(), event.value() - facts.firstEvent.value(),
                        source.key.sha256Hex, source.key.member, where->record);
}

std::span<const SourceRecord> CaseSnapshot::sources() const
{
    return m_state->sources;
}

std::int64_t CaseSnapshot::firstTime() const
{
    return m_state->firstTime;
}

std::int64_t CaseSnapshot::lastTime() const
{
    return m_state->lastTime;
}

} // namespace sequela::casefile
