#include "core/casefile/column_codec.h"

#include "core/casefile/byte_stream.h"
#include "core/casefile/limits.h"
#include "core/casefile/time_text.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace sequela::casefile {

namespace {

using schema::Column;
using schema::ValueKind;

constexpr int columnLevel = 1;
constexpr int documentLevel = 1;
constexpr std::uint8_t plainTexts = 0;
constexpr std::uint8_t timeTexts = 1;
constexpr std::uint8_t mixedKinds = 3;

/// Stored codes run to codeCount, one further than codes.
std::size_t storedWidth(std::uint64_t codeCount)
{
    return codeCount <= 0xFFU ? 1 : codeCount <= 0xFFFFU ? 2 : 4;
}

std::uint8_t narrowestWidth(std::uint64_t codeCount)
{
    return codeCount <= 0x100U ? 1 : codeCount <= 0x10000U ? 2 : 4;
}

/// The texts as times, if every single one can be made again from its time.
std::vector<TimeText> asTimes(const Column& column)
{
    std::vector<TimeText> times;
    for (std::uint32_t value = 0; value < column.valueCount(); ++value) {
        const auto time = readTimeText(column.text(value));
        if (!time) {
            return {};
        }
        if (value == 0) {
            times.reserve(column.valueCount());
        }
        times.push_back(*time);
    }
    return times;
}

void writeKinds(const Column& column, ByteWriter& out)
{
    const auto& kinds = column.parts().kinds;
    if (kinds.empty()
        || std::ranges::adjacent_find(kinds, std::ranges::not_equal_to{}) == kinds.end()) {
        out.byte(kinds.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(kinds.front()));
        return;
    }
    out.byte(mixedKinds);
    for (const ValueKind kind : kinds) {
        out.byte(static_cast<std::uint8_t>(kind));
    }
}

void writeTexts(const Column& column, ByteWriter& out)
{
    const std::vector<TimeText> times = asTimes(column);
    if (!times.empty()) {
        out.byte(timeTexts);
        std::uint64_t previous = 0;
        for (const TimeText& time : times) {
            // Differences wrap, so that any two times have one.
            const auto next = static_cast<std::uint64_t>(time.nanoseconds);
            out.signedInteger(static_cast<std::int64_t>(next - previous));
            previous = next;
        }
        for (const TimeText& time : times) {
            out.byte(time.decimals);
        }
        return;
    }
    out.byte(plainTexts);
    for (std::uint32_t value = 0; value < column.valueCount(); ++value) {
        out.unsignedInteger(column.text(value).size());
    }
    out.raw(column.parts().text.data(), column.parts().text.size());
}

/// Codes numbered by first appearance: tells which code, if any, would be new next.
class NewCodes {
public:
    explicit NewCodes(const std::uint32_t valueCount) : m_valueCount(valueCount) {}
    [[nodiscard]] std::uint32_t next() const { return m_next; }
    void seen(std::uint32_t code)
    {
        if (code == m_next) {
            ++m_next;
        }
    }
    [[nodiscard]] bool isValue() const { return m_next <= m_valueCount; }

private:
    std::uint32_t m_valueCount;
    std::uint32_t m_next = 1;
};

/// Codes plane by plane, lowest bytes first; a value's first use is stored as 0.
template <typename Code>
void writePlanes(std::span<const Code> codes, std::uint32_t valueCount, std::size_t width,
                 char* planes)
{
    NewCodes fresh(valueCount);
    for (std::size_t row = 0; row < codes.size(); ++row) {
        const std::uint32_t code = codes[row];
        const std::uint32_t stored = code == fresh.next() && fresh.isValue() ? 0 : code + 1;
        fresh.seen(code);
        for (std::size_t plane = 0; plane < width; ++plane) {
            planes[plane * codes.size() + row] = static_cast<char>(stored >> (8 * plane));
        }
    }
}

void writeCodes(const Column& column, ByteWriter& out)
{
    out.byte(column.codeWidth() == 0 ? 0 : 1);
    if (column.codeWidth() == 0) {
        out.unsignedInteger(column.parts().constantCode);
        return;
    }
    const std::size_t width = storedWidth(column.codeCount());
    std::string& bytes = out.bytes();
    const std::size_t start = bytes.size();
    bytes.resize(start + width * column.eventCount());
    char* const planes = bytes.data() + start;
    switch (column.codeWidth()) {
    case 1:
        writePlanes(column.codesAs<std::uint8_t>(), column.valueCount(), width, planes);
        break;
    case 2:
        writePlanes(column.codesAs<std::uint16_t>(), column.valueCount(), width, planes);
        break;
    default:
        writePlanes(column.codesAs<std::uint32_t>(), column.valueCount(), width, planes);
        break;
    }
}

bool readTexts(ByteReader& in, std::uint32_t valueCount, Column::Parts& parts)
{
    const std::uint8_t form = in.byte();
    parts.textOffsets.reserve(std::size_t{valueCount} + 1);
    if (form == timeTexts) {
        std::vector<std::int64_t> times(valueCount);
        std::uint64_t previous = 0;
        for (std::int64_t& time : times) {
            previous += static_cast<std::uint64_t>(in.signedInteger());
            time = static_cast<std::int64_t>(previous);
        }
        std::string text;
        for (const std::int64_t time : times) {
            const std::uint8_t decimals = in.byte();
            if (in.failed() || decimals > 9) {
                return false;
            }
            writeTimeText({time, decimals}, text);
            parts.textOffsets.push_back(static_cast<std::uint32_t>(text.size()));
        }
        parts.text.assign(text.begin(), text.end());
        return true;
    }
    if (form != plainTexts) {
        return false;
    }
    std::uint64_t end = 0;
    for (std::uint32_t value = 0; value < valueCount; ++value) {
        const std::uint64_t length = in.unsignedInteger();
        if (in.failed() || length > limits::unpackedBlobBytes
            || end + length > limits::unpackedBlobBytes) {
            return false;
        }
        end += length;
        parts.textOffsets.push_back(static_cast<std::uint32_t>(end));
    }
    const std::string_view text = in.raw(end);
    parts.text.assign(text.begin(), text.end());
    return !in.failed();
}

bool readKinds(ByteReader& in, std::uint32_t valueCount, Column::Parts& parts)
{
    const std::uint8_t form = in.byte();
    if (form < mixedKinds) {
        parts.kinds.assign(valueCount, static_cast<ValueKind>(form));
        return !in.failed();
    }
    parts.kinds.reserve(valueCount);
    for (std::uint32_t value = 0; form == mixedKinds && value < valueCount; ++value) {
        const std::uint8_t kind = in.byte();
        if (kind >= mixedKinds) {
            return false;
        }
        parts.kinds.push_back(static_cast<ValueKind>(kind));
    }
    return !in.failed() && parts.kinds.size() == valueCount;
}

bool readLists(ByteReader& in, std::uint32_t listCount, std::uint32_t valueCount,
               Column::Parts& parts)
{
    parts.listOffsets.reserve(std::size_t{listCount} + 1);
    std::uint64_t end = 0;
    for (std::uint32_t list = 0; list < listCount; ++list) {
        end += in.count();
        if (in.failed() || end > in.remaining()) {
            return false;
        }
        parts.listOffsets.push_back(static_cast<std::uint32_t>(end));
    }
    parts.listValues.reserve(static_cast<std::size_t>(end));
    for (std::uint64_t value = 0; value < end; ++value) {
        const std::uint64_t index = in.unsignedInteger();
        if (index >= valueCount) {
            return false;
        }
        parts.listValues.push_back(static_cast<std::uint32_t>(index));
    }
    return !in.failed();
}

template <typename Code>
bool unpackCodes(std::string_view planes, std::size_t width, std::uint64_t codeCount,
                 std::uint32_t valueCount, Column::Parts& parts)
{
    const std::uint32_t eventCount = parts.eventCount;
    parts.codeWidth = sizeof(Code);
    parts.codes.resize(std::size_t{eventCount} * sizeof(Code));
    auto* const codes = reinterpret_cast<Code*>(parts.codes.data());
    NewCodes fresh(valueCount);
    for (std::uint32_t row = 0; row < eventCount; ++row) {
        std::uint32_t stored = 0;
        for (std::size_t plane = 0; plane < width; ++plane) {
            const auto byte = static_cast<unsigned char>(planes[plane * eventCount + row]);
            stored |= std::uint32_t{byte} << (8 * plane);
        }
        const std::uint32_t code = stored == 0 ? fresh.next() : stored - 1;
        if (code >= codeCount || (stored == 0 && !fresh.isValue())) {
            return false;
        }
        fresh.seen(code);
        codes[row] = static_cast<Code>(code);
    }
    return true;
}

bool readCodes(ByteReader& in, Column::Parts& parts)
{
    const auto valueCount = static_cast<std::uint32_t>(parts.kinds.size());
    const std::uint64_t codeCount = std::uint64_t{1} + valueCount + parts.listOffsets.size() - 1;
    if (const std::uint8_t form = in.byte(); form == 0) {
        const std::uint64_t code = in.unsignedInteger();
        parts.constantCode = static_cast<std::uint32_t>(code);
        return !in.failed() && code < codeCount;
    } else if (form != 1) {
        return false;
    }
    const std::size_t width = storedWidth(codeCount);
    const std::string_view planes = in.raw(std::uint64_t{parts.eventCount} * width);
    if (in.failed()) {
        return false;
    }
    switch (narrowestWidth(codeCount)) {
    case 1:
        return unpackCodes<std::uint8_t>(planes, width, codeCount, valueCount, parts);
    case 2:
        return unpackCodes<std::uint16_t>(planes, width, codeCount, valueCount, parts);
    default:
        return unpackCodes<std::uint32_t>(planes, width, codeCount, valueCount, parts);
    }
}

bool readDerived(ByteReader& in, Column::Parts& parts)
{
    const std::uint8_t present = in.byte();
    if (in.failed() || present > (parts.eventCount > 0 ? 1 : 0)) {
        return false;
    }
    if (present == 1) {
        const std::size_t words = (std::size_t{parts.eventCount} + 63) / 64;
        const std::string_view bytes = in.raw(words * sizeof(std::uint64_t));
        if (in.failed()) {
            return false;
        }
        parts.derived.resize(words);
        std::memcpy(parts.derived.data(), bytes.data(), bytes.size());
    }
    return in.atEnd();
}

bool readColumn(ByteReader& in, std::uint32_t eventCount, Column::Parts& parts)
{
    if (in.unsignedInteger() != eventCount) {
        return false;
    }
    parts.eventCount = eventCount;
    const std::uint32_t valueCount = in.count();
    const std::uint32_t listCount = in.count();
    return !in.failed() && readKinds(in, valueCount, parts) && readTexts(in, valueCount, parts)
           && readLists(in, listCount, valueCount, parts) && readCodes(in, parts)
           && readDerived(in, parts);
}

} // namespace

