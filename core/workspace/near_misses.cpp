#include "core/workspace/near_misses.h"

#include "core/detect/event_reader.h"
#include "core/workspace/limits.h"
#include "core/workspace/query_clauses.h"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <set>
#include <utility>

namespace sequela::workspace {

namespace {

using Change = std::function<void(eql::BoundQuery&)>;

/// Text of a match's join keys; equal for equal keys.
std::string keyText(const engine::Match& match)
{
    std::string text;
    for (const eql::Value& value : match.joinKeys) {
        const std::string part = eql::toText(value);
        text += std::to_string(value.index()) + ':' + std::to_string(part.size()) + ':' + part;
    }
    return text;
}

/// Times of the first and the last event of a match.
struct Extent {
    Timestamp first;
    Timestamp last;

    [[nodiscard]] std::int64_t spanNs() const { return last.nanoseconds() - first.nanoseconds(); }
    /// As maxspan counts.
    [[nodiscard]] std::int64_t spanMs() const { return last.milliseconds() - first.milliseconds(); }
};

class MissFinder {
public:
    MissFinder(const QueryUnderTest& query, std::stop_token stop)
        : m_query(query), m_stop(std::move(stop)), m_reader(*query.snapshot->events)
    {
        m_misses.snapshot = query.snapshot;
    }

    Result<std::optional<NearMisses>> find()
    {
        eql::BindResult bound = bindText(m_query.text);
        if (!bound.query || bound.query->kind != eql::BoundQueryKind::Sequence) {
            return std::nullopt;
        }
        m_bound = std::move(*bound.query);
        m_clauses = clausesOf(m_query.text, m_query.bind.dialect);
        if (m_clauses.size() < m_bound.stages.size()) {
            return std::nullopt;
        }
        for (const eql::BoundStage& stage : m_bound.stages) {
            m_slotCount += stage.runs;
        }
        if (m_bound.maxspanMs) {
            m_misses.maxspanNs = *m_bound.maxspanMs * nanosecondsPerMillisecond;
        }
        SEQUELA_TRY(measurePrefixes());
        SEQUELA_TRY(findTooLate());
        SEQUELA_TRY(findForbidden());
        SEQUELA_TRY(findStopped());
        return finish();
    }

private:
    eql::BindResult bindText(const std::string& text) const
    {
        return eql::bindQuery(text, *m_query.snapshot->catalog, m_query.bind);
    }

    /// Runs @p text, changed, without its pipes: what head or tail cut off is no miss.
    Result<std::vector<engine::Match>> run(const std::string& text, const Change& change)
    {
        eql::BindResult bound = bindText(text);
        if (!bound.query) {
            return std::vector<engine::Match>();
        }
        bound.query->pipes.clear();
        change(*bound.query);
        engine::RunOptions options = m_query.run;
        options.collectFunnel = false;
        options.size.reset();
        auto found = m_query.snapshot->engine->run(*bound.query, options, m_stop);
        if (!found) {
            return std::unexpected(std::move(found).error());
        }
        return std::move(found->matches);
    }

    static void cutBehind(eql::BoundQuery& query, std::size_t stageCount)
    {
        query.stages.erase(query.stages.begin() + static_cast<std::ptrdiff_t>(stageCount),
                           query.stages.end());
    }

    Result<void> measurePrefixes()
    {
        m_misses.reached.assign(m_bound.stages.size(), 0);
        for (std::size_t count = 1; count <= m_bound.stages.size(); ++count) {
            if (m_bound.stages[count - 1].missing && count < m_bound.stages.size()) {
                continue;
            }
            const bool isWhole = count == m_bound.stages.size();
            auto found = run(m_query.text, [count, isWhole](eql::BoundQuery& query) {
                if (!isWhole) {
                    cutBehind(query, count);
                }
            });
            if (!found) {
                return std::unexpected(std::move(found).error());
            }
            for (engine::Match& match : *found) {
                std::string key = keyText(match);
                Progressed& progressed = m_keys[std::move(key)];
                if (progressed.stageCount < count) {
                    progressed.stageCount = count;
                }
                if (progressed.stageCount == count) {
                    // The last one is the closest to what should have followed.
                    progressed.match = std::move(match);
                }
            }
        }
        for (const auto& [key, progressed] : m_keys) {
            for (std::size_t stage = 0; stage < progressed.stageCount; ++stage) {
                ++m_misses.reached[stage];
            }
        }
        return {};
    }

    std::optional<Extent> extentOf(const engine::Match& match)
    {
        std::optional<Extent> extent;
        for (const auto& event : match.events) {
            if (!event) {
                continue;
            }
            const auto time = m_reader.time(*event, m_query.run.timestampField);
            if (!time || !*time) {
                return std::nullopt;
            }
            extent = extent
                         ? Extent{std::min(extent->first, **time), std::max(extent->last, **time)}
                         : Extent{**time, **time};
        }
        return extent;
    }

