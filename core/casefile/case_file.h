#pragma once

#include "core/base/diagnostic.h"
#include "core/base/progress.h"
#include "core/casefile/case_records.h"
#include "core/casefile/case_snapshot.h"
#include "core/casefile/limits.h"
#include "core/casefile/packed_segment.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sequela::casefile {

enum class Access : std::uint8_t {
    ReadOnly,
    /// One process at a time; migrates an older schema after a backup beside the file.
    ReadWrite,
};

struct OpenOptions {
    Access access = Access::ReadWrite;
    /// Bound of the cache of decoded columns and document blocks.
    std::size_t cacheBytes = limits::columnCacheBytes;
};

/// An open case: one SQLite database (schema.sql) with events, alerts and the analyst's work.
///
/// Thread-safe. Every writing call is one transaction, complete or without effect, and durable
/// against a crash of the process when it returns; writing calls wait for each other. Reading calls
/// use connections of their own and never wait for a writer. After an error the case is as before
/// the call.
///
/// Error codes: `case-missing`, `case-exists`, `case-not-a-case` (another kind of file),
/// `case-newer` (written by a newer program), `case-locked` (another process has it),
/// `case-read-only`, `case-disk-full`, `case-damaged`, `case-io`, `case-closed`,
/// `case-too-many-fields`, `case-no-such-source`; a hint says the way out.
class CaseFile {
public:
    /// Makes a new, empty case. Refuses a path that exists.
    [[nodiscard]] static Result<std::shared_ptr<CaseFile>> create(const std::filesystem::path& path,
                                                                  const OpenOptions& options = {});
    /// Opens an existing case. Cost does not depend on the number of events but of segments.
    [[nodiscard]] static Result<std::shared_ptr<CaseFile>> open(const std::filesystem::path& path,
                                                                const OpenOptions& options = {});
    /// Closes; errors are lost, so call close() where they matter.
    ~CaseFile();
    CaseFile(const CaseFile&) = delete;
    CaseFile& operator=(const CaseFile&) = delete;

    /// Moves everything into the one file and closes it. Snapshots live on with what they cached.
    /// An error means the `-wal` file must stay beside the case. Calling it again does nothing.
    [[nodiscard]] Result<void> close();

    [[nodiscard]] const std::filesystem::path& path() const;
    [[nodiscard]] bool isReadOnly() const;
    /// Backup that a migration made when the case was opened, or empty.
    [[nodiscard]] const std::filesystem::path& migrationBackup() const;

    /// Writes the case as it is at this moment, everything included, into a new file; never over
    /// one that exists. A reading call: writers go on. Progress counts pages. After an error or a
    /// cancellation there is no new file. Errors: those of `create`.
    [[nodiscard]] Result<void> saveCopy(const std::filesystem::path& path, Progress& progress,
                                        std::stop_token stop = {}) const;

    // -- reading events

    /// The events now. Shares decoded columns with earlier snapshots.
    [[nodiscard]] Result<std::shared_ptr<const CaseSnapshot>> snapshot() const;
    /// Sources in order of number.
    [[nodiscard]] Result<std::vector<SourceRecord>> sources() const;
    /// The source with this key in any state. Hash and size and member must all agree.
    [[nodiscard]] Result<std::optional<SourceRecord>> findSource(const SourceKey& key) const;
    /// Sources imported from this path and member, newest first: candidates for continuing an
    /// interrupted import (state Importing) or for the tail of a file that has grown (compare
    /// progress.prefixSha256Hex over progress.bytesConsumed bytes, or key over key.sizeBytes).
    [[nodiscard]] Result<std::vector<SourceRecord>> sourcesAt(std::string_view path,
                                                              std::string_view member) const;
    [[nodiscard]] Result<std::vector<ProblemRecord>> problems(SourceNumber source) const;

    // -- importing

