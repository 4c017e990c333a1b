#pragma once

#include "core/rules/rule_set.h"
#include "core/workspace/workspace.h"

namespace sequela::workspace {

/// The same entries, those of switched rules with `enabled` as the case wants it.
[[nodiscard]] rules::RuleSet switched(const rules::RuleSet& all,
                                      const Workspace::RuleSwitches& switches);

} // namespace sequela::workspace
