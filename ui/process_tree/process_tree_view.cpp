#include "ui/process_tree/process_tree_view.h"

#include "ui/events/cell_menu.h"
#include "ui/state/case_session.h"
#include "ui/state/selection.h"
#include "ui/state/time_display.h"
#include "ui/text/event_text.h"
#include "ui/theme/theme.h"

#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>

namespace sequela::ui {

using views::Process;
using views::ProcessIndex;
using views::TreeRow;

namespace {

bool showsText(const Process& process, const QString& needle)
{
    return text::fromUtf8(process.image().name).contains(needle, Qt::CaseInsensitive)
           || text::fromUtf8(process.image().commandLine).contains(needle, Qt::CaseInsensitive)
           || (process.pid && QString::number(*process.pid) == needle);
}

/// What the menu of every table is about in a column of the tree.
CellContext cellOf(const Process& process, ProcessColumn column)
{
    const views::ProcessImage& image = process.image();
    CellContext cell;
    cell.event = image.startEvent;
    switch (column) {
    case ProcessColumn::Pid:
        cell.field = "process.pid";
        cell.value = process.pid ? std::to_string(*process.pid) : std::string();
        break;
    case ProcessColumn::User:
        cell.field = "user.name";
        cell.value = process.user;
        break;
    case ProcessColumn::CommandLine:
        cell.field = "process.command_line";
        cell.value = image.commandLine;
        break;
    case ProcessColumn::Name:
    case ProcessColumn::Start:
    case ProcessColumn::Life:
    case ProcessColumn::Net:
    case ProcessColumn::Files:
        cell.field = "process.name";
        cell.value = image.name;
        break;
    }
    cell.hasValue = !cell.value.empty();
    return cell;
}

constexpr int headerHeight = metrics::rowHeight;

} // namespace

ProcessTreeView::ProcessTreeView(const state::Context& context, state::CaseViews& views,
                                 QWidget* parent)
    : QAbstractScrollArea(parent), m_context(context), m_views(views), m_searchJob(&context.jobs)
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Process tree"));
    viewport()->setMouseTracking(true);
    verticalScrollBar()->setSingleStep(1);
    connect(&m_views, &state::CaseViews::rebuilt, this, &ProcessTreeView::rebuild);
    connect(&m_context.selection, &state::Selection::changed, this,
            &ProcessTreeView::followSelection);
    connect(&m_context.theme, &Theme::themeChanged, viewport(), qOverload<>(&QWidget::update));
    connect(&m_context.time, &state::TimeDisplay::changed, viewport(),
            qOverload<>(&QWidget::update));
    rebuild();
}

void ProcessTreeView::rebuild()
{
    const bool sameCase =
        m_built && m_views.built()
        && m_built->forest.processes().size() == m_views.built()->forest.processes().size();
    const auto focused = sameCase ? m_rows.focused() : std::nullopt;
    m_built = m_views.built();
    m_current.reset();
    m_hovered.reset();
    if (!m_built) {
        m_rows.setForest(nullptr, {});
    } else {
        m_rows.setForest(&m_built->forest, m_built->subtreeAlertRank);
        m_rows.focus(focused);
    }
    afterRowsChanged();
    followSelection();
}

std::optional<ProcessIndex> ProcessTreeView::selectedProcess() const
{
    return m_built ? state::selectedProcess(*m_built, m_context.selection, m_context.session)
                   : std::nullopt;
}

void ProcessTreeView::followSelection()
{
    const auto process = selectedProcess();
    if (!process) {
        viewport()->update();
        return;
    }
    // A process that is in sight stays where it is; another one brings its own tree.
    auto row = m_rows.rowOf(*process);
    if (!row) {
        m_rows.focus(process);
        afterRowsChanged();
        row = m_rows.reveal(*process);
    }
    m_current = row;
    if (row) {
        ensureVisible(*row);
    }
    viewport()->update();
}

void ProcessTreeView::focusSelection()
{
    m_rows.focus(selectedProcess());
    afterRowsChanged();
    followSelection();
}

void ProcessTreeView::showAll()
{
    m_rows.focus(std::nullopt);
    m_current.reset();
    afterRowsChanged();
}

void ProcessTreeView::setOnlyAlerts(bool only)
{
    m_rows.setOnlyAlerts(only);
    m_current.reset();
    afterRowsChanged();
    followSelection();
}

void ProcessTreeView::expandCurrent()
{
    if (m_current && m_rows.rows()[*m_current].kind == TreeRow::Kind::Process) {
        m_rows.expandAll(*m_rows.rows()[*m_current].process);
        afterRowsChanged();
    }
}

