#pragma once

#include "core/engine/engine.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sequela::ui {

/// Stands for an event in a slot that had to stay empty, and for no slot at all where matches of
/// different queries stand in one list.
inline constexpr std::uint32_t noEvent = 0xffffffffU;
inline constexpr std::uint32_t noSlot = 0xfffffffeU;

enum class MatchChange : std::uint8_t { None, Kept, Gained, Lost };

/// Matches as rows of event numbers, flat, so that hundreds of thousands of them are made in a job,
/// handed to the window as they are, and let go of at once.
class MatchList {
public:
    explicit MatchList(std::size_t slotCount = 1) : m_slotCount(slotCount) {}

    void reserve(std::size_t count);
    /// @p note: why it is in the list, for near misses.
    void add(const engine::Match& match, MatchChange change, std::string note = {});
    void add(std::span<const std::uint32_t> events, MatchChange change);

    [[nodiscard]] std::size_t size() const { return m_changes.size(); }
    [[nodiscard]] bool isEmpty() const { return m_changes.empty(); }
    [[nodiscard]] std::size_t slotCount() const { return m_slotCount; }
    /// Event numbers by slot, noEvent and noSlot among them.
    [[nodiscard]] std::span<const std::uint32_t> events(std::size_t row) const
    {
        return std::span(m_events).subspan(row * m_slotCount, m_slotCount);
    }
    [[nodiscard]] std::optional<EventNumber> event(std::size_t row, std::size_t slot) const;
    /// The first event there is.
    [[nodiscard]] std::optional<EventNumber> firstEvent(std::size_t row) const;
    [[nodiscard]] MatchChange change(std::size_t row) const { return m_changes[row]; }
    [[nodiscard]] const std::string& note(std::size_t row) const;
    [[nodiscard]] bool hasNotes() const { return !m_notes.empty(); }

private:
    std::size_t m_slotCount;
    std::vector<std::uint32_t> m_events;
    std::vector<MatchChange> m_changes;
    /// One a row, or none at all.
    std::vector<std::string> m_notes;
};

/// Matches to look others up in. Two are the same if they cover the same events in the same slots.
class MatchIndex {
public:
    explicit MatchIndex(MatchList matches = MatchList());

    [[nodiscard]] const MatchList& matches() const { return m_matches; }
    /// Row of the match over these events.
    [[nodiscard]] std::optional<std::size_t> find(std::span<const std::uint32_t> events) const;

private:
    MatchList m_matches;
    /// Rows in the order of their events.
    std::vector<std::uint32_t> m_order;
};

/// All matches of a run, none of them changed.
[[nodiscard]] MatchList listOf(const std::vector<engine::Match>& matches, std::size_t slotCount);

} // namespace sequela::ui
