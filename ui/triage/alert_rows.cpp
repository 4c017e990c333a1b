#include "ui/triage/alert_rows.h"

#include "core/base/text.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace sequela::ui {

namespace {

using detect::Alert;

struct Group {
    std::string key;
    std::vector<std::uint32_t> alerts;
    /// Leads the group and speaks for it.
    std::uint32_t head = 0;
};

std::vector<std::string> wordsOf(std::string_view search)
{
    std::vector<std::string> words;
    const std::string folded = foldCase(search);
    std::size_t at = 0;
    while (at < folded.size()) {
        const std::size_t begin = folded.find_first_not_of(" \t", at);
        if (begin == std::string::npos) {
            break;
        }
        const std::size_t end = std::min(folded.find_first_of(" \t", begin), folded.size());
        words.push_back(folded.substr(begin, end - begin));
        at = end;
    }
    return words;
}

bool matches(const Alert& alert, const std::vector<std::string>& words)
{
    if (words.empty()) {
        return true;
    }
    std::string text = alert.name + '\n' + alert.host + '\n' + alert.user + '\n' + alert.process
                       + '\n' + alert.rule->ruleId;
    for (const detect::AttackReference& attack : alert.rule->attack) {
        text += '\n' + attack.tacticName + '\n' + attack.techniqueId + '\n' + attack.techniqueName
                + '\n' + attack.subtechniqueId + '\n' + attack.subtechniqueName;
    }
    for (const std::string& tag : alert.rule->tags) {
        text += '\n' + tag;
    }
    const std::string folded = foldCase(text);
    return std::ranges::all_of(words, [&folded](const std::string& word) {
        return folded.find(word) != std::string::npos;
    });
}

bool isAmong(const Alert& alert, const engine::EventSet* shown)
{
    if (shown == nullptr) {
        return true;
    }
    return std::ranges::any_of(alert.stages, [shown](const detect::AlertStage& stage) {
        return stage.event && stage.event->value() < shown->eventCount()
               && shown->contains(*stage.event);
    });
}

/// Higher risk first, later first.
bool byRisk(const Alert& left, const Alert& right)
{
    if (left.severity != right.severity) {
        return left.severity > right.severity;
    }
    if (left.riskScore != right.riskScore) {
        return left.riskScore > right.riskScore;
    }
    return left.lastTime > right.lastTime;
}

bool isBefore(const Alert& left, const Alert& right, AlertSorting sorting)
{
    if (sorting == AlertSorting::Time) {
        return left.lastTime != right.lastTime ? left.lastTime > right.lastTime
                                               : byRisk(left, right);
    }
    return byRisk(left, right);
}

class RowBuilder {
public:
    RowBuilder(const detect::Detection& detection, const AlertListOptions& options)
        : m_detection(detection), m_options(options)
    {
    }

    AlertRows build()
    {
        collect();
        for (Group& group : m_groups) {
            std::ranges::stable_sort(group.alerts, [this](std::uint32_t left, std::uint32_t right) {
                return isBefore(alert(left), alert(right), m_options.sorting);
            });
            group.head = group.alerts.front();
        }
        std::ranges::stable_sort(m_groups, [this](const Group& left, const Group& right) {
            if (m_options.sorting == AlertSorting::Count
                && left.alerts.size() != right.alerts.size()) {
                return left.alerts.size() > right.alerts.size();
            }
            return isBefore(alert(left.head), alert(right.head), m_options.sorting);
        });
        for (const Group& group : m_groups) {
            append(group);
        }
        return std::move(m_result);
    }

private:
    [[nodiscard]] const Alert& alert(std::uint32_t index) const
    {
        return m_detection.alerts[index];
    }

    void collect()
    {
        const std::vector<std::string> words = wordsOf(m_options.search);
        std::unordered_map<std::string, std::size_t> groupOfKey;
        for (std::uint32_t index = 0; index < m_detection.alerts.size(); ++index) {
            const Alert& candidate = alert(index);
            if (candidate.rule->buildingBlock && !m_options.buildingBlocks) {
                continue;
            }
            ++m_result.totalCount;
            if ((m_options.hideClosed && candidate.verdict.status == detect::VerdictStatus::Closed)
                || !matches(candidate, words) || !isAmong(candidate, m_options.shown.get())) {
                continue;
            }
            ++m_result.shownCount;
            std::string key = groupKey(candidate, m_options.grouping);
            const auto [found, isNew] = groupOfKey.try_emplace(key, m_groups.size());
            if (isNew) {
                m_groups.push_back({.key = std::move(key), .alerts = {}, .head = index});
            }
            m_groups[found->second].alerts.push_back(index);
        }
    }

    void append(const Group& group)
    {
        m_result.alerts.insert(m_result.alerts.end(), group.alerts.begin(), group.alerts.end());
        AlertRow row;
        row.alert = group.head;
        row.key = group.key;
        row.count = static_cast<std::uint32_t>(group.alerts.size());
        row.isGroup = row.count > 1;
        row.isExpanded = row.isGroup && m_options.expanded.contains(group.key);
        std::unordered_set<std::string_view> hosts;
        row.openCount = 0;
        for (const std::uint32_t index : group.alerts) {
            hosts.insert(alert(index).host);
            row.openCount += alert(index).verdict.status == detect::VerdictStatus::Closed ? 0U : 1U;
        }
        row.hostCount = static_cast<std::uint32_t>(hosts.size());
        m_result.rows.push_back(row);
        if (row.isExpanded) {
            for (const std::uint32_t index : group.alerts) {
                AlertRow member;
                member.alert = index;
                member.isMember = true;
                member.key = group.key;
                member.openCount =
                    alert(index).verdict.status == detect::VerdictStatus::Closed ? 0 : 1;
                m_result.rows.push_back(std::move(member));
            }
        }
    }

    const detect::Detection& m_detection;
    const AlertListOptions& m_options;
    std::vector<Group> m_groups;
    AlertRows m_result;
};

} // namespace

std::string groupKey(const Alert& alert, AlertGrouping grouping)
{
    switch (grouping) {
    case AlertGrouping::Rule:
        return alert.rule->ruleId + '\x1f' + alert.name;
    case AlertGrouping::Host:
        return alert.host;
    case AlertGrouping::User:
        return alert.user;
    case AlertGrouping::Process:
        return alert.host + '\x1f' + alert.process + '\x1f' + alert.processEntityId;
    case AlertGrouping::None:
        break;
    }
    return alert.id;
}

AlertRows buildAlertRows(const detect::Detection& detection, const AlertListOptions& options)
{
    return RowBuilder(detection, options).build();
}

} // namespace sequela::ui
