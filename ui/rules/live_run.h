#pragma once

#include "core/detect/detection.h"
#include "core/engine/engine.h"
#include "core/workspace/workspace.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

/// One run of the query in the editor and what it changes against the saved rule. No widgets: runs
/// in a job, tested without one.
namespace sequela::ui {

/// Event numbers of a match in stage order, `noEvent` for a missing slot: what makes two matches
/// the same. Numbers are the identities of one snapshot.
using MatchKey = std::vector<std::uint32_t>;
inline constexpr std::uint32_t noEvent = 0xffffffffU;
[[nodiscard]] MatchKey keyOf(const engine::Match& match);

/// What the saved query matches: computed once for a text and a snapshot, then handed to later
/// runs.
struct Baseline {
    std::string text;
    std::uint64_t revision = 0;
    /// False if the saved query does not bind here; then nothing is compared.
    bool valid = false;
    std::vector<engine::Match> matches;
    /// Of `matches`, sorted.
    std::vector<MatchKey> keys;
};

struct LiveRequest {
    std::shared_ptr<workspace::Workspace> workspace;
    std::string text;
    eql::BindOptions bind;
    engine::RunOptions run;
    /// Condition of the rule's filters, empty for none: only these events take part.
    std::string condition;
    /// Query of the rule as saved; nothing for a scratch query.
    std::optional<std::string> savedText;
    std::shared_ptr<const Baseline> baseline;
    /// For the guard: alerts of this rule that are marked true positive must stay.
    std::string ruleId;
    std::shared_ptr<const detect::Detection> detection;
};

struct LiveResult {
    /// What was run; a result belongs to this text and to no other.
    std::string text;
    std::string queryHash;
    std::vector<Diagnostic> diagnostics;
    std::shared_ptr<const workspace::Snapshot> snapshot;
    std::shared_ptr<const eql::BoundQuery> bound;
    engine::QueryResult found;
    /// One a match: not a match of the saved rule. Empty without a baseline.
    std::vector<bool> gained;
    std::size_t gainedCount = 0;
    std::vector<engine::Match> lost;
    std::size_t keptCount = 0;
    std::shared_ptr<const Baseline> baseline;
    /// Ids of alerts marked true positive whose events are no match any more.
    std::vector<std::string> lostTruePositives;
    /// Nothing if the text has errors; `diagnostics` say which.
    bool ran = false;
};

/// Runs the request. Errors: cancelled, unreadable data.
[[nodiscard]] Result<LiveResult> runLive(const LiveRequest& request, const std::stop_token& stop);

/// What a rule's query is run with: its fields, its filters.
[[nodiscard]] LiveRequest requestFor(const rules::Rule& rule);

/// Sequences that share their keys but took longer than maxspan.
struct NearMisses {
    /// Matches without a maxspan, whatever their length.
    std::uint64_t inOrderCount = 0;
    /// Those among them that are longer than maxspan, shortest first.
    std::vector<engine::Match> tooLate;
    /// Length of each match without a maxspan, ascending; matches without times left out.
    std::vector<std::int64_t> spansNs;
    std::int64_t maxspanNs = 0;
    std::shared_ptr<const workspace::Snapshot> snapshot;
};

/// Runs the same query without its maxspan. Nothing to say (no maxspan, not a sequence): nothing.
[[nodiscard]] Result<std::optional<NearMisses>> findNearMisses(const LiveRequest& request,
                                                               const std::stop_token& stop);

/// Matches the query would have with this maxspan instead of its own.
[[nodiscard]] Result<std::uint64_t>
countWithMaxspan(const LiveRequest& request, std::int64_t maxspanMs, const std::stop_token& stop);

} // namespace sequela::ui
