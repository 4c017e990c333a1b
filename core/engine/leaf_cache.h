#pragma once

#include "core/engine/leaf.h"

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace sequela::engine {

/// Leaves by canonical text, shared by all runs over one set of events. Bounded by
/// limits::leafCacheBytes; a run keeps the leaves it uses alive. Thread-safe.
class LeafCache {
public:
    [[nodiscard]] std::shared_ptr<Leaf> find(const std::string& name);
    /// Adds a leaf, or returns the one another thread has added under this name.
    [[nodiscard]] std::shared_ptr<Leaf> add(const std::string& name, std::shared_ptr<Leaf> leaf);
    /// Drops the least recently used leaves while the cache holds more than @p byteLimit. Called
    /// after each run; looks only now and then.
    void trim(std::size_t byteLimit);
    [[nodiscard]] std::size_t byteCount() const;

private:
    struct Entry {
        std::shared_ptr<Leaf> leaf;
        std::uint64_t lastUse = 0;
    };
    struct Shard {
        mutable std::mutex mutex;
        std::unordered_map<std::string, Entry> leaves;
    };
    [[nodiscard]] Shard& shardOf(const std::string& name);

    std::array<Shard, 16> m_shards;
    std::atomic<std::uint64_t> m_clock = 0;
};

} // namespace sequela::engine
