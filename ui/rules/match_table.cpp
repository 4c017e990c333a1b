#include "ui/rules/match_table.h"

#include "ui/state/selection.h"
#include "ui/theme/theme.h"

#include <QHeaderView>

#include <algorithm>

namespace sequela::ui {

MatchTable::MatchTable(const state::Context& context, QWidget* parent)
    : QTableView(parent), m_context(context), m_model(new MatchModel(context, this))
{
    setModel(m_model);
    setShowGrid(false);
    setWordWrap(false);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setTabKeyNavigation(false);
    setAccessibleName(tr("Matches"));
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(metrics::rowHeight);
    horizontalHeader()->setSectionResizeMode(QHeaderView::Interactive);
    horizontalHeader()->setFixedHeight(metrics::rowHeight);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setMinimumSectionSize(24);
    horizontalHeader()->setStretchLastSection(true);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    connect(selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& index) {
                const auto event = m_model->eventAt(index);
                if (event && !m_settingRows) {
                    m_context.selection.setEvent(event);
                }
            });
    connect(this, &QTableView::activated, this, [this](const QModelIndex& index) {
        if (const auto event = m_model->eventAt(index)) {
            Q_EMIT eventActivated(*event);
        }
    });
}

void MatchTable::setRows(std::vector<MatchRow> rows, std::size_t stageCount)
{
    const bool sameColumns =
        m_model->columnCount() == MatchModel::FirstStageColumn + static_cast<int>(stageCount);
    m_settingRows = true;
    m_model->setRows(std::move(rows), stageCount);
    m_settingRows = false;
    if (!sameColumns) {
        layOutColumns();
    }
}

void MatchTable::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    layOutColumns();
}

void MatchTable::layOutColumns()
{
    const QFontMetrics text(m_context.theme.dataFont());
    const int padding = 18;
    const bool sequence = m_model->columnCount() > MatchModel::FirstStageColumn + 1;
    setColumnHidden(MatchModel::SpanColumn, !sequence);
    setColumnWidth(MatchModel::MarkColumn, 26);
    setColumnWidth(MatchModel::TimeColumn,
                   text.horizontalAdvance(QStringLiteral("2026-04-12 09:52:40.002")) + padding);
    setColumnWidth(MatchModel::HostColumn,
                   text.horizontalAdvance(QStringLiteral("workstation-07")) + padding);
    setColumnWidth(MatchModel::SpanColumn,
                   text.horizontalAdvance(QStringLiteral("12 min 05 s")) + padding);
    int used = 0;
    for (int column = 0; column < MatchModel::FirstStageColumn; ++column) {
        used += isColumnHidden(column) ? 0 : columnWidth(column);
    }
    const int stages = m_model->columnCount() - MatchModel::FirstStageColumn;
    for (int stage = 0; stage + 1 < stages; ++stage) {
        setColumnWidth(MatchModel::FirstStageColumn + stage,
                       std::max(140, (viewport()->width() - used) / stages));
    }
}

} // namespace sequela::ui
