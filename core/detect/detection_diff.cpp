#include "core/detect/detection_diff.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

namespace sequela::detect {

namespace {

/// Outcome and alerts of one rule on one side.
struct Side {
    const RuleOutcome* outcome = nullptr;
    std::vector<const Alert*> alerts;
};
using Sides = std::map<std::string, Side, std::less<>>;

Sides sidesOf(const Detection& detection)
{
    Sides sides;
    for (const RuleOutcome& outcome : detection.outcomes) {
        if (outcome.status == RuleStatus::NotARule) {
            continue;
        }
        // A file too broken to have an id is named by its path.
        Side& side = sides[outcome.ruleId.empty() ? outcome.file : outcome.ruleId];
        if (side.outcome == nullptr) {
            side.outcome = &outcome;
        }
    }
    for (const Alert& alert : detection.alerts) {
        sides[alert.rule->ruleId].alerts.push_back(&alert);
    }
    return sides;
}

RuleDiff compare(std::string ruleId, const Side& before, const Side& after)
{
    RuleDiff diff;
    diff.ruleId = std::move(ruleId);
    diff.before = before.outcome;
    diff.after = after.outcome;
    std::set<std::string_view> old;
    for (const Alert* alert : before.alerts) {
        old.insert(alert->eventsHash);
    }
    std::set<std::string_view> now;
    for (const Alert* alert : after.alerts) {
        now.insert(alert->eventsHash);
        (old.contains(alert->eventsHash) ? diff.kept : diff.gained).push_back(alert);
    }
    for (const Alert* alert : before.alerts) {
        if (!now.contains(alert->eventsHash)) {
            diff.lost.push_back(alert);
        }
    }
    return diff;
}

std::uint64_t sum(const std::vector<RuleDiff>& rules, std::vector<const Alert*> RuleDiff::* member)
{
    std::uint64_t count = 0;
    for (const RuleDiff& rule : rules) {
        count += (rule.*member).size();
    }
    return count;
}

} // namespace

std::vector<const Alert*> RuleDiff::lostTruePositives() const
{
    std::vector<const Alert*> found;
    std::ranges::copy_if(lost, std::back_inserter(found), [](const Alert* alert) {
        return alert->verdict.reason == VerdictReason::TruePositive;
    });
    return found;
}

std::uint64_t DetectionDiff::gainedCount() const
{
    return sum(rules, &RuleDiff::gained);
}

std::uint64_t DetectionDiff::lostCount() const
{
    return sum(rules, &RuleDiff::lost);
}

std::uint64_t DetectionDiff::keptCount() const
{
    return sum(rules, &RuleDiff::kept);
}

DetectionDiff diffDetections(const Detection& before, const Detection& after)
{
    Sides old = sidesOf(before);
    Sides now = sidesOf(after);
    DetectionDiff diff;
    if (old.size() == 1 && now.size() == 1) {
        diff.rules.push_back(compare(now.begin()->first, old.begin()->second, now.begin()->second));
        return diff;
    }
    for (const auto& [ruleId, side] : now) {
        old.try_emplace(ruleId);
    }
    for (const auto& [ruleId, side] : old) {
        diff.rules.push_back(compare(ruleId, side, now[ruleId]));
    }
    return diff;
}

} // namespace sequela::detect
