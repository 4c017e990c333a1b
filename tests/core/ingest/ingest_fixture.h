#pragma once

#include "core/ingest/import.h"
#include "core/schema/column_source.h"

#include <string>
#include <string_view>
#include <vector>

namespace sequela::ingest::testing {

/// Reads one text under a name.
inline EventsInMemory readText(std::string text, const ImportOptions& options = {},
                               std::string name = "events.json")
{
    const std::vector<Input> inputs{{.path = std::move(name), .text = std::move(text)}};
    auto events = readIntoMemory(inputs, options, nullptr, {});
    return events ? std::move(*events) : EventsInMemory{};
}

inline EventsInMemory readPath(const std::string& path, const ImportOptions& options = {})
{
    const std::vector<Input> inputs{{.path = path, .text = {}}};
    auto events = readIntoMemory(inputs, options, nullptr, {});
    return events ? std::move(*events) : EventsInMemory{};
}

/// Values of a field of one event, joined by `|`; derived ones begin with `~`.
inline std::string valuesOf(const schema::ColumnSource& source, std::uint32_t event,
                            std::string_view name)
{
    const auto field = source.field(name);
    if (!field) {
        return {};
    }
    const SegmentNumber segment = source.segmentOf(EventNumber(event));
    const auto column = source.column(segment, *field);
    if (!column || *column == nullptr) {
        return {};
    }
    const std::uint32_t row = event - source.segments()[segment.index()].firstEvent.value();
    std::uint32_t scratch = 0;
    std::string joined;
    bool isFirst = true;
    for (const std::uint32_t value : (*column)->valuesOfCode((*column)->code(row), scratch)) {
        joined += isFirst ? "" : "|";
        isFirst = false;
        joined += (*column)->text(value);
    }
    return joined.empty() || !(*column)->isDerived(row) ? joined : "~" + joined;
}

/// Nanoseconds of an event's @timestamp.
inline std::int64_t timeOf(const schema::ColumnSource& source, std::uint32_t event)
{
    const auto field = source.field("@timestamp");
    const SegmentNumber segment = source.segmentOf(EventNumber(event));
    if (!field) {
        return schema::noTime;
    }
    const auto times = source.times(segment, *field);
    return times ? (**times)[event - source.segments()[segment.index()].firstEvent.value()]
                 : schema::noTime;
}

inline std::string documentOf(const schema::ColumnSource& source, std::uint32_t event)
{
    return source.document(EventNumber(event)).value_or("<error>");
}

} // namespace sequela::ingest::testing
