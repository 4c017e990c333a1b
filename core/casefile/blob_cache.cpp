#include "core/casefile/blob_cache.h"

#include <utility>

namespace sequela::casefile {

namespace {

/// What keeping an entry costs beside the part itself.
constexpr std::size_t entryOverheadBytes = 128;

} // namespace

std::optional<std::shared_ptr<const void>> BlobCache::findAny(const Key& key)
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_byKey.find(key);
    if (found == m_byKey.end()) {
        return std::nullopt;
    }
    m_entries.splice(m_entries.end(), m_entries, found->second);
    return found->second->part;
}

std::shared_ptr<const void> BlobCache::keepAny(const Key& key, std::shared_ptr<const void> part,
                                               std::size_t bytes)
{
    const std::scoped_lock lock(m_mutex);
    if (const auto found = m_byKey.find(key); found != m_byKey.end()) {
        return found->second->part;
    }
    m_entries.push_back({key, part, bytes + entryOverheadBytes});
    m_byKey.emplace(key, std::prev(m_entries.end()));
    m_bytes += bytes + entryOverheadBytes;
    while (m_bytes > m_byteLimit && m_entries.size() > 1) {
        m_bytes -= m_entries.front().bytes;
        m_byKey.erase(m_entries.front().key);
        m_entries.pop_front();
    }
    return part;
}

std::size_t BlobCache::bytes() const
{
    const std::scoped_lock lock(m_mutex);
    return m_bytes;
}

} // namespace sequela::casefile
