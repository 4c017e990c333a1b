#include "core/eql/limits.h"
#include "core/eql/recovering_parser.h"
#include "core/eql/syntax_codes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace sequela::eql {

using syntax::BinaryOperator;
using syntax::ExpressionPtr;
using syntax::LogicalOperator;

namespace {

/// A comparison as other languages write it: two tokens that touch, and the EQL word for them.
struct ForeignComparison {
    std::string_view first;
    std::string_view second;
    std::string_view written;
    BinaryOperator op;
};
constexpr std::array<ForeignComparison, 5> foreignComparisons{{
    {"<", ">", "!=", BinaryOperator::NotEqual},
    {"==", "=", "==", BinaryOperator::Equal},
    {"!=", "=", "!=", BinaryOperator::NotEqual},
    {"=", ">", ">=", BinaryOperator::GreaterEqual},
    {"=", "<", "<=", BinaryOperator::LessEqual},
}};

} // namespace

/// expr = orExpr
/// orExpr = andExpr { "or" andExpr }
ExpressionPtr RecoveringParser::parseOr()
{
    return parseLogical(LogicalOperator::Or);
}

/// andExpr = notExpr { "and" notExpr }
ExpressionPtr RecoveringParser::parseAnd()
{
    return parseLogical(LogicalOperator::And);
}

ExpressionPtr RecoveringParser::parseLogical(LogicalOperator op)
{
    const auto parseOperand = [this, op] {
        return op == LogicalOperator::Or ? parseAnd() : parseNot();
    };
    ExpressionPtr first = parseOperand();
    syntax::Logical logical;
    logical.op = op;
    std::uint32_t below = first->height;
    std::size_t end = first->span.end;
    const std::size_t begin = first->span.begin;
    for (SourceSpan wordSpan = m_stream.peek().span; acceptLogical(op);
         wordSpan = m_stream.peek().span) {
        if (logical.operands.empty()) {
            logical.operands.push_back(std::move(first));
        }
        logical.operatorSpans.push_back({wordSpan.begin, m_stream.previousEnd()});
        logical.operands.push_back(parseOperand());
        below = std::max(below, logical.operands.back()->height);
        end = logical.operands.back()->span.end;
    }
    if (logical.operands.empty()) {
        return first;
    }
    return make({begin, end}, std::move(logical), below);
}

bool RecoveringParser::acceptLogical(LogicalOperator op)
{
    const bool isOr = op == LogicalOperator::Or;
    const std::string_view word = isOr ? "or" : "and";
    if (m_stream.accept(word)) {
        return true;
    }
    const SourceSpan span = m_stream.peek().span;
    if (m_stream.isKind(TokenKind::Identifier) && isWordInAnyCase(word)) {
        reportKeywordCase(word);
        m_stream.advance();
        return true;
    }
    if (!isOr && m_stream.is("&&")) {
        if (Diagnostic* problem = m_problems.find(span)) {
            problem->fixes.push_back({span, "and", "write [and]"});
        }
        m_stream.advance();
        return true;
    }
    if (isOr && m_stream.is("|") && m_stream.is("|", 1)
        && m_stream.peek(1).span.begin == span.end) {
        const SourceSpan both{span.begin, span.end + 1};
        report(codes::foreignOperator, both, "extraneous input '|'", "Write [or]")
            .fixes.push_back({both, "or", "write [or]"});
        m_stream.advance();
        m_stream.advance();
        return true;
    }
    return false;
}

bool RecoveringParser::atMiswrittenNot() const
{
    return m_stream.is("!")
           || (m_stream.isKind(TokenKind::Identifier) && isWordInAnyCase("not")
               && (m_stream.isKind(TokenKind::Identifier, 1)
                   || m_stream.isKind(TokenKind::QuotedIdentifier, 1) || m_stream.is("?", 1)));
}

/// notExpr = "not" notExpr | ident "of" "[" filter "]" | cmpExpr
ExpressionPtr RecoveringParser::parseNot()
{
    const SourceSpan span = m_stream.peek().span;
    if (m_stream.is("!")) {
        if (Diagnostic* problem = m_problems.find(span)) {
            problem->fixes.push_back({span, "not ", "write [not]"});
        }
    } else if (atMiswrittenNot()) {
        reportKeywordCase("not");
    } else if (!m_stream.is("not")) {
        const bool isRelation = m_stream.isKind(TokenKind::Identifier) && m_stream.is("of", 1);
        return isRelation ? parseProcessRelation() : parseComparison();
    }
    m_stream.advance();
    const Nested nested(*this);
    if (tooDeep()) {
        return missing();
    }
    ExpressionPtr operand = parseNot();
    return makeUnary(syntax::UnaryOperator::Not, span.begin, std::move(operand));
}

ExpressionPtr RecoveringParser::parseProcessRelation()
{
    syntax::ProcessRelation relation;
    relation.relation = m_stream.spelling();
    relation.relationSpan = m_stream.advance();
    const SourceSpan ofSpan = m_stream.advance();
    const SourceSpan both{relation.relationSpan.begin, ofSpan.end};
    if (m_dialect == Dialect::Elasticsearch) {
        report(codes::processRelation, both, "Process relationships are not supported",
               "[descendant of] belongs to the endpoint dialect");
    } else if (relation.relation != "descendant") {
        report(codes::processRelation, both,
               fmt::format("Process relationship [{}] is not supported, did you mean [descendant]?",
                           excerpt(relation.relation)))
            .fixes.push_back({relation.relationSpan, "descendant", "use [descendant]"});
    }
    relation.filter = std::make_unique<syntax::Filter>();
    const Nested nested(*this);
    if (tooDeep()) {
        relation.filter->condition = missing();
        return make(spanFrom(both.begin), std::move(relation), 1);
    }
    if (const SourceSpan opening = m_stream.peek().span; m_stream.accept("[")) {
        *relation.filter = parseFilter();
        closeTerm(opening);
    } else {
        reportMismatch("'['");
        relation.filter->condition = missing();
    }
    const std::uint32_t below = relation.filter->condition->height;
    return make(spanFrom(both.begin), std::move(relation), below);
}