Result<std::string> encodeColumn(const Column& column, BlobSealer& sealer)
{
    const Column::Parts& parts = column.parts();
    ByteWriter out;
    out.bytes().reserve(parts.text.size() + parts.codes.size()
                        + std::size_t{8} * parts.kinds.size());
    out.unsignedInteger(column.eventCount());
    out.unsignedInteger(column.valueCount());
    out.unsignedInteger(column.listCount());
    writeKinds(column, out);
    writeTexts(column, out);
    for (std::uint32_t list = 0; list < column.listCount(); ++list) {
        out.unsignedInteger(column.list(list).size());
    }
    for (const std::uint32_t value : parts.listValues) {
        out.unsignedInteger(value);
    }
    writeCodes(column, out);
    out.byte(parts.derived.empty() ? 0 : 1);
    out.raw(parts.derived.data(), parts.derived.size() * sizeof(std::uint64_t));
    return sealer.seal(out.bytes(), columnLevel);
}

Result<std::shared_ptr<const Column>> decodeColumn(std::string_view blob, std::uint32_t eventCount)
{
    auto payload = unseal(blob, "a column does not match its checksum");
    if (!payload) {
        return std::unexpected(std::move(payload).error());
    }
    ByteReader in(payload->view());
    Column::Parts parts;
    if (!readColumn(in, eventCount, parts)) {
        return std::unexpected(damagedError("a column's parts do not fit together"));
    }
    return std::make_shared<const Column>(std::move(parts));
}

