#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::ingest {

/// What can be wrong with an input. Each has a stable code (`problemCode`).
enum class ProblemKind : std::uint8_t {
    /// The file or folder could not be opened or read on.
    Unreadable,
    /// The file holds nothing.
    Empty,
    /// Recognised, but there is no reader for it; or not recognised at all.
    UnknownFormat,
    /// A compressed file or archive ends early or is damaged; what came out was read.
    DamagedArchive,
    /// An archive needs a password.
    Encrypted,
    /// A bound of `Limits` on archives, members or nesting was reached.
    ArchiveLimit,
    /// A member or file that is no evidence (`__MACOSX/`, `._x`, `.DS_Store`), a link, a device.
    SkippedFile,
    /// The document is not JSON; it was skipped.
    BrokenDocument,
    /// The input ends inside a document.
    TruncatedDocument,
    /// The document is JSON but no object.
    NotAnObject,
    /// A bound of `Limits` on documents was passed; the document was skipped.
    DocumentTooLarge,
    DocumentTooDeep,
    /// Values past a bound were left out; the event was kept, its document is whole.
    TooManyFields,
    TooManyValues,
    FieldNameTooLong,
    /// Repaired: invalid UTF-8, lone surrogates, raw control characters in strings.
    InvalidUtf8,
    LoneSurrogate,
    ControlCharacter,
    /// A key is the empty string.
    EmptyKey,
    /// No time, or one that is no time; the event was kept without.
    MissingTime,
    BrokenTime,
    /// No host.name to derive host.id from.
    MissingHost,
    /// `delete` and `update` actions of a bulk body, which carry no whole document.
    BulkAction,
    /// The same file is in the case already.
    Duplicate,
    /// A chunk of a Windows event log is damaged; what could be read of it was.
    DamagedChunk,
    /// The checksum of a chunk does not fit its records.
    WrongChecksum,
    /// Lines that hold no event and never did.
    NoEvent,
    /// Chunks at the end of a Windows event log that were never used.
    UnusedChunk,
    /// Record ids of a log that are not there, or there more than once.
    RecordGap,
    RepeatedRecord,
    /// A day or more between two events.
    TimeGap,
    /// The event's own time and the log's disagree.
    ClockAnomaly,
    /// Commas before a closing bracket were left out.
    TrailingComma,
    /// A bracket that was missing at an end of a document was added, one too many left out.
    WrongBracket,
    /// Text between three quotes each was taken as a string (Kibana's Dev Tools).
    TripleQuotes,
    /// What the source cannot show, so that rules on it cannot fire.
    BlindSpot,
    /// Times moved by what the analyst says of a host's clock.
    ClockCorrected,
};
inline constexpr std::size_t problemKindCount =
    static_cast<std::size_t>(ProblemKind::ClockCorrected) + 1;

/// "ingest-broken-document", …: stable, for reports and the case file.
[[nodiscard]] std::string_view problemCode(ProblemKind kind);
/// A few words for people: "broken document".
[[nodiscard]] std::string_view problemTitle(ProblemKind kind);
/// How bad it is: whether something was lost (documents or files), only part of an event's
/// values could not be used, or all is there and this is only said.
enum class ProblemWeight : std::uint8_t { Lost, Impaired, Note };
[[nodiscard]] ProblemWeight problemWeight(ProblemKind kind);

/// One problem at one place. Texts may hold hostile characters: show them through visibleText().
struct Problem {
    ProblemKind kind = ProblemKind::BrokenDocument;
    /// 1-based; the column counts code points. 0: the problem has no place.
    std::uint64_t line = 0;
    std::uint64_t column = 0;
    /// 0-based record it belongs to; only where line is not 0.
    std::uint64_t record = 0;
    /// One sentence.
    std::string reason;
    /// The text around the place, cut to a line.
    std::string excerpt;

    bool operator==(const Problem&) const = default;
};

