#include "core/eql/parser.h"
#include "tests/oracle/differential.h"

#include <algorithm>
#include <functional>

namespace sequela::oracle {

namespace syntax = eql::syntax;

namespace {

bool differs(const Case& one)
{
    return compare(one).verdict == Verdict::Different;
}

std::string without(const std::string& query, SourceSpan span)
{
    return query.substr(0, span.begin) + query.substr(span.end);
}

std::string replaced(const std::string& query, SourceSpan span, SourceSpan part)
{
    return query.substr(0, span.begin) + '(' + query.substr(part.begin, part.length()) + ')'
           + query.substr(span.end);
}

/// Whether an expression is a condition by its form.
bool isBoolean(const syntax::Expression& expression)
{
    const auto* binary = std::get_if<syntax::Binary>(&expression.node);
    const auto* unary = std::get_if<syntax::Unary>(&expression.node);
    return (binary != nullptr && binary->op < syntax::BinaryOperator::Add)
           || (unary != nullptr && unary->op == syntax::UnaryOperator::Not)
           || std::holds_alternative<syntax::Logical>(expression.node)
           || std::holds_alternative<syntax::InPredicate>(expression.node)
           || std::holds_alternative<syntax::MatchPredicate>(expression.node);
}

/// Queries that are one part of an expression shorter, wherever it stands.
void shorterExpressions(const std::string& query, const syntax::Expression& expression,
                        std::vector<std::string>& shorter)
{
    const auto descend = [&](const syntax::ExpressionPtr& part) {
        shorterExpressions(query, *part, shorter);
    };
    if (const auto* logical = std::get_if<syntax::Logical>(&expression.node)) {
        for (const syntax::ExpressionPtr& operand : logical->operands) {
            shorter.push_back(replaced(query, expression.span, operand->span));
        }
        std::ranges::for_each(logical->operands, descend);
    } else if (const auto* unary = std::get_if<syntax::Unary>(&expression.node)) {
        shorter.push_back(replaced(query, expression.span, unary->operand->span));
        descend(unary->operand);
    } else if (const auto* binary = std::get_if<syntax::Binary>(&expression.node)) {
        shorter.push_back(replaced(query, expression.span, binary->left->span));
        descend(binary->left);
        descend(binary->right);
    } else if (const auto* function = std::get_if<syntax::FunctionCall>(&expression.node)) {
        // Only where the argument is of the function's type; the binder need not refuse the rest.
        for (const syntax::ExpressionPtr& argument : function->arguments) {
            if (!std::holds_alternative<syntax::FunctionCall>(argument->node)) {
                continue;
            }
            shorter.push_back(replaced(query, expression.span, argument->span));
        }
        std::ranges::for_each(function->arguments, descend);
    } else if (const auto* in = std::get_if<syntax::InPredicate>(&expression.node)) {
        descend(in->subject);
        for (std::size_t i = 1; i < in->items.size(); ++i) {
            shorter.push_back(without(query, {in->items[i - 1]->span.end, in->items[i]->span.end}));
        }
    } else if (const auto* match = std::get_if<syntax::MatchPredicate>(&expression.node)) {
        descend(match->subject);
        for (std::size_t i = 1; i < match->patterns.size(); ++i) {
            shorter.push_back(
                without(query, {match->patterns[i - 1]->span.end, match->patterns[i]->span.end}));
        }
    }
    if (expression.span.length() > 4 && isBoolean(expression)) {
        shorter.push_back(query.substr(0, expression.span.begin) + "true"
                          + query.substr(expression.span.end));
    }
}

std::vector<std::string> shorterQueries(const std::string& query, eql::Dialect dialect)
{
    std::vector<std::string> shorter;
    const eql::ParsedQuery parsed = eql::parseQuery(query, dialect);
    const auto keys = [&](const std::optional<syntax::JoinKeys>& by) {
        if (by) {
            shorter.push_back(without(query, by->span));
        }
    };
    for (const syntax::Pipe& pipe : parsed.query.pipes) {
        shorter.push_back(without(query, pipe.span));
    }
    if (parsed.query.until) {
        const std::size_t word = query.rfind("until", parsed.query.until->span.begin);
        shorter.push_back(without(query, {word, parsed.query.until->span.end}));
        shorterExpressions(query, *parsed.query.until->filter.condition, shorter);
    }
    for (const syntax::Term& term : parsed.query.terms) {
        shorter.push_back(without(query, term.span));
        shorterExpressions(query, *term.filter.condition, shorter);
        keys(term.by);
    }
    keys(parsed.query.by);
    if (parsed.query.filter && parsed.query.filter->condition) {
        shorterExpressions(query, *parsed.query.filter->condition, shorter);
    }
    return shorter;
}

/// Takes the first proposal that still differs; whether there was one.
bool takeSmaller(Case& one, const std::function<bool(Case&, std::size_t)>& propose)
{
    for (std::size_t i = 0;; ++i) {
        Case smaller = one;
        if (!propose(smaller, i)) {
            return false;
        }
        if (differs(smaller)) {
            one = std::move(smaller);
            return true;
        }
    }
}

bool dropEvent(Case& one, std::size_t index)
{
    for (NaiveSource& source : one.data) {
        if (index < source.events.size()) {
            source.events.erase(source.events.begin() + static_cast<std::ptrdiff_t>(index));
            return true;
        }
        index -= source.events.size();
    }
    return false;
}

bool dropField(Case& one, std::size_t index)
{
    for (NaiveSource& source : one.data) {
        for (NaiveEvent& event : source.events) {
            if (index < event.size()) {
                event.erase(std::next(event.begin(), static_cast<std::ptrdiff_t>(index)));
                return true;
            }
            index -= event.size();
        }
    }
    return false;
}

bool dropValue(Case& one, std::size_t index)
{
    for (NaiveSource& source : one.data) {
        for (NaiveEvent& event : source.events) {
            for (auto& [name, field] : event) {
                if (!field.list) {
                    continue;
                }
                if (index < field.values.size()) {
                    field.values.erase(field.values.begin() + static_cast<std::ptrdiff_t>(index));
                    return true;
                }
                index -= field.values.size();
            }
        }
    }
    return false;
}

} // namespace

Case shrink(Case one)
{
    bool smaller = true;
    while (smaller) {
        smaller = false;
        const std::vector<std::string> queries = shorterQueries(one.query, one.options.dialect());
        smaller = takeSmaller(one, [&](Case& proposal, std::size_t i) {
            if (i >= queries.size()) {
                return false;
            }
            // An expression in parentheses can stay as long; then it is left as it is.
            proposal.query = queries[i].size() < proposal.query.size() ? queries[i] : std::string();
            return true;
        });
        while (takeSmaller(one, dropEvent)) {
            smaller = true;
        }
    }
    while (takeSmaller(one, dropField) || takeSmaller(one, dropValue)) {
    }
    std::erase_if(one.data, [&](const NaiveSource& source) {
        return source.events.empty() && one.data.size() > 1;
    });
    return one;
}

} // namespace sequela::oracle
