#include "core/eql/functions_text.h"

#include "core/base/text.h"
#include "core/eql/number_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace sequela::eql {

namespace {

/// A text to search in: as it is, or folded with a way back to places in the original. Folding is
/// one code point to one, so positions in code points agree; byte lengths may not.
class SearchText {
public:
    SearchText(std::string_view text, bool caseInsensitive) : m_original(text)
    {
        if (caseInsensitive) {
            m_folded = foldCase(text);
            m_isFolded = true;
        }
    }
    [[nodiscard]] std::string_view text() const
    {
        return m_isFolded ? std::string_view(m_folded) : m_original;
    }
    /// Byte in the original of a byte of text().
    [[nodiscard]] std::size_t original(std::size_t offset) const
    {
        if (!m_isFolded) {
            return offset;
        }
        return byteOffsetOfCodePoint(m_original, countCodePoints(text().substr(0, offset)));
    }

private:
    std::string_view m_original;
    std::string m_folded;
    bool m_isFolded = false;
};

} // namespace

Value between(std::string_view source, std::string_view left, std::string_view right, bool greedy,
              bool caseInsensitive)
{
    if (source.empty() || left.empty() || right.empty()) {
        return std::string(source);
    }
    const SearchText haystack(source, caseInsensitive);
    const SearchText leftText(left, caseInsensitive);
    const SearchText rightText(right, caseInsensitive);
    const std::size_t found = haystack.text().find(leftText.text());
    if (found == std::string_view::npos) {
        return std::string();
    }
    const std::size_t begin = found + leftText.text().size();
    const std::size_t end = greedy ? haystack.text().rfind(rightText.text())
                                   : haystack.text().find(rightText.text(), begin);
    if (end == std::string_view::npos || end < begin) {
        return std::string();
    }
    const std::size_t originalBegin = haystack.original(begin);
    return std::string(source.substr(originalBegin, haystack.original(end) - originalBegin));
}

Value indexOf(std::string_view source, std::string_view substring, std::int64_t start,
              bool caseInsensitive)
{
    start = std::max<std::int64_t>(start, 0);
    if (substring.empty()) {
        return start;
    }
    const SearchText haystack(source, caseInsensitive);
    const SearchText needle(substring, caseInsensitive);
    const std::size_t begin =
        byteOffsetOfCodePoint(haystack.text(), static_cast<std::size_t>(start));
    const std::size_t found = haystack.text().find(needle.text(), begin);
    if (found == std::string_view::npos) {
        return {};
    }
    return static_cast<std::int64_t>(countCodePoints(haystack.text().substr(0, found)));
}

bool startsWith(std::string_view source, std::string_view substring, bool caseInsensitive)
{
    return SearchText(source, caseInsensitive)
        .text()
        .starts_with(SearchText(substring, caseInsensitive).text());
}

bool endsWith(std::string_view source, std::string_view substring, bool caseInsensitive)
{
    return SearchText(source, caseInsensitive)
        .text()
        .ends_with(SearchText(substring, caseInsensitive).text());
}

bool stringContains(std::string_view source, std::string_view substring, bool caseInsensitive)
{
    if (source.empty() || substring.empty()) {
        return false;
    }
    const SearchText haystack(source, caseInsensitive);
    return haystack.text().find(SearchText(substring, caseInsensitive).text())
           != std::string_view::npos;
}

std::string substring(std::string_view source, std::int64_t start, std::optional<std::int64_t> end)
{
    const auto length = static_cast<std::int64_t>(countCodePoints(source));
    const auto place = [length](std::int64_t position) {
        // Not position + length: that could leave 64 bit.
        if (position < 0) {
            return position < -length ? std::int64_t{0} : position + length;
        }
        return std::min(position, length);
    };
    const std::int64_t first = place(start);
    const std::int64_t last = end ? place(*end) : length;
    if (first >= last) {
        return {};
    }
    const std::size_t begin = byteOffsetOfCodePoint(source, static_cast<std::size_t>(first));
    const std::string_view rest = source.substr(begin);
    return std::string(
        rest.substr(0, byteOffsetOfCodePoint(rest, static_cast<std::size_t>(last - first))));
}

ScalarResult parseNumber(std::string_view source, std::optional<std::int64_t> base)
{
    const bool hasHexPrefix = source.starts_with("0x");
    const std::int64_t radix = base.value_or(hasHexPrefix ? 16 : 10);
    const auto failure = [&] {
        return std::unexpected(
            fmt::format("Unable to convert [{}] to number of base [{}]", source, radix));
    };
    if (radix < 2 || radix > 36) {
        return failure();
    }
    const std::string_view digits = hasHexPrefix && radix == 16 ? source.substr(2) : source;
    if (const auto number = parseInteger(digits, static_cast<int>(radix))) {
        return Value(*number);
    }
    if (radix == 10) {
        if (const auto number = parseDecimal(digits)) {
            return Value(*number);
        }
    }
    return failure();
}

} // namespace sequela::eql
