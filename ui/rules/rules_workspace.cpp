#include "ui/rules/rules_workspace.h"

#include "core/rules/rule_set.h"
#include "ui/editor/eql_editor.h"
#include "ui/editor/query_check.h"
#include "ui/jobs/job_runner.h"
#include "ui/rules/cost_view.h"
#include "ui/rules/editor_panel.h"
#include "ui/rules/funnel_view.h"
#include "ui/rules/live_run.h"
#include "ui/rules/match_table.h"
#include "ui/rules/near_misses_view.h"
#include "ui/rules/query_status.h"
#include "ui/rules/rule_list_panel.h"
#include "ui/rules/rule_tests_view.h"
#include "ui/rules/test_draft_dialog.h"
#include "ui/rules/workshop_actions.h"
#include "ui/state/case_session.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "ui/widgets/panel.h"

#include <QMenu>
#include <QTimer>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace sequela::ui {

namespace {

/// From the last key stroke to the run.
constexpr int pauseMs = 150;
/// The same for what only matters when the typing is over: near misses, tests.
constexpr int longPauseMs = 250;
enum ResultPage : int { MatchesPage, ChangesPage, NearMissesPage, CostPage };

std::shared_ptr<const MatchList> noMatches()
{
    return std::make_shared<const MatchList>();
}

} // namespace

struct RulesWorkspace::Parts {
    Parts(RulesWorkspace& workspace, const state::Context& shared);

    void layOut();
    void sizeDocks();
    bool sized = false;
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
};

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
      workshop(new WorkshopActions(shared, *editor, &workspace)),
      runJob(&shared.jobs),
      nearJob(&shared.jobs),
      previewJob(&shared.jobs),
      costJob(&shared.jobs)
{
    pause.setSingleShot(true);
    pause.setInterval(pauseMs);
    longPause.setSingleShot(true);
    longPause.setInterval(longPauseMs);
    layOut();
    makeActions();
    makeRuleActions();
    connectParts();
    connectWorkshop();
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
    results->header().addTab(tr("Cost"));
    results->addPage(matches);
    results->addPage(changes);
    results->addPage(nearMisses);
    results->addPage(cost);
    funnelPanel->header().setHint(tr("how each clause narrows the events"));
    funnelPanel->addPage(funnel);
    nearPanel->addPage(near);
}

// Docks take their sizes from the window they are in, which has its own only once it is shown.
void RulesWorkspace::Parts::sizeDocks()
{
    const int width = page.width();
    const int height = page.height();
    page.resizeDocks({list, funnelPanel}, {width * 18 / 100, width * 25 / 100}, Qt::Horizontal);
    page.resizeDocks({results}, {height * 42 / 100}, Qt::Vertical);
    page.resizeDocks({funnelPanel, nearPanel}, {height / 2, height / 2}, Qt::Vertical);
}

void RulesWorkspace::Parts::makeActions()
{
    const auto add = [this](const QString& text, const QString& icon, const QKeySequence& keys,
                            auto slot) {
        auto* action = new QAction(text, &page);
        if (!icon.isEmpty()) {
            action->setIcon(context.theme.icon(icon));
        }
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        QObject::connect(action, &QAction::triggered, &page, slot);
        page.addAction(action);
        actions << action;
    };
    const auto inEditor = [this](auto method) {
        return [this, method] {
            if (OpenQuery* query = editor->current()) {
                (query->editor->*method)();
            }
        };
    };
    add(tr("New query"), QStringLiteral("new"), QKeySequence(Qt::CTRL | Qt::Key_N),
        [this] { editor->openScratch({}); });
    add(tr("Save rule"), QStringLiteral("check"), QKeySequence(Qt::CTRL | Qt::Key_S),
        [this] { editor->save(); });
    add(tr("Revert to the saved rule"), QStringLiteral("undo"), {}, [this] { editor->revert(); });
    add(tr("Close query"), QStringLiteral("close"), QKeySequence(Qt::CTRL | Qt::Key_W),
        [this] { editor->closeCurrent(); });
    add(tr("Run query"), QStringLiteral("run"), QKeySequence(Qt::CTRL | Qt::Key_Return),
        [this] { start(); });
    add(tr("Format query"), {}, QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_F),
        inEditor(&EqlEditor::format));
    add(tr("Comment lines"), {}, QKeySequence(Qt::CTRL | Qt::Key_Slash),
        inEditor(&EqlEditor::toggleComment));
    add(tr("Complete"), {}, QKeySequence(Qt::CTRL | Qt::Key_Space), inEditor(&EqlEditor::complete));
    add(tr("Apply fix"), {}, QKeySequence(Qt::ALT | Qt::Key_Return),
        inEditor(&EqlEditor::applyFix));
    add(tr("Next problem"), {}, QKeySequence(Qt::Key_F8), inEditor(&EqlEditor::nextProblem));
    add(tr("Find in query"), QStringLiteral("search"), QKeySequence(Qt::CTRL | Qt::Key_F),
        inEditor(&EqlEditor::find));
    add(tr("Field card"), QStringLiteral("info"), QKeySequence(Qt::Key_F12),
        inEditor(&EqlEditor::showCard));
    add(tr("Larger text"), QStringLiteral("plus"), QKeySequence(Qt::CTRL | Qt::Key_Plus),
        inEditor(&EqlEditor::zoomIn));
    add(tr("Smaller text"), QStringLiteral("minus"), QKeySequence(Qt::CTRL | Qt::Key_Minus),
        inEditor(&EqlEditor::zoomOut));
}

