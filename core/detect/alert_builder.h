#pragma once

#include "core/base/diagnostic.h"
#include "core/detect/alert.h"
#include "core/detect/event_reader.h"
#include "core/engine/engine.h"
#include "core/rules/rule.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::detect {

/// What the alerts of a rule share. @p canonicalHash as `queryHash` gives it.
[[nodiscard]] std::shared_ptr<const AlertRule> alertRuleOf(const rules::Rule& rule,
                                                           std::string canonicalHash);

/// Field that gives events their time for a rule, and the tiebreaker (rules.md).
[[nodiscard]] std::string timestampFieldOf(const rules::Rule& rule);
[[nodiscard]] std::string tiebreakerFieldOf(const rules::Rule& rule);

/// Makes alerts of the matches of one rule: identities, times, host, user and process, overrides.
/// One per thread.
class AlertBuilder {
public:
    AlertBuilder(const schema::ColumnSource& source, const rules::Rule& rule,
                 std::shared_ptr<const AlertRule> alertRule);

    [[nodiscard]] Result<Alert> build(const engine::Match& match);

    /// Values of a field that all events of the match have, in the order of the first one.
    [[nodiscard]] Result<std::vector<std::string>> sharedValues(const Alert& alert,
                                                                std::string_view field);

private:
    [[nodiscard]] Result<void> fillStages(Alert& alert, const engine::Match& match);
    [[nodiscard]] Result<void> fillActors(Alert& alert);
    [[nodiscard]] Result<void> applyOverrides(Alert& alert);
    [[nodiscard]] Result<void> applySeverityMapping(Alert& alert);
    [[nodiscard]] Result<void> applyRiskScoreMapping(Alert& alert);
    /// First value of any of the fields in the first stage that has one; @p owner receives that
    /// stage's event.
    [[nodiscard]] Result<std::string> firstOf(const Alert& alert,
                                              std::initializer_list<std::string_view> fields,
                                              std::optional<EventNumber>& owner);

    const schema::ColumnSource& m_source;
    const rules::Rule& m_rule;
    std::shared_ptr<const AlertRule> m_alertRule;
    std::string m_timestampField;
    EventReader m_reader;
};

/// Folds alerts into earlier ones as the rule's `alert_suppression` says. @p alerts are in order of
/// their last event; the first of a group stays and counts the others. Does nothing for a rule
/// without suppression.
[[nodiscard]] Result<void> suppress(std::vector<Alert>& alerts, const rules::Rule& rule,
                                    AlertBuilder& builder);

} // namespace sequela::detect
