#include "core/engine/engine.h"

#include "core/engine/explanation.h"
#include "core/engine/limits.h"
#include "core/engine/plan_text.h"
#include "core/engine/process_lineage.h"
#include "core/engine/result_pipes.h"
#include "core/engine/sequence_matcher.h"
#include "core/engine/stage_evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <list>

namespace sequela::engine {

namespace {

/// An order and the lineage along it, both computed on first use.
struct KeptOrder {
    std::string timestampField;
    std::optional<std::string> tiebreakerField;
    std::shared_ptr<const EventOrder> order;
};

struct KeptLineage {
    std::string categoryField;
    std::shared_ptr<const ProcessLineage> lineage;
};

Result<void> checkQuery(const eql::BoundQuery& query, const RunOptions& options,
                        const schema::ColumnSource& source)
{
    std::uint64_t slots = 0;
    for (const eql::BoundStage& stage : query.stages) {
        slots += stage.runs;
    }
    if (slots > limits::maxSlots) {
        return std::unexpected(
            makeError("engine-too-many-stages",
                      fmt::format("the query has {} stages, more than {}", slots, limits::maxSlots),
                      "lower runs= or split the query"));
    }
    if (options.events && options.events->eventCount() != source.eventCount()) {
        return std::unexpected(makeError("engine-event-set",
                                         "the selection of events belongs to other data",
                                         "select the events anew"));
    }
    return {};
}

} // namespace

struct Engine::State {
    State(std::shared_ptr<const schema::ColumnSource> source, const EngineTuning& tuning)
        : index(std::move(source), tuning)
    {
    }

    CaseIndex index;
    LeafCache leaves;
    std::mutex mutex;
    std::list<KeptOrder> orders;
    std::list<KeptLineage> lineages;
    std::atomic<std::uint32_t> runs = 0;

    Result<std::shared_ptr<const EventOrder>> order(const std::string& timestampField,
                                                    const std::optional<std::string>& tiebreaker,
                                                    const std::stop_token& stop)
    {
        const std::scoped_lock lock(mutex);
        for (const KeptOrder& kept : orders) {
            if (kept.timestampField == timestampField && kept.tiebreakerField == tiebreaker) {
                return kept.order;
            }
        }
        auto computed = orderEvents(index, timestampField, tiebreaker, stop);
        if (!computed) {
            return std::unexpected(std::move(computed).error());
        }
        auto shared = std::make_shared<const EventOrder>(std::move(*computed));
        if (orders.size() >= limits::keptOrders) {
            orders.pop_front();
        }
        orders.push_back({timestampField, tiebreaker, shared});
        return shared;
    }

    Result<std::shared_ptr<const ProcessLineage>> lineage(const std::string& categoryField,
                                                          const std::stop_token& stop)
    {
        const std::scoped_lock lock(mutex);
        for (const KeptLineage& kept : lineages) {
            if (kept.categoryField == categoryField) {
                return kept.lineage;
            }
        }
        auto built = ProcessLineage::build(index, leaves, categoryField, stop);
        if (!built) {
            return std::unexpected(std::move(built).error());
        }
        auto shared = std::make_shared<const ProcessLineage>(std::move(*built));
        lineages.push_back({categoryField, shared});
        return shared;
    }

    /// Answers the `descendant of` filters, inner ones first.
    Result<void> answerFilters(const QueryPlan& plan, RunContext& context, WarningCounter& warnings)
    {
        context.descendants.resize(plan.filters.size());
        if (plan.filters.empty()) {
            return {};
        }
        auto eventOrder =
            order(context.options.timestampField, context.options.tiebreakerField, context.stop);
        SEQUELA_TRY(eventOrder);
        const auto& category = plan.query->categoryField;
        auto processes = lineage(category ? plan.query->fields[category->index()].name
                                          : std::string("event.category"),
                                 context.stop);
        SEQUELA_TRY(processes);
        for (std::size_t number = plan.filters.size(); number-- > 0;) {
            auto rows = evaluateFilter(plan.filters[number], context, warnings);
            if (!rows) {
                return std::unexpected(std::move(rows).error());
            }
            auto found = (*processes)
                             ->descendants(*rows, index, **eventOrder, context.options.events.get(),
                                           context.stop);
            if (!found) {
                return std::unexpected(std::move(found).error());
            }
            context.descendants[number] = std::make_shared<const EventSet>(std::move(*found));
        }
        return {};
    }

    /// Leaves of a finished run may have outgrown the cache.
    void trim()
    {
        constexpr std::uint32_t runsPerTrim = 32;
        if (++runs % runsPerTrim == 0) {
            leaves.trim(index.tuning().leafCacheBytes);
        }
    }

    Result<MatcherResult> match(const QueryPlan& plan, const RunContext& context,
                                const StageEvaluation& stages)
    {
        // Most rules find nothing in most cases: no order is needed to say so.
        if (isHopeless(*plan.query, stages)) {
            return MatcherResult{};
        }
        auto eventOrder =
            order(context.options.timestampField, context.options.tiebreakerField, context.stop);
        SEQUELA_TRY(eventOrder);
        return matchInOrder(plan, context, stages, **eventOrder);
    }

