#include "core/detect/detection.h"

#include "core/base/parallel.h"
#include "core/detect/alert_builder.h"
#include "core/detect/case_facts.h"
#include "core/detect/index_match.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <mutex>
#include <span>
#include <tuple>
#include <unordered_set>

namespace sequela::detect {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::array<std::string_view, 9> statusNames{
    "ran",    "disabled",   "other-type",       "unsupported",
    "broken", "not-a-rule", "missing-category", "field-never-populated",
    "failed"};

std::uint64_t nanosecondsSince(Clock::time_point start)
{
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count());
}

/// What alerts are sorted by.
std::tuple<std::optional<Timestamp>, std::string_view, std::string_view>
orderKey(const Alert& alert)
{
    return {alert.lastTime, alert.rule->ruleId, alert.id};
}

/// Line and column of a place in the query, as the rule's file has them.
void locateByQuery(Diagnostic& diagnostic, const rules::Rule& rule)
{
    if (!diagnostic.span) {
        diagnostic.file = rule.path;
        return;
    }
    locate(diagnostic, rule.query.text, rule.path);
    for (std::optional<TextPosition>* position : {&diagnostic.begin, &diagnostic.end}) {
        if (*position) {
            if ((*position)->line == 1) {
                (*position)->column += rule.query.begin.column - 1;
            }
            (*position)->line += rule.query.begin.line - 1;
        }
    }
}

/// What one rule yields; written by the one thread that runs it.
struct RuleResult {
    RuleOutcome outcome;
    std::vector<Alert> alerts;
    std::vector<ScheduleMiss> misses;
    /// The whole run must end: cancelled, data unreadable.
    std::optional<Diagnostic> fatal;
};

/// Runs single rules of one detection; what they share is read-only or locks itself.
class RuleRunner {
public:
    RuleRunner(engine::Engine& engine, const schema::FieldCatalog& catalog,
               const DetectOptions& options, std::size_t threadsPerRule, std::stop_token stop)
        : m_engine(engine),
          m_catalog(catalog),
          m_options(options),
          m_threadsPerRule(threadsPerRule),
          m_stop(std::move(stop)),
          m_facts(engine.source())
    {
    }

    void run(const rules::RuleEntry& entry, RuleResult& result);

private:
    /// Settles rules that are not run because of their file. True if the rule is to be run.
    [[nodiscard]] bool admit(const rules::RuleEntry& entry, RuleOutcome& outcome) const;
    void runQuery(const rules::Rule& rule, const eql::BoundQuery& query, RuleResult& result);
    [[nodiscard]] Result<std::shared_ptr<const engine::EventSet>> eventsFor(const rules::Rule& rule,
                                                                            RuleOutcome& outcome);
    /// Plays the rule's schedule in place of one run over everything.
    [[nodiscard]] Result<void> runScheduled(const rules::Rule& rule, const eql::BoundQuery& query,
                                            const engine::RunOptions& options, RuleResult& result);
    [[nodiscard]] Result<void>
    makeAlerts(const rules::Rule& rule, std::span<const engine::Match> matches, RuleResult& result);
    /// Whether an error concerns this rule alone; else it ends the run.
    [[nodiscard]] bool isOfRule(const Diagnostic& error) const;
    void fail(RuleResult& result, Diagnostic error) const;

    engine::Engine& m_engine;
    const schema::FieldCatalog& m_catalog;
    const DetectOptions& m_options;
    std::size_t m_threadsPerRule;
    std::stop_token m_stop;
    CaseFacts m_facts;
};

bool RuleRunner::admit(const rules::RuleEntry& entry, RuleOutcome& outcome) const
{
    outcome.file = entry.path;
    outcome.diagnostics = entry.diagnostics;
    if (entry.rule) {
        outcome.ruleId = entry.rule->id;
        outcome.name = entry.rule->name;
        outcome.rule =
            alertRuleOf(*entry.rule, queryHash(entry.rule->query.text, entry.rule->dialect));
    }
    switch (entry.status) {
    case rules::RuleStatus::Broken:
        outcome.status = RuleStatus::Broken;
        outcome.reason = entry.reason.empty() ? "broken rule file" : entry.reason;
        return false;
    case rules::RuleStatus::NotARule:
        outcome.status = RuleStatus::NotARule;
        outcome.reason = fmt::format("not a rule: {}", entry.reason);
        return false;
    case rules::RuleStatus::NotRun:
        outcome.status = entry.notRunReason == rules::NotRunReason::OtherType
                             ? RuleStatus::OtherType
                             : RuleStatus::Unsupported;
        if (entry.notRunReason == rules::NotRunReason::Deprecated) {
            outcome.status = RuleStatus::Disabled;
        }
        outcome.reason = fmt::format("not run: {}", entry.reason);
        return false;
    case rules::RuleStatus::Loaded:
        break;
    }
    if (!entry.rule) {
        outcome.status = RuleStatus::Broken;
        outcome.reason = "the file holds no rule";
        return false;
    }
    if (!entry.rule->enabled && !m_options.includeDisabled) {
        outcome.status = RuleStatus::Disabled;
        outcome.reason = "not run: the rule is switched off";
        return false;
    }
    return true;
}

