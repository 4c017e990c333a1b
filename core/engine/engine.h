#pragma once

#include "core/base/diagnostic.h"
#include "core/base/progress.h"
#include "core/base/strong_id.h"
#include "core/engine/limits.h"
#include "core/eql/bound_query.h"
#include "core/schema/column_source.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace sequela::engine {

/// A set of events of a case, one bit each.
class EventSet {
public:
    explicit EventSet(std::uint32_t eventCount)
        : m_eventCount(eventCount), m_words((eventCount + 63) / 64)
    {
    }
    [[nodiscard]] std::uint32_t eventCount() const { return m_eventCount; }
    [[nodiscard]] bool contains(EventNumber event) const
    {
        return ((m_words[event.index() / 64] >> (event.index() % 64)) & 1U) != 0;
    }
    void insert(EventNumber event)
    {
        m_words[event.index() / 64] |= std::uint64_t{1} << (event.index() % 64);
    }
    [[nodiscard]] std::uint64_t count() const;
    [[nodiscard]] std::span<std::uint64_t> words() { return m_words; }
    [[nodiscard]] std::span<const std::uint64_t> words() const { return m_words; }

private:
    std::uint32_t m_eventCount;
    std::vector<std::uint64_t> m_words;
};

enum class ResultPosition : std::uint8_t { Head, Tail };
enum class RuntimeErrors : std::uint8_t { CountAsNull, Fail };

struct RunOptions {
    std::string timestampField = "@timestamp";
    std::optional<std::string> tiebreakerField;
    /// Matches at most, cut as eql.md sections 7 and 10 say; nothing is no limit.
    std::optional<std::uint64_t> size;
    ResultPosition resultPosition = ResultPosition::Tail;
    std::uint32_t maxSamplesPerKey = 1;
    RuntimeErrors runtimeErrors = RuntimeErrors::CountAsNull;
    /// Only these events take part, in every stage and in `until`: time ranges, schedule windows,
    /// exceptions. Nothing is all.
    std::shared_ptr<const EventSet> events;
    /// 0: one per core.
    std::size_t threadCount = 0;
    /// Whether to fill QueryResult::funnels.
    bool collectFunnel = false;
};

/// One result: an event, a sequence, or a sample.
struct Match {
    /// One per stage after `with runs` expansion; nothing in a slot that must be missing.
    std::vector<std::optional<EventNumber>> events;
    /// Values of the join keys, null for an optional null key.
    std::vector<eql::Value> joinKeys;
};

/// How many events each conjunct of a stage let through, in the order written. A clause that refers
/// to the event of another stage depends on the sequence and lets everything through here.
struct FunnelStep {
    SourceSpan span;
    std::uint64_t eventsLeft = 0;
    /// A few events that this conjunct dropped, for the eye.
    std::vector<EventNumber> droppedSamples;
    /// What the clause cost in this run; nothing was spent on a cached one.
    std::uint64_t nanoseconds = 0;
    /// Events the clause was asked about.
    std::uint64_t candidates = 0;
    std::uint64_t distinctValuesTested = 0;
    /// Bytes of values, signatures and codes looked at.
    std::uint64_t bytesScanned = 0;
};
struct StageFunnel {
    SourceSpan span;
    /// Events of the category, before the first conjunct.
    std::uint64_t categoryEvents = 0;
    std::vector<FunnelStep> steps;
};

/// A problem that events' values caused while the query ran, with the number of events. Clauses
/// that can fail are evaluated in the order written, so the counts do not depend on the plan.
struct RuntimeWarning {
    std::string message;
    std::uint64_t count = 0;
};

/// What a run cost beside time. Answers known from earlier runs cost nothing, so a second run shows
/// less than the first.
struct RunCost {
    /// Events of the categories of all stages, before any condition.
    std::uint64_t candidates = 0;
    std::uint64_t distinctValuesTested = 0;
    /// Bytes of values, signatures and codes looked at.
    std::uint64_t bytesScanned = 0;
    /// Most join keys with a sequence under way at once, and the most bytes that matching held.
    std::uint64_t peakKeys = 0;
    std::uint64_t peakBytes = 0;
};

struct QueryResult {
    /// Ascending by ordinal of the last event (eql.md 7, 8.3), samples by key.
    std::vector<Match> matches;
    /// One per stage as written, then one for `until` if there is one.
    std::vector<StageFunnel> funnels;
    std::vector<RuntimeWarning> warnings;
    std::uint64_t nanoseconds = 0;
    /// Most sequence states alive at once.
    std::uint64_t peakPartials = 0;
    RunCost cost;
};

