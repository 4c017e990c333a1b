#include "core/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <vector>

namespace sequela {
namespace {

constexpr char32_t replacementCharacter = 0xFFFD;

constexpr std::ptrdiff_t wordBytes = 8;
constexpr std::uint64_t everyByte = 0x0101'0101'0101'0101;
constexpr std::uint64_t highBits = 0x80 * everyByte;

std::uint64_t loadWord(const char* bytes)
{
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

/// A to Z as a to z in each of eight ASCII bytes; without meaning where one is not ASCII.
std::uint64_t lowerAscii(std::uint64_t word)
{
    const std::uint64_t low = word & ~highBits;
    const std::uint64_t pastZ = low + (0x7F - 'Z') * everyByte;
    const std::uint64_t fromA = low + (0x80 - 'A') * everyByte;
    return word | (((fromA ^ pastZ) & highBits) >> 2U);
}

bool isContinuation(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// Bytes a sequence with this lead byte has, 0 for a byte that cannot lead.
std::uint8_t sequenceLength(unsigned char lead)
{
    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xC2 && lead < 0xE0) {
        return 2;
    }
    if (lead >= 0xE0 && lead < 0xF0) {
        return 3;
    }
    return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

bool isInRangeForLength(char32_t codePoint, std::uint8_t length)
{
    switch (length) {
    case 2:
        return codePoint >= 0x80;
    case 3:
        return codePoint >= 0x800 && (codePoint < 0xD800 || codePoint > 0xDFFF);
    case 4:
        return codePoint >= 0x10000 && codePoint <= 0x10FFFF;
    default:
        return true;
    }
}

/// Format characters that change how neighbours look or that cannot be seen at all: what a hostile
/// text uses to pass for another.
bool isInvisible(char32_t codePoint)
{
    return codePoint == 0xAD || codePoint == 0x61C || codePoint == 0x180E
           || (codePoint >= 0x200B && codePoint <= 0x200F)
           || (codePoint >= 0x2028 && codePoint <= 0x202E)
           || (codePoint >= 0x2060 && codePoint <= 0x206F) || codePoint == 0xFEFF
           || (codePoint >= 0xFFF9 && codePoint <= 0xFFFB)
           || (codePoint >= 0xE0000 && codePoint <= 0xE007F);
}

void appendVisible(std::string& result, char32_t codePoint)
{
    if (codePoint < 0x20) {
        appendUtf8(result, 0x2400 + codePoint);
    } else if (codePoint == 0x7F) {
        appendUtf8(result, 0x2421);
    } else if ((codePoint >= 0x80 && codePoint < 0xA0) || isInvisible(codePoint)) {
        result += fmt::format("⟨U+{:04X}⟩", static_cast<std::uint32_t>(codePoint));
    } else {
        appendUtf8(result, codePoint);
    }
}

} // namespace

DecodedCodePoint decodeUtf8(std::string_view text, std::size_t offset)
{
    const auto lead = static_cast<unsigned char>(text[offset]);
    const std::uint8_t length = sequenceLength(lead);
    if (length == 1) {
        return {lead, 1, true};
    }
    if (length == 0 || offset + length > text.size()) {
        return {replacementCharacter, 1, false};
    }
    char32_t codePoint = lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if (!isContinuation(text[offset + i])) {
            return {replacementCharacter, 1, false};
        }
        codePoint = (codePoint << 6U) | (static_cast<unsigned char>(text[offset + i]) & 0x3FU);
    }
    if (!isInRangeForLength(codePoint, length)) {
        return {replacementCharacter, 1, false};
    }
    return {codePoint, length, true};
}

void appendUtf8(std::string& text, char32_t codePoint)
{
    if (codePoint > 0x10FFFF || (codePoint >= 0xD800 && codePoint <= 0xDFFF)) {
        codePoint = replacementCharacter;
    }
    const auto append = [&text](char32_t byte) { text += static_cast<char>(byte); };
    if (codePoint < 0x80) {
        append(codePoint);
    } else if (codePoint < 0x800) {
        append(0xC0U | (codePoint >> 6U));
        append(0x80U | (codePoint & 0x3FU));
    } else if (codePoint < 0x10000) {
        append(0xE0U | (codePoint >> 12U));
        append(0x80U | ((codePoint >> 6U) & 0x3FU));
        append(0x80U | (codePoint & 0x3FU));
    } else {
        append(0xF0U | (codePoint >> 18U));
        append(0x80U | ((codePoint >> 12U) & 0x3FU));
        append(0x80U | ((codePoint >> 6U) & 0x3FU));
        append(0x80U | (codePoint & 0x3FU));
    }
}

bool isAscii(std::string_view text)
{
    const char* at = text.data();
    const char* const end = at + text.size();
    std::uint64_t seen = 0;
    for (; end - at >= wordBytes; at += wordBytes) {
        seen |= loadWord(at);
    }
    for (; at != end; ++at) {
        seen |= static_cast<unsigned char>(*at);
    }
    return (seen & highBits) == 0;
}

bool foldAscii(std::string_view text, std::span<char> folded)
{
    const char* at = text.data();
    const char* const end = at + text.size();
    char* target = folded.data();
    std::uint64_t seen = 0;
    for (; end - at >= wordBytes; at += wordBytes, target += wordBytes) {
        const std::uint64_t word = loadWord(at);
        seen |= word;
        const std::uint64_t lower = lowerAscii(word);
        std::memcpy(target, &lower, sizeof lower);
    }
    for (; at != end; ++at, ++target) {
        const auto byte = static_cast<unsigned char>(*at);
        seen |= byte;
        *target = static_cast<char>(lowerAscii(byte));
    }
    return (seen & highBits) == 0;
}

bool isValidUtf8(std::string_view text)
{
    for (std::size_t i = 0; i < text.size();) {
        const DecodedCodePoint decoded = decodeUtf8(text, i);
        if (!decoded.valid) {
            return false;
        }
        i += decoded.byteCount;
    }
    return true;
}

std::string sanitizeUtf8(std::string_view text, std::size_t* replacedCount)
{
    std::string result;
    result.reserve(text.size());
    std::size_t replaced = 0;
    for (std::size_t i = 0; i < text.size();) {
        const DecodedCodePoint decoded = decodeUtf8(text, i);
        if (decoded.valid) {
            result.append(text, i, decoded.byteCount);
        } else {
            appendUtf8(result, replacementCharacter);
            ++replaced;
        }
        i += decoded.byteCount;
    }
    if (replacedCount != nullptr) {
        *replacedCount = replaced;
    }
    return result;
}

std::size_t countCodePoints(std::string_view text)
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); i += decodeUtf8(text, i).byteCount) {
        ++count;
    }
    return count;
}

