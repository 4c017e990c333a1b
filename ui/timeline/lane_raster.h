#pragma once

#include "core/views/lane_raster.h"
#include "ui/timeline/timeline_geometry.h"

namespace sequela::ui {

// Lanes look the same in exported drawings.
using views::flowNear;
using views::FlowStyle;
using views::LaneRun;
using views::longestFlowNs;
using views::rasterizeLane;

} // namespace sequela::ui
