#include "core/base/text.h"
#include "core/rules/document_node.h"
#include "core/rules/limits.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

namespace sequela::rules {

namespace {

namespace ondemand = simdjson::ondemand;

[[nodiscard]] std::size_t digitsAt(std::string_view text, std::size_t offset)
{
    const std::size_t end = text.find_first_not_of("0123456789", offset);
    return std::min(end, text.size()) - offset;
}

/// The number grammar of RFC 8259; the lazy parser hands numbers out unchecked.
[[nodiscard]] bool isJsonNumber(std::string_view text)
{
    std::size_t offset = text.starts_with('-') ? 1 : 0;
    const std::size_t whole = digitsAt(text, offset);
    if (whole == 0 || (whole > 1 && text[offset] == '0')) {
        return false;
    }
    offset += whole;
    if (offset < text.size() && text[offset] == '.') {
        const std::size_t decimals = digitsAt(text, offset + 1);
        if (decimals == 0) {
            return false;
        }
        offset += 1 + decimals;
    }
    if (offset < text.size() && (text[offset] == 'e' || text[offset] == 'E')) {
        ++offset;
        if (offset < text.size() && (text[offset] == '+' || text[offset] == '-')) {
            ++offset;
        }
        const std::size_t exponent = digitsAt(text, offset);
        if (exponent == 0) {
            return false;
        }
        offset += exponent;
    }
    return offset == text.size();
}

[[nodiscard]] std::string_view trimmed(std::string_view text)
{
    const std::size_t end = text.find_last_not_of(" \t\r\n");
    return text.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

class JsonReader {
public:
    JsonReader(std::string_view text, TextPosition origin) : m_padded(text), m_position(origin) {}

    /// Null if it was read; else the reason, with the offset in failedAt().
    [[nodiscard]] std::optional<std::string> read(Node& root)
    {
        ondemand::parser parser;
        ondemand::document document;
        if (const auto error = parser.iterate(m_padded).get(document)) {
            return reason(error);
        }
        ondemand::object object;
        if (const auto error = document.get_object().get(object)) {
            return error == simdjson::INCORRECT_TYPE ? "not a JSON object" : reason(error);
        }
        auto problem = readObject(object, root, 0);
        if (!problem && !document.current_location().error()) {
            return "more text follows the object";
        }
        return problem;
    }

    [[nodiscard]] std::size_t lastOffset() const { return m_lastOffset; }

private:
    [[nodiscard]] static std::string reason(simdjson::error_code error)
    {
        return simdjson::error_message(error);
    }

    std::optional<std::string> readObject(ondemand::object& object, Node& node, std::size_t depth)
    {
        node.kind = NodeKind::Object;
        for (auto field : object) {
            std::string_view key;
            if (const auto error = field.unescaped_key().get(key)) {
                return reason(error);
            }
            std::string keyText(key);
            ondemand::value value;
            if (const auto error = field.value().get(value)) {
                return reason(error);
            }
            Node child;
            if (auto problem = readValue(value, child, depth + 1)) {
                return problem;
            }
            node.members.emplace_back(std::move(keyText), std::move(child));
        }
        return std::nullopt;
    }

    std::optional<std::string> readArray(ondemand::array& array, Node& node, std::size_t depth)
    {
        node.kind = NodeKind::Array;
        for (auto item : array) {
            ondemand::value value;
            if (const auto error = item.get(value)) {
                return reason(error);
            }
            Node child;
            if (auto problem = readValue(value, child, depth + 1)) {
                return problem;
            }
            node.items.push_back(std::move(child));
        }
        return std::nullopt;
    }

    std::optional<std::string> readValue(ondemand::value& value, Node& node, std::size_t depth)
    {
        if (depth > limits::maxNesting) {
            return fmt::format("values are nested more than {} deep", limits::maxNesting);
        }
        const std::string_view token = value.raw_json_token();
        node.offset = static_cast<std::size_t>(token.data() - m_padded.data());
        m_lastOffset = node.offset;
        node.position = positionAt(node.offset);
        ondemand::json_type type{};
        if (const auto error = value.type().get(type)) {
            return reason(error);
        }
        switch (type) {
        case ondemand::json_type::object: {
            ondemand::object object;
            const auto error = value.get_object().get(object);
            return error ? reason(error) : readObject(object, node, depth);
        }
        case ondemand::json_type::array: {
            ondemand::array array;
            const auto error = value.get_array().get(array);
            return error ? reason(error) : readArray(array, node, depth);
        }
        case ondemand::json_type::string:
            return readString(value, node);
        case ondemand::json_type::number:
            return readNumber(trimmed(token), node);
        case ondemand::json_type::boolean: {
            bool truth = false;
            const auto error = value.get_bool().get(truth);
            node.kind = NodeKind::Boolean;
            node.text = truth ? "true" : "false";
            return error ? std::optional(reason(error)) : std::nullopt;
        }
        case ondemand::json_type::null: {
            // The type comes from the first letter alone.
            bool isNull = false;
            const auto error = value.is_null().get(isNull);
            node.kind = NodeKind::Null;
            return error || !isNull ? std::optional<std::string>("not a JSON value") : std::nullopt;
        }
        }
        return "not a JSON value";
    }

    static std::optional<std::string> readString(ondemand::value& value, Node& node)
    {
        std::string_view text;
        if (const auto error = value.get_string().get(text)) {
            return reason(error);
        }
        node.kind = NodeKind::String;
        node.text = text;
        return std::nullopt;
    }

    static std::optional<std::string> readNumber(std::string_view token, Node& node)
    {
        if (!isJsonNumber(token)) {
            return "not a JSON number";
        }
        const bool whole = token.find_first_of(".eE") == std::string_view::npos;
        node.kind = whole ? NodeKind::Integer : NodeKind::Fraction;
        node.text = token;
        return std::nullopt;
    }

    /// Values come in order of the text: counting goes on where it last ended.
    [[nodiscard]] TextPosition positionAt(std::size_t offset)
    {
        const std::string_view text(m_padded.data(), m_padded.size());
        for (; m_scanned < offset; ++m_scanned) {
            const auto byte = static_cast<unsigned char>(text[m_scanned]);
            if (byte == '\n') {
                ++m_position.line;
                m_position.column = 1;
            } else if ((byte & 0xC0U) != 0x80U) {
                ++m_position.column;
            }
        }
        return m_position;
    }

    simdjson::padded_string m_padded;
    TextPosition m_position;
    std::size_t m_lastOffset = 0;
    std::size_t m_scanned = 0;
};

} // namespace

Result<Node> parseJsonObject(std::string_view text, std::string_view path, TextPosition origin)
{
    JsonReader reader(text, origin);
    Node root;
    root.position = origin;
    if (auto problem = reader.read(root)) {
        Diagnostic diagnostic = makeError("rule-json", "The JSON cannot be read: " + *problem,
                                          "Correct it at or after this place");
        diagnostic.file = path;
        TextPosition position = positionOf(text, reader.lastOffset());
        if (position.line == 1) {
            position.column += origin.column - 1;
        }
        position.line += origin.line - 1;
        diagnostic.begin = position;
        diagnostic.end = position;
        return std::unexpected(std::move(diagnostic));
    }
    return root;
}

} // namespace sequela::rules
