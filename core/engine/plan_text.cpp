#include "core/engine/plan_text.h"

#include "core/base/text.h"
#include "core/eql/expression_text.h"

#include <fmt/format.h>

namespace sequela::engine {

namespace {

std::string_view shapeText(const Leaf& leaf)
{
    switch (leaf.shape) {
    case Leaf::Shape::Constant:
        return "once";
    case Leaf::Shape::OneField:
        return "once per distinct value";
    case Leaf::Shape::SeveralFields:
        return "once per distinct combination";
    case Leaf::Shape::PerRow:
        return leaf.usesStages ? "per sequence" : "per event";
    }
    return {};
}

std::string_view kernelText(Leaf::Kernel kernel)
{
    switch (kernel) {
    case Leaf::Kernel::Generic:
        return "";
    case Leaf::Kernel::HasText:
        return ", presence in the dictionary";
    case Leaf::Kernel::TextEqual:
        return ", one entry of the dictionary";
    case Leaf::Kernel::TextSet:
        return ", a set of entries of the dictionary";
    case Leaf::Kernel::Patterns:
        return ", patterns over the dictionary";
    }
    return {};
}

class PlanDump {
public:
    explicit PlanDump(const QueryPlan& plan) : m_plan(plan), m_query(*plan.query) {}

    std::string run()
    {
        for (std::size_t filter = 0; filter < m_plan.filters.size(); ++filter) {
            line(0, "filter {} of descendant of, before the stages", filter + 1);
            writeCategory(m_plan.filters[filter].category, m_plan.filters[filter].matchesNothing);
            // The bound form of the filter stands in the bound tree, inside its leaf.
            writeNode(m_plan.filters[filter].condition, nullptr, 1);
        }
        for (std::size_t stage = 0; stage < m_plan.stages.size(); ++stage) {
            writeStage(m_plan.stages[stage], fmt::format("stage {}", stage + 1));
        }
        if (m_plan.until) {
            writeStage(*m_plan.until, "until");
        }
        writeMatching();
        return std::move(m_text);
    }

private:
    template <typename... Parts>
    void line(std::size_t level, fmt::format_string<Parts...> format, Parts&&... parts)
    {
        m_text.append(level * 2, ' ');
        m_text += fmt::format(format, std::forward<Parts>(parts)...);
        m_text += '\n';
    }

    void writeStage(const StagePlan& stage, std::string_view title)
    {
        line(0, "{}{}{}", title, stage.stage->missing ? ", must be missing" : "",
             stage.stage->runs > 1 ? fmt::format(", {} times", stage.stage->runs) : std::string());
        writeCategory(stage.category, stage.matchesNothing);
        writeNode(stage.condition, &stage.stage->condition, 1);
    }

    void writeCategory(const std::shared_ptr<Leaf>& category, bool matchesNothing)
    {
        if (matchesNothing) {
            line(1, "no field holds categories: no event");
        } else if (category) {
            line(1, "category by {}: {}{}",
                 visibleText(category->fields.empty() ? std::string() : category->fields[0].name),
                 shapeText(*category), kernelText(category->kernel));
        } else {
            line(1, "any category");
        }
    }

    /// @p bound is the condition the node was made from, operand by operand, or null.
    void writeNode(const PlanNode& node, const eql::BoundCondition* bound, std::size_t level)
    {
        switch (node.kind) {
        case PlanNode::Kind::Constant:
            line(level, "{}", node.value ? "every event" : "no event");
            break;
        case PlanNode::Kind::Leaf:
            writeLeaf(node, bound, level);
            break;
        case PlanNode::Kind::And:
            line(level, "all of, each over what the one before left{}",
                 node.isFallible ? ", as written since one can fail" : "");
            writeOperands(node, bound, level);
            break;
        case PlanNode::Kind::Or:
            line(level, "any of, each over what the one before missed{}",
                 node.isFallible ? ", as written since one can fail" : "");
            writeOperands(node, bound, level);
            break;
        }
    }

    void writeOperands(const PlanNode& node, const eql::BoundCondition* bound, std::size_t level)
    {
        const std::vector<eql::BoundCondition>* operands = nullptr;
        if (bound != nullptr) {
            if (const auto* const all = std::get_if<eql::AndCondition>(&bound->node)) {
                operands = &all->operands;
            } else if (const auto* const any = std::get_if<eql::OrCondition>(&bound->node)) {
                operands = &any->operands;
            }
        }
        for (const std::uint32_t at : node.order) {
            writeNode(node.operands[at], operands == nullptr ? nullptr : &(*operands)[at],
                      level + 1);
        }
    }

    void writeLeaf(const PlanNode& node, const eql::BoundCondition* bound, std::size_t level)
    {
        const auto* const leaf = bound == nullptr ? nullptr : std::get_if<eql::Leaf>(&bound->node);
        const std::string text =
            leaf == nullptr ? fmt::format("clause @{}-{}", node.span.begin, node.span.end)
                            : visibleText(eql::expressionText(*leaf->expression, m_query.fields));
        line(level, "{}{} [{}{}{}]", node.negated ? "not " : "", text, shapeText(*node.leaf),
             kernelText(node.leaf->kernel), node.leaf->isCacheable ? ", kept" : "");
    }

    void writeMatching()
    {
        switch (m_query.kind) {
        case eql::BoundQueryKind::Event:
            line(0, "events in order of time");
            break;
        case eql::BoundQueryKind::Sequence:
            line(0, "merge the stages' events in order of time{}{}",
                 m_query.stages.front().keys.empty() ? ", one chain of partial sequences"
                                                     : ", partial sequences by join key",
                 m_query.maxspanMs ? fmt::format(", at most {} ms long", *m_query.maxspanMs)
                                   : std::string());
            break;
        case eql::BoundQueryKind::Sample:
            line(0, "join keys that every stage has, then distinct events per key");
            break;
        }
        for (const eql::BoundPipe& pipe : m_query.pipes) {
            line(0, "{} {}", pipe.isHead ? "the first" : "the last", pipe.count);
        }
    }

    const QueryPlan& m_plan;
    const eql::BoundQuery& m_query;
    std::string m_text;
};

} // namespace

std::string dumpPlan(const QueryPlan& plan)
{
    return PlanDump(plan).run();
}

} // namespace sequela::engine
