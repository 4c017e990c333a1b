#include "ui/editor/query_text.h"

#include "core/eql/lexer.h"
#include "core/eql/string_literal.h"

#include <algorithm>

namespace sequela::ui {

namespace {

using eql::Token;
using eql::TokenKind;

bool isSpace(TokenKind kind)
{
    return kind == TokenKind::Whitespace || kind == TokenKind::LineComment
           || kind == TokenKind::BlockComment;
}

bool isName(TokenKind kind)
{
    return kind == TokenKind::Identifier || kind == TokenKind::QuotedIdentifier
           || kind == TokenKind::Variable || kind == TokenKind::InsensitiveName;
}

std::string_view spelling(std::string_view text, const Token& token)
{
    return text.substr(token.span.begin, token.span.length());
}

/// First token at or behind @p index that is no white space, else the number of tokens.
std::size_t nextSolid(const std::vector<Token>& tokens, std::size_t index)
{
    while (index < tokens.size() && isSpace(tokens[index].kind)) {
        ++index;
    }
    return index;
}

QueryStyle styleOfName(std::string_view text, const std::vector<Token>& tokens, std::size_t index)
{
    const std::size_t next = nextSolid(tokens, index + 1);
    if (next < tokens.size()) {
        if (spelling(text, tokens[next]) == "(") {
            return QueryStyle::Function;
        }
        if (spelling(text, tokens[next]) == "where") {
            return QueryStyle::Category;
        }
    }
    return tokens[index].kind == TokenKind::InsensitiveName ? QueryStyle::Function
                                                            : QueryStyle::Field;
}

QueryStyle styleOf(std::string_view text, const std::vector<Token>& tokens, std::size_t index)
{
    switch (tokens[index].kind) {
    case TokenKind::Whitespace:
    case TokenKind::Operator:
    case TokenKind::Punctuation:
        return QueryStyle::Plain;
    case TokenKind::LineComment:
    case TokenKind::BlockComment:
        return QueryStyle::Comment;
    case TokenKind::Keyword:
        return QueryStyle::Keyword;
    case TokenKind::Identifier:
    case TokenKind::QuotedIdentifier:
    case TokenKind::Variable:
    case TokenKind::InsensitiveName:
        return styleOfName(text, tokens, index);
    case TokenKind::Integer:
    case TokenKind::Decimal:
        return QueryStyle::Number;
    case TokenKind::String:
    case TokenKind::RawString:
    case TokenKind::LegacyString:
        return QueryStyle::String;
    case TokenKind::Invalid:
        break;
    }
    return spelling(text, tokens[index]).starts_with('"') ? QueryStyle::String
                                                          : QueryStyle::Invalid;
}

} // namespace

std::vector<StyledSpan> styledSpans(std::string_view text, eql::Dialect dialect)
{
    const std::vector<Token> tokens = eql::lex(text, dialect).tokens;
    std::vector<StyledSpan> spans;
    spans.reserve(tokens.size());
    for (std::size_t index = 0; index < tokens.size(); ++index) {
        QueryStyle style = styleOf(text, tokens, index);
        // The unit of a maxspan belongs to its number; the dots of a path to its names.
        const bool glued = !spans.empty() && spans.back().span.end == tokens[index].span.begin;
        if (glued && style == QueryStyle::Field && spans.back().style == QueryStyle::Number) {
            style = QueryStyle::Number;
        }
        if (glued && spelling(text, tokens[index]) == "."
            && spans.back().style == QueryStyle::Field) {
            style = QueryStyle::Field;
        }
        spans.push_back({tokens[index].span, style});
    }
    return spans;
}

std::optional<NameInQuery> nameAt(std::string_view text, eql::Dialect dialect, std::size_t offset)
{
    const std::vector<Token> tokens = eql::lex(text, dialect).tokens;
    const auto isPart = [&](std::size_t index) {
        return isName(tokens[index].kind)
               || spelling(text, tokens[index]) == "."
               // A keyword inside a path is a mistake that still reads as a path.
               || (tokens[index].kind == TokenKind::Keyword && index > 0
                   && spelling(text, tokens[index - 1]) == ".");
    };
    auto found = std::ranges::find_if(tokens, [offset](const Token& token) {
        return token.span.begin <= offset && offset < token.span.end;
    });
    auto index = static_cast<std::size_t>(found - tokens.begin());
    if ((found == tokens.end() || !isPart(index)) && index > 0
        && tokens[index - 1].span.end == offset) {
        --index;
    }
    if (index >= tokens.size() || !isPart(index)) {
        return std::nullopt;
    }
    std::size_t first = index;
    while (first > 0 && isPart(first - 1)) {
        --first;
    }
    std::size_t last = index;
    while (last + 1 < tokens.size() && isPart(last + 1)) {
        ++last;
    }
    NameInQuery name;
    name.span = {tokens[first].span.begin, tokens[last].span.end};
    for (std::size_t part = first; part <= last; ++part) {
        std::string_view written = spelling(text, tokens[part]);
        if (tokens[part].kind == TokenKind::QuotedIdentifier) {
            written = written.substr(1, written.size() >= 2 ? written.size() - 2 : 0);
        } else if (tokens[part].kind == TokenKind::InsensitiveName) {
            written.remove_suffix(1);
        }
        name.path += written;
    }
    const std::size_t next = nextSolid(tokens, last + 1);
    name.isFunction = next < tokens.size() && spelling(text, tokens[next]) == "(";
    return name;
}

std::string_view indentationAt(std::string_view text, std::size_t offset)
{
    const std::string_view before = text.substr(0, std::min(offset, text.size()));
    const std::size_t lineEnd = before.find_last_of("\r\n");
    const std::size_t begin = lineEnd == std::string_view::npos ? 0 : lineEnd + 1;
    std::size_t end = begin;
    while (end < before.size() && (before[end] == ' ' || before[end] == '\t')) {
        ++end;
    }
    return before.substr(begin, end - begin);
}

} // namespace sequela::ui
