#pragma once

#include "app/cli/console.h"
#include "app/cli/exit_code.h"
#include "app/cli/options.h"
#include "core/workspace/workspace.h"

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace sequela::cli {

/// Inputs above this many bytes (compressed ones counted as what they may unpack to) are kept in a
/// temporary case file instead of memory.
inline constexpr std::uint64_t maxBytesInMemory = std::uint64_t{200} << 20U;
/// What a compressed input is taken to unpack to, per byte.
inline constexpr std::uint64_t expectedExpansion = 16;

/// A case with its events, ready to be searched.
struct OpenedEvents {
    std::unique_ptr<workspace::Workspace> workspace;
    /// Present if something was imported.
    std::optional<workspace::ImportOutcome> import;
    /// Input while an input could not be opened or recognised (or, under --strict-input, had broken
    /// records); the command goes on with the rest and ends with this.
    ExitCode inputCode = ExitCode::Done;
};

/// How the case file is to be opened.
enum class CaseAccess { Write, Read };

/// Opens the case (making a new one for an import), imports EVENTS, sets the schema. Says on
/// standard error what went wrong with which file unless @p reportLater. The error is the exit code
/// to end with; the reason has been said.
[[nodiscard]] std::expected<OpenedEvents, ExitCode> openEvents(const EventOptions& options,
                                                               const CommonOptions& common,
                                                               CaseAccess access, bool reportLater,
                                                               std::stop_token stop);

/// The report of an import on standard error; if @p quiet, only where something was lost.
void sayImport(const workspace::ImportOutcome& import, bool quiet);

/// The tables of --mapping; none without it.
[[nodiscard]] Result<std::vector<mapping::MappingTable>> mappingTables(const EventOptions& options);
/// The table every document goes through: a file whose first one says nothing of keys is meant for
/// whatever is imported. Empty for none.
[[nodiscard]] std::string forcedTable(const std::vector<mapping::MappingTable>& tables);

/// Time range of --from and --to: ISO times, epoch milliseconds, or date math around now.
struct TimeRange {
    std::optional<Timestamp> from;
    std::optional<Timestamp> to;
};
[[nodiscard]] std::expected<TimeRange, ExitCode> timeRange(const CommonOptions& common);

/// The field types of --schema, or ECS.
[[nodiscard]] std::expected<std::shared_ptr<const schema::Schema>, ExitCode>
loadSchema(const std::string& file);

} // namespace sequela::cli
