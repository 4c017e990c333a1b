#include "core/rules/node_reader.h"

#include "core/base/text.h"

#include <fmt/format.h>

#include <charconv>

namespace sequela::rules {

NodeReader::NodeReader(const Node& table, std::string prefix, std::string_view file,
                       std::vector<Diagnostic>& diagnostics)
    : m_table(table), m_prefix(std::move(prefix)), m_file(file), m_diagnostics(diagnostics)
{
}

void NodeReader::report(std::string code, Severity severity, std::string_view message,
                        std::string hint, TextPosition position)
{
    Diagnostic diagnostic = makeError(std::move(code), visibleText(message), std::move(hint));
    diagnostic.severity = severity;
    diagnostic.file = m_file;
    diagnostic.begin = position;
    diagnostic.end = position;
    m_diagnostics.push_back(std::move(diagnostic));
}

const Node* NodeReader::node(std::string_view key)
{
    const Node* found = m_table.find(key);
    if (found != nullptr) {
        m_read.emplace(key);
    }
    return found;
}

TextPosition NodeReader::positionOf(std::string_view key) const
{
    const Node* found = m_table.find(key);
    return found == nullptr ? m_table.position : found->position;
}

const Node* NodeReader::lookUp(std::string_view key, KeyRole role)
{
    const Node* found = node(key);
    const bool absent = found == nullptr || found->kind == NodeKind::Null;
    if (absent && role == KeyRole::Required) {
        report("rule-missing-key", Severity::Error,
               fmt::format("The key {}{} is missing", m_prefix, key), "Every rule needs it",
               m_table.position);
    }
    return absent ? nullptr : found;
}

void NodeReader::wrongType(std::string_view key, std::string_view wanted, const Node& found,
                           KeyRole role)
{
    const bool matters = role != KeyRole::Describes;
    report("rule-key-type", matters ? Severity::Error : Severity::Warning,
           fmt::format("{}{} must be {}, but {} stands there", m_prefix, key, wanted,
                       kindPhrase(found.kind)),
           matters ? "Correct the value" : "The rule is run without it", found.position);
    m_read.erase(std::string(key));
    m_wrongType.emplace(key);
}

std::string NodeReader::string(std::string_view key, KeyRole role)
{
    const Node* found = lookUp(key, role);
    if (found == nullptr) {
        return {};
    }
    if (!found->isString()) {
        wrongType(key, "a string", *found, role);
        return {};
    }
    if (role == KeyRole::Required && found->text.empty()) {
        report("rule-missing-key", Severity::Error,
               fmt::format("The key {}{} is empty", m_prefix, key), "Every rule needs it",
               found->position);
    }
    return found->text;
}

std::vector<std::string> NodeReader::strings(std::string_view key, KeyRole role)
{
    const Node* found = lookUp(key, role);
    if (found == nullptr) {
        return {};
    }
    if (found->isString()) {
        return {found->text};
    }
    std::vector<std::string> values;
    if (found->isArray()) {
        for (const Node& item : found->items) {
            if (!item.isString()) {
                wrongType(key, "a list of strings", item, role);
                return {};
            }
            values.push_back(item.text);
        }
        return values;
    }
    wrongType(key, "a list of strings", *found, role);
    return {};
}

std::optional<std::int64_t> NodeReader::integer(std::string_view key, KeyRole role)
{
    const Node* found = lookUp(key, role);
    if (found == nullptr) {
        return std::nullopt;
    }
    std::int64_t value = 0;
    const char* end = found->text.data() + found->text.size();
    const auto parsed = std::from_chars(found->text.data(), end, value);
    if (found->kind != NodeKind::Integer || parsed.ec != std::errc{} || parsed.ptr != end) {
        wrongType(key, "a whole number of 64 bits", *found, role);
        return std::nullopt;
    }
    return value;
}

std::optional<bool> NodeReader::boolean(std::string_view key, KeyRole role)
{
    const Node* found = lookUp(key, role);
    if (found == nullptr) {
        return std::nullopt;
    }
    if (found->kind != NodeKind::Boolean) {
        wrongType(key, "true or false", *found, role);
        return std::nullopt;
    }
    return found->text == "true";
}

std::string NodeReader::text(std::string_view key, KeyRole role)
{
    const Node* found = lookUp(key, role);
    if (found == nullptr) {
        return {};
    }
    if (!found->isScalar()) {
        wrongType(key, "a string or a number", *found, role);
        return {};
    }
    return found->text;
}

const Node* NodeReader::table(std::string_view key, KeyRole role)
{
    const Node* found = lookUp(key, role);
    if (found != nullptr && !found->isObject()) {
        wrongType(key, "a table", *found, role);
        return nullptr;
    }
    return found;
}

std::vector<const Node*> NodeReader::tables(std::string_view key, KeyRole role)
{
    const Node* found = lookUp(key, role);
    std::vector<const Node*> rows;
    if (found == nullptr) {
        return rows;
    }
    if (!found->isArray()) {
        wrongType(key, "a list of tables", *found, role);
        return rows;
    }
    for (const Node& item : found->items) {
        if (!item.isObject()) {
            wrongType(key, "a list of tables", item, role);
            return {};
        }
        rows.push_back(&item);
    }
    return rows;
}

void NodeReader::keepOthers(std::vector<OtherKey>& others,
                            const std::set<std::string_view>& knownKeys)
{
    for (const auto& [key, value] : m_table.members) {
        if (m_read.contains(key)) {
            continue;
        }
        const bool known = knownKeys.contains(key);
        others.push_back(OtherKey{m_prefix + key, toJson(value), known, value.position});
        if (!known && !m_wrongType.contains(key)) {
            report("rule-unknown-key", Severity::Note,
                   fmt::format("The key {}{} is not one that rules have", m_prefix, key),
                   "It is kept and has no effect", value.position);
        }
    }
}

} // namespace sequela::rules
