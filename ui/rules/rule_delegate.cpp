#include "ui/rules/rule_delegate.h"

#include "ui/rules/rule_list_model.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "ui/widgets/severity.h"

#include <QPainter>

namespace sequela::ui {

namespace {
constexpr int lintMarkSize = 12;
/// Narrower rows have no room for what a rule costs.
constexpr int widthForCost = 230;
} // namespace

RuleDelegate::RuleDelegate(Theme& theme, QObject* parent)
    : QStyledItemDelegate(parent), m_theme(theme)
{
}

QSize RuleDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& /*index*/) const
{
    return {option.rect.width(), metrics::rowHeight};
}
void RuleDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index) const
{
    const bool selected = (option.state & QStyle::State_Selected) != 0;
    const bool hovered = (option.state & QStyle::State_MouseOver) != 0;
    const Token surface = selected ? Token::Selected : hovered ? Token::Hover : Token::Panel;
    painter->fillRect(option.rect, m_theme.color(surface));
    if (index.data(RuleListModel::EntryRole).toInt() < 0) {
        paintGroup(*painter, option, index);
    } else {
        paintRule(*painter, option, index);
    }
}

void RuleDelegate::paintGroup(QPainter& painter, const QStyleOptionViewItem& option,
                              const QModelIndex& index) const
{
    const bool open = (option.state & QStyle::State_Open) != 0;
    painter.setFont(m_theme.strongFont());
    painter.setPen(m_theme.color(Token::Muted));
    const QRect inner = option.rect.adjusted(8, 0, -8, 0);
    painter.drawText(inner, Qt::AlignVCenter | Qt::AlignLeft,
                     (open ? QStringLiteral("▾ ") : QStringLiteral("▸ "))
                         + index.data(Qt::DisplayRole).toString());
    if (!open) {
        painter.drawText(inner, Qt::AlignVCenter | Qt::AlignRight,
                         text::count(static_cast<std::uint64_t>(index.model()->rowCount(index))));
    }
}
void RuleDelegate::paintRule(QPainter& painter, const QStyleOptionViewItem& option,
                             const QModelIndex& index) const
{
    const QRect row = option.rect;
    const QVariant severity = index.data(RuleListModel::SeverityRole);
    const bool broken = index.data(RuleListModel::BrokenRole).toBool();
    const QString obstacle = index.data(RuleListModel::ObstacleRole).toString();
    painter.setFont(m_theme.smallFont());
    if (severity.isValid()) {
        const auto level = static_cast<rules::RuleSeverity>(severity.toInt());
        painter.fillRect(QRect(row.left() + 16, row.top() + 4, 3, row.height() - 8),
                         m_theme.color(severityFill(level)));
        painter.setPen(m_theme.color(severityToken(level)));
        painter.drawText(QRect(row.left() + 22, row.top(), 12, row.height()), Qt::AlignCenter,
                         severityLetter(level));
    } else {
        painter.setPen(m_theme.color(Token::Muted));
        painter.drawText(QRect(row.left() + 22, row.top(), 12, row.height()), Qt::AlignCenter,
                         QStringLiteral("?"));
    }
    QString count = QStringLiteral("·");
    Token countToken = Token::Muted;
    if (broken) {
        count = QStringLiteral("!");
        countToken = Token::Critical;
    } else if (index.data(RuleListModel::OffRole).toBool()) {
        count = RuleListModel::tr("off");
    } else if (!obstacle.isEmpty()) {
        count = QStringLiteral("–");
    } else if (const QVariant hits = index.data(RuleListModel::HitsRole);
               hits.isValid() && hits.toULongLong() > 0) {
        count = text::count(hits.toULongLong());
        countToken = Token::Text;
    }
    painter.setFont(m_theme.interfaceFont());
    const int countWidth = painter.fontMetrics().horizontalAdvance(count);
    painter.setPen(m_theme.color(countToken));
    painter.drawText(row.adjusted(0, 0, -10, 0), Qt::AlignVCenter | Qt::AlignRight, count);
    int taken = 18 + countWidth;
    taken += paintCost(painter, row.adjusted(0, 0, -taken, 0), index);
    if (!index.data(RuleListModel::LintRole).toString().isEmpty()) {
        const QRect mark(row.right() - taken - lintMarkSize, row.center().y() - lintMarkSize / 2,
                         lintMarkSize, lintMarkSize);
        m_theme.icon(QStringLiteral("warning"), Token::Medium).paint(&painter, mark);
        taken += lintMarkSize + 4;
    }
    const QRect name = row.adjusted(38, 0, -taken, 0);
    painter.setFont(m_theme.interfaceFont());
    painter.setPen(m_theme.color(obstacle.isEmpty() ? Token::Text : Token::Muted));
    painter.drawText(name, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                     painter.fontMetrics().elidedText(index.data(Qt::DisplayRole).toString(),
                                                      Qt::ElideRight, name.width()));
}

int RuleDelegate::paintCost(QPainter& painter, const QRect& rect, const QModelIndex& index) const
{
    const QVariant cost = index.data(RuleListModel::CostRole);
    if (!cost.isValid() || rect.width() < widthForCost) {
        return 0;
    }
    painter.setFont(m_theme.smallFont());
    painter.setPen(m_theme.color(Token::Muted));
    painter.drawText(rect.adjusted(0, 0, -6, 0), Qt::AlignVCenter | Qt::AlignRight,
                     text::elapsed(cost.toULongLong()));
    return painter.fontMetrics().horizontalAdvance(QStringLiteral("999.9 ms")) + 8;
}

} // namespace sequela::ui
