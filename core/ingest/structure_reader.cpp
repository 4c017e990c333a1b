#include "core/base/text.h"
#include "core/ingest/document_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace sequela::ingest {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t readBytes = std::size_t{1} << 20U;
/// Containers around documents whose keys are followed; responses need five.
constexpr std::size_t pathDepth = 8;
/// Brackets followed before a document is given up as hostile.
constexpr std::size_t deepestScan = std::size_t{1} << 20U;
constexpr std::size_t longestKey = 32;

/// Where responses keep their documents: keys from the top, `*` an element of an array.
struct Envelope {
    std::string_view path;
    std::string_view name;
    /// The elements are no documents but hold some (`hits.sequences`).
    bool holdsEnvelopes;
};
constexpr std::array envelopes{
    Envelope{"hits.hits"sv, "Elasticsearch search response"sv, false},
    Envelope{"hits.events"sv, "Elasticsearch EQL search response"sv, false},
    Envelope{"hits.sequences"sv, "Elasticsearch EQL search response (sequences)"sv, true},
    Envelope{"hits.sequences.*.events"sv, "Elasticsearch EQL search response (sequences)"sv, false},
    Envelope{"response.hits.hits"sv, "Elasticsearch async search response"sv, false},
    Envelope{"response.hits.events"sv, "Elasticsearch async EQL search response"sv, false},
    Envelope{"response.hits.sequences"sv, "Elasticsearch async EQL search response"sv, true},
    Envelope{"response.hits.sequences.*.events"sv, "Elasticsearch async EQL search response"sv,
             false},
    Envelope{"rawResponse.hits.events"sv, "Kibana EQL search response"sv, false},
    Envelope{"rawResponse.hits.hits"sv, "Kibana search response"sv, false},
};

/// One open container.
struct Frame {
    char bracket = '{';
    /// Its elements are documents (an array that is the file, or `hits.hits`).
    bool holdsDocuments = false;
    /// Its elements may hold documents.
    bool holdsEnvelopes = false;
};

/// Follows brackets and strings through a stream of any size and cuts out the documents.
class StructureReader final : public DocumentReader {
public:
    StructureReader(ByteSource& source, const Limits& limits) : m_source(source), m_limits(limits)
    {
    }

    Result<bool> fill(DocumentBatch& batch) override
    {
        m_batch = &batch;
        batch.text.clear();
        batch.documents.clear();
        batch.problems = {};
        batch.form = RecordForm::Json;
        batch.endsInsideRecord = false;
        while (batch.documents.size() < m_limits.segmentDocuments
               && batch.text.size() < m_limits.segmentBytes) {
            if (m_at == m_window.size() && !readMore()) {
                break;
            }
            scan();
        }
        batch.recordsRead = m_record;
        batch.nextLine = m_line;
        batch.bytesConsumed = m_windowBegin + m_at;
        if (!batch.documents.empty() || !m_ended || m_at < m_window.size()) {
            return true;
        }
        if (m_error) {
            Diagnostic error = std::move(*m_error);
            m_error.reset();
            return std::unexpected(std::move(error));
        }
        return false;
    }

    [[nodiscard]] std::string_view refinedName() const override { return m_name; }

private:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    // -- window

    [[nodiscard]] bool inDocument() const { return m_documentFrame != none; }

    bool readMore()
    {
        if (m_ended) {
            return false;
        }
        dropConsumed();
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
        if (added == 0) {
            m_ended = true;
            endOfInput();
            return m_at < m_window.size();
        }
        return true;
    }

    void dropConsumed()
    {
        std::size_t keep = m_at;
        if (inDocument() && !m_overflow) {
            if (m_at - m_documentBegin > m_limits.documentBytes) {
                m_overflow = true;
                m_excerpt =
                    excerptAround(std::string_view(m_window).substr(m_documentBegin), 0, m_limits);
            } else {
                keep = m_documentBegin;
            }
        }
        if (m_inString && m_keyIsNext) {
            keep = std::min(keep,
                            m_at - std::min(m_at, std::min(m_at - m_stringBegin, longestKey + 1)));
        }
        countColumnsTo(keep);
        m_window.erase(0, keep);
        m_windowBegin += keep;
        m_at -= keep;
        m_documentBegin = m_documentBegin > keep ? m_documentBegin - keep : 0;
        m_stringBegin = m_stringBegin > keep ? m_stringBegin - keep : 0;
        m_columnAt = 0;
        m_lineBegin = m_lineBegin > keep ? m_lineBegin - keep : 0;
    }

