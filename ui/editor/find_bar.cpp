#include "ui/editor/find_bar.h"

#include "ui/editor/scintilla_view.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

namespace sequela::ui {

FindBar::FindBar(Theme& theme, ScintillaView& view, QWidget* parent)
    : QFrame(parent),
      m_view(view),
      m_find(new QLineEdit(this)),
      m_replace(new QLineEdit(this)),
      m_matchCase(new QCheckBox(tr("Match case"), this)),
      m_result(new QLabel(this))
{
    setProperty("class", QStringLiteral("noticeBar"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 3, 8, 3);
    layout->setSpacing(6);
    m_find->setPlaceholderText(tr("Find"));
    m_find->setAccessibleName(tr("Find in the query"));
    m_find->setFont(theme.dataFont());
    m_replace->setPlaceholderText(tr("Replace with"));
    m_replace->setAccessibleName(tr("Replace with"));
    m_replace->setFont(theme.dataFont());
    m_result->setTextFormat(Qt::PlainText);
    m_result->setProperty("class", QStringLiteral("muted"));
    const auto addButton = [this, layout](const char* name, const QString& label, auto action) {
        auto* button = new QToolButton(this);
        button->setObjectName(QLatin1String(name));
        button->setText(label);
        button->setProperty("class", QStringLiteral("flat"));
        connect(button, &QToolButton::clicked, this, action);
        layout->addWidget(button);
    };
    layout->addWidget(m_find, 2);
    layout->addWidget(m_replace, 2);
    addButton("find.next", tr("Next"), [this] { findNext(true); });
    addButton("find.replace", tr("Replace"), [this] { replaceOne(); });
    addButton("find.replaceAll", tr("All"), [this] { replaceAll(); });
    layout->addWidget(m_matchCase);
    layout->addWidget(m_result, 1);
    addButton("find.close", tr("Close"), [this] { close(); });
    connect(m_replace, &QLineEdit::returnPressed, this, &FindBar::replaceOne);
    hide();
}

void FindBar::open()
{
    if (m_view.hasSelectedText() && !m_view.selectedText().contains(QLatin1Char('\n'))) {
        m_find->setText(m_view.selectedText());
    }
    show();
    m_find->setFocus(Qt::ShortcutFocusReason);
    m_find->selectAll();
}

void FindBar::findNext(bool forward)
{
    const QString wanted = m_find->text();
    if (wanted.isEmpty()) {
        return;
    }
    int line = -1;
    int index = -1;
    if (!forward && m_view.hasSelectedText()) {
        int endLine = 0;
        int endIndex = 0;
        m_view.getSelection(&line, &index, &endLine, &endIndex);
    }
    const bool found = m_view.findFirst(wanted, false, m_matchCase->isChecked(), false, true,
                                        forward, line, index);
    m_result->setText(found ? QString() : tr("not found"));
}

void FindBar::replaceOne()
{
    const Qt::CaseSensitivity sensitivity =
        m_matchCase->isChecked() ? Qt::CaseSensitive : Qt::CaseInsensitive;
    if (m_view.selectedText().compare(m_find->text(), sensitivity) == 0) {
        m_view.replaceSelectedText(m_replace->text());
    }
    findNext(true);
}

void FindBar::replaceAll()
{
    const std::string wanted = text::toUtf8(m_find->text());
    if (wanted.empty()) {
        return;
    }
    const std::string replacement = text::toUtf8(m_replace->text());
    std::uint64_t count = 0;
    m_view.beginUndoAction();
    m_view.SendScintilla(QsciScintillaBase::SCI_SETSEARCHFLAGS,
                         m_matchCase->isChecked()
                             ? static_cast<unsigned long>(QsciScintillaBase::SCFIND_MATCHCASE)
                             : 0UL);
    std::size_t from = 0;
    while (true) {
        const auto length =
            static_cast<unsigned long>(m_view.SendScintilla(QsciScintillaBase::SCI_GETLENGTH));
        m_view.SendScintilla(QsciScintillaBase::SCI_SETTARGETSTART,
                             static_cast<unsigned long>(from));
        m_view.SendScintilla(QsciScintillaBase::SCI_SETTARGETEND, length);
        const long at =
            m_view.SendScintilla(QsciScintillaBase::SCI_SEARCHINTARGET,
                                 static_cast<unsigned long>(wanted.size()), wanted.data());
        if (at < 0) {
            break;
        }
        m_view.SendScintilla(QsciScintillaBase::SCI_REPLACETARGET,
                             static_cast<unsigned long>(replacement.size()), replacement.data());
        from = static_cast<std::size_t>(at) + replacement.size();
        ++count;
    }
    m_view.endUndoAction();
    m_result->setText(tr("%1 replaced").arg(text::count(count)));
}

void FindBar::close()
{
    hide();
    m_view.setFocus(Qt::OtherFocusReason);
}

void FindBar::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Escape:
        close();
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_F3:
        if (!m_replace->hasFocus()) {
            findNext((event->modifiers() & Qt::ShiftModifier) == 0);
        }
        return;
    default:
        QFrame::keyPressEvent(event);
    }
}

} // namespace sequela::ui
