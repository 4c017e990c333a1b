#include "ui/timeline/timeline_view.h"

#include "ui/state/case_session.h"
#include "ui/state/selection.h"
#include "ui/state/time_display.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace sequela::ui {

using state::TimeRange;
using views::Flow;
using views::FlowStyle;
using views::Lane;

namespace {

constexpr int axisHeight = 22;
constexpr int laneHeight = 34;
constexpr int barHeight = 13;
/// Room above the bars for what is pointed out in a lane.
constexpr int noteHeight = 15;
constexpr int labelWidth = 170;
constexpr double hitReach = 5;
constexpr double zoomStep = 0.8;
/// Around a selected alert this much is shown before and behind.
constexpr std::int64_t marginNs = 5LL * 60 * nanosecondsPerSecond;

} // namespace

TimelineView::TimelineView(const state::Context& context, state::CaseViews& views, QWidget* parent)
    : QAbstractScrollArea(parent), m_context(context), m_views(views)
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Network timeline"));
    viewport()->setMouseTracking(true);
    connect(&m_views, &state::CaseViews::rebuilt, this, [this] {
        m_built = m_views.built();
        m_shownAlert.clear();
        rebuildLanes();
        followSelection();
    });
    connect(&m_context.selection, &state::Selection::changed, this, &TimelineView::followSelection);
    connect(&m_context.session, &state::CaseSession::filterChanged, this,
            &TimelineView::rebuildLanes);
    connect(&m_context.theme, &Theme::themeChanged, viewport(), qOverload<>(&QWidget::update));
    connect(&m_context.time, &state::TimeDisplay::changed, viewport(),
            qOverload<>(&QWidget::update));
    m_built = m_views.built();
    rebuildLanes();
}

void TimelineView::setGrouping(views::LaneGrouping grouping)
{
    m_grouping = grouping;
    rebuildLanes();
}

void TimelineView::setScope(TimelineScope scope)
{
    m_scope = scope;
    rebuildLanes();
}

void TimelineView::fit()
{
    m_geometry.fit();
    viewMoved();
}

QString TimelineView::zoomLabel() const
{
    return m_lanes.empty() ? QString()
                           : text::fromUtf8(formatDuration(m_geometry.view().lengthNs()));
}

void TimelineView::viewMoved()
{
    viewport()->update();
    Q_EMIT viewChanged();
}

std::optional<views::ProcessIndex> TimelineView::selectedProcess() const
{
    const state::SelectionState& selected = m_context.selection.state();
    if (!m_built) {
        return std::nullopt;
    }
    if (selected.process) {
        return m_built->forest.find(selected.process->hostId, selected.process->entityId);
    }
    if (selected.event) {
        return m_built->forest.processOf(*selected.event);
    }
    if (const detect::Alert* alert = m_context.session.alert(selected.alertId)) {
        for (const detect::AlertStage& stage : alert->stages) {
            if (stage.event) {
                return m_built->forest.processOf(*stage.event);
            }
        }
    }
    return std::nullopt;
}

std::optional<std::string> TimelineView::selectedHostName() const
{
    if (m_scope == TimelineScope::AllHosts) {
        return std::nullopt;
    }
    if (const auto process = selectedProcess()) {
        return m_built->forest.process(*process).hostName;
    }
    if (const detect::Alert* alert = m_context.session.alert(m_context.selection.state().alertId)) {
        return alert->host;
    }
    return std::nullopt;
}

std::vector<std::uint32_t> TimelineView::wantedFlows() const
{
    const auto flows = m_built->timeline.flows();
    const auto hosts = m_built->timeline.hosts();
    const auto filter = m_context.session.filter();
    std::optional<std::uint32_t> onlyHost;
    if (m_shownHost) {
        const auto found = std::ranges::find(hosts, *m_shownHost);
        if (found != hosts.end()) {
            onlyHost = static_cast<std::uint32_t>(found - hosts.begin());
        }
    }
    std::vector<std::uint32_t> wanted;
    for (std::uint32_t i = 0; i < flows.size(); ++i) {
        const Flow& flow = flows[i];
        const bool passes =
            filter->contains(flow.event) || (flow.endEvent && filter->contains(*flow.endEvent));
        if (passes && (!onlyHost || flow.host == *onlyHost)) {
            wanted.push_back(i);
        }
    }
    return wanted;
}

