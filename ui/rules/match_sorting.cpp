#include "ui/rules/match_sorting.h"

#include "core/detect/event_reader.h"
#include "ui/rules/match_model.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

namespace sequela::ui {

namespace {

constexpr std::size_t rowsPerStopCheck = 1024;

class KeyReader {
public:
    KeyReader(const MatchList& matches, const schema::ColumnSource& events)
        : m_matches(matches), m_reader(events)
    {
    }

    [[nodiscard]] static bool isNumeric(int column)
    {
        return column == MatchModel::MarkColumn || column == MatchModel::TimeColumn
               || column == MatchModel::SpanColumn;
    }

    Result<std::optional<std::int64_t>> number(std::size_t row, int column)
    {
        if (column == MatchModel::MarkColumn) {
            return static_cast<std::int64_t>(m_matches.change(row));
        }
        std::optional<std::int64_t> first;
        std::optional<std::int64_t> last;
        for (std::size_t slot = 0; slot < m_matches.slotCount(); ++slot) {
            const auto event = m_matches.event(row, slot);
            if (!event) {
                continue;
            }
            auto time = m_reader.time(*event, "@timestamp");
            if (!time) {
                return std::unexpected(std::move(time).error());
            }
            if (!*time) {
                continue;
            }
            const std::int64_t at = (*time)->nanoseconds();
            if (column == MatchModel::TimeColumn) {
                return at;
            }
            first = std::min(first.value_or(at), at);
            last = std::max(last.value_or(at), at);
        }
        return first ? std::optional(*last - *first) : std::nullopt;
    }

    Result<std::optional<std::string>> text(std::size_t row, int column)
    {
        if (column == MatchModel::NoteColumn) {
            return m_matches.note(row);
        }
        if (column == MatchModel::HostColumn) {
            return values(m_matches.firstEvent(row), {"host.name", "host.id"});
        }
        return values(
            m_matches.event(row, static_cast<std::size_t>(column - MatchModel::FirstStageColumn)),
            {"process.name", "destination.ip", "process.command_line", "file.path"});
    }

private:
    Result<std::optional<std::string>> values(std::optional<EventNumber> event,
                                              std::initializer_list<std::string_view> fields)
    {
        if (!event) {
            return std::nullopt;
        }
        std::string key;
        for (const std::string_view field : fields) {
            auto value = m_reader.first(*event, field);
            if (!value) {
                return std::unexpected(std::move(value).error());
            }
            key += *value + '\0';
        }
        return key;
    }

    const MatchList& m_matches;
    detect::EventReader m_reader;
};

template <typename Key, typename Read>
Result<std::vector<std::uint32_t>> sorted(std::size_t count, bool ascending, const Read& read,
                                          const std::stop_token& stop)
{
    std::vector<std::optional<Key>> keys;
    keys.reserve(count);
    for (std::size_t row = 0; row < count; ++row) {
        if (row % rowsPerStopCheck == 0 && stop.stop_requested()) {
            return std::unexpected(cancelledError());
        }
        Result<std::optional<Key>> key = read(row);
        if (!key) {
            return std::unexpected(std::move(key).error());
        }
        keys.push_back(std::move(*key));
    }
    std::vector<std::uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::stable_sort(order, [&keys, ascending](std::uint32_t left, std::uint32_t right) {
        const auto& first = keys[left];
        const auto& second = keys[right];
        if (!first || !second) {
            return first.has_value() && !second.has_value();
        }
        return ascending ? *first < *second : *second < *first;
    });
    return order;
}

} // namespace

Result<std::vector<std::uint32_t>> sortMatches(const MatchList& matches,
                                               const schema::ColumnSource& events,
                                               MatchSorting sorting, const std::stop_token& stop)
{
    KeyReader reader(matches, events);
    if (KeyReader::isNumeric(sorting.column)) {
        return sorted<std::int64_t>(
            matches.size(), sorting.ascending,
            [&](std::size_t row) { return reader.number(row, sorting.column); }, stop);
    }
    return sorted<std::string>(
        matches.size(), sorting.ascending,
        [&](std::size_t row) { return reader.text(row, sorting.column); }, stop);
}

} // namespace sequela::ui
