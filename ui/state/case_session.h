#pragma once

#include "core/workspace/workspace.h"
#include "ui/jobs/job_runner.h"
#include "ui/state/event_filter.h"

#include <QObject>
#include <QString>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace sequela::ui::state {

class Selection;

/// What the analyst knows of files that the files do not say; for every import from now on.
struct ImportSettings {
    /// Kept for this session only.
    std::vector<std::string> archivePasswords;
    /// As in ingest::ImportOptions.
    std::map<std::string, std::int64_t> clockOffsets;
    std::vector<mapping::MappingTable> mappings;
};

/// The open case as the window sees it: which snapshot, which alerts, which events are shown.
/// Everything slow runs in jobs of its own; panels read the current values and follow the signals.
/// GUI thread only; what the getters return is immutable and may be handed to other threads.
class CaseSession : public QObject {
    Q_OBJECT

public:
    CaseSession(Selection& selection, JobBoard* board, QObject* parent = nullptr);
    ~CaseSession() override;

    // -- the case

    [[nodiscard]] bool isOpen() const { return m_workspace != nullptr; }
    /// Null if no case is open. For panels' own jobs: keep the pointer in the job.
    [[nodiscard]] std::shared_ptr<workspace::Workspace> workspace() const { return m_workspace; }
    /// "incident.sequela", "Unsaved case".
    [[nodiscard]] QString name() const;
    /// The case goes with the window: nothing chose a file for it.
    [[nodiscard]] bool isTemporary() const { return m_isTemporary; }
    /// The current events; null if no case is open.
    [[nodiscard]] std::shared_ptr<const workspace::Snapshot> snapshot() const { return m_snapshot; }
    [[nodiscard]] std::uint64_t eventCount() const;

    /// The case is temporary and holds verdicts or marks: closing it would lose work.
    [[nodiscard]] bool hasUnsavedWork() const;
    /// Writes the case into a new file and goes on there; what is selected stays selected.
    /// `caseSaved` or `failed` follows. Not while an import runs.
    void saveCaseAs(const std::filesystem::path& file);
    [[nodiscard]] bool isSaving() const { return m_saveRequested; }

    void openCase(const std::filesystem::path& file);
    void createCase(const std::filesystem::path& file);
    /// Imports into the open case, or into a new temporary one, and runs the rules afterwards.
    void importPaths(std::vector<std::filesystem::path> paths);
    /// The same, always into a new temporary case.
    void importIntoNewCase(std::vector<std::filesystem::path> paths);
    /// The same for text that lies in no file, under a name of its own.
    void importText(std::string name, std::string text);
    [[nodiscard]] const ImportSettings& importSettings() const { return m_importSettings; }
    void setImportSettings(ImportSettings settings) { m_importSettings = std::move(settings); }
    void cancelImport();
    [[nodiscard]] bool isImporting() const;
    [[nodiscard]] bool isOpening() const;
    [[nodiscard]] JobStatus importStatus() const { return m_importJob.status(); }
    /// Of the last import of this case, null before.
    [[nodiscard]] std::shared_ptr<const workspace::ImportOutcome> importOutcome() const
    {
        return m_outcome;
    }

    // -- rules and alerts

    /// Rules every case is run with, from now on; loads and runs them.
    void setRulePaths(std::vector<std::filesystem::path> paths);
    [[nodiscard]] const std::vector<std::filesystem::path>& rulePaths() const
    {
        return m_rulePaths;
    }
    /// Never null while a case is open; null before.
    [[nodiscard]] std::shared_ptr<const rules::RuleSet> rules() const;
    /// Runs all rules over the current events.
    void runRules();
    [[nodiscard]] bool isDetecting() const { return m_detectJob.isRunning(); }
    /// Null if no case is open.
    [[nodiscard]] std::shared_ptr<const detect::Detection> detection() const { return m_detection; }
    /// Null if there is none with this id. Valid while `detection()` is held.
    [[nodiscard]] const detect::Alert* alert(const std::string& id) const;
    /// Decides about alerts; `alertsChanged` or `failed` follows. Edits are kept in order.
    void editVerdicts(std::vector<std::string> alertIds, detect::VerdictEdit edit);

    /// Marked events of the case, in no order; GUI thread.
    [[nodiscard]] const std::unordered_set<EventNumber>& bookmarks() const { return m_bookmarks; }
    void setBookmarked(std::vector<EventNumber> events, bool marked);
    /// What was said about a marked event, empty for nothing.
    [[nodiscard]] QString bookmarkNote(EventNumber event) const
    {
        const auto found = m_bookmarkNotes.find(event);
        return found == m_bookmarkNotes.end() ? QString() : found->second;
    }
    /// Nothing happens if the event is not marked.
    void setBookmarkNote(EventNumber event, const QString& note);

