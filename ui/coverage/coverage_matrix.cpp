#include "ui/coverage/coverage_matrix.h"

#include "core/base/text.h"
#include "core/rules/attack.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>

namespace sequela::ui {

namespace {

/// The order of the enterprise matrix; ids alone do not tell it.
constexpr std::array<std::string_view, 14> killChain{
    "TA0043", "TA0042", "TA0001", "TA0002", "TA0003", "TA0004", "TA0005",
    "TA0006", "TA0007", "TA0008", "TA0009", "TA0011", "TA0010", "TA0040"};

struct Cell {
    std::string name;
    CoverageCounts counts;
    std::set<std::size_t> rules;
};

struct TacticCells {
    Cell tactic;
    std::map<std::string, Cell> techniques;
};

/// One rule under the eyes of a matrix.
struct CountedRule {
    std::size_t index = 0;
    bool isRunnable = false;
    bool isNearMissed = false;
    std::uint64_t alertCount = 0;
};

void count(Cell& cell, const std::string& name, const CountedRule& rule)
{
    if (cell.name.empty()) {
        cell.name = name;
    }
    // A rule may name a tactic twice.
    if (!cell.rules.insert(rule.index).second) {
        return;
    }
    ++cell.counts.loaded;
    cell.counts.runnable += rule.isRunnable ? 1U : 0U;
    cell.counts.fired += rule.alertCount > 0 ? 1U : 0U;
    cell.counts.nearMissed += rule.isNearMissed && rule.alertCount == 0 ? 1U : 0U;
    cell.counts.alertCount += rule.alertCount;
}

void countTechniques(TacticCells& cells, const std::vector<rules::ThreatTechnique>& techniques,
                     const CountedRule& rule)
{
    for (const rules::ThreatTechnique& technique : techniques) {
        count(cells.techniques[technique.id], technique.name, rule);
        countTechniques(cells, technique.subtechniques, rule);
    }
}

std::size_t killChainRank(const std::string& tacticId)
{
    return static_cast<std::size_t>(std::ranges::find(killChain, tacticId) - killChain.begin());
}

constexpr std::array<std::string_view, 3> platforms{"linux", "macos", "windows"};

} // namespace

std::string packOf(const rules::RuleEntry& entry)
{
    const std::filesystem::path folder = std::filesystem::path(entry.path).parent_path();
    return folder.filename().empty() ? std::string("(no folder)") : folder.filename().string();
}

std::set<std::string> platformsOf(const rules::RuleEntry& entry)
{
    std::set<std::string> found;
    if (!entry.rule) {
        return found;
    }
    const rules::Rule& rule = *entry.rule;
    const auto add = [&found](std::string_view text) {
        const std::string folded = foldCase(text);
        for (const std::string_view platform : platforms) {
            if (folded == platform) {
                found.insert(folded);
            }
        }
    };
    for (const std::string& name : rule.metadata.osTypes) {
        add(name);
    }
    for (const std::string& name : rule.osList) {
        add(name);
    }
    constexpr std::string_view tagPrefix = "OS: ";
    for (const std::string& tag : rule.tags) {
        add(tag.starts_with(tagPrefix) ? std::string_view(tag).substr(tagPrefix.size()) : tag);
    }
    add(packOf(entry));
    return found;
}

std::vector<std::string> packsOf(const rules::RuleSet& rules)
{
    std::set<std::string> packs;
    for (const rules::RuleEntry& entry : rules.entries()) {
        packs.insert(packOf(entry));
    }
    return {packs.begin(), packs.end()};
}

bool isWanted(const rules::RuleEntry& entry, const CoverageFilter& filter)
{
    if (!filter.pack.empty() && packOf(entry) != filter.pack) {
        return false;
    }
    // What names no platform is for all of them.
    const std::set<std::string> named =
        filter.platform.empty() ? std::set<std::string>() : platformsOf(entry);
    return named.empty() || named.contains(filter.platform);
}

std::vector<CoveredTactic> coverageOf(const rules::RuleSet& rules,
                                      const detect::Detection& detection,
                                      const CoverageFilter& filter,
                                      const std::set<std::size_t>& nearMissed)
{
    std::unordered_map<std::size_t, const detect::RuleOutcome*> outcomeOf;
    for (const detect::RuleOutcome& outcome : detection.outcomes) {
        outcomeOf[outcome.entryIndex] = &outcome;
    }
    std::map<std::string, TacticCells> byTactic;
    for (const rules::attack::Tactic& tactic : rules::attack::tactics()) {
        byTactic[std::string(tactic.id)].tactic.name = tactic.name;
    }
    const std::vector<rules::RuleEntry>& entries = rules.entries();
    for (std::size_t index = 0; index < entries.size(); ++index) {
        if (!entries[index].rule || !isWanted(entries[index], filter)) {
            continue;
        }
        const auto outcome = outcomeOf.find(index);
        const bool hasRun =
            outcome != outcomeOf.end() && outcome->second->status == detect::RuleStatus::Ran;
        const CountedRule rule{index, hasRun, nearMissed.contains(index),
                               hasRun ? outcome->second->alertCount : 0};
        for (const rules::Threat& threat : entries[index].rule->threats) {
            TacticCells& cells = byTactic[threat.tacticId];
            count(cells.tactic, threat.tacticName, rule);
            countTechniques(cells, threat.techniques, rule);
        }
    }
    std::vector<CoveredTactic> result;
    for (const auto& [id, cells] : byTactic) {
        CoveredTactic tactic{id, cells.tactic.name, cells.tactic.counts, {}};
        for (const auto& [techniqueId, cell] : cells.techniques) {
            const rules::attack::Technique* known = rules::attack::findTechnique(techniqueId);
            tactic.techniques.push_back({techniqueId,
                                         known != nullptr ? std::string(known->name) : cell.name,
                                         cell.counts,
                                         {cell.rules.begin(), cell.rules.end()}});
        }
        result.push_back(std::move(tactic));
    }
    std::ranges::stable_sort(result, {},
                             [](const CoveredTactic& tactic) { return killChainRank(tactic.id); });
    return result;
}

std::vector<BlockedRules> blockedRules(const rules::RuleSet& rules,
                                       const detect::Detection& detection,
                                       const CoverageFilter& filter)
{
    std::map<std::string, std::vector<std::size_t>> byReason;
    for (std::size_t index = 0; index < detection.outcomes.size(); ++index) {
        const detect::RuleOutcome& outcome = detection.outcomes[index];
        const bool isKnown = outcome.entryIndex < rules.entries().size();
        if (outcome.status == detect::RuleStatus::Ran
            || outcome.status == detect::RuleStatus::NotARule
            || (isKnown && !isWanted(rules.entries()[outcome.entryIndex], filter))) {
            continue;
        }
        byReason[outcome.reason].push_back(index);
    }
    std::vector<BlockedRules> blocked;
    for (auto& [reason, outcomes] : byReason) {
        blocked.push_back({reason, std::move(outcomes)});
    }
    std::ranges::stable_sort(blocked, std::ranges::greater{},
                             [](const BlockedRules& each) { return each.outcomes.size(); });
    return blocked;
}

} // namespace sequela::ui
