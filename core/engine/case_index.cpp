#include "core/engine/case_index.h"

#include "core/engine/limits.h"
#include "core/eql/value.h"

#include <algorithm>
#include <array>
#include <deque>
#include <limits>
#include <string>

namespace sequela::engine {

namespace {

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

std::size_t bytesOf(const schema::Column& column)
{
    const schema::Column::Parts& parts = column.parts();
    return sizeof(schema::Column) + parts.text.size() + parts.codes.size()
           + (parts.textOffsets.size() + parts.listOffsets.size() + parts.listValues.size())
                 * sizeof(std::uint32_t)
           + parts.kinds.size() * sizeof(schema::ValueKind)
           + parts.derived.size() * sizeof(std::uint64_t);
}

} // namespace

template <typename Part>
struct CaseIndex::Derived {
    std::atomic<const Part*> part = nullptr;
    std::unique_ptr<const Part> owned;
};

struct CaseIndex::SegmentField {
    std::atomic<bool> loaded = false;
    std::mutex mutex;
    std::shared_ptr<const schema::Column> column;
    std::size_t columnBytes = 0;
    std::atomic<std::uint64_t> lastUse = 0;
    std::atomic<const SharedValues*> sharedValues = nullptr;
    std::unique_ptr<SharedValues> ownedSharedValues;
    std::array<std::atomic<KeyNumbers*>, typeCount> keys{};
    std::vector<std::unique_ptr<KeyNumbers>> ownedKeys;
    Derived<ValueTable> valueTable;
    Derived<std::vector<TextSignature>> signatures;
    Derived<RowsByCode> rowsByCode;
};

struct CaseIndex::Field {
    explicit Field(std::size_t segmentCount) : segments(segmentCount) {}

    std::vector<SegmentField> segments;
    std::mutex mutex;
    /// Names point into `texts`: columns come and go.
    std::unordered_map<ValueName, std::uint32_t, ValueNameHash> values;
    std::deque<std::string> texts;
};

CaseIndex::CaseIndex(std::shared_ptr<const schema::ColumnSource> source, const EngineTuning& tuning)
    : m_source(std::move(source)), m_tuning(tuning), m_fields(m_source->fields().size())
{
}

CaseIndex::~CaseIndex() = default;

CaseIndex::Use::Use(CaseIndex& index) : m_index(index)
{
    std::int64_t uses = m_index.m_uses.load();
    do {
        while (uses == beingEmptied) {
            m_index.m_uses.wait(beingEmptied);
            uses = m_index.m_uses.load();
        }
    } while (!m_index.m_uses.compare_exchange_weak(uses, uses + 1));
    ++m_index.m_clock;
}

CaseIndex::Use::~Use()
{
    if (--m_index.m_uses == 0 && m_index.m_pinnedBytes > m_index.m_tuning.pinnedColumnBytes) {
        m_index.letGo();
    }
}

void CaseIndex::letGo()
{
    std::int64_t none = 0;
    if (!m_uses.compare_exchange_strong(none, beingEmptied)) {
        // Somebody was faster; the last one out tries again.
        return;
    }
    std::vector<SegmentField*> pinned;
    {
        const std::scoped_lock lock(m_fieldMutex);
        for (const std::unique_ptr<Field>& field : m_ownedFields) {
            for (SegmentField& part : field->segments) {
                if (part.column != nullptr) {
                    pinned.push_back(&part);
                }
            }
        }
    }
    std::ranges::sort(pinned, {}, [](const SegmentField* part) { return part->lastUse.load(); });
    // Down to three quarters, so that not every use ends with this.
    const std::size_t enough = m_tuning.pinnedColumnBytes / 4 * 3;
    for (SegmentField* const part : pinned) {
        if (m_pinnedBytes <= enough) {
            break;
        }
        m_pinnedBytes -= part->columnBytes;
        part->column = nullptr;
        part->loaded.store(false, std::memory_order_release);
    }
    m_uses = 0;
    m_uses.notify_all();
}

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
    part.lastUse.store(m_clock.load(std::memory_order_relaxed), std::memory_order_relaxed);
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
        part.columnBytes = part.column ? bytesOf(*part.column) : 0;
        m_pinnedBytes += part.columnBytes;
        part.loaded.store(true, std::memory_order_release);
    }
    return part.column.get();
}

