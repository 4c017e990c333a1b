#include "core/eql/formatter.h"

#include "core/base/text.h"
#include "core/eql/lexer.h"
#include "core/eql/parser.h"

#include <algorithm>
#include <cstddef>
#include <unordered_map>
#include <utility>

namespace sequela::eql {

namespace {

using syntax::Expression;
using syntax::ExpressionPtr;

constexpr std::size_t maximumColumns = 100;
constexpr std::size_t indentStep = 2;

struct Comment {
    std::string_view text;
    /// Began on the line on which the token before it ended.
    bool isTrailing = false;
    /// What follows must start a new line.
    bool endsLine = false;
};

/// A token that means something and the comments before it.
struct Word {
    Token token;
    std::string_view text;
    std::vector<Comment> comments;
};

/// Decides where lines break, from the tree, then writes the words of the text as they stand.
class Formatter {
public:
    Formatter(std::string_view text, Dialect dialect, const syntax::Query& query)
        : m_text(text), m_query(query)
    {
        readWords(dialect);
        measure();
    }

    [[nodiscard]] std::string run()
    {
        if (m_query.filter) {
            place(*m_query.filter, 0, 0);
        }
        for (const syntax::Term& term : m_query.terms) {
            breakBefore(term.span.begin, indentStep);
            place(term.filter, indentStep + 1, indentStep);
        }
        if (m_query.until) {
            constexpr std::size_t untilWidth = 7;
            breakBefore(wordBefore(m_query.until->span.begin), 0);
            place(m_query.until->filter, untilWidth, 0);
        }
        for (const syntax::Pipe& pipe : m_query.pipes) {
            breakBefore(wordBefore(pipe.span.begin), 0);
        }
        return write();
    }

private:
    void readWords(Dialect dialect)
    {
        std::vector<Comment> comments;
        bool isSameLine = false;
        for (const Token& token : lex(m_text, dialect).tokens) {
            const std::string_view text = m_text.substr(token.span.begin, token.span.length());
            const bool hasLineEnd = text.find_first_of("\r\n") != std::string_view::npos;
            switch (token.kind) {
            case TokenKind::Whitespace:
                isSameLine = isSameLine && !hasLineEnd;
                break;
            case TokenKind::LineComment:
                comments.push_back({text, isSameLine, true});
                break;
            case TokenKind::BlockComment:
                comments.push_back({text, isSameLine, !isSameLine || hasLineEnd});
                isSameLine = isSameLine && !hasLineEnd;
                break;
            default:
                m_words.push_back({token, text, std::exchange(comments, {})});
                isSameLine = true;
            }
        }
        m_words.push_back({{TokenKind::Invalid, {m_text.size(), m_text.size()}}, {}, comments});
    }

    /// Sums up the widths of the words written on one line, so that any part can be measured.
    void measure()
    {
        std::size_t column = 0;
        std::size_t numForced = 0;
        for (std::size_t index = 0; index < m_words.size(); ++index) {
            const Word& word = m_words[index];
            for (const Comment& comment : word.comments) {
                column += 1 + countCodePoints(comment.text);
                numForced += comment.endsLine ? 1 : 0;
            }
            column += index > 0 && needsSpace(m_words[index - 1], word) ? 1U : 0U;
            m_begins.push_back(column);
            m_forcedBefore.push_back(numForced);
            column += countCodePoints(word.text);
            m_ends.push_back(column);
        }
    }

    [[nodiscard]] std::size_t indexAt(std::size_t offset) const
    {
        const auto found = std::ranges::lower_bound(
            m_words, offset, {}, [](const Word& word) { return word.token.span.begin; });
        return static_cast<std::size_t>(found - m_words.begin());
    }

    [[nodiscard]] std::size_t wordBefore(std::size_t offset) const
    {
        const std::size_t index = indexAt(offset);
        return m_words[index == 0 ? 0 : index - 1].token.span.begin;
    }

    [[nodiscard]] std::size_t widthOf(SourceSpan span) const
    {
        const std::size_t first = indexAt(span.begin);
        const std::size_t behind = indexAt(span.end);
        return behind > first ? m_ends[behind - 1] - m_begins[first] : 0;
    }

