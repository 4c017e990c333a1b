#include "core/ingest/source_audit.h"

#include "core/base/text.h"
#include "core/base/timestamp.h"
#include "core/schema/column_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace sequela::ingest {
namespace {

using schema::Column;
using namespace std::string_view_literals;

constexpr std::array usedColumns{"event.category"sv, "event.code"sv,           "event.created"sv,
                                 "event.module"sv,   "process.command_line"sv, "host.name"sv,
                                 "winlog.channel"sv, "winlog.record_id"sv};
constexpr std::int64_t hourNs = 3'600 * nanosecondsPerSecond;
constexpr std::int64_t reportedHours = 24;
constexpr std::int64_t anomalyNs = 60 * nanosecondsPerSecond;

const Column* columnNamed(const casefile::EncodedSegment& segment, std::string_view name)
{
    const auto found = std::ranges::find(segment.columns, name, &casefile::NamedColumn::name);
    return found == segment.columns.end() ? nullptr : found->column.get();
}

std::string_view firstText(const Column* column, std::uint32_t row)
{
    const std::uint32_t code = column == nullptr ? 0 : column->code(row);
    if (code == 0) {
        return {};
    }
    std::uint32_t scratch = 0;
    const auto values = column->valuesOfCode(code, scratch);
    return values.empty() ? std::string_view() : column->text(values.front());
}

/// Between two times; the longest span there is where it is longer (times may be hostile).
std::int64_t distance(std::int64_t one, std::int64_t other)
{
    std::int64_t span = 0;
    return __builtin_sub_overflow(std::max(one, other), std::min(one, other), &span)
               ? std::numeric_limits<std::int64_t>::max()
               : span;
}

} // namespace

std::span<const std::string_view> SourceAudit::columnsUsed()
{
    return usedColumns;
}

void SourceAudit::see(const casefile::EncodedSegment& segment)
{
    seeRecordIds(segment);
    seeTimes(segment);
    seeContent(segment);
}

void SourceAudit::seeContent(const casefile::EncodedSegment& segment)
{
    const Column* const module = columnNamed(segment, "event.module"sv);
    if (module == nullptr) {
        return;
    }
    const Column* const code = columnNamed(segment, "event.code"sv);
    const Column* const category = columnNamed(segment, "event.category"sv);
    const Column* const commandLine = columnNamed(segment, "process.command_line"sv);
    for (std::uint32_t row = 0; row < segment.eventCount; ++row) {
        const std::string_view name = firstText(module, row);
        if (name == "security"sv && firstText(code, row) == "4688"sv) {
            ++m_securityStarts;
            m_startsWithoutCommandLine += firstText(commandLine, row).empty() ? 1U : 0U;
        } else if (name == "endpoint_security"sv) {
            ++m_endpointSecurity;
            m_endpointSecurityNetwork += firstText(category, row) == "network"sv ? 1U : 0U;
        }
    }
}

void SourceAudit::reportBlindSpots(ProblemList& problems) const
{
    if (m_startsWithoutCommandLine > 0) {
        problems.addCounted(
            ProblemKind::BlindSpot, m_startsWithoutCommandLine,
            fmt::format("{} of {} process creations (4688) have no command line: the policy that "
                        "records them was off; rules on command lines and arguments cannot fire "
                        "on them",
                        m_startsWithoutCommandLine, m_securityStarts));
    }
    if (m_endpointSecurity > 0 && m_endpointSecurityNetwork == 0) {
        problems.addCounted(
            ProblemKind::BlindSpot, 1,
            "no network events: Endpoint Security reports none, so rules that need one cannot "
            "fire on this source alone");
    }
}

