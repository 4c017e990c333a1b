#include "ui/theme/icon_engine.h"

#include "ui/theme/theme.h"

#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace sequela::ui {

IconEngine::IconEngine(const Theme* theme, QString name, Token token)
    : m_theme(theme), m_name(std::move(name)), m_token(token)
{
}

QColor IconEngine::colorFor(QIcon::Mode mode) const
{
    if (m_theme.isNull()) {
        return Qt::gray;
    }
    if (mode == QIcon::Disabled) {
        return mixed(m_theme->color(Token::Panel), m_theme->color(Token::Muted), 0.6);
    }
    return m_theme->color(m_token);
}

void IconEngine::paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state)
{
    const qreal scale = painter->device()->devicePixelRatio();
    painter->drawPixmap(rect, scaledPixmap(rect.size() * scale, mode, state, scale));
}

QPixmap IconEngine::pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state)
{
    return scaledPixmap(size, mode, state, 1.0);
}

QPixmap IconEngine::scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State /*state*/,
                                 qreal scale)
{
    const QColor color = colorFor(mode);
    const QString key = QStringLiteral("sequela-icon/%1/%2/%3x%4@%5")
                            .arg(m_name, color.name())
                            .arg(size.width())
                            .arg(size.height())
                            .arg(scale);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap)) {
        return pixmap;
    }
    QImage image(size, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    QSvgRenderer renderer(QStringLiteral(":/icons/%1.svg").arg(m_name));
    renderer.setAspectRatioMode(Qt::KeepAspectRatio);
    renderer.render(&painter, QRectF(QPointF(0, 0), QSizeF(size)));
    painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
    painter.fillRect(image.rect(), color);
    painter.end();
    image.setDevicePixelRatio(scale);
    pixmap = QPixmap::fromImage(std::move(image));
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

QIconEngine* IconEngine::clone() const
{
    return new IconEngine(m_theme.data(), m_name, m_token);
}

} // namespace sequela::ui
