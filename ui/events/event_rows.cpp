#include "ui/events/event_rows.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace sequela::ui {

namespace {

std::optional<double> numberOf(std::string_view text)
{
    double number = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return number;
}

using Numbers = std::vector<EventNumber>;

/// Events that are shown, by time.
Result<Numbers> eventsByTime(const workspace::Snapshot& snapshot, const engine::EventSet* shown)
{
    const std::uint32_t count = snapshot.events->eventCount();
    const auto order = snapshot.engine->order("@timestamp", std::nullopt);
    if (!order) {
        return std::unexpected(order.error());
    }
    const std::vector<std::uint32_t>& rank = **order;
    Numbers byRank(count);
    for (std::uint32_t event = 0; event < count; ++event) {
        byRank[rank[event]] = EventNumber(event);
    }
    if (shown != nullptr) {
        std::erase_if(byRank, [shown](EventNumber event) { return !shown->contains(event); });
    }
    return byRank;
}

/// Position of each event's first value among the distinct values of the field, 0 for none.
struct ValueRanks {
    std::vector<std::uint32_t> ofEvent;
    std::uint32_t distinctCount = 0;
    /// Of rank 1 + index; only where it was asked for.
    std::vector<std::string> values;
};

enum class KeepValues : std::uint8_t { No, Yes };

Result<ValueRanks> rankValues(const schema::ColumnSource& source, FieldId field, KeepValues keep,
                              const std::stop_token& stop)
{
    // Columns stay alive while views into their texts are used as keys.
    std::vector<std::shared_ptr<const schema::Column>> columns;
    std::unordered_map<std::string_view, std::uint32_t> idOfValue;
    std::vector<std::string_view> values;
    for (std::uint32_t segment = 0; segment < source.segments().size(); ++segment) {
        if (stop.stop_requested()) {
            return std::unexpected(cancelledError());
        }
        auto column = source.column(SegmentNumber(segment), field);
        if (!column) {
            return std::unexpected(std::move(column).error());
        }
        if (*column) {
            for (std::uint32_t value = 0; value < (*column)->valueCount(); ++value) {
                const std::string_view text = (*column)->text(value);
                if (idOfValue.try_emplace(text, values.size()).second) {
                    values.push_back(text);
                }
            }
        }
        columns.push_back(std::move(*column));
    }
    std::vector<std::uint32_t> sorted(values.size());
    std::iota(sorted.begin(), sorted.end(), 0U);
    std::ranges::stable_sort(sorted, [&values](std::uint32_t left, std::uint32_t right) {
        return compareCellValues(values[left], values[right]) < 0;
    });
    std::vector<std::uint32_t> rankOfId(values.size());
    ValueRanks ranks;
    for (std::uint32_t rank = 0; rank < sorted.size(); ++rank) {
        rankOfId[sorted[rank]] = rank + 1;
        if (keep == KeepValues::Yes) {
            ranks.values.emplace_back(values[sorted[rank]]);
        }
    }
    ranks.distinctCount = static_cast<std::uint32_t>(values.size());
    ranks.ofEvent.resize(source.eventCount());
    std::vector<std::uint32_t> rankOfCode;
    for (std::size_t segment = 0; segment < columns.size(); ++segment) {
        const auto& column = columns[segment];
        if (!column) {
            continue;
        }
        rankOfCode.assign(column->codeCount(), 0);
        for (std::uint32_t code = 1; code < column->codeCount(); ++code) {
            std::uint32_t scratch = 0;
            const auto list = column->valuesOfCode(code, scratch);
            rankOfCode[code] = list.empty() ? 0 : rankOfId[idOfValue.at(column->text(list[0]))];
        }
        const std::uint32_t first = source.segments()[segment].firstEvent.value();
        for (std::uint32_t row = 0; row < column->eventCount(); ++row) {
            ranks.ofEvent[first + row] = rankOfCode[column->code(row)];
        }
    }
    return ranks;
}

/// Stable distribution by rank; rank 0 goes to the end.
Numbers distribute(const Numbers& byTime, const ValueRanks& ranks, bool descending)
{
    const std::size_t bucketCount = std::size_t{ranks.distinctCount} + 1;
    const auto bucketOf = [&](EventNumber event) -> std::size_t {
        const std::uint32_t rank = ranks.ofEvent[event.index()];
        if (rank == 0) {
            return ranks.distinctCount;
        }
        return descending ? ranks.distinctCount - rank : rank - 1;
    };
    std::vector<std::size_t> next(bucketCount + 1, 0);
    for (const EventNumber event : byTime) {
        ++next[bucketOf(event) + 1];
    }
    std::partial_sum(next.begin(), next.end(), next.begin());
    Numbers sorted(byTime.size());
    for (const EventNumber event : byTime) {
        sorted[next[bucketOf(event)]++] = event;
    }
    return sorted;
}

/// First values of one field, columns fetched once a segment. Texts live as long as the reader.
class FirstValues {
public:
    FirstValues(const schema::ColumnSource& source, std::string_view field)
        : m_source(source), m_field(source.field(field)), m_columns(source.segments().size())
    {
    }

