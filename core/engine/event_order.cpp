#include "core/engine/event_order.h"

#include "core/engine/limits.h"
#include "core/eql/value.h"
#include "core/schema/field_catalog.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <span>
#include <tuple>

namespace sequela::engine {

namespace {

/// Ascending place of an event's tiebreaker among all tiebreakers of the case; last without one.
constexpr std::uint64_t noTiebreaker = std::numeric_limits<std::uint64_t>::max();

struct OrderKey {
    std::int64_t time = schema::noTime;
    std::uint64_t tiebreaker = noTiebreaker;
    std::uint32_t originRank = 0;
    std::uint32_t event = 0;

    auto operator<=>(const OrderKey&) const = default;
};

/// One tiebreaker value of one segment, waiting for its place among all.
struct PlacedValue {
    eql::Value value;
    std::uint32_t segment = 0;
    std::uint32_t valueIndex = 0;
};

struct PlacedNumber {
    std::int64_t number = 0;
    std::uint32_t segment = 0;
    std::uint32_t valueIndex = 0;
};

int kindClass(const eql::Value& value)
{
    if (std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value)) {
        return 0;
    }
    return 1 + static_cast<int>(value.index());
}

bool tiebreakerLess(const eql::Value& left, const eql::Value& right)
{
    const int leftClass = kindClass(left);
    const int rightClass = kindClass(right);
    if (leftClass != rightClass) {
        return leftClass < rightClass;
    }
    const auto* leftNumber = std::get_if<std::int64_t>(&left);
    const auto* rightNumber = std::get_if<std::int64_t>(&right);
    if (leftNumber != nullptr && rightNumber != nullptr) {
        return *leftNumber < *rightNumber;
    }
    return keyValueLess(left, right);
}

/// The type a tiebreaker is read as: the schema's, else what the values look like.
schema::FieldType tiebreakerType(const schema::SeenField& field)
{
    if (const auto type = schema::Schema::ecs()->type(field.name)) {
        return *type;
    }
    return schema::sniffType(field);
}

/// A number in a field of text ("mixed") still counts as a number.
eql::Value tiebreakerValue(schema::FieldType type, const schema::Column& column,
                           std::uint32_t valueIndex)
{
    const schema::ValueKind kind = column.kind(valueIndex);
    if (type == schema::FieldType::Keyword && kind == schema::ValueKind::Number) {
        eql::Value number =
            eql::decodeValue(schema::FieldType::Long, column.text(valueIndex), kind);
        return eql::isNull(number)
                   ? eql::decodeValue(schema::FieldType::Double, column.text(valueIndex), kind)
                   : number;
    }
    return eql::decodeValue(type, column.text(valueIndex), kind);
}

/// Gives every value its place among all, equal ones the same.
template <typename Placed, typename Less>
void placeValues(std::vector<Placed>& values, const Less& less,
                 std::vector<std::vector<std::uint64_t>>& placeOfValue)
{
    if (!std::is_sorted(values.begin(), values.end(), less)) {
        std::sort(values.begin(), values.end(), less);
    }
    std::uint64_t place = 0;
    for (std::size_t at = 0; at < values.size(); ++at) {
        if (at > 0 && less(values[at - 1], values[at])) {
            ++place;
        }
        placeOfValue[values[at].segment][values[at].valueIndex] = place;
    }
}

/// Fills the tiebreaker of every key.
Result<void> placeTiebreakers(CaseIndex& index, FieldId field, std::vector<OrderKey>& keys)
{
    const schema::FieldType type = tiebreakerType(index.source().fields()[field.index()]);
    // Nearly all tiebreakers are whole numbers, which sort many times faster than any value.
    std::vector<PlacedNumber> numbers;
    std::vector<PlacedValue> values;
    std::vector<std::vector<std::uint64_t>> placeOfValue(index.segmentCount());
    for (std::uint32_t segment = 0; segment < index.segmentCount(); ++segment) {
        auto column = index.column(SegmentNumber(segment), field);
        SEQUELA_TRY(column);
        if (*column == nullptr) {
            continue;
        }
        placeOfValue[segment].resize((*column)->valueCount(), noTiebreaker);
        for (std::uint32_t value = 0; value < (*column)->valueCount(); ++value) {
            eql::Value decoded = tiebreakerValue(type, **column, value);
            if (const auto* number = std::get_if<std::int64_t>(&decoded)) {
                numbers.push_back({*number, segment, value});
            } else if (!eql::isNull(decoded)) {
                values.push_back({std::move(decoded), segment, value});
            }
        }
    }
    if (values.empty()) {
        placeValues(
            numbers,
            [](const PlacedNumber& left, const PlacedNumber& right) {
                return left.number < right.number;
            },
            placeOfValue);
    } else {
        for (const PlacedNumber& placed : numbers) {
            PlacedValue& value = values.emplace_back();
            value.value = placed.number;
            value.segment = placed.segment;
            value.valueIndex = placed.valueIndex;
        }
        placeValues(
            values,
            [](const PlacedValue& left, const PlacedValue& right) {
                return tiebreakerLess(left.value, right.value);
            },
            placeOfValue);
    }
    for (std::uint32_t segment = 0; segment < index.segmentCount(); ++segment) {
        auto column = index.column(SegmentNumber(segment), field);
        SEQUELA_TRY(column);
        if (*column == nullptr) {
            continue;
        }
        const std::uint32_t first = index.firstEvent(SegmentNumber(segment));
        for (std::uint32_t row = 0; row < index.rowCount(SegmentNumber(segment)); ++row) {
            OrderKey& key = keys[first + row];
            std::uint32_t scratch = 0;
            const auto valueIndices = (*column)->valuesOfCode((*column)->code(row), scratch);
            if (key.time != schema::noTime && !valueIndices.empty()) {
                key.tiebreaker = placeOfValue[segment][valueIndices.front()];
            }
        }
    }
    return {};
}

/// Merges two sorted neighbors into @p target; false if asked to stop.
bool mergeRuns(std::span<const OrderKey> left, std::span<const OrderKey> right, OrderKey* target,
               const std::stop_token& stop)
{
    std::size_t leftAt = 0;
    std::size_t rightAt = 0;
    std::size_t steps = 0;
    while (leftAt < left.size() && rightAt < right.size()) {
        if (++steps % limits::keysPerStopCheck == 0 && stop.stop_requested()) {
            return false;
        }
        *target++ = right[rightAt] < left[leftAt] ? right[rightAt++] : left[leftAt++];
    }
    target = std::copy(left.begin() + static_cast<std::ptrdiff_t>(leftAt), left.end(), target);
    std::copy(right.begin() + static_cast<std::ptrdiff_t>(rightAt), right.end(), target);
    return true;
}

/// Sorts runs, then merges neighbors: events mostly arrive in order, so runs hardly overlap, and
/// there is a place to stop in between. False if asked to stop.
bool sortKeys(std::vector<OrderKey>& keys, const std::stop_token& stop)
{
    constexpr std::size_t runLength = limits::keysPerStopCheck;
    for (std::size_t begin = 0; begin < keys.size(); begin += runLength) {
        const auto first = keys.begin() + static_cast<std::ptrdiff_t>(begin);
        const auto last =
            first + static_cast<std::ptrdiff_t>(std::min(runLength, keys.size() - begin));
        if (stop.stop_requested()) {
            return false;
        }
        if (!std::is_sorted(first, last)) {
            std::sort(first, last);
        }
    }
    std::vector<OrderKey> merged(keys.size());
    for (std::size_t length = runLength; length < keys.size(); length *= 2) {
        const std::span<const OrderKey> all(keys);
        for (std::size_t begin = 0; begin < keys.size(); begin += 2 * length) {
            const std::size_t middle = std::min(begin + length, keys.size());
            const std::size_t end = std::min(middle + length, keys.size());
            if (!mergeRuns(all.subspan(begin, middle - begin), all.subspan(middle, end - middle),
                           merged.data() + begin, stop)) {
                return false;
            }
        }
        keys.swap(merged);
    }
    return true;
}

} // namespace

