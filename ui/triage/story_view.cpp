#include "ui/triage/story_view.h"

#include "ui/state/case_session.h"
#include "ui/state/selection.h"
#include "ui/state/time_display.h"
#include "ui/text/event_text.h"
#include "ui/theme/theme.h"
#include "ui/triage/alert_inspector.h"
#include "ui/widgets/severity.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace sequela::ui {

namespace {

constexpr int lineHeight = 40;
constexpr int timeWidth = 96;
constexpr int railWidth = 28;

QString commandOf(const views::Process& process)
{
    const views::ProcessImage& image = process.image();
    return text::visibleCell(image.commandLine.empty() ? image.executable : image.commandLine);
}

std::optional<views::ProcessIndex> processOf(const detect::Alert& alert,
                                             const state::CaseViews::Built& built)
{
    for (const detect::AlertStage& stage : alert.stages) {
        if (stage.event) {
            if (const auto process = built.forest.processOf(*stage.event)) {
                return process;
            }
        }
    }
    return std::nullopt;
}

StoryLine lineOf(const detect::Alert& alert, std::optional<views::ProcessIndex> process,
                 const state::CaseViews::Built& built)
{
    StoryLine line;
    line.timeNs = alert.firstTime->nanoseconds();
    line.severity = alert.severity;
    line.title = text::visibleCell(alert.name);
    line.alertId = alert.id;
    line.process = process;
    line.detail =
        process ? commandOf(built.forest.process(*process)) : text::visibleCell(alert.process);
    return line;
}

} // namespace

std::vector<StoryLine> storyOf(const detect::Detection& detection,
                               const state::CaseViews::Built& built, const std::string& host)
{
    std::vector<StoryLine> lines;
    std::set<std::uint32_t> told;
    for (const detect::Alert& alert : detection.alerts) {
        if (alert.host != host || !alert.firstTime || alert.rule->buildingBlock) {
            continue;
        }
        const auto process = processOf(alert, built);
        lines.push_back(lineOf(alert, process, built));
        if (!process) {
            continue;
        }
        for (const views::ProcessIndex ancestor : built.forest.ancestors(*process)) {
            const views::Process& above = built.forest.process(ancestor);
            // What started the machine is no part of what happened on it.
            const bool isTold = above.start && above.parent
                                && built.alertRank[ancestor.index()] == 0
                                && told.insert(ancestor.value()).second;
            if (isTold) {
                StoryLine line;
                line.timeNs = above.start->nanoseconds();
                line.title = StoryView::tr("%1 started").arg(text::visibleCell(above.image().name));
                line.detail = commandOf(above);
                line.process = ancestor;
                lines.push_back(std::move(line));
            }
        }
    }
    std::ranges::stable_sort(lines, {}, &StoryLine::timeNs);
    if (lines.size() > maxStoryLines) {
        lines.resize(maxStoryLines);
    }
    return lines;
}

StoryView::StoryView(const state::Context& context, state::CaseViews& views, QWidget* parent)
    : QAbstractScrollArea(parent), m_context(context), m_views(views), m_job(nullptr)
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Story of the host"));
    const auto invalidate = [this] {
        m_isStale = true;
        if (isVisible()) {
            rebuild();
        }
    };
    connect(&views, &state::CaseViews::rebuilt, this, invalidate);
    connect(&context.session, &state::CaseSession::alertsChanged, this, invalidate);
    connect(&context.selection, &state::Selection::alertChanged, this, &StoryView::followSelection);
    const auto repaint = [this] { viewport()->update(); };
    connect(&context.time, &state::TimeDisplay::changed, this, repaint);
    connect(&context.theme, &Theme::themeChanged, this, repaint);
}

void StoryView::showEvent(QShowEvent* event)
{
    QAbstractScrollArea::showEvent(event);
    if (m_isStale) {
        rebuild();
    }
}

void StoryView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    updateScrollBar();
}

void StoryView::updateScrollBar()
{
    const int height = static_cast<int>(m_lines.size()) * lineHeight;
    verticalScrollBar()->setRange(0, std::max(0, height - viewport()->height()));
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(lineHeight);
}

void StoryView::followSelection()
{
    const detect::Alert* alert = m_context.session.alert(m_context.selection.state().alertId);
    if (alert != nullptr && alert->host != m_host) {
        m_isStale = true;
    }
    if (!isVisible()) {
        return;
    }
    if (m_isStale) {
        rebuild();
        return;
    }
    const auto found =
        std::ranges::find(m_lines, m_context.selection.state().alertId, &StoryLine::alertId);
    if (alert != nullptr && found != m_lines.end()) {
        m_current = static_cast<std::size_t>(found - m_lines.begin());
        const QRect line = lineRect(*m_current);
        if (line.top() < 0 || line.bottom() > viewport()->height()) {
            verticalScrollBar()->setValue(static_cast<int>(*m_current) * lineHeight
                                          - viewport()->height() / 2);
        }
    }
    viewport()->update();
}

