#include "core/mapping/embedded_json.h"

#include "core/base/text.h"
#include "core/mapping/limits.h"

#include <charconv>
#include <string>

namespace sequela::mapping {
namespace {

using schema::ValueKind;
using namespace std::string_view_literals;

class Reader {
public:
    Reader(std::string_view text, const EmbeddedMember& member) : m_rest(text), m_member(member) {}

    bool read() { return take('{') && members(1); }

private:
    void blanks()
    {
        m_rest.remove_prefix(std::min(m_rest.find_first_not_of(" \t\r\n"sv), m_rest.size()));
    }
    bool take(char c)
    {
        blanks();
        if (!m_rest.starts_with(c)) {
            return false;
        }
        m_rest.remove_prefix(1);
        return true;
    }

    bool unit(char32_t& value)
    {
        constexpr std::size_t digits = 4;
        std::uint32_t number = 0;
        if (m_rest.size() < digits
            || std::from_chars(m_rest.data(), m_rest.data() + digits, number, 16).ptr
                   != m_rest.data() + digits) {
            return false;
        }
        m_rest.remove_prefix(digits);
        value = number;
        return true;
    }

    bool escape(std::string& text)
    {
        if (m_rest.empty()) {
            return false;
        }
        const char c = m_rest.front();
        m_rest.remove_prefix(1);
        constexpr std::string_view from = "\"\\/bfnrt";
        constexpr std::string_view to = "\"\\/\b\f\n\r\t";
        if (const std::size_t at = from.find(c); at != std::string_view::npos) {
            text += to[at];
            return true;
        }
        char32_t value = 0;
        if (c != 'u' || !unit(value)) {
            return false;
        }
        char32_t low = 0;
        if (value >= 0xD800 && value < 0xDC00 && m_rest.starts_with("\\u"sv)) {
            const std::string_view before = m_rest;
            m_rest.remove_prefix(2);
            if (unit(low) && low >= 0xDC00 && low < 0xE000) {
                value = 0x10000 + ((value - 0xD800) << 10U) + (low - 0xDC00);
            } else {
                m_rest = before;
            }
        }
        appendUtf8(text, value);
        return true;
    }

    bool string(std::string& text)
    {
        text.clear();
        while (!m_rest.empty()) {
            const char c = m_rest.front();
            m_rest.remove_prefix(1);
            if (c == '"') {
                return true;
            }
            if (c != '\\') {
                text += c;
            } else if (!escape(text)) {
                return false;
            }
        }
        return false;
    }

    bool members(std::size_t depth)
    {
        if (depth > limits::embeddedDepth) {
            return false;
        }
        if (take('}')) {
            return true;
        }
        std::string key;
        do {
            if (!take('"') || !string(key) || !take(':')) {
                return false;
            }
            const std::size_t before = m_path.size();
            m_path.append(m_path.empty() ? ""sv : "."sv).append(key);
            if (!value(depth)) {
                return false;
            }
            m_path.resize(before);
        } while (take(','));
        return take('}');
    }

    bool elements(std::size_t depth)
    {
        if (depth > limits::embeddedDepth) {
            return false;
        }
        if (take(']')) {
            return true;
        }
        do {
            if (!value(depth)) {
                return false;
            }
        } while (take(','));
        return take(']');
    }

    bool value(std::size_t depth)
    {
        if (++m_count > limits::embeddedMembers) {
            return false;
        }
        if (take('{')) {
            return members(depth + 1);
        }
        if (take('[')) {
            return elements(depth + 1);
        }
        if (take('"')) {
            std::string text;
            if (!string(text)) {
                return false;
            }
            m_member(m_path, text, ValueKind::String);
            return true;
        }
        const std::size_t end = std::min(m_rest.find_first_of(",]} \t\r\n"sv), m_rest.size());
        const std::string_view word = m_rest.substr(0, end);
        m_rest.remove_prefix(end);
        if (word == "true"sv || word == "false"sv) {
            m_member(m_path, word, ValueKind::Boolean);
        } else if (word != "null"sv) {
            double number = 0;
            if (word.empty()
                || std::from_chars(word.data(), word.data() + word.size(), number).ptr
                       != word.data() + word.size()) {
                return false;
            }
            m_member(m_path, word, ValueKind::Number);
        }
        return true;
    }

    std::string_view m_rest;
    const EmbeddedMember& m_member;
    std::string m_path;
    std::size_t m_count = 0;
};

} // namespace

bool readEmbeddedJson(std::string_view text, const EmbeddedMember& member)
{
    return Reader(text, member).read();
}

} // namespace sequela::mapping
