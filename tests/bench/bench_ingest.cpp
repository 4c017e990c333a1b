#include "core/casefile/column_codec.h"
#include "core/ingest/import.h"
#include "tests/bench/bench_case.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <fstream>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace sequela::bench {
namespace {

/// The noise probe and the limit of the machine: every byte of the file read and looked at once.
void readLines(benchmark::State& state)
{
    constexpr std::size_t blockBytes = std::size_t{1} << 20U;
    std::string block(blockBytes, '\0');
    std::uint64_t bytes = 0;
    for ([[maybe_unused]] auto _ : state) {
        std::ifstream file(settings().events, std::ios::binary);
        std::uint64_t lines = 0;
        while (file.read(block.data(), static_cast<std::streamsize>(block.size())),
               file.gcount() > 0) {
            const char* at = block.data();
            const char* const end = at + file.gcount();
            bytes += static_cast<std::uint64_t>(file.gcount());
            while ((at = static_cast<const char*>(
                        std::memchr(at, '\n', static_cast<std::size_t>(end - at))))
                   != nullptr) {
                ++lines;
                ++at;
            }
        }
        benchmark::DoNotOptimize(lines);
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}
BENCHMARK(readLines)->Name("limit/read_lines")->Unit(benchmark::kMillisecond)->UseRealTime();

/// NDJSON to a closed case file. The argument is the number of workers, 0 one per core.
void importCase(benchmark::State& state)
{
    const std::filesystem::path file = settings().scratch / "sequela-bench-import.sequela";
    const auto inputBytes = std::filesystem::file_size(settings().events);
    ImportFigures figures;
    std::size_t peak = 0;
    std::int64_t bytes = 0;
    for ([[maybe_unused]] auto _ : state) {
        std::filesystem::remove(file);
        resetPeak();
        figures = importInto(file, static_cast<std::size_t>(state.range(0)));
        peak = std::max(peak, peakBytes());
        bytes += static_cast<std::int64_t>(inputBytes);
    }
    std::filesystem::remove(file);
    state.SetBytesProcessed(bytes);
    state.counters["events"] = static_cast<double>(figures.events);
    state.counters["case_ratio"] =
        static_cast<double>(figures.caseBytes) / static_cast<double>(inputBytes);
    state.counters["peak_MiB"] = static_cast<double>(peak >> 20U);
}
BENCHMARK(importCase)
    ->Name("ingest/case")
    ->Arg(1)
    ->Arg(0)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

/// How long an import goes on after it was asked to stop, at different points of it.
void cancelImport(benchmark::State& state)
{
    using Clock = std::chrono::steady_clock;
    using Milliseconds = std::chrono::duration<double, std::milli>;
    constexpr int points = 20;
    constexpr std::chrono::milliseconds step{37};
    const std::filesystem::path path = settings().scratch / "sequela-bench-cancel.sequela";
    std::vector<double> latencies;
    for ([[maybe_unused]] auto _ : state) {
        for (int point = 1; point <= points; ++point) {
            std::filesystem::remove(path);
            const auto file = require(casefile::CaseFile::create(path));
            const ingest::Input input{.path = settings().events.string(), .text = {}};
            ingest::ImportOptions options;
            options.isUnread = point % 2 == 0;
            std::stop_source stop;
            Clock::time_point asked;
            std::jthread canceller([&] {
                std::this_thread::sleep_for(step * point);
                asked = Clock::now();
                stop.request_stop();
            });
            const auto report = require(ingest::importFiles(*file, std::span(&input, 1), options,
                                                            nullptr, stop.get_token()));
            const Clock::time_point returned = Clock::now();
            canceller.join();
            if (report.cancelled) {
                latencies.push_back(Milliseconds(returned - asked).count());
            }
        }
    }
    std::filesystem::remove(path);
    countCancelled(state, std::move(latencies));
}
BENCHMARK(cancelImport)
    ->Name("cancel/import")
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1)
    ->UseRealTime();

/// Closed file to a snapshot with its fields: what the window needs before it can show something.
void openIt(benchmark::State& state)
{
    const std::filesystem::path& file = sharedCase();
    for ([[maybe_unused]] auto _ : state) {
        const OpenCase opened = openCase(file);
        benchmark::DoNotOptimize(opened.events->eventCount());
    }
}
BENCHMARK(openIt)->Name("open/case")->Unit(benchmark::kMillisecond)->UseRealTime();

/// Every column decoded, and what they take in memory per event.
void loadAll(benchmark::State& state)
{
    const std::filesystem::path& file = sharedCase();
    double bytesPerEvent = 0;
    for ([[maybe_unused]] auto _ : state) {
        const OpenCase opened = openCase(file);
        std::size_t bytes = 0;
        for (std::uint32_t segment = 0; segment < opened.merged->segments().size(); ++segment) {
            for (std::uint32_t field = 0; field < opened.events->fields().size(); ++field) {
                const auto column =
                    require(opened.merged->column(SegmentNumber(segment), FieldId(field)));
                bytes += column ? casefile::memoryOf(*column) : 0;
            }
        }
        bytesPerEvent = static_cast<double>(bytes) / opened.events->eventCount();
    }
    state.counters["bytes_per_event"] = bytesPerEvent;
}
BENCHMARK(loadAll)
    ->Name("open/all_columns")
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1)
    ->UseRealTime();

} // namespace
} // namespace sequela::bench
