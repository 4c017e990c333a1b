#include "ui/rules/rule_lint.h"

#include "core/detect/detection.h"
#include "core/rules/lint.h"
#include "ui/editor/query_check.h"

#include <algorithm>

namespace sequela::ui {

namespace {

void addWarnings(const std::vector<Diagnostic>& diagnostics, RuleLint& lint)
{
    for (const Diagnostic& diagnostic : diagnostics) {
        if (diagnostic.severity != Severity::Warning) {
            continue;
        }
        if (lint.warningCount == 0) {
            lint.first = diagnostic.message;
        }
        ++lint.warningCount;
    }
}

} // namespace

Result<std::vector<RuleLint>> lintRules(const rules::RuleSet& rules,
                                        const schema::FieldCatalog* catalog,
                                        const std::stop_token& stop)
{
    std::vector<RuleLint> lints(rules.entries().size());
    for (std::size_t index = 0; index < lints.size(); ++index) {
        if (stop.stop_requested()) {
            return std::unexpected(cancelledError());
        }
        const rules::RuleEntry& entry = rules.entries()[index];
        if (!entry.rule || entry.status != rules::RuleStatus::Loaded) {
            continue;
        }
        addWarnings(checkQuery(entry.rule->query.text, catalog, detect::bindOptionsOf(*entry.rule)),
                    lints[index]);
        addWarnings(rules::lintRule(*entry.rule), lints[index]);
        addWarnings(entry.diagnostics, lints[index]);
    }
    return lints;
}

} // namespace sequela::ui
