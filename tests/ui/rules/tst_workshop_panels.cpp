#include "tests/ui/rules/workshop_program.h"
#include "ui/rules/exception_dialog.h"
#include "ui/rules/exceptions_view.h"
#include "ui/rules/rule_list_panel.h"
#include "ui/rules/schedule_view.h"
#include "ui/rules/versions_view.h"
#include "ui/rules/workshop_actions.h"

#include <QAbstractItemModelTester>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTableView>

#include <algorithm>
#include <limits>
#include <optional>
#include <string>

using namespace sequela;
using namespace sequela::ui;
using namespace sequela::ui::testing;

/// The panels beside the matches: schedule, versions, exceptions, the rule list, what lint says.
class WorkshopPanelsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void scheduleReplay();
    void scheduleColumnsHoldEveryMark();
    void versionsAndThePinnedOne();
    void historyIsBounded();
    void firstChange_data();
    void firstChange();
    void exceptionsOfTheRule();
    void rulesSwitchedOff();
    void rulesThatCannotRun();
    void valuesAreLinted();
    void draftsFromTheSelection();
    void typingFastShowsNothingStaleAsFresh_data();
    void typingFastShowsNothingStaleAsFresh();
    void panelsGrowWithTheWindow();
    void closingKeepsEveryByte_data();
    void closingKeepsEveryByte();
};

namespace {

constexpr std::int64_t minuteNs = 60 * nanosecondsPerSecond;
enum Tab : int { Schedule = 3, Versions = 5, Exceptions = 6 };

const std::string& sampleQuery()
{
    static const std::string query = samples::query;
    return query;
}

/// Types maxspan=60s over the 30s of the sample rule.
void raiseMaxspan(EqlEditor& editor)
{
    editor.setCaret(editor.text().find("30s"));
    QTest::keyClick(editor.keyboardWidget(), Qt::Key_Delete);
    QTest::keyClicks(editor.keyboardWidget(), QStringLiteral("6"));
}

ScheduleMark markAt(std::int64_t timeNs, detect::ReplayFate fate, std::uint64_t windows = 1)
{
    return {timeNs, fate, windows};
}

} // namespace

void WorkshopPanelsTest::scheduleReplay()
{
    Program program;
    program.openSamples();
    program.openRule();
    ScheduleView& view = *program.page->findChild<ScheduleView*>();
    QVERIFY(view.result() == nullptr);
    program.showResults(Schedule);
    QTRY_VERIFY_WITH_TIMEOUT(view.result() != nullptr, longWaitMs);
    QCOMPARE(view.result()->counts.found, std::uint64_t{1});
    QCOMPARE(view.result()->marks.size(), std::size_t{1});
    QVERIFY2(view.summary().contains(QStringLiteral("1 found")), qPrintable(view.summary()));
    QCOMPARE(view.table().model()->rowCount(), 1);
    QVERIFY(view.table()
                .model()
                ->index(0, MatchModel::NoteColumn)
                .data()
                .toString()
                .startsWith(QStringLiteral("found by the run of 09:35Z")));
    // An outage longer than what a late run catches up with loses it.
    ScheduleSwitches switches;
    switches.outageNs = 600 * minuteNs;
    view.setSwitches(switches);
    QTRY_VERIFY_WITH_TIMEOUT(view.result() != nullptr && view.result()->switches == switches,
                             longWaitMs);
    QCOMPARE(view.result()->counts.found, std::uint64_t{0});
    QCOMPARE(view.result()->counts.missedNoWindow, std::uint64_t{1});
    QVERIFY(view.summary().contains(QStringLiteral("1 missed")));
    // The next edit is played, too.
    view.setSwitches({});
    raiseMaxspan(program.editor());
    QTRY_VERIFY_WITH_TIMEOUT(view.result() != nullptr && view.result()->counts.found == 2,
                             longWaitMs);
}

