#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

namespace sequela {

/// What a long operation has done so far. The worker writes, any thread samples (a timer in the
/// window, the command line's progress line); nothing is signalled, so reporting costs nothing.
class Progress {
public:
    void setTotal(std::uint64_t total) { m_total.store(total, std::memory_order_relaxed); }
    void setDone(std::uint64_t done) { m_done.store(done, std::memory_order_relaxed); }
    void add(std::uint64_t done) { m_done.fetch_add(done, std::memory_order_relaxed); }
    void setItems(std::uint64_t items) { m_items.store(items, std::memory_order_relaxed); }
    void addItems(std::uint64_t items) { m_items.fetch_add(items, std::memory_order_relaxed); }
    /// What is being worked on: a file name, "running rules".
    void setLabel(std::string label);

    /// Work units (bytes, rules) in all; 0 while unknown.
    [[nodiscard]] std::uint64_t total() const { return m_total.load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t done() const { return m_done.load(std::memory_order_relaxed); }
    /// Results so far (events, alerts).
    [[nodiscard]] std::uint64_t items() const { return m_items.load(std::memory_order_relaxed); }
    [[nodiscard]] std::string label() const;

private:
    std::atomic<std::uint64_t> m_total{0};
    std::atomic<std::uint64_t> m_done{0};
    std::atomic<std::uint64_t> m_items{0};
    mutable std::mutex m_labelMutex;
    std::string m_label;
};

} // namespace sequela
