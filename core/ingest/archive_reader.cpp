#include "core/ingest/archive_reader.h"

#include "core/ingest/expansion_guard.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>

namespace sequela::ingest {

Result<void> ExpansionGuard::count(std::uint64_t packedTotal, std::uint64_t unpacked)
{
    m_total += unpacked;
    if (m_total > m_most) {
        return std::unexpected(
            makeError("ingest-archive-limit",
                      fmt::format("unpacks to more than {} bytes; reading stopped there", m_most),
                      "unpack it yourself and import the files"));
    }
    if (m_total > m_free && m_total / std::max<std::uint64_t>(packedTotal, 1) > m_ratio) {
        return std::unexpected(makeError(
            "ingest-archive-limit",
            fmt::format("unpacks to more than {} times its size, as a decompression bomb does; "
                        "reading stopped there",
                        m_ratio),
            "unpack it yourself and import the files"));
    }
    return {};
}

namespace {

constexpr std::size_t blockBytes = std::size_t{256} << 10U;

struct FreeArchive {
    void operator()(struct archive* handle) const { archive_read_free(handle); }
};

/// What libarchive's callbacks work on.
struct Feed {
    std::unique_ptr<ByteSource> source;
    SeekableSource* seekable = nullptr;
    std::string buffer = std::string(blockBytes, '\0');
    std::uint64_t packedBytes = 0;
    std::uint64_t position = 0;
    std::optional<Diagnostic> error;
};

la_ssize_t feedRead(struct archive* /*handle*/, void* data, const void** block)
{
    Feed& feed = *static_cast<Feed*>(data);
    auto count = feed.source->read(feed.buffer);
    if (!count) {
        feed.error = std::move(count).error();
        return -1;
    }
    feed.packedBytes += *count;
    feed.position += *count;
    *block = feed.buffer.data();
    return static_cast<la_ssize_t>(*count);
}

la_int64_t feedSeek(struct archive* /*handle*/, void* data, la_int64_t offset, int whence)
{
    Feed& feed = *static_cast<Feed*>(data);
    la_int64_t base = 0;
    if (whence == SEEK_CUR) {
        base = static_cast<la_int64_t>(feed.position);
    } else if (whence == SEEK_END) {
        base = static_cast<la_int64_t>(feed.seekable->size());
    }
    const la_int64_t target = base + offset;
    if (target < 0 || !feed.seekable->seek(static_cast<std::uint64_t>(target))) {
        return ARCHIVE_FATAL;
    }
    feed.position = static_cast<std::uint64_t>(target);
    return target;
}

class LibarchiveReader final : public ArchiveReader {
public:
    LibarchiveReader(Feed feed, const Limits& limits)
        : m_feed(std::move(feed)),
          m_guard(limits),
          m_membersLeft(limits.archiveMembers),
          m_handle(archive_read_new())
    {
    }

    void addPasswords(std::span<const std::string> passwords)
    {
        for (const std::string& password : passwords) {
            // An empty one is refused; nothing is lost by that.
            archive_read_add_passphrase(m_handle.get(), password.c_str());
        }
    }

    Result<void> open(Packing packing)
    {
        struct archive* handle = m_handle.get();
        if (packing == Packing::OtherCompression) {
            archive_read_support_filter_xz(handle);
            archive_read_support_filter_lzma(handle);
            archive_read_support_filter_bzip2(handle);
            archive_read_support_filter_lz4(handle);
            archive_read_support_format_raw(handle);
        } else if (packing == Packing::Zip) {
            archive_read_support_format_zip(handle);
        } else if (packing == Packing::SevenZip) {
            archive_read_support_format_7zip(handle);
        } else {
            archive_read_support_format_tar(handle);
        }
        archive_read_set_callback_data(handle, &m_feed);
        archive_read_set_read_callback(handle, feedRead);
        if (m_feed.seekable != nullptr) {
            archive_read_set_seek_callback(handle, feedSeek);
        }
        if (archive_read_open1(handle) != ARCHIVE_OK) {
            return std::unexpected(failure("cannot be opened"));
        }
        return {};
    }

    Result<std::optional<ArchiveMember>> next() override
    {
        struct archive_entry* entry = nullptr;
        const int status = archive_read_next_header(m_handle.get(), &entry);
        if (status == ARCHIVE_EOF) {
            return std::optional<ArchiveMember>();
        }
        if (status != ARCHIVE_OK && status != ARCHIVE_WARN) {
            return std::unexpected(failure("is damaged or ends early"));
        }
        if (m_membersLeft == 0) {
            return std::unexpected(makeError(
                "ingest-archive-limit", "has more members than are read; the rest was left out",
                "unpack it yourself and import the folder"));
        }
        --m_membersLeft;
        m_block = {};
        m_hole = 0;
        m_memberBytes = 0;
        ArchiveMember member;
        const char* path = archive_entry_pathname_utf8(entry);
        if (path == nullptr) {
            path = archive_entry_pathname(entry);
        }
        member.path = path != nullptr ? path : "";
        std::ranges::replace(member.path, '\\', '/');
        while (member.path.starts_with("./")) {
            member.path.erase(0, 2);
        }
        member.isFile = archive_entry_filetype(entry) == AE_IFREG;
        member.isEncrypted = archive_entry_is_data_encrypted(entry) != 0;
        return std::optional(std::move(member));
    }

