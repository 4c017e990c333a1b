#include "core/casefile/case_storage.h"

#include <algorithm>

namespace sequela::casefile {

Result<CaseStorage::Lease> CaseStorage::lease()
{
    std::unique_lock lock(m_mutex);
    if (m_closed) {
        return std::unexpected(
            makeError("case-closed", "The case has been closed.", "Open it again."));
    }
    if (m_idle.empty()) {
        auto opened = Connection::open(m_path, m_mode);
        if (!opened) {
            return std::unexpected(std::move(opened).error());
        }
        m_idle.push_back(std::move(*opened));
    }
    std::unique_ptr<Connection> connection = std::move(m_idle.back());
    m_idle.pop_back();
    connection->setPatience(m_patience);
    m_lent.push_back(connection.get());
    return Lease(*this, std::move(connection));
}

void CaseStorage::giveBack(std::unique_ptr<Connection> connection)
{
    const std::scoped_lock lock(m_mutex);
    std::erase(m_lent, connection.get());
    if (!m_closed) {
        m_idle.push_back(std::move(connection));
    }
    // An interrupt in shutDown() must not meet a connection that is being closed.
    connection.reset();
    m_allBack.notify_all();
}

void CaseStorage::startAfresh(std::chrono::milliseconds patience)
{
    const std::scoped_lock lock(m_mutex);
    m_idle.clear();
    m_patience = patience;
}

void CaseStorage::shutDown()
{
    std::unique_lock lock(m_mutex);
    m_closed = true;
    for (Connection* const connection : m_lent) {
        connection->interrupt();
    }
    m_allBack.wait(lock, [this] { return m_lent.empty(); });
    m_idle.clear();
}

void CaseStorage::noteReplaced(std::uint32_t segment, std::uint32_t field, std::uint32_t revision)
{
    const std::scoped_lock lock(m_replacedMutex);
    m_replaced[{segment, field}].push_back(revision);
    m_anyReplaced = true;
}

std::uint32_t CaseStorage::effectiveRevision(std::uint32_t segment, std::uint32_t field,
                                             std::uint32_t revision) const
{
    if (!m_anyReplaced) {
        return 0;
    }
    const std::scoped_lock lock(m_replacedMutex);
    const auto found = m_replaced.find({segment, field});
    std::uint32_t effective = 0;
    if (found != m_replaced.end()) {
        for (const std::uint32_t candidate : found->second) {
            if (candidate <= revision) {
                effective = std::max(effective, candidate);
            }
        }
    }
    return effective;
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> CaseStorage::replacedColumns() const
{
    const std::scoped_lock lock(m_replacedMutex);
    std::vector<std::pair<std::uint32_t, std::uint32_t>> columns;
    for (const auto& [column, revisions] : m_replaced) {
        columns.push_back(column);
    }
    return columns;
}

} // namespace sequela::casefile
