#include "ui/rules/workspace_parts.h"

#include "core/rules/rule_set.h"
#include "ui/editor/eql_editor.h"
#include "ui/rules/cost_view.h"
#include "ui/rules/exceptions_view.h"
#include "ui/rules/funnel_view.h"
#include "ui/rules/near_misses_view.h"
#include "ui/rules/query_status.h"
#include "ui/rules/rule_list_panel.h"
#include "ui/rules/rule_tests_view.h"
#include "ui/rules/schedule_view.h"
#include "ui/rules/versions_view.h"
#include "ui/rules/workshop_actions.h"
#include "ui/state/case_session.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "ui/widgets/panel.h"

#include <QEvent>
#include <QMenu>

#include <functional>
#include <initializer_list>
#include <utility>

namespace sequela::ui {

namespace {

/// From the last key stroke to the run.
constexpr int pauseMs = 150;
/// The same for what only matters when the typing is over: near misses, tests.
constexpr int longPauseMs = 250;

/// Tells of another size of the widget it watches.
class ResizeWatch : public QObject {
public:
    explicit ResizeWatch(std::function<void()> resized) : m_resized(std::move(resized)) {}

protected:
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() == QEvent::Resize) {
            m_resized();
        }
        return QObject::eventFilter(watched, event);
    }

private:
    std::function<void()> m_resized;
};

} // namespace

RulesWorkspace::Parts::Parts(RulesWorkspace& workspace, const state::Context& shared)
    : page(workspace),
      context(shared),
      list(new RuleListPanel(shared, &workspace)),
      editor(new EditorPanel(shared, &workspace)),
      results(new Panel(shared.theme, QStringLiteral("rules.results"), tr("Results"), &workspace)),
      funnelPanel(
          new Panel(shared.theme, QStringLiteral("rules.funnel"), tr("Funnel"), &workspace)),
      nearPanel(new Panel(shared.theme, QStringLiteral("rules.nearMisses"), tr("Near misses"),
                          &workspace)),
      matches(new MatchTable(shared, results)),
      changes(new MatchTable(shared, results)),
      nearMisses(new MatchTable(shared, results)),
      funnel(new FunnelView(shared, funnelPanel)),
      near(new NearMissesView(shared, nearPanel)),
      cost(new CostView(shared, results)),
      schedule(new ScheduleView(shared, results)),
      versions(new VersionsView(shared, results)),
      exceptions(new ExceptionsView(shared, results)),
      workshop(new WorkshopActions(shared, *editor, &workspace)),
      runJob(&shared.jobs),
      nearJob(&shared.jobs),
      previewJob(&shared.jobs),
      costJob(&shared.jobs),
      lintJob(&shared.jobs),
      scheduleJob(&shared.jobs)
{
    pause.setSingleShot(true);
    pause.setInterval(pauseMs);
    longPause.setSingleShot(true);
    longPause.setInterval(longPauseMs);
    layOut();
    makeActions();
    makeRuleActions();
    connectParts();
    connectSession();
    connectWorkshop();
    connectPages();
    showCurrent();
}

void RulesWorkspace::Parts::layOut()
{
    page.setDockNestingEnabled(true);
    page.setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    page.setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    page.setCentralWidget(editor);
    page.addDockWidget(Qt::LeftDockWidgetArea, list);
    page.addDockWidget(Qt::BottomDockWidgetArea, results);
    page.addDockWidget(Qt::RightDockWidgetArea, funnelPanel);
    page.splitDockWidget(funnelPanel, nearPanel, Qt::Vertical);
    matches->setObjectName(QStringLiteral("rules.matches"));
    changes->setObjectName(QStringLiteral("rules.changes"));
    nearMisses->setObjectName(QStringLiteral("rules.tooLate"));
    results->header().addTab(tr("Matches"));
    results->header().addTab(tr("Changes"));
    results->header().addTab(tr("Near misses"));
    results->header().addTab(tr("Schedule"));
    results->header().addTab(tr("Cost"));
    results->header().addTab(tr("Versions"));
    results->header().addTab(tr("Exceptions"));
    results->addPage(matches);
    results->addPage(changes);
    results->addPage(nearMisses);
    results->addPage(schedule);
    results->addPage(cost);
    results->addPage(versions);
    results->addPage(exceptions);
    funnelPanel->header().setHint(tr("how each clause narrows the events"));
    funnelPanel->addPage(funnel);
    nearPanel->addPage(near);
}

