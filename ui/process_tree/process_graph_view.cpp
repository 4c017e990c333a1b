#include "ui/process_tree/process_graph_view.h"

#include "ui/process_tree/process_painter.h"
#include "ui/state/case_session.h"
#include "ui/state/selection.h"
#include "ui/state/time_display.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "ui/widgets/severity.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <limits>

namespace sequela::ui {

namespace {

constexpr double margin = 16.0;
constexpr double zoomStep = 1.25;
constexpr int dragThreshold = 4;

} // namespace

QRectF GraphViewport::boxOf(const views::GraphNode& node) const
{
    return {offset.x() + node.column * columnWidth * scale,
            offset.y() + node.row * rowHeight * scale, boxWidth * scale, boxHeight * scale};
}

void GraphViewport::zoomAt(QPointF pixel, double factor)
{
    const double wanted = std::clamp(scale * factor, smallestScale, largestScale);
    offset = pixel - (pixel - offset) * (wanted / scale);
    scale = wanted;
}

void GraphViewport::fit(const views::ProcessGraph& graph, QSizeF size, bool readable)
{
    const double width = static_cast<double>(std::max<std::size_t>(1, graph.columns)) * columnWidth;
    const double height = static_cast<double>(std::max<std::size_t>(1, graph.rows)) * rowHeight;
    scale = std::clamp(
        std::min((size.width() - 2 * margin) / width, (size.height() - 2 * margin) / height),
        readable ? readableScale : smallestScale, 1.0);
    offset = {margin, std::max(margin, (size.height() - height * scale) / 2.0)};
}

ProcessGraphView::ProcessGraphView(const state::Context& context, state::CaseViews& views,
                                   QWidget* parent)
    : QWidget(parent), m_context(context), m_views(views)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Process graph"));
    connect(&m_views, &state::CaseViews::rebuilt, this, &ProcessGraphView::rebuild);
    connect(&m_context.selection, &state::Selection::changed, this,
            &ProcessGraphView::followSelection);
    connect(&m_context.theme, &Theme::themeChanged, this, qOverload<>(&QWidget::update));
    rebuild();
}

void ProcessGraphView::rebuild()
{
    m_built = m_views.built();
    m_graph = {};
    m_current.reset();
    followSelection();
}

void ProcessGraphView::followSelection()
{
    const auto process =
        m_built ? state::selectedProcess(*m_built, m_context.selection, m_context.session)
                : std::nullopt;
    if (!process) {
        update();
        return;
    }
    m_current = m_graph.find(*process);
    if (!m_current) {
        startAt(*process);
        return;
    }
    ensureVisible(*m_current);
    update();
}

void ProcessGraphView::startAt(views::ProcessIndex process)
{
    views::GraphOptions options;
    options.importance = [this](views::ProcessIndex child) {
        return int{m_built->subtreeAlertRank[child.index()]};
    };
    m_graph = views::layOutProcessGraph(m_built->forest, process, options);
    m_current = m_graph.focus;
    arrange();
}

void ProcessGraphView::arrange()
{
    m_view.fit(m_graph, size(), true);
    m_isArranged = true;
    if (m_current) {
        ensureVisible(*m_current);
    }
    update();
}

void ProcessGraphView::fit()
{
    m_view.fit(m_graph, size(), false);
    m_isArranged = false;
    update();
}

void ProcessGraphView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_isArranged) {
        arrange();
    }
}

void ProcessGraphView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    if (m_isArranged) {
        arrange();
    }
}

void ProcessGraphView::ensureVisible(std::size_t node)
{
    const QRectF box = m_view.boxOf(m_graph.nodes[node]).adjusted(-margin, -margin, margin, margin);
    const QRectF area(rect());
    QPointF shift;
    if (box.right() > area.right()) {
        shift.setX(area.right() - box.right());
    }
    if (box.left() + shift.x() < area.left()) {
        shift.setX(area.left() - box.left());
    }
    if (box.bottom() > area.bottom()) {
        shift.setY(area.bottom() - box.bottom());
    }
    if (box.top() + shift.y() < area.top()) {
        shift.setY(area.top() - box.top());
    }
    m_view.offset += shift;
}

std::optional<std::size_t> ProcessGraphView::nodeAt(QPointF point) const
{
    for (std::size_t node = 0; node < m_graph.nodes.size(); ++node) {
        if (m_view.boxOf(m_graph.nodes[node]).contains(point)) {
            return node;
        }
    }
    return std::nullopt;
}

