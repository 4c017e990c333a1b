#include "core/ingest/case_sink.h"

#include "core/base/text.h"
#include "core/ingest/entity_resolver.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

namespace sequela::ingest {

using casefile::SourceRecord;
using casefile::SourceState;

bool CaseSink::mayKnowFile(std::uint64_t sizeBytes)
{
    const auto sources = m_file.sources();
    return sources && std::ranges::any_of(*sources, [&](const SourceRecord& source) {
               return source.key.sizeBytes == sizeBytes && source.state == SourceState::Complete;
           });
}

Result<bool> CaseSink::isKnownFile(const std::string& sha256Hex, std::uint64_t sizeBytes)
{
    auto sources = m_file.sources();
    if (!sources) {
        return std::unexpected(std::move(sources).error());
    }
    bool isThere = false;
    for (const SourceRecord& source : *sources) {
        if (source.key.sizeBytes == sizeBytes && source.key.sha256Hex == sha256Hex) {
            if (source.state != SourceState::Complete) {
                return false;
            }
            isThere = true;
        }
    }
    return isThere;
}

Result<SourcePlan> CaseSink::resume(const SourceRecord& record)
{
    auto progress = m_file.resumeSource(record.number);
    if (!progress) {
        return std::unexpected(std::move(progress).error());
    }
    return SourcePlan{.handle = record.number.value(),
                      .keepFrom = progress->recordsRead,
                      .isContinued = record.eventCount > 0};
}

Result<SourcePlan> CaseSink::beginAfresh(const SourceStart& start, const SourceRecord* continues)
{
    casefile::NewSource source;
    source.path = start.path;
    source.key = {
        .sha256Hex = start.sha256Hex, .sizeBytes = start.sizeBytes, .member = start.member};
    source.format = start.format;
    source.detailJson = fmt::format(R"({{"formatReason":{},"derive":{}}})",
                                    quoteJson(start.formatReason), start.derive);
    if (continues != nullptr) {
        source.continues = continues->number;
    }
    auto number = m_file.beginSource(source);
    if (!number) {
        return std::unexpected(std::move(number).error());
    }
    return SourcePlan{.handle = number->value(),
                      .keepFrom = continues != nullptr ? continues->progress.recordsRead : 0,
                      .isContinued = continues != nullptr};
}

Result<SourcePlan> CaseSink::begin(const SourceStart& start)
{
    if (!start.sha256Hex.empty()) {
        auto same = m_file.findSource(
            {.sha256Hex = start.sha256Hex, .sizeBytes = start.sizeBytes, .member = start.member});
        if (!same) {
            return std::unexpected(std::move(same).error());
        }
        if (*same && (*same)->format == start.format) {
            return resume(**same);
        }
        return beginAfresh(start, nullptr);
    }
    if (!start.prefixHash) {
        return beginAfresh(start, nullptr);
    }
    auto candidates = m_file.sourcesAt(start.path, start.member);
    if (!candidates) {
        return std::unexpected(std::move(candidates).error());
    }
    for (const SourceRecord& candidate : *candidates) {
        if (candidate.format != start.format) {
            continue;
        }
        const bool isWhole = candidate.state == SourceState::Complete;
        const std::uint64_t length =
            isWhole ? candidate.key.sizeBytes : candidate.progress.bytesConsumed;
        const std::string& hash =
            isWhole ? candidate.key.sha256Hex : candidate.progress.prefixSha256Hex;
        const bool untouched =
            !isWhole && candidate.progress.recordsRead == 0 && candidate.eventCount == 0;
        if (untouched && candidate.key.sizeBytes == start.sizeBytes) {
            return resume(candidate);
        }
        if (hash.empty() || length > start.sizeBytes || length == 0
            || start.prefixHash(length) != hash) {
            continue;
        }
        // What was interrupted goes on under its own number only while the file is the same.
        if (!isWhole && candidate.key.sizeBytes == start.sizeBytes) {
            return resume(candidate);
        }
        return beginAfresh(start, &candidate);
    }
    return beginAfresh(start, nullptr);
}

Result<PreparedSegment> CaseSink::prepare(casefile::EncodedSegment segment,
                                          const std::stop_token& stop)
{
    auto packed = casefile::packSegment(std::move(segment), stop);
    if (!packed) {
        return std::unexpected(std::move(packed).error());
    }
    return PreparedSegment{.encoded = {}, .packed = std::move(*packed)};
}

Result<std::uint64_t> CaseSink::append(std::uint64_t handle, PreparedSegment segment,
                                       const casefile::SourceProgress& progress)
{
    auto number = m_file.appendSegment(SourceNumber(static_cast<std::uint32_t>(handle)),
                                       *segment.packed, progress);
    if (!number) {
        return std::unexpected(std::move(number).error());
    }
    return std::uint64_t{number->value()};
}

Result<std::vector<KnownSegment>> CaseSink::knownSegments(std::uint64_t handle)
{
    std::vector<std::string_view> names{"host.id", "agent.id"};
    std::ranges::copy(EntityResolver::columnsUsed(), std::back_inserter(names));
    auto numbers = m_file.segmentsOf(SourceNumber(static_cast<std::uint32_t>(handle)));
    if (!numbers) {
        return std::unexpected(std::move(numbers).error());
    }
    std::vector<KnownSegment> known;
    if (numbers->empty()) {
        return known;
    }
    auto snapshot = m_file.snapshot();
    if (!snapshot) {
        return std::unexpected(std::move(snapshot).error());
    }
    for (const SegmentNumber number : *numbers) {
        KnownSegment segment;
        segment.key = number.value();
        segment.hosts.eventCount = (*snapshot)->segments()[number.index()].eventCount;
        if (const auto field = (*snapshot)->field("@timestamp")) {
            auto times = (*snapshot)->times(number, *field);
            if (!times) {
                return std::unexpected(std::move(times).error());
            }
            if (*times != nullptr) {
                segment.hosts.times.assign((*times)->begin(), (*times)->end());
            }
        }
        segment.hosts.times.resize(segment.hosts.eventCount, schema::noTime);
        for (const std::string_view name : names) {
            const auto field = (*snapshot)->field(name);
            if (!field) {
                continue;
            }
            auto column = (*snapshot)->column(number, *field);
            if (!column) {
                return std::unexpected(std::move(column).error());
            }
            if (*column != nullptr) {
                segment.hosts.columns.push_back(
                    {.name = std::string(name), .column = std::move(*column)});
            }
        }
        known.push_back(std::move(segment));
    }
    return known;
}

Result<void> CaseSink::replaceColumns(std::uint64_t /*handle*/,
                                      std::vector<HostResolver::Column> columns)
{
    std::vector<std::pair<SegmentNumber, casefile::NamedColumn>> replacements;
    replacements.reserve(columns.size());
    for (HostResolver::Column& column : columns) {
        replacements.emplace_back(SegmentNumber(static_cast<std::uint32_t>(column.key)),
                                  std::move(column.column));
    }
    return m_file.replaceColumns(replacements);
}

Result<void> CaseSink::finish(std::uint64_t handle, const FileReport& report,
                              const casefile::SourceProgress& progress)
{
    casefile::SourceOutcome outcome;
    outcome.state =
        report.outcome == FileOutcome::Failed ? SourceState::Failed : SourceState::Complete;
    outcome.sha256Hex = report.sha256Hex;
    outcome.progress = progress;
    outcome.brokenCount = report.lostRecords();
    outcome.skippedCount = report.placeholders;
    std::array<std::uint64_t, problemKindCount> listed{};
    for (const Problem& problem : report.problems) {
        casefile::ProblemRecord record;
        record.code = problemCode(problem.kind);
        record.reason = problem.reason;
        record.record = problem.record;
        record.line = problem.line;
        record.column = problem.column;
        record.excerpt = problem.excerpt;
        ++listed[static_cast<std::size_t>(problem.kind)];
        outcome.problems.push_back(std::move(record));
    }
    for (std::size_t i = 0; i < problemKindCount; ++i) {
        if (report.problemCounts[i] > listed[i]) {
            casefile::ProblemRecord record;
            record.code = problemCode(static_cast<ProblemKind>(i));
            record.reason =
                fmt::format("{}: more of the same", problemTitle(static_cast<ProblemKind>(i)));
            record.count = report.problemCounts[i] - listed[i];
            outcome.problems.push_back(std::move(record));
        }
    }
    return m_file.finishSource(SourceNumber(static_cast<std::uint32_t>(handle)), outcome);
}

} // namespace sequela::ingest
