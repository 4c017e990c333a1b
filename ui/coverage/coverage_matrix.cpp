#include "ui/coverage/coverage_matrix.h"

#include "core/rules/attack.h"

#include <algorithm>
#include <array>
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
    std::uint32_t ruleCount = 0;
    std::uint64_t alertCount = 0;
};

struct TacticCells {
    Cell tactic;
    std::map<std::string, Cell> techniques;
};

void count(Cell& cell, const std::string& name, std::uint64_t alertCount)
{
    if (cell.name.empty()) {
        cell.name = name;
    }
    ++cell.ruleCount;
    cell.alertCount += alertCount;
}

void countTechniques(TacticCells& cells, const std::vector<rules::ThreatTechnique>& techniques,
                     std::uint64_t alertCount)
{
    for (const rules::ThreatTechnique& technique : techniques) {
        count(cells.techniques[technique.id], technique.name, alertCount);
        countTechniques(cells, technique.subtechniques, alertCount);
    }
}

std::size_t killChainRank(const std::string& tacticId)
{
    return static_cast<std::size_t>(std::ranges::find(killChain, tacticId) - killChain.begin());
}

} // namespace

std::vector<CoveredTactic> coverageOf(const rules::RuleSet& rules,
                                      const detect::Detection& detection)
{
    std::unordered_map<std::size_t, std::uint64_t> alertsOfEntry;
    for (const detect::RuleOutcome& outcome : detection.outcomes) {
        alertsOfEntry[outcome.entryIndex] = outcome.alertCount;
    }
    std::map<std::string, TacticCells> byTactic;
    for (const rules::attack::Tactic& tactic : rules::attack::tactics()) {
        byTactic[std::string(tactic.id)].tactic.name = tactic.name;
    }
    const auto entries = rules.entries();
    for (std::size_t index = 0; index < entries.size(); ++index) {
        if (!entries[index].rule) {
            continue;
        }
        for (const rules::Threat& threat : entries[index].rule->threats) {
            TacticCells& cells = byTactic[threat.tacticId];
            count(cells.tactic, threat.tacticName, alertsOfEntry[index]);
            countTechniques(cells, threat.techniques, alertsOfEntry[index]);
        }
    }
    std::vector<CoveredTactic> result;
    for (const auto& [id, cells] : byTactic) {
        CoveredTactic tactic{.id = id,
                             .name = cells.tactic.name,
                             .ruleCount = cells.tactic.ruleCount,
                             .alertCount = cells.tactic.alertCount,
                             .techniques = {}};
        for (const auto& [techniqueId, cell] : cells.techniques) {
            const rules::attack::Technique* known = rules::attack::findTechnique(techniqueId);
            tactic.techniques.push_back({techniqueId,
                                         known != nullptr ? std::string(known->name) : cell.name,
                                         cell.ruleCount, cell.alertCount});
        }
        result.push_back(std::move(tactic));
    }
    std::ranges::stable_sort(result, {},
                             [](const CoveredTactic& tactic) { return killChainRank(tactic.id); });
    return result;
}

} // namespace sequela::ui
