#include "core/eql/string_literal.h"

#include "core/base/text.h"
#include "core/eql/syntax_codes.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace sequela::eql {

namespace {

constexpr std::string_view tripleQuote = R"(""")";
constexpr std::string_view simpleEscapes = R"(btnfr"'\)";

bool isHexDigit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Number of hexadecimal digits from @p offset on.
std::size_t countHexDigits(std::string_view text, std::size_t offset)
{
    const std::string_view rest = text.substr(std::min(offset, text.size()));
    const auto end = std::ranges::find_if_not(rest, isHexDigit);
    return static_cast<std::size_t>(end - rest.begin());
}

bool isLineEnd(char c)
{
    return c == '\r' || c == '\n';
}

// Nothing below looks for the line's end ahead of reading: a line of megabytes full of strings
// would be walked once for each of them.
std::size_t endOfLine(std::string_view text, std::size_t offset)
{
    while (offset < text.size() && !isLineEnd(text[offset])) {
        ++offset;
    }
    return offset;
}

/// Whether the backslash at @p offset has something on its line to escape.
bool canEscape(std::string_view text, std::size_t offset)
{
    return text[offset] == '\\' && offset + 1 < text.size() && !isLineEnd(text[offset + 1]);
}

/// Offset of the first `"""` on the line from @p offset on, or npos.
std::size_t findTripleQuote(std::string_view text, std::size_t offset)
{
    while (offset < text.size() && !isLineEnd(text[offset])) {
        if (text.substr(offset, tripleQuote.size()) == tripleQuote) {
            return offset;
        }
        ++offset;
    }
    return std::string_view::npos;
}

struct UnicodeEscape {
    std::string_view digits;
    /// Bytes of the whole `\u{…}`, 0 if it is not one.
    std::size_t length = 0;
    /// Nothing sensible for surrogates, values past U+10FFFF and a wrong number of digits.
    bool isScalar = false;
    char32_t codePoint = 0;
};

/// Reads the `\u{…}` at @p offset.
UnicodeEscape readUnicodeEscape(std::string_view text, std::size_t offset)
{
    constexpr std::size_t prefixLength = 3;
    constexpr std::size_t minimumDigits = 2;
    constexpr std::size_t maximumDigits = 8;
    UnicodeEscape escape;
    if (text.substr(offset, prefixLength) != "\\u{") {
        return escape;
    }
    const std::size_t count = countHexDigits(text, offset + prefixLength);
    const std::size_t close = offset + prefixLength + count;
    if (count == 0 || close >= text.size() || text[close] != '}') {
        return escape;
    }
    escape.digits = text.substr(offset + prefixLength, count);
    escape.length = close + 1 - offset;
    if (count >= minimumDigits && count <= maximumDigits) {
        std::uint32_t value = 0;
        std::from_chars(escape.digits.data(), escape.digits.data() + count, value, 16);
        const bool isSurrogate = value >= 0xD800 && value <= 0xDFFF;
        escape.isScalar = !isSurrogate && value <= 0x10FFFF;
        escape.codePoint = value;
    }
    return escape;
}

void reportUnicodeEscape(const UnicodeEscape& escape, SourceSpan span, SyntaxProblems& problems)
{
    std::uint64_t value = 0;
    const std::size_t count = escape.digits.size();
    std::from_chars(escape.digits.data(), escape.digits.data() + std::min<std::size_t>(count, 9),
                    value, 16);
    if (count < 2 || count > 8) {
        Diagnostic& problem = problems.add(
            codes::invalidUnicodeEscape, span,
            fmt::format("Unicode sequence should use [2-8] hex digits, [\\u{{{}}}] has [{}]",
                        excerpt(escape.digits), count));
        if (count == 1) {
            problem.fixes.push_back(
                {span, fmt::format("\\u{{0{}}}", escape.digits), "write two digits"});
        }
    } else if (value >= 0xD800 && value <= 0xDFFF) {
        problems.add(
            codes::invalidUnicodeEscape, span,
            fmt::format("Invalid unicode character code, [{}] is a surrogate code", escape.digits),
            "Write the character itself as one \\u{…} of up to six digits");
    } else {
        problems.add(codes::invalidUnicodeEscape, span,
                     fmt::format("Invalid unicode character code [{}]", escape.digits),
                     "The highest character is \\u{10FFFF}");
    }
}

