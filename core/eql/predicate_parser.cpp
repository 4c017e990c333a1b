#include "core/eql/recovering_parser.h"
#include "core/eql/syntax_codes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace sequela::eql {

using syntax::ExpressionPtr;
using syntax::MatchOperator;

namespace {

constexpr std::array<std::pair<std::string_view, MatchOperator>, 5> matchOperators{{
    {":", MatchOperator::Colon},
    {"like", MatchOperator::Like},
    {"like~", MatchOperator::LikeInsensitive},
    {"regex", MatchOperator::Regex},
    {"regex~", MatchOperator::RegexInsensitive},
}};

} // namespace

bool RecoveringParser::atInOperator(std::size_t distance) const
{
    return m_stream.is("in", distance) || m_stream.is("in~", distance);
}

bool RecoveringParser::atMatchOperator(std::size_t distance) const
{
    return std::ranges::any_of(
        matchOperators, [&](const auto& entry) { return m_stream.is(entry.first, distance); });
}

/// primary [ predicate ]
/// predicate = [ "not" ] ( "in" | "in~" ) "(" expr { "," expr } ")"
///           | ( ":" | "like" | "like~" | "regex" | "regex~" ) ( constant | "(" constants ")" )
ExpressionPtr RecoveringParser::parsePredicate()
{
    ExpressionPtr subject = parsePrimary();
    if (m_stream.is("not") && atInOperator(1)) {
        m_stream.advance();
        return parseIn(std::move(subject), true);
    }
    if (m_stream.is("!:") || (m_stream.is("not") && atMatchOperator(1))) {
        reportNegatedMatch(*subject);
        if (m_stream.is("not")) {
            m_stream.advance();
        }
        return parseMatch(std::move(subject), true);
    }
    constexpr std::array<std::string_view, 6> words{"in",    "in~",   "like",
                                                    "like~", "regex", "regex~"};
    if (m_stream.isKind(TokenKind::Identifier) || m_stream.isKind(TokenKind::InsensitiveName)) {
        const auto word = std::ranges::find_if(
            words, [this](std::string_view each) { return isWordInAnyCase(each); });
        if (word != words.end()) {
            reportKeywordCase(*word);
            return word->starts_with("in") ? parseIn(std::move(subject), false)
                                           : parseMatch(std::move(subject), false);
        }
    }
    if (atInOperator(0)) {
        return parseIn(std::move(subject), false);
    }
    return atMatchOperator(0) ? parseMatch(std::move(subject), false) : std::move(subject);
}

ExpressionPtr RecoveringParser::parseIn(ExpressionPtr subject, bool negated)
{
    syntax::InPredicate predicate;
    predicate.negated = negated;
    predicate.caseInsensitive = m_stream.spelling().ends_with('~');
    m_stream.advance();
    const Nested nested(*this);
    if (tooDeep()) {
        return missing();
    }
    if (const SourceSpan opening = m_stream.peek().span; m_stream.accept("(")) {
        parseListItems(predicate.items, &RecoveringParser::parseOr, opening);
    } else {
        const Diagnostic* const reported =
            reportHere(codes::listWithoutParentheses,
                       fmt::format("mismatched input {} expecting '('", m_stream.quotedSpelling()),
                       "[in] takes a list in parentheses");
        const std::optional<SourceSpan> place = reported != nullptr ? reported->span : std::nullopt;
        predicate.items.push_back(parsePrimary());
        const SourceSpan span = predicate.items.back()->span;
        // Parsing on may have reported more, and the list of problems may have moved.
        Diagnostic* const problem = place ? m_problems.findLatest(*place) : nullptr;
        if (problem != nullptr && span.length() > 0 && problem->span->begin == span.begin) {
            problem->fixes.push_back({span, '(' + textOf(span) + ')', "put it in parentheses"});
        }
    }
    std::uint32_t below = subject->height;
    for (const ExpressionPtr& item : predicate.items) {
        below = std::max(below, item->height);
    }
    const std::size_t begin = subject->span.begin;
    predicate.subject = std::move(subject);
    return make(spanFrom(begin), std::move(predicate), below);
}

