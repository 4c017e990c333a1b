#include "core/ingest/audit_record.h"
#include "core/ingest/csv_record.h"
#include "core/ingest/cut_reader.h"
#include "core/ingest/document_reader.h"
#include "core/ingest/json_text.h"

#include <array>
#include <cctype>
#include <optional>

namespace sequela::ingest {
namespace {

using namespace std::string_view_literals;

struct KnownMagic {
    std::string_view magic;
    std::string_view name;
};
constexpr std::array knownMagics{
    KnownMagic{"SQLite format 3\0"sv, "SQLite database"},
    KnownMagic{"MDMP"sv, "memory dump"},
    KnownMagic{"MZ"sv, "Windows program"},
    KnownMagic{"\x7f"
               "ELF"sv,
               "Linux program"},
    KnownMagic{"%PDF"sv, "PDF"},
    KnownMagic{"regf"sv, "Windows registry hive"},
    KnownMagic{"\x89PNG"sv, "picture"},
    KnownMagic{"\xd4\xc3\xb2\xa1"sv, "packet capture"},
    KnownMagic{"\x0a\x0d\x0d\x0a"sv, "packet capture"},
};

std::string_view trimLeft(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t\r\n"sv);
    return first == std::string_view::npos ? std::string_view() : text.substr(first);
}

std::string_view trimRight(std::string_view text)
{
    const std::size_t last = text.find_last_not_of(" \t\r\n"sv);
    return last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
}

/// Offset behind the bracket that closes the one @p text begins with; npos if it does not.
std::size_t endOfContainer(std::string_view text)
{
    std::size_t depth = 0;
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString) {
            if (c == '\\') {
                ++i;
            } else if (c == '"') {
                inString = false;
            }
        } else if (c == '"') {
            inString = true;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            if (--depth == 0) {
                return i + 1;
            }
        }
    }
    return std::string_view::npos;
}

Recognition unreadable(std::string_view name, std::string_view reason)
{
    return {
        .kind = FormatKind::Unreadable, .name = std::string(name), .reason = std::string(reason)};
}

Recognition recogniseText(std::string_view head)
{
    const bool isTag = head.size() > 1 && head.front() == '<'
                       && (std::isalpha(static_cast<unsigned char>(head[1])) != 0 || head[1] == '?'
                           || head[1] == '!');
    if (isTag) {
        const bool isEvents =
            head.find("schemas.microsoft.com/win/2004/08/events"sv) != std::string_view::npos
            || (head.find("<Event"sv) != std::string_view::npos
                && head.find("<System"sv) != std::string_view::npos);
        if (!isEvents) {
            return unreadable("XML", "begins with an XML tag");
        }
        return {.kind = FormatKind::EventXml,
                .name = "Windows event XML",
                .reason = head.find("<Events"sv) != std::string_view::npos
                              ? "holds <Event> with <System> below a root"
                              : "holds <Event> with <System>"};
    }
    const std::string_view firstLine = head.substr(0, head.find('\n'));
    if (firstLine.find("type="sv) != std::string_view::npos && !auditSerial(firstLine).empty()) {
        return {.kind = FormatKind::AuditLog,
                .name = "Linux audit log",
                .reason = "the first line holds type= and msg=audit("};
    }
    if (head.find("<Event>"sv) != std::string_view::npos
        && head.find("Linux-Sysmon"sv) != std::string_view::npos) {
        return {.kind = FormatKind::SyslogXml,
                .name = "Sysmon for Linux in syslog",
                .reason = "lines hold <Event> of Linux-Sysmon"};
    }
    if (head.size() > firstLine.size() && csvSeparator(firstLine)) {
        return {.kind = FormatKind::Csv,
                .name = "CSV",
                .reason = "the first line names fields, separated as in CSV"};
    }
    for (const char c : head) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != '\x1b') {
            return unreadable("unknown binary data", "holds bytes that no text has");
        }
    }
    return unreadable("plain text", "no line begins a JSON document");
}