    [[nodiscard]] Result<std::string_view> of(EventNumber event)
    {
        if (!m_field) {
            return std::string_view();
        }
        const SegmentNumber segment = m_source.segmentOf(event);
        auto& column = m_columns[segment.index()];
        if (!column) {
            auto loaded = m_source.column(segment, *m_field);
            if (!loaded) {
                return std::unexpected(std::move(loaded).error());
            }
            column = std::move(*loaded);
        }
        if (!*column) {
            return std::string_view();
        }
        std::uint32_t scratch = 0;
        const std::uint32_t row =
            event.value() - m_source.segments()[segment.index()].firstEvent.value();
        const auto values = (*column)->valuesOfCode((*column)->code(row), scratch);
        return values.empty() ? std::string_view() : (*column)->text(values[0]);
    }

private:
    const schema::ColumnSource& m_source;
    std::optional<FieldId> m_field;
    /// Nothing until fetched; null where no event of the segment has the field.
    std::vector<std::optional<std::shared_ptr<const schema::Column>>> m_columns;
};

} // namespace

Result<int> rowOfSameProcess(const schema::ColumnSource& source,
                             const std::vector<EventNumber>& rows, int from, bool forward,
                             const std::stop_token& stop)
{
    FirstValues hosts(source, "host.id");
    FirstValues processes(source, "process.entity_id");
    const EventNumber event = rows[static_cast<std::size_t>(from)];
    const auto process = processes.of(event);
    const auto host = hosts.of(event);
    if (!process || !host) {
        return std::unexpected(!process ? process.error() : host.error());
    }
    const int step = forward ? 1 : -1;
    for (int row = from + step; row >= 0 && row < static_cast<int>(rows.size()); row += step) {
        if (stop.stop_requested()) {
            return std::unexpected(cancelledError());
        }
        const EventNumber candidate = rows[static_cast<std::size_t>(row)];
        const auto otherProcess = processes.of(candidate);
        const auto otherHost = hosts.of(candidate);
        if (!otherProcess || !otherHost) {
            return std::unexpected(!otherProcess ? otherProcess.error() : otherHost.error());
        }
        if (!process->empty() && *otherProcess == *process && *otherHost == *host) {
            return row;
        }
    }
    return -1;
}

int compareCellValues(std::string_view left, std::string_view right)
{
    const std::optional<double> leftNumber = numberOf(left);
    const std::optional<double> rightNumber = numberOf(right);
    if (leftNumber && rightNumber && *leftNumber != *rightNumber) {
        return *leftNumber < *rightNumber ? -1 : 1;
    }
    // Numbers before words keeps the order total when a field holds both.
    if (leftNumber.has_value() != rightNumber.has_value()) {
        return leftNumber ? -1 : 1;
    }
    return left.compare(right);
}

Result<EventRows> buildEventRows(const workspace::Snapshot& snapshot, const engine::EventSet* shown,
                                 const EventSort& sort, const std::stop_token& stop)
{
    Result<Numbers> byTime = eventsByTime(snapshot, shown);
    if (!byTime) {
        return std::unexpected(std::move(byTime).error());
    }
    const std::optional<FieldId> field = snapshot.events->field(sort.field);
    if (sort.field == "@timestamp" || !field) {
        if (sort.descending) {
            std::ranges::reverse(*byTime);
        }
        return std::make_shared<const Numbers>(std::move(*byTime));
    }
    const Result<ValueRanks> ranks = rankValues(*snapshot.events, *field, KeepValues::No, stop);
    if (!ranks) {
        return std::unexpected(ranks.error());
    }
    return std::make_shared<const Numbers>(distribute(*byTime, *ranks, sort.descending));
}

Result<GroupedRows> groupEventRows(const schema::ColumnSource& source,
                                   const std::vector<EventNumber>& rows, const std::string& field,
                                   const std::stop_token& stop)
{
    ValueRanks ranks;
    ranks.ofEvent.resize(source.eventCount());
    if (const std::optional<FieldId> id = source.field(field)) {
        auto ranked = rankValues(source, *id, KeepValues::Yes, stop);
        if (!ranked) {
            return std::unexpected(std::move(ranked).error());
        }
        ranks = std::move(*ranked);
    }
    std::vector<std::size_t> counts(std::size_t{ranks.distinctCount} + 1);
    for (const EventNumber event : rows) {
        ++counts[ranks.ofEvent[event.index()]];
    }
    std::vector<std::uint32_t> order;
    for (std::uint32_t rank = 1; rank < counts.size(); ++rank) {
        if (counts[rank] > 0) {
            order.push_back(rank);
        }
    }
    // Ranks follow the values, so that equal counts stay in their order.
    std::ranges::stable_sort(order, std::ranges::greater(),
                             [&counts](std::uint32_t rank) { return counts[rank]; });
    if (counts[0] > 0) {
        order.push_back(0);
    }
    auto groups = std::make_shared<std::vector<EventGroup>>();
    std::vector<std::size_t> next(counts.size());
    std::size_t begin = 0;
    for (const std::uint32_t rank : order) {
        groups->push_back({rank == 0 ? std::string() : std::move(ranks.values[rank - 1]), rank != 0,
                           begin, counts[rank]});
        next[rank] = begin;
        begin += counts[rank];
    }
    Numbers grouped(rows.size());
    for (const EventNumber event : rows) {
        grouped[next[ranks.ofEvent[event.index()]]++] = event;
    }
    return GroupedRows{std::make_shared<const Numbers>(std::move(grouped)), std::move(groups)};
}

} // namespace sequela::ui
