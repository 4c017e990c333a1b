#include "core/eql/lexer.h"

#include "core/eql/limits.h"
#include "core/eql/string_literal.h"
#include "core/eql/syntax_codes.h"
#include "core/eql/syntax_problems.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

namespace sequela::eql {

namespace {

constexpr std::array<std::string_view, 22> keywordTable{
    "and",    "any",      "by",   "false", "in",    "in~",  "join",  "like",
    "like~",  "maxspan",  "not",  "null",  "of",    "or",   "regex", "regex~",
    "sample", "sequence", "true", "until", "where", "with",
};
static_assert(std::ranges::is_sorted(keywordTable));

constexpr std::string_view spaces = " \t\r\n";
constexpr std::string_view singleOperators = "<>:=+-*/%";
constexpr std::string_view singlePunctuation = ".,()[]|?";
constexpr std::array<std::string_view, 4> doubleOperators{"==", "!=", "<=", ">="};
/// What other languages write; one Invalid token each, so that the message can name the EQL word.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> foreignOperators{{
    {"!:", "[!:] is no operator; write [not name : \"x\"]"},
    {"&&", "Write [and]"},
}};

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isNameStart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '@';
}

bool isNamePart(char c)
{
    return isDigit(c) || (isNameStart(c) && c != '@');
}

/// Finds the ends of block comments. A comment nests when that comes out balanced, else the first
/// `*/` closes it. One walk answers for all comments behind its start, so that a text full of
/// unbalanced comments is not walked from each of them again.
class CommentEnds {
public:
    explicit CommentEnds(std::string_view text) : m_text(text) {}

    /// Offset behind the comment that starts at @p begin; nothing if it is not closed.
    [[nodiscard]] std::optional<std::size_t> find(std::size_t begin)
    {
        if (std::optional<std::size_t> end = findBalanced(begin)) {
            return end;
        }
        const std::size_t close = m_text.find("*/", begin + 2);
        return close == std::string_view::npos ? std::nullopt : std::optional(close + 2);
    }

private:
    struct Opening {
        std::size_t begin = 0;
        /// 0 while unmatched.
        std::size_t end = 0;
    };
    /// Walks that found no balance and whose record did not know the start (`/*/` shifts it).
    static constexpr int maximumWalks = 16;

    [[nodiscard]] std::optional<std::size_t> findBalanced(std::size_t begin)
    {
        const auto known = std::ranges::lower_bound(m_openings, begin, {}, &Opening::begin);
        if (known != m_openings.end() && known->begin == begin) {
            return known->end == 0 ? std::nullopt : std::optional(known->end);
        }
        return m_walks < maximumWalks ? walk(begin) : std::nullopt;
    }

    [[nodiscard]] std::optional<std::size_t> walk(std::size_t begin)
    {
        std::vector<Opening> openings;
        std::vector<std::size_t> unmatched;
        for (std::size_t offset = begin; offset + 1 < m_text.size();) {
            const std::string_view pair = m_text.substr(offset, 2);
            if (pair == "/*") {
                unmatched.push_back(openings.size());
                openings.push_back({offset, 0});
                offset += 2;
            } else if (pair == "*/") {
                offset += 2;
                openings[unmatched.back()].end = offset;
                unmatched.pop_back();
                if (unmatched.empty()) {
                    return offset;
                }
            } else {
                ++offset;
            }
        }
        ++m_walks;
        m_openings = std::move(openings);
        return std::nullopt;
    }

    std::string_view m_text;
    /// Of the last walk that came to the end of the text.
    std::vector<Opening> m_openings;
    int m_walks = 0;
};

class Lexer {
public:
    Lexer(std::string_view text, Dialect dialect)
        : m_text(text), m_dialect(dialect), m_commentEnds(text)
    {
    }

