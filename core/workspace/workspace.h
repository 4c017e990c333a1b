#pragma once

#include "core/base/diagnostic.h"
#include "core/base/progress.h"
#include "core/base/timestamp.h"
#include "core/detect/alert.h"
#include "core/detect/detection.h"
#include "core/detect/detection_diff.h"
#include "core/detect/exceptions.h"
#include "core/detect/verdict_edit.h"
#include "core/engine/engine.h"
#include "core/eql/binder.h"
#include "core/ingest/import_report.h"
#include "core/mapping/mapping_table.h"
#include "core/report/export.h"
#include "core/schema/column_source.h"
#include "core/schema/field_catalog.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace sequela::casefile {
class CaseFile;
} // namespace sequela::casefile
namespace sequela::report {
class DocumentSink;
} // namespace sequela::report
namespace sequela::ingest {
struct Input;
struct ImportOptions;
} // namespace sequela::ingest

namespace sequela::workspace {

/// One consistent view of a case: events, the engine over them, their fields. Immutable; a case
/// that grows makes a new one. Readers keep it alive as long as they need it.
struct Snapshot {
    std::shared_ptr<const schema::ColumnSource> events;
    /// Thread-safe; shared by all runs over this snapshot.
    std::shared_ptr<engine::Engine> engine;
    std::shared_ptr<const schema::FieldCatalog> catalog;
    /// Grows by one with each snapshot of a workspace, so that results can name theirs.
    std::uint64_t revision = 0;
};

/// An imported file or archive member.
struct SourceInfo {
    std::string path;
    std::string member;
    std::string sha256;
    std::uint64_t byteCount = 0;
    std::uint64_t eventCount = 0;
    std::uint64_t problemCount = 0;
    /// "ecs ndjson", "elasticsearch response", …
    std::string format;
    std::optional<Timestamp> firstTime;
    std::optional<Timestamp> lastTime;
};

struct ImportRequest {
    /// Files, archives, folders; "-" is standard input.
    std::vector<std::filesystem::path> paths;
    /// Texts that lie in no file (pasted ones), under names of their own.
    std::vector<std::pair<std::string, std::string>> texts;
    /// Leave host.os.type, host.id and the like as they are in the documents.
    bool derive = true;
    /// Passwords to try on encrypted archives, mapping tables of the user's own and the one every
    /// document goes through, and whether image loads are of category `library` too: as in
    /// ingest::ImportOptions.
    std::vector<std::string> archivePasswords;
    std::vector<mapping::MappingTable> mappings;
    std::string table;
    bool libraryAlias = false;
    /// Nobody reads the case meanwhile, as in ingest::ImportOptions.
    bool isUnread = false;
    /// Nanoseconds by host, as in ingest::ImportOptions.
    std::map<std::string, std::int64_t> clockOffsets;
    /// 0: one per core.
    std::size_t threadCount = 0;
};

/// What an import did, file by file.
struct ImportOutcome {
    struct File {
        SourceInfo source;
        /// Was in the case already, by its hash, and was left alone.
        bool alreadyThere = false;
        /// Could not be opened or recognised at all.
        std::optional<Diagnostic> failure;
        /// Records that were skipped or repaired, in order; the first of each kind and the count in
        /// `source.problemCount`.
        std::vector<Diagnostic> problems;
    };
    std::vector<File> files;
    std::uint64_t newEventCount = 0;
    /// The same in the importers' own words, every count of it.
    ingest::ImportReport report;
};

/// One query text to run over the current events: the editor, `sequela-cli query`.
struct QueryRequest {
    std::string text;
    eql::BindOptions bind;
    engine::RunOptions run;
    /// Restrict to [from, to] of the timestamp field.
    std::optional<Timestamp> from;
    std::optional<Timestamp> to;
    /// Whether what is probably not meant is among the diagnostics (eql/lint.h,
    /// eql/value_lint.h).
    bool lint = false;
};

/// Whatever could be done with the text. `result` is present exactly if no diagnostic is an error.
struct QueryAnswer {
    /// Located in the text.
    std::vector<Diagnostic> diagnostics;
    std::optional<engine::QueryResult> result;
    std::shared_ptr<const eql::BoundQuery> bound;
    /// SHA-256 of the canonical print, in hex: which query made this result.
    std::string queryHash;
    /// Which snapshot it ran over.
    std::shared_ptr<const Snapshot> snapshot;
};

/// What an exception would do to the current events under the current rules and exceptions.
struct ExceptionPreview {
    /// Of the condition, located in it. If one is an error, nothing else is filled.
    std::vector<Diagnostic> diagnostics;
    /// Events the condition holds for.
    std::uint64_t eventCount = 0;
    /// Alerts that would not be made any more, with their verdicts, and those made only then:
    /// sequences that re-form over other events.
    std::vector<detect::Alert> disappearing;
    std::vector<detect::Alert> reforming;

