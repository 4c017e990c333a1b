#include "core/eql/binder_expression.h"

#include "core/base/text.h"
#include "core/eql/condition_builder.h"
#include "core/eql/expression_children.h"
#include "core/eql/number_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

namespace sequela::eql {

namespace {

template <typename... Visitors>
struct Overloaded : Visitors... {
    using Visitors::operator()...;
};

bool isNumeric(const Expression& expression)
{
    return expression.type == ValueType::Long || expression.type == ValueType::Double
           || expression.type == ValueType::Null;
}

/// Whether a field stands in it outside of function calls.
bool readsBareField(const Expression& expression)
{
    if (isFieldLike(expression)) {
        return true;
    }
    bool reads = false;
    if (!std::holds_alternative<Call>(expression.node)) {
        forEachChild(expression,
                     [&](const Expression& child) { reads = reads || readsBareField(child); });
    }
    return reads;
}

ValueType arithmeticType(const Expression& left, const Expression& right)
{
    if (left.type == ValueType::Double || right.type == ValueType::Double) {
        return ValueType::Double;
    }
    return left.type == ValueType::Long && right.type == ValueType::Long ? ValueType::Long
                                                                         : ValueType::Null;
}

ArithmeticOperator arithmeticOperator(syntax::BinaryOperator op)
{
    switch (op) {
    case syntax::BinaryOperator::Subtract:
        return ArithmeticOperator::Subtract;
    case syntax::BinaryOperator::Multiply:
        return ArithmeticOperator::Multiply;
    case syntax::BinaryOperator::Divide:
        return ArithmeticOperator::Divide;
    case syntax::BinaryOperator::Modulo:
        return ArithmeticOperator::Modulo;
    default:
        return ArithmeticOperator::Add;
    }
}

bool isComparison(syntax::BinaryOperator op)
{
    switch (op) {
    case syntax::BinaryOperator::Equal:
    case syntax::BinaryOperator::NotEqual:
    case syntax::BinaryOperator::Less:
    case syntax::BinaryOperator::LessEqual:
    case syntax::BinaryOperator::Greater:
    case syntax::BinaryOperator::GreaterEqual:
        return true;
    default:
        return false;
    }
}

} // namespace

ExpressionPtr makeExpression(SourceSpan span, ValueType type, decltype(Expression::node) node)
{
    auto expression = std::make_unique<Expression>();
    expression->span = span;
    expression->type = type;
    expression->node = std::move(node);
    return expression;
}

ExpressionPtr makeLiteral(SourceSpan span, Value value)
{
    const ValueType type = typeOf(value);
    return makeExpression(span, type, Literal{std::move(value)});
}

const Value* literalOf(const Expression& expression)
{
    const auto* const literal = std::get_if<Literal>(&expression.node);
    return literal != nullptr ? &literal->value : nullptr;
}

bool isFieldLike(const Expression& expression)
{
    return std::holds_alternative<FieldValue>(expression.node)
           || std::holds_alternative<StageFieldValue>(expression.node)
           || std::holds_alternative<ElementValue>(expression.node);
}

ExpressionPtr copyFieldLike(const Expression& expression)
{
    return std::visit(Overloaded{[&](const FieldValue& node) {
                                     return makeExpression(expression.span, expression.type, node);
                                 },
                                 [&](const StageFieldValue& node) {
                                     return makeExpression(expression.span, expression.type, node);
                                 },
                                 [&](const ElementValue& node) {
                                     return makeExpression(expression.span, expression.type, node);
                                 },
                                 [&](const auto&) { return makeLiteral(expression.span, {}); }},
                      expression.node);
}

std::string messageTypeName(const Expression& expression)
{
    if (const Value* const value = literalOf(expression)) {
        if (const auto* const number = std::get_if<std::int64_t>(value)) {
            const bool fits = *number >= std::numeric_limits<std::int32_t>::min()
                              && *number <= std::numeric_limits<std::int32_t>::max();
            return fits ? "integer" : "long";
        }
    }
    if (const auto* const call = std::get_if<Call>(&expression.node)) {
        if (call->function == Function::Length || call->function == Function::IndexOf) {
            return "integer";
        }
    }
    return foldCase(valueTypeName(expression.type));
}

std::string_view ordinalName(std::size_t index)
{
    constexpr std::array<std::string_view, 5> names{"first", "second", "third", "fourth", "fifth"};
    return index < names.size() ? names[index] : std::string_view();
}

void ExpressionBinder::typeError(SourceSpan whole, std::string_view ordinal,
                                 std::string_view expected, const Expression& found)
{
    m_scope.error("eql-argument-type", found.span,
                  fmt::format("{}{}argument of [{}] must be [{}], found value [{}] type [{}]",
                              ordinal, ordinal.empty() ? "" : " ", m_scope.source(whole), expected,
                              m_scope.source(found.span), messageTypeName(found)));
}

bool ExpressionBinder::requireBoolean(SourceSpan whole, const Expression& operand,
                                      std::string_view ordinal)
{
    if (operand.type == ValueType::Boolean || operand.type == ValueType::Null) {
        return true;
    }
    typeError(whole, ordinal, "boolean", operand);
    return false;
}

ExpressionPtr ExpressionBinder::folded(SourceSpan span, const ScalarResult& result)
{
    if (!result) {
        m_scope.error("eql-constant", span, result.error());
        return makeLiteral(span, {});
    }
    return makeLiteral(span, *result);
}

ExpressionPtr ExpressionBinder::bind(const syntax::Expression& expression)
{
    const SourceSpan span = expression.span;
    return std::visit(
        Overloaded{
            [&](const syntax::Missing&) { return makeLiteral(span, {}); },
            [&](const syntax::NullLiteral&) { return makeLiteral(span, {}); },
            [&](const syntax::BooleanLiteral& node) { return makeLiteral(span, node.value); },
            [&](const syntax::NumberLiteral& node) { return bindNumber(expression, node); },
            [&](const syntax::StringLiteral& node) { return makeLiteral(span, node.value); },
            [&](const syntax::FieldReference& node) { return bindField(expression, node); },
            [&](const syntax::FunctionCall& node) { return bindCall(expression, node); },
            [&](const syntax::Unary& node) { return bindUnary(expression, node); },
            [&](const syntax::Logical& node) { return bindLogical(expression, node); },
            [&](const syntax::Binary& node) { return bindBinary(expression, node); },
            [&](const syntax::InPredicate& node) { return bindMembership(expression, node); },
            [&](const syntax::MatchPredicate& node) { return bindMatch(expression, node); },
            [&](const syntax::ProcessRelation& node) { return bindRelation(expression, node); }},
        expression.node);
}

ExpressionPtr ExpressionBinder::bindNumber(const syntax::Expression& expression,
                                           const syntax::NumberLiteral& number)
{
    if (number.isInteger) {
        if (const auto integer = parseInteger(number.text)) {
            return makeLiteral(expression.span, *integer);
        }
    }
    if (const auto decimal = parseDecimal(number.text)) {
        return makeLiteral(expression.span, *decimal);
    }
    m_scope.error("eql-constant", expression.span,
                  fmt::format("Number [{}] is too large", m_scope.source(expression.span)));
    return makeLiteral(expression.span, {});
}

ExpressionPtr ExpressionBinder::bindField(const syntax::Expression& expression,
                                          const syntax::FieldReference& field)
{
    const SourceSpan span = expression.span;
    if (!field.variable.empty()) {
        return bindElement(expression, field);
    }
    if (ExpressionPtr stageField = bindStageField(expression, field)) {
        return stageField;
    }
    const BinderScope::NamedField named = m_scope.field(field.path, span, field.optional);
    const bool isMapped = m_scope.catalog().find(field.path).has_value();
    if (field.optional && !isMapped) {
        return makeLiteral(span, {});
    }
    return makeExpression(span, named.type ? valueTypeOf(*named.type) : ValueType::Null,
                          FieldValue{named.slot});
}

ExpressionPtr ExpressionBinder::bindElement(const syntax::Expression& expression,
                                            const syntax::FieldReference& field)
{
    const auto variable = std::ranges::find(m_scope.variables.rbegin(), m_scope.variables.rend(),
                                            field.variable, &BinderScope::Variable::name);
    if (variable == m_scope.variables.rend()) {
        m_scope
            .error("eql-unknown-variable", expression.span,
                   fmt::format("Unknown variable [${}]", visibleText(field.variable)))
            .hint = "Only an array search around it defines a variable.";
        return makeLiteral(expression.span, {});
    }
    ValueType type = ValueType::Null;
    if (!variable->arrayPath.empty()) {
        const std::string name =
            field.path.empty() ? variable->arrayPath : variable->arrayPath + '.' + field.path;
        if (const auto known = m_scope.catalog().find(name)) {
            type = valueTypeOf(known->type);
        }
    }
    return makeExpression(expression.span, type, ElementValue{variable->number, field.path});
}

ExpressionPtr ExpressionBinder::bindStageField(const syntax::Expression& expression,
                                               const syntax::FieldReference& field)
{
    const std::size_t dot = field.path.find('.');
    const auto alias = m_scope.aliases.find(std::string_view(field.path).substr(0, dot));
    if (dot == std::string::npos || alias == m_scope.aliases.end()) {
        return nullptr;
    }
    if (alias->second >= m_scope.currentStage) {
        m_scope
            .error("eql-later-alias", expression.span,
                   fmt::format("[{}] names an event that has not happened yet at this place",
                               visibleText(alias->first)))
            .hint = "A stage can refer to the stages before it only.";
        return makeLiteral(expression.span, {});
    }
    const BinderScope::NamedField named =
        m_scope.field(field.path.substr(dot + 1), expression.span, field.optional);
    return makeExpression(expression.span, named.type ? valueTypeOf(*named.type) : ValueType::Null,
                          StageFieldValue{alias->second, named.slot});
}

ExpressionPtr ExpressionBinder::bindUnary(const syntax::Expression& expression,
                                          const syntax::Unary& unary)
{
    ExpressionPtr operand = bind(*unary.operand);
    const SourceSpan span = expression.span;
    const Value* const literal = literalOf(*operand);
    if (unary.op == syntax::UnaryOperator::Not) {
        if (!requireBoolean(span, *operand, "")) {
            return makeLiteral(span, {});
        }
        if (literal != nullptr) {
            return makeLiteral(span, kleeneNot(*literal));
        }
        return makeExpression(span, ValueType::Boolean, Not{std::move(operand)});
    }
    if (!isNumeric(*operand)) {
        typeError(span, "", "numeric", *operand);
        return makeLiteral(span, {});
    }
    if (unary.op == syntax::UnaryOperator::Plus) {
        operand->span = span;
        return operand;
    }
    if (literal != nullptr) {
        return folded(span, negate(*literal));
    }
    const ValueType type = operand->type;
    return makeExpression(span, type, Negation{std::move(operand)});
}

ExpressionPtr ExpressionBinder::bindLogical(const syntax::Expression& expression,
                                            const syntax::Logical& logical)
{
    const bool isAnd = logical.op == syntax::LogicalOperator::And;
    Value constant = isAnd;
    SourceSpan constantSpan = expression.span;
    std::vector<ExpressionPtr> operands;
    operands.reserve(logical.operands.size());
    for (std::size_t i = 0; i < logical.operands.size(); ++i) {
        ExpressionPtr operand = bind(*logical.operands[i]);
        const SourceSpan chain{logical.operands.front()->span.begin, operand->span.end};
        if (!requireBoolean(i == 0 ? expression.span : chain, *operand,
                            i == 0 ? "first" : "second")) {
            continue;
        }
        if (const Value* const literal = literalOf(*operand)) {
            constant = isAnd ? kleeneAnd(constant, *literal) : kleeneOr(constant, *literal);
            constantSpan = operand->span;
        } else {
            operands.push_back(std::move(operand));
        }
    }
    const auto* const boolean = std::get_if<bool>(&constant);
    const bool isNeutral = boolean != nullptr && *boolean == isAnd;
    const bool decides = boolean != nullptr && *boolean != isAnd;
    if (operands.empty() || decides) {
        return makeLiteral(expression.span, constant);
    }
    if (!isNeutral) {
        operands.push_back(makeLiteral(constantSpan, constant));
    }
    if (operands.size() == 1) {
        return std::move(operands.front());
    }
    return makeExpression(expression.span, ValueType::Boolean, Logical{isAnd, std::move(operands)});
}

ExpressionPtr ExpressionBinder::bindBinary(const syntax::Expression& expression,
                                           const syntax::Binary& binary)
{
    return isComparison(binary.op) ? bindComparison(expression, binary)
                                   : bindArithmetic(expression, binary);
}

ExpressionPtr ExpressionBinder::bindArithmetic(const syntax::Expression& expression,
                                               const syntax::Binary& binary)
{
    ExpressionPtr left = bind(*binary.left);
    ExpressionPtr right = bind(*binary.right);
    const SourceSpan span = expression.span;
    const ArithmeticOperator op = arithmeticOperator(binary.op);
    bool fits = true;
    if (!isNumeric(*left)) {
        typeError(span, "first", "numeric", *left);
        fits = false;
    }
    if (!isNumeric(*right)) {
        typeError(span, "second", "numeric", *right);
        fits = false;
    }
    if (!fits || isNullLiteral(*left) || isNullLiteral(*right)) {
        return makeLiteral(span, {});
    }
    const Value* const leftValue = literalOf(*left);
    const Value* const rightValue = literalOf(*right);
    if (leftValue != nullptr && rightValue != nullptr) {
        return folded(span, applyArithmetic(op, *leftValue, *rightValue));
    }
    if (!m_scope.isEndpoint() && readsBareField(*left) && readsBareField(*right)) {
        m_scope
            .error("eql-field-comparison", right->span,
                   fmt::format("Comparisons against fields are not (currently) supported; offender "
                               "[{}] in [{}]",
                               m_scope.source(right->span), m_scope.source(binary.operatorSpan)))
            .hint = "Elasticsearch computes with one field and constants; the endpoint dialect "
                    "allows several.";
        return makeLiteral(span, {});
    }
    const bool dividesByZero =
        rightValue != nullptr
        && (op == ArithmeticOperator::Divide || op == ArithmeticOperator::Modulo)
        && equalValues(*rightValue, Value(std::int64_t{0})) == true;
    if (dividesByZero) {
        return folded(span, applyArithmetic(op, Value(std::int64_t{1}), *rightValue));
    }
    const ValueType type = arithmeticType(*left, *right);
    return makeExpression(span, type, Arithmetic{op, std::move(left), std::move(right)});
}

ExpressionPtr ExpressionBinder::bindRelation(const syntax::Expression& expression,
                                             const syntax::ProcessRelation& relation)
{
    const SourceSpan span = expression.span;
    DescendantOf result;
    result.category = relation.filter->category;
    result.condition = std::make_unique<BoundCondition>(bindCondition(*relation.filter));
    return makeExpression(span, ValueType::Boolean, std::move(result));
}

BoundCondition ExpressionBinder::bindCondition(const syntax::Filter& filter)
{
    ExpressionPtr expression =
        filter.condition ? bind(*filter.condition) : makeLiteral(filter.span, {});
    if (expression->type != ValueType::Boolean && expression->type != ValueType::Null) {
        std::string typeName;
        for (const char c : messageTypeName(*expression)) {
            typeName += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
        }
        Diagnostic& diagnostic = m_scope.error(
            "eql-not-boolean", expression->span,
            fmt::format("Condition expression needs to be boolean, found [{}]", typeName));
        diagnostic.hint = "Compare it with something; [!= null] asks whether there is a value.";
        if (isFieldLike(*expression)) {
            const std::size_t end = expression->span.end;
            diagnostic.fixes.push_back({{end, end}, " != null", "ask whether it has a value"});
        }
    }
    BoundCondition condition = buildCondition(std::move(expression), m_scope.fields());
    if (!m_scope.isEndpoint() || m_scope.options().osList.empty()) {
        return condition;
    }
    const BinderScope::NamedField system = m_scope.field("host.os.type", filter.categorySpan, true);
    std::vector<Value> names;
    for (const std::string& name : m_scope.options().osList) {
        names.emplace_back(name);
    }
    auto subject = makeExpression(filter.categorySpan, ValueType::Keyword, FieldValue{system.slot});
    BoundCondition onSystem =
        buildCondition(makeExpression(filter.categorySpan, ValueType::Boolean,
                                      Membership{false, std::move(subject), std::move(names)}),
                       m_scope.fields());
    return both(std::move(onSystem), std::move(condition));
}

} // namespace sequela::eql
