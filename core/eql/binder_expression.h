#pragma once

#include "core/eql/binder_scope.h"
#include "core/eql/function_table.h"
#include "core/eql/scalar.h"

namespace sequela::eql {

/// Binds expressions: looks names up, checks types, converts literals to the type they meet, folds
/// what is constant. Every problem is reported to the scope; where an expression is wrong the
/// result is the null literal, which causes no further complaint.
class ExpressionBinder {
public:
    explicit ExpressionBinder(BinderScope& scope) : m_scope(scope) {}

    [[nodiscard]] ExpressionPtr bind(const syntax::Expression& expression);
    /// A filter's condition in two-valued form, with the Endpoint's implicit operating system.
    [[nodiscard]] BoundCondition bindCondition(const syntax::Filter& filter);

private:
    struct Arguments;

    ExpressionPtr bindNumber(const syntax::Expression& expression,
                             const syntax::NumberLiteral& number);
    ExpressionPtr bindField(const syntax::Expression& expression,
                            const syntax::FieldReference& field);
    ExpressionPtr bindElement(const syntax::Expression& expression,
                              const syntax::FieldReference& field);
    /// Nothing if the name does not begin with an alias.
    ExpressionPtr bindStageField(const syntax::Expression& expression,
                                 const syntax::FieldReference& field);
    ExpressionPtr bindUnary(const syntax::Expression& expression, const syntax::Unary& unary);
    ExpressionPtr bindLogical(const syntax::Expression& expression, const syntax::Logical& logical);
    ExpressionPtr bindBinary(const syntax::Expression& expression, const syntax::Binary& binary);
    ExpressionPtr bindArithmetic(const syntax::Expression& expression,
                                 const syntax::Binary& binary);
    ExpressionPtr bindRelation(const syntax::Expression& expression,
                               const syntax::ProcessRelation& relation);

    // binder_comparison.cpp
    ExpressionPtr bindComparison(const syntax::Expression& expression,
                                 const syntax::Binary& binary);
    ExpressionPtr compareWithLiteral(const syntax::Expression& expression, ComparisonOperator op,
                                     ExpressionPtr subject, const Value& literal,
                                     SourceSpan literalSpan);
    /// Comparison of a field with a literal of its own type; null if no special case applies.
    ExpressionPtr compareField(const syntax::Expression& expression, ComparisonOperator op,
                               ExpressionPtr& subject, const Value& literal,
                               SourceSpan literalSpan);
    ExpressionPtr compareDate(SourceSpan span, ComparisonOperator op, ExpressionPtr& subject,
                              const Value& literal, SourceSpan literalSpan);
    ExpressionPtr compareAddress(SourceSpan span, ComparisonOperator op, ExpressionPtr& subject,
                                 const Value& literal, SourceSpan literalSpan);
    ExpressionPtr bindMembership(const syntax::Expression& expression,
                                 const syntax::InPredicate& in);
    ExpressionPtr membershipOf(const syntax::Expression& expression, const syntax::InPredicate& in,
                               ExpressionPtr subject, std::vector<ExpressionPtr> items);
    ExpressionPtr constantMembership(SourceSpan span, const Value& subject,
                                     const std::vector<ExpressionPtr>& items, bool caseInsensitive);
    bool checkItem(const syntax::Expression& expression, const Expression& subject,
                   const Expression& item, std::size_t index);
    ExpressionPtr bindMatch(const syntax::Expression& expression,
                            const syntax::MatchPredicate& match);
    bool checkMatchSubject(const syntax::Expression& expression,
                           const syntax::MatchPredicate& match, ExpressionPtr& subject);
    bool collectPatterns(const syntax::Expression& expression, const syntax::MatchPredicate& match,
                         TextMatch& result, std::vector<SourceSpan>& spans,
                         std::vector<ExpressionPtr>& fields);
    /// Endpoint: patterns that are fields, beside those that are constants.
    ExpressionPtr matchFields(const syntax::Expression& expression, ExpressionPtr subject,
                              TextMatch constants, std::vector<ExpressionPtr> fields);

    // binder_function.cpp
    ExpressionPtr bindCall(const syntax::Expression& expression, const syntax::FunctionCall& call);
    ExpressionPtr unknownFunction(const syntax::Expression& expression,
                                  const syntax::FunctionCall& call);
    bool checkArguments(const syntax::Expression& expression, const FunctionInfo& info,
                        const std::vector<ExpressionPtr>& arguments);
    ExpressionPtr bindCidrMatch(const syntax::Expression& expression,
                                std::vector<ExpressionPtr> arguments);
    ExpressionPtr bindArraySearch(const syntax::Expression& expression,
                                  const syntax::FunctionCall& call);

    /// Whether the operand is boolean (or null); else reports it. No ordinal: the only operand.
    bool requireBoolean(SourceSpan whole, const Expression& operand, std::string_view ordinal);
    void typeError(SourceSpan whole, std::string_view ordinal, std::string_view expected,
                   const Expression& found);
    /// A constant result or the error of computing it.
    ExpressionPtr folded(SourceSpan span, const ScalarResult& result);

    BinderScope& m_scope;
};

[[nodiscard]] ExpressionPtr makeExpression(SourceSpan span, ValueType type,
                                           decltype(Expression::node) node);
[[nodiscard]] ExpressionPtr makeLiteral(SourceSpan span, Value value);
/// The value if the expression is constant.
[[nodiscard]] const Value* literalOf(const Expression& expression);
[[nodiscard]] inline bool isNullLiteral(const Expression& expression)
{
    const Value* const value = literalOf(expression);
    return value != nullptr && isNull(*value);
}
/// A stored value as such: a field, a field of an earlier stage, an element's member.
[[nodiscard]] bool isFieldLike(const Expression& expression);
/// Another reference to the same stored value; the expression must be field-like.
[[nodiscard]] ExpressionPtr copyFieldLike(const Expression& expression);
/// The expression as `string` writes it, if it is no text already.
[[nodiscard]] ExpressionPtr asText(ExpressionPtr expression);
/// "keyword", "integer", "datetime" …, as messages name types.
[[nodiscard]] std::string messageTypeName(const Expression& expression);
/// "first", "second", "third", "fourth", "fifth"; empty from there on.
[[nodiscard]] std::string_view ordinalName(std::size_t index);

} // namespace sequela::eql
