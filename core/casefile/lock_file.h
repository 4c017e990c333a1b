#pragma once

#include "core/base/diagnostic.h"

#include <filesystem>
#include <utility>

namespace sequela::casefile {

/// Keeps a second writer out: an advisory lock on `CASE.lock` beside the case. A crash frees the
/// lock; the empty file that may stay behind means nothing.
class LockFile {
public:
    LockFile() = default;
    /// Errors: `case-locked`, `case-read-only` where the folder cannot be written.
    [[nodiscard]] static Result<LockFile> acquire(const std::filesystem::path& casePath);
    LockFile(LockFile&& other) noexcept
        : m_path(std::move(other.m_path)), m_descriptor(std::exchange(other.m_descriptor, -1))
    {
    }
    LockFile& operator=(LockFile&& other) noexcept
    {
        std::swap(m_path, other.m_path);
        std::swap(m_descriptor, other.m_descriptor);
        return *this;
    }
    LockFile(const LockFile&) = delete;
    LockFile& operator=(const LockFile&) = delete;
    ~LockFile() { release(); }
    void release();

private:
    std::filesystem::path m_path;
    int m_descriptor = -1;
};

} // namespace sequela::casefile
