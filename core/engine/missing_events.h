#pragma once

#include "core/engine/event_order.h"
#include "core/engine/join_keys.h"
#include "core/engine/stage_rows.h"

#include <cstdint>
#include <vector>

namespace sequela::engine {

/// A sequence with all positive slots filled.
struct FoundSequence {
    /// One per positive slot.
    std::vector<std::uint32_t> events;
    TupleNumber key = 0;
    std::uint32_t lastRank = 0;
};

/// Removes the sequences that an event of a `![ … ]` slot forbids (eql.md 8.6). @p keys holds the
/// keys of every stage.
[[nodiscard]] Result<void>
checkMissingEvents(const eql::BoundQuery& query, const RunContext& context, const EventOrder& order,
                   const std::vector<StageRows>& stageRows, std::vector<StageKeys>& keys,
                   KeyTuples& tuples, SegmentCursor& cursor, std::vector<FoundSequence>& found);

} // namespace sequela::engine
