#include "core/eql/lint.h"

#include "core/base/text.h"
#include "core/eql/expression_children.h"
#include "core/eql/limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

namespace sequela::eql {

namespace {

/// Share of events with the field below which `!=` mostly means "is missing".
constexpr std::uint64_t oftenMissingPercent = 50;
/// Patterns in one list past which a leading wildcard is worth more than a word.
constexpr std::size_t longPatternList = 20;

bool hasWildcard(std::string_view text)
{
    return text.find_first_of("*?") != std::string_view::npos;
}

class Linter {
public:
    Linter(const syntax::Query& query, std::string_view text, const BoundQuery& bound,
           const schema::FieldCatalog& catalog)
        : m_query(query), m_text(text), m_bound(bound), m_catalog(catalog)
    {
    }

    std::vector<Diagnostic> run()
    {
        for (const BoundStage& stage : m_bound.stages) {
            lintCondition(stage.condition);
        }
        if (m_bound.until) {
            lintCondition(m_bound.until->condition);
        }
        lintFilters();
        lintSequence();
        std::ranges::stable_sort(m_diagnostics,
                                 [](const Diagnostic& left, const Diagnostic& right) {
                                     return left.span->begin < right.span->begin;
                                 });
        if (m_hasMore) {
            Diagnostic& last = m_diagnostics.emplace_back();
            last.severity = Severity::Note;
            last.code = "eql-too-many-problems";
            last.span = SourceSpan{m_text.size(), m_text.size()};
            last.message = fmt::format("More than {} remarks; the rest is not shown",
                                       limits::maximumDiagnostics);
        }
        return std::move(m_diagnostics);
    }

private:
    Diagnostic& add(Severity severity, std::string_view code, SourceSpan span, std::string message)
    {
        m_hasMore = m_hasMore || m_diagnostics.size() >= limits::maximumDiagnostics;
        Diagnostic& diagnostic =
            m_hasMore ? (m_surplus = Diagnostic{}) : m_diagnostics.emplace_back();
        diagnostic.severity = severity;
        diagnostic.code = code;
        diagnostic.span = span;
        diagnostic.message = std::move(message);
        return diagnostic;
    }

    // -- what the fields of this data say ------------------------------------------------------

    void lintCondition(const BoundCondition& condition)
    {
        if (const auto* const leaf = std::get_if<Leaf>(&condition.node)) {
            lintLeaf(*leaf, condition.span);
        } else if (const auto* const all = std::get_if<AndCondition>(&condition.node)) {
            std::ranges::for_each(all->operands,
                                  [this](const BoundCondition& each) { lintCondition(each); });
        } else if (const auto* const any = std::get_if<OrCondition>(&condition.node)) {
            std::ranges::for_each(any->operands,
                                  [this](const BoundCondition& each) { lintCondition(each); });
        } else if (!std::get<ConstantCondition>(condition.node).value) {
            add(Severity::Warning, "eql-lint-constant", condition.span,
                "This condition holds for no event");
        }
    }

    void lintLeaf(const Leaf& leaf, SourceSpan span)
    {
        for (const FieldSlot slot : leaf.fields) {
            lintField(m_bound.fields[slot.index()], leaf, span);
        }
    }

    void lintField(const BoundField& field, const Leaf& leaf, SourceSpan span)
    {
        const auto known = m_catalog.find(field.name);
        if (m_catalog.seen().empty() || !known) {
            return;
        }
        const std::string name = visibleText(field.name);
        if (known->conflicting && m_mixedReported.insert(field.name).second) {
            add(Severity::Warning, "eql-lint-mixed-types", span,
                fmt::format("[{}] holds values of several types in this data", name))
                .hint = "It is compared as text; give its type in a schema file to change that.";
        }
        if (known->eventCount == 0) {
            if (m_unpopulatedReported.insert(field.name).second) {
                add(Severity::Warning, "eql-lint-unpopulated-field", span,
                    fmt::format("[{}] has no value in this data", name))
                    .hint = "Conditions on it are false for every event, their negations true.";
            }
            return;
        }
        const bool isNullTest = std::holds_alternative<IsNull>(leaf.expression->node);
        if (leaf.negated && !isNullTest && totalEvents() > 0
            && known->eventCount * 100 < totalEvents() * oftenMissingPercent) {
            add(Severity::Note, "eql-lint-often-missing", span,
                fmt::format("[{}] is missing in most events, and this holds for all of them", name))
                .hint =
                fmt::format("Add [{} != null] where events without it are not meant.", name);
        }
    }

    /// Events in the data: no field occurs more often than @timestamp.
    [[nodiscard]] std::uint64_t totalEvents()
    {
        if (m_totalEvents == 0) {
            for (const auto& [name, field] : m_catalog.seen()) {
                m_totalEvents = std::max(m_totalEvents, field.eventCount);
            }
        }
        return m_totalEvents;
    }

    // -- what the words say --------------------------------------------------------------------

    void lintFilters()
    {
        if (m_query.filter) {
            lintFilter(*m_query.filter);
        }
        for (const syntax::Term& term : m_query.terms) {
            lintFilter(term.filter);
        }
        if (m_query.until) {
            lintFilter(m_query.until->filter);
        }
    }

    void lintFilter(const syntax::Filter& filter)
    {
        if (filter.condition) {
            lintExpression(*filter.condition);
        }
    }

