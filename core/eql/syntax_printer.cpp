#include "core/eql/lexer.h"
#include "core/eql/printer.h"
#include "core/eql/string_literal.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace sequela::eql {

namespace {

using syntax::BinaryOperator;
using syntax::Expression;
using syntax::ExpressionPtr;

/// How tight an expression binds, loosest first (eql.md section 4).
enum class Binding : std::uint8_t {
    Or,
    And,
    Not,
    Comparison,
    Sum,
    Product,
    Sign,
    Predicate,
    Primary
};

std::string_view spellingOf(BinaryOperator op)
{
    switch (op) {
    case BinaryOperator::Equal:
        return "==";
    case BinaryOperator::NotEqual:
        return "!=";
    case BinaryOperator::Less:
        return "<";
    case BinaryOperator::LessEqual:
        return "<=";
    case BinaryOperator::Greater:
        return ">";
    case BinaryOperator::GreaterEqual:
        return ">=";
    case BinaryOperator::Add:
        return "+";
    case BinaryOperator::Subtract:
        return "-";
    case BinaryOperator::Multiply:
        return "*";
    case BinaryOperator::Divide:
        return "/";
    case BinaryOperator::Modulo:
        return "%";
    }
    return {};
}

std::string_view spellingOf(syntax::MatchOperator op)
{
    switch (op) {
    case syntax::MatchOperator::Colon:
        return ":";
    case syntax::MatchOperator::Like:
        return "like";
    case syntax::MatchOperator::LikeInsensitive:
        return "like~";
    case syntax::MatchOperator::Regex:
        return "regex";
    case syntax::MatchOperator::RegexInsensitive:
        return "regex~";
    }
    return {};
}

Binding bindingOf(BinaryOperator op)
{
    switch (op) {
    case BinaryOperator::Add:
    case BinaryOperator::Subtract:
        return Binding::Sum;
    case BinaryOperator::Multiply:
    case BinaryOperator::Divide:
    case BinaryOperator::Modulo:
        return Binding::Product;
    case BinaryOperator::Equal:
    case BinaryOperator::NotEqual:
    case BinaryOperator::Less:
    case BinaryOperator::LessEqual:
    case BinaryOperator::Greater:
    case BinaryOperator::GreaterEqual:
        break;
    }
    return Binding::Comparison;
}

Binding bindingOf(const Expression& expression)
{
    if (const auto* logical = std::get_if<syntax::Logical>(&expression.node)) {
        return logical->op == syntax::LogicalOperator::Or ? Binding::Or : Binding::And;
    }
    if (const auto* unary = std::get_if<syntax::Unary>(&expression.node)) {
        return unary->op == syntax::UnaryOperator::Not ? Binding::Not : Binding::Sign;
    }
    if (const auto* binary = std::get_if<syntax::Binary>(&expression.node)) {
        return bindingOf(binary->op);
    }
    if (std::holds_alternative<syntax::ProcessRelation>(expression.node)) {
        return Binding::Not;
    }
    const bool isPredicate = std::holds_alternative<syntax::InPredicate>(expression.node)
                             || std::holds_alternative<syntax::MatchPredicate>(expression.node);
    return isPredicate ? Binding::Predicate : Binding::Primary;
}

Binding tighter(Binding binding)
{
    return static_cast<Binding>(static_cast<std::uint8_t>(binding) + 1);
}

/// Names of a dotted path, those in back quotes that need them.
std::string printPath(std::string_view path)
{
    std::string printed;
    for (std::size_t begin = 0; begin <= path.size();) {
        const std::size_t end = std::min(path.find('.', begin), path.size());
        const std::string_view name = path.substr(begin, end - begin);
        if (name.empty()) {
            return quoteName(path);
        }
        printed += printed.empty() ? "" : ".";
        printed += isPlainName(name) ? std::string(name) : quoteName(name);
        begin = end + 1;
    }
    return printed;
}

/// Appends to one text, so that printing takes time in proportion to what it prints.
class Printer {
public:
    [[nodiscard]] std::string take() { return std::move(m_text); }

    void print(const Expression& expression, Binding loosest)
    {
        const bool needsParentheses = bindingOf(expression) < loosest;
        m_text += needsParentheses ? "(" : "";
        std::visit([this](const auto& node) { printNode(node); }, expression.node);
        m_text += needsParentheses ? ")" : "";
    }

