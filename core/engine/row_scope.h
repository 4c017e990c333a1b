#pragma once

#include "core/engine/json_value.h"
#include "core/engine/leaf.h"
#include "core/engine/run_context.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace sequela::engine {

/// Parsed documents of one segment, kept while the segment is evaluated.
class DocumentCache {
public:
    struct Entry {
        std::unique_ptr<JsonValue> value;
        /// Why there is no value.
        std::string problem;
    };
    /// The event's document; without a value if it cannot be parsed. One that cannot be read fails
    /// @p run. The reference is good until the next call.
    [[nodiscard]] const Entry& document(SegmentRun& run, std::uint32_t row);

private:
    std::unordered_map<std::uint32_t, Entry> m_documents;
};

/// Evaluates a leaf on single events, value combination by value combination.
class RowScope final : public ExpressionScope {
public:
    RowScope(SegmentRun& run, const Leaf& leaf, DocumentCache& documents)
        : m_run(run), m_leaf(leaf), m_documents(documents)
    {
    }

    /// Events of the stages filled so far, for references to them; nothing clears it.
    void setStageEvents(std::span<const std::optional<EventNumber>> events)
    {
        m_stageEvents = events;
    }
    /// Whether the leaf (without its negation) holds for the row.
    [[nodiscard]] bool holds(std::uint32_t row);
    /// The combination that satisfied the last `holds`: a text per reference, in their order.
    [[nodiscard]] const std::vector<eql::Value>& witness() const { return m_witness; }
    /// Messages of the row's runtime errors, each once.
    [[nodiscard]] const std::vector<std::string>& errors() const { return m_errors; }
    /// Values a field of the leaf has in an event, decoded.
    void fieldValues(std::uint32_t field, SegmentNumber segment, std::uint32_t row,
                     std::vector<eql::Value>& values);

    void runtimeError(const std::string& message) override;
    bool arraySearch(const CompiledArraySearch& search) override;
    bool isDescendant(std::uint32_t filter) override;

private:
    [[nodiscard]] bool holdsForSome(const CompiledExpression& expression);
    [[nodiscard]] bool holds(const CompiledPredicate& predicate);
    void valuesOf(const Reference& reference, std::vector<eql::Value>& values);

    SegmentRun& m_run;
    const Leaf& m_leaf;
    DocumentCache& m_documents;
    std::uint32_t m_row = 0;
    std::span<const std::optional<EventNumber>> m_stageEvents;
    /// Elements bound to variables, innermost last.
    std::vector<std::pair<std::uint32_t, const JsonValue*>> m_elements;
    std::vector<eql::Value> m_witness;
    std::vector<std::string> m_errors;
};

} // namespace sequela::engine
