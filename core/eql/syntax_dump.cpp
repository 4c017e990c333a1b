#include "core/eql/printer.h"
#include "core/eql/string_literal.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace sequela::eql {

namespace {

using syntax::Expression;
using syntax::ExpressionPtr;

constexpr std::array<std::string_view, 11> binaryNames{
    "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%"};
constexpr std::array<std::string_view, 5> matchNames{":", "like", "like~", "regex", "regex~"};
constexpr std::array<std::string_view, 4> queryNames{"event query", "sequence", "sample", "join"};

class Dumper {
public:
    [[nodiscard]] std::string take() { return std::move(m_text); }

    void dumpQuery(const syntax::Query& query)
    {
        line(query.span, queryNames.at(static_cast<std::size_t>(query.kind)));
        const Indent indent(*this);
        if (query.filter) {
            dumpFilter(*query.filter);
        }
        if (query.by) {
            dumpKeys(*query.by);
        }
        if (query.maxspan) {
            line(query.maxspan->span,
                 fmt::format("maxspan {}{}{}", query.maxspan->number, query.maxspan->unit,
                             query.maxspan->milliseconds
                                 ? fmt::format(" = {} ms", *query.maxspan->milliseconds)
                                 : " (not valid)"));
        }
        for (const syntax::Term& term : query.terms) {
            dumpTerm(term, term.missing ? "missing term" : "term");
        }
        if (query.until) {
            dumpTerm(*query.until, "until");
        }
        for (const syntax::Pipe& pipe : query.pipes) {
            line(pipe.span, "pipe " + pipe.name);
            const Indent inside(*this);
            dumpList(pipe.arguments);
        }
    }

private:
    class Indent {
    public:
        explicit Indent(Dumper& dumper) : m_dumper(dumper) { m_dumper.m_depth += 2; }
        ~Indent() { m_dumper.m_depth -= 2; }
        Indent(const Indent&) = delete;
        Indent& operator=(const Indent&) = delete;

    private:
        Dumper& m_dumper;
    };

    void line(SourceSpan span, std::string_view what)
    {
        m_text += fmt::format("{:{}}{} [{}..{}]\n", "", m_depth, what, span.begin, span.end);
    }

    void dump(const Expression& expression)
    {
        std::visit(
            [&](const auto& node) {
                line(expression.span, describe(node) + parenthesesOf(expression));
                const Indent indent(*this);
                dumpChildren(node);
            },
            expression.node);
    }

    static std::string parenthesesOf(const Expression& expression)
    {
        return expression.parentheses == 0
                   ? std::string()
                   : fmt::format(" ({} parentheses)", expression.parentheses);
    }

    static std::string describe(const syntax::Missing&) { return "missing"; }
    static std::string describe(const syntax::NullLiteral&) { return "null"; }
    static std::string describe(const syntax::BooleanLiteral& node)
    {
        return node.value ? "true" : "false";
    }
    static std::string describe(const syntax::NumberLiteral& node)
    {
        return (node.isInteger ? "integer " : "decimal ") + node.text;
    }
    static std::string describe(const syntax::StringLiteral& node)
    {
        return (node.raw ? "raw string " : "string ") + quoteString(node.value);
    }
    static std::string describe(const syntax::FieldReference& node)
    {
        const std::string variable = node.variable.empty() ? "" : '$' + node.variable + ' ';
        return fmt::format("{}field {}{}{}", node.optional ? "optional " : "", variable,
                           quoteName(node.path), node.hasIndex ? " with index" : "");
    }
    static std::string describe(const syntax::FunctionCall& node)
    {
        return "call " + node.name + (node.caseInsensitive ? "~" : "");
    }
    static std::string describe(const syntax::Unary& node)
    {
        switch (node.op) {
        case syntax::UnaryOperator::Minus:
            return "minus";
        case syntax::UnaryOperator::Plus:
            return "plus";
        case syntax::UnaryOperator::Not:
            break;
        }
        return "not";
    }
    static std::string describe(const syntax::Logical& node)
    {
        return node.op == syntax::LogicalOperator::Or ? "or" : "and";
    }
    static std::string describe(const syntax::Binary& node)
    {
        return std::string(binaryNames.at(static_cast<std::size_t>(node.op)));
    }
    static std::string describe(const syntax::InPredicate& node)
    {
        return fmt::format("{}in{}", node.negated ? "not " : "", node.caseInsensitive ? "~" : "");
    }
    static std::string describe(const syntax::MatchPredicate& node)
    {
        return fmt::format("{}{}", matchNames.at(static_cast<std::size_t>(node.op)),
                           node.isList ? " list" : "");
    }
    static std::string describe(const syntax::ProcessRelation& node)
    {
        return node.relation + " of";
    }

    template <typename Leaf>
    void dumpChildren(const Leaf&)
    {
    }
    void dumpChildren(const syntax::FunctionCall& node) { dumpList(node.arguments); }
    void dumpChildren(const syntax::Unary& node) { dump(*node.operand); }
    void dumpChildren(const syntax::Logical& node) { dumpList(node.operands); }
    void dumpChildren(const syntax::Binary& node)
    {
        dump(*node.left);
        dump(*node.right);
    }
    void dumpChildren(const syntax::InPredicate& node)
    {
        dump(*node.subject);
        const Indent indent(*this);
        dumpList(node.items);
    }
    void dumpChildren(const syntax::MatchPredicate& node)
    {
        dump(*node.subject);
        const Indent indent(*this);
        dumpList(node.patterns);
    }
    void dumpChildren(const syntax::ProcessRelation& node) { dumpFilter(*node.filter); }

    void dumpList(const std::vector<ExpressionPtr>& list)
    {
        for (const ExpressionPtr& item : list) {
            dump(*item);
        }
    }

    void dumpFilter(const syntax::Filter& filter)
    {
        line(filter.span,
             filter.category ? "filter of " + quoteString(*filter.category) : "filter of any");
        const Indent indent(*this);
        dump(*filter.condition);
    }

    void dumpKeys(const syntax::JoinKeys& keys)
    {
        line(keys.span, "by");
        const Indent indent(*this);
        for (const ExpressionPtr& key : keys.keys) {
            dump(*key);
        }
    }

    void dumpTerm(const syntax::Term& term, std::string_view name)
    {
        line(term.span, name);
        const Indent indent(*this);
        dumpFilter(term.filter);
        if (term.by) {
            dumpKeys(*term.by);
        }
        if (term.runs) {
            line(term.runsSpan, fmt::format("runs {}", *term.runs));
        }
        if (!term.alias.empty()) {
            line(term.aliasSpan, "alias " + term.alias);
        }
    }

    std::string m_text;
    int m_depth = 0;
};

} // namespace

std::string dumpSyntaxTree(const syntax::Query& query)
{
    Dumper dumper;
    dumper.dumpQuery(query);
    return dumper.take();
}

} // namespace sequela::eql
