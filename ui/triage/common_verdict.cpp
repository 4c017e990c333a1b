#include "ui/triage/common_verdict.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace sequela::ui {

CommonVerdict commonVerdict(std::span<const detect::Alert* const> alerts)
{
    CommonVerdict common;
    common.alertCount = alerts.size();
    std::map<std::string_view, std::size_t> tagIndex;
    std::map<std::pair<detect::VerdictStatus, detect::VerdictReason>, std::size_t> decisionIndex;
    for (const detect::Alert* alert : alerts) {
        const detect::Verdict& verdict = alert->verdict;
        for (const std::string& tag : verdict.tags) {
            const auto [known, isNew] = tagIndex.try_emplace(tag, common.tags.size());
            if (isNew) {
                common.tags.emplace_back(tag, 0);
            }
            ++common.tags[known->second].second;
        }
        const auto [known, isNew] =
            decisionIndex.try_emplace({verdict.status, verdict.reason}, common.decisions.size());
        if (isNew) {
            detect::Verdict decision;
            decision.status = verdict.status;
            decision.reason = verdict.reason;
            common.decisions.emplace_back(std::move(decision), 0);
        }
        ++common.decisions[known->second].second;
    }
    if (decisionIndex.size() == 1) {
        common.decision = decisionIndex.begin()->first;
    }
    std::ranges::stable_sort(common.decisions, std::ranges::greater{},
                             &std::pair<detect::Verdict, std::size_t>::second);
    const bool isSameNote =
        !alerts.empty() && std::ranges::all_of(alerts, [&alerts](const detect::Alert* alert) {
            return alert->verdict.note == alerts.front()->verdict.note;
        });
    if (isSameNote) {
        common.note = alerts.front()->verdict.note;
    }
    return common;
}

} // namespace sequela::ui
