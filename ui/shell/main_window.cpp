#include "ui/shell/main_window.h"

#include "core/workspace/workspace.h"
#include "ui/coverage/coverage_panel.h"
#include "ui/events/cell_menu.h"
#include "ui/events/event_inspector.h"
#include "ui/events/events_panel.h"
#include "ui/events/marks_panel.h"
#include "ui/process_tree/process_graph_view.h"
#include "ui/process_tree/process_tree_view.h"
#include "ui/rules/rules_workspace.h"
#include "ui/rules/workshop_actions.h"
#include "ui/shell/case_arrangement.h"
#include "ui/shell/filter_bar.h"
#include "ui/shell/import_mapping_dialog.h"
#include "ui/shell/import_report.h"
#include "ui/shell/overview_strip.h"
#include "ui/shell/status_strip.h"
#include "ui/shell/welcome_page.h"
#include "ui/shell/workspace_page.h"
#include "ui/state/case_session.h"
#include "ui/state/case_views.h"
#include "ui/state/event_reader.h"
#include "ui/state/selection.h"
#include "ui/state/time_display.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "ui/timeline/destination_table.h"
#include "ui/timeline/timeline_view.h"
#include "ui/triage/alert_inspector.h"
#include "ui/triage/alerts_panel.h"
#include "ui/triage/story_view.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/panel.h"

#include <QActionGroup>
#include <QCheckBox>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QMenuBar>
#include <QMimeData>
#include <QSettings>
#include <QStackedWidget>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace sequela::ui {

namespace {

constexpr qsizetype maxRecentCases = 8;
constexpr int welcomeIndex = 0;
constexpr int workIndex = 1;
constexpr int statusMessageMs = 8000;

bool isCaseFile(const std::filesystem::path& path)
{
    return path.extension() == ".sequela";
}

} // namespace

MainWindow::MainWindow(state::Context& context, QSettings& settings, QWidget* parent)
    : QMainWindow(parent),
      m_context(context),
      m_settings(settings),
      m_views(new state::CaseViews(context.session, &context.jobs, this)),
      m_filterBar(new FilterBar(context, this)),
      m_overview(new OverviewStrip(context, this)),
      m_notice(new Notice(context.theme, this)),
      m_unsavedNotice(new Notice(context.theme, this)),
      m_body(new QStackedWidget(this)),
      m_status(new StatusStrip(context, this)),
      m_caseLabel(new QLabel(this))
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowIcon(QIcon(QStringLiteral(":/icons/sequela.svg")));
    setAcceptDrops(true);
    resize(1440, 900);
    makeTopBar();
    QWidget* workspaces = makeWorkspaces();
    makeActions();
    m_welcome = new WelcomePage(context,
                                {actionNamed(QStringLiteral("case.import")),
                                 actionNamed(QStringLiteral("case.importFolder")),
                                 actionNamed(QStringLiteral("case.open")),
                                 actionNamed(QStringLiteral("case.demo"))},
                                this);
    connect(m_welcome, &WelcomePage::caseChosen, this,
            [this](const QString& file) { openPaths({text::toUtf8(file)}); });
    auto* central = new QWidget(this);
    auto* layout = new QVBoxLayout(central);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_topBar);
    layout->addWidget(m_overview);
    layout->addWidget(m_unsavedNotice);
    layout->addWidget(m_notice);
    m_body->addWidget(m_welcome);
    m_body->addWidget(workspaces);
    layout->addWidget(m_body, 1);
    setCentralWidget(central);
    setStatusBar(m_status);
    m_caseLabel->setObjectName(QStringLiteral("caseLabel"));
    m_caseLabel->setProperty("class", QStringLiteral("muted"));
    m_caseLabel->setTextFormat(Qt::PlainText);
    m_caseLabel->setContentsMargins(8, 0, 10, 0);
    m_caseLabel->setAlignment(Qt::AlignVCenter | Qt::AlignRight);
    m_caseLabel->setMinimumHeight(menuBar()->sizeHint().height() + 2);
    menuBar()->setCornerWidget(m_caseLabel);
    connectSession();
    connectSaving();
    restoreLayout();
    connectArrangement();
    showWorkspace(WorkspaceKind::Triage);
    refreshTitle();
    refreshPages();
}