void RulesWorkspace::Parts::makeRuleActions()
{
    const auto add = [this](const char* name, const QString& text, auto slot) {
        auto* action = new QAction(text, &page);
        action->setObjectName(QLatin1String(name));
        QObject::connect(action, &QAction::triggered, &page, slot);
        page.addAction(action);
        actions << action;
    };
    add("rules.saveAs", tr("Save query as a rule…"), [this] { workshop->saveAsRule(); });
    add("rules.test", tr("Make a test of the selected match…"), [this] {
        const bool isMiss = results->header().currentTab() == NearMissesPage;
        workshop->makeTest((isMiss ? nearMisses : matches)->currentEvents(), !isMiss);
    });
    add("rules.copyEvidence", tr("Copy the evidence of the change"),
        [this] { workshop->copyEvidence(); });
    add("rules.saveEvidence", tr("Save the evidence of the change…"),
        [this] { workshop->saveEvidence(); });
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
    state::CaseSession& session = context.session;
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
    for (MatchTable* table : {matches, changes, nearMisses}) {
        QObject::connect(table, &MatchTable::eventActivated, &page,
                         &RulesWorkspace::eventActivated);
    }
    QObject::connect(&session, &state::CaseSession::caseOpened, &page, [this] {
        for (const auto& query : editor->queries()) {
            query->result.reset();
            query->nearMisses.reset();
            query->clauses.reset();
            query->baseline.reset();
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
        // Verdicts decide what the guard guards.
        if (editor->current() != nullptr && editor->current()->isRule()) {
            pause.start();
        }
    });
}

void RulesWorkspace::Parts::connectWorkshop()
{
    state::CaseSession& session = context.session;
    QObject::connect(near, &NearMissesView::kindActivated, &page,
                     [this] { results->header().setCurrentTab(NearMissesPage); });
    QObject::connect(&results->header(), &PanelHeader::tabSelected, &page, [this](int tab) {
        if (tab == CostPage) {
            // After the page has been turned.
            QTimer::singleShot(0, &page, [this] { startExamination(); });
        }
    });
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
    for (MatchTable* table : {matches, changes, nearMisses}) {
        QObject::connect(table, &MatchTable::menuRequested, &page, [this, table](QMenu* menu) {
            workshop->addRowActions(*menu, *table, table == nearMisses);
        });
    }
    QObject::connect(workshop, &WorkshopActions::told, &page, &RulesWorkspace::statusChanged);
    QObject::connect(workshop, &WorkshopActions::failed, &session, &state::CaseSession::failed);
    QObject::connect(workshop, &WorkshopActions::filesChanged, &page,
                     [this](const std::filesystem::path& file) {
                         wanted = file;
                         context.session.setRulePaths(context.session.rulePaths());
                     });
}

void RulesWorkspace::Parts::followEdit()
{
    setStale();
    const OpenQuery* query = editor->current();
    if (query == nullptr) {
        return;
    }
    Q_EMIT page.statusChanged(query->isChanged() && query->entry ? tr("Rule changed — not saved")
                                                                 : QString());
    if (hasErrors(query->editor->problems())) {
        // What runs was asked for before the mistake; nobody waits for it any more.
        pause.stop();
        runJob.cancel();
        nearJob.cancel();
        longPause.stop();
        showStatus(true);
        return;
    }
    pause.start();
}

void RulesWorkspace::Parts::start()
{
    pause.stop();
    const OpenQuery* query = editor->current();
    auto asked = liveRequestOf(*editor, context);
    if (!asked || hasErrors(query->editor->problems())) {
        showStatus(true);
        return;
    }
    failed = false;
    setStale();
    runJob.start<LiveResult>(
        tr("Running the query"),
        [asked = std::move(*asked)](const std::stop_token& stop, Progress&) {
            return runLive(asked, stop);
        },
        [this](Result<LiveResult> result) { take(std::move(result)); });
}

void RulesWorkspace::Parts::take(Result<LiveResult> result)
{
    OpenQuery* query = editor->current();
    if (!result) {
        failed = true;
        editor->status().setSegments(
            {{tr("The query could not be run: %1").arg(text::visible(result.error().message)),
              Token::Critical}},
            {});
        return;
    }
    // The text may have moved on, or another tab may be shown: then it is not its result.
    if (query == nullptr || result->text != query->editor->text() || !result->ran) {
        return;
    }
    query->baseline = result->baseline;
    query->result = std::make_shared<const LiveResult>(std::move(*result));
    query->nearMisses.reset();
    query->clauses.reset();
    stale = false;
    showResult();
    longPause.start();
}

void RulesWorkspace::Parts::startFollowUps()
{
    const OpenQuery* query = editor->current();
    auto asked = liveRequestOf(*editor, context);
    if (stale || !asked || !query->result) {
        return;
    }
    if (query->isRule()) {
        editor->tests().run(query->entry->rule, query->entry->testFile, asked->text);
    }
    startExamination();
    nearJob.start<std::optional<ListedMisses>>(
        tr("Looking for near misses"),
        [asked = *asked](const std::stop_token& stop, Progress&) {
            return listNearMisses(asked, stop);
        },
        [this, ran = asked->text](Result<std::optional<ListedMisses>> found) {
            OpenQuery* open = editor->current();
            if (open == nullptr || !open->result || open->result->text != ran || !found) {
                return;
            }
            open->nearMisses =
                std::make_shared<const std::optional<ListedMisses>>(std::move(*found));
            if (!stale) {
                showMisses(*open);
            }
        });
}

/// Many runs: only while somebody looks at what comes of them.
void RulesWorkspace::Parts::startExamination()
{
    const OpenQuery* query = editor->current();
    auto asked = liveRequestOf(*editor, context);
    if (stale || !asked || !query->result || query->clauses || !cost->isVisible()) {
        return;
    }
    cost->setRemark(tr("Running the query without each of its clauses…"));
    const bool isRule = query->isRule();
    costJob.start<std::optional<workspace::ClauseReport>>(
        tr("Examining the clauses"),
        [asked = *asked, rule = isRule ? query->entry->rule : nullptr,
         tests = isRule ? query->entry->testFile : std::string()](const std::stop_token& stop,
                                                                  Progress&) {
            return examineClauses(asked, rule.get(), tests, stop);
        },
        [this, ran = asked->text](Result<std::optional<workspace::ClauseReport>> report) {
            OpenQuery* open = editor->current();
            if (open == nullptr || !open->result || open->result->text != ran) {
                return;
            }
            if (!report) {
                cost->setRemark(text::visible(report.error().message));
                return;
            }
            if (*report) {
                open->clauses =
                    std::make_shared<const workspace::ClauseReport>(std::move(**report));
                cost->setReport(open->clauses, ran);
            }
        });
}

void RulesWorkspace::Parts::startPreview(std::int64_t maxspanMs)
{
    auto asked = liveRequestOf(*editor, context);
    if (stale || !asked) {
        return;
    }
    previewJob.start<std::uint64_t>(
        tr("Trying another maxspan"),
        [asked = std::move(*asked), maxspanMs](const std::stop_token& stop, Progress&) {
            return countWithMaxspan(asked, maxspanMs, stop);
        },
        [this, maxspanMs](Result<std::uint64_t> count) {
            if (count && !stale) {
                near->setPreview(maxspanMs, *count);
            }
        });
}

void RulesWorkspace::Parts::setStale()
{
    stale = true;
    for (MatchTable* table : {matches, changes, nearMisses}) {
        table->matches().setStale(true);
    }
    funnel->setStale(true);
    near->setStale(true);
    cost->setStale(true);
    if (const OpenQuery* query = editor->current()) {
        query->editor->setNotesStale(true);
    }
    showStatus(true);
}

void RulesWorkspace::Parts::showCurrent()
{
    runJob.cancel();
    nearJob.cancel();
    costJob.cancel();
    pause.stop();
    longPause.stop();
    const OpenQuery* query = editor->current();
    if (query != nullptr && query->entry) {
        if (const auto rules = context.session.rules()) {
            const auto found =
                std::ranges::find_if(rules->entries(), [query](const rules::RuleEntry& entry) {
                    return entry.path == query->entry->path
                           && entry.exportLine == query->entry->exportLine;
                });
            if (found != rules->entries().end()) {
                list->setCurrentEntry(static_cast<std::size_t>(found - rules->entries().begin()));
            }
        }
        editor->tests().run(query->entry->rule, query->entry->testFile, query->editor->text());
    }
    const bool fresh = query != nullptr && query->result
                       && query->result->text == query->editor->text()
                       && query->result->snapshot == context.session.snapshot();
    stale = !fresh;
    showResult();
    if (!fresh) {
        setStale();
        start();
    }
}

void RulesWorkspace::Parts::showResult()
{
    const OpenQuery* query = editor->current();
    const LiveResult* result = query != nullptr ? query->result.get() : nullptr;
    if (result == nullptr) {
        for (MatchTable* table : {matches, changes, nearMisses}) {
            table->setRows(noMatches());
        }
        cost->setRemark(tr("Nothing has been run yet."));
        funnel->setEmptyText(!context.session.isOpen()
                                 ? tr("Open a case to see how the clauses narrow its events.")
                             : query == nullptr ? tr("Open a rule or start a query.")
                                                : tr("Nothing has been run yet."));
        funnel->setRows({});
        near->setNearMisses(nullptr, 0);
        if (query != nullptr) {
            query->editor->setNotes({});
        }
        results->header().setTabLabel(MatchesPage, tr("Matches"));
        results->header().setTabLabel(ChangesPage, tr("Changes"));
        results->header().setTabLabel(NearMissesPage, tr("Near misses"));
        showStatus(true);
        return;
    }
    const auto count = [](std::size_t number) { return text::count(number); };
    results->header().setTabLabel(MatchesPage,
                                  tr("Matches %1").arg(count(result->matches->size())));
    results->header().setTabLabel(
        ChangesPage,
        result->baseline && result->baseline->valid
            ? tr("Changes +%1 −%2").arg(count(result->gainedCount), count(result->lostCount))
            : tr("Changes"));
    matches->setRows(result->matches);
    changes->setRows(result->changes);
    showMisses(*query);
    if (query->clauses) {
        cost->setReport(query->clauses, result->text);
    } else {
        cost->setRemark(tr("The clauses are examined while this page is open."));
    }
    query->editor->setNotes(lineNotes(*result));
    query->editor->setNotesStale(stale);
    showStatus(stale);
}

void RulesWorkspace::Parts::showMisses(const OpenQuery& query)
{
    const LiveResult& result = *query.result;
    const ListedMisses* misses =
        query.nearMisses && *query.nearMisses ? &**query.nearMisses : nullptr;
    const workspace::NearMisses* found = misses != nullptr ? &misses->near : nullptr;
    results->header().setTabLabel(
        NearMissesPage, found != nullptr ? tr("Near misses %1").arg(text::count(found->total()))
                                         : tr("Near misses"));
    nearMisses->setRows(misses != nullptr ? misses->rows : noMatches());
    funnel->setRows(funnelRows(result, found));
    near->setNearMisses(found, result.matches->size(), result.text, result.bound.get());
}

void RulesWorkspace::Parts::showStatus(bool isStale)
{
    using Segment = QueryStatus::Segment;
    QueryStatus& status = editor->status();
    const OpenQuery* query = editor->current();
    status.setVisible(query != nullptr && query->isRunnable());
    if (query == nullptr || failed) {
        return;
    }
    const LiveResult* result = query->result.get();
    if (result == nullptr) {
        status.setAlarm({});
        status.setSegments(
            {{!context.session.isOpen()              ? tr("No case is open")
              : hasErrors(query->editor->problems()) ? tr("Not run: the query has errors")
                                                     : tr("Running…"),
              Token::Muted}},
            {});
        return;
    }
    const bool broken = hasErrors(query->editor->problems());
    const QString run =
        tr("%1 over %2")
            .arg(text::elapsed(result->found.nanoseconds),
                 text::counted(result->snapshot->events->eventCount(), tr("event")));
    std::vector<Segment> left{{!isStale ? run
                               : broken ? tr("last good run: %1").arg(run)
                                        : tr("running… last run: %1").arg(run),
                               isStale ? Token::Medium : Token::Muted}};
    for (const engine::RuntimeWarning& warning : result->found.warnings) {
        left.push_back({tr("%1 (%2)").arg(text::visible(warning.message),
                                          text::counted(warning.count, tr("event"))),
                        Token::Medium});
    }
    const std::size_t found = result->matches->size();
    const bool isEvent = !result->bound || result->bound->kind == eql::BoundQueryKind::Event;
    const QString what = !isEvent     ? text::counted(found, tr("sequence"))
                         : found == 1 ? tr("1 match")
                                      : tr("%1 matches").arg(text::count(found));
    std::vector<Segment> right{{what, isStale ? Token::Muted : Token::Text}};
    if (result->baseline && result->baseline->valid) {
        right.push_back({tr("+%1 new").arg(text::count(result->gainedCount)),
                         isStale || result->gainedCount == 0 ? Token::Muted : Token::Gained});
        right.push_back({tr("−%1 lost").arg(text::count(result->lostCount)),
                         isStale || result->lostCount == 0 ? Token::Muted : Token::Lost});
        right.push_back({tr("against saved rule"), Token::Muted});
    } else if (result->baseline) {
        right.push_back({tr("the saved query does not run here"), Token::Muted});
    }
    status.setAlarm(result->lostTruePositives.empty()
                        ? QString()
                        : tr("This edit loses %1 marked true positive")
                              .arg(text::counted(result->lostTruePositives.size(), tr("alert"))));
    status.setSegments(std::move(left), std::move(right));
}

RulesWorkspace::RulesWorkspace(const state::Context& context, QWidget* parent) : QMainWindow(parent)
{
    setObjectName(QStringLiteral("rules"));
    setAccessibleName(tr("Rules"));
    setWindowFlags(Qt::Widget);
    m_parts = std::make_unique<Parts>(*this, context);
}

RulesWorkspace::~RulesWorkspace()
{
    // The panels go after the parts and must not speak to them any more.
    for (QObject* part : findChildren<QObject*>()) {
        part->disconnect(this);
    }
}

void RulesWorkspace::showEvent(QShowEvent* event)
{
    QMainWindow::showEvent(event);
    if (!m_parts->sized) {
        m_parts->sized = true;
        QTimer::singleShot(0, this, [this] { m_parts->sizeDocks(); });
    }
}

bool RulesWorkspace::openRule(const std::string& ruleId)
{
    const auto rules = m_parts->context.session.rules();
    const rules::RuleEntry* entry = rules ? rules->find(ruleId) : nullptr;
    if (entry == nullptr) {
        return false;
    }
    m_parts->editor->openEntry(*entry);
    return true;
}

TestDraftDialog* RulesWorkspace::makeTest(std::vector<std::optional<EventNumber>> events,
                                          bool expectsMatch)
{
    return m_parts->workshop->makeTest(std::move(events), expectsMatch);
}

void RulesWorkspace::makeException(EventNumber event)
{
    m_parts->workshop->makeException(event);
}

WorkshopActions& RulesWorkspace::workshop()
{
    return *m_parts->workshop;
}

void RulesWorkspace::newQuery(const std::string& text)
{
    m_parts->editor->openScratch(text);
}

QList<QAction*> RulesWorkspace::workspaceActions() const
{
    return m_parts->actions;
}

QStringList RulesWorkspace::unsavedNames() const
{
    QStringList names;
    for (const auto& query : m_parts->editor->queries()) {
        if (query->isRule() && query->isChanged()) {
            names << query->title;
        }
    }
    return names;
}

void RulesWorkspace::focusEditor()
{
    if (const OpenQuery* query = m_parts->editor->current()) {
        query->editor->setFocus(Qt::OtherFocusReason);
    }
}

} // namespace sequela::ui
