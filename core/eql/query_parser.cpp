#include "core/base/similar_names.h"
#include "core/eql/limits.h"
#include "core/eql/recovering_parser.h"
#include "core/eql/string_literal.h"
#include "core/eql/syntax_codes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace sequela::eql {

using syntax::ExpressionPtr;

/// statement = query { pipe } EOF
/// query = sequence | sample | join | filter
syntax::Query RecoveringParser::parseStatement()
{
    syntax::Query query;
    if (m_stream.atEnd()) {
        reportHere(codes::emptyQuery, "mismatched input '<EOF>' expecting a query",
                   "The query is empty; begin with [any where …]");
        query.filter.emplace().condition = missing();
        return query;
    }
    const std::size_t begin = m_stream.peek().span.begin;
    const bool isCategory = m_stream.is("where", 1);
    if (m_stream.is("sequence") && !isCategory) {
        parseSequence(query);
    } else if (m_stream.is("sample") && !isCategory) {
        parseSample(query);
    } else if (m_stream.is("join") && !isCategory) {
        parseJoin(query);
    } else {
        query.filter = parseFilter();
    }
    if (!m_stream.is("|")) {
        expectEnd();
    }
    parsePipes(query);
    query.span = spanFrom(begin);
    if (!m_abandoned) {
        checkQuery(query);
    }
    return query;
}

ExpressionPtr RecoveringParser::parseWholeExpression()
{
    ExpressionPtr expression = parseOr();
    expectEnd();
    return expression;
}

/// Reports what stands behind a complete production and skips to the next pipe or the end.
void RecoveringParser::expectEnd()
{
    if (m_stream.atEnd()) {
        return;
    }
    const bool opensTerm = m_stream.is("[") || m_stream.is("![");
    reportHere(codes::syntax,
               fmt::format("extraneous input {} expecting <EOF>", m_stream.quotedSpelling()),
               opensTerm ? "Terms in brackets belong to [sequence] and [sample]"
                         : "The query is complete before this; an operator may be missing");
    skipTo({"|"});
}

/// filter = ( "any" | ident | string ) "where" expr
syntax::Filter RecoveringParser::parseFilter()
{
    syntax::Filter filter;
    const std::size_t start = m_stream.position();
    const std::size_t begin = m_stream.peek().span.begin;
    parseCategory(filter);
    parseWhere(filter, start);
    filter.condition = parseOr();
    filter.span = spanFrom(begin);
    return filter;
}

bool RecoveringParser::atKeywordCategory() const
{
    return m_stream.isKind(TokenKind::Keyword) && !m_stream.is("where") && m_stream.is("where", 1);
}

void RecoveringParser::parseCategory(syntax::Filter& filter)
{
    filter.categorySpan = m_stream.peek().span;
    const std::string spelling(m_stream.spelling());
    if (m_stream.accept("any")) {
        return;
    }
    switch (m_stream.peek().kind) {
    case TokenKind::Identifier:
        filter.category = spelling;
        m_stream.advance();
        return;
    case TokenKind::String:
    case TokenKind::RawString:
    case TokenKind::LegacyString:
        filter.category = decodeString(spelling);
        m_stream.advance();
        return;
    default:
        break;
    }
    const bool isQuotedName =
        m_stream.isKind(TokenKind::QuotedIdentifier) && m_stream.is("where", 1);
    if (isQuotedName || atKeywordCategory()) {
        const std::string name = isQuotedName ? parseName() : spelling;
        filter.category = name;
        const std::string fixed = isPlainName(name) ? name : quoteString(name);
        report(isQuotedName ? codes::quotedCategory : codes::keywordAsName, filter.categorySpan,
               fmt::format("mismatched input '{}' expecting {{'any', name, string}}",
                           excerpt(spelling)),
               isQuotedName ? "A category stands in double quotes, not in back quotes"
                            : "A keyword as category stands in double quotes")
            .fixes.push_back({filter.categorySpan, fixed, fmt::format("write {}", fixed)});
        if (!isQuotedName) {
            m_stream.advance();
        }
        return;
    }
    if (m_stream.is("?") && m_stream.is("where", 2)) {
        const SourceSpan mark = m_stream.advance();
        report(codes::optionalCategory, mark,
               "mismatched input '?' expecting {'any', name, string}",
               "A category cannot be optional")
            .fixes.push_back({mark, "", "remove the question mark"});
        filter.category = std::string(m_stream.spelling());
        filter.categorySpan = m_stream.advance();
    }
}

