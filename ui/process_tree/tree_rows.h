#pragma once

#include "core/views/tree_rows.h"

namespace sequela::ui {

// Which lines are open is the same in exported drawings.
using views::TreeRow;
using views::TreeRows;

} // namespace sequela::ui