    /// Disappearing ones that somebody closed as true positives.
    [[nodiscard]] std::vector<const detect::Alert*> lostTruePositives() const;
};

/// A note on anything that has a key.
struct Note {
    /// Saving under an id that exists replaces; empty: a new one is made.
    std::string id;
    /// "alert", "event", "host", "rule" or "case".
    std::string subjectKind;
    /// Alert id, event identity, host name, rule id; empty for the case.
    std::string subjectKey;
    std::string text;
    std::string author;
    std::optional<Timestamp> changed;

    bool operator==(const Note&) const = default;
};

/// Two versions of rules over the same events. `diff` refers to the two detections.
struct RuleComparison {
    std::shared_ptr<const detect::Detection> before;
    std::shared_ptr<const detect::Detection> after;
    detect::DetectionDiff diff;
};

struct FilterAnswer {
    std::vector<Diagnostic> diagnostics;
    /// Present exactly if no diagnostic is an error.
    std::optional<engine::EventSet> events;
    std::shared_ptr<const Snapshot> snapshot;
};

/// An event that somebody marked.
struct Bookmark {
    EventNumber event;
    std::string label;
    std::optional<Timestamp> marked;
};

/// The façade both front ends use: one case, or a case in memory, with its rules, alerts and
/// verdicts. No window, no command line in here.
///
/// Threads: every function may be called from any thread. Functions marked (reads) never wait for
/// one marked (writes) and may run side by side; functions marked (writes) wait for each other.
/// What they return is immutable or belongs to the caller.
class Workspace {
public:
    enum class OpenMode : std::uint8_t { ReadWrite, ReadOnly };

    /// A case that lives in memory until the workspace is gone: a glance at a few files.
    [[nodiscard]] static std::unique_ptr<Workspace> inMemory();
    /// A case file in a private temporary folder that is removed with the workspace: inputs too
    /// large for memory, nothing to keep.
    [[nodiscard]] static Result<std::unique_ptr<Workspace>> temporary();
    /// Errors: the file exists, cannot be written.
    [[nodiscard]] static Result<std::unique_ptr<Workspace>>
    create(const std::filesystem::path& file);
    /// Errors: not a case file, from a newer version, locked by another writer, damaged.
    [[nodiscard]] static Result<std::unique_ptr<Workspace>> open(const std::filesystem::path& file,
                                                                 OpenMode mode);
    ~Workspace();
    /// (writes) Brings a case file into one piece and closes it; reading works on from what is in
    /// memory. Errors: the `-wal` file must stay beside the case.
    [[nodiscard]] Result<void> close();
    /// (reads) Writes the case, verdicts and all, into a new file that `open` takes; never over one
    /// that exists. What is being written meanwhile may or may not be in it. Progress counts pages.
    /// Errors: the file exists or cannot be written, a case in memory, cancelled; then there is no
    /// new file.
    [[nodiscard]] Result<void> saveCopy(const std::filesystem::path& file, Progress& progress,
                                        std::stop_token stop = {}) const;
    Workspace(const Workspace&) = delete;
    Workspace& operator=(const Workspace&) = delete;

    /// The case file, empty for a case in memory.
    [[nodiscard]] const std::filesystem::path& file() const;
    [[nodiscard]] bool isReadOnly() const;

