#include "ui/rules/live_run.h"

#include "core/detect/alert_builder.h"
#include "core/detect/event_reader.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace sequela::ui {

namespace {

/// The request's options with the events that pass the rule's filters. Errors: as the engine.
Result<engine::RunOptions> optionsOf(const LiveRequest& request, const std::stop_token& stop)
{
    engine::RunOptions options = request.run;
    if (request.condition.empty()) {
        return options;
    }
    auto filtered = request.workspace->filter(request.condition, stop);
    if (!filtered) {
        return std::unexpected(std::move(filtered).error());
    }
    if (filtered->events) {
        options.events = std::make_shared<const engine::EventSet>(std::move(*filtered->events));
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
        baseline->matches = std::move(answer->result->matches);
        baseline->keys.reserve(baseline->matches.size());
        for (const engine::Match& match : baseline->matches) {
            baseline->keys.push_back(keyOf(match));
        }
        std::ranges::sort(baseline->keys);
    }
    return std::shared_ptr<const Baseline>(std::move(baseline));
}

MatchKey alertKey(const detect::Alert& alert)
{
    MatchKey key;
    for (const detect::AlertStage& stage : alert.stages) {
        key.push_back(stage.event ? stage.event->value() : noEvent);
    }
    return key;
}

void compare(const LiveRequest& request, LiveResult& result)
{
    std::vector<MatchKey> keys;
    keys.reserve(result.found.matches.size());
    for (const engine::Match& match : result.found.matches) {
        keys.push_back(keyOf(match));
        const bool known = std::ranges::binary_search(result.baseline->keys, keys.back());
        result.gained.push_back(!known);
        result.gainedCount += known ? 0 : 1;
    }
    result.keptCount = result.found.matches.size() - result.gainedCount;
    std::ranges::sort(keys);
    for (const engine::Match& match : result.baseline->matches) {
        if (!std::ranges::binary_search(keys, keyOf(match))) {
            result.lost.push_back(match);
        }
    }
    if (!request.detection) {
        return;
    }
    for (const detect::Alert& alert : request.detection->alerts) {
        if (alert.rule->ruleId != request.ruleId
            || alert.verdict.reason != detect::VerdictReason::TruePositive) {
            continue;
        }
        if (!std::ranges::binary_search(keys, alertKey(alert))) {
            result.lostTruePositives.push_back(alert.id);
        }
    }
}

std::optional<std::int64_t> spanOf(const engine::Match& match, detect::EventReader& reader,
                                   const std::string& timeField)
{
    std::int64_t first = std::numeric_limits<std::int64_t>::max();
    std::int64_t last = std::numeric_limits<std::int64_t>::min();
    for (const auto& event : match.events) {
        if (!event) {
            continue;
        }
        const auto time = reader.time(*event, timeField);
        if (!time || !*time) {
            return std::nullopt;
        }
        first = std::min(first, (*time)->nanoseconds());
        last = std::max(last, (*time)->nanoseconds());
    }
    return first > last ? std::nullopt : std::optional(last - first);
}

/// The query bound with another maxspan, or none. Nothing if it has none to begin with.
std::optional<eql::BoundQuery> withMaxspan(const LiveRequest& request,
                                           const workspace::Snapshot& snapshot,
                                           std::optional<std::int64_t> maxspanMs)
{
    eql::BindResult bound = eql::bindQuery(request.text, *snapshot.catalog, request.bind);
    if (!bound.query || bound.query->kind != eql::BoundQueryKind::Sequence
        || !bound.query->maxspanMs) {
        return std::nullopt;
    }
    bound.query->maxspanMs = maxspanMs;
    // Cut by head or tail, there would be no telling what is missing.
    bound.query->pipes.clear();
    return std::move(bound.query);
}

} // namespace

MatchKey keyOf(const engine::Match& match)
{
    MatchKey key;
    key.reserve(match.events.size());
    for (const auto& event : match.events) {
        key.push_back(event ? event->value() : noEvent);
    }
    return key;
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
    if (!request.savedText) {
        return result;
    }
    auto baseline = baselineOf(request, *options, result.snapshot->revision, stop);
    if (!baseline) {
        return std::unexpected(std::move(baseline).error());
    }
    result.baseline = std::move(*baseline);
    if (result.baseline->valid) {
        compare(request, result);
    }
    return result;
}

Result<std::optional<NearMisses>> findNearMisses(const LiveRequest& request,
                                                 const std::stop_token& stop)
{
    const auto snapshot = request.workspace->snapshot();
    const auto written = withMaxspan(request, *snapshot, std::nullopt);
    if (!written) {
        return std::nullopt;
    }
    const eql::BindResult own = eql::bindQuery(request.text, *snapshot->catalog, request.bind);
    NearMisses near;
    near.snapshot = snapshot;
    near.maxspanNs = *own.query->maxspanMs * 1'000'000;
    auto options = optionsOf(request, stop);
    if (!options) {
        return std::unexpected(std::move(options).error());
    }
    auto found = snapshot->engine->run(*written, *options, stop);
    if (!found) {
        return std::unexpected(std::move(found).error());
    }
    near.inOrderCount = found->matches.size();
    detect::EventReader reader(*snapshot->events);
    std::vector<std::pair<std::int64_t, std::size_t>> late;
    for (std::size_t index = 0; index < found->matches.size(); ++index) {
        if (stop.stop_requested()) {
            return std::unexpected(cancelledError());
        }
        if (const auto span = spanOf(found->matches[index], reader, request.run.timestampField)) {
            near.spansNs.push_back(*span);
            if (*span > near.maxspanNs) {
                late.emplace_back(*span, index);
            }
        }
    }
    std::ranges::sort(near.spansNs);
    std::ranges::sort(late);
    for (const auto& [span, index] : late) {
        near.tooLate.push_back(std::move(found->matches[index]));
    }
    return near;
}

Result<std::uint64_t> countWithMaxspan(const LiveRequest& request, std::int64_t maxspanMs,
                                       const std::stop_token& stop)
{
    const auto snapshot = request.workspace->snapshot();
    const auto query = withMaxspan(request, *snapshot, maxspanMs);
    if (!query) {
        return std::uint64_t{0};
    }
    auto options = optionsOf(request, stop);
    if (!options) {
        return std::unexpected(std::move(options).error());
    }
    auto found = snapshot->engine->run(*query, *options, stop);
    if (!found) {
        return std::unexpected(std::move(found).error());
    }
    return found->matches.size();
}

} // namespace sequela::ui
