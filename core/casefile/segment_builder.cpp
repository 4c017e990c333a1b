#include "core/casefile/segment.h"
#include "core/casefile/value_dictionary.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <random>
#include <utility>

namespace sequela::casefile {

namespace {

using schema::ValueKind;

constexpr std::uint32_t noField = 0xFFFFFFFFU;
/// Marks a row's code as a list number until the number of values is known.
constexpr std::uint32_t listMark = 0x80000000U;
/// Fields a builder remembers between segments; documents with ever new field names must not make
/// it grow for ever.
constexpr std::size_t rememberedFields = 20'000;

struct FieldState {
    FieldState(std::string_view fieldName, std::uint64_t seed)
        : name(fieldName), dictionary(seed), lists(seed)
    {
    }

    [[nodiscard]] bool isNamed(std::string_view other) const
    {
        return name.size() == other.size() && sameBytes(name.data(), other.data(), other.size());
    }

    std::string name;
    /// Fields that came after this one in earlier documents, the latest first.
    std::array<std::uint32_t, 2> successors{noField, noField};
    /// Number of the event under way when this field last got a value.
    std::uint64_t eventStamp = 0;
    bool usedInSegment = false;
    bool derivedNow = false;
    /// Values before the event under way.
    std::uint32_t sizeBeforeEvent = 0;
    /// First value of the event under way, and all of them once there are several.
    std::uint32_t value = 0;
    std::vector<std::uint32_t> values;
    ValueDictionary dictionary;
    ListDictionary lists;
    /// A code for every row up to the last one that has the field.
    std::vector<std::uint32_t> codes;
    std::vector<std::uint64_t> derived;
};

template <typename Code>
std::vector<std::byte> packCodes(std::span<const std::uint32_t> codes, std::size_t rowCount)
{
    std::vector<std::byte> bytes(rowCount * sizeof(Code));
    auto* const target = reinterpret_cast<Code*>(bytes.data());
    std::transform(codes.begin(), codes.end(), target,
                   [](std::uint32_t code) { return static_cast<Code>(code); });
    return bytes;
}

} // namespace

struct SegmentBuilder::State {
    State() : seed((std::uint64_t{std::random_device{}()} << 32U) | std::random_device{}()) {}

    [[nodiscard]] std::uint32_t lookUp(std::string_view name) const;
    [[nodiscard]] std::uint32_t intern(std::string_view name);
    [[nodiscard]] std::uint32_t predict(std::string_view name);
    void add(std::string_view name, std::string_view text, ValueKind kind, bool isDerived);
    void endField(FieldState& field) const;
    [[nodiscard]] schema::Column::Parts encode(FieldState& field) const;
    void reset();