void WorkshopPanelsTest::scheduleColumnsHoldEveryMark()
{
    using detect::ReplayFate;
    ScheduleResult result;
    QCOMPARE(axisRange(result), ScheduleAxisRange());
    result.arrivals = detect::ArrivalRange{Timestamp(0), Timestamp(90 * minuteNs)};
    result.intervalNs = 10 * minuteNs;
    result.marks = {markAt(0, ReplayFate::Found),
                    markAt(50 * minuteNs, ReplayFate::Found, 3),
                    markAt(50 * minuteNs, ReplayFate::Cut),
                    markAt(90 * minuteNs, ReplayFate::Late),
                    markAt(90 * minuteNs, ReplayFate::NoWindow),
                    markAt(91 * minuteNs, ReplayFate::Otherwise)};
    const ScheduleColumns columns = scheduleColumns(result, 100);
    const auto at = [&columns](ScheduleLane lane, std::size_t column) {
        return columns.at(static_cast<std::size_t>(lane)).at(column);
    };
    QCOMPARE(at(ScheduleLane::Found, 0), 1U);
    QCOMPARE(at(ScheduleLane::Again, 50), 1U);
    QCOMPARE(at(ScheduleLane::Cut, 50), 1U);
    QCOMPARE(at(ScheduleLane::Late, 90), 1U);
    QCOMPARE(at(ScheduleLane::NoWindow, 90), 1U);
    QCOMPARE(at(ScheduleLane::Otherwise, 91), 1U);
    QCOMPARE(markNear(result, ScheduleLane::Cut, 53, 100, 6), std::optional<std::size_t>(2));
    QCOMPARE(markNear(result, ScheduleLane::Cut, 80, 100, 6), std::optional<std::size_t>());
    QCOMPARE(axisColumn(axisRange(result), -minuteNs, 100), -1);
    QCOMPARE(axisColumn(axisRange(result), 1000 * minuteNs, 100), 100);
    QVERIFY(scheduleColumns(result, 0).front().empty());
    // From the first to the last moment there is.
    constexpr std::int64_t earliest = std::numeric_limits<std::int64_t>::min();
    constexpr std::int64_t latest = std::numeric_limits<std::int64_t>::max();
    result.arrivals = detect::ArrivalRange{Timestamp(earliest), Timestamp(latest)};
    const ScheduleAxisRange all = axisRange(result);
    QCOMPARE(all.length(), latest);
    QCOMPARE(axisColumn(all, earliest, 100), 0);
    QCOMPARE(axisColumn(all, 0, 100), 50);
    QCOMPARE(laterBy(latest - 1, 5), latest);
}

void WorkshopPanelsTest::versionsAndThePinnedOne()
{
    Program program;
    program.openSamples();
    program.openRule();
    QTRY_COMPARE_WITH_TIMEOUT(program.matches().matches().rowCount(), 1, longWaitMs);
    VersionsView& view = *program.page->findChild<VersionsView*>();
    program.showResults(Versions);
    QCOMPARE(view.model().rowCount(), 1);
    const QAbstractItemModelTester tester(&view.model());
    raiseMaxspan(program.editor());
    QTRY_COMPARE_WITH_TIMEOUT(view.model().rowCount(), 2, longWaitMs);
    const auto cell = [&view](int row, int column) {
        return view.model().index(row, column).data().toString();
    };
    QCOMPARE(cell(0, VersionModel::MatchesColumn), QStringLiteral("2"));
    QCOMPARE(cell(0, VersionModel::GainedColumn), QStringLiteral("+1"));
    QVERIFY(cell(0, VersionModel::ChangeColumn).contains(QStringLiteral("maxspan=60s")));
    QCOMPARE(cell(1, VersionModel::MatchesColumn), QStringLiteral("1"));
    QCOMPARE(cell(1, VersionModel::ChangeColumn), QStringLiteral("as opened"));
    // With the newer one pinned, going back is a loss.
    view.table().setCurrentIndex(view.model().index(0, 0));
    view.pinCurrent();
    QTRY_VERIFY_WITH_TIMEOUT(program.status().contains(QStringLiteral("against pinned version"))
                                 && program.status().contains(QStringLiteral("+0 new")),
                             longWaitMs);
    view.table().setCurrentIndex(view.model().index(1, 0));
    view.restoreCurrent();
    QCOMPARE(program.editor().text(), sampleQuery());
    QTRY_VERIFY_WITH_TIMEOUT(program.status().contains(QStringLiteral("−1 lost")), longWaitMs);
    QVERIFY(!program.panel().current()->isChanged());
    // What was brought back can be undone.
    program.editor().undo();
    QVERIFY(program.editor().text().find("60s") != std::string::npos);
    Q_EMIT view.pinRequested(std::nullopt);
    QTRY_VERIFY_WITH_TIMEOUT(program.status().contains(QStringLiteral("against saved rule"))
                                 && program.status().contains(QStringLiteral("+1 new")),
                             longWaitMs);
}

