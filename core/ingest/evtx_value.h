#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::ingest {

/// Types of values in binary XML; arrays are these with arrayFlag.
enum class EvtxType : std::uint8_t {
    Null = 0x00,
    String = 0x01,
    AnsiString = 0x02,
    Int8 = 0x03,
    UInt8 = 0x04,
    Int16 = 0x05,
    UInt16 = 0x06,
    Int32 = 0x07,
    UInt32 = 0x08,
    Int64 = 0x09,
    UInt64 = 0x0A,
    Float = 0x0B,
    Double = 0x0C,
    Bool = 0x0D,
    Binary = 0x0E,
    Guid = 0x0F,
    Size = 0x10,
    FileTime = 0x11,
    SystemTime = 0x12,
    Sid = 0x13,
    HexInt32 = 0x14,
    HexInt64 = 0x15,
    BinXml = 0x21,
};
inline constexpr std::uint8_t evtxArrayFlag = 0x80;

/// Little-endian number at an offset; the caller has checked the bounds.
template <typename T>
[[nodiscard]] T littleEndian(std::string_view bytes, std::size_t offset)
{
    T value = 0;
    for (std::size_t i = sizeof(T); i-- > 0;) {
        value = static_cast<T>(static_cast<T>(value << 8U)
                               | static_cast<T>(static_cast<unsigned char>(bytes[offset + i])));
    }
    return value;
}

/// UTF-16 as UTF-8, up to the first NUL; lone surrogates become U+FFFD.
[[nodiscard]] std::string utf16Text(std::string_view bytes);

/// A value as Windows writes it in XML; nothing for sizes that do not fit the type.
[[nodiscard]] std::optional<std::string> evtxValueText(std::uint8_t type, std::string_view bytes);

/// The values of an array one by one.
[[nodiscard]] std::vector<std::string> evtxArrayTexts(std::uint8_t type, std::string_view bytes);

} // namespace sequela::ingest
