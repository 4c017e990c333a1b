#include "core/ingest/compression.h"

#include "core/ingest/archive_reader.h"
#include "core/ingest/expansion_guard.h"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <limits>
#include <string>
#include <zlib.h>

namespace sequela::ingest {
namespace {

constexpr std::size_t inputBytes = std::size_t{128} << 10U;

Diagnostic damaged(std::string message)
{
    return makeError("ingest-damaged-archive", std::move(message),
                     "get the file again; what could be unpacked was read");
}

/// Holds the packed bytes a decompressor works on.
class PackedInput {
public:
    explicit PackedInput(std::unique_ptr<ByteSource> source)
        : m_source(std::move(source)), m_buffer(inputBytes, '\0')
    {
    }

    /// Gets more when all is used up; false at the end.
    Result<bool> refill()
    {
        if (m_begin < m_end) {
            return true;
        }
        auto count = m_source->read(m_buffer);
        if (!count) {
            return std::unexpected(std::move(count).error());
        }
        m_begin = 0;
        m_end = *count;
        m_total += *count;
        return *count > 0;
    }
    [[nodiscard]] std::string_view rest() const
    {
        return std::string_view(m_buffer).substr(m_begin, m_end - m_begin);
    }
    void take(std::size_t count) { m_begin += count; }
    [[nodiscard]] std::uint64_t total() const { return m_total; }

private:
    std::unique_ptr<ByteSource> m_source;
    std::string m_buffer;
    std::size_t m_begin = 0;
    std::size_t m_end = 0;
    std::uint64_t m_total = 0;
};

class ZstdSource final : public ByteSource {
public:
    ZstdSource(std::unique_ptr<ByteSource> packed, const Limits& limits)
        : m_input(std::move(packed)),
          m_guard(limits),
          m_stream(ZSTD_createDStream(), &ZSTD_freeDStream)
    {
    }

    Result<std::size_t> read(std::span<char> buffer) override
    {
        ZSTD_outBuffer out{.dst = buffer.data(), .size = buffer.size(), .pos = 0};
        while (out.pos == 0) {
            auto more = m_input.refill();
            if (!more) {
                return std::unexpected(std::move(more).error());
            }
            const std::string_view rest = m_input.rest();
            ZSTD_inBuffer in{.src = rest.data(), .size = rest.size(), .pos = 0};
            const std::size_t status = ZSTD_decompressStream(m_stream.get(), &out, &in);
            m_input.take(in.pos);
            if (ZSTD_isError(status) != 0U) {
                return std::unexpected(damaged(
                    fmt::format("the zstd data are damaged: {}", ZSTD_getErrorName(status))));
            }
            const bool inFrame = status != 0;
            if (!*more && out.pos == 0) {
                if (m_inFrame) {
                    return std::unexpected(damaged("the zstd data end early"));
                }
                return std::size_t{0};
            }
            m_inFrame = inFrame;
        }
        if (auto allowed = m_guard.count(m_input.total(), out.pos); !allowed) {
            return std::unexpected(std::move(allowed).error());
        }
        return out.pos;
    }

private:
    PackedInput m_input;
    ExpansionGuard m_guard;
    std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> m_stream;
    bool m_inFrame = false;
};

class GzipSource final : public ByteSource {
public:
    GzipSource(std::unique_ptr<ByteSource> packed, const Limits& limits)
        : m_input(std::move(packed)), m_guard(limits)
    {
        // 16: gzip framing.
        m_ready = inflateInit2(&m_stream, MAX_WBITS + 16) == Z_OK;
    }
    ~GzipSource() override { inflateEnd(&m_stream); }
    GzipSource(const GzipSource&) = delete;
    GzipSource& operator=(const GzipSource&) = delete;

