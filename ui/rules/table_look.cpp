#include "ui/rules/table_look.h"

#include "ui/theme/theme.h"

#include <QHeaderView>
#include <QTableView>

namespace sequela::ui {

void giveTableLook(QTableView& table)
{
    table.setShowGrid(false);
    table.setWordWrap(false);
    table.setTabKeyNavigation(false);
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setSelectionMode(QAbstractItemView::SingleSelection);
    table.verticalHeader()->hide();
    table.verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table.verticalHeader()->setDefaultSectionSize(metrics::rowHeight);
    table.horizontalHeader()->setFixedHeight(metrics::rowHeight);
    table.horizontalHeader()->setHighlightSections(false);
    table.horizontalHeader()->setStretchLastSection(true);
}

} // namespace sequela::ui