void TimelineView::rebuildLanes()
{
    const TimeRange before = m_geometry.view();
    const bool hadLanes = !m_lanes.empty();
    m_lanes.clear();
    m_longestNs.clear();
    if (m_built) {
        m_shownHost = selectedHostName();
        const auto flows = m_built->timeline.flows();
        const std::vector<std::uint32_t> wanted = wantedFlows();
        m_lanes = m_built->timeline.lanes(m_grouping, m_built->forest, wanted);
        moveRelatedLanesUp();
        for (const Lane& lane : m_lanes) {
            m_longestNs.push_back(views::longestFlowNs(flows, lane.flows));
        }
        if (!wanted.empty()) {
            std::int64_t last = flows[wanted.front()].endNs;
            for (const std::uint32_t index : wanted) {
                last = std::max(last, flows[index].endNs);
            }
            const std::int64_t first = flows[wanted.front()].startNs;
            // A little room, so that the first and last marks do not stick to the edges.
            const std::int64_t room =
                std::max<std::int64_t>((last - first) / 50, nanosecondsPerSecond);
            m_geometry.setBounds({first - room, last + room});
            if (hadLanes) {
                m_geometry.setView(before);
            } else {
                zoomToSelection();
            }
        }
    }
    updateScrollBar();
    viewMoved();
}

/// The process that is looked at, its ancestors and its descendants come first.
void TimelineView::moveRelatedLanesUp()
{
    const auto process = selectedProcess();
    if (m_grouping != views::LaneGrouping::Process || !process) {
        return;
    }
    std::set<views::ProcessIndex> related{*process};
    for (const views::ProcessIndex ancestor : m_built->forest.ancestors(*process)) {
        related.insert(ancestor);
    }
    const auto isRelated = [&](const Lane& lane) {
        if (!lane.process) {
            return false;
        }
        if (related.contains(*lane.process)) {
            return true;
        }
        const auto above = m_built->forest.ancestors(*lane.process);
        return std::ranges::find(above, *process) != above.end();
    };
    std::ranges::stable_partition(m_lanes, isRelated);
}

void TimelineView::followSelection()
{
    if (!m_built) {
        return;
    }
    const std::string& alertId = m_context.selection.state().alertId;
    const bool otherAlert = alertId != m_shownAlert;
    if (otherAlert || selectedHostName() != m_shownHost) {
        rebuildLanes();
    }
    if (otherAlert) {
        m_shownAlert = alertId;
        zoomToSelection();
        verticalScrollBar()->setValue(0);
    }
    viewport()->update();
}

void TimelineView::zoomToSelection()
{
    const detect::Alert* alert = m_context.session.alert(m_shownAlert);
    if (alert == nullptr || !alert->firstTime || !alert->lastTime || m_lanes.empty()) {
        return;
    }
    m_geometry.setView({alert->firstTime->nanoseconds() - marginNs,
                        alert->lastTime->nanoseconds() + 2 * marginNs});
    viewMoved();
}

void TimelineView::updateScrollBar()
{
    const int room = std::max(0, viewport()->height() - axisHeight);
    const int needed =
        static_cast<int>(std::min<std::size_t>(m_lanes.size(), 20'000'000)) * laneHeight;
    verticalScrollBar()->setPageStep(room);
    verticalScrollBar()->setSingleStep(laneHeight);
    verticalScrollBar()->setRange(0, std::max(0, needed - room));
    m_geometry.setWidth(viewport()->width() - labelWidth);
}

void TimelineView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    updateScrollBar();
}

QRect TimelineView::laneRect(std::size_t lane) const
{
    const int top = axisHeight + static_cast<int>(lane) * laneHeight - verticalScrollBar()->value();
    return {0, top, viewport()->width(), laneHeight};
}

FlowStyle TimelineView::styleOf(std::uint32_t flow) const
{
    if (const std::uint8_t rank = m_built->flowAlertRank[flow]; rank > 0) {
        return static_cast<FlowStyle>(static_cast<int>(FlowStyle::Low) + rank - 1);
    }
    const Flow& shown = m_built->timeline.flows()[flow];
    return views::flowStyle(shown, m_built->timeline.destinations()[shown.destination]);
}