MainWindow::~MainWindow() = default;

QWidget* MainWindow::makeWorkspaces()
{
    m_workspaces = new QStackedWidget(this);
    m_pages = {makeTriage(), makeEvents(), makeRules(), makeCoverage()};
    for (WorkspacePage* page : m_pages) {
        m_workspaces->addWidget(page);
    }
    return m_workspaces;
}

Panel* MainWindow::makeTreePanel(QWidget* page)
{
    auto* treePanel =
        new Panel(m_context.theme, QStringLiteral("triage.tree"), tr("Process tree"), page);
    m_tree = new ProcessTreeView(m_context, *m_views, treePanel);
    treePanel->header().addTab(tr("Process tree"));
    treePanel->header().addTab(tr("Graph"));
    treePanel->header().addTab(tr("Story"));
    treePanel->addPage(m_tree);
    auto* graph = new ProcessGraphView(m_context, *m_views, treePanel);
    treePanel->addPage(graph);
    auto* story = new StoryView(m_context, *m_views, treePanel);
    treePanel->addPage(story);
    auto* onlyAlerts = new QCheckBox(tr("only with alerts"), treePanel);
    connect(onlyAlerts, &QCheckBox::toggled, m_tree, &ProcessTreeView::setOnlyAlerts);
    auto* allRoots = makeChoiceButton(tr("Show all processes"), treePanel);
    allRoots->setText(tr("all"));
    connect(allRoots, &QToolButton::clicked, m_tree, &ProcessTreeView::showAll);
    auto* focused = makeChoiceButton(tr("Start at the selected process"), treePanel);
    focused->setText(tr("selected"));
    connect(focused, &QToolButton::clicked, m_tree, &ProcessTreeView::focusSelection);
    auto* search = new QLineEdit(treePanel);
    search->setObjectName(QStringLiteral("tree.search"));
    search->setPlaceholderText(tr("find a process"));
    search->setAccessibleName(tr("Find a process"));
    search->setToolTip(tr("Name, command line or PID; Return goes on to the next one"));
    search->setClearButtonEnabled(true);
    search->setFixedWidth(150);
    connect(search, &QLineEdit::returnPressed, m_tree,
            [this, search] { m_tree->findNext(search->text()); });
    connect(m_tree, &ProcessTreeView::searched, this, [this, search](bool found) {
        if (!found) {
            m_notice->showRemark(tr("No process shows “%1”.").arg(search->text()));
        }
    });
    treePanel->header().addControl(search);
    treePanel->header().addControl(focused);
    treePanel->header().addControl(allRoots);
    treePanel->header().addControl(onlyAlerts);
    auto* fitGraph = makeChoiceButton(tr("Show the whole graph"), treePanel);
    fitGraph->setText(tr("fit"));
    connect(fitGraph, &QToolButton::clicked, graph, &ProcessGraphView::fit);
    treePanel->header().addControl(fitGraph);
    fitGraph->hide();
    connect(&treePanel->header(), &PanelHeader::tabSelected, this,
            [search, focused, allRoots, onlyAlerts, fitGraph](int tab) {
                for (QWidget* control :
                     {static_cast<QWidget*>(search), static_cast<QWidget*>(focused),
                      static_cast<QWidget*>(allRoots), static_cast<QWidget*>(onlyAlerts)}) {
                    control->setVisible(tab == 0);
                }
                fitGraph->setVisible(tab == 1);
            });
    connect(story, &StoryView::hostChanged, this, [treePanel](const QString& host) {
        treePanel->header().setTabLabel(2,
                                        host.isEmpty() ? tr("Story") : tr("Story of %1").arg(host));
    });
    connect(m_tree, &ProcessTreeView::filterRequested, this,
            [this](const state::ProcessKey& process) {
                CellContext cell;
                cell.field = "process.entity_id";
                cell.value = process.entityId;
                m_context.cellMenu->filterIn(cell, false);
            });
    return treePanel;
}

