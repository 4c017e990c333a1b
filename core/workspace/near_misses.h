#pragma once

#include "core/base/diagnostic.h"
#include "core/engine/engine.h"
#include "core/eql/binder.h"
#include "core/workspace/workspace.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace sequela::workspace {

/// A query as the workshop examines it: its text, and what it is run with.
struct QueryUnderTest {
    std::shared_ptr<const Snapshot> snapshot;
    std::string text;
    eql::BindOptions bind;
    engine::RunOptions run;
};

/// Why a sequence that began came to nothing, in the order they are listed.
enum class MissKind : std::uint8_t {
    /// All stages in order, but maxspan had run out.
    TooLate,
    /// The `until` event came first.
    EndedByUntil,
    /// The next stage's event was there but for clauses it did not satisfy.
    FailingClause,
    /// An event that must not come (`![ … ]`) came.
    ForbiddenEvent,
    /// Nothing of the next stage's category came under these keys.
    MissingStage,
};
inline constexpr std::size_t missKindCount = 5;

/// One join key that got part of the way: its furthest stage, and what stopped it there.
struct NearMiss {
    MissKind kind = MissKind::MissingStage;
    /// Slots of the whole query; nothing in those that were not reached. For FailingClause the
    /// closest candidate stands in its slot.
    engine::Match match;
    /// Stage, as written, that would have come next (TooLate: the one that came too late).
    std::size_t stage = 0;
    /// FailingClause: clauses of that stage that the candidate does not satisfy.
    std::vector<SourceSpan> clauses;
    /// From the first event there is to the last.
    std::int64_t spanNs = 0;
};

struct NearMisses {
    /// By kind; within one, shortest span first.
    std::vector<NearMiss> misses;
    /// Join keys by kind, those that are not listed (limits.h) included.
    std::array<std::uint64_t, missKindCount> counts{};
    /// Stages as written, and how many join keys got as far as each, all before it included.
    std::vector<std::uint64_t> reached;
    /// Matches without a maxspan, whatever their length, and their lengths, ascending.
    std::uint64_t inOrderCount = 0;
    std::vector<std::int64_t> spansNs;
    /// Nothing if the query has no maxspan.
    std::optional<std::int64_t> maxspanNs;
    std::shared_ptr<const Snapshot> snapshot;

    [[nodiscard]] std::uint64_t count(MissKind kind) const
    {
        return counts[static_cast<std::size_t>(kind)];
    }
    [[nodiscard]] std::uint64_t total() const;
};

/// Where the sequences of a query that did not come about stopped, by running parts of it: prefixes
/// of its stages, the query without maxspan, without `until`, without single clauses. Nothing for
/// queries that are no sequences or do not bind. Runs some twenty queries: for a job of its own.
/// Errors: cancelled, unreadable data.
[[nodiscard]] Result<std::optional<NearMisses>> findNearMisses(const QueryUnderTest& query,
                                                               const std::stop_token& stop);

/// Matches the query would have with this maxspan in place of its own; 0 for one that has none.
[[nodiscard]] Result<std::uint64_t>
countWithMaxspan(const QueryUnderTest& query, std::int64_t maxspanMs, const std::stop_token& stop);

} // namespace sequela::workspace