QColor TimelineView::colorOf(FlowStyle style) const
{
    const Theme& theme = m_context.theme;
    switch (style) {
    case FlowStyle::None:
        return {};
    case FlowStyle::Lookup:
        return theme.color(Token::Muted);
    case FlowStyle::Special:
        return mixed(theme.color(Token::Panel), theme.color(Token::Muted), 0.7);
    case FlowStyle::Private:
        return theme.color(Token::File);
    case FlowStyle::Public:
        return theme.color(Token::Network);
    case FlowStyle::Low:
        return theme.color(Token::LowFill);
    case FlowStyle::Medium:
        return theme.color(Token::MediumFill);
    case FlowStyle::High:
        return theme.color(Token::HighFill);
    case FlowStyle::Critical:
        return theme.color(Token::CriticalFill);
    }
    return {};
}

void TimelineView::paintEvent(QPaintEvent*)
{
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), m_context.theme.color(Token::Panel));
    if (m_lanes.empty()) {
        paintEmpty(painter);
        return;
    }
    paintAxis(painter);
    painter.setClipRect(0, axisHeight, viewport()->width(), viewport()->height() - axisHeight);
    const auto first = static_cast<std::size_t>(verticalScrollBar()->value() / laneHeight);
    for (std::size_t lane = first; lane < m_lanes.size(); ++lane) {
        if (laneRect(lane).top() > viewport()->height()) {
            break;
        }
        paintLane(painter, lane);
    }
    if (m_drag == Drag::Brush) {
        QColor fill = m_context.theme.color(Token::Accent);
        fill.setAlphaF(0.18F);
        const int left = std::max(labelWidth, std::min(m_pressedAt.x(), m_dragAt.x()));
        const int right = std::max(m_pressedAt.x(), m_dragAt.x());
        painter.fillRect(QRect(QPoint(left, axisHeight), QPoint(right, viewport()->height())),
                         fill);
    }
}

void TimelineView::paintAxis(QPainter& painter) const
{
    const TimeRange view = m_geometry.view();
    const std::int64_t step = state::axisStepNs(view.lengthNs(), m_geometry.width(), 90);
    painter.setFont(m_context.theme.smallFont());
    const std::int64_t start = view.beginNs - (view.beginNs % step + step) % step;
    for (std::int64_t tick = start; tick <= view.endNs; tick += step) {
        const int x = labelWidth + static_cast<int>(m_geometry.xOf(tick));
        if (x < labelWidth) {
            continue;
        }
        painter.setPen(m_context.theme.color(Token::Line));
        painter.drawLine(x, axisHeight - 4, x, viewport()->height());
        painter.setPen(m_context.theme.color(Token::Muted));
        painter.drawText(QRect(x + 4, 0, 120, axisHeight), Qt::AlignLeft | Qt::AlignVCenter,
                         m_context.time.axisLabel(tick, step));
    }
    painter.setPen(m_context.theme.color(Token::Line));
    painter.drawLine(0, axisHeight - 1, viewport()->width(), axisHeight - 1);
}

void TimelineView::paintLane(QPainter& painter, std::size_t lane) const
{
    const QRect rect = laneRect(lane);
    const Theme& theme = m_context.theme;
    const auto process = selectedProcess();
    if (process && m_lanes[lane].process == process) {
        painter.fillRect(rect,
                         mixed(theme.color(Token::Panel), theme.color(Token::Selected), 0.55));
    }
    painter.setPen(theme.color(Token::Line));
    painter.drawLine(labelWidth - 8, rect.bottom(), rect.right(), rect.bottom());
    painter.setFont(theme.dataFont());
    painter.setPen(theme.color(Token::Text));
    const QString label = painter.fontMetrics().elidedText(text::visibleCell(m_lanes[lane].label),
                                                           Qt::ElideMiddle, labelWidth - 20);
    painter.drawText(QRect(10, rect.top(), labelWidth - 18, rect.height()),
                     Qt::AlignLeft | Qt::AlignVCenter, label);
    const std::vector<views::LaneRun> runs = views::rasterizeLane(
        m_built->timeline.flows(), m_lanes[lane].flows, m_longestNs[lane], m_geometry,
        views::minimumMarkWidth, [this](std::uint32_t flow) { return styleOf(flow); });
    painter.setPen(Qt::NoPen);
    const int top = rect.top() + noteHeight + 1;
    for (const views::LaneRun& run : runs) {
        const QRectF bar(labelWidth + run.beginX, top, run.endX - run.beginX, barHeight);
        if (bar.width() > 6) {
            painter.setRenderHint(QPainter::Antialiasing, true);
            painter.setBrush(colorOf(run.style));
            painter.drawRoundedRect(bar, 2, 2);
            painter.setRenderHint(QPainter::Antialiasing, false);
        } else {
            painter.fillRect(bar, colorOf(run.style));
        }
    }
    painter.setBrush(Qt::NoBrush);
    paintLaneNote(painter, lane);
}

