#pragma once

#include "core/base/diagnostic.h"

#include <filesystem>

namespace sequela::casefile {

/// Makes an empty file, and never takes one that exists.
/// Errors: `case-exists`, `case-missing` (the folder), `case-read-only`, `case-disk-full`,
/// `case-io`; without the file's name.
[[nodiscard]] Result<void> makeEmptyFile(const std::filesystem::path& path);

} // namespace sequela::casefile
