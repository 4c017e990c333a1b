#include "core/views/histogram.h"

#include <algorithm>
#include <limits>

namespace sequela::views {
namespace {

/// Width of the time covered, as an unsigned number: it may exceed what a signed one holds.
std::uint64_t distance(std::int64_t from, std::int64_t to)
{
    return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
}

} // namespace

std::size_t Histogram::bucketOf(std::int64_t timeNs) const
{
    const auto span = static_cast<double>(distance(firstNs, lastNs)) + 1.0;
    const auto bucket = static_cast<std::size_t>(static_cast<double>(distance(firstNs, timeNs))
                                                 / span * static_cast<double>(counts.size()));
    return std::min(bucket, counts.size() - 1);
}

std::int64_t Histogram::startOf(std::size_t bucket) const
{
    const auto span = static_cast<double>(distance(firstNs, lastNs)) + 1.0;
    const double offset = span * static_cast<double>(bucket) / static_cast<double>(counts.size());
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(firstNs)
                                     + static_cast<std::uint64_t>(offset));
}

Result<Histogram> buildHistogram(const schema::ColumnSource& source,
                                 const std::string& timestampField, std::size_t bucketCount,
                                 std::stop_token stop)
{
    Histogram histogram;
    const auto field = source.field(timestampField);
    if (!field) {
        histogram.withoutTime = source.eventCount();
        return histogram;
    }
    std::vector<std::shared_ptr<const std::vector<std::int64_t>>> segments;
    histogram.firstNs = std::numeric_limits<std::int64_t>::max();
    histogram.lastNs = std::numeric_limits<std::int64_t>::min();
    for (std::uint32_t number = 0; number < source.segments().size(); ++number) {
        if (stop.stop_requested()) {
            return std::unexpected(cancelledError());
        }
        auto times = source.times(SegmentNumber(number), *field);
        if (!times) {
            return std::unexpected(std::move(times).error());
        }
        for (const std::int64_t time : **times) {
            if (time == schema::noTime) {
                ++histogram.withoutTime;
            } else {
                histogram.firstNs = std::min(histogram.firstNs, time);
                histogram.lastNs = std::max(histogram.lastNs, time);
            }
        }
        segments.push_back(std::move(*times));
    }
    if (histogram.firstNs > histogram.lastNs) {
        histogram.firstNs = histogram.lastNs = 0;
        return histogram;
    }
    histogram.counts.assign(std::max<std::size_t>(bucketCount, 1), 0);
    for (const auto& times : segments) {
        for (const std::int64_t time : *times) {
            if (time != schema::noTime) {
                ++histogram.counts[histogram.bucketOf(time)];
            }
        }
    }
    histogram.highest = std::ranges::max(histogram.counts);
    return histogram;
}

} // namespace sequela::views
