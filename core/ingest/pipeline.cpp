#include "core/ingest/pipeline.h"

#include "core/base/text.h"
#include "core/base/timestamp.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iterator>
#include <thread>
#include <utility>

namespace sequela::ingest {
namespace {

casefile::EncodedSegment hostColumns(const casefile::EncodedSegment& segment, bool isForeign)
{
    constexpr std::array<std::string_view, 3> names{"host.id", "agent.id", "host.name"};
    casefile::EncodedSegment hosts;
    hosts.eventCount = segment.eventCount;
    for (const casefile::NamedColumn& column : segment.columns) {
        const auto used = EntityResolver::columnsUsed();
        const auto audited = SourceAudit::columnsUsed();
        if (std::ranges::find(names, column.name) != names.end()
            || (isForeign
                && (std::ranges::find(used, column.name) != used.end()
                    || std::ranges::find(audited, column.name) != audited.end()))) {
            hosts.columns.push_back(column);
        }
    }
    if (isForeign) {
        hosts.times = segment.times;
    }
    return hosts;
}

/// Events by event.category; one of several categories counts for each.
void countCategories(const casefile::EncodedSegment& segment, ContentCounts& counts)
{
    const auto found =
        std::ranges::find(segment.columns, "event.category", &casefile::NamedColumn::name);
    if (found == segment.columns.end()) {
        counts.categories[""] += segment.eventCount;
        return;
    }
    const schema::Column& column = *found->column;
    std::vector<std::uint64_t> codes(column.codeCount(), 0);
    for (std::uint32_t row = 0; row < segment.eventCount; ++row) {
        ++codes[column.code(row)];
    }
    if (codes[0] > 0) {
        counts.categories[""] += codes[0];
    }
    std::uint32_t scratch = 0;
    for (std::uint32_t code = 1; code < column.codeCount(); ++code) {
        if (codes[code] > 0) {
            for (const std::uint32_t value : column.valuesOfCode(code, scratch)) {
                counts.categories[std::string(column.text(value))] += codes[code];
            }
        }
    }
}

} // namespace

Pipeline::Pipeline(SegmentSink& sink, const Limits& limits, const Options& options,
                   std::stop_token stop)
    : m_sink(sink),
      m_limits(limits),
      m_options(options),
      m_onStop(std::move(stop), [this] { abort(cancelledError()); })
{
    m_options.workerCount = std::max<std::size_t>(1, options.workerCount);
}

void Pipeline::abort(Diagnostic error)
{
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_error) {
            m_error = std::move(error);
        }
    }
    m_abort.request_stop();
    m_changed.notify_all();
}

std::unique_ptr<DocumentBatch> Pipeline::takeBatch()
{
    const std::scoped_lock lock(m_mutex);
    if (m_spare.empty()) {
        return std::make_unique<DocumentBatch>();
    }
    auto batch = std::move(m_spare.back());
    m_spare.pop_back();
    return batch;
}

bool Pipeline::pushItem(Item item)
{
    auto owned = std::make_unique<Item>(std::move(item));
    std::unique_lock lock(m_mutex);
    const std::size_t most = m_options.workerCount * 2 + 1;
    m_changed.wait(lock, [&] { return m_underWay < most || m_abort.stop_requested(); });
    if (m_abort.stop_requested()) {
        return false;
    }
    if (owned->batch != nullptr) {
        m_waiting.push_back(owned.get());
    }
    ++m_underWay;
    m_items.push_back(std::move(owned));
    lock.unlock();
    m_changed.notify_all();
    return true;
}

bool Pipeline::push(std::shared_ptr<SourceUnderway> source, std::unique_ptr<DocumentBatch> batch,
                    std::string prefixHash)
{
    return pushItem({.source = std::move(source),
                     .batch = std::move(batch),
                     .prefixHash = std::move(prefixHash),
                     .encoded = {},
                     .prepared = {},
                     .hosts = {},
                     .refusal = {}});
}

bool Pipeline::pushEnd(std::shared_ptr<SourceUnderway> source)
{
    return pushItem({.source = std::move(source),
                     .batch = {},
                     .prefixHash = {},
                     .encoded = {},
                     .prepared = {},
                     .hosts = {},
                     .refusal = {},
                     .isDone = true});
}

