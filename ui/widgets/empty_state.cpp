#include "ui/widgets/empty_state.h"

#include "ui/theme/theme.h"

#include <QAction>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace sequela::ui {

EmptyState::EmptyState(Theme& theme, const QString& iconName, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_iconName(iconName),
      m_icon(new QLabel(this)),
      m_title(new QLabel(this)),
      m_advice(new QLabel(this)),
      m_buttons(new QVBoxLayout)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(6);
    layout->addStretch(2);
    m_icon->setAlignment(Qt::AlignCenter);
    m_title->setAlignment(Qt::AlignCenter);
    m_title->setFont(theme.titleFont());
    m_title->setWordWrap(true);
    m_title->setTextFormat(Qt::PlainText);
    m_advice->setAlignment(Qt::AlignCenter);
    m_advice->setWordWrap(true);
    m_advice->setTextFormat(Qt::PlainText);
    m_advice->setProperty("class", QStringLiteral("muted"));
    layout->addWidget(m_icon);
    layout->addWidget(m_title);
    layout->addWidget(m_advice);
    m_buttons->setContentsMargins(0, 8, 0, 0);
    m_buttons->setSpacing(6);
    layout->addLayout(m_buttons);
    layout->addStretch(3);
    connect(&theme, &Theme::themeChanged, this, &EmptyState::drawIcon);
    drawIcon();
}

void EmptyState::setText(const QString& title, const QString& advice)
{
    m_title->setText(title);
    m_advice->setText(advice);
    m_advice->setVisible(!advice.isEmpty());
    setAccessibleName(title);
    setAccessibleDescription(advice);
}

void EmptyState::setIconName(const QString& name)
{
    m_iconName = name;
    drawIcon();
}

void EmptyState::drawIcon()
{
    m_icon->setPixmap(m_theme.icon(m_iconName, Token::Muted).pixmap(QSize(28, 28)));
}

void EmptyState::addAction(QAction* action)
{
    auto* button = new QPushButton(action->text(), this);
    button->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    connect(button, &QPushButton::clicked, action, &QAction::trigger);
    m_buttons->addWidget(button, 0, Qt::AlignHCenter);
}

} // namespace sequela::ui
