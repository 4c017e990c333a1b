#include "ui/editor/text_view.h"

#include "ui/editor/scintilla_view.h"

#include <QVBoxLayout>

namespace sequela::ui {

TextView::TextView(Theme& theme, QWidget* parent)
    : QWidget(parent), m_view(new ScintillaView(theme, this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_view);
    m_view->queryLexer().setPlain(true);
    m_view->setReadOnly(true);
    m_view->setCaretLineVisible(false);
    m_view->setAccessibleName(tr("Text of the rule file"));
    setFocusProxy(m_view);
}

void TextView::setText(std::string_view text, std::string_view saved)
{
    const int firstLine = m_view->firstVisibleLine();
    m_view->setUtf8(text);
    m_view->setLineChanges(lineChanges(saved, text));
    m_view->setFirstVisibleLine(firstLine);
}

std::string TextView::text() const
{
    return m_view->utf8();
}

} // namespace sequela::ui