    void add(MissKind kind, engine::Match match, std::size_t stage,
             std::vector<SourceSpan> clauses = {})
    {
        ++m_misses.counts[static_cast<std::size_t>(kind)];
        NearMiss miss;
        miss.kind = kind;
        miss.stage = stage;
        miss.clauses = std::move(clauses);
        const auto extent = extentOf(match);
        miss.spanNs = extent ? extent->spanNs() : 0;
        match.events.resize(m_slotCount);
        miss.match = std::move(match);
        m_misses.misses.push_back(std::move(miss));
    }

    /// Whole sequences that took longer than maxspan.
    Result<void> findTooLate()
    {
        auto found = run(m_query.text, [](eql::BoundQuery& query) { query.maxspanMs.reset(); });
        if (!found) {
            return std::unexpected(std::move(found).error());
        }
        m_misses.inOrderCount = found->size();
        std::size_t checked = 0;
        for (engine::Match& match : *found) {
            if (++checked % stepsPerStopCheck == 0 && m_stop.stop_requested()) {
                return std::unexpected(cancelledError());
            }
            const auto extent = extentOf(match);
            if (!extent) {
                continue;
            }
            m_misses.spansNs.push_back(extent->spanNs());
            if (m_bound.maxspanMs && extent->spanMs() > *m_bound.maxspanMs) {
                m_explained.insert(keyText(match));
                add(MissKind::TooLate, std::move(match), m_bound.stages.size() - 1);
            }
        }
        std::ranges::sort(m_misses.spansNs);
        return {};
    }

    [[nodiscard]] bool isMatched(const std::string& key) const
    {
        const auto found = m_keys.find(key);
        return found != m_keys.end() && found->second.stageCount == m_bound.stages.size();
    }

    /// Sequences that would be, but for an event of a stage that must stay empty.
    Result<void> findForbidden()
    {
        for (std::size_t stage = 0; stage < m_bound.stages.size(); ++stage) {
            if (!m_bound.stages[stage].missing) {
                continue;
            }
            auto found = run(m_query.text, [stage](eql::BoundQuery& query) {
                query.stages.erase(query.stages.begin() + static_cast<std::ptrdiff_t>(stage));
            });
            if (!found) {
                return std::unexpected(std::move(found).error());
            }
            std::size_t slot = 0;
            for (std::size_t before = 0; before < stage; ++before) {
                slot += m_bound.stages[before].runs;
            }
            for (engine::Match& match : *found) {
                std::string key = keyText(match);
                if (isMatched(key) || !m_explained.insert(std::move(key)).second) {
                    continue;
                }
                match.events.insert(match.events.begin() + static_cast<std::ptrdiff_t>(slot),
                                    m_bound.stages[stage].runs, std::nullopt);
                add(MissKind::ForbiddenEvent, std::move(match), stage);
            }
        }
        return {};
    }

    /// The stage behind the furthest one of a key that an event must fill.
    [[nodiscard]] std::size_t nextPositive(std::size_t reachedCount) const
    {
        std::size_t next = reachedCount;
        while (next < m_bound.stages.size() && m_bound.stages[next].missing) {
            ++next;
        }
        return next;
    }

    /// Keys whose furthest stage is not the last: what stopped each.
    Result<void> findStopped()
    {
        std::set<std::size_t> stages;
        for (const auto& [key, progressed] : m_keys) {
            if (progressed.stageCount < m_bound.stages.size() && !m_explained.contains(key)) {
                stages.insert(nextPositive(progressed.stageCount));
            }
        }
        for (const std::size_t next : stages) {
            if (next >= m_bound.stages.size()) {
                continue;
            }
            if (next + 1 < m_bound.stages.size()) {
                SEQUELA_TRY(explainBy(MissKind::TooLate, next, m_query.text,
                                      [](eql::BoundQuery& query) { query.maxspanMs.reset(); }, {}));
            }
            if (m_bound.until) {
                SEQUELA_TRY(explainBy(MissKind::EndedByUntil, next, m_query.text,
                                      [](eql::BoundQuery& query) { query.until.reset(); }, {}));
            }
            for (const SourceSpan& clause : m_clauses[next].spans) {
                SEQUELA_TRY(explainBy(MissKind::FailingClause, next,
                                      withoutClause(m_query.text, clause), [](eql::BoundQuery&) {},
                                      {clause}));
            }
            SEQUELA_TRY(explainCandidates(next));
        }
        for (auto& [key, progressed] : m_keys) {
            if (progressed.stageCount < m_bound.stages.size() && !m_explained.contains(key)) {
                add(MissKind::MissingStage, progressed.match, nextPositive(progressed.stageCount));
            }
        }
        return {};
    }

