#include "core/engine/compiled_expression.h"

#include "core/base/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace sequela::engine {

namespace {

using Node = CompiledExpression::Node;
using NodeKind = CompiledExpression::NodeKind;
using eql::Value;

bool isFallible(eql::Function function)
{
    using eql::Function;
    switch (function) {
    case Function::Add:
    case Function::Divide:
    case Function::Modulo:
    case Function::Multiply:
    case Function::Number:
    case Function::Subtract:
    case Function::IndexOf:
    case Function::Substring:
        return true;
    case Function::Between:
    case Function::CidrMatch:
    case Function::Concat:
    case Function::EndsWith:
    case Function::Length:
    case Function::StartsWith:
    case Function::String:
    case Function::StringContains:
        return false;
    }
    return true;
}

Value evaluate(const Node& node, std::span<const Value* const> values, ExpressionScope& scope);

Value settled(eql::ScalarResult result, ExpressionScope& scope)
{
    if (!result) {
        scope.runtimeError(result.error());
        return {};
    }
    return std::move(*result);
}

Value evaluateMembership(const Node& node, const Value& subject)
{
    if (eql::isNull(subject)) {
        return {};
    }
    if (const auto* text = std::get_if<std::string>(&subject)) {
        return node.textItems.contains(node.caseInsensitive ? foldCase(*text) : *text);
    }
    return std::ranges::any_of(node.items, [&](const Value& item) {
        return eql::equalValues(subject, item, node.caseInsensitive).value_or(false);
    });
}

Value evaluateCidr(const Node& node, const Value& subject)
{
    if (eql::isNull(subject)) {
        return {};
    }
    std::optional<IpAddress> address;
    if (const auto* known = std::get_if<IpAddress>(&subject)) {
        address = *known;
    } else if (const auto* text = std::get_if<std::string>(&subject)) {
        address = IpAddress::parse(*text);
    }
    if (!address) {
        return {};
    }
    return std::ranges::any_of(node.blocks,
                               [&](const CidrBlock& block) { return block.contains(*address); });
}

Value evaluateLogical(const Node& node, std::span<const Value* const> values,
                      ExpressionScope& scope)
{
    const bool isAnd = node.kind == NodeKind::And;
    Value result = isAnd;
    for (const Node& child : node.children) {
        const Value value = evaluate(child, values, scope);
        result = isAnd ? eql::kleeneAnd(result, value) : eql::kleeneOr(result, value);
    }
    return result;
}

Value evaluateCall(const Node& node, std::span<const Value* const> values, ExpressionScope& scope)
{
    std::vector<Value> arguments;
    arguments.reserve(node.children.size());
    for (const Node& child : node.children) {
        arguments.push_back(evaluate(child, values, scope));
    }
    return settled(eql::callFunction(node.function, node.caseInsensitive, arguments), scope);
}

Value evaluate(const Node& node, std::span<const Value* const> values, ExpressionScope& scope)
{
    const auto child = [&](std::size_t at) { return evaluate(node.children[at], values, scope); };
    switch (node.kind) {
    case NodeKind::Literal:
        return node.literal;
    case NodeKind::Reference:
        return *values[node.number];
    case NodeKind::Arithmetic: {
        const Value left = child(0);
        return settled(eql::applyArithmetic(node.arithmetic, left, child(1)), scope);
    }
    case NodeKind::Negation:
        return settled(eql::negate(child(0)), scope);
    case NodeKind::Comparison: {
        const Value left = child(0);
        if (node.caseInsensitive) {
            const auto equal = eql::equalValues(left, child(1), true);
            return equal ? Value(*equal) : Value();
        }
        return eql::applyComparison(node.comparison, left, child(1));
    }
    case NodeKind::IsNull:
        return eql::isNull(child(0));
    case NodeKind::TextMatch: {
        const Value subject = child(0);
        if (eql::isNull(subject)) {
            return {};
        }
        const auto* text = std::get_if<std::string>(&subject);
        return node.patterns->matches(text != nullptr ? *text : eql::toText(subject));
    }
    case NodeKind::Membership:
        return evaluateMembership(node, child(0));
    case NodeKind::CidrMatch:
        return evaluateCidr(node, child(0));
    case NodeKind::Call:
        return evaluateCall(node, values, scope);
    case NodeKind::And:
    case NodeKind::Or:
        return evaluateLogical(node, values, scope);
    case NodeKind::Not:
        return eql::kleeneNot(child(0));
    case NodeKind::ArraySearch:
        return scope.arraySearch(*node.search);
    case NodeKind::DescendantOf:
        return scope.isDescendant(node.number);
    }
    return {};
}

} // namespace

