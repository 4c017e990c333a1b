#include "tests/bench/bench_case.h"
#include "tests/bench/rule_variety.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <vector>

namespace sequela::bench {
namespace {

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
    for ([[maybe_unused]] auto _ : state) {
        state.PauseTiming();
        const auto engine = freshEngine();
        times.clear();
        state.ResumeTiming();
        for (std::size_t at = 0; at < variants.entries().size(); ++at) {
            const std::string& text = variants.entries()[at].rule->query.text;
            const auto begin = Clock::now();
            const eql::BoundQuery query = bindText(text, catalog);
            benchmark::DoNotOptimize(require(engine->run(query, options)));
            const std::chrono::duration<double, std::milli> taken = Clock::now() - begin;
            // The rules as they are come first and warm the leaves.
            if (at >= seeds.size()) {
                times.push_back(taken.count());
            }
        }
    }
    std::ranges::sort(times);
    state.counters["edits"] = static_cast<double>(times.size());
    state.counters["p50_ms"] = percentile(times, 0.5);
    state.counters["p95_ms"] = percentile(times, 0.95);
    state.counters["max_ms"] = times.back();
}
BENCHMARK(editRule)->Name("edit/one_rule")->Unit(benchmark::kMillisecond)->UseRealTime();

} // namespace
} // namespace sequela::bench
