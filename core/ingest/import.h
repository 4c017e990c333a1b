#pragma once

#include "core/base/diagnostic.h"
#include "core/base/progress.h"
#include "core/ingest/import_report.h"
#include "core/ingest/limits.h"
#include "core/mapping/mapping_table.h"
#include "core/schema/column_source.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace sequela::casefile {
class CaseFile;
} // namespace sequela::casefile

namespace sequela::ingest {

/// One thing to import: a file, a folder (read recursively in name order, links not followed), `-`
/// for standard input, or bytes in memory under a name.
struct Input {
    std::string path;
    /// Set: these bytes instead of a file; the path is only the name.
    std::optional<std::string> text;
};

/// Inputs that are paths.
[[nodiscard]] std::vector<Input> inputsFromPaths(std::span<const std::string> paths);

struct ImportOptions {
    /// Fill in host.os.type, host.id and @timestamp where they are missing (formats.md section 0).
    bool derive = true;
    /// Make ECS of documents of other shapes by the tables of resources/mapping; not without
    /// derive.
    bool map = true;
    /// Tables of the user's own (parseMappingFile), asked before those of the program.
    std::vector<mapping::MappingTable> mappings;
    /// Table that every document goes through, whatever its keys; empty: chosen by its keys.
    std::string table;
    /// Give Sysmon's image loads the category `library` beside `process`, as Elastic Defend has it.
    bool libraryAlias = false;
    /// Nanoseconds to add to the times of a host whose clock was wrong, by host.name in any case:
    /// what the analyst says. Such times count as derived; documents keep theirs.
    std::map<std::string, std::int64_t> clockOffsets;
    /// Passwords to try on archives that are encrypted. Kept nowhere.
    std::vector<std::string> archivePasswords;
    /// Nobody reads the case while it is imported into: then it is written without the write-ahead
    /// log (CaseFile::beginFilling).
    bool isUnread = false;
    /// Worker threads that parse and encode; 0: one per core.
    std::size_t workerCount = 0;
    Limits limits;
};

/// Imports into a case: one transaction per segment, continuing what an earlier import of the same
/// file left, skipping files that are there already, adding only the tail of files that grew.
/// Broken records and files are in the report; the error is for the case itself (disk full, …).
/// Cancelling returns the report so far with `cancelled` set; committed segments stay.
/// @p progress counts bytes of the files as given (total set first) and events. May be null.
/// The result does not depend on the number of workers. Blocks; call off the GUI thread.
[[nodiscard]] Result<ImportReport> importFiles(casefile::CaseFile& file,
                                               std::span<const Input> inputs,
                                               const ImportOptions& options, Progress* progress,
                                               std::stop_token stop);

/// Events held in memory with what was said about their files.
struct EventsInMemory {
    std::shared_ptr<const schema::ColumnSource> source;
    ImportReport report;
};

/// The same into memory: `query` and `scan` without a case, rule tests, unit tests.
[[nodiscard]] Result<EventsInMemory> readIntoMemory(std::span<const Input> inputs,
                                                    const ImportOptions& options,
                                                    Progress* progress, std::stop_token stop);

} // namespace sequela::ingest
