#pragma once

#include "core/base/diagnostic.h"
#include "core/engine/engine.h"
#include "core/workspace/workspace.h"

#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::ui {

/// The order of the event table.
struct EventSort {
    std::string field = "@timestamp";
    bool descending = false;

    bool operator==(const EventSort&) const = default;
};

/// Which event stands in which row.
using EventRows = std::shared_ptr<const std::vector<EventNumber>>;

/// The events of @p shown (null: all) in the order of @p sort; equal values keep the order of time.
/// Values order as numbers where both are numbers, else by bytes; events without a value come last
/// in either direction. Runs off the GUI thread; linear in events plus distinct values × log.
[[nodiscard]] Result<EventRows> buildEventRows(const workspace::Snapshot& snapshot,
                                               const engine::EventSet* shown, const EventSort& sort,
                                               const std::stop_token& stop);

/// Events that share the first value of a field: a run of rows.
struct EventGroup {
    std::string value;
    /// False for the events without the field.
    bool hasValue = true;
    std::size_t begin = 0;
    std::size_t count = 0;
};
using EventGroups = std::shared_ptr<const std::vector<EventGroup>>;

struct GroupedRows {
    EventRows rows;
    EventGroups groups;
};

/// @p rows put together by the first value of @p field, their order kept within a group; the
/// largest group first, equal ones by value, events without a value last. Runs off the GUI thread.
[[nodiscard]] Result<GroupedRows> groupEventRows(const schema::ColumnSource& source,
                                                 const std::vector<EventNumber>& rows,
                                                 const std::string& field,
                                                 const std::stop_token& stop);

/// The next (or previous) row after @p from whose event has the host.id and process.entity_id of
/// the event there; -1 if there is none or the event has no process.
[[nodiscard]] Result<int> rowOfSameProcess(const schema::ColumnSource& source,
                                           const std::vector<EventNumber>& rows, int from,
                                           bool forward, const std::stop_token& stop);

/// <0, 0, >0 as the first value orders before, with or after the second (see buildEventRows).
[[nodiscard]] int compareCellValues(std::string_view left, std::string_view right);

} // namespace sequela::ui
