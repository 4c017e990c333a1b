#include "core/ingest/cut_reader.h"

#include "core/base/text.h"
#include "core/ingest/audit_record.h"
#include "core/ingest/csv_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sequela::ingest {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t readBytes = std::size_t{1} << 20U;

/// The next record in a window of text.
struct Cut {
    /// Bytes before the record, and of the record; 0: there is none in the window.
    std::size_t skip = 0;
    std::size_t length = 0;
    /// More bytes could change the answer.
    bool needsMore = false;
};

bool endsTagName(std::string_view text, std::size_t at)
{
    return at < text.size()
           && (text[at] == '>' || text[at] == ' ' || text[at] == '\t' || text[at] == '\r'
               || text[at] == '\n' || text[at] == '/');
}

std::size_t findEvent(std::string_view text, std::size_t from)
{
    constexpr std::string_view tag = "<Event";
    for (std::size_t at = text.find(tag, from); at != std::string_view::npos;
         at = text.find(tag, at + 1)) {
        if (endsTagName(text, at + tag.size())) {
            return at;
        }
    }
    return std::string_view::npos;
}

Cut cutXml(std::string_view text, bool isEnd)
{
    constexpr std::string_view closing = "</Event>";
    const std::size_t begin = findEvent(text, 0);
    if (begin == std::string_view::npos) {
        // The beginning of a tag may wait at the end.
        const std::size_t open = text.rfind('<');
        const std::size_t kept =
            open == std::string_view::npos || text.size() - open > closing.size()
                ? 0
                : text.size() - open;
        return {.skip = isEnd ? text.size() : text.size() - kept, .needsMore = !isEnd};
    }
    const std::size_t end = text.find(closing, begin);
    const std::size_t next = findEvent(text, begin + 1);
    if (next < end) {
        // An event that never ends: the next one is not to be lost with it.
        return {.skip = begin, .length = next - begin};
    }
    if (end == std::string_view::npos) {
        return isEnd ? Cut{.skip = begin, .length = text.size() - begin}
                     : Cut{.skip = begin, .needsMore = true};
    }
    return {.skip = begin, .length = end + closing.size() - begin};
}

/// Lines of one audit event follow one another.
Cut cutAudit(std::string_view text, bool isEnd)
{
    std::size_t end = 0;
    std::string_view serial;
    while (end < text.size()) {
        const std::size_t lineEnd = text.find('\n', end);
        if (lineEnd == std::string_view::npos && !isEnd) {
            return {.needsMore = true};
        }
        const std::size_t next = std::min(lineEnd, text.size() - 1) + 1;
        const std::string_view own = auditSerial(text.substr(end, next - end));
        if (end > 0 && (own != serial || own.empty())) {
            return {.length = end};
        }
        serial = own;
        end = next;
    }
    return isEnd ? Cut{.length = end} : Cut{.needsMore = true};
}

class CutReader final : public DocumentReader {
public:
    CutReader(ByteSource& source, RecordForm form, const Limits& limits)
        : m_source(source), m_limits(limits), m_form(form)
    {
    }

