#include "core/casefile/new_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace sequela::casefile {

namespace {
constexpr mode_t newFileMode = 0644;
} // namespace

Result<void> makeEmptyFile(const std::filesystem::path& path)
{
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, newFileMode);
    if (descriptor >= 0) {
        ::close(descriptor);
        return {};
    }
    switch (const int systemError = errno) {
    case EEXIST:
        return std::unexpected(makeError("case-exists", "There is a file of that name already.",
                                         "Open it, or choose another name."));
    case ENOENT:
        return std::unexpected(makeError("case-missing", "The folder for the case does not exist.",
                                         "Create it first, or choose another."));
    case EACCES:
    case EPERM:
    case EROFS:
        return std::unexpected(makeError("case-read-only", "The folder cannot be written.",
                                         "Choose a folder you can write to."));
    case ENOSPC:
    case EDQUOT:
        return std::unexpected(makeError("case-disk-full", "There is no room for a new case.",
                                         "Free some space and repeat."));
    default:
        return std::unexpected(makeError("case-io",
                                         fmt::format("The case cannot be created: {}.",
                                                     std::generic_category().message(systemError)),
                                         "Choose another place."));
    }
}

} // namespace sequela::casefile
