#pragma once

#include "core/casefile/case_file.h"
#include "core/engine/engine.h"
#include "core/eql/binder.h"
#include "core/rules/rule_set.h"
#include "core/schema/field_catalog.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace benchmark {
class State;
} // namespace benchmark

namespace sequela::bench {

/// What the command line names.
struct Settings {
    /// NDJSON of generated or real events.
    std::filesystem::path events;
    /// Folder or file of rules.
    std::filesystem::path rules;
    /// A case of these events that is there already; empty: one is made.
    std::filesystem::path caseFile;
    /// Where cases are made; must have room for half the events.
    std::filesystem::path scratch;
    /// Queries to time, one a line: name, EQL, and what peers make of it, separated by tabs.
    std::filesystem::path queries;
};
[[nodiscard]] Settings& settings();

/// Ends the program with the message of an error: a benchmark without its data means nothing.
[[noreturn]] void giveUp(const Diagnostic& error);
template <typename Value>
Value require(Result<Value> result)
{
    if (!result) {
        giveUp(result.error());
    }
    return std::move(*result);
}

/// Imports the events into a new case file, closed when this returns.
struct ImportFigures {
    std::uint64_t events = 0;
    std::uint64_t caseBytes = 0;
};
ImportFigures importInto(const std::filesystem::path& file, std::size_t workers);

/// The events as a case file, imported once and shared by all benchmarks that read.
[[nodiscard]] const std::filesystem::path& sharedCase();
/// Removes what sharedCase() has made.
void removeSharedCase();

/// An open case with an engine that has seen nothing yet.
struct OpenCase {
    std::shared_ptr<casefile::CaseFile> file;
    std::shared_ptr<const schema::ColumnSource> events;
    /// The same events as engines see them.
    std::shared_ptr<const schema::ColumnSource> merged;
    std::unique_ptr<schema::FieldCatalog> catalog;
    std::unique_ptr<engine::Engine> engine;
};
[[nodiscard]] OpenCase openCase(const std::filesystem::path& file);
/// The shared case, opened once: decoded columns stay, engines do not.
[[nodiscard]] OpenCase& warmCase();
[[nodiscard]] std::unique_ptr<engine::Engine> freshEngine();

[[nodiscard]] eql::BoundQuery bindText(std::string_view text, const schema::FieldCatalog& catalog);
[[nodiscard]] const rules::RuleSet& shippedRules();

/// Adds a benchmark `peer/NAME` for every line of Settings::queries.
void registerPeerQueries();

/// Peak resident bytes of this process since resetPeak() (Linux; 0 where it cannot be told).
[[nodiscard]] std::size_t peakBytes();
void resetPeak();

/// How many runs were cancelled, and the median and the longest time from the request to the end.
void countCancelled(benchmark::State& state, std::vector<double> milliseconds);

} // namespace sequela::bench