Panel* MainWindow::makeTimelinePanel(QWidget* page)
{
    auto* timelinePanel =
        new Panel(m_context.theme, QStringLiteral("triage.timeline"), tr("Network timeline"), page);
    m_timeline = new TimelineView(m_context, *m_views, timelinePanel);
    timelinePanel->header().addTab(tr("Network timeline"));
    timelinePanel->header().addTab(tr("Destinations"));
    timelinePanel->header().addTab(tr("DNS"));
    timelinePanel->addPage(m_timeline);
    int tab = 1;
    for (const auto& [kind, label] : {std::pair{views::FlowKind::Connection, tr("Destinations %1")},
                                      std::pair{views::FlowKind::Dns, tr("DNS %1")}}) {
        auto* table = new DestinationTable(m_context, *m_views, kind, timelinePanel);
        timelinePanel->addPage(table);
        connect(table, &DestinationTable::counted, this,
                [timelinePanel, tab, label = label](std::size_t rows) {
                    timelinePanel->header().setTabLabel(tab, label.arg(text::count(rows)));
                });
        ++tab;
    }
    auto* lanes = makeChoiceButton(tr("Lanes of the timeline"), timelinePanel);
    auto* laneMenu = new QMenu(lanes);
    const auto addLanes = [this, lanes, laneMenu](const QString& name,
                                                  views::LaneGrouping grouping) {
        connect(laneMenu->addAction(name), &QAction::triggered, this,
                [this, lanes, name, grouping] {
                    m_timeline->setGrouping(grouping);
                    lanes->setText(tr("lanes: %1 ▾").arg(name));
                });
    };
    addLanes(tr("process"), views::LaneGrouping::Process);
    addLanes(tr("host"), views::LaneGrouping::Host);
    addLanes(tr("destination"), views::LaneGrouping::Destination);
    lanes->setText(tr("lanes: %1 ▾").arg(tr("process")));
    lanes->setMenu(laneMenu);
    auto* fit = makeChoiceButton(tr("Show all of the timeline"), timelinePanel);
    fit->setText(tr("fit"));
    connect(fit, &QToolButton::clicked, m_timeline, &TimelineView::fit);
    timelinePanel->header().addControl(lanes);
    timelinePanel->header().addControl(fit);
    connect(&timelinePanel->header(), &PanelHeader::tabSelected, this,
            [this, timelinePanel, lanes, fit](int shown) {
                timelinePanel->header().setHint(shown == 0 ? m_timeline->zoomLabel() : QString());
                lanes->setVisible(shown == 0);
                fit->setVisible(shown == 0);
            });
    connect(m_timeline, &TimelineView::viewChanged, this, [this, timelinePanel] {
        if (timelinePanel->header().currentTab() == 0) {
            timelinePanel->header().setHint(m_timeline->zoomLabel());
        }
    });
    return timelinePanel;
}

WorkspacePage* MainWindow::makeTriage()
{
    auto* page = new WorkspacePage(QStringLiteral("triage"), this);
    m_alerts = new AlertsPanel(m_context, page);
    Panel* treePanel = makeTreePanel(page);
    Panel* timelinePanel = makeTimelinePanel(page);
    m_alertInspector = new AlertInspector(m_context, page);
    m_triageInspector = new EventInspector(m_context, QStringLiteral("triage.event"), page);
    connect(m_alerts, &AlertsPanel::selectionChanged, m_alertInspector,
            [this] { m_alertInspector->setSelectedAlerts(m_alerts->selectedAlertIds()); });
    page->place(m_alerts, nullptr, Qt::Horizontal);
    page->place(treePanel, m_alerts, Qt::Horizontal);
    page->place(m_alertInspector, treePanel, Qt::Horizontal);
    page->place(timelinePanel, treePanel, Qt::Vertical);
    page->place(m_triageInspector, m_alertInspector, Qt::Vertical);
    return page;
}

