#include "ui/events/event_grid.h"

#include "ui/events/cell_menu.h"
#include "ui/events/color_rules.h"
#include "ui/events/event_grid_metrics.h"
#include "ui/events/grid_header.h"
#include "ui/events/grid_header_model.h"
#include "ui/state/case_session.h"
#include "ui/state/event_reader.h"
#include "ui/state/time_display.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "ui/widgets/severity.h"

#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>

namespace sequela::ui {

using grid::cellPadding;
using grid::gutter;

namespace {
/// Laid-out texts kept; several screens' worth.
constexpr qsizetype maxTexts = 20'000;
constexpr int horizontalStep = 40;
} // namespace

EventGrid::EventGrid(state::Context& context, QWidget* parent)
    : QAbstractScrollArea(parent),
      m_context(context),
      m_header(new GridHeader(this)),
      m_headerModel(new GridHeaderModel(this)),
      m_scrollBar(new MarkedScrollBar(context.theme, this))
{
    setAccessibleName(tr("Events"));
    setFocusPolicy(Qt::StrongFocus);
    setVerticalScrollBar(m_scrollBar);
    viewport()->setAutoFillBackground(false);
    m_header->setModel(m_headerModel);
    m_header->setSectionsMovable(true);
    m_header->setSectionsClickable(true);
    m_header->setHighlightSections(false);
    m_header->setMinimumSectionSize(40);
    m_header->setFixedHeight(metrics::rowHeight + 2);
    m_header->setFont(context.theme.dataFont());
    m_header->setSortIndicatorShown(true);
    m_header->setContextMenuPolicy(Qt::CustomContextMenu);
    setViewportMargins(0, metrics::rowHeight + 2, 0, 0);
    connect(m_header, &QHeaderView::sectionResized, this, [this](int section, int, int size) {
        m_columns[static_cast<std::size_t>(section)].width = size;
        updateScrollBars();
        viewport()->update();
        Q_EMIT columnsChanged();
    });
    connect(m_header, &QHeaderView::sectionMoved, this, [this] {
        viewport()->update();
        Q_EMIT columnsChanged();
    });
    connect(m_header, &QHeaderView::sectionClicked, this, [this](int section) {
        Q_EMIT sortRequested(m_columns[static_cast<std::size_t>(section)].field);
    });
    connect(m_header, &QHeaderView::customContextMenuRequested, this, [this](const QPoint& point) {
        if (const int column = m_header->columnAt(point.x()); column >= 0) {
            Q_EMIT headerMenuRequested(column, m_header->mapToGlobal(point));
        }
    });
    connect(&context.reader, &state::EventReader::loaded, viewport(),
            qOverload<>(&QWidget::update));
    connect(&context.time, &state::TimeDisplay::changed, viewport(), qOverload<>(&QWidget::update));
    connect(&context.session, &state::CaseSession::bookmarksChanged, viewport(),
            qOverload<>(&QWidget::update));
    connect(&context.theme, &Theme::themeChanged, this, &EventGrid::refreshMetrics);
    refreshMetrics();
    setColumns(defaultEventColumns());
}

EventGrid::~EventGrid() = default;

void EventGrid::refreshMetrics()
{
    const QFontMetricsF metricsOfFont(m_context.theme.dataFont());
    m_characterWidth = metricsOfFont.horizontalAdvance(QLatin1Char('0'));
    m_texts.clear();
    viewport()->update();
}

void EventGrid::setColumns(std::vector<EventColumn> columns)
{
    m_columns = std::move(columns);
    std::vector<std::string> fields;
    for (const EventColumn& column : m_columns) {
        fields.push_back(column.field);
    }
    {
        const QSignalBlocker blocker(m_header);
        m_headerModel->setFields(std::move(fields));
        for (std::size_t index = 0; index < m_columns.size(); ++index) {
            m_header->resizeSection(static_cast<int>(index), m_columns[index].width);
        }
        m_header->setOffset(0);
    }
    m_currentColumn = std::clamp(m_currentColumn, 0, std::max(0, m_header->count() - 1));
    setGroupedRows(m_rows, m_lines.groups(), m_groupField, currentIndex());
    setSort(m_sort);
    Q_EMIT columnsChanged();
}

std::vector<EventColumn> EventGrid::columns() const
{
    std::vector<EventColumn> shown;
    for (int visual = 0; visual < m_header->count(); ++visual) {
        shown.push_back(m_columns[static_cast<std::size_t>(m_header->logicalIndex(visual))]);
    }
    return shown;
}

int EventGrid::rowCount() const
{
    return m_lines.lineCount();
}

std::optional<EventNumber> EventGrid::eventAt(int row) const
{
    if (row < 0 || row >= rowCount()) {
        return std::nullopt;
    }
    const int index = m_lines.at(row).index;
    return index < 0 ? std::nullopt : std::optional((*m_rows)[static_cast<std::size_t>(index)]);
}

void EventGrid::setRows(EventRows rows, int currentIndex)
{
    setGroupedRows(std::move(rows), nullptr, {}, currentIndex);
}

void EventGrid::setGroupedRows(EventRows rows, EventGroups groups, const std::string& field,
                               int currentIndex)
{
    m_rows = std::move(rows);
    const bool isRegrouped = field != m_groupField;
    m_groupField = field;
    m_lines.set(std::move(groups), m_rows ? m_rows->size() : 0);
    m_fields.clear();
    const auto& source = m_context.reader.source();
    for (const EventColumn& column : m_columns) {
        m_fields.push_back(source ? source->field(column.field) : std::nullopt);
    }
    const int count = m_rows ? static_cast<int>(m_rows->size()) : 0;
    m_current = m_lines.lineOfIndex(std::min(currentIndex, count - 1));
    m_anchor = m_current;
    updateScrollBars();
    if (m_current >= 0) {
        ensureVisible(m_current);
    } else if (isRegrouped) {
        verticalScrollBar()->setValue(0);
    }
    viewport()->update();
    Q_EMIT selectionChanged();
}

void EventGrid::setMarks(std::shared_ptr<const AlertMarks> marks)
{
    m_marks = std::move(marks);
    viewport()->update();
}

void EventGrid::setRowMarks(RowMarks marks)
{
    m_scrollBar->setMarks(std::move(marks));
}

void EventGrid::setSort(const EventSort& sort)
{
    m_sort = sort;
    const auto at = std::ranges::find(m_columns, sort.field, &EventColumn::field);
    m_header->setSortIndicator(at == m_columns.end() ? -1
                                                     : static_cast<int>(at - m_columns.begin()),
                               sort.descending ? Qt::DescendingOrder : Qt::AscendingOrder);
}

void EventGrid::setPinned(bool pinned)
{
    if (pinned != m_header->isPinned()) {
        m_header->setPinned(pinned);
        viewport()->update();
        Q_EMIT columnsChanged();
    }
}

bool EventGrid::isPinned() const
{
    return m_header->isPinned();
}

void EventGrid::setStale(bool stale)
{
    if (stale != m_stale) {
        m_stale = stale;
        viewport()->update();
    }
}

void EventGrid::setColorRules(const ColorRules* rules)
{
    m_colorRules = rules;
    connect(rules, &ColorRules::evaluated, viewport(), qOverload<>(&QWidget::update));
}

std::optional<EventNumber> EventGrid::currentEvent() const
{
    return eventAt(m_current);
}

std::vector<EventNumber> EventGrid::selectedEvents(std::size_t limit) const
{
    std::vector<EventNumber> events;
    const auto [low, high] = std::minmax(m_anchor, m_current);
    for (int row = std::max(low, 0); m_current >= 0 && row <= high && events.size() < limit;
         ++row) {
        if (const auto event = eventAt(row)) {
            events.push_back(*event);
        }
    }
    return events;
}

void EventGrid::setCurrentRow(int row, bool extend)
{
    if (rowCount() == 0) {
        return;
    }
    const std::optional<EventNumber> before = currentEvent();
    m_current = std::clamp(row, 0, rowCount() - 1);
    if (!extend || m_anchor < 0) {
        m_anchor = m_current;
    }
    ensureVisible(m_current);
    viewport()->update();
    updateAccessibleText();
    if (currentEvent() != before) {
        Q_EMIT currentEventChanged();
    }
    Q_EMIT selectionChanged();
}

std::uint64_t EventGrid::selectedCount() const
{
    if (m_current < 0) {
        return 0;
    }
    const auto [low, high] = std::minmax(m_anchor, m_current);
    return static_cast<std::uint64_t>(high - low + 1 - m_lines.groupLinesBetween(low, high));
}

std::string EventGrid::currentField() const
{
    const int logical = m_header->logicalIndex(m_currentColumn);
    return logical < 0 ? std::string() : m_columns[static_cast<std::size_t>(logical)].field;
}

CellContext EventGrid::cellAt(int row, int column)
{
    CellContext cell;
    if (row < 0 || row >= rowCount()) {
        return cell;
    }
    const GroupLines::Line line = m_lines.at(row);
    if (line.group) {
        const EventGroup& group = (*m_lines.groups())[*line.group];
        cell.field = m_groupField;
        cell.value = group.value;
        cell.hasValue = group.hasValue;
        return cell;
    }
    const EventNumber event = (*m_rows)[static_cast<std::size_t>(line.index)];
    cell.event = event;
    const int logical = m_header->logicalIndex(column);
    if (logical < 0) {
        return cell;
    }
    const auto index = static_cast<std::size_t>(logical);
    cell.field = m_columns[index].field;
    cell.hasValue = false;
    if (m_fields[index]) {
        if (const auto value = m_context.reader.firstValue(event, *m_fields[index])) {
            cell.value = *value;
            cell.hasValue = true;
        }
    }
    return cell;
}

int EventGrid::rowsPerPage() const
{
    return std::max(1, viewport()->height() / metrics::rowHeight);
}

void EventGrid::updateScrollBars()
{
    verticalScrollBar()->setPageStep(rowsPerPage());
    verticalScrollBar()->setRange(0, std::max(0, rowCount() - rowsPerPage()));
    const int width = gutter + m_header->length();
    horizontalScrollBar()->setSingleStep(horizontalStep);
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setRange(0, std::max(0, width - viewport()->width()));
    m_header->setGeometry(gutter, 0, std::max(0, this->width() - gutter), m_header->height());
    m_header->setOffset(horizontalScrollBar()->value());
}

void EventGrid::ensureVisible(int row)
{
    const int top = verticalScrollBar()->value();
    if (row < top) {
        verticalScrollBar()->setValue(row);
    } else if (row >= top + rowsPerPage()) {
        verticalScrollBar()->setValue(row - rowsPerPage() + 1);
    }
}

QRect EventGrid::columnRect(int column, int top) const
{
    const int logical = m_header->logicalIndex(column);
    return {gutter + m_header->columnLeft(column), top, m_header->sectionSize(logical),
            metrics::rowHeight};
}

void EventGrid::paintEvent(QPaintEvent* event)
{
    QPainter painter(viewport());
    painter.fillRect(event->rect(), m_context.theme.color(Token::Panel));
    painter.setFont(m_context.theme.dataFont());
    if (m_stale) {
        painter.setOpacity(0.45);
    }
    const int first = verticalScrollBar()->value();
    const int last = std::min(rowCount() - 1, first + rowsPerPage() + 1);
    for (int row = first; row <= last; ++row) {
        paintRow(painter, row, (row - first) * metrics::rowHeight);
    }
}

void EventGrid::paintRow(QPainter& painter, int row, int top)
{
    const Theme& theme = m_context.theme;
    const QRect rect(0, top, viewport()->width(), metrics::rowHeight);
    const GroupLines::Line line = m_lines.at(row);
    paintGround(painter, row, rect);
    painter.setPen(theme.color(Token::Line));
    painter.drawLine(rect.bottomLeft(), rect.bottomRight());
    if (line.group) {
        paintGroup(painter, *line.group, rect);
        return;
    }
    const EventNumber event = (*m_rows)[static_cast<std::size_t>(line.index)];
    m_onColor = m_colorRules != nullptr && m_colorRules->colorOf(event).has_value();
    const int pinned = m_header->pinnedWidth();
    if (pinned > 0) {
        painter.setClipRect(QRect(gutter + pinned, top, rect.width(), rect.height()));
    }
    for (int column = pinned > 0 ? 1 : 0; column < m_header->count(); ++column) {
        const QRect cell = columnRect(column, top);
        if (cell.right() > pinned && cell.left() < viewport()->width()) {
            paintCell(painter, event, column, cell);
        }
    }
    if (pinned > 0) {
        painter.setClipping(false);
        paintCell(painter, event, 0, columnRect(0, top));
    }
    const int markLeft = pinned > 0 ? 0 : -horizontalScrollBar()->value();
    if (m_context.session.bookmarks().contains(event)) {
        painter.fillRect(QRect(markLeft, top, 3, metrics::rowHeight - 1),
                         theme.color(Token::Accent));
    }
    if (row == m_current && hasFocus()) {
        painter.setPen(theme.color(Token::Accent));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(columnRect(m_currentColumn, top).adjusted(0, 0, -1, -2));
    }
    if (m_marks) {
        if (const auto mark = m_marks->find(event); mark != m_marks->end()) {
            const QRectF disc(4 + markLeft, top + 5, 12, 12);
            paintSeverityMark(painter, disc, mark->second, theme);
        }
    }
}

void EventGrid::paintGround(QPainter& painter, int row, const QRect& rect) const
{
    const Theme& theme = m_context.theme;
    const auto event = eventAt(row);
    QColor ground = event ? QColor() : theme.color(Token::Raised);
    QColor ink;
    if (event && m_colorRules != nullptr) {
        if (const auto color = m_colorRules->colorOf(*event)) {
            ground = ruleGround(theme.scheme(), *color);
            ink = ruleInk(theme.scheme(), *color);
        }
    }
    const auto [low, high] = std::minmax(m_anchor, m_current);
    if (m_current >= 0 && row >= low && row <= high) {
        ground = theme.color(Token::Selected);
    }
    if (ground.isValid()) {
        painter.fillRect(rect, ground);
    }
    if (ink.isValid()) {
        // Seen under the selection, too.
        painter.fillRect(QRect(rect.right() - 3, rect.top(), 4, rect.height() - 1), ink);
    }
}

void EventGrid::paintGroup(QPainter& painter, std::size_t group, const QRect& rect)
{
    const Theme& theme = m_context.theme;
    const EventGroup& shown = (*m_lines.groups())[group];
    painter.setPen(theme.color(Token::Muted));
    const QPointF middle(rect.left() + gutter / 2.0, rect.center().y() + 0.5);
    const QPolygonF arrow =
        m_lines.isOpen(group)
            ? QPolygonF({middle + QPointF(-4, -2), middle + QPointF(4, -2), middle + QPointF(0, 3)})
            : QPolygonF(
                  {middle + QPointF(-2, -4), middle + QPointF(3, 0), middle + QPointF(-2, 4)});
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.color(Token::Muted));
    painter.drawPolygon(arrow);
    painter.restore();
    const QString count = text::count(shown.count);
    const int countWidth = static_cast<int>(m_characterWidth * 11);
    painter.drawText(QRect(gutter, rect.top(), countWidth - cellPadding, rect.height()),
                     Qt::AlignVCenter | Qt::AlignRight, count);
    painter.setPen(theme.color(shown.hasValue ? Token::Text : Token::Muted));
    drawText(painter, rect.adjusted(gutter + countWidth, 0, -cellPadding, 0),
             shown.hasValue ? text::visibleCell(shown.value)
                            : tr("no %1").arg(text::visible(m_groupField)));
}

