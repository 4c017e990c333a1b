#pragma once

#include "core/detect/detection.h"
#include "core/rules/rule_set.h"
#include "core/workspace/workspace.h"

#include <string>

namespace sequela::cli {

/// What a scan has to say beside its alerts: rules not run, broken rules, import problems.
struct RunReport {
    const rules::RuleSet* rules = nullptr;
    const detect::Detection* found = nullptr;
    /// Null where nothing was imported.
    const workspace::ImportOutcome* import = nullptr;
};

/// For standard error, safe on a terminal. With @p quiet only what was lost or broken.
[[nodiscard]] std::string runReportText(const RunReport& report, bool quiet);

/// For `--report FILE`: one object {"rules":[…],"diagnostics":[…],"import":{…}}.
[[nodiscard]] std::string runReportJson(const RunReport& report);

} // namespace sequela::cli
