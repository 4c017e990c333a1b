#include "ui/shell/overview_strip.h"

#include "core/workspace/workspace.h"
#include "ui/state/case_session.h"
#include "ui/state/selection.h"
#include "ui/state/time_display.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "ui/widgets/severity.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace sequela::ui {

namespace {
constexpr double handleWidth = 5.0;
constexpr int marksHeight = 18;
constexpr int barWidth = 4;
} // namespace

OverviewStrip::OverviewStrip(state::Context& context, QWidget* parent)
    : QWidget(parent), m_context(context), m_job(nullptr)
{
    setFixedHeight(metrics::overviewHeight);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Events over time"));
    setAccessibleDescription(
        tr("Arrow keys move the time range, with Shift its end; Escape removes it."));
    state::CaseSession& session = context.session;
    connect(&session, &state::CaseSession::caseOpened, this, &OverviewStrip::rebuild);
    connect(&session, &state::CaseSession::snapshotChanged, this, &OverviewStrip::rebuild);
    connect(&session, &state::CaseSession::alertsChanged, this, &OverviewStrip::rebuildMarks);
    const auto repaint = qOverload<>(&QWidget::update);
    connect(&context.selection, &state::Selection::timeRangeChanged, this, repaint);
    connect(&context.theme, &Theme::themeChanged, this, repaint);
    connect(&context.time, &state::TimeDisplay::changed, this, repaint);
}

QSize OverviewStrip::sizeHint() const
{
    return {800, metrics::overviewHeight};
}

void OverviewStrip::rebuild()
{
    rebuildMarks();
    const auto snapshot = m_context.session.snapshot();
    if (!snapshot || snapshot->events->eventCount() == 0) {
        m_histogram = {};
        update();
        return;
    }
    m_job.start<views::Histogram>(
        tr("Counting events over time"),
        [snapshot](const std::stop_token& stop, Progress&) {
            return views::buildHistogram(*snapshot->events, "@timestamp", bucketCount, stop);
        },
        [this](Result<views::Histogram> histogram) {
            if (histogram) {
                m_histogram = std::move(*histogram);
                update();
            } else {
                Q_EMIT m_context.session.failed(histogram.error());
            }
        });
}

void OverviewStrip::rebuildMarks()
{
    m_marks.clear();
    if (const auto detection = m_context.session.detection()) {
        for (const detect::Alert& alert : detection->alerts) {
            if (alert.lastTime && !alert.rule->buildingBlock) {
                m_marks.push_back({alert.lastTime->nanoseconds(), alert.severity});
            }
        }
    }
    // The severest are painted last, on top.
    std::ranges::stable_sort(m_marks, {}, &Mark::severity);
    update();
}

OverviewGeometry OverviewStrip::geometryOfCase() const
{
    return {.firstNs = m_histogram.firstNs,
            .lastNs = std::max(m_histogram.lastNs, m_histogram.firstNs + 1),
            .left = 2,
            .width = std::max(1, width() - 4)};
}

std::optional<state::TimeRange> OverviewStrip::shownRange() const
{
    return m_draft ? m_draft : m_context.selection.state().timeRange;
}

