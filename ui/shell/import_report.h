#pragma once

#include "core/base/strong_id.h"
#include "core/workspace/workspace.h"
#include "ui/jobs/job_runner.h"
#include "ui/state/context.h"
#include "ui/widgets/panel.h"

#include <vector>

class QLabel;
class QProgressBar;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace sequela::ui {

class SourceLineView;

/// What imports do and did: progress with rate, time left and cancel; then every file with what was
/// read, skipped, or refused, and why.
class ImportReport : public Panel {
    Q_OBJECT

public:
    explicit ImportReport(state::Context& context, QWidget* parent = nullptr);

    [[nodiscard]] QTreeWidget& files() { return *m_files; }
    [[nodiscard]] SourceLineView& sourceView() { return *m_source; }
    /// The line an event came from, beside the files; the panel is shown.
    void showLineOf(EventNumber event);

private:
    void showProgress();
    void takeOutcome();
    void showFiles();
    /// Of a case that was opened: what its imports told.
    void readFiles();
    void showLine(const QTreeWidgetItem* item);

    state::Context& m_context;
    QWidget* m_progressRow = nullptr;
    QLabel* m_line = nullptr;
    QProgressBar* m_bar = nullptr;
    QPushButton* m_cancel = nullptr;
    QTreeWidget* m_files = nullptr;
    SourceLineView* m_source = nullptr;
    std::vector<workspace::ImportOutcome::File> m_shown;
    JobRunner m_job;
};

} // namespace sequela::ui
