#pragma once

#include "core/base/diagnostic.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace sequela::casefile {

/// Seals payloads into blobs: compressed where that helps, checksummed, with the unpacked size.
/// Reused by one thread at a time.
///
/// Layout of a blob, little-endian: version (1 byte, 1), encoding (1 byte, 0 as is, 1 zstd),
/// checksum over all that follows (8 bytes), unpacked size (4 bytes), the bytes.
class BlobSealer {
public:
    BlobSealer();
    ~BlobSealer();
    BlobSealer(const BlobSealer&) = delete;
    BlobSealer& operator=(const BlobSealer&) = delete;

    /// Errors: `case-segment-too-large` past limits::unpackedBlobBytes.
    [[nodiscard]] Result<std::string> seal(std::string_view payload, int level);

private:
    struct Context;
    std::unique_ptr<Context> m_context;
};

/// A payload taken out of a blob.
struct UnsealedBlob {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;

    [[nodiscard]] std::string_view view() const { return {bytes.get(), size}; }
};

/// Undoes seal(). Any damage is found by the checksum; sizes are bounded before anything is
/// allocated. @p what names the blob in the message.
[[nodiscard]] Result<UnsealedBlob> unseal(std::string_view blob, std::string_view what);

/// The error of everything in a case file that cannot be right.
[[nodiscard]] Diagnostic damagedError(std::string_view what);

} // namespace sequela::casefile
