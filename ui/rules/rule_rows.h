#pragma once

#include "core/detect/detection.h"
#include "core/rules/rule_set.h"
#include "ui/rules/rule_lint.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

/// What the list of rules shows, worked out apart from any widget.
namespace sequela::ui {

enum class RuleGrouping : std::uint8_t {
    /// By the first tactic of the rule.
    Tactic,
    /// By the package of events the rule is written for; without one, by the folder.
    Pack,
    /// By the folder below the one that all rules have in common.
    Folder,
    /// What hit, what did not, what cannot run here, what is broken.
    Status,
};

/// What stands first within a group.
enum class RuleOrder : std::uint8_t { MostHits, Dearest, Name };

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
    /// Switched off, by its file or for this case.
    bool isOff = false;
    /// Time of the last run; nothing if it has not been run.
    std::optional<std::uint64_t> costNs;
    std::size_t warningCount = 0;
    /// The first thing lint says; empty if it is content.
    QString lint;

    bool operator==(const RuleRow&) const = default;
};

struct RuleGroup {
    QString title;
    std::vector<RuleRow> rows;

    bool operator==(const RuleGroup&) const = default;
};

/// Groups in the order of the ATT&CK matrix, of names, or of what asks for attention. @p search:
/// words that must all occur in a rule's name, id, tags, techniques, file name or query.
/// @p detection may be null; @p lints: one an entry, or none at all.
[[nodiscard]] std::vector<RuleGroup> ruleGroups(const rules::RuleSet& rules,
                                                const detect::Detection* detection,
                                                RuleGrouping grouping, const QString& search,
                                                RuleOrder order = RuleOrder::MostHits,
                                                std::span<const RuleLint> lints = {});

/// What the last run made of an entry; null if it took no part.
[[nodiscard]] const detect::RuleOutcome* outcomeOf(const detect::Detection* detection,
                                                   const rules::RuleEntry& entry);

} // namespace sequela::ui