    Result<std::size_t> read(std::span<char> buffer) override
    {
        if (!m_ready) {
            return std::unexpected(damaged("the gzip data cannot be unpacked: no memory"));
        }
        const std::size_t wanted =
            std::min<std::size_t>(buffer.size(), std::numeric_limits<uInt>::max());
        std::size_t produced = 0;
        while (produced == 0 && !m_ended) {
            auto more = m_input.refill();
            if (!more) {
                return std::unexpected(std::move(more).error());
            }
            if (!*more) {
                if (m_betweenMembers) {
                    m_ended = true;
                    break;
                }
                return std::unexpected(damaged("the gzip data end early"));
            }
            if (m_betweenMembers && !startMember()) {
                break;
            }
            auto step = inflateStep(buffer.first(wanted));
            if (!step) {
                return step;
            }
            produced = *step;
        }
        if (auto allowed = m_guard.count(m_input.total(), produced); !allowed) {
            return std::unexpected(std::move(allowed).error());
        }
        return produced;
    }

private:
    /// Zero padding after the last member is usual (tapes); anything else is another member.
    bool startMember()
    {
        if (m_input.rest().front() == '\0') {
            m_ended = true;
            return false;
        }
        inflateReset(&m_stream);
        m_betweenMembers = false;
        return true;
    }

    Result<std::size_t> inflateStep(std::span<char> buffer)
    {
        const std::string_view rest = m_input.rest();
        // zlib's interface predates const; it does not write through next_in.
        m_stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(rest.data()));
        m_stream.avail_in = static_cast<uInt>(rest.size());
        m_stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
        m_stream.avail_out = static_cast<uInt>(buffer.size());
        const int status = inflate(&m_stream, Z_NO_FLUSH);
        m_input.take(rest.size() - m_stream.avail_in);
        const std::size_t produced = buffer.size() - m_stream.avail_out;
        if (status == Z_STREAM_END) {
            m_betweenMembers = true;
        } else if (status != Z_OK && status != Z_BUF_ERROR && produced == 0) {
            return std::unexpected(
                damaged(fmt::format("the gzip data are damaged: {}",
                                    m_stream.msg != nullptr ? m_stream.msg : "unknown error")));
        }
        return produced;
    }

    PackedInput m_input;
    ExpansionGuard m_guard;
    z_stream m_stream{};
    bool m_ready = false;
    bool m_betweenMembers = false;
    bool m_ended = false;
};

} // namespace

Packing recognisePacking(std::string_view head)
{
    using namespace std::string_view_literals;
    constexpr std::size_t tarMagicOffset = 257;
    if (head.starts_with("\x1f\x8b"sv)) {
        return Packing::Gzip;
    }
    if (head.starts_with("\x28\xb5\x2f\xfd"sv)
        || (head.size() >= 4 && head.substr(1, 3) == "\x2a\x4d\x18"sv
            && (static_cast<unsigned char>(head[0]) & 0xF0U) == 0x50U)) {
        return Packing::Zstd;
    }
    if (head.starts_with("\xfd"
                         "7zXZ\0"sv)
        || head.starts_with("BZh"sv) || head.starts_with("\x04\x22\x4d\x18"sv)) {
        return Packing::OtherCompression;
    }
    if (head.starts_with("PK\x03\x04"sv) || head.starts_with("PK\x05\x06"sv)
        || head.starts_with("PK\x07\x08"sv)) {
        return Packing::Zip;
    }
    if (head.starts_with("7z\xbc\xaf\x27\x1c"sv)) {
        return Packing::SevenZip;
    }
    if (head.size() > tarMagicOffset + 5 && head.substr(tarMagicOffset, 5) == "ustar"sv) {
        return Packing::Tar;
    }
    return Packing::None;
}

std::string_view packingName(Packing packing)
{
    switch (packing) {
    case Packing::None:
        return "plain";
    case Packing::Gzip:
        return "gzip";
    case Packing::Zstd:
        return "zstd";
    case Packing::OtherCompression:
        return "xz, bzip2 or lz4";
    case Packing::Zip:
        return "zip";
    case Packing::SevenZip:
        return "7z";
    case Packing::Tar:
        return "tar";
    }
    return "plain";
}

std::unique_ptr<ByteSource> decompress(std::unique_ptr<ByteSource> packed, Packing packing,
                                       const Limits& limits)
{
    switch (packing) {
    case Packing::Gzip:
        return std::make_unique<GzipSource>(std::move(packed), limits);
    case Packing::Zstd:
        return std::make_unique<ZstdSource>(std::move(packed), limits);
    case Packing::OtherCompression:
        return decompressThroughArchive(std::move(packed), limits);
    case Packing::None:
    case Packing::Zip:
    case Packing::SevenZip:
    case Packing::Tar:
        break;
    }
    return packed;
}

} // namespace sequela::ingest
