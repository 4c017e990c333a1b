#pragma once

#include "core/base/diagnostic.h"
#include "core/casefile/segment.h"

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace sequela::casefile {

/// One field of a segment as the case file stores it, with its contribution to the field list.
struct PackedColumn {
    /// Counts of this segment alone; `name` is the field's.
    schema::SeenField seen;
    /// Checksummed, compressed; see column_codec.h.
    std::string data;
};

/// Up to limits::documentsPerBlock documents, compressed together.
struct PackedDocumentBlock {
    std::uint32_t firstRow = 0;
    std::uint32_t documentCount = 0;
    std::string data;
};

/// A segment ready to be written: all compression is done, only SQLite is left. What workers hand
/// to the writer.
struct PackedSegment {
    std::uint32_t eventCount = 0;
    std::vector<PackedColumn> columns;
    std::vector<PackedDocumentBlock> documents;
    /// Times, record numbers and lines of the events, packed.
    std::string positions;
    /// Smallest and greatest usable time, `schema::noTime` if no event has one.
    std::int64_t firstTime = schema::noTime;
    std::int64_t lastTime = schema::noTime;
    /// What the `event` rows are written from: the plain arrays, and the columns of the event table
    /// in its order (null where the segment lacks the field).
    std::vector<std::int64_t> times;
    std::vector<std::uint64_t> records;
    std::vector<std::uint64_t> lines;
    std::vector<std::shared_ptr<const schema::Column>> rowColumns;

    /// Bytes of all blobs.
    [[nodiscard]] std::size_t storedBytes() const;
};

/// Compresses a segment. Pure and safe on any thread; the same segment packs to the same bytes.
/// Errors: `case-segment-too-large` where a limit of limits.h is passed, cancelledError() soon
/// after @p stop was asked to.
[[nodiscard]] Result<PackedSegment> packSegment(EncodedSegment segment,
                                                const std::stop_token& stop = {});

/// Compresses one column, for `CaseFile::replaceColumn`.
[[nodiscard]] Result<PackedColumn> packColumn(const NamedColumn& column);

} // namespace sequela::casefile
