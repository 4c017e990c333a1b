#include "core/casefile/new_file.h"

#include "core/base/timestamp.h"
#include "core/casefile/database.h"
#include "core/casefile/lock_file.h"
#include "core/casefile/migration.h"

#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <unistd.h>

namespace sequela::casefile {

namespace {

namespace fs = std::filesystem;

constexpr mode_t newFileMode = 0644;
constexpr const char* newFileSetup = "PRAGMA page_size=8192; PRAGMA auto_vacuum=NONE;";

Diagnostic creationError(int systemError)
{
    switch (systemError) {
    case EEXIST:
        return makeError("case-exists", "There is a file of that name already.",
                         "Open it, or choose another name.");
    case ENOENT:
    case ENOTDIR:
        return makeError("case-missing", "The folder for the case does not exist.",
                         "Create it first, or choose another.");
    case EACCES:
    case EPERM:
    case EROFS:
        return makeError("case-read-only", "The folder cannot be written.",
                         "Choose a folder you can write to.");
    case ENOSPC:
    case EDQUOT:
        return makeError("case-disk-full", "There is no room for a new case.",
                         "Free some space and repeat.");
    default:
        return makeError("case-io",
                         fmt::format("The case cannot be created: {}.",
                                     std::generic_category().message(systemError)),
                         "Choose another place.");
    }
}

Result<void> makeEmptyFile(const fs::path& path)
{
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, newFileMode);
    if (descriptor < 0) {
        return std::unexpected(creationError(errno));
    }
    ::close(descriptor);
    return {};
}

Result<void> writeTables(const fs::path& path)
{
    auto connection = Connection::open(path, Connection::Mode::ReadWrite);
    if (!connection) {
        return std::unexpected(std::move(connection).error());
    }
    SEQUELA_TRY((*connection)->execute(newFileSetup));
    SEQUELA_TRY(createSchema(**connection));
    const std::string now = formatIso(Timestamp(
        std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count()));
    {
        auto insert =
            (*connection)
                ->prepare("INSERT INTO property(name, value) VALUES('column_revision', '0'), "
                          "('created_by', 'Sequela'), ('created', ?)");
        if (!insert) {
            return std::unexpected(std::move(insert).error());
        }
        SEQUELA_TRY(insert->bind(1, std::string_view(now)).run());
    }
    return (*connection)->close();
}

/// Moves a file to a name that nobody has.
Result<void> giveName(const fs::path& from, const fs::path& to)
{
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
        return {};
    }
    const int systemError = errno;
    std::error_code ignored;
    // Some network and foreign file systems cannot promise it in one step.
    if (systemError == EINVAL && !fs::exists(to, ignored)
        && ::rename(from.c_str(), to.c_str()) == 0) {
        return {};
    }
    return std::unexpected(creationError(systemError));
}

void removeUnnamed(const fs::path& unnamed)
{
    std::error_code ignored;
    for (const char* const suffix : {"", "-wal", "-shm", "-journal"}) {
        fs::path leftover = unnamed;
        fs::remove(leftover += suffix, ignored);
    }
}

} // namespace

Result<void> writeNewFile(const fs::path& path,
                          const std::function<Result<void>(const fs::path&)>& write)
{
    std::error_code ignored;
    if (fs::exists(fs::symlink_status(path, ignored))) {
        return std::unexpected(creationError(EEXIST));
    }
    if (path.has_parent_path() && !fs::is_directory(path.parent_path(), ignored)) {
        return std::unexpected(creationError(ENOENT));
    }
    auto lock = LockFile::acquire(path);
    if (!lock) {
        return std::unexpected(std::move(lock).error());
    }
    fs::path unnamed = path;
    unnamed += ".new";
    // What a killed predecessor left; the lock says that nobody is at it.
    removeUnnamed(unnamed);
    Result<void> written = makeEmptyFile(unnamed);
    if (written) {
        written = write(unnamed);
    }
    if (written) {
        written = giveName(unnamed, path);
    }
    removeUnnamed(unnamed);
    return written;
}

Result<void> writeNewCase(const fs::path& path)
{
    return writeNewFile(path, writeTables);
}

} // namespace sequela::casefile
