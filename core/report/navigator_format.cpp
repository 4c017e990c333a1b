#include "core/base/json_writer.h"
#include "core/report/alert_summary.h"
#include "core/report/escaping.h"
#include "core/rules/attack.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace sequela::report {

namespace {

/// What a layer says of one technique under one tactic.
struct LayerCell {
    std::set<std::string> ruleIds;
    std::vector<std::string> comments;
    std::uint64_t alertCount = 0;
};
/// By technique id and short name of the tactic.
using LayerCells = std::map<std::pair<std::string, std::string>, LayerCell>;

constexpr std::string_view attackVersion = "18";
constexpr std::string_view navigatorVersion = "5.1.0";
constexpr std::string_view layerVersion = "4.5";
/// Techniques that rules look for and that did not fire.
constexpr std::string_view loadedColor = "#cfe0fc";
constexpr std::string_view firedColor = "#d9480f";
constexpr std::string_view fewAlertsColor = "#fce3d4";

std::string shortNameOf(const detect::AttackReference& reference)
{
    const rules::attack::Tactic* tactic = rules::attack::findTactic(reference.tacticId);
    return tactic == nullptr ? std::string() : std::string(tactic->shortName);
}

void addRule(LayerCells& cells, const detect::AlertRule& rule, std::uint64_t alertCount)
{
    for (const detect::AttackReference& reference : rule.attack) {
        const std::string& id =
            reference.subtechniqueId.empty() ? reference.techniqueId : reference.subtechniqueId;
        // A layer of the enterprise matrix takes no other ids.
        if (rules::attack::findTechnique(id) == nullptr) {
            continue;
        }
        LayerCell& cell = cells[{id, shortNameOf(reference)}];
        if (cell.ruleIds.insert(rule.ruleId).second) {
            cell.alertCount += alertCount;
            cell.comments.push_back(
                fmt::format("{}: {} alert{}", rule.name, alertCount, alertCount == 1 ? "" : "s"));
        }
    }
}

LayerCells cellsOf(const AlertSummary& summary)
{
    std::map<std::string_view, std::uint64_t> alertsOfRule;
    std::map<std::string_view, const detect::AlertRule*> rulesById;
    for (const detect::RuleOutcome& outcome : summary.outcomes) {
        if (outcome.rule) {
            rulesById.emplace(outcome.rule->ruleId, outcome.rule.get());
        }
    }
    for (const detect::Alert* alert : summary.alerts) {
        ++alertsOfRule[alert->rule->ruleId];
        rulesById.emplace(alert->rule->ruleId, alert->rule.get());
    }
    LayerCells cells;
    for (const auto& [id, rule] : rulesById) {
        addRule(cells, *rule, alertsOfRule[id]);
    }
    return cells;
}

void writeTechnique(JsonWriter& json, const LayerCells::value_type& entry)
{
    const auto& [key, cell] = entry;
    json.beginObject();
    json.member("techniqueID", key.first);
    if (!key.second.empty()) {
        json.member("tactic", key.second);
    }
    json.key("score");
    json.unsignedInteger(cell.alertCount);
    if (cell.alertCount == 0) {
        json.member("color", loadedColor);
    }
    std::string comment;
    for (const std::string& line : cell.comments) {
        comment += (comment.empty() ? "" : "\n") + shorten(visibleText(line));
    }
    json.member("comment", comment);
    json.key("enabled");
    json.boolean(true);
    json.key("metadata");
    json.beginArray();
    for (const auto& [name, count] : {std::pair("rules", std::uint64_t{cell.ruleIds.size()}),
                                      std::pair("alerts", cell.alertCount)}) {
        json.beginObject();
        json.member("name", name);
        json.member("value", std::to_string(count));
        json.endObject();
    }
    json.endArray();
    json.endObject();
}

void writeLegend(JsonWriter& json)
{
    json.key("legendItems");
    json.beginArray();
    for (const auto& [label, color] : {std::pair("a rule looks for it, no alert", loadedColor),
                                       std::pair("alerts, the more the stronger", firedColor)}) {
        json.beginObject();
        json.member("label", label);
        json.member("color", color);
        json.endObject();
    }
    json.endArray();
}

} // namespace

std::string writeNavigator(const AlertSummary& summary, const ExportRequest& request)
{
    const LayerCells cells = cellsOf(summary);
    std::uint64_t highest = 1;
    for (const auto& [key, cell] : cells) {
        highest = std::max(highest, cell.alertCount);
    }
    JsonWriter json;
    json.beginObject();
    json.member("name", shorten(visibleText(request.title)));
    json.key("versions");
    json.beginObject();
    json.member("attack", attackVersion);
    json.member("navigator", navigatorVersion);
    json.member("layer", layerVersion);
    json.endObject();
    json.member("domain", "enterprise-attack");
    json.member("description",
                fmt::format("{} alerts from {} events. Written by {}.", summary.alerts.size(),
                            summary.eventCount, summary.generator));
    json.key("layout");
    json.beginObject();
    json.member("layout", "side");
    json.key("showID");
    json.boolean(true);
    json.member("expandedSubtechniques", "annotated");
    json.endObject();
    json.key("techniques");
    json.beginArray();
    for (const auto& entry : cells) {
        writeTechnique(json, entry);
    }
    json.endArray();
    json.key("gradient");
    json.beginObject();
    json.members("colors", {std::string(fewAlertsColor), std::string(firedColor)});
    json.key("minValue");
    json.unsignedInteger(0);
    json.key("maxValue");
    json.unsignedInteger(highest);
    json.endObject();
    writeLegend(json);
    json.key("hideDisabled");
    json.boolean(false);
    json.endObject();
    return escapeInvisibleJson(json.take()) + "\n";
}

} // namespace sequela::report