    void lintExpression(const syntax::Expression& expression)
    {
        if (const auto* const unary = std::get_if<syntax::Unary>(&expression.node)) {
            lintExpression(*unary->operand);
        } else if (const auto* const logical = std::get_if<syntax::Logical>(&expression.node)) {
            lintAll(logical->operands);
        } else if (const auto* const binary = std::get_if<syntax::Binary>(&expression.node)) {
            lintExpression(*binary->left);
            lintExpression(*binary->right);
            lintBinary(*binary);
        } else if (const auto* const call = std::get_if<syntax::FunctionCall>(&expression.node)) {
            lintAll(call->arguments);
        } else if (const auto* const in = std::get_if<syntax::InPredicate>(&expression.node)) {
            lintExpression(*in->subject);
            for (const syntax::ExpressionPtr& item : in->items) {
                lintLiteral(*item, "in", {}, "");
            }
        } else if (const auto* const match =
                       std::get_if<syntax::MatchPredicate>(&expression.node)) {
            lintExpression(*match->subject);
            lintMatch(*match);
        } else if (const auto* const relation =
                       std::get_if<syntax::ProcessRelation>(&expression.node)) {
            lintFilter(*relation->filter);
        }
    }

    void lintAll(const std::vector<syntax::ExpressionPtr>& expressions)
    {
        for (const syntax::ExpressionPtr& each : expressions) {
            lintExpression(*each);
        }
    }

    void lintBinary(const syntax::Binary& binary)
    {
        const bool isEqual = binary.op == syntax::BinaryOperator::Equal;
        if (!isEqual && binary.op != syntax::BinaryOperator::NotEqual) {
            return;
        }
        for (const syntax::ExpressionPtr& side :
             {std::cref(binary.left), std::cref(binary.right)}) {
            // Only [==] has a twin that takes the wildcards; [!=] would need [not … : …].
            lintLiteral(*side, isEqual ? "==" : "!=",
                        isEqual ? std::optional(binary.operatorSpan) : std::nullopt, ":");
        }
    }

    void lintLiteral(const syntax::Expression& expression, std::string_view op,
                     std::optional<SourceSpan> operatorSpan, std::string_view replacement)
    {
        const auto* const text = std::get_if<syntax::StringLiteral>(&expression.node);
        if (text == nullptr || !hasWildcard(text->value)) {
            return;
        }
        Diagnostic& diagnostic =
            add(Severity::Warning, "eql-lint-wildcard-literal", expression.span,
                fmt::format("[{}] takes the wildcard in this text as an ordinary character", op));
        diagnostic.hint = "[:] and [like] match wildcards.";
        if (operatorSpan) {
            diagnostic.fixes.push_back(
                {*operatorSpan, std::string(replacement), fmt::format("use {}", replacement)});
        }
    }

    void lintMatch(const syntax::MatchPredicate& match)
    {
        const bool isRegex = match.op == syntax::MatchOperator::Regex
                             || match.op == syntax::MatchOperator::RegexInsensitive;
        for (const syntax::ExpressionPtr& pattern : match.patterns) {
            const auto* const text = std::get_if<syntax::StringLiteral>(&pattern->node);
            if (text == nullptr) {
                continue;
            }
            const bool leading =
                isRegex ? text->value.starts_with(".*") : text->value.starts_with('*');
            if (leading && text->value.size() > (isRegex ? 2U : 1U)) {
                Diagnostic& diagnostic =
                    add(Severity::Note, "eql-lint-leading-wildcard", pattern->span,
                        "A pattern that begins with a wildcard is compared with every value");
                diagnostic.hint =
                    match.patterns.size() > longPatternList
                        ? "A list of this length is costly in Elasticsearch; narrow the stage by "
                          "other conditions."
                        : "This is cheap here, and costly in Elasticsearch on long texts.";
                return;
            }
        }
    }

    // -- sequences -----------------------------------------------------------------------------

    void lintSequence()
    {
        if (m_bound.kind != BoundQueryKind::Sequence || m_bound.stages.empty()) {
            return;
        }
        const SourceSpan head{
            m_query.span.begin,
            std::min(m_query.span.begin + std::string_view("sequence").size(), m_text.size())};
        if (!m_bound.maxspanMs) {
            Diagnostic& diagnostic = add(Severity::Warning, "eql-lint-no-maxspan", head,
                                         "This sequence has no maxspan, so its events may lie any "
                                         "time apart");
            diagnostic.hint = "Write [with maxspan=5m] after the join keys.";
            const std::size_t place = m_query.by ? m_query.by->span.end : head.end;
            diagnostic.fixes.push_back({{place, place}, " with maxspan=5m", "add a maxspan"});
        }
        const auto* const first =
            std::get_if<ConstantCondition>(&m_bound.stages.front().condition.node);
        if (first != nullptr && first->value && !m_bound.stages.front().missing) {
            add(Severity::Warning, "eql-lint-loose-stage", m_bound.stages.front().span,
                "The first stage takes every event of its category, so that each one replaces the "
                "start before it")
                .hint = "Add conditions that pick out the event that matters.";
        }
        const auto never = [](const BoundStage& stage) {
            const auto* const constant = std::get_if<ConstantCondition>(&stage.condition.node);
            return constant != nullptr && !constant->value;
        };
        if (m_bound.until && never(*m_bound.until)) {
            add(Severity::Warning, "eql-lint-unused-until", m_bound.until->span,
                "This until can never end a sequence");
        }
    }

    const syntax::Query& m_query;
    std::string_view m_text;
    const BoundQuery& m_bound;
    const schema::FieldCatalog& m_catalog;
    std::vector<Diagnostic> m_diagnostics;
    bool m_hasMore = false;
    /// What goes nowhere once there are too many.
    Diagnostic m_surplus;
    std::set<std::string> m_unpopulatedReported;
    std::set<std::string> m_mixedReported;
    std::uint64_t m_totalEvents = 0;
};

} // namespace

std::vector<Diagnostic> lint(const syntax::Query& query, std::string_view text,
                             const BoundQuery& bound, const schema::FieldCatalog& catalog)
{
    return Linter(query, text, bound, catalog).run();
}

} // namespace sequela::eql
