#include "core/eql/twin_lint.h"

#include "core/base/text.h"
#include "core/eql/function_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <string_view>

namespace sequela::eql {

namespace {

const syntax::StringLiteral* textOf(const syntax::ExpressionPtr& expression)
{
    return expression ? std::get_if<syntax::StringLiteral>(&expression->node) : nullptr;
}

bool hasCase(const syntax::StringLiteral& text)
{
    // Most letters beyond ASCII have two cases; a note too many about the others does no harm.
    return std::ranges::any_of(text.value, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
    });
}

class TwinLinter {
public:
    TwinLinter(const syntax::Query& query, const BoundQuery& bound) : m_query(query), m_bound(bound)
    {
    }

    std::vector<Diagnostic> run()
    {
        if (m_query.filter) {
            visitFilter(*m_query.filter);
        }
        for (const syntax::Term& term : m_query.terms) {
            visitFilter(term.filter);
        }
        if (m_query.until) {
            visitFilter(m_query.until->filter);
        }
        for (const BoundStage& stage : m_bound.stages) {
            visitCondition(stage.condition, {});
        }
        visitSequence();
        std::ranges::stable_sort(m_diagnostics,
                                 [](const Diagnostic& left, const Diagnostic& right) {
                                     return left.span->begin < right.span->begin;
                                 });
        return std::move(m_diagnostics);
    }

private:
    /// The new note, or null if there is one of its kind already.
    Diagnostic* note(std::string_view code, SourceSpan span, std::string message, std::string hint)
    {
        const bool isKnown = std::ranges::any_of(
            m_diagnostics, [&](const Diagnostic& known) { return known.code == code; });
        if (isKnown) {
            return nullptr;
        }
        Diagnostic& diagnostic = m_diagnostics.emplace_back();
        diagnostic.severity = Severity::Note;
        diagnostic.code = code;
        diagnostic.span = span;
        diagnostic.message = std::move(message);
        diagnostic.hint = std::move(hint);
        return &diagnostic;
    }

    // -- letter case and wildcards, as written -------------------------------------------------

    void visitFilter(const syntax::Filter& filter)
    {
        if (filter.condition) {
            visit(*filter.condition);
        }
    }

    void visitAll(const std::vector<syntax::ExpressionPtr>& expressions)
    {
        for (const syntax::ExpressionPtr& each : expressions) {
            visit(*each);
        }
    }

    void visit(const syntax::Expression& expression)
    {
        const auto& node = expression.node;
        if (const auto* const unary = std::get_if<syntax::Unary>(&node)) {
            visit(*unary->operand);
        } else if (const auto* const logical = std::get_if<syntax::Logical>(&node)) {
            visitAll(logical->operands);
        } else if (const auto* const binary = std::get_if<syntax::Binary>(&node)) {
            visit(*binary->left);
            visit(*binary->right);
            visitBinary(*binary, expression.span);
        } else if (const auto* const call = std::get_if<syntax::FunctionCall>(&node)) {
            visitAll(call->arguments);
            visitCall(*call);
        } else if (const auto* const in = std::get_if<syntax::InPredicate>(&node)) {
            visit(*in->subject);
            if (!in->caseInsensitive) {
                noteCase(in->items, expression.span, "in", "[in~] ignores it in both.");
            }
        } else if (const auto* const match = std::get_if<syntax::MatchPredicate>(&node)) {
            visit(*match->subject);
            visitMatch(*match);
        } else if (const auto* const relation = std::get_if<syntax::ProcessRelation>(&node)) {
            visitFilter(*relation->filter);
        }
    }

    void noteCase(const std::vector<syntax::ExpressionPtr>& texts, SourceSpan span,
                  std::string_view op, std::string_view hint)
    {
        const bool matters = std::ranges::any_of(texts, [](const syntax::ExpressionPtr& each) {
            const auto* const text = textOf(each);
            return text != nullptr && hasCase(*text);
        });
        if (matters) {
            note("eql-twin-case", span,
                 fmt::format("[{}] tells upper from lower case in Elasticsearch; python-eql "
                             "ignores case",
                             op),
                 std::string(hint));
        }
    }

    void visitBinary(const syntax::Binary& binary, SourceSpan span)
    {
        const bool isEqual = binary.op == syntax::BinaryOperator::Equal;
        if (!isEqual && binary.op != syntax::BinaryOperator::NotEqual) {
            return;
        }
        const std::string_view op = isEqual ? "==" : "!=";
        for (const auto& side : {std::cref(binary.left), std::cref(binary.right)}) {
            const auto* const text = textOf(side.get());
            if (text == nullptr) {
                continue;
            }
            if (hasCase(*text)) {
                Diagnostic* const said =
                    note("eql-twin-case", span,
                         fmt::format("[{}] tells upper from lower case in Elasticsearch; "
                                     "python-eql ignores case",
                                     op),
                         "Use [:] for a case-insensitive match in both.");
                // [:] takes constants on its right only, and would see wildcards.
                if (said != nullptr && isEqual && textOf(binary.right) == text
                    && text->value.find_first_of("*?") == std::string::npos) {
                    said->fixes.push_back({binary.operatorSpan, ":", "use :"});
                }
            }
            if (text->value.find('*') != std::string::npos) {
                note("eql-twin-wildcard", span,
                     fmt::format("[{}] compares the [*] literally in Elasticsearch; python-eql "
                                 "matches it as a wildcard",
                                 op),
                     "[:] matches wildcards in both.");
            }
        }
    }

