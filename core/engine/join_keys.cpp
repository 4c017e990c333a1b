#include "core/engine/join_keys.h"

#include "core/engine/limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace sequela::engine {

KeyTuples::KeyTuples() : m_tuples(1), m_slots(1024) {}

std::size_t KeyTuples::slotOf(TupleNumber prefix, KeyNumber key) const
{
    std::uint64_t hash = ((std::uint64_t{prefix} << 32U) | key) * 0x9E37'79B9'7F4A'7C15U;
    hash ^= hash >> 29U;
    std::size_t slot = static_cast<std::size_t>(hash) & (m_slots.size() - 1);
    while (m_slots[slot] != 0) {
        const Tuple& tuple = m_tuples[m_slots[slot]];
        if (tuple.prefix == prefix && tuple.key == key) {
            break;
        }
        slot = (slot + 1) & (m_slots.size() - 1);
    }
    return slot;
}

TupleNumber KeyTuples::add(TupleNumber prefix, KeyNumber key)
{
    m_tuples.push_back({prefix, key});
    return static_cast<TupleNumber>(m_tuples.size() - 1);
}

void KeyTuples::rehash(std::size_t slotCount)
{
    m_slots.assign(slotCount, 0);
    m_usedSlots = 0;
    for (TupleNumber tuple = 1; tuple < m_tuples.size(); ++tuple) {
        if (m_ofKey.empty() || m_tuples[tuple].prefix != 0) {
            m_slots[slotOf(m_tuples[tuple].prefix, m_tuples[tuple].key)] = tuple;
            ++m_usedSlots;
        }
    }
}

void KeyTuples::indexByKey()
{
    KeyNumber greatest = 0;
    for (const Tuple& tuple : m_tuples) {
        greatest = std::max(greatest, tuple.key);
    }
    m_ofKey.assign(std::bit_ceil(std::size_t{greatest} + 1), 0);
    for (TupleNumber tuple = 1; tuple < m_tuples.size(); ++tuple) {
        if (m_tuples[tuple].prefix == 0) {
            m_ofKey[m_tuples[tuple].key] = tuple;
        }
    }
    rehash(m_slots.size());
}

std::optional<TupleNumber> KeyTuples::ofKey(KeyNumber key, bool mayAdd)
{
    if (key < m_ofKey.size() && m_ofKey[key] != 0) {
        return m_ofKey[key];
    }
    if (!mayAdd) {
        return std::nullopt;
    }
    if (key >= m_ofKey.size()) {
        m_ofKey.resize(std::bit_ceil(std::size_t{key} + 1), 0);
    }
    return m_ofKey[key] = add(0, key);
}

std::optional<TupleNumber> KeyTuples::extend(TupleNumber prefix, KeyNumber key, bool mayAdd)
{
    constexpr std::size_t manyTuples = 4'096;
    if (prefix == 0 && !m_ofKey.empty()) {
        return ofKey(key, mayAdd);
    }
    std::size_t slot = slotOf(prefix, key);
    if (m_slots[slot] != 0) {
        return m_slots[slot];
    }
    if (!mayAdd) {
        return std::nullopt;
    }
    if (prefix == 0 && m_usedSlots >= manyTuples) {
        indexByKey();
        return ofKey(key, mayAdd);
    }
    if ((m_usedSlots + 1) * 2 > m_slots.size()) {
        rehash(m_slots.size() * 2);
        slot = slotOf(prefix, key);
    }
    ++m_usedSlots;
    return m_slots[slot] = add(prefix, key);
}

std::vector<KeyNumber> KeyTuples::keys(TupleNumber tuple) const
{
    std::vector<KeyNumber> keys;
    for (; tuple != 0; tuple = m_tuples[tuple].prefix) {
        keys.push_back(m_tuples[tuple].key);
    }
    std::ranges::reverse(keys);
    return keys;
}

StageKeys::StageKeys(const eql::BoundQuery& query, const eql::BoundStage& stage, CaseIndex& index)
    : m_index(index)
{
    for (const eql::BoundKey& key : stage.keys) {
        Key part;
        part.isOptional = key.optional;
        if (!key.unmapped) {
            const eql::BoundField& field = query.fields[key.field.index()];
            part.field = index.source().field(field.name);
            part.type = field.type;
        }
        m_keys.push_back(part);
    }
}

Result<void> StageKeys::enter(SegmentNumber segment)
{
    if (m_segment == segment) {
        return {};
    }
    for (Key& key : m_keys) {
        key.column = nullptr;
        if (!key.field) {
            continue;
        }
        auto column = m_index.column(segment, *key.field);
        SEQUELA_TRY(column);
        key.column = *column;
        if (key.column != nullptr) {
            key.numbers = m_index.keyColumn(segment, *key.field, key.type, *key.column);
        }
    }
    m_segment = segment;
    return {};
}

Result<void> StageKeys::tuplesOf(EventNumber event, KeyTuples& tuples, bool mayAdd,
                                 std::vector<TupleNumber>& found, SegmentRun& run)
{
    found.assign(1, 0);
    SEQUELA_TRY(enter(run.segment));
    const std::uint32_t row = event.value() - m_index.firstEvent(run.segment);
    for (const Key& key : m_keys) {
        m_values.clear();
        if (key.column != nullptr) {
            std::uint32_t scratch = 0;
            for (const std::uint32_t value :
                 key.column->valuesOfCode(key.column->code(row), scratch)) {
                const KeyNumber number = key.numbers.at(value);
                if (number != nullKey && std::ranges::find(m_values, number) == m_values.end()) {
                    m_values.push_back(number);
                }
            }
        }
        if (m_values.empty()) {
            if (!key.isOptional) {
                found.clear();
                return {};
            }
            m_values.push_back(nullKey);
        }
        if (found.size() * m_values.size() > limits::maxKeyCombinations) {
            run.runtimeError(fmt::format("an event has more than {} combinations of join key "
                                         "values; the rest was left out",
                                         limits::maxKeyCombinations),
                             1);
            m_values.resize(std::max<std::size_t>(1, limits::maxKeyCombinations / found.size()));
        }
        m_prefixes.swap(found);
        found.clear();
        for (const TupleNumber prefix : m_prefixes) {
            for (const KeyNumber value : m_values) {
                if (const auto tuple = tuples.extend(prefix, value, mayAdd)) {
                    found.push_back(*tuple);
                }
            }
        }
        if (found.empty()) {
            return {};
        }
    }
    return {};
}

std::vector<eql::Value> keyValues(const KeyTuples& tuples, TupleNumber tuple,
                                  const KeyInterner& keys)
{
    std::vector<eql::Value> values;
    for (const KeyNumber key : tuples.keys(tuple)) {
        values.push_back(keys.value(key));
    }
    return values;
}

bool keyTupleLess(std::span<const eql::Value> left, std::span<const eql::Value> right)
{
    return std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end(),
                                        keyValueLess);
}

} // namespace sequela::engine
