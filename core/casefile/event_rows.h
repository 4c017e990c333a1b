#pragma once

#include "core/casefile/database.h"
#include "core/casefile/packed_segment.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace sequela::casefile {

/// Writes a segment's rows of the `event` table, from @p firstEvent on.
[[nodiscard]] Result<void> insertEventRows(Connection& connection, std::uint32_t firstEvent,
                                           SourceNumber source, const PackedSegment& segment);

/// Brings the rows in line with a replaced column. Fields that have no column in the table need
/// nothing. @p before is null where the segment had no such column.
[[nodiscard]] Result<void> updateEventRows(Connection& connection, std::uint32_t firstEvent,
                                           std::string_view field, const schema::Column* before,
                                           const schema::Column& after);

} // namespace sequela::casefile
