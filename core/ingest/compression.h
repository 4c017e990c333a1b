#pragma once

#include "core/ingest/byte_source.h"
#include "core/ingest/limits.h"

#include <memory>
#include <string_view>

namespace sequela::ingest {

/// What the first bytes say about packing.
enum class Packing : std::uint8_t {
    None,
    Gzip,
    Zstd,
    /// xz, bzip2, lz4: unpacked through libarchive.
    OtherCompression,
    Zip,
    SevenZip,
    Tar,
};

/// Recognises packing from the first 512 bytes of a source.
[[nodiscard]] Packing recognisePacking(std::string_view head);
[[nodiscard]] std::string_view packingName(Packing packing);
[[nodiscard]] inline bool isArchive(Packing packing)
{
    return packing == Packing::Zip || packing == Packing::SevenZip || packing == Packing::Tar;
}

/// The unpacked bytes of a compressed source (Gzip, Zstd, OtherCompression). Everything that can
/// be unpacked of a damaged or truncated source comes out before the error
/// (`ingest-damaged-archive`); past the expansion limits the error is `ingest-archive-limit`.
[[nodiscard]] std::unique_ptr<ByteSource> decompress(std::unique_ptr<ByteSource> packed,
                                                     Packing packing, const Limits& limits);

} // namespace sequela::ingest