void EventGrid::paintCell(QPainter& painter, EventNumber event, int column, const QRect& rect)
{
    const Theme& theme = m_context.theme;
    const auto index = static_cast<std::size_t>(m_header->logicalIndex(column));
    const QRect inner = rect.adjusted(cellPadding, 0, -cellPadding / 2, 0);
    if (m_columns[index].field == timeField) {
        const std::optional<std::int64_t> time = m_context.reader.time(event);
        painter.setPen(theme.color(Token::Muted));
        if (!time) {
            drawText(painter, inner, QStringLiteral("…"));
        } else if (*time != schema::noTime) {
            painter.setPen(theme.color(Token::Text));
            drawText(painter, inner, m_context.time.dateTime(*time));
        }
        return;
    }
    if (!m_fields[index]) {
        return;
    }
    const state::EventReader::Cell cell = m_context.reader.cell(event, *m_fields[index]);
    if (cell.state == state::EventReader::CellState::Loading) {
        painter.setPen(theme.color(Token::Muted));
        drawText(painter, inner, QStringLiteral("…"));
        return;
    }
    // Only the colour of plain text is sure to stay legible on the colour of a rule.
    painter.setPen(m_onColor      ? theme.color(Token::Text)
                   : cell.derived ? theme.color(Token::Muted)
                                  : cellColor(m_columns[index].field, cell.text));
    drawText(painter, inner, cell.text);
}

