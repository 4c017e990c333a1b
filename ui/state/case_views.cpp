#include "ui/state/case_views.h"

#include "ui/state/case_session.h"
#include "ui/state/selection.h"

#include <algorithm>

namespace sequela::ui::state {
namespace {

std::uint8_t rankOf(const detect::Alert& alert)
{
    return static_cast<std::uint8_t>(1 + static_cast<int>(alert.severity));
}

void raise(std::uint8_t& rank, std::uint8_t to)
{
    rank = std::max(rank, to);
}

/// Alerts to the processes and flows of their events, and up the tree.
void rankAlerts(CaseViews::Built& built, const detect::Detection& detection)
{
    built.alertRank.assign(built.forest.processes().size(), 0);
    built.flowAlertRank.assign(built.timeline.flows().size(), 0);
    std::vector<std::uint8_t> eventRank(built.snapshot->events->eventCount(), 0);
    for (const detect::Alert& alert : detection.alerts) {
        for (const detect::AlertStage& stage : alert.stages) {
            if (!stage.event || stage.event->index() >= eventRank.size()) {
                continue;
            }
            raise(eventRank[stage.event->index()], rankOf(alert));
            if (const auto process = built.forest.processOf(*stage.event)) {
                raise(built.alertRank[process->index()], rankOf(alert));
            }
        }
    }
    const auto flows = built.timeline.flows();
    for (std::size_t i = 0; i < flows.size(); ++i) {
        raise(built.flowAlertRank[i], eventRank[flows[i].event.index()]);
        if (flows[i].endEvent) {
            raise(built.flowAlertRank[i], eventRank[flows[i].endEvent->index()]);
        }
    }
    built.subtreeAlertRank = built.alertRank;
    for (std::uint32_t i = 0; i < built.alertRank.size(); ++i) {
        const std::uint8_t rank = built.alertRank[i];
        auto parent =
            rank == 0 ? std::nullopt : built.forest.process(views::ProcessIndex(i)).parent;
        // An ancestor that already knows of one as bad has told its own ancestors, too.
        while (parent && built.subtreeAlertRank[parent->index()] < rank) {
            built.subtreeAlertRank[parent->index()] = rank;
            parent = built.forest.process(*parent).parent;
        }
    }
}

Result<CaseViews::Built> build(std::shared_ptr<const workspace::Snapshot> snapshot,
                               const std::shared_ptr<const detect::Detection>& detection,
                               const std::stop_token& stop)
{
    CaseViews::Built built;
    auto forest = views::ProcessForest::build(*snapshot->events, stop);
    if (!forest) {
        return std::unexpected(std::move(forest).error());
    }
    built.forest = std::move(*forest);
    auto timeline = views::NetworkTimeline::build(*snapshot->events, built.forest, stop);
    if (!timeline) {
        return std::unexpected(std::move(timeline).error());
    }
    built.timeline = std::move(*timeline);
    built.snapshot = std::move(snapshot);
    rankAlerts(built, detection ? *detection : detect::Detection{});
    return built;
}

} // namespace

CaseViews::CaseViews(CaseSession& session, JobBoard* board, QObject* parent)
    : QObject(parent), m_session(session), m_job(board)
{
    const auto rebuildOn = [this](auto signal) {
        connect(&m_session, signal, this, &CaseViews::rebuild);
    };
    rebuildOn(&CaseSession::caseOpened);
    rebuildOn(&CaseSession::snapshotChanged);
    rebuildOn(&CaseSession::alertsChanged);
    rebuild();
}

void CaseViews::rebuild()
{
    auto snapshot = m_session.snapshot();
    if (!snapshot || snapshot->events->eventCount() == 0) {
        m_job.cancel();
        if (m_built) {
            m_built.reset();
            Q_EMIT rebuilt();
        }
        return;
    }
    if (m_built && m_built->snapshot->events->eventCount() > snapshot->events->eventCount()) {
        m_built.reset(); // another case
        Q_EMIT rebuilt();
    }
    m_job.start<Built>(
        tr("Building process trees"),
        [snapshot = std::move(snapshot), detection = m_session.detection()](
            const std::stop_token& stop, Progress&) { return build(snapshot, detection, stop); },
        [this](Result<Built> result) {
            if (!result) {
                Q_EMIT failed(result.error());
                return;
            }
            m_built = std::make_shared<const Built>(std::move(*result));
            Q_EMIT rebuilt();
        });
}

std::optional<views::ProcessIndex> selectedProcess(const CaseViews::Built& built,
                                                   const Selection& selection,
                                                   const CaseSession& session)
{
    const SelectionState& selected = selection.state();
    if (selected.process) {
        if (const auto found =
                built.forest.find(selected.process->hostId, selected.process->entityId)) {
            return found;
        }
    }
    if (selected.event) {
        if (const auto found = built.forest.processOf(*selected.event)) {
            return found;
        }
    }
    if (const detect::Alert* alert = session.alert(selected.alertId)) {
        for (const detect::AlertStage& stage : alert->stages) {
            if (stage.event) {
                if (const auto found = built.forest.processOf(*stage.event)) {
                    return found;
                }
            }
        }
    }
    return std::nullopt;
}

ProcessKey keyOf(const views::Process& process)
{
    return {process.hostId, process.image().entityId};
}

} // namespace sequela::ui::state
