#include "core/eql/expression_text.h"

#include "core/base/text.h"
#include "core/eql/expression_children.h"
#include "core/eql/function_table.h"

#include <fmt/format.h>

#include <algorithm>

namespace sequela::eql {

namespace {

std::string quotedName(std::string_view name)
{
    std::string text = "`";
    for (const char c : name) {
        text += c;
        if (c == '`') {
            text += '`';
        }
    }
    return text + '`';
}

/// Values of types that share a spelling with text say which they are.
std::string valueText(const Value& value)
{
    switch (typeOf(value)) {
    case ValueType::Date:
        return "date " + toJson(value);
    case ValueType::Ip:
        return "ip " + toJson(value);
    case ValueType::Version:
        return "version " + toJson(value);
    default:
        return toJson(value);
    }
}

/// Writes a tree; one function a kind of node.
class ExpressionWriter {
public:
    explicit ExpressionWriter(std::span<const BoundField> fields) : m_fields(fields) {}

    void write(const Expression& expression)
    {
        std::visit([this](const auto& node) { writeNode(node); }, expression.node);
    }
    void write(const BoundCondition& condition)
    {
        if (const auto* const constant = std::get_if<ConstantCondition>(&condition.node)) {
            m_text += constant->value ? "true" : "false";
        } else if (const auto* const leaf = std::get_if<Leaf>(&condition.node)) {
            m_text += leaf->negated ? "not " : "";
            write(*leaf->expression);
        } else if (const auto* const all = std::get_if<AndCondition>(&condition.node)) {
            writeConditions(all->operands, " and ");
        } else if (const auto* const any = std::get_if<OrCondition>(&condition.node)) {
            writeConditions(any->operands, " or ");
        }
    }
    [[nodiscard]] std::string take() { return std::move(m_text); }

private:
    void writeConditions(const std::vector<BoundCondition>& operands, std::string_view separator)
    {
        m_text += '(';
        for (std::size_t i = 0; i < operands.size(); ++i) {
            m_text += i > 0 ? separator : "";
            write(operands[i]);
        }
        m_text += ')';
    }
    void writeNode(const Literal& node) { m_text += valueText(node.value); }
    void writeNode(const FieldValue& node)
    {
        m_text += quotedName(m_fields[node.field.index()].name);
    }
    void writeNode(const StageFieldValue& node)
    {
        m_text +=
            fmt::format("stage {} {}", node.stage, quotedName(m_fields[node.field.index()].name));
    }
    void writeNode(const ElementValue& node)
    {
        m_text += fmt::format("${} {}", node.variable, quotedName(node.path));
    }
    void writeNode(const Arithmetic& node)
    {
        writeInfix(*node.left, arithmeticSymbol(node.op), *node.right);
    }
    void writeNode(const Negation& node)
    {
        m_text += "-(";
        write(*node.operand);
        m_text += ')';
    }
    void writeNode(const Comparison& node)
    {
        writeInfix(*node.left, node.caseInsensitive ? "==~" : comparisonSymbol(node.op),
                   *node.right);
    }
    void writeInfix(const Expression& left, std::string_view symbol, const Expression& right)
    {
        m_text += '(';
        write(left);
        m_text += fmt::format(" {} ", symbol);
        write(right);
        m_text += ')';
    }
    void writeNode(const IsNull& node)
    {
        m_text += '(';
        write(*node.operand);
        m_text += " == null)";
    }
    void writeNode(const TextMatch& node)
    {
        m_text += '(';
        write(*node.subject);
        m_text += node.isRegex ? " regex" : " like";
        m_text += node.caseInsensitive ? "~ (" : " (";
        for (std::size_t i = 0; i < node.patterns.size(); ++i) {
            m_text += i > 0 ? ", " : "";
            m_text += quoteJson(node.patterns[i]);
        }
        m_text += "))";
    }
    void writeNode(const Membership& node)
    {
        m_text += '(';
        write(*node.subject);
        m_text += node.caseInsensitive ? " in~ (" : " in (";
        for (std::size_t i = 0; i < node.items.size(); ++i) {
            m_text += i > 0 ? ", " : "";
            m_text += valueText(node.items[i]);
        }
        m_text += "))";
    }
    void writeNode(const Call& node)
    {
        m_text += functionInfo(node.function).name;
        m_text += node.caseInsensitive ? "~(" : "(";
        for (std::size_t i = 0; i < node.arguments.size(); ++i) {
            m_text += i > 0 ? ", " : "";
            write(*node.arguments[i]);
        }
        for (const CidrBlock& block : node.blocks) {
            m_text += ", " + block.toString();
        }
        m_text += ')';
    }
    void writeNode(const Logical& node)
    {
        m_text += '(';
        for (std::size_t i = 0; i < node.operands.size(); ++i) {
            m_text += i > 0 ? (node.isAnd ? " and " : " or ") : "";
            write(*node.operands[i]);
        }
        m_text += ')';
    }
    void writeNode(const Not& node)
    {
        m_text += "not (";
        write(*node.operand);
        m_text += ')';
    }
    void writeNode(const ArraySearch& node)
    {
        m_text += "arraySearch(";
        if (node.outerVariable) {
            m_text += fmt::format("${} ", *node.outerVariable);
        }
        m_text += fmt::format("{}, ${}, ", quotedName(node.path), node.variable);
        write(*node.predicate);
        m_text += ')';
    }
    void writeNode(const DescendantOf& node)
    {
        m_text += "descendant of [";
        m_text += node.category ? quoteJson(*node.category) : "any";
        m_text += " where ";
        write(*node.condition);
        m_text += ']';
    }

    std::span<const BoundField> m_fields;
    std::string m_text;
};

} // namespace

std::string expressionText(const Expression& expression, std::span<const BoundField> fields)
{
    ExpressionWriter writer(fields);
    writer.write(expression);
    return writer.take();
}

std::string conditionText(const BoundCondition& condition, std::span<const BoundField> fields)
{
    ExpressionWriter writer(fields);
    writer.write(condition);
    return writer.take();
}

void collectFields(const Expression& expression, std::vector<FieldSlot>& fields)
{
    if (const auto* const field = std::get_if<FieldValue>(&expression.node)) {
        fields.push_back(field->field);
    }
    forEachChild(expression, [&](const Expression& child) { collectFields(child, fields); });
}

bool readsEarlierStages(const Expression& expression)
{
    bool reads = std::holds_alternative<StageFieldValue>(expression.node);
    forEachChild(expression,
                 [&](const Expression& child) { reads = reads || readsEarlierStages(child); });
    return reads;
}

std::string_view comparisonSymbol(ComparisonOperator op)
{
    switch (op) {
    case ComparisonOperator::Equal:
        return "==";
    case ComparisonOperator::NotEqual:
        return "!=";
    case ComparisonOperator::Less:
        return "<";
    case ComparisonOperator::LessEqual:
        return "<=";
    case ComparisonOperator::Greater:
        return ">";
    case ComparisonOperator::GreaterEqual:
        return ">=";
    }
    return {};
}

std::string_view arithmeticSymbol(ArithmeticOperator op)
{
    switch (op) {
    case ArithmeticOperator::Add:
        return "+";
    case ArithmeticOperator::Subtract:
        return "-";
    case ArithmeticOperator::Multiply:
        return "*";
    case ArithmeticOperator::Divide:
        return "/";
    case ArithmeticOperator::Modulo:
        return "%";
    }
    return {};
}

} // namespace sequela::eql
