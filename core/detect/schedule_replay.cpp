#include "core/detect/schedule_replay.h"

#include "core/detect/event_reader.h"
#include "core/detect/schedule_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace sequela::detect {

namespace {

constexpr std::string_view ingestedField = "event.ingested";
constexpr std::string_view plainTimeField = "@timestamp";
constexpr std::array<std::string_view, 5> fateNames{"found", "cut", "no-window", "late",
                                                    "otherwise"};

constexpr std::array<ReplayFigure, 9> figures{{
    {"runs", &ReplayCounts::runs},
    {"catch_up_windows", &ReplayCounts::catchUpWindows},
    {"found", &ReplayCounts::found},
    {"found_by_several_runs", &ReplayCounts::foundAgain},
    {"cut_by_max_signals", &ReplayCounts::cut},
    {"missed_no_window", &ReplayCounts::missedNoWindow},
    {"missed_arrived_late", &ReplayCounts::missedLate},
    {"missed_otherwise", &ReplayCounts::missedOtherwise},
    {"only_scheduled", &ReplayCounts::onlyScheduled},
}};

std::vector<std::uint32_t> eventsOf(const engine::Match& match)
{
    std::vector<std::uint32_t> events;
    for (const std::optional<EventNumber>& event : match.events) {
        events.push_back(event ? event->value() : 0xFFFF'FFFFU);
    }
    return events;
}

/// One event of interest.
struct Candidate {
    /// Place in the order of the run.
    std::uint32_t place = 0;
    /// Time that windows are compared with, and when the event could be seen.
    std::int64_t windowNs = 0;
    std::int64_t arrivalNs = 0;
};

class Replay {
public:
    Replay(const rules::Rule& rule, const eql::BoundQuery& query, const engine::StagedQuery& staged,
           const schema::ColumnSource& source, const ScheduleOptions& options, ScheduleRuns runs,
           std::stop_token stop)
        : m_rule(rule),
          m_query(query),
          m_staged(staged),
          m_options(options),
          m_runs(std::move(runs)),
          m_stop(std::move(stop)),
          m_reader(source)
    {
    }

    [[nodiscard]] Result<RuleReplay> play();

private:
    [[nodiscard]] Result<void> readCandidates();
    [[nodiscard]] Result<void> visit(const ScheduledWindow& window);
    [[nodiscard]] Result<std::vector<engine::Match>>
    matchesOf(const std::vector<std::uint32_t>& places);
    void note(const ScheduledWindow& window);
    [[nodiscard]] Result<void> judge(RuleReplay& replay);
    [[nodiscard]] ReplayFate fateOfUnseen(const engine::Match& match) const;
    [[nodiscard]] Result<void> step(std::uint64_t count);

    const rules::Rule& m_rule;
    const eql::BoundQuery& m_query;
    const engine::StagedQuery& m_staged;
    const ScheduleOptions& m_options;
    ScheduleRuns m_runs;
    std::stop_token m_stop;
    EventReader m_reader;
    /// By windowNs; those no window can see are left out.
    std::vector<Candidate> m_candidates;
    std::map<std::uint32_t, Candidate> m_byEvent;
    std::uint64_t m_steps = 0;
    /// What the last window showed and what it found.
    std::vector<std::uint32_t> m_shown;
    std::vector<engine::Match> m_found;
    /// Stretches of events further apart than maxspan are matched by themselves, and once.
    std::map<std::vector<std::uint32_t>, std::vector<engine::Match>> m_pieces;
    std::map<std::vector<std::uint32_t>, ReplayedMatch> m_seen;
};

Result<void> Replay::step(std::uint64_t count)
{
    m_steps += count;
    if (m_stop.stop_requested()) {
        return std::unexpected(cancelledError());
    }
    if (m_steps > m_options.maxSteps) {
        return std::unexpected(makeError(
            "schedule-too-long",
            fmt::format("its windows show more than {} events in all", m_options.maxSteps),
            "narrow the time range, or shorten the rule's look-back"));
    }
    return {};
}

Result<void> Replay::readCandidates()
{
    const std::vector<std::uint32_t>& events = m_staged.candidates();
    for (std::uint32_t place = 0; place < events.size(); ++place) {
        const EventNumber event(events[place]);
        auto plain = m_reader.time(event, plainTimeField);
        auto ingested = m_reader.time(event, ingestedField);
        if (!plain || !ingested) {
            return std::unexpected(!plain ? plain.error() : ingested.error());
        }
        std::optional<Timestamp> override = *plain;
        if (!m_rule.timestampOverride.empty()) {
            auto chosen = m_reader.time(event, m_rule.timestampOverride);
            if (!chosen) {
                return std::unexpected(std::move(chosen).error());
            }
            const bool mayFallBack = !m_rule.timestampOverrideFallbackDisabled;
            override = *chosen || !mayFallBack ? *chosen : *plain;
        }
        const std::optional<std::int64_t> arrival =
            *ingested ? std::optional((*ingested)->nanoseconds())
            : *plain  ? std::optional((*plain)->nanoseconds() + m_options.ingestDelayNs)
                      : std::nullopt;
        if (override && arrival) {
            m_candidates.push_back({place, override->nanoseconds(), *arrival});
            m_byEvent[event.value()] = m_candidates.back();
        }
    }
    std::ranges::stable_sort(m_candidates, {}, &Candidate::windowNs);
    return {};
}

Result<RuleReplay> Replay::play()
{
    SEQUELA_TRY(readCandidates());
    std::vector<ScheduleRuns::Sighting> sightings;
    for (const Candidate& candidate : m_candidates) {
        sightings.push_back({candidate.windowNs, candidate.arrivalNs});
    }
    SEQUELA_TRY(m_runs.forEachShowing(
        sightings, [this](const ScheduledWindow& window) { return visit(window); }));
    RuleReplay replay;
    replay.counts.runs = m_runs.runCount();
    replay.counts.catchUpWindows = m_runs.catchUpCount();
    replay.warnings = m_staged.warnings();
    SEQUELA_TRY(judge(replay));
    return replay;
}

Result<void> Replay::visit(const ScheduledWindow& window)
{
    const auto first =
        std::ranges::lower_bound(m_candidates, window.fromNs, {}, &Candidate::windowNs);
    const auto last =
        std::ranges::upper_bound(first, m_candidates.end(), window.toNs, {}, &Candidate::windowNs);
    std::vector<std::uint32_t> places;
    for (auto candidate = first; candidate != last; ++candidate) {
        if (candidate->arrivalNs <= window.startNs) {
            places.push_back(candidate->place);
        }
    }
    SEQUELA_TRY(step(places.size() + 1));
    std::ranges::sort(places);
    if (places != m_shown) {
        auto found = matchesOf(places);
        if (!found) {
            return std::unexpected(std::move(found).error());
        }
        m_found = std::move(*found);
        m_shown = std::move(places);
    }
    note(window);
    return {};
}

Result<std::vector<engine::Match>> Replay::matchesOf(const std::vector<std::uint32_t>& places)
{
    const std::vector<std::uint32_t>& events = m_staged.candidates();
    const bool isSplit =
        m_query.kind == eql::BoundQueryKind::Sequence && m_query.maxspanMs && m_query.pipes.empty();
    std::vector<engine::Match> found;
    std::map<std::vector<std::uint32_t>, std::vector<engine::Match>> pieces;
    std::vector<std::uint32_t> piece;
    const auto matchPiece = [&]() -> Result<void> {
        if (piece.empty()) {
            return {};
        }
        auto known = m_pieces.find(piece);
        if (known == m_pieces.end()) {
            SEQUELA_TRY(step(piece.size()));
            auto matches = m_staged.match(piece);
            if (!matches) {
                return std::unexpected(std::move(matches).error());
            }
            known = m_pieces.emplace(piece, std::move(*matches)).first;
        }
        std::ranges::copy(known->second, std::back_inserter(found));
        pieces.insert(m_pieces.extract(known));
        piece.clear();
        return {};
    };
    std::int64_t previousMs = 0;
    for (const std::uint32_t place : places) {
        const std::int64_t timeMs = Timestamp(m_staged.timeNs(events[place])).milliseconds();
        if (isSplit && !piece.empty() && timeMs - previousMs > *m_query.maxspanMs) {
            SEQUELA_TRY(matchPiece());
        }
        piece.push_back(events[place]);
        previousMs = timeMs;
    }
    SEQUELA_TRY(matchPiece());
    // What this window did not show is hardly shown again.
    m_pieces = std::move(pieces);
    return found;
}

void Replay::note(const ScheduledWindow& window)
{
    const auto kept =
        static_cast<std::size_t>(std::max<std::int64_t>(m_rule.schedule.maxSignals, 0));
    const std::size_t cut = m_found.size() > kept ? m_found.size() - kept : 0;
    for (std::size_t index = 0; index < m_found.size(); ++index) {
        const auto [entry, isNew] = m_seen.try_emplace(eventsOf(m_found[index]));
        ReplayedMatch& seen = entry->second;
        if (isNew) {
            seen.match = m_found[index];
            seen.fate = ReplayFate::Cut;
            seen.inWholeCase = false;
        }
        if (index < cut) {
            continue;
        }
        seen.fate = ReplayFate::Found;
        ++seen.windowCount;
        if (!seen.firstRun) {
            seen.firstRun = Timestamp(window.startNs);
        }
    }
}

ReplayFate Replay::fateOfUnseen(const engine::Match& match) const
{
    std::int64_t earliest = 0;
    std::int64_t latest = 0;
    std::int64_t arrival = 0;
    bool isFirst = true;
    for (const std::optional<EventNumber>& event : match.events) {
        if (!event) {
            continue;
        }
        const auto candidate = m_byEvent.find(event->value());
        if (candidate == m_byEvent.end()) {
            return ReplayFate::NoWindow;
        }
        const Candidate& facts = candidate->second;
        earliest = isFirst ? facts.windowNs : std::min(earliest, facts.windowNs);
        latest = isFirst ? facts.windowNs : std::max(latest, facts.windowNs);
        arrival = isFirst ? facts.arrivalNs : std::max(arrival, facts.arrivalNs);
        isFirst = false;
    }
    if (m_runs.hasWindowOver(earliest, latest, arrival)) {
        return ReplayFate::Otherwise;
    }
    return m_runs.hasWindowOver(earliest, latest, std::nullopt) ? ReplayFate::Late
                                                                : ReplayFate::NoWindow;
}

Result<void> Replay::judge(RuleReplay& replay)
{
    auto whole = m_staged.match(m_staged.candidates());
    if (!whole) {
        return std::unexpected(std::move(whole).error());
    }
    for (engine::Match& match : *whole) {
        const auto [entry, isNew] = m_seen.try_emplace(eventsOf(match));
        entry->second.inWholeCase = true;
        if (isNew) {
            entry->second.fate = fateOfUnseen(match);
            entry->second.match = std::move(match);
        }
    }
    ReplayCounts& counts = replay.counts;
    for (auto& [events, seen] : m_seen) {
        switch (seen.fate) {
        case ReplayFate::Found:
            ++counts.found;
            counts.foundAgain += seen.windowCount > 1 ? 1U : 0U;
            counts.onlyScheduled += seen.inWholeCase ? 0U : 1U;
            break;
        case ReplayFate::Cut:
            ++counts.cut;
            break;
        case ReplayFate::NoWindow:
            ++counts.missedNoWindow;
            break;
        case ReplayFate::Late:
            ++counts.missedLate;
            break;
        case ReplayFate::Otherwise:
            ++counts.missedOtherwise;
            break;
        }
        replay.matches.push_back(std::move(seen));
    }
    return {};
}

} // namespace

std::span<const ReplayFigure> replayFigures()
{
    return figures;
}

std::string_view replayFateName(ReplayFate fate)
{
    return fateNames[static_cast<std::size_t>(fate)];
}

Result<std::optional<ArrivalRange>> arrivalRange(const schema::ColumnSource& source,
                                                 const ScheduleOptions& options)
{
    std::optional<ArrivalRange> range;
    const std::optional<FieldId> ingested = source.field(ingestedField);
    const std::optional<FieldId> plain = source.field(plainTimeField);
    for (std::uint32_t number = 0; number < source.segments().size(); ++number) {
        using Times = std::shared_ptr<const std::vector<std::int64_t>>;
        const auto timesOf = [&](const std::optional<FieldId>& field) -> Result<Times> {
            return field ? source.times(SegmentNumber(number), *field) : Result<Times>(Times());
        };
        const auto ingestedTimes = timesOf(ingested);
        const auto plainTimes = timesOf(plain);
        if (!ingestedTimes || !plainTimes) {
            return std::unexpected(!ingestedTimes ? ingestedTimes.error() : plainTimes.error());
        }
        for (std::uint32_t row = 0; row < source.segments()[number].eventCount; ++row) {
            std::int64_t arrival = *ingestedTimes ? (**ingestedTimes)[row] : schema::noTime;
            if (arrival == schema::noTime && *plainTimes && (**plainTimes)[row] != schema::noTime) {
                arrival = (**plainTimes)[row] + options.ingestDelayNs;
            }
            if (arrival == schema::noTime) {
                continue;
            }
            if (!range) {
                range = {Timestamp(arrival), Timestamp(arrival)};
            }
            range->first = std::min(range->first, Timestamp(arrival));
            range->last = std::max(range->last, Timestamp(arrival));
        }
    }
    return range;
}

Result<RuleReplay> replayRule(const rules::Rule& rule, const eql::BoundQuery& query,
                              engine::Engine& engine, const engine::RunOptions& runOptions,
                              const ScheduleOptions& options, std::stop_token stop)
{
    auto arrivals = arrivalRange(engine.source(), options);
    if (!arrivals) {
        return std::unexpected(std::move(arrivals).error());
    }
    if (!*arrivals) {
        return RuleReplay{};
    }
    auto runs = ScheduleRuns::plan(rule.schedule, **arrivals, options);
    if (!runs) {
        return std::unexpected(std::move(runs).error());
    }
    auto staged = engine.stage(query, runOptions, stop);
    if (!staged) {
        return std::unexpected(std::move(staged).error());
    }
    return Replay(rule, query, **staged, engine.source(), options, std::move(*runs), stop).play();
}

} // namespace sequela::detect
