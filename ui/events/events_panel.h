#pragma once

#include "ui/events/event_grid.h"
#include "ui/jobs/job_runner.h"
#include "ui/widgets/panel.h"

#include <QStringList>

#include <memory>

class QStackedWidget;

namespace sequela::ui {

class EmptyState;
class EventFindBar;

/// The event table of the Events workspace: the shown events in a grid, sorted in a job, with the
/// column chooser.
class EventsPanel : public Panel {
    Q_OBJECT

public:
    explicit EventsPanel(state::Context& context, QWidget* parent = nullptr);

    [[nodiscard]] EventGrid& grid() { return *m_grid; }
    void addColumn(const std::string& field);
    [[nodiscard]] QStringList savedColumns() const;
    void restoreColumns(const QStringList& saved);
    /// Next event of the same process as the current one, or the one before.
    void stepInProcess(bool forward);

    void openFindBar();
    [[nodiscard]] EventFindBar& findBar() { return *m_findBar; }
    /// Next row that shows the text of the find bar, or the one before; opens the bar if it is
    /// empty.
    void findText(bool forward);
    /// Marks the selected events, or takes their marks away if the current one has one.
    void toggleMark();
    /// Next marked event below the current row, going on at the top.
    void goToMark();

Q_SIGNALS:
    /// Selected rows, the current field.
    void statusChanged();

private:
    void rebuildRows();
    void rebuildMarks();
    void toggleSort(const std::string& field);
    void showChooser();
    void followSelection();
    void updateState();

    state::Context& m_context;
    EventGrid* m_grid = nullptr;
    QStackedWidget* m_stack = nullptr;
    EmptyState* m_empty = nullptr;
    EventFindBar* m_findBar = nullptr;
    QToolButton* m_columnsButton = nullptr;
    EventSort m_sort;
    JobRunner m_sortJob;
    JobRunner m_marksJob;
    JobRunner m_stepJob;
    JobRunner m_locateJob;
};

} // namespace sequela::ui
