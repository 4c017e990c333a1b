#include "core/workspace/workspace_state.h"

#include <utility>

namespace sequela::workspace {

Result<std::vector<Bookmark>> Workspace::bookmarks() const
{
    if (!m_state->caseFile) {
        const std::scoped_lock lock(m_state->access);
        std::vector<Bookmark> marks;
        for (const auto& [event, time] : m_state->memoryBookmarks) {
            marks.push_back({event, {}, time});
        }
        return marks;
    }
    auto records = m_state->caseFile->bookmarks();
    if (!records) {
        return std::unexpected(std::move(records).error());
    }
    std::vector<Bookmark> marks;
    for (casefile::BookmarkRecord& record : *records) {
        std::optional<Timestamp> time;
        if (record.time != 0) {
            time = Timestamp(record.time);
        }
        marks.push_back({record.event, std::move(record.label), time});
    }
    return marks;
}

Result<void> Workspace::setBookmarked(std::span<const EventNumber> events, bool marked)
{
    const std::scoped_lock writing(m_state->writing);
    const std::shared_ptr<const Snapshot> current = snapshot();
    for (const EventNumber event : events) {
        if (!m_state->caseFile) {
            const std::scoped_lock lock(m_state->access);
            if (marked) {
                m_state->memoryBookmarks.try_emplace(event, currentTime());
            } else {
                m_state->memoryBookmarks.erase(event);
            }
            continue;
        }
        if (!marked) {
            SEQUELA_TRY(m_state->caseFile->removeBookmark(event));
            continue;
        }
        auto identity = current->events->identity(event);
        if (!identity) {
            return std::unexpected(std::move(identity).error());
        }
        casefile::BookmarkRecord record;
        record.event = event;
        record.identity = std::move(*identity);
        record.time = currentTime().nanoseconds();
        SEQUELA_TRY(m_state->caseFile->saveBookmark(record));
    }
    return {};
}

} // namespace sequela::workspace
