#include "core/casefile/blob.h"

#include "core/casefile/limits.h"
#include "core/casefile/value_dictionary.h"

#include <fmt/format.h>
#include <zstd.h>

#include <bit>
#include <cstring>

namespace sequela::casefile {

namespace {

static_assert(std::endian::native == std::endian::little, "case files are little-endian");

constexpr std::uint8_t blobVersion = 1;
constexpr std::uint8_t storedAsIs = 0;
constexpr std::uint8_t storedAsZstd = 1;
constexpr std::size_t checksumOffset = 2;
constexpr std::size_t sizeOffset = 10;
constexpr std::size_t headerBytes = 14;
constexpr std::uint64_t checksumSeed = 0x5365'7175'656C'61ULL;

std::uint64_t checksumOf(std::string_view blob)
{
    const std::string_view covered = blob.substr(sizeOffset);
    return hashBytes(covered.data(), covered.size(),
                     checksumSeed ^ static_cast<std::uint8_t>(blob[1]));
}

} // namespace

struct BlobSealer::Context {
    ZSTD_CCtx* zstd = ZSTD_createCCtx();
    /// Where a payload is compressed to before it is known how long it gets; grows, never shrinks.
    std::unique_ptr<char[]> packed;
    std::size_t capacity = 0;

    Context() = default;
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
    ~Context() { ZSTD_freeCCtx(zstd); }
};

BlobSealer::BlobSealer() : m_context(std::make_unique<Context>()) {}
BlobSealer::~BlobSealer() = default;

Result<std::string> BlobSealer::seal(std::string_view payload, int level)
{
    if (payload.size() > limits::unpackedBlobBytes) {
        return std::unexpected(makeError(
            "case-segment-too-large",
            fmt::format("A column or block of documents takes {} bytes, more than the {} that a "
                        "case file holds in one piece.",
                        payload.size(), limits::unpackedBlobBytes),
            "Import with fewer or smaller events per segment."));
    }
    Context& context = *m_context;
    const std::size_t bound = ZSTD_compressBound(payload.size());
    if (context.capacity < bound) {
        context.packed = std::make_unique_for_overwrite<char[]>(bound);
        context.capacity = bound;
    }
    const std::size_t packed =
        ZSTD_compressCCtx(context.zstd, context.packed.get(), context.capacity, payload.data(),
                          payload.size(), level);
    const bool useful = ZSTD_isError(packed) == 0 && packed < payload.size();
    // Blobs wait in a queue for the writer, so each is just as large as what is in it.
    std::string blob;
    blob.reserve(headerBytes + (useful ? packed : payload.size()));
    blob.resize(headerBytes);
    blob += useful ? std::string_view(context.packed.get(), packed) : payload;
    blob[0] = static_cast<char>(blobVersion);
    blob[1] = static_cast<char>(useful ? storedAsZstd : storedAsIs);
    const auto size = static_cast<std::uint32_t>(payload.size());
    std::memcpy(blob.data() + sizeOffset, &size, sizeof size);
    const std::uint64_t checksum = checksumOf(blob);
    std::memcpy(blob.data() + checksumOffset, &checksum, sizeof checksum);
    return blob;
}

Result<UnsealedBlob> unseal(std::string_view blob, std::string_view what)
{
    if (blob.size() < headerBytes || static_cast<std::uint8_t>(blob[0]) != blobVersion) {
        return std::unexpected(damagedError(what));
    }
    std::uint64_t checksum = 0;
    std::uint32_t size = 0;
    std::memcpy(&checksum, blob.data() + checksumOffset, sizeof checksum);
    std::memcpy(&size, blob.data() + sizeOffset, sizeof size);
    const auto encoding = static_cast<std::uint8_t>(blob[1]);
    const std::string_view stored = blob.substr(headerBytes);
    if (checksum != checksumOf(blob) || size > limits::unpackedBlobBytes
        || encoding > storedAsZstd) {
        return std::unexpected(damagedError(what));
    }
    UnsealedBlob result{std::make_unique_for_overwrite<char[]>(size), size};
    if (encoding == storedAsIs) {
        if (stored.size() != size) {
            return std::unexpected(damagedError(what));
        }
        std::memcpy(result.bytes.get(), stored.data(), size);
        return result;
    }
    // The size zstd itself states is checked first: only then is memory touched.
    if (ZSTD_getFrameContentSize(stored.data(), stored.size()) != size
        || ZSTD_decompress(result.bytes.get(), size, stored.data(), stored.size()) != size) {
        return std::unexpected(damagedError(what));
    }
    return result;
}

Diagnostic damagedError(std::string_view what)
{
    return makeError("case-damaged", fmt::format("The case file is damaged: {}.", what),
                     "Run the integrity check; import the events again into a new case, or go back "
                     "to a copy.");
}

} // namespace sequela::casefile
