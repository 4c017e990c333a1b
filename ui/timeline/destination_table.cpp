#include "ui/timeline/destination_table.h"

#include "core/base/timestamp.h"
#include "ui/events/cell_menu.h"
#include "ui/state/case_session.h"
#include "ui/state/selection.h"
#include "ui/state/time_display.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QBrush>
#include <QContextMenuEvent>
#include <QHeaderView>

#include <algorithm>
#include <array>
#include <utility>

namespace sequela::ui {

namespace {

using Rows = std::vector<views::DestinationSummary>;

std::string nameOf(const views::Destination& destination)
{
    if (destination.isName || destination.address.empty()) {
        return destination.domain;
    }
    std::string name = destination.address.find(':') == std::string::npos
                           ? destination.address
                           : "[" + destination.address + "]";
    if (!destination.port.empty()) {
        name += ":" + destination.port;
    }
    return name;
}

/// What a column sorts by.
std::pair<std::int64_t, std::string> sortKey(const views::DestinationSummary& row,
                                             const state::CaseViews::Built& built, int column)
{
    const views::Destination& destination = built.timeline.destinations()[row.destination];
    switch (column) {
    case DestinationModel::NameColumn:
        return {0, nameOf(destination)};
    case DestinationModel::ClassColumn:
        return {static_cast<std::int64_t>(destination.addressClass), {}};
    case DestinationModel::ProcessColumn:
        return {0, row.busiest ? built.forest.process(*row.busiest).image().name : std::string()};
    case DestinationModel::HostsColumn:
        return {row.hostCount, {}};
    case DestinationModel::OutColumn:
        return {static_cast<std::int64_t>(row.bytesOut), {}};
    case DestinationModel::InColumn:
        return {static_cast<std::int64_t>(row.bytesIn), {}};
    case DestinationModel::FirstColumn:
        return {row.firstNs, {}};
    case DestinationModel::LastColumn:
        return {row.lastNs, {}};
    case DestinationModel::RegularColumn:
        return {row.beacon ? row.beacon->flowCount : 0, {}};
    default:
        return {row.flowCount, {}};
    }
}

void sortRows(Rows& rows, const state::CaseViews::Built& built, int column, bool ascending)
{
    std::vector<std::pair<std::pair<std::int64_t, std::string>, std::size_t>> keys;
    keys.reserve(rows.size());
    for (std::size_t at = 0; at < rows.size(); ++at) {
        keys.emplace_back(sortKey(rows[at], built, column), at);
    }
    std::ranges::stable_sort(keys, [ascending](const auto& left, const auto& right) {
        return ascending ? left.first < right.first : right.first < left.first;
    });
    Rows sorted;
    sorted.reserve(rows.size());
    for (const auto& [key, at] : keys) {
        sorted.push_back(rows[at]);
    }
    rows = std::move(sorted);
}

} // namespace

QString addressClassName(AddressClass addressClass)
{
    switch (addressClass) {
    case AddressClass::Public:
        return DestinationTable::tr("public");
    case AddressClass::Private:
        return DestinationTable::tr("private");
    case AddressClass::Loopback:
        return DestinationTable::tr("loopback");
    case AddressClass::LinkLocal:
        return DestinationTable::tr("link-local");
    case AddressClass::Multicast:
        return DestinationTable::tr("multicast");
    case AddressClass::Special:
        break;
    }
    return DestinationTable::tr("special");
}

DestinationModel::DestinationModel(const state::Context& context, views::FlowKind kind,
                                   QObject* parent)
    : QAbstractTableModel(parent), m_context(context), m_kind(kind)
{
    const auto repaint = [this] {
        if (!m_rows.empty()) {
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columns - 1));
        }
    };
    connect(&context.time, &state::TimeDisplay::changed, this, repaint);
    connect(&context.theme, &Theme::themeChanged, this, repaint);
}

void DestinationModel::setRows(std::shared_ptr<const state::CaseViews::Built> built, Rows rows)
{
    beginResetModel();
    m_built = std::move(built);
    m_rows = std::move(rows);
    endResetModel();
}

int DestinationModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int DestinationModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : columns;
}