    [[nodiscard]] LexedText run()
    {
        std::size_t offset = 0;
        while (offset < m_text.size()) {
            if (m_tokens.size() + 1 >= limits::maximumTokens) {
                m_problems.add(codes::tooManyTokens, {offset, m_text.size()},
                               fmt::format("The query has more than {} words and signs",
                                           limits::maximumTokens),
                               "Split it into several queries");
                m_tokens.push_back({TokenKind::Invalid, {offset, m_text.size()}});
                break;
            }
            m_tokens.push_back(next(offset));
            offset = m_tokens.back().span.end;
        }
        return {std::move(m_tokens), m_problems.take()};
    }

private:
    [[nodiscard]] char at(std::size_t offset) const
    {
        return offset < m_text.size() ? m_text[offset] : '\0';
    }

    [[nodiscard]] Token next(std::size_t begin)
    {
        const char first = m_text[begin];
        const char second = at(begin + 1);
        if (spaces.contains(first)) {
            return {TokenKind::Whitespace,
                    {begin, skip(begin, [](char c) { return spaces.contains(c); })}};
        }
        if (first == '/' && second == '/') {
            return {TokenKind::LineComment,
                    {begin, std::min(m_text.find_first_of("\r\n", begin), m_text.size())}};
        }
        if (first == '/' && second == '*') {
            return blockComment(begin);
        }
        if (isNameStart(first)) {
            return name(begin);
        }
        if (isDigit(first) || (first == '.' && isDigit(second))) {
            return number(begin);
        }
        if (first == '"' || first == '\'' || (first == '?' && (second == '"' || second == '\''))) {
            return scanString(m_text, begin, m_problems);
        }
        if (first == '`') {
            return quotedName(begin);
        }
        if (first == '$' && m_dialect == Dialect::Endpoint && isNameStart(second)
            && second != '@') {
            return {TokenKind::Variable, {begin, skip(begin + 1, isNamePart)}};
        }
        return sign(begin);
    }

    template <typename Predicate>
    [[nodiscard]] std::size_t skip(std::size_t offset, Predicate belongs) const
    {
        while (offset < m_text.size() && belongs(m_text[offset])) {
            ++offset;
        }
        return offset;
    }

    [[nodiscard]] Token blockComment(std::size_t begin)
    {
        if (const std::optional<std::size_t> end = m_commentEnds.find(begin)) {
            return {TokenKind::BlockComment, {begin, *end}};
        }
        const SourceSpan span{begin, m_text.size()};
        Diagnostic& problem = m_problems.add(
            codes::unterminatedComment, span,
            fmt::format("token recognition error at: '{}'", excerpt(m_text.substr(begin))),
            "The comment is not closed; it ends with */");
        problem.fixes.push_back({{span.end, span.end}, " */", "close the comment"});
        return {TokenKind::Invalid, span};
    }

    [[nodiscard]] Token name(std::size_t begin)
    {
        std::size_t end = skip(begin + 1, isNamePart);
        TokenKind kind = TokenKind::Identifier;
        if (at(end) == '~' && m_text[begin] != '@') {
            ++end;
            kind = TokenKind::InsensitiveName;
        }
        if (isKeyword(m_text.substr(begin, end - begin))) {
            kind = TokenKind::Keyword;
        }
        return {kind, {begin, end}};
    }

    /// number = digits [ "." digits? ] [ exponent ] | "." digits [ exponent ]
    [[nodiscard]] Token number(std::size_t begin) const
    {
        TokenKind kind = TokenKind::Integer;
        std::size_t end = skip(begin, isDigit);
        if (at(end) == '.') {
            kind = TokenKind::Decimal;
            end = skip(end + 1, isDigit);
        }
        if (at(end) == 'e' || at(end) == 'E') {
            const std::size_t sign = at(end + 1) == '+' || at(end + 1) == '-' ? 1 : 0;
            if (isDigit(at(end + 1 + sign))) {
                kind = TokenKind::Decimal;
                end = skip(end + 1 + sign, isDigit);
            }
        }
        return {kind, {begin, end}};
    }