    [[nodiscard]] bool fits(SourceSpan span, std::size_t column) const
    {
        const std::size_t first = indexAt(span.begin);
        const std::size_t behind = indexAt(span.end);
        const bool isForced = behind > first && m_forcedBefore[behind - 1] > m_forcedBefore[first];
        // Brackets and commas may follow.
        constexpr std::size_t reserve = 2;
        return !isForced && column + widthOf(span) + reserve <= maximumColumns;
    }

    void breakBefore(std::size_t offset, std::size_t indent) { m_breaks[offset] = indent; }

    void place(const syntax::Filter& filter, std::size_t column, std::size_t indent)
    {
        const SourceSpan head{filter.span.begin, filter.condition->span.begin};
        if (!fits(filter.span, column)) {
            place(*filter.condition, column + widthOf(head) + 1, indent + indentStep);
        }
    }

    /// Breaks what does not fit behind @p column; returns the column behind it.
    std::size_t place(const Expression& expression, std::size_t column, std::size_t indent)
    {
        if (fits(expression.span, column)) {
            return column + widthOf(expression.span);
        }
        if (expression.parentheses == 0) {
            return std::visit(
                [&](const auto& node) { return placeNode(expression, node, column, indent); },
                expression.node);
        }
        const std::size_t opening = indexAt(expression.span.begin);
        const std::size_t closing = indexAt(expression.span.end) - expression.parentheses;
        const std::size_t inner = opening + expression.parentheses;
        breakBefore(m_words[inner].token.span.begin, indent + indentStep);
        std::visit(
            [&](const auto& node) {
                placeNode(expression, node, indent + indentStep, indent + indentStep);
            },
            expression.node);
        breakBefore(m_words[closing].token.span.begin, indent);
        return indent + expression.parentheses;
    }

    template <typename Leaf>
    std::size_t placeNode(const Expression& expression, const Leaf&, std::size_t column,
                          std::size_t)
    {
        return column + widthOf(expression.span);
    }

    std::size_t placeNode(const Expression&, const syntax::Logical& node, std::size_t column,
                          std::size_t indent)
    {
        column = place(*node.operands.front(), column, indent);
        for (std::size_t index = 1; index < node.operands.size(); ++index) {
            const SourceSpan word = node.operatorSpans[index - 1];
            breakBefore(word.begin, indent);
            const Expression& operand = *node.operands[index];
            const bool isNested =
                std::holds_alternative<syntax::Logical>(operand.node) && operand.parentheses == 0;
            column =
                place(operand, indent + word.length() + 1, isNested ? indent + indentStep : indent);
        }
        return column;
    }

    std::size_t placeNode(const Expression& expression, const syntax::Unary& node,
                          std::size_t column, std::size_t indent)
    {
        const SourceSpan sign{expression.span.begin, node.operand->span.begin};
        return place(*node.operand, column + widthOf(sign) + 1, indent);
    }

    std::size_t placeNode(const Expression&, const syntax::Binary& node, std::size_t column,
                          std::size_t indent)
    {
        column = place(*node.left, column, indent);
        return place(*node.right, column + node.operatorSpan.length() + 2, indent);
    }

    std::size_t placeNode(const Expression&, const syntax::FunctionCall& node, std::size_t column,
                          std::size_t indent)
    {
        return fill(node.arguments, column + node.nameSpan.length() + 1, indent);
    }

    std::size_t placeNode(const Expression&, const syntax::InPredicate& node, std::size_t column,
                          std::size_t indent)
    {
        constexpr std::size_t operatorWidth = 10;
        return fill(node.items, place(*node.subject, column, indent) + operatorWidth, indent);
    }

    std::size_t placeNode(const Expression&, const syntax::MatchPredicate& node, std::size_t column,
                          std::size_t indent)
    {
        column = place(*node.subject, column, indent) + node.operatorSpan.length() + 3;
        return fill(node.patterns, column, indent);
    }

    std::size_t placeNode(const Expression& expression, const syntax::ProcessRelation& node,
                          std::size_t column, std::size_t indent)
    {
        place(*node.filter, column + widthOf(node.relationSpan) + 5, indent);
        return column + widthOf(expression.span);
    }

