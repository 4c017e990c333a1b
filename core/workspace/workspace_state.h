#pragma once

#include "core/base/present_time.h"
#include "core/casefile/case_file.h"
#include "core/detect/alert_records.h"
#include "core/workspace/workspace.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace sequela::workspace {

/// A folder of our own that goes away with everything in it.
class TemporaryFolder {
public:
    [[nodiscard]] static Result<std::unique_ptr<TemporaryFolder>> make();
    explicit TemporaryFolder(std::filesystem::path path) : m_path(std::move(path)) {}
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

struct Workspace::State {
    std::filesystem::path file;
    /// Removed after the case file in it is closed: members are destroyed from the last to the
    /// first.
    std::unique_ptr<TemporaryFolder> folder;
    /// Null for a case in memory.
    std::shared_ptr<casefile::CaseFile> caseFile;

    /// Held by functions that write, one at a time.
    std::mutex writing;

    /// Guards everything below, for moments only.
    mutable std::mutex access;
    std::shared_ptr<const schema::Schema> schema = schema::Schema::ecs();
    std::shared_ptr<const Snapshot> snapshot;
    std::uint64_t lastRevision = 0;
    std::shared_ptr<const rules::RuleSet> rules = std::make_shared<rules::RuleSet>();
    /// Null until a run, or until the case's alerts were asked for.
    mutable std::shared_ptr<const detect::Detection> detection;
    /// Sources and verdicts of a case in memory.
    std::vector<SourceInfo> memorySources;
    bool memoryImported = false;
    std::map<std::string, casefile::VerdictRecord, std::less<>> memoryVerdicts;
    std::map<EventNumber, Bookmark> memoryBookmarks;
    std::map<std::string, std::string, std::less<>> memoryLayouts;
    std::map<std::string, casefile::ExceptionRecord, std::less<>> memoryExceptions;
    std::map<std::string, casefile::NoteRecord, std::less<>> memoryNotes;
    RuleSwitches memorySwitches;

    /// Publishes a snapshot over these events with the current schema.
    void publish(std::shared_ptr<const schema::ColumnSource> events);
    [[nodiscard]] Result<std::vector<casefile::VerdictRecord>> verdictRecords() const;
    [[nodiscard]] Result<void> saveVerdicts(const std::vector<casefile::VerdictRecord>& records);
    /// Gives every alert its verdict.
    [[nodiscard]] Result<void> applyVerdicts(detect::Detection& found) const;
    /// Alerts the case file keeps.
    [[nodiscard]] Result<std::shared_ptr<const detect::Detection>> storedDetection() const;
    /// @p eventCount: events the rules ran over.
    [[nodiscard]] Result<void> storeDetection(const detect::Detection& found,
                                              std::uint64_t eventCount, std::stop_token stop);
    /// Exceptions and notes of the case file or of memory, in order of id.
    [[nodiscard]] Result<std::vector<casefile::ExceptionRecord>> exceptionRecords() const;
    [[nodiscard]] Result<void> saveException(const casefile::ExceptionRecord& record);
    [[nodiscard]] Result<std::vector<casefile::NoteRecord>> noteRecords() const;
    [[nodiscard]] Result<void> saveNote(const casefile::NoteRecord& record);
    /// Runs rules under the case's exceptions joined by @p exceptions, verdicts applied. Nothing is
    /// kept.
    [[nodiscard]] Result<detect::Detection> run(const rules::RuleSet& ruleSet, const Snapshot& on,
                                                std::span<const detect::Exception> exceptions,
                                                const detect::DetectOptions& options,
                                                Progress& progress, std::stop_token stop) const;
};

/// What an import report says, in the façade's words.
[[nodiscard]] ImportOutcome outcomeOf(ingest::ImportReport report);
[[nodiscard]] SourceInfo sourceInfoOf(const ingest::FileReport& file);
[[nodiscard]] SourceInfo sourceInfoOf(const casefile::SourceRecord& source);
[[nodiscard]] detect::Exception exceptionOf(const casefile::ExceptionRecord& record);
[[nodiscard]] casefile::ExceptionRecord toRecord(const detect::Exception& exception);
/// 16 hex digits that the parts, each length-prefixed, decide.
[[nodiscard]] std::string newId(std::initializer_list<std::string_view> parts, Timestamp now);
/// The login name of whoever runs the program.
[[nodiscard]] std::string currentUser();

} // namespace sequela::workspace