QString DestinationModel::text(const views::DestinationSummary& row, int column) const
{
    const views::Destination& destination = m_built->timeline.destinations()[row.destination];
    const auto bytes = [](std::uint64_t count) {
        return count == 0 ? QStringLiteral("—") : text::bytes(count);
    };
    switch (column) {
    case NameColumn: {
        QString name = text::visibleCell(nameOf(destination));
        if (m_kind == views::FlowKind::Connection && !destination.domain.empty()
            && !destination.address.empty()) {
            name += QStringLiteral("  ") + text::visibleCell(destination.domain);
        }
        return name;
    }
    case ClassColumn:
        return addressClassName(destination.addressClass);
    case FlowsColumn:
        return text::count(row.flowCount);
    case ProcessColumn: {
        if (!row.busiest) {
            return QStringLiteral("—");
        }
        const QString name = text::visibleCell(m_built->forest.process(*row.busiest).image().name);
        return row.processCount > 1 ? tr("%1 +%2").arg(name).arg(row.processCount - 1) : name;
    }
    case HostsColumn:
        return text::count(row.hostCount);
    case OutColumn:
        return bytes(row.bytesOut);
    case InColumn:
        return bytes(row.bytesIn);
    case FirstColumn:
        return shortTime(row.firstNs);
    case LastColumn:
        return shortTime(row.lastNs);
    default:
        return row.beacon ? tr("every %1 ± %2")
                                .arg(text::fromUtf8(formatDuration(row.beacon->intervalNs)),
                                     text::fromUtf8(formatDuration(row.beacon->jitterNs)))
                          : QString();
    }
}

QString DestinationModel::shortTime(std::int64_t timeNs) const
{
    return m_context.time.date(timeNs).mid(5) + QLatin1Char(' ') + m_context.time.timeOfDay(timeNs);
}

QString DestinationModel::wholeText(const views::DestinationSummary& row, int column) const
{
    if (column == FirstColumn || column == LastColumn) {
        return m_context.time.dateTime(column == FirstColumn ? row.firstNs : row.lastNs);
    }
    return text(row, column);
}

QVariant DestinationModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const views::DestinationSummary& row = m_rows[static_cast<std::size_t>(index.row())];
    const int column = index.column();
    const bool isFigure =
        column == FlowsColumn || column == HostsColumn || column == OutColumn || column == InColumn;
    switch (role) {
    case Qt::DisplayRole:
        return text(row, column);
    case Qt::ToolTipRole:
        return QStringLiteral("<span>%1</span>").arg(wholeText(row, column).toHtmlEscaped());
    case Qt::FontRole:
        return m_context.theme.dataFont();
    case Qt::TextAlignmentRole:
        return static_cast<int>(Qt::AlignVCenter | (isFigure ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::ForegroundRole: {
        const AddressClass addressClass =
            m_built->timeline.destinations()[row.destination].addressClass;
        const Token token = column == RegularColumn ? Token::High
                            : column == NameColumn  ? Token::Text
                            : column == ClassColumn && addressClass == AddressClass::Public
                                ? Token::Network
                                : Token::Muted;
        return QBrush(m_context.theme.color(token));
    }
    default:
        return {};
    }
}

QVariant DestinationModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        const bool isFigure = section == FlowsColumn || section == HostsColumn
                              || section == OutColumn || section == InColumn;
        return static_cast<int>(Qt::AlignVCenter | (isFigure ? Qt::AlignRight : Qt::AlignLeft));
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    const bool isDns = m_kind == views::FlowKind::Dns;
    const std::array<QString, columns> titles{isDns ? tr("Name") : tr("Destination"),
                                              tr("Class"),
                                              isDns ? tr("Lookups") : tr("Flows"),
                                              tr("Process"),
                                              tr("Hosts"),
                                              tr("Out"),
                                              tr("In"),
                                              tr("First"),
                                              tr("Last"),
                                              tr("Regular")};
    return titles.at(static_cast<std::size_t>(section));
}

DestinationTable::DestinationTable(const state::Context& context, state::CaseViews& views,
                                   views::FlowKind kind, QWidget* parent)
    : QTableView(parent),
      m_context(context),
      m_views(views),
      m_kind(kind),
      m_model(new DestinationModel(context, kind, this)),
      m_job(&context.jobs)
{
    setModel(m_model);
    setShowGrid(false);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setAccessibleName(kind == views::FlowKind::Dns ? tr("Names looked up") : tr("Destinations"));
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(metrics::rowHeight);
    horizontalHeader()->setFixedHeight(metrics::rowHeight);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsClickable(true);
    horizontalHeader()->setSortIndicatorShown(true);
    horizontalHeader()->setSortIndicator(m_sortColumn, Qt::DescendingOrder);
    horizontalHeader()->setStretchLastSection(true);
    if (kind == views::FlowKind::Dns) {
        for (const int column : {DestinationModel::ClassColumn, DestinationModel::OutColumn,
                                 DestinationModel::InColumn}) {
            setColumnHidden(column, true);
        }
    }
    connect(horizontalHeader(), &QHeaderView::sectionResized, this, [this](int column) {
        const bool isLast = column == DestinationModel::RegularColumn;
        m_hasOwnWidths = m_hasOwnWidths || (!m_isFitting && !isLast);
    });
    connect(horizontalHeader(), &QHeaderView::sectionClicked, this, [this](int column) {
        m_ascending = m_sortColumn == column ? !m_ascending
                                             : column == DestinationModel::NameColumn
                                                   || column == DestinationModel::ProcessColumn;
        m_sortColumn = column;
        horizontalHeader()->setSortIndicator(column, m_ascending ? Qt::AscendingOrder
                                                                 : Qt::DescendingOrder);
        rebuild();
    });
    connect(selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& index) {
                const auto built = m_views.built();
                if (!index.isValid() || !built || !hasFocus()) {
                    return;
                }
                const auto& row = m_model->rows()[static_cast<std::size_t>(index.row())];
                if (row.firstFlow < built->timeline.flows().size()) {
                    m_context.selection.setEvent(built->timeline.flows()[row.firstFlow].event);
                }
            });
    const auto invalidate = [this] {
        m_isStale = true;
        if (isVisible()) {
            rebuild();
        }
    };
    connect(&m_views, &state::CaseViews::rebuilt, this, invalidate);
    connect(&context.session, &state::CaseSession::filterChanged, this, invalidate);
}