WorkspacePage* MainWindow::makeEvents()
{
    auto* page = new WorkspacePage(QStringLiteral("events"), this);
    m_events = new EventsPanel(m_context, page);
    m_eventInspector = new EventInspector(m_context, QStringLiteral("events.event"), page);
    m_importReport = new ImportReport(m_context, page);
    page->place(m_events, nullptr, Qt::Horizontal);
    page->place(m_eventInspector, m_events, Qt::Horizontal);
    page->place(m_importReport, m_events, Qt::Vertical);
    m_importReport->hide();
    m_marks = new MarksPanel(m_context, page);
    page->place(m_marks, m_events, Qt::Vertical);
    m_marks->hide();
    connect(m_events, &EventsPanel::marksRequested, this,
            [this] { m_marks->setVisible(!m_marks->isVisible()); });
    return page;
}

WorkspacePage* MainWindow::makeRules()
{
    auto* page = new WorkspacePage(QStringLiteral("rules"), this);
    m_rules = new RulesWorkspace(m_context, page);
    page->setCentralWidget(m_rules);
    connect(m_rules, &RulesWorkspace::eventActivated, this, [this](EventNumber event) {
        m_context.selection.setEvent(event);
        showWorkspace(WorkspaceKind::Events);
    });
    connect(m_rules, &RulesWorkspace::statusChanged, this,
            [this](const QString& line) { m_status->showMessage(line, statusMessageMs); });
    return page;
}

WorkspacePage* MainWindow::makeCoverage()
{
    auto* page = new WorkspacePage(QStringLiteral("coverage"), this);
    auto* panel = new CoveragePanel(m_context, page);
    page->place(panel, nullptr, Qt::Horizontal);
    connect(panel, &CoveragePanel::ruleRequested, this, &MainWindow::tuneRule);
    connect(panel, &CoveragePanel::alertRequested, this, [this](const std::string& alertId) {
        showWorkspace(WorkspaceKind::Triage);
        m_alerts->chooseAlert(alertId);
    });
    connect(panel, &CoveragePanel::layerExportRequested, this,
            [this] { exportDialog(QStringLiteral("navigator")); });
    return page;
}