Recognition recogniseJson(std::string_view json, bool isWhole)
{
    if (json.front() == '[') {
        return {
            .kind = FormatKind::JsonDocuments, .name = "JSON array", .reason = "begins with '['"};
    }
    const std::size_t lineEnd = json.find('\n');
    const std::string_view firstLine = trimRight(json.substr(0, lineEnd));
    const bool lineIsWhole = lineEnd != std::string_view::npos || isWhole;
    if (lineIsWhole && bulkActionOf(firstLine) != BulkAction::None) {
        return {.kind = FormatKind::BulkBody,
                .name = "Elasticsearch bulk body",
                .reason = "the first line is a bulk action"};
    }
    const bool isEnvelope = json.substr(0, 4096).find("\"hits\""sv) != std::string_view::npos;
    if (lineIsWhole && !isEnvelope && firstLine.ends_with('}')
        && endOfContainer(firstLine) == firstLine.size()) {
        return {.kind = FormatKind::JsonLines,
                .name = "NDJSON",
                .reason = "the first line is one JSON object"};
    }
    // A first line that is broken among lines that are whole: the lines decide.
    if (lineEnd != std::string_view::npos && !isEnvelope && firstLine.size() > 2) {
        const std::string_view second = trimLeft(json.substr(lineEnd));
        const std::string_view secondLine = trimRight(second.substr(0, second.find('\n')));
        if (secondLine.starts_with('{') && secondLine.size() > 2
            && endOfContainer(secondLine) == secondLine.size() && json[lineEnd + 1] == '{') {
            return {.kind = FormatKind::JsonLines,
                    .name = "NDJSON",
                    .reason = "the second line is one JSON object (the first is broken)"};
        }
    }
    return {.kind = FormatKind::JsonDocuments,
            .name = "JSON documents",
            .reason = "begins with a JSON object over several lines"};
}

/// Requests of Kibana's Dev Tools with their documents, copied as they stand there.
std::optional<Recognition> recogniseConsole(std::string_view text)
{
    constexpr std::string_view reason = "begins with a request as Kibana's Dev Tools write it";
    while (!text.empty()) {
        const std::size_t lineEnd = text.find('\n');
        switch (consoleLineOf(text.substr(0, lineEnd))) {
        case ConsoleLine::None:
            return std::nullopt;
        case ConsoleLine::Comment:
            break;
        case ConsoleLine::Bulk:
            return Recognition{.kind = FormatKind::BulkBody,
                               .name = "Elasticsearch bulk body",
                               .reason = std::string(reason)};
        case ConsoleLine::Request:
        case ConsoleLine::Search:
            return Recognition{.kind = FormatKind::JsonDocuments,
                               .name = "Kibana Dev Tools",
                               .reason = std::string(reason)};
        }
        text = lineEnd == std::string_view::npos ? std::string_view()
                                                 : trimLeft(text.substr(lineEnd + 1));
    }
    return std::nullopt;
}

} // namespace

ConsoleLine consoleLineOf(std::string_view line)
{
    constexpr std::array methods{"GET "sv, "POST "sv, "PUT "sv, "HEAD "sv, "DELETE "sv, "PATCH "sv};
    line = trimRight(trimLeft(line));
    if (line.starts_with('#') || line.starts_with("//"sv)) {
        return ConsoleLine::Comment;
    }
    for (const std::string_view method : methods) {
        if (!line.starts_with(method)) {
            continue;
        }
        const std::string_view path = trimLeft(line.substr(method.size()));
        if (path.empty() || path.find_first_of(" \t"sv) != std::string_view::npos) {
            return ConsoleLine::None;
        }
        if (path.find("_bulk"sv) != std::string_view::npos) {
            return ConsoleLine::Bulk;
        }
        const bool isDocument = path.find("_doc"sv) != std::string_view::npos
                                || path.find("_create"sv) != std::string_view::npos
                                || path.find("_source"sv) != std::string_view::npos;
        return isDocument || !path.contains('_') ? ConsoleLine::Request : ConsoleLine::Search;
    }
    return ConsoleLine::None;
}

