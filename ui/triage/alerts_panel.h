#pragma once

#include "ui/jobs/job_runner.h"
#include "ui/state/context.h"
#include "ui/triage/alert_rows.h"
#include "ui/widgets/panel.h"

#include <memory>
#include <string>
#include <vector>

class QLineEdit;
class QListView;
class QStackedWidget;
class QToolButton;

namespace sequela::ui {

class AlertListModel;
class EmptyState;

/// The alert list of the Triage workspace. Choosing an alert selects its process and its last
/// event, too.
class AlertsPanel : public Panel {
    Q_OBJECT

public:
    explicit AlertsPanel(state::Context& context, QWidget* parent = nullptr);

    [[nodiscard]] AlertListModel& model() { return *m_model; }
    [[nodiscard]] QListView& list() { return *m_list; }
    [[nodiscard]] const AlertListOptions& options() const { return m_options; }
    void setGrouping(AlertGrouping grouping);
    void setSorting(AlertSorting sorting);
    void setHideClosed(bool hide);
    /// Ids of the selected alerts, all members of selected groups included.
    [[nodiscard]] std::vector<std::string> selectedAlertIds() const;
    /// Makes an alert the current one, as a click would.
    void chooseAlert(const std::string& alertId);
    void step(int rows);
    void focusSearch();
    void setVerdictOfSelected(detect::VerdictStatus status, detect::VerdictReason reason);

Q_SIGNALS:
    /// `selectedAlertIds()` are others.
    void selectionChanged();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void makeMenus();
    void rebuild();
    void choose(const QModelIndex& index);
    void toggleFold(const QModelIndex& index);
    void showRows(std::shared_ptr<const detect::Detection> detection,
                  std::shared_ptr<const AlertRows> rows, AlertGrouping grouping);
    void followSelection();
    void updateState();
    void showMenu(const QPoint& position);

    state::Context& m_context;
    AlertListModel* m_model = nullptr;
    QListView* m_list = nullptr;
    QLineEdit* m_search = nullptr;
    QStackedWidget* m_stack = nullptr;
    EmptyState* m_empty = nullptr;
    QToolButton* m_groupButton = nullptr;
    QToolButton* m_sortButton = nullptr;
    AlertListOptions m_options;
    bool m_following = false;
    JobRunner m_job;
    JobRunner m_processJob;
};

} // namespace sequela::ui
