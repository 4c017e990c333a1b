#include "ui/events/event_grid.h"

#include "ui/events/cell_menu.h"
#include "ui/state/case_session.h"
#include "ui/state/event_reader.h"
#include "ui/state/time_display.h"
#include "ui/text/event_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/severity.h"

#include <QContextMenuEvent>
#include <QHeaderView>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>

namespace sequela::ui {

namespace {
/// Room for the alert mark left of the first column.
constexpr int gutter = 20;
constexpr int cellPadding = 8;
/// Laid-out texts kept; several screens' worth.
constexpr qsizetype maxTexts = 20'000;
constexpr int horizontalStep = 40;
} // namespace

/// The sections of the header; there are no cells.
class GridHeaderModel : public QAbstractTableModel {
public:
    using QAbstractTableModel::QAbstractTableModel;

    void setFields(std::vector<std::string> fields)
    {
        beginResetModel();
        m_fields = std::move(fields);
        endResetModel();
    }
    [[nodiscard]] int rowCount(const QModelIndex& /*parent*/) const override { return 0; }
    [[nodiscard]] int columnCount(const QModelIndex& parent) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_fields.size());
    }
    [[nodiscard]] QVariant data(const QModelIndex& /*index*/, int /*role*/) const override
    {
        return {};
    }
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override
    {
        if (orientation != Qt::Horizontal || section < 0 || section >= columnCount({})) {
            return {};
        }
        const std::string& field = m_fields[static_cast<std::size_t>(section)];
        if (role == Qt::DisplayRole) {
            return columnTitle(field);
        }
        if (role == Qt::ToolTipRole) {
            return text::visible(field).toHtmlEscaped();
        }
        if (role == Qt::TextAlignmentRole) {
            return QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter);
        }
        return {};
    }

private:
    std::vector<std::string> m_fields;
};

EventGrid::EventGrid(state::Context& context, QWidget* parent)
    : QAbstractScrollArea(parent),
      m_context(context),
      m_header(new QHeaderView(Qt::Horizontal, this)),
      m_headerModel(new GridHeaderModel(this))
{
    setAccessibleName(tr("Events"));
    setFocusPolicy(Qt::StrongFocus);
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
    setRows(m_rows, m_current);
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
    return m_rows ? static_cast<int>(m_rows->size()) : 0;
}

void EventGrid::setRows(EventRows rows, int currentRow)
{
    m_rows = std::move(rows);
    m_fields.clear();
    const auto& source = m_context.reader.source();
    for (const EventColumn& column : m_columns) {
        m_fields.push_back(source ? source->field(column.field) : std::nullopt);
    }
    m_current = std::min(currentRow, rowCount() - 1);
    m_anchor = m_current;
    updateScrollBars();
    if (m_current >= 0) {
        ensureVisible(m_current);
    }
    viewport()->update();
    Q_EMIT selectionChanged();
}

void EventGrid::setMarks(std::shared_ptr<const AlertMarks> marks)
{
    m_marks = std::move(marks);
    viewport()->update();
}

void EventGrid::setSort(const EventSort& sort)
{
    m_sort = sort;
    const auto at = std::ranges::find(m_columns, sort.field, &EventColumn::field);
    m_header->setSortIndicator(at == m_columns.end() ? -1
                                                     : static_cast<int>(at - m_columns.begin()),
                               sort.descending ? Qt::DescendingOrder : Qt::AscendingOrder);
}

void EventGrid::setStale(bool stale)
{
    if (stale != m_stale) {
        m_stale = stale;
        viewport()->update();
    }
}

std::optional<EventNumber> EventGrid::currentEvent() const
{
    if (m_current < 0 || m_current >= rowCount()) {
        return std::nullopt;
    }
    return (*m_rows)[static_cast<std::size_t>(m_current)];
}

void EventGrid::showRow(int row)
{
    if (row < 0 || row >= rowCount() || row == m_current) {
        return;
    }
    m_current = row;
    m_anchor = row;
    ensureVisible(row);
    updateAccessibleText();
    viewport()->update();
    Q_EMIT selectionChanged();
}