    /// Keys stopped before @p next that get there in the changed query.
    Result<void> explainBy(MissKind kind, std::size_t next, const std::string& text,
                           const Change& change, const std::vector<SourceSpan>& clauses)
    {
        auto found = run(text, [&change, next](eql::BoundQuery& query) {
            change(query);
            cutBehind(query, next + 1);
        });
        if (!found) {
            return std::unexpected(std::move(found).error());
        }
        for (engine::Match& match : *found) {
            if (isStoppedBefore(next, match)) {
                m_explained.insert(keyText(match));
                add(kind, std::move(match), next, clauses);
            }
        }
        return {};
    }

    [[nodiscard]] bool isStoppedBefore(std::size_t next, const engine::Match& match) const
    {
        const std::string key = keyText(match);
        const auto known = m_keys.find(key);
        return known != m_keys.end() && nextPositive(known->second.stageCount) == next
               && !m_explained.contains(key);
    }

    /// Events of the next stage's category that fail more clauses than one.
    Result<void> explainCandidates(std::size_t next)
    {
        const StageClauses& clauses = m_clauses[next];
        auto found = run(withoutClauses(m_query.text, clauses),
                         [next](eql::BoundQuery& query) { cutBehind(query, next + 1); });
        if (!found) {
            return std::unexpected(std::move(found).error());
        }
        std::size_t explained = 0;
        for (engine::Match& match : *found) {
            if (!isStoppedBefore(next, match) || !match.events.back()) {
                continue;
            }
            std::vector<SourceSpan> failing;
            if (++explained <= limits::maxExplainedCandidates) {
                auto holding = m_query.snapshot->engine->explain(m_bound, next,
                                                                 *match.events.back(), m_query.run);
                if (!holding) {
                    return std::unexpected(std::move(holding).error());
                }
                failing = withoutHolding(clauses.spans, *holding);
            }
            m_explained.insert(keyText(match));
            add(MissKind::FailingClause, std::move(match), next, std::move(failing));
        }
        return {};
    }

    static std::vector<SourceSpan>
    withoutHolding(const std::vector<SourceSpan>& clauses,
                   const std::vector<engine::Engine::MatchedClause>& holding)
    {
        std::vector<SourceSpan> failing;
        for (const SourceSpan& clause : clauses) {
            const bool holds = std::ranges::any_of(holding, [&clause](const auto& leaf) {
                return leaf.span.begin >= clause.begin && leaf.span.end <= clause.end;
            });
            if (!holds) {
                failing.push_back(clause);
            }
        }
        return failing;
    }

    std::optional<NearMisses> finish()
    {
        std::ranges::stable_sort(m_misses.misses, [](const NearMiss& left, const NearMiss& right) {
            return std::pair(left.kind, left.spanNs) < std::pair(right.kind, right.spanNs);
        });
        std::array<std::size_t, missKindCount> listed{};
        std::erase_if(m_misses.misses, [&listed](const NearMiss& miss) {
            return ++listed[static_cast<std::size_t>(miss.kind)] > limits::maxListedMisses;
        });
        return std::move(m_misses);
    }

    struct Progressed {
        std::size_t stageCount = 0;
        engine::Match match;
    };
    static constexpr std::size_t stepsPerStopCheck = 1024;

    const QueryUnderTest& m_query;
    std::stop_token m_stop;
    detect::EventReader m_reader;
    eql::BoundQuery m_bound;
    std::vector<StageClauses> m_clauses;
    std::size_t m_slotCount = 0;
    std::map<std::string, Progressed> m_keys;
    /// Keys whose reason is known.
    std::set<std::string> m_explained;
    NearMisses m_misses;
};

} // namespace

std::uint64_t NearMisses::total() const
{
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

Result<std::optional<NearMisses>> findNearMisses(const QueryUnderTest& query,
                                                 const std::stop_token& stop)
{
    return MissFinder(query, stop).find();
}

Result<std::uint64_t> countWithMaxspan(const QueryUnderTest& query, std::int64_t maxspanMs,
                                       const std::stop_token& stop)
{
    eql::BindResult bound = eql::bindQuery(query.text, *query.snapshot->catalog, query.bind);
    if (!bound.query || bound.query->kind != eql::BoundQueryKind::Sequence
        || !bound.query->maxspanMs) {
        return std::uint64_t{0};
    }
    bound.query->maxspanMs = maxspanMs;
    // Cut by head or tail, there would be no telling what is missing.
    bound.query->pipes.clear();
    auto found = query.snapshot->engine->run(*bound.query, query.run, stop);
    if (!found) {
        return std::unexpected(std::move(found).error());
    }
    return found->matches.size();
}

} // namespace sequela::workspace
