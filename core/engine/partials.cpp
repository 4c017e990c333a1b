#include "core/engine/partials.h"

#include <algorithm>

namespace sequela::engine {

std::uint32_t Partials::addNode(std::uint32_t event, std::uint32_t previous)
{
    if (!m_freeNodes.empty()) {
        const std::uint32_t node = m_freeNodes.back();
        m_freeNodes.pop_back();
        m_nodes[node] = {event, previous};
        return node;
    }
    m_nodes.push_back({event, previous});
    return static_cast<std::uint32_t>(m_nodes.size() - 1);
}

Partials::KeyState* Partials::stateOf(TupleNumber key)
{
    return key < m_stateOfKey.size() && m_stateOfKey[key] != none ? &m_states[m_stateOfKey[key]]
                                                                  : nullptr;
}

const Partials::KeyState* Partials::stateOf(TupleNumber key) const
{
    return key < m_stateOfKey.size() && m_stateOfKey[key] != none ? &m_states[m_stateOfKey[key]]
                                                                  : nullptr;
}

Partials::KeyState& Partials::openState(TupleNumber key)
{
    if (KeyState* known = stateOf(key)) {
        return *known;
    }
    if (key >= m_stateOfKey.size()) {
        m_stateOfKey.resize(std::max<std::size_t>(key + 1, m_stateOfKey.size() * 2), none);
    }
    if (m_freeStates.empty()) {
        m_freeStates.push_back(static_cast<std::uint32_t>(m_states.size()));
        m_states.emplace_back();
    }
    m_stateOfKey[key] = m_freeStates.back();
    m_freeStates.pop_back();
    KeyState& state = m_states[m_stateOfKey[key]];
    state.key = key;
    state.isLive = true;
    ++m_liveKeys;
    m_peakKeys = std::max(m_peakKeys, m_liveKeys);
    return state;
}

void Partials::closeIfEmpty(TupleNumber key)
{
    KeyState* state = stateOf(key);
    if (state == nullptr || !state->pending.empty()) {
        return;
    }
    state->untils.clear();
    state->isLive = false;
    m_freeStates.push_back(m_stateOfKey[key]);
    m_stateOfKey[key] = none;
    --m_liveKeys;
}

void Partials::place(KeyState& state, const Partial& partial)
{
    const auto same = std::ranges::find(state.pending, partial.slot, &Partial::slot);
    if (same != state.pending.end()) {
        discard(*same);
        *same = partial;
        return;
    }
    state.pending.push_back(partial);
}

void Partials::noteLive()
{
    ++m_live;
    m_peak = std::max(m_peak, m_live);
}

void Partials::start(TupleNumber key, std::uint32_t event, std::uint32_t rank,
                     std::int64_t milliseconds)
{
    place(openState(key), {0, addNode(event, none), rank, milliseconds});
    noteLive();
}

const Partial* Partials::pending(TupleNumber key, std::uint32_t slot) const
{
    const KeyState* state = stateOf(key);
    if (state == nullptr) {
        return nullptr;
    }
    const auto found = std::ranges::find(state->pending, slot, &Partial::slot);
    return found == state->pending.end() ? nullptr : &*found;
}

Partial Partials::take(TupleNumber key, std::uint32_t slot)
{
    KeyState& state = *stateOf(key);
    const auto found = std::ranges::find(state.pending, slot, &Partial::slot);
    const Partial partial = *found;
    *found = state.pending.back();
    state.pending.pop_back();
    closeIfEmpty(key);
    return partial;
}

void Partials::advance(TupleNumber key, Partial partial, std::uint32_t event, std::uint32_t rank)
{
    partial.node = addNode(event, partial.node);
    partial.lastRank = rank;
    ++partial.slot;
    place(openState(key), partial);
}

void Partials::discard(const Partial& partial)
{
    for (std::uint32_t node = partial.node; node != none; node = m_nodes[node].previous) {
        m_freeNodes.push_back(node);
    }
    --m_live;
}

std::vector<std::uint32_t> Partials::events(const Partial& partial) const
{
    std::vector<std::uint32_t> events;
    for (std::uint32_t node = partial.node; node != none; node = m_nodes[node].previous) {
        events.push_back(m_nodes[node].event);
    }
    std::ranges::reverse(events);
    return events;
}

std::size_t Partials::byteCount() const
{
    std::size_t bytes =
        m_stateOfKey.capacity() * sizeof(std::uint32_t) + m_states.capacity() * sizeof(KeyState)
        + m_nodes.capacity() * sizeof(Node)
        + (m_freeStates.capacity() + m_freeNodes.capacity()) * sizeof(std::uint32_t);
    for (const KeyState& state : m_states) {
        bytes += state.pending.capacity() * sizeof(Partial)
                 + state.untils.capacity() * sizeof(UntilEvent);
    }
    return bytes;
}

void Partials::noteUntil(TupleNumber key, std::uint32_t event, std::uint32_t rank, bool keepAll)
{
    KeyState* state = stateOf(key);
    if (state == nullptr) {
        return;
    }
    if (!keepAll) {
        state->untils.clear();
    }
    state->untils.push_back({event, rank});
}

const std::vector<Partials::UntilEvent>& Partials::untilEvents(TupleNumber key) const
{
    static const std::vector<UntilEvent> noEvents;
    const KeyState* state = stateOf(key);
    return state == nullptr ? noEvents : state->untils;
}

void Partials::evict(std::int64_t nowMilliseconds)
{
    if (!m_maxspanMs || m_liveKeys < m_sweepAt) {
        return;
    }
    for (std::size_t at = 0; at < m_states.size(); ++at) {
        KeyState& state = m_states[at];
        if (!state.isLive) {
            continue;
        }
        std::erase_if(state.pending, [&](const Partial& partial) {
            const bool isDead = nowMilliseconds - partial.firstMilliseconds > *m_maxspanMs;
            if (isDead) {
                discard(partial);
            }
            return isDead;
        });
        closeIfEmpty(state.key);
    }
    // Doubling keeps the cost of all sweeps in proportion to the partials started.
    m_sweepAt = std::max(smallestSweep, m_liveKeys * 2);
}

} // namespace sequela::engine