std::size_t memoryOf(const Column& column)
{
    const Column::Parts& parts = column.parts();
    return sizeof(Column) + parts.text.capacity() + parts.textOffsets.capacity() * 4
           + parts.kinds.capacity() + parts.listOffsets.capacity() * 4
           + parts.listValues.capacity() * 4 + parts.codes.capacity()
           + parts.derived.capacity() * 8;
}

Result<std::string> encodePositions(std::span<const std::int64_t> times,
                                    std::span<const std::uint64_t> records,
                                    std::span<const std::uint64_t> lines, BlobSealer& sealer)
{
    ByteWriter out;
    const auto writeDifferences = [&out](const auto& numbers) {
        std::uint64_t previous = 0;
        for (const auto number : numbers) {
            const auto next = static_cast<std::uint64_t>(number);
            out.signedInteger(static_cast<std::int64_t>(next - previous));
            previous = next;
        }
    };
    writeDifferences(times);
    writeDifferences(records);
    writeDifferences(lines);
    return sealer.seal(out.bytes(), columnLevel);
}

Result<Positions> decodePositions(std::string_view blob, std::uint32_t eventCount)
{
    auto payload = unseal(blob, "the event positions of a segment do not match their checksum");
    if (!payload) {
        return std::unexpected(std::move(payload).error());
    }
    ByteReader in(payload->view());
    if (eventCount > in.remaining()) {
        return std::unexpected(damagedError("a segment has fewer event positions than events"));
    }
    Positions positions;
    const auto readDifferences = [&](auto& numbers) {
        numbers.resize(eventCount);
        std::uint64_t previous = 0;
        for (auto& number : numbers) {
            previous += static_cast<std::uint64_t>(in.signedInteger());
            number = static_cast<std::remove_reference_t<decltype(number)>>(previous);
        }
    };
    readDifferences(positions.times);
    readDifferences(positions.records);
    readDifferences(positions.lines);
    if (!in.atEnd()) {
        return std::unexpected(
            damagedError("the event positions of a segment do not fit its size"));
    }
    return positions;
}

