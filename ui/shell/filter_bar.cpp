#include "ui/shell/filter_bar.h"

#include "core/workspace/workspace.h"
#include "ui/events/filter_message.h"
#include "ui/shell/filter_completion.h"
#include "ui/shell/filter_line.h"
#include "ui/state/case_session.h"
#include "ui/state/selection.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QToolButton>

#include <algorithm>

namespace sequela::ui {

namespace {

constexpr int maxHistoryLabel = 90;

struct Look {
    const char* icon;
    Token token;
};

Look lookOf(FilterVerdict verdict)
{
    switch (verdict) {
    case FilterVerdict::Valid:
        return {"check", Token::Gained};
    case FilterVerdict::Suspicious:
        return {"warning", Token::Medium};
    case FilterVerdict::Wrong:
        return {"error", Token::Lost};
    case FilterVerdict::Empty:
    case FilterVerdict::Checking:
        break;
    }
    return {"filter", Token::Muted};
}

} // namespace

FilterBar::FilterBar(state::Context& context, QWidget* parent)
    : QFrame(parent),
      m_context(context),
      m_icon(new QLabel(this)),
      m_line(new FilterLine(context.theme, this)),
      m_completion(new FilterCompletion(context, *m_line, this)),
      m_message(new QLabel(this)),
      m_historyButton(new QToolButton(this)),
      m_clearButton(new QToolButton(this)),
      m_job(nullptr)
{
    setObjectName(QStringLiteral("filterBar"));
    setFixedHeight(28);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 0, 4, 0);
    layout->setSpacing(6);
    auto* label = new QLabel(QStringLiteral("EQL"), this);
    label->setFont(context.theme.dataFont());
    label->setProperty("class", QStringLiteral("muted"));
    m_line->setAccessibleName(tr("Filter in EQL"));
    m_line->setPlaceholderText(
        tr("filter all panels — e.g.  process.name == \"osascript\"  or a word"));
    m_message->setTextFormat(Qt::PlainText);
    m_message->setFont(context.theme.smallFont());
    m_message->setProperty("class", QStringLiteral("muted"));
    for (auto* button : {m_clearButton, m_historyButton}) {
        button->setProperty("class", QStringLiteral("flat"));
        button->setIconSize(QSize(13, 13));
    }
    m_clearButton->setIcon(context.theme.icon(QStringLiteral("close"), Token::Muted));
    m_clearButton->setAccessibleName(tr("Clear the filter"));
    m_clearButton->setToolTip(tr("Clear the filter (Ctrl+R)"));
    m_historyButton->setIcon(context.theme.icon(QStringLiteral("history"), Token::Muted));
    m_historyButton->setAccessibleName(tr("Kept and recent filters"));
    m_historyButton->setToolTip(tr("Kept and recent filters"));
    layout->addWidget(m_icon);
    layout->addWidget(label);
    layout->addWidget(m_line, 1);
    layout->addWidget(m_message);
    layout->addWidget(m_clearButton);
    layout->addWidget(m_historyButton);
    m_delay.setSingleShot(true);
    m_delay.setInterval(checkDelayMs);
    connect(&m_delay, &QTimer::timeout, this, &FilterBar::check);
    connect(m_line, &QPlainTextEdit::textChanged, this, [this] {
        m_clearButton->setVisible(!m_line->text().isEmpty());
        m_delay.start();
    });
    connect(m_line, &FilterLine::submitted, this, &FilterBar::apply);
    connect(m_line, &FilterLine::abandoned, this, &FilterBar::followSession);
    connect(m_clearButton, &QToolButton::clicked, this, &FilterBar::clearFilter);
    connect(m_historyButton, &QToolButton::clicked, this, &FilterBar::showHistory);
    state::CaseSession& session = context.session;
    connect(&session, &state::CaseSession::filterChanged, this, &FilterBar::followSession);
    connect(&session, &state::CaseSession::caseOpened, this, &FilterBar::followSession);
    connect(&session, &state::CaseSession::filterRejected, this,
            [this](const QString& text, const std::vector<Diagnostic>& diagnostics) {
                if (text == m_line->text()) {
                    takeAnswer(diagnostics, 0);
                }
            });
    connect(&context.theme, &Theme::themeChanged, this,
            [this] { setVerdict(m_verdict, m_wholeMessage); });
    m_clearButton->hide();
    setVerdict(FilterVerdict::Empty, {});
}

void FilterBar::focusText()
{
    m_line->setFocus();
    m_line->selectAll();
}

void FilterBar::setText(const QString& text)
{
    m_line->setText(text);
}

QString FilterBar::text() const
{
    return m_line->text();
}

QString FilterBar::message() const
{
    return m_wholeMessage;
}

void FilterBar::apply()
{
    const QString text = m_line->text().trimmed();
    m_delay.stop();
    m_context.session.applyFilter(text::toUtf8(text));
    if (!text.isEmpty()) {
        remember(text);
    }
}

void FilterBar::clearFilter()
{
    m_line->setText({});
    m_context.selection.setTimeRange(std::nullopt);
    m_context.session.applyFilter({});
}

void FilterBar::check()
{
    const auto workspace = m_context.session.workspace();
    const QString text = m_line->text().trimmed();
    if (text.isEmpty() || !workspace) {
        m_job.cancel();
        setVerdict(FilterVerdict::Empty, {});
        return;
    }
    setVerdict(FilterVerdict::Checking, m_wholeMessage);
    m_job.start<workspace::FilterAnswer>(
        tr("Checking the filter"),
        [workspace, filter = text::toUtf8(text)](const std::stop_token& stop, Progress&) {
            return workspace->filter(filter, stop);
        },
        [this](const Result<workspace::FilterAnswer>& answer) {
            if (answer) {
                takeAnswer(answer->diagnostics, answer->events ? answer->events->count() : 0);
            } else {
                takeAnswer({answer.error()}, 0);
            }
        });
}

