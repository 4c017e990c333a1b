#include "ui/editor/completion_popup.h"

#include "ui/text/event_text.h"
#include "ui/theme/theme.h"

#include <QFontMetrics>
#include <QKeyEvent>
#include <QListView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace sequela::ui {

namespace {

constexpr int visibleRows = 10;
constexpr int narrowest = 340;
constexpr int widest = 620;

Token kindToken(CompletionKind kind)
{
    switch (kind) {
    case CompletionKind::Keyword:
        return Token::Keyword;
    case CompletionKind::Function:
        return Token::Function;
    case CompletionKind::Field:
        return Token::Field;
    case CompletionKind::Category:
        return Token::Network;
    case CompletionKind::Value:
        break;
    }
    return Token::String;
}

class CompletionDelegate : public QStyledItemDelegate {
public:
    CompletionDelegate(Theme& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme)
    {
    }

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& /*index*/) const override
    {
        return {option.rect.width(), metrics::rowHeight};
    }
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        const bool selected = (option.state & QStyle::State_Selected) != 0;
        painter->fillRect(option.rect, m_theme.color(selected ? Token::Selected : Token::Raised));
        const QRect inner = option.rect.adjusted(8, 0, -8, 0);
        const QString label = index.data(Qt::DisplayRole).toString();
        const QString detail = index.data(CompletionModel::DetailRole).toString();
        painter->setFont(m_theme.dataFont());
        const int labelWidth =
            std::min(painter->fontMetrics().horizontalAdvance(label) + 2, inner.width() * 7 / 10);
        const auto kind =
            static_cast<CompletionKind>(index.data(CompletionModel::KindRole).toInt());
        painter->setPen(m_theme.color(kindToken(kind)));
        painter->drawText(QRect(inner.left(), inner.top(), labelWidth, inner.height()),
                          Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                          painter->fontMetrics().elidedText(label, Qt::ElideRight, labelWidth));
        painter->setFont(m_theme.smallFont());
        painter->setPen(m_theme.color(Token::Muted));
        const QRect rest = inner.adjusted(labelWidth + 12, 0, 0, 0);
        painter->drawText(rest, Qt::AlignVCenter | Qt::AlignRight | Qt::TextSingleLine,
                          painter->fontMetrics().elidedText(detail, Qt::ElideRight, rest.width()));
    }

private:
    Theme& m_theme;
};

} // namespace

void CompletionModel::setEntries(std::vector<Completion> entries)
{
    beginResetModel();
    m_entries = std::move(entries);
    endResetModel();
}

int CompletionModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

QVariant CompletionModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= static_cast<int>(m_entries.size())) {
        return {};
    }
    const Completion& entry = m_entries[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return text::visibleCell(entry.label);
    case Qt::AccessibleTextRole:
        return QString(text::visibleCell(entry.label) + QStringLiteral(", ")
                       + text::fromUtf8(entry.detail));
    case DetailRole:
        return text::fromUtf8(entry.detail);
    case KindRole:
        return static_cast<int>(entry.kind);
    default:
        return {};
    }
}

CompletionPopup::CompletionPopup(Theme& theme, QWidget* parent)
    : QFrame(parent),
      m_theme(theme),
      m_model(new CompletionModel(this)),
      m_view(new QListView(this))
{
    setProperty("class", QStringLiteral("panel"));
    setFocusPolicy(Qt::NoFocus);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->addWidget(m_view);
    m_view->setModel(m_model);
    m_view->setItemDelegate(new CompletionDelegate(theme, m_view));
    m_view->setFocusPolicy(Qt::NoFocus);
    m_view->setUniformItemSizes(true);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setAccessibleName(tr("Completions"));
    connect(m_view, &QListView::clicked, this,
            [this](const QModelIndex& index) { Q_EMIT chosen(index.row()); });
    hide();
}

void CompletionPopup::open(const CompletionList& list, QPoint anchor, int lineHeight)
{
    m_model->setEntries(list.entries);
    m_view->setCurrentIndex(m_model->index(0, 0));
    const QFontMetrics labels(m_theme.dataFont());
    const QFontMetrics details(m_theme.smallFont());
    int wanted = narrowest;
    for (std::size_t row = 0; row < std::min<std::size_t>(list.entries.size(), 40); ++row) {
        wanted = std::max(
            wanted, labels.horizontalAdvance(text::visibleCell(list.entries[row].label))
                        + details.horizontalAdvance(text::fromUtf8(list.entries[row].detail)) + 44);
    }
    const QWidget* around = parentWidget();
    const int rows = std::min<int>(visibleRows, static_cast<int>(list.entries.size()));
    const QSize size(std::min({wanted, widest, around->width() - 8}),
                     rows * metrics::rowHeight + 2);
    int left = std::min(anchor.x() - 9, around->width() - size.width() - 4);
    left = std::max(left, 4);
    const bool below =
        anchor.y() + lineHeight + size.height() <= around->height() || anchor.y() < size.height();
    setGeometry(
        QRect(QPoint(left, below ? anchor.y() + lineHeight : anchor.y() - size.height()), size));
    show();
    raise();
}

int CompletionPopup::currentRow() const
{
    return m_view->currentIndex().row();
}

bool CompletionPopup::moveBy(QKeyEvent* event)
{
    const int count = m_model->rowCount();
    int row = currentRow();
    switch (event->key()) {
    case Qt::Key_Up:
        row = row <= 0 ? count - 1 : row - 1;
        break;
    case Qt::Key_Down:
        row = row + 1 >= count ? 0 : row + 1;
        break;
    case Qt::Key_PageUp:
        row = std::max(0, row - visibleRows);
        break;
    case Qt::Key_PageDown:
        row = std::min(count - 1, row + visibleRows);
        break;
    default:
        return false;
    }
    m_view->setCurrentIndex(m_model->index(row, 0));
    return true;
}

} // namespace sequela::ui
