#include "core/casefile/column_facts.h"

#include "core/base/timestamp.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <numeric>
#include <tuple>

namespace sequela::casefile {

namespace {

using schema::Column;
using schema::ValueKind;

bool isWholeNumber(std::string_view text)
{
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
}

/// First value of a row, if it has any.
std::optional<std::string_view> firstText(const Column* column, std::uint32_t row)
{
    if (column == nullptr) {
        return std::nullopt;
    }
    std::uint32_t scratch = 0;
    const auto values = column->valuesOfCode(column->code(row), scratch);
    if (values.empty()) {
        return std::nullopt;
    }
    return column->text(values.front());
}

template <typename Code>
void countCodes(std::span<const Code> codes, std::uint32_t valueCount, schema::SeenField& seen)
{
    std::uint32_t present = 0;
    std::uint32_t lists = 0;
    for (const Code code : codes) {
        present += code != 0 ? 1U : 0U;
        lists += code > valueCount ? 1U : 0U;
    }
    seen.eventCount = present;
    seen.listCount = lists;
}

} // namespace

schema::SeenField describeColumn(const Column& column)
{
    schema::SeenField seen;
    switch (column.codeWidth()) {
    case 0:
        seen.eventCount = column.code(0) == 0 ? 0 : column.eventCount();
        seen.listCount = column.code(0) > column.valueCount() ? column.eventCount() : 0;
        break;
    case 1:
        countCodes(column.codesAs<std::uint8_t>(), column.valueCount(), seen);
        break;
    case 2:
        countCodes(column.codesAs<std::uint16_t>(), column.valueCount(), seen);
        break;
    default:
        countCodes(column.codesAs<std::uint32_t>(), column.valueCount(), seen);
        break;
    }
    for (std::uint32_t value = 0; value < column.valueCount(); ++value) {
        switch (column.kind(value)) {
        case ValueKind::String:
            ++seen.stringCount;
            break;
        case ValueKind::Number:
            ++(isWholeNumber(column.text(value)) ? seen.integerCount : seen.fractionCount);
            break;
        case ValueKind::Boolean:
            ++seen.booleanCount;
            break;
        }
    }
    for (const std::uint64_t word : column.parts().derived) {
        seen.derivedCount += static_cast<std::uint64_t>(std::popcount(word));
    }
    return seen;
}

void addCounts(schema::SeenField& total, const schema::SeenField& part)
{
    total.eventCount += part.eventCount;
    total.listCount += part.listCount;
    total.stringCount += part.stringCount;
    total.integerCount += part.integerCount;
    total.fractionCount += part.fractionCount;
    total.booleanCount += part.booleanCount;
    total.derivedCount += part.derivedCount;
}

std::vector<std::int64_t> timesOfColumn(const Column& column)
{
    std::vector<std::int64_t> byCode(column.codeCount(), schema::noTime);
    for (std::uint32_t code = 1; code < column.codeCount(); ++code) {
        std::uint32_t scratch = 0;
        const auto values = column.valuesOfCode(code, scratch);
        if (values.empty()) {
            continue;
        }
        const std::uint32_t value = values.front();
        const auto time =
            parseEventTimestamp(column.text(value), column.kind(value) == ValueKind::Number);
        byCode[code] = time ? time->nanoseconds() : schema::noTime;
    }
    std::vector<std::int64_t> times(column.eventCount());
    for (std::uint32_t row = 0; row < column.eventCount(); ++row) {
        times[row] = byCode[column.code(row)];
    }
    return times;
}

std::vector<std::uint32_t> originRanks(std::span<const OriginKey> sources)
{
    const auto headOf = [&](std::size_t source) {
        // Tails point at sources before them; anything else is damage and ends the chain.
        while (sources[source].continues && sources[source].continues->index() < source) {
            source = sources[source].continues->index();
        }
        return source;
    };
    std::vector<std::size_t> order(sources.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t source) {
        const std::size_t head = headOf(source);
        return std::tuple(sources[head].sha256Hex, sources[head].member, head, source);
    });
    std::vector<std::uint32_t> ranks(sources.size());
    for (std::size_t rank = 0; rank < order.size(); ++rank) {
        ranks[order[rank]] = static_cast<std::uint32_t>(rank);
    }
    return ranks;
}

std::string makeIdentity(const Column* eventId, const Column* hostId, std::uint32_t row,
                         std::string_view sha256Hex, std::string_view member, std::uint64_t record)
{
    if (const auto id = firstText(eventId, row)) {
        const auto host = firstText(hostId, row);
        return host ? fmt::format("{}/{}", *host, *id) : std::string(*id);
    }
    return fmt::format("{}:{}:{}", sha256Hex.substr(0, 16), member, record);
}

} // namespace sequela::casefile
