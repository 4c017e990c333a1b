#pragma once

#include "core/ingest/byte_source.h"
#include "core/ingest/compression.h"
#include "core/ingest/limits.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace sequela::ingest {

/// One member of an archive, in the archive's order.
struct ArchiveMember {
    /// Path as the archive has it, back-slashes turned to slashes.
    std::string path;
    bool isFile = false;
    bool isEncrypted = false;
};

/// Walks through a zip, 7z or tar as a stream. Members cannot leave anything anywhere: nothing is
/// ever written to a disk.
class ArchiveReader {
public:
    virtual ~ArchiveReader() = default;
    /// The next member; nothing at the end. An error is final.
    [[nodiscard]] virtual Result<std::optional<ArchiveMember>> next() = 0;
    /// Bytes of the current member.
    [[nodiscard]] virtual Result<std::size_t> read(std::span<char> buffer) = 0;
};

/// Whether an archive of this kind has its directory at the end, so that it must be seekable.
[[nodiscard]] bool needsSeeking(Packing packing);

/// Opens an archive. @p seekable is what @p packed reads from, for those that need it; else null.
/// @p passwords: tried on members that are encrypted; a wrong one is `ingest-encrypted`.
[[nodiscard]] Result<std::unique_ptr<ArchiveReader>>
openArchive(std::unique_ptr<ByteSource> packed, SeekableSource* seekable, Packing packing,
            const Limits& limits, std::span<const std::string> passwords);

/// Unpacks xz, bzip2 and lz4.
[[nodiscard]] std::unique_ptr<ByteSource>
decompressThroughArchive(std::unique_ptr<ByteSource> packed, const Limits& limits);

/// The current member as a source; the reader must outlive it.
class MemberSource final : public ByteSource {
public:
    explicit MemberSource(ArchiveReader& reader) : m_reader(reader) {}
    [[nodiscard]] Result<std::size_t> read(std::span<char> buffer) override
    {
        return m_reader.read(buffer);
    }

private:
    ArchiveReader& m_reader;
};

} // namespace sequela::ingest