    /// As many items a line as fit.
    std::size_t fill(const std::vector<ExpressionPtr>& items, std::size_t column,
                     std::size_t indent)
    {
        const std::size_t inner = indent + indentStep;
        for (const ExpressionPtr& item : items) {
            if (!fits(item->span, column) && column > inner) {
                breakBefore(item->span.begin, inner);
                column = inner;
            }
            column = place(*item, column, inner) + 2;
        }
        return column;
    }

    /// Whether one space stands between two words of a line.
    [[nodiscard]] bool needsSpace(const Word& left, const Word& right) const
    {
        const auto isOneOf = [](std::string_view word,
                                std::initializer_list<std::string_view> list) {
            return std::ranges::find(list, word) != list.end();
        };
        if (isOneOf(left.text, {"(", "[", "![", ".", "?", "="})
            || isOneOf(right.text, {")", "]", ",", ".", "=", ""})) {
            return false;
        }
        const bool isNumber =
            left.token.kind == TokenKind::Integer || left.token.kind == TokenKind::Decimal;
        if (isNumber && right.token.kind == TokenKind::Identifier) {
            return false;
        }
        const bool isName = left.token.kind == TokenKind::Identifier
                            || left.token.kind == TokenKind::InsensitiveName;
        return !(isName && right.text == "(") && !isSign(left);
    }

    /// A plus or minus with nothing on its left to add it to.
    [[nodiscard]] bool isSign(const Word& word) const
    {
        if (word.text != "-" && word.text != "+") {
            return false;
        }
        const std::size_t index = indexAt(word.token.span.begin);
        if (index == 0) {
            return true;
        }
        const Word& before = m_words[index - 1];
        switch (before.token.kind) {
        case TokenKind::Operator:
            return true;
        case TokenKind::Keyword:
            return before.text != "null" && before.text != "true" && before.text != "false";
        case TokenKind::Punctuation:
            return before.text != ")" && before.text != "]";
        default:
            // The argument of a pipe follows the pipe's name.
            return index >= 2 && m_words[index - 2].text == "|";
        }
    }

    [[nodiscard]] std::string write() const
    {
        std::string out;
        bool mustBreak = false;
        std::size_t indent = 0;
        const auto newLine = [&out, &mustBreak](std::size_t columns) {
            if (!out.empty()) {
                out += '\n';
                out.append(columns, ' ');
            }
            mustBreak = false;
        };
        for (std::size_t index = 0; index < m_words.size(); ++index) {
            const Word& word = m_words[index];
            const auto planned = m_breaks.find(word.token.span.begin);
            const bool isPlanned = planned != m_breaks.end() && index > 0;
            indent = isPlanned ? planned->second : indent;
            const std::size_t continued = isPlanned || index == 0 ? indent : indent + indentStep;
            bool isFirst = true;
            for (const Comment& comment : word.comments) {
                if (comment.isTrailing && !mustBreak) {
                    out += ' ';
                } else {
                    newLine(continued);
                }
                isFirst = false;
                out += comment.text;
                mustBreak = comment.endsLine;
            }
            if (word.text.empty()) {
                break;
            }
            if (isPlanned || mustBreak) {
                newLine(continued);
            } else if (!isFirst || (index > 0 && needsSpace(m_words[index - 1], word))) {
                out += ' ';
            }
            out += word.text;
        }
        return out;
    }

    std::string_view m_text;
    const syntax::Query& m_query;
    std::vector<Word> m_words;
    /// Columns of the words if all stood on one line, and comments before them that end lines.
    std::vector<std::size_t> m_begins;
    std::vector<std::size_t> m_ends;
    std::vector<std::size_t> m_forcedBefore;
    /// Offset of a word that begins a line → its column.
    std::unordered_map<std::size_t, std::size_t> m_breaks;
};

} // namespace

std::expected<std::string, std::vector<Diagnostic>> formatQuery(std::string_view text,
                                                                Dialect dialect)
{
    ParsedQuery parsed = parseQuery(text, dialect);
    if (!parsed.diagnostics.empty()) {
        return std::unexpected(std::move(parsed.diagnostics));
    }
    return Formatter(text, dialect, parsed.query).run();
}

} // namespace sequela::eql
