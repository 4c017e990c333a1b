#include "core/casefile/case_state.h"
#include "core/casefile/new_file.h"

#include <memory>
#include <system_error>
#include <utility>

namespace sequela::casefile {

namespace {

struct EndBackup {
    void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
};

Result<void> copyPages(Connection& from, Connection& into, Progress& progress,
                       const std::stop_token& stop)
{
    const std::unique_ptr<sqlite3_backup, EndBackup> backup(
        sqlite3_backup_init(into.handle(), "main", from.handle(), "main"));
    if (!backup) {
        return std::unexpected(databaseError(into.handle(), sqlite3_errcode(into.handle())));
    }
    for (;;) {
        if (stop.stop_requested()) {
            return std::unexpected(cancelledError());
        }
        const int code = sqlite3_backup_step(backup.get(), limits::copiedPagesAtOnce);
        const auto total = static_cast<std::uint64_t>(sqlite3_backup_pagecount(backup.get()));
        progress.setTotal(total);
        progress.setDone(total
                         - static_cast<std::uint64_t>(sqlite3_backup_remaining(backup.get())));
        if (code == SQLITE_DONE) {
            return {};
        }
        if (code != SQLITE_OK) {
            return std::unexpected(databaseError(into.handle(), code));
        }
    }
}

} // namespace

Result<void> CaseFile::saveCopy(const std::filesystem::path& path, Progress& progress,
                                std::stop_token stop) const
{
    const auto named = [&path](Diagnostic error) {
        if (!isCancelled(error)) {
            error.file = path.string();
        }
        return std::unexpected(std::move(error));
    };
    auto lease = m_state->storage->lease();
    if (!lease) {
        return std::unexpected(std::move(lease).error());
    }
    // A reading transaction over all steps: writers go on, the copy is of one moment.
    auto moment = Transaction::beginReading(**lease);
    if (!moment) {
        return std::unexpected(std::move(moment).error());
    }
    // SQLite takes its snapshot with the first read.
    if (const auto tables = (*lease)->integer("SELECT count(*) FROM sqlite_schema"); !tables) {
        return std::unexpected(tables.error());
    }
    const auto copy = [&](const std::filesystem::path& unnamed) -> Result<void> {
        auto target = Connection::open(unnamed, Connection::Mode::ReadWrite);
        if (!target) {
            return std::unexpected(std::move(target).error());
        }
        SEQUELA_TRY(copyPages(**lease, **target, progress, stop));
        // The pages say that there is a log beside them; one file is what was asked for.
        SEQUELA_TRY((*target)->execute("PRAGMA journal_mode=DELETE"));
        return (*target)->close();
    };
    if (auto copied = writeNewFile(path, copy); !copied) {
        return named(std::move(copied).error());
    }
    return {};
}

} // namespace sequela::casefile
