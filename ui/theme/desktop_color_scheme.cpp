#include "ui/theme/desktop_color_scheme.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QGuiApplication>
#include <QPalette>

namespace sequela::ui {

namespace {
const QString portalService = QStringLiteral("org.freedesktop.portal.Desktop");
const QString portalPath = QStringLiteral("/org/freedesktop/portal/desktop");
const QString portalInterface = QStringLiteral("org.freedesktop.portal.Settings");
const QString appearanceGroup = QStringLiteral("org.freedesktop.appearance");
const QString schemeKey = QStringLiteral("color-scheme");
} // namespace

DesktopColorScheme::DesktopColorScheme(QObject* parent) : QObject(parent)
{
    const QPalette palette = QGuiApplication::palette();
    m_fromPalette =
        palette.color(QPalette::Window).lightness() < 128 ? ColorScheme::Dark : ColorScheme::Light;
    ask();
}

void DesktopColorScheme::ask()
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected()) {
        return;
    }
    bus.connect(portalService, portalPath, portalInterface, QStringLiteral("SettingChanged"), this,
                SLOT(readChange(QString, QString, QDBusVariant)));
    QDBusMessage message = QDBusMessage::createMethodCall(portalService, portalPath,
                                                          portalInterface, QStringLiteral("Read"));
    message << appearanceGroup << schemeKey;
    auto* watcher = new QDBusPendingCallWatcher(bus.asyncCall(message), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, &DesktopColorScheme::readReply);
}

void DesktopColorScheme::readReply(QDBusPendingCallWatcher* watcher)
{
    const QDBusPendingReply<QDBusVariant> reply = *watcher;
    watcher->deleteLater();
    if (reply.isError()) {
        return;
    }
    // `Read` wraps the value in two variants, `SettingChanged` in one.
    QVariant value = reply.value().variant();
    if (value.canConvert<QDBusVariant>()) {
        value = value.value<QDBusVariant>().variant();
    }
    setPreference(value.toUInt());
}

void DesktopColorScheme::readChange(const QString& group, const QString& key,
                                    const QDBusVariant& value)
{
    if (group == appearanceGroup && key == schemeKey) {
        setPreference(value.variant().toUInt());
    }
}

void DesktopColorScheme::setPreference(unsigned preference)
{
    // 1 prefers dark, 2 prefers light, 0 has no preference.
    const ColorScheme before = scheme();
    m_portal.reset();
    if (preference == 1) {
        m_portal = ColorScheme::Dark;
    } else if (preference == 2) {
        m_portal = ColorScheme::Light;
    }
    if (scheme() != before) {
        Q_EMIT schemeChanged();
    }
}

} // namespace sequela::ui
