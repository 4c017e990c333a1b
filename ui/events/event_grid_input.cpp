#include "ui/events/cell_menu.h"
#include "ui/events/event_grid.h"
#include "ui/events/event_grid_metrics.h"
#include "ui/events/grid_header.h"
#include "ui/text/event_text.h"
#include "ui/theme/theme.h"

#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>

namespace sequela::ui {

using grid::cellPadding;
using grid::gutter;

EventGrid::CellPosition EventGrid::positionAt(const QPoint& point) const
{
    const int row = verticalScrollBar()->value() + point.y() / metrics::rowHeight;
    return {.row = row < rowCount() ? row : -1, .column = m_header->columnAt(point.x() - gutter)};
}

void EventGrid::mousePressEvent(QMouseEvent* event)
{
    const CellPosition position = positionAt(event->pos());
    if (position.row < 0) {
        return;
    }
    if (position.column >= 0) {
        m_currentColumn = position.column;
    }
    const auto [low, high] = std::minmax(m_anchor, m_current);
    const bool inSelection = position.row >= low && position.row <= high && low != high;
    if (event->button() == Qt::RightButton && inSelection) {
        return;
    }
    setCurrentRow(position.row, event->modifiers().testFlag(Qt::ShiftModifier));
    if (event->button() == Qt::LeftButton && event->pos().x() < gutter) {
        toggleGroup(position.row);
    }
}

void EventGrid::mouseMoveEvent(QMouseEvent* event)
{
    if (event->buttons().testFlag(Qt::LeftButton)) {
        const int row = verticalScrollBar()->value() + event->pos().y() / metrics::rowHeight;
        setCurrentRow(row, true);
    }
}

void EventGrid::mouseDoubleClickEvent(QMouseEvent* event)
{
    const int row = positionAt(event->pos()).row;
    // The first of the two clicks has opened a group already if it was on its arrow.
    if (row >= 0 && (event->pos().x() < gutter || !toggleGroup(row))) {
        Q_EMIT eventActivated();
    }
}

void EventGrid::contextMenuEvent(QContextMenuEvent* event)
{
    if (event->reason() == QContextMenuEvent::Keyboard) {
        const int top = (m_current - verticalScrollBar()->value() + 1) * metrics::rowHeight;
        m_context.cellMenu->popup(
            this, viewport()->mapToGlobal(columnRect(m_currentColumn, top).topLeft()),
            cellAt(m_current, m_currentColumn));
        return;
    }
    const CellPosition position = positionAt(viewport()->mapFrom(this, event->pos()));
    if (position.row >= 0) {
        m_context.cellMenu->popup(this, event->globalPos(),
                                  cellAt(position.row, std::max(0, position.column)));
    }
}

void EventGrid::moveColumn(int step)
{
    m_currentColumn = std::clamp(m_currentColumn + step, 0, std::max(0, m_header->count() - 1));
    const QRect rect = columnRect(m_currentColumn, 0);
    const int edge = m_currentColumn == 0 ? 0 : m_header->pinnedWidth();
    if (rect.left() < edge) {
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() + rect.left() - edge);
    } else if (rect.right() > viewport()->width()) {
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() + rect.right()
                                        - viewport()->width());
    }
    updateAccessibleText();
    viewport()->update();
    Q_EMIT selectionChanged();
}

void EventGrid::keyPressEvent(QKeyEvent* event)
{
    const bool extend = event->modifiers().testFlag(Qt::ShiftModifier);
    if (event->matches(QKeySequence::Copy)) {
        const CellContext cell = cellAt(m_current, m_currentColumn);
        m_context.cellMenu->copyValue(cell);
        return;
    }
    const auto group =
        m_current < 0 || m_current >= rowCount() ? std::nullopt : m_lines.at(m_current).group;
    const bool opens = event->key() == Qt::Key_Right;
    if (group && (opens || event->key() == Qt::Key_Left)) {
        setGroupOpen(*group, opens);
        return;
    }
    switch (event->key()) {
    case Qt::Key_Up:
        return setCurrentRow(m_current - 1, extend);
    case Qt::Key_Down:
        return setCurrentRow(m_current + 1, extend);
    case Qt::Key_PageUp:
        return setCurrentRow(m_current - rowsPerPage(), extend);
    case Qt::Key_PageDown:
        return setCurrentRow(m_current + rowsPerPage(), extend);
    case Qt::Key_Home:
        return setCurrentRow(0, extend);
    case Qt::Key_End:
        return setCurrentRow(rowCount() - 1, extend);
    case Qt::Key_Left:
        return moveColumn(-1);
    case Qt::Key_Right:
        return moveColumn(1);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (!toggleGroup(m_current)) {
            Q_EMIT eventActivated();
        }
        return;
    default:
        QAbstractScrollArea::keyPressEvent(event);
    }
}

void EventGrid::focusInEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void EventGrid::focusOutEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

bool EventGrid::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const CellPosition position = positionAt(help->pos());
        if (position.row >= 0 && position.column >= 0) {
            const CellContext cell = cellAt(position.row, position.column);
            const QString shown = text::visibleCell(cell.value);
            const int room = columnRect(position.column, 0).width() - 2 * cellPadding;
            if (static_cast<double>(shown.size()) * m_characterWidth > room) {
                QToolTip::showText(help->globalPos(),
                                   QStringLiteral("<span>%1</span>").arg(shown.toHtmlEscaped()),
                                   viewport());
                return true;
            }
        }
        QToolTip::hideText();
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void EventGrid::updateAccessibleText()
{
    const CellContext cell = cellAt(m_current, m_currentColumn);
    setAccessibleDescription(tr("Row %1 of %2, %3: %4")
                                 .arg(m_current + 1)
                                 .arg(rowCount())
                                 .arg(text::visible(cell.field), text::visibleCell(cell.value)));
}

} // namespace sequela::ui
