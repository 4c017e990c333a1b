#include "core/engine/explanation.h"

namespace sequela::engine {

namespace {

class Explanation {
public:
    Explanation(SegmentRun& run, std::uint32_t row,
                std::span<const std::optional<EventNumber>> stageEvents)
        : m_run(run), m_row(row), m_stageEvents(stageEvents)
    {
    }

    void add(const PlanNode& node, std::vector<Engine::MatchedClause>& clauses)
    {
        if (node.kind == PlanNode::Kind::Leaf) {
            addLeaf(node, clauses);
            return;
        }
        for (const PlanNode& operand : node.operands) {
            add(operand, clauses);
        }
    }

private:
    void addLeaf(const PlanNode& node, std::vector<Engine::MatchedClause>& clauses)
    {
        if (node.usesStages && m_stageEvents.empty()) {
            return;
        }
        RowScope scope(m_run, *node.leaf, m_documents);
        scope.setStageEvents(m_stageEvents);
        if (scope.holds(m_row) == node.negated) {
            return;
        }
        Engine::MatchedClause& clause = clauses.emplace_back();
        clause.span = node.span;
        // A negated leaf and a null test have no combination to show: they hold for all values.
        const bool showAll = node.negated || node.leaf->expression.isNullTest();
        const auto references = node.leaf->expression.references();
        for (std::size_t at = 0; at < references.size(); ++at) {
            if (references[at].kind != Reference::Kind::Field) {
                continue;
            }
            const std::string& name = node.leaf->fields[references[at].field].name;
            std::vector<eql::Value> values;
            if (showAll) {
                scope.fieldValues(references[at].field, m_run.segment, m_row, values);
            } else if (at < scope.witness().size()) {
                values.push_back(scope.witness()[at]);
            }
            for (const eql::Value& value : values) {
                if (!eql::isNull(value)) {
                    clause.fieldValues.emplace_back(name, eql::toText(value));
                }
            }
        }
    }

    SegmentRun& m_run;
    std::uint32_t m_row;
    std::span<const std::optional<EventNumber>> m_stageEvents;
    DocumentCache m_documents;
};

} // namespace

Result<std::vector<Engine::MatchedClause>>
explainStage(const StagePlan& stage, const RunContext& context, EventNumber event,
             std::span<const std::optional<EventNumber>> stageEvents)
{
    const SegmentNumber segment = context.index.source().segmentOf(event);
    SegmentRun run(context, segment);
    std::vector<Engine::MatchedClause> clauses;
    Explanation(run, event.value() - context.index.firstEvent(segment), stageEvents)
        .add(stage.condition, clauses);
    if (run.failure) {
        return std::unexpected(std::move(*run.failure));
    }
    return clauses;
}

} // namespace sequela::engine
