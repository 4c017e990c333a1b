#pragma once

#include "core/base/diagnostic.h"
#include "core/base/timestamp.h"
#include "core/engine/engine.h"
#include "core/rules/rule.h"
#include "core/schema/column_source.h"

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

/// What a rule would have found on its schedule (rules.md, "Running", as scheduled).
namespace sequela::detect {

/// What is played.
struct ScheduleOptions {
    /// Events without `event.ingested` arrive this long after @timestamp.
    std::int64_t ingestDelayNs = 0;
    /// Every run starts this much later than planned.
    std::int64_t delayNs = 0;
    /// No run starts in [from, to); the one that was due starts at the end and catches up.
    std::optional<rules::SearchWindow> outage;
    /// Events looked at, summed over the windows of one rule, at most; then the rule fails with an
    /// error that says so.
    std::uint64_t maxSteps = 2'000'000'000;
};

/// When the first and the last event of a case arrived. Nothing if no event has a time.
struct ArrivalRange {
    Timestamp first;
    Timestamp last;
};
[[nodiscard]] Result<std::optional<ArrivalRange>> arrivalRange(const schema::ColumnSource& source,
                                                               const ScheduleOptions& options);

/// What became of one match.
enum class ReplayFate : std::uint8_t {
    Found,
    /// Seen by some run, and never among the newest `max_signals` of one.
    Cut,
    /// No single window held all its events.
    NoWindow,
    /// A window would have held them, but not all had arrived when its run started.
    Late,
    /// A run saw all its events, and others in its window made another match of them.
    Otherwise,
};
/// "found", "cut", "no-window", "late", "otherwise".
[[nodiscard]] std::string_view replayFateName(ReplayFate fate);

struct ReplayedMatch {
    engine::Match match;
    ReplayFate fate = ReplayFate::Found;
    /// Windows that found it.
    std::uint64_t windowCount = 0;
    /// Start of the run that found it first.
    std::optional<Timestamp> firstRun;
    /// The whole case at once makes this match, too.
    bool inWholeCase = true;
};

/// The figures of one rule.
struct ReplayCounts {
    /// Runs of the schedule, catch-up windows not counted.
    std::uint64_t runs = 0;
    std::uint64_t catchUpWindows = 0;
    std::uint64_t found = 0;
    /// Of those found: by more than one window.
    std::uint64_t foundAgain = 0;
    std::uint64_t cut = 0;
    std::uint64_t missedNoWindow = 0;
    std::uint64_t missedLate = 0;
    std::uint64_t missedOtherwise = 0;
    /// Of those found: the whole case at once makes other matches of their events.
    std::uint64_t onlyScheduled = 0;

    bool operator==(const ReplayCounts&) const = default;
};

/// The figures by name: "runs", "catch_up_windows", "found", "found_by_several_runs",
/// "cut_by_max_signals", "missed_no_window", "missed_arrived_late", "missed_otherwise",
/// "only_scheduled".
struct ReplayFigure {
    std::string_view name;
    std::uint64_t ReplayCounts::* member;
};
[[nodiscard]] std::span<const ReplayFigure> replayFigures();

struct RuleReplay {
    ReplayCounts counts;
    /// Of the whole case and of the runs, ascending by the last event.
    std::vector<ReplayedMatch> matches;
    std::vector<engine::RuntimeWarning> warnings;
};

/// Plays the schedule of a rule over the events that @p options leaves. Stages are evaluated once;
/// windows without an event of interest are never visited, and one that shows what the one before
/// showed is not matched again. Errors: cancelled, the data could not be read, a schedule that does
/// not resolve, ScheduleOptions::maxSteps.
[[nodiscard]] Result<RuleReplay> replayRule(const rules::Rule& rule, const eql::BoundQuery& query,
                                            engine::Engine& engine,
                                            const engine::RunOptions& runOptions,
                                            const ScheduleOptions& options, std::stop_token stop);

} // namespace sequela::detect
