#include "ui/shell/filter_completion.h"

#include "core/eql/lexer.h"
#include "core/workspace/workspace.h"
#include "ui/editor/completion_popup.h"
#include "ui/shell/filter_line.h"
#include "ui/state/case_session.h"
#include "ui/text/event_text.h"
#include "ui/theme/theme.h"

#include <QKeyEvent>
#include <QTextBlock>
#include <QTextCursor>

#include <algorithm>
#include <cctype>

namespace sequela::ui {

namespace {

/// Stands before a condition to make a query of it.
constexpr std::string_view anyWhere = "any where ";
/// Values offered of a field; typing narrows them.
constexpr std::size_t offeredValues = 1'000;

bool isWholeQuery(std::string_view text)
{
    for (const eql::Token& token : eql::lex(text, eql::Dialect::Elasticsearch).tokens) {
        const std::string_view word = text.substr(token.span.begin, token.span.length());
        if (token.kind == eql::TokenKind::Keyword
            && (word == "where" || word == "sequence" || word == "sample")) {
            return true;
        }
    }
    return false;
}

CompletionList listAt(std::string_view text, std::size_t offset,
                      const schema::FieldCatalog* catalog, const KnownValues& values)
{
    CompletionList list =
        completionsAt(text, eql::Dialect::Elasticsearch, offset, catalog, nullptr);
    const auto known = values.find(list.valuesOf);
    return known == values.end()
               ? list
               : completionsAt(text, eql::Dialect::Elasticsearch, offset, catalog, &known->second);
}

} // namespace

CompletionList filterCompletionsAt(std::string_view text, std::size_t offset,
                                   const schema::FieldCatalog* catalog, const KnownValues& values)
{
    if (isWholeQuery(text)) {
        return listAt(text, offset, catalog, values);
    }
    CompletionList list =
        listAt(std::string(anyWhere).append(text), anyWhere.size() + offset, catalog, values);
    list.replaced.begin -= std::min(anyWhere.size(), list.replaced.begin);
    list.replaced.end -= std::min(anyWhere.size(), list.replaced.end);
    return list;
}

FilterCompletion::FilterCompletion(const state::Context& context, FilterLine& line, QObject* parent)
    : QObject(parent), m_context(context), m_line(line), m_job(nullptr)
{
    line.installEventFilter(this);
    const auto forget = [this] {
        m_values.clear();
        close();
    };
    connect(&context.session, &state::CaseSession::caseOpened, this, forget);
    connect(&context.session, &state::CaseSession::snapshotChanged, this,
            [this] { m_values.clear(); });
}

bool FilterCompletion::isOpen() const
{
    return m_popup != nullptr && m_popup->isVisible();
}

std::vector<Completion> FilterCompletion::entries() const
{
    return isOpen() ? m_popup->model().entries() : std::vector<Completion>();
}

void FilterCompletion::complete()
{
    open(true);
}

void FilterCompletion::close()
{
    m_list = {};
    m_moved = false;
    if (m_popup != nullptr) {
        m_popup->hide();
    }
}

void FilterCompletion::open(bool asked)
{
    const auto snapshot = m_context.session.snapshot();
    const QString line = m_line.text();
    const std::string text = text::toUtf8(line);
    const std::size_t caret = text::utf8Offset(line, m_line.textCursor().position());
    m_asked = asked;
    m_moved = false;
    m_list =
        filterCompletionsAt(text, caret, snapshot ? snapshot->catalog.get() : nullptr, m_values);
    if (snapshot && !m_list.valuesOf.empty() && !m_values.contains(m_list.valuesOf)) {
        countValues(m_list.valuesOf);
    }
    if (m_list.entries.empty() || saysNothingNew(m_list)) {
        if (m_popup != nullptr) {
            m_popup->hide();
        }
        return;
    }
    QWidget* window = m_line.window();
    if (m_popup == nullptr || m_popup->parentWidget() != window) {
        delete m_popup;
        m_popup = new CompletionPopup(m_context.theme, window);
        connect(m_popup, &QObject::destroyed, this, [this] { m_popup = nullptr; });
        connect(m_popup, &CompletionPopup::chosen, this, &FilterCompletion::accept);
    }
    QTextCursor cursor = m_line.textCursor();
    cursor.setPosition(static_cast<int>(text::utf16Offset(text, m_list.replaced.begin)));
    const QRect place = m_line.cursorRect(cursor);
    m_popup->open(m_list, m_line.viewport()->mapTo(window, place.topLeft()), place.height() + 4);
}

void FilterCompletion::followTyping()
{
    const bool asked = isOpen() && m_asked;
    open(asked);
    const bool inValue = !m_list.valuesOf.empty() && m_list.replaced.length() > 0;
    const bool inWord = !m_list.prefix.empty()
                        && std::isalpha(static_cast<unsigned char>(m_list.prefix.front())) != 0;
    if (!asked && !inValue && !inWord) {
        close();
    }
}

void FilterCompletion::countValues(const std::string& field)
{
    m_job.start<state::ValueCounts>(
        tr("Counting values"),
        [snapshot = m_context.session.snapshot(), field](const std::stop_token& stop, Progress&) {
            return state::countValues(*snapshot->events, field, nullptr, offeredValues, stop);
        },
        [this, field](Result<state::ValueCounts> values) {
            if (!values) {
                return;
            }
            m_values.insert_or_assign(field, std::move(*values));
            if (m_list.valuesOf == field) {
                open(m_asked);
            }
        });
}

void FilterCompletion::accept(int row)
{
    if (row < 0 || row >= static_cast<int>(m_list.entries.size())) {
        return;
    }
    const QString line = m_line.text();
    const std::string text = text::toUtf8(line);
    const Completion entry = m_list.entries[static_cast<std::size_t>(row)];
    const SourceSpan span = replacedBy(entry, m_list, text);
    close();
    QTextCursor cursor = m_line.textCursor();
    cursor.setPosition(static_cast<int>(text::utf16Offset(text, span.begin)));
    cursor.setPosition(static_cast<int>(text::utf16Offset(text, span.end)),
                       QTextCursor::KeepAnchor);
    cursor.insertText(text::fromUtf8(entry.insert));
    m_line.setTextCursor(cursor);
    m_line.setFocus(Qt::OtherFocusReason);
}

bool FilterCompletion::handleKey(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::ControlModifier) {
        complete();
        return true;
    }
    if (!isOpen()) {
        return false;
    }
    if (event->key() == Qt::Key_Escape) {
        close();
        return true;
    }
    const bool isReturn = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (event->key() == Qt::Key_Tab || (isReturn && (m_asked || m_moved))) {
        accept(m_popup->currentRow());
        return true;
    }
    if (event->modifiers() == Qt::NoModifier && m_popup->moveBy(event)) {
        m_moved = true;
        return true;
    }
    return false;
}

bool FilterCompletion::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::FocusOut || event->type() == QEvent::Hide) {
        close();
    }
    if (event->type() == QEvent::ShortcutOverride) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (isOpen() && (key->key() == Qt::Key_Escape || key->key() == Qt::Key_Tab)) {
            event->accept();
            return true;
        }
    }
    if (event->type() != QEvent::KeyPress) {
        return QObject::eventFilter(watched, event);
    }
    auto* key = static_cast<QKeyEvent*>(event);
    if (handleKey(key)) {
        return true;
    }
    const bool isText = !key->text().isEmpty() && key->text().at(0).isPrint()
                        && (key->modifiers() & (Qt::ControlModifier | Qt::AltModifier)) == 0;
    if (isText || (isOpen() && key->key() == Qt::Key_Backspace)) {
        // Queued: the line has to take the key before the list can follow what was typed.
        QMetaObject::invokeMethod(this, &FilterCompletion::followTyping, Qt::QueuedConnection);
    } else if (key->key() != Qt::Key_Shift && key->key() != Qt::Key_Control) {
        close();
    }
    return QObject::eventFilter(watched, event);
}

} // namespace sequela::ui
