#include "tests/bench/bench_case.h"
#include "tests/bench/rule_variety.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <vector>

namespace sequela::bench {
namespace {

/// Processor time of all threads of this program: what a wall clock shows on an idle machine if
/// nothing runs beside the caller.
double cpuMilliseconds()
{
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    constexpr double perSecond = 1e3;
    constexpr double perNanosecond = 1e-6;
    return static_cast<double>(time.tv_sec) * perSecond
           + static_cast<double>(time.tv_nsec) * perNanosecond;
}

double percentile(std::vector<double>& sorted, double share)
{
    const auto at = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1));
    return sorted[at];
}

/// A rule somebody works at: it has run, then one or a few literals change, and counts and funnel
/// are wanted again. Every shipped rule, several edits each; binding is part of it, painting is
/// not. The counters are milliseconds over all edits.
void editRule(benchmark::State& state)
{
    using Clock = std::chrono::steady_clock;
    constexpr std::size_t edits = 6;
    const auto seeds = shippedRules().runnable();
    const rules::RuleSet variants = multiplied(shippedRules(), seeds.size() * (edits + 1));
    engine::RunOptions options;
    options.collectFunnel = true;
    const schema::FieldCatalog& catalog = *warmCase().catalog;
    std::vector<double> times;
    std::vector<double> cpuTimes;
    for ([[maybe_unused]] auto _ : state) {
        state.PauseTiming();
        const auto engine = freshEngine();
        times.clear();
        cpuTimes.clear();
        state.ResumeTiming();
        for (std::size_t at = 0; at < variants.entries().size(); ++at) {
            const std::string& text = variants.entries()[at].rule->query.text;
            const double cpuBegin = cpuMilliseconds();
            const auto begin = Clock::now();
            const eql::BoundQuery query = bindText(text, catalog);
            benchmark::DoNotOptimize(require(engine->run(query, options)));
            const std::chrono::duration<double, std::milli> taken = Clock::now() - begin;
            // The rules as they are come first and warm the leaves.
            if (at >= seeds.size()) {
                times.push_back(taken.count());
                cpuTimes.push_back(cpuMilliseconds() - cpuBegin);
            }
        }
    }
    std::ranges::sort(times);
    std::ranges::sort(cpuTimes);
    state.counters["edits"] = static_cast<double>(times.size());
    state.counters["p50_ms"] = percentile(times, 0.5);
    state.counters["p95_ms"] = percentile(times, 0.95);
    state.counters["max_ms"] = times.back();
    state.counters["cpu_p50_ms"] = percentile(cpuTimes, 0.5);
    state.counters["cpu_p95_ms"] = percentile(cpuTimes, 0.95);
    state.counters["cpu_max_ms"] = cpuTimes.back();
}
BENCHMARK(editRule)->Name("edit/one_rule")->Unit(benchmark::kMillisecond)->UseRealTime();

} // namespace
} // namespace sequela::bench
