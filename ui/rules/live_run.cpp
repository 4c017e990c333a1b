#include "ui/rules/live_run.h"

#include "core/base/timestamp.h"
#include "core/detect/alert_builder.h"
#include "core/detect/detection.h"
#include "core/detect/exceptions.h"
#include "core/rules/rule_set.h"
#include "core/rules/rule_test.h"
#include "ui/rules/funnel_rows.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace sequela::ui {

namespace {

/// Events that the case's exceptions take away from the rule; null for none.
Result<std::shared_ptr<const engine::EventSet>> exceptedBy(const LiveRequest& request,
                                                           const std::stop_token& stop)
{
    auto exceptions = request.workspace->exceptions();
    if (!exceptions) {
        return std::unexpected(std::move(exceptions).error());
    }
    if (request.ruleId.empty() || exceptions->empty()) {
        return nullptr;
    }
    const auto snapshot = request.workspace->snapshot();
    const auto now = std::chrono::duration_cast<std::chrono::nanoseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    auto excepted = detect::ExceptedEvents::find(*exceptions, *snapshot->engine, *snapshot->catalog,
                                                 Timestamp(now.count()), stop);
    if (!excepted) {
        return std::unexpected(std::move(excepted).error());
    }
    rules::Rule rule;
    rule.id = request.ruleId;
    return excepted->of(rule);
}

/// The request's options with the events that pass the rule's filters and that no exception takes
/// away. Errors: as the engine.
Result<engine::RunOptions> optionsOf(const LiveRequest& request, const std::stop_token& stop)
{
    engine::RunOptions options = request.run;
    if (!request.condition.empty()) {
        auto filtered = request.workspace->filter(request.condition, stop);
        if (!filtered) {
            return std::unexpected(std::move(filtered).error());
        }
        if (filtered->events) {
            options.events = std::make_shared<const engine::EventSet>(std::move(*filtered->events));
        }
    }
    auto excepted = exceptedBy(request, stop);
    if (!excepted) {
        return std::unexpected(std::move(excepted).error());
    }
    if (*excepted) {
        engine::EventSet left =
            options.events ? *options.events : detect::allEvents((*excepted)->eventCount());
        for (std::size_t word = 0; word < left.words().size(); ++word) {
            left.words()[word] &= ~(*excepted)->words()[word];
        }
        options.events = std::make_shared<const engine::EventSet>(std::move(left));
    }
    return options;
}

Result<workspace::QueryAnswer> answerOf(const LiveRequest& request, const std::string& text,
                                        const engine::RunOptions& options,
                                        const std::stop_token& stop)
{
    workspace::QueryRequest query;
    query.text = text;
    query.bind = request.bind;
    query.run = options;
    return request.workspace->query(query, stop);
}

Result<std::shared_ptr<const Baseline>> baselineOf(const LiveRequest& request,
                                                   engine::RunOptions options,
                                                   std::uint64_t revision,
                                                   const std::stop_token& stop)
{
    if (request.baseline && request.baseline->text == *request.savedText
        && request.baseline->revision == revision) {
        return request.baseline;
    }
    options.collectFunnel = false;
    auto answer = answerOf(request, *request.savedText, options, stop);
    if (!answer) {
        return std::unexpected(std::move(answer).error());
    }
    auto baseline = std::make_shared<Baseline>();
    baseline->text = *request.savedText;
    baseline->revision = answer->snapshot->revision;
    baseline->valid = answer->result.has_value();
    if (answer->result) {
        baseline->matches =
            MatchIndex(listOf(answer->result->matches, slotsOf(answer->bound.get())));
    }
    return std::shared_ptr<const Baseline>(std::move(baseline));
}

std::vector<std::uint32_t> eventsOf(const detect::Alert& alert)
{
    std::vector<std::uint32_t> events;
    for (const detect::AlertStage& stage : alert.stages) {
        events.push_back(stage.event ? stage.event->value() : noEvent);
    }
    return events;
}

void addAll(MatchList& to, const MatchList& from, const std::vector<bool>& which, bool wanted,
            MatchChange change)
{
    for (std::size_t row = 0; row < from.size(); ++row) {
        if (which[row] == wanted) {
            to.add(from.events(row), change);
        }
    }
}

void compare(const LiveRequest& request, const MatchIndex& found, LiveResult& result)
{
    const MatchList& now = found.matches();
    const MatchList& before = result.baseline->matches.matches();
    std::vector<bool> gained(now.size());
    for (std::size_t row = 0; row < now.size(); ++row) {
        gained[row] = !result.baseline->matches.find(now.events(row));
    }
    std::vector<bool> lost(before.size());
    for (std::size_t row = 0; row < before.size(); ++row) {
        lost[row] = !found.find(before.events(row));
    }
    result.gainedCount = static_cast<std::size_t>(std::ranges::count(gained, true));
    result.lostCount = static_cast<std::size_t>(std::ranges::count(lost, true));
    result.keptCount = now.size() - result.gainedCount;

    auto matches = std::make_shared<MatchList>(now.slotCount());
    matches->reserve(now.size());
    // New ones first: they are what the edit did.
    addAll(*matches, now, gained, true, MatchChange::Gained);
    addAll(*matches, now, gained, false, MatchChange::None);
    result.matches = std::move(matches);

    auto changes = std::make_shared<MatchList>(std::max(now.slotCount(), before.slotCount()));
    changes->reserve(now.size() + result.lostCount);
    addAll(*changes, before, lost, true, MatchChange::Lost);
    addAll(*changes, now, gained, true, MatchChange::Gained);
    addAll(*changes, now, gained, false, MatchChange::Kept);
    result.changes = std::move(changes);

    if (!request.detection) {
        return;
    }
    for (const detect::Alert& alert : request.detection->alerts) {
        if (alert.rule->ruleId == request.ruleId
            && alert.verdict.reason == detect::VerdictReason::TruePositive
            && !found.find(eventsOf(alert))) {
            result.lostTruePositives.push_back(alert.id);
        }
    }
}

std::string pieceOf(const std::string& query, SourceSpan span)
{
    return span.begin <= span.end && span.end <= query.size()
               ? onOneLine(query.substr(span.begin, span.length()))
               : std::string();
}

/// "network event (stage 2)".
std::string stageName(std::size_t stage, const eql::BoundQuery* bound)
{
    std::string name = "event";
    if (bound != nullptr && stage < bound->stages.size() && bound->stages[stage].category) {
        name = *bound->stages[stage].category + " event";
    }
    return name + " (stage " + std::to_string(stage + 1) + ")";
}

} // namespace