Result<EventOrder> orderEvents(CaseIndex& index, const std::string& timestampField,
                               const std::optional<std::string>& tiebreakerField,
                               std::stop_token stop)
{
    const schema::ColumnSource& source = index.source();
    EventOrder order;
    order.times.resize(source.eventCount(), schema::noTime);
    std::vector<OrderKey> keys(source.eventCount());
    const std::optional<FieldId> timeField = source.field(timestampField);
    for (std::uint32_t segment = 0; segment < source.segments().size(); ++segment) {
        if (stop.stop_requested()) {
            return std::unexpected(cancelledError());
        }
        const schema::Segment& part = source.segments()[segment];
        if (timeField) {
            auto times = source.times(SegmentNumber(segment), *timeField);
            SEQUELA_TRY(times);
            if (*times != nullptr) {
                std::copy_n((*times)->begin(), part.eventCount,
                            order.times.begin() + part.firstEvent.value());
            }
        }
        for (std::uint32_t row = 0; row < part.eventCount; ++row) {
            const std::uint32_t event = part.firstEvent.value() + row;
            keys[event] = {order.times[event], noTiebreaker, part.originRank, event};
        }
    }
    if (tiebreakerField) {
        if (const auto field = source.field(*tiebreakerField)) {
            SEQUELA_TRY(placeTiebreakers(index, *field, keys));
        }
    }
    if (!std::is_sorted(keys.begin(), keys.end())) {
        if (!sortKeys(keys, stop)) {
            return std::unexpected(cancelledError());
        }
        order.isIdentity = false;
    }
    order.rank.resize(keys.size());
    order.byRank.resize(keys.size());
    for (std::uint32_t place = 0; place < keys.size(); ++place) {
        order.byRank[place] = keys[place].event;
        order.rank[keys[place].event] = place;
    }
    return order;
}

} // namespace sequela::engine
