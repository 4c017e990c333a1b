#include "tests/core/workspace/workspace_fixture.h"

#include <QtTest>

using namespace sequela;
using namespace sequela::workspace;
using namespace sequela::workspace::testing;

/// Rules that a case leaves out, or runs although their files switch them off.
class RuleSwitchesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void decideWhatRuns_data();
    void decideWhatRuns();
    void areKeptWithTheCase();
};

namespace {

/// "p ran 2, q disabled 0": what became of each rule.
QString outcomesOf(Workspace& workspace)
{
    const auto found = run(workspace);
    QStringList words;
    if (found) {
        for (const detect::RuleOutcome& outcome : (*found)->outcomes) {
            words << QStringLiteral("%1 %2 %3")
                         .arg(QString::fromStdString(outcome.ruleId),
                              QString::fromStdString(std::string(ruleStatusName(outcome.status))))
                         .arg(outcome.alertCount);
        }
    }
    return words.join(QStringLiteral(", "));
}

std::shared_ptr<const rules::RuleSet> twoRules()
{
    return ruleSet(
        {rule("p", "process where true"), rule("q", "network where true", "enabled = false\n")});
}

} // namespace

void RuleSwitchesTest::decideWhatRuns_data()
{
    QTest::addColumn<bool>("inMemory");
    QTest::newRow("a case in memory") << true;
    QTest::newRow("a case file") << false;
}

void RuleSwitchesTest::decideWhatRuns()
{
    QFETCH(const bool, inMemory);
    const QTemporaryDir folder;
    QVERIFY(writeFile(folder.filePath("events.ndjson"), sampleEvents()));
    std::unique_ptr<Workspace> workspace = Workspace::inMemory();
    if (!inMemory) {
        auto made = Workspace::create(folder.filePath("c.sequela").toStdString());
        QVERIFY(made.has_value());
        workspace = std::move(*made);
    }
    QVERIFY(import(*workspace, {folder.filePath("events.ndjson")}).has_value());
    workspace->setRules(twoRules());
    QCOMPARE(outcomesOf(*workspace), QStringLiteral("p ran 2, q disabled 0"));
    QVERIFY(workspace->switchRule("p", false));
    QVERIFY(workspace->switchRule("q", true));
    QCOMPARE(outcomesOf(*workspace), QStringLiteral("p disabled 0, q ran 2"));
    // The loaded rules stay as their files say.
    QVERIFY(workspace->rules()->find("p")->rule->enabled);
    QVERIFY(workspace->switchRule("p", std::nullopt));
    QVERIFY(workspace->switchRule("q", std::nullopt));
    QVERIFY(workspace->switchRule("no such rule", std::nullopt));
    QCOMPARE(outcomesOf(*workspace), QStringLiteral("p ran 2, q disabled 0"));
    QVERIFY(workspace->ruleSwitches()->empty());
}

void RuleSwitchesTest::areKeptWithTheCase()
{
    const QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath("c.sequela").toStdString();
    const std::string hostile = "a\"b\\\n";
    {
        auto made = Workspace::create(file);
        QVERIFY(made.has_value());
        QVERIFY((*made)->switchRule("p", false));
        QVERIFY((*made)->switchRule(hostile, true));
    }
    auto opened = Workspace::open(file, Workspace::OpenMode::ReadOnly);
    QVERIFY(opened.has_value());
    const auto switches = (*opened)->ruleSwitches();
    QVERIFY(switches.has_value());
    QCOMPARE(*switches, (Workspace::RuleSwitches{{"p", false}, {hostile, true}}));
    QVERIFY(!(*opened)->switchRule("p", true));
}

QTEST_GUILESS_MAIN(RuleSwitchesTest)
#include "tst_rule_switches.moc"