    // -- the filter

    /// Evaluates and applies a condition; an empty text shows everything. Errors are left for
    /// `filterRejected` and the old filter stays.
    void applyFilter(const std::string& text);
    /// What is applied now. Never null.
    [[nodiscard]] std::shared_ptr<const EventFilter> filter() const { return m_filter; }
    /// The filter is being evaluated; what is shown is stale.
    [[nodiscard]] bool isFiltering() const { return m_filterJob.isRunning(); }

Q_SIGNALS:
    /// Another case, or none (`isOpen`); snapshot, alerts and filter are those of the new one.
    void caseOpened();
    /// The same case lives in another file now.
    void caseSaved();
    void bookmarksChanged();
    /// Verdicts or marks were set in a case that goes with the window.
    void unsavedWork();
    /// More events in the same case, see `snapshot()->revision`.
    void snapshotChanged();
    /// Alerts or their verdicts.
    void alertsChanged();
    /// Another rule set was loaded.
    void rulesChanged();
    /// `filter()` is another: condition, time range, or the events they select.
    void filterChanged();
    void filterRejected(const QString& text, const std::vector<sequela::Diagnostic>& diagnostics);
    void importStarted();
    void importProgressed();
    /// `importOutcome()` tells; not emitted after a failure.
    void importFinished();
    /// Opening, importing, running rules began or ended.
    void activityChanged();
    /// Something failed; to be shown where the user looks, never in a dialog.
    void failed(const sequela::Diagnostic& error);

private:
    void adopt(std::shared_ptr<workspace::Workspace> workspace);
    void beginImport();
    void startImport();
    void makeTemporaryCase();
    void takeSnapshot();
    void refreshFilter(const std::string& text);
    void writeVerdicts();
    void keepBookmarks();
    void writeBookmarks();
    void readBookmarks();
    void startSave();
    void takeOver(std::shared_ptr<workspace::Workspace> saved);
    /// The alerts by id, made where the detection was made.
    using AlertIndex = std::unordered_map<std::string, std::size_t>;
    struct Indexed {
        std::shared_ptr<const detect::Detection> detection;
        std::shared_ptr<const AlertIndex> index;
    };
    [[nodiscard]] static Indexed indexed(std::shared_ptr<const detect::Detection> detection);
    void takeDetection(Indexed found);
    void growSnapshot();
    void runRulesMeanwhile();

    Selection& m_selection;
    std::shared_ptr<workspace::Workspace> m_workspace;
    std::shared_ptr<const workspace::Snapshot> m_snapshot;
    std::shared_ptr<const detect::Detection> m_detection;
    std::shared_ptr<const workspace::ImportOutcome> m_outcome;
    std::shared_ptr<const EventFilter> m_filter = std::make_shared<EventFilter>();
    std::shared_ptr<const AlertIndex> m_alertIndex = std::make_shared<const AlertIndex>();
    std::vector<std::filesystem::path> m_rulePaths;
    std::vector<std::filesystem::path> m_pendingImports;
    std::vector<std::pair<std::string, std::string>> m_pendingTexts;
    ImportSettings m_importSettings;
    std::vector<std::pair<std::vector<std::string>, detect::VerdictEdit>> m_pendingVerdicts;
    struct PendingMarks {
        std::vector<EventNumber> events;
        bool marked = true;
        /// Of the one event, where only its note is another.
        std::optional<std::string> note;
    };
    std::vector<PendingMarks> m_pendingBookmarks;
    std::unordered_set<EventNumber> m_bookmarks;
    std::unordered_map<EventNumber, QString> m_bookmarkNotes;
    std::filesystem::path m_saveTarget;
    /// From the wish to save until the case lives in its new file, or could not be saved.
    bool m_saveRequested = false;
    qint64 m_lastSnapshotMs = 0;
    /// Events the rules ran over last while an import went on.
    std::uint64_t m_detectedEvents = 0;
    /// The case lives in a temporary folder and goes with the window.
    bool m_isTemporary = false;

    // Last, so that they are joined before what they use goes.
    JobRunner m_openJob;
    JobRunner m_importJob;
    JobRunner m_growJob;
    JobRunner m_rulesJob;
    JobRunner m_detectJob;
    JobRunner m_filterJob;
    JobRunner m_verdictJob;
    JobRunner m_bookmarkJob;
    JobRunner m_saveJob;
};

} // namespace sequela::ui::state