void WorkshopPanelsTest::historyIsBounded()
{
    VersionHistory history;
    history.note({"pinned", 1, 0, 0, 0, 7});
    history.pin("pinned");
    for (std::size_t number = 0; number < VersionHistory::maxVersions + 5; ++number) {
        history.note({std::to_string(number), number, 0, 0, 0, 0});
    }
    QCOMPARE(history.versions().size(), VersionHistory::maxVersions);
    QCOMPARE(history.versions().front().text, std::string("pinned"));
    // A text that ran before keeps its place and its time.
    history.note({"pinned", 9, 0, 0, 0, 99});
    QCOMPARE(history.versions().size(), VersionHistory::maxVersions);
    QCOMPARE(history.versions().front(), (QueryVersion{"pinned", 9, 0, 0, 0, 7}));
}

void WorkshopPanelsTest::firstChange_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("change");
    QTest::newRow("equal") << "a\nb" << "a\nb" << "";
    QTest::newRow("a line changed") << "a\n  b\nc" << "a\n  d\nc" << "d";
    QTest::newRow("a line added") << "a\nb" << "a\nb\n  c\n" << "c";
    QTest::newRow("a line taken") << "a\nb\nc" << "a\nc" << "− b";
    QTest::newRow("the last line taken") << "a\nb" << "a" << "− b";
    QTest::newRow("from nothing") << "" << "a" << "a";
}

void WorkshopPanelsTest::firstChange()
{
    QFETCH(const QString, before);
    QFETCH(const QString, text);
    QFETCH(const QString, change);
    QCOMPARE(QString::fromStdString(ui::firstChange(before.toStdString(), text.toStdString())),
             change);
}

