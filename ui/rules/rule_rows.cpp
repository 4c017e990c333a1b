#include "ui/rules/rule_rows.h"

#include "ui/text/event_text.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <utility>

namespace sequela::ui {

namespace {

constexpr std::array<std::string_view, 14> tacticOrder{
    "TA0043", "TA0042", "TA0001", "TA0002", "TA0003", "TA0004", "TA0005",
    "TA0006", "TA0007", "TA0008", "TA0009", "TA0011", "TA0010", "TA0040"};

using OutcomeKey = std::pair<std::string, std::string>;
using Outcomes = std::map<OutcomeKey, const detect::RuleOutcome*>;

QString translated(const char* text)
{
    return QCoreApplication::translate("sequela::ui::RuleRows", text);
}

QString fileName(const std::string& path)
{
    return text::visible(std::filesystem::path(path).filename().string());
}

RuleRow rowOf(const rules::RuleEntry& entry, std::size_t index, const Outcomes& outcomes)
{
    RuleRow row;
    row.entryIndex = index;
    row.name = entry.rule ? text::visible(entry.rule->name) : QString();
    if (row.name.isEmpty()) {
        row.name = fileName(entry.path);
    }
    if (entry.rule) {
        row.severity = entry.rule->severity;
    }
    row.broken = entry.status == rules::RuleStatus::Broken;
    if (entry.status != rules::RuleStatus::Loaded) {
        row.obstacle = text::visible(entry.reason);
        if (row.broken && !entry.diagnostics.empty()) {
            row.obstacle = text::visible(formatDiagnostic(entry.diagnostics.front()));
        }
        return row;
    }
    const auto found = outcomes.find({entry.path, entry.rule->id});
    if (found == outcomes.end()) {
        return row;
    }
    const detect::RuleOutcome& outcome = *found->second;
    if (outcome.status == detect::RuleStatus::Ran) {
        row.hits = outcome.alertCount;
    } else {
        row.obstacle = text::visible(outcome.reason);
        row.broken = outcome.status == detect::RuleStatus::Broken
                     || outcome.status == detect::RuleStatus::Failed;
    }
    return row;
}

/// A group's place among the groups, and its title.
using GroupKey = std::pair<QString, QString>;

GroupKey tacticOf(const rules::RuleEntry& entry)
{
    if (!entry.rule || entry.rule->threats.empty()) {
        return {QStringLiteral("99"), entry.rule ? translated("No tactic") : translated("No rule")};
    }
    const rules::Threat& threat = entry.rule->threats.front();
    const auto place = std::ranges::find(tacticOrder, threat.tacticId) - tacticOrder.begin();
    return {QStringLiteral("%1").arg(place, 2, 10, QLatin1Char('0')),
            text::visible(threat.tacticName.empty() ? threat.tacticId : threat.tacticName)};
}

GroupKey packOf(const rules::RuleEntry& entry)
{
    const QString folder =
        text::visible(std::filesystem::path(entry.path).parent_path().filename().string());
    return {folder, folder};
}

GroupKey statusOf(const rules::RuleEntry& entry, const RuleRow& row)
{
    if (entry.status == rules::RuleStatus::NotARule) {
        return {QStringLiteral("5"), translated("Not a rule")};
    }
    if (row.broken) {
        return {QStringLiteral("4"), translated("Broken")};
    }
    if (!row.obstacle.isEmpty()) {
        return {QStringLiteral("3"), translated("Cannot run here")};
    }
    if (!row.hits) {
        return {QStringLiteral("2"), translated("Not run yet")};
    }
    return *row.hits > 0 ? GroupKey{QStringLiteral("0"), translated("With alerts")}
                         : GroupKey{QStringLiteral("1"), translated("No alerts")};
}

/// Everything of a rule that a search looks at.
QString searchable(const rules::RuleEntry& entry)
{
    std::string all = entry.path + '\n' + entry.reason;
    if (const rules::Rule* rule = entry.rule.get()) {
        all += '\n' + rule->name + '\n' + rule->id + '\n' + rule->query.text;
        for (const std::string& tag : rule->tags) {
            all += '\n' + tag;
        }
        for (const rules::Threat& threat : rule->threats) {
            all += '\n' + threat.tacticId + ' ' + threat.tacticName;
            for (const rules::ThreatTechnique& technique : threat.techniques) {
                all += '\n' + technique.id + ' ' + technique.name;
                for (const rules::ThreatTechnique& below : technique.subtechniques) {
                    all += '\n' + below.id + ' ' + below.name;
                }
            }
        }
    }
    return text::fromUtf8(all);
}

bool answers(const rules::RuleEntry& entry, const QStringList& words)
{
    if (words.isEmpty()) {
        return true;
    }
    const QString all = searchable(entry);
    return std::ranges::all_of(
        words, [&all](const QString& word) { return all.contains(word, Qt::CaseInsensitive); });
}

} // namespace

std::vector<RuleGroup> ruleGroups(const rules::RuleSet& rules, const detect::Detection* detection,
                                  RuleGrouping grouping, const QString& search)
{
    Outcomes outcomes;
    if (detection != nullptr) {
        for (const detect::RuleOutcome& outcome : detection->outcomes) {
            outcomes.emplace(OutcomeKey(outcome.file, outcome.ruleId), &outcome);
        }
    }
    const QStringList words = search.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    std::map<GroupKey, RuleGroup> groups;
    for (std::size_t index = 0; index < rules.entries().size(); ++index) {
        const rules::RuleEntry& entry = rules.entries()[index];
        if (!answers(entry, words)) {
            continue;
        }
        RuleRow row = rowOf(entry, index, outcomes);
        GroupKey key;
        switch (grouping) {
        case RuleGrouping::Tactic:
            key = tacticOf(entry);
            break;
        case RuleGrouping::Pack:
            key = packOf(entry);
            break;
        case RuleGrouping::Status:
            key = statusOf(entry, row);
            break;
        }
        RuleGroup& group = groups[key];
        group.title = key.second;
        group.rows.push_back(std::move(row));
    }
    std::vector<RuleGroup> result;
    for (auto& [key, group] : groups) {
        std::ranges::stable_sort(group.rows, [](const RuleRow& left, const RuleRow& right) {
            const std::uint64_t leftHits = left.hits.value_or(0);
            const std::uint64_t rightHits = right.hits.value_or(0);
            return leftHits != rightHits ? leftHits > rightHits
                                         : left.name.localeAwareCompare(right.name) < 0;
        });
        result.push_back(std::move(group));
    }
    return result;
}

} // namespace sequela::ui
