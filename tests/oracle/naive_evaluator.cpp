#include "tests/oracle/naive_evaluator.h"

#include "core/base/text.h"
#include "tests/oracle/naive_functions.h"
#include "tests/oracle/naive_patterns.h"

#include <algorithm>
#include <cstdlib>

namespace sequela::oracle {

namespace syntax = eql::syntax;
using syntax::BinaryOperator;
using syntax::Expression;

namespace {

bool isTrue(const Value& value)
{
    const auto* boolean = std::get_if<bool>(&value);
    return boolean != nullptr && *boolean;
}

Value kleeneNot(const Value& value)
{
    return isNull(value) ? Value{} : Value(!std::get<bool>(value));
}

/// Kleene `and` / `or`: the deciding value if there is one, else null if there is one.
Value kleene(syntax::LogicalOperator op, const std::vector<Value>& operands)
{
    const bool deciding = op == syntax::LogicalOperator::Or;
    if (std::ranges::find(operands, Value(deciding)) != operands.end()) {
        return deciding;
    }
    return std::ranges::any_of(operands, isNull) ? Value{} : Value(!deciding);
}

bool isEquality(BinaryOperator op)
{
    return op == BinaryOperator::Equal || op == BinaryOperator::NotEqual;
}

Value numberValue(const syntax::NumberLiteral& literal)
{
    if (literal.isInteger) {
        const Value whole = decode(Type::Long, {JsonScalar::Kind::Number, literal.text});
        if (!isNull(whole)) {
            return whole;
        }
    }
    return std::strtod(literal.text.c_str(), nullptr);
}

/// `==` and `!=`; beside a literal null they ask whether the other side is null.
Value equality(BinaryOperator op, const Value& left, const Value& right, bool isNullCheck)
{
    const bool wanted = op == BinaryOperator::Equal;
    if (isNullCheck) {
        return (isNull(left) && isNull(right)) == wanted;
    }
    return isNull(left) || isNull(right) ? Value{} : Value(equal(left, right) == wanted);
}

bool holds(BinaryOperator op, int order)
{
    switch (op) {
    case BinaryOperator::Less:
        return order < 0;
    case BinaryOperator::LessEqual:
        return order <= 0;
    case BinaryOperator::Greater:
        return order > 0;
    default:
        return order >= 0;
    }
}

/// Stands for the event's ancestors among the names an expression reads.
constexpr std::string_view ancestry = "descendant of";

bool isArraySearch(const syntax::FunctionCall& function)
{
    return function.name == "_arraysearch";
}

template <typename Visit>
void forEachChild(const Expression& expression, const Visit& visit)
{
    const auto all = [&](const auto& children) {
        for (const syntax::ExpressionPtr& child : children) {
            visit(*child);
        }
    };
    if (const auto* function = std::get_if<syntax::FunctionCall>(&expression.node)) {
        all(function->arguments);
    } else if (const auto* unary = std::get_if<syntax::Unary>(&expression.node)) {
        visit(*unary->operand);
    } else if (const auto* logical = std::get_if<syntax::Logical>(&expression.node)) {
        all(logical->operands);
    } else if (const auto* binary = std::get_if<syntax::Binary>(&expression.node)) {
        visit(*binary->left);
        visit(*binary->right);
    } else if (const auto* in = std::get_if<syntax::InPredicate>(&expression.node)) {
        visit(*in->subject);
        all(in->items);
    } else if (const auto* match = std::get_if<syntax::MatchPredicate>(&expression.node)) {
        visit(*match->subject);
        all(match->patterns);
    }
}

} // namespace

bool NaiveEvaluator::matches(const syntax::Filter& filter, const NaiveScope& scope,
                             const std::string& categoryField) const
{
    if (filter.category) {
        const std::vector<Value> categories = valuesOf(m_catalog, *scope.event, categoryField);
        if (std::ranges::find(categories, Value(*filter.category)) == categories.end()) {
            return false;
        }
    }
    return isTrue(condition(*filter.condition, scope));
}

std::optional<Value> NaiveEvaluator::constant(const Expression& expression) const
{
    bool failed = false;
    const Value value = evaluate(expression, {}, failed);
    return failed ? std::nullopt : std::optional(value);
}

std::string NaiveEvaluator::nameOf(const syntax::FieldReference& field) const
{
    if (!field.variable.empty()) {
        return '$' + field.variable + '.' + field.path;
    }
    return m_catalog.resolve(field.path);
}

/// Section 12: `$variable.member`, `alias.field`, or a field of the event under test.
std::vector<Value> NaiveEvaluator::valuesOfName(const std::string& name,
                                                const NaiveScope& scope) const
{
    const std::string first = name.substr(0, name.find('.'));
    const std::string rest = name.substr(std::min(name.size(), first.size() + 1));
    if (name.starts_with('$')) {
        const NaiveElement& element = scope.variables.at(first.substr(1));
        const auto member = element.members.find(rest);
        if (member == element.members.end()) {
            return {};
        }
        const std::string full = element.array + (rest.empty() ? "" : "." + rest);
        return valuesOf(m_catalog, {{full, member->second}}, full);
    }
    const auto alias = scope.aliases.find(first);
    return alias == scope.aliases.end()
               ? valuesOf(m_catalog, *scope.event, name)
               : valuesOf(m_catalog, *alias->second, m_catalog.resolve(rest));
}

/// True if the condition holds for some element of the array, taken as an object.
Value NaiveEvaluator::arraySearch(const syntax::FunctionCall& search, const NaiveScope& scope) const
{
    const auto& array = std::get<syntax::FieldReference>(search.arguments[0]->node);
    const auto& variable = std::get<syntax::FieldReference>(search.arguments[1]->node);
    const NaiveEvent* holder = scope.event;
    NaiveElement element{m_catalog.resolve(array.path), {}};
    std::string member = element.array;
    if (!array.variable.empty()) {
        const NaiveElement& outer = scope.variables.at(array.variable);
        holder = &outer.members;
        element.array = outer.array + '.' + array.path;
        member = array.path;
    }
    const auto field = holder->find(member);
    if (field == holder->end()) {
        return false;
    }
    std::vector<NaiveEvent> elements = field->second.objects;
    for (const JsonScalar& scalar : field->second.values) {
        elements.push_back({{"", JsonField{false, {scalar}, {}}}});
    }
    return std::ranges::any_of(elements, [&](const NaiveEvent& one) {
        NaiveScope inside = scope;
        inside.variables[variable.variable] = {element.array, one};
        return isTrue(condition(*search.arguments[2], inside));
    });
}

bool NaiveEvaluator::isLiteralNull(const syntax::FieldReference& field) const
{
    return field.optional && !m_catalog.isMapped(field.path);
}

/// 3.2: leaves over fields are two-valued, folded constants keep their null.
Value NaiveEvaluator::condition(const Expression& expression, const NaiveScope& scope) const
{
    bool failed = false;
    if (const std::optional<Value> value = settled(expression)) {
        return *value;
    }
    if (const auto* logical = std::get_if<syntax::Logical>(&expression.node)) {
        std::vector<Value> operands;
        for (const syntax::ExpressionPtr& operand : logical->operands) {
            operands.push_back(condition(*operand, scope));
        }
        return kleene(logical->op, operands);
    }
    if (const auto* unary = std::get_if<syntax::Unary>(&expression.node)) {
        return kleeneNot(condition(*unary->operand, scope));
    }
    if (const auto* relation = std::get_if<syntax::ProcessRelation>(&expression.node)) {
        return scope.isDescendant(*relation);
    }
    if (const auto* function = std::get_if<syntax::FunctionCall>(&expression.node)) {
        if (isArraySearch(*function)) {
            return arraySearch(*function, scope);
        }
    }
    const auto isTrueFor = [&](const Bindings& bindings) {
        return isTrue(evaluate(expression, bindings, failed));
    };
    if (const auto* binary = std::get_if<syntax::Binary>(&expression.node)) {
        if (isEquality(binary->op)) {
            if (const auto result = booleanComparison(*binary, scope)) {
                return *result;
            }
        }
        if (binary->op == BinaryOperator::NotEqual) {
            // No value equals: the negation of `==` for some value, missing included.
            return !existsBinding(expression, scope, [&](const Bindings& bindings) {
                const Value unequal = evaluate(expression, bindings, failed);
                return !isNull(unequal) && !isTrue(unequal);
            });
        }
    }
    const auto* in = std::get_if<syntax::InPredicate>(&expression.node);
    if (in != nullptr && in->negated) {
        return !existsBinding(expression, scope, [&](const Bindings& bindings) {
            const Value outside = evaluate(expression, bindings, failed);
            return !isNull(outside) && !isTrue(outside);
        });
    }
    return existsBinding(expression, scope, isTrueFor);
}

/// `x == null` is "no value at all"; `condition == true` is the condition, `== false` its negation.
std::optional<Value> NaiveEvaluator::booleanComparison(const syntax::Binary& binary,
                                                       const NaiveScope& scope) const
{
    const bool isEqual = binary.op == BinaryOperator::Equal;
    const std::optional<Value> left = settled(*binary.left);
    const std::optional<Value> right = settled(*binary.right);
    if (!left && !right) {
        return std::nullopt;
    }
    const Value value = left ? *left : *right;
    const Expression& varying = left ? *binary.right : *binary.left;
    bool failed = false;
    if (isNull(value)) {
        const bool hasValue = existsBinding(varying, scope, [&](const Bindings& bindings) {
            return !isNull(evaluate(varying, bindings, failed));
        });
        return hasValue != isEqual;
    }
    const auto* boolean = std::get_if<bool>(&value);
    if (boolean == nullptr || std::holds_alternative<syntax::FieldReference>(varying.node)) {
        return std::nullopt;
    }
    const Value result = condition(varying, scope);
    return *boolean == isEqual ? result : kleeneNot(result);
}

/// Whether the test holds for some choice of one value per field (null for a field without any).
template <typename Test>
bool NaiveEvaluator::existsBinding(const Expression& expression, const NaiveScope& scope,
                                   const Test& test) const
{
    std::set<std::string> names;
    collectFields(expression, names);
    std::vector<Bindings> choices(1);
    for (const std::string& name : names) {
        std::vector<Value> values = valuesOfName(name, scope);
        if (values.empty()) {
            values.emplace_back();
        }
        std::vector<Bindings> longer;
        for (const Bindings& choice : choices) {
            for (const Value& value : values) {
                longer.push_back(choice);
                longer.back()[name] = value;
            }
        }
        choices = std::move(longer);
    }
    return std::ranges::any_of(choices, test);
}

void NaiveEvaluator::collectFields(const Expression& expression,
                                   std::set<std::string>& fields) const
{
    if (const auto* field = std::get_if<syntax::FieldReference>(&expression.node)) {
        if (!isLiteralNull(*field)) {
            fields.insert(nameOf(*field));
        }
    }
    if (std::holds_alternative<syntax::ProcessRelation>(expression.node)) {
        fields.insert(std::string(ancestry));
    }
    forEachChild(expression, [&](const Expression& child) { collectFields(child, fields); });
}

bool NaiveEvaluator::isConstant(const Expression& expression) const
{
    std::set<std::string> fields;
    collectFields(expression, fields);
    return fields.empty();
}

/// What an expression is whatever the event: a constant's value; null where an operator, a function
/// or a predicate has such an operand (3.2 rules 5 and 6); what an operand of `and` or `or`
/// decides.
std::optional<Value> NaiveEvaluator::settled(const Expression& expression) const
{
    bool failed = false;
    if (isConstant(expression)) {
        return evaluate(expression, {}, failed);
    }
    const auto nullOrNothing = [](bool isNull) {
        return isNull ? std::optional(Value{}) : std::nullopt;
    };
    if (const auto* function = std::get_if<syntax::FunctionCall>(&expression.node)) {
        for (std::size_t i = 0; i < function->arguments.size(); ++i) {
            if (!toleratesNull(function->name, i) && isAlwaysNull(*function->arguments[i])) {
                return Value{};
            }
        }
        return std::nullopt;
    }
    if (const auto* logical = std::get_if<syntax::Logical>(&expression.node)) {
        return settledLogical(*logical);
    }
    if (const auto* unary = std::get_if<syntax::Unary>(&expression.node)) {
        const std::optional<Value> operand = settled(*unary->operand);
        if (operand && unary->op == syntax::UnaryOperator::Not) {
            return kleeneNot(*operand);
        }
        return nullOrNothing(operand && isNull(*operand));
    }
    if (const auto* binary = std::get_if<syntax::Binary>(&expression.node)) {
        const std::optional<Value> left = settled(*binary->left);
        const std::optional<Value> right = settled(*binary->right);
        if (isEquality(binary->op)) {
            return left && right
                       ? equality(binary->op, *left, *right, isNull(*left) || isNull(*right))
                       : std::optional<Value>();
        }
        return nullOrNothing((left && isNull(*left)) || (right && isNull(*right)));
    }
    if (const auto* in = std::get_if<syntax::InPredicate>(&expression.node)) {
        return nullOrNothing(isAlwaysNull(*in->subject));
    }
    const auto* match = std::get_if<syntax::MatchPredicate>(&expression.node);
    return nullOrNothing(match != nullptr && isAlwaysNull(*match->subject));
}

std::optional<Value> NaiveEvaluator::settledLogical(const syntax::Logical& logical) const
{
    std::vector<Value> operands;
    for (const syntax::ExpressionPtr& operand : logical.operands) {
        if (const std::optional<Value> value = settled(*operand)) {
            operands.push_back(*value);
        }
    }
    const Value known = kleene(logical.op, operands);
    const bool isDecided = known == Value(logical.op == syntax::LogicalOperator::Or);
    return isDecided || operands.size() == logical.operands.size() ? std::optional(known)
                                                                   : std::nullopt;
}

bool NaiveEvaluator::isAlwaysNull(const Expression& expression) const
{
    const std::optional<Value> value = settled(expression);
    return value && isNull(*value);
}

/// Kleene logic with all nulls kept.
Value NaiveEvaluator::evaluate(const Expression& expression, const Bindings& bindings,
                               bool& failed) const
{
    if (const auto* boolean = std::get_if<syntax::BooleanLiteral>(&expression.node)) {
        return boolean->value;
    }
    if (const auto* number = std::get_if<syntax::NumberLiteral>(&expression.node)) {
        return numberValue(*number);
    }
    if (const auto* string = std::get_if<syntax::StringLiteral>(&expression.node)) {
        return string->value;
    }
    if (const auto* field = std::get_if<syntax::FieldReference>(&expression.node)) {
        return isLiteralNull(*field) ? Value{} : bindings.at(nameOf(*field));
    }
    if (const auto* function = std::get_if<syntax::FunctionCall>(&expression.node)) {
        std::vector<Value> arguments;
        for (const syntax::ExpressionPtr& argument : function->arguments) {
            arguments.push_back(evaluate(*argument, bindings, failed));
        }
        return call(function->name, function->caseInsensitive, arguments, failed);
    }
    if (const auto* unary = std::get_if<syntax::Unary>(&expression.node)) {
        const Value operand = evaluate(*unary->operand, bindings, failed);
        if (unary->op == syntax::UnaryOperator::Not) {
            return kleeneNot(operand);
        }
        return unary->op == syntax::UnaryOperator::Plus ? operand : negated(operand, failed);
    }
    if (const auto* logical = std::get_if<syntax::Logical>(&expression.node)) {
        std::vector<Value> operands;
        for (const syntax::ExpressionPtr& operand : logical->operands) {
            operands.push_back(evaluate(*operand, bindings, failed));
        }
        return kleene(logical->op, operands);
    }
    if (const auto* binary = std::get_if<syntax::Binary>(&expression.node)) {
        return evaluateBinary(*binary, bindings, failed);
    }
    if (const auto* in = std::get_if<syntax::InPredicate>(&expression.node)) {
        return evaluateIn(*in, bindings, failed);
    }
    if (const auto* match = std::get_if<syntax::MatchPredicate>(&expression.node)) {
        return evaluateMatch(*match, bindings, failed);
    }
    return {};
}

Value NaiveEvaluator::evaluateBinary(const syntax::Binary& binary, const Bindings& bindings,
                                     bool& failed) const
{
    const Value left = evaluate(*binary.left, bindings, failed);
    const Value right = evaluate(*binary.right, bindings, failed);
    if (isEquality(binary.op)) {
        return equality(binary.op, left, right,
                        isAlwaysNull(*binary.left) || isAlwaysNull(*binary.right));
    }
    if (binary.op >= BinaryOperator::Add) {
        return arithmetic(binary.op, left, right, failed);
    }
    if (isNull(left) || isNull(right)) {
        return {};
    }
    const std::optional<int> compared = order(left, right);
    return compared ? Value(holds(binary.op, *compared)) : Value{};
}

/// A null item makes a constant's miss unknown, as a comparison with it would be. Of a field's the
/// reference says nothing; there it is no item at all.
Value NaiveEvaluator::evaluateIn(const syntax::InPredicate& in, const Bindings& bindings,
                                 bool& failed) const
{
    const Value subject = evaluate(*in.subject, bindings, failed);
    const bool keepsNull = isConstant(*in.subject);
    bool found = false;
    bool unknown = isNull(subject);
    for (const syntax::ExpressionPtr& item : in.items) {
        const Value value = evaluate(*item, bindings, failed);
        unknown = unknown || (keepsNull && isNull(value));
        if (isNull(subject) || isNull(value)) {
            continue;
        }
        found = found
                || (in.caseInsensitive
                        ? equalFolded(std::get<std::string>(subject), std::get<std::string>(value))
                        : equal(subject, value));
    }
    if (!found && unknown) {
        return {};
    }
    return found != in.negated;
}

/// A null among the patterns counts as in a list of `in`.
Value NaiveEvaluator::evaluateMatch(const syntax::MatchPredicate& match, const Bindings& bindings,
                                    bool& failed) const
{
    const Value subject = evaluate(*match.subject, bindings, failed);
    const bool keepsNull = isConstant(*match.subject);
    bool found = false;
    bool unknown = isNull(subject);
    for (const syntax::ExpressionPtr& item : match.patterns) {
        const Value pattern = evaluate(*item, bindings, failed);
        unknown = unknown || (keepsNull && isNull(pattern));
        if (isNull(subject) || isNull(pattern)) {
            continue;
        }
        const std::string& text = std::get<std::string>(subject);
        const std::string& wanted = std::get<std::string>(pattern);
        if (std::holds_alternative<syntax::FieldReference>(item->node)) {
            // Section 12 between fields: equality; what a field holds is no pattern.
            const bool folds = match.op != syntax::MatchOperator::Like;
            found = found || (folds ? equalFolded(text, wanted) : text == wanted);
            continue;
        }
        switch (match.op) {
        case syntax::MatchOperator::Colon:
        case syntax::MatchOperator::LikeInsensitive:
            found = found || matchesWildcard(wanted, text, true);
            break;
        case syntax::MatchOperator::Like:
            found = found || matchesWildcard(wanted, text, false);
            break;
        case syntax::MatchOperator::Regex:
            found = found || matchesRegex(wanted, text, false);
            break;
        case syntax::MatchOperator::RegexInsensitive:
            found = found || matchesRegex(wanted, text, true);
            break;
        }
    }
    if (!found && unknown) {
        return {};
    }
    return found;
}

} // namespace sequela::oracle