std::uint32_t ExpressionContext::fieldIndex(eql::FieldSlot slot)
{
    const eql::BoundField& field = queryFields[slot.index()];
    const auto found = std::ranges::find(fields, field);
    if (found == fields.end()) {
        fields.push_back(field);
        return static_cast<std::uint32_t>(fields.size() - 1);
    }
    return static_cast<std::uint32_t>(found - fields.begin());
}

/// Walks a bound expression once.
class ExpressionCompiler {
public:
    explicit ExpressionCompiler(ExpressionContext& context) : m_context(context) {}

    Result<CompiledExpression> compile(const eql::Expression& expression)
    {
        const eql::Expression* root = &expression;
        if (const auto* test = std::get_if<eql::IsNull>(&root->node)) {
            m_compiled.m_isNullTest = true;
            root = test->operand.get();
        }
        m_compiled.m_root = node(*root);
        if (m_problem) {
            return std::unexpected(std::move(*m_problem));
        }
        return std::move(m_compiled);
    }

private:
    Node node(const eql::Expression& expression)
    {
        Node result;
        std::visit([&](const auto& part) { fill(result, part); }, expression.node);
        return result;
    }

    void reference(Node& result, Reference reference)
    {
        auto& references = m_compiled.m_references;
        const auto found = std::ranges::find(references, reference);
        result.kind = NodeKind::Reference;
        result.number = static_cast<std::uint32_t>(found - references.begin());
        if (found == references.end()) {
            references.push_back(std::move(reference));
        }
    }

    void fill(Node& result, const eql::Literal& part) { result.literal = part.value; }
    void fill(Node& result, const eql::FieldValue& part)
    {
        reference(result, {Reference::Kind::Field, m_context.fieldIndex(part.field), 0, {}});
    }
    void fill(Node& result, const eql::StageFieldValue& part)
    {
        m_context.usesStages = true;
        reference(result,
                  {Reference::Kind::StageField, m_context.fieldIndex(part.field), part.stage, {}});
    }
    void fill(Node& result, const eql::ElementValue& part)
    {
        reference(result, {Reference::Kind::Element, 0, part.variable, part.path});
    }
    void fill(Node& result, const eql::Arithmetic& part)
    {
        m_context.isFallible = true;
        result.kind = NodeKind::Arithmetic;
        result.arithmetic = part.op;
        result.children.push_back(node(*part.left));
        result.children.push_back(node(*part.right));
    }
    void fill(Node& result, const eql::Negation& part)
    {
        m_context.isFallible = true;
        result.kind = NodeKind::Negation;
        result.children.push_back(node(*part.operand));
    }
    void fill(Node& result, const eql::Comparison& part)
    {
        result.kind = NodeKind::Comparison;
        result.comparison = part.op;
        result.caseInsensitive = part.caseInsensitive;
        result.children.push_back(node(*part.left));
        result.children.push_back(node(*part.right));
    }
    void fill(Node& result, const eql::IsNull& part)
    {
        result.kind = NodeKind::IsNull;
        result.children.push_back(node(*part.operand));
    }
    void fill(Node& result, const eql::TextMatch& part)
    {
        result.kind = NodeKind::TextMatch;
        result.caseInsensitive = part.caseInsensitive;
        result.isRegex = part.isRegex;
        result.children.push_back(node(*part.subject));
        auto patterns =
            eql::CompiledPatterns::compile(part.patterns, part.isRegex, part.caseInsensitive);
        if (!patterns) {
            m_problem = makeError("engine-pattern", fmt::format("the pattern cannot be used: {}",
                                                                patterns.error().message));
            return;
        }
        result.patterns = std::make_shared<const eql::CompiledPatterns>(std::move(*patterns));
        for (const std::string& pattern : part.patterns) {
            if (!part.isRegex) {
                result.signatures.push_back(signatureOfPattern(pattern));
            }
        }
        // One pattern that may match anything makes the others useless.
        if (std::ranges::find(result.signatures, TextSignature{}) != result.signatures.end()) {
            result.signatures.clear();
        }
    }
    void fill(Node& result, const eql::Membership& part)
    {
        result.kind = NodeKind::Membership;
        result.caseInsensitive = part.caseInsensitive;
        result.children.push_back(node(*part.subject));
        result.items = part.items;
        for (const Value& item : part.items) {
            if (const auto* text = std::get_if<std::string>(&item)) {
                result.textItems.insert(part.caseInsensitive ? foldCase(*text) : *text);
            }
        }
    }
    void fill(Node& result, const eql::Call& part)
    {
        result.kind =
            part.function == eql::Function::CidrMatch ? NodeKind::CidrMatch : NodeKind::Call;
        result.function = part.function;
        result.caseInsensitive = part.caseInsensitive;
        result.blocks = part.blocks;
        m_context.isFallible = m_context.isFallible || isFallible(part.function);
        for (const auto& argument : part.arguments) {
            result.children.push_back(node(*argument));
        }
    }
    void fill(Node& result, const eql::Logical& part)
    {
        result.kind = part.isAnd ? NodeKind::And : NodeKind::Or;
        for (const auto& operand : part.operands) {
            result.children.push_back(node(*operand));
        }
    }
    void fill(Node& result, const eql::Not& part)
    {
        result.kind = NodeKind::Not;
        result.children.push_back(node(*part.operand));
    }
    void fill(Node& result, const eql::ArraySearch& part)
    {
        m_context.usesArraySearch = true;
        auto search = std::make_shared<CompiledArraySearch>();
        search->path = part.path;
        search->outerVariable = part.outerVariable;
        search->variable = part.variable;
        search->predicate = predicate(*part.predicate);
        result.kind = NodeKind::ArraySearch;
        result.search = std::move(search);
    }
    void fill(Node& result, const eql::DescendantOf& part)
    {
        m_context.usesDescendants = true;
        auto& filters = *m_context.descendantFilters;
        result.kind = NodeKind::DescendantOf;
        result.number = static_cast<std::uint32_t>(filters.size());
        filters.push_back(&part);
    }

