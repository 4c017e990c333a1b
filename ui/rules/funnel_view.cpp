#include "ui/rules/funnel_view.h"

#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace sequela::ui {

namespace {
constexpr int rowHeight = 20;
constexpr int topMargin = 6;
} // namespace

FunnelView::FunnelView(const state::Context& context, QWidget* parent)
    : QAbstractScrollArea(parent), m_context(context)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Funnel"));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMinimumWidth(200);
    connect(&context.theme, &Theme::themeChanged, viewport(), qOverload<>(&QWidget::update));
}

void FunnelView::setRows(std::vector<FunnelRow> rows)
{
    m_rows = std::move(rows);
    m_stale = false;
    m_current = std::min(m_current, static_cast<int>(m_rows.size()) - 1);
    updateScrollBar();
    viewport()->update();
}

void FunnelView::setStale(bool stale)
{
    m_stale = stale;
    viewport()->update();
}

void FunnelView::setEmptyText(const QString& text)
{
    m_emptyText = text;
    viewport()->update();
}

void FunnelView::updateScrollBar()
{
    const int height = static_cast<int>(m_rows.size()) * rowHeight + 2 * topMargin;
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(rowHeight);
    verticalScrollBar()->setRange(0, std::max(0, height - viewport()->height()));
}

void FunnelView::resizeEvent(QResizeEvent* /*event*/)
{
    updateScrollBar();
}

void FunnelView::paintRow(QPainter& painter, const FunnelRow& row, const QRect& rect,
                          double highest) const
{
    const Theme& theme = m_context.theme;
    if (row.kind == FunnelRow::Kind::Heading) {
        painter.setFont(theme.strongFont());
        painter.setPen(theme.color(m_stale ? Token::Muted : Token::Text));
        painter.drawText(rect.adjusted(10, 0, -10, 0), Qt::AlignVCenter | Qt::AlignLeft, row.label);
        return;
    }
    const int labelWidth = rect.width() * 60 / 100;
    painter.setFont(theme.dataFont());
    painter.setPen(theme.color(m_stale ? Token::Muted : Token::Text));
    const QRect label(rect.left() + 10, rect.top(), labelWidth - 14, rect.height());
    painter.drawText(label, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                     painter.fontMetrics().elidedText(row.label, Qt::ElideRight, label.width()));
    const QString count = text::count(row.count);
    painter.setFont(theme.interfaceFont());
    const int countWidth = painter.fontMetrics().horizontalAdvance(QStringLiteral("9,999,999"));
    const int room = std::max(8, rect.width() - labelWidth - countWidth - 16);
    const double share =
        highest <= 0 ? 0.0 : std::log1p(static_cast<double>(row.count)) / std::log1p(highest);
    const int barWidth = row.count == 0 ? 2 : std::max(4, static_cast<int>(room * share));
    QRectF bar(rect.left() + labelWidth, rect.top() + 4, barWidth, rect.height() - 8);
    const QColor fill = theme.color(Token::Accent);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(row.count == 0 ? theme.color(Token::Line)
                                    : mixed(theme.color(Token::Panel), fill, m_stale ? 0.3 : 0.75));
    painter.drawRoundedRect(bar, 2, 2);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(theme.color(Token::Muted));
    painter.drawText(QRectF(bar.right() + 6, rect.top(), countWidth + 10, rect.height()),
                     Qt::AlignVCenter | Qt::AlignLeft, count);
}

void FunnelView::paintEvent(QPaintEvent* /*event*/)
{
    const Theme& theme = m_context.theme;
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), theme.color(Token::Panel));
    if (m_rows.empty()) {
        painter.setFont(theme.interfaceFont());
        painter.setPen(theme.color(Token::Muted));
        painter.drawText(viewport()->rect().adjusted(12, 10, -12, -10),
                         Qt::AlignTop | Qt::AlignLeft | Qt::TextWordWrap, m_emptyText);
        return;
    }
    double highest = 0;
    for (const FunnelRow& row : m_rows) {
        highest = std::max(highest, static_cast<double>(row.count));
    }
    int top = topMargin - verticalScrollBar()->value();
    for (std::size_t index = 0; index < m_rows.size(); ++index, top += rowHeight) {
        if (top + rowHeight < 0 || top > viewport()->height()) {
            continue;
        }
        const QRect rect(0, top, viewport()->width(), rowHeight);
        if (static_cast<int>(index) == m_current && hasFocus()) {
            painter.fillRect(rect, theme.color(Token::Selected));
        }
        paintRow(painter, m_rows[index], rect, highest);
    }
}

int FunnelView::rowAt(int y) const
{
    const int row = (y + verticalScrollBar()->value() - topMargin) / rowHeight;
    return y + verticalScrollBar()->value() >= topMargin && row < static_cast<int>(m_rows.size())
               ? row
               : -1;
}

void FunnelView::setCurrent(int row)
{
    if (row < 0 || row >= static_cast<int>(m_rows.size())) {
        return;
    }
    m_current = row;
    const FunnelRow& current = m_rows[static_cast<std::size_t>(row)];
    setAccessibleDescription(
        current.kind == FunnelRow::Kind::Heading
            ? current.label
            : tr("%1: %2 left").arg(current.label, text::count(current.count)));
    const int top = topMargin + row * rowHeight;
    if (top < verticalScrollBar()->value()) {
        verticalScrollBar()->setValue(top - topMargin);
    } else if (top + rowHeight > verticalScrollBar()->value() + viewport()->height()) {
        verticalScrollBar()->setValue(top + rowHeight - viewport()->height());
    }
    viewport()->update();
}

void FunnelView::mousePressEvent(QMouseEvent* event)
{
    const int row = rowAt(event->pos().y());
    setCurrent(row);
    if (row >= 0 && m_rows[static_cast<std::size_t>(row)].span.length() > 0) {
        Q_EMIT clauseActivated(m_rows[static_cast<std::size_t>(row)].span);
    }
}

void FunnelView::mouseDoubleClickEvent(QMouseEvent* event)
{
    const int row = rowAt(event->pos().y());
    if (row >= 0 && !m_rows[static_cast<std::size_t>(row)].filter.empty()) {
        Q_EMIT filterRequested(m_rows[static_cast<std::size_t>(row)].filter);
    }
}

void FunnelView::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Up:
        setCurrent(std::max(0, m_current - 1));
        return;
    case Qt::Key_Down:
        setCurrent(std::min(static_cast<int>(m_rows.size()) - 1, m_current + 1));
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_current >= 0 && m_current < static_cast<int>(m_rows.size())
            && !m_rows[static_cast<std::size_t>(m_current)].filter.empty()) {
            Q_EMIT filterRequested(m_rows[static_cast<std::size_t>(m_current)].filter);
        }
        return;
    default:
        QAbstractScrollArea::keyPressEvent(event);
    }
}

bool FunnelView::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int row = rowAt(help->pos().y());
        if (row < 0 || m_rows[static_cast<std::size_t>(row)].kind == FunnelRow::Kind::Heading) {
            QToolTip::hideText();
        } else {
            const FunnelRow& shown = m_rows[static_cast<std::size_t>(row)];
            // A tool tip takes markup; a query may hold any text.
            QToolTip::showText(help->globalPos(),
                               QStringLiteral("<span>%1<br>%2</span>")
                                   .arg(shown.label.toHtmlEscaped(),
                                        shown.filter.empty()
                                            ? tr("%1 left").arg(text::count(shown.count))
                                            : tr("%1 left · double click shows them")
                                                  .arg(text::count(shown.count))),
                               this);
        }
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

} // namespace sequela::ui
