#pragma once

#include "core/views/network_timeline.h"
#include "core/views/process_forest.h"
#include "core/workspace/workspace.h"
#include "ui/jobs/job_runner.h"

#include <QObject>

#include <memory>
#include <optional>
#include <vector>

namespace sequela::ui::state {

class CaseSession;

/// Processes and network activity of the open case, built in a job whenever the snapshot changes
/// and shared by the tree and the timeline. GUI thread only; what the getters return is immutable.
class CaseViews : public QObject {
    Q_OBJECT

public:
    struct Built {
        std::shared_ptr<const workspace::Snapshot> snapshot;
        views::ProcessForest forest;
        views::NetworkTimeline timeline;
        /// Worst alert of each process: 0 for none, else 1 + severity. Indexed by process.
        std::vector<std::uint8_t> alertRank;
        /// The same over a process and everything below it.
        std::vector<std::uint8_t> subtreeAlertRank;
        /// Worst alert of the events that start or end a flow, indexed by flow.
        std::vector<std::uint8_t> flowAlertRank;
    };

    CaseViews(CaseSession& session, JobBoard* board, QObject* parent = nullptr);

    /// Null until the first build is done, or if no case is open. May belong to an older snapshot
    /// while a newer one is being built.
    [[nodiscard]] std::shared_ptr<const Built> built() const { return m_built; }
    [[nodiscard]] bool isBuilding() const { return m_job.isRunning(); }

Q_SIGNALS:
    /// `built()` is another.
    void rebuilt();
    void failed(const sequela::Diagnostic& error);

private:
    void rebuild();

    CaseSession& m_session;
    std::shared_ptr<const Built> m_built;
    JobRunner m_job;
};

class Selection;

/// The process that is selected, else that of the selected event, else that of the alert.
[[nodiscard]] std::optional<views::ProcessIndex> selectedProcess(const CaseViews::Built& built,
                                                                 const Selection& selection,
                                                                 const CaseSession& session);
/// How the shared selection names a process.
struct ProcessKey;
[[nodiscard]] ProcessKey keyOf(const views::Process& process);

} // namespace sequela::ui::state
