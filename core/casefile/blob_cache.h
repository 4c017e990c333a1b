#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace sequela::casefile {

/// Decoded parts of a case, least recently used first to go, bounded in bytes. What somebody still
/// holds lives on outside the cache. Thread-safe.
class BlobCache {
public:
    enum class Kind : std::uint8_t { Column, Times, Positions, Documents };
    struct Key {
        Kind kind = Kind::Column;
        std::uint32_t segment = 0;
        /// Field, or first row of a block of documents.
        std::uint32_t part = 0;
        std::uint32_t revision = 0;

        bool operator==(const Key&) const = default;
    };

    explicit BlobCache(std::size_t byteLimit) : m_byteLimit(byteLimit) {}

    /// The part, if it is there; a null pointer is an answer too ("the segment has no such
    /// column").
    template <typename Part>
    [[nodiscard]] std::optional<std::shared_ptr<const Part>> find(const Key& key)
    {
        auto found = findAny(key);
        if (!found) {
            return std::nullopt;
        }
        return std::static_pointer_cast<const Part>(std::move(*found));
    }
    /// Keeps the part unless another thread was faster; returns the one to use.
    template <typename Part>
    [[nodiscard]] std::shared_ptr<const Part> keep(const Key& key, std::shared_ptr<const Part> part,
                                                   std::size_t bytes)
    {
        return std::static_pointer_cast<const Part>(keepAny(key, std::move(part), bytes));
    }
    [[nodiscard]] std::size_t bytes() const;

private:
    struct Entry {
        Key key;
        std::shared_ptr<const void> part;
        std::size_t bytes = 0;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const noexcept
        {
            const std::uint64_t high = (std::uint64_t{key.segment} << 32U) | key.part;
            const std::uint64_t low =
                (std::uint64_t{key.revision} << 8U) | static_cast<std::uint64_t>(key.kind);
            return std::hash<std::uint64_t>{}((high * 0x9E3779B97F4A7C15ULL) ^ low);
        }
    };
    [[nodiscard]] std::optional<std::shared_ptr<const void>> findAny(const Key& key);
    [[nodiscard]] std::shared_ptr<const void>
    keepAny(const Key& key, std::shared_ptr<const void> part, std::size_t bytes);

    const std::size_t m_byteLimit;
    mutable std::mutex m_mutex;
    std::size_t m_bytes = 0;
    std::list<Entry> m_entries;
    std::unordered_map<Key, std::list<Entry>::iterator, KeyHash> m_byKey;
};

} // namespace sequela::casefile
