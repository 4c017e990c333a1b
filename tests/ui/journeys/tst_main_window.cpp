#include "core/eql/function_table.h"
#include "core/workspace/workspace.h"
#include "tests/ui/journeys/journey_program.h"
#include "ui/events/cell_menu.h"
#include "ui/events/event_find_bar.h"
#include "ui/events/event_grid.h"
#include "ui/events/events_panel.h"
#include "ui/jobs/job_board.h"
#include "ui/process_tree/process_graph_view.h"
#include "ui/shell/command_palette.h"
#include "ui/shell/filter_bar.h"
#include "ui/shell/filter_line.h"
#include "ui/shell/help_dialog.h"
#include "ui/shell/main_window.h"
#include "ui/shell/overview_strip.h"
#include "ui/shell/welcome_page.h"
#include "ui/state/case_session.h"
#include "ui/state/event_reader.h"
#include "ui/state/selection.h"
#include "ui/state/time_display.h"
#include "ui/theme/theme.h"
#include "ui/timeline/destination_table.h"
#include "ui/triage/alert_list_model.h"
#include "ui/triage/alerts_panel.h"
#include "ui/triage/story_view.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/panel.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QDragEnterEvent>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QMenu>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSettings>
#include <QTemporaryDir>
#include <QToolButton>
#include <QWheelEvent>
#include <QtTest>

#include <algorithm>
#include <memory>

using namespace sequela;
using namespace sequela::ui;
using namespace sequela::ui::journeys;

class MainWindowTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void startsWithoutACase()
    {
        Program program;
        QVERIFY(!program.session.isOpen());
        QVERIFY(!program.window->actionNamed(QStringLiteral("rules.run"))->isEnabled());
        program.picture(QStringLiteral("welcome"));
    }

    void importToAlertToEventToVerdict()
    {
        Program program;
        program.importSample();
        QCOMPARE(program.session.eventCount(), std::uint64_t{3});
        MainWindow& window = *program.window;
        window.alerts().list().setFocus();
        QTest::keyClick(&window, Qt::Key_Down, Qt::ControlModifier);
        QTRY_VERIFY(!program.selection.state().alertId.empty());
        QCOMPARE(program.selection.state().event, EventNumber(2));
        QTRY_VERIFY(program.selection.state().process.has_value());
        QCOMPARE(program.selection.state().process->hostId, std::string("h1"));
        QCOMPARE(program.selection.state().process->entityId, std::string("e1"));
        QTest::qWait(300);
        program.picture(QStringLiteral("triage"));

        window.actionNamed(QStringLiteral("verdict.true"))->trigger();
        QTRY_COMPARE(program.session.detection()->alerts.front().verdict.reason,
                     detect::VerdictReason::TruePositive);
    }

    void theMenuBarNamesTheWholeCase()
    {
        Program program;
        program.importSample();
        const auto* label = program.window->findChild<QLabel*>(QStringLiteral("caseLabel"));
        QVERIFY(label != nullptr);
        QVERIFY(label->text().contains(QStringLiteral("3 events")));
        QTRY_VERIFY(label->width() >= label->sizeHint().width());
    }

    void filterBarSaysWhatItThinks()
    {
        Program program;
        program.importSample();
        FilterBar& bar = program.window->filterBar();
        bar.setText(QStringLiteral("process.name == \"zsh\""));
        QTRY_COMPARE(bar.verdict(), FilterVerdict::Valid);
        bar.apply();
        QTRY_COMPARE(program.window->events().grid().rowCount(), 1);
        bar.setText(QStringLiteral("process.name == "));
        QTRY_COMPARE(bar.verdict(), FilterVerdict::Wrong);
        QVERIFY(bar.message().startsWith(QLatin1String("column ")));
        bar.apply();
        QTest::qWait(100);
        QCOMPARE(program.window->events().grid().rowCount(), 1);
        QTest::keyClick(program.window.get(), Qt::Key_R, Qt::ControlModifier);
        QTRY_COMPARE(program.window->events().grid().rowCount(), 3);
        QCOMPARE(bar.verdict(), FilterVerdict::Empty);
    }

    void contextMenuFiltersAndCopies()
    {
        Program program;
        program.importSample();
        program.window->showWorkspace(WorkspaceKind::Events);
        EventGrid& grid = program.window->events().grid();
        grid.setCurrentRow(1);
        CellContext cell;
        cell.event = grid.currentEvent();
        cell.field = "process.name";
        cell.value = "zsh";
        program.cellMenu.copyValue(cell);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("zsh"));
        QMenu menu;
        program.cellMenu.populate(menu, cell);
        QVERIFY(menu.actions().size() > 8);
        menu.actions().at(1)->trigger();
        QTRY_COMPARE(grid.rowCount(), 2);
        QCOMPARE(program.window->filterBar().text(), QStringLiteral("process.name != \"zsh\""));
    }

    void timeRangeNarrowsEverything()
    {
        Program program;
        program.importSample();
        program.cellMenu.showAround(EventNumber(0), nanosecondsPerSecond);
        QTRY_COMPARE(program.window->events().grid().rowCount(), 1);
        program.selection.setTimeRange(std::nullopt);
        QTRY_COMPARE(program.window->events().grid().rowCount(), 3);
    }

    void sortingIsUndoneByAnother()
    {
        Program program;
        program.importSample();
        EventGrid& grid = program.window->events().grid();
        Q_EMIT grid.sortRequested("process.name");
        QTRY_VERIFY(grid.rows() && (*grid.rows())[2] == EventNumber(1));
        Q_EMIT grid.sortRequested("process.name");
        QTRY_VERIFY((*grid.rows())[0] == EventNumber(1));
    }

    void workspacesAndPaletteByKeyboard()
    {
        Program program;
        program.importSample();
        MainWindow& window = *program.window;
        for (int index = 0; index < workspaceCount; ++index) {
            QTest::keyClick(&window, static_cast<Qt::Key>(Qt::Key_1 + index), Qt::ControlModifier);
            QCOMPARE(static_cast<int>(window.currentWorkspace()), index);
        }
        window.showPalette();
        auto* palette = window.findChild<CommandPalette*>();
        QVERIFY(palette != nullptr);
        QTest::keyClicks(&palette->input(), QStringLiteral("triage"));
        QVERIFY(palette->list().count() >= 1);
        QTest::keyClick(&palette->input(), Qt::Key_Return);
        QCOMPARE(window.currentWorkspace(), WorkspaceKind::Triage);
    }

    void everyActionHasAName()
    {
        Program program;
        for (const QAction* action : program.window->actions()) {
            QVERIFY(!action->objectName().isEmpty());
            QVERIFY(!action->text().isEmpty());
        }
    }

    void keptFiltersComeBack()
    {
        Program program;
        program.importSample();
        FilterBar& bar = program.window->filterBar();
        bar.setText(QStringLiteral("process.name == \"zsh\""));
        program.window->actionNamed(QStringLiteral("edit.keepFilter"))->trigger();
        QCOMPARE(bar.savedFilters(), QStringList{QStringLiteral("process.name == \"zsh\"")});
        bar.setText(QStringLiteral("process.pid == 1"));
        QMenu menu;
        bar.populateHistory(menu);
        const QList<QAction*> entries = menu.actions();
        const auto entry = std::ranges::find(entries, bar.savedFilters().front(), &QAction::text);
        QVERIFY(entry != entries.end());
        (*entry)->trigger();
        QTRY_COMPARE(program.window->events().grid().rowCount(), 1);
        program.window->close();
        MainWindow again(program.context, program.settings);
        QCOMPARE(again.filterBar().savedFilters().size(), 1);
        // The same key forgets it.
        bar.toggleSaved();
        QVERIFY(bar.savedFilters().isEmpty());
    }

    void graphStoryAndDestinations()
    {
        Program program;
        program.importSample();
        MainWindow& window = *program.window;
        window.alerts().list().setFocus();
        QTest::keyClick(&window, Qt::Key_Down, Qt::ControlModifier);
        QTRY_VERIFY(program.selection.state().process.has_value());
        const auto turn = [&window](const char* name, int tab) {
            window.findChild<Panel*>(QLatin1String(name))->header().setCurrentTab(tab);
        };
        turn("triage.tree", 1);
        auto& graph = *window.findChild<ProcessGraphView*>();
        QTRY_COMPARE(graph.graph().nodes.size(), std::size_t{2});
        QVERIFY(graph.isVisible());
        // A click selects the child; the keys lead back.
        const QPointF child = graph.view().boxOf(graph.graph().nodes[1]).center();
        QTest::mouseClick(&graph, Qt::LeftButton, {}, child.toPoint());
        QCOMPARE(program.selection.state().process->entityId, std::string("e2"));
        QTest::keyClick(&graph, Qt::Key_Left);
        QCOMPARE(program.selection.state().process->entityId, std::string("e1"));
        // The wheel zooms at the cursor and leaves what is under it there.
        const QPointF before = graph.view().boxOf(graph.graph().nodes[1]).topLeft();
        const double scale = graph.view().scale;
        QWheelEvent wheel(before, graph.mapToGlobal(before), {}, {0, 120}, Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(&graph, &wheel);
        QVERIFY(graph.view().scale > scale);
        QVERIFY((graph.view().boxOf(graph.graph().nodes[1]).topLeft() - before).manhattanLength()
                < 0.5);
        turn("triage.tree", 2);
        auto& story = *window.findChild<StoryView*>();
        QTRY_COMPARE(story.lines().size(), std::size_t{1});
        QVERIFY(story.lines().front().severity.has_value());
        program.selection.setAlert({});
        QTest::mouseClick(story.viewport(), Qt::LeftButton, {}, story.lineRect(0).center());
        QCOMPARE(program.selection.state().alertId, story.lines().front().alertId);
        turn("triage.timeline", 1);
        DestinationTable* table = nullptr;
        for (auto* each : window.findChildren<DestinationTable*>()) {
            table = each->isVisible() ? each : table;
        }
        QVERIFY(table != nullptr);
        QTRY_COMPARE(table->destinations().rows().size(), std::size_t{1});
        const QAbstractItemModel& model = *table->model();
        QCOMPARE(model.index(0, DestinationModel::NameColumn).data().toString(),
                 QStringLiteral("185.199.110.153:443"));
        QCOMPARE(model.index(0, DestinationModel::ClassColumn).data().toString(),
                 QStringLiteral("public"));
        QCOMPARE(model.index(0, DestinationModel::ProcessColumn).data().toString(),
                 QStringLiteral("osascript"));
        const QAbstractItemModelTester tester(table->model());
        // Every column is in view as long as there is any room for it.
        table->setMinimumWidth(0);
        table->resize(880, 200);
        QTRY_COMPARE(table->horizontalScrollBar()->maximum(), 0);
        // The filter of the window narrows it, too.
        program.session.applyFilter("process.name == \"zsh\"");
        QTRY_COMPARE(table->destinations().rows().size(), std::size_t{0});
    }

    void problemsOfAnImportFoldToALine()
    {
        Program program;
        program.write(QStringLiteral("broken.txt"), "no event at all\n");
        program.window->openPaths({program.path(QStringLiteral("events.ndjson")),
                                   program.path(QStringLiteral("broken.txt"))});
        QTRY_VERIFY_WITH_TIMEOUT(
            program.window->notice().text().contains(QStringLiteral("1 problem")), longWaitMs);
        auto* report = program.window->findChild<Panel*>(QStringLiteral("import.report"));
        QVERIFY(report->isHidden());
        auto* show =
            program.window->notice().findChild<QPushButton*>(QStringLiteral("import.showReport"));
        QVERIFY(show != nullptr);
        show->click();
        QVERIFY(!report->isHidden());
        QCOMPARE(program.window->currentWorkspace(), WorkspaceKind::Events);
    }

    void layoutComesBack()
    {
        Program program;
        program.importSample();
        auto* timeline = program.window->findChild<Panel*>(QStringLiteral("triage.timeline"));
        QTRY_VERIFY(timeline->isVisible());
        QTest::qWait(50);
        timeline->hide();
        program.window->close();
        MainWindow again(program.context, program.settings);
        again.show();
        QTest::qWait(50);
        QVERIFY(again.findChild<Panel*>(QStringLiteral("triage.timeline"))->isHidden());
    }

    void errorsAreSaidInTheWindow()
    {
        Program program;
        program.write(QStringLiteral("broken.sequela"), "this is no case");
        program.window->openPaths({program.path(QStringLiteral("broken.sequela"))});
        QTRY_VERIFY_WITH_TIMEOUT(program.window->notice().isVisible(), longWaitMs);
        QVERIFY(!program.window->notice().text().isEmpty());
        QVERIFY(!program.session.isOpen());
        program.picture(QStringLiteral("error"));
    }

    void unsavedWorkIsOfferedAFile()
    {
        Program program;
        program.importSample();
        MainWindow& window = *program.window;
        QVERIFY(program.session.isTemporary());
        QVERIFY(!window.unsavedNotice().isVisible());
        window.alerts().list().setFocus();
        QTest::keyClick(&window, Qt::Key_Down, Qt::ControlModifier);
        QTRY_VERIFY(!program.selection.state().alertId.empty());
        window.actionNamed(QStringLiteral("verdict.true"))->trigger();
        QTRY_VERIFY(window.unsavedNotice().isVisible());
        QVERIFY(!window.close());
        QVERIFY(window.isVisible());
        auto* stay = window.unsavedNotice().findChild<QPushButton*>(QStringLiteral("unsaved.stay"));
        QVERIFY(stay != nullptr);
        stay->click();
        QVERIFY(window.isVisible());

        const std::string alert = program.selection.state().alertId;
        const QString file = program.folder.filePath(QStringLiteral("kept"));
        window.saveCaseTo(file);
        QTRY_VERIFY_WITH_TIMEOUT(!program.session.isTemporary(), longWaitMs);
        QCOMPARE(program.selection.state().alertId, alert);
        QVERIFY(!window.unsavedNotice().isVisible());
        QTRY_VERIFY(!program.session.isDetecting() && !program.session.isSaving());
        QCOMPARE(program.session.detection()->alerts.front().verdict.reason,
                 detect::VerdictReason::TruePositive);
        window.saveCaseTo(file);
        QTRY_VERIFY(window.notice().text().contains(QLatin1String("file of that name")));
        QVERIFY(window.close());
        const auto again = workspace::Workspace::open(program.path(QStringLiteral("kept.sequela")),
                                                      workspace::Workspace::OpenMode::ReadOnly);
        QVERIFY(again.has_value());
        QCOMPARE((*again)->detection()->alerts.front().verdict.reason,
                 detect::VerdictReason::TruePositive);
    }

    void unsavedWorkMayBeLeft()
    {
        Program program;
        program.importSample();
        MainWindow& window = *program.window;
        program.session.setBookmarked({EventNumber(1)}, true);
        QVERIFY(!window.close());
        auto* discard =
            window.unsavedNotice().findChild<QPushButton*>(QStringLiteral("unsaved.discard"));
        QVERIFY(discard != nullptr);
        discard->click();
        QTRY_VERIFY(!window.isVisible());
    }

    void welcomeOffersTheDemo()
    {
        QTemporaryDir data;
        QVERIFY(QDir(data.path()).mkpath(QStringLiteral("demo")));
        qputenv("SEQUELA_DATA", data.path().toUtf8());
        Program program;
        qunsetenv("SEQUELA_DATA");
        auto* demo =
            program.window->welcome().findChild<QPushButton*>(QStringLiteral("welcome.case.demo"));
        QVERIFY(demo != nullptr);
    }

    void droppedFilesAreImported()
    {
        Program program;
        QMimeData files;
        files.setUrls(
            {QUrl::fromLocalFile(program.folder.filePath(QStringLiteral("events.ndjson")))});
        const QPoint middle = program.window->rect().center();
        QDragEnterEvent enter(middle, Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
        enter.ignore();
        QApplication::sendEvent(program.window.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(middle, Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(program.window.get(), &drop);
        QVERIFY(drop.isAccepted());
        QTRY_COMPARE_WITH_TIMEOUT(program.window->alerts().model().rowCount(), 1, longWaitMs);
    }

    void pastedEventsAreImported()
    {
        Program program;
        QGuiApplication::clipboard()->setText(
            QStringLiteral("POST logs/_doc\n{ \"host\": {\"name\": \"\"\"h\"\"\"} }\n"));
        program.window->actionNamed(QStringLiteral("case.paste"))->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(program.session.eventCount(), std::uint64_t{1}, longWaitMs);
        QGuiApplication::clipboard()->setText(QStringLiteral(" \n"));
        program.window->actionNamed(QStringLiteral("case.paste"))->trigger();
        QTRY_VERIFY(program.window->notice().text().contains(QStringLiteral("clipboard")));
    }

    void findsTextInTheColumnsShown()
    {
        Program program;
        program.importSample();
        MainWindow& window = *program.window;
        window.activateWindow();
        window.showWorkspace(WorkspaceKind::Events);
        EventGrid& grid = window.events().grid();
        QTest::keyClick(&grid, Qt::Key_F, Qt::ControlModifier);
        EventFindBar& bar = window.events().findBar();
        QTRY_VERIFY(bar.isVisible());
        bar.input().setText(QStringLiteral("OSASCRIPT"));
        grid.setCurrentRow(0);
        QTest::keyClick(&bar.input(), Qt::Key_Return);
        QTRY_COMPARE(grid.currentRow(), 2);
        window.events().findText(true);
        QTRY_COMPARE(grid.currentRow(), 0);
        window.events().findText(false);
        QTRY_COMPARE(grid.currentRow(), 2);
        bar.input().setText(QStringLiteral("09:31:09"));
        window.events().findText(true);
        QTRY_COMPARE(grid.currentRow(), 1);
        bar.input().setText(QStringLiteral("no such text"));
        window.events().findText(true);
        QTRY_COMPARE(bar.result(), QStringLiteral("not found"));
        QCOMPARE(grid.currentRow(), 1);
        QTest::keyClick(&bar.input(), Qt::Key_Escape);
        QVERIFY(!bar.isVisible());
    }

    void stepsThroughTheEventsOfAProcess()
    {
        Program program;
        program.importSample();
        MainWindow& window = *program.window;
        window.showWorkspace(WorkspaceKind::Events);
        EventGrid& grid = window.events().grid();
        grid.setCurrentRow(0);
        QTest::keyClick(&window, Qt::Key_Period, Qt::ControlModifier);
        QTRY_COMPARE(grid.currentRow(), 2);
        QTest::keyClick(&window, Qt::Key_Comma, Qt::ControlModifier);
        QTRY_COMPARE(grid.currentRow(), 0);
    }

    void marksAreKeptInTheCase()
    {
        Program program;
        program.importSample();
        MainWindow& window = *program.window;
        window.showWorkspace(WorkspaceKind::Events);
        EventGrid& grid = window.events().grid();
        grid.setCurrentRow(1);
        QTest::keyClick(&window, Qt::Key_M, Qt::ControlModifier);
        QVERIFY(program.session.bookmarks().contains(EventNumber(1)));
        grid.setCurrentRow(2);
        window.actionNamed(QStringLiteral("edit.nextMark"))->trigger();
        QTRY_COMPARE(grid.currentRow(), 1);
        window.saveCaseTo(program.folder.filePath(QStringLiteral("marked.sequela")));
        QTRY_VERIFY_WITH_TIMEOUT(!program.session.isTemporary(), longWaitMs);
        const auto kept = program.session.workspace()->bookmarks();
        QVERIFY(kept.has_value());
        QCOMPARE(kept->size(), std::size_t{1});
        QCOMPARE(kept->front().event, EventNumber(1));
        QTest::keyClick(&window, Qt::Key_M, Qt::ControlModifier);
        QTRY_VERIFY(program.session.workspace()->bookmarks()->empty());
    }

    void selectionIsFollowedAndKeptWhenSorting()
    {
        Program program;
        program.importSample();
        EventGrid& grid = program.window->events().grid();
        program.selection.setEvent(EventNumber(1));
        QTRY_COMPARE(grid.currentRow(), 1);
        Q_EMIT grid.sortRequested("process.name");
        QTRY_COMPARE(grid.currentRow(), 2);
        QCOMPARE(grid.currentEvent(), EventNumber(1));
    }

    void escapeBelongsToWhereTheFocusIs()
    {
        Program program;
        program.importSample();
        MainWindow& window = *program.window;
        window.activateWindow();
        const QAction* cancel = window.actionNamed(QStringLiteral("go.cancel"));
        int cancelled = 0;
        connect(cancel, &QAction::triggered, &window, [&cancelled] { ++cancelled; });
        auto* strip = window.findChild<OverviewStrip*>();
        strip->setFocus();
        program.selection.setTimeRange(state::TimeRange{0, nanosecondsPerSecond});
        QTest::keyClick(strip, Qt::Key_Escape);
        QVERIFY(!program.selection.state().timeRange);
        QCOMPARE(cancelled, 0);
        QTest::keyClick(strip, Qt::Key_Escape);
        QCOMPARE(cancelled, 1);
        auto* line = window.filterBar().findChild<FilterLine*>();
        line->setFocus();
        QSignalSpy abandoned(line, &FilterLine::abandoned);
        QTest::keyClick(line, Qt::Key_Escape);
        QCOMPARE(abandoned.count(), 1);
        QCOMPARE(cancelled, 1);
    }

    void helpIsSearchable()
    {
        Program program;
        program.window->actionNamed(QStringLiteral("help.help"))->trigger();
        auto* help = program.window->findChild<HelpDialog*>();
        QVERIFY(help != nullptr);
        for (const eql::FunctionInfo& function : eql::functionTable) {
            QVERIFY2(
                functionReference().contains(QString::fromUtf8(
                    function.signature.data(), static_cast<qsizetype>(function.signature.size()))),
                function.signature.data());
        }
        QVERIFY(help->find(QStringLiteral("CIDRMATCH(source.ip")));
        QVERIFY(help->find(QStringLiteral("Ctrl+Shift+S")));
        QVERIFY(help->currentPage().textCursor().hasSelection());
        QVERIFY(help->find(QStringLiteral("osascript")));
        QVERIFY(!help->find(QStringLiteral("no such words here")));
    }

    void themeSwitches()
    {
        Program program;
        program.importSample();
        const QColor dark = program.theme.color(Token::Panel);
        program.window->actionNamed(QStringLiteral("view.themeLight"))->trigger();
        QVERIFY(program.theme.color(Token::Panel) != dark);
        program.picture(QStringLiteral("triage-light"));
    }

    void layoutIsKept()
    {
        Program program;
        program.importSample();
        program.window->events().addColumn("process.entity_id");
        program.window->close();
        const auto again = std::make_unique<MainWindow>(program.context, program.settings);
        const auto columns = again->events().grid().columns();
        QCOMPARE(columns.back().field, std::string("process.entity_id"));
    }
};

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    Theme theme(SchemeChoice::Dark);
    theme.applyTo(application);
    MainWindowTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_main_window.moc"
