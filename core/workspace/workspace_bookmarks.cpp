#include "core/workspace/limits.h"
#include "core/workspace/workspace_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace sequela::workspace {

Result<std::vector<Bookmark>> Workspace::bookmarks() const
{
    std::vector<Bookmark> marks;
    if (!m_state->caseFile) {
        const std::scoped_lock lock(m_state->access);
        for (const auto& [event, mark] : m_state->memoryBookmarks) {
            marks.push_back(mark);
        }
        return marks;
    }
    auto records = m_state->caseFile->bookmarks();
    if (!records) {
        return std::unexpected(std::move(records).error());
    }
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
    const auto present = bookmarks();
    if (!present) {
        return std::unexpected(present.error());
    }
    std::set<EventNumber> known;
    for (const Bookmark& mark : *present) {
        known.insert(mark.event);
    }
    for (const EventNumber event : events) {
        if (known.contains(event) == marked) {
            continue;
        }
        if (!m_state->caseFile) {
            const std::scoped_lock lock(m_state->access);
            if (marked) {
                m_state->memoryBookmarks.try_emplace(event, Bookmark{event, {}, presentTime()});
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
        record.time = presentTime().nanoseconds();
        SEQUELA_TRY(m_state->caseFile->saveBookmark(record));
    }
    return {};
}

Result<void> Workspace::setBookmarkLabel(EventNumber event, std::string_view label)
{
    const std::scoped_lock writing(m_state->writing);
    const auto notMarked = [] {
        return std::unexpected(makeError("workspace-not-marked", "The event is not marked.",
                                         "Mark it first, then say why."));
    };
    if (!m_state->caseFile) {
        const std::scoped_lock lock(m_state->access);
        const auto found = m_state->memoryBookmarks.find(event);
        if (found == m_state->memoryBookmarks.end()) {
            return notMarked();
        }
        found->second.label = label;
        return {};
    }
    auto records = m_state->caseFile->bookmarks();
    if (!records) {
        return std::unexpected(std::move(records).error());
    }
    const auto found = std::ranges::find(*records, event, &casefile::BookmarkRecord::event);
    if (found == records->end()) {
        return notMarked();
    }
    found->label = label;
    return m_state->caseFile->saveBookmark(*found);
}

Result<std::optional<std::string>> Workspace::layout(std::string_view key) const
{
    if (m_state->caseFile) {
        return m_state->caseFile->layout(key);
    }
    const std::scoped_lock lock(m_state->access);
    const auto found = m_state->memoryLayouts.find(key);
    return found == m_state->memoryLayouts.end() ? std::nullopt : std::optional(found->second);
}

Result<void> Workspace::saveLayout(std::string_view key, std::string_view text)
{
    if (text.size() > limits::maxLayoutBytes) {
        return std::unexpected(makeError(
            "workspace-layout-size",
            fmt::format("The arrangement of the window takes {} bytes; a case keeps {} at most.",
                        text.size(), limits::maxLayoutBytes),
            "Take colour rules or columns away."));
    }
    const std::scoped_lock writing(m_state->writing);
    if (m_state->caseFile) {
        return m_state->caseFile->saveLayout(key, text);
    }
    const std::scoped_lock lock(m_state->access);
    if (text.empty()) {
        if (const auto found = m_state->memoryLayouts.find(key);
            found != m_state->memoryLayouts.end()) {
            m_state->memoryLayouts.erase(found);
        }
    } else {
        m_state->memoryLayouts.insert_or_assign(std::string(key), std::string(text));
    }
    return {};
}

} // namespace sequela::workspace
