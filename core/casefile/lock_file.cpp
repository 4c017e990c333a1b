#include "core/casefile/lock_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace sequela::casefile {

namespace {

constexpr mode_t ownerOnly = 0600;

/// Whether the locked file is still the one that others find under its name.
bool isCurrent(int descriptor, const std::filesystem::path& path)
{
    struct stat held = {};
    struct stat named = {};
    return fstat(descriptor, &held) == 0 && stat(path.c_str(), &named) == 0
           && held.st_ino == named.st_ino && held.st_dev == named.st_dev;
}

Diagnostic openError(int systemError)
{
    if (systemError == EACCES || systemError == EPERM || systemError == EROFS) {
        return makeError("case-read-only", "The folder of the case cannot be written.",
                         "Open the case read-only, or copy it to a folder you can write to.");
    }
    if (systemError == ENOSPC || systemError == EDQUOT) {
        return makeError("case-disk-full", "There is no room left beside the case file.",
                         "Free some space and repeat.");
    }
    return makeError(
        "case-io",
        fmt::format("The case cannot be locked: {}.", std::generic_category().message(systemError)),
        "Check the rights on the case's folder.");
}

} // namespace

Result<LockFile> LockFile::acquire(const std::filesystem::path& casePath)
{
    LockFile lock;
    lock.m_path = casePath;
    lock.m_path += ".lock";
    for (;;) {
        const int descriptor =
            ::open(lock.m_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, ownerOnly);
        if (descriptor < 0) {
            return std::unexpected(openError(errno));
        }
        if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
            const int systemError = errno;
            ::close(descriptor);
            if (systemError != EWOULDBLOCK) {
                return std::unexpected(openError(systemError));
            }
            return std::unexpected(makeError("case-locked",
                                             "The case is open for writing elsewhere.",
                                             "Close it there, or open it read-only here."));
        }
        if (isCurrent(descriptor, lock.m_path)) {
            lock.m_descriptor = descriptor;
            return lock;
        }
        // Its last holder removed it between our open and our lock.
        ::close(descriptor);
    }
}

void LockFile::release()
{
    if (m_descriptor >= 0) {
        ::unlink(m_path.c_str());
        ::close(m_descriptor);
        m_descriptor = -1;
    }
}

} // namespace sequela::casefile
