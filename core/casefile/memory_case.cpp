#include "core/casefile/memory_case.h"

#include "core/casefile/column_facts.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace sequela::casefile {

namespace {

struct MemorySegment {
    schema::Segment facts;
    std::shared_ptr<const std::vector<std::int64_t>> times;
    /// By FieldId, null where the segment lacks the field.
    std::vector<std::shared_ptr<const schema::Column>> columns;
    EncodedSegment encoded;
};

class MemoryCase final : public schema::ColumnSource {
public:
    explicit MemoryCase(std::vector<MemorySource> sources);

    [[nodiscard]] std::uint32_t eventCount() const override { return m_eventCount; }
    [[nodiscard]] std::span<const schema::Segment> segments() const override { return m_facts; }
    [[nodiscard]] std::span<const schema::SeenField> fields() const override { return m_fields; }
    [[nodiscard]] std::optional<FieldId> field(std::string_view name) const override;
    [[nodiscard]] Result<std::shared_ptr<const schema::Column>> column(SegmentNumber segment,
                                                                       FieldId field) const override
    {
        return columnOf(m_segments[segment.index()], field);
    }
    [[nodiscard]] Result<std::shared_ptr<const std::vector<std::int64_t>>>
    times(SegmentNumber segment, FieldId field) const override;
    [[nodiscard]] Result<std::string> document(EventNumber event) const override;
    [[nodiscard]] Result<schema::EventOrigin> origin(EventNumber event) const override;
    [[nodiscard]] Result<std::string> identity(EventNumber event) const override;

private:
    struct Origin {
        std::string sha256Hex;
        std::string member;
    };
    void addSegment(EncodedSegment encoded, SourceNumber source, std::uint32_t originRank);
    [[nodiscard]] static std::shared_ptr<const schema::Column>
    columnOf(const MemorySegment& segment, FieldId field)
    {
        return field.index() < segment.columns.size() ? segment.columns[field.index()] : nullptr;
    }
    [[nodiscard]] std::pair<const MemorySegment*, std::uint32_t> place(EventNumber event) const
    {
        const MemorySegment& segment = m_segments[segmentOf(event).index()];
        return {&segment, event.value() - segment.facts.firstEvent.value()};
    }

    std::uint32_t m_eventCount = 0;
    std::vector<Origin> m_sources;
    std::vector<MemorySegment> m_segments;
    std::vector<schema::Segment> m_facts;
    std::vector<schema::SeenField> m_fields;
    std::map<std::string, FieldId, std::less<>> m_fieldIds;
    std::optional<FieldId> m_timestamp;
    mutable std::mutex m_timesMutex;
    mutable std::map<std::pair<SegmentNumber, FieldId>,
                     std::shared_ptr<const std::vector<std::int64_t>>>
        m_times;
};

MemoryCase::MemoryCase(std::vector<MemorySource> sources)
{
    std::vector<OriginKey> keys;
    for (const MemorySource& source : sources) {
        keys.push_back({source.sha256Hex, source.member, std::nullopt});
    }
    const std::vector<std::uint32_t> ranks = originRanks(keys);
    for (std::size_t index = 0; index < sources.size(); ++index) {
        for (EncodedSegment& segment : sources[index].segments) {
            addSegment(std::move(segment), SourceNumber(static_cast<std::uint32_t>(index)),
                       ranks[index]);
        }
        m_sources.push_back(
            {std::move(sources[index].sha256Hex), std::move(sources[index].member)});
    }
    m_timestamp = field("@timestamp");
}

void MemoryCase::addSegment(EncodedSegment encoded, SourceNumber source, std::uint32_t originRank)
{
    if (encoded.eventCount == 0) {
        return;
    }
    MemorySegment segment;
    segment.facts = {EventNumber(m_eventCount), encoded.eventCount, source, originRank};
    segment.times =
        std::make_shared<const std::vector<std::int64_t>>(std::exchange(encoded.times, {}));
    for (NamedColumn& column : encoded.columns) {
        const auto [position, added] = m_fieldIds.try_emplace(
            column.name, FieldId(static_cast<std::uint32_t>(m_fields.size())));
        const FieldId id = position->second;
        if (added) {
            m_fields.push_back({.name = column.name});
        }
        addCounts(m_fields[id.index()], describeColumn(*column.column));
        segment.columns.resize(std::max(segment.columns.size(), id.index() + 1));
        segment.columns[id.index()] = std::move(column.column);
    }
    encoded.columns.clear();
    m_eventCount += encoded.eventCount;
    segment.encoded = std::move(encoded);
    m_facts.push_back(segment.facts);
    m_segments.push_back(std::move(segment));
}

std::optional<FieldId> MemoryCase::field(std::string_view name) const
{
    const auto position = m_fieldIds.find(name);
    return position == m_fieldIds.end() ? std::nullopt : std::optional(position->second);
}

Result<std::shared_ptr<const std::vector<std::int64_t>>> MemoryCase::times(SegmentNumber segment,
                                                                           FieldId field) const
{
    const MemorySegment& where = m_segments[segment.index()];
    if (field == m_timestamp) {
        return where.times;
    }
    const std::pair key(segment, field);
    {
        const std::scoped_lock lock(m_timesMutex);
        if (const auto known = m_times.find(key); known != m_times.end()) {
            return known->second;
        }
    }
    const auto column = columnOf(where, field);
    auto times = std::make_shared<const std::vector<std::int64_t>>(
        column ? timesOfColumn(*column)
               : std::vector<std::int64_t>(where.facts.eventCount, schema::noTime));
    const std::scoped_lock lock(m_timesMutex);
    return m_times.try_emplace(key, std::move(times)).first->second;
}

Result<std::string> MemoryCase::document(EventNumber event) const
{
    const auto [segment, row] = place(event);
    const auto& offsets = segment->encoded.documentOffsets;
    return segment->encoded.documents.substr(offsets[row], offsets[row + 1] - offsets[row]);
}

Result<schema::EventOrigin> MemoryCase::origin(EventNumber event) const
{
    const auto [segment, row] = place(event);
    return schema::EventOrigin{segment->facts.source, segment->encoded.records[row],
                               segment->encoded.lines[row]};
}

Result<std::string> MemoryCase::identity(EventNumber event) const
{
    const auto [segment, row] = place(event);
    const auto columnNamed = [&, where = segment](std::string_view name) {
        const auto id = field(name);
        return id ? columnOf(*where, *id) : nullptr;
    };
    const Origin& source = m_sources[segment->facts.source.index()];
    return makeIdentity(columnNamed("event.id").get(), columnNamed("host.id").get(), row,
                        source.sha256Hex, source.member, segment->encoded.records[row]);
}

} // namespace

std::shared_ptr<const schema::ColumnSource> makeMemoryCase(std::vector<MemorySource> sources)
{
    return std::make_shared<const MemoryCase>(std::move(sources));
}

} // namespace sequela::casefile
