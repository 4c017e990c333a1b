#include "core/report/alert_summary.h"
#include "core/report/escaping.h"
#include "core/report/summary_document.h"

#include <fmt/format.h>

namespace sequela::report {

namespace {

class MarkdownSink final : public DocumentSink {
public:
    void title(const std::string& text) override
    {
        m_text += fmt::format("# {}\n\n", escapeMarkdown(text));
    }
    void heading(std::string_view text) override
    {
        m_text += fmt::format("## {}\n\n", escapeMarkdown(text));
    }
    void paragraph(const TextLine& line) override { m_text += markdownOf(line, " ") + "\n\n"; }
    void figures(const std::array<std::size_t, 4>& bySeverity) override
    {
        m_text +=
            fmt::format("| severity | alerts |\n|---|---:|\n| critical | {} |\n| high | {} |\n"
                        "| medium | {} |\n| low | {} |\n\n",
                        bySeverity[3], bySeverity[2], bySeverity[1], bySeverity[0]);
    }
    void table(const std::vector<DocumentColumn>& columns,
               const std::vector<DocumentRow>& rows) override;
    void beginAlert(const detect::Alert& alert, const std::string& name) override
    {
        m_text += fmt::format("### {}\n\n- severity: {}, risk {}\n\n", escapeMarkdown(name),
                              rules::severityText(alert.severity), alert.riskScore);
    }
    void facts(const std::vector<DocumentFact>& facts) override
    {
        for (const auto& [label, line] : facts) {
            m_text += fmt::format("- {}: {}\n", escapeMarkdown(label), markdownOf(line, ", "));
        }
        m_text += '\n';
    }
    void beginStages() override {}
    void stage(std::size_t number, const TextLine& head,
               const std::vector<DocumentRow>& clauses) override
    {
        m_text += fmt::format("{}. {}\n", number, markdownOf(head, " "));
        for (const DocumentRow& clause : clauses) {
            const std::string values = markdownOf(clause[1], "; ");
            m_text += fmt::format("   - {}{}{}\n", markdownOf(clause[0], " "),
                                  values.empty() ? "" : "; ", values);
        }
    }
    void endStages() override { m_text += '\n'; }
    void endAlert() override {}

    [[nodiscard]] std::string finish() { return std::move(m_text); }

private:
    [[nodiscard]] static std::string markdownOf(const TextLine& line, std::string_view lineBreak);

    std::string m_text;
};

std::string MarkdownSink::markdownOf(const TextLine& line, std::string_view lineBreak)
{
    std::string markdown;
    for (const TextRun& run : line) {
        switch (run.style) {
        case TextRun::Style::Plain:
        case TextRun::Style::Soft:
            markdown += escapeMarkdown(run.text);
            break;
        case TextRun::Style::Code:
            markdown += markdownCode(run.text);
            break;
        case TextRun::Style::Severity:
            markdown += rules::severityText(run.severity);
            break;
        case TextRun::Style::Break:
            markdown += lineBreak;
            break;
        }
    }
    return markdown;
}

void MarkdownSink::table(const std::vector<DocumentColumn>& columns,
                         const std::vector<DocumentRow>& rows)
{
    std::string borders;
    for (const DocumentColumn& column : columns) {
        m_text += fmt::format("| {} ", escapeMarkdown(column.title));
        borders += column.isNumber ? "|---:" : "|---";
    }
    m_text += "|\n" + borders + "|\n";
    for (const DocumentRow& row : rows) {
        for (const TextLine& cell : row) {
            m_text += fmt::format("| {} ", markdownOf(cell, ", "));
        }
        m_text += "|\n";
    }
    m_text += '\n';
}

} // namespace

Result<std::string> writeMarkdown(const AlertSummary& summary, const ExportRequest& request,
                                  std::stop_token stop)
{
    MarkdownSink sink;
    SEQUELA_TRY(writeDocument(summary, request, sink, std::move(stop)));
    return sink.finish();
}

} // namespace sequela::report
