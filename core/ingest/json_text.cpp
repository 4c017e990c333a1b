#include "core/ingest/json_text.h"

#include "core/base/text.h"

#include <array>
#include <vector>

namespace sequela::ingest {
namespace {

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

int hexDigit(char c)
{
    if (isDigit(c)) {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

/// Value of the four digits at @p offset, negative if they are not there.
int hexUnit(std::string_view text, std::size_t offset)
{
    if (offset + 4 > text.size()) {
        return -1;
    }
    int unit = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        const int digit = hexDigit(text[offset + i]);
        if (digit < 0) {
            return -1;
        }
        unit = unit * 16 + digit;
    }
    return unit;
}

/// Walks through a text and stops at the first fault.
class Diagnosis {
public:
    explicit Diagnosis(std::string_view text) : m_text(text) {}

    std::optional<JsonFault> run()
    {
        skipSpace();
        if (atEnd()) {
            return JsonFault{.offset = m_at, .reason = "nothing but blanks", .truncated = true};
        }
        bool valueNext = true;
        for (;;) {
            if (valueNext && !value()) {
                return m_fault;
            }
            skipSpace();
            if (m_open.empty()) {
                if (atEnd()) {
                    return std::nullopt;
                }
                return fault("text after the end of the document");
            }
            if (!afterValue(valueNext)) {
                return m_fault;
            }
        }
    }

private:
    [[nodiscard]] bool atEnd() const { return m_at >= m_text.size(); }
    [[nodiscard]] char here() const { return atEnd() ? '\0' : m_text[m_at]; }
    void skipSpace()
    {
        while (!atEnd() && isSpace(m_text[m_at])) {
            ++m_at;
        }
    }

    JsonFault fault(std::string reason)
    {
        m_fault = JsonFault{.offset = m_at, .reason = std::move(reason), .truncated = false};
        if (atEnd()) {
            m_fault.truncated = true;
            m_fault.reason = "ends too early: " + m_fault.reason;
        }
        return m_fault;
    }
    bool fail(std::string reason)
    {
        fault(std::move(reason));
        return false;
    }

    /// Opens containers until a scalar or an empty container has been read.
    bool value()
    {
        for (;;) {
            skipSpace();
            const char c = here();
            if (c == '{' || c == '[') {
                m_open.push_back(c);
                ++m_at;
                skipSpace();
                if (here() == (c == '{' ? '}' : ']')) {
                    m_open.pop_back();
                    ++m_at;
                    return true;
                }
                if (c == '{' && !key()) {
                    return false;
                }
                continue;
            }
            return scalar();
        }
    }

    bool afterValue(bool& valueNext)
    {
        const char open = m_open.back();
        const char c = here();
        if (c == ',') {
            ++m_at;
            skipSpace();
            valueNext = true;
            return open == '[' || key();
        }
        if (c == (open == '{' ? '}' : ']') && !atEnd()) {
            ++m_at;
            m_open.pop_back();
            valueNext = false;
            return true;
        }
        return fail(open == '{' ? "',' or '}' expected" : "',' or ']' expected");
    }

    bool key()
    {
        if (here() != '"') {
            return fail("a key in double quotes expected");
        }
        if (!string()) {
            return false;
        }
        skipSpace();
        if (here() != ':') {
            return fail("':' expected after a key");
        }
        ++m_at;
        return true;
    }

    bool scalar()
    {
        if (atEnd()) {
            return fail("a value expected");
        }
        if (here() == '"') {
            return string();
        }
        const std::size_t begin = m_at;
        while (!atEnd() && !isSpace(here()) && here() != ',' && here() != '}' && here() != ']'
               && here() != ':' && here() != '"' && here() != '{' && here() != '[') {
            ++m_at;
        }
        const std::string_view token = m_text.substr(begin, m_at - begin);
        if (token == "true" || token == "false" || token == "null" || isJsonNumber(token)) {
            return true;
        }
        const bool cut = atEnd();
        m_at = begin;
        fail("a value expected");
        m_fault.truncated = cut;
        return false;
    }

    bool string()
    {
        const std::size_t begin = m_at++;
        while (!atEnd()) {
            const char c = m_text[m_at];
            if (c == '"') {
                ++m_at;
                return true;
            }
            if (static_cast<unsigned char>(c) < 0x20) {
                return fail("a raw control character in a string (a line end inside quotes?)");
            }
            if (c == '\\') {
                if (!escape()) {
                    return false;
                }
                continue;
            }
            ++m_at;
        }
        m_at = begin;
        fail("the string that begins here is not closed");
        m_fault.truncated = true;
        return false;
    }

    bool escape()
    {
        constexpr std::string_view simple = "\"\\/bfnrt";
        const char c = m_at + 1 < m_text.size() ? m_text[m_at + 1] : '\0';
        if (c != '\0' && simple.find(c) != std::string_view::npos) {
            m_at += 2;
            return true;
        }
        if (c == 'u' && hexUnit(m_text, m_at + 2) >= 0) {
            m_at += 6;
            return true;
        }
        return fail("a wrong escape in a string (a single back-slash?)");
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::vector<char> m_open;
    JsonFault m_fault;
};

} // namespace

std::optional<JsonFault> diagnoseJson(std::string_view text)
{
    return Diagnosis(text).run();
}

JsonRepair repairJson(std::string_view text)
{
    JsonRepair repair;
    repair.text.reserve(text.size() + text.size() / 16 + 16);
    bool inString = false;
    for (std::size_t i = 0; i < text.size();) {
        const char c = text[i];
        if (static_cast<unsigned char>(c) >= 0x80) {
            const DecodedCodePoint decoded = decodeUtf8(text, i);
            if (decoded.valid) {
                repair.text.append(text.substr(i, decoded.byteCount));
            } else {
                if (repair.invalidUtf8++ == 0) {
                    repair.firstInvalidUtf8 = i;
                }
                appendUtf8(repair.text, U'\uFFFD');
            }
            i += decoded.byteCount;
            continue;
        }
        if (inString && static_cast<unsigned char>(c) < 0x20) {
            constexpr std::string_view digits = "0123456789abcdef";
            if (repair.controlCharacters++ == 0) {
                repair.firstControlCharacter = i;
            }
            repair.text += "\\u00";
            repair.text += digits[static_cast<unsigned char>(c) >> 4U];
            repair.text += digits[static_cast<unsigned char>(c) & 0xFU];
            ++i;
            continue;
        }
        repair.text += c;
        ++i;
        if (c == '"') {
            inString = !inString;
        } else if (c == '\\' && inString && i < text.size()
                   && static_cast<unsigned char>(text[i]) < 0x80
                   && static_cast<unsigned char>(text[i]) >= 0x20) {
            repair.text += text[i++];
        }
    }
    return repair;
}

bool isJsonNumber(std::string_view token)
{
    std::size_t i = 0;
    const auto digits = [&] {
        const std::size_t begin = i;
        while (i < token.size() && isDigit(token[i])) {
            ++i;
        }
        return i > begin;
    };
    if (i < token.size() && token[i] == '-') {
        ++i;
    }
    if (i < token.size() && token[i] == '0') {
        ++i;
    } else if (!digits()) {
        return false;
    }
    if (i < token.size() && token[i] == '.') {
        ++i;
        if (!digits()) {
            return false;
        }
    }
    if (i < token.size() && (token[i] == 'e' || token[i] == 'E')) {
        ++i;
        if (i < token.size() && (token[i] == '+' || token[i] == '-')) {
            ++i;
        }
        if (!digits()) {
            return false;
        }
    }
    return i == token.size();
}

std::optional<std::size_t> unescapeJson(std::string_view inside, std::string& text,
                                        std::uint64_t& loneSurrogates)
{
    std::size_t i = 0;
    while (i < inside.size()) {
        const std::size_t slash = inside.find('\\', i);
        if (slash == std::string_view::npos) {
            text.append(inside.substr(i));
            return std::nullopt;
        }
        text.append(inside.substr(i, slash - i));
        i = slash;
        const char c = i + 1 < inside.size() ? inside[i + 1] : '\0';
        constexpr std::string_view from = "\"\\/bfnrt";
        constexpr std::string_view to = "\"\\/\b\f\n\r\t";
        const std::size_t which = c == '\0' ? std::string_view::npos : from.find(c);
        if (which != std::string_view::npos) {
            text += to[which];
            i += 2;
            continue;
        }
        const int unit = c == 'u' ? hexUnit(inside, i + 2) : -1;
        if (unit < 0) {
            return slash;
        }
        i += 6;
        auto codePoint = static_cast<char32_t>(unit);
        if (codePoint >= 0xD800 && codePoint <= 0xDFFF) {
            const bool pairFollows = codePoint <= 0xDBFF && i + 1 < inside.size()
                                     && inside[i] == '\\' && inside[i + 1] == 'u';
            const int low = pairFollows ? hexUnit(inside, i + 2) : -1;
            if (low >= 0xDC00 && low <= 0xDFFF) {
                codePoint =
                    0x10000 + ((codePoint - 0xD800) << 10U) + (static_cast<char32_t>(low) - 0xDC00);
                i += 6;
            } else {
                ++loneSurrogates;
                codePoint = U'\uFFFD';
            }
        }
        appendUtf8(text, codePoint);
    }
    return std::nullopt;
}

std::string_view topLevelContainer(std::string_view document, std::string_view key)
{
    std::size_t depth = 0;
    bool inString = false;
    std::size_t stringBegin = 0;
    std::string_view lastString;
    bool keyIsNext = false;
    bool wanted = false;
    std::size_t containerBegin = 0;
    for (std::size_t i = 0; i < document.size(); ++i) {
        const char c = document[i];
        if (inString) {
            if (c == '\\') {
                ++i;
            } else if (c == '"') {
                inString = false;
                lastString = document.substr(stringBegin, i - stringBegin);
            }
            continue;
        }
        if (c == '"') {
            inString = true;
            stringBegin = i + 1;
        } else if (c == ':' && depth == 1) {
            keyIsNext = lastString == key;
        } else if (c == '{' || c == '[') {
            if (depth == 1 && keyIsNext) {
                wanted = true;
                containerBegin = i;
            }
            keyIsNext = false;
            ++depth;
        } else if ((c == '}' || c == ']') && depth > 0) {
            if (--depth == 1 && wanted) {
                return document.substr(containerBegin, i + 1 - containerBegin);
            }
        } else if (c == ',' && depth == 1) {
            keyIsNext = false;
        }
    }
    return {};
}

} // namespace sequela::ingest
