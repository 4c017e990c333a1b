#include "core/ingest/import.h"

#include "core/base/parallel.h"
#include "core/base/text.h"
#include "core/ingest/import_run.h"
#include "core/ingest/memory_sink.h"
#include "core/ingest/pipeline.h"
#include "core/ingest/source_walker.h"

#include <utility>

namespace sequela::ingest {

Result<ImportReport> importInto(SegmentSink& sink, std::span<const Input> inputs,
                                const ImportOptions& options, Progress* progress,
                                std::stop_token stop)
{
    const std::size_t workers =
        options.workerCount != 0 ? options.workerCount : defaultThreadCount();
    BatchEncoder::Options encoding{.derive = options.derive,
                                   .mappings = {},
                                   .table = options.table,
                                   .libraryAlias = options.libraryAlias,
                                   .clockOffsets = {}};
    for (const auto& [host, offset] : options.clockOffsets) {
        encoding.clockOffsets.insert_or_assign(foldCase(host), offset);
    }
    if (options.map && options.derive) {
        encoding.mappings = mapping::makeMappingSet(options.mappings);
    }
    Pipeline pipeline(
        sink, options.limits,
        {.workerCount = workers, .encoding = std::move(encoding), .progress = progress},
        std::move(stop));
    SourceWalker walker(inputs, options, progress, pipeline);
    auto outcome = pipeline.run([&] { walker.run(); });
    if (!outcome && !isCancelled(outcome.error())) {
        return std::unexpected(std::move(outcome).error());
    }
    ImportReport report;
    report.cancelled = !outcome;
    for (const auto& source : walker.sources()) {
        report.files.push_back(source->report);
        if (report.cancelled && report.files.back().problems.empty()) {
            report.files.back().problems = source->problems.kept();
            report.files.back().problemCounts = source->problems.counts();
        }
    }
    return report;
}

std::vector<Input> inputsFromPaths(std::span<const std::string> paths)
{
    std::vector<Input> inputs;
    inputs.reserve(paths.size());
    for (const std::string& path : paths) {
        inputs.push_back({.path = path, .text = {}});
    }
    return inputs;
}

Result<EventsInMemory> readIntoMemory(std::span<const Input> inputs, const ImportOptions& options,
                                      Progress* progress, std::stop_token stop)
{
    MemorySink sink;
    auto report = importInto(sink, inputs, options, progress, std::move(stop));
    if (!report) {
        return std::unexpected(std::move(report).error());
    }
    return EventsInMemory{.source = sink.take(), .report = std::move(*report)};
}

} // namespace sequela::ingest
