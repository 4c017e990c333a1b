#pragma once

#include "ui/theme/palette.h"

#include <QIconEngine>
#include <QPointer>

namespace sequela::ui {

class Theme;

/// Draws one SVG of the icon set in a colour of the current theme. The files are black on nothing,
/// one stroke weight; the colour is laid over the drawn shape.
class IconEngine : public QIconEngine {
public:
    IconEngine(const Theme* theme, QString name, Token token);

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override;
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override;
    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state,
                         qreal scale) override;
    [[nodiscard]] QIconEngine* clone() const override;

private:
    [[nodiscard]] QColor colorFor(QIcon::Mode mode) const;

    QPointer<const Theme> m_theme;
    QString m_name;
    Token m_token;
};

} // namespace sequela::ui
