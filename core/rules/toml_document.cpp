#include "core/base/text.h"
#include "core/rules/document_node.h"
#include "core/rules/limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace sequela::rules {
namespace {

/// Thrown where toml++ would assert: hostile text reaches some of its assertions (an escape
/// character in a table's name), and a rule file must not end the program.
struct TomlParserSlip {};

[[noreturn]] void throwParserSlip()
{
    throw TomlParserSlip{};
}

} // namespace
} // namespace sequela::rules

#define TOML_ASSERT(expression)                                                                    \
    ((expression) ? static_cast<void>(0) : ::sequela::rules::throwParserSlip())
// Errors come back as values; the library's own nesting bound keeps its recursion shallow.
#define TOML_EXCEPTIONS 0
#define TOML_MAX_NESTED_VALUES 32
#define TOML_ENABLE_FORMATTERS 1
#define TOML_ENABLE_WINDOWS_COMPAT 0
#include <toml++/toml.h>

namespace sequela::rules {

namespace {

/// Turns the parser's lines and columns (code points) into byte offsets.
class LineIndex {
public:
    explicit LineIndex(std::string_view text) : m_text(text)
    {
        m_starts.push_back(text.starts_with("\xEF\xBB\xBF") ? 3 : 0);
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '\n') {
                m_starts.push_back(i + 1);
            }
        }
    }

    [[nodiscard]] std::size_t offsetOf(const toml::source_position& position) const
    {
        if (position.line == 0 || position.line > m_starts.size()) {
            return m_text.size();
        }
        std::size_t offset = m_starts[position.line - 1];
        for (std::size_t column = 1; column < position.column && offset < m_text.size(); ++column) {
            offset += decodeUtf8(m_text, offset).byteCount;
        }
        return offset;
    }

private:
    std::string_view m_text;
    std::vector<std::size_t> m_starts;
};

[[nodiscard]] bool isKeyCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
           || c == '-' || c == '"' || c == '\'';
}

/// End of a quoted key part that begins at @p offset, or npos if none does.
[[nodiscard]] std::size_t quotedPartEnd(std::string_view text, std::size_t offset)
{
    const char quote = text[offset];
    if (quote != '"' && quote != '\'') {
        return std::string_view::npos;
    }
    for (std::size_t i = offset + 1; i < text.size() && text[i] != '\n'; ++i) {
        if (text[i] == '\\' && quote == '"') {
            ++i;
        } else if (text[i] == quote) {
            const std::size_t next = text.find_first_not_of(" \t", i + 1);
            const bool isPart = next != std::string_view::npos
                                && (text[next] == '.' || text[next] == '=' || text[next] == ']');
            return isPart ? i : std::string_view::npos;
        }
    }
    return std::string_view::npos;
}

/// Offset of a dotted key with more parts than the limit, else npos. The parser nests one table a
/// part and frees them recursively, so a hostile key would exhaust the stack.
[[nodiscard]] std::size_t findOverlongKey(std::string_view text)
{
    std::size_t parts = 1;
    std::size_t begin = 0;
    bool afterDot = true;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (afterDot) {
            if (const auto end = quotedPartEnd(text, i); end != std::string_view::npos) {
                i = end;
                afterDot = false;
                continue;
            }
        }
        if (isKeyCharacter(c)) {
            const bool continues = afterDot || (i > 0 && isKeyCharacter(text[i - 1]));
            if (!continues) {
                parts = 1;
                begin = i;
            }
            afterDot = false;
        } else if (c == '.') {
            parts = afterDot ? 1 : parts + 1;
            afterDot = true;
            if (parts > limits::maxKeyParts) {
                return begin;
            }
        } else if (c != ' ' && c != '\t') {
            parts = 1;
            afterDot = false;
            begin = i + 1;
        }
    }
    return std::string_view::npos;
}

class Converter {
public:
    explicit Converter(std::string_view text) : m_text(text), m_lines(text) {}

    [[nodiscard]] bool tooDeep() const { return m_tooDeep; }

