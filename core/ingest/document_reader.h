#pragma once

#include "core/ingest/byte_source.h"
#include "core/ingest/document_batch.h"
#include "core/ingest/limits.h"

#include <memory>
#include <string>
#include <string_view>

namespace sequela::ingest {

/// Which reader a source needs. A new format is a recogniser entry, a reader, and a mapper.
enum class FormatKind : std::uint8_t {
    /// One document a line.
    JsonLines,
    /// Action lines and documents.
    BulkBody,
    /// Anything else that is made of JSON documents: pretty-printed, arrays, responses.
    JsonDocuments,
    /// Windows event log.
    Evtx,
    /// Windows events as XML, with or without a root.
    EventXml,
    /// Lines of syslog that hold events of Sysmon for Linux.
    SyslogXml,
    /// Linux audit log.
    AuditLog,
    /// Rows under a head line.
    Csv,
    /// Known by name, no reader for it.
    Unreadable,
    Empty,
};

struct Recognition {
    FormatKind kind = FormatKind::Unreadable;
    /// For people: "NDJSON", "Windows event log (EVTX)".
    std::string name;
    /// Why: "the first line is one JSON object".
    std::string reason;
};

/// Bytes of the beginning that recogniseFormat likes to see.
inline constexpr std::size_t recognitionBytes = std::size_t{64} << 10U;

/// Recognises a format from the first bytes (UTF-8, byte order mark removed). @p isWhole: these
/// are all bytes there are.
[[nodiscard]] Recognition recogniseFormat(std::string_view head, bool isWhole);

/// Cuts a source into batches of records. One thread at a time.
class DocumentReader {
public:
    virtual ~DocumentReader() = default;
    /// Replaces @p batch by the next records; false when the source has ended (the batch then holds
    /// the last problems and totals, but no record). An error of the source comes after everything
    /// before it has been handed out.
    [[nodiscard]] virtual Result<bool> fill(DocumentBatch& batch) = 0;
    /// What the documents turned out to be, when that says more than the recognition did.
    [[nodiscard]] virtual std::string_view refinedName() const { return {}; }
};

/// Reader for JsonLines, BulkBody and SyslogXml.
[[nodiscard]] std::unique_ptr<DocumentReader> makeLineReader(ByteSource& source, bool isBulk,
                                                             const Limits& limits,
                                                             RecordForm form = RecordForm::Json);
/// Reader for JsonDocuments.
[[nodiscard]] std::unique_ptr<DocumentReader> makeStructureReader(ByteSource& source,
                                                                  const Limits& limits);
[[nodiscard]] std::unique_ptr<DocumentReader> makeReader(FormatKind kind, ByteSource& source,
                                                         const Limits& limits);

/// What a line of Kibana's Dev Tools outside the documents is.
enum class ConsoleLine : std::uint8_t { None, Comment, Request, Search, Bulk };
/// Recognises `POST index/_doc`, `GET /_search` (whose body is no document) and comments.
[[nodiscard]] ConsoleLine consoleLineOf(std::string_view line);

/// What an action line of a bulk body asks for.
enum class BulkAction : std::uint8_t { None, Index, Create, Delete, Update };
/// Recognises `{"index":{…}}` and its kin, which hold one member and nothing else.
[[nodiscard]] BulkAction bulkActionOf(std::string_view line);

} // namespace sequela::ingest
