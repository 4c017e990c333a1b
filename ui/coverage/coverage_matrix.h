#pragma once

#include "core/detect/detection.h"
#include "core/rules/rule_set.h"

#include <cstdint>
#include <string>
#include <vector>

/// Which ATT&CK techniques the loaded rules look for, and which of them fired. Pure.
namespace sequela::ui {

struct CoveredTechnique {
    std::string id;
    std::string name;
    std::uint32_t ruleCount = 0;
    std::uint64_t alertCount = 0;
};

struct CoveredTactic {
    std::string id;
    std::string name;
    std::uint32_t ruleCount = 0;
    std::uint64_t alertCount = 0;
    /// By id; subtechniques follow their technique.
    std::vector<CoveredTechnique> techniques;
};

/// In the order of tactics an attack takes; tactics no rule names are there without techniques.
[[nodiscard]] std::vector<CoveredTactic> coverageOf(const rules::RuleSet& rules,
                                                    const detect::Detection& detection);

} // namespace sequela::ui