Result<workspace::QueryUnderTest> underTest(const LiveRequest& request, const std::stop_token& stop)
{
    auto options = optionsOf(request, stop);
    if (!options) {
        return std::unexpected(std::move(options).error());
    }
    return workspace::QueryUnderTest{request.workspace->snapshot(), request.text, request.bind,
                                     std::move(*options)};
}

std::size_t slotsOf(const eql::BoundQuery* query)
{
    std::size_t slots = 0;
    if (query != nullptr) {
        for (const eql::BoundStage& stage : query->stages) {
            slots += stage.runs;
        }
    }
    return std::max<std::size_t>(1, slots);
}

std::string missNote(const workspace::NearMiss& miss, const std::string& query,
                     const eql::BoundQuery* bound, std::optional<std::int64_t> maxspanNs)
{
    switch (miss.kind) {
    case workspace::MissKind::TooLate:
        return maxspanNs ? formatDuration(std::max<std::int64_t>(0, miss.spanNs - *maxspanNs))
                               + " too late"
                         : std::string("too late");
    case workspace::MissKind::EndedByUntil:
        return "ended by until";
    case workspace::MissKind::ForbiddenEvent:
        return "there was a " + stageName(miss.stage, bound);
    case workspace::MissKind::MissingStage:
        return "no " + stageName(miss.stage, bound);
    case workspace::MissKind::FailingClause:
        break;
    }
    std::string note;
    for (const SourceSpan& clause : miss.clauses) {
        note += (note.empty() ? "fails " : "; ") + pieceOf(query, clause);
    }
    return note.empty() ? "fails several clauses" : note;
}