std::optional<BinaryOperator> RecoveringParser::acceptComparison(SourceSpan& span)
{
    constexpr std::array<std::pair<std::string_view, BinaryOperator>, 6> operators{{
        {"==", BinaryOperator::Equal},
        {"!=", BinaryOperator::NotEqual},
        {"<", BinaryOperator::Less},
        {"<=", BinaryOperator::LessEqual},
        {">", BinaryOperator::Greater},
        {">=", BinaryOperator::GreaterEqual},
    }};
    span = m_stream.peek().span;
    for (const ForeignComparison& foreign : foreignComparisons) {
        if (m_stream.is(foreign.first) && m_stream.is(foreign.second, 1)
            && m_stream.peek(1).span.begin == span.end) {
            span.end = m_stream.peek(1).span.end;
            report(codes::foreignOperator, span,
                   fmt::format("extraneous input '{}'", foreign.second),
                   fmt::format("Write [{}]", foreign.written))
                .fixes.push_back({span, std::string(foreign.written),
                                  fmt::format("write [{}]", foreign.written)});
            m_stream.advance();
            m_stream.advance();
            return foreign.op;
        }
    }
    for (const auto& [spelling, op] : operators) {
        if (m_stream.accept(spelling)) {
            return op;
        }
    }
    if (!m_stream.is("=")) {
        return std::nullopt;
    }
    if (Diagnostic* problem = reportHere(
            codes::assignment, "mismatched input '=' expecting {'==', '!=', '<', '<=', '>', '>='}",
            "Use [==] to compare")) {
        problem->fixes.push_back({span, "==", "compare with [==]"});
    }
    m_stream.advance();
    return BinaryOperator::Equal;
}

/// cmpExpr = addExpr [ ("==" | "!=" | "<" | "<=" | ">" | ">=") addExpr ]
ExpressionPtr RecoveringParser::parseComparison()
{
    ExpressionPtr left = parseSum();
    SourceSpan operatorSpan;
    bool isChained = false;
    while (const std::optional<BinaryOperator> op = acceptComparison(operatorSpan)) {
        if (isChained) {
            report(
                codes::chainedComparison, operatorSpan,
                fmt::format("extraneous input '{}'", m_stream.text(operatorSpan)),
                "Comparisons cannot be chained; join two of them with [and], or use parentheses");
        }
        ExpressionPtr right = parseSum();
        isChained = !std::holds_alternative<syntax::Missing>(right->node);
        left = makeBinary(*op, operatorSpan, std::move(left), std::move(right));
    }
    return left;
}

ExpressionPtr RecoveringParser::makeUnary(syntax::UnaryOperator op, std::size_t begin,
                                          ExpressionPtr operand)
{
    const SourceSpan span{begin, operand->span.end};
    const std::uint32_t below = operand->height;
    return make(span, syntax::Unary{op, std::move(operand)}, below);
}

ExpressionPtr RecoveringParser::makeBinary(BinaryOperator op, SourceSpan operatorSpan,
                                           ExpressionPtr left, ExpressionPtr right)
{
    const std::uint32_t below = std::max(left->height, right->height);
    if (below >= limits::maximumTreeHeight) {
        abandonTooDeep();
        return missing();
    }
    const SourceSpan span{left->span.begin, right->span.end};
    return make(span, syntax::Binary{op, operatorSpan, std::move(left), std::move(right)}, below);
}

/// addExpr = mulExpr { ("+" | "-") mulExpr }
ExpressionPtr RecoveringParser::parseSum()
{
    ExpressionPtr left = parseProduct();
    while (m_stream.is("+") || m_stream.is("-")) {
        const BinaryOperator op = m_stream.is("+") ? BinaryOperator::Add : BinaryOperator::Subtract;
        const SourceSpan operatorSpan = m_stream.advance();
        ExpressionPtr right = parseProduct();
        left = makeBinary(op, operatorSpan, std::move(left), std::move(right));
    }
    return left;
}

/// mulExpr = unary { ("*" | "/" | "%") unary }
ExpressionPtr RecoveringParser::parseProduct()
{
    ExpressionPtr left = parseUnary();
    while (m_stream.is("*") || m_stream.is("/") || m_stream.is("%")) {
        const BinaryOperator op = m_stream.is("*")   ? BinaryOperator::Multiply
                                  : m_stream.is("/") ? BinaryOperator::Divide
                                                     : BinaryOperator::Modulo;
        const SourceSpan operatorSpan = m_stream.advance();
        ExpressionPtr right = parseUnary();
        left = makeBinary(op, operatorSpan, std::move(left), std::move(right));
    }
    return left;
}

/// unary = ("-" | "+") unary | primary [ predicate ]
ExpressionPtr RecoveringParser::parseUnary()
{
    if (!m_stream.is("-") && !m_stream.is("+")) {
        return parsePredicate();
    }
    const syntax::UnaryOperator op =
        m_stream.is("-") ? syntax::UnaryOperator::Minus : syntax::UnaryOperator::Plus;
    const SourceSpan span = m_stream.advance();
    const Nested nested(*this);
    if (tooDeep()) {
        return missing();
    }
    ExpressionPtr operand = parseUnary();
    return makeUnary(op, span.begin, std::move(operand));
}

} // namespace sequela::eql
