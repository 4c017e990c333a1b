#include "core/casefile/case_file.h"

#include "core/casefile/blob.h"
#include "core/casefile/case_state.h"
#include "core/casefile/migration.h"
#include "core/casefile/new_file.h"
#include "core/casefile/record_rows.h"
#include "core/casefile/snapshot_state.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <limits>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace sequela::casefile {

namespace {

namespace fs = std::filesystem;

/// Blobs of tens of kilobytes dominate: larger pages than SQLite's 4096 mean fewer of them.
/// A segment's transaction writes about a megabyte; checkpoints (which wait for the disk) come
/// every hundred or so.
constexpr const char* writerSetup =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=16384;"
    "PRAGMA journal_size_limit=16777216; PRAGMA cache_size=-32768;";

Result<fs::path> absolutePath(const fs::path& path)
{
    std::error_code error;
    fs::path absolute = fs::absolute(path, error);
    if (error || path.empty()) {
        return std::unexpected(makeError("case-missing", "There is no such case file.",
                                         "Check the path, or create a new case."));
    }
    return absolute;
}

Diagnostic inFile(Diagnostic diagnostic, const fs::path& path)
{
    diagnostic.file = path.string();
    return diagnostic;
}

Result<void> requireFile(const fs::path& path)
{
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (status.type() == fs::file_type::not_found || error) {
        return std::unexpected(makeError("case-missing", "There is no such case file.",
                                         "Check the path, or create a new case."));
    }
    if (status.type() != fs::file_type::regular) {
        return std::unexpected(makeError("case-not-a-case", "This is not a file.",
                                         "Choose a case file, NAME.sequela."));
    }
    if (::access(path.c_str(), R_OK) != 0) {
        return std::unexpected(makeError("case-io", "The case file may not be read.",
                                         "Check the rights on the file."));
    }
    if (fs::file_size(path, error) == 0) {
        return std::unexpected(makeError("case-not-a-case", "The file is empty, not a case.",
                                         "Remove it and create a new case."));
    }
    return {};
}

/// Read-only media, or a folder in which SQLite could not make its own files.
bool isUnwritable(const fs::path& path)
{
    return ::access(path.c_str(), W_OK) != 0 || ::access(path.parent_path().c_str(), W_OK) != 0;
}

bool hasPending(const fs::path& path, const char* suffix)
{
    fs::path log = path;
    log += suffix;
    std::error_code error;
    const auto size = fs::file_size(log, error);
    return !error && size > 0;
}

/// What a killed writer left of a transaction that was not whole is undone by whoever may write
/// next; a reader alone would be refused.
void undoHalfTransaction(const fs::path& path)
{
    const auto lock = LockFile::acquire(path);
    // Somebody is writing right now: the journal is his.
    if (!lock) {
        return;
    }
    if (auto connection = Connection::open(path, Connection::Mode::ReadWrite)) {
        // Any read does it. What goes wrong here the reader will meet again.
        (void)(*connection)->integer("SELECT count(*) FROM sqlite_master");
        (void)(*connection)->close();
    }
}

} // namespace

Diagnostic CaseFile::State::cannotWrite() const
{
    if (closed) {
        return makeError("case-closed", "The case has been closed.", "Open it again.");
    }
    return makeError("case-read-only", "The case was opened read-only.",
                     "Open it for writing, or copy it to a folder you can write to.");
}

Result<void> CaseFile::State::openWriter()
{
    auto locked = LockFile::acquire(path);
    if (!locked) {
        return std::unexpected(std::move(locked).error());
    }
    lock = std::move(*locked);
    auto opened = Connection::open(path, Connection::Mode::ReadWrite);
    if (!opened) {
        return std::unexpected(std::move(opened).error());
    }
    writer = std::move(*opened);
    const auto version = recognizeCase(*writer);
    if (!version) {
        return std::unexpected(version.error());
    }
    if (*version < caseSchemaVersion) {
        auto backup = migrateCase(*writer, path, knownMigrations(), caseSchemaVersion);
        if (!backup) {
            return std::unexpected(std::move(backup).error());
        }
        migrationBackup = std::move(*backup);
    }
    SEQUELA_TRY(verifySchema(*writer));
    SEQUELA_TRY(writer->execute(writerSetup));
    return loadNumbering();
}

Result<void> CaseFile::State::loadNumbering()
{
    constexpr std::int64_t greatest = std::numeric_limits<std::uint32_t>::max();
    const auto load = [&](const char* sql, std::uint32_t& number) -> Result<void> {
        const auto value = writer->integer(sql);
        if (!value) {
            return std::unexpected(value.error());
        }
        if (*value < 0 || *value > greatest) {
            return std::unexpected(damagedError("its numbering is out of range"));
        }
        number = static_cast<std::uint32_t>(*value);
        return {};
    };
    SEQUELA_TRY(load("SELECT first_event + event_count FROM segment ORDER BY segment_no DESC "
                     "LIMIT 1",
                     next.event));
    SEQUELA_TRY(load("SELECT coalesce(max(segment_no) + 1, 0) FROM segment", next.segment));
    SEQUELA_TRY(load("SELECT coalesce(max(source_no) + 1, 0) FROM source", next.source));
    SEQUELA_TRY(load("SELECT CAST(value AS INTEGER) FROM property WHERE name = 'column_revision'",
                     next.columnRevision));
    auto rows = writer->prepare("SELECT name, field_no FROM field");
    if (!rows) {
        return std::unexpected(std::move(rows).error());
    }
    for (;;) {
        const auto row = rows->step();
        if (!row) {
            return std::unexpected(row.error());
        }
        if (!*row) {
            return {};
        }
        if (fieldIds.size() >= limits::fieldsPerCase) {
            return std::unexpected(damagedError("it lists more fields than a case can have"));
        }
        fieldIds.emplace(rows->text(0), static_cast<std::uint32_t>(rows->integer(1)));
    }
}