void DestinationTable::showEvent(QShowEvent* event)
{
    QTableView::showEvent(event);
    if (m_isStale) {
        rebuild();
    }
}

void DestinationTable::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    fitColumns();
}

/// Everything in view where it can be: what is least missed narrows first, names take what is left.
void DestinationTable::fitColumns()
{
    if (m_hasOwnWidths) {
        return;
    }
    struct Width {
        int most;
        int least;
    };
    constexpr std::array<Width, DestinationModel::columns> widths{{{240, 150},
                                                                   {80, 62},
                                                                   {90, 62},
                                                                   {140, 100},
                                                                   {76, 56},
                                                                   {84, 66},
                                                                   {84, 66},
                                                                   {190, 128},
                                                                   {190, 128},
                                                                   {150, 40}}};
    int most = 0;
    int least = 0;
    for (int column = 0; column < DestinationModel::columns; ++column) {
        if (!isColumnHidden(column)) {
            most += widths.at(static_cast<std::size_t>(column)).most;
            least += widths.at(static_cast<std::size_t>(column)).least;
        }
    }
    const int room = viewport()->width();
    const double share =
        std::clamp(static_cast<double>(room - least) / static_cast<double>(most - least), 0.0, 1.0);
    m_isFitting = true;
    for (int column = 0; column < DestinationModel::columns; ++column) {
        const Width& width = widths.at(static_cast<std::size_t>(column));
        setColumnWidth(column, width.least + static_cast<int>(share * (width.most - width.least)));
    }
    if (room > most) {
        setColumnWidth(DestinationModel::NameColumn, widths.front().most + (room - most) * 2 / 3);
    }
    m_isFitting = false;
}

void DestinationTable::rebuild()
{
    m_isStale = false;
    const auto built = m_views.built();
    if (!built) {
        m_model->setRows(nullptr, {});
        Q_EMIT counted(0);
        return;
    }
    m_job.start<Rows>(
        tr("Adding up destinations"),
        [built, kind = m_kind, shown = m_context.session.filter()->events, column = m_sortColumn,
         ascending = m_ascending](const std::stop_token&, Progress&) -> Result<Rows> {
            std::vector<std::uint32_t> wanted;
            const auto flows = built->timeline.flows();
            for (std::uint32_t index = 0; index < flows.size(); ++index) {
                const EventNumber event = flows[index].event;
                if (!shown || (event.value() < shown->eventCount() && shown->contains(event))) {
                    wanted.push_back(index);
                }
            }
            Rows rows = views::summarizeDestinations(built->timeline, kind, wanted);
            sortRows(rows, *built, column, ascending);
            return rows;
        },
        [this, built](Result<Rows> rows) {
            if (rows) {
                m_model->setRows(built, std::move(*rows));
                Q_EMIT counted(m_model->rows().size());
            }
        });
}

void DestinationTable::contextMenuEvent(QContextMenuEvent* event)
{
    const QModelIndex index = indexAt(event->pos());
    const auto built = m_views.built();
    if (!index.isValid() || !built || m_context.cellMenu == nullptr) {
        return;
    }
    const auto& row = m_model->rows()[static_cast<std::size_t>(index.row())];
    const views::Destination& destination = built->timeline.destinations()[row.destination];
    CellContext cell;
    cell.event = built->timeline.flows()[row.firstFlow].event;
    if (m_kind == views::FlowKind::Dns) {
        cell.field = "dns.question.name";
        cell.value = destination.domain;
    } else if (!destination.address.empty()) {
        cell.field = "destination.ip";
        cell.value = destination.address;
    } else {
        cell.field = "destination.domain";
        cell.value = destination.domain;
    }
    m_context.cellMenu->popup(this, event->globalPos(), cell);
}

} // namespace sequela::ui
