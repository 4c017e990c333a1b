#include "core/schema/column_source.h"

#include <algorithm>

namespace sequela::schema {

SegmentNumber ColumnSource::segmentOf(EventNumber event) const
{
    const auto all = segments();
    const auto after = std::ranges::upper_bound(all, event, {}, &Segment::firstEvent);
    return SegmentNumber(static_cast<std::uint32_t>(after - all.begin() - 1));
}

} // namespace sequela::schema