// Docks take their sizes from the window they are in, which has its own only once it is shown.
void RulesWorkspace::Parts::sizeDocks()
{
    scaleDocks();
    page.resizeDocks({funnelPanel, nearPanel}, {page.height() / 2, page.height() / 2},
                     Qt::Vertical);
    for (QWidget* dock : std::initializer_list<QWidget*>{list, funnelPanel, results}) {
        watches.push_back(std::make_unique<ResizeWatch>([this] { rememberShares(); }));
        dock->installEventFilter(watches.back().get());
    }
}

// Left alone, docks keep their sizes and the editor takes all there is to gain or to lose.
void RulesWorkspace::Parts::scaleDocks()
{
    const auto part = [](double share, int of) { return qRound(share * of); };
    page.resizeDocks({list, funnelPanel},
                     {part(listShare, page.width()), part(funnelShare, page.width())},
                     Qt::Horizontal);
    page.resizeDocks({results}, {part(resultsShare, page.height())}, Qt::Vertical);
    sharedOut = page.size();
}

// While the window has the size it had, only the user moves the borders.
void RulesWorkspace::Parts::rememberShares()
{
    if (page.size() != sharedOut || sharedOut.isEmpty()) {
        return;
    }
    listShare = 1.0 * list->width() / sharedOut.width();
    funnelShare = 1.0 * funnelPanel->width() / sharedOut.width();
    resultsShare = 1.0 * results->height() / sharedOut.height();
}

void RulesWorkspace::Parts::openWanted()
{
    const auto rules = context.session.rules();
    if (wanted.empty() || !rules) {
        return;
    }
    for (const rules::RuleEntry& entry : rules->entries()) {
        if (std::filesystem::path(entry.path) == wanted) {
            // Cleared first: opening may load the rules anew.
            wanted.clear();
            editor->openEntry(entry);
            return;
        }
    }
}

void RulesWorkspace::Parts::connectParts()
{
    const auto openEntry = [this](std::size_t index, bool stay) {
        const auto rules = context.session.rules();
        if (rules && index < rules->entries().size()) {
            editor->openEntry(rules->entries()[index]);
            if (!stay) {
                page.focusEditor();
            }
        }
    };
    QObject::connect(list, &RuleListPanel::entryChosen, &page, openEntry);
    QObject::connect(editor, &EditorPanel::currentChanged, &page, [this] { showCurrent(); });
    QObject::connect(editor, &EditorPanel::edited, &page, [this] { followEdit(); });
    QObject::connect(editor, &EditorPanel::runRequested, &page, [this] { start(); });
    QObject::connect(editor, &EditorPanel::newRequested, &page,
                     [this] { editor->openScratch({}); });
    QObject::connect(editor, &EditorPanel::saved, &page, [this] {
        context.session.setRulePaths(context.session.rulePaths());
        start();
    });
    QObject::connect(&editor->status(), &QueryStatus::clicked, &page,
                     [this] { results->header().setCurrentTab(ChangesPage); });
    QObject::connect(&pause, &QTimer::timeout, &page, [this] { start(); });
    QObject::connect(&longPause, &QTimer::timeout, &page, [this] { startFollowUps(); });
    QObject::connect(near, &NearMissesView::previewWanted, &page,
                     [this](std::int64_t maxspanMs) { startPreview(maxspanMs); });
    QObject::connect(funnel, &FunnelView::clauseActivated, &page, [this](SourceSpan span) {
        if (OpenQuery* query = editor->current(); query != nullptr && !stale) {
            query->editor->setCaret(span.begin);
        }
    });
    QObject::connect(funnel, &FunnelView::filterRequested, &page, [this](const std::string& text) {
        context.session.applyFilter(text);
        Q_EMIT page.statusChanged(tr("The filter shows the events left after the clause"));
    });
    for (MatchTable* table : matchTables()) {
        QObject::connect(table, &MatchTable::eventActivated, &page,
                         &RulesWorkspace::eventActivated);
    }
}

