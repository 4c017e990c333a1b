#include "ui/state/case_session.h"
#include "ui/state/selection.h"
#include "ui/text/event_text.h"

#include <algorithm>

namespace sequela::ui::state {

bool CaseSession::hasUnsavedWork() const
{
    if (!m_workspace || !m_isTemporary) {
        return false;
    }
    const auto isDecided = [](const detect::Alert& alert) {
        return alert.verdict.changed.has_value();
    };
    return !m_bookmarks.empty() || !m_pendingBookmarks.empty() || !m_pendingVerdicts.empty()
           || m_verdictJob.isRunning()
           || (m_detection && std::ranges::any_of(m_detection->alerts, isDecided));
}

void CaseSession::saveCaseAs(const std::filesystem::path& file)
{
    if (!m_workspace || m_saveRequested) {
        return;
    }
    if (m_importJob.isRunning() || m_openJob.isRunning()) {
        Q_EMIT failed(makeError("case-busy", "The case is still being imported into.",
                                "Save it when the import has ended, or cancel the import."));
        return;
    }
    m_saveTarget = file;
    m_saveRequested = true;
    startSave();
}

void CaseSession::startSave()
{
    // A verdict on its way would be left behind in the old file: it goes first.
    if (!m_saveRequested || m_saveJob.isRunning() || m_verdictJob.isRunning()
        || m_bookmarkJob.isRunning() || !m_workspace) {
        return;
    }
    using WorkspacePtr = std::shared_ptr<workspace::Workspace>;
    m_detectJob.cancel();
    m_saveJob.start<WorkspacePtr>(
        tr("Saving %1").arg(text::visible(m_saveTarget.filename().string())),
        [workspace = m_workspace, target = m_saveTarget](
            const std::stop_token& stop, Progress& progress) -> Result<WorkspacePtr> {
            SEQUELA_TRY(workspace->saveCopy(target, progress, stop));
            auto saved =
                workspace::Workspace::open(target, workspace::Workspace::OpenMode::ReadWrite);
            if (!saved) {
                return std::unexpected(std::move(saved).error());
            }
            (*saved)->setRules(workspace->rules());
            return WorkspacePtr(std::move(*saved));
        },
        [this](Result<WorkspacePtr> saved) {
            if (!saved) {
                Q_EMIT failed(saved.error());
                return;
            }
            takeOver(std::move(*saved));
        });
}

void CaseSession::takeOver(std::shared_ptr<workspace::Workspace> saved)
{
    m_filterJob.cancel();
    m_workspace = std::move(saved);
    m_isTemporary = false;
    m_snapshot = m_workspace->snapshot();
    Q_EMIT snapshotChanged();
    takeDetection(indexed(m_workspace->detection()));
    refreshFilter(m_filter->text);
    Q_EMIT caseSaved();
    runRules();
}

void CaseSession::readBookmarks()
{
    m_bookmarkJob.start<std::vector<workspace::Bookmark>>(
        tr("Reading marks"),
        [workspace = m_workspace](const std::stop_token&, Progress&) {
            return workspace->bookmarks();
        },
        [this](const Result<std::vector<workspace::Bookmark>>& marks) {
            if (!marks) {
                Q_EMIT failed(marks.error());
                return;
            }
            for (const workspace::Bookmark& mark : *marks) {
                // A case may be a stranger's.
                if (mark.event.value() >= eventCount()) {
                    continue;
                }
                m_bookmarks.insert(mark.event);
                if (!mark.label.empty()) {
                    m_bookmarkNotes[mark.event] = text::fromUtf8(mark.label);
                }
            }
            Q_EMIT bookmarksChanged();
        });
}

void CaseSession::setBookmarked(std::vector<EventNumber> events, bool marked)
{
    if (!m_workspace) {
        return;
    }
    for (const EventNumber event : events) {
        if (marked) {
            m_bookmarks.insert(event);
        } else {
            m_bookmarks.erase(event);
            m_bookmarkNotes.erase(event);
        }
    }
    m_pendingBookmarks.push_back({std::move(events), marked, std::nullopt});
    keepBookmarks();
}

void CaseSession::setBookmarkNote(EventNumber event, const QString& note)
{
    if (!m_workspace || !m_bookmarks.contains(event) || bookmarkNote(event) == note) {
        return;
    }
    m_bookmarkNotes[event] = note;
    m_pendingBookmarks.push_back({{event}, true, text::toUtf8(note)});
    keepBookmarks();
}

void CaseSession::keepBookmarks()
{
    Q_EMIT bookmarksChanged();
    writeBookmarks();
    if (hasUnsavedWork()) {
        Q_EMIT unsavedWork();
    }
}

void CaseSession::writeBookmarks()
{
    if (m_pendingBookmarks.empty() || m_bookmarkJob.isRunning() || m_saveJob.isRunning()
        || !m_workspace) {
        return;
    }
    m_bookmarkJob.start<bool>(
        tr("Keeping marks"),
        [workspace = m_workspace, pending = std::exchange(m_pendingBookmarks, {})](
            const std::stop_token&, Progress&) -> Result<bool> {
            for (const PendingMarks& marks : pending) {
                if (marks.note) {
                    SEQUELA_TRY(workspace->setBookmarkLabel(marks.events.front(), *marks.note));
                } else {
                    SEQUELA_TRY(workspace->setBookmarked(marks.events, marks.marked));
                }
            }
            return true;
        },
        [this](const Result<bool>& kept) {
            if (!kept) {
                Q_EMIT failed(kept.error());
            }
        });
}

} // namespace sequela::ui::state
