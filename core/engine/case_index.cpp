#include "core/engine/case_index.h"

#include "core/engine/limits.h"
#include "core/eql/value.h"

#include <array>
#include <limits>

namespace sequela::engine {

namespace {

constexpr KeyNumber unknownKey = std::numeric_limits<KeyNumber>::max();
constexpr std::size_t typeCount = 9;

using KeyNumbers = std::vector<std::atomic<KeyNumber>>;

struct ValueName {
    std::string_view text;
    schema::ValueKind kind = schema::ValueKind::String;

    bool operator==(const ValueName&) const = default;
};

struct ValueNameHash {
    std::size_t operator()(const ValueName& name) const noexcept
    {
        return std::hash<std::string_view>{}(name.text) * 3 + static_cast<std::size_t>(name.kind);
    }
};

} // namespace

struct CaseIndex::SegmentField {
    std::atomic<bool> loaded = false;
    std::mutex mutex;
    std::shared_ptr<const schema::Column> column;
    std::atomic<const std::vector<std::uint32_t>*> sharedValues = nullptr;
    std::unique_ptr<std::vector<std::uint32_t>> ownedSharedValues;
    std::array<std::atomic<KeyNumbers*>, typeCount> keys{};
    std::vector<std::unique_ptr<KeyNumbers>> ownedKeys;
};

struct CaseIndex::Field {
    explicit Field(std::size_t segmentCount) : segments(segmentCount) {}

    std::vector<SegmentField> segments;
    std::mutex mutex;
    std::unordered_map<ValueName, std::uint32_t, ValueNameHash> values;
};

CaseIndex::CaseIndex(std::shared_ptr<const schema::ColumnSource> source)
    : m_source(std::move(source)), m_fields(m_source->fields().size())
{
}

CaseIndex::~CaseIndex() = default;

CaseIndex::Field& CaseIndex::fieldState(FieldId field)
{
    std::atomic<Field*>& slot = m_fields[field.index()];
    if (Field* known = slot.load(std::memory_order_acquire)) {
        return *known;
    }
    const std::scoped_lock lock(m_fieldMutex);
    if (Field* known = slot.load(std::memory_order_acquire)) {
        return *known;
    }
    m_ownedFields.push_back(std::make_unique<Field>(segmentCount()));
    slot.store(m_ownedFields.back().get(), std::memory_order_release);
    return *m_ownedFields.back();
}

Result<const schema::Column*> CaseIndex::column(SegmentNumber segment, FieldId field)
{
    SegmentField& part = fieldState(field).segments[segment.index()];
    if (part.loaded.load(std::memory_order_acquire)) {
        return part.column.get();
    }
    const std::scoped_lock lock(part.mutex);
    if (!part.loaded.load(std::memory_order_acquire)) {
        auto column = m_source->column(segment, field);
        if (!column) {
            return std::unexpected(std::move(column).error());
        }
        part.column = std::move(*column);
        part.loaded.store(true, std::memory_order_release);
    }
    return part.column.get();
}

const std::vector<std::uint32_t>* CaseIndex::sharedValues(SegmentNumber segment, FieldId field,
                                                          const schema::Column& column)
{
    if (column.valueCount() > limits::sharedValuesPerSegment) {
        return nullptr;
    }
    Field& state = fieldState(field);
    SegmentField& part = state.segments[segment.index()];
    if (const auto* known = part.sharedValues.load(std::memory_order_acquire)) {
        return known;
    }
    const std::scoped_lock lock(part.mutex);
    if (const auto* known = part.sharedValues.load(std::memory_order_acquire)) {
        return known;
    }
    auto numbers = std::make_unique<std::vector<std::uint32_t>>();
    numbers->reserve(column.valueCount());
    {
        const std::scoped_lock fieldLock(state.mutex);
        for (std::uint32_t value = 0; value < column.valueCount(); ++value) {
            const auto next = static_cast<std::uint32_t>(state.values.size());
            const ValueName name{column.text(value), column.kind(value)};
            numbers->push_back(state.values.try_emplace(name, next).first->second);
        }
    }
    part.ownedSharedValues = std::move(numbers);
    part.sharedValues.store(part.ownedSharedValues.get(), std::memory_order_release);
    return part.ownedSharedValues.get();
}

std::uint32_t CaseIndex::sharedValueCount(FieldId field)
{
    Field& state = fieldState(field);
    const std::scoped_lock lock(state.mutex);
    return static_cast<std::uint32_t>(state.values.size());
}

KeyNumber CaseIndex::keyOf(SegmentNumber segment, FieldId field, schema::FieldType type,
                           const schema::Column& column, std::uint32_t valueIndex)
{
    SegmentField& part = fieldState(field).segments[segment.index()];
    std::atomic<KeyNumbers*>& slot = part.keys[static_cast<std::size_t>(type)];
    KeyNumbers* keys = slot.load(std::memory_order_acquire);
    if (keys == nullptr) {
        const std::scoped_lock lock(part.mutex);
        keys = slot.load(std::memory_order_acquire);
        if (keys == nullptr) {
            part.ownedKeys.push_back(std::make_unique<KeyNumbers>(column.valueCount()));
            keys = part.ownedKeys.back().get();
            for (auto& key : *keys) {
                key.store(unknownKey, std::memory_order_relaxed);
            }
            slot.store(keys, std::memory_order_release);
        }
    }
    std::atomic<KeyNumber>& key = (*keys)[valueIndex];
    KeyNumber number = key.load(std::memory_order_relaxed);
    if (number == unknownKey) {
        number =
            m_keys.intern(eql::decodeValue(type, column.text(valueIndex), column.kind(valueIndex)));
        key.store(number, std::memory_order_relaxed);
    }
    return number;
}

} // namespace sequela::engine
