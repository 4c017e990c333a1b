#include "core/ingest/evtx_value.h"

#include "core/base/text.h"
#include "core/base/timestamp.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <iterator>

namespace sequela::ingest {
namespace {

std::string hexDigits(std::string_view bytes)
{
    std::string text;
    for (const char c : bytes) {
        fmt::format_to(std::back_inserter(text), "{:02X}", static_cast<unsigned char>(c));
    }
    return text;
}

std::string guidText(std::string_view bytes)
{
    std::string text =
        fmt::format("{{{:08x}-{:04x}-{:04x}-", littleEndian<std::uint32_t>(bytes, 0),
                    littleEndian<std::uint16_t>(bytes, 4), littleEndian<std::uint16_t>(bytes, 6));
    constexpr std::size_t tail = 8;
    constexpr std::size_t dash = 10;
    for (std::size_t i = tail; i < bytes.size(); ++i) {
        fmt::format_to(std::back_inserter(text), "{}{:02x}", i == dash ? "-" : "",
                       static_cast<unsigned char>(bytes[i]));
    }
    return text + "}";
}

/// 100 ns since 1601 with the seven decimals Windows writes.
std::string fileTimeText(std::uint64_t ticks)
{
    constexpr std::uint64_t ticksPerSecond = 10'000'000;
    constexpr std::uint64_t epochSeconds = 11'644'473'600;
    constexpr std::uint64_t latestSeconds = 9'000'000'000;
    const std::uint64_t seconds = ticks / ticksPerSecond;
    if (seconds < epochSeconds || seconds - epochSeconds > latestSeconds) {
        return fmt::format("{}", ticks);
    }
    const auto unixSeconds = static_cast<std::int64_t>(seconds - epochSeconds);
    std::string text = formatIso(Timestamp(unixSeconds * nanosecondsPerSecond));
    // The decimals are ours, not ".000Z".
    text.resize(text.size() - std::string_view(".000Z").size());
    return text + fmt::format(".{:07}Z", ticks % ticksPerSecond);
}

std::string systemTimeText(std::string_view bytes)
{
    const auto part = [&](std::size_t index) {
        return littleEndian<std::uint16_t>(bytes, index * 2);
    };
    // The third is the day of the week.
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", part(0), part(1), part(3),
                       part(4), part(5), part(6), part(7));
}

std::optional<std::string> sidText(std::string_view bytes)
{
    constexpr std::size_t head = 8;
    if (bytes.size() < head) {
        return std::nullopt;
    }
    const std::size_t count = static_cast<unsigned char>(bytes[1]);
    if (bytes.size() < head + count * 4) {
        return std::nullopt;
    }
    std::uint64_t authority = 0;
    for (std::size_t i = 2; i < head; ++i) {
        authority = authority << 8U | static_cast<unsigned char>(bytes[i]);
    }
    std::string text = fmt::format("S-{}-{}", static_cast<unsigned char>(bytes[0]), authority);
    for (std::size_t i = 0; i < count; ++i) {
        fmt::format_to(std::back_inserter(text), "-{}",
                       littleEndian<std::uint32_t>(bytes, head + i * 4));
    }
    return text;
}

/// Bytes of one value; 0: any number.
std::size_t sizeOf(EvtxType type)
{
    switch (type) {
    case EvtxType::Int8:
    case EvtxType::UInt8:
        return 1;
    case EvtxType::Int16:
    case EvtxType::UInt16:
        return 2;
    case EvtxType::Int32:
    case EvtxType::UInt32:
    case EvtxType::Float:
    case EvtxType::Bool:
    case EvtxType::HexInt32:
        return 4;
    case EvtxType::Int64:
    case EvtxType::UInt64:
    case EvtxType::Double:
    case EvtxType::FileTime:
    case EvtxType::HexInt64:
        return 8;
    case EvtxType::Guid:
    case EvtxType::SystemTime:
        return 16;
    default:
        return 0;
    }
}

} // namespace

std::string utf16Text(std::string_view bytes)
{
    std::string text;
    text.reserve(bytes.size() / 2);
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
        const char32_t unit = littleEndian<std::uint16_t>(bytes, i);
        if (unit == 0) {
            break;
        }
        constexpr char32_t firstHigh = 0xD800;
        constexpr char32_t firstLow = 0xDC00;
        constexpr char32_t afterLow = 0xE000;
        if (unit < 0x80) {
            text += static_cast<char>(unit);
        } else if (unit >= firstHigh && unit < firstLow && i + 3 < bytes.size()) {
            const char32_t low = littleEndian<std::uint16_t>(bytes, i + 2);
            if (low >= firstLow && low < afterLow) {
                appendUtf8(text, 0x10000 + ((unit - firstHigh) << 10U) + (low - firstLow));
                i += 2;
            } else {
                appendUtf8(text, unit);
            }
        } else {
            appendUtf8(text, unit);
        }
    }
    return text;
}

