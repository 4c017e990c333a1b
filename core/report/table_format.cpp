#include "core/base/timestamp.h"
#include "core/report/alert_summary.h"
#include "core/report/text_table.h"

#include <fmt/format.h>

#include <algorithm>

namespace sequela::report {

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
                      std::string(detect::verdictStatusName(alert->verdict.status)), alert->id});
    }
    const std::string count =
        fmt::format("{} alert{}\n", summary.alerts.size(), summary.alerts.size() == 1 ? "" : "s");
    return summary.alerts.empty() ? count : table.toString() + "\n" + count;
}

} // namespace sequela::report