CaseFile::CaseFile(std::unique_ptr<State> state) : m_state(std::move(state)) {}

CaseFile::~CaseFile()
{
    (void)close();
}

Result<std::shared_ptr<CaseFile>> CaseFile::create(const fs::path& path, const OpenOptions& options)
{
    auto absolute = absolutePath(path);
    if (!absolute) {
        return std::unexpected(std::move(absolute).error());
    }
    if (auto made = writeNewCase(*absolute); !made) {
        return std::unexpected(inFile(std::move(made).error(), path));
    }
    auto state = std::make_unique<State>();
    state->path = *absolute;
    if (auto ready = state->openWriter(); !ready) {
        return std::unexpected(inFile(std::move(ready).error(), path));
    }
    state->storage =
        std::make_shared<CaseStorage>(*absolute, Connection::Mode::ReadOnly, options.cacheBytes);
    return std::shared_ptr<CaseFile>(new CaseFile(std::move(state)));
}

Result<std::shared_ptr<CaseFile>> CaseFile::open(const fs::path& path, const OpenOptions& options)
{
    auto absolute = absolutePath(path);
    if (!absolute) {
        return std::unexpected(std::move(absolute).error());
    }
    if (auto there = requireFile(*absolute); !there) {
        return std::unexpected(inFile(std::move(there).error(), path));
    }
    auto state = std::make_unique<State>();
    state->path = *absolute;
    state->readOnly = options.access == Access::ReadOnly;
    Connection::Mode mode = Connection::Mode::ReadOnly;
    if (!state->readOnly) {
        if (auto ready = state->openWriter(); !ready) {
            return std::unexpected(inFile(std::move(ready).error(), path));
        }
    } else if (!isUnwritable(*absolute)) {
        if (hasPending(*absolute, "-journal")) {
            undoHalfTransaction(*absolute);
        }
    } else if (!hasPending(*absolute, "-wal") && !hasPending(*absolute, "-journal")) {
        mode = Connection::Mode::Immutable;
    }
    state->storage = std::make_shared<CaseStorage>(*absolute, mode, options.cacheBytes);
    if (state->readOnly) {
        auto lease = state->storage->lease();
        if (!lease) {
            return std::unexpected(inFile(std::move(lease).error(), path));
        }
        const auto version = recognizeCase(**lease);
        if (!version) {
            return std::unexpected(inFile(version.error(), path));
        }
        if (*version < caseSchemaVersion) {
            return std::unexpected(
                inFile(makeError("case-read-only",
                                 "The case has an older format and must be converted first.",
                                 "Open it for writing once; a backup is kept."),
                       path));
        }
        if (auto fits = verifySchema(**lease); !fits) {
            return std::unexpected(inFile(std::move(fits).error(), path));
        }
    }
    return std::shared_ptr<CaseFile>(new CaseFile(std::move(state)));
}

Result<void> CaseFile::close()
{
    State& state = *m_state;
    const std::scoped_lock guard(state.writeMutex);
    if (state.closed) {
        return {};
    }
    state.closed = true;
    if (state.storage) {
        state.storage->shutDown();
    }
    if (!state.writer) {
        return {};
    }
    const std::unique_ptr<Connection> writer = std::move(state.writer);
    const auto closeAll = [&]() -> Result<void> {
        // Nobody can see the replaced columns any more.
        for (const auto& [segment, field] : state.storage->replacedColumns()) {
            auto removal = writer->prepare(
                "DELETE FROM column_segment WHERE segment_no = ?1 AND field_no = ?2 AND revision < "
                "(SELECT max(revision) FROM column_segment WHERE segment_no = ?1 AND field_no = "
                "?2)");
            if (!removal) {
                return std::unexpected(std::move(removal).error());
            }
            SEQUELA_TRY(removal->bind(1, segment).bind(2, field).run());
        }
        const auto busy = writer->integer("PRAGMA wal_checkpoint(TRUNCATE)");
        if (!busy) {
            return std::unexpected(busy.error());
        }
        if (*busy != 0) {
            return std::unexpected(makeError(
                "case-locked", "Another program is still reading the case.",
                "Keep the -wal file beside the case; it is taken in when that program ends."));
        }
        // Fails harmlessly while somebody reads: the log is empty by now.
        (void)writer->execute("PRAGMA journal_mode=DELETE");
        return writer->close();
    };
    auto closed = closeAll();
    state.lock.release();
    if (!closed) {
        return std::unexpected(inFile(std::move(closed).error(), state.path));
    }
    return {};
}

const fs::path& CaseFile::path() const
{
    return m_state->path;
}

bool CaseFile::isReadOnly() const
{
    return m_state->readOnly;
}

const fs::path& CaseFile::migrationBackup() const
{
    return m_state->migrationBackup;
}

Result<std::shared_ptr<const CaseSnapshot>> CaseFile::snapshot() const
{
    auto loaded = CaseSnapshot::State::load(m_state->storage);
    if (!loaded) {
        return std::unexpected(std::move(loaded).error());
    }
    return std::make_shared<const CaseSnapshot>(std::move(*loaded));
}

} // namespace sequela::casefile
