#include "ui/rules/match_list.h"

#include <algorithm>
#include <utility>

namespace sequela::ui {

void MatchList::reserve(std::size_t count)
{
    m_events.reserve(count * m_slotCount);
    m_changes.reserve(count);
}

void MatchList::add(const engine::Match& match, MatchChange change, std::string note)
{
    for (std::size_t slot = 0; slot < m_slotCount; ++slot) {
        const bool isThere = slot < match.events.size();
        m_events.push_back(!isThere             ? noSlot
                           : match.events[slot] ? match.events[slot]->value()
                                                : noEvent);
    }
    if (!note.empty() || !m_notes.empty()) {
        m_notes.resize(m_changes.size());
        m_notes.push_back(std::move(note));
    }
    m_changes.push_back(change);
}

void MatchList::add(std::span<const std::uint32_t> events, MatchChange change)
{
    for (std::size_t slot = 0; slot < m_slotCount; ++slot) {
        m_events.push_back(slot < events.size() ? events[slot] : noSlot);
    }
    if (!m_notes.empty()) {
        m_notes.emplace_back();
    }
    m_changes.push_back(change);
}

std::optional<EventNumber> MatchList::event(std::size_t row, std::size_t slot) const
{
    const std::uint32_t event = slot < m_slotCount ? events(row)[slot] : noSlot;
    return event == noEvent || event == noSlot ? std::nullopt : std::optional(EventNumber(event));
}

std::optional<EventNumber> MatchList::firstEvent(std::size_t row) const
{
    for (std::size_t slot = 0; slot < m_slotCount; ++slot) {
        if (const auto found = event(row, slot)) {
            return found;
        }
    }
    return std::nullopt;
}

const std::string& MatchList::note(std::size_t row) const
{
    static const std::string none;
    return row < m_notes.size() ? m_notes[row] : none;
}

MatchIndex::MatchIndex(MatchList matches) : m_matches(std::move(matches))
{
    m_order.resize(m_matches.size());
    for (std::uint32_t row = 0; row < m_order.size(); ++row) {
        m_order[row] = row;
    }
    std::ranges::sort(m_order, [this](std::uint32_t left, std::uint32_t right) {
        return std::ranges::lexicographical_compare(m_matches.events(left),
                                                    m_matches.events(right));
    });
}

std::optional<std::size_t> MatchIndex::find(std::span<const std::uint32_t> events) const
{
    const auto place = std::ranges::lower_bound(
        m_order, events,
        [](std::span<const std::uint32_t> left, std::span<const std::uint32_t> right) {
            return std::ranges::lexicographical_compare(left, right);
        },
        [this](std::uint32_t row) { return m_matches.events(row); });
    if (place == m_order.end() || !std::ranges::equal(m_matches.events(*place), events)) {
        return std::nullopt;
    }
    return *place;
}

MatchList listOf(const std::vector<engine::Match>& matches, std::size_t slotCount)
{
    MatchList list(slotCount);
    list.reserve(matches.size());
    for (const engine::Match& match : matches) {
        list.add(match, MatchChange::None);
    }
    return list;
}

} // namespace sequela::ui