void MainWindow::connectSession()
{
    state::CaseSession& session = m_context.session;
    connect(&session, &state::CaseSession::caseOpened, this, [this] {
        rememberCase();
        refreshTitle();
        refreshPages();
        m_notice->clear();
    });
    connect(&session, &state::CaseSession::snapshotChanged, this, &MainWindow::refreshTitle);
    connect(&session, &state::CaseSession::failed, this,
            [this](const Diagnostic& error) { m_notice->show(error); });
    connect(&session, &state::CaseSession::importStarted, this, [this] {
        m_importReport->show();
        m_notice->clear();
    });
    connect(&session, &state::CaseSession::importFinished, this, &MainWindow::tellImport);
    connect(m_importReport, &ImportReport::importAgainRequested, this,
            [this](const std::vector<std::filesystem::path>& paths) {
                leaveCase([this, paths] { m_context.session.importIntoNewCase(paths); });
            });
    QStringList faults;
    state::ImportSettings settings = session.importSettings();
    settings.mappings = savedMappings(faults);
    session.setImportSettings(std::move(settings));
    if (!faults.isEmpty()) {
        m_notice->showRemark(tr("Mappings that cannot be read: %1").arg(faults.join(u", ")));
    }
    connect(m_events, &EventsPanel::statusChanged, this, [this] {
        m_status->setSelected(m_events->grid().selectedCount(),
                              text::visible(m_events->grid().currentField()));
    });
    CellMenu* menu = m_context.cellMenu;
    connect(menu, &CellMenu::columnRequested, this, [this](const std::string& field) {
        m_events->addColumn(field);
        showWorkspace(WorkspaceKind::Events);
    });
    connect(menu, &CellMenu::topValuesRequested, this, [this](const std::string& field) {
        (currentWorkspace() == WorkspaceKind::Triage ? m_triageInspector : m_eventInspector)
            ->showTopValues(field);
    });
    connect(menu, &CellMenu::groupingRequested, this, [this](const std::string& field) {
        m_events->setGrouping(field);
        showWorkspace(WorkspaceKind::Events);
    });
    connect(menu, &CellMenu::colorRequested, this, [this](const ColorRule& rule) {
        if (!m_events->colorRules().add(rule)) {
            m_notice->showRemark(
                tr("There are %1 colour rules already: take one away first.").arg(maxColorRules));
        }
        showWorkspace(WorkspaceKind::Events);
    });
    connect(menu, &CellMenu::sourceLineRequested, this, [this](EventNumber event) {
        showWorkspace(WorkspaceKind::Events);
        m_importReport->showLineOf(event);
    });
    connect(menu, &CellMenu::eventsRequested, this,
            [this] { showWorkspace(WorkspaceKind::Events); });
    connect(menu, &CellMenu::processTreeRequested, this,
            [this] { showWorkspace(WorkspaceKind::Triage); });
    connect(m_alertInspector, &AlertInspector::tuneRequested, this, &MainWindow::tuneRule);
    connect(m_alertInspector, &AlertInspector::exceptionRequested, this, &MainWindow::exceptAlert);
    connect(menu, &CellMenu::exceptionRequested, this,
            [this](EventNumber event) { m_rules->workshop().makeException(event, {}, {}); });
    connect(menu, &CellMenu::testRequested, this, [this](EventNumber event) {
        showWorkspace(WorkspaceKind::Rules);
        if (m_rules->makeTest({event}, false) == nullptr) {
            m_notice->showRemark(tr("Open a rule first: the test goes beside it."));
        }
    });
    connect(m_alertInspector, &AlertInspector::exportRequested, this, [this] { exportDialog(); });
}

void MainWindow::tellImport()
{
    const auto outcome = m_context.session.importOutcome();
    m_importReport->hide();
    std::uint64_t problems = 0;
    for (const auto& file : outcome->files) {
        // A file that failed as a whole counts its failure already where it was recognised.
        problems += std::max<std::uint64_t>(file.source.problemCount, file.failure ? 1 : 0);
    }
    if (problems == 0) {
        return;
    }
    m_notice->remind(tr("%1 imported, %2 on the way.")
                         .arg(text::counted(outcome->newEventCount, tr("event")),
                              text::counted(problems, tr("problem"))),
                     {{QStringLiteral("import.showReport"), tr("Show the report"), [this] {
                           showWorkspace(WorkspaceKind::Events);
                           m_importReport->show();
                       }}});
}

void MainWindow::exceptAlert(const std::string& alertId)
{
    const detect::Alert* alert = m_context.session.alert(alertId);
    if (alert == nullptr) {
        return;
    }
    const auto stage = std::ranges::find_if(
        alert->stages, [](const detect::AlertStage& each) { return each.event.has_value(); });
    if (stage != alert->stages.end()) {
        m_rules->workshop().makeException(*stage->event, alert->rule->ruleId, alert->name);
    }
}

void MainWindow::tuneRule(const std::string& ruleId)
{
    showWorkspace(WorkspaceKind::Rules);
    if (!m_rules->openRule(ruleId)) {
        m_notice->showRemark(tr("The rule of this alert is not among those loaded."));
    }
}

void MainWindow::refreshTitle()
{
    const state::CaseSession& session = m_context.session;
    if (!session.isOpen()) {
        setWindowTitle(tr("Sequela"));
        m_caseLabel->clear();
        return;
    }
    m_caseLabel->setText(
        tr("%1 — %2").arg(session.name(), text::counted(session.eventCount(), tr("event"))));
    // A menu bar measures its corner only when it is given one or is resized itself.
    menuBar()->setCornerWidget(m_caseLabel);
    setWindowTitle(tr("%1 — Sequela").arg(session.name()));
}

