#include "tests/ui/rules/workshop_samples.h"
#include "ui/editor/eql_editor.h"
#include "ui/jobs/job_board.h"
#include "ui/rules/editor_panel.h"
#include "ui/rules/funnel_view.h"
#include "ui/rules/match_table.h"
#include "ui/rules/query_status.h"
#include "ui/rules/rule_list_panel.h"
#include "ui/rules/rule_tests_view.h"
#include "ui/rules/rules_workspace.h"
#include "ui/state/case_session.h"
#include "ui/state/event_reader.h"
#include "ui/state/selection.h"
#include "ui/state/time_display.h"
#include "ui/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTreeView>
#include <QtTest>

#include <memory>

using namespace sequela;
using namespace sequela::ui;

namespace {

constexpr int longWaitMs = 60'000;

/// A case with one rule and the workspace over it.
struct Program {
    QTemporaryDir folder;
    Theme theme{SchemeChoice::Dark};
    JobBoard jobs;
    state::Selection selection;
    state::CaseSession session{selection, &jobs};
    state::TimeDisplay time;
    state::EventReader reader{nullptr};
    state::Context context{theme, jobs, selection, session, time, reader, nullptr};
    std::unique_ptr<RulesWorkspace> page;

    Program()
    {
        const auto follow = [this] {
            const auto snapshot = session.snapshot();
            reader.setSource(snapshot ? snapshot->events : nullptr);
        };
        QObject::connect(&session, &state::CaseSession::caseOpened, &reader, follow);
        QObject::connect(&session, &state::CaseSession::snapshotChanged, &reader, follow);
    }

    void write(const QString& name, const std::string& content) const
    {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content.data(), static_cast<qint64>(content.size()));
    }
    [[nodiscard]] std::filesystem::path path(const QString& name) const
    {
        return folder.filePath(name).toStdString();
    }
    void show(QSize size = {1280, 800})
    {
        page = std::make_unique<RulesWorkspace>(context);
        page->resize(size);
        page->show();
        page->activateWindow();
    }
    void openSamples()
    {
        write(QStringLiteral("events.ndjson"), samples::events);
        write(QStringLiteral("rule.toml"),
              std::string(samples::ruleHead) + samples::query + samples::ruleTail);
        write(QStringLiteral("rule.tests.toml"), samples::ruleTests);
        session.setRulePaths({path(QStringLiteral("rule.toml"))});
        session.importPaths({path(QStringLiteral("events.ndjson"))});
        show();
        QTRY_VERIFY_WITH_TIMEOUT(session.rules() && session.rules()->entries().size() == 1
                                     && session.detection()
                                     && session.detection()->alerts.size() == 1,
                                 longWaitMs);
    }
    [[nodiscard]] EditorPanel& panel() const { return *page->findChild<EditorPanel*>(); }
    [[nodiscard]] EqlEditor& editor() const { return *panel().current()->editor; }
    [[nodiscard]] QString status() const { return panel().status().text(); }
    [[nodiscard]] MatchTable& matches() const
    {
        return *page->findChild<MatchTable*>(QStringLiteral("rules.matches"));
    }
    void openRule() const
    {
        QVERIFY(page->openRule("11111111-2222-3333-4444-555555555555"));
        page->focusEditor();
    }
};

} // namespace

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
    QCOMPARE(program.matches().matches().rows().front().change, MatchChange::Gained);
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
    detect::Verdict verdict;
    verdict.status = detect::VerdictStatus::Closed;
    verdict.reason = detect::VerdictReason::TruePositive;
    const std::string id = program.session.detection()->alerts.front().id;
    program.session.setVerdict({id}, verdict);
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
    model.setRows(program.matches().matches().rows(), 2);
    QCOMPARE(model.columnCount(), MatchModel::FirstStageColumn + 2);
    model.setStale(true);
    model.setRows({}, 1);
    QCOMPARE(model.rowCount(), 0);
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