void RulesWorkspace::Parts::connectSession()
{
    state::CaseSession& session = context.session;
    QObject::connect(&session, &state::CaseSession::caseOpened, &page, [this] {
        for (const auto& query : editor->queries()) {
            query->result.reset();
            query->nearMisses.reset();
            query->clauses.reset();
            query->baseline.reset();
            query->schedule.reset();
            query->versions = VersionHistory();
        }
        editor->refreshLanguage();
        showCurrent();
    });
    QObject::connect(&session, &state::CaseSession::snapshotChanged, &page, [this] {
        editor->refreshLanguage();
        followEdit();
    });
    QObject::connect(&session, &state::CaseSession::rulesChanged, &page, [this] {
        editor->refreshEntries();
        openWanted();
        if (const OpenQuery* query = editor->current(); query != nullptr && query->isRule()) {
            editor->tests().run(query->entry->rule, query->entry->testFile, query->editor->text());
        }
    });
    QObject::connect(&session, &state::CaseSession::alertsChanged, &page, [this] {
        // Verdicts decide what the guard guards, and exceptions what is compared with.
        if (OpenQuery* query = editor->current(); query != nullptr && query->isRule()) {
            query->baseline.reset();
            pause.start();
        }
    });
}

void RulesWorkspace::Parts::connectWorkshop()
{
    state::CaseSession& session = context.session;
    QObject::connect(near, &NearMissesView::kindActivated, &page,
                     [this] { results->header().setCurrentTab(NearMissesPage); });
    QObject::connect(&results->header(), &PanelHeader::tabSelected, &page,
                     [this](int tab) { turnPage(tab); });
    QObject::connect(cost, &CostView::clauseActivated, &page, [this](SourceSpan span) {
        if (OpenQuery* query = editor->current(); query != nullptr && !stale) {
            query->editor->setCaret(span.begin);
        }
    });
    QObject::connect(list, &RuleListPanel::menuRequested, &page,
                     [this](QMenu* menu, std::size_t index) {
                         const auto rules = context.session.rules();
                         if (rules && index < rules->entries().size()) {
                             workshop->addRuleActions(*menu, rules->entries()[index]);
                         }
                     });
    for (MatchTable* table : matchTables()) {
        QObject::connect(table, &MatchTable::menuRequested, &page, [this, table](QMenu* menu) {
            workshop->addRowActions(*menu, *table, table == nearMisses);
        });
    }
    QObject::connect(&schedule->table(), &MatchTable::menuRequested, &page, [this](QMenu* menu) {
        workshop->addRowActions(*menu, schedule->table(), false);
    });
    QObject::connect(workshop, &WorkshopActions::told, &page, &RulesWorkspace::statusChanged);
    QObject::connect(workshop, &WorkshopActions::failed, &session, &state::CaseSession::failed);
    QObject::connect(workshop, &WorkshopActions::filesChanged, &page,
                     [this](const std::filesystem::path& file) {
                         wanted = file;
                         context.session.setRulePaths(context.session.rulePaths());
                     });
}

void RulesWorkspace::Parts::connectPages()
{
    QObject::connect(schedule, &ScheduleView::replayWanted, &page, [this] {
        schedule->setStale(true);
        startReplay();
    });
    QObject::connect(&schedule->table(), &MatchTable::eventActivated, &page,
                     &RulesWorkspace::eventActivated);
    QObject::connect(versions, &VersionsView::restoreRequested, &page,
                     [this](const std::string& text) {
                         if (OpenQuery* query = editor->current()) {
                             query->editor->replaceText(text);
                             page.focusEditor();
                         }
                     });
    QObject::connect(versions, &VersionsView::pinRequested, &page,
                     [this](const std::optional<std::string>& text) {
                         if (OpenQuery* query = editor->current()) {
                             query->versions.pin(text);
                             query->baseline.reset();
                             showVersions();
                             start();
                         }
                     });
    QObject::connect(exceptions, &ExceptionsView::told, &page, &RulesWorkspace::statusChanged);
    QObject::connect(exceptions, &ExceptionsView::countChanged, &page, [this](std::size_t count) {
        results->header().setTabLabel(
            ExceptionsPage,
            count == 0 ? tr("Exceptions")
                       : tr("Exceptions %1").arg(text::count(static_cast<std::uint64_t>(count))));
    });
}

void RulesWorkspace::Parts::turnPage(int tab)
{
    // After the page has been turned.
    if (tab == CostPage) {
        QTimer::singleShot(0, &page, [this] { startExamination(); });
    } else if (tab == SchedulePage) {
        QTimer::singleShot(0, &page, [this] { startReplay(); });
    }
}

} // namespace sequela::ui