    [[nodiscard]] Token quotedName(std::size_t begin)
    {
        for (std::size_t close = m_text.find('`', begin + 1); close != std::string_view::npos;
             close = m_text.find('`', close + 2)) {
            if (at(close + 1) != '`') {
                return {TokenKind::QuotedIdentifier, {begin, close + 1}};
            }
        }
        const SourceSpan span{begin, m_text.size()};
        m_problems.add(
            codes::unterminatedName, span,
            fmt::format("token recognition error at: '{}'", excerpt(m_text.substr(begin))),
            "The quoted name is not closed; it ends with a back quote");
        return {TokenKind::Invalid, span};
    }

    [[nodiscard]] Token sign(std::size_t begin)
    {
        const std::string_view pair = m_text.substr(begin, 2);
        if (pair == "![") {
            return {TokenKind::Punctuation, {begin, begin + 2}};
        }
        if (std::ranges::find(doubleOperators, pair) != doubleOperators.end()) {
            return {TokenKind::Operator, {begin, begin + 2}};
        }
        for (const auto& [spelling, hint] : foreignOperators) {
            if (pair == spelling) {
                return invalid({begin, begin + 2}, codes::foreignOperator, std::string(hint));
            }
        }
        if (singleOperators.contains(m_text[begin])) {
            return {TokenKind::Operator, {begin, begin + 1}};
        }
        if (singlePunctuation.contains(m_text[begin])) {
            return {TokenKind::Punctuation, {begin, begin + 1}};
        }
        if (m_text[begin] == '$') {
            return invalid({begin, skip(begin + 1, isNamePart)}, codes::tokenRecognition,
                           m_dialect == Dialect::Endpoint
                               ? "A variable is a dollar sign and a name"
                               : "Variables belong to the endpoint dialect");
        }
        const SourceSpan span{begin, skip(begin + 1, [](char c) { return startsNoToken(c); })};
        return invalid(span, codes::tokenRecognition, hintFor(m_text.substr(begin, span.length())));
    }

    /// Bytes that cannot begin a token; `!`, `&` and `$` are left to `sign`.
    [[nodiscard]] static bool startsNoToken(char c)
    {
        return !spaces.contains(c) && !isNameStart(c) && !isDigit(c) && !singleOperators.contains(c)
               && !singlePunctuation.contains(c) && !std::string_view("\"'`!&$").contains(c);
    }

    [[nodiscard]] static std::string hintFor(std::string_view spelling)
    {
        if (spelling.starts_with("“") || spelling.starts_with("”") || spelling.starts_with("‘")
            || spelling.starts_with("’")) {
            return "Use straight double quotes [\"]";
        }
        if (spelling == "!") {
            return "Write [not]";
        }
        if (static_cast<unsigned char>(spelling.front()) >= 0x80) {
            return "Names are ASCII letters, digits and underscores; quote others with back quotes";
        }
        return {};
    }

    [[nodiscard]] Token invalid(SourceSpan span, std::string_view code, std::string hint)
    {
        if (m_problems.isFull()) {
            m_problems.add(code, span, {});
            return {TokenKind::Invalid, span};
        }
        m_problems.add(code, span,
                       fmt::format("token recognition error at: '{}'",
                                   excerpt(m_text.substr(span.begin, span.length()))),
                       std::move(hint));
        return {TokenKind::Invalid, span};
    }

    std::string_view m_text;
    Dialect m_dialect;
    CommentEnds m_commentEnds;
    std::vector<Token> m_tokens;
    SyntaxProblems m_problems;
};

} // namespace

LexedText lex(std::string_view text, Dialect dialect)
{
    return Lexer(text, dialect).run();
}

std::span<const std::string_view> keywords()
{
    return keywordTable;
}

bool isKeyword(std::string_view word)
{
    return std::ranges::binary_search(keywordTable, word);
}

bool isPlainName(std::string_view name)
{
    return !name.empty() && isNameStart(name.front())
           && std::ranges::all_of(name.substr(1), isNamePart) && !isKeyword(name);
}

} // namespace sequela::eql
