#include "core/ingest/cut_reader.h"
#include "core/ingest/evtx_chunk.h"
#include "core/ingest/evtx_value.h"

#include <fmt/format.h>

#include <utility>

namespace sequela::ingest {
namespace {

class EvtxReader final : public DocumentReader {
public:
    EvtxReader(ByteSource& source, const Limits& limits) : m_source(source), m_limits(limits) {}

    Result<bool> fill(DocumentBatch& batch) override
    {
        batch.text.clear();
        batch.documents.clear();
        batch.problems = {};
        batch.endsInsideRecord = false;
        batch.form = RecordForm::EvtxRecord;
        if (!m_hasHeader) {
            m_hasHeader = true;
            std::string header(evtxHeaderBytes, '\0');
            if (readFully(header) < evtxHeaderBytes) {
                lost(batch, "the file ends in its header");
            }
            constexpr std::size_t chunkCountAt = 42;
            m_chunksInUse = littleEndian<std::uint16_t>(header, chunkCountAt);
        }
        while (!m_ended && batch.documents.size() < m_limits.segmentDocuments
               && batch.text.size() < m_limits.segmentBytes) {
            readChunk(batch);
        }
        if (m_ended && m_unused > 0) {
            batch.problems.addCounted(
                ProblemKind::UnusedChunk, m_unused,
                fmt::format("{} chunks at the end were never used and hold nothing", m_unused));
            m_unused = 0;
        }
        batch.recordsRead = m_record;
        batch.nextLine = 0;
        batch.bytesConsumed = m_consumed;
        if (!batch.documents.empty() || !m_ended) {
            return true;
        }
        if (m_error) {
            Diagnostic error = std::move(*m_error);
            m_error.reset();
            return std::unexpected(std::move(error));
        }
        return false;
    }

private:
    std::size_t readFully(std::span<char> buffer)
    {
        std::size_t filled = 0;
        while (filled < buffer.size()) {
            auto count = m_source.read(buffer.subspan(filled));
            if (!count) {
                m_error = std::move(count).error();
                break;
            }
            if (*count == 0) {
                break;
            }
            filled += *count;
        }
        m_consumed += filled;
        m_ended = filled < buffer.size();
        return filled;
    }

    void lost(DocumentBatch& batch, std::string_view what)
    {
        batch.problems.addCounted(ProblemKind::DamagedChunk, 1,
                                  fmt::format("chunk {} at byte {}: {}", m_chunk,
                                              evtxHeaderBytes + m_chunk * evtxChunkBytes, what));
    }

    void readChunk(DocumentBatch& batch)
    {
        const std::size_t begin = batch.text.size();
        batch.text.resize(begin + evtxChunkBytes);
        const std::size_t filled = readFully(std::span(batch.text.data() + begin, evtxChunkBytes));
        const std::string_view chunk = std::string_view(batch.text).substr(begin, evtxChunkBytes);
        if (filled == 0 || chunk.find_first_not_of('\0') == std::string_view::npos) {
            // Logs are made larger than they are filled.
            batch.text.resize(begin);
            m_chunk += filled > 0 ? 1 : 0;
            return;
        }
        const EvtxChunkScan scan = scanEvtxChunk(chunk);
        if (!scan.damage.empty()) {
            // Logs grow by more than they need; what was there before is no event.
            if (m_chunk >= m_chunksInUse) {
                ++m_unused;
            } else {
                lost(batch, scan.damage);
            }
            batch.text.resize(begin);
            ++m_chunk;
            return;
        }
        if (m_unused > 0) {
            lost(batch, fmt::format("{} chunks before it do not begin with their signature",
                                    std::exchange(m_unused, 0)));
        }
        if (filled < evtxChunkBytes) {
            lost(batch, "the file ends inside the chunk; what it holds was read");
        } else if (scan.isChecksumWrong) {
            batch.problems.addCounted(
                ProblemKind::WrongChecksum, 1,
                fmt::format("chunk {}: the records have another checksum than the chunk says; they "
                            "were changed or only half written",
                            m_chunk));
        }
        if (scan.gaps > 0) {
            lost(batch,
                 fmt::format("{} damaged places between records were stepped over", scan.gaps));
        }
        for (const EvtxRecord& record : scan.records) {
            batch.documents.push_back({.offset = begin + record.offset,
                                       .length = record.length,
                                       .record = m_record++,
                                       .line = 0,
                                       .column = 0,
                                       .contextOffset = begin,
                                       .contextLength = evtxChunkBytes});
        }
        ++m_chunk;
    }

    ByteSource& m_source;
    const Limits& m_limits;
    bool m_hasHeader = false;
    bool m_ended = false;
    std::optional<Diagnostic> m_error;
    std::uint64_t m_chunk = 0;
    /// Chunks that the head of the file says are used; others may be, if it was not closed well.
    std::uint64_t m_chunksInUse = 0;
    /// Chunks without signature since the last one with.
    std::uint64_t m_unused = 0;
    std::uint64_t m_record = 0;
    std::uint64_t m_consumed = 0;
};

} // namespace

std::unique_ptr<DocumentReader> makeEvtxReader(ByteSource& source, const Limits& limits)
{
    return std::make_unique<EvtxReader>(source, limits);
}

} // namespace sequela::ingest
