#include "ui/events/json_layout.h"

namespace sequela::ui {

namespace {

constexpr std::size_t indentWidth = 2;

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

class Layouter {
public:
    Layouter(std::string_view document, std::size_t maxDepth)
        : m_document(document), m_maxDepth(maxDepth)
    {
        m_result.reserve(document.size() * 5 / 4);
    }

    std::string run()
    {
        while (m_at < m_document.size()) {
            step(m_document[m_at]);
        }
        return std::move(m_result);
    }

private:
    void step(char c)
    {
        switch (c) {
        case '"':
            copyString();
            return;
        case '{':
        case '[':
            open(c);
            return;
        case '}':
        case ']':
            close(c);
            return;
        case ',':
            m_result += c;
            breakLine();
            break;
        case ':':
            m_result += ": ";
            break;
        default:
            if (!isBlank(c)) {
                m_result += c;
            }
        }
        ++m_at;
    }

    void open(char c)
    {
        m_result += c;
        ++m_at;
        while (m_at < m_document.size() && isBlank(m_document[m_at])) {
            ++m_at;
        }
        const char closing = c == '{' ? '}' : ']';
        if (m_at < m_document.size() && m_document[m_at] == closing) {
            m_result += closing;
            ++m_at;
            return;
        }
        ++m_depth;
        breakLine();
    }

    void close(char c)
    {
        if (m_depth > 0) {
            --m_depth;
        }
        if (m_depth < m_maxDepth) {
            breakLine();
        }
        m_result += c;
        ++m_at;
    }

    void breakLine()
    {
        if (m_depth > m_maxDepth) {
            m_result += ' ';
            return;
        }
        m_result += '\n';
        m_result.append(m_depth * indentWidth, ' ');
    }

    void copyString()
    {
        m_result += m_document[m_at++];
        while (m_at < m_document.size()) {
            const char c = m_document[m_at++];
            m_result += c;
            if (c == '\\' && m_at < m_document.size()) {
                m_result += m_document[m_at++];
            } else if (c == '"') {
                return;
            }
        }
    }

    std::string_view m_document;
    std::size_t m_maxDepth;
    std::string m_result;
    std::size_t m_at = 0;
    std::size_t m_depth = 0;
};

} // namespace

std::string layoutJson(std::string_view document, std::size_t maxDepth)
{
    return Layouter(document, maxDepth).run();
}

} // namespace sequela::ui
