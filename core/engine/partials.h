#pragma once

#include "core/engine/join_keys.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace sequela::engine {

/// A sequence under way: filled up to `slot`.
struct Partial {
    std::uint32_t slot = 0;
    /// Its last event, linked to those before.
    std::uint32_t node = 0;
    std::uint32_t lastRank = 0;
    std::int64_t firstMilliseconds = 0;
};

/// The pending partials of every live key, at most one per slot (eql.md 8.3).
class Partials {
public:
    explicit Partials(std::optional<std::int64_t> maxspanMs) : m_maxspanMs(maxspanMs) {}

    /// Starts a partial in slot 0, replacing the pending one.
    void start(TupleNumber key, std::uint32_t event, std::uint32_t rank, std::int64_t milliseconds);
    /// The pending partial of a slot, or null. Good until the next change.
    [[nodiscard]] const Partial* pending(TupleNumber key, std::uint32_t slot) const;
    /// Removes the pending partial of a slot, which must exist, and hands it over.
    [[nodiscard]] Partial take(TupleNumber key, std::uint32_t slot);
    /// Puts a taken partial, grown by an event, into the next slot, replacing the pending one.
    void advance(TupleNumber key, Partial partial, std::uint32_t event, std::uint32_t rank);
    /// Gives up a taken partial.
    void discard(const Partial& partial);
    /// Events of a partial, first first.
    [[nodiscard]] std::vector<std::uint32_t> events(const Partial& partial) const;

    /// Notes an until event; matters only to keys that have partials.
    void noteUntil(TupleNumber key, std::uint32_t event, std::uint32_t rank, bool keepAll);
    struct UntilEvent {
        std::uint32_t event = 0;
        std::uint32_t rank = 0;
    };
    /// Until events of the key so far, ascending: the last one, or all with keepAll.
    [[nodiscard]] const std::vector<UntilEvent>& untilEvents(TupleNumber key) const;

    /// Forgets what maxspan has made dead at a time, when enough has gathered.
    void evict(std::int64_t nowMilliseconds);
    [[nodiscard]] std::uint64_t peak() const { return m_peak; }
    [[nodiscard]] std::uint64_t liveKeys() const { return m_liveKeys; }
    [[nodiscard]] std::uint64_t peakKeys() const { return m_peakKeys; }
    /// Bytes held; they only grow.
    [[nodiscard]] std::size_t byteCount() const;

private:
    struct KeyState {
        std::vector<Partial> pending;
        std::vector<UntilEvent> untils;
        TupleNumber key = 0;
        bool isLive = false;
    };
    struct Node {
        std::uint32_t event = 0;
        std::uint32_t previous = 0;
    };
    static constexpr std::uint32_t none = 0xFFFF'FFFFU;
    static constexpr std::uint64_t smallestSweep = 4096;

    [[nodiscard]] std::uint32_t addNode(std::uint32_t event, std::uint32_t previous);
    [[nodiscard]] KeyState* stateOf(TupleNumber key);
    [[nodiscard]] const KeyState* stateOf(TupleNumber key) const;
    KeyState& openState(TupleNumber key);
    void closeIfEmpty(TupleNumber key);
    void place(KeyState& state, const Partial& partial);
    void noteLive();

    std::optional<std::int64_t> m_maxspanMs;
    /// stateOfKey[tuple] is an index into m_states, or none.
    std::vector<std::uint32_t> m_stateOfKey;
    std::vector<KeyState> m_states;
    std::vector<std::uint32_t> m_freeStates;
    std::vector<Node> m_nodes;
    std::vector<std::uint32_t> m_freeNodes;
    std::uint64_t m_live = 0;
    std::uint64_t m_peak = 0;
    std::uint64_t m_liveKeys = 0;
    std::uint64_t m_peakKeys = 0;
    std::uint64_t m_sweepAt = smallestSweep;
};

} // namespace sequela::engine
