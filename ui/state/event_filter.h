#pragma once

#include "core/base/diagnostic.h"
#include "core/engine/engine.h"
#include "ui/state/selection.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sequela::ui::state {

/// What the window shows of a case: the filter bar's condition and the brushed time range, with the
/// events that satisfy both.
struct EventFilter {
    /// As typed, empty for none.
    std::string text;
    /// What is to be said about the text; no errors, those are never applied.
    std::vector<Diagnostic> diagnostics;
    std::optional<TimeRange> timeRange;
    /// Null: all events of the snapshot.
    std::shared_ptr<const engine::EventSet> events;
    std::uint64_t eventCount = 0;
    /// Time the last evaluation took.
    std::uint64_t nanoseconds = 0;

    [[nodiscard]] bool contains(EventNumber event) const
    {
        return !events || (event.value() < events->eventCount() && events->contains(event));
    }
};

} // namespace sequela::ui::state
