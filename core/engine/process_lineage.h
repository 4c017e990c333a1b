#pragma once

#include "core/engine/event_order.h"
#include "core/engine/join_keys.h"
#include "core/engine/leaf_cache.h"
#include "core/engine/stage_rows.h"

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace sequela::engine {

/// Which process each event belongs to, and who started whom: the ground of `descendant of`
/// (eql.md section 12). A process is (host.id, process.entity_id).
class ProcessLineage {
public:
    [[nodiscard]] static Result<ProcessLineage> build(CaseIndex& index, LeafCache& cache,
                                                      const std::string& categoryField,
                                                      std::stop_token stop);

    /// Events of processes that have an ancestor for which an earlier event of @p matching holds.
    /// Ancestry is learned from start events and forgotten at the end of a process; @p events,
    /// unless null, limits all of it.
    [[nodiscard]] Result<EventSet> descendants(const StageRows& matching, const CaseIndex& index,
                                               const EventOrder& order, const EventSet* events,
                                               std::stop_token stop) const;

private:
    static constexpr std::uint32_t noProcess = 0;

    /// By event; 0 where the event names no process.
    std::vector<std::uint32_t> m_process;
    /// Parent of a start event's process, by event; 0 for other events.
    std::vector<std::uint32_t> m_parent;
    /// End events, by segment.
    StageRows m_ends;
    std::uint32_t m_processCount = 1;
};

} // namespace sequela::engine