    /// (reads) The current events, never null; empty at first.
    [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const;
    /// (writes) Looks whether the case has grown (an import is under way in another thread) and
    /// makes a new snapshot if so. True if there is a new one. Cheap when nothing changed.
    bool refresh();
    /// (reads) Everything imported, in order of import.
    [[nodiscard]] std::vector<SourceInfo> sources() const;
    /// Field types for everything bound from now on; the default is ECS. Makes a new snapshot.
    void setSchema(std::shared_ptr<const schema::Schema> schema);

    /// (writes) Adds files. With a case file, events can be seen by `refresh` while the import goes
    /// on; a case in memory takes one import in its life, all paths at once. Progress
    /// counts bytes, its items are events. What is wrong with one file is in the outcome; errors:
    /// the case cannot be written, cancelled (what was committed stays and can be continued).
    [[nodiscard]] Result<ImportOutcome> import(const ImportRequest& request, Progress& progress,
                                               std::stop_token stop = {});

    /// (reads) Every file of the case with what was wrong with it, as its import told. Errors: the
    /// case cannot be read.
    [[nodiscard]] Result<std::vector<ImportOutcome::File>> importedFiles() const;

    /// (writes) Replaces the rules by those under @p paths (files and folders). Broken files are
    /// members of the set. Error only where a path cannot be opened at all, or on cancellation.
    [[nodiscard]] Result<void> loadRules(std::span<const std::filesystem::path> paths,
                                         std::stop_token stop = {});
    /// (writes) The same with a set that exists already, for instance edited in the window.
    void setRules(std::shared_ptr<const rules::RuleSet> rules);
    /// (reads) Never null.
    [[nodiscard]] std::shared_ptr<const rules::RuleSet> rules() const;

    /// Rules that this case runs or leaves out whatever their files say, by rule id.
    using RuleSwitches = std::map<std::string, bool, std::less<>>;
    /// (reads) Errors: the case cannot be read.
    [[nodiscard]] Result<RuleSwitches> ruleSwitches() const;
    /// (writes) Switches a rule on or off for this case, from the next run on; nothing: as its file
    /// says. The file is not touched. Errors: the case cannot be written.
    [[nodiscard]] Result<void> switchRule(std::string_view ruleId, std::optional<bool> on);

    /// (writes the case at the end) Runs all rules over the current snapshot; alerts replace those
    /// of the last run and take over the verdicts of the case. The case's exceptions apply, beside
    /// those of @p options; they expire by `options.now`, else by the clock.
    [[nodiscard]] Result<std::shared_ptr<const detect::Detection>>
    detect(const detect::DetectOptions& options, Progress& progress, std::stop_token stop = {});
    /// (reads) Alerts of the last run, or those kept in the case when it was opened; never null.
    /// Verdicts are current.
    [[nodiscard]] std::shared_ptr<const detect::Detection> detection() const;
    /// (reads) Origin, matched clauses, shared fields and reason of one alert; reads documents.
    [[nodiscard]] Result<detect::AlertDetails> details(const detect::Alert& alert) const;

    /// (reads) Origin of one event: path, member and hash of its source.
    [[nodiscard]] SourceInfo sourceOf(EventNumber event) const;

    /// (reads) Runs one query over the current snapshot, matches, funnel and all.
    /// Errors: as Engine::run; what is wrong with the text is in the answer.
    [[nodiscard]] Result<QueryAnswer> query(const QueryRequest& request,
                                            std::stop_token stop = {}) const;
    /// (reads) The events a condition or an event query matches: filter bar, colour rules. Empty
    /// text is all events.
    [[nodiscard]] Result<FilterAnswer> filter(std::string_view text,
                                              std::stop_token stop = {}) const;

    /// (writes) Sets the verdict of alerts and keeps it in the case. Author and time are filled in
    /// where the verdict leaves them empty. Errors: an id that no alert has, a closed verdict
    /// without a reason, the case cannot be written; then no verdict is set.
    [[nodiscard]] Result<void> setVerdict(std::span<const std::string> alertIds,
                                          const detect::Verdict& verdict);
    /// (writes) The same for a change that leaves the rest of each verdict as it is.
    [[nodiscard]] Result<void> editVerdicts(std::span<const std::string> alertIds,
                                            const detect::VerdictEdit& edit);
    /// (reads) Every verdict of the case as one JSON document {"verdicts":[…]}, in order of alert
    /// id, and back: those of another case are added, newer ones replace older ones. Returns how
    /// many were taken over. Errors: not such a document.
    [[nodiscard]] Result<std::string> exportVerdicts() const;
    [[nodiscard]] Result<std::size_t> importVerdicts(std::string_view json);
    /// (reads) Nothing if nobody has decided yet.
    [[nodiscard]] std::optional<detect::Verdict> verdict(std::string_view alertId) const;

    /// (reads) Events the analyst has marked, by event number. Errors: the case cannot be read.
    [[nodiscard]] Result<std::vector<Bookmark>> bookmarks() const;
    /// (writes) Marks events or takes marks away; keeps it in the case. What is marked already
    /// keeps its label.
    [[nodiscard]] Result<void> setBookmarked(std::span<const EventNumber> events, bool marked);
    /// (writes) What the analyst says about a marked event, plain text. Errors: it is not marked,
    /// the case cannot be written.
    [[nodiscard]] Result<void> setBookmarkLabel(EventNumber event, std::string_view label);

    /// (reads) What a window keeps in the case under @p key, as it was saved: from a stranger's
    /// case it is a stranger's text. Nothing if there is nothing.
    [[nodiscard]] Result<std::optional<std::string>> layout(std::string_view key) const;
    /// (writes) Keeps @p text in the case; an empty one takes it out. Errors: longer than
    /// limits::maxLayoutBytes, the case cannot be written.
    [[nodiscard]] Result<void> saveLayout(std::string_view key, std::string_view text);

    /// (reads) Runs both sets over the current snapshot with the exceptions and verdicts of the
    /// case; keeps nothing. Errors: cancelled, the data could not be read.
    [[nodiscard]] Result<RuleComparison> compareRules(const rules::RuleSet& before,
                                                      const rules::RuleSet& after,
                                                      const detect::DetectOptions& options,
                                                      Progress& progress,
                                                      std::stop_token stop = {}) const;

    /// (reads) The evidence of a comparison as Markdown or, @p asJson, as one JSON object;
    /// deterministic. The names are what the two versions are called.
    [[nodiscard]] Result<std::string> exportComparison(const RuleComparison& comparison,
                                                       std::string_view beforeName,
                                                       std::string_view afterName, bool asJson,
                                                       std::stop_token stop = {}) const;

    /// (reads) In order of id.
    [[nodiscard]] Result<std::vector<detect::Exception>> exceptions() const;
    /// (reads) Runs the rules that @p exception concerns without and with it (in place of a saved
    /// one of the same id, and as if it were in force); keeps nothing. Errors: as `detect`.
    [[nodiscard]] Result<ExceptionPreview> previewException(const detect::Exception& exception,
                                                            const detect::DetectOptions& options,
                                                            Progress& progress,
                                                            std::stop_token stop = {}) const;
    /// (writes) Keeps an exception in the case; it counts from the next run on. Id, author and time
    /// are filled in where they are empty. Returns the id. Errors: the condition does not bind
    /// (located in it), the case cannot be written.
    [[nodiscard]] Result<std::string> saveException(const detect::Exception& exception);
    /// (writes) Removing what is not there is no error.
    [[nodiscard]] Result<void> removeException(std::string_view id);
    /// (reads), (writes) As exportVerdicts and importVerdicts, {"exceptions":[…]}.
    [[nodiscard]] Result<std::string> exportExceptions() const;
    /// (reads) The same, those of one rule only: what goes beside its file.
    [[nodiscard]] Result<std::string> exportExceptionsOf(std::string_view ruleId) const;
    [[nodiscard]] Result<std::size_t> importExceptions(std::string_view json);

    /// (reads) In order of id.
    [[nodiscard]] Result<std::vector<Note>> notes() const;
    /// (writes) Returns the id. Errors: an unknown kind of subject, the case cannot be written.
    [[nodiscard]] Result<std::string> saveNote(const Note& note);
    [[nodiscard]] Result<void> removeNote(std::string_view id);
    /// (reads), (writes) As exportVerdicts and importVerdicts, {"notes":[…]}.
    [[nodiscard]] Result<std::string> exportNotes() const;
    [[nodiscard]] Result<std::size_t> importNotes(std::string_view json);

    /// (reads) An alert summary of the last run as bytes; deterministic (report/export.h).
    [[nodiscard]] Result<std::string> exportAlerts(const report::ExportRequest& request,
                                                   std::stop_token stop = {}) const;
    /// (reads) The same as a document, front to back into @p sink: what cannot be written by the
    /// core (PDF) is made of it. The request's format does not matter.
    [[nodiscard]] Result<void> describeAlerts(const report::ExportRequest& request,
                                              report::DocumentSink& sink,
                                              std::stop_token stop = {}) const;

private:
    struct State;
    explicit Workspace(std::unique_ptr<State> state);
    [[nodiscard]] static Result<std::unique_ptr<Workspace>>
    adopt(std::shared_ptr<casefile::CaseFile> caseFile);
    [[nodiscard]] Result<ImportOutcome> importIntoMemory(std::span<const ingest::Input> inputs,
                                                         const ingest::ImportOptions& options,
                                                         Progress& progress, std::stop_token stop);
    [[nodiscard]] Result<void>
    changeVerdicts(std::span<const std::string> alertIds,
                   const std::function<detect::Verdict(const detect::Verdict&)>& change);
    std::unique_ptr<State> m_state;
};

} // namespace sequela::workspace
