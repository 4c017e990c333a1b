#pragma once

#include "core/base/strong_id.h"
#include "core/ingest/import_report.h"
#include "core/workspace/workspace.h"
#include "ui/jobs/job_runner.h"
#include "ui/state/context.h"
#include "ui/widgets/panel.h"

#include <filesystem>
#include <vector>

class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace sequela::ui {

class SourceLineView;

/// What imports do and did: progress with rate, time left and cancel; then every file with what was
/// read, skipped, or refused, and why; and what the analyst can add: passwords of archives, how
/// wrong a host's clock was, names for the fields of files nobody knows.
class ImportReport : public Panel {
    Q_OBJECT

public:
    explicit ImportReport(state::Context& context, QWidget* parent = nullptr);

    [[nodiscard]] QTreeWidget& files() { return *m_files; }
    [[nodiscard]] SourceLineView& sourceView() { return *m_source; }
    [[nodiscard]] QLineEdit& password() { return *m_password; }
    [[nodiscard]] QComboBox& clockHost() { return *m_clockHost; }
    [[nodiscard]] QLineEdit& clockOffset() { return *m_clockOffset; }
    /// The line an event came from, beside the files; the panel is shown.
    void showLineOf(EventNumber event);

Q_SIGNALS:
    /// The settings of imports have changed, so that these files should be read again, in a new
    /// case.
    void importAgainRequested(const std::vector<std::filesystem::path>& paths);

private:
    void showProgress();
    void takeOutcome();
    void showFiles();
    /// Of a case that was opened: what its imports told.
    void readFiles();
    void showLine(const QTreeWidgetItem* item);
    QWidget* makePasswordRow();
    QWidget* makeClockRow();
    QTreeWidgetItem* addFile(const workspace::ImportOutcome::File& file);
    void addContent(QTreeWidgetItem* item, const ingest::FileReport& file);
    void showRows();
    void openEncrypted();
    void correctClock();
    void mapFields();
    /// Asks for all files of the case to be read again, if all are there.
    void importAgain();
    /// Row in `m_shown` of the file that is chosen, or a problem of it; -1 for none.
    [[nodiscard]] int chosenFile() const;
    void showMapButton();

    state::Context& m_context;
    QWidget* m_progressRow = nullptr;
    QLabel* m_line = nullptr;
    QProgressBar* m_bar = nullptr;
    QPushButton* m_cancel = nullptr;
    QTreeWidget* m_files = nullptr;
    SourceLineView* m_source = nullptr;
    QWidget* m_passwordRow = nullptr;
    QLabel* m_passwordLine = nullptr;
    QLineEdit* m_password = nullptr;
    QWidget* m_clockRow = nullptr;
    QComboBox* m_clockHost = nullptr;
    QLineEdit* m_clockOffset = nullptr;
    QLabel* m_clockFault = nullptr;
    QPushButton* m_map = nullptr;
    std::vector<workspace::ImportOutcome::File> m_shown;
    /// What the last import said of each of them; empty for a case that was opened.
    std::vector<ingest::FileReport> m_reports;
    std::vector<std::filesystem::path> m_encrypted;
    JobRunner m_job;
    JobRunner m_hostsJob;
};

} // namespace sequela::ui