    static Result<MatcherResult> matchInOrder(const QueryPlan& plan, const RunContext& context,
                                              const StageEvaluation& stages,
                                              const EventOrder& eventOrder)
    {
        switch (plan.query->kind) {
        case eql::BoundQueryKind::Sequence:
            return matchSequences(plan, context, eventOrder, stages.rows);
        case eql::BoundQueryKind::Sample:
            return matchSamples(plan, context, eventOrder, stages.rows);
        case eql::BoundQueryKind::Event:
            break;
        }
        MatcherResult result;
        for (const std::uint32_t event :
             eventsInOrder(stages.rows.front(), context, eventOrder, false)) {
            result.matches.push_back({{EventNumber(event)}, {}});
        }
        return result;
    }

    /// Whether a stage that every match needs has no event.
    static bool isHopeless(const eql::BoundQuery& query, const StageEvaluation& stages)
    {
        for (std::size_t stage = 0; stage < query.stages.size(); ++stage) {
            const auto isEmpty = [](const RowSet& rows) { return rows.isEmpty(); };
            if (!query.stages[stage].missing && std::ranges::all_of(stages.rows[stage], isEmpty)) {
                return true;
            }
        }
        return query.stages.empty();
    }
};

struct StagedQuery::State {
    /// First, so that it ends last.
    CaseIndex::Use use;
    QueryPlan plan;
    RunOptions options;
    RunContext context;
    StageEvaluation stages;
    WarningCounter warnings;
    std::shared_ptr<const EventOrder> order;
    std::vector<std::uint32_t> candidates;

    State(CaseIndex& index, RunOptions runOptions, std::stop_token stop)
        : use(index),
          options(std::move(runOptions)),
          context{index, options, std::move(stop), {}, nullptr}
    {
    }
};

StagedQuery::StagedQuery(std::unique_ptr<State> state) : m_state(std::move(state)) {}

StagedQuery::~StagedQuery() = default;

const std::vector<std::uint32_t>& StagedQuery::candidates() const
{
    return m_state->candidates;
}

std::int64_t StagedQuery::timeNs(std::uint32_t event) const
{
    return m_state->order->times[event];
}

Result<std::vector<Match>> StagedQuery::match(const std::vector<std::uint32_t>& events) const
{
    RunContext context = m_state->context;
    context.chosen = &events;
    auto matched =
        Engine::State::matchInOrder(m_state->plan, context, m_state->stages, *m_state->order);
    if (!matched) {
        return std::unexpected(std::move(matched).error());
    }
    applyPipes(matched->matches, *m_state->plan.query, m_state->options);
    return std::move(matched->matches);
}

std::vector<RuntimeWarning> StagedQuery::warnings() const
{
    return m_state->warnings.list();
}

Engine::Engine(std::shared_ptr<const schema::ColumnSource> source, const EngineTuning& tuning)
    : m_state(std::make_unique<State>(std::move(source), tuning))
{
}

Engine::~Engine() = default;

Result<QueryResult> Engine::run(const eql::BoundQuery& query, const RunOptions& options,
                                std::stop_token stop)
{
    const auto begin = std::chrono::steady_clock::now();
    const CaseIndex::Use use(m_state->index);
    SEQUELA_TRY(checkQuery(query, options, source()));
    auto plan = planQuery(query, m_state->index, m_state->leaves);
    if (!plan) {
        return std::unexpected(std::move(plan).error());
    }
    RunContext context{m_state->index, options, stop, {}, nullptr};
    QueryResult result;
    WarningCounter warnings;
    SEQUELA_TRY(m_state->answerFilters(*plan, context, warnings));
    auto stages = evaluateStages(*plan, context);
    if (!stages) {
        return std::unexpected(std::move(stages).error());
    }
    warnings.merge(stages->warnings);
    auto matched = m_state->match(*plan, context, *stages);
    if (!matched) {
        return std::unexpected(std::move(matched).error());
    }
    warnings.merge(matched->warnings);
    result.matches = std::move(matched->matches);
    applyPipes(result.matches, query, options);
    result.funnels = std::move(stages->funnels);
    result.warnings = warnings.list();
    result.peakPartials = matched->peakPartials;
    result.cost = stages->cost;
    result.cost.peakKeys = matched->peakKeys;
    result.cost.peakBytes = matched->peakBytes;
    m_state->trim();
    result.nanoseconds =
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                       std::chrono::steady_clock::now() - begin)
                                       .count());
    return result;
}

