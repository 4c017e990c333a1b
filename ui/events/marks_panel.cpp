#include "ui/events/marks_panel.h"

#include "ui/events/cell_menu.h"
#include "ui/state/case_session.h"
#include "ui/state/event_reader.h"
#include "ui/state/selection.h"
#include "ui/state/time_display.h"
#include "ui/text/event_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/empty_state.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QStackedWidget>
#include <QTableView>

#include <algorithm>
#include <array>

namespace sequela::ui {

namespace {

/// Characters of a note; more belongs into the notes of the case.
constexpr qsizetype maxNoteLength = 2'000;

/// Fields that a column is made of, the first one that has a value.
std::array<const char*, 2> fieldsOf(int column)
{
    switch (column) {
    case MarksModel::HostColumn:
        return {"host.name", "host.id"};
    case MarksModel::EventColumn:
        return {"event.action", "event.category"};
    default:
        return {"process.name", "process.executable"};
    }
}

} // namespace

MarksModel::MarksModel(const state::Context& context, QObject* parent)
    : QAbstractTableModel(parent), m_context(context)
{
    connect(&context.session, &state::CaseSession::caseOpened, this, &MarksModel::refresh);
    connect(&context.session, &state::CaseSession::bookmarksChanged, this, &MarksModel::refresh);
    connect(&context.reader, &state::EventReader::loaded, this, &MarksModel::repaint);
    connect(&context.time, &state::TimeDisplay::changed, this, &MarksModel::repaint);
    refresh();
}

void MarksModel::refresh()
{
    const auto& marks = m_context.session.bookmarks();
    std::vector<EventNumber> events(marks.begin(), marks.end());
    std::ranges::sort(events);
    if (events == m_events) {
        if (!m_events.empty()) {
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columns - 1), {Qt::DisplayRole});
        }
        return;
    }
    beginResetModel();
    m_events = std::move(events);
    endResetModel();
}

void MarksModel::repaint()
{
    if (!m_events.empty()) {
        // Not the notes: a view would put the old one over what is being typed.
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, NoteColumn - 1), {Qt::DisplayRole});
    }
}

int MarksModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_events.size());
}

int MarksModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : columns;
}

QString MarksModel::text(EventNumber event, int column) const
{
    if (column == NoteColumn) {
        return text::visible(text::toUtf8(m_context.session.bookmarkNote(event)));
    }
    state::EventReader& reader = m_context.reader;
    const auto& source = reader.source();
    if (!source || event.value() >= source->eventCount()) {
        return QStringLiteral("…");
    }
    if (column == TimeColumn) {
        const auto time = reader.time(event);
        return !time                     ? QStringLiteral("…")
               : *time == schema::noTime ? QStringLiteral("—")
                                         : m_context.time.dateTime(*time);
    }
    for (const char* name : fieldsOf(column)) {
        const auto field = source->field(name);
        if (!field) {
            continue;
        }
        const state::EventReader::Cell cell = reader.cell(event, *field);
        if (cell.state == state::EventReader::CellState::Loading) {
            return QStringLiteral("…");
        }
        if (!cell.text.isEmpty()) {
            return cell.text;
        }
    }
    return QStringLiteral("—");
}

QVariant MarksModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const EventNumber event = eventAt(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return text(event, index.column());
    case Qt::EditRole:
        return index.column() == NoteColumn ? m_context.session.bookmarkNote(event)
                                            : text(event, index.column());
    case Qt::ToolTipRole:
        return QStringLiteral("<span>%1</span>").arg(text(event, index.column()).toHtmlEscaped());
    case Qt::FontRole:
        return index.column() == NoteColumn ? m_context.theme.interfaceFont()
                                            : m_context.theme.dataFont();
    default:
        return {};
    }
}

QVariant MarksModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    const std::array<QString, columns> titles{tr("Time"), tr("Host"), tr("Event"), tr("Process"),
                                              tr("Note")};
    return titles.at(static_cast<std::size_t>(section));
}

Qt::ItemFlags MarksModel::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    return index.isValid() && index.column() == NoteColumn ? flags | Qt::ItemIsEditable : flags;
}

