#pragma once

#include <cstdint>

namespace sequela::views {

/// [beginNs, endNs) in nanoseconds UTC.
struct TimeRange {
    std::int64_t beginNs = 0;
    std::int64_t endNs = 0;

    bool operator==(const TimeRange&) const = default;
    [[nodiscard]] std::int64_t lengthNs() const { return endNs - beginNs; }
    [[nodiscard]] bool contains(std::int64_t timeNs) const
    {
        return timeNs >= beginNs && timeNs < endNs;
    }
};

} // namespace sequela::views
