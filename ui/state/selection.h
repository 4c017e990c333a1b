#pragma once

#include "core/base/strong_id.h"
#include "core/views/time_range.h"

#include <QObject>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sequela::ui::state {

/// A process of a case: entity ids are unique on their host only.
struct ProcessKey {
    /// host.id, as the event has it.
    std::string hostId;
    /// process.entity_id, as the event has it or as derived.
    std::string entityId;

    bool operator==(const ProcessKey&) const = default;
};

using views::TimeRange;

/// What the analyst looks at.
struct SelectionState {
    /// detect::Alert::id, empty for none.
    std::string alertId;
    std::optional<ProcessKey> process;
    std::optional<EventNumber> event;
    /// The brush of the overview; nothing is the whole case.
    std::optional<TimeRange> timeRange;

    bool operator==(const SelectionState&) const = default;
};

/// The one selection all panels share, with a history. A panel sets what was chosen in it and
/// follows the signals; it must accept being told what it said itself. GUI thread only.
///
/// Changes within one turn of the event loop make one step of the history.
class Selection : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    [[nodiscard]] const SelectionState& state() const { return m_state; }

    /// Sets everything at once; each signal is emitted for a part that changed.
    void set(const SelectionState& state);
    void setAlert(const std::string& alertId);
    void setProcess(const std::optional<ProcessKey>& process);
    void setEvent(std::optional<EventNumber> event);
    void setTimeRange(std::optional<TimeRange> range);
    /// Forgets selection and history: another case was opened.
    void reset();

    [[nodiscard]] bool canGoBack() const { return m_position > 0; }
    [[nodiscard]] bool canGoForward() const { return m_position + 1 < m_history.size(); }

public Q_SLOTS:
    void goBack();
    void goForward();

Q_SIGNALS:
    void alertChanged();
    void processChanged();
    void eventChanged();
    void timeRangeChanged();
    /// After the others, once for any change.
    void changed();
    /// canGoBack or canGoForward may answer otherwise.
    void historyChanged();

private:
    void apply(const SelectionState& state);
    void remember();

    /// Steps kept; the oldest is dropped.
    static constexpr std::size_t maxHistory = 200;

    SelectionState m_state;
    std::vector<SelectionState> m_history{SelectionState{}};
    std::size_t m_position = 0;
    bool m_stepPending = false;
};

} // namespace sequela::ui::state