bool RuleRunner::isOfRule(const Diagnostic& error) const
{
    return !isCancelled(error) && !m_stop.stop_requested();
}

void RuleRunner::fail(RuleResult& result, Diagnostic error) const
{
    if (!isOfRule(error)) {
        result.fatal = cancelledError();
        return;
    }
    result.outcome.status = RuleStatus::Failed;
    result.outcome.reason = fmt::format("failed: {}", error.message);
    result.outcome.diagnostics.push_back(std::move(error));
}

void RuleRunner::run(const rules::RuleEntry& entry, RuleResult& result)
{
    if (!admit(entry, result.outcome)) {
        return;
    }
    const rules::Rule& rule = *entry.rule;
    const Clock::time_point start = Clock::now();
    eql::BindOptions bindOptions = bindOptionsOf(rule);
    bindOptions.strictFields = m_options.strictFields;
    bindOptions.now = m_options.now.value_or(bindOptions.now);
    eql::BindResult bound = eql::bindQuery(rule.query.text, m_catalog, bindOptions);
    for (Diagnostic& diagnostic : bound.diagnostics) {
        locateByQuery(diagnostic, rule);
        result.outcome.diagnostics.push_back(std::move(diagnostic));
    }
    if (!bound.query) {
        result.outcome.status = RuleStatus::Broken;
        const auto error =
            std::ranges::find(result.outcome.diagnostics, Severity::Error, &Diagnostic::severity);
        result.outcome.reason = error == result.outcome.diagnostics.end()
                                    ? "the query does not bind"
                                    : fmt::format("the query is broken: {}", error->message);
        return;
    }
    auto obstacle = findObstacle(*bound.query, m_facts);
    if (!obstacle) {
        fail(result, std::move(obstacle).error());
        return;
    }
    if (*obstacle) {
        result.outcome.status =
            (*obstacle)->isCategory ? RuleStatus::MissingCategory : RuleStatus::FieldNeverPopulated;
        result.outcome.reason = fmt::format("cannot match here: {}", (*obstacle)->sentence());
        return;
    }
    runQuery(rule, *bound.query, result);
    result.outcome.nanoseconds = nanosecondsSince(start);
}

Result<std::shared_ptr<const engine::EventSet>> RuleRunner::eventsFor(const rules::Rule& rule,
                                                                      RuleOutcome& outcome)
{
    std::optional<engine::EventSet> restricted;
    const auto restrictTo = [this, &restricted](const engine::EventSet& set, bool keepMembers) {
        if (!restricted) {
            restricted = allEvents(m_engine.source().eventCount());
            if (m_options.events) {
                std::ranges::copy(m_options.events->words(), restricted->words().begin());
            }
        }
        for (std::size_t word = 0; word < restricted->words().size(); ++word) {
            restricted->words()[word] &= keepMembers ? set.words()[word] : ~set.words()[word];
        }
    };
    const std::string condition = rules::conditionOf(rule.filters);
    if (!condition.empty()) {
        eql::BindOptions bindOptions;
        bindOptions.now = m_options.now.value_or(bindOptions.now);
        eql::BindResult bound = eql::bindFilter(condition, m_catalog, bindOptions);
        if (!bound.query) {
            outcome.status = RuleStatus::Unsupported;
            outcome.reason = "not run: unsupported filter";
            if (!bound.diagnostics.empty()) {
                outcome.reason += fmt::format(" ({})", bound.diagnostics.front().message);
            }
            return std::shared_ptr<const engine::EventSet>();
        }
        engine::RunOptions runOptions;
        runOptions.threadCount = m_threadsPerRule;
        auto filtered = m_engine.select(*bound.query, runOptions, m_stop);
        if (!filtered) {
            return std::unexpected(std::move(filtered).error());
        }
        restrictTo(*filtered, true);
    }
    if (m_options.matchIndex && !rule.indices.empty()) {
        auto indexed = eventsOfIndices(m_engine.source(), rule.indices);
        if (!indexed) {
            return std::unexpected(std::move(indexed).error());
        }
        restrictTo(*indexed, true);
    }
    if (m_options.excluded) {
        if (const std::shared_ptr<const engine::EventSet> excluded = m_options.excluded(rule)) {
            restrictTo(*excluded, false);
        }
    }
    if (!restricted) {
        return m_options.events;
    }
    return std::make_shared<const engine::EventSet>(std::move(*restricted));
}