const CaseIndex::SharedValues* CaseIndex::sharedValues(SegmentNumber segment, FieldId field,
                                                       const schema::Column& column)
{
    if (column.valueCount() > m_tuning.sharedValuesPerSegment) {
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
    auto shared = std::make_unique<SharedValues>();
    shared->numbers.reserve(column.valueCount());
    {
        const std::scoped_lock fieldLock(state.mutex);
        for (std::uint32_t value = 0; value < column.valueCount(); ++value) {
            const auto next = static_cast<std::uint32_t>(state.values.size());
            ValueName name{column.text(value), column.kind(value)};
            auto known = state.values.find(name);
            if (known == state.values.end()) {
                name.text = state.texts.emplace_back(name.text);
                known = state.values.emplace(name, next).first;
            }
            shared->numbers.push_back(known->second);
            shared->end = std::max(shared->end, known->second + 1);
        }
    }
    part.ownedSharedValues = std::move(shared);
    part.sharedValues.store(part.ownedSharedValues.get(), std::memory_order_release);
    return part.ownedSharedValues.get();
}

std::uint32_t CaseIndex::sharedValueCount(FieldId field)
{
    Field& state = fieldState(field);
    const std::scoped_lock lock(state.mutex);
    return static_cast<std::uint32_t>(state.values.size());
}

template <typename Part, typename Make>
const Part* CaseIndex::derived(SegmentField& owner, Derived<Part>& place, std::size_t bytes,
                               const Make& make)
{
    if (const Part* known = place.part.load(std::memory_order_acquire)) {
        return known;
    }
    const std::scoped_lock lock(owner.mutex);
    if (const Part* known = place.part.load(std::memory_order_acquire)) {
        return known;
    }
    if (m_derivedBytes.fetch_add(bytes) + bytes > m_tuning.columnIndexBytes) {
        m_derivedBytes -= bytes;
        return nullptr;
    }
    place.owned = std::make_unique<const Part>(make());
    place.part.store(place.owned.get(), std::memory_order_release);
    return place.owned.get();
}

const ValueTable* CaseIndex::valueTable(SegmentNumber segment, FieldId field,
                                        const schema::Column& column)
{
    SegmentField& owner = fieldState(field).segments[segment.index()];
    // One link a value, and at most two buckets.
    const std::size_t bytes = std::size_t{column.valueCount()} * 3 * sizeof(std::uint32_t);
    return derived(owner, owner.valueTable, bytes, [&] { return ValueTable(column); });
}

const std::vector<TextSignature>* CaseIndex::signatures(SegmentNumber segment, FieldId field,
                                                        const schema::Column& column)
{
    SegmentField& owner = fieldState(field).segments[segment.index()];
    const std::size_t bytes = std::size_t{column.valueCount()} * sizeof(TextSignature);
    return derived(owner, owner.signatures, bytes, [&] { return signaturesOf(column); });
}

const RowsByCode* CaseIndex::rowsByCode(SegmentNumber segment, FieldId field,
                                        const schema::Column& column)
{
    SegmentField& owner = fieldState(field).segments[segment.index()];
    const std::size_t bytes =
        (std::size_t{column.eventCount()} + column.codeCount()) * sizeof(std::uint32_t);
    return derived(owner, owner.rowsByCode, bytes, [&] { return RowsByCode(column); });
}

CaseIndex::KeyColumn CaseIndex::keyColumn(SegmentNumber segment, FieldId field,
                                          schema::FieldType type, const schema::Column& column)
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
    KeyColumn numbers;
    numbers.m_keys = &m_keys;
    numbers.m_column = &column;
    numbers.m_type = type;
    numbers.m_numbers = keys;
    return numbers;
}

KeyNumber CaseIndex::KeyColumn::find(std::uint32_t valueIndex) const
{
    const std::string_view text = m_column->text(valueIndex);
    const KeyNumber number =
        m_type == schema::FieldType::Keyword
            ? m_keys->internText(text)
            : m_keys->intern(eql::decodeValue(m_type, text, m_column->kind(valueIndex)));
    (*m_numbers)[valueIndex].store(number, std::memory_order_relaxed);
    return number;
}

} // namespace sequela::engine