void ProcessGraphView::select(std::size_t node)
{
    m_current = node;
    m_context.selection.setProcess(
        state::keyOf(m_built->forest.process(m_graph.nodes[node].process)));
    update();
}

void ProcessGraphView::paintEdge(QPainter& painter, const views::GraphNode& node) const
{
    const QRectF from = m_view.boxOf(m_graph.nodes[*node.parent]);
    const QRectF to = m_view.boxOf(node);
    const QPointF begin(from.right(), from.center().y());
    const QPointF end(to.left(), to.center().y());
    const double middle = (begin.x() + end.x()) / 2.0;
    QPainterPath path(begin);
    path.cubicTo({middle, begin.y()}, {middle, end.y()}, end);
    const bool isRecorded =
        m_built->forest.process(node.process).parentEvidence == views::Evidence::Recorded;
    painter.setPen(
        QPen(m_context.theme.color(Token::Muted), 1, isRecorded ? Qt::SolidLine : Qt::DashLine));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(path);
}

void ProcessGraphView::paintNode(QPainter& painter, std::size_t index) const
{
    const Theme& theme = m_context.theme;
    const views::GraphNode& node = m_graph.nodes[index];
    const views::Process& process = m_built->forest.process(node.process);
    const QRectF box = m_view.boxOf(node);
    if (!box.intersects(QRectF(rect()))) {
        return;
    }
    const bool isCurrent = m_current == index;
    const std::uint8_t rank = m_built->alertRank[node.process.index()];
    const auto severity = static_cast<detect::AlertSeverity>(rank > 0 ? rank - 1 : 0);
    const QColor frame = isCurrent  ? theme.color(Token::Accent)
                         : rank > 0 ? theme.color(severityFill(severity))
                                    : theme.color(Token::Line);
    painter.setPen(
        QPen(frame, isCurrent ? 2 : 1,
             process.evidence == views::Evidence::Recorded ? Qt::SolidLine : Qt::DashLine));
    painter.setBrush(theme.color(isCurrent ? Token::Selected : Token::Raised));
    painter.drawRoundedRect(box, 4, 4);
    if (m_view.scale < GraphViewport::readableScale) {
        return;
    }
    QRectF inner = box.adjusted(8, 2, -6, -2);
    if (rank > 0) {
        const double side = std::min(16.0, box.height() - 6);
        paintSeverityMark(painter, QRectF(inner.left(), box.center().y() - side / 2, side, side),
                          severity, theme);
        inner.setLeft(inner.left() + side + 6);
    }
    QFont name = theme.strongFont();
    name.setPointSizeF(name.pointSizeF() * std::min(1.0, m_view.scale));
    QFont small = theme.smallFont();
    small.setPointSizeF(small.pointSizeF() * std::min(1.0, m_view.scale));
    const auto cell = [this, &process](ProcessColumn column) {
        return processCell(process, column, m_context.time);
    };
    QStringList facts;
    for (const QString& fact : {cell(ProcessColumn::Pid), cell(ProcessColumn::User)}) {
        if (!fact.isEmpty()) {
            facts << fact;
        }
    }
    if (process.networkCount > 0) {
        facts << tr("%1 net").arg(text::count(process.networkCount));
    }
    if (node.hiddenChildren > 0) {
        facts << tr("+%1").arg(text::count(node.hiddenChildren));
    }
    painter.setFont(name);
    painter.setPen(theme.color(Token::Text));
    const QRectF upper(inner.left(), inner.top(), inner.width(), inner.height() / 2);
    painter.drawText(upper, Qt::AlignVCenter | Qt::TextSingleLine,
                     painter.fontMetrics().elidedText(cell(ProcessColumn::Name), Qt::ElideRight,
                                                      static_cast<int>(upper.width())));
    painter.setFont(small);
    painter.setPen(theme.color(Token::Muted));
    const QRectF lower = upper.translated(0, upper.height());
    painter.drawText(lower, Qt::AlignVCenter | Qt::TextSingleLine,
                     painter.fontMetrics().elidedText(facts.join(QStringLiteral(" · ")),
                                                      Qt::ElideRight,
                                                      static_cast<int>(lower.width())));
}