Result<std::string> encodeDocuments(std::string_view documents,
                                    std::span<const std::uint64_t> offsets, BlobSealer& sealer)
{
    ByteWriter out;
    for (std::size_t index = 0; index + 1 < offsets.size(); ++index) {
        out.unsignedInteger(offsets[index + 1] - offsets[index]);
    }
    out.raw(documents.data() + offsets.front(), offsets.back() - offsets.front());
    return sealer.seal(out.bytes(), documentLevel);
}

Result<DocumentBlock> decodeDocuments(std::string_view blob, std::uint32_t documentCount)
{
    auto payload = unseal(blob, "a block of documents does not match its checksum");
    if (!payload) {
        return std::unexpected(std::move(payload).error());
    }
    DocumentBlock block{std::move(*payload), {}};
    ByteReader in(block.payload.view());
    std::vector<std::uint64_t> lengths(documentCount);
    std::uint64_t total = 0;
    for (std::uint64_t& length : lengths) {
        length = in.unsignedInteger();
        if (in.failed() || length > in.remaining()) {
            return std::unexpected(damagedError("a block of documents does not fit its size"));
        }
        total += length;
    }
    if (total != in.remaining()) {
        return std::unexpected(damagedError("a block of documents does not fit its size"));
    }
    std::uint64_t offset = block.payload.size - total;
    block.offsets.push_back(static_cast<std::uint32_t>(offset));
    for (const std::uint64_t length : lengths) {
        offset += length;
        block.offsets.push_back(static_cast<std::uint32_t>(offset));
    }
    return block;
}

} // namespace sequela::casefile
