#include "app/cli/json_syntax.h"

#include "core/base/text.h"

#include <string>

namespace sequela::cli {

namespace {

class JsonChecker {
public:
    explicit JsonChecker(std::string_view text) : m_text(text) {}

    [[nodiscard]] bool check()
    {
        bool expectsValue = true;
        while (true) {
            skipSpace();
            if (expectsValue) {
                if (!value(expectsValue)) {
                    return false;
                }
                if (expectsValue) {
                    continue;
                }
            }
            if (!closeBrackets()) {
                return false;
            }
            if (m_open.empty()) {
                skipSpace();
                return m_at == m_text.size();
            }
            if (!take(',')) {
                return false;
            }
            skipSpace();
            if (m_open.back() == '{' && !name()) {
                return false;
            }
            expectsValue = true;
        }
    }

private:
    [[nodiscard]] bool take(char wanted)
    {
        if (m_at < m_text.size() && m_text[m_at] == wanted) {
            ++m_at;
            return true;
        }
        return false;
    }
    void skipSpace()
    {
        while (m_at < m_text.size()
               && (m_text[m_at] == ' ' || m_text[m_at] == '\t' || m_text[m_at] == '\n'
                   || m_text[m_at] == '\r')) {
            ++m_at;
        }
    }
    [[nodiscard]] bool word(std::string_view wanted)
    {
        if (!m_text.substr(m_at).starts_with(wanted)) {
            return false;
        }
        m_at += wanted.size();
        return true;
    }

    /// Reads a scalar, or opens an object or array; @p opened tells that a value must follow.
    [[nodiscard]] bool value(bool& opened)
    {
        opened = false;
        if (m_at >= m_text.size()) {
            return false;
        }
        switch (m_text[m_at]) {
        case '{':
            ++m_at;
            m_open.push_back('{');
            skipSpace();
            if (m_at < m_text.size() && m_text[m_at] == '}') {
                return true;
            }
            opened = true;
            return name();
        case '[':
            ++m_at;
            m_open.push_back('[');
            skipSpace();
            opened = m_at < m_text.size() && m_text[m_at] != ']';
            return true;
        case '"':
            return string();
        case 't':
            return word("true");
        case 'f':
            return word("false");
        case 'n':
            return word("null");
        default:
            return number();
        }
    }

    /// Closes every object and array that ends here.
    [[nodiscard]] bool closeBrackets()
    {
        while (!m_open.empty()) {
            skipSpace();
            if (m_at >= m_text.size()) {
                return false;
            }
            if (m_text[m_at] != (m_open.back() == '{' ? '}' : ']')) {
                return true;
            }
            ++m_at;
            m_open.pop_back();
        }
        return true;
    }

    [[nodiscard]] bool name()
    {
        if (!string()) {
            return false;
        }
        skipSpace();
        return take(':');
    }

    [[nodiscard]] bool string()
    {
        constexpr unsigned char firstPrintable = 0x20;
        if (!take('"')) {
            return false;
        }
        while (m_at < m_text.size()) {
            const char character = m_text[m_at++];
            if (character == '"') {
                return true;
            }
            if (static_cast<unsigned char>(character) < firstPrintable
                || (character == '\\' && !escape())) {
                return false;
            }
        }
        return false;
    }

    [[nodiscard]] bool escape()
    {
        if (m_at >= m_text.size()) {
            return false;
        }
        const char kind = m_text[m_at++];
        if (kind != 'u') {
            return std::string_view("\"\\/bfnrt").contains(kind);
        }
        constexpr std::size_t digits = 4;
        const std::string_view hex = m_text.substr(m_at, digits);
        m_at += hex.size();
        return hex.size() == digits
               && hex.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
    }

    [[nodiscard]] bool digits()
    {
        const std::size_t begin = m_at;
        while (m_at < m_text.size() && m_text[m_at] >= '0' && m_text[m_at] <= '9') {
            ++m_at;
        }
        return m_at > begin;
    }

    [[nodiscard]] bool number()
    {
        static_cast<void>(take('-'));
        if (!take('0') && !digits()) {
            return false;
        }
        if (take('.') && !digits()) {
            return false;
        }
        if (take('e') || take('E')) {
            static_cast<void>(take('+') || take('-'));
            return digits();
        }
        return true;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    /// Brackets that are open, outermost first.
    std::string m_open;
};

} // namespace

bool isJsonValue(std::string_view text)
{
    return JsonChecker(text).check() && isValidUtf8(text);
}

} // namespace sequela::cli
