#pragma once

#include "core/base/diagnostic.h"
#include "core/base/progress.h"
#include "core/base/timestamp.h"
#include "core/detect/alert.h"
#include "core/detect/schedule_replay.h"
#include "core/engine/engine.h"
#include "core/eql/binder.h"
#include "core/rules/rule_set.h"
#include "core/schema/field_catalog.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace sequela::detect {

/// What became of one rule file in a run.
enum class RuleStatus : std::uint8_t {
    Ran,
    /// Switched off by the rule or by the user.
    Disabled,
    /// A rule, but not one in EQL; the reason names its type.
    OtherType,
    /// Uses something this program does not do (a rule filter made of anything but phrase, exists
    /// and range).
    Unsupported,
    /// The file or the query has errors; see the diagnostics.
    Broken,
    /// A file among the rules that holds none.
    NotARule,
    /// No event of this case can fill some stage: its category never occurs.
    MissingCategory,
    /// A stage demands a value of a field that no event of this case has.
    FieldNeverPopulated,
    /// Failed while it ran (RuntimeErrors::Fail, unreadable data).
    Failed,
};
/// "ran", "disabled", "other-type", "unsupported", "broken", "not-a-rule",
/// "missing-category", "field-never-populated", "failed".
[[nodiscard]] std::string_view ruleStatusName(RuleStatus status);
[[nodiscard]] std::optional<RuleStatus> ruleStatusFromName(std::string_view name);

struct RuleOutcome {
    /// Index into RuleSet::entries().
    std::size_t entryIndex = 0;
    std::string ruleId;
    std::string name;
    std::string file;
    /// What the rule says of itself; null for a file that holds none.
    std::shared_ptr<const AlertRule> rule;
    RuleStatus status = RuleStatus::Ran;
    /// One sentence for every status but Ran: "not run: type esql". Not for display as markup.
    std::string reason;
    /// Of parsing and binding, located in the rule's file.
    std::vector<Diagnostic> diagnostics;
    /// Matches before suppression, and alerts made of them.
    std::uint64_t matchCount = 0;
    std::uint64_t alertCount = 0;
    std::uint64_t nanoseconds = 0;
    /// What the engine did for it in this run; nothing for what other rules had asked before.
    engine::RunCost cost;
    /// Values of events that made an expression null (`1/0`), counted.
    std::vector<engine::RuntimeWarning> warnings;
    /// Present if the rule ran as scheduled.
    std::optional<ReplayCounts> replay;
    /// The schedule in words: "every 5m, now-9m to now".
    std::string schedule;
};

/// A match of the whole case that its rule's schedule did not give.
struct ScheduleMiss {
    Alert alert;
    ReplayFate fate = ReplayFate::NoWindow;
};

struct DetectOptions {
    /// Only these events take part; nothing is all. Build time ranges with `eventsBetween`.
    std::shared_ptr<const engine::EventSet> events;
    /// Events a rule must not see (exceptions, section "Alerts" of rules.md), at every stage and
    /// for `until`. Called once a rule, from any thread, before it runs; may return nothing.
    std::function<std::shared_ptr<const engine::EventSet>(const rules::Rule& rule)> excluded;
    /// Enforce `index` / `data_view_id` patterns of rules against each event's index.
    bool matchIndex = false;
    /// Unknown fields in a query make its rule Broken.
    bool strictFields = false;
    engine::RuntimeErrors runtimeErrors = engine::RuntimeErrors::CountAsNull;
    /// What `now` means in date constants of queries.
    std::optional<Timestamp> now;
    /// Run rules that are switched off, too.
    bool includeDisabled = false;
    /// Present: every rule runs as scheduled, its alerts are those of its runs.
    std::optional<ScheduleOptions> schedule;
    /// 0: one per core.
    std::size_t threadCount = 0;
};

struct Detection {
    /// Sorted by time of the last event, rule id, alert id. Alerts of building-block rules are
    /// among them (AlertRule::buildingBlock); whoever shows a list hides them.
    std::vector<Alert> alerts;
    /// One per entry of the set, broken ones included, in the set's order.
    std::vector<RuleOutcome> outcomes;
    /// Of a run as scheduled, sorted as the alerts are; kept in no case.
    std::vector<ScheduleMiss> misses;
    /// About the run as a whole: exceptions whose conditions do not bind.
    std::vector<Diagnostic> diagnostics;
    std::uint64_t nanoseconds = 0;
};

/// Runs every rule of @p rules once over all events of @p engine's source. Rules run in parallel;
/// the result does not depend on the number of threads. Progress counts rules; its items are
/// alerts. No I/O of its own, reads no clock but for durations. Errors: cancelled (within 50 ms of
/// a stop request), or the data could not be read. What is wrong with one rule is in its outcome.
[[nodiscard]] Result<Detection> detect(const rules::RuleSet& rules, engine::Engine& engine,
                                       const schema::FieldCatalog& catalog,
                                       const DetectOptions& options, Progress& progress,
                                       std::stop_token stop = {});

/// How a rule's query is bound: dialect, category field, `os_list`.
[[nodiscard]] eql::BindOptions bindOptionsOf(const rules::Rule& rule);

/// Sorts as Detection::alerts is sorted: time of the last event (none first), rule id, alert id.
void sortAlerts(std::vector<Alert>& alerts);

/// A set with every event in it.
[[nodiscard]] engine::EventSet allEvents(std::uint32_t eventCount);

/// Events whose time by @p timestampField lies in [from, to], both ends included; a side that is
/// absent is open. Events without a time are in no range.
[[nodiscard]] Result<engine::EventSet> eventsBetween(const schema::ColumnSource& source,
                                                     const std::string& timestampField,
                                                     std::optional<Timestamp> from,
                                                     std::optional<Timestamp> to);

/// First 128 bits in hex of SHA-256 over rule id, query hash and identities in stage order (empty
/// for a missing slot), each length-prefixed.
[[nodiscard]] std::string alertId(std::string_view ruleId, std::string_view queryHash,
                                  const std::vector<AlertStage>& stages);
/// SHA-256 in hex over the identities alone (Alert::eventsHash).
[[nodiscard]] std::string alertEventsHash(const std::vector<AlertStage>& stages);
/// SHA-256 in hex of the canonical print of a query's text, so that layout and comments do not
/// change it; of the text itself where it does not parse.
[[nodiscard]] std::string queryHash(std::string_view query, eql::Dialect dialect);

} // namespace sequela::detect