void ProcessTreeView::afterRowsChanged()
{
    const int visible = std::max(1, (viewport()->height() - headerHeight) / metrics::rowHeight);
    const auto count = static_cast<int>(m_rows.rows().size());
    verticalScrollBar()->setPageStep(visible);
    verticalScrollBar()->setRange(0, std::max(0, count - visible));
    if (m_current && *m_current >= m_rows.rows().size()) {
        m_current.reset();
    }
    viewport()->update();
    Q_EMIT rowsChanged();
}

ProcessColumnEdges ProcessTreeView::columnEdges() const
{
    const QFontMetrics font(m_context.theme.dataFont());
    const int digit = font.horizontalAdvance(QLatin1Char('0'));
    // Name and command line share what the narrow columns leave.
    const std::array<int, processColumnCount> narrow{0,          digit * 8, digit * 10, digit * 11,
                                                     digit * 11, digit * 6, digit * 7,  0};
    int rest = viewport()->width();
    for (const int width : narrow) {
        rest -= width;
    }
    const int name = std::clamp(rest * 45 / 100, 160, 520);
    ProcessColumnEdges edges{};
    for (std::size_t i = 0; i < processColumnCount; ++i) {
        const int width = i == 0                        ? name
                          : i + 1 == processColumnCount ? std::max(80, rest - name)
                                                        : narrow[i];
        edges[i + 1] = edges[i] + width;
    }
    return edges;
}

QRect ProcessTreeView::rowRect(std::size_t row) const
{
    const int line = static_cast<int>(row) - verticalScrollBar()->value();
    return {0, headerHeight + line * metrics::rowHeight, viewport()->width(), metrics::rowHeight};
}

std::optional<std::size_t> ProcessTreeView::rowAt(const QPoint& point) const
{
    if (point.y() < headerHeight) {
        return std::nullopt;
    }
    const int line = (point.y() - headerHeight) / metrics::rowHeight + verticalScrollBar()->value();
    const auto row = static_cast<std::size_t>(line);
    return row < m_rows.rows().size() ? std::optional(row) : std::nullopt;
}

void ProcessTreeView::paintEvent(QPaintEvent*)
{
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), m_context.theme.color(Token::Panel));
    if (!m_built || m_rows.rows().empty()) {
        paintEmpty(painter);
        return;
    }
    const ProcessColumnEdges edges = columnEdges();
    const ProcessPainter lines(m_context.theme, m_context.time);
    const auto first = static_cast<std::size_t>(verticalScrollBar()->value());
    for (std::size_t row = first; row < m_rows.rows().size(); ++row) {
        const QRect rect = rowRect(row);
        if (rect.top() > viewport()->height()) {
            break;
        }
        lines.paint(painter, rect, edges, m_rows.rows()[row], *m_built,
                    {m_current == row, m_hovered == row, hasFocus()});
    }
    paintHeader(painter, edges);
}

void ProcessTreeView::paintHeader(QPainter& painter, const ProcessColumnEdges& edges) const
{
    const QRect bar(0, 0, viewport()->width(), headerHeight);
    painter.fillRect(bar, m_context.theme.color(Token::Panel));
    painter.setPen(m_context.theme.color(Token::Line));
    painter.drawLine(bar.bottomLeft(), bar.bottomRight());
    painter.setFont(m_context.theme.dataFont());
    painter.setPen(m_context.theme.color(Token::Muted));
    for (std::size_t i = 0; i < processColumnCount; ++i) {
        const QRect cell(edges[i] + metrics::padding, 0, edges[i + 1] - edges[i] - metrics::padding,
                         headerHeight);
        painter.drawText(cell, Qt::AlignLeft | Qt::AlignVCenter,
                         processColumnTitle(static_cast<ProcessColumn>(i)));
    }
}

void ProcessTreeView::paintEmpty(QPainter& painter) const
{
    painter.setFont(m_context.theme.interfaceFont());
    painter.setPen(m_context.theme.color(Token::Muted));
    QString message;
    if (m_views.isBuilding()) {
        message = tr("Building the process tree …");
    } else if (!m_context.session.isOpen()) {
        message = tr("Processes appear here once events are open.");
    } else if (m_built && m_rows.onlyAlerts()) {
        message = tr("No process has an alert. Untick “only with alerts” to see all.");
    } else {
        message = tr("These events name no process: no process.entity_id and no process.pid.");
    }
    painter.drawText(viewport()->rect().adjusted(20, 0, -20, 0), Qt::AlignCenter | Qt::TextWordWrap,
                     message);
}

