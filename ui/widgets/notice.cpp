#include "ui/widgets/notice.h"

#include "ui/text/event_text.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

namespace sequela::ui {

QString diagnosticText(const Diagnostic& diagnostic)
{
    QString text = text::visibleLines(diagnostic.message);
    QString place = text::visible(diagnostic.file);
    if (diagnostic.begin) {
        if (!place.isEmpty()) {
            place += QLatin1Char(':');
        }
        place += QStringLiteral("%1:%2").arg(diagnostic.begin->line).arg(diagnostic.begin->column);
    }
    if (!place.isEmpty()) {
        text += QStringLiteral("  —  ") + place;
    }
    if (!diagnostic.hint.empty()) {
        text += QLatin1Char('\n') + text::visibleLines(diagnostic.hint);
    }
    return text;
}

Notice::Notice(Theme& theme, QWidget* parent)
    : QFrame(parent),
      m_theme(theme),
      m_icon(new QLabel(this)),
      m_text(new QLabel(this)),
      m_close(new QToolButton(this))
{
    setProperty("class", QStringLiteral("noticeBar"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(10, 6, 6, 6);
    layout->setSpacing(8);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_close->setProperty("class", QStringLiteral("flat"));
    m_close->setIcon(theme.icon(QStringLiteral("close"), Token::Muted));
    m_close->setToolTip(tr("Dismiss"));
    m_close->setAccessibleName(tr("Dismiss this message"));
    layout->addWidget(m_icon, 0, Qt::AlignVCenter);
    layout->addWidget(m_text, 1);
    m_choices = new QHBoxLayout;
    layout->addLayout(m_choices);
    layout->addWidget(m_close, 0, Qt::AlignVCenter);
    connect(&theme, &Theme::themeChanged, this, [this] {
        if (!m_iconName.isEmpty()) {
            setIcon(m_iconName);
        }
    });
    connect(m_close, &QToolButton::clicked, this, &Notice::clear);
    hide();
}

void Notice::setIcon(const QString& name)
{
    m_iconName = name;
    const Token token = name == QLatin1String("error")     ? Token::Critical
                        : name == QLatin1String("warning") ? Token::Medium
                                                           : Token::Accent;
    m_icon->setPixmap(m_theme.icon(name, token).pixmap(QSize(16, 16)));
}

void Notice::removeChoices()
{
    while (QLayoutItem* item = m_choices->takeAt(0)) {
        // A choice may be what is being pressed.
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
}

void Notice::remind(const QString& text, std::vector<Choice> choices)
{
    removeChoices();
    setIcon(QStringLiteral("warning"));
    m_text->setText(text);
    setAccessibleName(text);
    for (Choice& choice : choices) {
        auto* button = new QPushButton(choice.label, this);
        button->setObjectName(choice.objectName);
        if (m_choices->count() == 0) {
            button->setProperty("class", QStringLiteral("primary"));
        }
        connect(button, &QPushButton::clicked, this, [this, run = std::move(choice.run)] {
            // Clearing takes this function with its button.
            const std::function<void()> chosen = run;
            clear();
            chosen();
        });
        m_choices->addWidget(button);
    }
    setVisible(true);
}

void Notice::ask(const QString& text, std::vector<Choice> choices)
{
    remind(text, std::move(choices));
    if (m_choices->count() > 0) {
        m_choices->itemAt(0)->widget()->setFocus();
    }
}

void Notice::show(const Diagnostic& diagnostic)
{
    removeChoices();
    switch (diagnostic.severity) {
    case Severity::Error:
        setIcon(QStringLiteral("error"));
        break;
    case Severity::Warning:
        setIcon(QStringLiteral("warning"));
        break;
    case Severity::Note:
        setIcon(QStringLiteral("info"));
        break;
    }
    m_text->setText(diagnosticText(diagnostic));
    setAccessibleName(m_text->text());
    setVisible(true);
}

void Notice::showRemark(const QString& text)
{
    removeChoices();
    setIcon(QStringLiteral("info"));
    m_text->setText(text);
    setAccessibleName(text);
    setVisible(true);
}

void Notice::clear()
{
    hide();
    removeChoices();
    m_text->clear();
}

QString Notice::text() const
{
    return m_text->text();
}

} // namespace sequela::ui