void SourceAudit::seeRecordIds(const casefile::EncodedSegment& segment)
{
    const Column* const ids = columnNamed(segment, "winlog.record_id"sv);
    if (ids == nullptr) {
        return;
    }
    const Column* const channel = columnNamed(segment, "winlog.channel"sv);
    const Column* const host = columnNamed(segment, "host.name"sv);
    std::map<std::pair<std::uint32_t, std::uint32_t>, Log*> logs;
    for (std::uint32_t row = 0; row < segment.eventCount; ++row) {
        const std::string_view text = firstText(ids, row);
        std::uint64_t id = 0;
        if (text.empty()
            || std::from_chars(text.data(), text.data() + text.size(), id).ec != std::errc()) {
            continue;
        }
        const std::pair codes{host == nullptr ? 0 : host->code(row),
                              channel == nullptr ? 0 : channel->code(row)};
        auto known = logs.find(codes);
        if (known == logs.end()) {
            std::string name =
                fmt::format("{} on {}", firstText(channel, row), firstText(host, row));
            if (!m_logs.contains(name) && m_logs.size() >= m_limits.countedNames) {
                continue;
            }
            known = logs.emplace(codes, &m_logs[std::move(name)]).first;
        }
        auto& runs = known->second->runs;
        if (!runs.empty() && id == runs.back().second + 1) {
            ++runs.back().second;
        } else if (runs.size() < m_limits.recordRuns) {
            runs.emplace_back(id, id);
        } else {
            known->second->isTooMixed = true;
        }
    }
}

void SourceAudit::seeTimes(const casefile::EncodedSegment& segment)
{
    const Column* const created = columnNamed(segment, "event.created"sv);
    for (std::uint32_t row = 0; row < segment.eventCount; ++row) {
        const std::int64_t time = segment.times[row];
        if (time == schema::noTime) {
            continue;
        }
        if (m_hours.size() < m_limits.recordRuns) {
            m_hours.insert(time / hourNs);
        }
        const std::string_view text = firstText(created, row);
        const auto logged = text.empty() ? std::nullopt : parseIsoTimestamp(text);
        if (!logged) {
            continue;
        }
        const std::int64_t difference = distance(time, logged->nanoseconds());
        m_clockAnomalies += difference > anomalyNs ? 1U : 0U;
        m_greatestDifferenceNs = std::max(m_greatestDifferenceNs, difference);
    }
}

void SourceAudit::reportLog(const std::string& name, const Log& log, ProblemList& problems) const
{
    if (log.isTooMixed || log.runs.empty()) {
        return;
    }
    auto runs = log.runs;
    std::ranges::sort(runs);
    std::uint64_t missing = 0;
    std::uint64_t gaps = 0;
    std::uint64_t twice = 0;
    std::uint64_t last = runs.front().second;
    for (std::size_t i = 1; i < runs.size(); ++i) {
        const auto [from, to] = runs[i];
        if (from > last + 1) {
            ++gaps;
            missing += from - last - 1;
        } else if (from <= last) {
            twice += std::min(to, last) - from + 1;
        }
        last = std::max(last, to);
    }
    const std::string shown = visibleText(name);
    if (gaps > 0) {
        problems.addCounted(
            ProblemKind::RecordGap, gaps,
            fmt::format("{}: {} record ids are missing in {} places between {} and {}", shown,
                        missing, gaps, runs.front().first, last));
    }
    if (twice > 0) {
        problems.addCounted(ProblemKind::RepeatedRecord, twice,
                            fmt::format("{}: {} record ids come more than once", shown, twice));
    }
}

void SourceAudit::reportTimes(ProblemList& problems) const
{
    std::int64_t previous = 0;
    bool isFirst = true;
    std::uint64_t gaps = 0;
    std::int64_t greatest = 0;
    std::int64_t greatestAt = 0;
    for (const std::int64_t hour : m_hours) {
        const std::int64_t without = isFirst ? 0 : hour - previous - 1;
        isFirst = false;
        previous = hour;
        gaps += without >= reportedHours ? 1U : 0U;
        if (without > greatest) {
            greatest = without;
            greatestAt = hour;
        }
    }
    if (gaps > 0) {
        problems.addCounted(
            ProblemKind::TimeGap, gaps,
            fmt::format(
                "{} times a day or more without events, the longest {} before {}", gaps,
                formatDuration(distance(greatestAt * hourNs, (greatestAt - greatest) * hourNs)),
                formatIso(Timestamp(greatestAt * hourNs))));
    }
    if (m_clockAnomalies > 0) {
        problems.addCounted(
            ProblemKind::ClockAnomaly, m_clockAnomalies,
            fmt::format(
                "the event's own time and the log's are more than a minute apart, {} at most",
                formatDuration(m_greatestDifferenceNs)));
    }
}

void SourceAudit::report(ProblemList& problems) const
{
    for (const auto& [name, log] : m_logs) {
        reportLog(name, log, problems);
    }
    reportTimes(problems);
    reportBlindSpots(problems);
}

} // namespace sequela::ingest
