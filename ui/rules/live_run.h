#pragma once

#include "core/detect/detection.h"
#include "core/engine/engine.h"
#include "core/workspace/clause_effects.h"
#include "core/workspace/near_misses.h"
#include "core/workspace/workspace.h"
#include "ui/rules/match_list.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

/// One run of the query in the editor and what it changes against the saved rule. No widgets: runs
/// in a job, tested without one.
namespace sequela::ui {

/// What the saved query matches: computed once for a text and a snapshot, then handed to later
/// runs.
struct Baseline {
    std::string text;
    std::uint64_t revision = 0;
    /// False if the saved query does not bind here; then nothing is compared.
    bool valid = false;
    MatchIndex matches;
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
    /// Funnels, warnings and times; its matches have become `matches`.
    engine::QueryResult found;
    /// Gained ones first; without a baseline none is marked.
    std::shared_ptr<const MatchList> matches;
    /// Lost, gained, kept, in this order; empty without a baseline.
    std::shared_ptr<const MatchList> changes;
    std::size_t gainedCount = 0;
    std::size_t lostCount = 0;
    std::size_t keptCount = 0;
    std::shared_ptr<const Baseline> baseline;
    /// Ids of alerts marked true positive whose events are no match any more.
    std::vector<std::string> lostTruePositives;
    /// Nothing if the text has errors; `diagnostics` say which.
    bool ran = false;
};

/// Runs the request. Errors: cancelled, unreadable data.
[[nodiscard]] Result<LiveResult> runLive(const LiveRequest& request, const std::stop_token& stop);

/// The request's query with the events that pass the rule's filters. Errors: as the engine.
[[nodiscard]] Result<workspace::QueryUnderTest> underTest(const LiveRequest& request,
                                                          const std::stop_token& stop);
/// Slots of a match of the query, `with runs` expanded; 1 for null.
[[nodiscard]] std::size_t slotsOf(const eql::BoundQuery* query);

/// What a rule's query is run with: its fields, its filters.
[[nodiscard]] LiveRequest requestFor(const rules::Rule& rule);

/// Near misses with the rows that list them.
struct ListedMisses {
    workspace::NearMisses near;
    /// One a miss, each with a note that says why.
    std::shared_ptr<const MatchList> rows;
};

/// Nothing to say of queries that are no sequences: nothing. Errors: cancelled, unreadable data.
[[nodiscard]] Result<std::optional<ListedMisses>> listNearMisses(const LiveRequest& request,
                                                                 const std::stop_token& stop);

/// Matches the query would have with this maxspan instead of its own.
[[nodiscard]] Result<std::uint64_t>
countWithMaxspan(const LiveRequest& request, std::int64_t maxspanMs, const std::stop_token& stop);

/// What each clause does and costs; nothing where the query does not bind. @p rule and
/// @p testFile: the tests beside it take part; null and empty for none.
[[nodiscard]] Result<std::optional<workspace::ClauseReport>>
examineClauses(const LiveRequest& request, const rules::Rule* rule, const std::string& testFile,
               const std::stop_token& stop);

/// Why a near miss is none of the matches: "18 s too late", "fails destination.port == 443".
[[nodiscard]] std::string missNote(const workspace::NearMiss& miss, const std::string& query,
                                   const eql::BoundQuery* bound,
                                   std::optional<std::int64_t> maxspanNs);

} // namespace sequela::ui
