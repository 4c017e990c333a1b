#include "ui/widgets/elided_label.h"

#include <QPainter>

namespace sequela::ui {

ElidedLabel::ElidedLabel(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void ElidedLabel::setText(const QString& text)
{
    m_text = text;
    setAccessibleName(text);
    updateToolTip();
    updateGeometry();
    update();
}

void ElidedLabel::setElideMode(Qt::TextElideMode mode)
{
    m_mode = mode;
    update();
}

QSize ElidedLabel::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(m_text) + 2, fontMetrics().height() + 2};
}

QSize ElidedLabel::minimumSizeHint() const
{
    return {24, fontMetrics().height() + 2};
}

void ElidedLabel::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setPen(palette().color(foregroundRole()));
    painter.drawText(rect(), Qt::AlignVCenter | Qt::AlignLeft,
                     fontMetrics().elidedText(m_text, m_mode, width()));
}

void ElidedLabel::resizeEvent(QResizeEvent* /*event*/)
{
    updateToolTip();
}

void ElidedLabel::updateToolTip()
{
    // Tool tips take rich text for plain if it looks like it: escaped, it stays what it is.
    const bool cut = fontMetrics().horizontalAdvance(m_text) > width();
    setToolTip(cut ? QStringLiteral("<span>%1</span>").arg(m_text.toHtmlEscaped()) : QString());
}

} // namespace sequela::ui
