#include "tests/ui/rules/workshop_program.h"
#include "ui/editor/eql_editor.h"
#include "ui/editor/find_bar.h"
#include "ui/rules/cost_view.h"
#include "ui/rules/editor_panel.h"
#include "ui/rules/exception_dialog.h"
#include "ui/rules/funnel_view.h"
#include "ui/rules/match_table.h"
#include "ui/rules/near_misses_view.h"
#include "ui/rules/query_status.h"
#include "ui/rules/rule_list_panel.h"
#include "ui/rules/rule_tests_view.h"
#include "ui/rules/rules_workspace.h"
#include "ui/rules/test_draft_dialog.h"
#include "ui/rules/workshop_actions.h"
#include "ui/state/case_session.h"
#include "ui/theme/theme.h"
#include "ui/widgets/panel.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QDir>
#include <QFile>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QToolButton>
#include <QTreeView>
#include <QtTest>

#include <algorithm>

using namespace sequela;
using namespace sequela::ui;
using namespace sequela::ui::testing;

/// The whole page over a real case, driven by keys.
class RulesWorkspaceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void typingRerunsTheQuery();
    void brokenQueryKeepsTheLastResult();
    void onlyTheNewestResultShows();
    void guardTurnsRed();
    void savingWritesOneLine();
    void matchSelectsTheEvent();
    void scratchQuery();
    void testsRunWithTheEditedQuery();
    void modelsHold();
    void nearMissesOfEveryKind();
    void costOfEachClause();
    void matchesSortByAColumn();
    void fileChangedOutside_data();
    void fileChangedOutside();
    void findAndReplace();
    void exceptionFromAMatch();
    void ruleFromEventsAndFiles();
    void firstSeedRule();
    void pictures();
};

void RulesWorkspaceTest::typingRerunsTheQuery()
{
    Program program;
    program.openSamples();
    program.openRule();
    QTRY_VERIFY_WITH_TIMEOUT(program.status().contains(QStringLiteral("1 sequence")), longWaitMs);
    QTRY_COMPARE_WITH_TIMEOUT(program.matches().matches().rowCount(), 1, longWaitMs);
    EqlEditor& editor = program.editor();
    editor.setCaret(std::string(samples::query).find("30s"));
    QTest::keyClick(editor.keyboardWidget(), Qt::Key_Delete);
    QTest::keyClicks(editor.keyboardWidget(), QStringLiteral("6"));
    QTRY_VERIFY_WITH_TIMEOUT(program.status().contains(QStringLiteral("2 sequences"))
                                 && program.status().contains(QStringLiteral("+1 new"))
                                 && program.status().contains(QStringLiteral("−0 lost")),
                             longWaitMs);
    // The gained one stands first and is marked.
    QCOMPARE(program.matches().matches().rows()->change(0), MatchChange::Gained);
    QVERIFY(program.page->unsavedNames().contains(QStringLiteral("rule.toml")));
}

void RulesWorkspaceTest::brokenQueryKeepsTheLastResult()
{
    Program program;
    program.openSamples();
    program.openRule();
    QTRY_COMPARE_WITH_TIMEOUT(program.matches().matches().rowCount(), 1, longWaitMs);
    EqlEditor& editor = program.editor();
    editor.setCaret(0);
    QTest::keyClicks(editor.keyboardWidget(), QStringLiteral("("));
    QVERIFY(!editor.squiggles(Severity::Error).empty());
    QVERIFY2(program.status().contains(QStringLiteral("last good run")),
             qPrintable(program.status()));
    QCOMPARE(program.matches().matches().rowCount(), 1);
    QVERIFY(editor.clauseMargin().isStale());
    QTest::keyClick(editor.keyboardWidget(), Qt::Key_Backspace);
    QTRY_VERIFY_WITH_TIMEOUT(!editor.clauseMargin().isStale(), longWaitMs);
    QVERIFY(!program.status().contains(QStringLiteral("last good run")));
}