    // Code points of the current line up to an offset, counted once.
    void countColumnsTo(std::size_t offset)
    {
        if (offset > m_columnAt) {
            m_column +=
                countCodePoints(std::string_view(m_window).substr(m_columnAt, offset - m_columnAt));
            m_columnAt = offset;
        }
    }

    // -- scanning

    void scan()
    {
        while (m_at < m_window.size()) {
            if (m_recovering && !recover()) {
                return;
            }
            if (m_inString) {
                scanString();
                continue;
            }
            if (m_inTripleQuotes) {
                scanTripleQuoted();
                continue;
            }
            const std::size_t records = m_record;
            step(m_window[m_at]);
            if (m_record != records) {
                return;
            }
        }
    }

    void newLine()
    {
        ++m_line;
        m_lineBegin = m_at + 1;
        m_indent = none;
        m_column = 1;
        m_columnAt = m_at + 1;
    }

    void scanString()
    {
        const char* data = m_window.data();
        const std::size_t end = m_window.size();
        while (m_at < end) {
            if (m_escaped) {
                m_escaped = false;
                ++m_at;
                continue;
            }
            while (m_at < end && data[m_at] != '"' && data[m_at] != '\\' && data[m_at] != '\n') {
                ++m_at;
            }
            if (m_at == end) {
                return;
            }
            if (data[m_at] == '\\') {
                m_escaped = true;
                ++m_at;
            } else if (data[m_at] == '"') {
                endString();
                return;
            } else {
                broken("a line end inside quotes");
                return;
            }
        }
    }

    void endString()
    {
        m_inString = false;
        m_emptyStringEnd = m_at == m_stringBegin + 1 ? m_windowBegin + m_at + 1 : 0;
        if (m_keyIsNext && m_frames.size() <= pathDepth) {
            const std::size_t length = m_at - m_stringBegin - 1;
            m_keys[m_frames.size() - 1] =
                length <= longestKey ? m_window.substr(m_stringBegin + 1, length) : std::string();
        }
        m_keyIsNext = false;
        m_before = '"';
        ++m_at;
    }

    void step(char c)
    {
        m_lastBracketCloses = c == '}' || c == ']' || (m_lastBracketCloses && c <= ' ');
        switch (c) {
        case '\n':
            newLine();
            break;
        case ' ':
        case '\t':
        case '\r':
            break;
        case '"':
            beginString();
            return;
        case '{':
        case '[':
            open(c);
            return;
        case '}':
        case ']':
            close(c);
            return;
        case ',':
        case ':':
            noteIndent();
            m_before = c;
            break;
        default:
            scalar();
            return;
        }
        ++m_at;
    }

    void noteIndent()
    {
        if (m_indent == none) {
            m_indent = m_at - m_lineBegin;
        }
    }

    /// Whether text stands where only documents may be.
    [[nodiscard]] bool betweenDocuments() const
    {
        return !inDocument() && (m_frames.empty() || m_frames.back().holdsDocuments);
    }

    /// Text between `"""`, which may hold anything but that (Kibana's Dev Tools write it).
    void scanTripleQuoted()
    {
        while (m_at < m_window.size()) {
            const char c = m_window[m_at];
            m_quotes = c == '"' ? m_quotes + 1 : 0;
            if (c == '\n') {
                newLine();
            }
            ++m_at;
            if (m_quotes == 3) {
                m_inTripleQuotes = false;
                m_emptyStringEnd = 0;
                return;
            }
        }
    }

    void beginString()
    {
        if (m_emptyStringEnd != 0 && m_windowBegin + m_at == m_emptyStringEnd
            && !betweenDocuments()) {
            m_inTripleQuotes = true;
            m_quotes = 0;
            ++m_at;
            return;
        }
        if (betweenDocuments()) {
            stray();
            return;
        }
        noteIndent();
        m_stringBegin = m_at;
        m_inString = true;
        m_keyIsNext = !m_frames.empty() && m_frames.back().bracket == '{' && m_before != ':';
        ++m_at;
    }

    void scalar()
    {
        if (betweenDocuments()) {
            stray();
            return;
        }
        noteIndent();
        m_before = 's';
        ++m_at;
    }

