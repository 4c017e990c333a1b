#include "ui/state/selection.h"

#include <QTimer>

namespace sequela::ui::state {

void Selection::set(const SelectionState& state)
{
    if (state == m_state) {
        return;
    }
    apply(state);
    remember();
}

void Selection::setAlert(const std::string& alertId)
{
    SelectionState state = m_state;
    state.alertId = alertId;
    set(state);
}

void Selection::setProcess(const std::optional<ProcessKey>& process)
{
    SelectionState state = m_state;
    state.process = process;
    set(state);
}

void Selection::setEvent(std::optional<EventNumber> event)
{
    SelectionState state = m_state;
    state.event = event;
    set(state);
}

void Selection::setTimeRange(std::optional<TimeRange> range)
{
    SelectionState state = m_state;
    state.timeRange = range;
    set(state);
}

void Selection::reset()
{
    m_history = {SelectionState{}};
    m_position = 0;
    m_stepPending = false;
    apply(SelectionState{});
    Q_EMIT historyChanged();
}

void Selection::goBack()
{
    if (canGoBack()) {
        m_stepPending = false;
        --m_position;
        apply(m_history[m_position]);
        Q_EMIT historyChanged();
    }
}

void Selection::goForward()
{
    if (canGoForward()) {
        m_stepPending = false;
        ++m_position;
        apply(m_history[m_position]);
        Q_EMIT historyChanged();
    }
}

void Selection::apply(const SelectionState& state)
{
    const SelectionState before = std::exchange(m_state, state);
    if (before.alertId != state.alertId) {
        Q_EMIT alertChanged();
    }
    if (before.process != state.process) {
        Q_EMIT processChanged();
    }
    if (before.event != state.event) {
        Q_EMIT eventChanged();
    }
    if (before.timeRange != state.timeRange) {
        Q_EMIT timeRangeChanged();
    }
    if (before != state) {
        Q_EMIT changed();
    }
}

void Selection::remember()
{
    if (m_stepPending) {
        m_history[m_position] = m_state;
        return;
    }
    m_history.resize(m_position + 1);
    if (m_history.size() == maxHistory) {
        m_history.erase(m_history.begin());
    }
    m_history.push_back(m_state);
    m_position = m_history.size() - 1;
    m_stepPending = true;
    // Choosing an alert also chooses its process and event: one step.
    QTimer::singleShot(0, this, [this] { m_stepPending = false; });
    Q_EMIT historyChanged();
}

} // namespace sequela::ui::state