std::size_t byteOffsetOfCodePoint(std::string_view text, std::size_t index)
{
    std::size_t offset = 0;
    while (index > 0 && offset < text.size()) {
        offset += decodeUtf8(text, offset).byteCount;
        --index;
    }
    return offset;
}

std::string foldCase(std::string_view text)
{
    std::string result(text.size(), '\0');
    if (foldAscii(text, result)) {
        return result;
    }
    result.clear();
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x80) {
            // Of a text that is not ASCII most still is.
            result += static_cast<char>(lowerAscii(byte));
            ++i;
            continue;
        }
        const DecodedCodePoint decoded = decodeUtf8(text, i);
        if (decoded.valid) {
            appendUtf8(result, foldCase(decoded.codePoint));
        } else {
            // An invalid byte stays itself, so that different broken texts stay different.
            result += text[i];
        }
        i += decoded.byteCount;
    }
    return result;
}

bool equalFolded(std::string_view left, std::string_view right)
{
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < left.size() && j < right.size()) {
        const DecodedCodePoint a = decodeUtf8(left, i);
        const DecodedCodePoint b = decodeUtf8(right, j);
        const bool equal = a.valid && b.valid ? foldCase(a.codePoint) == foldCase(b.codePoint)
                                              : a.valid == b.valid && left[i] == right[j];
        if (!equal) {
            return false;
        }
        i += a.byteCount;
        j += b.byteCount;
    }
    return i == left.size() && j == right.size();
}

std::string visibleText(std::string_view text, bool keepLineBreaks)
{
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const DecodedCodePoint decoded = decodeUtf8(text, i);
        if (keepLineBreaks && decoded.codePoint == U'\n') {
            result += '\n';
        } else {
            appendVisible(result, decoded.codePoint);
        }
        i += decoded.byteCount;
    }
    return result;
}

std::string quoteJson(std::string_view text)
{
    std::string result = "\"";
    result.reserve(text.size() + 2);
    for (std::size_t i = 0; i < text.size();) {
        const DecodedCodePoint decoded = decodeUtf8(text, i);
        i += decoded.byteCount;
        switch (decoded.codePoint) {
        case U'"':
            result += "\\\"";
            break;
        case U'\\':
            result += "\\\\";
            break;
        case U'\n':
            result += "\\n";
            break;
        case U'\r':
            result += "\\r";
            break;
        case U'\t':
            result += "\\t";
            break;
        default:
            if (decoded.codePoint < 0x20) {
                result += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(decoded.codePoint));
            } else {
                appendUtf8(result, decoded.codePoint);
            }
        }
    }
    result += '"';
    return result;
}

// Three rows of the dynamic programme suffice: a transposition reaches back two.
std::size_t editDistance(std::string_view left, std::string_view right)
{
    std::vector<std::size_t> beforePrevious(right.size() + 1);
    std::vector<std::size_t> previous(right.size() + 1);
    std::vector<std::size_t> current(right.size() + 1);
    std::iota(previous.begin(), previous.end(), std::size_t{0});
    for (std::size_t i = 1; i <= left.size(); ++i) {
        current[0] = i;
        for (std::size_t j = 1; j <= right.size(); ++j) {
            const std::size_t substitution = left[i - 1] == right[j - 1] ? 0 : 1;
            current[j] =
                std::min({previous[j] + 1, current[j - 1] + 1, previous[j - 1] + substitution});
            if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
                current[j] = std::min(current[j], beforePrevious[j - 2] + 1);
            }
        }
        std::swap(beforePrevious, previous);
        std::swap(previous, current);
    }
    return previous[right.size()];
}

} // namespace sequela