std::optional<std::string> evtxValueText(std::uint8_t type, std::string_view bytes)
{
    const auto kind = static_cast<EvtxType>(type);
    if (bytes.empty() || kind == EvtxType::Null) {
        return std::string();
    }
    const std::size_t size = sizeOf(kind);
    if (size != 0 && bytes.size() < size) {
        return std::nullopt;
    }
    switch (kind) {
    case EvtxType::String:
        return utf16Text(bytes);
    case EvtxType::AnsiString:
        return sanitizeUtf8(bytes.substr(0, bytes.find('\0')));
    case EvtxType::Int8:
        return fmt::format("{}", static_cast<std::int8_t>(bytes[0]));
    case EvtxType::UInt8:
        return fmt::format("{}", static_cast<unsigned char>(bytes[0]));
    case EvtxType::Int16:
        return fmt::format("{}", static_cast<std::int16_t>(littleEndian<std::uint16_t>(bytes, 0)));
    case EvtxType::UInt16:
        return fmt::format("{}", littleEndian<std::uint16_t>(bytes, 0));
    case EvtxType::Int32:
        return fmt::format("{}", static_cast<std::int32_t>(littleEndian<std::uint32_t>(bytes, 0)));
    case EvtxType::UInt32:
        return fmt::format("{}", littleEndian<std::uint32_t>(bytes, 0));
    case EvtxType::Int64:
        return fmt::format("{}", static_cast<std::int64_t>(littleEndian<std::uint64_t>(bytes, 0)));
    case EvtxType::UInt64:
        return fmt::format("{}", littleEndian<std::uint64_t>(bytes, 0));
    case EvtxType::Float:
        return fmt::format("{}", std::bit_cast<float>(littleEndian<std::uint32_t>(bytes, 0)));
    case EvtxType::Double:
        return fmt::format("{}", std::bit_cast<double>(littleEndian<std::uint64_t>(bytes, 0)));
    case EvtxType::Bool:
        return std::string(littleEndian<std::uint32_t>(bytes, 0) != 0 ? "true" : "false");
    case EvtxType::Guid:
        return guidText(bytes.substr(0, size));
    case EvtxType::FileTime:
        return fileTimeText(littleEndian<std::uint64_t>(bytes, 0));
    case EvtxType::SystemTime:
        return systemTimeText(bytes);
    case EvtxType::Sid:
        return sidText(bytes);
    case EvtxType::HexInt32:
        return fmt::format("0x{:x}", littleEndian<std::uint32_t>(bytes, 0));
    case EvtxType::HexInt64:
        return fmt::format("0x{:x}", littleEndian<std::uint64_t>(bytes, 0));
    case EvtxType::Size:
        if (bytes.size() == sizeof(std::uint64_t)) {
            return fmt::format("0x{:x}", littleEndian<std::uint64_t>(bytes, 0));
        }
        return bytes.size() >= sizeof(std::uint32_t)
                   ? std::optional(fmt::format("0x{:x}", littleEndian<std::uint32_t>(bytes, 0)))
                   : std::nullopt;
    case EvtxType::Null:
    case EvtxType::Binary:
    case EvtxType::BinXml:
        break;
    }
    // Binary data, and types nobody has described.
    return hexDigits(bytes);
}

std::vector<std::string> evtxArrayTexts(std::uint8_t type, std::string_view bytes)
{
    std::vector<std::string> texts;
    const auto element = static_cast<std::uint8_t>(type & ~evtxArrayFlag);
    if (static_cast<EvtxType>(element) == EvtxType::String) {
        while (bytes.size() >= 2) {
            std::size_t end = 0;
            while (end + 1 < bytes.size() && (bytes[end] != '\0' || bytes[end + 1] != '\0')) {
                end += 2;
            }
            texts.push_back(utf16Text(bytes.substr(0, std::min(end, bytes.size()))));
            bytes.remove_prefix(std::min(end + 2, bytes.size()));
        }
        return texts;
    }
    const std::size_t size = sizeOf(static_cast<EvtxType>(element));
    if (size == 0) {
        texts.push_back(hexDigits(bytes));
        return texts;
    }
    for (; bytes.size() >= size; bytes.remove_prefix(size)) {
        texts.push_back(evtxValueText(element, bytes.substr(0, size)).value_or(std::string()));
    }
    return texts;
}

} // namespace sequela::ingest
