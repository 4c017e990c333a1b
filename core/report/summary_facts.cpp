#include "core/report/summary_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace sequela::report {

SummaryFacts summaryFacts(const AlertSummary& summary)
{
    SummaryFacts facts;
    std::map<std::string_view, SummaryFacts::RuleCount> byRule;
    for (const detect::Alert* alert : summary.alerts) {
        ++facts.bySeverity[static_cast<std::size_t>(alert->severity)];
        ++facts.byHost[alert->host][static_cast<std::size_t>(alert->severity)];
        SummaryFacts::RuleCount& count = byRule[alert->rule->ruleId];
        count.rule = alert->rule;
        ++count.count;
        if (alert->firstTime && (!facts.firstTime || *alert->firstTime < *facts.firstTime)) {
            facts.firstTime = alert->firstTime;
        }
        if (alert->lastTime && (!facts.lastTime || *alert->lastTime > *facts.lastTime)) {
            facts.lastTime = alert->lastTime;
        }
    }
    for (auto& [id, count] : byRule) {
        facts.byRule.push_back(std::move(count));
    }
    std::ranges::stable_sort(facts.byRule, {}, [](const SummaryFacts::RuleCount& count) {
        return std::tuple(-static_cast<int>(count.rule->severity),
                          std::string_view(count.rule->name));
    });
    for (const detect::RuleOutcome& outcome : summary.outcomes) {
        if (outcome.status == detect::RuleStatus::Ran) {
            ++facts.rulesRun;
        } else {
            facts.notRun.push_back(&outcome);
        }
    }
    return facts;
}

std::string attackText(const detect::AttackReference& reference)
{
    const auto named = [](const std::string& id, const std::string& name) {
        return name.empty() ? id : id + " " + name;
    };
    if (!reference.subtechniqueId.empty()) {
        return fmt::format("{} ({})", named(reference.subtechniqueId, reference.subtechniqueName),
                           reference.tacticName);
    }
    if (!reference.techniqueId.empty()) {
        return fmt::format("{} ({})", named(reference.techniqueId, reference.techniqueName),
                           reference.tacticName);
    }
    return named(reference.tacticId, reference.tacticName);
}

std::string verdictText(const detect::Verdict& verdict)
{
    std::string text(detect::verdictStatusName(verdict.status));
    switch (verdict.reason) {
    case detect::VerdictReason::None:
        break;
    case detect::VerdictReason::TruePositive:
        text += ": true positive";
        break;
    case detect::VerdictReason::FalsePositive:
        text += ": false positive";
        break;
    case detect::VerdictReason::BenignPositive:
        text += ": benign positive";
        break;
    }
    if (!verdict.inheritedFrom.empty()) {
        text += " (given before the rule's query changed)";
    }
    return text;
}

bool hasFindings(const detect::ReplayCounts& counts)
{
    return counts.found + counts.cut + counts.missedNoWindow + counts.missedLate
               + counts.missedOtherwise
           > 0;
}

std::array<std::uint64_t, 7> replayFigures(const detect::ReplayCounts& counts)
{
    return {counts.runs,           counts.found,      counts.foundAgain,     counts.cut,
            counts.missedNoWindow, counts.missedLate, counts.missedOtherwise};
}

std::string replayText(const detect::RuleOutcome& outcome)
{
    if (!outcome.replay) {
        return {};
    }
    const detect::ReplayCounts& counts = *outcome.replay;
    return fmt::format(
        "{}: {} runs found {}, {} of them again, cut {}, missed {} (no window {}, late {}, "
        "otherwise {})",
        outcome.schedule.empty() ? "as scheduled" : outcome.schedule, counts.runs, counts.found,
        counts.foundAgain, counts.cut,
        counts.missedNoWindow + counts.missedLate + counts.missedOtherwise, counts.missedNoWindow,
        counts.missedLate, counts.missedOtherwise);
}

std::string originText(const detect::StageDetails& stage)
{
    std::string text = stage.sourcePath;
    if (!stage.sourceMember.empty()) {
        text += " ▸ " + stage.sourceMember;
    }
    if (!text.empty()) {
        text += ", ";
    }
    return stage.line > 0 ? fmt::format("{}line {}", text, stage.line)
                          : fmt::format("{}record {}", text, stage.record);
}

} // namespace sequela::report
