#pragma once

#include "ui/jobs/job_runner.h"
#include "ui/rules/editor_panel.h"
#include "ui/rules/live_run.h"
#include "ui/rules/match_table.h"
#include "ui/rules/rules_workspace.h"
#include "ui/state/context.h"

#include <QList>
#include <QSize>
#include <QTimer>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

class QAction;

namespace sequela::ui {

class CostView;
class ExceptionsView;
class FunnelView;
class NearMissesView;
class Panel;
class RuleListPanel;
class ScheduleView;
class VersionsView;
class WorkshopActions;

/// What the Rules workspace is made of and how its parts speak to each other. Written in four
/// files: the parts and their signals (workspace_parts.cpp), what can be triggered
/// (workspace_actions.cpp), the jobs behind an edit (workspace_runs.cpp), and what their results
/// change on the screen (workspace_results.cpp).
struct RulesWorkspace::Parts {
    /// Tabs of the results, in their order.
    enum ResultPage : int {
        MatchesPage,
        ChangesPage,
        NearMissesPage,
        SchedulePage,
        CostPage,
        VersionsPage,
        ExceptionsPage
    };

    Parts(RulesWorkspace& workspace, const state::Context& shared);

    void layOut();
    void sizeDocks();
    /// Gives the docks their shares of the window as it is.
    void scaleDocks();
    void rememberShares();
    bool sized = false;
    /// Shares of the window that docks have, and the size it had when they were given.
    double listShare = 0.18;
    double funnelShare = 0.25;
    double resultsShare = 0.42;
    QSize sharedOut;
    /// They speak to this and go with it.
    std::vector<std::unique_ptr<QObject>> watches;
    void makeActions();
    void connectParts();
    void connectWorkshop();
    void followEdit();
    void start();
    void startFollowUps();
    void take(Result<LiveResult> result);
    void showCurrent();
    void showResult();
    void showStatus(bool stale);
    void setStale();
    void startPreview(std::int64_t maxspanMs);
    void startExamination();
    void startLint();
    void startReplay();
    void connectSession();
    void connectPages();
    void turnPage(int tab);
    void noteVersion(OpenQuery& query);
    void showVersions();
    void showSchedule();
    void showExceptionsOf(const OpenQuery* query);
    [[nodiscard]] std::vector<MatchTable*> matchTables() const
    {
        return {matches, changes, nearMisses};
    }
    void showMisses(const OpenQuery& query);
    void makeRuleActions();
    void openWanted();

    RulesWorkspace& page;
    state::Context context;
    RuleListPanel* list = nullptr;
    EditorPanel* editor = nullptr;
    Panel* results = nullptr;
    Panel* funnelPanel = nullptr;
    Panel* nearPanel = nullptr;
    MatchTable* matches = nullptr;
    MatchTable* changes = nullptr;
    MatchTable* nearMisses = nullptr;
    FunnelView* funnel = nullptr;
    NearMissesView* near = nullptr;
    CostView* cost = nullptr;
    ScheduleView* schedule = nullptr;
    VersionsView* versions = nullptr;
    ExceptionsView* exceptions = nullptr;
    WorkshopActions* workshop = nullptr;
    /// A rule to open as soon as the set is loaded anew.
    std::filesystem::path wanted;
    QList<QAction*> actions;
    QTimer pause;
    QTimer longPause;
    /// What is on screen belongs to another text than the editor's.
    bool stale = false;
    bool failed = false;

    // Last, so that they are joined before what they use goes.
    JobRunner runJob;
    JobRunner nearJob;
    JobRunner previewJob;
    JobRunner costJob;
    JobRunner lintJob;
    JobRunner scheduleJob;
};

} // namespace sequela::ui
