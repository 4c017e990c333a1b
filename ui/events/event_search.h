#pragma once

#include "core/base/diagnostic.h"
#include "core/schema/column_source.h"
#include "ui/state/time_display.h"

#include <QString>

#include <stop_token>
#include <string>
#include <vector>

namespace sequela::ui {

/// What the find bar of the event table looks for: a text within any of the fields, case apart, as
/// the table shows them.
struct EventSearch {
    QString text;
    std::vector<std::string> fields;
    /// Times are looked through as they are written.
    state::TimeZoneChoice zone;
};

/// The next row after @p from (or the one before) that shows the text, going on at the other end;
/// @p from itself comes last. -1 if no row does. @p from may be -1. Every distinct value of a
/// segment is compared once. Runs off the GUI thread.
[[nodiscard]] Result<int> findRow(const schema::ColumnSource& source,
                                  const std::vector<EventNumber>& rows, const EventSearch& search,
                                  int from, bool forward, const std::stop_token& stop);

} // namespace sequela::ui
