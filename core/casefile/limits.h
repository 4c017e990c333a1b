#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace sequela::casefile::limits {

/// Events a segment may hold. Builders stop far below it (segments of a few thousand encode
/// fastest); it bounds what a hostile case file can make a reader allocate.
inline constexpr std::uint32_t eventsPerSegment = 1U << 20U;
/// Unpacked bytes of one column of one segment, and of one document block.
inline constexpr std::size_t unpackedBlobBytes = std::size_t{1} << 29U;
/// Bytes of one blob as SQLite stores it (its own limit is 10^9).
inline constexpr std::size_t storedBlobBytes = 900'000'000;
/// Documents compressed together: the unit that opening one document unpacks.
inline constexpr std::uint32_t documentsPerBlock = 128;
/// Bytes of decoded columns and document blocks a case keeps in memory when nobody says otherwise.
inline constexpr std::size_t columnCacheBytes = std::size_t{1} << 31U;
/// Fields of a case; further ones are refused with `case-too-many-fields`.
inline constexpr std::uint32_t fieldsPerCase = 100'000;
/// Values of one event of a field that go into an `event` row's joined text.
inline constexpr std::size_t joinedTextBytes = std::size_t{1} << 20U;

/// Events and segments that become one merged segment at most (merged_segments.h). Rows of 16 bits
/// keep a set of them in the first-level cache.
inline constexpr std::uint32_t mergedEvents = 1U << 16U;
inline constexpr std::uint32_t mergedSegments = 64;
/// Bytes of merged columns kept when nobody says otherwise.
inline constexpr std::size_t mergedColumnBytes = std::size_t{4} << 30U;

/// How long one connection waits for another's lock: usually, and while a case is filled, when a
/// reader waits for a transaction to reach the disk (CaseFile::beginFilling).
inline constexpr std::chrono::milliseconds patience{3'000};
inline constexpr std::chrono::milliseconds patienceWhileFilling{60'000};

/// Pages of a case copied between two looks at the stop token: about a megabyte.
inline constexpr int copiedPagesAtOnce = 128;

} // namespace sequela::casefile::limits
