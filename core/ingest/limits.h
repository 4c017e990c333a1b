#pragma once

#include <cstddef>
#include <cstdint>

namespace sequela::ingest {

/// Every bound of the importers. Past a bound the item is skipped and counted as a problem of the
/// file, and the rest goes on. The defaults are what the programs use; tests make them small.
struct Limits {
    /// Bytes of one document. A response or array around documents may have any size.
    std::size_t documentBytes = std::size_t{16} << 20U;
    /// Objects and arrays inside one another.
    std::size_t nestingDepth = 128;
    /// Members with a value in one document, at any depth.
    std::size_t fieldsPerDocument = 10'000;
    /// Elements of one array.
    std::size_t valuesPerField = 65'536;
    /// Bytes of a full dotted field name.
    std::size_t fieldNameBytes = 1'024;
    /// Bytes of text and tokens that one record of a Windows event log may unpack to.
    std::size_t evtxRecordBytes = std::size_t{4} << 20U;
    /// Documents and bytes after which a segment is cut.
    std::size_t segmentDocuments = 4'096;
    std::size_t segmentBytes = std::size_t{8} << 20U;

    /// Bytes out per byte in of compressed data, watched once expandedBytesFree have come out.
    std::uint64_t expansionRatio = 2'000;
    std::uint64_t expandedBytesFree = std::uint64_t{256} << 20U;
    /// Bytes one archive may expand to in all.
    std::uint64_t expandedBytes = std::uint64_t{1} << 40U;
    /// Members of one archive.
    std::uint64_t archiveMembers = 100'000;
    /// Bytes of a zip or 7z inside another file, which is unpacked to a temporary file first.
    std::uint64_t spooledBytes = std::uint64_t{8} << 30U;
    /// Archives inside one another: 2 is an archive in an archive. Compression alone (`.gz`,
    /// `.zst`) counts nothing.
    std::size_t archiveDepth = 2;
    /// Compressions inside one another (`.gz.gz`).
    std::size_t compressionDepth = 3;
    /// Folders inside one another.
    std::size_t folderDepth = 64;

    /// Problems of a file that are kept one by one; all are counted.
    std::size_t problemsKept = 200;
    /// The same for kinds by which no document is lost, each.
    std::size_t alikeProblemsKept = 5;
    /// Field names, categories and shapes of a file that are counted one by one.
    std::size_t countedNames = 2'000;
    /// Runs of record ids of one log, and hours with events, that are followed to find gaps.
    std::size_t recordRuns = 200'000;
    /// Bytes of the text shown with a problem.
    std::size_t excerptBytes = 160;
};

} // namespace sequela::ingest
