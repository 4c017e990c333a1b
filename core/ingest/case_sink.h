#pragma once

#include "core/casefile/case_file.h"
#include "core/ingest/segment_sink.h"

#include <cstdint>
#include <vector>

namespace sequela::ingest {

/// Writes segments to a case file and knows what it holds already.
class CaseSink final : public SegmentSink {
public:
    explicit CaseSink(casefile::CaseFile& file) : m_file(file) {}

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

private:
    [[nodiscard]] Result<SourcePlan> resume(const casefile::SourceRecord& record);
    [[nodiscard]] Result<SourcePlan> beginAfresh(const SourceStart& start,
                                                 const casefile::SourceRecord* continues);

    casefile::CaseFile& m_file;
};

} // namespace sequela::ingest
