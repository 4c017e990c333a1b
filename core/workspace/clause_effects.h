#pragma once

#include "core/base/diagnostic.h"
#include "core/engine/engine.h"
#include "core/rules/rule.h"
#include "core/rules/rule_test.h"
#include "core/workspace/near_misses.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace sequela::workspace {

/// What one clause of a query does and costs.
struct ClauseEffect {
    /// Stage as written; the one behind the last is `until`.
    std::size_t stage = 0;
    bool isUntil = false;
    SourceSpan span;
    /// Events it was asked about, and those it let through.
    std::uint64_t eventsBefore = 0;
    std::uint64_t eventsLeft = 0;
    /// Of a run that could use no answer of an earlier one.
    std::uint64_t nanoseconds = 0;
    std::uint64_t distinctValuesTested = 0;
    /// Bytes of values, signatures and codes looked at.
    std::uint64_t bytesScanned = 0;
    /// A few events that it dropped.
    std::vector<EventNumber> droppedSamples;
    /// Matches that only this clause keeps away, a few of them, and matches that need it.
    std::uint64_t gainedWithout = 0;
    std::uint64_t lostWithout = 0;
    std::vector<engine::Match> gainedSamples;
    /// Tests of the rule that turn out otherwise without it.
    std::size_t testsChanged = 0;

    /// Neither these events nor the tests can tell whether the clause is there.
    [[nodiscard]] bool changesNothing() const
    {
        return gainedWithout == 0 && lostWithout == 0 && testsChanged == 0;
    }
};

struct ClauseReport {
    /// In the order written.
    std::vector<ClauseEffect> clauses;
    /// The clause without which the most matches would come; nothing if none keeps any away.
    std::optional<std::size_t> carrier;
    std::uint64_t matchCount = 0;
    /// Of the whole run without earlier answers.
    std::uint64_t nanoseconds = 0;
    std::uint64_t bytesScanned = 0;
    /// Most sequences under way at once.
    std::uint64_t peakPartials = 0;
    std::shared_ptr<const Snapshot> snapshot;
};

/// Runs a query once cold and once without each clause. @p rule with @p tests: the tests beside the
/// rule, run with each of these queries, too; null for a query of its own. Nothing where the query
/// does not bind. For a job of its own. Errors: cancelled, unreadable data.
[[nodiscard]] Result<std::optional<ClauseReport>>
examineClauses(const QueryUnderTest& query, const rules::Rule* rule,
               const std::vector<rules::RuleTest>& tests, const std::stop_token& stop);

} // namespace sequela::workspace