void FilterBar::takeAnswer(const std::vector<Diagnostic>& diagnostics, std::uint64_t eventCount)
{
    const auto worst = [&diagnostics](Severity severity) {
        return std::ranges::find(diagnostics, severity, &Diagnostic::severity);
    };
    if (const auto error = worst(Severity::Error); error != diagnostics.end()) {
        setVerdict(FilterVerdict::Wrong, filterMessage(*error));
        return;
    }
    QString found = text::counted(eventCount, tr("event"));
    const auto& applied = *m_context.session.filter();
    if (text::fromUtf8(applied.text) == m_line->text().trimmed() && applied.nanoseconds > 0) {
        found += QStringLiteral(" · ") + text::elapsed(applied.nanoseconds);
    } else {
        found += QStringLiteral(" · ") + tr("Return applies");
    }
    if (const auto warning = worst(Severity::Warning); warning != diagnostics.end()) {
        setVerdict(FilterVerdict::Suspicious,
                   filterMessage(*warning) + QStringLiteral(" · ") + found);
        return;
    }
    setVerdict(FilterVerdict::Valid, found);
}

void FilterBar::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    layOutMessage();
}

/// The words give way to what is being typed.
void FilterBar::layOutMessage()
{
    const int query = QFontMetrics(m_line->font()).horizontalAdvance(m_line->text());
    constexpr int controls = 130;
    const int room = std::clamp(width() - query - controls, width() / 4, width() * 2 / 3);
    m_message->setText(
        QFontMetrics(m_message->font()).elidedText(m_wholeMessage, Qt::ElideRight, room));
}

void FilterBar::setVerdict(FilterVerdict verdict, const QString& message)
{
    m_verdict = verdict;
    const Look look = lookOf(verdict);
    const Theme& theme = m_context.theme;
    m_icon->setPixmap(theme.icon(QLatin1String(look.icon), look.token).pixmap(QSize(14, 14)));
    m_wholeMessage = message;
    layOutMessage();
    m_message->setToolTip(QStringLiteral("<span>%1</span>").arg(message.toHtmlEscaped()));
    const bool isPlain = verdict == FilterVerdict::Empty || verdict == FilterVerdict::Checking;
    const QColor panel = theme.color(Token::Panel);
    const QColor frame = isPlain ? theme.color(Token::Line) : theme.color(look.token);
    const QColor ground = isPlain ? panel : mixed(panel, theme.color(look.token), 0.09);
    setStyleSheet(QStringLiteral("#filterBar { border: 1px solid %1; border-radius: 5px; "
                                 "background: %2; }")
                      .arg(frame.name(), ground.name()));
    m_line->setAccessibleDescription(message);
}

void FilterBar::followSession()
{
    m_line->setText(text::fromUtf8(m_context.session.filter()->text));
    m_delay.stop();
    const auto& filter = *m_context.session.filter();
    if (filter.text.empty()) {
        setVerdict(FilterVerdict::Empty, {});
    } else {
        takeAnswer(filter.diagnostics, filter.eventCount);
    }
}

void FilterBar::setHistory(const QStringList& history)
{
    m_history = history.mid(0, maxHistory);
}

void FilterBar::remember(const QString& text)
{
    m_history.removeAll(text);
    m_history.prepend(text);
    m_history = m_history.mid(0, maxHistory);
}

void FilterBar::toggleSaved()
{
    const QString text = m_line->text().trimmed();
    if (text.isEmpty()) {
        return;
    }
    if (m_saved.removeAll(text) == 0) {
        m_saved.prepend(text);
    }
}

void FilterBar::addEntry(QMenu& menu, const QString& filter)
{
    QString label = filter;
    if (label.size() > maxHistoryLabel) {
        label = label.left(maxHistoryLabel - 1) + QChar(0x2026);
    }
    connect(menu.addAction(label.replace(QLatin1Char('&'), QLatin1String("&&"))),
            &QAction::triggered, this, [this, filter] {
                m_line->setText(filter);
                apply();
            });
}

void FilterBar::populateHistory(QMenu& menu)
{
    const QString text = m_line->text().trimmed();
    QAction* keep =
        menu.addAction(m_context.theme.icon(QStringLiteral("bookmark"), Token::Muted),
                       m_saved.contains(text) ? tr("Forget this filter") : tr("Keep this filter"));
    keep->setObjectName(QStringLiteral("filter.keep"));
    keep->setEnabled(!text.isEmpty());
    connect(keep, &QAction::triggered, this, &FilterBar::toggleSaved);
    if (!m_saved.isEmpty()) {
        menu.addSection(tr("Kept"));
    }
    for (const QString& entry : m_saved) {
        addEntry(menu, entry);
    }
    menu.addSection(m_history.isEmpty() ? tr("No recent filters yet") : tr("Recent"));
    for (const QString& entry : m_history) {
        if (!m_saved.contains(entry)) {
            addEntry(menu, entry);
        }
    }
}

void FilterBar::showHistory()
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setFont(m_context.theme.dataFont());
    populateHistory(*menu);
    menu->popup(m_historyButton->mapToGlobal(QPoint(0, m_historyButton->height() + 2)));
}

} // namespace sequela::ui
