#pragma once

class QTableView;

namespace sequela::ui {

/// The look of the workshop's small tables: whole rows, one at a time, of one height, no grid, the
/// last column as wide as there is room.
void giveTableLook(QTableView& table);

} // namespace sequela::ui
