#include "core/base/timestamp.h"
#include "core/report/alert_summary.h"
#include "core/report/summary_facts.h"
#include "core/report/xml_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace sequela::report {

namespace {

/// Alerts named in the text of one failed test case at most; the rest is counted.
constexpr std::size_t maxNamedAlerts = 100;

bool isError(detect::RuleStatus status)
{
    return status == detect::RuleStatus::Broken || status == detect::RuleStatus::Failed;
}

std::string attribute(std::string_view text)
{
    return escapeXml(shorten(text));
}

/// What somebody decided about an alert, if anybody did.
std::string decisionText(const detect::Verdict& verdict)
{
    if (!verdict.changed) {
        return {};
    }
    std::string text = fmt::format(" [{}", attribute(verdictText(verdict)));
    for (const std::string& tag : verdict.tags) {
        text += " #" + attribute(tag);
    }
    return text + (verdict.note.empty() ? "]" : "] " + attribute(verdict.note));
}

std::string openCase(std::string_view file, std::string_view name)
{
    return fmt::format("<testcase classname=\"{}\" name=\"{}\"", attribute(file),
                       attribute(name.empty() ? file : name));
}

class JunitWriter {
public:
    explicit JunitWriter(const AlertSummary& summary) : m_summary(summary) {}

    [[nodiscard]] Result<std::string> write(const std::stop_token& stop)
    {
        for (const detect::Alert* alert : m_summary.alerts) {
            m_alertsOfRule[alert->rule->ruleId].push_back(alert);
        }
        for (const detect::RuleOutcome& outcome : m_summary.outcomes) {
            SEQUELA_TRY(writeOutcome(outcome, stop));
        }
        // Alerts kept in a case whose rule has gone.
        for (const auto& [ruleId, alerts] : m_alertsOfRule) {
            m_cases += openCase(alerts.front()->rule->file, alerts.front()->rule->name);
            SEQUELA_TRY(writeFailure(alerts, stop));
            m_cases += "</testcase>\n";
        }
        const std::string counts =
            fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"", m_tests,
                        m_failures, m_errors, m_skipped);
        return fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {0}>\n"
                           "<testsuite name=\"sequela alerts\" {0}>\n{1}</testsuite>\n"
                           "</testsuites>\n",
                           counts, m_cases);
    }

private:
    [[nodiscard]] Result<void> writeOutcome(const detect::RuleOutcome& outcome,
                                            const std::stop_token& stop)
    {
        if (outcome.status == detect::RuleStatus::NotARule) {
            return {};
        }
        m_cases += openCase(outcome.file, outcome.name);
        if (isError(outcome.status)) {
            ++m_tests;
            ++m_errors;
            m_cases +=
                fmt::format("><error message=\"{}\"/></testcase>\n", attribute(outcome.reason));
            return {};
        }
        const auto alerts = m_alertsOfRule.find(outcome.ruleId);
        if (alerts != m_alertsOfRule.end()) {
            SEQUELA_TRY(writeFailure(alerts->second, stop));
            closeCase(outcome);
            m_alertsOfRule.erase(alerts);
            return {};
        }
        ++m_tests;
        if (outcome.status == detect::RuleStatus::Ran) {
            m_cases += '>';
            closeCase(outcome);
            return {};
        }
        ++m_skipped;
        m_cases +=
            fmt::format("><skipped message=\"{}\"/></testcase>\n", attribute(outcome.reason));
        return {};
    }

    /// With what a schedule made of the rule.
    void closeCase(const detect::RuleOutcome& outcome)
    {
        if (const std::string replay = replayText(outcome); !replay.empty()) {
            m_cases += fmt::format("<system-out>{}</system-out>", attribute(replay));
        }
        m_cases += "</testcase>\n";
    }

    [[nodiscard]] Result<void> writeFailure(const std::vector<const detect::Alert*>& alerts,
                                            const std::stop_token& stop)
    {
        ++m_tests;
        ++m_failures;
        detect::AlertSeverity highest = alerts.front()->severity;
        std::string text;
        for (std::size_t index = 0; index < std::min(alerts.size(), maxNamedAlerts); ++index) {
            if (stop.stop_requested()) {
                return std::unexpected(cancelledError());
            }
            const detect::Alert& alert = *alerts[index];
            const auto details = m_summary.details(alert);
            if (!details) {
                return std::unexpected(details.error());
            }
            text +=
                fmt::format("{} {}: {}", alert.lastTime ? formatIso(*alert.lastTime) : "no time",
                            alert.id, attribute(details->reason));
            text += decisionText(alert.verdict) + "\n";
        }
        for (const detect::Alert* alert : alerts) {
            highest = std::max(highest, alert->severity);
        }
        if (alerts.size() > maxNamedAlerts) {
            text += fmt::format("… and {} more\n", alerts.size() - maxNamedAlerts);
        }
        m_cases += fmt::format("><failure type=\"{}\" message=\"{} alert{}\">{}</failure>",
                               rules::severityText(highest), alerts.size(),
                               alerts.size() == 1 ? "" : "s", text);
        return {};
    }

    const AlertSummary& m_summary;
    std::map<std::string_view, std::vector<const detect::Alert*>> m_alertsOfRule;
    std::string m_cases;
    std::size_t m_tests = 0;
    std::size_t m_failures = 0;
    std::size_t m_errors = 0;
    std::size_t m_skipped = 0;
};

} // namespace

Result<std::string> writeJunit(const AlertSummary& summary, std::stop_token stop)
{
    return JunitWriter(summary).write(stop);
}

} // namespace sequela::report