Result<std::unique_ptr<StagedQuery>> Engine::stage(const eql::BoundQuery& query,
                                                   const RunOptions& options, std::stop_token stop)
{
    const CaseIndex::Use use(m_state->index);
    SEQUELA_TRY(checkQuery(query, options, source()));
    auto plan = planQuery(query, m_state->index, m_state->leaves);
    if (!plan) {
        return std::unexpected(std::move(plan).error());
    }
    auto state = std::make_unique<StagedQuery::State>(m_state->index, options, stop);
    state->plan = std::move(*plan);
    SEQUELA_TRY(m_state->answerFilters(state->plan, state->context, state->warnings));
    auto stages = evaluateStages(state->plan, state->context);
    if (!stages) {
        return std::unexpected(std::move(stages).error());
    }
    state->stages = std::move(*stages);
    state->warnings.merge(state->stages.warnings);
    auto eventOrder = m_state->order(options.timestampField, options.tiebreakerField, stop);
    if (!eventOrder) {
        return std::unexpected(std::move(eventOrder).error());
    }
    state->order = std::move(*eventOrder);
    // Events of missing slots count, too: what a window does not show cannot forbid a sequence.
    StageRows rows = candidateRows(query, m_state->index, state->stages.rows);
    for (std::size_t segment = 0; segment < rows.size(); ++segment) {
        for (const StageRows& stage : state->stages.rows) {
            rows[segment] |= stage[segment];
        }
    }
    state->candidates = eventsInOrder(rows, state->context, *state->order, true);
    m_state->trim();
    return std::make_unique<StagedQuery>(std::move(state));
}

Result<EventSet> Engine::select(const eql::BoundQuery& query, const RunOptions& options,
                                std::stop_token stop)
{
    const CaseIndex::Use use(m_state->index);
    SEQUELA_TRY(checkQuery(query, options, source()));
    if (query.kind != eql::BoundQueryKind::Event) {
        return std::unexpected(makeError("engine-not-an-event-query",
                                         "only an event query selects events",
                                         "write a condition or `category where condition`"));
    }
    auto plan = planQuery(query, m_state->index, m_state->leaves);
    if (!plan) {
        return std::unexpected(std::move(plan).error());
    }
    RunOptions plainOptions = options;
    plainOptions.collectFunnel = false;
    RunContext context{m_state->index, plainOptions, stop, {}, nullptr};
    WarningCounter warnings;
    SEQUELA_TRY(m_state->answerFilters(*plan, context, warnings));
    auto stages = evaluateStages(*plan, context);
    if (!stages) {
        return std::unexpected(std::move(stages).error());
    }
    EventSet selected(source().eventCount());
    const StageRows& rows = stages->rows.front();
    for (std::uint32_t segment = 0; segment < rows.size(); ++segment) {
        const std::uint32_t first = m_state->index.firstEvent(SegmentNumber(segment));
        rows[segment].forEach(
            [&](std::uint32_t row) { selected.insert(EventNumber(first + row)); });
    }
    m_state->trim();
    return selected;
}

Result<std::string> Engine::describePlan(const eql::BoundQuery& query)
{
    const CaseIndex::Use use(m_state->index);
    auto plan = planQuery(query, m_state->index, m_state->leaves);
    if (!plan) {
        return std::unexpected(std::move(plan).error());
    }
    return dumpPlan(*plan);
}

Result<std::vector<Engine::MatchedClause>> Engine::explain(const eql::BoundQuery& query,
                                                           std::size_t stage, EventNumber event,
                                                           const RunOptions& options,
                                                           const Match* match)
{
    const CaseIndex::Use use(m_state->index);
    SEQUELA_TRY(checkQuery(query, options, source()));
    auto plan = planQuery(query, m_state->index, m_state->leaves);
    if (!plan) {
        return std::unexpected(std::move(plan).error());
    }
    if (stage >= plan->stages.size() || event.value() >= source().eventCount()) {
        return std::unexpected(makeError("engine-no-such-event",
                                         "the query has no such stage or the data no such event"));
    }
    // Why an event fired does not end because one of its values cannot be computed with.
    RunOptions lenientOptions = options;
    lenientOptions.runtimeErrors = RuntimeErrors::CountAsNull;
    RunContext context{m_state->index, lenientOptions, {}, {}, nullptr};
    WarningCounter warnings;
    SEQUELA_TRY(m_state->answerFilters(*plan, context, warnings));
    std::vector<std::optional<EventNumber>> stageEvents;
    if (match != nullptr) {
        std::size_t slot = 0;
        for (const eql::BoundStage& written : query.stages) {
            // Later stages are not known yet when a stage is matched.
            const bool isKnown = stageEvents.size() < stage && slot < match->events.size();
            stageEvents.push_back(isKnown ? match->events[slot] : std::nullopt);
            slot += written.runs;
        }
    }
    return explainStage(plan->stages[stage], context, event, stageEvents);
}

Result<std::shared_ptr<const std::vector<std::uint32_t>>>
Engine::order(const std::string& timestampField, const std::optional<std::string>& tiebreakerField)
{
    const CaseIndex::Use use(m_state->index);
    auto order = m_state->order(timestampField, tiebreakerField, {});
    if (!order) {
        return std::unexpected(std::move(order).error());
    }
    return std::shared_ptr<const std::vector<std::uint32_t>>(*order, &(*order)->rank);
}

const schema::ColumnSource& Engine::source() const
{
    return m_state->index.source();
}

} // namespace sequela::engine
