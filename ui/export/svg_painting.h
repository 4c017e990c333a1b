#pragma once

#include <QByteArray>
#include <QSizeF>

class QPainter;
class QRectF;

namespace sequela::ui {

/// Size of a drawing of core/views in its own units; empty if it is none.
[[nodiscard]] QSizeF drawingSize(const QByteArray& svg);

/// Paints what SvgWriter of core/views writes (rectangles, lines, circles, texts): texts as texts,
/// in the fonts of the rest of the page, bound to their stated lengths.
void paintDrawing(QPainter& painter, const QByteArray& svg, const QRectF& target);

} // namespace sequela::ui
