#include "core/report/alert_summary.h"
#include "core/report/escaping.h"
#include "core/report/summary_document.h"

#include <fmt/format.h>

#include <array>

namespace sequela::report {

namespace {

// No script may run and nothing may be loaded, whatever an event says: the policy forbids all but
// the style below.
constexpr std::string_view headBegin = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
)";
constexpr std::string_view style = R"(<style>
:root { --ink: #1c2430; --soft: #5b6675; --line: #d5dbe3; --paper: #fff; --panel: #f5f7fa;
  --low: #2b7a4b; --medium: #8a5a00; --high: #b23a12; --critical: #a8123a; }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  margin: 0 auto; max-width: 68rem; padding: 1.5rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1.05rem; margin: 0; } p { margin: .4rem 0; } .soft { color: var(--soft); }
table { border-collapse: collapse; width: 100%; font-size: .92em; }
th, td { text-align: left; vertical-align: top; padding: .3rem .5rem;
  border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; overflow-wrap: normal; }
td.number, th.number { text-align: right; }
code { font: .88em/1.45 ui-monospace, monospace; white-space: pre-wrap; unicode-bidi: isolate; }
.figures { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1rem 0; }
.figure { background: var(--panel); border-left: 4px solid var(--line); padding: .5rem 1rem; }
.figure b { display: block; font-size: 1.4rem; }
.alert { border: 1px solid var(--line); border-left: 5px solid var(--line); padding: .75rem 1rem;
  margin: .75rem 0; }
h3, h3 + p, dt, li > p, tr:first-child { break-after: avoid; } tr, dd, figure { break-inside: avoid; }
figure { margin: .75rem 0; overflow-x: auto; } figure svg { width: 100%; height: auto; min-width: 42rem;
  display: block; } figcaption { color: var(--soft); font-size: .85em; }
.low { border-left-color: var(--low); } .medium { border-left-color: var(--medium); }
.high { border-left-color: var(--high); } .critical { border-left-color: var(--critical); }
.badge { display: inline-block; border: 1px solid currentColor; border-radius: 3px;
  padding: 0 .4rem; font-size: .82em; font-weight: 600; white-space: nowrap; }
.badge.low { color: var(--low); } .badge.medium { color: var(--medium); }
.badge.high { color: var(--high); } .badge.critical { color: var(--critical); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .8rem; margin: .5rem 0; }
dt { color: var(--soft); } dd { margin: 0; } ol.stages { padding-left: 1.4rem; margin: .5rem 0; }
@media (max-width: 40rem) { body { padding: .75rem; } dl { grid-template-columns: 1fr; }
  .alert { padding: .6rem; } ol.stages { padding-left: 1.1rem; }
  table, tbody, tr { display: block; } tr { border-bottom: 1px solid var(--line); padding: .4rem 0; }
  td, td.number { display: block; position: relative; border: 0;
  padding: .1rem 0 .1rem 5.5rem; min-height: 1.6em; text-align: left; }
  td::before { content: attr(data-label); color: var(--soft); position: absolute; left: 0; }
  th, td:empty, td.number:empty { display: none; } }
@media print { @page { margin: 16mm 14mm; } body { max-width: none; padding: 0; font-size: 9.5pt; }
  figure svg { min-width: 0; } .alert { border-width: 0 0 0 4px; padding: .2rem .8rem; } }
</style>
)";

class HtmlSink final : public DocumentSink {
public:
    [[nodiscard]] bool wantsDrawings() const override { return true; }
    void title(const std::string& text) override;
    void heading(std::string_view text) override
    {
        m_text += fmt::format("<h2>{}</h2>\n", escapeHtml(text));
    }
    void paragraph(const TextLine& line) override
    {
        m_text += fmt::format("<p>{}</p>\n", htmlOf(line));
    }
    void figures(const std::array<std::size_t, 4>& bySeverity) override;
    void table(const std::vector<DocumentColumn>& columns,
               const std::vector<DocumentRow>& rows) override;
    void drawing(const std::string& svg, std::string_view caption) override
    {
        m_text += fmt::format("<figure>\n{}<figcaption>{}</figcaption>\n</figure>\n", svg,
                              escapeHtml(caption));
    }
    void beginAlert(const detect::Alert& alert, const std::string& name) override;
    void facts(const std::vector<DocumentFact>& facts) override;
    void beginStages() override { m_text += "<ol class=\"stages\">\n"; }
    void stage(std::size_t number, const TextLine& head,
               const std::vector<DocumentRow>& clauses) override;
    void endStages() override { m_text += "</ol>\n"; }
    void endAlert() override { m_text += "</section>\n"; }

