#pragma once

#include "core/base/diagnostic.h"
#include "core/rules/rule.h"
#include "ui/rules/live_run.h"

#include <stop_token>
#include <vector>

namespace sequela::ui {

/// What takes the values of the case to say of a query (core/eql/value_lint.h), where another
/// engine would answer otherwise (core/eql/twin_lint.h), and what the settings of its rule say
/// (core/rules/lint.h), located in the query or without a place. @p rule null: a query of its own.
/// Nothing where the query does not bind. In a job. Errors: cancelled, unreadable data.
[[nodiscard]] Result<std::vector<Diagnostic>>
lintQuery(const LiveRequest& request, const rules::Rule* rule, const std::stop_token& stop);

} // namespace sequela::ui