void WorkshopPanelsTest::exceptionsOfTheRule()
{
    Program program;
    program.openSamples();
    program.openRule();
    QTRY_COMPARE_WITH_TIMEOUT(program.matches().matches().rowCount(), 1, longWaitMs);
    ExceptionsView& view = *program.page->findChild<ExceptionsView*>();
    program.showResults(Exceptions);
    const QAbstractItemModelTester tester(&view.model());
    detect::Exception exception;
    exception.ruleId = "11111111-2222-3333-4444-555555555555";
    exception.condition = "process.command_line == \"osascript -e x\"";
    exception.comment = "ours";
    QVERIFY(program.session.workspace()->saveException(exception));
    program.session.runRules();
    QTRY_VERIFY_WITH_TIMEOUT(program.session.detection()->alerts.empty(), longWaitMs);
    QTRY_COMPARE_WITH_TIMEOUT(view.model().rowCount(), 1, longWaitMs);
    // The editor counts as the rule does: without what the exception takes away.
    QTRY_VERIFY_WITH_TIMEOUT(program.status().contains(QStringLiteral("0 sequences")), longWaitMs);
    const auto cell = [&view](int column) {
        return view.model().index(0, column).data().toString();
    };
    QCOMPARE(cell(ExceptionModel::StateColumn), QStringLiteral("in force"));
    QCOMPARE(cell(ExceptionModel::ScopeColumn), QStringLiteral("this rule"));

    // Beside the rule, out of the case, and back again.
    view.writeBeside();
    const QString beside = QStringLiteral("rule.exceptions.json");
    QTRY_VERIFY_WITH_TIMEOUT(!program.read(beside).empty(), longWaitMs);
    QVERIFY(program.read(beside).find("osascript -e x") != std::string::npos);
    view.table().setCurrentIndex(view.model().index(0, 0));
    view.removeCurrent();
    QTRY_VERIFY_WITH_TIMEOUT(program.session.detection()->alerts.size() == 1
                                 && view.model().rowCount() == 0,
                             longWaitMs);
    QTRY_VERIFY_WITH_TIMEOUT(program.status().contains(QStringLiteral("1 sequence")), longWaitMs);
    view.takeFromBeside();
    QTRY_VERIFY_WITH_TIMEOUT(
        program.session.detection()->alerts.empty() && view.model().rowCount() == 1, longWaitMs);

    // Switched off it stays, without effect.
    view.table().setCurrentIndex(view.model().index(0, 0));
    view.toggleCurrent();
    QTRY_COMPARE_WITH_TIMEOUT(cell(ExceptionModel::StateColumn), QStringLiteral("off"), longWaitMs);
    QTRY_COMPARE_WITH_TIMEOUT(program.session.detection()->alerts.size(), std::size_t{1},
                              longWaitMs);

    // Editing starts from what is kept and previews the change.
    view.editCurrent();
    auto* dialog = program.page->window()->findChild<ExceptionDialog*>();
    QVERIFY(dialog != nullptr);
    QCOMPARE(dialog->condition().toPlainText(), QString::fromStdString(exception.condition));
    QCOMPARE(dialog->comment().text(), QStringLiteral("ours"));
    QTRY_VERIFY_WITH_TIMEOUT(dialog->effect().contains(QStringLiteral("1 alert would disappear")),
                             longWaitMs);
    dialog->comment().setText(QStringLiteral("changed"));
    dialog->save();
    QTRY_COMPARE_WITH_TIMEOUT(cell(ExceptionModel::CommentColumn), QStringLiteral("changed"),
                              longWaitMs);
    QCOMPARE(view.model().rowCount(), 1);
}

void WorkshopPanelsTest::rulesSwitchedOff()
{
    Program program;
    program.openSamples();
    const auto rules = program.session.rules();
    const auto row = [&program, &rules](RuleGrouping grouping) {
        return ruleGroups(*rules, program.session.detection().get(), grouping, {}).front();
    };
    QVERIFY(!row(RuleGrouping::Status).rows.front().isOff);
    program.page->workshop().switchRule(rules->entries().front(), false);
    QTRY_VERIFY_WITH_TIMEOUT(program.session.detection()->alerts.empty(), longWaitMs);
    QCOMPARE(row(RuleGrouping::Status).title, QStringLiteral("Switched off"));
    QVERIFY(row(RuleGrouping::Status).rows.front().isOff);
    // The file is as it was.
    QCOMPARE(program.read(QStringLiteral("rule.toml")),
             std::string(samples::ruleHead) + samples::query + samples::ruleTail);
    program.page->workshop().switchRule(rules->entries().front(), true);
    QTRY_COMPARE_WITH_TIMEOUT(program.session.detection()->alerts.size(), std::size_t{1},
                              longWaitMs);
    QVERIFY(row(RuleGrouping::Status).rows.front().costNs.has_value());
}

