#include "core/engine/sequence_matcher.h"

#include "core/engine/limits.h"
#include "core/engine/missing_events.h"
#include "core/engine/partials.h"

#include <algorithm>
#include <ranges>

namespace sequela::engine {

namespace {

/// Positive slots with the stage each comes from.
std::vector<std::uint32_t> positiveSlots(const eql::BoundQuery& query)
{
    std::vector<std::uint32_t> slots;
    for (std::uint32_t stage = 0; stage < query.stages.size(); ++stage) {
        if (!query.stages[stage].missing) {
            slots.insert(slots.end(), query.stages[stage].runs, stage);
        }
    }
    return slots;
}

/// Events in order; each is there once. Many of all events are put where their rank says instead of
/// being compared: their ranks are nearly in order, so that goes through memory once.
void sortByRank(std::vector<std::uint32_t>& events, const EventOrder& order)
{
    constexpr std::size_t shareForPlacing = 32;
    if (events.size() < order.rank.size() / shareForPlacing) {
        std::ranges::sort(events, {}, [&](std::uint32_t event) { return order.rank[event]; });
        return;
    }
    constexpr std::uint32_t nobody = 0xFFFF'FFFFU;
    std::vector<std::uint32_t> placed(order.rank.size(), nobody);
    for (const std::uint32_t event : events) {
        placed[order.rank[event]] = event;
    }
    std::ranges::copy_if(placed, events.begin(),
                         [](std::uint32_t event) { return event != nobody; });
}

class SequenceMatcher {
public:
    SequenceMatcher(const QueryPlan& plan, const RunContext& context, const EventOrder& order,
                    const std::vector<StageRows>& stageRows)
        : m_plan(plan),
          m_query(*plan.query),
          m_context(context),
          m_order(order),
          m_stageRows(stageRows),
          m_slots(positiveSlots(*plan.query)),
          m_cursor(context),
          m_partials(plan.query->maxspanMs)
    {
        for (const eql::BoundStage& stage : m_query.stages) {
            m_keys.emplace_back(m_query, stage, context.index);
        }
        if (m_query.until) {
            m_keys.emplace_back(m_query, *m_query.until, context.index);
        }
    }

    Result<MatcherResult> run()
    {
        std::uint32_t steps = 0;
        for (const std::uint32_t event : candidates()) {
            if (++steps % limits::stepsPerStopCheck == 0 && m_context.stop.stop_requested()) {
                return std::unexpected(cancelledError());
            }
            SEQUELA_TRY(step(EventNumber(event)));
            if (m_cursor.hasFailed()) {
                return std::unexpected(*m_cursor.failure());
            }
        }
        SEQUELA_TRY(checkMissingEvents(m_query, m_context, m_order, m_stageRows, m_keys, m_tuples,
                                       m_cursor, m_found));
        return result();
    }

private:
    static constexpr std::uint32_t noSegment = 0xFFFF'FFFFU;

    std::size_t untilStage() const { return m_query.stages.size(); }

    std::vector<std::uint32_t> candidates() const
    {
        return m_context.chosen != nullptr
                   ? *m_context.chosen
                   : eventsInOrder(candidateRows(m_query, m_context.index, m_stageRows), m_context,
                                   m_order, true);
    }

    bool satisfies(std::size_t stage, EventNumber event)
    {
        const std::size_t segment = m_run->segment.index();
        const std::uint32_t row = event.value() - m_firstEvent;
        return m_stageRows[stage][segment].contains(row);
    }

