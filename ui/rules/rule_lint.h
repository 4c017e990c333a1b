#pragma once

#include "core/base/diagnostic.h"
#include "core/rules/rule_set.h"
#include "core/schema/field_catalog.h"

#include <cstddef>
#include <stop_token>
#include <string>
#include <vector>

/// Lint of whole rules: the query's against the fields of a case, the rule's own against its
/// settings. No widgets: runs in a job.
namespace sequela::ui {

/// What lint says of an entry of the rule set.
struct RuleLint {
    /// Warnings; notes are left to the editor.
    std::size_t warningCount = 0;
    /// Message of the first one.
    std::string first;

    bool operator==(const RuleLint&) const = default;
};

/// One an entry, in the set's order; entries that hold no rule that runs have none. Without
/// @p catalog (no case) only what the rules themselves show. Errors: cancelled.
[[nodiscard]] Result<std::vector<RuleLint>> lintRules(const rules::RuleSet& rules,
                                                      const schema::FieldCatalog* catalog,
                                                      const std::stop_token& stop);

} // namespace sequela::ui
