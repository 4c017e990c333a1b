#pragma once

#include "core/base/timestamp.h"
#include "core/casefile/memory_case.h"

#include <string>
#include <utility>
#include <vector>

/// Events for the tests of views: fields as text, times as seconds after a fixed start.
namespace views_events {

struct Event {
    double seconds = 0;
    std::vector<std::pair<std::string, std::string>> fields;
    bool hasTime = true;
};

inline constexpr std::int64_t startNs = 1'700'000'000LL * 1'000'000'000LL;

/// A case in memory with segments of @p segmentSize events.
inline std::shared_ptr<const sequela::schema::ColumnSource>
makeCase(const std::vector<Event>& events, std::uint32_t segmentSize = 3)
{
    using sequela::schema::ValueKind;
    sequela::casefile::MemorySource source;
    source.sha256Hex = "00";
    sequela::casefile::SegmentBuilder builder;
    std::uint64_t record = 0;
    for (const Event& event : events) {
        builder.beginEvent(record, record + 1, "{}");
        ++record;
        if (event.hasTime) {
            const auto ns = startNs + static_cast<std::int64_t>(event.seconds * 1e9);
            builder.add("@timestamp", sequela::formatIso(sequela::Timestamp(ns)),
                        ValueKind::String);
            builder.setTime(ns);
        }
        for (const auto& [field, value] : event.fields) {
            const bool isNumber = field.ends_with(".pid") || field.ends_with(".port");
            builder.add(field, value, isNumber ? ValueKind::Number : ValueKind::String);
        }
        builder.endEvent();
        if (builder.eventCount() == segmentSize) {
            source.segments.push_back(builder.finish());
        }
    }
    if (builder.eventCount() > 0) {
        source.segments.push_back(builder.finish());
    }
    std::vector<sequela::casefile::MemorySource> sources;
    sources.push_back(std::move(source));
    return sequela::casefile::makeMemoryCase(std::move(sources));
}

} // namespace views_events