void RuleRunner::runQuery(const rules::Rule& rule, const eql::BoundQuery& query, RuleResult& result)
{
    auto events = eventsFor(rule, result.outcome);
    if (!events) {
        fail(result, std::move(events).error());
        return;
    }
    if (result.outcome.status != RuleStatus::Ran) {
        return;
    }
    engine::RunOptions options;
    options.timestampField = timestampFieldOf(rule);
    options.tiebreakerField = tiebreakerFieldOf(rule);
    options.runtimeErrors = m_options.runtimeErrors;
    options.events = std::move(*events);
    options.threadCount = m_threadsPerRule;
    if (m_options.schedule) {
        if (auto played = runScheduled(rule, query, options, result); !played) {
            result.alerts.clear();
            result.misses.clear();
            fail(result, std::move(played).error());
        }
        return;
    }
    auto found = m_engine.run(query, options, m_stop);
    if (!found) {
        fail(result, std::move(found).error());
        return;
    }
    result.outcome.cost = found->cost;
    if (auto made = makeAlerts(rule, found->matches, result); !made) {
        result.alerts.clear();
        fail(result, std::move(made).error());
        return;
    }
    result.outcome.warnings = std::move(found->warnings);
}

Result<void> RuleRunner::runScheduled(const rules::Rule& rule, const eql::BoundQuery& query,
                                      const engine::RunOptions& options, RuleResult& result)
{
    result.outcome.schedule = fmt::format("every {}, {} to {}", rule.schedule.interval,
                                          rule.schedule.from, rule.schedule.to);
    auto replay = replayRule(rule, query, m_engine, options, *m_options.schedule, m_stop);
    if (!replay) {
        return std::unexpected(std::move(replay).error());
    }
    // Suppression without a duration counts within one run.
    const bool isByRun = rule.suppression && !rule.suppression->durationNs;
    std::map<std::optional<Timestamp>, std::vector<engine::Match>> foundByRun;
    AlertBuilder builder(m_engine.source(), rule, result.outcome.rule);
    for (ReplayedMatch& replayed : replay->matches) {
        if (replayed.fate == ReplayFate::Found) {
            foundByRun[isByRun ? replayed.firstRun : std::nullopt].push_back(
                std::move(replayed.match));
            continue;
        }
        auto missed = builder.build(replayed.match);
        if (!missed) {
            return std::unexpected(std::move(missed).error());
        }
        result.misses.push_back({std::move(*missed), replayed.fate});
    }
    for (const auto& [run, matches] : foundByRun) {
        RuleResult ofRun;
        ofRun.outcome.rule = result.outcome.rule;
        SEQUELA_TRY(makeAlerts(rule, matches, ofRun));
        result.outcome.matchCount += ofRun.outcome.matchCount;
        result.outcome.alertCount += ofRun.outcome.alertCount;
        std::ranges::move(ofRun.alerts, std::back_inserter(result.alerts));
    }
    result.outcome.replay = replay->counts;
    result.outcome.warnings = std::move(replay->warnings);
    return {};
}

Result<void> RuleRunner::makeAlerts(const rules::Rule& rule, std::span<const engine::Match> matches,
                                    RuleResult& result)
{
    constexpr std::size_t matchesBetweenStops = 256;
    AlertBuilder builder(m_engine.source(), rule, result.outcome.rule);
    result.alerts.reserve(matches.size());
    for (const engine::Match& match : matches) {
        if (result.alerts.size() % matchesBetweenStops == 0 && m_stop.stop_requested()) {
            return std::unexpected(cancelledError());
        }
        auto alert = builder.build(match);
        if (!alert) {
            return std::unexpected(std::move(alert).error());
        }
        result.alerts.push_back(std::move(*alert));
    }
    // A multi-value join key can offer the same events more than once: one alert for them.
    std::unordered_set<std::string> ids;
    std::erase_if(result.alerts,
                  [&ids](const Alert& alert) { return !ids.insert(alert.id).second; });
    if (m_options.schedule) {
        sortAlerts(result.alerts);
    }
    result.outcome.matchCount = matches.size();
    SEQUELA_TRY(suppress(result.alerts, rule, builder));
    result.outcome.alertCount = result.alerts.size();
    return {};
}

} // namespace