    [[nodiscard]] std::string finish()
    {
        m_text += "</body>\n</html>\n";
        return std::move(m_text);
    }

private:
    [[nodiscard]] static std::string htmlOf(const TextLine& line);

    std::string m_text;
};

std::string HtmlSink::htmlOf(const TextLine& line)
{
    std::string html;
    for (const TextRun& run : line) {
        switch (run.style) {
        case TextRun::Style::Plain:
            html += escapeHtml(run.text);
            break;
        case TextRun::Style::Code:
            html += fmt::format("<code>{}</code>", escapeHtml(run.text));
            break;
        case TextRun::Style::Soft:
            html += fmt::format("<span class=\"soft\">{}</span>", escapeHtml(run.text));
            break;
        case TextRun::Style::Severity:
            html += fmt::format("<span class=\"badge {0}\">{0}</span>",
                                rules::severityText(run.severity));
            break;
        case TextRun::Style::Break:
            html += "<br>";
            break;
        }
    }
    return html;
}

void HtmlSink::title(const std::string& text)
{
    m_text += headBegin;
    m_text += fmt::format("<title>{}</title>\n", escapeHtml(text));
    m_text += style;
    m_text += fmt::format("</head>\n<body>\n<h1>{}</h1>\n", escapeHtml(text));
}

void HtmlSink::figures(const std::array<std::size_t, 4>& bySeverity)
{
    m_text += "<div class=\"figures\">\n";
    constexpr std::array<detect::AlertSeverity, 4> highestFirst{
        detect::AlertSeverity::Critical, detect::AlertSeverity::High, detect::AlertSeverity::Medium,
        detect::AlertSeverity::Low};
    for (const detect::AlertSeverity severity : highestFirst) {
        m_text += fmt::format("<div class=\"figure {0}\"><b>{1}</b>{0}</div>\n",
                              rules::severityText(severity),
                              bySeverity[static_cast<std::size_t>(severity)]);
    }
    m_text += "</div>\n";
}

void HtmlSink::table(const std::vector<DocumentColumn>& columns,
                     const std::vector<DocumentRow>& rows)
{
    constexpr std::string_view numberClass = " class=\"number\"";
    m_text += "<table>\n<tr>";
    for (const DocumentColumn& column : columns) {
        m_text += fmt::format("<th{}>{}</th>", column.isNumber ? numberClass : std::string_view(),
                              escapeHtml(column.title));
    }
    m_text += "</tr>\n";
    for (const DocumentRow& row : rows) {
        m_text += "<tr>";
        for (std::size_t cell = 0; cell < row.size(); ++cell) {
            // A phone shows a row as lines, each with the title of its column.
            m_text += fmt::format("<td{} data-label=\"{}\">{}</td>",
                                  columns[cell].isNumber ? numberClass : std::string_view(),
                                  escapeHtml(columns[cell].title), htmlOf(row[cell]));
        }
        m_text += "</tr>\n";
    }
    m_text += "</table>\n";
}

void HtmlSink::beginAlert(const detect::Alert& alert, const std::string& name)
{
    m_text += fmt::format("<section class=\"alert {0}\" id=\"alert-{1}\">\n<h3>{2} "
                          "<span class=\"badge {0}\">{0} {3}</span></h3>\n",
                          rules::severityText(alert.severity), escapeHtml(alert.id),
                          escapeHtml(name), alert.riskScore);
}

void HtmlSink::facts(const std::vector<DocumentFact>& facts)
{
    m_text += "<dl>\n";
    for (const auto& [label, line] : facts) {
        m_text += fmt::format("<dt>{}</dt><dd>{}</dd>\n", escapeHtml(label), htmlOf(line));
    }
    m_text += "</dl>\n";
}

void HtmlSink::stage(std::size_t /*number*/, const TextLine& head,
                     const std::vector<DocumentRow>& clauses)
{
    m_text += fmt::format("<li><p>{}</p>\n", htmlOf(head));
    if (!clauses.empty()) {
        table({{"clause"}, {"matched"}}, clauses);
    }
    m_text += "</li>\n";
}

} // namespace

Result<std::string> writeHtml(const AlertSummary& summary, const ExportRequest& request,
                              std::stop_token stop)
{
    HtmlSink sink;
    SEQUELA_TRY(writeDocument(summary, request, sink, std::move(stop)));
    return sink.finish();
}

} // namespace sequela::report