    /// Skips text that is no document: one problem for the line or the array element.
    void stray()
    {
        if (std::string_view(m_window).substr(m_at).starts_with("\xef\xbb\xbf"sv)) {
            m_at += 3;
            return;
        }
        countColumnsTo(m_at);
        const std::size_t begin = m_at;
        while (m_at < m_window.size() && m_window[m_at] != '\n'
               && (m_frames.empty() || (m_window[m_at] != ',' && m_window[m_at] != ']'))) {
            ++m_at;
        }
        const std::string_view text = std::string_view(m_window).substr(begin, m_at - begin);
        if (m_frames.empty() && m_strayLine == m_line) {
            return;
        }
        m_strayLine = m_frames.empty() ? m_line : 0;
        if (m_frames.empty() && takeConsoleLine(text)) {
            return;
        }
        problemAt(m_line, m_column,
                  m_frames.empty() ? ProblemKind::BrokenDocument : ProblemKind::NotAnObject,
                  m_frames.empty() ? "no JSON document begins here"
                                   : "the element is no JSON object",
                  excerptAround(text, 0, m_limits));
        ++m_record;
    }

    /// A bracket that closes nothing, by itself on its line, loses nothing.
    void strayBracket()
    {
        const std::size_t lineEnd = std::min(m_window.find('\n', m_at), m_window.size());
        const std::string_view rest =
            std::string_view(m_window).substr(m_at + 1, lineEnd - m_at - 1);
        if (m_line == m_strayLine || rest.find_first_not_of(" \t\r,") != std::string_view::npos) {
            stray();
            return;
        }
        countColumnsTo(m_at);
        m_strayLine = m_line;
        problemAt(m_line, m_column, ProblemKind::WrongBracket,
                  "a bracket closes nothing and was left out",
                  excerptAround(std::string_view(m_window).substr(m_lineBegin), m_at - m_lineBegin,
                                m_limits));
        ++m_at;
    }

    /// A request or comment of Kibana's Dev Tools, which is no document; the body of a search is
    /// none either.
    bool takeConsoleLine(std::string_view text)
    {
        const ConsoleLine line = consoleLineOf(text);
        if (line == ConsoleLine::None) {
            return false;
        }
        m_skipsNext = line == ConsoleLine::Search || (m_skipsNext && line == ConsoleLine::Comment);
        problemAt(m_line, m_column, ProblemKind::NoEvent,
                  line == ConsoleLine::Comment ? "a comment of a console"
                                               : "a request of a console",
                  excerptAround(text, 0, m_limits));
        return true;
    }

    [[nodiscard]] bool openIsExpected(char c) const
    {
        if (m_frames.empty()) {
            return true;
        }
        if (m_frames.back().bracket == '{') {
            return m_before == ':';
        }
        // Documents of an array may lack the comma between them; nothing is lost by reading on.
        return m_before == ',' || m_before == '[' || (betweenDocuments() && c == '{');
    }

    void open(char c)
    {
        noteIndent();
        if (!openIsExpected(c) && c == '{' && nextDocumentBegins()) {
            endEarly();
        }
        if (!openIsExpected(c)) {
            broken(fmt::format("'{}' where the document cannot go on (a missing bracket?)", c));
            return;
        }
        if (m_frames.size() >= deepestScan) {
            broken("more brackets inside one another than any document has");
            return;
        }
        const bool mayBegin = betweenDocuments();
        Frame frame{.bracket = c};
        if (mayBegin && (c == '{' || !m_frames.empty())) {
            beginDocument();
        } else if (c == '[' && m_frames.empty()) {
            frame.holdsDocuments = true;
            setName("JSON array");
        } else if (c == '[') {
            enterEnvelope(frame);
        }
        if (m_frames.size() < pathDepth) {
            m_keys[m_frames.size()].clear();
        }
        m_frames.push_back(frame);
        m_before = c;
        ++m_at;
    }

    /// Whether the bracket at hand can only be the next document's: it begins its line, no deeper
    /// than the document did, where that could end if its own brackets were closed.
    [[nodiscard]] bool nextDocumentBegins() const
    {
        return inDocument() && m_lineBegin + m_indent == m_at && m_indent <= m_documentIndent
               && (m_before == '"' || m_before == 's' || m_before == ',');
    }

    /// Hands out the document as it is; whether its brackets can be mended is seen later.
    void endEarly()
    {
        m_frames.resize(m_documentFrame);
        m_before = ',';
        endDocument(true);
    }

    void setName(std::string_view name)
    {
        if (m_name.empty() || m_name == "JSON array"sv) {
            m_name = name;
        }
    }

    void beginDocument()
    {
        countColumnsTo(m_at);
        m_documentFrame = m_frames.size();
        m_documentBegin = m_at;
        m_documentOffset = m_windowBegin + m_at;
        m_documentLine = m_line;
        m_documentColumn = m_column;
        m_documentIndent = m_indent == none ? 0 : m_indent;
        m_overflow = false;
    }

