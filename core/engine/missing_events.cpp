#include "core/engine/missing_events.h"

#include "core/engine/limits.h"
#include "core/engine/sequence_matcher.h"

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <unordered_set>

namespace sequela::engine {

namespace {

/// Times of one stage's events by key, ascending.
using TimesByKey = std::unordered_map<TupleNumber, std::vector<std::int64_t>>;

/// A missing slot between positive slots `before - 1` and `before`; 0 is leading, the number of
/// positive slots trailing.
struct MissingSlot {
    std::size_t stage = 0;
    std::size_t before = 0;
};

std::vector<MissingSlot> missingSlots(const eql::BoundQuery& query, std::size_t& positiveCount)
{
    std::vector<MissingSlot> slots;
    positiveCount = 0;
    for (std::size_t stage = 0; stage < query.stages.size(); ++stage) {
        if (query.stages[stage].missing) {
            slots.push_back({stage, positiveCount});
        } else {
            positiveCount += query.stages[stage].runs;
        }
    }
    return slots;
}

std::int64_t milliseconds(std::int64_t nanoseconds)
{
    return Timestamp(nanoseconds).milliseconds();
}

class MissingCheck {
public:
    MissingCheck(const eql::BoundQuery& query, const EventOrder& order,
                 std::vector<MissingSlot> slots, std::size_t positiveCount,
                 std::unordered_map<std::size_t, TimesByKey> times)
        : m_query(query),
          m_order(order),
          m_slots(std::move(slots)),
          m_positiveCount(positiveCount),
          m_times(std::move(times))
    {
    }

    bool accepts(const FoundSequence& found) const
    {
        const std::int64_t first = m_order.times[found.events.front()];
        const std::int64_t last = m_order.times[found.events.back()];
        std::optional<std::int64_t> lead;
        std::optional<std::int64_t> trail;
        bool hasLeading = false;
        bool hasTrailing = false;
        for (const MissingSlot& slot : m_slots) {
            const std::vector<std::int64_t>& times = timesOf(slot.stage, found.key);
            if (slot.before == 0) {
                hasLeading = true;
                const auto after = std::ranges::lower_bound(times, first);
                if (after != times.begin()) {
                    lead = std::max(lead.value_or(*(after - 1)), *(after - 1));
                }
            } else if (slot.before == m_positiveCount) {
                hasTrailing = true;
                const auto next = std::ranges::upper_bound(times, last);
                if (next != times.end()) {
                    trail = std::min(trail.value_or(*next), *next);
                }
            } else {
                const std::int64_t begin = m_order.times[found.events[slot.before - 1]];
                const std::int64_t end = m_order.times[found.events[slot.before]];
                const auto inside = std::ranges::upper_bound(times, begin);
                if (inside != times.end() && *inside < end) {
                    return false;
                }
            }
        }
        return acceptsEnds(first, last, hasLeading, lead, hasTrailing, trail);
    }

private:
    /// Whether some window of length maxspan around the positives holds no missing event.
    bool acceptsEnds(std::int64_t first, std::int64_t last, bool hasLeading,
                     std::optional<std::int64_t> lead, bool hasTrailing,
                     std::optional<std::int64_t> trail) const
    {
        if ((hasLeading && !lead) || (hasTrailing && !trail) || (!hasLeading && !hasTrailing)) {
            return true;
        }
        const std::int64_t maxspan =
            m_query.maxspanMs.value_or(std::numeric_limits<std::int64_t>::max());
        const std::int64_t from = milliseconds(lead.value_or(first));
        const std::int64_t to = milliseconds(trail.value_or(last));
        return to - from > maxspan;
    }

    const std::vector<std::int64_t>& timesOf(std::size_t stage, TupleNumber key) const
    {
        static const std::vector<std::int64_t> none;
        const TimesByKey& byKey = m_times.at(stage);
        const auto known = byKey.find(key);
        return known == byKey.end() ? none : known->second;
    }

    const eql::BoundQuery& m_query;
    const EventOrder& m_order;
    std::vector<MissingSlot> m_slots;
    std::size_t m_positiveCount = 0;
    std::unordered_map<std::size_t, TimesByKey> m_times;
};

/// Times of the stage's events that have one of the keys that matter.
Result<TimesByKey> collectTimes(const StageRows& rows, StageKeys& keys, KeyTuples& tuples,
                                const std::unordered_set<TupleNumber>& wanted,
                                const RunContext& context, const EventOrder& order,
                                SegmentCursor& cursor)
{
    TimesByKey times;
    std::vector<TupleNumber> eventTuples;
    std::uint32_t steps = 0;
    for (const std::uint32_t event : eventsInOrder(rows, context, order, true)) {
        if (++steps % limits::stepsPerStopCheck == 0 && context.stop.stop_requested()) {
            return std::unexpected(cancelledError());
        }
        SEQUELA_TRY(keys.tuplesOf(EventNumber(event), tuples, false, eventTuples,
                                  cursor.at(EventNumber(event))));
        for (const TupleNumber tuple : eventTuples) {
            if (wanted.contains(tuple)) {
                times[tuple].push_back(order.times[event]);
            }
        }
    }
    for (auto& [tuple, list] : times) {
        std::ranges::sort(list);
    }
    return times;
}

} // namespace

Result<void> checkMissingEvents(const eql::BoundQuery& query, const RunContext& context,
                                const EventOrder& order, const std::vector<StageRows>& stageRows,
                                std::vector<StageKeys>& keys, KeyTuples& tuples,
                                SegmentCursor& cursor, std::vector<FoundSequence>& found)
{
    std::size_t positiveCount = 0;
    std::vector<MissingSlot> slots = missingSlots(query, positiveCount);
    if (slots.empty() || found.empty()) {
        return {};
    }
    std::unordered_set<TupleNumber> wanted;
    for (const FoundSequence& sequence : found) {
        wanted.insert(sequence.key);
    }
    std::unordered_map<std::size_t, TimesByKey> times;
    for (const MissingSlot& slot : slots) {
        auto collected = collectTimes(stageRows[slot.stage], keys[slot.stage], tuples, wanted,
                                      context, order, cursor);
        if (!collected) {
            return std::unexpected(std::move(collected).error());
        }
        times.emplace(slot.stage, std::move(*collected));
    }
    if (cursor.hasFailed()) {
        return std::unexpected(*cursor.failure());
    }
    const MissingCheck check(query, order, std::move(slots), positiveCount, std::move(times));
    std::erase_if(found, [&](const FoundSequence& sequence) { return !check.accepts(sequence); });
    return {};
}

} // namespace sequela::engine
