#pragma once

#include "core/casefile/blob_cache.h"
#include "core/casefile/database.h"
#include "core/casefile/limits.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace sequela::casefile {

/// The reading side of an open case, shared by the CaseFile and its snapshots: connections that
/// are lent to one thread at a time, and the cache. Thread-safe.
class CaseStorage {
public:
    /// A connection for as long as it lives; goes back to the pool.
    class Lease {
    public:
        Lease(CaseStorage& storage, std::unique_ptr<Connection> connection)
            : m_storage(&storage), m_connection(std::move(connection))
        {
        }
        Lease(Lease&&) noexcept = default;
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        ~Lease()
        {
            if (m_connection) {
                m_storage->giveBack(std::move(m_connection));
            }
        }
        Connection& operator*() const { return *m_connection; }
        Connection* operator->() const { return m_connection.get(); }

    private:
        CaseStorage* m_storage;
        std::unique_ptr<Connection> m_connection;
    };

    CaseStorage(std::filesystem::path path, Connection::Mode mode, std::size_t cacheBytes)
        : m_path(std::move(path)), m_mode(mode), m_cache(cacheBytes)
    {
    }

    /// Error: `case-closed` after shutDown().
    [[nodiscard]] Result<Lease> lease();
    /// Closes the connections that nobody has at the moment; later ones have this patience.
    void startAfresh(std::chrono::milliseconds patience);
    /// Interrupts what is under way, waits for it and closes all connections.
    void shutDown();
    [[nodiscard]] BlobCache& cache() { return m_cache; }

    /// Announces, before it is committed, that a column gets a new revision.
    void noteReplaced(std::uint32_t segment, std::uint32_t field, std::uint32_t revision);
    /// Revision under which the cache knows a column as a snapshot of @p revision sees it.
    [[nodiscard]] std::uint32_t effectiveRevision(std::uint32_t segment, std::uint32_t field,
                                                  std::uint32_t revision) const;
    /// Columns that have been replaced since the case was opened.
    [[nodiscard]] std::vector<std::pair<std::uint32_t, std::uint32_t>> replacedColumns() const;

private:
    void giveBack(std::unique_ptr<Connection> connection);

    const std::filesystem::path m_path;
    const Connection::Mode m_mode;
    BlobCache m_cache;

    std::mutex m_mutex;
    std::condition_variable m_allBack;
    bool m_closed = false;
    std::chrono::milliseconds m_patience = limits::patience;
    std::vector<std::unique_ptr<Connection>> m_idle;
    std::vector<Connection*> m_lent;

    mutable std::mutex m_replacedMutex;
    std::atomic<bool> m_anyReplaced{false};
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<std::uint32_t>> m_replaced;
};

} // namespace sequela::casefile
