#include "core/engine/text_signature.h"

#include "core/base/text.h"

namespace sequela::engine {

namespace {

constexpr std::uint32_t windowBits = 24;
constexpr std::uint32_t windowMask = (1U << windowBits) - 1;

/// One lower-case byte. Letters alone would do, but folding all of `@`–`_` is branch-free, and two
/// bytes that fall together only make a signature more permissive.
std::uint32_t foldedByte(char byte)
{
    const auto plain = static_cast<unsigned char>(byte);
    return plain >= 0x40 && plain < 0x60 ? plain | 0x20U : plain;
}

void addWindow(TextSignature& signature, std::uint32_t window)
{
    const std::uint32_t bit = (window * 0x9E37'79B1U) >> 25U;
    if (bit < 64) {
        signature.low |= std::uint64_t{1} << bit;
    } else {
        signature.high |= std::uint64_t{1} << (bit - 64);
    }
}

} // namespace

TextSignature signatureOfText(std::string_view text)
{
    std::string folded;
    if (!isAscii(text)) {
        // Folding can turn other letters into ASCII ones. ASCII stays where it is but for its case,
        // so this holds for patterns that respect case, too.
        folded = foldCase(text);
        text = folded;
    }
    TextSignature signature;
    std::uint32_t window = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        window = ((window << 8U) | foldedByte(text[at])) & windowMask;
        if (at >= 2) {
            addWindow(signature, window);
        }
    }
    return signature;
}

TextSignature signatureOfPattern(std::string_view pattern)
{
    TextSignature signature;
    std::uint32_t window = 0;
    std::uint32_t length = 0;
    for (const char byte : pattern) {
        const bool isPlain = byte != '*' && byte != '?' && static_cast<unsigned char>(byte) < 0x80;
        length = isPlain ? length + 1 : 0;
        window = ((window << 8U) | foldedByte(byte)) & windowMask;
        if (length >= 3) {
            addWindow(signature, window);
        }
    }
    return signature;
}

} // namespace sequela::engine