/// "where", or a condition in the place of a filter.
void RecoveringParser::parseWhere(syntax::Filter& filter, std::size_t start)
{
    if (m_stream.accept("where")) {
        if (m_stream.position() == start + 1) {
            const SourceSpan at{filter.categorySpan.begin, filter.categorySpan.begin};
            report(codes::missingCategory, filter.categorySpan,
                   "mismatched input 'where' expecting {'any', name, string}",
                   "Write the category before [where], or [any]")
                .fixes.push_back({at, "any ", "search all categories"});
            filter.categorySpan = at;
        }
        return;
    }
    if (m_stream.isKind(TokenKind::Identifier) && isWordInAnyCase("where")) {
        reportKeywordCase("where");
        m_stream.advance();
        return;
    }
    const bool mayBeCategory = m_stream.atEnd() || m_stream.is("]") || m_stream.is("|");
    if (m_stream.position() == start + 1 && mayBeCategory) {
        reportMismatch("'where'", "A filter is a category, [where] and a condition");
        return;
    }
    const bool wasCategory = m_stream.position() > start;
    // Two words in a row are no expression: the second is, or stands behind, the missing word.
    if (wasCategory && m_stream.isKind(TokenKind::Identifier)) {
        const SourceSpan word = m_stream.peek().span;
        const std::array<std::string_view, 1> wanted{"where"};
        const bool isMisspelt = !similarNames(m_stream.spelling(), wanted).empty();
        if (Diagnostic* problem =
                reportMismatch("'where'", "A filter is a category, [where] and a condition")) {
            const SourceSpan before{word.begin, word.begin};
            problem->fixes.push_back(isMisspelt ? SuggestedFix{word, "where", "write where"}
                                                : SuggestedFix{before, "where ", "write where"});
        }
        m_reportedAt.reset();
        if (isMisspelt) {
            m_stream.advance();
        }
        return;
    }
    const std::string got = m_stream.quotedSpelling();
    m_stream.rewind(start);
    const std::size_t begin = m_stream.peek().span.begin;
    filter.category.reset();
    filter.categorySpan = {begin, begin};
    if (m_stream.atEnd() || m_stream.is("]")) {
        reportMismatch("{'any', name, string}", "A filter is a category, [where] and a condition");
        return;
    }
    if (Diagnostic* problem =
            reportHere(codes::missingCategory,
                       wasCategory ? fmt::format("mismatched input {} expecting 'where'", got)
                                   : fmt::format("no viable alternative at input {}", got),
                       "A condition needs a category before it: [any where …]")) {
        problem->fixes.push_back({{begin, begin}, "any where ", "search all categories"});
    }
    m_reportedAt.reset();
}

/// sequence = "sequence" [ by [ span ] | span ] term { term } [ "until" term ]
void RecoveringParser::parseSequence(syntax::Query& query)
{
    query.kind = syntax::QueryKind::Sequence;
    m_stream.advance();
    while (m_stream.is("by") || m_stream.is("with")) {
        if (m_stream.is("with")) {
            if (query.maxspan) {
                reportMismatch("'['", "[maxspan] is given already");
            }
            query.maxspan = parseMaxspan();
        } else if (query.by) {
            reportMismatch("'['", "The join keys are given already; separate several with commas");
            (void)parseBy();
        } else {
            query.by = parseBy();
            if (query.maxspan) {
                const SourceSpan both{query.maxspan->span.begin, query.by->span.end};
                report(codes::byAfterWith, query.by->span,
                       "Please specify sequence [by] before [with] not after")
                    .fixes.push_back({both,
                                      textOf(query.by->span) + ' ' + textOf(query.maxspan->span),
                                      "put [by] first"});
            }
        }
    }
    parseTerms(query);
    parseUntil(query);
}

/// sample = "sample" [ by ] "[" filter "]" [ by ] { … }
void RecoveringParser::parseSample(syntax::Query& query)
{
    query.kind = syntax::QueryKind::Sample;
    m_stream.advance();
    while (m_stream.is("by") || m_stream.is("with")) {
        if (m_stream.is("by")) {
            if (query.by) {
                reportMismatch("'['",
                               "The join keys are given already; separate several with commas");
            }
            query.by = parseBy();
        } else {
            query.maxspan = parseMaxspan();
        }
    }
    parseTerms(query);
    parseUntil(query);
}

/// join = "join" [ by ] term { term } [ "until" term ]: read only to be refused.
void RecoveringParser::parseJoin(syntax::Query& query)
{
    query.kind = syntax::QueryKind::Join;
    const SourceSpan span = m_stream.advance();
    report(codes::joinNotSupported, span, "JOIN command is not supported",
           "Use [sequence], or [sample] if the order does not matter");
    if (m_stream.is("by")) {
        query.by = parseBy();
    }
    if (m_stream.is("with")) {
        query.maxspan = parseMaxspan();
    }
    parseTerms(query);
    parseUntil(query);
}

