#include "core/eql/syntax_tree.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <type_traits>

namespace sequela::eql::syntax {

namespace {

std::optional<std::int64_t> literalInteger(const NumberLiteral& number)
{
    std::int64_t value = 0;
    const char* const end = number.text.data() + number.text.size();
    const auto [stop, error] = std::from_chars(number.text.data(), end, value);
    const bool isWhole = number.isInteger && error == std::errc{} && stop == end;
    return isWhole ? std::optional(value) : std::nullopt;
}

std::optional<std::int64_t> calculate(BinaryOperator op, std::int64_t left, std::int64_t right)
{
    std::int64_t result = 0;
    switch (op) {
    case BinaryOperator::Add:
        return __builtin_add_overflow(left, right, &result) ? std::nullopt : std::optional(result);
    case BinaryOperator::Subtract:
        return __builtin_sub_overflow(left, right, &result) ? std::nullopt : std::optional(result);
    case BinaryOperator::Multiply:
        return __builtin_mul_overflow(left, right, &result) ? std::nullopt : std::optional(result);
    case BinaryOperator::Divide:
    case BinaryOperator::Modulo:
        // Dividing the lowest number by -1 overflows.
        if (right == 0 || (right == -1 && __builtin_sub_overflow(std::int64_t{0}, left, &result))) {
            return std::nullopt;
        }
        return op == BinaryOperator::Divide ? left / right : left % right;
    case BinaryOperator::Equal:
    case BinaryOperator::NotEqual:
    case BinaryOperator::Less:
    case BinaryOperator::LessEqual:
    case BinaryOperator::Greater:
    case BinaryOperator::GreaterEqual:
        break;
    }
    return std::nullopt;
}

bool sameList(const std::vector<ExpressionPtr>& left, const std::vector<ExpressionPtr>& right)
{
    return std::ranges::equal(left, right, [](const ExpressionPtr& a, const ExpressionPtr& b) {
        return sameTree(*a, *b);
    });
}

bool sameFilter(const Filter& left, const Filter& right)
{
    return left.category == right.category && sameTree(*left.condition, *right.condition);
}

bool sameNode(const Missing&, const Missing&)
{
    return true;
}
bool sameNode(const NullLiteral&, const NullLiteral&)
{
    return true;
}
bool sameNode(const BooleanLiteral& left, const BooleanLiteral& right)
{
    return left.value == right.value;
}
bool sameNode(const NumberLiteral& left, const NumberLiteral& right)
{
    return left.isInteger == right.isInteger && canonicalNumber(left) == canonicalNumber(right);
}
bool sameNode(const StringLiteral& left, const StringLiteral& right)
{
    return left.value == right.value;
}
bool sameNode(const FieldReference& left, const FieldReference& right)
{
    return left.path == right.path && left.optional == right.optional
           && left.hasIndex == right.hasIndex && left.variable == right.variable;
}
bool sameNode(const FunctionCall& left, const FunctionCall& right)
{
    return left.name == right.name && left.caseInsensitive == right.caseInsensitive
           && sameList(left.arguments, right.arguments);
}
bool sameNode(const Unary& left, const Unary& right)
{
    return left.op == right.op && sameTree(*left.operand, *right.operand);
}
bool sameNode(const Logical& left, const Logical& right)
{
    return left.op == right.op && sameList(left.operands, right.operands);
}
bool sameNode(const Binary& left, const Binary& right)
{
    return left.op == right.op && sameTree(*left.left, *right.left)
           && sameTree(*left.right, *right.right);
}
bool sameNode(const InPredicate& left, const InPredicate& right)
{
    return left.negated == right.negated && left.caseInsensitive == right.caseInsensitive
           && sameTree(*left.subject, *right.subject) && sameList(left.items, right.items);
}
bool sameNode(const MatchPredicate& left, const MatchPredicate& right)
{
    return left.op == right.op && sameTree(*left.subject, *right.subject)
           && sameList(left.patterns, right.patterns);
}
bool sameNode(const ProcessRelation& left, const ProcessRelation& right)
{
    return left.relation == right.relation && sameFilter(*left.filter, *right.filter);
}

bool sameKeys(const std::optional<JoinKeys>& left, const std::optional<JoinKeys>& right)
{
    return left.has_value() == right.has_value() && (!left || sameList(left->keys, right->keys));
}

bool sameTerm(const Term& left, const Term& right)
{
    return left.missing == right.missing && sameFilter(left.filter, right.filter)
           && sameKeys(left.by, right.by) && left.runs == right.runs && left.alias == right.alias;
}

bool sameMaxspan(const Maxspan& left, const Maxspan& right)
{
    if (left.milliseconds || right.milliseconds) {
        return left.milliseconds == right.milliseconds;
    }
    return left.number == right.number && left.unit == right.unit;
}

template <typename Part, typename Same>
bool sameOptional(const std::optional<Part>& left, const std::optional<Part>& right, Same same)
{
    return left.has_value() == right.has_value() && (!left || same(*left, *right));
}

} // namespace

std::optional<std::int64_t> integerConstant(const Expression& expression)
{
    if (const auto* number = std::get_if<NumberLiteral>(&expression.node)) {
        return literalInteger(*number);
    }
    if (const auto* unary = std::get_if<Unary>(&expression.node)) {
        const std::optional<std::int64_t> operand = integerConstant(*unary->operand);
        if (!operand || unary->op == UnaryOperator::Not) {
            return std::nullopt;
        }
        return unary->op == UnaryOperator::Plus ? operand
                                                : calculate(BinaryOperator::Subtract, 0, *operand);
    }
    if (const auto* binary = std::get_if<Binary>(&expression.node)) {
        const std::optional<std::int64_t> left = integerConstant(*binary->left);
        const std::optional<std::int64_t> right = integerConstant(*binary->right);
        return left && right ? calculate(binary->op, *left, *right) : std::nullopt;
    }
    return std::nullopt;
}

std::string canonicalNumber(const NumberLiteral& number)
{
    if (number.isInteger) {
        const std::size_t first = number.text.find_first_not_of('0');
        return first == std::string::npos ? "0" : number.text.substr(first);
    }
    double value = 0;
    const char* const begin = number.text.data();
    const auto [stop, error] = std::from_chars(begin, begin + number.text.size(), value);
    if (error != std::errc{}) {
        return number.text;
    }
    std::array<char, 32> buffer{};
    const auto printed = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    std::string text(buffer.data(), printed.ptr);
    if (text.find_first_of(".e") == std::string::npos) {
        text += ".0";
    }
    return text;
}

bool sameTree(const Expression& left, const Expression& right)
{
    return left.node.index() == right.node.index()
           && std::visit(
               [&right](const auto& node) {
                   return sameNode(node, std::get<std::decay_t<decltype(node)>>(right.node));
               },
               left.node);
}

bool sameTree(const Query& left, const Query& right)
{
    const auto samePipe = [](const Pipe& a, const Pipe& b) {
        return a.name == b.name && sameList(a.arguments, b.arguments);
    };
    return left.kind == right.kind && sameOptional(left.filter, right.filter, sameFilter)
           && sameKeys(left.by, right.by) && sameOptional(left.maxspan, right.maxspan, sameMaxspan)
           && std::ranges::equal(left.terms, right.terms, sameTerm)
           && sameOptional(left.until, right.until, sameTerm)
           && std::ranges::equal(left.pipes, right.pipes, samePipe);
}

} // namespace sequela::eql::syntax