    /// Path of the array that opens, as `envelopes` writes it.
    [[nodiscard]] std::string currentPath() const
    {
        std::string path;
        for (std::size_t i = 0; i < m_frames.size(); ++i) {
            if (i > 0) {
                path += '.';
            }
            path +=
                m_frames[i].bracket == '[' ? std::string_view("*") : std::string_view(m_keys[i]);
        }
        return path;
    }

    void enterEnvelope(Frame& frame)
    {
        const bool top = m_documentFrame == 0 || !inDocument();
        if (!top || m_frames.size() > pathDepth || m_frames.empty()
            || m_frames.front().bracket != '{') {
            return;
        }
        const std::string path = currentPath();
        const auto* const envelope = std::ranges::find(envelopes, path, &Envelope::path);
        if (envelope == envelopes.end()) {
            return;
        }
        // What looked like a document is the response around documents.
        m_documentFrame = none;
        m_overflow = false;
        frame.holdsDocuments = !envelope->holdsEnvelopes;
        frame.holdsEnvelopes = envelope->holdsEnvelopes;
        setName(envelope->name);
    }

    void close(char c)
    {
        noteIndent();
        if (m_frames.empty()) {
            strayBracket();
            return;
        }
        if ((c == '}') != (m_frames.back().bracket == '{')) {
            broken(fmt::format("'{}' closes what it did not open", c));
            return;
        }
        m_frames.pop_back();
        m_before = '"';
        ++m_at;
        if (inDocument() && m_frames.size() == m_documentFrame) {
            endDocument(false);
        }
    }

    /// @p lacksBrackets: it ends here for certain, but its brackets do not.
    void endDocument(bool lacksBrackets)
    {
        const std::size_t length =
            static_cast<std::size_t>(m_windowBegin + m_at - m_documentOffset);
        m_documentFrame = none;
        if (std::exchange(m_skipsNext, false)) {
            problemAt(m_documentLine, m_documentColumn, ProblemKind::NoEvent,
                      "the body of a search of a console",
                      m_overflow ? std::exchange(m_excerpt, {})
                                 : excerptAround(
                                       std::string_view(m_window).substr(m_documentBegin, length),
                                       0, m_limits));
            m_overflow = false;
            return;
        }
        if (m_overflow || length > m_limits.documentBytes) {
            problemAt(m_documentLine, m_documentColumn, ProblemKind::DocumentTooLarge,
                      fmt::format("the document has {} bytes, it may have {}", length,
                                  m_limits.documentBytes),
                      m_overflow ? std::exchange(m_excerpt, {})
                                 : excerptAround(
                                       std::string_view(m_window).substr(m_documentBegin, length),
                                       0, m_limits));
            ++m_record;
            m_overflow = false;
            return;
        }
        m_batch->documents.push_back({.offset = m_batch->text.size(),
                                      .length = length,
                                      .record = m_record++,
                                      .line = m_documentLine,
                                      .column = m_documentColumn,
                                      .endIsCertain = lacksBrackets});
        m_batch->text.append(m_window, m_documentBegin, length);
        // One more byte, so that documents never touch.
        m_batch->text += '\n';
    }

    // -- what is wrong

    void problemAt(std::uint64_t line, std::uint64_t column, ProblemKind kind, std::string reason,
                   std::string excerpt)
    {
        Problem problem{.kind = kind,
                        .line = line,
                        .column = column,
                        .record = m_record,
                        .reason = std::move(reason),
                        .excerpt = std::move(excerpt)};
        m_batch->problems.add(std::move(problem), m_limits);
    }

    /// The brackets went wrong: gives up this document and looks for the next.
    void broken(std::string reason)
    {
        countColumnsTo(m_at);
        // One bracket too many in front of a document: the document is the inner one.
        const bool isExtra = inDocument() && m_before == '{'
                             && m_frames.size() == m_documentFrame + 1 && m_indent != none
                             && m_lineBegin + m_indent == m_at && m_window[m_at] == '{';
        problemAt(m_line, m_column,
                  isExtra ? ProblemKind::WrongBracket : ProblemKind::BrokenDocument,
                  isExtra ? "a second bracket begins the document; the first was left out"
                          : fmt::format("{} in the document that begins on line {}", reason,
                                        inDocument() ? m_documentLine : m_line),
                  excerptAround(std::string_view(m_window).substr(m_lineBegin), m_at - m_lineBegin,
                                m_limits));
        m_record += isExtra ? 0 : 1;
        if (inDocument()) {
            if (m_before == '{' && m_frames.size() == m_documentFrame + 1 && m_indent != none) {
                m_documentIndent = std::max(m_documentIndent, m_indent);
            }
            m_frames.resize(m_documentFrame);
        } else {
            m_frames.clear();
            m_documentIndent = 0;
        }
        m_documentFrame = none;
        m_skipsNext = false;
        m_inString = false;
        m_inTripleQuotes = false;
        m_escaped = false;
        m_keyIsNext = false;
        m_overflow = false;
        m_recovering = true;
        m_before = ',';
        // A bracket that begins its line may itself begin the next document.
        if (m_indent != none && m_lineBegin + m_indent == m_at) {
            m_at = m_lineBegin;
        }
    }

