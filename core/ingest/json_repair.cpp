#include "core/ingest/json_repair.h"

#include <vector>

namespace sequela::ingest {
namespace {

constexpr std::string_view tripleQuote = "\"\"\"";
/// Brackets inside one another that are followed: far more than a document may have.
constexpr std::size_t deepest = 1'024;

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

class Repair {
public:
    explicit Repair(std::string_view text) : m_text(text) {}

    std::optional<StructureRepair> run(bool endIsCertain)
    {
        m_repair.text.reserve(m_text.size() + 16);
        const std::size_t begin = m_text.find_first_not_of(" \t\r\n");
        if (begin != std::string_view::npos && m_text[begin] == '"') {
            // Only an object begins with a key; its bracket went missing in front.
            if (!endIsCertain) {
                return std::nullopt;
            }
            addBracket('{', begin);
            m_open.push_back({.bracket = '{', .indent = 0, .isOutermost = true});
        }
        while (m_at < m_text.size()) {
            if (!step()) {
                return std::nullopt;
            }
        }
        if (!m_open.empty() && !(endIsCertain && closeAll())) {
            return std::nullopt;
        }
        if (m_repair.trailingCommas + m_repair.tripleQuotes + m_repair.missingBrackets == 0) {
            return std::nullopt;
        }
        return std::move(m_repair);
    }

private:
    struct Open {
        char bracket = '{';
        /// Blanks in front of the line it stands on.
        std::size_t indent = 0;
        bool isOutermost = false;
    };

    void addBracket(char bracket, std::size_t at)
    {
        m_repair.firstMissingBracket =
            m_repair.missingBrackets++ == 0 ? at : m_repair.firstMissingBracket;
        m_repair.text += bracket;
    }

    bool step()
    {
        const char c = m_text[m_at];
        if (c == '"') {
            return m_text.substr(m_at).starts_with(tripleQuote) ? takeTripleQuoted() : takeString();
        }
        if (c == '\n') {
            m_lineBegin = m_at + 1;
            m_isOneLine = false;
            m_hasIndent = false;
        } else if (c == '}' || c == ']') {
            return close(c);
        } else if (!isBlank(c)) {
            noteIndent();
            if (c == '{' || c == '[') {
                if (m_open.size() >= deepest) {
                    return false;
                }
                m_hasInnerObject = m_hasInnerObject || (c == '{' && !m_open.empty());
                m_open.push_back({.bracket = c, .indent = m_indent, .isOutermost = m_open.empty()});
            } else if (c == ',') {
                m_comma = m_repair.text.size();
                m_commaAt = m_at;
            }
            m_last = c;
        }
        m_repair.text += c;
        ++m_at;
        return true;
    }

    void noteIndent()
    {
        if (!m_hasIndent) {
            m_indent = m_at - m_lineBegin;
            m_hasIndent = true;
        }
    }

    bool takeString()
    {
        noteIndent();
        for (std::size_t i = m_at + 1; i < m_text.size(); ++i) {
            if (m_text[i] == '\\') {
                ++i;
            } else if (m_text[i] == '"') {
                m_repair.text.append(m_text.substr(m_at, i + 1 - m_at));
                m_at = i + 1;
                m_last = '"';
                return true;
            } else if (m_text[i] == '\n') {
                return false;
            }
        }
        return false;
    }

    bool takeTripleQuoted()
    {
        noteIndent();
        const std::size_t begin = m_at + tripleQuote.size();
        const std::size_t end = m_text.find(tripleQuote, begin);
        if (end == std::string_view::npos) {
            return false;
        }
        m_repair.firstTripleQuote = m_repair.tripleQuotes++ == 0 ? m_at : m_repair.firstTripleQuote;
        m_repair.text += '"';
        for (const char c : m_text.substr(begin, end - begin)) {
            appendEscaped(c);
        }
        m_repair.text += '"';
        m_at = end + tripleQuote.size();
        m_last = '"';
        return true;
    }

    void appendEscaped(char c)
    {
        constexpr std::string_view digits = "0123456789abcdef";
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            m_repair.text += '\\';
            m_repair.text += c;
        } else if (byte < 0x20) {
            m_repair.text += "\\u00";
            m_repair.text += digits[byte >> 4U];
            m_repair.text += digits[byte & 0xFU];
        } else {
            m_repair.text += c;
        }
    }

    void dropTrailingComma()
    {
        if (m_last == ',') {
            m_repair.text.erase(m_comma, 1);
            m_repair.firstTrailingComma =
                m_repair.trailingCommas++ == 0 ? m_commaAt : m_repair.firstTrailingComma;
        }
    }

    bool close(char c)
    {
        const bool beginsLine = !m_hasIndent && !m_isOneLine;
        noteIndent();
        if (m_open.empty() || (c == '}') != (m_open.back().bracket == '{')) {
            return false;
        }
        dropTrailingComma();
        if (beginsLine) {
            ++m_ownLineClosers;
            // Where a document was cut out of a page its first line has lost its blanks.
            m_isAligned =
                m_isAligned && (m_open.back().isOutermost || m_open.back().indent == m_indent);
        }
        m_open.pop_back();
        m_repair.text += c;
        m_last = c;
        ++m_at;
        return true;
    }

    /// Adds what is missing at the end, if it can only be missing there.
    bool closeAll()
    {
        if (m_last == ':' || m_last == '{' || m_last == '[') {
            return false;
        }
        // A line without either bracket, or one that stops at a comma, is a piece of a document.
        const bool isCertain = m_isOneLine ? !m_hasInnerObject && m_open.size() == 1
                                                 && m_last != ',' && m_repair.missingBrackets == 0
                                           : m_isAligned && m_ownLineClosers > 0;
        if (!isCertain) {
            return false;
        }
        dropTrailingComma();
        while (!m_open.empty()) {
            addBracket(m_open.back().bracket == '{' ? '}' : ']', m_text.size());
            m_open.pop_back();
        }
        return true;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    StructureRepair m_repair;
    std::vector<Open> m_open;
    /// Last byte that was no blank, `"` for a string.
    char m_last = ',';
    std::size_t m_comma = 0;
    std::size_t m_commaAt = 0;
    std::size_t m_lineBegin = 0;
    std::size_t m_indent = 0;
    bool m_hasIndent = false;
    bool m_isOneLine = true;
    bool m_hasInnerObject = false;
    bool m_isAligned = true;
    std::size_t m_ownLineClosers = 0;
};

} // namespace

std::optional<StructureRepair> repairStructure(std::string_view text, bool endIsCertain)
{
    return Repair(text).run(endIsCertain);
}

} // namespace sequela::ingest
