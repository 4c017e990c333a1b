#pragma once

#include "core/base/diagnostic.h"
#include "core/base/progress.h"
#include "core/ingest/batch_encoder.h"
#include "core/ingest/document_batch.h"
#include "core/ingest/entity_resolver.h"
#include "core/ingest/host_resolver.h"
#include "core/ingest/limits.h"
#include "core/ingest/segment_sink.h"
#include "core/ingest/source_audit.h"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>

namespace sequela::ingest {

/// A source on its way through the pipeline. The reading thread fills what is known at the start
/// and the end; between the two it belongs to the writing thread.
struct SourceUnderway {
    explicit SourceUnderway(const Limits& limits) : audit(limits) {}

    /// What the reading thread finds out while the report belongs to the writing one.
    struct Ending {
        FileOutcome outcome = FileOutcome::Read;
        std::string sha256Hex;
        /// A better name for the format than the recognition gave; empty: none.
        std::string format;
    };

    SourcePlan plan;
    Ending ending;
    FileReport report;
    ProblemList problems;
    HostResolver hosts;
    EntityResolver entities;
    SourceAudit audit;
    casefile::SourceProgress progress;
    /// Record that was cut off at the end of what has been read so far.
    std::optional<std::uint64_t> truncatedRecord;
    /// Set when the sink refused a segment for a reason that concerns this source alone.
    bool givenUp = false;
};

/// One thread reads and cuts, several parse and encode, the calling one writes in the order in
/// which was read. A bounded number of batches is under way, so memory is bounded too.
class Pipeline {
public:
    struct Options {
        std::size_t workerCount = 1;
        BatchEncoder::Options encoding;
        Progress* progress = nullptr;
    };
    Pipeline(SegmentSink& sink, const Limits& limits, const Options& options, std::stop_token stop);

    /// Runs @p read on a thread of its own and returns when all it has pushed is written. The error
    /// is the sink's, or cancelledError().
    [[nodiscard]] Result<void> run(const std::function<void()>& read);

    // -- for the reading thread

    /// A batch to fill; its memory has been used before.
    [[nodiscard]] std::unique_ptr<DocumentBatch> takeBatch();
    /// Hands a batch to the workers. @p prefixHash: of the file so far, where it can continue
    /// later. Waits while too many are under way; false when the reader should give up.
    [[nodiscard]] bool push(std::shared_ptr<SourceUnderway> source,
                            std::unique_ptr<DocumentBatch> batch, std::string prefixHash);
    /// Says that a source has been read; its report holds hash and outcome.
    [[nodiscard]] bool pushEnd(std::shared_ptr<SourceUnderway> source);
    [[nodiscard]] bool shouldStop() const { return m_abort.stop_requested(); }
    [[nodiscard]] std::stop_token stopToken() const { return m_abort.get_token(); }
    SegmentSink& sink() { return m_sink; }
    /// Ends everything with an error, from any thread.
    void abort(Diagnostic error);

private:
    struct Item {
        std::shared_ptr<SourceUnderway> source;
        std::unique_ptr<DocumentBatch> batch;
        std::string prefixHash;
        EncodedBatch encoded;
        PreparedSegment prepared;
        /// Columns that ids are derived from, kept before the segment is packed.
        casefile::EncodedSegment hosts;
        std::optional<Diagnostic> refusal;
        bool isDone = false;
    };

    [[nodiscard]] bool pushItem(Item item);
    void work();
    void process(BatchEncoder& encoder, Item& item);
    void writeAll();
    [[nodiscard]] Result<void> write(Item& item);
    [[nodiscard]] Result<void> writeBatch(Item& item);
    [[nodiscard]] Result<void> writeEnd(SourceUnderway& source);
    void countSegment(SourceUnderway& source, const casefile::EncodedSegment& segment);

    SegmentSink& m_sink;
    const Limits& m_limits;
    Options m_options;
    std::stop_source m_abort;

    std::mutex m_mutex;
    std::condition_variable m_changed;
    /// In the order of reading; the front is the next to be written.
    std::deque<std::unique_ptr<Item>> m_items;
    /// Those of m_items that no worker has taken yet.
    std::deque<Item*> m_waiting;
    std::vector<std::unique_ptr<DocumentBatch>> m_spare;
    std::size_t m_underWay = 0;
    bool m_readingDone = false;
    std::optional<Diagnostic> m_error;
    /// Last: it may fire while it is made.
    std::stop_callback<std::function<void()>> m_onStop;
};

} // namespace sequela::ingest
