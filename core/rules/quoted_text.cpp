#include "core/rules/quoted_text.h"

#include "core/base/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace sequela::rules {

namespace {

[[nodiscard]] bool isMultiLine(QuoteForm form)
{
    return form == QuoteForm::MultiLineLiteral || form == QuoteForm::MultiLineBasic;
}

[[nodiscard]] bool isLiteral(QuoteForm form)
{
    return form == QuoteForm::MultiLineLiteral || form == QuoteForm::Literal;
}

[[nodiscard]] QuoteForm formAt(std::string_view rest, bool isJson)
{
    if (isJson) {
        return QuoteForm::Json;
    }
    if (rest.starts_with("'''")) {
        return QuoteForm::MultiLineLiteral;
    }
    if (rest.starts_with(R"(""")")) {
        return QuoteForm::MultiLineBasic;
    }
    return rest.front() == '\'' ? QuoteForm::Literal : QuoteForm::Basic;
}

/// Number of hex digits that follow `\u`, `\U`, `\x`.
[[nodiscard]] std::size_t hexDigits(char kind)
{
    switch (kind) {
    case 'u':
        return 4;
    case 'U':
        return 8;
    default:
        return 2;
    }
}

class QuotedReader {
public:
    QuotedReader(std::string_view file, std::size_t offset, QuoteForm form)
        : m_file(file), m_offset(offset), m_quote(file[offset])
    {
        m_result.form = form;
    }

    std::optional<QuotedText> read()
    {
        m_offset += isMultiLine(m_result.form) ? 3U : 1U;
        if (isMultiLine(m_result.form)) {
            if (m_file.substr(m_offset).starts_with("\r\n")) {
                m_offset += 2;
            } else if (m_file.substr(m_offset).starts_with('\n')) {
                m_offset += 1;
            }
        }
        m_result.span.begin = m_offset;
        anchor();
        while (m_offset < m_file.size()) {
            const char c = m_file[m_offset];
            if (c == m_quote) {
                if (closes()) {
                    m_result.span.end = m_offset;
                    return std::move(m_result);
                }
                continue;
            }
            if (c == '\\' && !isLiteral(m_result.form)) {
                if (!readEscape()) {
                    return std::nullopt;
                }
                anchor();
            } else {
                m_result.text += c;
                ++m_offset;
            }
        }
        return std::nullopt;
    }

private:
    void anchor()
    {
        const QueryAnchor next{m_result.text.size(), m_offset};
        if (!m_result.anchors.empty() && m_result.anchors.back().queryOffset == next.queryOffset) {
            m_result.anchors.back() = next;
        } else {
            m_result.anchors.push_back(next);
        }
    }

    /// Whether the string ends here. Up to two quotes right before the closing three are content.
    bool closes()
    {
        if (!isMultiLine(m_result.form)) {
            return true;
        }
        const std::size_t runEnd =
            std::min(m_file.find_first_not_of(m_quote, m_offset), m_file.size());
        const std::size_t run = runEnd - m_offset;
        if (run < 3) {
            m_result.text.append(run, m_quote);
            m_offset = runEnd;
            return false;
        }
        const std::size_t content = std::min<std::size_t>(run - 3, 2);
        m_result.text.append(content, m_quote);
        m_offset += content;
        return true;
    }

    bool readEscape()
    {
        static constexpr std::string_view simple = "btnfre\"\\/";
        static constexpr std::string_view meaning = "\b\t\n\f\r\x1B\"\\/";
        if (m_offset + 1 >= m_file.size()) {
            return false;
        }
        const char kind = m_file[m_offset + 1];
        if (const std::size_t index = simple.find(kind); index != std::string_view::npos) {
            m_result.text += meaning[index];
            m_offset += 2;
            return true;
        }
        if (kind == 'u' || kind == 'U' || kind == 'x') {
            return readHex(kind);
        }
        // A backslash at the end of a line joins it with the next text.
        const std::size_t next = m_file.find_first_not_of(" \t\r\n", m_offset + 1);
        m_offset = next == std::string_view::npos ? m_file.size() : next;
        return m_result.form == QuoteForm::MultiLineBasic;
    }