void TimelineView::paintLaneNote(QPainter& painter, std::size_t lane) const
{
    if (m_lanes[lane].beacons.empty()) {
        return;
    }
    const views::Beacon& beacon = m_lanes[lane].beacons.front();
    const double left = std::max(0.0, m_geometry.xOf(beacon.firstNs));
    if (left > m_geometry.width() || m_geometry.xOf(beacon.lastNs) < 0) {
        return;
    }
    const views::Destination& destination = m_built->timeline.destinations()[beacon.destination];
    const QString note = tr("regular: every %1 ± %2 → %3")
                             .arg(text::fromUtf8(formatDuration(beacon.intervalNs)),
                                  text::fromUtf8(formatDuration(beacon.jitterNs)),
                                  text::visibleCell(destination.address));
    painter.setFont(m_context.theme.smallFont());
    painter.setPen(m_context.theme.color(Token::High));
    const QRect rect = laneRect(lane);
    painter.drawText(QRect(labelWidth + static_cast<int>(left) + 2, rect.top(),
                           viewport()->width() - labelWidth - static_cast<int>(left), noteHeight),
                     Qt::AlignLeft | Qt::AlignVCenter, note);
}

void TimelineView::paintEmpty(QPainter& painter) const
{
    painter.setFont(m_context.theme.interfaceFont());
    painter.setPen(m_context.theme.color(Token::Muted));
    QString message;
    if (m_views.isBuilding()) {
        message = tr("Building the network timeline …");
    } else if (!m_context.session.isOpen()) {
        message = tr("Network activity appears here once events are open.");
    } else if (m_built && !m_built->timeline.flows().empty()) {
        message = tr("No network event passes the filter on this host.");
    } else {
        message = tr("These events hold no network activity: no destination.ip and no "
                     "dns.question.name under event.category network.");
    }
    painter.drawText(viewport()->rect().adjusted(20, 0, -20, 0), Qt::AlignCenter | Qt::TextWordWrap,
                     message);
}

std::optional<TimelineView::Hit> TimelineView::hitAt(const QPoint& point) const
{
    if (point.y() < axisHeight || m_lanes.empty()) {
        return std::nullopt;
    }
    const auto lane = static_cast<std::size_t>(
        (point.y() - axisHeight + verticalScrollBar()->value()) / laneHeight);
    if (lane >= m_lanes.size()) {
        return std::nullopt;
    }
    Hit hit;
    hit.lane = lane;
    if (point.x() >= labelWidth) {
        hit.flow = views::flowNear(m_built->timeline.flows(), m_lanes[lane].flows,
                                   m_longestNs[lane], m_geometry, point.x() - labelWidth, hitReach);
    }
    return hit;
}

void TimelineView::selectFlow(std::uint32_t flow)
{
    const Flow& chosen = m_built->timeline.flows()[flow];
    state::SelectionState next = m_context.selection.state();
    next.event = chosen.event;
    if (chosen.process) {
        const views::Process& process = m_built->forest.process(*chosen.process);
        next.process = state::ProcessKey{process.hostId, process.image().entityId};
    }
    m_context.selection.set(next);
}

void TimelineView::wheelEvent(QWheelEvent* event)
{
    if (event->modifiers().testFlag(Qt::ShiftModifier) || event->position().x() < labelWidth) {
        QAbstractScrollArea::wheelEvent(event);
        return;
    }
    const double notches = event->angleDelta().y() / 120.0;
    m_geometry.zoom(std::pow(zoomStep, notches), event->position().x() - labelWidth);
    viewMoved();
    event->accept();
}

void TimelineView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || m_lanes.empty()) {
        return;
    }
    m_pressedAt = m_dragAt = event->position().toPoint();
    m_dragged = false;
    const bool inBars = m_pressedAt.x() >= labelWidth;
    m_drag = !inBars                                          ? Drag::None
             : event->modifiers().testFlag(Qt::ShiftModifier) ? Drag::Brush
                                                              : Drag::Pan;
}

