#include "core/engine/limits.h"
#include "core/engine/sequence_matcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace sequela::engine {

namespace {

/// Events of every slot under one key, in event order.
using SlotLists = std::vector<std::vector<std::uint32_t>>;

/// Chooses distinct events, one a slot, in the order of the lists; several choices on request.
class SampleSearch {
public:
    SampleSearch(const SlotLists& lists, std::uint64_t wanted) : m_lists(lists), m_wanted(wanted) {}

    /// False if the search was given up.
    bool run(std::vector<std::vector<std::uint32_t>>& samples)
    {
        std::vector<std::size_t> at(m_lists.size(), 0);
        std::vector<std::uint32_t> chosen;
        while (true) {
            const std::size_t slot = chosen.size();
            if (++m_steps > limits::maxSampleSteps) {
                return false;
            }
            if (slot == m_lists.size()) {
                samples.push_back(chosen);
                if (samples.size() >= m_wanted) {
                    return true;
                }
            } else if (at[slot] < m_lists[slot].size()) {
                const std::uint32_t event = m_lists[slot][at[slot]++];
                if (std::ranges::find(chosen, event) == chosen.end()) {
                    chosen.push_back(event);
                    if (chosen.size() < m_lists.size()) {
                        at[chosen.size()] = 0;
                    }
                }
                continue;
            }
            if (chosen.empty()) {
                return true;
            }
            chosen.pop_back();
        }
    }

private:
    const SlotLists& m_lists;
    std::uint64_t m_wanted;
    std::uint64_t m_steps = 0;
};

class SampleMatcher {
public:
    SampleMatcher(const QueryPlan& plan, const RunContext& context, const EventOrder& order,
                  const std::vector<StageRows>& stageRows)
        : m_query(*plan.query),
          m_context(context),
          m_order(order),
          m_stageRows(stageRows),
          m_cursor(context)
    {
    }

    Result<MatcherResult> run()
    {
        for (std::size_t stage = 0; stage < m_query.stages.size(); ++stage) {
            SEQUELA_TRY(collect(stage));
            if (m_cursor.hasFailed()) {
                return std::unexpected(*m_cursor.failure());
            }
        }
        MatcherResult result;
        for (auto& [tuple, values] : keysInOrder()) {
            if (m_context.stop.stop_requested()) {
                return std::unexpected(cancelledError());
            }
            if (m_context.options.size && result.matches.size() >= *m_context.options.size) {
                break;
            }
            choose(tuple, values, result);
        }
        result.warnings.merge(m_cursor.warnings());
        return result;
    }

private:
    /// Files the stage's events under their keys; keys without an event are dropped.
    Result<void> collect(std::size_t stage)
    {
        StageKeys keys(m_query, m_query.stages[stage], m_context.index);
        std::vector<TupleNumber> tuples;
        std::uint32_t steps = 0;
        for (const std::uint32_t event :
             eventsInOrder(m_stageRows[stage], m_context, m_order, false)) {
            if (++steps % limits::stepsPerStopCheck == 0 && m_context.stop.stop_requested()) {
                return std::unexpected(cancelledError());
            }
            SEQUELA_TRY(keys.tuplesOf(EventNumber(event), m_tuples, stage == 0, tuples,
                                      m_cursor.at(EventNumber(event))));
            for (const TupleNumber tuple : tuples) {
                auto known = m_lists.find(tuple);
                if (known == m_lists.end()) {
                    if (stage != 0) {
                        continue;
                    }
                    known = m_lists.emplace(tuple, SlotLists(m_query.stages.size())).first;
                }
                known->second[stage].push_back(event);
            }
        }
        std::erase_if(m_lists, [stage](const auto& entry) { return entry.second[stage].empty(); });
        return {};
    }

    std::vector<std::pair<TupleNumber, std::vector<eql::Value>>> keysInOrder() const
    {
        std::vector<std::pair<TupleNumber, std::vector<eql::Value>>> keys;
        for (const auto& [tuple, lists] : m_lists) {
            keys.emplace_back(tuple, keyValues(m_tuples, tuple, m_context.index.keys()));
        }
        std::ranges::sort(keys, [](const auto& left, const auto& right) {
            return keyTupleLess(left.second, right.second);
        });
        return keys;
    }

    void choose(TupleNumber tuple, const std::vector<eql::Value>& values, MatcherResult& result)
    {
        std::vector<std::vector<std::uint32_t>> samples;
        SampleSearch search(m_lists.at(tuple), m_context.options.maxSamplesPerKey);
        if (!search.run(samples)) {
            result.warnings.add(fmt::format("a sample key has too many events in common between "
                                            "its filters; the search stopped after {} steps",
                                            limits::maxSampleSteps),
                                1);
        }
        for (const auto& sample : samples) {
            if (m_context.options.size && result.matches.size() >= *m_context.options.size) {
                return;
            }
            Match& match = result.matches.emplace_back();
            for (const std::uint32_t event : sample) {
                match.events.emplace_back(EventNumber(event));
            }
            match.joinKeys = values;
        }
    }

    const eql::BoundQuery& m_query;
    const RunContext& m_context;
    const EventOrder& m_order;
    const std::vector<StageRows>& m_stageRows;
    KeyTuples m_tuples;
    SegmentCursor m_cursor;
    std::unordered_map<TupleNumber, SlotLists> m_lists;
};

} // namespace

Result<MatcherResult> matchSamples(const QueryPlan& plan, const RunContext& context,
                                   const EventOrder& order, const std::vector<StageRows>& stageRows)
{
    if (context.options.maxSamplesPerKey == 0) {
        return MatcherResult{};
    }
    return SampleMatcher(plan, context, order, stageRows).run();
}

} // namespace sequela::engine