    Result<bool> fill(DocumentBatch& batch) override
    {
        batch.text.clear();
        batch.documents.clear();
        batch.problems = {};
        batch.endsInsideRecord = false;
        batch.form = m_form;
        batch.text = m_head;
        bool goesOn = true;
        while (goesOn && batch.documents.size() < m_limits.segmentDocuments
               && batch.text.size() < m_limits.segmentBytes) {
            goesOn = next(batch);
        }
        batch.recordsRead = m_record;
        batch.nextLine = m_line;
        batch.bytesConsumed = m_consumed;
        if (!batch.documents.empty() || goesOn) {
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
    [[nodiscard]] std::string_view rest() const { return std::string_view(m_window).substr(m_at); }

    void readMore()
    {
        m_window.erase(0, m_at);
        m_at = 0;
        const std::size_t before = m_window.size();
        std::size_t added = 0;
        m_window.resize_and_overwrite(before + readBytes, [&](char* data, std::size_t) {
            auto count = m_source.read({data + before, readBytes});
            if (count) {
                added = *count;
            } else {
                m_error = std::move(count).error();
            }
            return before + added;
        });
        m_ended = added == 0;
    }

    Cut cut()
    {
        switch (m_form) {
        case RecordForm::EventXml:
            return cutXml(rest(), m_ended);
        case RecordForm::AuditLines:
            return cutAudit(rest(), m_ended);
        default:
            break;
        }
        const auto end = csvRowEnd(rest(), m_separator);
        if (end) {
            return {.length = *end};
        }
        return m_ended ? Cut{.length = rest().size()} : Cut{.needsMore = true};
    }

    /// Takes one step; false at the end of the source.
    bool next(DocumentBatch& batch)
    {
        if (rest().empty()) {
            if (m_ended) {
                return false;
            }
            readMore();
            return true;
        }
        if (m_form == RecordForm::CsvRow && m_head.empty()) {
            return takeHead(batch);
        }
        const Cut found = cut();
        if (found.length == 0) {
            skip(batch, found.skip);
            if (rest().size() > m_limits.documentBytes) {
                tooLarge(batch);
            }
            if (found.needsMore && !m_ended) {
                readMore();
                return true;
            }
            skip(batch, rest().size());
            return !m_ended;
        }
        skip(batch, found.skip);
        take(batch, found.length);
        return true;
    }

    bool takeHead(DocumentBatch& batch)
    {
        const std::size_t end = rest().find('\n');
        if (end == std::string_view::npos) {
            if (m_ended || rest().size() > m_limits.documentBytes) {
                advance(rest().size());
                return !m_ended;
            }
            readMore();
            return true;
        }
        m_head = rest().substr(0, end + 1);
        m_separator = csvSeparator(m_head).value_or(',');
        advance(end + 1);
        batch.text = m_head;
        return true;
    }

    void advance(std::size_t count)
    {
        const std::string_view passed = rest().substr(0, count);
        m_line += static_cast<std::uint64_t>(std::ranges::count(passed, '\n'));
        m_consumed += count;
        m_at += count;
    }

    /// Passes over what is no record: blanks and tags around events say nothing.
    void skip(DocumentBatch& batch, std::size_t count)
    {
        std::string_view text = rest().substr(0, count);
        const std::size_t first = text.find_first_not_of(" \t\r\n"sv);
        if (first != std::string_view::npos) {
            text.remove_prefix(first);
            if (!text.starts_with('<')) {
                addProblem(batch, ProblemKind::BrokenDocument, "text between events", text);
                ++m_record;
            }
        }
        advance(count);
    }

    void addProblem(DocumentBatch& batch, ProblemKind kind, std::string reason,
                    std::string_view text)
    {
        batch.problems.add({.kind = kind,
                            .line = m_line,
                            .column = 1,
                            .record = m_record,
                            .reason = std::move(reason),
                            .excerpt = excerptAround(text, 0, m_limits)},
                           m_limits);
    }

    void tooLarge(DocumentBatch& batch)
    {
        addProblem(batch, ProblemKind::DocumentTooLarge,
                   fmt::format("the record has more than {} bytes", m_limits.documentBytes),
                   rest());
        ++m_record;
        advance(rest().size());
    }

    void take(DocumentBatch& batch, std::size_t length)
    {
        std::string_view text = rest().substr(0, length);
        if (text.find_first_not_of(" \t\r\n"sv) == std::string_view::npos) {
            advance(length);
            return;
        }
        if (length > m_limits.documentBytes) {
            addProblem(batch, ProblemKind::DocumentTooLarge,
                       fmt::format("the record has {} bytes, it may have {}", length,
                                   m_limits.documentBytes),
                       text);
            ++m_record;
            advance(length);
            return;
        }
        batch.documents.push_back({.offset = batch.text.size(),
                                   .length = length,
                                   .record = m_record++,
                                   .line = m_line,
                                   .column = 1,
                                   .contextOffset = 0,
                                   .contextLength = m_head.size()});
        batch.text.append(text);
        advance(length);
    }

    ByteSource& m_source;
    const Limits& m_limits;
    RecordForm m_form;
    char m_separator = ',';
    bool m_ended = false;
    std::optional<Diagnostic> m_error;
    std::string m_window;
    std::size_t m_at = 0;
    std::string m_head;
    std::uint64_t m_line = 1;
    std::uint64_t m_record = 0;
    std::uint64_t m_consumed = 0;
};

} // namespace

std::unique_ptr<DocumentReader> makeCutReader(ByteSource& source, RecordForm form,
                                              const Limits& limits)
{
    return std::make_unique<CutReader>(source, form, limits);
}

} // namespace sequela::ingest