void ProcessTreeView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    afterRowsChanged();
}

void ProcessTreeView::ensureVisible(std::size_t row)
{
    const int line = static_cast<int>(row);
    const int top = verticalScrollBar()->value();
    const int page = verticalScrollBar()->pageStep();
    if (line < top) {
        verticalScrollBar()->setValue(line);
    } else if (line >= top + page) {
        verticalScrollBar()->setValue(line - page + 1);
    }
}

void ProcessTreeView::setCurrent(std::size_t row)
{
    m_current = row;
    ensureVisible(row);
    const TreeRow& line = m_rows.rows()[row];
    if (line.kind == TreeRow::Kind::Process) {
        const Process& process = m_built->forest.process(*line.process);
        state::SelectionState next = m_context.selection.state();
        next.process = state::ProcessKey{process.hostId, process.image().entityId};
        if (process.image().startEvent) {
            next.event = process.image().startEvent;
        }
        m_context.selection.set(next);
    }
    viewport()->update();
}

void ProcessTreeView::toggle(std::size_t row)
{
    const TreeRow line = m_rows.rows()[row];
    if (line.kind == TreeRow::Kind::More) {
        m_rows.unfold(row);
    } else if (line.expandable) {
        m_rows.setExpanded(*line.process, !line.expanded);
    }
    afterRowsChanged();
}

void ProcessTreeView::mousePressEvent(QMouseEvent* event)
{
    const auto row = rowAt(event->position().toPoint());
    if (!row || event->button() == Qt::MiddleButton) {
        return;
    }
    const TreeRow& line = m_rows.rows()[*row];
    const bool onTwisty =
        line.kind == TreeRow::Kind::More
        || ProcessPainter::twisty(rowRect(*row), line).contains(event->position().toPoint());
    if (event->button() == Qt::LeftButton && onTwisty) {
        toggle(*row);
    } else {
        setCurrent(*row);
    }
}

void ProcessTreeView::mouseDoubleClickEvent(QMouseEvent* event)
{
    const auto row = rowAt(event->position().toPoint());
    if (row && m_rows.rows()[*row].kind == TreeRow::Kind::Process) {
        toggle(*row);
    }
}

void ProcessTreeView::mouseMoveEvent(QMouseEvent* event)
{
    const auto row = rowAt(event->position().toPoint());
    if (row != m_hovered) {
        m_hovered = row;
        viewport()->update();
    }
}

void ProcessTreeView::leaveEvent(QEvent*)
{
    m_hovered.reset();
    viewport()->update();
}

void ProcessTreeView::focusInEvent(QFocusEvent*)
{
    viewport()->update();
}

void ProcessTreeView::focusOutEvent(QFocusEvent*)
{
    viewport()->update();
}

void ProcessTreeView::moveLeft()
{
    const TreeRow& line = m_rows.rows()[*m_current];
    if (line.kind == TreeRow::Kind::Process && line.expanded) {
        toggle(*m_current);
        return;
    }
    for (std::size_t row = *m_current; row > 0; --row) {
        if (m_rows.rows()[row - 1].depth < line.depth) {
            setCurrent(row - 1);
            return;
        }
    }
}

void ProcessTreeView::moveRight()
{
    const TreeRow& line = m_rows.rows()[*m_current];
    if (line.kind == TreeRow::Kind::More || (line.expandable && !line.expanded)) {
        toggle(*m_current);
    } else if (line.expandable && *m_current + 1 < m_rows.rows().size()) {
        setCurrent(*m_current + 1);
    }
}

