#include "core/workspace/query_clauses.h"

#include "core/eql/parser.h"

#include <optional>
#include <variant>

namespace sequela::workspace {

namespace {

void flatten(const eql::syntax::Expression& expression, std::vector<SourceSpan>& spans)
{
    const auto* logical = std::get_if<eql::syntax::Logical>(&expression.node);
    if (logical == nullptr || logical->op != eql::syntax::LogicalOperator::And) {
        spans.push_back(expression.span);
        return;
    }
    for (const eql::syntax::ExpressionPtr& operand : logical->operands) {
        flatten(*operand, spans);
    }
}

void addFilter(const eql::syntax::Filter& filter, bool isUntil, std::vector<StageClauses>& stages)
{
    StageClauses& clauses = stages.emplace_back();
    clauses.isUntil = isUntil;
    if (filter.condition) {
        flatten(*filter.condition, clauses.spans);
    }
}

} // namespace

std::vector<StageClauses> clausesOf(std::string_view text, eql::Dialect dialect)
{
    const eql::ParsedQuery parsed = eql::parseQuery(text, dialect);
    std::vector<StageClauses> stages;
    if (parsed.query.filter) {
        addFilter(*parsed.query.filter, false, stages);
    }
    for (const eql::syntax::Term& term : parsed.query.terms) {
        addFilter(term.filter, false, stages);
    }
    if (parsed.query.until) {
        addFilter(parsed.query.until->filter, true, stages);
    }
    return stages;
}

std::string withoutClause(std::string text, SourceSpan clause)
{
    return text.replace(clause.begin, clause.length(), "true");
}

std::string withoutClauses(std::string text, const StageClauses& clauses)
{
    for (auto clause = clauses.spans.rbegin(); clause != clauses.spans.rend(); ++clause) {
        text = withoutClause(std::move(text), *clause);
    }
    return text;
}

} // namespace sequela::workspace