void MainWindow::refreshPages()
{
    const bool isOpen = m_context.session.isOpen();
    m_body->setCurrentIndex(isOpen ? workIndex : welcomeIndex);
    if (isOpen) {
        showWorkspace(currentWorkspace());
    }
    m_overview->setVisible(isOpen);
    m_topBar->setVisible(isOpen);
    for (const char* name :
         {"case.save", "case.export", "rules.run", "go.filter", "view.clearFilter"}) {
        if (QAction* action = actionNamed(QLatin1String(name))) {
            action->setEnabled(isOpen);
        }
    }
}

void MainWindow::showWorkspace(WorkspaceKind kind)
{
    const auto index = static_cast<std::size_t>(kind);
    m_workspaces->setCurrentWidget(m_pages.at(index));
    m_workspaceButtons.at(index)->setChecked(true);
    // The rule editor has keys of its own for finding.
    for (const char* name : {"edit.find", "edit.findNext", "edit.findPrevious", "edit.mark",
                             "edit.nextMark", "go.nextOfProcess", "go.previousOfProcess"}) {
        actionNamed(QLatin1String(name))->setEnabled(kind == WorkspaceKind::Events);
    }
    if (kind == WorkspaceKind::Triage) {
        m_alerts->list().setFocus();
    } else if (kind == WorkspaceKind::Events) {
        m_events->grid().setFocus();
    }
    if (m_arrangement != nullptr) {
        m_arrangement->touch();
    }
    QTimer::singleShot(0, this, [this, kind] {
        if (m_pages.at(static_cast<std::size_t>(kind))->isVisible()) {
            applyDefaultSizes(kind);
        }
    });
}

WorkspaceKind MainWindow::currentWorkspace() const
{
    return static_cast<WorkspaceKind>(m_workspaces->currentIndex());
}

void MainWindow::openPaths(const std::vector<std::filesystem::path>& paths)
{
    std::vector<std::filesystem::path> events;
    for (const std::filesystem::path& path : paths) {
        if (isCaseFile(path)) {
            leaveCase([this, path] { m_context.session.openCase(path); });
        } else {
            events.push_back(path);
        }
    }
    if (!events.empty()) {
        m_context.session.importPaths(std::move(events));
    }
}

void MainWindow::rememberCase()
{
    const auto workspace = m_context.session.workspace();
    if (!workspace || m_context.session.isTemporary()) {
        return;
    }
    const QString file = text::fromUtf8(workspace->file().string());
    m_recentCases.removeAll(file);
    m_recentCases.prepend(file);
    m_recentCases = m_recentCases.mid(0, maxRecentCases);
    m_welcome->setRecentCases(m_recentCases);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    // Leaving a field keeps what is written in it.
    if (QWidget* focus = focusWidget()) {
        focus->clearFocus();
    }
    saveLayout();
    if (!m_mayLoseWork && m_context.session.hasUnsavedWork()) {
        event->ignore();
        leaveCase([this] { close(); });
        return;
    }
    if (!m_mayLoseEdits && !m_rules->unsavedNames().isEmpty()) {
        event->ignore();
        askAboutEdits();
        return;
    }
    m_arrangement->finish();
    event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    for (const QUrl& url : event->mimeData()->urls()) {
        if (url.isLocalFile()) {
            event->acceptProposedAction();
            return;
        }
    }
}

void MainWindow::dropEvent(QDropEvent* event)
{
    std::vector<std::filesystem::path> paths;
    for (const QUrl& url : event->mimeData()->urls()) {
        if (url.isLocalFile()) {
            paths.emplace_back(text::toUtf8(url.toLocalFile()));
        }
    }
    event->acceptProposedAction();
    openPaths(paths);
}

void MainWindow::changeEvent(QEvent* event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::StyleChange) {
        menuBar()->updateGeometry();
    }
}

} // namespace sequela::ui
