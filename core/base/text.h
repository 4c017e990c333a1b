#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sequela {

/// One decoded code point and the bytes it took. Invalid UTF-8 yields U+FFFD and one byte.
struct DecodedCodePoint {
    char32_t codePoint = 0;
    std::uint8_t byteCount = 1;
    bool valid = true;
};

/// Decodes the code point that starts at @p offset, which lies inside @p text.
[[nodiscard]] DecodedCodePoint decodeUtf8(std::string_view text, std::size_t offset);
/// Appends @p codePoint as UTF-8; surrogates and values past U+10FFFF become U+FFFD.
void appendUtf8(std::string& text, char32_t codePoint);
[[nodiscard]] bool isValidUtf8(std::string_view text);
/// A copy with every invalid byte replaced by U+FFFD; @p replacedCount receives how many.
[[nodiscard]] std::string sanitizeUtf8(std::string_view text, std::size_t* replacedCount = nullptr);
[[nodiscard]] std::size_t countCodePoints(std::string_view text);
/// Byte offset of code point number @p index, or the size of the text if it has fewer.
[[nodiscard]] std::size_t byteOffsetOfCodePoint(std::string_view text, std::size_t index);
[[nodiscard]] bool isAscii(std::string_view text);
/// Whether the text is ASCII; if so @p folded, which has its size, receives it with A-Z as a-z.
[[nodiscard]] bool foldAscii(std::string_view text, std::span<char> folded);

/// Unicode simple case folding (CaseFolding.txt, statuses C and S): one code point to one.
[[nodiscard]] char32_t foldCase(char32_t codePoint);
[[nodiscard]] std::string foldCase(std::string_view text);
[[nodiscard]] bool equalFolded(std::string_view left, std::string_view right);

/// EQL wildcards (eql.md section 4): `*` any run of characters including none and line ends, `?`
/// exactly one code point, nothing escapes. Whole-string match. Linear in text × pattern at worst,
/// never recursive.
class WildcardPattern {
public:
    WildcardPattern(std::string_view pattern, bool caseInsensitive);

    [[nodiscard]] bool matches(std::string_view text) const;
    /// The same for text that is ASCII and, if case does not count, folded: bytes are code points
    /// and the parts between stars are looked for as they are.
    [[nodiscard]] bool matchesAscii(std::string_view folded) const;
    /// Whether the pattern holds no wildcard at all, so that a match is equality.
    [[nodiscard]] bool isLiteral() const { return m_isLiteral; }
    [[nodiscard]] const std::string& pattern() const { return m_pattern; }

private:
    /// A run of the pattern between stars.
    struct Part {
        std::size_t begin = 0;
        std::size_t size = 0;
        bool hasAnyOne = false;
    };
    [[nodiscard]] bool partIsAt(const Part& part, const char* text) const;
    [[nodiscard]] std::size_t findPart(const Part& part, std::string_view text) const;
    [[nodiscard]] bool matchesAny(std::string_view text) const;

    std::string m_pattern;
    /// One more than the pattern has stars.
    std::vector<Part> m_parts;
    bool m_caseInsensitive = false;
    bool m_isLiteral = true;
};

/// Event text made fit for eyes: C0/C1 controls, DEL, bidirectional controls, zero-width and other
/// invisible format characters become visible marks (`␀`, `␊`, `⟨U+202E⟩`), invalid bytes U+FFFD.
/// With @p keepLineBreaks LF stays. Everything that shows event text goes through here.
[[nodiscard]] std::string visibleText(std::string_view text, bool keepLineBreaks = false);

/// `text` as a JSON string with its quotes; valid UTF-8 out whatever comes in.
[[nodiscard]] std::string quoteJson(std::string_view text);

/// Damerau–Levenshtein distance in bytes, for "did you mean".
[[nodiscard]] std::size_t editDistance(std::string_view left, std::string_view right);

} // namespace sequela
