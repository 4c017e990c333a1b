#include "ui/editor/eql_editor.h"

#include "core/eql/formatter.h"
#include "core/eql/function_table.h"
#include "ui/editor/completion_popup.h"
#include "ui/editor/find_bar.h"
#include "ui/editor/problem_line.h"
#include "ui/editor/query_check.h"
#include "ui/editor/scintilla_view.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QVBoxLayout>

#include <algorithm>
#include <cctype>

namespace sequela::ui {

namespace {

/// Values of a field that a card lists.
constexpr std::size_t cardValues = 6;

bool startsWord(std::string_view prefix)
{
    return !prefix.empty() && (std::isalpha(static_cast<unsigned char>(prefix.front())) != 0);
}

} // namespace

EqlEditor::EqlEditor(Theme& theme, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_view(new ScintillaView(theme, this)),
      m_margin(new ClauseMargin(theme, *m_view, this)),
      m_findBar(new FindBar(theme, *m_view, this)),
      m_problemLine(new ProblemLine(theme, this)),
      m_card(new QLabel(this, Qt::ToolTip))
{
    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_view, 1);
    row->addWidget(m_margin);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(row, 1);
    layout->addWidget(m_findBar);
    layout->addWidget(m_problemLine);
    setFocusProxy(m_view);
    m_view->setAccessibleName(tr("Query"));
    m_view->installEventFilter(this);
    m_card->setTextFormat(Qt::PlainText);
    m_card->setMargin(6);
    m_card->setProperty("class", QStringLiteral("notice"));
    m_card->hide();
    connect(m_view, &QsciScintilla::textChanged, this, &EqlEditor::onTextChanged);
    connect(m_view, &QsciScintilla::cursorPositionChanged, this, [this] {
        m_card->hide();
        showProblem();
    });
    connect(m_view, &ScintillaView::hovered, this, &EqlEditor::showCardAt);
    connect(m_view, &ScintillaView::hoverEnded, m_card, &QLabel::hide);
    connect(m_problemLine, &ProblemLine::fixRequested, this, &EqlEditor::applyFix);
    connect(m_problemLine, &ProblemLine::nextRequested, this, &EqlEditor::nextProblem);
    connect(m_margin, &ClauseMargin::noteActivated, this, &EqlEditor::noteActivated);
}

EqlEditor::~EqlEditor()
{
    m_view->removeEventFilter(this);
    delete m_popup;
}

void EqlEditor::setText(std::string_view text)
{
    m_loading = true;
    closeCompletion();
    m_view->setUtf8(text);
    m_view->SendScintilla(QsciScintillaBase::SCI_EMPTYUNDOBUFFER);
    m_loading = false;
    onTextChanged();
}

std::string EqlEditor::text() const
{
    return m_view->utf8();
}

void EqlEditor::setSavedText(std::string_view text)
{
    m_savedText = text;
    m_view->setLineChanges(lineChanges(m_savedText, m_view->utf8()));
}

void EqlEditor::setLanguage(const eql::BindOptions& options,
                            std::shared_ptr<const schema::FieldCatalog> catalog,
                            std::uint64_t eventCount)
{
    m_options = options;
    m_catalog = std::move(catalog);
    m_eventCount = eventCount;
    m_values.clear();
    m_view->queryLexer().setDialect(options.dialect);
    m_view->recolor();
    check();
}

void EqlEditor::setValues(state::ValueCounts values)
{
    const std::string field = values.field;
    m_values.insert_or_assign(field, std::move(values));
    if (m_completions.valuesOf == field) {
        openCompletion(m_completionAsked);
    }
    if (m_card->isVisible()) {
        const QString card = cardAt(m_cardOffset);
        m_card->setText(card);
        m_card->adjustSize();
    }
}

void EqlEditor::setNotes(std::vector<LineNote> notes)
{
    m_margin->setNotes(std::move(notes));
}

void EqlEditor::setNotesStale(bool stale)
{
    m_margin->setStale(stale);
}

std::size_t EqlEditor::caret() const
{
    return m_view->caret();
}

void EqlEditor::setCaret(std::size_t offset)
{
    m_view->setCaret(offset);
    m_view->ensureCursorVisible();
}

std::vector<SourceSpan> EqlEditor::squiggles(Severity severity) const
{
    std::vector<SourceSpan> spans;
    const unsigned long indicator = severity == Severity::Error ? 8 : 9;
    const long length = m_view->SendScintilla(QsciScintillaBase::SCI_GETLENGTH);
    long at = 0;
    while (at < length) {
        const long end = m_view->SendScintilla(QsciScintillaBase::SCI_INDICATOREND, indicator, at);
        if (m_view->SendScintilla(QsciScintillaBase::SCI_INDICATORVALUEAT, indicator, at) != 0) {
            spans.push_back({static_cast<std::size_t>(at), static_cast<std::size_t>(end)});
        }
        if (end <= at) {
            break;
        }
        at = end;
    }
    return spans;
}

int EqlEditor::styleAt(std::size_t offset) const
{
    m_view->SendScintilla(QsciScintillaBase::SCI_COLOURISE, 0UL, -1L);
    return static_cast<int>(m_view->SendScintilla(QsciScintillaBase::SCI_GETSTYLEAT,
                                                  static_cast<unsigned long>(offset)));
}

bool EqlEditor::isCompleting() const
{
    return m_popup != nullptr && m_popup->isVisible();
}

std::vector<Completion> EqlEditor::completions() const
{
    return isCompleting() ? m_popup->model().entries() : std::vector<Completion>();
}

bool EqlEditor::canUndo() const
{
    return m_view->isUndoAvailable();
}

QWidget* EqlEditor::keyboardWidget() const
{
    return m_view;
}

void EqlEditor::onTextChanged()
{
    if (m_loading) {
        return;
    }
    m_card->hide();
    m_view->setLineChanges(lineChanges(m_savedText, m_view->utf8()));
    check();
    Q_EMIT edited();
}

void EqlEditor::check()
{
    m_problems = checkQuery(m_view->utf8(), m_catalog.get(), m_options);
    m_view->setSquiggles(m_problems);
    showProblem();
}

void EqlEditor::addProblems(std::string_view ofText, std::vector<Diagnostic> problems)
{
    if (problems.empty() || m_view->utf8() != ofText) {
        return;
    }
    for (Diagnostic& problem : problems) {
        const auto isSame = [&problem](const Diagnostic& known) {
            return known.code == problem.code && known.span == problem.span;
        };
        if (std::ranges::none_of(m_problems, isSame)) {
            m_problems.push_back(std::move(problem));
        }
    }
    sortProblems(m_problems);
    m_view->setSquiggles(m_problems);
    showProblem();
}

std::size_t EqlEditor::problemAtCaret() const
{
    const std::size_t at = m_view->caret();
    std::size_t worst = 0;
    for (std::size_t index = 0; index < m_problems.size(); ++index) {
        const auto& span = m_problems[index].span;
        if (span && span->begin <= at && at <= span->end) {
            return index;
        }
        if (m_problems[index].severity < m_problems[worst].severity) {
            worst = index;
        }
    }
    return worst;
}

void EqlEditor::showProblem()
{
    m_problemLine->setProblems(m_problems, problemAtCaret());
}

void EqlEditor::applyFix()
{
    if (m_problems.empty()) {
        return;
    }
    const Diagnostic problem = m_problems[problemAtCaret()];
    if (problem.fixes.empty()) {
        return;
    }
    const SuggestedFix& fix = problem.fixes.front();
    m_view->beginUndoAction();
    m_view->replaceSpan(fix.span, fix.replacement);
    m_view->endUndoAction();
    setCaret(fix.span.begin + fix.replacement.size());
}

void EqlEditor::nextProblem()
{
    const std::size_t at = m_view->caret();
    const auto behind = std::ranges::find_if(m_problems, [at](const Diagnostic& problem) {
        return problem.span && problem.span->begin > at;
    });
    const auto found = behind != m_problems.end()
                           ? behind
                           : std::ranges::find_if(m_problems, [](const Diagnostic& problem) {
                                 return problem.span.has_value();
                             });
    if (found != m_problems.end()) {
        setCaret(found->span->begin);
        m_view->setFocus(Qt::ShortcutFocusReason);
    }
}

void EqlEditor::toggleComment()
{
    int firstLine = 0;
    int firstIndex = 0;
    int lastLine = 0;
    int lastIndex = 0;
    if (m_view->hasSelectedText()) {
        m_view->getSelection(&firstLine, &firstIndex, &lastLine, &lastIndex);
        if (lastIndex == 0 && lastLine > firstLine) {
            --lastLine;
        }
    } else {
        m_view->getCursorPosition(&firstLine, &firstIndex);
        lastLine = firstLine;
    }
    bool allCommented = true;
    for (int line = firstLine; line <= lastLine; ++line) {
        const QString text = m_view->text(line).trimmed();
        allCommented = allCommented && (text.isEmpty() || text.startsWith(QLatin1String("//")));
    }
    m_view->beginUndoAction();
    for (int line = firstLine; line <= lastLine; ++line) {
        const QString text = m_view->text(line);
        if (text.trimmed().isEmpty()) {
            continue;
        }
        const auto begin = static_cast<std::size_t>(m_view->SendScintilla(
            QsciScintillaBase::SCI_GETLINEINDENTPOSITION, static_cast<unsigned long>(line)));
        if (allCommented) {
            const bool spaced = text.trimmed().startsWith(QLatin1String("// "));
            m_view->replaceSpan({begin, begin + (spaced ? 3U : 2U)}, {});
        } else {
            m_view->replaceSpan({begin, begin}, "// ");
        }
    }
    m_view->endUndoAction();
}

void EqlEditor::format()
{
    const std::string before = m_view->utf8();
    auto formatted = eql::formatQuery(before, m_options.dialect);
    if (!formatted) {
        nextProblem();
        return;
    }
    // A query ends as its file wants it: with the line end before the closing quotes.
    if (before.ends_with('\n')) {
        *formatted += '\n';
    }
    if (*formatted == before) {
        return;
    }
    replaceText(*formatted);
}

void EqlEditor::replaceText(std::string_view text)
{
    const std::size_t at = std::min(m_view->caret(), text.size());
    m_view->beginUndoAction();
    m_view->replaceSpan({0, m_view->utf8().size()}, text);
    m_view->endUndoAction();
    setCaret(at);
}

void EqlEditor::find()
{
    m_findBar->open();
}

void EqlEditor::findNext()
{
    m_findBar->findNext(true);
}

void EqlEditor::undo()
{
    m_view->undo();
}

void EqlEditor::redo()
{
    m_view->redo();
}

void EqlEditor::zoomIn()
{
    m_view->zoomIn();
}

void EqlEditor::zoomOut()
{
    m_view->zoomOut();
}

// ---------------------------------------------------------------------------------------------
// Completion

void EqlEditor::complete()
{
    openCompletion(true);
}

void EqlEditor::openCompletion(bool asked)
{
    m_completionAsked = asked;
    const std::string text = m_view->utf8();
    const std::size_t at = m_view->caret();
    m_completions = completionsAt(text, m_options.dialect, at, m_catalog.get(), nullptr);
    if (!m_completions.valuesOf.empty()) {
        const auto known = m_values.find(m_completions.valuesOf);
        if (known != m_values.end()) {
            m_completions =
                completionsAt(text, m_options.dialect, at, m_catalog.get(), &known->second);
        } else if (m_catalog) {
            Q_EMIT valuesWanted(m_completions.valuesOf);
        }
    }
    if (m_completions.entries.empty() || saysNothingNew(m_completions)) {
        if (m_popup != nullptr) {
            m_popup->hide();
        }
        return;
    }
    if (m_popup == nullptr || m_popup->parentWidget() != window()) {
        delete m_popup;
        m_popup = new CompletionPopup(m_theme, window());
        connect(m_popup, &QObject::destroyed, this, [this] { m_popup = nullptr; });
        connect(m_popup, &CompletionPopup::chosen, this, &EqlEditor::acceptCompletion);
    }
    const QPoint anchor =
        m_view->viewport()->mapTo(window(), m_view->pointOf(m_completions.replaced.begin));
    m_popup->open(m_completions, anchor, m_view->lineHeight());
}

void EqlEditor::closeCompletion()
{
    m_completions = {};
    if (m_popup != nullptr) {
        m_popup->hide();
    }
}

void EqlEditor::acceptCompletion(int row)
{
    if (row < 0 || row >= static_cast<int>(m_completions.entries.size())) {
        return;
    }
    const Completion entry = m_completions.entries[static_cast<std::size_t>(row)];
    const SourceSpan span = replacedBy(entry, m_completions, m_view->utf8());
    closeCompletion();
    m_view->beginUndoAction();
    m_view->replaceSpan(span, entry.insert);
    m_view->endUndoAction();
    setCaret(span.begin + entry.insert.size());
    m_view->setFocus(Qt::OtherFocusReason);
}

// ---------------------------------------------------------------------------------------------
// Cards

QString EqlEditor::fieldCard(const std::string& path)
{
    const auto field = m_catalog->find(path);
    if (!field) {
        const auto suggestions = m_catalog->suggestions(path);
        QString card = tr("%1\nneither in the schema nor in this case").arg(text::visible(path));
        if (!suggestions.empty()) {
            card += tr("\ndid you mean %1?").arg(text::visible(suggestions.front()));
        }
        return card;
    }
    const double share = m_eventCount == 0 ? 0.0
                                           : 100.0 * static_cast<double>(field->eventCount)
                                                 / static_cast<double>(m_eventCount);
    QString card =
        tr("%1 · %2%3\n%4 of %5 events have it (%6 %)")
            .arg(text::visible(field->name), text::fromUtf8(schema::fieldTypeName(field->type)),
                 field->inSchema ? QString() : tr(" · not in the schema"),
                 text::count(field->eventCount), text::count(m_eventCount),
                 QString::number(share, 'f', 1));
    if (field->conflicting) {
        card += tr("\nvalues of more than one type were seen");
    }
    const auto known = m_values.find(path);
    if (known == m_values.end()) {
        if (field->eventCount > 0) {
            Q_EMIT valuesWanted(path);
        }
        return card;
    }
    const state::ValueCounts& values = known->second;
    card += QLatin1Char('\n') + text::counted(values.distinctCount, tr("distinct value"));
    for (std::size_t index = 0; index < std::min(cardValues, values.entries.size()); ++index) {
        card += QStringLiteral("\n  %1  %2")
                    .arg(text::count(values.entries[index].eventCount),
                         text::visibleCell(values.entries[index].value).left(80));
    }
    return card;
}

QString EqlEditor::cardAt(std::size_t offset)
{
    QStringList parts;
    for (const Diagnostic& problem : m_problems) {
        if (problem.span && problem.span->begin <= offset && offset < problem.span->end) {
            parts << text::visible(problem.message);
            if (!problem.hint.empty()) {
                parts << text::visible(problem.hint);
            }
        }
    }
    const auto name = nameAt(m_view->utf8(), m_options.dialect, offset);
    if (name && name->isFunction) {
        if (const eql::FunctionInfo* function = eql::findFunction(name->path)) {
            parts << QStringLiteral("%1\n%2\n%3")
                         .arg(text::fromUtf8(function->signature), text::fromUtf8(function->help),
                              tr("Example: %1").arg(text::fromUtf8(function->example)));
        }
    } else if (name && m_catalog && name->path.find('.') != std::string::npos) {
        parts << fieldCard(name->path);
    }
    return parts.join(QStringLiteral("\n\n"));
}

void EqlEditor::showCardAt(std::size_t offset, QPoint global)
{
    m_cardOffset = offset;
    const QString card = cardAt(offset);
    if (card.isEmpty()) {
        m_card->hide();
        return;
    }
    m_card->setFont(m_theme.dataFont());
    m_card->setText(card);
    m_card->adjustSize();
    m_card->move(global + QPoint(8, 18));
    m_card->show();
}

void EqlEditor::showCard()
{
    const std::size_t at = m_view->caret();
    showCardAt(at, m_view->viewport()->mapToGlobal(m_view->pointOf(at)));
}

// ---------------------------------------------------------------------------------------------
// Keys

bool EqlEditor::isOwnKey(const QKeyEvent& event)
{
    const bool control = (event.modifiers() & Qt::ControlModifier) != 0;
    const bool isReturn = event.key() == Qt::Key_Return || event.key() == Qt::Key_Enter;
    switch (event.key()) {
    case Qt::Key_F1:
    case Qt::Key_F3:
    case Qt::Key_F8:
    case Qt::Key_F12:
        return true;
    case Qt::Key_Space:
    case Qt::Key_Slash:
    case Qt::Key_F:
        return control;
    default:
        return isReturn && (control || (event.modifiers() & Qt::AltModifier) != 0);
    }
}

bool EqlEditor::handleKey(QKeyEvent* event)
{
    const bool isReturn = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isCompleting()) {
        if (event->key() == Qt::Key_Escape) {
            closeCompletion();
            return true;
        }
        if (event->key() == Qt::Key_Tab || (isReturn && event->modifiers() == Qt::NoModifier)) {
            acceptCompletion(m_popup->currentRow());
            return true;
        }
        if (event->modifiers() == Qt::NoModifier && m_popup->moveBy(event)) {
            return true;
        }
    }
    if (event->key() == Qt::Key_Escape && m_card->isVisible()) {
        m_card->hide();
        return true;
    }
    if (!isOwnKey(*event)) {
        return false;
    }
    if (isReturn) {
        if ((event->modifiers() & Qt::AltModifier) != 0) {
            applyFix();
        } else {
            Q_EMIT runRequested();
        }
        return true;
    }
    switch (event->key()) {
    case Qt::Key_Space:
        complete();
        break;
    case Qt::Key_Slash:
        toggleComment();
        break;
    case Qt::Key_F:
        (event->modifiers() & Qt::ShiftModifier) != 0 ? format() : find();
        break;
    case Qt::Key_F3:
        findNext();
        break;
    case Qt::Key_F8:
        nextProblem();
        break;
    default:
        showCard();
    }
    return true;
}

