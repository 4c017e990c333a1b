#pragma once

#include "core/base/diagnostic.h"
#include "core/rules/document_node.h"
#include "core/rules/rule.h"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// Private to core/rules.
namespace sequela::rules {

/// What a wrong type costs: `Required` and `Matters` make the file broken, `Describes` is a warning
/// and the key is kept among the others.
enum class KeyRole : std::uint8_t { Required, Matters, Describes };

/// Reads the members of one table with their types checked, and remembers which keys were asked
/// for, so that the rest can be kept.
class NodeReader {
public:
    /// @p prefix: dotted path of the table for messages, with a final dot, or empty.
    NodeReader(const Node& table, std::string prefix, std::string_view file,
               std::vector<Diagnostic>& diagnostics);

    /// The member, whatever its type; counts as read.
    [[nodiscard]] const Node* node(std::string_view key);
    [[nodiscard]] std::string string(std::string_view key, KeyRole role);
    /// A string or a list of strings.
    [[nodiscard]] std::vector<std::string> strings(std::string_view key, KeyRole role);
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key, KeyRole role);
    [[nodiscard]] std::optional<bool> boolean(std::string_view key, KeyRole role);
    /// A string, number or date as text: versions, dates.
    [[nodiscard]] std::string text(std::string_view key, KeyRole role);
    /// A table; null if absent or of another type.
    [[nodiscard]] const Node* table(std::string_view key, KeyRole role);
    /// A list of tables; empty if absent.
    [[nodiscard]] std::vector<const Node*> tables(std::string_view key, KeyRole role);

    void report(std::string code, Severity severity, std::string_view message, std::string hint,
                TextPosition position);
    /// Appends every member that was not read and `known` for those in @p knownKeys; strangers also
    /// get a note.
    void keepOthers(std::vector<OtherKey>& others, const std::set<std::string_view>& knownKeys);
    [[nodiscard]] TextPosition position() const { return m_table.position; }
    [[nodiscard]] TextPosition positionOf(std::string_view key) const;

private:
    [[nodiscard]] const Node* lookUp(std::string_view key, KeyRole role);
    void wrongType(std::string_view key, std::string_view wanted, const Node& found, KeyRole role);

    const Node& m_table;
    std::string m_prefix;
    std::string_view m_file;
    std::vector<Diagnostic>& m_diagnostics;
    std::set<std::string, std::less<>> m_read;
    std::set<std::string, std::less<>> m_wrongType;
};

} // namespace sequela::rules
