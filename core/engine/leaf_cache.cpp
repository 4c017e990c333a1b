#include "core/engine/leaf_cache.h"

#include <algorithm>
#include <vector>

namespace sequela::engine {

LeafCache::Shard& LeafCache::shardOf(const std::string& name)
{
    return m_shards[std::hash<std::string>{}(name) % m_shards.size()];
}

std::shared_ptr<Leaf> LeafCache::find(const std::string& name)
{
    Shard& shard = shardOf(name);
    const std::scoped_lock lock(shard.mutex);
    const auto found = shard.leaves.find(name);
    if (found == shard.leaves.end()) {
        return nullptr;
    }
    found->second.lastUse = ++m_clock;
    return found->second.leaf;
}

std::shared_ptr<Leaf> LeafCache::add(const std::string& name, std::shared_ptr<Leaf> leaf)
{
    Shard& shard = shardOf(name);
    const std::scoped_lock lock(shard.mutex);
    return shard.leaves.try_emplace(name, Entry{std::move(leaf), ++m_clock}).first->second.leaf;
}

std::size_t LeafCache::byteCount() const
{
    std::size_t bytes = 0;
    for (const Shard& shard : m_shards) {
        const std::scoped_lock lock(shard.mutex);
        for (const auto& [name, entry] : shard.leaves) {
            bytes += name.size() + entry.leaf->byteCount();
        }
    }
    return bytes;
}

void LeafCache::trim(std::size_t byteLimit)
{
    std::size_t bytes = byteCount();
    if (bytes <= byteLimit) {
        return;
    }
    struct Candidate {
        std::uint64_t lastUse = 0;
        std::size_t bytes = 0;
        std::string name;
    };
    std::vector<Candidate> candidates;
    for (const Shard& shard : m_shards) {
        const std::scoped_lock lock(shard.mutex);
        for (const auto& [name, entry] : shard.leaves) {
            candidates.push_back({entry.lastUse, name.size() + entry.leaf->byteCount(), name});
        }
    }
    std::ranges::sort(candidates, {}, &Candidate::lastUse);
    // Down to three quarters, so that a full cache is not trimmed after every run.
    for (const Candidate& candidate : candidates) {
        if (bytes <= byteLimit / 4 * 3) {
            return;
        }
        Shard& shard = shardOf(candidate.name);
        const std::scoped_lock lock(shard.mutex);
        shard.leaves.erase(candidate.name);
        bytes -= std::min(bytes, candidate.bytes);
    }
}

} // namespace sequela::engine