ExpressionPtr RecoveringParser::parseMatch(ExpressionPtr subject, bool negated)
{
    syntax::MatchPredicate predicate;
    std::string word(m_stream.spelling());
    std::ranges::transform(word, word.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const auto entry = std::ranges::find(matchOperators, std::string_view(word),
                                         &std::pair<std::string_view, MatchOperator>::first);
    predicate.op = entry == matchOperators.end() ? MatchOperator::Colon : entry->second;
    predicate.operatorSpan = m_stream.advance();
    const Nested nested(*this);
    if (tooDeep()) {
        return missing();
    }
    if (const SourceSpan opening = m_stream.peek().span; m_stream.accept("(")) {
        predicate.isList = true;
        parseListItems(predicate.patterns, &RecoveringParser::parsePattern, opening);
    } else {
        predicate.patterns.push_back(parsePattern());
    }
    std::uint32_t below = subject->height;
    for (const ExpressionPtr& pattern : predicate.patterns) {
        below = std::max(below, pattern->height);
    }
    const std::size_t begin = subject->span.begin;
    predicate.subject = std::move(subject);
    ExpressionPtr match = make(spanFrom(begin), std::move(predicate), below);
    if (negated) {
        const SourceSpan span = match->span;
        const std::uint32_t height = match->height;
        match = make(span, syntax::Unary{syntax::UnaryOperator::Not, std::move(match)}, height);
    }
    return match;
}

ExpressionPtr RecoveringParser::parsePattern()
{
    const bool isLast = m_stream.is(",", 1) || m_stream.is(")", 1) || m_stream.atEnd();
    if (atConstant()) {
        return parseConstant();
    }
    const bool isCall =
        (m_stream.isKind(TokenKind::Identifier) || m_stream.isKind(TokenKind::InsensitiveName))
        && m_stream.is("(", 1);
    if (m_stream.atEnd() || m_stream.is(")") || m_stream.is("]") || m_stream.is(",")) {
        return reportNoExpression();
    }
    const bool isField = m_stream.isKind(TokenKind::Identifier)
                         || m_stream.isKind(TokenKind::QuotedIdentifier)
                         || m_stream.isKind(TokenKind::Variable);
    if (m_dialect == Dialect::Endpoint && isField && !isCall) {
        return parsePrimary();
    }
    reportHere(
        isCall ? codes::methodCall : codes::patternNotConstant,
        fmt::format("mismatched input {} expecting {{'null', 'true', 'false', number, string}}",
                    m_stream.quotedSpelling()),
        isCall ? "Functions are called as [name(value, …)]; there are no methods"
               : "Only constants can stand here, no fields, functions or parentheses");
    if (isLast || isCall) {
        return parsePrimary();
    }
    return parseSum();
}

void RecoveringParser::reportKeywordCase(std::string_view keyword)
{
    const SourceSpan span = m_stream.peek().span;
    if (Diagnostic* problem = reportHere(
            codes::keywordCase,
            fmt::format("mismatched input {} expecting '{}'", m_stream.quotedSpelling(), keyword),
            "Keywords are written in lower case")) {
        problem->fixes.push_back({span, std::string(keyword), fmt::format("use [{}]", keyword)});
    }
}

void RecoveringParser::reportNegatedMatch(const syntax::Expression& subject)
{
    const bool isWord = m_stream.is("not");
    const SourceSpan first = m_stream.peek().span;
    const SourceSpan last = isWord ? m_stream.peek(1).span : first;
    const std::string_view op = isWord ? m_stream.spelling(1) : ":";
    Diagnostic* problem =
        isWord ? reportHere(codes::negatedMatch,
                            fmt::format("mismatched input '{}' expecting {{'in', 'in~'}}", op),
                            fmt::format("Write [not name {} …]", op))
               : m_problems.find(first);
    if (problem != nullptr) {
        problem->fixes.push_back({{subject.span.begin, last.end},
                                  fmt::format("not {} {}", m_stream.text(subject.span), op),
                                  "negate the whole test"});
    }
}

} // namespace sequela::eql
