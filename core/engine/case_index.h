#pragma once

#include "core/base/diagnostic.h"
#include "core/engine/engine.h"
#include "core/engine/key_interner.h"
#include "core/engine/value_index.h"
#include "core/schema/column_source.h"

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sequela::engine {

/// Columns of a source, pinned at first use, with what is derived from them once: numbers of values
/// that hold across segments, and join keys. Safe to use from several threads. When the last use
/// ends and more bytes are pinned than EngineTuning::pinnedColumnBytes, those not used for longest
/// are let go; what was derived from them stays, since a column read again is the same.
class CaseIndex {
public:
    /// Keeps every column that is asked for meanwhile where it is. Whoever holds a pointer to a
    /// column has one; they are cheap, may be held by any number of threads and lie inside one
    /// another.
    class Use {
    public:
        explicit Use(CaseIndex& index);
        ~Use();
        Use(const Use&) = delete;
        Use& operator=(const Use&) = delete;

    private:
        CaseIndex& m_index;
    };

    explicit CaseIndex(std::shared_ptr<const schema::ColumnSource> source,
                       const EngineTuning& tuning = {});
    ~CaseIndex();

    [[nodiscard]] const EngineTuning& tuning() const { return m_tuning; }

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

    /// The column or null; the pointer is good as long as a Use that was there before.
    [[nodiscard]] Result<const schema::Column*> column(SegmentNumber segment, FieldId field);

    /// Bytes of the columns that are pinned now.
    [[nodiscard]] std::size_t pinnedBytes() const { return m_pinnedBytes; }

    /// Case-wide number of each value of the column, or null for a column with more values than
    /// limits::sharedValuesPerSegment.
    struct SharedValues {
        /// By value of the column.
        std::vector<std::uint32_t> numbers;
        /// One more than the greatest of them.
        std::uint32_t end = 0;
    };
    [[nodiscard]] const SharedValues* sharedValues(SegmentNumber segment, FieldId field,
                                                   const schema::Column& column);
    /// Case-wide value numbers given out for the field so far.
    [[nodiscard]] std::uint32_t sharedValueCount(FieldId field);

    /// What is worked out of a column once, for all leaves over its field; null when the bytes that
    /// may be spent on it (limits::columnIndexBytes) are spent: then leaves do without.
    [[nodiscard]] const ValueTable* valueTable(SegmentNumber segment, FieldId field,
                                               const schema::Column& column);
    [[nodiscard]] const std::vector<TextSignature>* signatures(SegmentNumber segment, FieldId field,
                                                               const schema::Column& column);
    [[nodiscard]] const RowsByCode* rowsByCode(SegmentNumber segment, FieldId field,
                                               const schema::Column& column);

    /// Key numbers of the values of one column as a type sees them.
    class KeyColumn {
    public:
        KeyColumn() = default;
        /// Key number of one value, 0 where it is no value.
        [[nodiscard]] KeyNumber at(std::uint32_t valueIndex) const
        {
            const KeyNumber number = (*m_numbers)[valueIndex].load(std::memory_order_relaxed);
            return number == unknownKey ? find(valueIndex) : number;
        }

    private:
        friend class CaseIndex;
        [[nodiscard]] KeyNumber find(std::uint32_t valueIndex) const;

        KeyInterner* m_keys = nullptr;
        const schema::Column* m_column = nullptr;
        schema::FieldType m_type = schema::FieldType::Keyword;
        std::vector<std::atomic<KeyNumber>>* m_numbers = nullptr;
    };
    /// Good as long as the column.
    [[nodiscard]] KeyColumn keyColumn(SegmentNumber segment, FieldId field, schema::FieldType type,
                                      const schema::Column& column);
    [[nodiscard]] KeyInterner& keys() { return m_keys; }

private:
    static constexpr std::int64_t beingEmptied = -1;
    static constexpr KeyNumber unknownKey = std::numeric_limits<KeyNumber>::max();

    struct SegmentField;
    struct Field;
    template <typename Part>
    struct Derived;

    void letGo();

    [[nodiscard]] Field& fieldState(FieldId field);
    template <typename Part, typename Make>
    [[nodiscard]] const Part* derived(SegmentField& owner, Derived<Part>& place, std::size_t bytes,
                                      const Make& make);

    std::shared_ptr<const schema::ColumnSource> m_source;
    EngineTuning m_tuning;
    KeyInterner m_keys;
    std::atomic<std::size_t> m_derivedBytes = 0;
    std::atomic<std::size_t> m_pinnedBytes = 0;
    /// Uses there are, or `beingEmptied`.
    std::atomic<std::int64_t> m_uses = 0;
    std::atomic<std::uint64_t> m_clock = 0;
    std::vector<std::atomic<Field*>> m_fields;
    std::mutex m_fieldMutex;
    std::vector<std::unique_ptr<Field>> m_ownedFields;
};

} // namespace sequela::engine
