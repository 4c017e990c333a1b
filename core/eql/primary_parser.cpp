#include "core/eql/recovering_parser.h"
#include "core/eql/string_literal.h"
#include "core/eql/syntax_codes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace sequela::eql {

using syntax::ExpressionPtr;

/// primary = constant | func | field | "(" expr ")"
ExpressionPtr RecoveringParser::parsePrimary()
{
    if (atConstant()) {
        return parseConstant();
    }
    if (m_stream.is("(")) {
        return parseParenthesised();
    }
    const bool isWord =
        m_stream.isKind(TokenKind::Identifier) || m_stream.isKind(TokenKind::InsensitiveName);
    if (isWord && m_stream.is("(", 1)) {
        return parseCall();
    }
    const bool isName =
        m_stream.isKind(TokenKind::Identifier) || m_stream.isKind(TokenKind::QuotedIdentifier)
        || m_stream.isKind(TokenKind::Variable) || (m_stream.is("?") && !m_stream.atEnd());
    if (isName || atKeywordAsName()) {
        return parseField();
    }
    if (m_stream.isKind(TokenKind::InsensitiveName)) {
        const SourceSpan span = m_stream.advance();
        reportMismatch("'('", fmt::format("[{}] is a function", excerpt(m_stream.text(span))));
        return missing();
    }
    return reportNoExpression();
}

ExpressionPtr RecoveringParser::reportNoExpression()
{
    const SourceSpan span = m_stream.peek().span;
    if (m_stream.is("not")) {
        reportHere(codes::syntax, "no viable alternative at input 'not'",
                   "Put [not …] in parentheses here");
        return parseNot();
    }
    const bool afterInvalid = m_stream.followsInvalid();
    reportHere(codes::syntax,
               m_problems.isFull()
                   ? std::string()
                   : fmt::format("no viable alternative at input {}", m_stream.quotedSpelling()),
               "An expression is missing here");
    // The rest of a path whose first name was no token.
    while (afterInvalid && m_stream.is(".") && m_stream.isKind(TokenKind::Identifier, 1)) {
        m_stream.advance();
        m_stream.advance();
    }
    return make({span.begin, span.begin}, syntax::Missing{});
}

bool RecoveringParser::atConstant() const
{
    switch (m_stream.peek().kind) {
    case TokenKind::Integer:
    case TokenKind::Decimal:
    case TokenKind::String:
    case TokenKind::RawString:
    case TokenKind::LegacyString:
        return true;
    case TokenKind::Keyword:
        return m_stream.is("null") || m_stream.is("true") || m_stream.is("false");
    default:
        return false;
    }
}

/// constant = "null" | number | "true" | "false" | string
ExpressionPtr RecoveringParser::parseConstant()
{
    const TokenKind kind = m_stream.peek().kind;
    const SourceSpan span = m_stream.advance();
    const std::string_view spelling = m_stream.text(span);
    if (kind == TokenKind::Integer || kind == TokenKind::Decimal) {
        return make(span, syntax::NumberLiteral{std::string(spelling), kind == TokenKind::Integer});
    }
    if (kind != TokenKind::Keyword) {
        return make(span,
                    syntax::StringLiteral{decodeString(spelling), kind == TokenKind::RawString});
    }
    if (spelling == "null") {
        return make(span, syntax::NullLiteral{});
    }
    return make(span, syntax::BooleanLiteral{spelling == "true"});
}

ExpressionPtr RecoveringParser::parseParenthesised()
{
    const SourceSpan opening = m_stream.advance();
    const Nested nested(*this);
    if (tooDeep()) {
        return missing();
    }
    ExpressionPtr inner = parseOr();
    closeParenthesis(opening);
    inner->span = spanFrom(opening.begin);
    ++inner->parentheses;
    return inner;
}

void RecoveringParser::closeParenthesis(SourceSpan opening)
{
    if (m_stream.accept(")")) {
        return;
    }
    const std::size_t end = m_stream.previousEnd();
    if (Diagnostic* problem =
            reportHere(m_stream.atEnd() ? codes::missingBracket : codes::syntax,
                       fmt::format("mismatched input {} expecting ')'", m_stream.quotedSpelling()),
                       "An opening parenthesis has no closing one");
        problem != nullptr && m_stream.atEnd()) {
        problem->span = opening;
        problem->fixes.push_back({{end, end}, ")", "close the parenthesis"});
    }
    const std::size_t start = m_stream.position();
    skipTo({")", "]", "|", "until", "and", "or"});
    if (!m_stream.accept(")") && !m_stream.is("and") && !m_stream.is("or")) {
        m_stream.rewind(start);
        skipTo({"]", "|"});
    }
}

