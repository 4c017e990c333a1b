#include "tests/bench/bench_case.h"

#include "core/casefile/merged_segments.h"
#include "core/ingest/import.h"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <utility>

namespace sequela::bench {

Settings& settings()
{
    static Settings instance;
    return instance;
}

void giveUp(const Diagnostic& error)
{
    fmt::print(stderr, "sequela_bench: {} {}\n", error.message, error.hint);
    std::exit(EXIT_FAILURE);
}

ImportFigures importInto(const std::filesystem::path& file, std::size_t workers)
{
    const auto caseFile = require(casefile::CaseFile::create(file));
    const ingest::Input input{.path = settings().events.string(), .text = {}};
    ingest::ImportOptions options;
    options.workerCount = workers;
    options.isUnread = true;
    const auto report =
        require(ingest::importFiles(*caseFile, std::span(&input, 1), options, nullptr, {}));
    if (const auto closed = caseFile->close(); !closed) {
        giveUp(closed.error());
    }
    return {report.events(), std::filesystem::file_size(file)};
}

const std::filesystem::path& sharedCase()
{
    static const std::filesystem::path file = [] {
        if (!settings().caseFile.empty()) {
            return settings().caseFile;
        }
        std::filesystem::path path = settings().scratch / "sequela-bench-shared.sequela";
        std::filesystem::remove(path);
        importInto(path, 0);
        return path;
    }();
    return file;
}

void removeSharedCase()
{
    std::error_code ignored;
    std::filesystem::remove(settings().scratch / "sequela-bench-shared.sequela", ignored);
}

OpenCase openCase(const std::filesystem::path& file)
{
    OpenCase opened;
    casefile::OpenOptions options;
    options.access = casefile::Access::ReadOnly;
    opened.file = require(casefile::CaseFile::open(file, options));
    opened.events = require(opened.file->snapshot());
    opened.merged = casefile::mergeSegments(opened.events);
    opened.catalog =
        std::make_unique<schema::FieldCatalog>(schema::Schema::ecs(), opened.events->fields());
    opened.engine = std::make_unique<engine::Engine>(opened.merged);
    return opened;
}

OpenCase& warmCase()
{
    static OpenCase opened = openCase(sharedCase());
    return opened;
}

std::unique_ptr<engine::Engine> freshEngine()
{
    return std::make_unique<engine::Engine>(warmCase().merged);
}

eql::BoundQuery bindText(std::string_view text, const schema::FieldCatalog& catalog)
{
    eql::BindResult bound = eql::bindQuery(text, catalog, {});
    if (!bound.query) {
        giveUp(bound.diagnostics.front());
    }
    return std::move(*bound.query);
}

const rules::RuleSet& shippedRules()
{
    static const rules::RuleSet rules = require(rules::loadRules(std::span(&settings().rules, 1)));
    return rules;
}

std::size_t peakBytes()
{
    constexpr std::string_view name = "VmHWM:";
    constexpr std::size_t bytesPerKilobyte = 1024;
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(name)) {
            return std::strtoull(line.c_str() + name.size(), nullptr, 10) * bytesPerKilobyte;
        }
    }
    return 0;
}

void resetPeak()
{
    std::ofstream("/proc/self/clear_refs") << "5";
}

void countCancelled(benchmark::State& state, std::vector<double> milliseconds)
{
    std::ranges::sort(milliseconds);
    state.counters["cancelled"] = static_cast<double>(milliseconds.size());
    state.counters["p50_ms"] = milliseconds.empty() ? 0.0 : milliseconds[milliseconds.size() / 2];
    state.counters["max_ms"] = milliseconds.empty() ? 0.0 : milliseconds.back();
}

} // namespace sequela::bench