bool EqlEditor::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_view) {
        return QWidget::eventFilter(watched, event);
    }
    if (event->type() == QEvent::ShortcutOverride) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (isOwnKey(*key) || (key->key() == Qt::Key_Escape && isCompleting())) {
            event->accept();
            return true;
        }
    }
    if (event->type() == QEvent::FocusOut) {
        closeCompletion();
        m_card->hide();
    }
    if (event->type() == QEvent::KeyPress) {
        auto* key = static_cast<QKeyEvent*>(event);
        if (handleKey(key)) {
            return true;
        }
        const bool wasOpen = isCompleting();
        const bool typed = !key->text().isEmpty() && key->text().at(0).isPrint()
                           && (key->modifiers() & (Qt::ControlModifier | Qt::AltModifier)) == 0;
        // Queued: the view has to take the key before the list can follow what was typed.
        if (typed || (wasOpen && key->key() == Qt::Key_Backspace)) {
            QMetaObject::invokeMethod(
                this,
                [this, wasOpen] {
                    const bool asked = wasOpen && m_completionAsked;
                    openCompletion(asked);
                    const bool quoted =
                        !m_completions.valuesOf.empty() && m_completions.replaced.length() > 0;
                    if (!asked && !quoted && !startsWord(m_completions.prefix)) {
                        closeCompletion();
                    }
                },
                Qt::QueuedConnection);
        } else if (key->key() != Qt::Key_Shift && key->key() != Qt::Key_Control) {
            closeCompletion();
        }
    }
    return QWidget::eventFilter(watched, event);
}

void EqlEditor::hideEvent(QHideEvent* event)
{
    closeCompletion();
    m_card->hide();
    QWidget::hideEvent(event);
}

} // namespace sequela::ui
