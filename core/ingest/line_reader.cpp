#include "core/base/text.h"
#include "core/ingest/document_reader.h"

#include <fmt/format.h>

#include <cstring>
#include <utility>

namespace sequela::ingest {
namespace {

constexpr std::size_t readBytes = std::size_t{1} << 20U;
constexpr std::string_view byteOrderMark = "\xef\xbb\xbf";

/// Cuts at line ends. Nothing but line ends is looked at, so a broken line harms no other.
class LineReader final : public DocumentReader {
public:
    LineReader(ByteSource& source, bool isBulk, const Limits& limits, RecordForm form)
        : m_source(source), m_limits(limits), m_form(form), m_isBulk(isBulk)
    {
    }

    Result<bool> fill(DocumentBatch& batch) override
    {
        batch.text.swap(m_carry);
        m_carry.clear();
        batch.documents.clear();
        batch.problems = {};
        batch.form = m_form;
        batch.endsInsideRecord = false;
        m_actionLength = 0;
        m_lineBegin = 0;
        m_scanned = 0;
        while (!isFull(batch)) {
            const char* begin = batch.text.data() + m_scanned;
            const auto* found =
                static_cast<const char*>(std::memchr(begin, '\n', batch.text.size() - m_scanned));
            if (found != nullptr) {
                const auto end = static_cast<std::size_t>(found - batch.text.data());
                endLine(batch, end, true);
                m_lineBegin = m_scanned = end + 1;
                continue;
            }
            m_scanned = batch.text.size();
            dropOverlongLine(batch);
            if (!readMore(batch)) {
                break;
            }
        }
        finishBatch(batch);
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
    [[nodiscard]] bool isFull(const DocumentBatch& batch) const
    {
        // A bulk action and its document stay in one batch.
        return m_actionLength == 0
               && (batch.documents.size() >= m_limits.segmentDocuments
                   || m_lineBegin >= m_limits.segmentBytes);
    }

    bool readMore(DocumentBatch& batch)
    {
        if (m_ended) {
            return false;
        }
        const std::size_t before = batch.text.size();
        std::size_t added = 0;
        batch.text.resize_and_overwrite(before + readBytes, [&](char* data, std::size_t) {
            auto count = m_source.read({data + before, readBytes});
            if (count) {
                added = *count;
            } else {
                m_error = std::move(count).error();
            }
            return before + added;
        });
        if (added == 0) {
            m_ended = true;
            if (m_lineBegin < batch.text.size() || m_skipped > 0) {
                endLine(batch, batch.text.size(), false);
                m_lineBegin = m_scanned = batch.text.size();
            }
            if (m_actionLength > 0) {
                problem(batch, ProblemKind::TruncatedDocument,
                        "the last action has no document behind it",
                        std::string(std::string_view(batch.text)
                                        .substr(m_actionOffset, m_limits.excerptBytes)));
                m_actionLength = 0;
            }
            return false;
        }
        return true;
    }

    void finishBatch(DocumentBatch& batch)
    {
        m_carry.assign(batch.text, m_lineBegin, std::string::npos);
        batch.text.resize(m_lineBegin);
        m_consumed += m_lineBegin;
        batch.recordsRead = m_record;
        batch.nextLine = m_line;
        batch.bytesConsumed = m_consumed;
    }

    /// A line longer than a document may be is thrown away while it is read.
    void dropOverlongLine(DocumentBatch& batch)
    {
        const std::size_t pending = batch.text.size() - m_lineBegin;
        if (pending <= m_limits.documentBytes) {
            return;
        }
        if (m_skipped == 0) {
            m_skippedExcerpt =
                excerptAround(std::string_view(batch.text).substr(m_lineBegin), 0, m_limits);
        }
        m_skipped += pending;
        m_consumed += pending;
        batch.text.resize(m_lineBegin);
        m_scanned = m_lineBegin;
    }

    void problem(DocumentBatch& batch, ProblemKind kind, std::string reason, std::string excerpt)
    {
        Problem problem{.kind = kind,
                        .line = m_line,
                        .column = 1,
                        .record = m_record,
                        .reason = std::move(reason),
                        .excerpt = std::move(excerpt)};
        batch.problems.add(std::move(problem), m_limits);
    }

    void endLine(DocumentBatch& batch, std::size_t end, bool hasLineEnd)
    {
        const std::size_t length = end - m_lineBegin;
        if (m_skipped > 0 || length > m_limits.documentBytes) {
            problem(batch, ProblemKind::DocumentTooLarge,
                    fmt::format("the line has {} bytes, a document may have {}", m_skipped + length,
                                m_limits.documentBytes),
                    m_skipped > 0
                        ? std::exchange(m_skippedExcerpt, {})
                        : excerptAround(std::string_view(batch.text).substr(m_lineBegin, length), 0,
                                        m_limits));
            m_skipped = 0;
            m_actionLength = 0;
            ++m_record;
        } else {
            keepLine(batch, m_lineBegin, length, hasLineEnd);
        }
        m_line += hasLineEnd ? 1 : 0;
    }

    void keepLine(DocumentBatch& batch, std::size_t begin, std::size_t length, bool hasLineEnd)
    {
        std::string_view line = std::string_view(batch.text).substr(begin, length);
        std::uint64_t column = 1;
        if (line.starts_with(byteOrderMark)) {
            line.remove_prefix(byteOrderMark.size());
            begin += byteOrderMark.size();
        }
        while (!line.empty() && isBlank(line.back())) {
            line.remove_suffix(1);
        }
        while (!line.empty() && isBlank(line.front())) {
            line.remove_prefix(1);
            ++begin;
            ++column;
        }
        if (line.empty() || (m_isBulk && takeAction(batch, line, begin))) {
            return;
        }
        batch.documents.push_back({.offset = begin,
                                   .length = line.size(),
                                   .record = m_record++,
                                   .line = m_line,
                                   .column = column,
                                   .actionOffset = m_actionOffset,
                                   .actionLength = m_actionLength,
                                   .endIsCertain = hasLineEnd});
        m_actionLength = 0;
    }

    /// Whether the line is an action and no document; a document that cannot be taken over as it
    /// is goes with it.
    bool takeAction(DocumentBatch& batch, std::string_view line, std::size_t begin)
    {
        if (!line.starts_with('{') && consoleLineOf(line) != ConsoleLine::None) {
            problem(batch, ProblemKind::NoEvent, "a line of a console",
                    excerptAround(line, 0, m_limits));
            return true;
        }
        if (m_skipUpdate) {
            m_skipUpdate = false;
            problem(batch, ProblemKind::BulkAction,
                    "an update holds a part of a document only; it was left out",
                    excerptAround(line, 0, m_limits));
            return true;
        }
        if (m_actionLength > 0) {
            return false;
        }
        switch (bulkActionOf(line)) {
        case BulkAction::None:
            return false;
        case BulkAction::Delete:
            problem(batch, ProblemKind::BulkAction, "a delete action holds no document",
                    excerptAround(line, 0, m_limits));
            return true;
        case BulkAction::Update:
            m_skipUpdate = true;
            return true;
        case BulkAction::Index:
        case BulkAction::Create:
            m_actionOffset = begin;
            m_actionLength = line.size();
            return true;
        }
        return false;
    }

    static bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

    ByteSource& m_source;
    const Limits& m_limits;
    RecordForm m_form = RecordForm::Json;
    bool m_isBulk = false;
    bool m_ended = false;
    std::optional<Diagnostic> m_error;
    std::string m_carry;
    std::size_t m_lineBegin = 0;
    std::size_t m_scanned = 0;
    std::uint64_t m_skipped = 0;
    std::string m_skippedExcerpt;
    std::uint64_t m_line = 1;
    std::uint64_t m_record = 0;
    std::uint64_t m_consumed = 0;
    std::size_t m_actionOffset = 0;
    std::size_t m_actionLength = 0;
    bool m_skipUpdate = false;
};

} // namespace

std::unique_ptr<DocumentReader> makeLineReader(ByteSource& source, bool isBulk,
                                               const Limits& limits, RecordForm form)
{
    return std::make_unique<LineReader>(source, isBulk, limits, form);
}

} // namespace sequela::ingest
