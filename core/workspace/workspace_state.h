#pragma once

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
    std::map<EventNumber, Timestamp> memoryBookmarks;

    /// Publishes a snapshot over these events with the current schema.
    void publish(std::shared_ptr<const schema::ColumnSource> events);
    [[nodiscard]] Result<std::vector<casefile::VerdictRecord>> verdictRecords() const;
    [[nodiscard]] Result<void> saveVerdicts(const std::vector<casefile::VerdictRecord>& records);
    /// Gives every alert its verdict.
    [[nodiscard]] Result<void> applyVerdicts(detect::Detection& found) const;
    /// Alerts the case file keeps.
    [[nodiscard]] Result<std::shared_ptr<const detect::Detection>> storedDetection() const;
    [[nodiscard]] Result<void> storeDetection(const detect::Detection& found, std::stop_token stop);
};

/// What an import report says, in the façade's words.
[[nodiscard]] ImportOutcome outcomeOf(ingest::ImportReport report);
[[nodiscard]] SourceInfo sourceInfoOf(const ingest::FileReport& file);
[[nodiscard]] SourceInfo sourceInfoOf(const casefile::SourceRecord& source);
/// Now, and the login name of whoever runs the program.
[[nodiscard]] Timestamp currentTime();
[[nodiscard]] std::string currentUser();

} // namespace sequela::workspace