BulkAction bulkActionOf(std::string_view line)
{
    struct Named {
        std::string_view name;
        BulkAction action;
    };
    constexpr std::array names{
        Named{"index"sv, BulkAction::Index}, Named{"create"sv, BulkAction::Create},
        Named{"delete"sv, BulkAction::Delete}, Named{"update"sv, BulkAction::Update}};
    // Action lines are short; a document may begin with a member of the same name.
    constexpr std::size_t longestAction = 2048;
    line = trimRight(trimLeft(line));
    if (line.size() > longestAction || !line.starts_with('{') || !line.ends_with('}')) {
        return BulkAction::None;
    }
    std::string_view rest = trimLeft(line.substr(1));
    for (const Named& named : names) {
        if (rest.size() > named.name.size() + 2 && rest.front() == '"'
            && rest.substr(1).starts_with(named.name) && rest[named.name.size() + 1] == '"') {
            rest = trimLeft(rest.substr(named.name.size() + 2));
            if (!rest.starts_with(':')) {
                return BulkAction::None;
            }
            rest = trimLeft(rest.substr(1));
            if (!rest.starts_with('{')) {
                return BulkAction::None;
            }
            const std::size_t end = endOfContainer(rest);
            const bool closes =
                end != std::string_view::npos && trimLeft(rest.substr(end)) == "}"sv;
            const std::string_view inside = trimLeft(rest.substr(1));
            const bool hasMeta = inside.starts_with('}') || inside.starts_with("\"_"sv)
                                 || inside.starts_with("\"require_alias\""sv)
                                 || inside.starts_with("\"routing\""sv)
                                 || inside.starts_with("\"pipeline\""sv);
            return closes && hasMeta ? named.action : BulkAction::None;
        }
    }
    return BulkAction::None;
}

Recognition recogniseFormat(std::string_view head, bool isWhole)
{
    if (head.starts_with("ElfFile\0"sv)) {
        return {.kind = FormatKind::Evtx,
                .name = "Windows event log (EVTX)",
                .reason = "begins with its signature"};
    }
    for (const KnownMagic& known : knownMagics) {
        if (head.starts_with(known.magic)) {
            return unreadable(known.name, "begins with its signature");
        }
    }
    const std::string_view text = trimLeft(head);
    if (text.empty()) {
        if (isWhole) {
            return {.kind = FormatKind::Empty, .name = "empty", .reason = "holds nothing"};
        }
        return unreadable("blanks", "begins with more blanks than any document");
    }
    if (text.front() == '{' || text.front() == '[') {
        return recogniseJson(text, isWhole);
    }
    if (const auto console = recogniseConsole(text)) {
        return *console;
    }
    // Broken lines before the first document are problems of a line file, not another format.
    const std::size_t line = text.find("\n{\""sv);
    if (line != std::string_view::npos) {
        const std::string_view rest = text.substr(line + 1);
        const std::string_view candidate = trimRight(rest.substr(0, rest.find('\n')));
        if (endOfContainer(candidate) == candidate.size()) {
            return {.kind = FormatKind::JsonLines,
                    .name = "NDJSON",
                    .reason = "a later line is one JSON object (the first is none)"};
        }
    }
    return recogniseText(text);
}

std::unique_ptr<DocumentReader> makeReader(FormatKind kind, ByteSource& source,
                                           const Limits& limits)
{
    switch (kind) {
    case FormatKind::JsonLines:
        return makeLineReader(source, false, limits);
    case FormatKind::BulkBody:
        return makeLineReader(source, true, limits);
    case FormatKind::JsonDocuments:
        return makeStructureReader(source, limits);
    case FormatKind::Evtx:
        return makeEvtxReader(source, limits);
    case FormatKind::EventXml:
        return makeCutReader(source, RecordForm::EventXml, limits);
    case FormatKind::SyslogXml:
        return makeLineReader(source, false, limits, RecordForm::SyslogXml);
    case FormatKind::AuditLog:
        return makeCutReader(source, RecordForm::AuditLines, limits);
    case FormatKind::Csv:
        return makeCutReader(source, RecordForm::CsvRow, limits);
    case FormatKind::Unreadable:
    case FormatKind::Empty:
        break;
    }
    return nullptr;
}

} // namespace sequela::ingest