    [[nodiscard]] std::optional<std::uint32_t> hexAt(std::size_t offset, std::size_t digits) const
    {
        std::uint32_t value = 0;
        for (std::size_t i = offset; i < offset + digits; ++i) {
            static constexpr std::string_view alphabet = "0123456789abcdef";
            const char c = i < m_file.size() ? m_file[i] : '\0';
            const char lower = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
            const std::size_t digit = alphabet.find(lower);
            if (digit == std::string_view::npos) {
                return std::nullopt;
            }
            value = value * 16 + static_cast<std::uint32_t>(digit);
        }
        return value;
    }

    bool readHex(char kind)
    {
        const std::size_t digits = hexDigits(kind);
        auto value = hexAt(m_offset + 2, digits);
        if (!value) {
            return false;
        }
        m_offset += 2 + digits;
        const bool isHighSurrogate = *value >= 0xD800 && *value <= 0xDBFF;
        if (isHighSurrogate && m_file.substr(m_offset).starts_with("\\u")) {
            const auto low = hexAt(m_offset + 2, 4);
            if (low && *low >= 0xDC00 && *low <= 0xDFFF) {
                value = 0x10000 + ((*value - 0xD800) << 10U) + (*low - 0xDC00);
                m_offset += 6;
            }
        }
        appendUtf8(m_result.text, static_cast<char32_t>(*value));
        return true;
    }

    std::string_view m_file;
    std::size_t m_offset;
    char m_quote;
    QuotedText m_result;
};

[[nodiscard]] bool isForbiddenControl(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
}

void appendEscaped(std::string& out, char c, QuoteForm form, bool escapeQuotes)
{
    const bool oneLine = form != QuoteForm::MultiLineBasic;
    switch (c) {
    case '\\':
        out += "\\\\";
        return;
    case '"':
        out += oneLine || escapeQuotes ? "\\\"" : "\"";
        return;
    case '\n':
        out += oneLine ? "\\n" : "\n";
        return;
    case '\r':
        out += oneLine ? "\\r" : "\r";
        return;
    case '\t':
        out += oneLine ? "\\t" : "\t";
        return;
    default:
        if (isForbiddenControl(c)) {
            out += fmt::format("\\u{:04X}", static_cast<unsigned char>(c));
        } else {
            out += c;
        }
    }
}

} // namespace

std::optional<QuotedText> readQuoted(std::string_view file, std::size_t offset, bool isJson)
{
    const bool isQuote =
        offset < file.size() && (file[offset] == '"' || (!isJson && file[offset] == '\''));
    if (!isQuote) {
        return std::nullopt;
    }
    return QuotedReader(file, offset, formAt(file.substr(offset), isJson)).read();
}

std::optional<std::string> encodeFor(QuoteForm form, std::string_view text, bool escapeQuotes)
{
    if (isLiteral(form)) {
        const bool fits = form == QuoteForm::MultiLineLiteral
                              ? text.find("'''") == std::string_view::npos
                              : text.find_first_of("'\r\n") == std::string_view::npos;
        if (!fits || std::ranges::any_of(text, isForbiddenControl)) {
            return std::nullopt;
        }
        return std::string(text);
    }
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        appendEscaped(out, c, form, escapeQuotes);
    }
    return out;
}

std::size_t anchoredOffset(const std::vector<QueryAnchor>& anchors, std::size_t textOffset)
{
    const auto next = std::ranges::upper_bound(anchors, textOffset, {}, &QueryAnchor::queryOffset);
    if (next == anchors.begin()) {
        return 0;
    }
    const QueryAnchor& anchor = *std::prev(next);
    return anchor.fileOffset + (textOffset - anchor.queryOffset);
}

} // namespace sequela::rules
