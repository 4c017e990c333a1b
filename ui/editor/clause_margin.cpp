#include "ui/editor/clause_margin.h"

#include "ui/editor/scintilla_view.h"
#include "ui/theme/theme.h"

#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>

namespace sequela::ui {

ClauseMargin::ClauseMargin(Theme& theme, ScintillaView& view, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_view(view)
{
    setFixedWidth(196);
    setAccessibleName(tr("Counts beside the clauses"));
    connect(view.verticalScrollBar(), &QScrollBar::valueChanged, this,
            qOverload<>(&QWidget::update));
    connect(&view, &QsciScintilla::textChanged, this, qOverload<>(&QWidget::update));
    connect(&view, &QsciScintillaBase::SCN_ZOOM, this, qOverload<>(&QWidget::update));
    connect(&theme, &Theme::themeChanged, this, qOverload<>(&QWidget::update));
}

void ClauseMargin::setNotes(std::vector<LineNote> notes)
{
    m_notes = std::move(notes);
    update();
}

void ClauseMargin::setStale(bool stale)
{
    m_stale = stale;
    update();
}

void ClauseMargin::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Token::Raised));
    painter.setPen(m_theme.color(Token::Line));
    painter.drawLine(0, 0, 0, height());
    QFont strong = m_theme.dataFont();
    strong.setBold(true);
    const int lineHeight = m_view.lineHeight();
    int lastTop = -1;
    int x = 0;
    for (const LineNote& note : m_notes) {
        const int top = m_view.pointOf(note.offset).y();
        if (top != lastTop) {
            x = 10;
        }
        lastTop = top;
        const QRect row(x, top, width() - x - 4, lineHeight);
        if (row.bottom() < 0 || row.top() > height() || row.width() <= 0) {
            continue;
        }
        painter.setFont(strong);
        painter.setPen(m_theme.color(m_stale ? Token::Muted : Token::Text));
        painter.drawText(row, Qt::AlignVCenter | Qt::AlignLeft, note.strong);
        const int strongWidth = painter.fontMetrics().horizontalAdvance(note.strong);
        painter.setFont(m_theme.dataFont());
        painter.setPen(m_theme.color(Token::Muted));
        const QRect rest = row.adjusted(strongWidth, 0, 0, 0);
        painter.drawText(rest, Qt::AlignVCenter | Qt::AlignLeft,
                         painter.fontMetrics().elidedText(note.text, Qt::ElideRight, rest.width()));
        x += strongWidth + painter.fontMetrics().horizontalAdvance(note.text);
    }
}

void ClauseMargin::mousePressEvent(QMouseEvent* event)
{
    const int lineHeight = m_view.lineHeight();
    for (const LineNote& note : m_notes) {
        const int top = m_view.pointOf(note.offset).y();
        if (event->pos().y() >= top && event->pos().y() < top + lineHeight) {
            Q_EMIT noteActivated(note.offset);
            return;
        }
    }
}

} // namespace sequela::ui