    std::uint64_t seed;
    std::vector<FieldState> fields;
    IndexTable names;
    /// In order of first use in the segment, so that the result does not depend on what the
    /// builder saw before.
    std::vector<std::uint32_t> usedFields;
    std::vector<std::uint32_t> eventFields;
    std::uint64_t eventStamp = 0;
    std::uint32_t previousField = noField;
    std::uint32_t firstField = noField;
    std::int64_t time = schema::noTime;
    EncodedSegment segment;
    std::size_t typicalDocumentBytes = 0;
};

std::uint32_t SegmentBuilder::State::lookUp(std::string_view name) const
{
    return names.find(hashBytes(name.data(), name.size(), seed),
                      [&](std::uint32_t index) { return fields[index].isNamed(name); });
}

std::uint32_t SegmentBuilder::State::intern(std::string_view name)
{
    const std::uint64_t hash = hashBytes(name.data(), name.size(), seed);
    const std::uint32_t found =
        names.find(hash, [&](std::uint32_t index) { return fields[index].isNamed(name); });
    if (found != IndexTable::notFound) {
        return found;
    }
    names.append(hash, [this](std::uint32_t index) {
        return hashBytes(fields[index].name.data(), fields[index].name.size(), seed);
    });
    fields.emplace_back(name, seed);
    return static_cast<std::uint32_t>(fields.size() - 1);
}

// Documents of one shape name the same fields in the same order, so the field that followed the
// previous one last time is nearly always right and saves the hashing.
std::uint32_t SegmentBuilder::State::predict(std::string_view name)
{
    if (previousField == noField) {
        if (firstField != noField && fields[firstField].isNamed(name)) {
            return firstField;
        }
        return firstField = intern(name);
    }
    const FieldState& previous = fields[previousField];
    for (const std::uint32_t successor : previous.successors) {
        if (successor != noField && fields[successor].isNamed(name)) {
            return successor;
        }
    }
    if (previous.isNamed(name)) {
        return previousField;
    }
    const std::uint32_t found = intern(name);
    auto& successors = fields[previousField].successors;
    successors = {found, successors[0]};
    return found;
}

void SegmentBuilder::State::add(std::string_view name, std::string_view text, ValueKind kind,
                                bool isDerived)
{
    const std::uint32_t index = predict(name);
    previousField = index;
    FieldState& field = fields[index];
    if (field.eventStamp != eventStamp) {
        field.eventStamp = eventStamp;
        field.values.clear();
        field.derivedNow = isDerived;
        field.sizeBeforeEvent = field.dictionary.size();
        eventFields.push_back(index);
        field.value = field.dictionary.intern(text, kind);
        return;
    }
    if (field.values.empty()) {
        field.values.push_back(field.value);
    }
    field.values.push_back(field.dictionary.intern(text, kind));
    field.derivedNow = field.derivedNow || isDerived;
}

void SegmentBuilder::State::endField(FieldState& field) const
{
    const std::uint32_t row = segment.eventCount;
    if (field.codes.size() < row) {
        field.codes.resize(row, 0);
    }
    field.codes.push_back(field.values.empty() ? field.value + 1
                                               : listMark | field.lists.intern(field.values));
    if (field.derivedNow) {
        field.derived.resize(std::max<std::size_t>(field.derived.size(), row / 64 + 1), 0);
        field.derived[row / 64] |= std::uint64_t{1} << (row % 64);
    }
}

schema::Column::Parts SegmentBuilder::State::encode(FieldState& field) const
{
    const std::uint32_t rowCount = segment.eventCount;
    const std::uint32_t valueCount = field.dictionary.size();
    field.codes.resize(rowCount, 0);
    bool constant = true;
    for (std::uint32_t& code : field.codes) {
        if ((code & listMark) != 0) {
            code = (code & ~listMark) + 1 + valueCount;
        }
        constant = constant && code == field.codes.front();
    }
    schema::Column::Parts parts;
    parts.text.assign(field.dictionary.bytes().begin(), field.dictionary.bytes().end());
    parts.textOffsets = field.dictionary.offsets();
    parts.kinds = field.dictionary.kinds();
    parts.listOffsets = field.lists.offsets();
    parts.listValues = field.lists.values();
    parts.eventCount = rowCount;
    const std::uint32_t greatest = valueCount + field.lists.size();
    if (constant) {
        parts.constantCode = field.codes.front();
    } else if (greatest <= 0xFFU) {
        parts.codeWidth = 1;
        parts.codes = packCodes<std::uint8_t>(field.codes, rowCount);
    } else if (greatest <= 0xFFFFU) {
        parts.codeWidth = 2;
        parts.codes = packCodes<std::uint16_t>(field.codes, rowCount);
    } else {
        parts.codeWidth = 4;
        parts.codes = packCodes<std::uint32_t>(field.codes, rowCount);
    }
    if (!field.derived.empty()) {
        parts.derived = field.derived;
        parts.derived.resize((static_cast<std::size_t>(rowCount) + 63) / 64, 0);
    }
    return parts;
}

void SegmentBuilder::State::reset()
{
    typicalDocumentBytes = segment.documents.size();
    segment = {};
    for (const std::uint32_t index : usedFields) {
        FieldState& field = fields[index];
        field.usedInSegment = false;
        field.dictionary.clear();
        field.lists.clear();
        field.codes.clear();
        field.derived.clear();
    }
    usedFields.clear();
    if (fields.size() > rememberedFields) {
        fields.clear();
        names = {};
        firstField = noField;
        previousField = noField;
    }
}

SegmentBuilder::SegmentBuilder() : m_state(std::make_unique<State>()) {}
SegmentBuilder::~SegmentBuilder() = default;
SegmentBuilder::SegmentBuilder(SegmentBuilder&&) noexcept = default;
SegmentBuilder& SegmentBuilder::operator=(SegmentBuilder&&) noexcept = default;

void SegmentBuilder::beginEvent(std::uint64_t record, std::uint64_t line, std::string_view document)
{
    State& state = *m_state;
    EncodedSegment& segment = state.segment;
    if (segment.eventCount == 0 && segment.documents.empty()) {
        segment.documents.reserve(state.typicalDocumentBytes + state.typicalDocumentBytes / 8);
    }
    ++state.eventStamp;
    state.eventFields.clear();
    state.previousField = noField;
    state.time = schema::noTime;
    segment.records.push_back(record);
    segment.lines.push_back(line);
    segment.documents.append(document);
}

void SegmentBuilder::add(std::string_view field, std::string_view text, ValueKind kind)
{
    m_state->add(field, text, kind, false);
}

void SegmentBuilder::addDerived(std::string_view field, std::string_view text, ValueKind kind)
{
    m_state->add(field, text, kind, true);
}

void SegmentBuilder::replaceDerived(std::string_view field, std::string_view text,
                                    schema::ValueKind kind)
{
    const std::uint32_t index = m_state->lookUp(field);
    if (index != noField && m_state->fields[index].eventStamp == m_state->eventStamp) {
        FieldState& known = m_state->fields[index];
        known.values.clear();
        known.dictionary.shrinkTo(known.sizeBeforeEvent);
        known.value = known.dictionary.intern(text, kind);
        known.derivedNow = true;
        return;
    }
    m_state->add(field, text, kind, true);
}

bool SegmentBuilder::has(std::string_view field) const
{
    const std::uint32_t index = m_state->lookUp(field);
    return index != noField && m_state->fields[index].eventStamp == m_state->eventStamp;
}

std::string_view SegmentBuilder::first(std::string_view field) const
{
    const std::uint32_t index = m_state->lookUp(field);
    if (index == noField || m_state->fields[index].eventStamp != m_state->eventStamp) {
        return {};
    }
    const FieldState& found = m_state->fields[index];
    return found.dictionary.text(found.value);
}

void SegmentBuilder::setTime(std::int64_t nanoseconds)
{
    m_state->time = nanoseconds;
}

void SegmentBuilder::endEvent()
{
    State& state = *m_state;
    for (const std::uint32_t index : state.eventFields) {
        FieldState& field = state.fields[index];
        if (!field.usedInSegment) {
            field.usedInSegment = true;
            state.usedFields.push_back(index);
        }
        state.endField(field);
    }
    state.segment.times.push_back(state.time);
    state.segment.documentOffsets.push_back(state.segment.documents.size());
    ++state.segment.eventCount;
    // The event is over: has() and first() must not see it any more.
    ++state.eventStamp;
    state.eventFields.clear();
}

void SegmentBuilder::abandonEvent()
{
    State& state = *m_state;
    for (const std::uint32_t index : state.eventFields) {
        FieldState& field = state.fields[index];
        field.dictionary.shrinkTo(field.sizeBeforeEvent);
    }
    state.segment.records.pop_back();
    state.segment.lines.pop_back();
    state.segment.documents.resize(state.segment.documentOffsets.back());
    ++state.eventStamp;
    state.eventFields.clear();
}

std::uint32_t SegmentBuilder::eventCount() const
{
    return m_state->segment.eventCount;
}

std::size_t SegmentBuilder::documentBytes() const
{
    return m_state->segment.documents.size();
}

EncodedSegment SegmentBuilder::finish()
{
    State& state = *m_state;
    assert(state.segment.documents.size() == state.segment.documentOffsets.back());
    EncodedSegment& segment = state.segment;
    segment.columns.reserve(state.usedFields.size());
    for (const std::uint32_t index : state.usedFields) {
        FieldState& field = state.fields[index];
        segment.columns.push_back(
            {field.name, std::make_shared<const schema::Column>(state.encode(field))});
    }
    const std::size_t documentBytes = segment.documents.size();
    EncodedSegment result = std::move(segment);
    state.reset();
    state.typicalDocumentBytes = documentBytes;
    return result;
}

} // namespace sequela::casefile
