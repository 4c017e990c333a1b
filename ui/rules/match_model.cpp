#include "ui/rules/match_model.h"

#include "core/base/text.h"
#include "core/workspace/workspace.h"
#include "ui/state/event_reader.h"
#include "ui/state/time_display.h"
#include "ui/text/event_text.h"
#include "ui/theme/theme.h"

#include <QBrush>

#include <algorithm>
#include <limits>

namespace sequela::ui {

namespace {

QString glyphOf(MatchChange change)
{
    switch (change) {
    case MatchChange::Gained:
        return QStringLiteral("+");
    case MatchChange::Lost:
        return QStringLiteral("−");
    case MatchChange::None:
    case MatchChange::Kept:
        break;
    }
    return {};
}

QString joined(const QStringList& parts)
{
    QStringList present;
    for (const QString& part : parts) {
        if (!part.isEmpty()) {
            present << part;
        }
    }
    return present.join(QLatin1Char(' '));
}

} // namespace

QString durationText(std::int64_t nanoseconds)
{
    const double seconds = static_cast<double>(nanoseconds) / 1e9;
    if (seconds < 0.001) {
        return QStringLiteral("%1 µs").arg(nanoseconds / 1000);
    }
    if (seconds < 1.0) {
        return QStringLiteral("%1 ms").arg(QString::number(seconds * 1e3, 'f', 0));
    }
    if (seconds < 100.0) {
        const bool isWhole = nanoseconds % 1'000'000'000 == 0;
        return QStringLiteral("%1 s").arg(QString::number(seconds, 'f', isWhole ? 0 : 1));
    }
    const auto whole = static_cast<long long>(seconds);
    if (whole < 3600) {
        return QStringLiteral("%1 min %2 s").arg(whole / 60).arg(whole % 60, 2, 10, QChar(u'0'));
    }
    return QStringLiteral("%1 h %2 min").arg(whole / 3600).arg(whole / 60 % 60, 2, 10, QChar(u'0'));
}

MatchModel::MatchModel(const state::Context& context, QObject* parent)
    : QAbstractTableModel(parent), m_context(context)
{
    connect(&context.reader, &state::EventReader::loaded, this, &MatchModel::repaint);
    connect(&context.time, &state::TimeDisplay::changed, this, &MatchModel::repaint);
    connect(&context.theme, &Theme::themeChanged, this, &MatchModel::repaint);
}

void MatchModel::setRows(std::shared_ptr<const MatchList> rows)
{
    beginResetModel();
    m_rows = std::move(rows);
    m_order.clear();
    m_stale = false;
    endResetModel();
}

void MatchModel::setOrder(std::vector<std::uint32_t> order)
{
    beginResetModel();
    m_order = std::move(order);
    endResetModel();
}

std::size_t MatchModel::listRow(int row) const
{
    const auto place = static_cast<std::size_t>(row);
    return place < m_order.size() ? m_order[place] : place;
}

void MatchModel::setStale(bool stale)
{
    if (m_stale != stale) {
        m_stale = stale;
        repaint();
    }
}

void MatchModel::repaint()
{
    if (!m_rows->isEmpty()) {
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    }
}

std::optional<EventNumber> MatchModel::eventAt(const QModelIndex& index) const
{
    if (!index.isValid() || index.row() >= rowCount()) {
        return std::nullopt;
    }
    const std::size_t row = listRow(index.row());
    if (index.column() >= FirstStageColumn) {
        const auto stage = static_cast<std::size_t>(index.column() - FirstStageColumn);
        if (const auto event = m_rows->event(row, stage)) {
            return event;
        }
    }
    return m_rows->firstEvent(row);
}

int MatchModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows->size());
}

int MatchModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : FirstStageColumn + static_cast<int>(m_rows->slotCount());
}

QString MatchModel::cellText(EventNumber event, const char* field) const
{
    const auto& source = m_context.reader.source();
    if (!source || event.value() >= source->eventCount()) {
        return {};
    }
    const auto id = source->field(field);
    return id ? m_context.reader.cell(event, *id).text : QString();
}