    /// From here to endFilling() transactions go straight into the file, beside a rollback journal
    /// of the few pages that were there before, instead of through the write-ahead log: what is
    /// appended is written once. Just as safe, but other connections then wait while a transaction
    /// is written instead of reading beside it, so it is for filling a case nobody looks at. Where
    /// somebody has the file open it changes nothing.
    [[nodiscard]] Result<void> beginFilling();
    /// Back to the write-ahead log, unless somebody has the file open.
    [[nodiscard]] Result<void> endFilling();
    [[nodiscard]] Result<SourceNumber> beginSource(const NewSource& source);
    /// Writes a segment of a source that is Importing: columns, documents, `event` rows and the
    /// progress, in one transaction. Segments of one source come in record order.
    [[nodiscard]] Result<SegmentNumber> appendSegment(SourceNumber source,
                                                      const PackedSegment& segment,
                                                      const SourceProgress& progress);
    /// Replaces or adds a column of a segment (a derived field that is only known at the end of its
    /// source), `event` rows included. Snapshots made before keep the old column.
    [[nodiscard]] Result<void> replaceColumn(SegmentNumber segment, const NamedColumn& column);
    /// Several at once, in one transaction.
    [[nodiscard]] Result<void>
    replaceColumns(std::span<const std::pair<SegmentNumber, NamedColumn>> columns);
    /// Segments of a source in record order.
    [[nodiscard]] Result<std::vector<SegmentNumber>> segmentsOf(SourceNumber source) const;
    /// Notes the outcome: state, hash, counts, problems. A source that failed or was interrupted
    /// and is continued is first set to Importing again by `resumeSource`.
    [[nodiscard]] Result<void> finishSource(SourceNumber source, const SourceOutcome& outcome);
    /// Makes a source Importing again and returns where to go on.
    [[nodiscard]] Result<SourceProgress> resumeSource(SourceNumber source);
    /// Adds problems while the import runs (`finishSource` replaces them).
    [[nodiscard]] Result<void> addProblems(SourceNumber source,
                                           std::span<const ProblemRecord> problems);

    // -- rules and alerts

    /// What one rule found. Replaces the alerts of the rule with the same ruleId.
    struct RuleRun {
        RuleRecord rule;
        std::vector<AlertRecord> alerts;
    };
    /// Takes over the results of a run, all or nothing. Rules not named keep theirs; verdicts,
    /// notes and exceptions are never touched.
    [[nodiscard]] Result<void> replaceRuleRuns(std::span<const RuleRun> runs,
                                               std::stop_token stop = {});
    /// Forgets rules and their alerts, by ruleId.
    [[nodiscard]] Result<void> removeRules(std::span<const std::string> ruleIds);
    /// Every rule, by ruleId.
    [[nodiscard]] Result<std::vector<RuleRecord>> rules() const;
    /// Every alert with its events, sorted by last time, rule id, alert id.
    [[nodiscard]] Result<std::vector<AlertRecord>> alerts(std::stop_token stop = {}) const;

    // -- the analyst's work

    /// Gives or changes the verdict of VerdictRecord::alertId.
    [[nodiscard]] Result<void> saveVerdicts(std::span<const VerdictRecord> verdicts);
    [[nodiscard]] Result<void> removeVerdict(std::string_view alertId);
    /// By alert id.
    [[nodiscard]] Result<std::vector<VerdictRecord>> verdicts() const;
    /// The alert's own verdict, else the newest over the same events of the same rule.
    [[nodiscard]] Result<std::optional<VerdictMatch>>
    findVerdict(std::string_view alertId, std::string_view ruleId,
                std::string_view eventsHash) const;

    [[nodiscard]] Result<void> saveException(const ExceptionRecord& exception);
    [[nodiscard]] Result<void> removeException(std::string_view id);
    [[nodiscard]] Result<std::vector<ExceptionRecord>> exceptions() const;

    [[nodiscard]] Result<void> saveNote(const NoteRecord& note);
    [[nodiscard]] Result<void> removeNote(std::string_view id);
    [[nodiscard]] Result<std::vector<NoteRecord>> notes() const;

    [[nodiscard]] Result<void> saveBookmark(const BookmarkRecord& bookmark);
    [[nodiscard]] Result<void> removeBookmark(EventNumber event);
    [[nodiscard]] Result<std::vector<BookmarkRecord>> bookmarks() const;

    [[nodiscard]] Result<void> saveFilter(const SavedFilterRecord& filter);
    [[nodiscard]] Result<void> removeFilter(std::string_view name);
    [[nodiscard]] Result<std::vector<SavedFilterRecord>> savedFilters() const;

    /// A value under a key of the caller's choice ("window", "rules.local-state"), JSON by
    /// convention; an empty value removes it.
    [[nodiscard]] Result<void> saveLayout(std::string_view key, std::string_view json);
    [[nodiscard]] Result<std::optional<std::string>> layout(std::string_view key) const;

    // -- health

    /// Checks SQLite's structures, every blob's checksum and that the parts agree. The findings,
    /// empty if all is well. Takes about as long as reading the file.
    [[nodiscard]] Result<std::vector<Diagnostic>> integrityCheck(std::stop_token stop = {}) const;

private:
    struct State;
    explicit CaseFile(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace sequela::casefile