std::string_view ruleStatusName(RuleStatus status)
{
    return statusNames[static_cast<std::size_t>(status)];
}

std::optional<RuleStatus> ruleStatusFromName(std::string_view name)
{
    const auto found = std::ranges::find(statusNames, name);
    if (found == statusNames.end()) {
        return std::nullopt;
    }
    return static_cast<RuleStatus>(found - statusNames.begin());
}

eql::BindOptions bindOptionsOf(const rules::Rule& rule)
{
    eql::BindOptions options;
    options.dialect = rule.dialect;
    if (!rule.eventCategoryField.empty()) {
        options.eventCategoryField = rule.eventCategoryField;
    }
    options.osList = rule.osList;
    return options;
}

void sortAlerts(std::vector<Alert>& alerts)
{
    std::ranges::sort(alerts, {}, orderKey);
}

Result<Detection> detect(const rules::RuleSet& rules, engine::Engine& engine,
                         const schema::FieldCatalog& catalog, const DetectOptions& options,
                         Progress& progress, std::stop_token stop)
{
    const Clock::time_point start = Clock::now();
    const std::vector<rules::RuleEntry>& entries = rules.entries();
    const std::size_t threads =
        options.threadCount == 0 ? defaultThreadCount() : options.threadCount;
    // Few rules share the cores inside the engine; many run beside each other.
    const std::size_t threadsPerRule = entries.size() < threads ? threads : 1;
    RuleRunner runner(engine, catalog, options, threadsPerRule, stop);
    std::vector<RuleResult> results(entries.size());
    progress.setLabel("running rules");
    progress.setTotal(entries.size());
    progress.setDone(0);
    progress.setItems(0);
    parallelFor(entries.size(), threadsPerRule == 1 ? threads : 1, [&](std::size_t index) {
        if (stop.stop_requested()) {
            return;
        }
        results[index].outcome.entryIndex = index;
        runner.run(entries[index], results[index]);
        progress.addItems(results[index].alerts.size());
        progress.add(1);
    });
    if (stop.stop_requested()) {
        return std::unexpected(cancelledError());
    }
    Detection detection;
    for (RuleResult& result : results) {
        if (result.fatal) {
            return std::unexpected(std::move(*result.fatal));
        }
        detection.outcomes.push_back(std::move(result.outcome));
        std::ranges::move(result.alerts, std::back_inserter(detection.alerts));
        std::ranges::move(result.misses, std::back_inserter(detection.misses));
    }
    std::ranges::stable_sort(detection.misses, {},
                             [](const ScheduleMiss& miss) { return orderKey(miss.alert); });
    sortAlerts(detection.alerts);
    // The same rule in two files of the set finds the same alerts: once is enough.
    const auto repeated = std::ranges::unique(detection.alerts, {}, &Alert::id);
    detection.alerts.erase(repeated.begin(), repeated.end());
    detection.nanoseconds = nanosecondsSince(start);
    return detection;
}

engine::EventSet allEvents(std::uint32_t eventCount)
{
    constexpr std::uint32_t wordBits = 64;
    engine::EventSet set(eventCount);
    std::ranges::fill(set.words(), ~std::uint64_t{0});
    // Bits past the last event stay clear: counting a set counts whole words.
    if (const std::uint32_t tail = eventCount % wordBits; tail != 0) {
        set.words().back() &= (std::uint64_t{1} << tail) - 1;
    }
    return set;
}

Result<engine::EventSet> eventsBetween(const schema::ColumnSource& source,
                                       const std::string& timestampField,
                                       std::optional<Timestamp> from, std::optional<Timestamp> to)
{
    engine::EventSet set(source.eventCount());
    const std::optional<FieldId> field = source.field(timestampField);
    if (!field) {
        return set;
    }
    for (std::uint32_t number = 0; number < source.segments().size(); ++number) {
        auto times = source.times(SegmentNumber(number), *field);
        if (!times) {
            return std::unexpected(std::move(times).error());
        }
        const schema::Segment& segment = source.segments()[number];
        for (std::uint32_t row = 0; *times && row < segment.eventCount; ++row) {
            const std::int64_t time = (**times)[row];
            const bool inside = time != schema::noTime && (!from || time >= from->nanoseconds())
                                && (!to || time <= to->nanoseconds());
            if (inside) {
                set.insert(EventNumber(segment.firstEvent.value() + row));
            }
        }
    }
    return set;
}

} // namespace sequela::detect
