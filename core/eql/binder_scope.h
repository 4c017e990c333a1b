#pragma once

#include "core/eql/binder.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::eql {

/// What one run of the binder knows and collects: the text, the fields there are, the names a place
/// can refer to, the fields used so far and the problems found.
class BinderScope {
public:
    BinderScope(std::string_view text, const schema::FieldCatalog& catalog,
                const BindOptions& options)
        : m_text(text), m_catalog(catalog), m_options(options)
    {
    }

    [[nodiscard]] bool isEndpoint() const { return m_options.dialect == Dialect::Endpoint; }
    [[nodiscard]] const BindOptions& options() const { return m_options; }
    /// The same moment for every date constant of the text.
    [[nodiscard]] Timestamp now() const { return m_options.now; }
    [[nodiscard]] const schema::FieldCatalog& catalog() const { return m_catalog; }

    /// Adds a problem; the reference is for hint and fixes and holds until the next one is added.
    Diagnostic& add(Severity severity, std::string_view code, SourceSpan span, std::string message);
    Diagnostic& error(std::string_view code, SourceSpan span, std::string message)
    {
        return add(Severity::Error, code, span, std::move(message));
    }
    [[nodiscard]] bool hasErrors() const { return m_hasErrors; }
    /// The problems in order of position, each once.
    [[nodiscard]] std::vector<Diagnostic> takeDiagnostics();

    /// The query's own words, fit for a message: one line, cut where very long.
    [[nodiscard]] std::string source(SourceSpan span) const;
    [[nodiscard]] std::string_view rawSource(SourceSpan span) const
    {
        return m_text.substr(span.begin, span.end - span.begin);
    }

    struct NamedField {
        FieldSlot slot;
        /// Nothing if no field has this name (or it has been reported as unusable).
        std::optional<schema::FieldType> type;
    };
    /// Looks a field up and reports what is wrong with it. An unmapped name becomes a field without
    /// values: silently if @p optional, with an error under strictFields, else with a warning.
    [[nodiscard]] NamedField field(std::string_view name, SourceSpan span, bool optional);
    /// Place of a column in the bound query's list of fields.
    [[nodiscard]] FieldSlot slot(const std::string& name, schema::FieldType type);
    [[nodiscard]] const std::vector<BoundField>& fields() const { return m_fields; }
    [[nodiscard]] std::vector<BoundField> takeFields() { return std::move(m_fields); }

    /// Constant expressions have no field to give an address its type: text stands for it.
    bool textIsAddress = false;

    /// Endpoint: aliases of the sequence's stages by name, and the stage being bound.
    std::map<std::string, std::uint32_t, std::less<>> aliases;
    std::uint32_t currentStage = 0;
    /// Endpoint: variables of the array searches around the place, innermost last.
    struct Variable {
        std::string name;
        std::uint32_t number = 0;
        /// Full name of the array in the document, for the types of its members.
        std::string arrayPath;
    };
    std::vector<Variable> variables;
    std::uint32_t nextVariable = 0;

    /// What the regular expressions met so far cost; see `limits::maximumRegexCost`.
    std::uint64_t regexCost = 0;

private:
    std::string_view m_text;
    const schema::FieldCatalog& m_catalog;
    const BindOptions& m_options;
    std::vector<Diagnostic> m_diagnostics;
    bool m_hasErrors = false;
    std::vector<BoundField> m_fields;
    std::map<std::string, FieldSlot, std::less<>> m_slots;
    /// What goes nowhere once there are too many.
    Diagnostic m_surplus;
};

} // namespace sequela::eql