std::vector<EventNumber> EventGrid::selectedEvents(std::size_t limit) const
{
    std::vector<EventNumber> events;
    const auto [low, high] = std::minmax(m_anchor, m_current);
    for (int row = std::max(low, 0); m_current >= 0 && row <= high && events.size() < limit;
         ++row) {
        events.push_back((*m_rows)[static_cast<std::size_t>(row)]);
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
    return m_current < 0 ? 0 : static_cast<std::uint64_t>(std::abs(m_current - m_anchor)) + 1;
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
    const EventNumber event = (*m_rows)[static_cast<std::size_t>(row)];
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
    return {gutter + m_header->sectionPosition(logical) - horizontalScrollBar()->value(), top,
            m_header->sectionSize(logical), metrics::rowHeight};
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
    const EventNumber event = (*m_rows)[static_cast<std::size_t>(row)];
    const QRect rect(0, top, viewport()->width(), metrics::rowHeight);
    const auto [low, high] = std::minmax(m_anchor, m_current);
    if (m_current >= 0 && row >= low && row <= high) {
        painter.fillRect(rect, theme.color(Token::Selected));
    }
    painter.setPen(theme.color(Token::Line));
    painter.drawLine(rect.bottomLeft(), rect.bottomRight());
    for (int column = 0; column < m_header->count(); ++column) {
        const QRect cell = columnRect(column, top);
        if (cell.right() > 0 && cell.left() < viewport()->width()) {
            paintCell(painter, event, column, cell);
        }
    }
    if (m_context.session.bookmarks().contains(event)) {
        painter.fillRect(QRect(-horizontalScrollBar()->value(), top, 3, metrics::rowHeight - 1),
                         theme.color(Token::Accent));
    }
    if (row == m_current && hasFocus()) {
        painter.setPen(theme.color(Token::Accent));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(columnRect(m_currentColumn, top).adjusted(0, 0, -1, -2));
    }
    if (m_marks) {
        if (const auto mark = m_marks->find(event); mark != m_marks->end()) {
            const QRectF disc(4 - horizontalScrollBar()->value(), top + 5, 12, 12);
            paintSeverityMark(painter, disc, mark->second, theme);
        }
    }
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
    painter.setPen(cell.derived ? theme.color(Token::Muted)
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

EventGrid::CellPosition EventGrid::positionAt(const QPoint& point) const
{
    const int row = verticalScrollBar()->value() + point.y() / metrics::rowHeight;
    const int logical = m_header->logicalIndexAt(point.x() - gutter);
    return {.row = row < rowCount() ? row : -1,
            .column = logical < 0 ? -1 : m_header->visualIndex(logical)};
}

void EventGrid::mousePressEvent(QMouseEvent* event)
{
    const CellPosition position = positionAt(event->pos());
    if (position.row < 0) {
        return;
    }
    if (position.column >= 0) {
        m_currentColumn = position.column;
    }
    const auto [low, high] = std::minmax(m_anchor, m_current);
    const bool inSelection = position.row >= low && position.row <= high && low != high;
    if (event->button() == Qt::RightButton && inSelection) {
        return;
    }
    setCurrentRow(position.row, event->modifiers().testFlag(Qt::ShiftModifier));
}

void EventGrid::mouseMoveEvent(QMouseEvent* event)
{
    if (event->buttons().testFlag(Qt::LeftButton)) {
        const int row = verticalScrollBar()->value() + event->pos().y() / metrics::rowHeight;
        setCurrentRow(row, true);
    }
}

void EventGrid::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (positionAt(event->pos()).row >= 0) {
        Q_EMIT eventActivated();
    }
}

void EventGrid::contextMenuEvent(QContextMenuEvent* event)
{
    if (event->reason() == QContextMenuEvent::Keyboard) {
        const int top = (m_current - verticalScrollBar()->value() + 1) * metrics::rowHeight;
        m_context.cellMenu->popup(
            this, viewport()->mapToGlobal(columnRect(m_currentColumn, top).topLeft()),
            cellAt(m_current, m_currentColumn));
        return;
    }
    const CellPosition position = positionAt(viewport()->mapFrom(this, event->pos()));
    if (position.row >= 0) {
        m_context.cellMenu->popup(this, event->globalPos(),
                                  cellAt(position.row, std::max(0, position.column)));
    }
}

void EventGrid::moveColumn(int step)
{
    m_currentColumn = std::clamp(m_currentColumn + step, 0, std::max(0, m_header->count() - 1));
    const QRect rect = columnRect(m_currentColumn, 0);
    if (rect.left() < 0) {
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() + rect.left());
    } else if (rect.right() > viewport()->width()) {
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() + rect.right()
                                        - viewport()->width());
    }
    updateAccessibleText();
    viewport()->update();
    Q_EMIT selectionChanged();
}

void EventGrid::keyPressEvent(QKeyEvent* event)
{
    const bool extend = event->modifiers().testFlag(Qt::ShiftModifier);
    if (event->matches(QKeySequence::Copy)) {
        const CellContext cell = cellAt(m_current, m_currentColumn);
        m_context.cellMenu->copyValue(cell);
        return;
    }
    switch (event->key()) {
    case Qt::Key_Up:
        return setCurrentRow(m_current - 1, extend);
    case Qt::Key_Down:
        return setCurrentRow(m_current + 1, extend);
    case Qt::Key_PageUp:
        return setCurrentRow(m_current - rowsPerPage(), extend);
    case Qt::Key_PageDown:
        return setCurrentRow(m_current + rowsPerPage(), extend);
    case Qt::Key_Home:
        return setCurrentRow(0, extend);
    case Qt::Key_End:
        return setCurrentRow(rowCount() - 1, extend);
    case Qt::Key_Left:
        return moveColumn(-1);
    case Qt::Key_Right:
        return moveColumn(1);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        Q_EMIT eventActivated();
        return;
    default:
        QAbstractScrollArea::keyPressEvent(event);
    }
}

void EventGrid::focusInEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void EventGrid::focusOutEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

bool EventGrid::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const CellPosition position = positionAt(help->pos());
        if (position.row >= 0 && position.column >= 0) {
            const CellContext cell = cellAt(position.row, position.column);
            const QString shown = text::visibleCell(cell.value);
            const int room = columnRect(position.column, 0).width() - 2 * cellPadding;
            if (static_cast<double>(shown.size()) * m_characterWidth > room) {
                QToolTip::showText(help->globalPos(),
                                   QStringLiteral("<span>%1</span>").arg(shown.toHtmlEscaped()),
                                   viewport());
                return true;
            }
        }
        QToolTip::hideText();
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void EventGrid::updateAccessibleText()
{
    const CellContext cell = cellAt(m_current, m_currentColumn);
    setAccessibleDescription(tr("Row %1 of %2, %3: %4")
                                 .arg(m_current + 1)
                                 .arg(rowCount())
                                 .arg(text::visible(cell.field), text::visibleCell(cell.value)));
}

} // namespace sequela::ui
