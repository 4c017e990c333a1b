#pragma once

#include "ui/theme/palette.h"

#include <QFont>
#include <QIcon>
#include <QObject>
#include <QString>

class QApplication;

namespace sequela::ui {

class DesktopColorScheme;

/// What decides between dark and light.
enum class SchemeChoice : std::uint8_t { Desktop, Dark, Light };

/// Sizes in device-independent pixels at 100 %, shared so that panels line up.
namespace metrics {
inline constexpr int rowHeight = 22;
inline constexpr int panelHeaderHeight = 28;
inline constexpr int toolBarHeight = 44;
inline constexpr int overviewHeight = 62;
inline constexpr int statusBarHeight = 25;
inline constexpr int gap = 4;
inline constexpr int padding = 8;
inline constexpr int iconSize = 16;
/// One level of a tree.
inline constexpr int indent = 14;
} // namespace metrics

/// Colours, fonts and icons of the window. One per program, made in main and handed to everything
/// that paints (see state/context.h); GUI thread only. Painters ask `color()` on every paint and
/// connect `themeChanged` to `update()` if they cache anything.
class Theme : public QObject {
    Q_OBJECT

public:
    explicit Theme(SchemeChoice choice = SchemeChoice::Desktop, QObject* parent = nullptr);
    ~Theme() override;

    [[nodiscard]] QColor color(Token token) const { return tokenColor(m_scheme, token); }
    [[nodiscard]] ColorScheme scheme() const { return m_scheme; }
    [[nodiscard]] SchemeChoice choice() const { return m_choice; }
    void setChoice(SchemeChoice choice);

    /// Interface font of the system (Inter where it is installed), 12 px.
    [[nodiscard]] const QFont& interfaceFont() const { return m_interface; }
    /// The same, medium weight: names of alerts, panel titles.
    [[nodiscard]] const QFont& strongFont() const { return m_strong; }
    /// 11 px: pills, chips, axes.
    [[nodiscard]] const QFont& smallFont() const { return m_small; }
    /// 13 px bold: the title of an alert.
    [[nodiscard]] const QFont& titleFont() const { return m_title; }
    /// Monospace for event data and queries, 11.5 px.
    [[nodiscard]] const QFont& dataFont() const { return m_data; }

    /// `resources/icons/<name>.svg` drawn in a token's colour, crisp at every scale; disabled in
    /// Muted. Icons follow the theme: they are drawn anew with the colours of the moment.
    [[nodiscard]] QIcon icon(const QString& name, Token token = Token::Text) const;

    /// Puts style, palette, fonts and style sheet on the program, and again after each change.
    void applyTo(QApplication& application);

Q_SIGNALS:
    /// Colours have changed; everything is to be painted again.
    void themeChanged();

private:
    void refresh();
    void chooseFonts();

    SchemeChoice m_choice = SchemeChoice::Desktop;
    ColorScheme m_scheme = ColorScheme::Dark;
    DesktopColorScheme* m_desktop = nullptr;
    QApplication* m_application = nullptr;
    QFont m_interface;
    QFont m_strong;
    QFont m_small;
    QFont m_title;
    QFont m_data;
};

} // namespace sequela::ui
