#pragma once

#include "core/engine/query_plan.h"
#include "core/engine/row_scope.h"

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace sequela::engine {

/// Rows of each segment that satisfied a stage, by segment.
using StageRows = std::vector<RowSet>;

/// The state a single-threaded pass over events needs of each event's segment.
class SegmentCursor {
public:
    explicit SegmentCursor(const RunContext& context) : m_context(context) {}

    /// The run of the segment that holds @p event.
    [[nodiscard]] SegmentRun& at(EventNumber event);
    [[nodiscard]] DocumentCache& documents() { return m_documents; }
    /// Warnings of all segments visited; failure, if there was one.
    [[nodiscard]] WarningCounter warnings() const;
    [[nodiscard]] const std::optional<Diagnostic>& failure() const { return m_failure; }
    /// Looks whether the current segment has failed.
    [[nodiscard]] bool hasFailed();

private:
    const RunContext& m_context;
    std::unique_ptr<SegmentRun> m_run;
    DocumentCache m_documents;
    WarningCounter m_warnings;
    std::optional<Diagnostic> m_failure;
    std::uint32_t m_first = 0;
    std::uint32_t m_end = 0;
};

} // namespace sequela::engine
