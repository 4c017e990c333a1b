#pragma once

#include "ui/theme/palette.h"

#include <QObject>

#include <optional>

class QDBusVariant;
class QDBusPendingCallWatcher;

namespace sequela::ui {

/// Whether the desktop wants dark or light: `org.freedesktop.appearance color-scheme` of the
/// settings portal, asked without waiting and followed by its change signal; where no portal
/// answers, the lightness of the palette the program started with.
class DesktopColorScheme : public QObject {
    Q_OBJECT

public:
    explicit DesktopColorScheme(QObject* parent = nullptr);

    [[nodiscard]] ColorScheme scheme() const { return m_portal.value_or(m_fromPalette); }

Q_SIGNALS:
    void schemeChanged();

private Q_SLOTS:
    void readChange(const QString& group, const QString& key, const QDBusVariant& value);

private:
    void ask();
    void readReply(QDBusPendingCallWatcher* watcher);
    void setPreference(unsigned preference);

    ColorScheme m_fromPalette = ColorScheme::Dark;
    std::optional<ColorScheme> m_portal;
};

} // namespace sequela::ui
