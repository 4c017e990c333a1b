#pragma once

#include "core/base/diagnostic.h"
#include "core/engine/case_index.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace sequela::engine {

/// The events of a case in the order of rules.md "Event identity and order".
struct EventOrder {
    /// rank[event]: position in the order.
    std::vector<std::uint32_t> rank;
    /// byRank[position]: the event.
    std::vector<std::uint32_t> byRank;
    /// times[event]: nanoseconds, `schema::noTime` where there is none.
    std::vector<std::int64_t> times;
    /// Whether rank[event] == event throughout.
    bool isIdentity = true;
};

/// Orders by (time, tiebreaker, origin, record). Events without a time come first, in record order.
/// Tiebreakers are numbers or text, whichever the field holds, numbers before text; an event
/// without one comes last among those of its time.
[[nodiscard]] Result<EventOrder> orderEvents(CaseIndex& index, const std::string& timestampField,
                                             const std::optional<std::string>& tiebreakerField,
                                             std::stop_token stop);

} // namespace sequela::engine
