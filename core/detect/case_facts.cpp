#include "core/detect/case_facts.h"

#include <fmt/format.h>

#include <algorithm>

namespace sequela::detect {

namespace {

/// A leaf that is false for every event without a value of some field it reads: comparisons,
/// patterns, lists and searches of a field, but neither null checks nor negated leaves.
bool demandsValue(const eql::Leaf& leaf)
{
    if (leaf.negated || leaf.fields.size() != 1 || !leaf.expression) {
        return false;
    }
    const auto isField = [](const eql::ExpressionPtr& expression) {
        return expression && std::holds_alternative<eql::FieldValue>(expression->node);
    };
    const auto& node = leaf.expression->node;
    if (const auto* match = std::get_if<eql::TextMatch>(&node)) {
        return isField(match->subject);
    }
    if (const auto* membership = std::get_if<eql::Membership>(&node)) {
        return isField(membership->subject);
    }
    if (const auto* comparison = std::get_if<eql::Comparison>(&node)) {
        return comparison->op != eql::ComparisonOperator::NotEqual
               && (isField(comparison->left) || isField(comparison->right));
    }
    if (const auto* call = std::get_if<eql::Call>(&node)) {
        return call->function == eql::Function::CidrMatch && call->arguments.size() == 1
               && isField(call->arguments.front());
    }
    return std::holds_alternative<eql::FieldValue>(node);
}

/// A field whose absence from the whole case makes the condition false everywhere.
std::optional<std::string> missingField(const eql::BoundCondition& condition,
                                        const eql::BoundQuery& query, const CaseFacts& facts)
{
    if (const auto* leaf = std::get_if<eql::Leaf>(&condition.node)) {
        if (demandsValue(*leaf)) {
            const std::string& name = query.fields[leaf->fields.front().index()].name;
            if (!facts.hasValues(name)) {
                return name;
            }
        }
        return std::nullopt;
    }
    if (const auto* both = std::get_if<eql::AndCondition>(&condition.node)) {
        for (const eql::BoundCondition& operand : both->operands) {
            if (auto name = missingField(operand, query, facts)) {
                return name;
            }
        }
        return std::nullopt;
    }
    if (const auto* either = std::get_if<eql::OrCondition>(&condition.node)) {
        std::optional<std::string> first;
        for (const eql::BoundCondition& operand : either->operands) {
            auto name = missingField(operand, query, facts);
            if (!name) {
                return std::nullopt;
            }
            if (!first) {
                first = std::move(name);
            }
        }
        return first;
    }
    return std::nullopt;
}

} // namespace

Result<std::shared_ptr<const std::set<std::string, std::less<>>>>
CaseFacts::valuesOf(std::string_view field)
{
    const std::scoped_lock lock(m_mutex);
    if (const auto found = m_values.find(field); found != m_values.end()) {
        return found->second;
    }
    auto values = std::make_shared<std::set<std::string, std::less<>>>();
    if (const std::optional<FieldId> id = m_source.field(field)) {
        for (std::uint32_t segment = 0; segment < m_source.segments().size(); ++segment) {
            auto column = m_source.column(SegmentNumber(segment), *id);
            if (!column) {
                return std::unexpected(std::move(column).error());
            }
            for (std::uint32_t value = 0; *column && value < (*column)->valueCount(); ++value) {
                values->emplace((*column)->text(value));
            }
        }
    }
    return m_values.emplace(field, std::move(values)).first->second;
}

bool CaseFacts::hasValues(std::string_view field) const
{
    const std::optional<FieldId> id = m_source.field(field);
    return id && m_source.fields()[id->index()].eventCount > 0;
}

std::string Obstacle::sentence() const
{
    return isCategory ? fmt::format("no event has the category {}", name)
                      : fmt::format("no event has a value of {}", name);
}

Result<std::optional<Obstacle>> findObstacle(const eql::BoundQuery& query, CaseFacts& facts)
{
    for (const eql::BoundStage& stage : query.stages) {
        if (stage.missing) {
            continue;
        }
        if (stage.category) {
            if (!query.categoryField) {
                return Obstacle{true, *stage.category};
            }
            auto categories = facts.valuesOf(query.fields[query.categoryField->index()].name);
            if (!categories) {
                return std::unexpected(std::move(categories).error());
            }
            if (!(*categories)->contains(*stage.category)) {
                return Obstacle{true, *stage.category};
            }
        }
        if (auto field = missingField(stage.condition, query, facts)) {
            return Obstacle{false, std::move(*field)};
        }
    }
    return std::optional<Obstacle>();
}

} // namespace sequela::detect
