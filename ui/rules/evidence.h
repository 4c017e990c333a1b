#pragma once

#include "core/rules/rule_file.h"
#include "ui/rules/live_run.h"

#include <stop_token>
#include <string>

namespace sequela::ui {

/// The evidence of an edit as Markdown for a pull request: what the saved rule matches in this case
/// against what @p request's text does, what the tests beside the rule say of either, what either
/// costs. @p entry: the rule as saved. Errors: cancelled, unreadable data.
[[nodiscard]] Result<std::string> writeEvidence(const LiveRequest& request,
                                                const rules::RuleEntry& entry,
                                                const std::stop_token& stop);

} // namespace sequela::ui