    /// What the event does, from the last slot to the first (eql.md 8.3), then as `until`.
    Result<void> step(EventNumber event)
    {
        m_run = &m_cursor.at(event);
        m_firstEvent = m_context.index.firstEvent(m_run->segment);
        m_rank = m_order.rank[event.index()];
        m_milliseconds = Timestamp(m_order.times[event.index()]).milliseconds();
        m_partials.evict(m_milliseconds);
        std::size_t tuplesOfStage = m_keys.size();
        for (std::size_t slot = m_slots.size(); slot-- > 0;) {
            const std::uint32_t stage = m_slots[slot];
            if (!satisfies(stage, event)) {
                continue;
            }
            const bool isStart = slot == 0;
            if (tuplesOfStage != stage || isStart) {
                SEQUELA_TRY(
                    m_keys[stage].tuplesOf(event, m_tuples, isStart, m_eventTuples, *m_run));
                tuplesOfStage = stage;
            }
            for (const TupleNumber tuple : m_eventTuples) {
                if (isStart) {
                    startPartial(tuple, event);
                } else {
                    tryAdvance(tuple, static_cast<std::uint32_t>(slot), event);
                }
            }
        }
        if (m_query.until && satisfies(untilStage(), event)) {
            SEQUELA_TRY(
                m_keys[untilStage()].tuplesOf(event, m_tuples, false, m_eventTuples, *m_run));
            for (const TupleNumber tuple : m_eventTuples) {
                m_partials.noteUntil(tuple, event.value(), m_rank,
                                     m_plan.until->condition.usesStages);
            }
        }
        return {};
    }

    void startPartial(TupleNumber tuple, EventNumber event)
    {
        if (m_slots.size() == 1) {
            m_found.push_back({{event.value()}, tuple, m_rank});
            return;
        }
        m_partials.start(tuple, event.value(), m_rank, m_milliseconds);
    }

    void tryAdvance(TupleNumber tuple, std::uint32_t slot, EventNumber event)
    {
        const Partial* pending = m_partials.pending(tuple, slot - 1);
        // Tuples of several keys may lead here twice for one event; an event never follows itself.
        if (pending == nullptr || pending->lastRank >= m_rank) {
            return;
        }
        const StagePlan& stage = m_plan.stages[m_slots[slot]];
        if (stage.condition.usesStages && !holdsBeside(stage, event, *pending)) {
            return;
        }
        const bool isEnded = endedByUntil(tuple, *pending);
        const Partial partial = m_partials.take(tuple, slot - 1);
        const bool isLate =
            m_query.maxspanMs && m_milliseconds - partial.firstMilliseconds > *m_query.maxspanMs;
        if (isLate || isEnded) {
            m_partials.discard(partial);
            return;
        }
        if (slot + 1 < m_slots.size()) {
            m_partials.advance(tuple, partial, event.value(), m_rank);
            return;
        }
        std::vector<std::uint32_t> events = m_partials.events(partial);
        events.push_back(event.value());
        m_partials.discard(partial);
        m_found.push_back({std::move(events), tuple, m_rank});
    }

    /// Whether an until event lies in [partial's last event, the current one).
    bool endedByUntil(TupleNumber tuple, const Partial& partial)
    {
        for (const auto& until : std::views::reverse(m_partials.untilEvents(tuple))) {
            if (until.rank < partial.lastRank) {
                break;
            }
            const EventNumber event(until.event);
            if (!m_plan.until->condition.usesStages || holdsBeside(*m_plan.until, event, partial)) {
                return true;
            }
        }
        return false;
    }

    /// Whether the clauses that refer to other stages' events hold for the event beside a partial.
    bool holdsBeside(const StagePlan& stage, EventNumber event, const Partial& partial)
    {
        const std::vector<std::uint32_t> events = m_partials.events(partial);
        m_stageEvents.assign(m_query.stages.size(), std::nullopt);
        for (std::size_t slot = 0; slot < events.size(); ++slot) {
            m_stageEvents[m_slots[slot]] = EventNumber(events[slot]);
        }
        const EventNumber current(m_firstEvent);
        SegmentRun& run = m_cursor.at(event);
        const std::uint32_t row = event.value() - m_context.index.firstEvent(run.segment);
        bool holds = true;
        for (const PlanNode* conjunct : conjunctsOf(stage)) {
            if (conjunct->usesStages
                && !rowSatisfies(*conjunct, row, m_stageEvents, run, m_cursor.documents())) {
                holds = false;
                break;
            }
        }
        m_run = &m_cursor.at(current);
        return holds;
    }

