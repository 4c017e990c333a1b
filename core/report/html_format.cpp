#include "core/base/timestamp.h"
#include "core/report/alert_summary.h"
#include "core/report/escaping.h"
#include "core/report/summary_facts.h"

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
  --low: #2f6f4f; --medium: #8a5a00; --high: #b23a12; --critical: #9b1140; }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  margin: 0 auto; max-width: 68rem; padding: 1.5rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1.05rem; margin: 0; } p { margin: .4rem 0; } .soft { color: var(--soft); }
table { border-collapse: collapse; width: 100%; font-size: .92em; }
th, td { text-align: left; vertical-align: top; padding: .3rem .5rem;
  border-bottom: 1px solid var(--line); } th { color: var(--soft); font-weight: 600; }
td.number, th.number { text-align: right; }
code { font: .88em/1.45 ui-monospace, monospace; white-space: pre-wrap; unicode-bidi: isolate; }
.figures { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1rem 0; }
.figure { background: var(--panel); border-left: 4px solid var(--line); padding: .5rem 1rem; }
.figure b { display: block; font-size: 1.4rem; }
.alert { border: 1px solid var(--line); border-left: 5px solid var(--line); padding: .75rem 1rem;
  margin: .75rem 0; break-inside: avoid-page; }
.low { border-left-color: var(--low); } .medium { border-left-color: var(--medium); }
.high { border-left-color: var(--high); } .critical { border-left-color: var(--critical); }
.badge { display: inline-block; border: 1px solid currentColor; border-radius: 3px;
  padding: 0 .4rem; font-size: .82em; font-weight: 600; }
.badge.low { color: var(--low); } .badge.medium { color: var(--medium); }
.badge.high { color: var(--high); } .badge.critical { color: var(--critical); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .8rem; margin: .5rem 0; }
dt { color: var(--soft); } dd { margin: 0; } ol.stages { padding-left: 1.4rem; margin: .5rem 0; }
@media (max-width: 40rem) { body { padding: .75rem; } dl { grid-template-columns: 1fr; }
  table { display: block; overflow-x: auto; } }
@media print { body { max-width: none; padding: 0; font-size: 10.5pt; } }
</style>
)";

class HtmlWriter {
public:
    HtmlWriter(const AlertSummary& summary, const ExportRequest& request)
        : m_summary(summary), m_request(request), m_facts(summaryFacts(summary))
    {
    }

    [[nodiscard]] Result<std::string> write(std::stop_token stop);

private:
    void writeFigures();
    void writeHosts();
    void writeRules();
    [[nodiscard]] Result<void> writeAlert(const detect::Alert& alert);
    void writeFacts(const detect::Alert& alert);
    void writeStage(const detect::AlertStage& stage, const detect::StageDetails& details);
    void writeNotRun();
    void writeInputs();
    [[nodiscard]] std::string time(const std::optional<Timestamp>& moment) const
    {
        return moment ? formatIso(*moment, m_request.offsetMinutes) : "no time";
    }
    [[nodiscard]] static std::string shown(std::string_view text)
    {
        return escapeHtml(shorten(text));
    }
    [[nodiscard]] static std::string code(std::string_view text)
    {
        return fmt::format("<code>{}</code>", shown(text));
    }
    void fact(std::string_view label, const std::string& html)
    {
        m_text += fmt::format("<dt>{}</dt><dd>{}</dd>\n", label, html);
    }

    const AlertSummary& m_summary;
    const ExportRequest& m_request;
    SummaryFacts m_facts;
    std::string m_text;
};

Result<std::string> HtmlWriter::write(std::stop_token stop)
{
    m_text += headBegin;
    m_text += fmt::format("<title>{}</title>\n", shown(m_request.title));
    m_text += style;
    m_text += fmt::format("</head>\n<body>\n<h1>{}</h1>\n", shown(m_request.title));
    writeFigures();
    writeHosts();
    writeRules();
    if (!m_summary.alerts.empty()) {
        m_text += "<h2>Alerts</h2>\n";
    }
    for (const detect::Alert* alert : m_summary.alerts) {
        if (stop.stop_requested()) {
            return std::unexpected(cancelledError());
        }
        SEQUELA_TRY(writeAlert(*alert));
    }
    writeNotRun();
    writeInputs();
    m_text += fmt::format("<p class=\"soft\">Written by {}.</p>\n</body>\n</html>\n",
                          escapeHtml(m_summary.generator));
    return std::move(m_text);
}

void HtmlWriter::writeFigures()
{
    m_text += fmt::format("<p class=\"soft\">{} alerts from {} events", m_summary.alerts.size(),
                          m_summary.eventCount);
    if (m_facts.firstTime && m_facts.lastTime) {
        m_text += fmt::format(", {} to {}", time(m_facts.firstTime), time(m_facts.lastTime));
    }
    m_text += "</p>\n<div class=\"figures\">\n";
    constexpr std::array<detect::AlertSeverity, 4> highestFirst{
        detect::AlertSeverity::Critical, detect::AlertSeverity::High, detect::AlertSeverity::Medium,
        detect::AlertSeverity::Low};
    for (const detect::AlertSeverity severity : highestFirst) {
        m_text += fmt::format("<div class=\"figure {0}\"><b>{1}</b>{0}</div>\n",
                              rules::severityText(severity),
                              m_facts.bySeverity[static_cast<std::size_t>(severity)]);
    }
    m_text += "</div>\n";
}

