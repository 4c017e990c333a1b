#pragma once

#include "core/base/diagnostic.h"
#include "core/ingest/limits.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace sequela::ingest {

/// Lines around a place in a source, as they stand there.
struct SourceLines {
    struct Line {
        /// UTF-8 as far as the source is; hostile, show it through visibleText(). Without its end.
        std::string text;
        /// The line is longer than what is kept of it.
        bool isCut = false;
    };
    /// 1-based number of the first one.
    std::uint64_t firstLine = 1;
    std::vector<Line> lines;
};

/// What is wanted of a source.
struct SourceLinesRequest {
    /// Path of the file, and path in the archive as reports name it; empty for no archive.
    std::string path;
    std::string member;
    /// 1-based.
    std::uint64_t line = 1;
    /// Lines before and behind it.
    std::size_t around = 20;
    /// Bytes kept of the line itself and of each one around it.
    std::size_t lineBytes = std::size_t{256} * 1024;
    std::size_t aroundBytes = 2'000;
    std::vector<std::string> archivePasswords;
};

/// Reads lines out of a file as it lies on the disk now, unpacked as the importers unpack it.
/// Errors: the file or member is not there, cannot be unpacked, has fewer lines; cancelled.
[[nodiscard]] Result<SourceLines> readSourceLines(const SourceLinesRequest& request,
                                                  const std::stop_token& stop,
                                                  const Limits& limits = {});

} // namespace sequela::ingest