void TimelineView::mouseMoveEvent(QMouseEvent* event)
{
    const QPoint point = event->position().toPoint();
    if (m_drag == Drag::None) {
        const auto hit = hitAt(point);
        viewport()->setCursor(hit && hit->flow ? Qt::PointingHandCursor : Qt::ArrowCursor);
        return;
    }
    if ((point - m_pressedAt).manhattanLength() > 3) {
        m_dragged = true;
    }
    if (m_drag == Drag::Pan && m_dragged) {
        m_geometry.pan(point.x() - m_dragAt.x());
        verticalScrollBar()->setValue(verticalScrollBar()->value() - (point.y() - m_dragAt.y()));
        viewMoved();
    }
    m_dragAt = point;
    viewport()->update();
}

void TimelineView::mouseReleaseEvent(QMouseEvent* event)
{
    const Drag drag = std::exchange(m_drag, Drag::None);
    if (event->button() != Qt::LeftButton) {
        return;
    }
    if (drag == Drag::Brush && m_dragged) {
        const int left = std::min(m_pressedAt.x(), m_dragAt.x()) - labelWidth;
        const int right = std::max(m_pressedAt.x(), m_dragAt.x()) - labelWidth;
        m_context.selection.setTimeRange(
            TimeRange{m_geometry.timeAt(std::max(0, left)), m_geometry.timeAt(right) + 1});
    } else if (!m_dragged) {
        if (const auto hit = hitAt(event->position().toPoint()); hit && hit->flow) {
            selectFlow(*hit->flow);
        }
    }
    viewport()->update();
}

void TimelineView::mouseDoubleClickEvent(QMouseEvent*)
{
    fit();
}

void TimelineView::keyPressEvent(QKeyEvent* event)
{
    const double middle = m_geometry.width() / 2.0;
    const double pageWidth = m_geometry.width() / 8.0;
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        m_geometry.zoom(zoomStep, middle);
        break;
    case Qt::Key_Minus:
        m_geometry.zoom(1 / zoomStep, middle);
        break;
    case Qt::Key_Left:
        m_geometry.pan(pageWidth);
        break;
    case Qt::Key_Right:
        m_geometry.pan(-pageWidth);
        break;
    case Qt::Key_F:
    case Qt::Key_0:
        m_geometry.fit();
        break;
    default:
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    viewMoved();
}

QString TimelineView::flowCard(std::uint32_t flow) const
{
    const Flow& chosen = m_built->timeline.flows()[flow];
    const views::Destination& destination = m_built->timeline.destinations()[chosen.destination];
    QStringList lines;
    if (destination.isName) {
        lines << tr("lookup of %1").arg(text::visibleCell(destination.domain));
    } else {
        QString title = text::visibleCell(destination.address);
        if (!destination.port.empty()) {
            title += QLatin1Char(':') + text::visibleCell(destination.port);
        }
        if (!destination.transport.empty()) {
            title += QLatin1Char(' ') + text::visibleCell(destination.transport);
        }
        lines << title;
        if (!destination.domain.empty()) {
            lines << text::visibleCell(destination.domain);
        }
    }
    QString when = m_context.time.dateTime(chosen.startNs);
    if (chosen.endNs > chosen.startNs) {
        when += tr(", %1 long").arg(text::fromUtf8(formatDuration(chosen.endNs - chosen.startNs)));
    }
    lines << when;
    if (chosen.bytesOut + chosen.bytesIn > 0) {
        lines << tr("%1 out, %2 in").arg(text::bytes(chosen.bytesOut), text::bytes(chosen.bytesIn));
    }
    return lines.join(QLatin1Char('\n'));
}

bool TimelineView::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip && m_built) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const auto hit = hitAt(help->pos());
        if (hit && hit->flow) {
            // Qt guesses markup in tool tips; escaped text in a plain paragraph cannot be any.
            QToolTip::showText(help->globalPos(),
                               QStringLiteral("<p style='white-space:pre-wrap'>%1</p>")
                                   .arg(flowCard(*hit->flow).toHtmlEscaped()),
                               viewport());
        } else {
            QToolTip::hideText();
        }
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

} // namespace sequela::ui
