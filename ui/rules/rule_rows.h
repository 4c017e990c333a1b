#pragma once

#include "core/detect/detection.h"
#include "core/rules/rule_set.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <vector>

/// What the list of rules shows, worked out apart from any widget.
namespace sequela::ui {

enum class RuleGrouping : std::uint8_t {
    /// By the first tactic of the rule.
    Tactic,
    /// By the folder the file lies in.
    Pack,
    /// What hit, what did not, what cannot run here, what is broken.
    Status,
};

/// One entry of the rule set. Every entry is in exactly one group.
struct RuleRow {
    /// Index into RuleSet::entries().
    std::size_t entryIndex = 0;
    QString name;
    std::optional<rules::RuleSeverity> severity;
    /// Alerts of the last run; nothing if the rule has not been run.
    std::optional<std::uint64_t> hits;
    /// Why it does not run here, one sentence; empty if it does.
    QString obstacle;
    bool broken = false;

    bool operator==(const RuleRow&) const = default;
};

struct RuleGroup {
    QString title;
    std::vector<RuleRow> rows;

    bool operator==(const RuleGroup&) const = default;
};

/// Groups in the order of the ATT&CK matrix, of folder names, or of what asks for attention; rules
/// by hits (most first), then name. @p search: words that must all occur in a rule's name, id,
/// tags, techniques, file name or query. @p detection may be null.
[[nodiscard]] std::vector<RuleGroup> ruleGroups(const rules::RuleSet& rules,
                                                const detect::Detection* detection,
                                                RuleGrouping grouping, const QString& search);

} // namespace sequela::ui
