#include "ui/rules/match_table.h"

#include "core/workspace/workspace.h"
#include "ui/events/cell_menu.h"
#include "ui/state/case_session.h"
#include "ui/state/selection.h"
#include "ui/theme/theme.h"

#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMenu>

#include <algorithm>

namespace sequela::ui {

MatchTable::MatchTable(const state::Context& context, QWidget* parent)
    : QTableView(parent),
      m_context(context),
      m_model(new MatchModel(context, this)),
      m_sortJob(&context.jobs)
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
    horizontalHeader()->setSectionsClickable(true);
    connect(horizontalHeader(), &QHeaderView::sectionClicked, this, &MatchTable::cycleSorting);
    connect(horizontalHeader(), &QHeaderView::sectionResized, this, [this] {
        if (QGuiApplication::mouseButtons() != Qt::NoButton) {
            m_widthsChosen = true;
        }
    });
    connect(selectionModel(), &QItemSelectionModel::currentChanged, this, &MatchTable::selectEvent);
    connect(this, &QTableView::activated, this, [this](const QModelIndex& index) {
        if (const auto event = m_model->eventAt(index)) {
            Q_EMIT eventActivated(*event);
        }
    });
}

void MatchTable::setRows(std::shared_ptr<const MatchList> rows)
{
    const bool sameColumns = m_model->rows()->slotCount() == rows->slotCount()
                             && m_model->rows()->hasNotes() == rows->hasNotes();
    m_settingRows = true;
    m_model->setRows(std::move(rows));
    m_settingRows = false;
    if (!sameColumns) {
        m_widthsChosen = false;
        layOutColumns();
    }
    startSorting();
}

std::vector<std::optional<EventNumber>> MatchTable::currentEvents() const
{
    std::vector<std::optional<EventNumber>> events;
    if (!currentIndex().isValid()) {
        return events;
    }
    const std::size_t row = m_model->listRow(currentIndex().row());
    const MatchList& rows = *m_model->rows();
    for (std::size_t slot = 0; slot < rows.slotCount() && rows.events(row)[slot] != noSlot;
         ++slot) {
        events.push_back(rows.event(row, slot));
    }
    return events;
}

void MatchTable::selectEvent(const QModelIndex& index)
{
    const auto event = m_model->eventAt(index);
    if (event && !m_settingRows) {
        m_context.selection.setEvent(event);
    }
}

void MatchTable::cycleSorting(int column)
{
    if (!m_sorting || m_sorting->column != column) {
        sortBy(MatchSorting{column, true});
    } else if (m_sorting->ascending) {
        sortBy(MatchSorting{column, false});
    } else {
        sortBy(std::nullopt);
    }
}

void MatchTable::sortBy(std::optional<MatchSorting> sorting)
{
    m_sorting = sorting;
    horizontalHeader()->setSortIndicatorShown(sorting.has_value());
    if (sorting) {
        horizontalHeader()->setSortIndicator(
            sorting->column, sorting->ascending ? Qt::AscendingOrder : Qt::DescendingOrder);
    }
    startSorting();
}

void MatchTable::startSorting()
{
    const auto snapshot = m_context.session.snapshot();
    if (!m_sorting || !snapshot || m_model->rows()->size() < 2
        || m_sorting->column >= m_model->columnCount()) {
        m_sortJob.cancel();
        m_settingRows = true;
        m_model->setOrder({});
        m_settingRows = false;
        return;
    }
    m_sortJob.start<std::vector<std::uint32_t>>(
        tr("Sorting matches"),
        [rows = m_model->rows(), events = snapshot->events,
         sorting = *m_sorting](const std::stop_token& stop, Progress&) {
            return sortMatches(*rows, *events, sorting, stop);
        },
        [this, rows = m_model->rows()](Result<std::vector<std::uint32_t>> order) {
            if (order && rows == m_model->rows()) {
                m_settingRows = true;
                m_model->setOrder(std::move(*order));
                m_settingRows = false;
            }
        });
}

void MatchTable::contextMenuEvent(QContextMenuEvent* event)
{
    const QModelIndex index = indexAt(event->pos());
    const auto number = m_model->eventAt(index);
    if (!number) {
        return;
    }
    setCurrentIndex(index);
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    Q_EMIT menuRequested(menu);
    if (m_context.cellMenu != nullptr) {
        CellContext cell;
        cell.event = number;
        m_context.cellMenu->populate(*menu, cell);
    }
    if (!menu->isEmpty()) {
        menu->popup(event->globalPos());
    } else {
        menu->deleteLater();
    }
}

void MatchTable::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    layOutColumns();
}

void MatchTable::layOutColumns()
{
    const bool sequence = m_model->rows()->slotCount() > 1;
    setColumnHidden(MatchModel::SpanColumn, !sequence);
    setColumnHidden(MatchModel::NoteColumn, !m_model->rows()->hasNotes());
    if (m_widthsChosen) {
        return;
    }
    const QFontMetrics text(m_context.theme.dataFont());
    const int padding = 18;
    setColumnWidth(MatchModel::MarkColumn, 26);
    setColumnWidth(MatchModel::NoteColumn,
                   text.horizontalAdvance(QStringLiteral("fails process.name == \"x\"")) + padding);
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