void StoryView::rebuild()
{
    m_isStale = false;
    const auto built = m_views.built();
    const auto detection = m_context.session.detection();
    const detect::Alert* alert = m_context.session.alert(m_context.selection.state().alertId);
    if (!built || !detection || alert == nullptr) {
        m_lines.clear();
        m_host.clear();
        m_current.reset();
        m_isStale = true;
        updateScrollBar();
        viewport()->update();
        Q_EMIT hostChanged({});
        return;
    }
    m_host = alert->host;
    using Lines = std::vector<StoryLine>;
    m_job.start<Lines>(
        tr("Telling the story"),
        [built, detection, host = m_host](const std::stop_token&, Progress&) -> Result<Lines> {
            return storyOf(*detection, *built, host);
        },
        [this](Result<Lines> lines) {
            if (lines) {
                m_lines = std::move(*lines);
                m_current.reset();
                updateScrollBar();
                Q_EMIT hostChanged(text::visibleCell(m_host));
                followSelection();
            }
        });
}

QRect StoryView::lineRect(std::size_t line) const
{
    return {0, static_cast<int>(line) * lineHeight - verticalScrollBar()->value(),
            viewport()->width(), lineHeight};
}

void StoryView::choose(std::size_t line)
{
    m_current = line;
    const StoryLine& chosen = m_lines[line];
    const auto built = m_views.built();
    state::SelectionState selection = m_context.selection.state();
    if (!chosen.alertId.empty()) {
        selection.alertId = chosen.alertId;
        if (const detect::Alert* alert = m_context.session.alert(chosen.alertId)) {
            for (const detect::AlertStage& stage : alert->stages) {
                selection.event = stage.event ? stage.event : selection.event;
            }
        }
    }
    if (chosen.process && built && chosen.process->index() < built->forest.processes().size()) {
        selection.process = state::keyOf(built->forest.process(*chosen.process));
    }
    m_context.selection.set(selection);
    viewport()->update();
}

void StoryView::mousePressEvent(QMouseEvent* event)
{
    const int row = (event->pos().y() + verticalScrollBar()->value()) / lineHeight;
    if (row >= 0 && row < static_cast<int>(m_lines.size())) {
        choose(static_cast<std::size_t>(row));
    }
}

void StoryView::keyPressEvent(QKeyEvent* event)
{
    const bool isStep = event->key() == Qt::Key_Down || event->key() == Qt::Key_Up;
    if (!isStep || m_lines.empty()) {
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    const std::size_t last = m_lines.size() - 1;
    const std::size_t at = m_current.value_or(0);
    choose(event->key() == Qt::Key_Down ? std::min(last, m_current ? at + 1 : 0)
                                        : (at == 0 ? 0 : at - 1));
}

void StoryView::paintEvent(QPaintEvent* /*event*/)
{
    const Theme& theme = m_context.theme;
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), theme.color(Token::Panel));
    if (m_lines.empty()) {
        painter.setPen(theme.color(Token::Muted));
        painter.drawText(viewport()->rect().adjusted(20, 20, -20, -20),
                         Qt::AlignCenter | Qt::TextWordWrap,
                         tr("Choose an alert to read what happened on its host, in order."));
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    const int first = verticalScrollBar()->value() / lineHeight;
    for (std::size_t at = static_cast<std::size_t>(first); at < m_lines.size(); ++at) {
        const QRect line = lineRect(at);
        if (line.top() > viewport()->height()) {
            break;
        }
        const StoryLine& story = m_lines[at];
        if (m_current == at) {
            painter.fillRect(line, theme.color(Token::Selected));
        }
        painter.setFont(theme.dataFont());
        painter.setPen(theme.color(Token::Muted));
        painter.drawText(QRect(10, line.top(), timeWidth, line.height()), Qt::AlignVCenter,
                         m_context.time.timeOfDayMs(story.timeNs));
        const int rail = 10 + timeWidth + railWidth / 2;
        painter.setPen(QPen(theme.color(Token::Line), 1));
        painter.drawLine(rail, at == 0 ? line.center().y() : line.top(), rail,
                         at + 1 == m_lines.size() ? line.center().y() : line.bottom() + 1);
        if (story.severity) {
            paintSeverityMark(painter, QRectF(rail - 8, line.center().y() - 8, 16, 16),
                              *story.severity, theme);
        } else {
            painter.setBrush(theme.color(Token::Panel));
            painter.setPen(QPen(theme.color(Token::Muted), 1.5));
            painter.drawEllipse(QPointF(rail, line.center().y()), 3.5, 3.5);
        }
        const QRect words(rail + railWidth / 2 + 4, line.top() + 3,
                          line.right() - rail - railWidth / 2 - 14, line.height() - 6);
        painter.setFont(story.severity ? theme.strongFont() : theme.interfaceFont());
        painter.setPen(theme.color(story.severity ? Token::Text : Token::Muted));
        painter.drawText(
            QRect(words.left(), words.top(), words.width(), words.height() / 2),
            Qt::AlignVCenter | Qt::TextSingleLine,
            painter.fontMetrics().elidedText(story.title, Qt::ElideRight, words.width()));
        painter.setFont(theme.dataFont());
        painter.setPen(theme.color(Token::Muted));
        painter.drawText(
            QRect(words.left(), words.center().y() + 1, words.width(), words.height() / 2),
            Qt::AlignVCenter | Qt::TextSingleLine,
            painter.fontMetrics().elidedText(story.detail, Qt::ElideRight, words.width()));
    }
}

} // namespace sequela::ui