/// What became of a file or archive member.
enum class FileOutcome : std::uint8_t {
    /// Read to the end (there may be problems in it).
    Read,
    /// Read as far as it goes; the rest is damaged, too much or unreadable.
    Partial,
    /// In the case already; nothing was read again.
    AlreadyThere,
    /// Only the part behind what the case already had was added.
    Continued,
    /// Left out on purpose: see its problems.
    Skipped,
    /// Could not be opened or recognised at all.
    Failed,
};
[[nodiscard]] std::string_view fileOutcomeName(FileOutcome outcome);

/// What a report counts beside events and problems.
struct ContentCounts {
    /// Events by what their documents were recognised as, by title.
    std::map<std::string, std::uint64_t> shapes;
    /// Events by event.category; "" for those without, several categories count each.
    std::map<std::string, std::uint64_t> categories;
    /// Fields that no mapping knew, with the number of their values.
    std::map<std::string, std::uint64_t> unmapped;
    /// Events by host whose times were moved (ImportOptions::clockOffsets).
    std::map<std::string, std::uint64_t> clocksCorrected;

    /// Adds the counts of another; names past @p mostNames are counted together under "…".
    void add(const ContentCounts& other, std::size_t mostNames);
};

/// One file or archive member.
struct FileReport {
    /// As given or found in a folder; `-` is standard input.
    std::string path;
    /// Path inside the archive (nested archives joined by `!/`), else empty.
    std::string member;
    /// Which of the inputs it came from.
    std::size_t inputIndex = 0;
    /// "NDJSON", "Elasticsearch search response", "bulk body", …; "EVTX" for what is only known.
    std::string format;
    /// Why it was taken for that: "first line is one JSON object".
    std::string formatReason;
    FileOutcome outcome = FileOutcome::Read;
    /// SHA-256 of the file as given, in hex; empty where it could not be read to the end.
    std::string sha256Hex;
    /// Size of the file as given, the archive's for members.
    std::uint64_t fileBytes = 0;
    /// Bytes of text that were read out of it.
    std::uint64_t bytes = 0;
    /// Records seen (broken ones included) and events added.
    std::uint64_t records = 0;
    std::uint64_t events = 0;
    /// Wrapped documents that are placeholders (`"missing": true` of a sequence): no events.
    std::uint64_t placeholders = 0;
    /// Least and greatest time of its events; 0 and 0 where none has one.
    std::int64_t firstTimeNs = 0;
    std::int64_t lastTimeNs = 0;
    bool hasTimes = false;
    ContentCounts content;
    /// The first problems, in the order of the file, and how many there were of each kind.
    std::vector<Problem> problems;
    std::array<std::uint64_t, problemKindCount> problemCounts{};

    [[nodiscard]] std::uint64_t problemCount(ProblemKind kind) const
    {
        return problemCounts[static_cast<std::size_t>(kind)];
    }
    [[nodiscard]] std::uint64_t problemTotal() const;
    /// Records that gave no event because they were broken or past a bound.
    [[nodiscard]] std::uint64_t lostRecords() const;
};

/// Everything an import did, one entry a file or member in the order they were read.
struct ImportReport {
    std::vector<FileReport> files;
    bool cancelled = false;

    [[nodiscard]] std::uint64_t events() const;
    [[nodiscard]] std::uint64_t bytes() const;
    [[nodiscard]] std::uint64_t lostRecords() const;
    /// Whether an input could not be opened or recognised at all (exit code 3 of rules.md).
    [[nodiscard]] bool hasFailedInput() const;
};

/// The report as lines for a terminal: one line a file, its problems below it, at most
/// @p problemsPerFile each, with the counts of the rest. Safe to print (visibleText).
[[nodiscard]] std::string formatReport(const ImportReport& report, std::size_t problemsPerFile);
/// One problem as `path:line:column: code: reason`.
[[nodiscard]] std::string formatProblem(const FileReport& file, const Problem& problem);
/// The report as one JSON object: {"files":[{"path",…,"problems":[…]}],"events":…}.
[[nodiscard]] std::string reportJson(const ImportReport& report);

} // namespace sequela::ingest
