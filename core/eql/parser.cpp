#include "core/eql/parser.h"

#include "core/eql/limits.h"
#include "core/eql/recovering_parser.h"
#include "core/eql/syntax_codes.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sequela::eql {

namespace {

LexedText lexWithinLimits(std::string_view text, Dialect dialect)
{
    if (text.size() <= limits::maximumQueryBytes) {
        return lex(text, dialect);
    }
    SyntaxProblems problems;
    problems.add(codes::queryTooLong, {0, text.size()},
                 fmt::format("The query is longer than {} bytes", limits::maximumQueryBytes),
                 "Split it into several queries");
    return {{{TokenKind::Invalid, {0, text.size()}}}, problems.take()};
}

bool isPastLimit(const std::vector<Diagnostic>& diagnostics)
{
    return std::ranges::any_of(diagnostics, [](const Diagnostic& diagnostic) {
        return diagnostic.code == codes::queryTooLong || diagnostic.code == codes::tooManyTokens;
    });
}

} // namespace

RecoveringParser::RecoveringParser(std::string_view text, Dialect dialect)
    : RecoveringParser(text, dialect, lexWithinLimits(text, dialect))
{
}

RecoveringParser::RecoveringParser(std::string_view text, Dialect dialect, LexedText lexed)
    : m_dialect(dialect), m_stream(text, lexed.tokens)
{
    if (isPastLimit(lexed.diagnostics)) {
        m_abandoned = true;
        m_stream.abandon();
    }
    m_problems.append(std::move(lexed.diagnostics));
}

Diagnostic* RecoveringParser::reportHere(std::string_view code, std::string message,
                                         std::string hint)
{
    if (m_abandoned || m_stream.followsInvalid() || m_reportedAt == m_stream.position()) {
        return nullptr;
    }
    m_reportedAt = m_stream.position();
    return &m_problems.add(code, m_stream.peek().span, std::move(message), std::move(hint));
}

Diagnostic& RecoveringParser::report(std::string_view code, SourceSpan span, std::string message,
                                     std::string hint)
{
    return m_problems.add(code, span, std::move(message), std::move(hint));
}

Diagnostic* RecoveringParser::reportMismatch(std::string_view expected, std::string hint)
{
    return reportHere(
        codes::syntax,
        fmt::format("mismatched input {} expecting {}", m_stream.quotedSpelling(), expected),
        std::move(hint));
}

bool RecoveringParser::expect(std::string_view word)
{
    if (m_stream.accept(word)) {
        return true;
    }
    reportMismatch(fmt::format("'{}'", word));
    return false;
}

void RecoveringParser::skipTo(std::initializer_list<std::string_view> words)
{
    std::size_t depth = 0;
    for (; !m_stream.atEnd(); m_stream.advance()) {
        const std::string_view spelling = m_stream.spelling();
        if (depth == 0 && std::ranges::find(words, spelling) != words.end()) {
            return;
        }
        if (spelling == "(" || spelling == "[" || spelling == "![") {
            ++depth;
        } else if ((spelling == ")" || spelling == "]") && depth > 0) {
            --depth;
        }
    }
}

bool RecoveringParser::isWordInAnyCase(std::string_view word, std::size_t distance) const
{
    const std::string_view spelling = m_stream.spelling(distance);
    return std::ranges::equal(spelling, word, [](char left, char right) {
        return left == right || (left >= 'A' && left <= 'Z' && left - 'A' + 'a' == right);
    });
}

bool RecoveringParser::tooDeep()
{
    if (m_nesting <= limits::maximumNesting) {
        return false;
    }
    abandonTooDeep();
    return true;
}

void RecoveringParser::abandonTooDeep()
{
    if (!m_abandoned) {
        report(codes::nestingTooDeep, m_stream.peek().span,
               fmt::format("The query nests deeper than {} levels", limits::maximumNesting),
               "Write the condition with fewer parentheses, signs or chained calculations");
    }
    m_abandoned = true;
    m_stream.abandon();
}

SourceSpan RecoveringParser::spanFrom(std::size_t begin) const
{
    return {begin, std::max(begin, m_stream.previousEnd())};
}

syntax::ExpressionPtr RecoveringParser::missing()
{
    const std::size_t at = m_stream.peek().span.begin;
    return make({at, at}, syntax::Missing{});
}

ParsedQuery parseQuery(std::string_view text, Dialect dialect)
{
    RecoveringParser parser(text, dialect);
    syntax::Query query = parser.parseStatement();
    return {std::move(query), parser.takeDiagnostics()};
}

ParsedExpression parseExpression(std::string_view text, Dialect dialect)
{
    RecoveringParser parser(text, dialect);
    syntax::ExpressionPtr expression = parser.parseWholeExpression();
    return {std::move(expression), parser.takeDiagnostics()};
}

} // namespace sequela::eql