    // By blocks: archive_read_data() throws away what came before a damaged place.
    Result<std::size_t> read(std::span<char> buffer) override
    {
        while (m_block.empty() && m_hole == 0) {
            const void* data = nullptr;
            std::size_t size = 0;
            la_int64_t offset = 0;
            const int status = archive_read_data_block(m_handle.get(), &data, &size, &offset);
            if (status == ARCHIVE_EOF) {
                return std::size_t{0};
            }
            if (status < ARCHIVE_WARN) {
                return std::unexpected(failure("is damaged or ends early"));
            }
            m_block = {static_cast<const char*>(data), size};
            // Tar leaves out runs of zeros.
            const auto begin = static_cast<std::uint64_t>(std::max<la_int64_t>(offset, 0));
            m_hole = begin > m_memberBytes ? begin - m_memberBytes : 0;
        }
        std::size_t produced = 0;
        if (m_hole > 0) {
            produced = std::min<std::uint64_t>(buffer.size(), m_hole);
            std::ranges::fill(buffer.first(produced), '\0');
            m_hole -= produced;
        } else {
            produced = std::min(buffer.size(), m_block.size());
            std::ranges::copy(m_block.first(produced), buffer.begin());
            m_block = m_block.subspan(produced);
        }
        m_memberBytes += produced;
        if (auto allowed = m_guard.count(m_feed.packedBytes, produced); !allowed) {
            return std::unexpected(std::move(allowed).error());
        }
        return produced;
    }

private:
    Diagnostic failure(std::string_view what)
    {
        if (m_feed.error) {
            return *m_feed.error;
        }
        const char* text = archive_error_string(m_handle.get());
        const std::string_view reason = text != nullptr ? text : "";
        if (reason.find("assphrase") != std::string_view::npos
            || reason.find("ncrypt") != std::string_view::npos) {
            return makeError("ingest-encrypted", fmt::format("is encrypted: {}", reason),
                             "give its password, or unpack it and import the result");
        }
        return makeError("ingest-damaged-archive",
                         fmt::format("{}: {}", what, text != nullptr ? text : "unknown reason"),
                         "get the file again; what could be unpacked was read");
    }

    Feed m_feed;
    ExpansionGuard m_guard;
    std::uint64_t m_membersLeft;
    /// Bytes of the block at hand that were not read yet, and zeros that stand before them.
    std::span<const char> m_block;
    std::uint64_t m_hole = 0;
    std::uint64_t m_memberBytes = 0;
    std::unique_ptr<struct archive, FreeArchive> m_handle;
};

/// A compressed stream as libarchive's one "raw" member, opened with the first read.
class RawMemberSource final : public ByteSource {
public:
    RawMemberSource(std::unique_ptr<ByteSource> packed, const Limits& limits)
        : m_reader(Feed{.source = std::move(packed), .error = {}}, limits)
    {
    }

    Result<std::size_t> read(std::span<char> buffer) override
    {
        if (!m_opened) {
            SEQUELA_TRY(m_reader.open(Packing::OtherCompression));
            auto member = m_reader.next();
            if (!member) {
                return std::unexpected(std::move(member).error());
            }
            m_opened = true;
        }
        return m_reader.read(buffer);
    }

private:
    LibarchiveReader m_reader;
    bool m_opened = false;
};

} // namespace

bool needsSeeking(Packing packing)
{
    return packing == Packing::Zip || packing == Packing::SevenZip;
}

Result<std::unique_ptr<ArchiveReader>> openArchive(std::unique_ptr<ByteSource> packed,
                                                   SeekableSource* seekable, Packing packing,
                                                   const Limits& limits,
                                                   std::span<const std::string> passwords)
{
    auto reader = std::make_unique<LibarchiveReader>(
        Feed{.source = std::move(packed), .seekable = seekable, .error = {}}, limits);
    reader->addPasswords(passwords);
    SEQUELA_TRY(reader->open(packing));
    return std::unique_ptr<ArchiveReader>(std::move(reader));
}

std::unique_ptr<ByteSource> decompressThroughArchive(std::unique_ptr<ByteSource> packed,
                                                     const Limits& limits)
{
    return std::make_unique<RawMemberSource>(std::move(packed), limits);
}

} // namespace sequela::ingest
