#include "ui/shell/filter_line.h"

#include "core/eql/lexer.h"
#include "ui/text/event_text.h"
#include "ui/theme/theme.h"

#include <QKeyEvent>
#include <QMimeData>
#include <QSyntaxHighlighter>
#include <QTextBlock>

#include <optional>

namespace sequela::ui {

namespace {

std::optional<Token> colorOf(eql::TokenKind kind)
{
    switch (kind) {
    case eql::TokenKind::Keyword:
        return Token::Keyword;
    case eql::TokenKind::Identifier:
    case eql::TokenKind::QuotedIdentifier:
    case eql::TokenKind::Variable:
        return Token::Field;
    case eql::TokenKind::InsensitiveName:
        return Token::Function;
    case eql::TokenKind::Integer:
    case eql::TokenKind::Decimal:
        return Token::Number;
    case eql::TokenKind::String:
    case eql::TokenKind::RawString:
        return Token::String;
    case eql::TokenKind::LineComment:
    case eql::TokenKind::BlockComment:
        return Token::Comment;
    case eql::TokenKind::LegacyString:
    case eql::TokenKind::Invalid:
        return Token::Lost;
    case eql::TokenKind::Whitespace:
    case eql::TokenKind::Operator:
    case eql::TokenKind::Punctuation:
        break;
    }
    return std::nullopt;
}

class EqlHighlighter : public QSyntaxHighlighter {
public:
    EqlHighlighter(QTextDocument* document, Theme& theme)
        : QSyntaxHighlighter(document), m_theme(theme)
    {
        connect(&theme, &Theme::themeChanged, this, &QSyntaxHighlighter::rehighlight);
    }

protected:
    void highlightBlock(const QString& line) override
    {
        const std::string bytes = text::toUtf8(line);
        for (const eql::Token& token : eql::lex(bytes, eql::Dialect::Elasticsearch).tokens) {
            std::optional<Token> color = colorOf(token.kind);
            if (!color) {
                continue;
            }
            const bool isCall = token.kind == eql::TokenKind::Identifier
                                && token.span.end < bytes.size() && bytes[token.span.end] == '(';
            const auto begin = text::utf16Offset(bytes, token.span.begin);
            const auto end = text::utf16Offset(bytes, token.span.end);
            setFormat(static_cast<int>(begin), static_cast<int>(end - begin),
                      m_theme.color(isCall ? Token::Function : *color));
        }
    }

private:
    Theme& m_theme;
};

} // namespace

FilterLine::FilterLine(Theme& theme, QWidget* parent) : QPlainTextEdit(parent)
{
    setProperty("class", QStringLiteral("bare"));
    setStyleSheet(QStringLiteral("background: transparent; border: none; padding: 0;"));
    setFont(theme.dataFont());
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTabChangesFocus(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    document()->setDocumentMargin(3);
    setFixedHeight(sizeHint().height());
    new EqlHighlighter(document(), theme);
}

QSize FilterLine::sizeHint() const
{
    return {320, QFontMetrics(font()).height() + 8};
}

void FilterLine::setText(const QString& text)
{
    if (text != toPlainText()) {
        setPlainText(text);
        moveCursor(QTextCursor::End);
    }
}

bool FilterLine::event(QEvent* event)
{
    // Escape is the line's own here, else the window takes it for cancelling its work.
    if (event->type() == QEvent::ShortcutOverride
        && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    return QPlainTextEdit::event(event);
}

void FilterLine::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        Q_EMIT submitted();
        return;
    case Qt::Key_Escape:
        Q_EMIT abandoned();
        return;
    default:
        QPlainTextEdit::keyPressEvent(event);
    }
}

void FilterLine::insertFromMimeData(const QMimeData* source)
{
    insertPlainText(source->text().simplified());
}

void FilterLine::wheelEvent(QWheelEvent* event)
{
    // One line does not scroll.
    event->ignore();
}

} // namespace sequela::ui
