#include "core/rules/document_node.h"

#include "core/base/text.h"
#include "core/rules/limits.h"

#include <algorithm>

namespace sequela::rules {

namespace {

template <typename Members>
auto findMember(Members& members, std::string_view key)
{
    return std::ranges::find_if(members, [key](const auto& member) { return member.first == key; });
}

void insertExpanded(Node& object, std::string_view path, Node value)
{
    const std::size_t dot = path.find('.');
    const bool splits = dot != std::string_view::npos && dot > 0 && dot + 1 < path.size();
    const std::string_view head = splits ? path.substr(0, dot) : path;
    auto existing = findMember(object.members, head);
    if (existing == object.members.end()) {
        Node child;
        child.kind = NodeKind::Object;
        child.position = value.position;
        child.offset = value.offset;
        object.members.emplace_back(std::string(head), splits ? std::move(child) : Node{});
        existing = std::prev(object.members.end());
        if (!splits) {
            existing->second = std::move(value);
            return;
        }
    }
    Node& child = existing->second;
    if (splits) {
        if (child.isObject()) {
            insertExpanded(child, path.substr(dot + 1), std::move(value));
        }
        return;
    }
    if (child.isObject() && value.isObject()) {
        mergeDefaults(child, value);
    }
}

} // namespace

const Node* Node::find(std::string_view key) const
{
    const auto member = findMember(members, key);
    return member == members.end() ? nullptr : &member->second;
}

Node* Node::find(std::string_view key)
{
    const auto member = findMember(members, key);
    return member == members.end() ? nullptr : &member->second;
}

std::string_view kindPhrase(NodeKind kind)
{
    switch (kind) {
    case NodeKind::Null:
        return "null";
    case NodeKind::Boolean:
        return "true or false";
    case NodeKind::Integer:
        return "a whole number";
    case NodeKind::Fraction:
        return "a number";
    case NodeKind::String:
        return "a string";
    case NodeKind::DateTime:
        return "a date";
    case NodeKind::Array:
        return "a list";
    case NodeKind::Object:
        return "a table";
    }
    return "a value";
}

std::string toJson(const Node& node)
{
    switch (node.kind) {
    case NodeKind::Null:
        return "null";
    case NodeKind::Boolean:
    case NodeKind::Integer:
    case NodeKind::Fraction:
        return node.text;
    case NodeKind::String:
    case NodeKind::DateTime:
        return quoteJson(node.text);
    case NodeKind::Array: {
        std::string json = "[";
        for (const Node& item : node.items) {
            json += json.size() > 1 ? "," : "";
            json += toJson(item);
        }
        return json + "]";
    }
    case NodeKind::Object: {
        std::string json = "{";
        for (const auto& [key, value] : node.members) {
            json += json.size() > 1 ? "," : "";
            json += quoteJson(key) + ":" + toJson(value);
        }
        return json + "}";
    }
    }
    return "null";
}

Node expandDottedKeys(const Node& node)
{
    Node expanded = node;
    if (node.isArray()) {
        std::ranges::transform(node.items, expanded.items.begin(), expandDottedKeys);
    } else if (node.isObject()) {
        expanded.members.clear();
        for (const auto& [key, value] : node.members) {
            // A key of a million dots is a name like any other, not a million tables.
            const auto dots = static_cast<std::size_t>(std::ranges::count(key, '.'));
            if (dots >= limits::maxKeyParts) {
                expanded.members.emplace_back(key, expandDottedKeys(value));
            } else {
                insertExpanded(expanded, key, expandDottedKeys(value));
            }
        }
    }
    return expanded;
}

void mergeDefaults(Node& event, const Node& defaults)
{
    for (const auto& [key, value] : defaults.members) {
        Node* own = event.find(key);
        if (own == nullptr) {
            event.members.emplace_back(key, value);
        } else if (own->isObject() && value.isObject()) {
            mergeDefaults(*own, value);
        }
    }
}

void setMember(Node& object, std::string_view key, Node value)
{
    if (Node* existing = object.find(key); existing != nullptr) {
        *existing = std::move(value);
    } else {
        object.members.emplace_back(std::string(key), std::move(value));
    }
}

Node stringNode(std::string_view text)
{
    Node node;
    node.kind = NodeKind::String;
    node.text = text;
    return node;
}

} // namespace sequela::rules