void WorkshopPanelsTest::rulesThatCannotRun()
{
    Program program;
    program.openSamples();
    std::string registry = std::string(samples::ruleHead);
    registry.replace(registry.find("11111111"), 8, "22222222");
    program.write(QStringLiteral("registry.toml"),
                  registry + "registry where registry.path == \"x*\"\n" + samples::ruleTail);
    program.session.setRulePaths(
        {program.path(QStringLiteral("rule.toml")), program.path(QStringLiteral("registry.toml"))});
    RuleListPanel& list = *program.page->findChild<RuleListPanel*>();
    QTRY_VERIFY_WITH_TIMEOUT(program.session.rules()->entries().size() == 2
                                 && program.session.detection()->outcomes.size() == 2,
                             longWaitMs);
    const auto& entries = program.session.rules()->entries();
    const std::size_t index = entries[0].rule->id.starts_with("2222") ? 0 : 1;
    list.setCurrentEntry(index);
    // Why, and that `==` takes the star for a star.
    QTRY_VERIFY2_WITH_TIMEOUT(list.summary().startsWith(QStringLiteral("Cannot run on this case: "))
                                  && list.summary().contains(QStringLiteral("registry"))
                                  && list.summary().contains(QStringLiteral("lint: ")),
                              qPrintable(list.summary()), longWaitMs);
}

void WorkshopPanelsTest::valuesAreLinted()
{
    Program program;
    program.openSamples();
    program.page->newQuery("process where process.name == \"OSASCRIPT\"");
    EqlEditor& editor = program.editor();
    QTRY_VERIFY_WITH_TIMEOUT(!editor.squiggles(Severity::Warning).empty(), longWaitMs);
    const auto& problems = editor.problems();
    const auto found = std::ranges::find(problems, "eql-lint-other-case", &Diagnostic::code);
    QVERIFY(found != problems.end());
    QVERIFY(!found->fixes.empty());
    editor.setCaret(found->span->begin + 1);
    QTest::keyClick(editor.keyboardWidget(), Qt::Key_Return, Qt::AltModifier);
    // The old text's lint goes at once.
    QVERIFY(editor.squiggles(Severity::Warning).empty());
    QTRY_VERIFY_WITH_TIMEOUT(program.status().contains(QStringLiteral("3 matches")), longWaitMs);
}

void WorkshopPanelsTest::draftsFromTheSelection()
{
    Program program;
    program.openSamples();
    WorkshopActions& workshop = program.page->workshop();
    workshop.draftFromSelection();
    QVERIFY(program.panel().current() == nullptr);
    program.selection.setAlert(program.session.detection()->alerts.front().id);
    workshop.draftFromSelection();
    QTRY_VERIFY_WITH_TIMEOUT(program.panel().current() != nullptr
                                 && program.editor().text().starts_with("sequence by host.id"),
                             longWaitMs);
    program.selection.setEvent(EventNumber(6));
    workshop.draftFromSelection();
    QTRY_VERIFY_WITH_TIMEOUT(program.editor().text().starts_with("process where"), longWaitMs);
}

void WorkshopPanelsTest::typingFastShowsNothingStaleAsFresh_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("status");
    QTest::addColumn<bool>("isBroken");
    QTest::newRow("an event query")
        << QStringLiteral("network where destination.port == 443 and process.name : \"osa*\"")
        << QStringLiteral("3 matches") << false;
    QTest::newRow("a sequence") << QStringLiteral(
        "sequence by process.entity_id [process where true] [network where true]")
                                << QStringLiteral("3 sequences") << false;
    QTest::newRow("a broken query") << QStringLiteral("process where process.name ==")
                                    << QStringLiteral("last good run") << true;
}

