#pragma once

#include "core/base/diagnostic.h"
#include "core/engine/key_interner.h"
#include "core/schema/column_source.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sequela::engine {

/// Columns of a source, pinned at first use, with what is derived from them once: numbers of values
/// that hold across segments, and join keys. Safe to use from several threads.
class CaseIndex {
public:
    explicit CaseIndex(std::shared_ptr<const schema::ColumnSource> source);
    ~CaseIndex();

    [[nodiscard]] const schema::ColumnSource& source() const { return *m_source; }
    [[nodiscard]] std::size_t segmentCount() const { return m_source->segments().size(); }
    [[nodiscard]] std::uint32_t rowCount(SegmentNumber segment) const
    {
        return m_source->segments()[segment.index()].eventCount;
    }
    [[nodiscard]] std::uint32_t firstEvent(SegmentNumber segment) const
    {
        return m_source->segments()[segment.index()].firstEvent.value();
    }

    /// The column or null; the pointer lives as long as the index.
    [[nodiscard]] Result<const schema::Column*> column(SegmentNumber segment, FieldId field);

    /// Case-wide number of each value of the column, or null for a column with more values than
    /// limits::sharedValuesPerSegment.
    [[nodiscard]] const std::vector<std::uint32_t>*
    sharedValues(SegmentNumber segment, FieldId field, const schema::Column& column);
    /// Case-wide value numbers given out for the field so far.
    [[nodiscard]] std::uint32_t sharedValueCount(FieldId field);

    /// Key number of one value of the column as @p type sees it, 0 where it is no value.
    [[nodiscard]] KeyNumber keyOf(SegmentNumber segment, FieldId field, schema::FieldType type,
                                  const schema::Column& column, std::uint32_t valueIndex);
    [[nodiscard]] KeyInterner& keys() { return m_keys; }

private:
    struct SegmentField;
    struct Field;

    [[nodiscard]] Field& fieldState(FieldId field);

    std::shared_ptr<const schema::ColumnSource> m_source;
    KeyInterner m_keys;
    std::vector<std::atomic<Field*>> m_fields;
    std::mutex m_fieldMutex;
    std::vector<std::unique_ptr<Field>> m_ownedFields;
};

} // namespace sequela::engine