void RecoveringParser::parseListItems(std::vector<ExpressionPtr>& items,
                                      ExpressionPtr (RecoveringParser::*parseItem)(),
                                      SourceSpan opening)
{
    if (m_stream.is(")")) {
        reportHere(codes::emptyList, "mismatched input ')' expecting an expression",
                   "The list needs at least one value");
        m_stream.advance();
        return;
    }
    while (true) {
        items.push_back((this->*parseItem)());
        const SourceSpan comma = m_stream.peek().span;
        if (!m_stream.accept(",")) {
            break;
        }
        if (m_stream.is(")")) {
            if (Diagnostic* problem =
                    reportHere(codes::trailingComma, "no viable alternative at input ')'",
                               "A list does not end with a comma")) {
                problem->span = comma;
                problem->fixes.push_back({comma, "", "remove the comma"});
            }
            break;
        }
    }
    closeParenthesis(opening);
}

/// func = ( ident | ident~ ) "(" [ expr { "," expr } ] ")"
ExpressionPtr RecoveringParser::parseCall()
{
    syntax::FunctionCall call;
    call.name = m_stream.spelling();
    call.nameSpan = m_stream.advance();
    if (call.name.ends_with('~')) {
        call.caseInsensitive = true;
        call.name.pop_back();
    }
    const SourceSpan opening = m_stream.advance();
    const Nested nested(*this);
    if (tooDeep()) {
        return missing();
    }
    if (!m_stream.accept(")")) {
        parseListItems(call.arguments, &RecoveringParser::parseOr, opening);
    }
    std::uint32_t below = 0;
    for (const ExpressionPtr& argument : call.arguments) {
        below = std::max(below, argument->height);
    }
    const std::size_t begin = call.nameSpan.begin;
    return make(spanFrom(begin), std::move(call), below);
}

bool RecoveringParser::atKeywordAsName() const
{
    if (!m_stream.isKind(TokenKind::Keyword) || m_stream.is("not") || m_stream.is("and")
        || m_stream.is("or")) {
        return false;
    }
    constexpr std::array<std::string_view, 8> behindNames{".",  "==", "!=", "<",
                                                          "<=", ">",  ">=", ":"};
    return std::ranges::any_of(behindNames,
                               [this](std::string_view sign) { return m_stream.is(sign, 1); });
}

/// field = [ "?" ] name { "." name | "[" int "]" }
ExpressionPtr RecoveringParser::parseField()
{
    const std::size_t begin = m_stream.peek().span.begin;
    syntax::FieldReference field;
    if (m_stream.isKind(TokenKind::Variable)) {
        field.variable = m_stream.spelling().substr(1);
        m_stream.advance();
    } else {
        field.optional = m_stream.accept("?");
        field.path = parseName();
    }
    while (true) {
        parseIndexes(field);
        if (!m_stream.accept(".")) {
            break;
        }
        if (!field.path.empty()) {
            field.path += '.';
        }
        field.path += parseName();
    }
    return make(spanFrom(begin), std::move(field));
}

/// name = ident | "`" … "`"
std::string RecoveringParser::parseName()
{
    const SourceSpan span = m_stream.peek().span;
    const std::string_view spelling = m_stream.spelling();
    if (m_stream.isKind(TokenKind::Identifier)) {
        m_stream.advance();
        return std::string(spelling);
    }
    if (m_stream.isKind(TokenKind::QuotedIdentifier)) {
        m_stream.advance();
        std::string name;
        for (std::size_t offset = 1; offset + 1 < spelling.size(); ++offset) {
            name += spelling[offset];
            offset += spelling[offset] == '`' ? 1U : 0U;
        }
        return name;
    }
    if (m_stream.isKind(TokenKind::Keyword)) {
        if (Diagnostic* problem =
                reportHere(codes::keywordAsName,
                           fmt::format("mismatched input '{}' expecting a name", spelling),
                           fmt::format("[{}] is a keyword; put it in back quotes", spelling))) {
            problem->fixes.push_back({span, quoteName(spelling), "put it in back quotes"});
        }
        m_stream.advance();
        return std::string(spelling);
    }
    reportMismatch("a name",
                   m_stream.isKind(TokenKind::Integer) || m_stream.isKind(TokenKind::Decimal)
                       ? "Names that begin with a digit stand in back quotes"
                       : "");
    return {};
}

void RecoveringParser::parseIndexes(syntax::FieldReference& field)
{
    while (m_stream.is("[") && m_stream.isKind(TokenKind::Integer, 1)) {
        const SourceSpan opening = m_stream.advance();
        const SourceSpan index = m_stream.peek().span;
        while (m_stream.isKind(TokenKind::Integer)) {
            m_stream.advance();
        }
        if (!m_stream.accept("]")) {
            reportMismatch("']'");
        }
        const SourceSpan span = spanFrom(opening.begin);
        // Elasticsearch names the place of the number.
        report(codes::arrayIndex, index, "Array indexes are not supported",
               "A test of a field with several values holds if one of them passes it")
            .fixes.push_back({span, "", "test every value"});
        field.hasIndex = true;
    }
}

} // namespace sequela::eql
