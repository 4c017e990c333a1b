#pragma once

#include "core/detect/alert.h"
#include "ui/theme/palette.h"

#include <QString>

class QPainter;
class QRectF;

namespace sequela::ui {

class Theme;

/// Severity is shown by colour and letter, never by colour alone.
[[nodiscard]] Token severityToken(detect::AlertSeverity severity);
[[nodiscard]] Token severityFill(detect::AlertSeverity severity);
/// "C", "H", "M", "L".
[[nodiscard]] QString severityLetter(detect::AlertSeverity severity);
/// "Critical", …
[[nodiscard]] QString severityName(detect::AlertSeverity severity);

/// A filled disc with the letter in it, for marks beside events and processes.
void paintSeverityMark(QPainter& painter, const QRectF& disc, detect::AlertSeverity severity,
                       const Theme& theme);

/// "Open", "Acknowledged", "True positive", … and the icon that goes with it.
[[nodiscard]] QString verdictLabel(const detect::Verdict& verdict);
[[nodiscard]] QString verdictIcon(const detect::Verdict& verdict);

} // namespace sequela::ui