QColor EventGrid::cellColor(const std::string& field, const QString& text) const
{
    const Theme& theme = m_context.theme;
    if (field == "event.category") {
        if (text.startsWith(QLatin1String("process"))) {
            return theme.color(Token::Process);
        }
        if (text.startsWith(QLatin1String("network")) || text.startsWith(QLatin1String("dns"))) {
            return theme.color(Token::Network);
        }
        if (text.startsWith(QLatin1String("file"))) {
            return theme.color(Token::File);
        }
        if (text.startsWith(QLatin1String("registry"))) {
            return theme.color(Token::Registry);
        }
    }
    if (field == "process.command_line") {
        return theme.color(Token::Muted);
    }
    return theme.color(Token::Text);
}

QString EventGrid::fitted(const QString& text, int width) const
{
    const auto room = static_cast<qsizetype>(width / m_characterWidth);
    if (text.size() <= room) {
        return text;
    }
    return text.left(std::max<qsizetype>(0, room - 1)) + QChar(0x2026);
}

void EventGrid::drawText(QPainter& painter, const QRect& rect, const QString& text)
{
    if (text.isEmpty() || rect.width() <= 0) {
        return;
    }
    const QString shown = fitted(text, rect.width());
    auto found = m_texts.find(shown);
    if (found == m_texts.end()) {
        if (m_texts.size() > maxTexts) {
            m_texts.clear();
        }
        QStaticText laidOut(shown);
        laidOut.setTextFormat(Qt::PlainText);
        laidOut.setPerformanceHint(QStaticText::AggressiveCaching);
        laidOut.prepare(QTransform(), painter.font());
        found = m_texts.insert(shown, laidOut);
    }
    const int top = rect.top() + (rect.height() - qRound(found->size().height())) / 2;
    // Wide scripts do not fit the character grid: those are clipped instead.
    if (found->size().width() > rect.width()) {
        painter.save();
        painter.setClipRect(rect);
        painter.drawStaticText(rect.left(), top, *found);
        painter.restore();
        return;
    }
    painter.drawStaticText(rect.left(), top, *found);
}

void EventGrid::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    updateScrollBars();
}

void EventGrid::scrollContentsBy(int /*dx*/, int /*dy*/)
{
    m_header->setOffset(horizontalScrollBar()->value());
    viewport()->update();
}

} // namespace sequela::ui