void OverviewStrip::paintEvent(QPaintEvent* /*event*/)
{
    const Theme& theme = m_context.theme;
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Token::Panel));
    painter.setPen(theme.color(Token::Line));
    painter.drawLine(rect().bottomLeft(), rect().bottomRight());
    painter.setFont(theme.smallFont());
    if (!hasHistogram()) {
        painter.setPen(theme.color(Token::Muted));
        painter.drawText(rect(), Qt::AlignCenter,
                         m_context.session.isOpen() ? tr("No events with a time yet")
                                                    : tr("The events of a case over time"));
        return;
    }
    const OverviewGeometry geometry = geometryOfCase();
    paintBrush(painter, geometry);
    paintBars(painter, geometry);
    paintMarks(painter, geometry);
    paintEnds(painter);
    if (hasFocus()) {
        painter.setPen(theme.color(Token::Accent));
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

void OverviewStrip::paintEnds(QPainter& painter) const
{
    const Theme& theme = m_context.theme;
    const auto paint = [&](const QString& label, bool isRight) {
        const int labelWidth = painter.fontMetrics().horizontalAdvance(label) + 8;
        const QRect rect(isRight ? width() - labelWidth - 4 : 4, height() - 18, labelWidth, 15);
        QColor ground = theme.color(Token::Panel);
        ground.setAlphaF(0.82F);
        painter.fillRect(rect, ground);
        painter.setPen(theme.color(Token::Muted));
        painter.drawText(rect, Qt::AlignCenter, label);
    };
    paint(m_context.time.dateTime(m_histogram.firstNs).left(16), false);
    paint(m_context.time.dateTime(m_histogram.lastNs).left(16), true);
}

void OverviewStrip::paintBars(QPainter& painter, const OverviewGeometry& geometry)
{
    const int columns = std::max(1, geometry.width / barWidth);
    std::vector<std::uint64_t> sums(static_cast<std::size_t>(columns), 0);
    const std::size_t count = m_histogram.counts.size();
    for (std::size_t bucket = 0; bucket < count; ++bucket) {
        sums[bucket * static_cast<std::size_t>(columns) / count] += m_histogram.counts[bucket];
    }
    const std::uint64_t highest = std::max<std::uint64_t>(1, std::ranges::max(sums));
    const Theme& theme = m_context.theme;
    const auto range = shownRange();
    const int floor = height() - 4;
    const double room = floor - marksHeight;
    for (int column = 0; column < columns; ++column) {
        const std::uint64_t sum = sums[static_cast<std::size_t>(column)];
        if (sum == 0) {
            continue;
        }
        // Square root: a burst must not flatten everything else to nothing.
        const double share = std::sqrt(static_cast<double>(sum) / static_cast<double>(highest));
        const int barHeight = std::max(2, static_cast<int>(share * room));
        const int x = geometry.left + column * barWidth;
        const bool isInside = !range || range->contains(geometry.timeAt(x + barWidth / 2.0));
        painter.fillRect(
            x, floor - barHeight, barWidth - 1, barHeight,
            isInside ? theme.color(Token::HistogramFill)
                     : mixed(theme.color(Token::Panel), theme.color(Token::HistogramFill), 0.45));
    }
}

void OverviewStrip::paintMarks(QPainter& painter, const OverviewGeometry& geometry)
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    // One mark per few pixels and severity is all the eye can tell apart.
    int lastX = -100;
    auto lastSeverity = detect::AlertSeverity::Low;
    std::ranges::stable_sort(
        m_marks, {}, [](const Mark& mark) { return std::pair(mark.severity, mark.timeNs); });
    for (const Mark& mark : m_marks) {
        const int x = static_cast<int>(geometry.xOf(mark.timeNs));
        if (mark.severity == lastSeverity && x - lastX < 3) {
            continue;
        }
        lastX = x;
        lastSeverity = mark.severity;
        painter.setBrush(m_context.theme.color(severityFill(mark.severity)));
        painter.drawEllipse(QPointF(x, 11), 4, 4);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void OverviewStrip::paintBrush(QPainter& painter, const OverviewGeometry& geometry)
{
    const auto range = shownRange();
    if (!range) {
        return;
    }
    const Theme& theme = m_context.theme;
    const double left = geometry.xOf(range->beginNs);
    const double right = std::max(left + 1, geometry.xOf(range->endNs));
    painter.fillRect(QRectF(left, 0, right - left, height() - 1), theme.color(Token::Selected));
    painter.setPen(theme.color(Token::Accent));
    painter.drawLine(QPointF(left, 0), QPointF(left, height() - 1));
    painter.drawLine(QPointF(right, 0), QPointF(right, height() - 1));
    const QString from = m_context.time.timeOfDay(range->beginNs);
    const QString to = m_context.time.timeOfDay(range->endNs);
    const int labelWidth = painter.fontMetrics().horizontalAdvance(from) + 6;
    const int top = height() - 17;
    // Beside the brush where it is too narrow to hold its own labels.
    const bool fits = right - left > 2 * labelWidth + 8;
    painter.drawText(QRectF(fits ? left + 3 : left - labelWidth - 2, top, labelWidth, 14),
                     Qt::AlignLeft | Qt::AlignVCenter, from);
    painter.drawText(QRectF(fits ? right - labelWidth : right + 4, top, labelWidth, 14),
                     Qt::AlignLeft | Qt::AlignVCenter, to);
}

OverviewStrip::Drag OverviewStrip::dragAt(double x) const
{
    const auto range = m_context.selection.state().timeRange;
    if (!range || !hasHistogram()) {
        return Drag::New;
    }
    const OverviewGeometry geometry = geometryOfCase();
    const double left = geometry.xOf(range->beginNs);
    const double right = geometry.xOf(range->endNs);
    if (std::abs(x - left) <= handleWidth) {
        return Drag::Begin;
    }
    if (std::abs(x - right) <= handleWidth) {
        return Drag::End;
    }
    return x > left && x < right ? Drag::Move : Drag::New;
}

void OverviewStrip::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !hasHistogram()) {
        return;
    }
    m_dragX = event->position().x();
    m_drag = dragAt(m_dragX);
    m_dragStart = m_context.selection.state().timeRange;
}

