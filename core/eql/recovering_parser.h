#pragma once

#include "core/eql/dialect.h"
#include "core/eql/syntax_problems.h"
#include "core/eql/syntax_tree.h"
#include "core/eql/token_stream.h"

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sequela::eql {

/// Recursive descent over one text; internal to the module, `parser.h` is the way in. The grammar
/// stands there. A function eats its production, reports what is wrong with it, repairs what it can
/// and leaves the stream where the next production may begin; where nothing fits it consumes
/// nothing and yields `syntax::Missing`.
class RecoveringParser {
public:
    RecoveringParser(std::string_view text, Dialect dialect);

    [[nodiscard]] syntax::Query parseStatement();
    [[nodiscard]] syntax::ExpressionPtr parseWholeExpression();
    /// Everything that was wrong, words and sentences, in order of position.
    [[nodiscard]] std::vector<Diagnostic> takeDiagnostics() { return m_problems.take(); }

private:
    RecoveringParser(std::string_view text, Dialect dialect, LexedText lexed);

    // Expressions (expression_parser.cpp)
    [[nodiscard]] syntax::ExpressionPtr parseOr();
    [[nodiscard]] syntax::ExpressionPtr parseAnd();
    [[nodiscard]] syntax::ExpressionPtr parseLogical(syntax::LogicalOperator op);
    [[nodiscard]] bool acceptLogical(syntax::LogicalOperator op);
    [[nodiscard]] syntax::ExpressionPtr parseNot();
    [[nodiscard]] bool atMiswrittenNot() const;
    [[nodiscard]] syntax::ExpressionPtr parseProcessRelation();
    [[nodiscard]] syntax::ExpressionPtr parseComparison();
    [[nodiscard]] std::optional<syntax::BinaryOperator> acceptComparison(SourceSpan& span);
    [[nodiscard]] syntax::ExpressionPtr parseSum();
    [[nodiscard]] syntax::ExpressionPtr parseProduct();
    [[nodiscard]] syntax::ExpressionPtr parseUnary();
    [[nodiscard]] syntax::ExpressionPtr makeUnary(syntax::UnaryOperator op, std::size_t begin,
                                                  syntax::ExpressionPtr operand);
    [[nodiscard]] syntax::ExpressionPtr makeBinary(syntax::BinaryOperator op,
                                                   SourceSpan operatorSpan,
                                                   syntax::ExpressionPtr left,
                                                   syntax::ExpressionPtr right);
    // Predicates (predicate_parser.cpp)
    [[nodiscard]] syntax::ExpressionPtr parsePredicate();
    [[nodiscard]] syntax::ExpressionPtr parseIn(syntax::ExpressionPtr subject, bool negated);
    [[nodiscard]] syntax::ExpressionPtr parseMatch(syntax::ExpressionPtr subject, bool negated);
    [[nodiscard]] syntax::ExpressionPtr parsePattern();
    [[nodiscard]] bool atMatchOperator(std::size_t distance) const;
    [[nodiscard]] bool atInOperator(std::size_t distance) const;
    void reportKeywordCase(std::string_view keyword);
    void reportNegatedMatch(const syntax::Expression& subject);
    // Primaries (primary_parser.cpp)
    [[nodiscard]] syntax::ExpressionPtr parsePrimary();
    [[nodiscard]] bool atConstant() const;
    [[nodiscard]] syntax::ExpressionPtr parseConstant();
    [[nodiscard]] syntax::ExpressionPtr parseParenthesised();
    [[nodiscard]] syntax::ExpressionPtr parseCall();
    [[nodiscard]] syntax::ExpressionPtr parseField();
    [[nodiscard]] std::string parsePath();
    [[nodiscard]] std::string parseName();
    [[nodiscard]] bool atKeywordAsName() const;
    void parseIndexes(syntax::FieldReference& field);
    [[nodiscard]] syntax::ExpressionPtr reportNoExpression();
    /// item { "," item } ")" of an argument or value list, behind its "(".
    void parseListItems(std::vector<syntax::ExpressionPtr>& items,
                        syntax::ExpressionPtr (RecoveringParser::*parseItem)(), SourceSpan opening);
    void closeParenthesis(SourceSpan opening);

    // Statements (query_parser.cpp, term_parser.cpp)
    [[nodiscard]] syntax::Filter parseFilter();
    void parseCategory(syntax::Filter& filter);
    void parseWhere(syntax::Filter& filter, std::size_t start);
    [[nodiscard]] bool atKeywordCategory() const;
    void parseSequence(syntax::Query& query);
    void parseSample(syntax::Query& query);
    void parseJoin(syntax::Query& query);
    void parseTerms(syntax::Query& query);
    void parseUntil(syntax::Query& query);
    [[nodiscard]] syntax::JoinKeys parseBy();
    [[nodiscard]] syntax::Maxspan parseMaxspan();
    void checkMaxspan(syntax::Maxspan& maxspan, SourceSpan numberSpan, SourceSpan unitSpan,
                      bool isDecimal);
    [[nodiscard]] syntax::Term parseTerm();
    [[nodiscard]] bool parseTermOption(syntax::Term& term);
    void parseRuns(syntax::Term& term);
    void parseAlias(syntax::Term& term);
    void parseFork();
    void closeTerm(SourceSpan opening);
    void parsePipes(syntax::Query& query);
    [[nodiscard]] syntax::Pipe parsePipe();
    void checkPipe(const syntax::Pipe& pipe);
    void expectEnd();

    // Checks of a whole query that need no names or types (query_checks.cpp)
    void checkQuery(const syntax::Query& query);
    void checkSequence(const syntax::Query& query);
    void checkSample(const syntax::Query& query);
    void checkUntil(const syntax::Term& until);
    void checkAliases(const syntax::Query& query);
    void checkDialect(const syntax::Query& query);

    // Reporting and recovery
    /// Adds a problem unless one stands at this very token already, or Invalid tokens before it
    /// explain it, or parsing was abandoned. Null if it was not added.
    Diagnostic* reportHere(std::string_view code, std::string message, std::string hint = {});
    Diagnostic& report(std::string_view code, SourceSpan span, std::string message,
                       std::string hint = {});
    Diagnostic* reportMismatch(std::string_view expected, std::string hint = {});
    bool expect(std::string_view word);
    /// Skips to one of the words outside all brackets, or to the end.
    void skipTo(std::initializer_list<std::string_view> words);
    [[nodiscard]] bool isWordInAnyCase(std::string_view word, std::size_t distance = 0) const;
    /// Whether the nesting is past its limit; parsing then ends with one clear problem.
    [[nodiscard]] bool tooDeep();
    void abandonTooDeep();
    [[nodiscard]] SourceSpan spanFrom(std::size_t begin) const;
    [[nodiscard]] std::string textOf(SourceSpan span) const
    {
        return std::string(m_stream.text(span));
    }
    [[nodiscard]] syntax::ExpressionPtr missing();
    template <typename Node>
    [[nodiscard]] syntax::ExpressionPtr make(SourceSpan span, Node node, std::uint32_t below = 0);

    /// One level of nesting for as long as it lives.
    class Nested {
    public:
        explicit Nested(RecoveringParser& parser) : m_parser(parser) { ++m_parser.m_nesting; }
        ~Nested() { --m_parser.m_nesting; }
        Nested(const Nested&) = delete;
        Nested& operator=(const Nested&) = delete;

    private:
        RecoveringParser& m_parser;
    };

    Dialect m_dialect;
    SyntaxProblems m_problems;
    TokenStream m_stream;
    std::uint32_t m_nesting = 0;
    /// Position of the token that the last `reportHere` was about.
    std::optional<std::size_t> m_reportedAt;
    bool m_abandoned = false;
};

template <typename Node>
syntax::ExpressionPtr RecoveringParser::make(SourceSpan span, Node node, std::uint32_t below)
{
    auto expression = std::make_unique<syntax::Expression>();
    expression->span = span;
    expression->height = below + 1;
    expression->node = std::move(node);
    return expression;
}

} // namespace sequela::eql