void WorkshopPanelsTest::typingFastShowsNothingStaleAsFresh()
{
    QFETCH(const QString, typed);
    QFETCH(const QString, status);
    QFETCH(const bool, isBroken);
    Program program;
    program.openSamples();
    program.page->newQuery("any where true");
    QTRY_VERIFY_WITH_TIMEOUT(program.status().contains(QStringLiteral("7 matches")), longWaitMs);
    EqlEditor& editor = program.editor();
    editor.keyboardWidget()->setFocus();
    QTest::keyClick(editor.keyboardWidget(), Qt::Key_A, Qt::ControlModifier);
    for (const QChar key : typed) {
        QTest::keyClicks(editor.keyboardWidget(), QString(key));
        QTest::keyClick(editor.keyboardWidget(), Qt::Key_Escape);
        // Whatever came back meanwhile: fresh is only what ran with this very text.
        const OpenQuery& query = *program.panel().current();
        if (!editor.clauseMargin().isStale()) {
            QCOMPARE(query.result->text, editor.text());
        }
    }
    QCOMPARE(editor.text(), typed.toStdString());
    QTRY_VERIFY2_WITH_TIMEOUT(program.status().contains(status), qPrintable(program.status()),
                              longWaitMs);
    QCOMPARE(editor.clauseMargin().isStale(), isBroken);
    QCOMPARE(editor.squiggles(Severity::Error).empty(), !isBroken);
}

void WorkshopPanelsTest::panelsGrowWithTheWindow()
{
    Program program;
    program.show({1280, 800});
    const auto* results = program.page->findChild<Panel*>(QStringLiteral("rules.results"));
    const auto* list = program.page->findChild<RuleListPanel*>();
    QTRY_VERIFY(results->height() > 250);
    const int height = results->height();
    const int width = list->width();
    program.page->resize(2560, 1440);
    QTRY_VERIFY(list->width() > width * 3 / 2);
    QVERIFY(results->height() > height * 3 / 2);
}

void WorkshopPanelsTest::closingKeepsEveryByte_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::newRow("line ends of two kinds")
        << QByteArray("process where\r\n  event.type == \"start\"\n  and true\r\n");
    QTest::newRow("tabs and trailing spaces")
        << QByteArray("process where\t\n\t event.type == \"start\"   \n\n\n");
    QTest::newRow("comments and letters beyond ASCII")
        << QByteArray("process where /* ä → 日本 */ true // ende \xF0\x9F\x94\x8D\n");
}

void WorkshopPanelsTest::closingKeepsEveryByte()
{
    QFETCH(const QByteArray, query);
    Program program;
    program.openSamples();
    const std::string file = samples::ruleHead + query.toStdString() + samples::ruleTail;
    program.write(QStringLiteral("rule.toml"), file);
    program.session.setRulePaths({program.path(QStringLiteral("rule.toml"))});
    QTRY_COMPARE_WITH_TIMEOUT(program.session.rules()->entries().front().rule->query.text,
                              query.toStdString(), longWaitMs);
    program.openRule();
    QCOMPARE(program.editor().text(), query.toStdString());
    QVERIFY(!program.panel().current()->isChanged());
    QTest::keyClick(program.editor().keyboardWidget(), Qt::Key_W, Qt::ControlModifier);
    QTRY_VERIFY(program.panel().current() == nullptr);
    program.openRule();
    QCOMPARE(program.editor().text(), query.toStdString());
    // A letter more, saved, and taken away again, saved: the file is as it was.
    EqlEditor& editor = program.editor();
    editor.setCaret(query.indexOf("true") >= 0 ? static_cast<std::size_t>(query.indexOf("where"))
                                               : 0);
    QTest::keyClick(editor.keyboardWidget(), Qt::Key_Space);
    QTest::keyClick(editor.keyboardWidget(), Qt::Key_S, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(!program.panel().current()->isChanged()
                                 && program.read(QStringLiteral("rule.toml")).size()
                                        == file.size() + 1,
                             longWaitMs);
    QTest::keyClick(editor.keyboardWidget(), Qt::Key_Backspace);
    QTest::keyClick(editor.keyboardWidget(), Qt::Key_S, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(program.read(QStringLiteral("rule.toml")), file, longWaitMs);
}

QTEST_MAIN(WorkshopPanelsTest)
#include "tst_workshop_panels.moc"
