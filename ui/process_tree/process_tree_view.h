#pragma once

#include "core/views/tree_rows.h"
#include "ui/jobs/job_runner.h"
#include "ui/process_tree/process_painter.h"
#include "ui/state/case_views.h"
#include "ui/state/context.h"
#include "ui/state/selection.h"

#include <QAbstractScrollArea>

#include <memory>
#include <optional>

class QMenu;

namespace sequela::ui {

/// The processes of a case as a table-tree. Starts at the selected alert or process, shows every
/// decision that was inferred, stays fluid with a million processes: it paints the visible lines of
/// a flat list. Follows and sets the shared selection.
class ProcessTreeView : public QAbstractScrollArea {
    Q_OBJECT

public:
    ProcessTreeView(const state::Context& context, state::CaseViews& views,
                    QWidget* parent = nullptr);

    [[nodiscard]] const views::TreeRows& rows() const { return m_rows; }
    [[nodiscard]] std::optional<std::size_t> currentRow() const { return m_current; }
    /// What the menu of a line offers, the cell under the mouse included.
    void populateMenu(QMenu& menu, const views::Process& process, ProcessColumn column);
    /// Line under a point of the viewport.
    [[nodiscard]] std::optional<std::size_t> rowAt(const QPoint& point) const;
    [[nodiscard]] QRect rowRect(std::size_t row) const;
    /// Goes to the next process after the current one whose name or command line contains the text,
    /// without regard to case, or whose pid it is; wraps around and opens what is closed. Looks in
    /// a job: `searched` tells.
    void findNext(const QString& text);

public Q_SLOTS:
    void setOnlyAlerts(bool only);
    /// Back to all roots.
    void showAll();
    /// Starts at the selected process again.
    void focusSelection();
    void expandCurrent();

Q_SIGNALS:
    /// The user wants to see the events of this process only.
    void filterRequested(const sequela::ui::state::ProcessKey& process);
    void rowsChanged();
    void searched(bool found);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    void rebuild();
    void followSelection();
    [[nodiscard]] std::optional<views::ProcessIndex> selectedProcess() const;
    void setCurrent(std::size_t row);
    void toggle(std::size_t row);
    void moveLeft();
    void moveRight();
    void afterRowsChanged();
    void ensureVisible(std::size_t row);
    [[nodiscard]] ProcessColumnEdges columnEdges() const;
    [[nodiscard]] ProcessColumn columnAt(int x) const;
    void paintHeader(QPainter& painter, const ProcessColumnEdges& edges) const;
    void paintEmpty(QPainter& painter) const;

    state::Context m_context;
    state::CaseViews& m_views;
    std::shared_ptr<const state::CaseViews::Built> m_built;
    views::TreeRows m_rows;
    std::optional<std::size_t> m_current;
    std::optional<std::size_t> m_hovered;
    JobRunner m_searchJob;
};

} // namespace sequela::ui