/// A query whose stages have been evaluated, to be matched over many selections of its events:
/// windows of a schedule. Lives no longer than its engine and its query. For one thread at a time.
class StagedQuery {
public:
    struct State;
    explicit StagedQuery(std::unique_ptr<State> state);
    ~StagedQuery();
    StagedQuery(const StagedQuery&) = delete;
    StagedQuery& operator=(const StagedQuery&) = delete;

    /// Events that satisfied some stage or `until` and have a time, in the order of the run.
    [[nodiscard]] const std::vector<std::uint32_t>& candidates() const;
    /// Time of a candidate by the timestamp field, nanoseconds.
    [[nodiscard]] std::int64_t timeNs(std::uint32_t event) const;
    /// Matches over @p events alone, some of the candidates in their order, as if there were no
    /// others; pipes applied. `descendant of` looks at all events.
    [[nodiscard]] Result<std::vector<Match>> match(const std::vector<std::uint32_t>& events) const;
    /// What evaluating the stages had to warn of.
    [[nodiscard]] std::vector<RuntimeWarning> warnings() const;

private:
    std::unique_ptr<State> m_state;
};

/// How an engine evaluates; never what it answers. Tests choose values that small data reach.
struct EngineTuning {
    /// Bytes of leaf answers kept between runs.
    std::size_t leafCacheBytes = limits::leafCacheBytes;
    /// Bytes of what is worked out of columns for leaves.
    std::size_t columnIndexBytes = limits::columnIndexBytes;
    /// Bytes of columns that stay pinned between runs.
    std::size_t pinnedColumnBytes = limits::pinnedColumnBytes;
    /// Values of a column up to which answers are shared between segments; above, texts are looked
    /// up and patterns tested by signature.
    std::uint32_t sharedValuesPerSegment = limits::sharedValuesPerSegment;
    /// Rows of a segment from which on rows are known by code.
    std::uint32_t rowsIndexed = limits::rowsIndexed;
};

/// Runs bound queries over one immutable set of events. Holds what is worth keeping between runs:
/// answers of leaves by canonical text, the order of events. Safe to use from several threads.
class Engine {
public:
    explicit Engine(std::shared_ptr<const schema::ColumnSource> source,
                    const EngineTuning& tuning = {});
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// All matches. Errors: the data could not be read, a runtime error with RuntimeErrors::Fail,
    /// or `cancelledError()` within 50 ms of a stop request.
    [[nodiscard]] Result<QueryResult> run(const eql::BoundQuery& query, const RunOptions& options,
                                          std::stop_token stop = {});

    /// Evaluates the stages of a query once, to be matched over parts of the events. Errors as
    /// `run`.
    [[nodiscard]] Result<std::unique_ptr<StagedQuery>>
    stage(const eql::BoundQuery& query, const RunOptions& options, std::stop_token stop = {});

    /// The events an event query matches, unordered: filter bar, colour rules, exceptions.
    [[nodiscard]] Result<EventSet> select(const eql::BoundQuery& query, const RunOptions& options,
                                          std::stop_token stop = {});

    /// A leaf that holds for an event: its place in the text and the values that satisfied it, as
    /// (field, text) pairs. A negated leaf shows all values the event has in its fields; a field
    /// without a value is left out.
    struct MatchedClause {
        SourceSpan span;
        std::vector<std::pair<std::string, std::string>> fieldValues;
    };
    /// The leaves of one stage (index into BoundQuery::stages) that hold for an event: "why it
    /// fired", in the order written. @p match is the sequence the event belongs to; without it,
    /// leaves that refer to events of other stages are left out.
    [[nodiscard]] Result<std::vector<MatchedClause>> explain(const eql::BoundQuery& query,
                                                             std::size_t stage, EventNumber event,
                                                             const RunOptions& options = {},
                                                             const Match* match = nullptr);

    /// How the query would run, in words: `--explain`, golden files. The order of clauses draws on
    /// what earlier runs have met.
    [[nodiscard]] Result<std::string> describePlan(const eql::BoundQuery& query);

    /// Position of every event in the order (timestamp, tiebreaker, source, record); rank[event].
    /// Events without a time come first. Computed on first use, then kept.
    [[nodiscard]] Result<std::shared_ptr<const std::vector<std::uint32_t>>>
    order(const std::string& timestampField, const std::optional<std::string>& tiebreakerField);

    [[nodiscard]] const schema::ColumnSource& source() const;

private:
    friend class StagedQuery;
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace sequela::engine
