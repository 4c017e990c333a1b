#include "ui/events/event_search.h"

#include "ui/events/event_columns.h"
#include "ui/text/event_text.h"

#include <memory>
#include <optional>

namespace sequela::ui {

namespace {

/// One field of the search, with what is known of the segments seen so far.
class SearchedField {
public:
    SearchedField(const schema::ColumnSource& source, const std::string& name,
                  const EventSearch& search)
        : m_source(source),
          m_search(search),
          m_field(source.field(name)),
          m_isTime(name == timeField),
          m_segments(source.segments().size())
    {
        m_time.setZone(search.zone);
    }

    [[nodiscard]] Result<bool> shows(EventNumber event)
    {
        if (!m_field) {
            return false;
        }
        const SegmentNumber number = m_source.segmentOf(event);
        Segment& segment = m_segments[number.index()];
        if (!segment.loaded) {
            SEQUELA_TRY(load(number, segment));
        }
        const std::uint32_t row =
            event.value() - m_source.segments()[number.index()].firstEvent.value();
        if (segment.times) {
            const std::int64_t time = (*segment.times)[row];
            return time != schema::noTime
                   && m_time.dateTime(time).contains(m_search.text, Qt::CaseInsensitive);
        }
        return segment.column && segment.codes[segment.column->code(row)];
    }

private:
    struct Segment {
        bool loaded = false;
        std::shared_ptr<const schema::Column> column;
        std::shared_ptr<const std::vector<std::int64_t>> times;
        /// By code: one of its values holds the text.
        std::vector<bool> codes;
    };

    [[nodiscard]] Result<void> load(SegmentNumber number, Segment& segment)
    {
        if (m_isTime) {
            auto times = m_source.times(number, *m_field);
            if (!times) {
                return std::unexpected(std::move(times).error());
            }
            segment.times = std::move(*times);
            segment.loaded = true;
            return {};
        }
        auto column = m_source.column(number, *m_field);
        if (!column) {
            return std::unexpected(std::move(column).error());
        }
        segment.loaded = true;
        segment.column = std::move(*column);
        if (!segment.column) {
            return {};
        }
        const schema::Column& values = *segment.column;
        std::vector<bool> matching(values.valueCount());
        for (std::uint32_t value = 0; value < values.valueCount(); ++value) {
            matching[value] =
                text::visibleCell(values.text(value)).contains(m_search.text, Qt::CaseInsensitive);
        }
        segment.codes.assign(values.codeCount(), false);
        for (std::uint32_t code = 1; code < values.codeCount(); ++code) {
            std::uint32_t scratch = 0;
            for (const std::uint32_t value : values.valuesOfCode(code, scratch)) {
                segment.codes[code] = segment.codes[code] || matching[value];
            }
        }
        return {};
    }

    const schema::ColumnSource& m_source;
    const EventSearch& m_search;
    std::optional<FieldId> m_field;
    bool m_isTime = false;
    state::TimeDisplay m_time;
    std::vector<Segment> m_segments;
};

} // namespace

Result<int> findRow(const schema::ColumnSource& source, const std::vector<EventNumber>& rows,
                    const EventSearch& search, int from, bool forward, const std::stop_token& stop)
{
    std::vector<std::unique_ptr<SearchedField>> fields;
    for (const std::string& name : search.fields) {
        fields.push_back(std::make_unique<SearchedField>(source, name, search));
    }
    const auto count = static_cast<std::int64_t>(rows.size());
    std::int64_t row = from < 0 && !forward ? 0 : from;
    for (std::int64_t looked = 0; looked < count; ++looked) {
        if (stop.stop_requested()) {
            return std::unexpected(cancelledError());
        }
        row = (row + (forward ? 1 : count - 1)) % count;
        for (const auto& field : fields) {
            const auto shown = field->shows(rows[static_cast<std::size_t>(row)]);
            if (!shown) {
                return std::unexpected(shown.error());
            }
            if (*shown) {
                return static_cast<int>(row);
            }
        }
    }
    return -1;
}

} // namespace sequela::ui
