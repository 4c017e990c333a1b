#include "core/base/timestamp.h"
#include "core/report/alert_summary.h"
#include "core/report/summary_facts.h"
#include "core/report/text_table.h"

#include <fmt/format.h>

#include <algorithm>

namespace sequela::report {

namespace {

/// What the schedules made of the rules, where they were played and something came of it.
std::string writeReplays(const AlertSummary& summary)
{
    TextTable table({{"RULE", false, 56},
                     {"RUNS", true},
                     {"FOUND", true},
                     {"AGAIN", true},
                     {"CUT", true},
                     {"NO WINDOW", true},
                     {"LATE", true},
                     {"OTHERWISE", true},
                     {"SCHEDULE"}});
    std::size_t silent = 0;
    for (const detect::RuleOutcome& outcome : summary.outcomes) {
        if (!outcome.replay) {
            continue;
        }
        if (!hasFindings(*outcome.replay)) {
            ++silent;
            continue;
        }
        std::vector<std::string> cells{outcome.name};
        for (const std::uint64_t count : replayFigures(*outcome.replay)) {
            cells.push_back(std::to_string(count));
        }
        cells.push_back(outcome.schedule);
        table.addRow(std::move(cells));
    }
    if (table.rowCount() == 0 && silent == 0) {
        return {};
    }
    return fmt::format("\nAs scheduled, {} rule{} had nothing to find\n{}", silent,
                       silent == 1 ? "" : "s",
                       table.rowCount() == 0 ? "" : "\n" + table.toString());
}

} // namespace

std::string writeTable(const AlertSummary& summary, int offsetMinutes)
{
    constexpr std::size_t ruleWidth = 56;
    constexpr std::size_t nameWidth = 28;
    TextTable table({{"SEVERITY"},
                     {"RISK", true},
                     {"TIME"},
                     {"RULE", false, ruleWidth},
                     {"HOST", false, nameWidth},
                     {"USER", false, nameWidth},
                     {"PROCESS", false, nameWidth},
                     {"EVENTS", true},
                     {"STATUS"},
                     {"ALERT"}});
    for (const detect::Alert* alert : summary.alerts) {
        const auto events = std::ranges::count_if(
            alert->stages, [](const detect::AlertStage& stage) { return !stage.identity.empty(); });
        table.addRow({std::string(rules::severityText(alert->severity)),
                      std::to_string(alert->riskScore),
                      alert->lastTime ? formatIso(*alert->lastTime, offsetMinutes) : "-",
                      alert->name, alert->host, alert->user, alert->process, std::to_string(events),
                      verdictText(alert->verdict), alert->id});
    }
    const std::string count =
        fmt::format("{} alert{}\n", summary.alerts.size(), summary.alerts.size() == 1 ? "" : "s");
    return (summary.alerts.empty() ? count : table.toString() + "\n" + count)
           + writeReplays(summary);
}

} // namespace sequela::report
