#include "core/base/timestamp.h"
#include "core/report/alert_summary.h"
#include "core/report/escaping.h"
#include "core/report/summary_facts.h"

#include <fmt/format.h>

namespace sequela::report {

namespace {

class MarkdownWriter {
public:
    MarkdownWriter(const AlertSummary& summary, const ExportRequest& request)
        : m_summary(summary), m_request(request), m_facts(summaryFacts(summary))
    {
    }

    [[nodiscard]] Result<std::string> write(std::stop_token stop);

private:
    void writeHead();
    void writeRules();
    [[nodiscard]] Result<void> writeAlert(const detect::Alert& alert);
    void writeStage(std::size_t number, const detect::AlertStage& stage,
                    const detect::StageDetails& details);
    void writeNotRun();
    void writeInputs();
    [[nodiscard]] std::string time(const std::optional<Timestamp>& moment) const
    {
        return moment ? formatIso(*moment, m_request.offsetMinutes) : "no time";
    }

    const AlertSummary& m_summary;
    const ExportRequest& m_request;
    SummaryFacts m_facts;
    std::string m_text;
};

Result<std::string> MarkdownWriter::write(std::stop_token stop)
{
    writeHead();
    writeRules();
    if (!m_summary.alerts.empty()) {
        m_text += "## Alerts\n\n";
    }
    for (const detect::Alert* alert : m_summary.alerts) {
        if (stop.stop_requested()) {
            return std::unexpected(cancelledError());
        }
        SEQUELA_TRY(writeAlert(*alert));
    }
    writeNotRun();
    writeInputs();
    return std::move(m_text);
}

void MarkdownWriter::writeHead()
{
    m_text += fmt::format("# {}\n\n", escapeMarkdown(shorten(m_request.title)));
    m_text +=
        fmt::format("{} alerts from {} events", m_summary.alerts.size(), m_summary.eventCount);
    if (m_facts.firstTime && m_facts.lastTime) {
        m_text += fmt::format(", {} to {}", time(m_facts.firstTime), time(m_facts.lastTime));
    }
    m_text += fmt::format(".\n\n| severity | alerts |\n|---|---:|\n"
                          "| critical | {} |\n| high | {} |\n| medium | {} |\n| low | {} |\n\n",
                          m_facts.bySeverity[3], m_facts.bySeverity[2], m_facts.bySeverity[1],
                          m_facts.bySeverity[0]);
}

void MarkdownWriter::writeRules()
{
    if (m_facts.byRule.empty()) {
        return;
    }
    m_text += "## Rules that fired\n\n| severity | rule | alerts | ATT&CK | query hash |\n"
              "|---|---|---:|---|---|\n";
    for (const SummaryFacts::RuleCount& count : m_facts.byRule) {
        std::string attack;
        for (const detect::AttackReference& reference : count.rule->attack) {
            attack += (attack.empty() ? "" : ", ") + escapeMarkdown(shorten(attackText(reference)));
        }
        m_text +=
            fmt::format("| {} | {} | {} | {} | {} |\n", rules::severityText(count.rule->severity),
                        escapeMarkdown(shorten(count.rule->name)), count.count, attack,
                        markdownCode(count.rule->queryHash));
    }
    m_text += '\n';
}

Result<void> MarkdownWriter::writeAlert(const detect::Alert& alert)
{
    auto details = m_summary.details(alert);
    if (!details) {
        return std::unexpected(std::move(details).error());
    }
    m_text += fmt::format("### {}\n\n{}.\n\n", escapeMarkdown(shorten(alert.name)),
                          escapeMarkdown(shorten(details->reason)));
    m_text +=
        fmt::format("- severity: {}, risk {}\n- time: {}", rules::severityText(alert.severity),
                    alert.riskScore, time(alert.firstTime));
    if (alert.lastTime != alert.firstTime) {
        m_text += fmt::format(" to {}", time(alert.lastTime));
    }
    const auto line = [this](std::string_view label, const std::string& value) {
        if (!value.empty()) {
            m_text += fmt::format("\n- {}: {}", label, markdownCode(shorten(value)));
        }
    };
    line("host", alert.host);
    line("user", alert.user);
    line("process", alert.process);
    m_text += fmt::format("\n- verdict: {}", verdictText(alert.verdict));
    line("note", alert.verdict.note);
    for (const detect::AttackReference& reference : alert.rule->attack) {
        m_text += fmt::format("\n- ATT&CK: {}", escapeMarkdown(shorten(attackText(reference))));
    }
    line("alert", alert.id);
    m_text += "\n\n";
    for (std::size_t stage = 0; stage < alert.stages.size(); ++stage) {
        writeStage(stage + 1, alert.stages[stage], details->stages[stage]);
    }
    m_text += '\n';
    return {};
}

void MarkdownWriter::writeStage(std::size_t number, const detect::AlertStage& stage,
                                const detect::StageDetails& details)
{
    if (stage.identity.empty()) {
        m_text += fmt::format("{}. no event, as the rule demands\n", number);
        return;
    }
    m_text += fmt::format("{}. {}, event {}, {}\n", number, time(stage.time),
                          markdownCode(shorten(details.ancestorId)),
                          markdownCode(shorten(originText(details))));
    for (const detect::MatchedClause& clause : details.clauses) {
        m_text += fmt::format("   - {}", markdownCode(shorten(clause.text)));
        for (const auto& [field, value] : clause.fieldValues) {
            m_text += fmt::format("; {} is {}", markdownCode(shorten(field)),
                                  markdownCode(shorten(value)));
        }
        m_text += '\n';
    }
}

void MarkdownWriter::writeNotRun()
{
    if (m_facts.notRun.empty()) {
        return;
    }
    m_text += fmt::format("## Rules without an answer\n\n{} rules ran; these did not:\n\n"
                          "| rule | file | why |\n|---|---|---|\n",
                          m_facts.rulesRun);
    for (const detect::RuleOutcome* outcome : m_facts.notRun) {
        m_text += fmt::format("| {} | {} | {} |\n", escapeMarkdown(shorten(outcome->name)),
                              markdownCode(shorten(outcome->file)),
                              escapeMarkdown(shorten(outcome->reason)));
    }
    m_text += '\n';
}

void MarkdownWriter::writeInputs()
{
    m_text += "## Inputs\n\n| file | format | events | SHA-256 |\n|---|---|---:|---|\n";
    for (const SummaryInput& input : m_summary.inputs) {
        std::string path = input.path;
        if (!input.member.empty()) {
            path += " ▸ " + input.member;
        }
        m_text += fmt::format("| {} | {} | {} | {} |\n", markdownCode(shorten(path)),
                              escapeMarkdown(shorten(input.format)), input.eventCount,
                              markdownCode(input.sha256));
    }
    m_text += fmt::format("\nWritten by {}.\n", m_summary.generator);
}

} // namespace

Result<std::string> writeMarkdown(const AlertSummary& summary, const ExportRequest& request,
                                  std::stop_token stop)
{
    return MarkdownWriter(summary, request).write(stop);
}

} // namespace sequela::report
