#pragma once

#include "ui/events/color_rules.h"
#include "ui/events/event_grid.h"
#include "ui/jobs/job_runner.h"
#include "ui/widgets/panel.h"

#include <QStringList>

#include <memory>

class QMenu;
class QStackedWidget;

namespace sequela::ui {

class ColorRulesBar;
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

    [[nodiscard]] ColorRules& colorRules() { return *m_colors; }
    [[nodiscard]] ColorRulesBar& colorRulesBar() { return *m_colorsBar; }
    /// Shows the colour rules above the table, or hides them.
    void toggleColorRules();
    /// Puts the events under a line for each value of @p field; empty for a flat table.
    void setGrouping(const std::string& field);
    [[nodiscard]] const std::string& grouping() const { return m_groupField; }
    [[nodiscard]] const EventSort& sort() const { return m_sort; }
    void setSort(const EventSort& sort);
    /// What the header of a column offers: order, grouping, pinning, values, taking away.
    void populateHeaderMenu(QMenu& menu, int column);
    /// What the button shows: how the table may be grouped.
    void populateGrouping(QMenu& menu);

Q_SIGNALS:
    /// Selected rows, the current field.
    void statusChanged();
    /// Columns, order, grouping: what is kept of the table.
    void arrangementChanged();
    /// The list of marks is to be seen.
    void marksRequested();

private:
    void rebuildRows();
    void rebuildMarks();
    void rebuildRowMarks();
    void toggleSort(const std::string& field);
    void showChooser();
    void removeColumn(const std::string& field);
    void showGrouping();
    void refreshControls();
    void followSelection();
    void updateState();

    state::Context& m_context;
    EventGrid* m_grid = nullptr;
    QStackedWidget* m_stack = nullptr;
    EmptyState* m_empty = nullptr;
    EventFindBar* m_findBar = nullptr;
    ColorRules* m_colors = nullptr;
    ColorRulesBar* m_colorsBar = nullptr;
    QToolButton* m_columnsButton = nullptr;
    QToolButton* m_groupButton = nullptr;
    QToolButton* m_marksButton = nullptr;
    EventSort m_sort;
    std::string m_groupField;
    JobRunner m_sortJob;
    JobRunner m_marksJob;
    JobRunner m_rowMarksJob;
    JobRunner m_stepJob;
    JobRunner m_locateJob;
};

} // namespace sequela::ui
