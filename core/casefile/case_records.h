#pragma once

#include "core/base/strong_id.h"
#include "core/schema/column.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sequela::casefile {

// What a case file keeps beside the events, as plain records. Times are nanoseconds since 1970 UTC.
// Texts named …Json are JSON documents that the module that writes them owns; the case file keeps
// them as they are.

/// How far the import of a source came.
enum class SourceState : std::uint8_t {
    /// Begun, not finished: under way, cancelled or interrupted. Can be continued.
    Importing,
    /// Read to its end.
    Complete,
    /// Given up with an error that the source's problems name; what was read stays.
    Failed,
};

/// What recognises a source: the same bytes under the same member path are the same source.
struct SourceKey {
    /// SHA-256 of the imported file (the archive, for a member of one) in lower-case hex.
    std::string sha256Hex;
    /// Size of that file in bytes.
    std::uint64_t sizeBytes = 0;
    /// Path inside the archive, `/` between nested archives; empty for a plain file.
    std::string member;

    bool operator==(const SourceKey&) const = default;
};

/// How much of a source is durably in the case; written with every segment, so it is never ahead of
/// or behind the events.
struct SourceProgress {
    /// Records of the source that were looked at: read, broken or skipped. The next record's
    /// 0-based number.
    std::uint64_t recordsRead = 0;
    /// Bytes of the unpacked source that lie before the next record.
    std::uint64_t bytesConsumed = 0;
    /// Line, 1-based, on which the next record starts or is looked for.
    std::uint64_t nextLine = 1;
    /// What else the reader needs to go on; opaque to the case.
    std::string resumeToken;
    /// SHA-256 of the first bytesConsumed bytes in hex where the reader has it: recognises a file
    /// that has grown since.
    std::string prefixSha256Hex;

    bool operator==(const SourceProgress&) const = default;
};

/// What is known of a source before its first record is read.
struct NewSource {
    /// Path as the user gave it; shown, never followed by itself.
    std::string path;
    /// The hash may be empty when it is only known at the end (`SourceOutcome::sha256Hex`).
    SourceKey key;
    /// Short name of the recognised format: "ndjson", "es-search-response".
    std::string format;
    /// The source whose file had grown: this one holds its new tail, record numbers continue.
    std::optional<SourceNumber> continues;
    /// Options of the mapping ("no-derive", schema file) and what was recognised, as the importer
    /// words it.
    std::string detailJson;
};

/// Something wrong with a record, or worth knowing about a source.
struct ProblemRecord {
    /// Stable code, "ingest-broken-json".
    std::string code;
    std::string reason;
    /// 0-based record, 1-based line and column; 0 line: none.
    std::uint64_t record = 0;
    std::uint64_t line = 0;
    std::uint64_t column = 0;
    /// A piece of the input around the place, cut short; raw, show it through visibleText().
    std::string excerpt;
    /// How often, where alike ones were counted instead of listed.
    std::uint64_t count = 1;

    bool operator==(const ProblemRecord&) const = default;
};

/// What is known when a source has been read.
struct SourceOutcome {
    SourceState state = SourceState::Complete;
    /// Fills the hash where it was not known at the start; else empty.
    std::string sha256Hex;
    SourceProgress progress;
    /// Records that gave no event because they are broken, and those left out on purpose.
    std::uint64_t brokenCount = 0;
    std::uint64_t skippedCount = 0;
    /// Replaces the source's problems, in order.
    std::vector<ProblemRecord> problems;
    /// Replaces NewSource::detailJson unless empty.
    std::string detailJson;
};

/// A source as the case knows it.
struct SourceRecord {
    SourceNumber number;
    std::string path;
    SourceKey key;
    std::string format;
    SourceState state = SourceState::Importing;
    SourceProgress progress;
    std::optional<SourceNumber> continues;
    std::uint64_t eventCount = 0;
    std::uint64_t brokenCount = 0;
    std::uint64_t skippedCount = 0;
    std::uint64_t problemCount = 0;
    std::int64_t firstTime = schema::noTime;
    std::int64_t lastTime = schema::noTime;
    std::string detailJson;
};

/// What became of a rule when it was last run.
enum class RuleOutcome : std::uint8_t { Ran, NotRun, Broken };