void RecoveringParser::parseTerms(syntax::Query& query)
{
    if (!m_stream.is("[") && !m_stream.is("![")) {
        reportMismatch("'['", "A term is a filter in brackets: [process where …]");
        const std::size_t start = m_stream.position();
        skipTo({"[", "![", "|"});
        if (!m_stream.is("[") && !m_stream.is("![")) {
            m_stream.rewind(start);
        }
    }
    while (m_stream.is("[") || m_stream.is("![")) {
        query.terms.push_back(parseTerm());
        if (m_stream.atEnd() || m_stream.is("[") || m_stream.is("![") || m_stream.is("until")
            || m_stream.is("|")) {
            continue;
        }
        reportHere(
            codes::syntax,
            fmt::format("extraneous input {} expecting {{<EOF>, '[', 'until', 'by', 'with', '|'}}",
                        m_stream.quotedSpelling()),
            "This does not belong between the terms");
        skipTo({"[", "![", "until", "|"});
    }
}

void RecoveringParser::parseUntil(syntax::Query& query)
{
    if (!m_stream.accept("until")) {
        return;
    }
    if (m_stream.is("[") || m_stream.is("![")) {
        query.until = parseTerm();
    } else {
        reportMismatch("'['", "[until] takes one filter in brackets");
        skipTo({"|"});
    }
}

/// by = "by" expr { "," expr }
syntax::JoinKeys RecoveringParser::parseBy()
{
    syntax::JoinKeys keys;
    const std::size_t begin = m_stream.advance().begin;
    while (true) {
        ExpressionPtr key = parseOr();
        const auto* field = std::get_if<syntax::FieldReference>(&key->node);
        const bool isPlain = field != nullptr && field->variable.empty() && key->parentheses == 0;
        if (!isPlain && !std::holds_alternative<syntax::Missing>(key->node)) {
            report(codes::joinKey, key->span,
                   fmt::format("Unsupported join key [{}]", excerpt(m_stream.text(key->span))),
                   "A join key is a field");
        }
        keys.keys.push_back(std::move(key));
        if (!m_stream.accept(",")) {
            break;
        }
    }
    keys.span = spanFrom(begin);
    return keys;
}

/// pipe = "|" ident [ expr { "," expr } ]
void RecoveringParser::parsePipes(syntax::Query& query)
{
    while (m_stream.accept("|")) {
        query.pipes.push_back(parsePipe());
        if (!m_stream.atEnd() && !m_stream.is("|")) {
            reportHere(codes::syntax,
                       fmt::format("extraneous input {} expecting {{<EOF>, ',', '|'}}",
                                   m_stream.quotedSpelling()));
            skipTo({"|"});
        }
    }
}

syntax::Pipe RecoveringParser::parsePipe()
{
    syntax::Pipe pipe;
    pipe.nameSpan = m_stream.peek().span;
    if (!m_stream.isKind(TokenKind::Identifier)) {
        reportMismatch("the name of a pipe", "Pipes are [head n] and [tail n]");
        skipTo({"|"});
        pipe.span = pipe.nameSpan;
        return pipe;
    }
    pipe.name = m_stream.spelling();
    m_stream.advance();
    while (!m_stream.atEnd() && !m_stream.is("|")) {
        pipe.arguments.push_back(parseOr());
        if (!m_stream.accept(",")) {
            break;
        }
        if (m_stream.atEnd() || m_stream.is("|")) {
            reportMismatch("an expression", "A list does not end with a comma");
        }
    }
    pipe.span = spanFrom(pipe.nameSpan.begin);
    checkPipe(pipe);
    return pipe;
}

void RecoveringParser::checkPipe(const syntax::Pipe& pipe)
{
    constexpr std::array<std::string_view, 7> known{"count", "filter", "head",        "sort",
                                                    "tail",  "unique", "unique_count"};
    if (pipe.name == "head" || pipe.name == "tail") {
        if (pipe.arguments.size() != 1) {
            report(codes::pipeArguments, pipe.span,
                   fmt::format("Pipe [{}] expects exactly one argument but found [{}]", pipe.name,
                               pipe.arguments.size()),
                   fmt::format("Write how many: [{} 10]", pipe.name));
            return;
        }
        const syntax::Expression& argument = *pipe.arguments.front();
        const std::optional<std::int64_t> count = syntax::integerConstant(argument);
        if ((!count || *count < 0) && !std::holds_alternative<syntax::Missing>(argument.node)) {
            report(codes::pipeArguments, argument.span,
                   fmt::format("Pipe [{}] expects a positive integer but found [{}]", pipe.name,
                               excerpt(m_stream.text(argument.span))));
        }
        return;
    }
    if (std::ranges::find(known, pipe.name) != known.end()) {
        report(codes::unsupportedPipe, pipe.nameSpan,
               fmt::format("Pipe [{}] is not supported", pipe.name),
               "Pipes are [head n] and [tail n]");
        return;
    }
    const std::vector<std::string> similar = similarNames(pipe.name, known);
    Diagnostic& problem =
        report(codes::unknownPipe, pipe.nameSpan,
               fmt::format("Unrecognized pipe [{}]{}", excerpt(pipe.name), didYouMean(similar)),
               "Pipes are [head n] and [tail n]");
    for (const std::string& name : similar) {
        problem.fixes.push_back({pipe.nameSpan, name, fmt::format("use [{}]", name)});
    }
}

} // namespace sequela::eql
