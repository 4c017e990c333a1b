#pragma once

#include "core/views/timeline_geometry.h"

namespace sequela::ui {

// The time axis is the same in exported drawings.
using views::TimelineGeometry;

} // namespace sequela::ui
