#include "core/mapping/event_xml.h"

#include "core/base/text.h"

#include <algorithm>
#include <charconv>

namespace sequela::mapping {
namespace {

using namespace std::string_view_literals;

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

class Parser {
public:
    explicit Parser(std::string_view text) : m_text(text) {}

    bool parse(XmlElement& root)
    {
        skipMisc();
        return element(root, 1);
    }
    [[nodiscard]] XmlFault fault() const { return {.offset = m_at, .reason = m_reason}; }

private:
    bool fail(std::string_view reason)
    {
        if (m_reason.empty()) {
            m_reason = reason;
        }
        return false;
    }
    [[nodiscard]] bool startsWith(std::string_view what) const
    {
        return m_text.substr(m_at).starts_with(what);
    }
    void skipSpace()
    {
        while (m_at < m_text.size() && isSpace(m_text[m_at])) {
            ++m_at;
        }
    }
    bool skipPast(std::string_view end)
    {
        const std::size_t found = m_text.find(end, m_at);
        if (found == std::string_view::npos) {
            m_at = m_text.size();
            return fail("the text ends inside a comment or section");
        }
        m_at = found + end.size();
        return true;
    }
    void skipMisc()
    {
        for (;;) {
            skipSpace();
            if (startsWith("<?"sv)) {
                static_cast<void>(skipPast("?>"sv));
            } else if (startsWith("<!--"sv)) {
                static_cast<void>(skipPast("-->"sv));
            } else {
                return;
            }
        }
    }
    std::string_view name()
    {
        const std::size_t begin = m_at;
        while (m_at < m_text.size() && !isSpace(m_text[m_at]) && m_text[m_at] != '>'
               && m_text[m_at] != '/' && m_text[m_at] != '=' && m_text[m_at] != '<') {
            ++m_at;
        }
        return m_text.substr(begin, m_at - begin);
    }

    /// An entity at '&'; what is none stays as it is.
    void entity(std::string& out)
    {
        constexpr std::size_t longest = 12;
        const std::size_t end = m_text.substr(m_at, longest).find(';');
        if (end == std::string_view::npos) {
            out += m_text[m_at++];
            return;
        }
        const std::string_view inside = m_text.substr(m_at + 1, end - 1);
        const auto done = [&](std::string_view text) {
            out += text;
            m_at += end + 1;
        };
        if (inside == "lt"sv) {
            done("<"sv);
        } else if (inside == "gt"sv) {
            done(">"sv);
        } else if (inside == "amp"sv) {
            done("&"sv);
        } else if (inside == "quot"sv) {
            done("\""sv);
        } else if (inside == "apos"sv) {
            done("'"sv);
        } else if (inside.starts_with('#')) {
            const bool isHex = inside.starts_with("#x"sv) || inside.starts_with("#X"sv);
            const std::string_view digits = inside.substr(isHex ? 2 : 1);
            std::uint32_t point = 0;
            const char* const last = digits.data() + digits.size();
            if (digits.empty()
                || std::from_chars(digits.data(), last, point, isHex ? 16 : 10).ptr != last) {
                out += m_text[m_at++];
                return;
            }
            std::string text;
            appendUtf8(text, point);
            done(text);
        } else {
            out += m_text[m_at++];
        }
    }

    bool attributes(XmlElement& element)
    {
        for (;;) {
            skipSpace();
            if (m_at >= m_text.size()) {
                return fail("the text ends inside a tag");
            }
            if (m_text[m_at] == '>' || m_text[m_at] == '/') {
                return true;
            }
            const std::string_view key = name();
            skipSpace();
            if (key.empty() || !startsWith("="sv)) {
                return fail("an attribute has no value");
            }
            ++m_at;
            skipSpace();
            if (!startsWith("\""sv) && !startsWith("'"sv)) {
                return fail("an attribute's value has no quotes");
            }
            const char quote = m_text[m_at++];
            std::string value;
            while (m_at < m_text.size() && m_text[m_at] != quote) {
                if (m_text[m_at] == '&') {
                    entity(value);
                } else {
                    value += m_text[m_at++];
                }
            }
            if (m_at == m_text.size()) {
                return fail("the text ends inside an attribute");
            }
            ++m_at;
            element.attributes.emplace_back(std::string(key), std::move(value));
        }
    }

    bool element(XmlElement& element, std::size_t depth)
    {
        if (depth > xmlDepth || ++m_count > xmlElements) {
            return fail("more elements, or deeper in one another, than an event has");
        }
        if (!startsWith("<"sv)) {
            return fail("'<' expected");
        }
        ++m_at;
        element.name = name();
        if (element.name.empty()) {
            return fail("a tag has no name");
        }
        if (!attributes(element)) {
            return false;
        }
        if (m_text[m_at] == '/') {
            ++m_at;
            if (!startsWith(">"sv)) {
                return fail("'>' expected");
            }
            ++m_at;
            return true;
        }
        ++m_at;
        return content(element, depth);
    }