/// The one line that tells what an event was.
QString MatchModel::describe(EventNumber event) const
{
    const QString category = cellText(event, "event.category");
    const QString process = cellText(event, "process.name");
    const auto value = [this, event](const char* field) { return cellText(event, field); };
    if (category.contains(QLatin1String("network")) || category.contains(QLatin1String("dns"))) {
        if (const QString question = value("dns.question.name"); !question.isEmpty()) {
            return joined({QStringLiteral("?"), question, process});
        }
        QString address = value("destination.ip");
        if (address.isEmpty()) {
            address = value("destination.domain");
        }
        if (const QString port = value("destination.port"); !port.isEmpty()) {
            address += (address.contains(QLatin1Char(':')) ? QStringLiteral(" port ")
                                                           : QStringLiteral(":"))
                       + port;
        }
        return address.isEmpty() ? joined({process, value("event.action")})
                                 : joined({QStringLiteral("→"), address, process});
    }
    for (const char* path : {"file.path", "registry.path", "dll.path"}) {
        const QString text = value(path);
        if (!text.isEmpty() && !category.contains(QLatin1String("process"))) {
            return joined({value("event.action"), text, process});
        }
    }
    QString command = value("process.command_line");
    if (command.isEmpty()) {
        command = value("process.executable");
    }
    if (command == process) {
        command.clear();
    } else if (command.startsWith(process + QLatin1Char(' '))) {
        // The name stands before the process id already.
        command.remove(0, process.size() + 1);
    }
    const QString description = joined({process, value("process.pid"), command});
    return description.isEmpty() ? joined({category, value("event.action"), value("message")})
                                 : description;
}

QString MatchModel::spanText(std::size_t row) const
{
    std::int64_t first = std::numeric_limits<std::int64_t>::max();
    std::int64_t last = schema::noTime;
    int eventCount = 0;
    for (std::size_t slot = 0; slot < m_rows->slotCount(); ++slot) {
        const auto event = m_rows->event(row, slot);
        if (!event) {
            continue;
        }
        const auto time = m_context.reader.time(*event);
        if (!time || *time == schema::noTime) {
            return {};
        }
        first = std::min(first, *time);
        last = std::max(last, *time);
        ++eventCount;
    }
    return eventCount < 2 ? QStringLiteral("—") : durationText(last - first);
}

QString MatchModel::text(std::size_t row, int column) const
{
    if (column == MarkColumn) {
        return glyphOf(m_rows->change(row));
    }
    if (column == SpanColumn) {
        return m_rows->slotCount() > 1 ? spanText(row) : QString();
    }
    if (column == NoteColumn) {
        return text::fromUtf8(visibleText(m_rows->note(row)));
    }
    if (column >= FirstStageColumn) {
        const auto slot = static_cast<std::size_t>(column - FirstStageColumn);
        if (const auto event = m_rows->event(row, slot)) {
            return describe(*event);
        }
        return m_rows->events(row)[slot] == noEvent ? QStringLiteral("—") : QString();
    }
    const auto present = m_rows->firstEvent(row);
    if (!present) {
        return {};
    }
    if (column == HostColumn) {
        const QString host = cellText(*present, "host.name");
        return host.isEmpty() ? cellText(*present, "host.id") : host;
    }
    const auto time = m_context.reader.time(*present);
    return time && *time != schema::noTime ? m_context.time.dateTime(*time) : QString();
}

QVariant MatchModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const std::size_t row = listRow(index.row());
    const MatchChange change = m_rows->change(row);
    const Theme& theme = m_context.theme;
    switch (role) {
    case Qt::DisplayRole:
        return text(row, index.column());
    case Qt::FontRole:
        return theme.dataFont();
    case Qt::ForegroundRole:
        if (m_stale) {
            return QBrush(theme.color(Token::Muted));
        }
        if (index.column() == NoteColumn) {
            return QBrush(theme.color(Token::Medium));
        }
        if (index.column() == MarkColumn || change == MatchChange::Lost) {
            return QBrush(theme.color(change == MatchChange::Lost ? Token::Lost : Token::Gained));
        }
        return QBrush(theme.color(Token::Text));
    case Qt::BackgroundRole:
        if (!m_stale && (change == MatchChange::Gained || change == MatchChange::Lost)) {
            return QBrush(mixed(
                theme.color(Token::Panel),
                theme.color(change == MatchChange::Lost ? Token::Lost : Token::Gained), 0.14));
        }
        return {};
    case Qt::TextAlignmentRole:
        return static_cast<int>(index.column() == MarkColumn ? Qt::AlignCenter
                                                             : Qt::AlignVCenter | Qt::AlignLeft);
    case Qt::ToolTipRole: {
        // A tool tip takes markup; these texts come from events.
        const QString whole = text(row, index.column());
        return whole.isEmpty()
                   ? QVariant()
                   : QVariant(QStringLiteral("<span>%1</span>").arg(whole.toHtmlEscaped()));
    }
    case ChangeRole:
        return static_cast<int>(change);
    default:
        return {};
    }
}

QVariant MatchModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return static_cast<int>(Qt::AlignVCenter | Qt::AlignLeft);
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case MarkColumn:
        return QString();
    case TimeColumn:
        return tr("Time");
    case HostColumn:
        return tr("Host");
    case SpanColumn:
        return tr("Span");
    case NoteColumn:
        return m_noteTitle.isEmpty() ? tr("Why not") : m_noteTitle;
    default:
        return m_rows->slotCount() == 1 ? tr("Event")
                                        : tr("Stage %1").arg(section - FirstStageColumn + 1);
    }
}

} // namespace sequela::ui