    void printQuery(const syntax::Query& query)
    {
        switch (query.kind) {
        case syntax::QueryKind::Event:
            break;
        case syntax::QueryKind::Sequence:
            m_text += "sequence";
            break;
        case syntax::QueryKind::Sample:
            m_text += "sample";
            break;
        case syntax::QueryKind::Join:
            m_text += "join";
            break;
        }
        if (query.filter) {
            printFilter(*query.filter);
        }
        if (query.by) {
            printKeys(*query.by);
        }
        if (query.maxspan) {
            m_text += " with maxspan=" + query.maxspan->number + query.maxspan->unit;
        }
        for (const syntax::Term& term : query.terms) {
            m_text += ' ';
            printTerm(term);
        }
        if (query.until) {
            m_text += " until ";
            printTerm(*query.until);
        }
        for (const syntax::Pipe& pipe : query.pipes) {
            m_text += " | " + pipe.name + (pipe.arguments.empty() ? "" : " ");
            printList(pipe.arguments);
        }
    }

private:
    void printNode(const syntax::Missing&) { m_text += "<missing>"; }
    void printNode(const syntax::NullLiteral&) { m_text += "null"; }
    void printNode(const syntax::BooleanLiteral& node) { m_text += node.value ? "true" : "false"; }
    void printNode(const syntax::NumberLiteral& node) { m_text += syntax::canonicalNumber(node); }
    void printNode(const syntax::StringLiteral& node) { m_text += quoteString(node.value); }

    void printNode(const syntax::FieldReference& node)
    {
        m_text += node.optional ? "?" : "";
        if (!node.variable.empty()) {
            m_text += '$' + node.variable + (node.path.empty() ? "" : ".");
        }
        if (node.variable.empty() || !node.path.empty()) {
            m_text += printPath(node.path);
        }
    }

    void printNode(const syntax::FunctionCall& node)
    {
        m_text += node.name + (node.caseInsensitive ? "~(" : "(");
        printList(node.arguments);
        m_text += ')';
    }

    void printNode(const syntax::Unary& node)
    {
        switch (node.op) {
        case syntax::UnaryOperator::Not:
            m_text += "not ";
            print(*node.operand, Binding::Not);
            return;
        case syntax::UnaryOperator::Minus:
            m_text += '-';
            break;
        case syntax::UnaryOperator::Plus:
            m_text += '+';
            break;
        }
        print(*node.operand, Binding::Sign);
    }

    void printNode(const syntax::Logical& node)
    {
        const bool isOr = node.op == syntax::LogicalOperator::Or;
        bool isFirst = true;
        for (const ExpressionPtr& operand : node.operands) {
            m_text += isFirst ? "" : isOr ? " or " : " and ";
            isFirst = false;
            print(*operand, tighter(isOr ? Binding::Or : Binding::And));
        }
    }

    void printNode(const syntax::Binary& node)
    {
        const Binding binding = bindingOf(node.op);
        // Comparisons do not chain; sums and products lean to the left.
        print(*node.left, binding == Binding::Comparison ? tighter(binding) : binding);
        m_text += fmt::format(" {} ", spellingOf(node.op));
        print(*node.right, tighter(binding));
    }

    void printNode(const syntax::InPredicate& node)
    {
        print(*node.subject, Binding::Primary);
        m_text += node.negated ? " not in" : " in";
        m_text += node.caseInsensitive ? "~ (" : " (";
        printList(node.items);
        m_text += ')';
    }

    void printNode(const syntax::MatchPredicate& node)
    {
        print(*node.subject, Binding::Primary);
        m_text += fmt::format(" {} ", spellingOf(node.op));
        const bool isList = node.patterns.size() != 1;
        m_text += isList ? "(" : "";
        printList(node.patterns);
        m_text += isList ? ")" : "";
    }

    void printNode(const syntax::ProcessRelation& node)
    {
        m_text += node.relation + " of [";
        printFilter(*node.filter);
        m_text += ']';
    }

    void printList(const std::vector<ExpressionPtr>& list)
    {
        bool isFirst = true;
        for (const ExpressionPtr& item : list) {
            m_text += isFirst ? "" : ", ";
            isFirst = false;
            print(*item, Binding::Or);
        }
    }

    void printFilter(const syntax::Filter& filter)
    {
        if (filter.category) {
            m_text +=
                isPlainName(*filter.category) ? *filter.category : quoteString(*filter.category);
        } else {
            m_text += "any";
        }
        m_text += " where ";
        print(*filter.condition, Binding::Or);
    }

    void printKeys(const syntax::JoinKeys& keys)
    {
        m_text += " by ";
        printList(keys.keys);
    }

    void printTerm(const syntax::Term& term)
    {
        m_text += term.missing ? "![" : "[";
        printFilter(term.filter);
        m_text += ']';
        if (term.by) {
            printKeys(*term.by);
        }
        if (term.runs) {
            m_text += fmt::format(" with runs={}", *term.runs);
        }
        if (!term.alias.empty()) {
            m_text += " as " + term.alias;
        }
    }

    std::string m_text;
};

} // namespace

std::string printQuery(const syntax::Query& query)
{
    Printer printer;
    printer.printQuery(query);
    return printer.take();
}

std::string printExpression(const syntax::Expression& expression)
{
    Printer printer;
    printer.print(expression, Binding::Or);
    return printer.take();
}

} // namespace sequela::eql
