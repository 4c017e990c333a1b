#include "ui/triage/alert_delegate.h"

#include "ui/state/time_display.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "ui/triage/alert_list_model.h"
#include "ui/widgets/severity.h"

#include <QPainter>

namespace sequela::ui {

namespace {

/// Draws the pill at the right end and returns the room left of it.
int paintCount(QPainter& painter, const QRect& rect, std::uint32_t count, const Theme& theme)
{
    painter.setFont(theme.smallFont());
    const QString text = text::count(count);
    const int width = painter.fontMetrics().horizontalAdvance(text) + 14;
    const QRectF pill(rect.right() - width - 8, rect.center().y() - 8, width, 17);
    painter.setPen(theme.color(Token::Line));
    painter.setBrush(theme.color(Token::Raised));
    painter.drawRoundedRect(pill.translated(0.5, 0.5), 8.5, 8.5);
    painter.setPen(theme.color(Token::Text));
    painter.drawText(pill, Qt::AlignCenter, text);
    return width + 14;
}

QString placeAndTime(const AlertRow& row, const detect::Alert& alert,
                     const state::TimeDisplay& time)
{
    QString line = row.isGroup && row.hostCount > 1
                       ? text::counted(row.hostCount, AlertDelegate::tr("host"))
                       : text::visibleCell(alert.host);
    if (alert.lastTime) {
        if (!line.isEmpty()) {
            line += QStringLiteral(" · ");
        }
        line += time.timeOfDay(alert.lastTime->nanoseconds());
    }
    if (alert.suppressedCount > 0) {
        line += QStringLiteral(" · +") + text::count(alert.suppressedCount);
    }
    return line;
}

} // namespace

AlertDelegate::AlertDelegate(state::Context& context, QObject* parent)
    : QStyledItemDelegate(parent), m_context(context)
{
}

QSize AlertDelegate::sizeHint(const QStyleOptionViewItem& /*option*/,
                              const QModelIndex& /*index*/) const
{
    return {200, rowHeight};
}

void AlertDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const
{
    const auto* model = static_cast<const AlertListModel*>(index.model());
    const AlertRow* row = model->row(index);
    const detect::Alert* alert = model->alert(index);
    if (row == nullptr || alert == nullptr) {
        return;
    }
    const Theme& theme = m_context.theme;
    const QRect rect = option.rect;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (option.state.testFlag(QStyle::State_Selected)) {
        painter->fillRect(rect, theme.color(Token::Selected));
    } else if (option.state.testFlag(QStyle::State_MouseOver)) {
        painter->fillRect(rect, theme.color(Token::Hover));
    }
    painter->setRenderHint(QPainter::Antialiasing, false);
    painter->setPen(theme.color(Token::Line));
    painter->drawLine(rect.bottomLeft(), rect.bottomRight());
    painter->setRenderHint(QPainter::Antialiasing);

    const int indent = row->isMember ? 16 : 0;
    const QRectF bar(rect.left() + 8 + indent, rect.top() + 7, 4, rect.height() - 15);
    const bool isClosed = row->openCount == 0;
    painter->setOpacity(isClosed ? 0.6 : 1.0);
    painter->setPen(Qt::NoPen);
    painter->setBrush(theme.color(severityFill(alert->severity)));
    painter->drawRoundedRect(bar, 2, 2);
    QFont letterFont = theme.smallFont();
    letterFont.setWeight(QFont::DemiBold);
    painter->setFont(letterFont);
    painter->setPen(theme.color(severityToken(alert->severity)));
    const QRect letter(static_cast<int>(bar.right()) + 3, rect.top() + 6, 14, 17);
    painter->drawText(letter, Qt::AlignCenter, severityLetter(alert->severity));
    if (row->isGroup) {
        const QRect fold(letter.left(), letter.bottom() + 1, 14, 16);
        theme
            .icon(row->isExpanded ? QStringLiteral("down") : QStringLiteral("forward"),
                  Token::Muted)
            .paint(painter, fold.adjusted(2, 3, -2, -3));
    }

    const int rightRoom = row->isMember ? 8 : paintCount(*painter, rect, row->count, theme);
    const QRect texts(letter.right() + 5, rect.top() + 6,
                      rect.right() - rightRoom - letter.right() - 8, rect.height() - 12);
    painter->setFont(theme.strongFont());
    painter->setPen(theme.color(isClosed ? Token::Muted : Token::Text));
    painter->drawText(
        texts, Qt::AlignTop | Qt::AlignLeft,
        painter->fontMetrics().elidedText(model->title(*row), Qt::ElideRight, texts.width()));
    painter->setFont(theme.interfaceFont());
    painter->setPen(theme.color(Token::Muted));
    QRect second = texts.adjusted(0, 18, 0, 0);
    if (alert->verdict.status != detect::VerdictStatus::Open && !row->isGroup) {
        theme.icon(verdictIcon(alert->verdict), Token::Muted)
            .paint(painter, QRect(second.left(), second.top() + 1, 13, 13));
        second.setLeft(second.left() + 17);
    }
    QString detail = placeAndTime(*row, *alert, m_context.time);
    if (row->isGroup && row->openCount < row->count) {
        detail += QStringLiteral(" · ") + tr("%1 open").arg(text::count(row->openCount));
    }
    painter->drawText(second, Qt::AlignTop | Qt::AlignLeft,
                      painter->fontMetrics().elidedText(detail, Qt::ElideRight, second.width()));
    if (option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setOpacity(1.0);
        painter->setBrush(Qt::NoBrush);
        painter->setPen(theme.color(Token::Accent));
        painter->setRenderHint(QPainter::Antialiasing, false);
        painter->drawRect(rect.adjusted(0, 0, -1, -2));
    }
    painter->restore();
}

} // namespace sequela::ui
