#pragma once

#include "core/base/diagnostic.h"
#include "core/casefile/case_records.h"
#include "core/casefile/packed_segment.h"
#include "core/casefile/segment.h"
#include "core/ingest/host_resolver.h"
#include "core/ingest/import_report.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace sequela::ingest {

/// What is known of a source before its first record.
struct SourceStart {
    std::string path;
    std::string member;
    /// Hash and size of the file as given; the hash is empty when it is only known at the end.
    std::string sha256Hex;
    std::uint64_t sizeBytes = 0;
    std::string format;
    std::string formatReason;
    bool derive = true;
    /// SHA-256 of the first bytes of the file; not set where it cannot be read twice.
    std::function<std::string(std::uint64_t byteCount)> prefixHash;
};

/// What to do with a source.
struct SourcePlan {
    /// What the sink calls it.
    std::uint64_t handle = 0;
    /// Records below are there already.
    std::uint64_t keepFrom = 0;
    bool isContinued = false;
};

/// A segment on its way to where segments are kept.
struct PreparedSegment {
    std::optional<casefile::EncodedSegment> encoded;
    std::optional<casefile::PackedSegment> packed;
};

/// Hosts of a segment that is there already: key and the columns host.id is derived from.
struct KnownSegment {
    std::uint64_t key = 0;
    casefile::EncodedSegment hosts;
};

/// Where segments go: a case file or memory. begin, isKnownFile and mayKnowFile are called by the
/// reading thread, prepare by workers, the rest by the writing thread.
class SegmentSink {
public:
    virtual ~SegmentSink() = default;
    /// Whether a file of this size could be there already, so that hashing it first is worth it.
    [[nodiscard]] virtual bool mayKnowFile(std::uint64_t sizeBytes) = 0;
    /// Whether this file is there, whole.
    [[nodiscard]] virtual Result<bool> isKnownFile(const std::string& sha256Hex,
                                                   std::uint64_t sizeBytes) = 0;
    [[nodiscard]] virtual Result<SourcePlan> begin(const SourceStart& start) = 0;
    /// cancelledError() soon after @p stop was asked to.
    [[nodiscard]] virtual Result<PreparedSegment> prepare(casefile::EncodedSegment segment,
                                                          const std::stop_token& stop) = 0;
    /// Returns the key of the segment.
    [[nodiscard]] virtual Result<std::uint64_t>
    append(std::uint64_t handle, PreparedSegment segment,
           const casefile::SourceProgress& progress) = 0;
    /// Segments that an interrupted import left, for the hosts in them.
    [[nodiscard]] virtual Result<std::vector<KnownSegment>> knownSegments(std::uint64_t handle) = 0;
    [[nodiscard]] virtual Result<void>
    replaceColumns(std::uint64_t handle, std::vector<HostResolver::Column> columns) = 0;
    /// The source has been read; @p report holds its counts and problems.
    [[nodiscard]] virtual Result<void> finish(std::uint64_t handle, const FileReport& report,
                                              const casefile::SourceProgress& progress) = 0;
};

} // namespace sequela::ingest