void Pipeline::process(BatchEncoder& encoder, Item& item)
{
    item.encoded = encoder.encode(*item.batch, item.source->plan.keepFrom, m_abort.get_token());
    // Documents that are ECS already have the ids their sensor gave.
    item.hosts = hostColumns(item.encoded.segment, !item.encoded.counts.shapes.empty());
    casefile::EncodedSegment& segment = item.encoded.segment;
    if (segment.eventCount == 0 || m_abort.stop_requested()) {
        return;
    }
    // What the report counts of the segment outlives it.
    countCategories(segment, item.encoded.counts);
    casefile::EncodedSegment counted;
    counted.eventCount = segment.eventCount;
    counted.times = segment.times;
    auto prepared = m_sink.prepare(std::move(segment), m_abort.get_token());
    segment = std::move(counted);
    if (prepared) {
        item.prepared = std::move(*prepared);
    } else {
        item.refusal = std::move(prepared).error();
    }
}

void Pipeline::work()
{
    BatchEncoder encoder(m_limits, m_options.encoding);
    for (;;) {
        std::unique_lock lock(m_mutex);
        m_changed.wait(
            lock, [&] { return !m_waiting.empty() || m_readingDone || m_abort.stop_requested(); });
        if (m_abort.stop_requested() || m_waiting.empty()) {
            return;
        }
        Item& item = *m_waiting.front();
        m_waiting.pop_front();
        lock.unlock();
        process(encoder, item);
        lock.lock();
        item.isDone = true;
        lock.unlock();
        m_changed.notify_all();
    }
}

void Pipeline::countSegment(SourceUnderway& source, const casefile::EncodedSegment& segment)
{
    source.report.events += segment.eventCount;
    for (const std::int64_t time : segment.times) {
        if (time == schema::noTime) {
            continue;
        }
        FileReport& report = source.report;
        report.firstTimeNs = report.hasTimes ? std::min(report.firstTimeNs, time) : time;
        report.lastTimeNs = report.hasTimes ? std::max(report.lastTimeNs, time) : time;
        report.hasTimes = true;
    }
}

Result<void> Pipeline::writeBatch(Item& item)
{
    SourceUnderway& source = *item.source;
    EncodedBatch& encoded = item.encoded;
    source.problems.append(std::move(item.batch->problems), m_limits);
    source.problems.append(std::move(encoded.problems), m_limits);
    source.report.placeholders += encoded.placeholders;
    source.report.content.add(encoded.counts, m_limits.countedNames);
    source.report.records = item.batch->recordsRead;
    source.report.bytes = item.batch->bytesConsumed;
    if (!item.batch->documents.empty()) {
        source.truncatedRecord.reset();
    }
    const bool cutOff = encoded.lastRecordTruncated || item.batch->endsInsideRecord;
    if (cutOff && item.batch->recordsRead > 0) {
        source.truncatedRecord = item.batch->recordsRead - 1;
    }
    source.progress.recordsRead = std::max(item.batch->recordsRead, source.plan.keepFrom);
    source.progress.bytesConsumed = item.batch->bytesConsumed;
    source.progress.nextLine = item.batch->nextLine;
    source.progress.prefixSha256Hex = std::move(item.prefixHash);
    if (encoded.known.eventCount > 0) {
        source.hosts.see(encoded.known, std::nullopt);
    }
    if (encoded.segment.eventCount == 0 || source.givenUp) {
        return {};
    }
    Result<std::uint64_t> key = std::unexpected(item.refusal.value_or(Diagnostic{}));
    if (!item.refusal) {
        key = m_sink.append(source.plan.handle, std::move(item.prepared), source.progress);
    }
    if (!key) {
        const std::string& code = key.error().code;
        if (code != "case-too-many-fields" && code != "case-segment-too-large") {
            return std::unexpected(std::move(key).error());
        }
        // One hostile file must not stop the others.
        source.givenUp = true;
        source.report.outcome = FileOutcome::Partial;
        source.problems.addCounted(ProblemKind::TooManyFields, encoded.segment.eventCount,
                                   key.error().message);
        return {};
    }
    countSegment(source, encoded.segment);
    source.hosts.see(item.hosts, *key);
    if (!item.hosts.times.empty()) {
        source.entities.see(item.hosts, *key);
        source.audit.see(item.hosts);
    }
    if (m_options.progress != nullptr) {
        m_options.progress->addItems(encoded.segment.eventCount);
    }
    return {};
}

