#include "ui/state/value_counts.h"

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <utility>

namespace sequela::ui::state {

Result<ValueCounts> countValues(const schema::ColumnSource& source, const std::string& field,
                                const engine::EventSet* shown, std::size_t limit,
                                const std::stop_token& stop)
{
    ValueCounts counts;
    counts.field = field;
    const auto id = source.field(field);
    std::unordered_map<std::string, std::uint64_t> countOf;
    std::uint64_t shownCount = 0;
    std::vector<std::uint64_t> byCode;
    for (std::uint32_t segment = 0; segment < source.segments().size(); ++segment) {
        if (stop.stop_requested()) {
            return std::unexpected(cancelledError());
        }
        std::shared_ptr<const schema::Column> column;
        if (id) {
            auto loaded = source.column(SegmentNumber(segment), *id);
            if (!loaded) {
                return std::unexpected(std::move(loaded).error());
            }
            column = std::move(*loaded);
        }
        const schema::Segment& info = source.segments()[segment];
        byCode.assign(column ? column->codeCount() : 1, 0);
        for (std::uint32_t row = 0; row < info.eventCount; ++row) {
            if (shown == nullptr || shown->contains(EventNumber(info.firstEvent.value() + row))) {
                ++byCode[column ? column->code(row) : 0];
                ++shownCount;
            }
        }
        for (std::uint32_t code = 1; code < byCode.size(); ++code) {
            if (byCode[code] == 0) {
                continue;
            }
            counts.eventsWithValue += byCode[code];
            std::uint32_t scratch = 0;
            for (const std::uint32_t value : column->valuesOfCode(code, scratch)) {
                countOf[std::string(column->text(value))] += byCode[code];
            }
        }
    }
    counts.eventsWithout = shownCount - counts.eventsWithValue;
    counts.distinctCount = countOf.size();
    for (auto& [value, count] : countOf) {
        counts.entries.push_back({value, count});
    }
    const auto byCount = [](const ValueCounts::Entry& left, const ValueCounts::Entry& right) {
        return left.eventCount != right.eventCount ? left.eventCount > right.eventCount
                                                   : left.value < right.value;
    };
    const std::size_t kept = std::min(limit, counts.entries.size());
    std::partial_sort(counts.entries.begin(),
                      counts.entries.begin() + static_cast<std::ptrdiff_t>(kept),
                      counts.entries.end(), byCount);
    counts.entries.resize(kept);
    return counts;
}

} // namespace sequela::ui::state
