#include "core/base/text.h"

namespace sequela {
namespace {

char32_t foldedIf(bool fold, char32_t codePoint)
{
    return fold ? foldCase(codePoint) : codePoint;
}

} // namespace

WildcardPattern::WildcardPattern(std::string_view pattern, bool caseInsensitive)
    : m_pattern(caseInsensitive ? foldCase(pattern) : std::string(pattern)),
      m_caseInsensitive(caseInsensitive),
      m_isLiteral(pattern.find_first_of("*?") == std::string_view::npos)
{
}

// Greedy with one place to fall back to: the last star. A star that matched too little is the only
// choice worth revisiting, since a later star can take over whatever an earlier one gives up.
bool WildcardPattern::matches(std::string_view text) const
{
    const std::string_view pattern = m_pattern;
    std::size_t textAt = 0;
    std::size_t patternAt = 0;
    std::size_t starPattern = std::string_view::npos;
    std::size_t starText = 0;
    while (textAt < text.size()) {
        const DecodedCodePoint actual = decodeUtf8(text, textAt);
        if (patternAt < pattern.size() && pattern[patternAt] == '*') {
            starPattern = ++patternAt;
            starText = textAt;
            continue;
        }
        if (patternAt < pattern.size()) {
            const DecodedCodePoint expected = decodeUtf8(pattern, patternAt);
            if (expected.codePoint == U'?'
                || expected.codePoint == foldedIf(m_caseInsensitive, actual.codePoint)) {
                textAt += actual.byteCount;
                patternAt += expected.byteCount;
                continue;
            }
        }
        if (starPattern == std::string_view::npos) {
            return false;
        }
        starText += decodeUtf8(text, starText).byteCount;
        textAt = starText;
        patternAt = starPattern;
    }
    while (patternAt < pattern.size() && pattern[patternAt] == '*') {
        ++patternAt;
    }
    return patternAt == pattern.size();
}

} // namespace sequela
