#include "ui/events/top_values.h"

#include "core/workspace/workspace.h"
#include "ui/events/cell_menu.h"
#include "ui/state/case_session.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QPainter>

#include <algorithm>

namespace sequela::ui {

namespace {
constexpr int headHeight = 30;
} // namespace

TopValues::TopValues(state::Context& context, QWidget* parent)
    : QWidget(parent), m_context(context), m_job(&context.jobs)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Top values"));
    connect(&context.session, &state::CaseSession::filterChanged, this, &TopValues::refresh);
    connect(&context.theme, &Theme::themeChanged, this, qOverload<>(&QWidget::update));
}

void TopValues::setField(const std::string& field)
{
    m_field = field;
    m_counts = {};
    m_current = 0;
    refresh();
    Q_EMIT fieldShown(text::visible(field));
}

void TopValues::refresh()
{
    const auto snapshot = m_context.session.snapshot();
    if (m_field.empty() || !snapshot) {
        return;
    }
    m_job.start<ValueCounts>(
        tr("Counting values"),
        [snapshot, field = m_field,
         shown = m_context.session.filter()->events](const std::stop_token& stop, Progress&) {
            return countValues(*snapshot->events, field, shown.get(), maxEntries, stop);
        },
        [this](Result<ValueCounts> counts) {
            if (counts) {
                m_counts = std::move(*counts);
                updateGeometry();
                setMinimumHeight(sizeHint().height());
                update();
            } else {
                Q_EMIT m_context.session.failed(counts.error());
            }
        });
}

QSize TopValues::sizeHint() const
{
    return {240, headHeight + static_cast<int>(m_counts.entries.size()) * metrics::rowHeight + 8};
}

void TopValues::paintEvent(QPaintEvent* /*event*/)
{
    const Theme& theme = m_context.theme;
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Token::Panel));
    painter.setPen(theme.color(Token::Muted));
    painter.setFont(theme.interfaceFont());
    const QRect head(metrics::padding, 0, width() - 2 * metrics::padding, headHeight);
    if (m_field.empty()) {
        painter.drawText(head, Qt::AlignVCenter | Qt::AlignLeft,
                         tr("Choose “Top values” in a cell's menu."));
        return;
    }
    painter.drawText(head, Qt::AlignVCenter | Qt::AlignLeft,
                     tr("%1 · %2 · %3 without")
                         .arg(text::visible(m_field),
                              text::counted(m_counts.distinctCount, tr("value")),
                              text::count(m_counts.eventsWithout)));
    painter.setFont(theme.dataFont());
    const std::uint64_t highest =
        m_counts.entries.empty() ? 1 : m_counts.entries.front().eventCount;
    int top = headHeight;
    for (std::size_t index = 0; index < m_counts.entries.size(); ++index) {
        const ValueCounts::Entry& entry = m_counts.entries[index];
        const QRect row(0, top, width(), metrics::rowHeight);
        if (static_cast<int>(index) == m_current && hasFocus()) {
            painter.fillRect(row, theme.color(Token::Selected));
        }
        const double share = static_cast<double>(entry.eventCount) / static_cast<double>(highest);
        const QRectF bar(metrics::padding, top + 3,
                         std::max(2.0, (width() - 2.0 * metrics::padding) * share),
                         metrics::rowHeight - 6);
        painter.fillRect(bar, mixed(theme.color(Token::Panel), theme.color(Token::Accent), 0.22));
        const QRect inner = row.adjusted(metrics::padding + 4, 0, -metrics::padding - 4, 0);
        const QString count = text::count(entry.eventCount);
        const int countWidth = painter.fontMetrics().horizontalAdvance(count);
        painter.setPen(theme.color(Token::Text));
        painter.drawText(inner.adjusted(0, 0, -countWidth - 8, 0), Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(text::visibleCell(entry.value),
                                                          Qt::ElideRight,
                                                          inner.width() - countWidth - 8));
        painter.setPen(theme.color(Token::Muted));
        painter.drawText(inner, Qt::AlignVCenter | Qt::AlignRight, count);
        top += metrics::rowHeight;
    }
}

int TopValues::rowAt(int y) const
{
    const int row = (y - headHeight) / metrics::rowHeight;
    return y >= headHeight && row < static_cast<int>(m_counts.entries.size()) ? row : -1;
}

void TopValues::setCurrent(int row)
{
    if (!m_counts.entries.empty()) {
        m_current = std::clamp(row, 0, static_cast<int>(m_counts.entries.size()) - 1);
        setAccessibleDescription(
            text::visibleCell(m_counts.entries[static_cast<std::size_t>(m_current)].value));
        update();
    }
}

void TopValues::mousePressEvent(QMouseEvent* event)
{
    if (const int row = rowAt(event->pos().y()); row >= 0) {
        setCurrent(row);
    }
}

void TopValues::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Down || event->key() == Qt::Key_Up) {
        setCurrent(m_current + (event->key() == Qt::Key_Down ? 1 : -1));
        return;
    }
    if (event->key() == Qt::Key_Return && !m_counts.entries.empty()) {
        CellContext cell;
        cell.field = m_field;
        cell.value = m_counts.entries[static_cast<std::size_t>(m_current)].value;
        m_context.cellMenu->filterIn(cell, false);
        return;
    }
    QWidget::keyPressEvent(event);
}

void TopValues::contextMenuEvent(QContextMenuEvent* event)
{
    const int row = event->reason() == QContextMenuEvent::Keyboard ? m_current : rowAt(event->y());
    if (row < 0 || row >= static_cast<int>(m_counts.entries.size())) {
        return;
    }
    CellContext cell;
    cell.field = m_field;
    cell.value = m_counts.entries[static_cast<std::size_t>(row)].value;
    m_context.cellMenu->popup(this, event->globalPos(), cell);
}

} // namespace sequela::ui
