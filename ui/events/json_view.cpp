#include "ui/events/json_view.h"

#include "ui/events/json_layout.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QSyntaxHighlighter>

namespace sequela::ui {

namespace {

/// Colours one line at a time: every token of laid-out JSON stands on one line.
class JsonHighlighter : public QSyntaxHighlighter {
public:
    JsonHighlighter(QTextDocument* document, Theme& theme)
        : QSyntaxHighlighter(document), m_theme(theme)
    {
        connect(&theme, &Theme::themeChanged, this, &QSyntaxHighlighter::rehighlight);
    }

protected:
    void highlightBlock(const QString& line) override
    {
        qsizetype at = 0;
        while (at < line.size()) {
            const QChar c = line.at(at);
            if (c == QLatin1Char('"')) {
                const qsizetype end = stringEnd(line, at);
                const bool isKey = line.mid(end).trimmed().startsWith(QLatin1Char(':'));
                mark(at, end, isKey ? Token::Field : Token::String);
                at = end;
            } else if (c.isLetterOrNumber() || c == QLatin1Char('-')) {
                qsizetype end = at + 1;
                while (end < line.size()
                       && (line.at(end).isLetterOrNumber() || line.at(end) == QLatin1Char('.')
                           || line.at(end) == QLatin1Char('+')
                           || line.at(end) == QLatin1Char('-'))) {
                    ++end;
                }
                mark(at, end, c.isLetter() ? Token::Keyword : Token::Number);
                at = end;
            } else {
                ++at;
            }
        }
    }

private:
    static qsizetype stringEnd(const QString& line, qsizetype begin)
    {
        qsizetype at = begin + 1;
        while (at < line.size()) {
            if (line.at(at) == QLatin1Char('\\')) {
                at += 2;
                continue;
            }
            if (line.at(at) == QLatin1Char('"')) {
                return at + 1;
            }
            ++at;
        }
        return line.size();
    }

    void mark(qsizetype begin, qsizetype end, Token token)
    {
        setFormat(static_cast<int>(begin), static_cast<int>(end - begin), m_theme.color(token));
    }

    Theme& m_theme;
};

} // namespace

JsonView::JsonView(Theme& theme, QWidget* parent) : QPlainTextEdit(parent)
{
    setProperty("class", QStringLiteral("bare"));
    setReadOnly(true);
    setUndoRedoEnabled(false);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setFont(theme.dataFont());
    setAccessibleName(tr("Event as JSON"));
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setTabChangesFocus(true);
    new JsonHighlighter(document(), theme);
}

void JsonView::setDocumentText(std::string_view json)
{
    const std::string laidOut = layoutJson(json.substr(0, maxShownBytes));
    QString shown = text::visibleLines(laidOut);
    if (json.size() > maxShownBytes) {
        shown += tr("\n… %1 more; “Copy event as JSON” takes all of it")
                     .arg(text::bytes(json.size() - maxShownBytes));
    }
    setPlainText(shown);
}

} // namespace sequela::ui
