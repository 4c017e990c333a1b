#include "core/detect/event_reader.h"

namespace sequela::detect {

EventReader::EventReader(const schema::ColumnSource& source) : m_source(source) {}

EventReader::Entry& EventReader::entryOf(std::string_view field)
{
    const auto found = m_entries.find(field);
    if (found != m_entries.end()) {
        return found->second;
    }
    Entry entry;
    entry.field = m_source.field(field);
    return m_entries.emplace(field, std::move(entry)).first->second;
}

SegmentNumber EventReader::segmentOf(EventNumber event)
{
    const schema::Segment& last = m_source.segments()[m_lastSegment.index()];
    const bool inLast =
        event >= last.firstEvent && event.value() - last.firstEvent.value() < last.eventCount;
    if (!inLast) {
        m_lastSegment = m_source.segmentOf(event);
    }
    return m_lastSegment;
}

Result<EventReader::StoredValues> EventReader::values(EventNumber event, std::string_view field)
{
    StoredValues stored;
    Entry& entry = entryOf(field);
    if (!entry.field) {
        return stored;
    }
    const SegmentNumber segment = segmentOf(event);
    if (entry.columnSegment != segment) {
        auto column = m_source.column(segment, *entry.field);
        if (!column) {
            return std::unexpected(std::move(column).error());
        }
        entry.column = std::move(*column);
        entry.columnSegment = segment;
    }
    if (!entry.column) {
        return stored;
    }
    const std::uint32_t row =
        event.value() - m_source.segments()[segment.index()].firstEvent.value();
    std::uint32_t scratch = 0;
    for (const std::uint32_t value : entry.column->valuesOfCode(entry.column->code(row), scratch)) {
        stored.values.push_back(
            {std::string(entry.column->text(value)), entry.column->kind(value)});
    }
    stored.derived = entry.column->isDerived(row);
    return stored;
}

Result<std::string> EventReader::first(EventNumber event, std::string_view field)
{
    auto stored = values(event, field);
    if (!stored) {
        return std::unexpected(std::move(stored).error());
    }
    return stored->values.empty() ? std::string() : std::move(stored->values.front().text);
}

Result<std::optional<Timestamp>> EventReader::time(EventNumber event, std::string_view field)
{
    Entry& entry = entryOf(field);
    if (!entry.field) {
        return std::optional<Timestamp>();
    }
    const SegmentNumber segment = segmentOf(event);
    if (entry.timesSegment != segment) {
        auto times = m_source.times(segment, *entry.field);
        if (!times) {
            return std::unexpected(std::move(times).error());
        }
        entry.times = std::move(*times);
        entry.timesSegment = segment;
    }
    if (!entry.times) {
        return std::optional<Timestamp>();
    }
    const std::uint32_t row =
        event.value() - m_source.segments()[segment.index()].firstEvent.value();
    const std::int64_t nanoseconds = (*entry.times)[row];
    return nanoseconds == schema::noTime ? std::optional<Timestamp>()
                                         : std::optional<Timestamp>(nanoseconds);
}

} // namespace sequela::detect
