#pragma once

#include "core/detect/alert.h"
#include "ui/events/cell_menu.h"
#include "ui/events/event_columns.h"
#include "ui/events/event_rows.h"
#include "ui/events/group_lines.h"
#include "ui/events/marked_scroll_bar.h"
#include "ui/state/context.h"

#include <QAbstractScrollArea>
#include <QHash>
#include <QStaticText>

#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace sequela::ui {

class ColorRules;
class GridHeader;
class GridHeaderModel;

/// Severest alert an event takes part in, by event.
using AlertMarks = std::unordered_map<EventNumber, detect::AlertSeverity>;

/// Paints any number of events as rows of fixed height: only what is on the screen is looked up,
/// nothing is kept per row. Values that are still being read appear when they are there.
class EventGrid : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit EventGrid(state::Context& context, QWidget* parent = nullptr);
    ~EventGrid() override;

    void setColumns(std::vector<EventColumn> columns);
    /// In the order shown.
    [[nodiscard]] std::vector<EventColumn> columns() const;
    /// May be null for none. @p currentIndex: where the current event is among them, -1 for
    /// nowhere; looking for it is the caller's, off the GUI thread.
    void setRows(EventRows rows, int currentIndex = -1);
    /// The same as runs under a line each, which opens and closes; null for a flat table. What was
    /// open stays open.
    void setGroupedRows(EventRows rows, EventGroups groups, const std::string& field,
                        int currentIndex);
    [[nodiscard]] const EventRows& rows() const { return m_rows; }
    [[nodiscard]] const EventGroups& groups() const { return m_lines.groups(); }
    void setGroupOpen(std::size_t group, bool open);
    void setAllGroupsOpen(bool open);
    /// Colours of whole rows; may be null. Outlives the grid.
    void setColorRules(const ColorRules* rules);
    void setMarks(std::shared_ptr<const AlertMarks> marks);
    [[nodiscard]] const std::shared_ptr<const AlertMarks>& marks() const { return m_marks; }
    /// What stands out where among all rows; empty for nothing.
    void setRowMarks(RowMarks marks);
    [[nodiscard]] const RowMarks& rowMarks() const { return m_scrollBar->marks(); }
    /// The selected rows' events, at most @p limit of them.
    [[nodiscard]] std::vector<EventNumber> selectedEvents(std::size_t limit) const;
    void setSort(const EventSort& sort);
    /// The first column stays in place while the others scroll.
    void setPinned(bool pinned);
    [[nodiscard]] bool isPinned() const;
    /// Greyed, a new order or filter is being worked out.
    void setStale(bool stale);

    [[nodiscard]] std::optional<EventNumber> currentEvent() const;
    /// Moves to the event at @p index of rows() without telling that the current event changed: the
    /// selection leads. Opens its group.
    void showIndex(int index);
    /// Where the current event is in rows(), -1 for nowhere.
    [[nodiscard]] int currentIndex() const;
    void setCurrentIndex(int index);
    /// Lines as they stand: of a grouped table, closed groups are one line.
    [[nodiscard]] int currentRow() const { return m_current; }
    void setCurrentRow(int row, bool extend = false);
    [[nodiscard]] int rowCount() const;
    /// The event in a line; nothing for the line of a group.
    [[nodiscard]] std::optional<EventNumber> eventAt(int row) const;
    [[nodiscard]] std::uint64_t selectedCount() const;
    [[nodiscard]] std::string currentField() const;
    [[nodiscard]] CellContext cellAt(int row, int column);

Q_SIGNALS:
    void currentEventChanged();
    /// Selected rows or the current column.
    void selectionChanged();
    void sortRequested(const std::string& field);
    /// The right button on the header of a column, counted as shown.
    void headerMenuRequested(int column, const QPoint& globalPosition);
    void columnsChanged();
    /// Return or a double click.
    void eventActivated();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    struct CellPosition {
        int row = -1;
        int column = -1;
    };

    [[nodiscard]] CellPosition positionAt(const QPoint& point) const;
    [[nodiscard]] int rowsPerPage() const;
    [[nodiscard]] QRect columnRect(int column, int top) const;
    void paintRow(QPainter& painter, int row, int top);
    void paintGround(QPainter& painter, int row, const QRect& rect) const;
    void paintGroup(QPainter& painter, std::size_t group, const QRect& rect);
    bool toggleGroup(int row);
    /// The lines have moved: keeps what is current where it is.
    void linesChanged(std::optional<int> index, std::optional<std::size_t> group);
    void paintCell(QPainter& painter, EventNumber event, int column, const QRect& rect);
    void drawText(QPainter& painter, const QRect& rect, const QString& text);
    [[nodiscard]] QString fitted(const QString& text, int width) const;
    [[nodiscard]] QColor cellColor(const std::string& field, const QString& text) const;
    void updateScrollBars();
    void ensureVisible(int row);
    void moveColumn(int step);
    void updateAccessibleText();
    void refreshMetrics();

    state::Context& m_context;
    GridHeader* m_header = nullptr;
    GridHeaderModel* m_headerModel = nullptr;
    MarkedScrollBar* m_scrollBar = nullptr;
    std::vector<EventColumn> m_columns;
    std::vector<std::optional<FieldId>> m_fields;
    EventRows m_rows;
    GroupLines m_lines;
    std::string m_groupField;
    const ColorRules* m_colorRules = nullptr;
    std::shared_ptr<const AlertMarks> m_marks;
    EventSort m_sort;
    int m_current = -1;
    int m_anchor = -1;
    int m_currentColumn = 0;
    bool m_stale = false;
    /// The row being painted has the colour of a rule.
    bool m_onColor = false;
    double m_characterWidth = 7.0;
    QHash<QString, QStaticText> m_texts;
};

} // namespace sequela::ui
