#pragma once

#include "core/casefile/limits.h"
#include "core/schema/column_source.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace sequela::casefile {

struct MergeOptions {
    /// Events of a merged segment at most; a segment that is larger already stays as it is.
    std::uint32_t eventsPerSegment = limits::mergedEvents;
    /// Bytes of merged columns to keep.
    std::size_t cacheBytes = limits::mergedColumnBytes;
};

/// The same events in fewer, larger segments: neighbors of one source become one segment whose
/// columns have one dictionary. Import is fastest with small segments, whose dictionaries fit the
/// processor's cache; queries are fastest with large ones, which test a value once and pay the cost
/// of a segment seldom, and in memory a value that many segments share stands once. Event numbers,
/// field numbers and everything else stay what they are. Columns are merged when first asked for
/// and kept in a cache bounded in bytes; the source is not asked to keep its own.
///
/// Segments are merged from the front, so a source that grew at its end has the same merged
/// segments but for the last.
[[nodiscard]] std::shared_ptr<const schema::ColumnSource>
mergeSegments(std::shared_ptr<const schema::ColumnSource> source, const MergeOptions& options = {});

} // namespace sequela::casefile