/// A rule of the case: its last run and what the analyst set for it here.
struct RuleRecord {
    /// rule_id, or the file's name where there is none.
    std::string ruleId;
    std::string name;
    std::string path;
    std::string version;
    /// SHA-256 of the canonical print in hex.
    std::string queryHash;
    RuleOutcome outcome = RuleOutcome::Ran;
    /// Why it was not run or is broken.
    std::string message;
    std::uint64_t matchCount = 0;
    std::uint64_t nanoseconds = 0;
    /// When it ran.
    std::int64_t runTime = 0;
    /// Events the case had when it ran: fewer than now means new events are unsearched.
    std::uint64_t eventsSearched = 0;
    /// Warnings, funnel, schedule report: owned by detect.
    std::string detailJson;

    bool operator==(const RuleRecord&) const = default;
};

/// One stage of an alert.
struct AlertEventRecord {
    /// Nothing in a slot that must be missing.
    std::optional<EventNumber> event;
    /// The event's identity (rules.md), so that an alert outlives its case; empty where missing.
    std::string identity;

    bool operator==(const AlertEventRecord&) const = default;
};

/// An alert as detect made it.
struct AlertRecord {
    /// 32 hex digits, see rules.md "Alerts".
    std::string id;
    std::string ruleId;
    std::string ruleName;
    std::string ruleVersion;
    std::string queryHash;
    /// Hash over the stage-ordered identities alone: what a verdict survives a rule edit by.
    std::string eventsHash;
    std::string severity;
    std::int32_t riskScore = 0;
    std::int64_t firstTime = schema::noTime;
    std::int64_t lastTime = schema::noTime;
    std::string hostName;
    std::string userName;
    std::string processName;
    bool buildingBlock = false;
    /// Stages in order.
    std::vector<AlertEventRecord> events;
    /// ATT&CK, join keys, clauses and values that matched: owned by detect.
    std::string detailJson;

    bool operator==(const AlertRecord&) const = default;
};

enum class VerdictState : std::uint8_t { Open, Acknowledged, Closed };
enum class VerdictReason : std::uint8_t { None, TruePositive, FalsePositive, BenignPositive };

/// An analyst's word on an alert.
struct VerdictRecord {
    std::string alertId;
    std::string ruleId;
    std::string eventsHash;
    VerdictState state = VerdictState::Open;
    /// None unless closed.
    VerdictReason reason = VerdictReason::None;
    std::string note;
    std::vector<std::string> tags;
    std::string author;
    std::int64_t time = 0;

    bool operator==(const VerdictRecord&) const = default;
};

/// A verdict that holds for an alert.
struct VerdictMatch {
    VerdictRecord verdict;
    /// It was given to an alert over the same events of the same rule before the rule was edited.
    bool inherited = false;
};

/// Conditions under which events do not count.
struct ExceptionRecord {
    /// Chosen by the caller; saving under an existing id replaces.
    std::string id;
    /// Rule it is attached to; empty: all rules.
    std::string ruleId;
    std::string conditionEql;
    std::string comment;
    std::string author;
    std::int64_t created = 0;
    std::optional<std::int64_t> expires;
    bool enabled = true;

    bool operator==(const ExceptionRecord&) const = default;
};

/// A note on anything that has a key: an alert, an event identity, a host, a rule.
struct NoteRecord {
    std::string id;
    /// "alert", "event", "host", "rule", "case".
    std::string subjectKind;
    std::string subjectKey;
    std::string text;
    std::string author;
    std::int64_t time = 0;

    bool operator==(const NoteRecord&) const = default;
};

/// A marked event.
struct BookmarkRecord {
    EventNumber event;
    std::string identity;
    std::string label;
    /// Name of a colour of the theme; empty: the default.
    std::string color;
    std::int64_t time = 0;

    bool operator==(const BookmarkRecord&) const = default;
};

/// A filter kept under a name.
struct SavedFilterRecord {
    std::string name;
    std::string eql;
    /// Columns, time range: owned by the window.
    std::string detailJson;

    bool operator==(const SavedFilterRecord&) const = default;
};

} // namespace sequela::casefile
