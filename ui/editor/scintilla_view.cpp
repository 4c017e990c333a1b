#include "ui/editor/scintilla_view.h"

#include "ui/text/event_text.h"
#include "ui/theme/theme.h"

#include <QFontInfo>
#include <QHelpEvent>
#include <Qsci/qscicommandset.h>

#include <algorithm>
#include <array>

namespace sequela::ui {

namespace {

constexpr int errorIndicator = 8;
constexpr int warningIndicator = 9;
constexpr int braceIndicator = 10;
constexpr int changeMargin = 1;
constexpr int addedMarker = 1;
constexpr int changedMarker = 2;
constexpr int removedMarker = 3;

constexpr std::array<Token, queryStyleCount> styleTokens{
    Token::Text,     Token::Comment, Token::Keyword, Token::Network, Token::Field,
    Token::Function, Token::Number,  Token::String,  Token::Critical};

long colorValue(const QColor& color)
{
    return color.red() | (color.green() << 8) | (color.blue() << 16);
}

/// QScintilla takes sizes in points.
QFont editorFont(const Theme& theme)
{
    QFont font = theme.dataFont();
    const double points = QFontInfo(font).pointSizeF();
    font.setPointSizeF(points * 13.0 / 11.5);
    return font;
}

} // namespace

QueryLexer::QueryLexer(Theme& theme, QObject* parent) : QsciLexerCustom(parent), m_theme(theme)
{
    applyTheme();
}

void QueryLexer::applyTheme()
{
    const QFont font = editorFont(m_theme);
    const QColor paper = m_theme.color(Token::Panel);
    setDefaultColor(m_theme.color(Token::Text));
    setDefaultPaper(paper);
    setDefaultFont(font);
    for (int style = 0; style < queryStyleCount; ++style) {
        setColor(m_theme.color(styleTokens[static_cast<std::size_t>(style)]), style);
        setPaper(paper, style);
        setFont(font, style);
    }
}

QString QueryLexer::description(int style) const
{
    return style >= 0 && style < queryStyleCount ? QString::number(style) : QString();
}

void QueryLexer::styleText(int start, int end)
{
    auto* view = qobject_cast<ScintillaView*>(editor());
    if (view == nullptr) {
        return;
    }
    startStyling(start);
    if (m_plain) {
        setStyling(end - start, static_cast<int>(QueryStyle::Plain));
        return;
    }
    const auto first = static_cast<std::size_t>(start);
    const auto last = static_cast<std::size_t>(end);
    for (const StyledSpan& styled : styledSpans(view->utf8(), m_dialect)) {
        const std::size_t begin = std::max(styled.span.begin, first);
        const std::size_t stop = std::min(styled.span.end, last);
        if (begin < stop) {
            setStyling(static_cast<int>(stop - begin), static_cast<int>(styled.style));
        }
    }
}

ScintillaView::ScintillaView(Theme& theme, QWidget* parent)
    : QsciScintilla(parent), m_theme(theme), m_lexer(new QueryLexer(theme, this))
{
    QsciScintilla::setUtf8(true);
    setFrameShape(QFrame::NoFrame);
    setLexer(m_lexer);
    setEolMode(QsciScintilla::EolUnix);
    setIndentationsUseTabs(false);
    setTabWidth(2);
    setIndentationWidth(2);
    setAutoIndent(true);
    setCaretLineVisible(true);
    setWrapMode(QsciScintilla::WrapWord);
    setWrapIndentMode(QsciScintilla::WrapIndentIndented);
    setBraceMatching(QsciScintilla::SloppyBraceMatch);
    setMarginType(0, QsciScintilla::NumberMargin);
    setMarginType(changeMargin, QsciScintilla::SymbolMargin);
    setMarginWidth(changeMargin, 4);
    setMarginMarkerMask(changeMargin,
                        (1 << addedMarker) | (1 << changedMarker) | (1 << removedMarker));
    setMarginWidth(2, 0);
    setMarginSensitivity(0, false);
    SendScintilla(SCI_SETMULTIPLESELECTION, 1UL);
    SendScintilla(SCI_SETADDITIONALSELECTIONTYPING, 1UL);
    SendScintilla(SCI_SETMULTIPASTE, 1UL);
    SendScintilla(SCI_SETSCROLLWIDTH, 1UL);
    SendScintilla(SCI_SETSCROLLWIDTHTRACKING, 1UL);
    SendScintilla(SCI_SETEXTRAASCENT, 2UL);
    SendScintilla(SCI_SETEXTRADESCENT, 2UL);
    SendScintilla(SCI_SETENDATLASTLINE, 1UL);
    releaseWindowKeys();
    // A comment that is closed far below colours the lines above it, too.
    connect(this, &QsciScintilla::textChanged, this,
            [this] { SendScintilla(SCI_STARTSTYLING, 0UL, 0L); });
    connect(&theme, &Theme::themeChanged, this, &ScintillaView::applyTheme);
    applyTheme();
}

/// Keys that mean something else in the window.
void ScintillaView::releaseWindowKeys()
{
    const std::array<int, 9> taken{QKeyCombination(Qt::CTRL, Qt::Key_L).toCombined(),
                                   QKeyCombination(Qt::CTRL, Qt::Key_T).toCombined(),
                                   QKeyCombination(Qt::CTRL, Qt::Key_D).toCombined(),
                                   QKeyCombination(Qt::CTRL, Qt::Key_R).toCombined(),
                                   QKeyCombination(Qt::CTRL, Qt::Key_M).toCombined(),
                                   QKeyCombination(Qt::CTRL, Qt::Key_E).toCombined(),
                                   QKeyCombination(Qt::CTRL, Qt::Key_Slash).toCombined(),
                                   QKeyCombination(Qt::CTRL | Qt::SHIFT, Qt::Key_L).toCombined(),
                                   QKeyCombination(Qt::CTRL | Qt::SHIFT, Qt::Key_T).toCombined()};
    for (QsciCommand* command : standardCommands()->commands()) {
        if (std::ranges::find(taken, command->key()) != taken.end()) {
            command->setKey(0);
        }
        if (std::ranges::find(taken, command->alternateKey()) != taken.end()) {
            command->setAlternateKey(0);
        }
    }
}

void ScintillaView::applyTheme()
{
    m_lexer->applyTheme();
    const auto color = [this](Token token) { return m_theme.color(token); };
    setLexer(m_lexer);
    setPaper(color(Token::Panel));
    setColor(color(Token::Text));
    setCaretForegroundColor(color(Token::Text));
    setCaretLineBackgroundColor(mixed(color(Token::Panel), color(Token::Hover), 0.6));
    setSelectionBackgroundColor(color(Token::Selected));
    SendScintilla(SCI_SETSELFORE, 0UL, 0L);
    setMarginsBackgroundColor(color(Token::Raised));
    setMarginsForegroundColor(color(Token::Muted));
    setMarginsFont(editorFont(m_theme));
    setMarginWidth(0, QStringLiteral("00000"));
    setMatchedBraceForegroundColor(color(Token::Accent));
    setMatchedBraceBackgroundColor(mixed(color(Token::Panel), color(Token::Accent), 0.25));
    setUnmatchedBraceForegroundColor(color(Token::Critical));
    setUnmatchedBraceBackgroundColor(color(Token::Panel));
    indicatorDefine(QsciScintilla::SquiggleIndicator, errorIndicator);
    indicatorDefine(QsciScintilla::SquiggleIndicator, warningIndicator);
    setIndicatorForegroundColor(color(Token::Critical), errorIndicator);
    setIndicatorForegroundColor(color(Token::Medium), warningIndicator);
    for (const int marker : {addedMarker, changedMarker, removedMarker}) {
        markerDefine(marker == removedMarker ? QsciScintilla::Underline
                                             : QsciScintilla::FullRectangle,
                     marker);
    }
    // A marker that the margin shows leaves the line's background alone.
    setMarkerBackgroundColor(color(Token::Gained), addedMarker);
    setMarkerBackgroundColor(color(Token::Accent), changedMarker);
    setMarkerBackgroundColor(color(Token::Lost), removedMarker);
    SendScintilla(SCI_INDICSETFORE, static_cast<unsigned long>(braceIndicator),
                  colorValue(color(Token::Accent)));
}

std::string ScintillaView::utf8() const
{
    const auto length = static_cast<std::size_t>(SendScintilla(SCI_GETLENGTH));
    std::string text(length + 1, '\0');
    SendScintilla(SCI_GETTEXT, static_cast<unsigned long>(length + 1), text.data());
    text.resize(length);
    return text;
}

void ScintillaView::setUtf8(std::string_view text)
{
    const bool wasReadOnly = isReadOnly();
    setReadOnly(false);
    SendScintilla(SCI_CLEARALL);
    SendScintilla(SCI_ADDTEXT, static_cast<unsigned long>(text.size()),
                  text.empty() ? "" : text.data());
    SendScintilla(SCI_GOTOPOS, 0UL);
    setReadOnly(wasReadOnly);
}

void ScintillaView::replaceSpan(SourceSpan span, std::string_view replacement)
{
    // Scintilla takes no null pointer, not even for nothing.
    SendScintilla(SCI_SETTARGETSTART, static_cast<unsigned long>(span.begin));
    SendScintilla(SCI_SETTARGETEND, static_cast<unsigned long>(span.end));
    SendScintilla(SCI_REPLACETARGET, static_cast<unsigned long>(replacement.size()),
                  replacement.empty() ? "" : replacement.data());
}

std::size_t ScintillaView::caret() const
{
    return static_cast<std::size_t>(SendScintilla(SCI_GETCURRENTPOS));
}

void ScintillaView::setCaret(std::size_t offset)
{
    SendScintilla(SCI_GOTOPOS, static_cast<unsigned long>(offset));
}

int ScintillaView::lineOf(std::size_t offset) const
{
    return static_cast<int>(
        SendScintilla(SCI_LINEFROMPOSITION, static_cast<unsigned long>(offset)));
}

QPoint ScintillaView::pointOf(std::size_t offset) const
{
    return {
        static_cast<int>(SendScintilla(SCI_POINTXFROMPOSITION, 0UL, static_cast<long>(offset))),
        static_cast<int>(SendScintilla(SCI_POINTYFROMPOSITION, 0UL, static_cast<long>(offset)))};
}

int ScintillaView::lineHeight() const
{
    return static_cast<int>(SendScintilla(SCI_TEXTHEIGHT, 0UL));
}

std::optional<std::size_t> ScintillaView::offsetAt(QPoint point) const
{
    const long offset = SendScintilla(SCI_POSITIONFROMPOINTCLOSE,
                                      static_cast<unsigned long>(std::max(point.x(), 0)),
                                      static_cast<long>(point.y()));
    return offset < 0 ? std::nullopt : std::optional(static_cast<std::size_t>(offset));
}

void ScintillaView::setSquiggles(const std::vector<Diagnostic>& diagnostics)
{
    const auto length = static_cast<std::size_t>(SendScintilla(SCI_GETLENGTH));
    for (const int indicator : {errorIndicator, warningIndicator}) {
        SendScintilla(SCI_SETINDICATORCURRENT, static_cast<unsigned long>(indicator));
        SendScintilla(SCI_INDICATORCLEARRANGE, 0UL, static_cast<long>(length));
    }
    for (const Diagnostic& diagnostic : diagnostics) {
        if (!diagnostic.span || diagnostic.severity == Severity::Note || length == 0) {
            continue;
        }
        std::size_t begin = std::min(diagnostic.span->begin, length);
        const std::size_t end = std::min(std::max(diagnostic.span->end, begin + 1), length);
        // What is missing at the end of the text is marked on its last character.
        begin = std::min(begin, end - 1);
        SendScintilla(SCI_SETINDICATORCURRENT,
                      static_cast<unsigned long>(diagnostic.severity == Severity::Error
                                                     ? errorIndicator
                                                     : warningIndicator));
        SendScintilla(SCI_INDICATORFILLRANGE, static_cast<unsigned long>(begin),
                      static_cast<long>(end - begin));
    }
}

void ScintillaView::setLineChanges(const std::vector<LineChange>& changes)
{
    for (const int marker : {addedMarker, changedMarker, removedMarker}) {
        markerDeleteAll(marker);
    }
    for (const LineChange& change : changes) {
        switch (change.kind) {
        case LineChangeKind::Added:
            markerAdd(change.line, addedMarker);
            break;
        case LineChangeKind::Changed:
            markerAdd(change.line, changedMarker);
            break;
        case LineChangeKind::RemovedAbove:
            markerAdd(std::max(0, std::min(change.line, lines() - 1)), removedMarker);
            break;
        }
    }
}

void ScintillaView::resizeEvent(QResizeEvent* event)
{
    QsciScintilla::resizeEvent(event);
    // Back to the left where the caret can be seen from there.
    SendScintilla(SCI_SETXOFFSET, 0UL);
    ensureCursorVisible();
}

bool ScintillaView::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        if (const auto offset = offsetAt(help->pos())) {
            Q_EMIT hovered(*offset, help->globalPos());
        } else {
            Q_EMIT hoverEnded();
        }
        return true;
    }
    if (event->type() == QEvent::Leave || event->type() == QEvent::MouseButtonPress
        || event->type() == QEvent::Wheel) {
        Q_EMIT hoverEnded();
    }
    return QsciScintilla::viewportEvent(event);
}

} // namespace sequela::ui
