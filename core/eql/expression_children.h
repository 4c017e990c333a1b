#pragma once

#include "core/eql/bound_query.h"

namespace sequela::eql {

/// Calls @p visit(const Expression&) for every operand of an expression, in order. The filter of a
/// DescendantOf is a condition over other events and is not visited.
template <typename Visit>
void forEachChild(const Expression& expression, Visit visit)
{
    const auto& node = expression.node;
    if (const auto* const each = std::get_if<Arithmetic>(&node)) {
        visit(*each->left);
        visit(*each->right);
    } else if (const auto* const comparison = std::get_if<Comparison>(&node)) {
        visit(*comparison->left);
        visit(*comparison->right);
    } else if (const auto* const negation = std::get_if<Negation>(&node)) {
        visit(*negation->operand);
    } else if (const auto* const isNull = std::get_if<IsNull>(&node)) {
        visit(*isNull->operand);
    } else if (const auto* const match = std::get_if<TextMatch>(&node)) {
        visit(*match->subject);
    } else if (const auto* const membership = std::get_if<Membership>(&node)) {
        visit(*membership->subject);
    } else if (const auto* const call = std::get_if<Call>(&node)) {
        for (const ExpressionPtr& argument : call->arguments) {
            visit(*argument);
        }
    } else if (const auto* const logical = std::get_if<Logical>(&node)) {
        for (const ExpressionPtr& operand : logical->operands) {
            visit(*operand);
        }
    } else if (const auto* const inverse = std::get_if<Not>(&node)) {
        visit(*inverse->operand);
    } else if (const auto* const search = std::get_if<ArraySearch>(&node)) {
        visit(*search->predicate);
    }
}

} // namespace sequela::eql
