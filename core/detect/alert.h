#pragma once

#include "core/base/diagnostic.h"
#include "core/base/strong_id.h"
#include "core/base/timestamp.h"
#include "core/eql/dialect.h"
#include "core/eql/value.h"
#include "core/rules/rule.h"
#include "core/schema/column.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sequela::detect {

/// Severity of an alert, after overrides; ascending. Text: rules::severityText.
using AlertSeverity = rules::RuleSeverity;

/// One ATT&CK mapping of a rule, flattened: a tactic, or a tactic with one technique, or with one
/// subtechnique. Ids are empty where the rule does not go that deep.
struct AttackReference {
    std::string framework;
    std::string tacticId;
    std::string tacticName;
    std::string techniqueId;
    std::string techniqueName;
    std::string subtechniqueId;
    std::string subtechniqueName;

    bool operator==(const AttackReference&) const = default;
};

/// What all alerts of one rule share. Immutable, shared between them.
struct AlertRule {
    /// `rule_id`; `id` of an Endpoint rule; else the file name. Never empty.
    std::string ruleId;
    std::string name;
    std::string description;
    /// Integer of detection rules, "1.0.12" of Endpoint rules; empty if the rule has none.
    std::string version;
    AlertSeverity severity = AlertSeverity::Low;
    int riskScore = 0;
    /// SHA-256 of the query's canonical print, in hex.
    std::string queryHash;
    /// The query as the rule writes it; spans of MatchedClause refer to it.
    std::string query;
    std::vector<AttackReference> attack;
    std::vector<std::string> tags;
    std::vector<std::string> references;
    std::vector<std::string> falsePositives;
    /// Path of the rule file, for people.
    std::string file;
    /// How the query is bound again to explain an alert.
    eql::Dialect dialect = eql::Dialect::Elasticsearch;
    std::string eventCategoryField;
    std::vector<std::string> osList;
    /// The rule makes alerts that only feed other rules; hidden unless asked for.
    bool buildingBlock = false;
};

enum class VerdictStatus : std::uint8_t { Open, Acknowledged, Closed };
/// Why an alert was closed.
enum class VerdictReason : std::uint8_t { None, TruePositive, FalsePositive, BenignPositive };
/// "open", "acknowledged", "closed" and "", "true_positive", "false_positive", "benign_positive":
/// the values of `kibana.alert.workflow_status` and `workflow_reason`.
[[nodiscard]] std::string_view verdictStatusName(VerdictStatus status);
[[nodiscard]] std::string_view verdictReasonName(VerdictReason reason);
[[nodiscard]] std::optional<VerdictStatus> verdictStatusFromName(std::string_view name);
[[nodiscard]] std::optional<VerdictReason> verdictReasonFromName(std::string_view name);

/// What an analyst decided about an alert. Kept in the case under the alert's id.
struct Verdict {
    VerdictStatus status = VerdictStatus::Open;
    /// Something other than None exactly if the status is Closed.
    VerdictReason reason = VerdictReason::None;
    std::string note;
    std::vector<std::string> tags;
    /// System user who decided.
    std::string author;
    std::optional<Timestamp> changed;
    /// The verdict was given to an alert over the same events of the same rule before the rule's
    /// query changed; empty if it was given to this alert. Holds that alert's id.
    std::string inheritedFrom;

    bool operator==(const Verdict&) const = default;
};

/// One stage of an alert in the order of the query, `with runs` expanded.
struct AlertStage {
    /// Nothing in a slot that had to stay empty (`![ … ]`).
    std::optional<EventNumber> event;
    /// The event's identity of rules.md; empty in a missing slot.
    std::string identity;
    /// Nothing for a missing slot or an event without a usable time.
    std::optional<Timestamp> time;
};

/// One match of one rule. Light enough for hundreds of thousands of them; what takes reading
/// documents or evaluating clauses is in AlertDetails.
struct Alert {
    /// 32 hex digits: SHA-256 over rule id, query hash and event identities (rules.md), cut.
    std::string id;
    /// SHA-256 in hex over the event identities in stage order alone: equal for alerts over the
    /// same events whatever the query was; verdicts of the same rule are inherited by it.
    std::string eventsHash;
    std::shared_ptr<const AlertRule> rule;
    /// The rule's, unless `rule_name_override` found a value.
    std::string name;
    /// The rule's, unless a mapping raised or lowered them.
    AlertSeverity severity = AlertSeverity::Low;
    int riskScore = 0;
    /// Times of the earliest and the latest event; nothing if no event has a time.
    std::optional<Timestamp> firstTime;
    std::optional<Timestamp> lastTime;
    /// `host.name`, else host.id; `user.name`, else user.id; `process.name`, else
    /// process.executable: of the first stage whose event has one. Empty if none has.
    std::string host;
    std::string user;
    std::string process;
    /// process.entity_id of the event that `process` was taken from; empty if it has none.
    std::string processEntityId;
    /// Values of the join keys, null for an optional null key. Empty for event queries.
    std::vector<eql::Value> joinKeys;
    /// One for an event query.
    std::vector<AlertStage> stages;
    /// Alerts that suppression folded into this one (`alert_suppression`), this one not counted.
    std::uint64_t suppressedCount = 0;
    Verdict verdict;
};

/// A conjunct of a stage that held, with the values that made it hold.
struct MatchedClause {
    /// In AlertRule::query.
    SourceSpan span;
    /// The clause as written.
    std::string text;
    /// Field name and value, as text.
    std::vector<std::pair<std::string, std::string>> fieldValues;
};

/// Where the event of a stage came from and why it matched.
struct StageDetails {
    /// Path of the imported file, and path inside the archive or empty.
    std::string sourcePath;
    std::string sourceMember;
    std::string sourceSha256;
    /// 0-based record; 1-based line, 0 where the format has no lines.
    std::uint64_t record = 0;
    std::uint64_t line = 0;
    /// The event's `event.id`, else its identity.
    std::string ancestorId;
    /// `_index` of the wrapper the document came in, or empty.
    std::string index;
    std::vector<MatchedClause> clauses;
    /// The original document.
    std::string document;
};

/// One value as its document had it.
struct FieldText {
    std::string text;
    schema::ValueKind kind = schema::ValueKind::String;

    bool operator==(const FieldText&) const = default;
};
struct SharedField {
    /// Full dotted name.
    std::string name;
    /// In document order of the first stage; never empty.
    std::vector<FieldText> values;
};

/// What is looked up when somebody looks at an alert.
struct AlertDetails {
    /// As Alert::stages; an empty StageDetails for a missing slot.
    std::vector<StageDetails> stages;
    /// Fields and values that the events of all stages share, sorted by name; derived values are
    /// left out.
    std::vector<SharedField> sharedFields;
    /// One sentence: what happened, on which host, by whom.
    std::string reason;
};

} // namespace sequela::detect
