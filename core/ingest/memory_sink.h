#pragma once

#include "core/casefile/memory_case.h"
#include "core/ingest/segment_sink.h"

#include <memory>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

namespace sequela::ingest {

/// Keeps segments in memory.
class MemorySink final : public SegmentSink {
public:
    [[nodiscard]] bool mayKnowFile(std::uint64_t sizeBytes) override;
    [[nodiscard]] Result<bool> isKnownFile(const std::string& sha256Hex,
                                           std::uint64_t sizeBytes) override;
    [[nodiscard]] Result<SourcePlan> begin(const SourceStart& start) override;
    [[nodiscard]] Result<PreparedSegment> prepare(casefile::EncodedSegment segment,
                                                  const std::stop_token& stop) override;
    [[nodiscard]] Result<std::uint64_t> append(std::uint64_t handle, PreparedSegment segment,
                                               const casefile::SourceProgress& progress) override;
    [[nodiscard]] Result<std::vector<KnownSegment>> knownSegments(std::uint64_t handle) override;
    [[nodiscard]] Result<void> replaceColumns(std::uint64_t handle,
                                              std::vector<HostResolver::Column> columns) override;
    [[nodiscard]] Result<void> finish(std::uint64_t handle, const FileReport& report,
                                      const casefile::SourceProgress& progress) override;

    /// What was collected; the sink is empty afterwards.
    [[nodiscard]] std::shared_ptr<const schema::ColumnSource> take();

private:
    std::mutex m_mutex;
    std::vector<casefile::MemorySource> m_sources;
    std::set<std::pair<std::uint64_t, std::string>> m_files;
};

} // namespace sequela::ingest
