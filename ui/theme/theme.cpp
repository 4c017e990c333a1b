#include "ui/theme/theme.h"

#include "ui/theme/desktop_color_scheme.h"
#include "ui/theme/icon_engine.h"
#include "ui/theme/style_sheet.h"

#include <QApplication>
#include <QFontDatabase>
#include <QPalette>
#include <QStyleFactory>
#include <QToolTip>

namespace sequela::ui {

namespace {

QString firstInstalled(const QStringList& families, const QString& fallback)
{
    const QStringList installed = QFontDatabase::families();
    for (const QString& family : families) {
        if (installed.contains(family)) {
            return family;
        }
    }
    return fallback;
}

QFont sized(QFont font, double pixels, QFont::Weight weight = QFont::Normal)
{
    // Points at 96 dpi, so that the desktop's font scaling still applies.
    font.setPointSizeF(pixels * 72.0 / 96.0);
    font.setWeight(weight);
    return font;
}

QPalette paletteOf(const Theme& theme)
{
    QPalette palette;
    palette.setColor(QPalette::Window, theme.color(Token::Background));
    palette.setColor(QPalette::WindowText, theme.color(Token::Text));
    palette.setColor(QPalette::Base, theme.color(Token::Panel));
    palette.setColor(QPalette::AlternateBase, theme.color(Token::Raised));
    palette.setColor(QPalette::Text, theme.color(Token::Text));
    palette.setColor(QPalette::PlaceholderText, theme.color(Token::Muted));
    palette.setColor(QPalette::Button, theme.color(Token::Raised));
    palette.setColor(QPalette::ButtonText, theme.color(Token::Text));
    palette.setColor(QPalette::BrightText, theme.color(Token::Critical));
    palette.setColor(QPalette::Highlight, theme.color(Token::Selected));
    palette.setColor(QPalette::HighlightedText, theme.color(Token::Text));
    palette.setColor(QPalette::ToolTipBase, theme.color(Token::Raised));
    palette.setColor(QPalette::ToolTipText, theme.color(Token::Text));
    palette.setColor(QPalette::Link, theme.color(Token::Accent));
    palette.setColor(QPalette::LinkVisited, theme.color(Token::Network));
    palette.setColor(QPalette::Light, theme.color(Token::Line));
    palette.setColor(QPalette::Mid, theme.color(Token::Line));
    palette.setColor(QPalette::Dark, theme.color(Token::Line));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        palette.setColor(QPalette::Disabled, role, theme.color(Token::Muted));
    }
    return palette;
}

} // namespace

Theme::Theme(SchemeChoice choice, QObject* parent)
    : QObject(parent), m_choice(choice), m_desktop(new DesktopColorScheme(this))
{
    connect(m_desktop, &DesktopColorScheme::schemeChanged, this, &Theme::refresh);
    chooseFonts();
    refresh();
}

Theme::~Theme() = default;

void Theme::setChoice(SchemeChoice choice)
{
    m_choice = choice;
    refresh();
}

void Theme::refresh()
{
    switch (m_choice) {
    case SchemeChoice::Dark:
        m_scheme = ColorScheme::Dark;
        break;
    case SchemeChoice::Light:
        m_scheme = ColorScheme::Light;
        break;
    case SchemeChoice::Desktop:
        m_scheme = m_desktop->scheme();
        break;
    }
    if (m_application != nullptr) {
        m_application->setPalette(paletteOf(*this));
        QToolTip::setPalette(paletteOf(*this));
        m_application->setStyleSheet(styleSheet(m_scheme));
    }
    Q_EMIT themeChanged();
}

void Theme::chooseFonts()
{
    const QFont system = QFontDatabase::systemFont(QFontDatabase::GeneralFont);
    QFont interfaceFont = system;
    interfaceFont.setFamily(firstInstalled(
        {QStringLiteral("Inter"), QStringLiteral("Inter Display")}, system.family()));
    interfaceFont.setHintingPreference(QFont::PreferNoHinting);
    m_interface = sized(interfaceFont, 12);
    m_strong = sized(interfaceFont, 12, QFont::Medium);
    m_small = sized(interfaceFont, 11);
    m_title = sized(interfaceFont, 13, QFont::DemiBold);

    QFont data = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    data.setFamily(
        firstInstalled({QStringLiteral("JetBrains Mono"), QStringLiteral("Cascadia Mono"),
                        QStringLiteral("DejaVu Sans Mono")},
                       data.family()));
    data.setHintingPreference(QFont::PreferNoHinting);
    data.setStyleHint(QFont::Monospace);
    m_data = sized(data, 11.5);
}

QIcon Theme::icon(const QString& name, Token token) const
{
    return QIcon(new IconEngine(this, name, token));
}

void Theme::applyTo(QApplication& application)
{
    m_application = &application;
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    QApplication::setFont(m_interface);
    QToolTip::setFont(m_interface);
    refresh();
}

} // namespace sequela::ui
