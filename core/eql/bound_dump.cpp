#include "core/base/text.h"
#include "core/eql/expression_text.h"
#include "core/eql/printer.h"

#include <fmt/format.h>

namespace sequela::eql {

namespace {

class BoundDump {
public:
    explicit BoundDump(const BoundQuery& query) : m_query(query) {}

    std::string run()
    {
        static constexpr std::string_view kinds[] = {"event", "sequence", "sample"};
        line(0, "{} query{}", kinds[static_cast<std::size_t>(m_query.kind)],
             m_query.dialect == Dialect::Endpoint ? ", endpoint dialect" : "");
        line(1, "fields");
        for (std::size_t i = 0; i < m_query.fields.size(); ++i) {
            const bool isCategory = m_query.categoryField && m_query.categoryField->index() == i;
            line(2, "{} {}{}", visibleText(m_query.fields[i].name),
                 schema::fieldTypeName(m_query.fields[i].type), isCategory ? ", category" : "");
        }
        if (m_query.maxspanMs) {
            line(1, "maxspan {} ms", *m_query.maxspanMs);
        }
        for (const BoundStage& stage : m_query.stages) {
            writeStage(stage, "stage");
        }
        if (m_query.until) {
            writeStage(*m_query.until, "until");
        }
        for (const BoundPipe& pipe : m_query.pipes) {
            line(1, "{} {}", pipe.isHead ? "head" : "tail", pipe.count);
        }
        return std::move(m_text);
    }

private:
    template <typename... Parts>
    void line(std::size_t level, fmt::format_string<Parts...> format, Parts&&... parts)
    {
        m_text.append(level * 2, ' ');
        m_text += fmt::format(format, std::forward<Parts>(parts)...);
        m_text += '\n';
    }
    void writeStage(const BoundStage& stage, std::string_view title)
    {
        line(1, "{} {}{}{} @{}-{}", title, stage.missing ? "missing " : "",
             stage.category ? quoteJson(*stage.category) : "any",
             stage.runs > 1 ? fmt::format(" runs={}", stage.runs) : std::string(), stage.span.begin,
             stage.span.end);
        for (const BoundKey& key : stage.keys) {
            line(2, "key {}{}{}", visibleText(m_query.fields[key.field.index()].name),
                 key.optional ? " optional" : "", key.unmapped ? " unmapped" : "");
        }
        writeCondition(stage.condition, 2);
    }
    void writeCondition(const BoundCondition& condition, std::size_t level)
    {
        if (const auto* const constant = std::get_if<ConstantCondition>(&condition.node)) {
            line(level, "{} @{}-{}", constant->value ? "always" : "never", condition.span.begin,
                 condition.span.end);
        } else if (const auto* const leaf = std::get_if<Leaf>(&condition.node)) {
            line(level, "{} {} @{}-{}", leaf->negated ? "no value:" : "some value:",
                 visibleText(expressionText(*leaf->expression, m_query.fields)),
                 condition.span.begin, condition.span.end);
        } else if (const auto* const all = std::get_if<AndCondition>(&condition.node)) {
            writeList("and", all->operands, condition.span, level);
        } else if (const auto* const any = std::get_if<OrCondition>(&condition.node)) {
            writeList("or", any->operands, condition.span, level);
        }
    }
    void writeList(std::string_view word, const std::vector<BoundCondition>& operands,
                   SourceSpan span, std::size_t level)
    {
        line(level, "{} @{}-{}", word, span.begin, span.end);
        for (const BoundCondition& operand : operands) {
            writeCondition(operand, level + 1);
        }
    }

    const BoundQuery& m_query;
    std::string m_text;
};

} // namespace

std::string dumpBoundQuery(const BoundQuery& query)
{
    return BoundDump(query).run();
}

} // namespace sequela::eql
