#pragma once

#include "core/base/timestamp.h"
#include "core/casefile/segment.h"
#include "core/ingest/document_batch.h"
#include "core/ingest/import_report.h"
#include "core/ingest/json_flattener.h"
#include "core/ingest/json_index.h"
#include "core/ingest/json_repair.h"
#include "core/ingest/limits.h"
#include "core/ingest/problem_list.h"
#include "core/mapping/event_mapper.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace sequela::ingest {

/// What became of a batch.
struct EncodedBatch {
    /// Events that are new; eventCount 0 if there are none.
    casefile::EncodedSegment segment;
    /// Events that the case has already: only what host.id is derived from is of use.
    casefile::EncodedSegment known;
    ProblemList problems;
    ContentCounts counts;
    std::uint64_t placeholders = 0;
    /// The last record is cut off, so that it may be whole the next time the file is read.
    bool lastRecordTruncated = false;
};

/// Makes segments of batches: parses, repairs, flattens, derives. One per worker, reused.
class BatchEncoder {
public:
    struct Options {
        bool derive = true;
        /// Tables that make ECS of other shapes; null: documents are taken as they are.
        std::shared_ptr<const mapping::MappingSet> mappings;
        /// Table that every document goes through, whatever its keys; empty: by its keys.
        std::string table;
        /// Image loads are also of category `library`.
        bool libraryAlias = false;
        /// As in ImportOptions, host names folded.
        std::map<std::string, std::int64_t, std::less<>> clockOffsets;
    };
    BatchEncoder(const Limits& limits, const Options& options);

    /// Records below @p keepFrom are in the case already. Stops early, with whatever it has, when
    /// asked to.
    [[nodiscard]] EncodedBatch encode(DocumentBatch& batch, std::uint64_t keepFrom,
                                      const std::stop_token& stop);

private:
    void encodeRecord(const DocumentBatch& batch, const DocumentRef& ref, EncodedBatch& encoded);
    /// @p text: the record as JSON.
    void encodeDocument(const DocumentBatch& batch, const DocumentRef& ref, std::string_view text,
                        EncodedBatch& encoded);
    /// Indexes the text, through a repaired copy where it needs one; false if that fails too.
    [[nodiscard]] bool prepare(const DocumentRef& ref, std::string_view text,
                               EncodedBatch& encoded);
    [[nodiscard]] FlattenOutcome encodeText(const DocumentBatch& batch, const DocumentRef& ref,
                                            std::string_view text, EncodedBatch& encoded);
    [[nodiscard]] FlattenOutcome flatten();
    void countContent(EncodedBatch& encoded);
    void reportRepair(const DocumentRef& ref, std::string_view text, const StructureRepair& repair,
                      EncodedBatch& encoded);
    [[nodiscard]] Timestamp correctedClock(Timestamp time);
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
    std::map<std::string, std::int64_t, std::less<>> m_clockOffsets;
    std::map<std::string, std::uint64_t> m_correctedCounts;
    std::unique_ptr<mapping::EventMapper> m_mapper;
    std::optional<std::size_t> m_forcedTable;
    std::optional<std::size_t> m_aliasTable;
    /// Table the event under way went through.
    std::optional<std::size_t> m_table;
    /// Events by table since the batch began, by index.
    std::vector<std::uint64_t> m_tableCounts;
    JsonIndex m_index;
    JsonIndex m_actionIndex;
    JsonFlattener m_flattener;
    casefile::SegmentBuilder m_builder;
    /// The text that was indexed: the document or its repaired copy.
    std::string_view m_indexed;
    std::string m_repaired;
    /// The record under way as JSON, where it was none.
    std::string m_converted;
};

} // namespace sequela::ingest
