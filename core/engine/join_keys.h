#pragma once

#include "core/engine/event_order.h"
#include "core/engine/run_context.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace sequela::engine {

/// Number of a tuple of join keys within one run: equal tuples, equal numbers. 0 is the empty one.
using TupleNumber = std::uint32_t;

/// Numbers tuples of join keys, pair by pair. Not thread-safe.
class KeyTuples {
public:
    KeyTuples();

    /// Number of @p prefix followed by @p key; without @p mayAdd nothing if it is new.
    [[nodiscard]] std::optional<TupleNumber> extend(TupleNumber prefix, KeyNumber key, bool mayAdd);
    [[nodiscard]] std::size_t size() const { return m_tuples.size(); }
    [[nodiscard]] std::size_t byteCount() const
    {
        return m_tuples.capacity() * sizeof(Tuple)
               + (m_slots.capacity() + m_ofKey.capacity()) * sizeof(TupleNumber);
    }
    /// Keys of a tuple, first key first.
    [[nodiscard]] std::vector<KeyNumber> keys(TupleNumber tuple) const;

private:
    struct Tuple {
        TupleNumber prefix = 0;
        KeyNumber key = nullKey;
    };
    [[nodiscard]] std::size_t slotOf(TupleNumber prefix, KeyNumber key) const;
    [[nodiscard]] std::optional<TupleNumber> ofKey(KeyNumber key, bool mayAdd);
    [[nodiscard]] TupleNumber add(TupleNumber prefix, KeyNumber key);
    void rehash(std::size_t slotCount);
    void indexByKey();

    std::vector<Tuple> m_tuples;
    /// Open addressing, a power of two; 0 is empty (tuple 0 is never looked up).
    std::vector<TupleNumber> m_slots;
    std::size_t m_usedSlots = 0;
    /// Tuples of one key by that key, once there are many: no hash is needed for a number.
    std::vector<TupleNumber> m_ofKey;
};

/// The join keys of one stage.
class StageKeys {
public:
    StageKeys(const eql::BoundQuery& query, const eql::BoundStage& stage, CaseIndex& index);

    /// Tuples under which the event takes part in the stage: none where a key that is not optional
    /// has no value, several for keys of several values (each tuple once). Combinations beyond the
    /// limit are left out and noted in @p warnings.
    [[nodiscard]] Result<void> tuplesOf(EventNumber event, KeyTuples& tuples, bool mayAdd,
                                        std::vector<TupleNumber>& found, SegmentRun& run);

private:
    struct Key {
        std::optional<FieldId> field;
        schema::FieldType type = schema::FieldType::Keyword;
        bool isOptional = false;
        // In the segment entered last.
        const schema::Column* column = nullptr;
        CaseIndex::KeyColumn numbers;
    };
    [[nodiscard]] Result<void> enter(SegmentNumber segment);

    CaseIndex& m_index;
    std::optional<SegmentNumber> m_segment;
    std::vector<Key> m_keys;
    std::vector<KeyNumber> m_values;
    std::vector<TupleNumber> m_prefixes;
};

/// Values of a tuple's keys.
[[nodiscard]] std::vector<eql::Value> keyValues(const KeyTuples& tuples, TupleNumber tuple,
                                                const KeyInterner& keys);
/// Ascending order of two tuples' values, null first.
[[nodiscard]] bool keyTupleLess(std::span<const eql::Value> left,
                                std::span<const eql::Value> right);

} // namespace sequela::engine
