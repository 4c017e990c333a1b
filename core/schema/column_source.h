#pragma once

#include "core/base/diagnostic.h"
#include "core/base/strong_id.h"
#include "core/schema/column.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::schema {

/// A field that occurs in the data, with what is known of it without reading a column.
struct SeenField {
    /// Full dotted name, `process.name`.
    std::string name;
    /// Events that have at least one value.
    std::uint64_t eventCount = 0;
    /// Events with more than one value.
    std::uint64_t listCount = 0;
    /// Values by kind, each distinct value of a segment counted once.
    std::uint64_t stringCount = 0;
    /// Numbers that are whole and fit 64 bit, and all other numbers.
    std::uint64_t integerCount = 0;
    std::uint64_t fractionCount = 0;
    std::uint64_t booleanCount = 0;
    /// Events whose value was derived.
    std::uint64_t derivedCount = 0;
};

struct Segment {
    EventNumber firstEvent;
    std::uint32_t eventCount = 0;
    /// All events of a segment come from one source, in ascending record order.
    SourceNumber source;
    /// Position of that source in the order (source SHA-256, member path): with equal times and
    /// tiebreakers, events order by (originRank, event number), see rules.md "Event identity".
    std::uint32_t originRank = 0;
};

/// Where an event came from.
struct EventOrigin {
    SourceNumber source;
    /// 0-based record in its source.
    std::uint64_t record = 0;
    /// 1-based line on which the record starts; 0 where the format has no lines.
    std::uint64_t line = 0;
};

/// The events as the engine sees them: segments of columns. `casefile` implements it over a case
/// file and over memory. Implementations are immutable and safe to read from any number of threads;
/// columns may be loaded on first use, which is why reading one can fail.
class ColumnSource {
public:
    virtual ~ColumnSource() = default;

    [[nodiscard]] virtual std::uint32_t eventCount() const = 0;
    [[nodiscard]] virtual std::span<const Segment> segments() const = 0;
    /// Every field seen, indexed by FieldId. Sorted by nothing in particular.
    [[nodiscard]] virtual std::span<const SeenField> fields() const = 0;
    [[nodiscard]] virtual std::optional<FieldId> field(std::string_view name) const = 0;

    /// The column, or null if no event of the segment has the field.
    [[nodiscard]] virtual Result<std::shared_ptr<const Column>> column(SegmentNumber segment,
                                                                       FieldId field) const = 0;
    /// The same for a caller who keeps what it makes of the column: a source with a cache need not
    /// keep the column in it.
    [[nodiscard]] virtual Result<std::shared_ptr<const Column>> passingColumn(SegmentNumber segment,
                                                                              FieldId field) const
    {
        return column(segment, field);
    }
    /// Times of the segment's events by a date field: nanoseconds, `noTime` where there is none.
    /// The first value counts where there are several.
    [[nodiscard]] virtual Result<std::shared_ptr<const std::vector<std::int64_t>>>
    times(SegmentNumber segment, FieldId field) const = 0;

    /// The original document, byte for byte (the `_source` where it was wrapped).
    [[nodiscard]] virtual Result<std::string> document(EventNumber event) const = 0;
    [[nodiscard]] virtual Result<EventOrigin> origin(EventNumber event) const = 0;
    /// The event's identity of rules.md: event.id qualified by host.id, else by source and record.
    [[nodiscard]] virtual Result<std::string> identity(EventNumber event) const = 0;

    /// Segment that holds an event, which must exist.
    [[nodiscard]] SegmentNumber segmentOf(EventNumber event) const;
};

} // namespace sequela::schema
