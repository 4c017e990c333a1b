#pragma once

#include "core/base/diagnostic.h"
#include "core/rules/rule.h"
#include "core/rules/rule_set.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace sequela::rules {

/// Checks of a rule that need no events: ATT&CK ids and names, severity against risk score, and the
/// schedule against the query's maxspan (look-back smaller than it, interval smaller than half of
/// it). All are warnings with `file` and position; lint of the query itself is eql's.
/// @p maxspanNs: of the query's sequence; nothing if it has none.
[[nodiscard]] std::vector<Diagnostic> lintRule(const Rule& rule,
                                               std::optional<std::int64_t> maxspanNs);

/// The same for a rule whose query is parsed here to find its maxspan.
[[nodiscard]] std::vector<Diagnostic> lintRule(const Rule& rule);

} // namespace sequela::rules