    void visitMatch(const syntax::MatchPredicate& match)
    {
        const bool isRegex = match.op == syntax::MatchOperator::Regex
                             || match.op == syntax::MatchOperator::RegexInsensitive;
        const auto asks = [](const syntax::ExpressionPtr& each) {
            const auto* const text = textOf(each);
            return text != nullptr && text->value.find('?') != std::string::npos;
        };
        if (isRegex) {
            note("eql-twin-wildcard", match.operatorSpan,
                 "A regular expression must match the whole text in Elasticsearch; python-eql "
                 "anchors it at the start only",
                 "End the pattern with [.*] to mean the same in both.");
        } else if (std::ranges::any_of(match.patterns, asks)) {
            note("eql-twin-wildcard", match.operatorSpan,
                 "[?] stands for any one character in Elasticsearch; python-eql takes it literally",
                 "[*] means the same in both.");
        }
        if (match.op == syntax::MatchOperator::Like || match.op == syntax::MatchOperator::Regex) {
            noteCase(match.patterns, match.operatorSpan, isRegex ? "regex" : "like",
                     "The form with [~] ignores it in both.");
        }
    }

    void visitCall(const syntax::FunctionCall& call)
    {
        const FunctionInfo* const info = findFunction(call.name);
        if (info == nullptr || !info->hasInsensitiveVariant || call.caseInsensitive) {
            return;
        }
        noteCase(call.arguments, call.nameSpan, call.name, "The form with [~] ignores it in both.");
    }

    // -- nulls, as bound -----------------------------------------------------------------------

    /// @p present: fields that another clause of the same conjunction has already asked for.
    void visitCondition(const BoundCondition& condition, std::set<FieldSlot> present)
    {
        if (const auto* const leaf = std::get_if<Leaf>(&condition.node)) {
            visitLeaf(*leaf, condition.span, present);
        } else if (const auto* const all = std::get_if<AndCondition>(&condition.node)) {
            for (const BoundCondition& operand : all->operands) {
                const auto* const clause = std::get_if<Leaf>(&operand.node);
                if (clause != nullptr && asksForValue(*clause)) {
                    present.insert(clause->fields.begin(), clause->fields.end());
                }
            }
            for (const BoundCondition& operand : all->operands) {
                visitCondition(operand, present);
            }
        } else if (const auto* const any = std::get_if<OrCondition>(&condition.node)) {
            for (const BoundCondition& operand : any->operands) {
                visitCondition(operand, present);
            }
        }
    }

    /// Whether the clause holds only for events that have its fields.
    static bool asksForValue(const Leaf& leaf)
    {
        return leaf.negated == std::holds_alternative<IsNull>(leaf.expression->node);
    }

    void visitLeaf(const Leaf& leaf, SourceSpan span, const std::set<FieldSlot>& present)
    {
        if (asksForValue(leaf) || std::holds_alternative<IsNull>(leaf.expression->node)) {
            return;
        }
        const auto open = std::ranges::find_if(
            leaf.fields, [&](const FieldSlot field) { return !present.contains(field); });
        if (open != leaf.fields.end()) {
            const std::string name = visibleText(m_bound.fields[open->index()].name);
            note("eql-twin-null", span,
                 fmt::format("Events without [{}] match here in Elasticsearch; in python-eql they "
                             "do not",
                             name),
                 fmt::format("Add [{} != null] to mean the same in both.", name));
        }
    }

    // -- sequences -----------------------------------------------------------------------------

    void visitSequence()
    {
        if (m_bound.kind != BoundQueryKind::Sequence || m_bound.stages.empty()) {
            return;
        }
        const auto& by = m_query.by ? m_query.by : m_query.terms.front().by;
        const bool drops = std::ranges::any_of(m_bound.stages.front().keys,
                                               [](const BoundKey& key) { return !key.optional; });
        if (by && drops) {
            note("eql-twin-null-key", by->span,
                 "Events without a join key take no part in Elasticsearch; in python-eql they "
                 "join each other",
                 "[?] before a key lets such events join in both.");
        }
        if (m_query.until) {
            note("eql-twin-until", m_query.until->span,
                 "An event that is a stage and the [until] at once ends the sequence in "
                 "Elasticsearch if the stage is not the last; in python-eql, if it is not the "
                 "first",
                 "Keep the conditions of stages and [until] apart.");
        }
    }

    const syntax::Query& m_query;
    const BoundQuery& m_bound;
    std::vector<Diagnostic> m_diagnostics;
};

} // namespace

std::vector<Diagnostic> lintTwins(const syntax::Query& query, const BoundQuery& bound)
{
    return TwinLinter(query, bound).run();
}

} // namespace sequela::eql