    /// Goes on to the line where the next document can begin: a bracket indented no deeper than
    /// the broken document was. False while more input is needed.
    bool recover()
    {
        while (m_at < m_window.size()) {
            if (m_at == m_lineBegin) {
                std::size_t first = m_at;
                while (first < m_window.size()
                       && (m_window[first] == ' ' || m_window[first] == '\t')) {
                    ++first;
                }
                if (first == m_window.size() && !m_ended) {
                    // The beginning of the line is still to come.
                    if (!readMore()) {
                        return false;
                    }
                    continue;
                }
                const std::size_t indent = first - m_lineBegin;
                const char c = first < m_window.size() ? m_window[first] : '\0';
                const bool opens = c == '{' || (c == '[' && m_frames.empty());
                const bool closes = (c == ']' || c == '}') && !m_frames.empty();
                if ((opens && indent <= m_documentIndent)
                    || (closes && indent < m_documentIndent)) {
                    m_recovering = false;
                    return true;
                }
            }
            const std::size_t lineEnd = m_window.find('\n', m_at);
            if (lineEnd == std::string::npos) {
                m_at = m_window.size();
                return false;
            }
            m_at = lineEnd;
            newLine();
            ++m_at;
        }
        return false;
    }

    void endOfInput()
    {
        if (inDocument() && !m_inString && !m_inTripleQuotes && !m_error && !m_overflow
            && m_lastBracketCloses) {
            endEarly();
        } else if (inDocument()) {
            const std::string_view rest = std::string_view(m_window).substr(m_documentBegin);
            problemAt(m_documentLine, m_documentColumn, ProblemKind::TruncatedDocument,
                      "the input ends inside the document that begins here",
                      m_overflow ? std::exchange(m_excerpt, {}) : excerptAround(rest, 0, m_limits));
            ++m_record;
            m_batch->endsInsideRecord = true;
        } else if (!m_frames.empty()) {
            problemAt(m_line, 1, ProblemKind::TruncatedDocument,
                      "the input ends before the array or response around the documents is closed",
                      {});
        }
        m_documentFrame = none;
        m_frames.clear();
    }

    ByteSource& m_source;
    const Limits& m_limits;
    DocumentBatch* m_batch = nullptr;
    bool m_ended = false;
    std::optional<Diagnostic> m_error;
    std::string_view m_name;

    std::string m_window;
    std::uint64_t m_windowBegin = 0;
    std::size_t m_at = 0;

    std::vector<Frame> m_frames;
    std::array<std::string, pathDepth> m_keys;
    char m_before = ',';
    bool m_inString = false;
    bool m_escaped = false;
    bool m_keyIsNext = false;
    bool m_recovering = false;
    std::size_t m_stringBegin = 0;
    /// Place behind the last string if that was empty: one more quote makes it triple quotes.
    std::uint64_t m_emptyStringEnd = 0;
    bool m_inTripleQuotes = false;
    unsigned m_quotes = 0;
    /// The next document is the body of a search.
    bool m_skipsNext = false;
    /// Nothing but blanks came since a bracket was closed.
    bool m_lastBracketCloses = false;

    std::size_t m_documentFrame = none;
    std::size_t m_documentBegin = 0;
    std::uint64_t m_documentOffset = 0;
    std::uint64_t m_documentLine = 1;
    std::uint64_t m_documentColumn = 1;
    std::size_t m_documentIndent = 0;
    bool m_overflow = false;
    std::string m_excerpt;

    std::uint64_t m_record = 0;
    std::uint64_t m_line = 1;
    std::uint64_t m_strayLine = 0;
    std::size_t m_lineBegin = 0;
    std::size_t m_indent = none;
    std::uint64_t m_column = 1;
    std::size_t m_columnAt = 0;
};

} // namespace

std::unique_ptr<DocumentReader> makeStructureReader(ByteSource& source, const Limits& limits)
{
    return std::make_unique<StructureReader>(source, limits);
}

} // namespace sequela::ingest