bool MarksModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (!index.isValid() || index.column() != NoteColumn || role != Qt::EditRole) {
        return false;
    }
    m_context.session.setBookmarkNote(eventAt(index.row()), value.toString().left(maxNoteLength));
    return true;
}

MarksPanel::MarksPanel(state::Context& context, QWidget* parent)
    : Panel(context.theme, QStringLiteral("events.marks"), tr("Marked events"), parent),
      m_context(context),
      m_model(new MarksModel(context, this)),
      m_table(new QTableView(this)),
      m_empty(new EmptyState(context.theme, QStringLiteral("bookmark"), this)),
      m_stack(new QStackedWidget(this))
{
    m_table->setModel(m_model);
    m_table->setAccessibleName(tr("Marked events"));
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed
                             | QAbstractItemView::AnyKeyPressed);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(metrics::rowHeight);
    m_table->horizontalHeader()->setFixedHeight(metrics::rowHeight);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setStretchLastSection(true);
    constexpr std::array<int, MarksModel::columns> widths{190, 110, 130, 130, 200};
    for (int column = 0; column < MarksModel::columns; ++column) {
        m_table->setColumnWidth(column, widths.at(static_cast<std::size_t>(column)));
    }
    m_table->installEventFilter(this);
    m_empty->setText(tr("Nothing is marked"),
                     tr("Ctrl+M marks the selected events. Marks and notes stay in the case."));
    m_stack->addWidget(m_table);
    m_stack->addWidget(m_empty);
    addPage(m_stack);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& current) {
                if (current.isValid() && m_table->hasFocus()) {
                    goTo(current.row());
                }
            });
    connect(m_table, &QTableView::clicked, this,
            [this](const QModelIndex& index) { goTo(index.row()); });
    connect(m_table, &QTableView::customContextMenuRequested, this, &MarksPanel::showMenu);
    connect(m_model, &QAbstractItemModel::modelReset, this, &MarksPanel::refreshState);
    refreshState();
}

void MarksPanel::goTo(int row)
{
    m_context.selection.setEvent(m_model->eventAt(row));
}

void MarksPanel::removeSelected()
{
    std::vector<EventNumber> events;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows()) {
        events.push_back(m_model->eventAt(index.row()));
    }
    if (!events.empty()) {
        m_context.session.setBookmarked(std::move(events), false);
    }
}

void MarksPanel::refreshState()
{
    const int count = m_model->rowCount();
    header().setCount(count == 0 ? std::nullopt : std::optional(static_cast<std::uint64_t>(count)));
    m_stack->setCurrentIndex(count > 0 ? 0 : 1);
}

void MarksPanel::showMenu(const QPoint& position)
{
    const QModelIndex index = m_table->indexAt(position);
    if (!index.isValid()) {
        return;
    }
    auto* menu = new QMenu(m_table);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    connect(
        menu->addAction(tr("Write a note")), &QAction::triggered, this,
        [this, row = index.row()] { m_table->edit(m_model->index(row, MarksModel::NoteColumn)); });
    connect(menu->addAction(tr("Take the mark away")), &QAction::triggered, this,
            &MarksPanel::removeSelected);
    menu->addSeparator();
    CellContext cell;
    cell.event = m_model->eventAt(index.row());
    if (index.column() == MarksModel::TimeColumn || index.column() == MarksModel::NoteColumn) {
        m_context.cellMenu->populate(*menu, cell);
    } else {
        const auto& source = m_context.reader.source();
        cell.field = fieldsOf(index.column()).front();
        const auto field = source ? source->field(cell.field) : std::nullopt;
        const auto value = field ? m_context.reader.firstValue(*cell.event, *field) : std::nullopt;
        cell.hasValue = value.has_value();
        cell.value = value.value_or(std::string());
        m_context.cellMenu->populate(*menu, cell);
    }
    menu->popup(m_table->viewport()->mapToGlobal(position));
}

bool MarksPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_table && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Delete || key->key() == Qt::Key_Backspace) {
            removeSelected();
            return true;
        }
    }
    return Panel::eventFilter(watched, event);
}

} // namespace sequela::ui
