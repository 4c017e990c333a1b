#pragma once

#include "core/casefile/segment.h"
#include "core/ingest/document_batch.h"
#include "core/ingest/json_flattener.h"
#include "core/ingest/json_index.h"
#include "core/ingest/limits.h"
#include "core/ingest/problem_list.h"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

namespace sequela::ingest {

/// What became of a batch.
struct EncodedBatch {
    /// Events that are new; eventCount 0 if there are none.
    casefile::EncodedSegment segment;
    /// Events that the case has already: only what host.id is derived from is of use.
    casefile::EncodedSegment known;
    ProblemList problems;
    std::uint64_t placeholders = 0;
    /// The last record is cut off, so that it may be whole the next time the file is read.
    bool lastRecordTruncated = false;
};

/// Makes segments of batches: parses, repairs, flattens, derives. One per worker, reused.
class BatchEncoder {
public:
    BatchEncoder(const Limits& limits, bool derive)
        : m_limits(limits), m_derive(derive), m_flattener(limits)
    {
    }

    /// Records below @p keepFrom are in the case already. Stops early, with whatever it has, when
    /// asked to.
    [[nodiscard]] EncodedBatch encode(DocumentBatch& batch, std::uint64_t keepFrom,
                                      const std::stop_token& stop);

private:
    void encodeDocument(const DocumentBatch& batch, const DocumentRef& ref, EncodedBatch& encoded);
    /// Indexes the text, through a repaired copy where it needs one; false if that fails too.
    [[nodiscard]] bool prepare(const DocumentRef& ref, std::string_view text,
                               EncodedBatch& encoded);
    void addAction(std::string_view action);
    void finishEvent(const DocumentRef& ref, std::string_view text, EncodedBatch& encoded);
    void setTime(const DocumentRef& ref, std::string_view text, EncodedBatch& encoded);
    void deriveFields();
    void reject(const DocumentRef& ref, std::string_view text, FlattenOutcome outcome,
                EncodedBatch& encoded);
    void report(const DocumentRef& ref, std::string_view text, std::size_t offset, Problem problem,
                std::uint64_t count, EncodedBatch& encoded);

    const Limits& m_limits;
    bool m_derive = true;
    JsonIndex m_index;
    JsonIndex m_actionIndex;
    JsonFlattener m_flattener;
    casefile::SegmentBuilder m_builder;
    /// The text that was indexed: the document or its repaired copy.
    std::string_view m_indexed;
    std::string m_repaired;
};

} // namespace sequela::ingest
