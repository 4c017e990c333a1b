#include "core/casefile/packed_segment.h"

#include "core/casefile/column_codec.h"
#include "core/casefile/column_facts.h"
#include "core/casefile/event_columns.h"
#include "core/casefile/limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sequela::casefile {

namespace {

Result<PackedColumn> packColumnWith(const NamedColumn& column, BlobSealer& sealer)
{
    auto data = encodeColumn(*column.column, sealer);
    if (!data) {
        return std::unexpected(std::move(data).error());
    }
    PackedColumn packed{describeColumn(*column.column), std::move(*data)};
    packed.seen.name = column.name;
    return packed;
}

Result<void> packDocuments(const EncodedSegment& segment, BlobSealer& sealer, PackedSegment& packed,
                           const std::stop_token& stop)
{
    const std::span<const std::uint64_t> offsets = segment.documentOffsets;
    for (std::uint32_t first = 0; first < segment.eventCount; first += limits::documentsPerBlock) {
        if (stop.stop_requested()) {
            return std::unexpected(cancelledError());
        }
        const std::uint32_t count = std::min(limits::documentsPerBlock, segment.eventCount - first);
        auto data = encodeDocuments(segment.documents,
                                    offsets.subspan(first, std::size_t{count} + 1), sealer);
        if (!data) {
            return std::unexpected(std::move(data).error());
        }
        packed.documents.push_back({first, count, std::move(*data)});
    }
    return {};
}

} // namespace

std::size_t PackedSegment::storedBytes() const
{
    std::size_t bytes = positions.size();
    for (const PackedColumn& column : columns) {
        bytes += column.data.size();
    }
    for (const PackedDocumentBlock& block : documents) {
        bytes += block.data.size();
    }
    return bytes;
}

Result<PackedSegment> packSegment(EncodedSegment segment, const std::stop_token& stop)
{
    if (segment.eventCount == 0 || segment.eventCount > limits::eventsPerSegment) {
        return std::unexpected(
            makeError("case-segment-too-large",
                      fmt::format("A segment of {} events cannot be stored; between 1 and {} can.",
                                  segment.eventCount, limits::eventsPerSegment),
                      "Import with fewer events per segment."));
    }
    BlobSealer sealer;
    PackedSegment packed;
    packed.eventCount = segment.eventCount;
    packed.rowColumns.resize(eventColumns.size());
    packed.columns.reserve(segment.columns.size());
    for (const NamedColumn& column : segment.columns) {
        if (stop.stop_requested()) {
            return std::unexpected(cancelledError());
        }
        auto packedColumn = packColumnWith(column, sealer);
        if (!packedColumn) {
            return std::unexpected(std::move(packedColumn).error());
        }
        packed.columns.push_back(std::move(*packedColumn));
        if (const auto* const found = std::ranges::find(eventColumns, column.name);
            found != eventColumns.end()) {
            packed.rowColumns[static_cast<std::size_t>(found - eventColumns.begin())] =
                column.column;
        }
    }
    SEQUELA_TRY(packDocuments(segment, sealer, packed, stop));
    auto positions = encodePositions(segment.times, segment.records, segment.lines, sealer);
    if (!positions) {
        return std::unexpected(std::move(positions).error());
    }
    packed.positions = std::move(*positions);
    for (const std::int64_t time : segment.times) {
        if (time != schema::noTime) {
            packed.firstTime =
                packed.firstTime == schema::noTime ? time : std::min(packed.firstTime, time);
            packed.lastTime = std::max(packed.lastTime, time);
        }
    }
    packed.times = std::move(segment.times);
    packed.records = std::move(segment.records);
    packed.lines = std::move(segment.lines);
    return packed;
}

Result<PackedColumn> packColumn(const NamedColumn& column)
{
    BlobSealer sealer;
    return packColumnWith(column, sealer);
}

} // namespace sequela::casefile
