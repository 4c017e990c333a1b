#pragma once

#include "core/base/diagnostic.h"
#include "core/workspace/workspace.h"

#include <span>
#include <stop_token>
#include <string>
#include <string_view>

namespace sequela::workspace {

/// A first draft of a query that matches the events: one stage an event in order of time, with what
/// kind of event it is and which process; join keys and maxspan from what they share. At most
/// `limits::maxDraftStages` events. Errors: no event, too many of them, unreadable data, cancelled.
[[nodiscard]] Result<std::string> draftQuery(const Snapshot& snapshot,
                                             std::span<const EventNumber> events,
                                             const std::stop_token& stop);

/// A whole rule file around a query, with what every rule needs; reads back as such a rule.
[[nodiscard]] std::string ruleFileText(std::string_view name, std::string_view ruleId,
                                       std::string_view query);

/// The text of a rule file under another name and another rule id; every other byte is kept.
/// Errors: `rule-copy` if name or id do not stand in one line each, as the format writes them.
[[nodiscard]] Result<std::string> copiedRuleText(std::string_view fileText, std::string_view name,
                                                 std::string_view ruleId);

} // namespace sequela::workspace