    Result<MatcherResult> result()
    {
        MatcherResult result;
        std::vector<std::vector<eql::Value>> values;
        for (const FoundSequence& found : m_found) {
            values.push_back(keyValues(m_tuples, found.key, m_context.index.keys()));
        }
        std::vector<std::size_t> places(m_found.size());
        for (std::size_t at = 0; at < places.size(); ++at) {
            places[at] = at;
        }
        std::ranges::stable_sort(places, [&](std::size_t left, std::size_t right) {
            if (m_found[left].lastRank != m_found[right].lastRank) {
                return m_found[left].lastRank < m_found[right].lastRank;
            }
            return keyTupleLess(values[left], values[right]);
        });
        for (const std::size_t at : places) {
            result.matches.push_back({slotEvents(m_found[at].events), std::move(values[at])});
        }
        result.warnings = m_cursor.warnings();
        result.peakPartials = m_partials.peak();
        result.peakKeys = m_partials.peakKeys();
        result.peakBytes = m_partials.byteCount() + m_tuples.byteCount();
        return result;
    }

    /// The events by slot, nothing in slots that had to stay empty.
    std::vector<std::optional<EventNumber>> slotEvents(const std::vector<std::uint32_t>& events)
    {
        std::vector<std::optional<EventNumber>> slots;
        std::size_t next = 0;
        for (const eql::BoundStage& stage : m_query.stages) {
            for (std::uint32_t run = 0; run < stage.runs; ++run) {
                if (stage.missing) {
                    slots.emplace_back();
                } else {
                    slots.emplace_back(EventNumber(events[next++]));
                }
            }
        }
        return slots;
    }

    const QueryPlan& m_plan;
    const eql::BoundQuery& m_query;
    const RunContext& m_context;
    const EventOrder& m_order;
    const std::vector<StageRows>& m_stageRows;
    /// Stage of each positive slot.
    std::vector<std::uint32_t> m_slots;
    std::vector<StageKeys> m_keys;
    KeyTuples m_tuples;
    SegmentCursor m_cursor;
    Partials m_partials;
    std::vector<FoundSequence> m_found;
    // Of the event under way.
    SegmentRun* m_run = nullptr;
    std::uint32_t m_firstEvent = 0;
    std::uint32_t m_rank = 0;
    std::int64_t m_milliseconds = 0;
    std::vector<TupleNumber> m_eventTuples;
    std::vector<std::optional<EventNumber>> m_stageEvents;
};

} // namespace

std::vector<std::uint32_t> eventsInOrder(const StageRows& rows, const RunContext& context,
                                         const EventOrder& order, bool onlyTimed)
{
    std::vector<std::uint32_t> events;
    const auto add = [&](std::uint32_t event) {
        if (!onlyTimed || order.times[event] != schema::noTime) {
            events.push_back(event);
        }
    };
    if (context.chosen != nullptr) {
        for (const std::uint32_t event : *context.chosen) {
            const SegmentNumber segment = context.index.source().segmentOf(EventNumber(event));
            if (rows[segment.index()].contains(event - context.index.firstEvent(segment))) {
                add(event);
            }
        }
        return events;
    }
    for (std::uint32_t segment = 0; segment < rows.size(); ++segment) {
        const std::uint32_t first = context.index.firstEvent(SegmentNumber(segment));
        rows[segment].forEach([&](std::uint32_t row) { add(first + row); });
    }
    if (!order.isIdentity) {
        sortByRank(events, order);
    }
    return events;
}

StageRows candidateRows(const eql::BoundQuery& query, const CaseIndex& index,
                        const std::vector<StageRows>& stageRows)
{
    StageRows all;
    for (std::uint32_t segment = 0; segment < index.segmentCount(); ++segment) {
        RowSet rows(index.rowCount(SegmentNumber(segment)));
        for (std::size_t stage = 0; stage < stageRows.size(); ++stage) {
            const bool isMissing = stage < query.stages.size() && query.stages[stage].missing;
            if (!isMissing) {
                rows |= stageRows[stage][segment];
            }
        }
        all.push_back(std::move(rows));
    }
    return all;
}

Result<MatcherResult> matchSequences(const QueryPlan& plan, const RunContext& context,
                                     const EventOrder& order,
                                     const std::vector<StageRows>& stageRows)
{
    return SequenceMatcher(plan, context, order, stageRows).run();
}

} // namespace sequela::engine
