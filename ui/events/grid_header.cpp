#include "ui/events/grid_header.h"

#include <QMouseEvent>
#include <QPainter>

namespace sequela::ui {

void GridHeader::setPinned(bool pinned)
{
    m_isPinned = pinned;
    viewport()->update();
}

int GridHeader::columnAt(int x) const
{
    if (x >= 0 && x < pinnedWidth()) {
        return 0;
    }
    const int logical = logicalIndexAt(x);
    return logical < 0 ? -1 : visualIndex(logical);
}

int GridHeader::columnLeft(int column) const
{
    return column == 0 && isPinned() ? 0 : sectionPosition(logicalIndex(column)) - offset();
}

void GridHeader::paintEvent(QPaintEvent* event)
{
    QHeaderView::paintEvent(event);
    if (isPinned() && offset() > 0) {
        QPainter painter(viewport());
        paintSection(&painter, QRect(0, 0, pinnedWidth(), height()), logicalIndex(0));
    }
}

void GridHeader::mousePressEvent(QMouseEvent* event)
{
    // What lies below the pinned column is another one, scrolled away.
    if (offset() > 0 && event->pos().x() < pinnedWidth()) {
        if (event->button() == Qt::LeftButton) {
            Q_EMIT sectionClicked(logicalIndex(0));
        }
        return;
    }
    QHeaderView::mousePressEvent(event);
}

} // namespace sequela::ui
