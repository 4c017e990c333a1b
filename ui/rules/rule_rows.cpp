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

RuleRow rowOf(const rules::RuleEntry& entry, std::size_t index, const Outcomes& outcomes,
              std::span<const RuleLint> lints)
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
    if (index < lints.size()) {
        row.warningCount = lints[index].warningCount;
        row.lint = text::visible(lints[index].first);
    }
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
        row.costNs = outcome.nanoseconds;
    } else {
        row.isOff = outcome.status == detect::RuleStatus::Disabled;
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
    if (entry.rule && !entry.rule->metadata.integrations.empty()) {
        const QString pack = text::visible(entry.rule->metadata.integrations.front());
        return {pack, pack};
    }
    const QString folder =
        text::visible(std::filesystem::path(entry.path).parent_path().filename().string());
    return {folder, folder};
}

/// The folder all entries lie in or below.
std::filesystem::path commonFolder(const rules::RuleSet& rules)
{
    std::optional<std::filesystem::path> common;
    for (const rules::RuleEntry& entry : rules.entries()) {
        const std::filesystem::path folder = std::filesystem::path(entry.path).parent_path();
        if (!common) {
            common = folder;
            continue;
        }
        std::filesystem::path shared;
        auto own = folder.begin();
        for (const std::filesystem::path& part : *common) {
            if (own == folder.end() || *own != part) {
                break;
            }
            shared /= part;
            ++own;
        }
        common = std::move(shared);
    }
    return common.value_or(std::filesystem::path());
}

GroupKey folderOf(const rules::RuleEntry& entry, const std::filesystem::path& common)
{
    const std::filesystem::path folder = std::filesystem::path(entry.path).parent_path();
    const std::string below = folder.lexically_relative(common).string();
    const QString title =
        text::visible(below.empty() || below == "." ? folder.filename().string() : below);
    return {title, title};
}

GroupKey statusOf(const rules::RuleEntry& entry, const RuleRow& row)
{
    if (entry.status == rules::RuleStatus::NotARule) {
        return {QStringLiteral("5"), translated("Not a rule")};
    }
    if (row.broken) {
        return {QStringLiteral("4"), translated("Broken")};
    }
    if (row.isOff) {
        return {QStringLiteral("35"), translated("Switched off")};
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

/// Whether a row stands before another; names decide among equals.
bool comesFirst(const RuleRow& left, const RuleRow& right, RuleOrder order)
{
    std::uint64_t leftFigure = 0;
    std::uint64_t rightFigure = 0;
    switch (order) {
    case RuleOrder::MostHits:
        leftFigure = left.hits.value_or(0);
        rightFigure = right.hits.value_or(0);
        break;
    case RuleOrder::Dearest:
        leftFigure = left.costNs.value_or(0);
        rightFigure = right.costNs.value_or(0);
        break;
    case RuleOrder::Name:
        break;
    }
    return leftFigure != rightFigure ? leftFigure > rightFigure
                                     : left.name.localeAwareCompare(right.name) < 0;
}

} // namespace

std::vector<RuleGroup> ruleGroups(const rules::RuleSet& rules, const detect::Detection* detection,
                                  RuleGrouping grouping, const QString& search, RuleOrder order,
                                  std::span<const RuleLint> lints)
{
    Outcomes outcomes;
    if (detection != nullptr) {
        for (const detect::RuleOutcome& outcome : detection->outcomes) {
            outcomes.emplace(OutcomeKey(outcome.file, outcome.ruleId), &outcome);
        }
    }
    const QStringList words = search.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    const std::filesystem::path common =
        grouping == RuleGrouping::Folder ? commonFolder(rules) : std::filesystem::path();
    std::map<GroupKey, RuleGroup> groups;
    for (std::size_t index = 0; index < rules.entries().size(); ++index) {
        const rules::RuleEntry& entry = rules.entries()[index];
        if (!answers(entry, words)) {
            continue;
        }
        RuleRow row = rowOf(entry, index, outcomes, lints);
        GroupKey key;
        switch (grouping) {
        case RuleGrouping::Tactic:
            key = tacticOf(entry);
            break;
        case RuleGrouping::Pack:
            key = packOf(entry);
            break;
        case RuleGrouping::Folder:
            key = folderOf(entry, common);
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
        std::ranges::stable_sort(group.rows, [order](const RuleRow& left, const RuleRow& right) {
            return comesFirst(left, right, order);
        });
        result.push_back(std::move(group));
    }
    return result;
}

const detect::RuleOutcome* outcomeOf(const detect::Detection* detection,
                                     const rules::RuleEntry& entry)
{
    if (detection == nullptr || !entry.rule) {
        return nullptr;
    }
    const auto found =
        std::ranges::find_if(detection->outcomes, [&entry](const detect::RuleOutcome& outcome) {
            return outcome.file == entry.path && outcome.ruleId == entry.rule->id;
        });
    return found == detection->outcomes.end() ? nullptr : &*found;
}

} // namespace sequela::ui
