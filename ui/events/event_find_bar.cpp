#include "ui/events/event_find_bar.h"

#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

namespace sequela::ui {

EventFindBar::EventFindBar(Theme& theme, QWidget* parent)
    : QWidget(parent), m_input(new QLineEdit(this)), m_result(new QLabel(this))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 4, 6, 4);
    layout->setSpacing(6);
    m_input->setPlaceholderText(tr("Find in the columns shown"));
    m_input->setAccessibleName(tr("Find in events"));
    m_input->setClearButtonEnabled(true);
    m_input->installEventFilter(this);
    m_result->setTextFormat(Qt::PlainText);
    m_result->setProperty("class", QStringLiteral("muted"));
    layout->addWidget(m_input, 1);
    layout->addWidget(m_result);
    const auto button = [&](const QString& icon, const QString& name) {
        auto* made = new QToolButton(this);
        made->setProperty("class", QStringLiteral("flat"));
        made->setIcon(theme.icon(icon, Token::Muted));
        made->setToolTip(name);
        made->setAccessibleName(name);
        layout->addWidget(made);
        return made;
    };
    connect(button(QStringLiteral("up"), tr("Previous (Shift+F3)")), &QToolButton::clicked, this,
            [this] { Q_EMIT findRequested(false); });
    connect(button(QStringLiteral("down"), tr("Next (F3)")), &QToolButton::clicked, this,
            [this] { Q_EMIT findRequested(true); });
    connect(button(QStringLiteral("close"), tr("Close (Esc)")), &QToolButton::clicked, this,
            &EventFindBar::close);
    connect(m_input, &QLineEdit::textEdited, this, [this] { setResult({}); });
    hide();
}

QString EventFindBar::text() const
{
    return m_input->text();
}

void EventFindBar::open()
{
    show();
    m_input->setFocus();
    m_input->selectAll();
}

void EventFindBar::setResult(const QString& text)
{
    m_result->setText(text);
}

QString EventFindBar::result() const
{
    return m_result->text();
}

void EventFindBar::close()
{
    hide();
    Q_EMIT closed();
}

bool EventFindBar::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::KeyPress && event->type() != QEvent::ShortcutOverride) {
        return QWidget::eventFilter(watched, event);
    }
    const auto* key = static_cast<QKeyEvent*>(event);
    if (event->type() == QEvent::ShortcutOverride && key->key() == Qt::Key_Escape) {
        // Else the window takes it for cancelling its work.
        event->accept();
        return true;
    }
    if (event->type() == QEvent::KeyPress && key->key() == Qt::Key_Escape) {
        close();
        return true;
    }
    if (event->type() == QEvent::KeyPress
        && (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter)) {
        Q_EMIT findRequested(!key->modifiers().testFlag(Qt::ShiftModifier));
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace sequela::ui
