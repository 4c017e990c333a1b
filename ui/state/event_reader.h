#pragma once

#include "core/base/strong_id.h"
#include "core/schema/column_source.h"
#include "ui/jobs/job_runner.h"

#include <QObject>
#include <QString>

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace sequela::ui::state {

/// Values of single events for views that paint them. Columns may have to come from disk, so a
/// value that is not there yet is `Loading`; a job fetches it and `loaded` asks for a repaint.
/// GUI thread only, never waits.
class EventReader : public QObject {
    Q_OBJECT

public:
    enum class CellState : std::uint8_t { Ready, Loading, Failed };
    struct Cell {
        CellState state = CellState::Loading;
        /// Values joined by ", ", fit for a cell (text::visibleCell).
        QString text;
        bool derived = false;
    };

    explicit EventReader(JobBoard* board, QObject* parent = nullptr);

    /// Another snapshot; forgets everything. May be null.
    void setSource(std::shared_ptr<const schema::ColumnSource> source);
    [[nodiscard]] const std::shared_ptr<const schema::ColumnSource>& source() const
    {
        return m_source;
    }

    [[nodiscard]] Cell cell(EventNumber event, FieldId field);
    /// The raw first value, for exact filters; nothing while loading or without a value.
    [[nodiscard]] std::optional<std::string> firstValue(EventNumber event, FieldId field);
    /// `schema::noTime` where there is none, nothing while loading.
    [[nodiscard]] std::optional<std::int64_t> time(EventNumber event);

Q_SIGNALS:
    /// Cells that were Loading can be had now.
    void loaded();

private:
    struct Key {
        std::uint32_t segment = 0;
        std::uint32_t field = 0;

        bool operator==(const Key&) const = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const noexcept
        {
            return (std::size_t{key.segment} << 32U) ^ key.field;
        }
    };
    using Times = std::shared_ptr<const std::vector<std::int64_t>>;
    struct Entry {
        std::shared_ptr<const schema::Column> column;
        Times times;
        bool failed = false;
        std::list<Key>::iterator use;
    };

    /// Columns kept; the least recently used go first. The case file caches below this.
    static constexpr std::size_t maxColumns = 6000;
    /// Stands in a Key for the times of a segment.
    static constexpr std::uint32_t timesField = 0xffffffffU;

    [[nodiscard]] const Entry* find(Key key);
    void request(Key key);
    void fetch();
    void keep(Key key, Entry entry);

    std::shared_ptr<const schema::ColumnSource> m_source;
    std::optional<FieldId> m_timeField;
    std::unordered_map<Key, Entry, KeyHash> m_entries;
    std::list<Key> m_uses;
    std::vector<Key> m_wanted;
    bool m_fetchScheduled = false;
    JobRunner m_job;
};

} // namespace sequela::ui::state
