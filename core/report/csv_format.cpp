#include "core/base/timestamp.h"
#include "core/detect/alert_details.h"
#include "core/report/alert_summary.h"
#include "core/report/escaping.h"

#include <array>

namespace sequela::report {

namespace {

std::string isoOrEmpty(const std::optional<Timestamp>& time)
{
    return time ? formatIso(*time) : std::string();
}

std::string joined(const std::vector<std::string>& parts)
{
    std::string text;
    for (const std::string& part : parts) {
        text += text.empty() ? part : "; " + part;
    }
    return text;
}

std::vector<std::string> techniquesOf(const detect::AlertRule& rule)
{
    std::vector<std::string> ids;
    for (const detect::AttackReference& reference : rule.attack) {
        ids.push_back(!reference.subtechniqueId.empty() ? reference.subtechniqueId
                      : !reference.techniqueId.empty()  ? reference.techniqueId
                                                        : reference.tacticId);
    }
    return ids;
}

} // namespace

Result<std::string> writeCsv(const AlertSummary& summary, std::stop_token stop)
{
    constexpr std::string_view header =
        "alert_id,rule_id,rule_name,rule_version,severity,risk_score,first_event,last_event,"
        "host,user,process,status,verdict,note,tags,attack,join_keys,events,reason,"
        "suppressed,building_block\r\n";
    std::string text(header);
    for (const detect::Alert* alert : summary.alerts) {
        if (stop.stop_requested()) {
            return std::unexpected(cancelledError());
        }
        std::vector<std::string> events;
        for (const detect::AlertStage& stage : alert->stages) {
            if (stage.identity.empty()) {
                events.emplace_back("(missing)");
                continue;
            }
            auto ancestor = summary.ancestor(stage);
            if (!ancestor) {
                return std::unexpected(std::move(ancestor).error());
            }
            events.push_back(std::move(ancestor->id));
        }
        std::vector<std::string> keys;
        for (const eql::Value& key : alert->joinKeys) {
            keys.push_back(eql::toText(key));
        }
        const std::array<std::string, 21> cells{
            alert->id,
            alert->rule->ruleId,
            alert->name,
            alert->rule->version,
            std::string(rules::severityText(alert->severity)),
            std::to_string(alert->riskScore),
            isoOrEmpty(alert->firstTime),
            isoOrEmpty(alert->lastTime),
            alert->host,
            alert->user,
            alert->process,
            std::string(detect::verdictStatusName(alert->verdict.status)),
            std::string(detect::verdictReasonName(alert->verdict.reason)),
            alert->verdict.note,
            joined(alert->verdict.tags),
            joined(techniquesOf(*alert->rule)),
            joined(keys),
            joined(events),
            detect::reasonOf(*alert),
            std::to_string(alert->suppressedCount),
            alert->rule->buildingBlock ? "true" : "false"};
        for (std::size_t cell = 0; cell < cells.size(); ++cell) {
            text += (cell == 0 ? "" : ",") + csvCell(cells[cell]);
        }
        text += "\r\n";
    }
    return text;
}

} // namespace sequela::report
