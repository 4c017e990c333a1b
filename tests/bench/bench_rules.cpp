#include "core/detect/detection.h"
#include "tests/bench/bench_case.h"
#include "tests/bench/rule_variety.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <map>

namespace sequela::bench {
namespace {

constexpr std::size_t shipped = 0;

const rules::RuleSet& rulesOf(std::size_t count)
{
    static std::map<std::size_t, rules::RuleSet> sets;
    if (count == shipped) {
        return shippedRules();
    }
    auto found = sets.find(count);
    if (found == sets.end()) {
        found = sets.emplace(count, multiplied(shippedRules(), count)).first;
    }
    return found->second;
}

void count(benchmark::State& state, const detect::Detection& found)
{
    state.counters["rules"] = static_cast<double>(found.outcomes.size());
    state.counters["ran"] = static_cast<double>(
        std::ranges::count(found.outcomes, detect::RuleStatus::Ran, &detect::RuleOutcome::status));
    state.counters["alerts"] = static_cast<double>(found.alerts.size());
}

detect::Detection detectWith(engine::Engine& engine, const rules::RuleSet& set, std::size_t threads)
{
    detect::DetectOptions options;
    options.threadCount = threads;
    Progress progress;
    return require(detect::detect(set, engine, *warmCase().catalog, options, progress));
}

/// Arguments: number of rules (0: those shipped), threads. A fresh engine each time, binding
/// included; the columns the rules need have been decoded by the run before.
void runRules(benchmark::State& state)
{
    const rules::RuleSet& set = rulesOf(static_cast<std::size_t>(state.range(0)));
    const auto threads = static_cast<std::size_t>(state.range(1));
    detect::Detection found = detectWith(*freshEngine(), set, threads);
    for ([[maybe_unused]] auto _ : state) {
        const auto engine = freshEngine();
        found = detectWith(*engine, set, threads);
    }
    count(state, found);
}
BENCHMARK(runRules)
    ->Name("rules/cold")
    ->ArgsProduct({{shipped, 10, 100, 1000}, {1, 2}})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

/// The same on an engine that has run them.
void runRulesAgain(benchmark::State& state)
{
    const rules::RuleSet& set = rulesOf(static_cast<std::size_t>(state.range(0)));
    const auto threads = static_cast<std::size_t>(state.range(1));
    const auto engine = freshEngine();
    detect::Detection found = detectWith(*engine, set, threads);
    for ([[maybe_unused]] auto _ : state) {
        found = detectWith(*engine, set, threads);
    }
    count(state, found);
}
BENCHMARK(runRulesAgain)
    ->Name("rules/again")
    ->ArgsProduct({{shipped, 1000}, {1, 2}})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

/// From a closed case: opening, decoding the columns that the rules name, running them.
void runFromDisk(benchmark::State& state)
{
    const rules::RuleSet& set = rulesOf(static_cast<std::size_t>(state.range(0)));
    detect::Detection found;
    for ([[maybe_unused]] auto _ : state) {
        const OpenCase opened = openCase(sharedCase());
        Progress progress;
        found = require(detect::detect(set, *opened.engine, *opened.catalog, {}, progress));
    }
    count(state, found);
}
BENCHMARK(runFromDisk)
    ->Name("rules/from_disk")
    ->Arg(shipped)
    ->Arg(1000)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

} // namespace
} // namespace sequela::bench