/// Reports the backslash at @p offset that starts no escape; returns how many bytes to skip.
std::size_t reportEscape(std::string_view text, std::size_t tokenBegin, std::size_t offset,
                         SyntaxProblems& problems)
{
    const std::size_t length = 1 + decodeUtf8(text, offset + 1).byteCount;
    const SourceSpan span{offset, offset + length};
    const std::string_view failed = text.substr(tokenBegin, span.end - tokenBegin);
    Diagnostic& problem = problems.add(
        codes::invalidEscape, span,
        fmt::format("token recognition error at: '{}'", excerpt(failed)),
        R"(Escapes are \b \t \n \f \r \" \' \\ and \u{…}; nothing is an escape in """…""")");
    problem.fixes.push_back({{offset, offset + 1}, R"(\\)", "write the backslash twice"});
    constexpr std::size_t jsonDigits = 4;
    if (text[offset + 1] == 'u' && countHexDigits(text, offset + 2) >= jsonDigits) {
        problem.fixes.insert(problem.fixes.begin(),
                             {{offset, offset + 2 + jsonDigits},
                              fmt::format("\\u{{{}}}", text.substr(offset + 2, jsonDigits)),
                              "put the digits in braces"});
    }
    return length;
}

/// Bytes of the escape at @p offset (a backslash that is not the last byte of its line).
std::size_t scanEscape(std::string_view text, std::size_t tokenBegin, std::size_t offset,
                       SyntaxProblems& problems)
{
    if (simpleEscapes.contains(text[offset + 1])) {
        return 2;
    }
    const UnicodeEscape escape = readUnicodeEscape(text, offset);
    if (escape.length == 0) {
        return reportEscape(text, tokenBegin, offset, problems);
    }
    if (!escape.isScalar) {
        reportUnicodeEscape(escape, {offset, offset + escape.length}, problems);
    }
    return escape.length;
}

void reportInvalidUtf8(std::string_view text, SourceSpan span, SyntaxProblems& problems)
{
    for (std::size_t offset = span.begin; offset < span.end;) {
        const DecodedCodePoint decoded = decodeUtf8(text, offset);
        if (!decoded.valid) {
            problems.add(codes::invalidUtf8, {offset, offset + 1},
                         fmt::format("Byte 0x{:02X} is not valid UTF-8",
                                     static_cast<unsigned char>(text[offset])),
                         "Save the query as UTF-8");
            return;
        }
        offset += decoded.byteCount;
    }
}

Token unterminated(std::string_view text, std::size_t begin, std::string_view quote,
                   SyntaxProblems& problems)
{
    const SourceSpan span{begin, endOfLine(text, begin)};
    Diagnostic& problem = problems.add(
        codes::unterminatedString, span,
        fmt::format("token recognition error at: '{}'", excerpt(text.substr(begin, span.length()))),
        fmt::format("The string is not closed; it ends with {} on the same line", quote));
    problem.fixes.push_back({{span.end, span.end}, std::string(quote), "close the string"});
    return {TokenKind::Invalid, span};
}

Token scanTripleQuoted(std::string_view text, std::size_t begin, SyntaxProblems& problems)
{
    const std::size_t close = findTripleQuote(text, begin + tripleQuote.size());
    if (close == std::string_view::npos) {
        return unterminated(text, begin, tripleQuote, problems);
    }
    std::size_t end = close + tripleQuote.size();
    // Up to two more quotes belong to the content.
    for (int extra = 0; extra < 2 && end < text.size() && text[end] == '"'; ++extra) {
        ++end;
    }
    reportInvalidUtf8(text, {begin, end}, problems);
    return {TokenKind::RawString, {begin, end}};
}

Token scanDoubleQuoted(std::string_view text, std::size_t begin, SyntaxProblems& problems)
{
    SyntaxProblems inside;
    for (std::size_t offset = begin + 1; offset < text.size() && !isLineEnd(text[offset]);) {
        if (text[offset] == '"') {
            const SourceSpan span{begin, offset + 1};
            problems.append(inside.take());
            reportInvalidUtf8(text, span, problems);
            return {TokenKind::String, span};
        }
        offset += canEscape(text, offset) ? scanEscape(text, begin, offset, inside) : 1;
    }
    return unterminated(text, begin, "\"", problems);
}

/// End of the content of a string that only its own quote can be escaped in, or npos.
std::size_t findLegacyClose(std::string_view text, std::size_t offset, char quote)
{
    while (offset < text.size() && !isLineEnd(text[offset]) && text[offset] != quote) {
        offset += canEscape(text, offset) ? 2U : 1U;
    }
    const bool isClosed = offset < text.size() && text[offset] == quote;
    return isClosed ? offset : std::string_view::npos;
}

Token scanSingleQuoted(std::string_view text, std::size_t begin, SyntaxProblems& problems)
{
    const std::size_t close = findLegacyClose(text, begin + 1, '\'');
    if (close == std::string_view::npos) {
        return unterminated(text, begin, "\"", problems);
    }
    const SourceSpan span{begin, close + 1};
    std::string replacement = "\"";
    for (std::size_t offset = begin + 1; offset < close; ++offset) {
        if (text[offset] == '\\') {
            replacement += text[offset++];
        } else if (text[offset] == '"') {
            replacement += '\\';
        }
        replacement += text[offset];
    }
    replacement += '"';
    Diagnostic& problem =
        problems.add(codes::singleQuotes, span,
                     "Use double quotes [\"] to define string literals, not single quotes [']");
    problem.fixes.push_back({span, std::move(replacement), "use double quotes"});
    return {TokenKind::LegacyString, span};
}

Token scanLegacyRaw(std::string_view text, std::size_t begin, SyntaxProblems& problems)
{
    const char quote = text[begin + 1];
    const bool isTriple = text.substr(begin + 1).starts_with(tripleQuote);
    const std::size_t content = begin + (isTriple ? 1 + tripleQuote.size() : 2);
    const std::size_t close =
        isTriple ? findTripleQuote(text, content) : findLegacyClose(text, content, quote);
    if (close == std::string_view::npos) {
        return unterminated(text, begin, isTriple ? tripleQuote : text.substr(begin + 1, 1),
                            problems);
    }
    const SourceSpan span{begin, close + (isTriple ? tripleQuote.size() : 1)};
    Diagnostic& problem = problems.add(
        codes::legacyRawString, span,
        fmt::format(
            "Use triple double quotes [\"\"\"] to define unescaped string literals, not [?{}]",
            quote));
    const std::string value = decodeString(text.substr(begin, span.length()));
    problem.fixes.push_back({span,
                             value.find('"') == std::string::npos
                                 ? fmt::format("{0}{1}{0}", tripleQuote, value)
                                 : quoteString(value),
                             "write it as a string of today"});
    return {TokenKind::LegacyString, span};
}

std::string decodeLegacyRaw(std::string_view spelling)
{
    if (spelling.substr(1).starts_with(tripleQuote)) {
        return std::string(spelling.substr(4, spelling.size() - 7));
    }
    const char quote = spelling[1];
    std::string value;
    const std::string_view content = spelling.substr(2, spelling.size() - 3);
    for (std::size_t offset = 0; offset < content.size(); ++offset) {
        if (content[offset] == '\\' && offset + 1 < content.size()
            && content[offset + 1] == quote) {
            ++offset;
        }
        value += content[offset];
    }
    return value;
}

char decodeSimpleEscape(char letter)
{
    switch (letter) {
    case 'b':
        return '\b';
    case 't':
        return '\t';
    case 'n':
        return '\n';
    case 'f':
        return '\f';
    case 'r':
        return '\r';
    default:
        return letter;
    }
}

} // namespace

Token scanString(std::string_view text, std::size_t begin, SyntaxProblems& problems)
{
    if (text[begin] == '?') {
        return scanLegacyRaw(text, begin, problems);
    }
    if (text[begin] == '\'') {
        return scanSingleQuoted(text, begin, problems);
    }
    if (text.substr(begin).starts_with(tripleQuote)) {
        return scanTripleQuoted(text, begin, problems);
    }
    return scanDoubleQuoted(text, begin, problems);
}

std::string decodeString(std::string_view spelling)
{
    if (spelling.starts_with('?')) {
        return decodeLegacyRaw(spelling);
    }
    if (spelling.size() >= 2 * tripleQuote.size() && spelling.starts_with(tripleQuote)) {
        return std::string(
            spelling.substr(tripleQuote.size(), spelling.size() - 2 * tripleQuote.size()));
    }
    const std::string_view content = spelling.substr(1, spelling.size() - 2);
    std::string value;
    value.reserve(content.size());
    for (std::size_t offset = 0; offset < content.size();) {
        if (content[offset] != '\\' || offset + 1 >= content.size()) {
            value += content[offset++];
            continue;
        }
        if (simpleEscapes.contains(content[offset + 1])) {
            value += decodeSimpleEscape(content[offset + 1]);
            offset += 2;
            continue;
        }
        const UnicodeEscape escape = readUnicodeEscape(content, offset);
        if (escape.isScalar) {
            appendUtf8(value, escape.codePoint);
            offset += escape.length;
        } else {
            value += content[offset++];
        }
    }
    return value;
}

std::string quoteString(std::string_view value)
{
    std::string quoted = "\"";
    for (const char c : value) {
        switch (c) {
        case '"':
            quoted += R"(\")";
            break;
        case '\\':
            quoted += R"(\\)";
            break;
        case '\n':
            quoted += R"(\n)";
            break;
        case '\r':
            quoted += R"(\r)";
            break;
        case '\t':
            quoted += R"(\t)";
            break;
        default:
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
                quoted += fmt::format("\\u{{{:02x}}}", static_cast<unsigned char>(c));
            } else {
                quoted += c;
            }
        }
    }
    return quoted + '"';
}

std::string quoteName(std::string_view name)
{
    std::string quoted = "`";
    for (const char c : name) {
        quoted.append(c == '`' ? 2 : 1, c);
    }
    return quoted + '`';
}

} // namespace sequela::eql