void OverviewStrip::mouseMoveEvent(QMouseEvent* event)
{
    const double x = event->position().x();
    if (m_drag == Drag::None) {
        const Drag hover = dragAt(x);
        setCursor(hover == Drag::Move                          ? Qt::OpenHandCursor
                  : hover == Drag::Begin || hover == Drag::End ? Qt::SizeHorCursor
                                                               : Qt::CrossCursor);
        return;
    }
    const OverviewGeometry geometry = geometryOfCase();
    switch (m_drag) {
    case Drag::New:
        if (std::abs(x - m_dragX) < 3 && !m_draft) {
            return;
        }
        m_draft = geometry.rangeBetween(m_dragX, x);
        break;
    case Drag::Move:
        m_draft = geometry.moved(*m_dragStart, x - m_dragX);
        break;
    case Drag::Begin:
        m_draft = geometry.rangeBetween(x, geometry.xOf(m_dragStart->endNs));
        break;
    case Drag::End:
        m_draft = geometry.rangeBetween(geometry.xOf(m_dragStart->beginNs), x);
        break;
    case Drag::None:
        break;
    }
    update();
}

void OverviewStrip::mouseReleaseEvent(QMouseEvent* /*event*/)
{
    m_drag = Drag::None;
    if (m_draft) {
        m_context.selection.setTimeRange(std::exchange(m_draft, std::nullopt));
    }
}

void OverviewStrip::mouseDoubleClickEvent(QMouseEvent* /*event*/)
{
    m_drag = Drag::None;
    m_context.selection.setTimeRange(std::nullopt);
}

bool OverviewStrip::event(QEvent* event)
{
    // With a range, Escape removes it; without one it is the window's, which cancels its work.
    if (event->type() == QEvent::ShortcutOverride
        && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape
        && m_context.selection.state().timeRange) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

void OverviewStrip::keyPressEvent(QKeyEvent* event)
{
    const auto range = m_context.selection.state().timeRange;
    const int step = event->key() == Qt::Key_Left ? -10 : event->key() == Qt::Key_Right ? 10 : 0;
    if (event->key() == Qt::Key_Escape && range) {
        m_context.selection.setTimeRange(std::nullopt);
        return;
    }
    if (step == 0 || !hasHistogram()) {
        QWidget::keyPressEvent(event);
        return;
    }
    const OverviewGeometry geometry = geometryOfCase();
    if (!range) {
        const double middle = geometry.left + geometry.width / 2.0;
        m_context.selection.setTimeRange(
            geometry.rangeBetween(middle - geometry.width / 10.0, middle + geometry.width / 10.0));
    } else if (event->modifiers().testFlag(Qt::ShiftModifier)) {
        m_context.selection.setTimeRange(
            geometry.rangeBetween(geometry.xOf(range->beginNs), geometry.xOf(range->endNs) + step));
    } else {
        m_context.selection.setTimeRange(geometry.moved(*range, step));
    }
}

} // namespace sequela::ui