void RulesWorkspaceTest::onlyTheNewestResultShows()
{
    Program program;
    program.openSamples();
    program.page->newQuery("process where true");
    QTRY_VERIFY_WITH_TIMEOUT(program.status().contains(QStringLiteral("4 matches")), longWaitMs);
    // Results of what was typed in between never come through as fresh ones.
    EqlEditor& editor = program.editor();
    for (const char* text : {"network where true", "any where true", "process where false",
                             "network where destination.port == 443"}) {
        editor.setText(text);
        QTest::keyClick(editor.keyboardWidget(), Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(editor.clauseMargin().isStale());
    }
    QTRY_VERIFY_WITH_TIMEOUT(!editor.clauseMargin().isStale(), longWaitMs);
    QVERIFY2(program.status().contains(QStringLiteral("3 matches")), qPrintable(program.status()));
    QCOMPARE(program.panel().current()->result->text,
             std::string("network where destination.port == 443"));
}

void RulesWorkspaceTest::guardTurnsRed()
{
    Program program;
    program.openSamples();
    detect::VerdictEdit truePositive;
    truePositive.decision = {detect::VerdictStatus::Closed, detect::VerdictReason::TruePositive};
    const std::string id = program.session.detection()->alerts.front().id;
    program.session.editVerdicts({id}, truePositive);
    QTRY_COMPARE_WITH_TIMEOUT(program.session.alert(id)->verdict.reason,
                              detect::VerdictReason::TruePositive, longWaitMs);
    program.openRule();
    QTRY_COMPARE_WITH_TIMEOUT(program.matches().matches().rowCount(), 1, longWaitMs);
    QVERIFY(program.panel().status().alarm().isEmpty());
    EqlEditor& editor = program.editor();
    editor.setCaret(std::string(samples::query).find("0s"));
    QTest::keyClick(editor.keyboardWidget(), Qt::Key_Delete);
    QTRY_VERIFY_WITH_TIMEOUT(
        program.panel().status().alarm().contains(QStringLiteral("1 alert marked true positive")),
        longWaitMs);
    QVERIFY(program.status().contains(QStringLiteral("−1 lost")));
}

void RulesWorkspaceTest::savingWritesOneLine()
{
    Program program;
    program.openSamples();
    program.openRule();
    EqlEditor& editor = program.editor();
    editor.setCaret(std::string(samples::query).find("30s"));
    QTest::keyClick(editor.keyboardWidget(), Qt::Key_Delete);
    QTest::keyClicks(editor.keyboardWidget(), QStringLiteral("6"));
    QVERIFY(program.panel().current()->isChanged());
    QTest::keyClick(editor.keyboardWidget(), Qt::Key_S, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(!program.panel().current()->isChanged(), longWaitMs);
    std::string edited = samples::query;
    edited.replace(edited.find("30s"), 3, "60s");
    QFile file(program.folder.filePath(QStringLiteral("rule.toml")));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll().toStdString(),
             std::string(samples::ruleHead) + edited + samples::ruleTail);
    // The case runs with the saved rule from then on.
    QTRY_VERIFY_WITH_TIMEOUT(program.session.detection()->alerts.size() == 2, longWaitMs);
    QVERIFY(program.page->unsavedNames().isEmpty());
}

void RulesWorkspaceTest::matchSelectsTheEvent()
{
    Program program;
    program.openSamples();
    program.openRule();
    QTRY_COMPARE_WITH_TIMEOUT(program.matches().matches().rowCount(), 1, longWaitMs);
    MatchTable& table = program.matches();
    table.setCurrentIndex(table.model()->index(0, MatchModel::FirstStageColumn + 1));
    QCOMPARE(program.selection.state().event, std::optional(EventNumber(1)));
    table.setCurrentIndex(table.model()->index(0, MatchModel::TimeColumn));
    QCOMPARE(program.selection.state().event, std::optional(EventNumber(0)));
    QTRY_VERIFY_WITH_TIMEOUT(table.model()
                                 ->index(0, MatchModel::FirstStageColumn + 1)
                                 .data()
                                 .toString()
                                 .contains(QStringLiteral("185.199.110.153:443")),
                             longWaitMs);
    QCOMPARE(table.model()->index(0, MatchModel::FirstStageColumn).data().toString(),
             QStringLiteral("osascript 3151 -e x"));
    QCOMPARE(table.model()->index(0, MatchModel::SpanColumn).data().toString(),
             QStringLiteral("4 s"));
    const QSignalSpy activated(program.page.get(), &RulesWorkspace::eventActivated);
    Q_EMIT table.activated(table.model()->index(0, MatchModel::FirstStageColumn));
    QCOMPARE(activated.count(), 1);
}

void RulesWorkspaceTest::scratchQuery()
{
    Program program;
    program.openSamples();
    program.page->newQuery();
    QVERIFY(program.panel().current() != nullptr);
    QVERIFY(!program.panel().current()->entry);
    QTest::keyClicks(program.editor().keyboardWidget(),
                     QStringLiteral("process where process.name == \"zsh\""));
    QTest::keyClick(program.editor().keyboardWidget(), Qt::Key_Escape);
    QTRY_VERIFY_WITH_TIMEOUT(program.status().contains(QStringLiteral("1 match")), longWaitMs);
    QVERIFY(!program.status().contains(QStringLiteral("against saved rule")));
    QVERIFY(program.page->unsavedNames().isEmpty());
}

void RulesWorkspaceTest::testsRunWithTheEditedQuery()
{
    Program program;
    program.openSamples();
    program.openRule();
    const RuleTestModel& model = program.panel().tests().model();
    QTRY_COMPARE_WITH_TIMEOUT(model.rowCount(), 2, longWaitMs);
    QCOMPARE(model.rows()[0].passed, std::optional(true));
    QCOMPARE(model.rows()[1].passed, std::optional(true));
    EqlEditor& editor = program.editor();
    editor.setCaret(std::string(samples::query).find("30s"));
    QTest::keyClick(editor.keyboardWidget(), Qt::Key_Delete);
    QTest::keyClicks(editor.keyboardWidget(), QStringLiteral("1"));
    QTRY_COMPARE_WITH_TIMEOUT(model.rows()[1].passed, std::optional(false), longWaitMs);
    QVERIFY(!model.rows()[1].message.empty());
}

void RulesWorkspaceTest::modelsHold()
{
    Program program;
    program.openSamples();
    MatchModel model(program.context);
    const QAbstractItemModelTester tester(&model);
    program.openRule();
    QTRY_COMPARE_WITH_TIMEOUT(program.matches().matches().rowCount(), 1, longWaitMs);
    model.setRows(program.matches().matches().rows());
    QCOMPARE(model.columnCount(), MatchModel::FirstStageColumn + 2);
    model.setStale(true);
    model.setOrder({0});
    model.setRows(std::make_shared<const MatchList>());
    QCOMPARE(model.rowCount(), 0);
}

void RulesWorkspaceTest::nearMissesOfEveryKind()
{
    Program program;
    program.openSamples();
    program.openRule();
    NearMissesView& near = *program.page->findChild<NearMissesView*>();
    QTRY_COMPARE_WITH_TIMEOUT(
        near.title(), QStringLiteral("1 shares the keys but took longer than 30 s"), longWaitMs);
    QCOMPARE(near.lines().size(), std::size_t{1});
    MatchTable& table = *program.page->findChild<MatchTable*>(QStringLiteral("rules.tooLate"));
    QCOMPARE(table.model()->rowCount(), 2);
    QVERIFY(!table.isColumnHidden(MatchModel::NoteColumn));
    QVERIFY(program.matches().isColumnHidden(MatchModel::NoteColumn));
    QCOMPARE(table.model()->index(0, MatchModel::NoteColumn).data().toString(),
             QStringLiteral("18 s too late"));
    // A click on a reason turns to the list.
    auto* reason = near.findChild<QPushButton*>();
    QVERIFY(reason != nullptr);
    QTest::mouseClick(reason, Qt::LeftButton);
    QTRY_VERIFY(table.isVisible());
    // The slider previews and leaves the query alone.
    QSlider& slider = *near.findChild<QSlider*>();
    slider.setValue(200);
    QTRY_VERIFY_WITH_TIMEOUT(
        [&near] {
            const auto labels = near.findChildren<QLabel*>();
            return std::ranges::any_of(labels, [](const QLabel* label) {
                return label->text().contains(QStringLiteral("2 sequences (+1)"));
            });
        }(),
        longWaitMs);
    QVERIFY(!program.panel().current()->isChanged());
}

void RulesWorkspaceTest::costOfEachClause()
{
    Program program;
    program.openSamples();
    program.openRule();
    QTRY_COMPARE_WITH_TIMEOUT(program.matches().matches().rowCount(), 1, longWaitMs);
    Panel& results = *program.page->findChild<Panel*>(QStringLiteral("rules.results"));
    results.header().setCurrentTab(4);
    CostView& cost = *program.page->findChild<CostView*>();
    QTRY_VERIFY_WITH_TIMEOUT(cost.model().report() != nullptr, longWaitMs);
    const ClauseModel& model = cost.model();
    QCOMPARE(model.rowCount(), 4);
    const QAbstractItemModelTester tester(const_cast<ClauseModel*>(&model));
    const auto cell = [&model](int row, int column) {
        return model.index(row, column).data().toString();
    };
    QCOMPARE(cell(0, ClauseModel::ClauseColumn), QStringLiteral("1  event.type == \"start\""));
    QCOMPARE(cell(0, ClauseModel::VerdictColumn), QStringLiteral("changes nothing here"));
    QCOMPARE(cell(3, ClauseModel::KeepsOutColumn), QStringLiteral("1"));
    QCOMPARE(cell(3, ClauseModel::VerdictColumn), QStringLiteral("carries the rule"));
    QVERIFY(cost.summary().contains(QStringLiteral("change nothing")));
    // An edit makes the report stale, the next one belongs to the new text.
    EqlEditor& editor = program.editor();
    editor.setCaret(std::string(samples::query).find("30s"));
    QTest::keyClick(editor.keyboardWidget(), Qt::Key_Delete);
    QTest::keyClicks(editor.keyboardWidget(), QStringLiteral("6"));
    QTRY_VERIFY_WITH_TIMEOUT(program.panel().current()->clauses != nullptr
                                 && cost.model().report() != nullptr
                                 && cost.model().report()->matchCount == 2,
                             longWaitMs);
}

void RulesWorkspaceTest::matchesSortByAColumn()
{
    Program program;
    program.openSamples();
    program.page->newQuery("process where true");
    MatchTable& table = program.matches();
    QTRY_COMPARE_WITH_TIMEOUT(table.model()->rowCount(), 4, longWaitMs);
    const auto first = [&table] { return table.matches().eventAt(table.model()->index(0, 1)); };
    QCOMPARE(first(), std::optional(EventNumber(0)));
    QHeaderView& header = *table.horizontalHeader();
    const auto click = [&header] {
        QTest::mouseClick(
            header.viewport(), Qt::LeftButton, {},
            {header.sectionViewportPosition(MatchModel::TimeColumn) + 20, header.height() / 2});
    };
    click();
    click();
    QTRY_COMPARE_WITH_TIMEOUT(first(), std::optional(EventNumber(6)), longWaitMs);
    click();
    QTRY_COMPARE_WITH_TIMEOUT(first(), std::optional(EventNumber(0)), longWaitMs);
}

void RulesWorkspaceTest::fileChangedOutside_data()
{
    QTest::addColumn<QString>("choice");
    QTest::addColumn<QString>("maxspan");
    QTest::addColumn<QString>("network");
    QTest::newRow("both") << QStringLiteral("merge.both") << QStringLiteral("60s")
                          << QStringLiteral("11.0.0.0/8");
    QTest::newRow("the file's") << QStringLiteral("merge.theirs") << QStringLiteral("30s")
                                << QStringLiteral("11.0.0.0/8");
    QTest::newRow("mine") << QStringLiteral("merge.mine") << QStringLiteral("60s")
                          << QStringLiteral("10.0.0.0/8");
}

void RulesWorkspaceTest::fileChangedOutside()
{
    QFETCH(QString, choice);
    QFETCH(QString, maxspan);
    QFETCH(QString, network);
    Program program;
    program.openSamples();
    program.openRule();
    std::string outside = samples::query;
    outside.replace(outside.find("10.0.0.0/8"), 10, "11.0.0.0/8");
    program.write(QStringLiteral("rule.toml"),
                  std::string(samples::ruleHead) + outside + samples::ruleTail);
    EqlEditor& editor = program.editor();
    editor.setCaret(std::string(samples::query).find("30s"));
    QTest::keyClick(editor.keyboardWidget(), Qt::Key_Delete);
    QTest::keyClicks(editor.keyboardWidget(), QStringLiteral("6"));
    QTest::keyClick(editor.keyboardWidget(), Qt::Key_S, Qt::ControlModifier);
    QPushButton* button = nullptr;
    QTRY_VERIFY_WITH_TIMEOUT((button = program.page->findChild<QPushButton*>(choice)) != nullptr
                                 && button->isVisible(),
                             longWaitMs);
    QTest::mouseClick(button, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(editor.text().find(maxspan.toStdString()) != std::string::npos
                                 && editor.text().find(network.toStdString()) != std::string::npos,
                             longWaitMs);
    if (choice == QLatin1String("merge.both")) {
        QTest::keyClick(editor.keyboardWidget(), Qt::Key_S, Qt::ControlModifier);
    }
    QTRY_VERIFY_WITH_TIMEOUT(!program.panel().current()->isChanged(), longWaitMs);
    std::string expected = samples::query;
    expected.replace(expected.find("30s"), 3, maxspan.toStdString());
    expected.replace(expected.find("10.0.0.0/8"), 10, network.toStdString());
    QTRY_COMPARE_WITH_TIMEOUT(program.read(QStringLiteral("rule.toml")),
                              std::string(samples::ruleHead) + expected + samples::ruleTail,
                              longWaitMs);
}

void RulesWorkspaceTest::findAndReplace()
{
    Program program;
    program.openSamples();
    program.openRule();
    EqlEditor& editor = program.editor();
    QTest::keyClick(editor.keyboardWidget(), Qt::Key_F, Qt::ControlModifier);
    auto* bar = editor.findChild<FindBar*>();
    QVERIFY(bar != nullptr && bar->isVisible());
    const auto fields = bar->findChildren<QLineEdit*>();
    QCOMPARE(fields.size(), 2);
    fields[0]->setText(QStringLiteral("OSASCRIPT"));
    QTest::keyClick(fields[0], Qt::Key_Return);
    QVERIFY(editor.caret() > 0);
    fields[1]->setText(QStringLiteral("zsh"));
    auto* all = bar->findChild<QToolButton*>(QStringLiteral("find.replaceAll"));
    QVERIFY(all != nullptr);
    QTest::mouseClick(all, Qt::LeftButton);
    QCOMPARE(editor.text().find("osascript"), std::string::npos);
    QCOMPARE(QString::fromStdString(editor.text()).count(QStringLiteral("\"zsh\"")), 2);
    // One step back undoes it all.
    editor.undo();
    QCOMPARE(editor.text(), std::string(samples::query));
    QTest::keyClick(fields[0], Qt::Key_Escape);
    QVERIFY(!bar->isVisible());
}

void RulesWorkspaceTest::exceptionFromAMatch()
{
    Program program;
    program.openSamples();
    program.openRule();
    QTRY_COMPARE_WITH_TIMEOUT(program.matches().matches().rowCount(), 1, longWaitMs);
    program.page->makeException(EventNumber(0));
    ExceptionDialog* dialog = nullptr;
    QTRY_VERIFY_WITH_TIMEOUT(
        (dialog = program.page->window()->findChild<ExceptionDialog*>()) != nullptr, longWaitMs);
    QCOMPARE(dialog->condition().toPlainText(),
             QStringLiteral("process.command_line == \"osascript -e x\""));
    QTRY_VERIFY_WITH_TIMEOUT(dialog->canSave(), longWaitMs);
    QVERIFY2(dialog->effect().contains(QStringLiteral("1 alert would disappear")),
             qPrintable(dialog->effect()));
    // A condition that does not bind cannot be kept; ticking a clause writes one that does.
    dialog->condition().setPlainText(QStringLiteral("process.name =="));
    QTRY_VERIFY_WITH_TIMEOUT(!dialog->canSave()
                                 && !dialog->effect().contains(QStringLiteral("disappear"))
                                 && !dialog->effect().contains(QStringLiteral("…")),
                             longWaitMs);
    dialog->clauses().item(0)->setCheckState(Qt::Unchecked);
    dialog->clauses().item(0)->setCheckState(Qt::Checked);
    QTRY_VERIFY_WITH_TIMEOUT(dialog->canSave(), longWaitMs);
    dialog->comment().setText(QStringLiteral("our own script"));
    dialog->save();
    QTRY_VERIFY_WITH_TIMEOUT(program.session.detection()->alerts.empty(), longWaitMs);
    const auto kept = program.session.workspace()->exceptions();
    QVERIFY(kept && kept->size() == 1);
    QCOMPARE(kept->front().comment, std::string("our own script"));
    QCOMPARE(kept->front().ruleId, std::string("11111111-2222-3333-4444-555555555555"));
}

void RulesWorkspaceTest::ruleFromEventsAndFiles()
{
    Program program;
    program.openSamples();
    WorkshopActions& workshop = program.page->workshop();
    workshop.draftQuery({EventNumber(1), EventNumber(0)});
    QTRY_VERIFY_WITH_TIMEOUT(program.panel().current() != nullptr
                                 && program.editor().text().starts_with("sequence by host.id"),
                             longWaitMs);
    QTRY_VERIFY_WITH_TIMEOUT(program.status().contains(QStringLiteral("sequence")), longWaitMs);
    // Saved beside the others it is one of them.
    program.session.setRulePaths({program.folder.path().toStdString()});
    workshop.saveAsRuleTo(program.path(QStringLiteral("drafted.toml")), "Drafted here");
    const auto openName = [&program] {
        const OpenQuery* query = program.panel().current();
        return query->isRule() ? query->entry->rule->name : std::string();
    };
    QTRY_COMPARE_WITH_TIMEOUT(openName(), std::string("Drafted here"), longWaitMs);
    const rules::RuleEntry entry = *program.panel().current()->entry;
    workshop.duplicate(entry, program.path(QStringLiteral("second.toml")), "Second");
    QTRY_COMPARE_WITH_TIMEOUT(openName(), std::string("Second"), longWaitMs);
    workshop.move(*program.panel().current()->entry, program.path(QStringLiteral("third.toml")));
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(program.folder.filePath(QStringLiteral("third.toml"))),
                             longWaitMs);
    QVERIFY(!QFile::exists(program.folder.filePath(QStringLiteral("second.toml"))));
}

/// The tour: the first seed rule on the demo case, from the noisy draft to the saved line.
void RulesWorkspaceTest::firstSeedRule()
{
    Program program;
    const QString name = QStringLiteral("command_and_control_osascript_network.toml");
    QVERIFY(QFile::copy(QStringLiteral(SEQUELA_SOURCE_DIR "/rules/macos/") + name,
                        program.folder.filePath(name)));
    QFile::setPermissions(program.folder.filePath(name), QFile::ReadOwner | QFile::WriteOwner);
    const std::string original = program.read(name);
    program.session.setRulePaths({program.path(name)});
    program.session.importPaths({SEQUELA_SOURCE_DIR "/resources/demo"});
    program.show();
    QTRY_VERIFY_WITH_TIMEOUT(program.session.detection()
                                 && program.session.detection()->alerts.size() == 1
                                 && !program.session.isDetecting(),
                             longWaitMs);
    QVERIFY(program.page->openRule("47f76567-d58a-4fed-b32b-21f571e28910"));
    program.page->focusEditor();
    EqlEditor& editor = program.editor();
    const std::string query = editor.text();

    // maxspan 30s → 60s: the sequence of 45 seconds comes.
    editor.setCaret(query.find("30s"));
    QTest::keyClick(editor.keyboardWidget(), Qt::Key_Delete);
    QTest::keyClicks(editor.keyboardWidget(), QStringLiteral("6"));
    QTRY_VERIFY_WITH_TIMEOUT(program.status().contains(QStringLiteral("2 sequences"))
                                 && program.status().contains(QStringLiteral("+1 new")),
                             longWaitMs);
    QCOMPARE(program.matches().matches().rows()->change(0), MatchChange::Gained);

    // Without a CIDR block the private connection is called out as gained, too.
    const std::string wide = editor.text();
    std::string narrow = wide;
    narrow.replace(narrow.find("\"192.168.0.0/16\", "), 18, "");
    editor.replaceText(narrow);
    QTRY_VERIFY_WITH_TIMEOUT(program.status().contains(QStringLiteral("+2 new")), longWaitMs);
    editor.undo();
    QCOMPARE(editor.text(), wide);

    // A mistyped field is underlined and mended with one key; the result stays, greyed.
    editor.setCaret(wide.find("process.name") + 12);
    QTest::keyClick(editor.keyboardWidget(), Qt::Key_Backspace);
    QTest::keyClick(editor.keyboardWidget(), Qt::Key_Escape);
    QTRY_VERIFY(!editor.squiggles(Severity::Error).empty()
                || !editor.squiggles(Severity::Warning).empty());
    editor.setCaret(wide.find("process.name") + 4);
    QTest::keyClick(editor.keyboardWidget(), Qt::Key_Return, Qt::AltModifier);
    QCOMPARE(editor.text(), wide);

    // A test from the gained match: made, redacted, added beside the rule, passing.
    QTRY_VERIFY_WITH_TIMEOUT(program.status().contains(QStringLiteral("+1 new"))
                                 && !editor.clauseMargin().isStale(),
                             longWaitMs);
    MatchTable& matches = program.matches();
    matches.setCurrentIndex(matches.model()->index(0, MatchModel::TimeColumn));
    TestDraftDialog* dialog = program.page->makeTest(matches.currentEvents(), true);
    QVERIFY(dialog != nullptr);
    QTRY_VERIFY_WITH_TIMEOUT(dialog->preview().contains(QStringLiteral("host-1")), longWaitMs);
    QVERIFY(!dialog->preview().contains(QStringLiteral("mbp-ops")));
    dialog->name().setText(QStringLiteral("a slow download"));
    const QSignalSpy saved(dialog, &TestDraftDialog::saved);
    QTRY_VERIFY_WITH_TIMEOUT((dialog->save(), saved.count() > 0), longWaitMs);
    const RuleTestModel& tests = program.panel().tests().model();
    QTRY_VERIFY_WITH_TIMEOUT(tests.rowCount() == 1 && tests.rows()[0].passed == true, longWaitMs);
    QCOMPARE(tests.rows()[0].name, std::string("a slow download"));

    // The evidence, then the save: one line differs.
    program.page->workshop().copyEvidence();
    QTRY_VERIFY_WITH_TIMEOUT(
        QGuiApplication::clipboard()->text().contains(QStringLiteral("## Tests")), longWaitMs);
    program.page->activateWindow();
    program.page->focusEditor();
    QTRY_VERIFY(editor.keyboardWidget()->hasFocus());
    QTest::keyClick(editor.keyboardWidget(), Qt::Key_S, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(!program.panel().current()->isChanged(), longWaitMs);
    std::string expected = original;
    expected.replace(expected.find("maxspan=30s"), 11, "maxspan=60s");
    QCOMPARE(program.read(name), expected);
    QTRY_VERIFY_WITH_TIMEOUT(program.session.detection()->alerts.size() == 2, longWaitMs);
}

/// The page on the demo case, for eyes: build/…/screenshots/rules-*.png.
void RulesWorkspaceTest::pictures()
{
    Program program;
    program.theme.applyTo(*qobject_cast<QApplication*>(QCoreApplication::instance()));
    program.session.setRulePaths({SEQUELA_SOURCE_DIR "/rules"});
    program.session.importPaths({SEQUELA_SOURCE_DIR "/resources/demo"});
    program.show();
    QTRY_VERIFY_WITH_TIMEOUT(program.session.detection()
                                 && !program.session.detection()->alerts.empty()
                                 && !program.session.isDetecting(),
                             4 * longWaitMs);
    QVERIFY(program.page->openRule("47f76567-d58a-4fed-b32b-21f571e28910"));
    QTRY_VERIFY_WITH_TIMEOUT(program.panel().current()->nearMisses != nullptr, longWaitMs);
    EqlEditor& editor = program.editor();
    const std::string query = editor.text();
    editor.setCaret(query.find("30s"));
    QTest::keyClick(editor.keyboardWidget(), Qt::Key_Delete);
    QTest::keyClicks(editor.keyboardWidget(), QStringLiteral("6"));
    QTRY_VERIFY_WITH_TIMEOUT(!editor.clauseMargin().isStale()
                                 && program.panel().current()->nearMisses != nullptr,
                             longWaitMs);
    const QString folder = QStringLiteral(SEQUELA_BINARY_DIR "/screenshots");
    QVERIFY(QDir().mkpath(folder));
    const auto shoot = [&](const QString& name) {
        QTest::qWait(400);
        const QPixmap picture = program.page->grab();
        QVERIFY(!picture.isNull());
        QVERIFY(picture.save(folder + QLatin1Char('/') + name + QStringLiteral(".png")));
    };
    for (const auto& [scheme, choice] :
         {std::pair("dark", SchemeChoice::Dark), std::pair("light", SchemeChoice::Light)}) {
        program.theme.setChoice(choice);
        for (const QSize size : {QSize(1280, 800), QSize(1600, 960)}) {
            program.page->resize(size);
            shoot(QStringLiteral("rules-%1-%2").arg(QLatin1String(scheme)).arg(size.width()));
        }
    }
    program.theme.setChoice(SchemeChoice::Dark);
    editor.setText("network where destination.prt == 443 and process.na");
    editor.setCaret(editor.text().size());
    editor.complete();
    shoot(QStringLiteral("rules-broken"));
    for (int page = 1; page <= 3; ++page) {
        program.panel().showPage(page);
        shoot(QStringLiteral("rules-page-%1").arg(page));
    }
}

QTEST_MAIN(RulesWorkspaceTest)
#include "tst_rules_workspace.moc"
