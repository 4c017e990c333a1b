#include "core/workspace/clause_effects.h"

#include "core/detect/rule_test_run.h"
#include "core/workspace/limits.h"
#include "core/workspace/query_clauses.h"

#include <algorithm>
#include <utility>

namespace sequela::workspace {

namespace {

/// Event numbers of a match; a missing slot is no number an event has.
using Key = std::vector<std::uint32_t>;

Key keyOf(const engine::Match& match)
{
    Key key;
    key.reserve(match.events.size());
    for (const auto& event : match.events) {
        key.push_back(event ? event->value() : 0xffffffffU);
    }
    return key;
}

std::vector<Key> sortedKeys(const std::vector<engine::Match>& matches)
{
    std::vector<Key> keys;
    keys.reserve(matches.size());
    for (const engine::Match& match : matches) {
        keys.push_back(keyOf(match));
    }
    std::ranges::sort(keys);
    return keys;
}

class ClauseExaminer {
public:
    ClauseExaminer(const QueryUnderTest& query, const rules::Rule* rule,
                   const std::vector<rules::RuleTest>& tests, const std::stop_token& stop)
        : m_query(query), m_rule(rule), m_tests(tests), m_stop(stop)
    {
    }

    Result<std::optional<ClauseReport>> examine()
    {
        auto bound = eql::bindQuery(m_query.text, *m_query.snapshot->catalog, m_query.bind);
        if (!bound.query) {
            return std::nullopt;
        }
        m_report.snapshot = m_query.snapshot;
        SEQUELA_TRY(measure(*bound.query));
        SEQUELA_TRY(rememberTests());
        for (ClauseEffect& clause : m_report.clauses) {
            SEQUELA_TRY(compareWithout(clause));
        }
        const auto most =
            std::ranges::max_element(m_report.clauses, {}, &ClauseEffect::gainedWithout);
        if (most != m_report.clauses.end() && most->gainedWithout > 0) {
            m_report.carrier = static_cast<std::size_t>(most - m_report.clauses.begin());
        }
        return std::move(m_report);
    }

private:
    /// An engine of its own: the shared one has the answers of earlier runs and spends nothing.
    Result<void> measure(const eql::BoundQuery& bound)
    {
        engine::Engine cold(m_query.snapshot->events);
        engine::RunOptions options = m_query.run;
        options.collectFunnel = true;
        options.size.reset();
        auto found = cold.run(bound, options, m_stop);
        if (!found) {
            return std::unexpected(std::move(found).error());
        }
        m_report.matchCount = found->matches.size();
        m_report.nanoseconds = found->nanoseconds;
        m_report.peakPartials = found->peakPartials;
        m_report.bytesScanned = found->cost.bytesScanned;
        m_keys = sortedKeys(found->matches);
        const std::vector<StageClauses> stages = clausesOf(m_query.text, m_query.bind.dialect);
        for (std::size_t stage = 0; stage < stages.size(); ++stage) {
            for (const SourceSpan& span : stages[stage].spans) {
                ClauseEffect effect;
                effect.stage = stage;
                effect.isUntil = stages[stage].isUntil;
                effect.span = span;
                if (stage < found->funnels.size()) {
                    takeCost(found->funnels[stage], effect);
                }
                m_report.clauses.push_back(std::move(effect));
            }
        }
        return {};
    }

    /// A clause as written may have become several steps (`not (a or b)`) or none (constants).
    static void takeCost(const engine::StageFunnel& funnel, ClauseEffect& effect)
    {
        std::uint64_t before = funnel.categoryEvents;
        bool seen = false;
        effect.eventsBefore = effect.eventsLeft = before;
        for (const engine::FunnelStep& step : funnel.steps) {
            const bool isOurs =
                step.span.begin < effect.span.end && effect.span.begin < step.span.end;
            if (isOurs) {
                if (!seen) {
                    effect.eventsBefore = before;
                    seen = true;
                }
                effect.eventsLeft = step.eventsLeft;
                effect.nanoseconds += step.nanoseconds;
                effect.distinctValuesTested += step.distinctValuesTested;
                effect.bytesScanned += step.bytesScanned;
                effect.droppedSamples.insert(effect.droppedSamples.end(),
                                             step.droppedSamples.begin(),
                                             step.droppedSamples.end());
            } else if (!seen) {
                effect.eventsBefore = effect.eventsLeft = step.eventsLeft;
            }
            before = step.eventsLeft;
        }
    }

    [[nodiscard]] Result<std::vector<bool>> testVerdicts(const std::string& text) const
    {
        std::vector<bool> verdicts;
        if (m_rule == nullptr) {
            return verdicts;
        }
        rules::Rule changed = *m_rule;
        changed.query.text = text;
        for (const rules::RuleTest& test : m_tests) {
            auto result = detect::runRuleTest(changed, test, m_stop);
            if (!result) {
                return std::unexpected(std::move(result).error());
            }
            verdicts.push_back(result->passed);
        }
        return verdicts;
    }

    Result<void> rememberTests()
    {
        auto verdicts = testVerdicts(m_query.text);
        if (!verdicts) {
            return std::unexpected(std::move(verdicts).error());
        }
        m_verdicts = std::move(*verdicts);
        return {};
    }

    Result<void> compareWithout(ClauseEffect& clause)
    {
        const std::string text = withoutClause(m_query.text, clause.span);
        auto bound = eql::bindQuery(text, *m_query.snapshot->catalog, m_query.bind);
        if (!bound.query) {
            return {};
        }
        engine::RunOptions options = m_query.run;
        options.collectFunnel = false;
        options.size.reset();
        auto found = m_query.snapshot->engine->run(*bound.query, options, m_stop);
        if (!found) {
            return std::unexpected(std::move(found).error());
        }
        std::uint64_t kept = 0;
        for (engine::Match& match : found->matches) {
            if (std::ranges::binary_search(m_keys, keyOf(match))) {
                ++kept;
                continue;
            }
            ++clause.gainedWithout;
            if (clause.gainedSamples.size() < limits::maxClauseSamples) {
                clause.gainedSamples.push_back(std::move(match));
            }
        }
        clause.lostWithout = m_keys.size() - kept;
        auto verdicts = testVerdicts(text);
        if (!verdicts) {
            return std::unexpected(std::move(verdicts).error());
        }
        for (std::size_t test = 0; test < verdicts->size(); ++test) {
            clause.testsChanged += std::size_t{(*verdicts)[test] != m_verdicts[test]};
        }
        return {};
    }

    const QueryUnderTest& m_query;
    const rules::Rule* m_rule;
    const std::vector<rules::RuleTest>& m_tests;
    std::stop_token m_stop;
    std::vector<Key> m_keys;
    std::vector<bool> m_verdicts;
    ClauseReport m_report;
};

} // namespace

Result<std::optional<ClauseReport>> examineClauses(const QueryUnderTest& query,
                                                   const rules::Rule* rule,
                                                   const std::vector<rules::RuleTest>& tests,
                                                   const std::stop_token& stop)
{
    return ClauseExaminer(query, rule, tests, stop).examine();
}

} // namespace sequela::workspace
