#pragma once

#include "core/base/diagnostic.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Private to core/rules: TOML and JSON as one kind of tree, so that rules are read once.
namespace sequela::rules {

enum class NodeKind : std::uint8_t {
    Null,
    Boolean,
    Integer,
    Fraction,
    String,
    DateTime,
    Array,
    Object
};

/// A value with its place in the file.
struct Node {
    struct Member;

    NodeKind kind = NodeKind::Null;
    /// Decoded string; number, boolean and date as text.
    std::string text;
    std::vector<Node> items;
    /// In order of the file. A key may occur twice in JSON; the first counts.
    std::vector<Member> members;
    TextPosition position;
    /// Byte offset of the value's first character in the text it was read from.
    std::size_t offset = 0;

    [[nodiscard]] const Node* find(std::string_view key) const;
    [[nodiscard]] Node* find(std::string_view key);
    [[nodiscard]] bool isObject() const { return kind == NodeKind::Object; }
    [[nodiscard]] bool isArray() const { return kind == NodeKind::Array; }
    [[nodiscard]] bool isString() const { return kind == NodeKind::String; }
    [[nodiscard]] bool isScalar() const { return !isObject() && !isArray(); }
};

/// A key of an object with its value.
struct Node::Member {
    std::string first;
    Node second;
};

/// "a string", "a list", "a table" …: for messages.
[[nodiscard]] std::string_view kindPhrase(NodeKind kind);

/// The tree as JSON on one line; numbers keep their text.
[[nodiscard]] std::string toJson(const Node& node);

/// Makes nested objects of dotted keys, deep: {"a.b":1} → {"a":{"b":1}}. Where both spellings of
/// one path occur the first in the file stands.
[[nodiscard]] Node expandDottedKeys(const Node& node);

/// Adds to @p event what it lacks of @p defaults, deep; lists and scalars are never merged.
void mergeDefaults(Node& event, const Node& defaults);

/// Sets the member, replacing one that exists.
void setMember(Node& object, std::string_view key, Node value);
[[nodiscard]] Node stringNode(std::string_view text);

/// Parses TOML. Error `rule-toml`, located in @p path. Nothing in it throws or recurses without
/// bound (limits.h).
[[nodiscard]] Result<Node> parseToml(std::string_view text, std::string_view path);

/// Parses one JSON object. Error `rule-json`, located; positions as if the text began at @p origin.
[[nodiscard]] Result<Node> parseJsonObject(std::string_view text, std::string_view path,
                                           TextPosition origin = {});

} // namespace sequela::rules
