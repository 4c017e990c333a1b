#include "core/engine/query_plan.h"

#include <algorithm>
#include <numeric>

namespace sequela::engine {

namespace {

class Planner {
public:
    Planner(const eql::BoundQuery& query, CaseIndex& index, LeafCache& cache)
        : m_query(query), m_index(index), m_cache(cache)
    {
    }

    Result<QueryPlan> plan()
    {
        QueryPlan plan;
        plan.query = &m_query;
        for (const eql::BoundStage& stage : m_query.stages) {
            plan.stages.push_back(planStage(stage));
        }
        if (m_query.until) {
            plan.until = planStage(*m_query.until);
        }
        // A filter's condition may hold further filters, which join the list behind it.
        for (std::size_t number = 0; number < m_filters.size(); ++number) {
            FilterPlan filter;
            const eql::DescendantOf& source = *m_filters[number];
            planCategory(source.category, filter.category, filter.matchesNothing);
            filter.condition = planCondition(*source.condition);
            plan.filters.push_back(std::move(filter));
        }
        if (m_problem) {
            return std::unexpected(std::move(*m_problem));
        }
        return plan;
    }

private:
    StagePlan planStage(const eql::BoundStage& stage)
    {
        StagePlan plan;
        plan.stage = &stage;
        planCategory(stage.category, plan.category, plan.matchesNothing);
        plan.condition = planCondition(stage.condition);
        return plan;
    }

    void planCategory(const std::optional<std::string>& category, std::shared_ptr<Leaf>& leaf,
                      bool& matchesNothing)
    {
        if (!category) {
            return;
        }
        if (!m_query.categoryField) {
            matchesNothing = true;
            return;
        }
        const eql::BoundField& field = m_query.fields[m_query.categoryField->index()];
        const std::string name = "category\x1f" + field.name + '\x1f' + *category;
        leaf = m_cache.find(name);
        if (!leaf) {
            leaf = m_cache.add(name, Leaf::textEquals(field, *category, m_index));
        }
    }

    std::shared_ptr<Leaf> leafOf(const eql::Leaf& source)
    {
        std::string name;
        if (!source.canonical.empty()) {
            name = source.canonical;
            for (const eql::FieldSlot slot : source.fields) {
                const eql::BoundField& field = m_query.fields[slot.index()];
                name += '\x1f' + field.name + ':';
                name += static_cast<char>('0' + static_cast<int>(field.type));
            }
            if (auto known = m_cache.find(name)) {
                return known;
            }
        }
        const std::size_t filtersBefore = m_filters.size();
        auto leaf = Leaf::compile(*source.expression, m_query.fields, m_index, m_filters);
        if (!leaf) {
            if (!m_problem) {
                m_problem = std::move(leaf).error();
                m_problem->span = source.expression->span;
            }
            return nullptr;
        }
        // Filters are numbered within a query, and other stages' events belong to one run.
        const bool isShared =
            !name.empty() && m_filters.size() == filtersBefore && !(*leaf)->usesStages;
        return isShared ? m_cache.add(name, std::move(*leaf)) : std::move(*leaf);
    }

    PlanNode planCondition(const eql::BoundCondition& condition)
    {
        PlanNode node;
        if (const auto* constant = std::get_if<eql::ConstantCondition>(&condition.node)) {
            node.value = constant->value;
            node.selectivity = constant->value ? 1.0 : 0.0;
        } else if (const auto* leaf = std::get_if<eql::Leaf>(&condition.node)) {
            planLeaf(*leaf, node);
        } else if (const auto* conjunction = std::get_if<eql::AndCondition>(&condition.node)) {
            planOperands(conjunction->operands, PlanNode::Kind::And, node);
        } else if (const auto* choice = std::get_if<eql::OrCondition>(&condition.node)) {
            planOperands(choice->operands, PlanNode::Kind::Or, node);
        }
        node.span = condition.span;
        return node;
    }

    void planLeaf(const eql::Leaf& leaf, PlanNode& node)
    {
        node.kind = PlanNode::Kind::Leaf;
        node.negated = leaf.negated;
        node.leaf = leafOf(leaf);
        if (node.leaf) {
            node.usesStages = node.leaf->usesStages;
            node.isFallible = node.leaf->isFallible;
            node.cost = node.leaf->cost;
            const double holding = node.leaf->selectivity();
            node.selectivity = node.usesStages ? 1.0 : (leaf.negated ? 1.0 - holding : holding);
        }
    }