    bool content(XmlElement& element, std::size_t depth)
    {
        while (m_at < m_text.size()) {
            const char c = m_text[m_at];
            if (c == '&') {
                entity(element.text);
            } else if (c != '<') {
                const std::size_t end = std::min(m_text.find_first_of("<&"sv, m_at), m_text.size());
                element.text.append(m_text, m_at, end - m_at);
                m_at = end;
            } else if (startsWith("</"sv)) {
                m_at += 2;
                const std::string_view closes = name();
                skipSpace();
                if (closes != element.name || !startsWith(">"sv)) {
                    return fail("a tag is closed that was not opened");
                }
                ++m_at;
                return true;
            } else if (startsWith("<!--"sv)) {
                if (!skipPast("-->"sv)) {
                    return false;
                }
            } else if (startsWith("<![CDATA["sv)) {
                constexpr std::size_t opening = 9;
                const std::size_t begin = m_at + opening;
                if (!skipPast("]]>"sv)) {
                    return false;
                }
                element.text.append(m_text, begin, m_at - 3 - begin);
            } else {
                XmlElement child;
                if (!this->element(child, depth + 1)) {
                    return false;
                }
                element.children.push_back(std::move(child));
            }
        }
        return fail("the text ends before the element does");
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::size_t m_count = 0;
    std::string m_reason;
};

bool isBlank(std::string_view text)
{
    return std::ranges::all_of(text, isSpace);
}

std::string_view withoutPrefix(std::string_view name)
{
    const std::size_t colon = name.rfind(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

/// Name under which a parent holds the element: `<Data Name="X">` is X.
std::string_view memberName(const XmlElement& element)
{
    if (element.name == "Data"sv) {
        for (const auto& [key, value] : element.attributes) {
            if (key == "Name"sv && !value.empty()) {
                return value;
            }
        }
    }
    return withoutPrefix(element.name);
}

/// Attributes that are told: not the one that became the name.
bool isTold(const XmlElement& element, const std::pair<std::string, std::string>& attribute)
{
    return !(element.name == "Data"sv && attribute.first == "Name"sv && !attribute.second.empty());
}

bool hasToldAttributes(const XmlElement& element)
{
    return std::ranges::any_of(element.attributes,
                               [&](const auto& attribute) { return isTold(element, attribute); });
}

void appendValue(const XmlElement& element, std::string& json);

void appendMembers(const XmlElement& element, std::string& json)
{
    bool first = true;
    const auto begin = [&](std::string_view key) {
        json.append(first ? ""sv : ","sv).append(quoteJson(key)).append(1, ':');
        first = false;
    };
    if (hasToldAttributes(element)) {
        begin("#attributes"sv);
        json += '{';
        bool firstAttribute = true;
        for (const auto& attribute : element.attributes) {
            if (isTold(element, attribute)) {
                json.append(firstAttribute ? ""sv : ","sv)
                    .append(quoteJson(attribute.first))
                    .append(1, ':')
                    .append(quoteJson(attribute.second));
                firstAttribute = false;
            }
        }
        json += '}';
    }
    if (!isBlank(element.text)) {
        begin("#text"sv);
        json += quoteJson(element.text);
    }
    std::vector<const XmlElement*> children;
    for (const XmlElement& child : element.children) {
        children.push_back(&child);
    }
    std::ranges::stable_sort(children, {},
                             [](const XmlElement* child) { return memberName(*child); });
    for (const XmlElement& child : element.children) {
        const auto same =
            std::ranges::equal_range(children, memberName(child), {},
                                     [](const XmlElement* other) { return memberName(*other); });
        if (*same.begin() != &child) {
            continue;
        }
        begin(memberName(child));
        if (same.size() == 1) {
            appendValue(child, json);
            continue;
        }
        json += '[';
        for (const XmlElement* one : same) {
            json += one == *same.begin() ? ""sv : ","sv;
            appendValue(*one, json);
        }
        json += ']';
    }
}

void appendValue(const XmlElement& element, std::string& json)
{
    if (!hasToldAttributes(element) && element.children.empty()) {
        json += element.text.empty() ? "null" : quoteJson(element.text);
        return;
    }
    json += '{';
    appendMembers(element, json);
    json += '}';
}

void flatten(const XmlElement& element, std::string& path,
             const std::function<void(std::string_view, std::string_view)>& value)
{
    const std::size_t before = path.size();
    const auto leaf = [&](std::string_view name, std::string_view text) {
        path.append(1, '.').append(name);
        value(path, text);
        path.resize(before);
    };
    const bool isPlain = !hasToldAttributes(element) && element.children.empty();
    if (isPlain) {
        if (!element.text.empty()) {
            value(path, element.text);
        }
        return;
    }
    for (const auto& attribute : element.attributes) {
        if (isTold(element, attribute)) {
            leaf("#attributes." + attribute.first, attribute.second);
        }
    }
    if (!isBlank(element.text)) {
        leaf("#text"sv, element.text);
    }
    for (const XmlElement& child : element.children) {
        path.append(1, '.').append(memberName(child));
        flatten(child, path, value);
        path.resize(before);
    }
}

} // namespace

std::optional<XmlElement> parseEventXml(std::string_view text, XmlFault* fault)
{
    Parser parser(text);
    XmlElement root;
    if (parser.parse(root)) {
        return root;
    }
    if (fault != nullptr) {
        *fault = parser.fault();
    }
    return std::nullopt;
}

std::string xmlToJson(const XmlElement& element)
{
    std::string json = "{" + quoteJson(withoutPrefix(element.name)) + ":";
    appendValue(element, json);
    json += '}';
    return json;
}

void flattenXml(const XmlElement& element,
                const std::function<void(std::string_view field, std::string_view text)>& value)
{
    std::string path(withoutPrefix(element.name));
    flatten(element, path, value);
}

} // namespace sequela::mapping
