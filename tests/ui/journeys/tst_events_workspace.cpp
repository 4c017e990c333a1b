#include "tests/ui/journeys/journey_program.h"
#include "ui/events/color_rules_bar.h"
#include "ui/events/marks_panel.h"
#include "ui/events/source_line_view.h"
#include "ui/shell/case_arrangement.h"
#include "ui/shell/filter_bar.h"
#include "ui/shell/filter_completion.h"
#include "ui/shell/filter_line.h"
#include "ui/shell/import_report.h"
#include "ui/widgets/panel.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QJsonDocument>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QTableView>
#include <QTextBlock>
#include <QTreeWidget>

#include <algorithm>

using namespace sequela;
using namespace sequela::ui;
using namespace sequela::ui::journeys;

namespace {

/// The action with these words in a menu or its menus; null if there is none.
QAction* actionWith(const QMenu& menu, const QString& words)
{
    for (QAction* action : menu.actions()) {
        if (action->text().contains(words)) {
            return action;
        }
        if (action->menu() != nullptr) {
            if (QAction* found = actionWith(*action->menu(), words)) {
                return found;
            }
        }
    }
    return nullptr;
}

/// The cell of the shell's name in the second event.
CellContext zshCell()
{
    CellContext cell;
    cell.event = EventNumber(1);
    cell.field = "process.name";
    cell.value = "zsh";
    return cell;
}

QStringList labelsOf(const std::vector<Completion>& entries)
{
    QStringList labels;
    for (const Completion& entry : entries) {
        labels.append(QString::fromStdString(entry.label));
    }
    return labels;
}

} // namespace

class EventsWorkspaceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eventsAreGroupedByAField()
    {
        Program program;
        program.importSample();
        program.window->showWorkspace(WorkspaceKind::Events);
        EventsPanel& events = program.window->events();
        EventGrid& grid = events.grid();
        grid.setCurrentRow(1);
        events.setGrouping("process.name");
        QTRY_VERIFY(grid.groups() != nullptr);
        QCOMPARE(grid.groups()->size(), std::size_t{2});
        QCOMPARE(grid.groups()->front().value, std::string("osascript"));
        QCOMPARE(grid.groups()->front().count, std::size_t{2});
        QCOMPARE(grid.rowCount(), 2);
        QVERIFY(!grid.eventAt(0));
        // The line of a group has the menu of every cell.
        QCOMPARE(grid.cellAt(0, 0).value, std::string("osascript"));
        grid.setFocus();
        grid.setCurrentRow(0);
        QTest::keyClick(&grid, Qt::Key_Right);
        QCOMPARE(grid.rowCount(), 4);
        QCOMPARE(grid.eventAt(1), EventNumber(0));
        QCOMPARE(grid.eventAt(2), EventNumber(2));
        // Searching and selecting open what is closed.
        program.selection.setEvent(EventNumber(0));
        QTRY_COMPARE(grid.currentEvent(), EventNumber(0));
        program.selection.setEvent(EventNumber(1));
        QTRY_COMPARE(grid.currentEvent(), EventNumber(1));
        QCOMPARE(grid.rowCount(), 5);
        QCOMPARE(grid.selectedCount(), std::uint64_t{1});
        grid.setAllGroupsOpen(false);
        QCOMPARE(grid.rowCount(), 2);
        QTest::keyClick(&grid, Qt::Key_Return);
        QCOMPARE(grid.rowCount(), 3);
        QTest::keyClick(&grid, Qt::Key_Left);
        QCOMPARE(grid.rowCount(), 2);
        program.picture(QStringLiteral("events-grouped"));
        events.setGrouping({});
        QTRY_COMPARE(grid.rowCount(), 3);
        QVERIFY(grid.groups() == nullptr);
    }

    void rowsWithoutAValueStandLast()
    {
        Program program;
        program.importSample();
        EventGrid& grid = program.window->events().grid();
        program.window->events().setGrouping("destination.ip");
        QTRY_VERIFY(grid.groups() != nullptr);
        QVERIFY(grid.groups()->front().hasValue);
        QVERIFY(!grid.groups()->back().hasValue);
        QCOMPARE(grid.groups()->back().count, std::size_t{2});
    }

    void colorRulesPaintRows()
    {
        Program program;
        program.importSample();
        program.window->showWorkspace(WorkspaceKind::Events);
        ColorRules& rules = program.window->events().colorRules();
        ColorRulesBar& bar = program.window->events().colorRulesBar();
        program.window->actionNamed(QStringLiteral("view.colors"))->trigger();
        QVERIFY(bar.isVisible());
        rules.setRules({{"process.name == \"zsh\"", RuleColor::Red, true},
                        {"host.id == \"h1\"", RuleColor::Blue, true}});
        QTRY_VERIFY(rules.outcome(1) != nullptr);
        QCOMPARE(rules.outcome(0)->eventCount, std::uint64_t{1});
        QCOMPARE(rules.outcome(1)->eventCount, std::uint64_t{3});
        QCOMPARE(rules.colorOf(EventNumber(1)), RuleColor::Red);
        QCOMPARE(rules.colorOf(EventNumber(0)), RuleColor::Blue);
        program.picture(QStringLiteral("events-colours"));
        // What is typed counts when it is left; a broken rule says so and colours nothing.
        const std::vector<QLineEdit*> lines = bar.conditions();
        QCOMPARE(lines.size(), std::size_t{2});
        lines[0]->setText(QStringLiteral("process.name == "));
        QTest::keyClick(lines[0], Qt::Key_Return);
        QTRY_VERIFY(rules.outcome(0) != nullptr && rules.outcome(0)->problem);
        QCOMPARE(rules.colorOf(EventNumber(1)), RuleColor::Blue);
        auto off = rules.rules();
        off[1].enabled = false;
        rules.setRules(off);
        QTRY_VERIFY(!rules.colorOf(EventNumber(1)));
        // From the menu of a cell, before all others.
        QMenu menu;
        program.cellMenu.populate(menu, zshCell());
        actionWith(menu, QStringLiteral("purple"))->trigger();
        QTRY_COMPARE(rules.colorOf(EventNumber(1)), RuleColor::Purple);
        QCOMPARE(rules.rules().size(), std::size_t{3});
    }

    void theFirstColumnStaysInPlace()
    {
        Program program;
        program.importSample();
        program.window->showWorkspace(WorkspaceKind::Events);
        EventsPanel& events = program.window->events();
        for (const char* field : {"process.entity_id", "host.id", "event.id", "user.name"}) {
            events.addColumn(field);
        }
        EventGrid& grid = events.grid();
        program.window->resize(1280, 800);
        QTRY_VERIFY(grid.isPinned());
        QTRY_VERIFY(grid.horizontalScrollBar()->maximum() > 100);
        const auto firstColumn = [&grid] {
            return grid.viewport()->grab(QRect(0, 0, 150, 66)).toImage();
        };
        const auto host = program.reader.source()->field("host.id");
        QTRY_VERIFY(!program.reader.cell(EventNumber(0), *host).text.isEmpty());
        QTRY_VERIFY(program.reader.time(EventNumber(2)).has_value());
        const QImage before = firstColumn();
        grid.horizontalScrollBar()->setValue(100);
        QCOMPARE(firstColumn(), before);
        // A click there is one on the first column.
        grid.setCurrentRow(0);
        QTest::mouseClick(grid.viewport(), Qt::LeftButton, {}, QPoint(60, 30));
        QCOMPARE(grid.currentField(), std::string(timeField));
        QMenu menu;
        events.populateHeaderMenu(menu, 0);
        actionWith(menu, QStringLiteral("first column"))->trigger();
        QVERIFY(!grid.isPinned());
        QVERIFY(firstColumn() != before);
        QMenu second;
        events.populateHeaderMenu(second, 1);
        const std::size_t count = grid.columns().size();
        actionWith(second, QStringLiteral("Take the column away"))->trigger();
        QCOMPARE(grid.columns().size(), count - 1);
        QMenu third;
        events.populateHeaderMenu(third, 1);
        actionWith(third, QStringLiteral("Sort downwards"))->trigger();
        QVERIFY(events.sort().descending);
    }

    void marksAreListedWithNotes()
    {
        Program program;
        program.importSample();
        MainWindow& window = *program.window;
        window.actionNamed(QStringLiteral("edit.marks"))->trigger();
        window.activateWindow();
        QTableView& table = window.marks().table();
        const QAbstractItemModelTester tester(table.model());
        QVERIFY(window.marks().isVisible());
        program.session.setBookmarked({EventNumber(2), EventNumber(0)}, true);
        QCOMPARE(table.model()->rowCount(), 2);
        QAbstractItemModel& model = *table.model();
        QTRY_COMPARE(model.index(0, MarksModel::ProcessColumn).data().toString(),
                     QStringLiteral("osascript"));
        QVERIFY(model.setData(model.index(1, MarksModel::NoteColumn),
                              QStringLiteral("first \u202econtact")));
        QCOMPARE(program.session.bookmarkNote(EventNumber(2)),
                 QStringLiteral("first \u202econtact"));
        QVERIFY(!model.index(1, MarksModel::NoteColumn).data().toString().contains(QChar(0x202e)));
        table.setFocus();
        table.setCurrentIndex(model.index(1, 0));
        QTRY_COMPARE(program.selection.state().event, EventNumber(2));
        program.picture(QStringLiteral("events-marks"));
        const auto note = [&program] {
            const auto marks = program.session.workspace()->bookmarks();
            return marks && marks->size() == 2 ? marks->back().label : std::string();
        };
        QTRY_VERIFY(!note().empty());
        QTest::keyClick(&table, Qt::Key_Delete);
        QTRY_COMPARE(table.model()->rowCount(), 1);
        QTRY_COMPARE(program.session.workspace()->bookmarks()->size(), std::size_t{1});
    }

    void theFilterBarCompletes()
    {
        Program program;
        program.importSample();
        program.window->activateWindow();
        FilterBar& bar = program.window->filterBar();
        FilterCompletion& completion = bar.completion();
        auto& line = *bar.findChild<FilterLine*>();
        bar.focusText();
        QTest::keyClicks(&line, QStringLiteral("process.na"));
        QTRY_VERIFY(completion.isOpen());
        QCOMPARE(completion.entries().front().label, std::string("process.name"));
        QVERIFY(completion.entries().front().eventCount == 3);
        program.picture(QStringLiteral("filter-completion"));
        QTest::keyClick(&line, Qt::Key_Tab);
        QCOMPARE(line.text(), QStringLiteral("process.name"));
        QVERIFY(!completion.isOpen());
        // Values of this case, the frequent one first, as soon as they are counted.
        QTest::keyClicks(&line, QStringLiteral(" == "));
        QCoreApplication::processEvents();
        completion.complete();
        QTRY_COMPARE(labelsOf(completion.entries()).value(0), QStringLiteral("osascript"));
        QVERIFY(labelsOf(completion.entries()).contains(QStringLiteral("zsh")));
        QTest::keyClick(&line, Qt::Key_Down);
        QTest::keyClick(&line, Qt::Key_Return);
        QCOMPARE(line.text(), QStringLiteral("process.name == \"zsh\""));
        // Escape closes the list and leaves the text; Return applies it.
        completion.complete();
        QTest::keyClick(&line, Qt::Key_Escape);
        QVERIFY(!completion.isOpen());
        QTest::keyClick(&line, Qt::Key_Return);
        QTRY_COMPARE(program.window->events().grid().rowCount(), 1);
    }

    void completionKnowsConditionsAndQueries_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("offered");
        QTest::newRow("condition")
            << QStringLiteral("destination.po") << QStringLiteral("destination.port");
        QTest::newRow("second conjunct")
            << QStringLiteral("process.pid == 1 and user.na") << QStringLiteral("user.name");
        QTest::newRow("event query")
            << QStringLiteral("network where destination.i") << QStringLiteral("destination.ip");
        QTest::newRow("keyword") << QStringLiteral("process.pid == 1 an") << QStringLiteral("and");
    }
    void completionKnowsConditionsAndQueries()
    {
        QFETCH(const QString, text);
        QFETCH(const QString, offered);
        const std::string query = text.toStdString();
        const CompletionList list = filterCompletionsAt(query, query.size(), nullptr, {});
        QVERIFY2(labelsOf(list.entries).contains(offered),
                 qPrintable(labelsOf(list.entries).join(QLatin1Char(' '))));
        QCOMPARE(list.replaced.end, query.size());
    }

    void theArrangementLivesInTheCase()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("arranged.sequela"));
        arrangeAndSave(file);
        if (QTest::currentTestFailed()) {
            return;
        }
        // Another machine: other settings.
        Program other;
        other.window->openPaths({file.toStdString()});
        QTRY_COMPARE_WITH_TIMEOUT(other.session.eventCount(), std::uint64_t{3}, longWaitMs);
        QTRY_COMPARE(other.window->currentWorkspace(), WorkspaceKind::Events);
        QCOMPARE(other.window->events().grid().columns().back().field,
                 std::string("process.entity_id"));
        QCOMPARE(other.window->events().sort(), (EventSort{"process.name", true}));
        QCOMPARE(other.window->events().grouping(), std::string("host.name"));
        QCOMPARE(other.window->events().colorRules().rules().size(), std::size_t{1});
        QCOMPARE(
            other.window->findChild<Panel*>(QStringLiteral("events.event"))->header().currentTab(),
            1);
        QVERIFY(other.selection.state().timeRange.has_value());
        QCOMPARE(other.selection.state().timeRange->beginNs, 1'775'900'000'000'000'000);
        QTRY_COMPARE(other.window->filterBar().text(), QStringLiteral("process.name == \"zsh\""));
    }

    void aStrangersArrangementHarmsNothing_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("no JSON") << QByteArray("\xff\xfe{");
        QTest::newRow("other version") << QByteArray("{\"version\":99,\"workspace\":3}");
        QTest::newRow("wrong types")
            << QByteArray("{\"version\":1,\"workspace\":\"x\",\"hidden\":7,\"tabs\":[1],"
                          "\"columns\":{\"a\":1},\"colors\":\"red\",\"range\":[1],\"filter\":5}");
        QTest::newRow("out of range")
            << QByteArray("{\"version\":1,\"workspace\":77,\"tabs\":{\"events.event\":4000},"
                          "\"range\":[\"9\",\"1\"],\"columns\":[\"x:99999999\"]}");
        QTest::newRow("hidden text") << QByteArray("{\"version\":1,\"filter\":\"a\xe2\x80\xae"
                                                   "b\"}");
    }
    void aStrangersArrangementHarmsNothing()
    {
        QFETCH(const QByteArray, json);
        Program program;
        {
            const auto made =
                workspace::Workspace::create(program.path(QStringLiteral("a.sequela")));
            QVERIFY(made.has_value());
            QVERIFY((*made)->saveLayout("window", json.toStdString()).has_value());
            QVERIFY((*made)->close().has_value());
        }
        const auto* arrangement = program.window->findChild<CaseArrangement*>();
        QVERIFY(arrangement != nullptr);
        QSignalSpy loaded(arrangement, &CaseArrangement::loaded);
        program.window->openPaths({program.path(QStringLiteral("a.sequela"))});
        QTRY_VERIFY_WITH_TIMEOUT(program.session.isOpen(), longWaitMs);
        if (QJsonDocument::fromJson(json).isObject()) {
            QTRY_COMPARE_WITH_TIMEOUT(loaded.size(), 1, longWaitMs);
        } else {
            QVERIFY(!loaded.wait(200));
        }
        QCOMPARE(program.window->currentWorkspace(), WorkspaceKind::Triage);
        QVERIFY(program.window->filterBar().text().isEmpty());
        QVERIFY(!program.selection.state().timeRange);
        QVERIFY(!program.window->events().grid().columns().empty());
    }

    void aProblemLeadsToItsLine()
    {
        Program program;
        program.write(
            QStringLiteral("mixed.ndjson"),
            "{\"@timestamp\":\"2026-04-12T09:31:07Z\",\"event\":{\"category\":\"process\"}}\n"
            "{\"@timestamp\": broken\n"
            "{\"@timestamp\":\"2026-04-12T09:31:08Z\",\"event\":{\"category\":\"process\"}}\n");
        program.window->openPaths({program.path(QStringLiteral("mixed.ndjson"))});
        QTRY_VERIFY_WITH_TIMEOUT(program.session.importOutcome() != nullptr, longWaitMs);
        program.window->actionNamed(QStringLiteral("case.importReport"))->trigger();
        ImportReport& report = program.window->importReport();
        QTRY_VERIFY(report.files().topLevelItemCount() == 1);
        QTreeWidgetItem* file = report.files().topLevelItem(0);
        QVERIFY(file->childCount() >= 1);
        Q_EMIT report.files().itemActivated(file->child(0), 0);
        SourceLineView& view = report.sourceView();
        QVERIFY(view.isVisible());
        QTRY_VERIFY(view.title().endsWith(QStringLiteral("line 2")));
        QCOMPARE(view.page().textCursor().blockNumber(), 1);
        QVERIFY(view.page().textCursor().block().text().contains(QStringLiteral("broken")));
        QVERIFY(view.page().isReadOnly());
        // An event leads there, too; a file that is gone says so.
        QMenu menu;
        program.cellMenu.populate(menu, zshCell());
        actionWith(menu, QStringLiteral("line in its source"))->trigger();
        QTRY_VERIFY(view.title().endsWith(QStringLiteral("line 3")));
        QFile::remove(program.folder.filePath(QStringLiteral("mixed.ndjson")));
        report.showLineOf(EventNumber(0));
        QTRY_COMPARE(view.title(), QStringLiteral("The line cannot be shown"));
    }

    void everyEntryOfTheCellMenuDoesWhatItSays_data()
    {
        QTest::addColumn<QString>("words");
        QTest::addColumn<int>("entry");
        const auto row = [](const char* words, int entry) {
            QTest::newRow(words) << QString::fromUtf8(words) << entry;
        };
        int entry = 0;
        for (const char* words :
             {"Filter in", "Filter out", "Add as column", "Top values", "Group events", "yellow",
              "Copy value", "Copy field name", "Copy as EQL", "Copy event as JSON",
              "Follow process", "Go to parent process", "±5 s", "Show the line in its source",
              "Add to the tests", "New exception"}) {
            row(words, entry++);
        }
    }
    void everyEntryOfTheCellMenuDoesWhatItSays()
    {
        QFETCH(const QString, words);
        QFETCH(const int, entry);
        Program program;
        program.importSample();
        MainWindow& window = *program.window;
        window.showWorkspace(WorkspaceKind::Events);
        EventsPanel& events = window.events();
        QMenu menu;
        program.cellMenu.populate(menu, zshCell());
        QAction* action = actionWith(menu, words);
        QVERIFY(action != nullptr);
        const auto clip = [] { return QGuiApplication::clipboard()->text(); };
        QGuiApplication::clipboard()->clear();
        action->trigger();
        switch (entry) {
        case 0:
            QTRY_COMPARE(events.grid().rowCount(), 1);
            break;
        case 1:
            QTRY_COMPARE(events.grid().rowCount(), 2);
            break;
        case 2:
            QVERIFY(std::ranges::any_of(events.grid().columns(), [](const EventColumn& column) {
                return column.field == "process.name";
            }));
            break;
        case 3:
            QCOMPARE(
                window.findChild<Panel*>(QStringLiteral("events.event"))->header().currentTab(), 3);
            break;
        case 4:
            QTRY_VERIFY(events.grid().groups() != nullptr);
            break;
        case 5:
            QTRY_COMPARE(events.colorRules().colorOf(EventNumber(1)), RuleColor::Yellow);
            break;
        case 6:
            QCOMPARE(clip(), QStringLiteral("zsh"));
            break;
        case 7:
            QCOMPARE(clip(), QStringLiteral("process.name"));
            break;
        case 8:
            QCOMPARE(clip(), QStringLiteral("process.name == \"zsh\""));
            break;
        case 9:
            QTRY_VERIFY(clip().contains(QStringLiteral("\"entity_id\":\"e2\"")));
            break;
        case 10:
            QTRY_VERIFY(program.selection.state().process
                        && program.selection.state().process->entityId == "e2");
            QCOMPARE(window.currentWorkspace(), WorkspaceKind::Triage);
            break;
        case 11:
            QTRY_VERIFY(program.selection.state().process
                        && program.selection.state().process->entityId == "e1");
            break;
        case 12:
            QTRY_VERIFY(program.selection.state().timeRange.has_value());
            QTRY_COMPARE(events.grid().rowCount(), 3);
            break;
        case 13:
            QTRY_VERIFY(
                window.importReport().sourceView().title().endsWith(QStringLiteral("line 2")));
            break;
        case 14:
            QCOMPARE(window.currentWorkspace(), WorkspaceKind::Rules);
            break;
        default:
            QTRY_VERIFY(QApplication::activeModalWidget() != nullptr
                        || window.findChild<QDialog*>() != nullptr);
        }
    }

    void noEntryIsForgotten()
    {
        // Whoever adds an entry adds it to the list above.
        Program program;
        program.importSample();
        QMenu menu;
        program.cellMenu.populate(menu, zshCell());
        int entries = 0;
        for (const QAction* action : menu.actions()) {
            entries += action->isSeparator() ? 0 : 1;
        }
        QCOMPARE(entries, 16);
    }

private:
    static void arrangeAndSave(const QString& file)
    {
        Program program;
        program.importSample();
        MainWindow& window = *program.window;
        window.showWorkspace(WorkspaceKind::Events);
        QTest::qWait(50);
        window.events().addColumn("process.entity_id");
        window.events().setSort({"process.name", true});
        window.events().setGrouping("host.name");
        window.events().colorRules().setRules({{"zsh", RuleColor::Teal, true}});
        program.session.applyFilter("process.name == \"zsh\"");
        QTRY_COMPARE(program.session.filter()->eventCount, std::uint64_t{1});
        program.selection.setTimeRange(
            state::TimeRange{1'775'900'000'000'000'000, 1'776'000'000'000'000'000});
        window.findChild<Panel*>(QStringLiteral("events.event"))->header().setCurrentTab(1);
        window.saveCaseTo(file);
        QTRY_VERIFY_WITH_TIMEOUT(!program.session.isTemporary(), longWaitMs);
        QTRY_COMPARE(window.filterBar().text(), QStringLiteral("process.name == \"zsh\""));
        QVERIFY(window.close());
    }
};

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    Theme theme(SchemeChoice::Dark);
    theme.applyTo(application);
    EventsWorkspaceTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_events_workspace.moc"