LiveRequest requestFor(const rules::Rule& rule)
{
    LiveRequest request;
    request.text = rule.query.text;
    request.bind = detect::bindOptionsOf(rule);
    request.run.timestampField = detect::timestampFieldOf(rule);
    request.run.tiebreakerField = detect::tiebreakerFieldOf(rule);
    request.condition = rules::conditionOf(rule.filters);
    request.savedText = rule.query.text;
    request.ruleId = rule.id;
    return request;
}

Result<LiveResult> runLive(const LiveRequest& request, const std::stop_token& stop)
{
    LiveResult result;
    result.text = request.text;
    result.matches = result.changes = std::make_shared<const MatchList>();
    auto options = optionsOf(request, stop);
    if (!options) {
        return std::unexpected(std::move(options).error());
    }
    options->collectFunnel = true;
    auto answer = answerOf(request, request.text, *options, stop);
    if (!answer) {
        return std::unexpected(std::move(answer).error());
    }
    result.queryHash = std::move(answer->queryHash);
    result.diagnostics = std::move(answer->diagnostics);
    result.snapshot = std::move(answer->snapshot);
    result.bound = std::move(answer->bound);
    if (!answer->result) {
        return result;
    }
    result.ran = true;
    result.found = std::move(*answer->result);
    const std::size_t slots = slotsOf(result.bound.get());
    MatchList list = listOf(result.found.matches, slots);
    // Each match is two allocations; the window is to let go of flat lists only.
    std::vector<engine::Match>().swap(result.found.matches);
    if (request.savedText) {
        auto baseline = baselineOf(request, *options, result.snapshot->revision, stop);
        if (!baseline) {
            return std::unexpected(std::move(baseline).error());
        }
        result.baseline = std::move(*baseline);
    }
    if (result.baseline && result.baseline->valid) {
        compare(request, MatchIndex(std::move(list)), result);
    } else {
        result.matches = std::make_shared<const MatchList>(std::move(list));
    }
    return result;
}

Result<std::optional<ListedMisses>> listNearMisses(const LiveRequest& request,
                                                   const std::stop_token& stop)
{
    auto query = underTest(request, stop);
    if (!query) {
        return std::unexpected(std::move(query).error());
    }
    auto near = workspace::findNearMisses(*query, stop);
    if (!near) {
        return std::unexpected(std::move(near).error());
    }
    if (!*near) {
        return std::nullopt;
    }
    const eql::BindResult bound =
        eql::bindQuery(request.text, *query->snapshot->catalog, request.bind);
    const eql::BoundQuery* stages = bound.query ? &*bound.query : nullptr;
    auto rows = std::make_shared<MatchList>(slotsOf(stages));
    for (const workspace::NearMiss& miss : (*near)->misses) {
        rows->add(miss.match, MatchChange::None,
                  missNote(miss, request.text, stages, (*near)->maxspanNs));
    }
    return ListedMisses{std::move(**near), std::move(rows)};
}

Result<std::uint64_t> countWithMaxspan(const LiveRequest& request, std::int64_t maxspanMs,
                                       const std::stop_token& stop)
{
    auto query = underTest(request, stop);
    if (!query) {
        return std::unexpected(std::move(query).error());
    }
    return workspace::countWithMaxspan(*query, maxspanMs, stop);
}

Result<std::optional<workspace::ClauseReport>> examineClauses(const LiveRequest& request,
                                                              const rules::Rule* rule,
                                                              const std::string& testFile,
                                                              const std::stop_token& stop)
{
    auto query = underTest(request, stop);
    if (!query) {
        return std::unexpected(std::move(query).error());
    }
    std::vector<rules::RuleTest> tests;
    if (rule != nullptr && !testFile.empty()) {
        auto content = rules::readRuleText(testFile);
        if (content) {
            tests = rules::readRuleTests(*content, testFile).tests;
        }
    }
    return workspace::examineClauses(*query, rule, tests, stop);
}

} // namespace sequela::ui
