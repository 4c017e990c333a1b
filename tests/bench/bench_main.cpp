#include "tests/bench/bench_case.h"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstdlib>
#include <string_view>
#include <vector>

namespace {

/// Takes `--name=VALUE` away from the arguments Google Benchmark sees.
bool take(std::string_view argument, std::string_view name, std::filesystem::path& value)
{
    if (!argument.starts_with(name)) {
        return false;
    }
    value = argument.substr(name.size());
    return true;
}

} // namespace

int main(int argc, char** argv)
{
    using sequela::bench::settings;
    settings().scratch = std::filesystem::temp_directory_path();
    settings().rules = "rules";
    std::vector<char*> rest;
    for (int i = 0; i < argc; ++i) {
        const bool isOurs = take(argv[i], "--events=", settings().events)
                            || take(argv[i], "--rules=", settings().rules)
                            || take(argv[i], "--case=", settings().caseFile)
                            || take(argv[i], "--scratch=", settings().scratch)
                            || take(argv[i], "--queries=", settings().queries);
        if (!isOurs) {
            rest.push_back(argv[i]);
        }
    }
    int count = static_cast<int>(rest.size());
    benchmark::Initialize(&count, rest.data());
    if (benchmark::ReportUnrecognizedArguments(count, rest.data())) {
        return EXIT_FAILURE;
    }
    if (!std::filesystem::exists(settings().events) || !std::filesystem::exists(settings().rules)) {
        fmt::print(stderr, "sequela_bench: name the data with --events=FILE.ndjson and "
                           "--rules=FOLDER (see tests/bench/README.md)\n");
        return EXIT_FAILURE;
    }
    sequela::bench::registerPeerQueries();
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    sequela::bench::removeSharedCase();
    return EXIT_SUCCESS;
}
