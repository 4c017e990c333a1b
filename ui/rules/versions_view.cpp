#include "ui/rules/versions_view.h"

#include "ui/rules/table_look.h"
#include "ui/state/time_display.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QBrush>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include <array>
#include <utility>

namespace sequela::ui {

VersionModel::VersionModel(const state::Context& context, QObject* parent)
    : QAbstractTableModel(parent), m_context(context)
{
}

void VersionModel::setHistory(const VersionHistory& history, std::string current)
{
    beginResetModel();
    m_history = history;
    m_current = std::move(current);
    endResetModel();
}

const QueryVersion& VersionModel::version(int row) const
{
    const auto& versions = m_history.versions();
    return versions[versions.size() - 1 - static_cast<std::size_t>(row)];
}

int VersionModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_history.versions().size());
}

int VersionModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : columns;
}

QString VersionModel::text(int row, int column) const
{
    const QueryVersion& shown = version(row);
    const auto figure = [](std::size_t count, const QString& sign) {
        return count == 0 ? QStringLiteral("—") : sign + text::count(count);
    };
    switch (column) {
    case PinColumn:
        return m_history.pinned() && *m_history.pinned() == shown.text ? tr("pinned")
               : shown.text == m_current                               ? tr("now")
                                                                       : QString();
    case TimeColumn:
        return m_context.time.timeOfDay(shown.firstRunMs * 1'000'000);
    case MatchesColumn:
        return text::count(shown.matchCount);
    case GainedColumn:
        return figure(shown.gainedCount, QStringLiteral("+"));
    case LostColumn:
        return figure(shown.lostCount, QStringLiteral("−"));
    case ConfirmedColumn:
        return figure(shown.lostTruePositives, QString());
    default:
        break;
    }
    if (row + 1 == rowCount()) {
        return tr("as opened");
    }
    return text::visibleCell(firstChange(version(row + 1).text, shown.text));
}

QVariant VersionModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const int column = index.column();
    const bool isFigure = column >= MatchesColumn && column <= ConfirmedColumn;
    switch (role) {
    case Qt::DisplayRole:
        return text(index.row(), column);
    case Qt::ToolTipRole:
        return QStringLiteral("<pre>%1</pre>")
            .arg(text::visible(version(index.row()).text).toHtmlEscaped());
    case Qt::FontRole:
        return column == PinColumn ? m_context.theme.interfaceFont() : m_context.theme.dataFont();
    case Qt::TextAlignmentRole:
        return static_cast<int>(Qt::AlignVCenter | (isFigure ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::ForegroundRole: {
        const QueryVersion& shown = version(index.row());
        const Token token = column == PinColumn                               ? Token::Accent
                            : column == GainedColumn && shown.gainedCount > 0 ? Token::Gained
                            : column == LostColumn && shown.lostCount > 0     ? Token::Lost
                            : column == ConfirmedColumn && shown.lostTruePositives > 0
                                ? Token::Critical
                            : column == MatchesColumn || column == ChangeColumn ? Token::Text
                                                                                : Token::Muted;
        return QBrush(m_context.theme.color(token));
    }
    default:
        return {};
    }
}

QVariant VersionModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        const bool isFigure = section >= MatchesColumn && section <= ConfirmedColumn;
        return static_cast<int>(Qt::AlignVCenter | (isFigure ? Qt::AlignRight : Qt::AlignLeft));
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    const std::array<QString, columns> titles{QString(),   tr("First run"), tr("Matches"),
                                              tr("New"),   tr("Lost"),      tr("Confirmed lost"),
                                              tr("Change")};
    return titles.at(static_cast<std::size_t>(section));
}

VersionsView::VersionsView(const state::Context& context, QWidget* parent)
    : QWidget(parent),
      m_model(new VersionModel(context, this)),
      m_table(new QTableView(this)),
      m_remark(new QLabel(this)),
      m_restore(new QPushButton(tr("Bring back"), this)),
      m_pin(new QPushButton(tr("Compare with it"), this)),
      m_unpin(new QPushButton(tr("Compare with the saved rule"), this))
{
    setProperty("class", QStringLiteral("plain"));
    setAttribute(Qt::WA_StyledBackground);
    m_remark->setTextFormat(Qt::PlainText);
    m_remark->setProperty("class", QStringLiteral("muted"));
    m_table->setModel(m_model);
    m_table->setAccessibleName(tr("Versions of the query"));
    giveTableLook(*m_table);
    const QFontMetrics words(context.theme.interfaceFont());
    const std::array<QString, VersionModel::ChangeColumn> widest{tr("pinned"),
                                                                 tr("First run"),
                                                                 tr("Matches"),
                                                                 QStringLiteral("+99,999"),
                                                                 QStringLiteral("−99,999"),
                                                                 tr("Confirmed lost")};
    for (int column = 0; column < VersionModel::ChangeColumn; ++column) {
        m_table->setColumnWidth(
            column, words.horizontalAdvance(widest.at(static_cast<std::size_t>(column))) + 30);
    }
    auto* row = new QHBoxLayout;
    row->setContentsMargins(10, 6, 10, 6);
    row->setSpacing(6);
    row->addWidget(m_remark, 1);
    row->addWidget(m_restore);
    row->addWidget(m_pin);
    row->addWidget(m_unpin);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(row);
    layout->addWidget(m_table, 1);
    connect(m_table, &QTableView::activated, this, &VersionsView::restoreCurrent);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &VersionsView::updateButtons);
    connect(m_restore, &QPushButton::clicked, this, &VersionsView::restoreCurrent);
    connect(m_pin, &QPushButton::clicked, this, &VersionsView::pinCurrent);
    connect(m_unpin, &QPushButton::clicked, this,
            [this] { Q_EMIT pinRequested(std::optional<std::string>()); });
    updateButtons();
}

void VersionsView::setHistory(const VersionHistory& history, const std::string& current,
                              bool isRule)
{
    const int row = m_table->currentIndex().row();
    const std::string chosen =
        row >= 0 && row < m_model->rowCount() ? m_model->version(row).text : std::string();
    m_model->setHistory(history, current);
    for (int at = 0; at < m_model->rowCount(); ++at) {
        if (!chosen.empty() && m_model->version(at).text == chosen) {
            m_table->setCurrentIndex(m_model->index(at, 0));
        }
    }
    m_isPinned = history.pinned().has_value();
    m_remark->setText(m_model->rowCount() == 0 ? tr("Every version that runs is listed here.")
                      : m_isPinned             ? tr("Compared with the pinned version")
                      : isRule                 ? tr("Compared with the saved rule")
                                               : tr("Compared with nothing yet"));
    m_unpin->setText(isRule ? tr("Compare with the saved rule") : tr("Compare with nothing"));
    updateButtons();
}

void VersionsView::updateButtons()
{
    const bool hasRow = m_table->currentIndex().isValid();
    m_restore->setEnabled(hasRow);
    m_pin->setEnabled(hasRow);
    m_unpin->setEnabled(m_isPinned);
}

void VersionsView::restoreCurrent()
{
    if (const QModelIndex index = m_table->currentIndex(); index.isValid()) {
        Q_EMIT restoreRequested(m_model->version(index.row()).text);
    }
}

void VersionsView::pinCurrent()
{
    if (const QModelIndex index = m_table->currentIndex(); index.isValid()) {
        Q_EMIT pinRequested(m_model->version(index.row()).text);
    }
}

} // namespace sequela::ui