    void planOperands(const std::vector<eql::BoundCondition>& operands, PlanNode::Kind kind,
                      PlanNode& node)
    {
        node.kind = kind;
        node.selectivity = 1.0;
        double rest = 1.0;
        for (const eql::BoundCondition& operand : operands) {
            const PlanNode& planned = node.operands.emplace_back(planCondition(operand));
            node.usesStages = node.usesStages || planned.usesStages;
            node.isFallible = node.isFallible || planned.isFallible;
            node.cost += planned.cost;
            node.selectivity *= planned.selectivity;
            rest *= 1.0 - planned.selectivity;
        }
        if (kind == PlanNode::Kind::Or) {
            node.selectivity = 1.0 - rest;
        }
        node.order.resize(node.operands.size());
        std::iota(node.order.begin(), node.order.end(), 0U);
        if (node.isFallible) {
            // Whether a clause that can fail is reached must not depend on the plan.
            return;
        }
        std::ranges::stable_sort(node.order, {}, [&](std::uint32_t at) {
            const PlanNode& operand = node.operands[at];
            const double decided =
                kind == PlanNode::Kind::And ? 1.0 - operand.selectivity : operand.selectivity;
            return operand.cost / std::max(decided, 1e-3);
        });
    }

    const eql::BoundQuery& m_query;
    CaseIndex& m_index;
    LeafCache& m_cache;
    std::vector<const eql::DescendantOf*> m_filters;
    std::optional<Diagnostic> m_problem;
};

void flatten(const PlanNode& node, std::vector<const PlanNode*>& conjuncts)
{
    if (node.kind != PlanNode::Kind::And) {
        conjuncts.push_back(&node);
        return;
    }
    for (const PlanNode& operand : node.operands) {
        flatten(operand, conjuncts);
    }
}

} // namespace

Result<QueryPlan> planQuery(const eql::BoundQuery& query, CaseIndex& index, LeafCache& cache)
{
    return Planner(query, index, cache).plan();
}

std::vector<const PlanNode*> conjunctsOf(const StagePlan& stage)
{
    std::vector<const PlanNode*> conjuncts;
    flatten(stage.condition, conjuncts);
    return conjuncts;
}

RowSet rowsSatisfying(const PlanNode& node, RowSet candidates, SegmentRun& run,
                      DocumentCache& documents)
{
    if (run.context.stop.stop_requested()) {
        run.fail(cancelledError());
    }
    if (run.hasFailed() || candidates.isEmpty()) {
        return RowSet(candidates.rowCount());
    }
    switch (node.kind) {
    case PlanNode::Kind::Constant:
        return node.value ? candidates : RowSet(candidates.rowCount());
    case PlanNode::Kind::Leaf:
        keepHolding(*node.leaf, node.negated, candidates, run, documents);
        return candidates;
    case PlanNode::Kind::And:
        for (const std::uint32_t at : node.order) {
            candidates = rowsSatisfying(node.operands[at], std::move(candidates), run, documents);
            if (candidates.isEmpty()) {
                break;
            }
        }
        return candidates;
    case PlanNode::Kind::Or:
        break;
    }
    RowSet satisfying(candidates.rowCount());
    for (const std::uint32_t at : node.order) {
        const RowSet part = rowsSatisfying(node.operands[at], candidates, run, documents);
        satisfying |= part;
        candidates -= part;
        if (candidates.isEmpty()) {
            break;
        }
    }
    return satisfying;
}

bool rowSatisfies(const PlanNode& node, std::uint32_t row,
                  std::span<const std::optional<EventNumber>> stageEvents, SegmentRun& run,
                  DocumentCache& documents)
{
    const auto satisfies = [&](const PlanNode& operand) {
        return rowSatisfies(operand, row, stageEvents, run, documents);
    };
    switch (node.kind) {
    case PlanNode::Kind::Constant:
        return node.value;
    case PlanNode::Kind::Leaf: {
        RowScope scope(run, *node.leaf, documents);
        scope.setStageEvents(stageEvents);
        const bool holds = scope.holds(row);
        for (const std::string& message : scope.errors()) {
            run.runtimeError(message, 1);
        }
        return holds != node.negated;
    }
    case PlanNode::Kind::And:
        return std::ranges::all_of(node.operands, satisfies);
    case PlanNode::Kind::Or:
        return std::ranges::any_of(node.operands, satisfies);
    }
    return false;
}

RowSet rowsOfCategory(const std::shared_ptr<Leaf>& category, bool matchesNothing, RowSet candidates,
                      SegmentRun& run, DocumentCache& documents)
{
    if (matchesNothing) {
        return RowSet(candidates.rowCount());
    }
    if (category) {
        keepHolding(*category, false, candidates, run, documents);
    }
    return candidates;
}

RowSet rowsTakingPart(const SegmentRun& run)
{
    const std::uint32_t rowCount = run.rowCount();
    const EventSet* events = run.context.options.events.get();
    if (events == nullptr) {
        return RowSet(rowCount, true);
    }
    RowSet rows(rowCount);
    const std::uint32_t first = run.context.index.firstEvent(run.segment);
    const std::span<const std::uint64_t> source = events->words();
    const std::span<std::uint64_t> target = rows.words();
    const std::uint32_t shift = first % 64;
    for (std::size_t word = 0; word < target.size(); ++word) {
        const std::size_t from = first / 64 + word;
        target[word] = source[from] >> shift;
        if (shift != 0 && from + 1 < source.size()) {
            target[word] |= source[from + 1] << (64 - shift);
        }
    }
    rows &= RowSet(rowCount, true);
    return rows;
}

} // namespace sequela::engine