Result<void> Pipeline::writeEnd(SourceUnderway& source)
{
    FileReport& report = source.report;
    report.sha256Hex = source.ending.sha256Hex;
    if (!source.ending.format.empty()) {
        report.format = source.ending.format;
    }
    if (!source.givenUp) {
        report.outcome = source.ending.outcome == FileOutcome::Read && source.plan.isContinued
                             ? FileOutcome::Continued
                             : source.ending.outcome;
    }
    if (m_options.encoding.derive) {
        if (source.plan.isContinued) {
            auto known = m_sink.knownSegments(source.plan.handle);
            if (!known) {
                return std::unexpected(std::move(known).error());
            }
            // Segments of this run are among them; see() of a key again does no harm to the ids
            // but would fill its gaps twice.
            HostResolver hosts = std::move(source.hosts);
            for (const KnownSegment& segment : *known) {
                if (!hosts.hasKey(segment.key)) {
                    hosts.see(segment.hosts, segment.key);
                }
                if (!source.entities.hasKey(segment.key)) {
                    source.entities.see(segment.hosts, segment.key);
                }
            }
            source.hosts = std::move(hosts);
        }
        HostResolver::Resolution resolution = source.hosts.resolve();
        std::ranges::move(source.entities.resolve(), std::back_inserter(resolution.columns));
        if (!resolution.columns.empty()) {
            SEQUELA_TRY(m_sink.replaceColumns(source.plan.handle, std::move(resolution.columns)));
        }
        source.problems.addCounted(
            ProblemKind::MissingHost, resolution.unresolved,
            fmt::format("{} events name no host (host.id, host.name); sequences by host.id do not "
                        "see them",
                        resolution.unresolved));
    }
    source.audit.report(source.problems);
    for (const auto& [host, count] : report.content.clocksCorrected) {
        const auto offset = m_options.encoding.clockOffsets.find(host);
        if (offset != m_options.encoding.clockOffsets.end()) {
            source.problems.addCounted(
                ProblemKind::ClockCorrected, count,
                fmt::format("the times of {} events of {} were moved by {}{}, as was asked for",
                            count, visibleText(host), offset->second < 0 ? "-" : "+",
                            formatDuration(std::llabs(offset->second))));
        }
    }
    source.problems.sortByPlace();
    report.problems = source.problems.kept();
    report.problemCounts = source.problems.counts();
    if (source.truncatedRecord) {
        source.progress.recordsRead = std::max(*source.truncatedRecord, source.plan.keepFrom);
    }
    return m_sink.finish(source.plan.handle, report, source.progress);
}

Result<void> Pipeline::write(Item& item)
{
    return item.batch != nullptr ? writeBatch(item) : writeEnd(*item.source);
}

void Pipeline::writeAll()
{
    for (;;) {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] {
            return m_abort.stop_requested() || (!m_items.empty() && m_items.front()->isDone)
                   || (m_items.empty() && m_readingDone);
        });
        if (m_abort.stop_requested() || m_items.empty()) {
            return;
        }
        const std::unique_ptr<Item> item = std::move(m_items.front());
        m_items.pop_front();
        lock.unlock();
        auto written = write(*item);
        if (!written) {
            abort(std::move(written).error());
            return;
        }
        lock.lock();
        if (item->batch != nullptr) {
            m_spare.push_back(std::move(item->batch));
        }
        --m_underWay;
        lock.unlock();
        m_changed.notify_all();
    }
}

Result<void> Pipeline::run(const std::function<void()>& read)
{
    {
        std::vector<std::jthread> workers;
        workers.reserve(m_options.workerCount);
        for (std::size_t i = 0; i < m_options.workerCount; ++i) {
            workers.emplace_back([this] { work(); });
        }
        const std::jthread reader([&] {
            read();
            {
                const std::scoped_lock lock(m_mutex);
                m_readingDone = true;
            }
            m_changed.notify_all();
        });
        writeAll();
    }
    if (m_error) {
        return std::unexpected(*m_error);
    }
    return {};
}

} // namespace sequela::ingest
