#pragma once

#include "core/detect/detection.h"
#include "core/rules/rule_set.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

/// Which ATT&CK techniques the loaded rules look for, which of them can run on this data, fired, or
/// nearly did, and what is blocked and why. Pure.
namespace sequela::ui {

/// What to count: everything by default.
struct CoverageFilter {
    /// "macos", "windows", "linux", or empty.
    std::string platform;
    /// A folder of rules (packOf), or empty.
    std::string pack;

    bool operator==(const CoverageFilter&) const = default;
};

struct CoverageCounts {
    std::uint32_t loaded = 0;
    /// Of those: ran on the data.
    std::uint32_t runnable = 0;
    /// Made an alert.
    std::uint32_t fired = 0;
    /// Made none, and sequences of theirs were longer than maxspan.
    std::uint32_t nearMissed = 0;
    std::uint64_t alertCount = 0;
};

struct CoveredTechnique {
    std::string id;
    std::string name;
    CoverageCounts counts;
    /// Indices into RuleSet::entries(), ascending.
    std::vector<std::size_t> rules;
};

struct CoveredTactic {
    std::string id;
    std::string name;
    CoverageCounts counts;
    /// By id; subtechniques follow their technique.
    std::vector<CoveredTechnique> techniques;
};

/// In the order of tactics an attack takes; tactics no rule names are there without techniques.
/// @p nearMissed: indices into RuleSet::entries().
[[nodiscard]] std::vector<CoveredTactic> coverageOf(const rules::RuleSet& rules,
                                                    const detect::Detection& detection,
                                                    const CoverageFilter& filter,
                                                    const std::set<std::size_t>& nearMissed);

/// The pack of a rule: the folder its file lies in, or "(no folder)".
[[nodiscard]] std::string packOf(const rules::RuleEntry& entry);
/// Platforms a rule is for, by its `os_types`, `os_list`, tags ("OS: macOS"), host.os.type in the
/// query or its folder: some of "linux", "macos", "windows".
[[nodiscard]] std::set<std::string> platformsOf(const rules::RuleEntry& entry);
/// Packs of a set, sorted.
[[nodiscard]] std::vector<std::string> packsOf(const rules::RuleSet& rules);
[[nodiscard]] bool isWanted(const rules::RuleEntry& entry, const CoverageFilter& filter);

/// Rules with the same reason not to give an answer.
struct BlockedRules {
    /// "no event has the category network".
    std::string reason;
    /// Indices into Detection::outcomes.
    std::vector<std::size_t> outcomes;
};
/// By number of rules, most first, then by reason.
[[nodiscard]] std::vector<BlockedRules> blockedRules(const rules::RuleSet& rules,
                                                     const detect::Detection& detection,
                                                     const CoverageFilter& filter);

} // namespace sequela::ui