void ProcessGraphView::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_context.theme.color(Token::Panel));
    if (!m_built || m_graph.nodes.empty()) {
        painter.setPen(m_context.theme.color(Token::Muted));
        painter.drawText(rect().adjusted(20, 20, -20, -20), Qt::AlignCenter | Qt::TextWordWrap,
                         m_views.isBuilding()
                             ? tr("Building the process tree…")
                             : tr("Choose an alert, an event or a process to see its family."));
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    for (const views::GraphNode& node : m_graph.nodes) {
        if (node.parent) {
            paintEdge(painter, node);
        }
    }
    for (std::size_t node = 0; node < m_graph.nodes.size(); ++node) {
        paintNode(painter, node);
    }
}

void ProcessGraphView::wheelEvent(QWheelEvent* event)
{
    const double steps = event->angleDelta().y() / 120.0;
    if (steps != 0.0) {
        m_view.zoomAt(event->position(), std::pow(zoomStep, steps));
        m_isArranged = false;
        update();
    }
    event->accept();
}

void ProcessGraphView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton) {
        m_pressedAt = m_draggedFrom = event->position();
        m_dragging = false;
    }
}

void ProcessGraphView::mouseMoveEvent(QMouseEvent* event)
{
    if ((event->buttons() & Qt::LeftButton) == 0) {
        setCursor(nodeAt(event->position()) ? Qt::PointingHandCursor : Qt::ArrowCursor);
        return;
    }
    const QPointF moved = event->position() - m_pressedAt;
    m_dragging = m_dragging || moved.manhattanLength() > dragThreshold;
    if (m_dragging) {
        m_view.offset += event->position() - m_draggedFrom;
        m_isArranged = false;
        m_draggedFrom = event->position();
        setCursor(Qt::ClosedHandCursor);
        update();
    }
}

void ProcessGraphView::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || m_dragging) {
        m_dragging = false;
        return;
    }
    if (const auto node = nodeAt(event->position())) {
        select(*node);
    }
}

void ProcessGraphView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (const auto node = nodeAt(event->position())) {
        const views::ProcessIndex process = m_graph.nodes[*node].process;
        startAt(process);
        select(m_graph.focus);
    }
}

/// Left: the parent. Right: the first child. Up and down: the nearest box of the column.
void ProcessGraphView::walk(int key)
{
    const views::GraphNode& from = m_graph.nodes[*m_current];
    std::optional<std::size_t> target;
    double nearest = std::numeric_limits<double>::max();
    for (std::size_t at = 0; at < m_graph.nodes.size(); ++at) {
        const views::GraphNode& node = m_graph.nodes[at];
        double distance = -1.0;
        if (key == Qt::Key_Left && from.parent == at) {
            distance = 0.0;
        } else if (key == Qt::Key_Right && node.parent == *m_current) {
            distance = node.row;
        } else if (node.column == from.column && key == Qt::Key_Down) {
            distance = node.row - from.row;
        } else if (node.column == from.column && key == Qt::Key_Up) {
            distance = from.row - node.row;
        }
        if (at != *m_current && distance >= 0.0 && distance < nearest) {
            nearest = distance;
            target = at;
        }
    }
    if (target) {
        select(*target);
        ensureVisible(*target);
    }
}

void ProcessGraphView::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
        if (m_current) {
            walk(event->key());
        }
        return;
    case Qt::Key_Plus:
    case Qt::Key_Minus:
        m_view.zoomAt(QRectF(rect()).center(),
                      event->key() == Qt::Key_Plus ? zoomStep : 1.0 / zoomStep);
        m_isArranged = false;
        update();
        return;
    case Qt::Key_F:
        fit();
        return;
    case Qt::Key_Return:
        if (m_current) {
            startAt(m_graph.nodes[*m_current].process);
        }
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

bool ProcessGraphView::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip) {
        return QWidget::event(event);
    }
    const auto* help = static_cast<QHelpEvent*>(event);
    if (const auto node = nodeAt(help->pos())) {
        const QString card =
            processCard(m_built->forest.process(m_graph.nodes[*node].process), m_context.time);
        QToolTip::showText(help->globalPos(),
                           QStringLiteral("<span style='white-space:pre-wrap'>%1</span>")
                               .arg(card.toHtmlEscaped()),
                           this);
    } else {
        QToolTip::hideText();
    }
    return true;
}

} // namespace sequela::ui