    CompiledPredicate predicate(const eql::Expression& expression)
    {
        CompiledPredicate result;
        if (const auto* logical = std::get_if<eql::Logical>(&expression.node)) {
            result.kind =
                logical->isAnd ? CompiledPredicate::Kind::And : CompiledPredicate::Kind::Or;
            for (const auto& operand : logical->operands) {
                result.operands.push_back(predicate(*operand));
            }
            return result;
        }
        if (const auto* negated = std::get_if<eql::Not>(&expression.node)) {
            result.kind = CompiledPredicate::Kind::Not;
            result.operands.push_back(predicate(*negated->operand));
            return result;
        }
        auto leaf = ExpressionCompiler(m_context).compile(expression);
        if (!leaf) {
            m_problem = std::move(leaf).error();
            return result;
        }
        const bool isUnequal = leaf->m_root.kind == NodeKind::Comparison && !leaf->m_isNullTest
                               && leaf->m_root.comparison == eql::ComparisonOperator::NotEqual;
        if (isUnequal) {
            // `!=` is the negation of the existential `==` (eql.md 3.4).
            leaf->m_root.comparison = eql::ComparisonOperator::Equal;
        }
        result.leaf = std::make_unique<CompiledExpression>(std::move(*leaf));
        if (!isUnequal) {
            return result;
        }
        CompiledPredicate negation;
        negation.kind = CompiledPredicate::Kind::Not;
        negation.operands.push_back(std::move(result));
        return negation;
    }

    ExpressionContext& m_context;
    CompiledExpression m_compiled;
    std::optional<Diagnostic> m_problem;
};

Result<CompiledExpression> CompiledExpression::compile(const eql::Expression& expression,
                                                       ExpressionContext& context)
{
    return ExpressionCompiler(context).compile(expression);
}

bool CompiledExpression::isHit(std::span<const eql::Value* const> values,
                               ExpressionScope& scope) const
{
    const Value result = evaluate(m_root, values, scope);
    if (m_isNullTest) {
        return !eql::isNull(result);
    }
    const bool* truth = std::get_if<bool>(&result);
    return truth != nullptr && *truth;
}

} // namespace sequela::engine
