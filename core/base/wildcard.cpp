#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <cstring>

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
    for (std::size_t begin = 0; begin <= m_pattern.size();) {
        const std::size_t end = std::min(m_pattern.find('*', begin), m_pattern.size());
        const std::string_view part = std::string_view(m_pattern).substr(begin, end - begin);
        m_parts.push_back({begin, part.size(), part.find('?') != std::string_view::npos});
        begin = end + 1;
    }
}

bool WildcardPattern::matches(std::string_view text) const
{
    constexpr std::size_t stackBytes = 512;
    if (!m_caseInsensitive) {
        return isAscii(text) ? matchesAscii(text) : matchesAny(text);
    }
    if (text.size() <= stackBytes) {
        std::array<char, stackBytes> folded;
        return foldAscii(text, std::span(folded).first(text.size()))
                   ? matchesAscii({folded.data(), text.size()})
                   : matchesAny(text);
    }
    std::string folded(text.size(), '\0');
    return foldAscii(text, folded) ? matchesAscii(folded) : matchesAny(text);
}

bool WildcardPattern::partIsAt(const Part& part, const char* text) const
{
    const char* const wanted = m_pattern.data() + part.begin;
    if (!part.hasAnyOne) {
        return part.size == 0 || std::memcmp(wanted, text, part.size) == 0;
    }
    for (std::size_t at = 0; at < part.size; ++at) {
        if (wanted[at] != '?' && wanted[at] != text[at]) {
            return false;
        }
    }
    return true;
}

/// First place of a part in the text.
std::size_t WildcardPattern::findPart(const Part& part, std::string_view text) const
{
    if (!part.hasAnyOne) {
        if (part.size == 0 || part.size > text.size()) {
            return part.size == 0 ? 0 : std::string_view::npos;
        }
        const void* const found =
            ::memmem(text.data(), text.size(), m_pattern.data() + part.begin, part.size);
        return found == nullptr
                   ? std::string_view::npos
                   : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
    }
    for (std::size_t at = 0; at + part.size <= text.size(); ++at) {
        if (partIsAt(part, text.data() + at)) {
            return at;
        }
    }
    return std::string_view::npos;
}

// The first part must begin the text and the last one end it; those between are taken where they
// come first, which leaves the most room for the rest.
bool WildcardPattern::matchesAscii(std::string_view folded) const
{
    const Part& first = m_parts.front();
    const Part& last = m_parts.back();
    if (m_parts.size() == 1) {
        return folded.size() == first.size && partIsAt(first, folded.data());
    }
    if (folded.size() < first.size + last.size || !partIsAt(first, folded.data())
        || !partIsAt(last, folded.data() + folded.size() - last.size)) {
        return false;
    }
    folded.remove_prefix(first.size);
    folded.remove_suffix(last.size);
    for (std::size_t at = 1; at + 1 < m_parts.size(); ++at) {
        const std::size_t found = findPart(m_parts[at], folded);
        if (found == std::string_view::npos) {
            return false;
        }
        folded.remove_prefix(found + m_parts[at].size);
    }
    return true;
}

// Greedy with one place to fall back to: the last star. A star that matched too little is the only
// choice worth revisiting, since a later star can take over whatever an earlier one gives up.
bool WildcardPattern::matchesAny(std::string_view text) const
{
    // Without `?` the parts between stars are looked for byte by byte: UTF-8 has no other way to
    // write a code point. Broken text is not UTF-8.
    if (m_pattern.find('?') == std::string::npos && isValidUtf8(m_pattern) && isValidUtf8(text)) {
        return matchesAscii(m_caseInsensitive ? foldCase(text) : text);
    }
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
