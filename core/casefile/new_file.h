#pragma once

#include "core/base/diagnostic.h"

#include <filesystem>
#include <functional>

namespace sequela::casefile {

/// Lets @p write fill a file under a name beside @p path and then gives it its name in one step:
/// whoever is killed in between leaves no half file behind. Never takes the name of a file that
/// exists. @p write gets the name of an empty file and must have closed it when it returns.
/// Errors: those of @p write, and `case-exists`, `case-missing` (the folder), `case-locked`
/// (another program creates it at this moment), `case-read-only`, `case-disk-full`, `case-io`;
/// without the file's name.
[[nodiscard]] Result<void>
writeNewFile(const std::filesystem::path& path,
             const std::function<Result<void>(const std::filesystem::path&)>& write);

/// An empty case: all tables, no events. Errors as of writeNewFile().
[[nodiscard]] Result<void> writeNewCase(const std::filesystem::path& path);

} // namespace sequela::casefile