void ProcessTreeView::keyPressEvent(QKeyEvent* event)
{
    if (m_rows.rows().empty()) {
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    const std::size_t last = m_rows.rows().size() - 1;
    const std::size_t current = m_current.value_or(0);
    const auto page = static_cast<std::size_t>(verticalScrollBar()->pageStep());
    switch (event->key()) {
    case Qt::Key_Up:
        setCurrent(current > 0 ? current - 1 : 0);
        break;
    case Qt::Key_Down:
        setCurrent(m_current ? std::min(current + 1, last) : 0);
        break;
    case Qt::Key_PageUp:
        setCurrent(current > page ? current - page : 0);
        break;
    case Qt::Key_PageDown:
        setCurrent(std::min(current + page, last));
        break;
    case Qt::Key_Home:
        setCurrent(0);
        break;
    case Qt::Key_End:
        setCurrent(last);
        break;
    case Qt::Key_Left:
        m_current ? moveLeft() : setCurrent(0);
        break;
    case Qt::Key_Right:
        m_current ? moveRight() : setCurrent(0);
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        toggle(current);
        break;
    case Qt::Key_Asterisk:
        expandCurrent();
        break;
    default:
        QAbstractScrollArea::keyPressEvent(event);
    }
}

ProcessColumn ProcessTreeView::columnAt(int x) const
{
    const ProcessColumnEdges edges = columnEdges();
    const auto behind = std::ranges::upper_bound(edges, x);
    const auto column = std::clamp<std::ptrdiff_t>(behind - edges.begin() - 1, 0,
                                                   std::ptrdiff_t{processColumnCount} - 1);
    return static_cast<ProcessColumn>(column);
}

void ProcessTreeView::populateMenu(QMenu& menu, const Process& process, ProcessColumn column)
{
    if (!process.image().entityId.empty()) {
        const state::ProcessKey key{process.hostId, process.image().entityId};
        menu.addAction(tr("Filter to this process"), this,
                       [this, key] { Q_EMIT filterRequested(key); });
    }
    menu.addAction(tr("Start the tree here"), this, &ProcessTreeView::focusSelection);
    menu.addAction(tr("Expand everything below"), this, &ProcessTreeView::expandCurrent);
    menu.addAction(tr("Show all processes"), this, &ProcessTreeView::showAll);
    menu.addSeparator();
    if (m_context.cellMenu != nullptr) {
        m_context.cellMenu->populate(menu, cellOf(process, column));
    }
}

void ProcessTreeView::contextMenuEvent(QContextMenuEvent* event)
{
    const auto row = event->reason() == QContextMenuEvent::Mouse ? rowAt(event->pos()) : m_current;
    if (!row || m_rows.rows()[*row].kind != TreeRow::Kind::Process) {
        return;
    }
    setCurrent(*row);
    const Process process = m_built->forest.process(*m_rows.rows()[*row].process);
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const int at = event->reason() == QContextMenuEvent::Mouse ? event->pos().x() : 0;
    populateMenu(*menu, process, columnAt(at));
    menu->popup(event->reason() == QContextMenuEvent::Mouse
                    ? event->globalPos()
                    : viewport()->mapToGlobal(rowRect(*row).center()));
}

bool ProcessTreeView::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip && m_built) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const auto row = rowAt(help->pos());
        if (row && m_rows.rows()[*row].kind == TreeRow::Kind::Process) {
            const Process& process = m_built->forest.process(*m_rows.rows()[*row].process);
            // Qt guesses markup in tool tips; escaped text in a plain paragraph cannot be any.
            QToolTip::showText(help->globalPos(),
                               QStringLiteral("<p style='white-space:pre-wrap'>%1</p>")
                                   .arg(processCard(process, m_context.time).toHtmlEscaped()),
                               viewport(), rowRect(*row));
        } else {
            QToolTip::hideText();
        }
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void ProcessTreeView::findNext(const QString& needle)
{
    if (!m_built || needle.isEmpty()) {
        return;
    }
    std::size_t start = 0;
    if (m_current && m_rows.rows()[*m_current].process) {
        start = m_rows.rows()[*m_current].process->index() + 1;
    }
    using Found = std::optional<ProcessIndex>;
    m_searchJob.start<Found>(
        tr("Finding a process"),
        [built = m_built, needle, start](const std::stop_token& stop, Progress&) -> Result<Found> {
            const auto processes = built->forest.processes();
            for (std::size_t step = 0; step < processes.size(); ++step) {
                if (stop.stop_requested()) {
                    return std::unexpected(cancelledError());
                }
                const std::size_t index = (start + step) % processes.size();
                if (showsText(processes[index], needle)) {
                    return Found(ProcessIndex(static_cast<std::uint32_t>(index)));
                }
            }
            return Found();
        },
        [this, built = m_built](const Result<Found>& found) {
            if (!found || built != m_built) {
                return;
            }
            if (*found) {
                auto row = m_rows.reveal(**found);
                if (!row) {
                    // It is not below the process the tree starts at.
                    m_rows.focus(std::nullopt);
                    row = m_rows.reveal(**found);
                }
                afterRowsChanged();
                if (row) {
                    setCurrent(*row);
                }
            }
            Q_EMIT searched(found->has_value());
        });
}

} // namespace sequela::ui
