#include "core/detect/detection.h"
#include "tests/bench/bench_case.h"
#include "tests/bench/rule_variety.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

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
    ->ArgsProduct({{shipped, 1, 10, 100, 300, 1000}, {1, 2}})
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

/// Every rule as its schedule would have run it (every five minutes over the day of the case where
/// a rule says nothing else), on a fresh engine as in rules/cold, to which it compares.
void replaySchedule(benchmark::State& state)
{
    const rules::RuleSet& set = rulesOf(static_cast<std::size_t>(state.range(0)));
    detect::DetectOptions options;
    options.threadCount = 1;
    options.schedule.emplace();
    detect::Detection found = detectWith(*freshEngine(), set, 1);
    for ([[maybe_unused]] auto _ : state) {
        const auto engine = freshEngine();
        Progress progress;
        found = require(detect::detect(set, *engine, *warmCase().catalog, options, progress));
    }
    count(state, found);
}
BENCHMARK(replaySchedule)
    ->Name("rules/scheduled")
    ->Arg(shipped)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

/// How long a run of many rules goes on after it was asked to stop, at different points of it.
void cancelRules(benchmark::State& state)
{
    using Clock = std::chrono::steady_clock;
    using Milliseconds = std::chrono::duration<double, std::milli>;
    constexpr int points = 20;
    constexpr std::chrono::milliseconds step{7};
    const rules::RuleSet& set = rulesOf(1000);
    static_cast<void>(detectWith(*freshEngine(), set, 0));
    std::vector<double> latencies;
    for ([[maybe_unused]] auto _ : state) {
        for (int point = 1; point <= points; ++point) {
            const auto engine = freshEngine();
            std::stop_source stop;
            Clock::time_point asked;
            std::jthread canceller([&] {
                std::this_thread::sleep_for(step * point);
                asked = Clock::now();
                stop.request_stop();
            });
            Progress progress;
            const auto found =
                detect::detect(set, *engine, *warmCase().catalog, {}, progress, stop.get_token());
            const Clock::time_point returned = Clock::now();
            canceller.join();
            if (!found) {
                latencies.push_back(Milliseconds(returned - asked).count());
            }
        }
    }
    countCancelled(state, std::move(latencies));
}
BENCHMARK(cancelRules)
    ->Name("cancel/rules")
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1)
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
