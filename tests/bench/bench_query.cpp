#include "tests/bench/bench_case.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

namespace sequela::bench {
namespace {

struct NamedQuery {
    const char* name;
    const char* text;
};

/// One query per way a leaf can be answered.
constexpr std::array leaves{
    NamedQuery{"leaf/equal", R"(process where process.name == "osascript")"},
    NamedQuery{"leaf/equal_insensitive", R"(process where process.name : "WINWORD.exe")"},
    NamedQuery{"leaf/in", R"(process where process.name in ("curl", "bash", "sh", "python3"))"},
    NamedQuery{"leaf/wildcard_prefix", R"(file where file.path like "/Users/*")"},
    NamedQuery{"leaf/wildcard_inside", R"(process where process.command_line : "*/dev/tcp/*")"},
    NamedQuery{"leaf/regex", R"(process where process.command_line regex "curl .*https?://.*")"},
    NamedQuery{"leaf/cidr", R"(network where cidrMatch(destination.ip, "10.0.0.0/8"))"},
    NamedQuery{"leaf/number", R"(network where destination.port > 1024)"},
    NamedQuery{"leaf/function", R"(process where length(process.command_line) > 200)"},
    NamedQuery{"leaf/two_fields",
               R"(process where concat(process.parent.name, " ", process.name) like "*sh curl")"},
    NamedQuery{"leaf/not_null", R"(any where user.name != null)"},
};

/// The second is a stage that most of all events fill: the bad rule on the way to a good one.
constexpr std::array sequences{
    NamedQuery{"sequence/selective",
               R"(sequence by host.id, process.entity_id with maxspan=30s
                  [process where event.type == "start" and process.name == "osascript"]
                  [network where event.type != "end" and process.name == "osascript"])"},
    NamedQuery{"sequence/loose",
               R"(sequence by process.entity_id with maxspan=1m
                  [process where true]
                  [any where event.category != "library"]
                  [network where destination.port == 4444])"},
    NamedQuery{"sequence/loose_until",
               R"(sequence by host.id, process.entity_id with maxspan=5m
                  [any where event.category in ("file", "process")]
                  [file where event.type == "deletion"]
                  until [process where event.type == "end"])"},
    NamedQuery{"sequence/matches_many",
               R"(sequence by process.entity_id with maxspan=1m
                  [file where true] [file where true] [file where true])"},
};

/// Every answer worked out anew; columns are decoded already.
void runCold(benchmark::State& state, const char* text)
{
    const eql::BoundQuery query = bindText(text, *warmCase().catalog);
    // The order of events is kept per case, not per query.
    std::uint64_t matches = require(freshEngine()->run(query, {})).matches.size();
    for ([[maybe_unused]] auto _ : state) {
        state.PauseTiming();
        auto engine = freshEngine();
        static_cast<void>(require(engine->order("@timestamp", {})));
        state.ResumeTiming();
        matches = require(engine->run(query, {})).matches.size();
        state.PauseTiming();
        engine.reset();
        state.ResumeTiming();
    }
    state.counters["matches"] = static_cast<double>(matches);
}

/// What the readout of cost costs: every query of one clause (with several the plan's order would
/// differ from the one written), cold, without and with counting by clause, in turns.
void readOut(benchmark::State& state)
{
    constexpr int rounds = 15;
    std::vector<eql::BoundQuery> queries;
    for (const NamedQuery& leaf : leaves) {
        queries.push_back(bindText(leaf.text, *warmCase().catalog));
    }
    const auto cpuOf = [&](bool isCounting) {
        const auto engine = freshEngine();
        engine::RunOptions options;
        options.collectFunnel = isCounting;
        options.threadCount = 1;
        const std::clock_t begin = std::clock();
        for (const eql::BoundQuery& query : queries) {
            static_cast<void>(require(engine->run(query, options)));
        }
        return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC * 1e3;
    };
    static_cast<void>(cpuOf(true));
    std::vector<double> plain;
    std::vector<double> counting;
    for ([[maybe_unused]] auto _ : state) {
        for (int round = 0; round < rounds; ++round) {
            plain.push_back(cpuOf(false));
            counting.push_back(cpuOf(true));
        }
    }
    std::ranges::sort(plain);
    std::ranges::sort(counting);
    state.counters["cpu_ms"] = plain[plain.size() / 2];
    state.counters["counting_cpu_ms"] = counting[counting.size() / 2];
    state.counters["ratio"] = counting[counting.size() / 2] / plain[plain.size() / 2];
    state.counters["ratio_of_least"] = counting.front() / plain.front();
}
BENCHMARK(readOut)
    ->Name("readout/leaves")
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1)
    ->UseRealTime();

/// Leaf answers kept.
void runWarm(benchmark::State& state, const char* text)
{
    const eql::BoundQuery query = bindText(text, *warmCase().catalog);
    const auto engine = freshEngine();
    engine::QueryResult result = require(engine->run(query, {}));
    for ([[maybe_unused]] auto _ : state) {
        result = require(engine->run(query, {}));
    }
    state.counters["matches"] = static_cast<double>(result.matches.size());
    state.counters["peak_partials"] = static_cast<double>(result.peakPartials);
    state.counters["peak_keys"] = static_cast<double>(result.cost.peakKeys);
    state.counters["peak_bytes"] = static_cast<double>(result.cost.peakBytes);
}

void runColdText(benchmark::State& state, const std::string& text)
{
    runCold(state, text.c_str());
}

void orderEvents(benchmark::State& state)
{
    for ([[maybe_unused]] auto _ : state) {
        const auto engine = freshEngine();
        static_cast<void>(require(engine->order("@timestamp", {})));
    }
}
BENCHMARK(orderEvents)->Name("order/by_time")->Unit(benchmark::kMillisecond)->UseRealTime();

const bool isRegistered = [] {
    for (const auto& query : leaves) {
        benchmark::RegisterBenchmark((std::string(query.name) + "/cold").c_str(), runCold,
                                     query.text)
            ->Unit(benchmark::kMillisecond)
            ->UseRealTime();
    }
    for (const auto& query : sequences) {
        benchmark::RegisterBenchmark((std::string(query.name) + "/cold").c_str(), runCold,
                                     query.text)
            ->Unit(benchmark::kMillisecond)
            ->UseRealTime();
        benchmark::RegisterBenchmark((std::string(query.name) + "/warm").c_str(), runWarm,
                                     query.text)
            ->Unit(benchmark::kMillisecond)
            ->UseRealTime();
    }
    return true;
}();

} // namespace

void registerPeerQueries()
{
    std::ifstream lines(settings().queries);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t nameEnd = line.find('\t');
        const std::size_t textEnd = line.find('\t', nameEnd + 1);
        if (nameEnd == std::string::npos || textEnd == std::string::npos) {
            continue;
        }
        const std::string text = line.substr(nameEnd + 1, textEnd - nameEnd - 1);
        benchmark::RegisterBenchmark(("peer/" + line.substr(0, nameEnd)).c_str(), runColdText, text)
            ->Unit(benchmark::kMillisecond)
            ->MeasureProcessCPUTime()
            ->UseRealTime();
    }
}

} // namespace sequela::bench
