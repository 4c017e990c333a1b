#pragma once

#include "core/base/diagnostic.h"
#include "core/schema/column_source.h"
#include "ui/rules/match_list.h"

#include <cstdint>
#include <stop_token>
#include <vector>

namespace sequela::ui {

/// By what a column of a table of matches sorts. Rows without a value come last either way.
struct MatchSorting {
    /// MatchModel::Column.
    int column = 0;
    bool ascending = true;
};

/// The rows of @p matches in order; equal ones stay as they were. For a job. Errors: cancelled,
/// unreadable data.
[[nodiscard]] Result<std::vector<std::uint32_t>> sortMatches(const MatchList& matches,
                                                             const schema::ColumnSource& events,
                                                             MatchSorting sorting,
                                                             const std::stop_token& stop);

} // namespace sequela::ui
