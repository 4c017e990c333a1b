#pragma once

#include "core/base/diagnostic.h"
#include "core/casefile/blob.h"
#include "core/schema/column.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::casefile {

// How parts of a segment stand in blobs. All integers are LEB128 unless said otherwise.
//
// Column: events, values, lists; text form (0 texts, 1 UTC times); kinds (0–2 all the same, 3 one
// byte each); texts as lengths and bytes, or times as differences of nanoseconds and numbers of
// decimals; lists as lengths and value numbers; a constant code or the codes; derived bits.
// Codes are numbered by first appearance, so a code is stored as 0 where it is the next new one,
// else as itself + 1, in planes of bytes: columns of all-distinct values cost nothing.

/// One column as a blob.
[[nodiscard]] Result<std::string> encodeColumn(const schema::Column& column, BlobSealer& sealer);
/// A column of a segment of @p eventCount events. Everything is checked: a blob that decodes gives
/// a column that is safe to use.
[[nodiscard]] Result<std::shared_ptr<const schema::Column>> decodeColumn(std::string_view blob,
                                                                         std::uint32_t eventCount);
/// Memory a decoded column takes.
[[nodiscard]] std::size_t memoryOf(const schema::Column& column);

/// Where the events of a segment stand in time and source.
struct Positions {
    std::vector<std::int64_t> times;
    std::vector<std::uint64_t> records;
    std::vector<std::uint64_t> lines;
};
[[nodiscard]] Result<std::string> encodePositions(std::span<const std::int64_t> times,
                                                  std::span<const std::uint64_t> records,
                                                  std::span<const std::uint64_t> lines,
                                                  BlobSealer& sealer);
[[nodiscard]] Result<Positions> decodePositions(std::string_view blob, std::uint32_t eventCount);

/// Documents of one block: bytes and documentCount + 1 offsets into them.
struct DocumentBlock {
    UnsealedBlob payload;
    std::vector<std::uint32_t> offsets;

    [[nodiscard]] std::string_view document(std::size_t index) const
    {
        return payload.view().substr(offsets[index], offsets[index + 1] - offsets[index]);
    }
};
[[nodiscard]] Result<std::string> encodeDocuments(std::string_view documents,
                                                  std::span<const std::uint64_t> offsets,
                                                  BlobSealer& sealer);
[[nodiscard]] Result<DocumentBlock> decodeDocuments(std::string_view blob,
                                                    std::uint32_t documentCount);

} // namespace sequela::casefile
