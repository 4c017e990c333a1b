#pragma once

#include "core/base/diagnostic.h"

#include <QString>

namespace sequela::ui {

/// One line for a diagnostic of a filter: "column 12: unknown field … — use destination.port".
[[nodiscard]] QString filterMessage(const Diagnostic& diagnostic);

} // namespace sequela::ui