void HtmlWriter::writeHosts()
{
    if (m_facts.byHost.empty()) {
        return;
    }
    m_text += "<h2>Hosts</h2>\n<table>\n<tr><th>host</th><th class=\"number\">alerts</th></tr>\n";
    for (const auto& [host, count] : m_facts.byHost) {
        m_text += fmt::format("<tr><td>{}</td><td class=\"number\">{}</td></tr>\n",
                              host.empty() ? std::string("(no host)") : code(host), count);
    }
    m_text += "</table>\n";
}

void HtmlWriter::writeRules()
{
    if (m_facts.byRule.empty()) {
        return;
    }
    m_text += "<h2>Rules that fired</h2>\n<table>\n<tr><th>severity</th><th>rule</th>"
              "<th class=\"number\">alerts</th><th>ATT&amp;CK</th><th>query hash</th></tr>\n";
    for (const SummaryFacts::RuleCount& count : m_facts.byRule) {
        std::string attack;
        for (const detect::AttackReference& reference : count.rule->attack) {
            attack += (attack.empty() ? "" : "<br>") + shown(attackText(reference));
        }
        m_text += fmt::format("<tr><td><span class=\"badge {0}\">{0}</span></td><td>{1}</td>"
                              "<td class=\"number\">{2}</td><td>{3}</td><td>{4}</td></tr>\n",
                              rules::severityText(count.rule->severity), shown(count.rule->name),
                              count.count, attack, code(count.rule->queryHash));
    }
    m_text += "</table>\n";
}

Result<void> HtmlWriter::writeAlert(const detect::Alert& alert)
{
    auto details = m_summary.details(alert);
    if (!details) {
        return std::unexpected(std::move(details).error());
    }
    m_text += fmt::format("<section class=\"alert {0}\" id=\"alert-{1}\">\n<h3>{2} "
                          "<span class=\"badge {0}\">{0} {3}</span></h3>\n<p>{4}.</p>\n",
                          rules::severityText(alert.severity), escapeHtml(alert.id),
                          escapeHtml(shorten(alert.name)), alert.riskScore,
                          escapeHtml(shorten(details->reason)));
    writeFacts(alert);
    m_text += "<ol class=\"stages\">\n";
    for (std::size_t stage = 0; stage < alert.stages.size(); ++stage) {
        writeStage(alert.stages[stage], details->stages[stage]);
    }
    m_text += "</ol>\n</section>\n";
    return {};
}

void HtmlWriter::writeFacts(const detect::Alert& alert)
{
    m_text += "<dl>\n";
    fact("time", alert.firstTime == alert.lastTime
                     ? time(alert.lastTime)
                     : fmt::format("{} to {}", time(alert.firstTime), time(alert.lastTime)));
    const auto textFact = [this](std::string_view label, const std::string& value) {
        if (!value.empty()) {
            fact(label, code(value));
        }
    };
    textFact("host", alert.host);
    textFact("user", alert.user);
    textFact("process", alert.process);
    fact("verdict", escapeHtml(verdictText(alert.verdict)));
    textFact("note", alert.verdict.note);
    for (const detect::AttackReference& reference : alert.rule->attack) {
        fact("ATT&amp;CK", shown(attackText(reference)));
    }
    textFact("rule", alert.rule->ruleId);
    textFact("alert", alert.id);
    m_text += "</dl>\n";
}

void HtmlWriter::writeStage(const detect::AlertStage& stage, const detect::StageDetails& details)
{
    if (stage.identity.empty()) {
        m_text += "<li class=\"soft\">no event, as the rule demands</li>\n";
        return;
    }
    m_text += fmt::format("<li>{} <span class=\"soft\">{}, {}</span>\n", time(stage.time),
                          code(details.ancestorId), code(originText(details)));
    if (!details.clauses.empty()) {
        m_text += "<table>\n<tr><th>clause</th><th>matched</th></tr>\n";
        for (const detect::MatchedClause& clause : details.clauses) {
            std::string values;
            for (const auto& [field, value] : clause.fieldValues) {
                values +=
                    fmt::format("{}{} {}", values.empty() ? "" : "<br>", code(field), code(value));
            }
            m_text += fmt::format("<tr><td>{}</td><td>{}</td></tr>\n", code(clause.text), values);
        }
        m_text += "</table>\n";
    }
    m_text += "</li>\n";
}

void HtmlWriter::writeNotRun()
{
    if (m_facts.notRun.empty()) {
        return;
    }
    m_text +=
        fmt::format("<h2>Rules without an answer</h2>\n<p class=\"soft\">{} rules ran; these "
                    "did not.</p>\n<table>\n<tr><th>rule</th><th>file</th><th>why</th></tr>\n",
                    m_facts.rulesRun);
    for (const detect::RuleOutcome* outcome : m_facts.notRun) {
        m_text += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td></tr>\n", shown(outcome->name),
                              code(outcome->file), shown(outcome->reason));
    }
    m_text += "</table>\n";
}

void HtmlWriter::writeInputs()
{
    m_text += "<h2>Inputs</h2>\n<table>\n<tr><th>file</th><th>format</th>"
              "<th class=\"number\">events</th><th>SHA-256</th></tr>\n";
    for (const SummaryInput& input : m_summary.inputs) {
        std::string path = input.path;
        if (!input.member.empty()) {
            path += " ▸ " + input.member;
        }
        m_text +=
            fmt::format("<tr><td>{}</td><td>{}</td><td class=\"number\">{}</td>"
                        "<td>{}</td></tr>\n",
                        code(path), shown(input.format), input.eventCount, code(input.sha256));
    }
    m_text += "</table>\n";
}

} // namespace

Result<std::string> writeHtml(const AlertSummary& summary, const ExportRequest& request,
                              std::stop_token stop)
{
    return HtmlWriter(summary, request).write(stop);
}

} // namespace sequela::report