    Node convert(const toml::node& source, std::size_t depth)
    {
        Node node;
        const auto& begin = source.source().begin;
        node.position = TextPosition{begin.line, begin.column};
        node.offset = m_lines.offsetOf(begin);
        if (depth > limits::maxNesting) {
            m_tooDeep = true;
            return node;
        }
        if (const toml::table* table = source.as_table()) {
            convertTable(*table, node, depth);
        } else if (const toml::array* array = source.as_array()) {
            node.kind = NodeKind::Array;
            for (const toml::node& item : *array) {
                node.items.push_back(convert(item, depth + 1));
            }
        } else {
            convertScalar(source, node);
        }
        return node;
    }

private:
    void convertTable(const toml::table& table, Node& node, std::size_t depth)
    {
        node.kind = NodeKind::Object;
        for (const auto& [key, value] : table) {
            node.members.emplace_back(std::string(key.str()), convert(value, depth + 1));
        }
        // The library sorts by name; the file's order is what people wrote.
        std::ranges::stable_sort(node.members, {},
                                 [](const Node::Member& member) { return member.second.offset; });
    }

    void convertScalar(const toml::node& source, Node& node)
    {
        if (const auto* string = source.as_string()) {
            node.kind = NodeKind::String;
            node.text = string->get();
        } else if (const auto* integer = source.as_integer()) {
            node.kind = NodeKind::Integer;
            node.text = fmt::format("{}", integer->get());
        } else if (const auto* fraction = source.as_floating_point()) {
            node.kind = std::isfinite(fraction->get()) ? NodeKind::Fraction : NodeKind::String;
            node.text = fmt::format("{}", fraction->get());
        } else if (const auto* boolean = source.as_boolean()) {
            node.kind = NodeKind::Boolean;
            node.text = boolean->get() ? "true" : "false";
        } else {
            node.kind = NodeKind::DateTime;
            std::ostringstream stream;
            if (const auto* date = source.as_date()) {
                stream << date->get();
            } else if (const auto* time = source.as_time()) {
                stream << time->get();
            } else if (const auto* moment = source.as_date_time()) {
                stream << moment->get();
            }
            node.text = stream.str();
        }
    }

    std::string_view m_text;
    LineIndex m_lines;
    bool m_tooDeep = false;
};

[[nodiscard]] Diagnostic tomlError(std::string_view message, std::string hint,
                                   std::string_view text, std::string_view path, std::size_t offset)
{
    Diagnostic diagnostic = makeError("rule-toml", visibleText(message), std::move(hint));
    diagnostic.span = SourceSpan{offset, offset};
    locate(diagnostic, text, path);
    return diagnostic;
}

/// Offset of the first control character, which TOML allows nowhere, else npos.
[[nodiscard]] std::size_t findControlCharacter(std::string_view text)
{
    const auto isControl = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
    };
    const auto found = std::ranges::find_if(text, isControl);
    return found == text.end() ? std::string_view::npos
                               : static_cast<std::size_t>(found - text.begin());
}

[[nodiscard]] Result<Node> parseChecked(std::string_view text, std::string_view path)
{
    const toml::parse_result result = toml::parse(text, path);
    if (!result) {
        const toml::parse_error& error = result.error();
        const LineIndex lines(text);
        std::string_view description = error.description();
        return std::unexpected(tomlError("The file is not valid TOML: " + std::string(description),
                                         "Correct the line; the other files were read", text, path,
                                         lines.offsetOf(error.source().begin)));
    }
    Converter converter(text);
    Node root = converter.convert(result.table(), 0);
    if (converter.tooDeep()) {
        return std::unexpected(
            tomlError(fmt::format("Tables are nested more than {} deep", limits::maxNesting),
                      "Look whether this is a rule file", text, path, 0));
    }
    return root;
}

} // namespace

Result<Node> parseToml(std::string_view text, std::string_view path)
{
    if (text.size() > limits::maxRuleFileBytes) {
        return std::unexpected(tomlError(fmt::format("The file has {} bytes; {} are read at most",
                                                     text.size(), limits::maxRuleFileBytes),
                                         "Rule files are small; look whether this is one",
                                         text.substr(0, 1), path, 0));
    }
    if (const std::size_t key = findOverlongKey(text); key != std::string_view::npos) {
        return std::unexpected(tomlError(
            fmt::format("A dotted key has more than {} parts", limits::maxKeyParts),
            "Write it as nested tables, or look whether this is a rule file", text, path, key));
    }
    if (const std::size_t place = findControlCharacter(text); place != std::string_view::npos) {
        return std::unexpected(tomlError("The file is not valid TOML: control character",
                                         "Remove it, or write \\u00XX in a basic string", text,
                                         path, place));
    }
    try {
        return parseChecked(text, path);
    } catch (const TomlParserSlip&) {
        return std::unexpected(
            tomlError("The file is not valid TOML, and the parser lost its place",
                      "Look whether this is a rule file", text, path, 0));
    }
}

} // namespace sequela::rules
