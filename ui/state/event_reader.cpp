#include "ui/state/event_reader.h"

#include "ui/text/event_text.h"

#include <QTimer>

#include <algorithm>

namespace sequela::ui::state {

EventReader::EventReader(JobBoard* board, QObject* parent) : QObject(parent), m_job(board) {}

void EventReader::setSource(std::shared_ptr<const schema::ColumnSource> source)
{
    m_job.cancel();
    m_entries.clear();
    m_uses.clear();
    m_wanted.clear();
    m_source = std::move(source);
    m_timeField = m_source ? m_source->field("@timestamp") : std::nullopt;
}

const EventReader::Entry* EventReader::find(Key key)
{
    const auto found = m_entries.find(key);
    if (found == m_entries.end()) {
        request(key);
        return nullptr;
    }
    m_uses.splice(m_uses.begin(), m_uses, found->second.use);
    return &found->second;
}

EventReader::Cell EventReader::cell(EventNumber event, FieldId field)
{
    if (!m_source || event.value() >= m_source->eventCount()) {
        return {.state = CellState::Ready, .text = {}, .derived = false};
    }
    const SegmentNumber segment = m_source->segmentOf(event);
    const Entry* entry = find({segment.value(), field.value()});
    if (entry == nullptr) {
        return {};
    }
    if (entry->failed) {
        return {.state = CellState::Failed, .text = tr("unreadable"), .derived = false};
    }
    Cell cell{.state = CellState::Ready, .text = {}, .derived = false};
    if (!entry->column) {
        return cell;
    }
    const std::uint32_t row =
        event.value() - m_source->segments()[segment.index()].firstEvent.value();
    std::uint32_t scratch = 0;
    const std::span<const std::uint32_t> values =
        entry->column->valuesOfCode(entry->column->code(row), scratch);
    for (const std::uint32_t value : values) {
        if (!cell.text.isEmpty()) {
            cell.text += QLatin1String(", ");
        }
        cell.text += text::visibleCell(entry->column->text(value));
        if (cell.text.size() > static_cast<qsizetype>(text::maxCellBytes)) {
            cell.text += QChar(0x2026);
            break;
        }
    }
    cell.derived = entry->column->isDerived(row);
    return cell;
}

std::optional<std::string> EventReader::firstValue(EventNumber event, FieldId field)
{
    if (!m_source || event.value() >= m_source->eventCount()) {
        return std::nullopt;
    }
    const SegmentNumber segment = m_source->segmentOf(event);
    const Entry* entry = find({segment.value(), field.value()});
    if (entry == nullptr || !entry->column) {
        return std::nullopt;
    }
    const std::uint32_t row =
        event.value() - m_source->segments()[segment.index()].firstEvent.value();
    std::uint32_t scratch = 0;
    const std::span<const std::uint32_t> values =
        entry->column->valuesOfCode(entry->column->code(row), scratch);
    if (values.empty()) {
        return std::nullopt;
    }
    return std::string(entry->column->text(values.front()));
}

std::optional<std::int64_t> EventReader::time(EventNumber event)
{
    if (!m_source || !m_timeField || event.value() >= m_source->eventCount()) {
        return schema::noTime;
    }
    const SegmentNumber segment = m_source->segmentOf(event);
    const Entry* entry = find({segment.value(), timesField});
    if (entry == nullptr) {
        return std::nullopt;
    }
    if (!entry->times) {
        return schema::noTime;
    }
    return (
        *entry->times)[event.value() - m_source->segments()[segment.index()].firstEvent.value()];
}

void EventReader::request(Key key)
{
    if (std::ranges::find(m_wanted, key) == m_wanted.end()) {
        m_wanted.push_back(key);
    }
    // After the paint that misses cells, once for all of them. A newer paint replaces what an older
    // one still waits for: only what is on the screen is worth loading.
    if (!m_fetchScheduled) {
        m_fetchScheduled = true;
        QTimer::singleShot(0, this, [this] { fetch(); });
    }
}

void EventReader::fetch()
{
    m_fetchScheduled = false;
    if (!m_source || m_wanted.empty()) {
        return;
    }
    using Fetched = std::vector<std::pair<Key, Entry>>;
    m_job.start<Fetched>(
        tr("Reading columns"),
        [source = m_source, timeField = m_timeField, keys = std::exchange(m_wanted, {})](
            const std::stop_token& stop, Progress&) -> Result<Fetched> {
            Fetched fetched;
            for (const Key key : keys) {
                if (stop.stop_requested()) {
                    return std::unexpected(cancelledError());
                }
                Entry entry;
                const SegmentNumber segment(key.segment);
                if (key.field == timesField) {
                    auto times = source->times(segment, *timeField);
                    entry.failed = !times;
                    entry.times = times ? std::move(*times) : nullptr;
                } else {
                    auto column = source->column(segment, FieldId(key.field));
                    entry.failed = !column;
                    entry.column = column ? std::move(*column) : nullptr;
                }
                fetched.emplace_back(key, std::move(entry));
            }
            return fetched;
        },
        [this](Result<Fetched> fetched) {
            if (!fetched) {
                return;
            }
            for (auto& [key, entry] : *fetched) {
                keep(key, std::move(entry));
            }
            Q_EMIT loaded();
        });
}

void EventReader::keep(Key key, Entry entry)
{
    if (m_entries.contains(key)) {
        return;
    }
    m_uses.push_front(key);
    entry.use = m_uses.begin();
    m_entries.emplace(key, std::move(entry));
    while (m_entries.size() > maxColumns) {
        m_entries.erase(m_uses.back());
        m_uses.pop_back();
    }
}

} // namespace sequela::ui::state
