#pragma once

#include "core/base/diagnostic.h"
#include "core/schema/column_source.h"

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace sequela::views {

/// Number of events per equal slice of time.
struct Histogram {
    std::int64_t firstNs = 0;
    std::int64_t lastNs = 0;
    /// Counts from firstNs to lastNs, both included.
    std::vector<std::uint32_t> counts;
    std::uint32_t highest = 0;
    std::uint64_t withoutTime = 0;

    /// Slice a time falls into; the time lies in [firstNs, lastNs].
    [[nodiscard]] std::size_t bucketOf(std::int64_t timeNs) const;
    /// First nanosecond of a slice.
    [[nodiscard]] std::int64_t startOf(std::size_t bucket) const;
};

/// Counts all events by @p timestampField into @p bucketCount (≥ 1) slices of the whole time
/// covered. No events with a time: empty counts.
[[nodiscard]] Result<Histogram> buildHistogram(const schema::ColumnSource& source,
                                               const std::string& timestampField,
                                               std::size_t bucketCount, std::stop_token stop = {});

} // namespace sequela::views
