#pragma once

#include "core/base/diagnostic.h"
#include "core/base/strong_id.h"
#include "core/base/timestamp.h"
#include "core/detect/alert.h"
#include "core/schema/column_source.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::detect {

/// Reads single values of single events. Keeps the column of each field it was last asked for, so
/// that events of one segment read one after the other cost little. One per thread.
class EventReader {
public:
    /// @p source outlives the reader.
    explicit EventReader(const schema::ColumnSource& source);

    struct StoredValues {
        std::vector<FieldText> values;
        /// The values were derived, not read.
        bool derived = false;
    };

    /// All values of a field in document order; none if the event does not have it.
    [[nodiscard]] Result<StoredValues> values(EventNumber event, std::string_view field);
    /// Text of the first value, empty if there is none.
    [[nodiscard]] Result<std::string> first(EventNumber event, std::string_view field);
    /// Time of the event by a date field.
    [[nodiscard]] Result<std::optional<Timestamp>> time(EventNumber event, std::string_view field);

private:
    struct Entry {
        std::optional<FieldId> field;
        std::optional<SegmentNumber> columnSegment;
        std::shared_ptr<const schema::Column> column;
        std::optional<SegmentNumber> timesSegment;
        std::shared_ptr<const std::vector<std::int64_t>> times;
    };
    Entry& entryOf(std::string_view field);
    [[nodiscard]] SegmentNumber segmentOf(EventNumber event);

    const schema::ColumnSource& m_source;
    std::map<std::string, Entry, std::less<>> m_entries;
    /// Segment of the event asked for last: neighbours share it.
    SegmentNumber m_lastSegment;
};

} // namespace sequela::detect
