#include "core/eql/condition_builder.h"

#include "core/eql/expression_text.h"

#include <algorithm>

namespace sequela::eql {

namespace {

bool isConstant(const BoundCondition& condition, bool value)
{
    const auto* const constant = std::get_if<ConstantCondition>(&condition.node);
    return constant != nullptr && constant->value == value;
}

/// And (or Or) of the operands, flattened and without constants.
BoundCondition combine(bool isAnd, std::vector<BoundCondition> operands, SourceSpan span)
{
    std::vector<BoundCondition> kept;
    for (BoundCondition& operand : operands) {
        if (isConstant(operand, !isAnd)) {
            return {span, ConstantCondition{!isAnd}};
        }
        if (isConstant(operand, isAnd)) {
            continue;
        }
        auto* const nestedAnd = isAnd ? std::get_if<AndCondition>(&operand.node) : nullptr;
        auto* const nestedOr = isAnd ? nullptr : std::get_if<OrCondition>(&operand.node);
        if (nestedAnd != nullptr) {
            std::ranges::move(nestedAnd->operands, std::back_inserter(kept));
        } else if (nestedOr != nullptr) {
            std::ranges::move(nestedOr->operands, std::back_inserter(kept));
        } else {
            kept.push_back(std::move(operand));
        }
    }
    if (kept.empty()) {
        return {span, ConstantCondition{isAnd}};
    }
    if (kept.size() == 1) {
        return std::move(kept.front());
    }
    BoundCondition result;
    result.span = span;
    if (isAnd) {
        result.node = AndCondition{std::move(kept)};
    } else {
        result.node = OrCondition{std::move(kept)};
    }
    return result;
}

class ConditionBuilder {
public:
    explicit ConditionBuilder(std::span<const BoundField> fields) : m_fields(fields) {}

    [[nodiscard]] BoundCondition build(ExpressionPtr expression, bool negated, SourceSpan span)
    {
        if (const auto* const literal = std::get_if<Literal>(&expression->node)) {
            const auto* const boolean = std::get_if<bool>(&literal->value);
            return {span, ConstantCondition{boolean != nullptr && *boolean != negated}};
        }
        if (auto* const inverse = std::get_if<Not>(&expression->node)) {
            return build(std::move(inverse->operand), !negated, span);
        }
        if (auto* const logical = std::get_if<Logical>(&expression->node)) {
            std::vector<BoundCondition> operands;
            operands.reserve(logical->operands.size());
            for (ExpressionPtr& operand : logical->operands) {
                const SourceSpan operandSpan = operand->span;
                operands.push_back(build(std::move(operand), negated, operandSpan));
            }
            return combine(logical->isAnd != negated, std::move(operands), span);
        }
        return leaf(std::move(expression), negated, span);
    }

private:
    BoundCondition leaf(ExpressionPtr expression, bool negated, SourceSpan span)
    {
        Leaf result;
        result.negated = negated;
        collectFields(*expression, result.fields);
        std::ranges::sort(result.fields);
        const auto [first, last] = std::ranges::unique(result.fields);
        result.fields.erase(first, last);
        if (!readsEarlierStages(*expression)) {
            result.canonical = expressionText(*expression, m_fields);
        }
        result.expression = std::move(expression);
        return {span, std::move(result)};
    }

    std::span<const BoundField> m_fields;
};

} // namespace

BoundCondition buildCondition(ExpressionPtr expression, std::span<const BoundField> fields)
{
    const SourceSpan span = expression->span;
    return ConditionBuilder(fields).build(std::move(expression), false, span);
}

BoundCondition both(BoundCondition first, BoundCondition second)
{
    const SourceSpan span = second.span;
    std::vector<BoundCondition> operands;
    operands.push_back(std::move(first));
    operands.push_back(std::move(second));
    return combine(true, std::move(operands), span);
}

} // namespace sequela::eql
