#pragma once

#include "ui/theme/palette.h"

#include <QString>

namespace sequela::ui {

/// The program's style sheet with the colours of @p scheme. Views that show events paint
/// themselves; this dresses buttons, inputs, tabs, menus, headers and scroll bars.
///
/// Classes a widget may carry in its dynamic property `class`: `panel`, `panelHeader`, `toolBar`,
/// `workspaceButton`, `flat` (buttons without a frame), `primary`, `pill`, `chip`, `muted`,
/// `title`, `data`, `notice`.
[[nodiscard]] QString styleSheet(ColorScheme scheme);

} // namespace sequela::ui
