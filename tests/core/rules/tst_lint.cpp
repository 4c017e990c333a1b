#include "core/rules/lint.h"
#include "core/rules/rule_file.h"

#include <QtTest>

using namespace sequela;
using namespace sequela::rules;

class LintTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void warns_data();
    void warns();
};

void LintTest::warns_data()
{
    QTest::addColumn<QByteArray>("change");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<qint64>("maxspanSeconds");
    QTest::addColumn<QByteArray>("codes");
    const auto row = [](const char* name, const char* change, const char* to, qint64 maxspan,
                        const char* codes) {
        QTest::newRow(name) << QByteArray(change) << QByteArray(to) << maxspan << QByteArray(codes);
    };
    row("nothing", "", "", 30, "");
    row("score", "risk_score = 47", "risk_score = 50", 0, "rule-risk-severity");
    row("tactic id", "TA0002", "TA0099", 0, "rule-attack-id");
    row("tactic name", "\"Execution\"", "\"Doing\"", 0, "rule-attack-name");
    row("technique id", "\"T1059\"", "\"T0059\"", 0, "rule-attack-id rule-attack-place");
    row("technique name", "\"AppleScript\"", "\"Applescript\"", 0, "rule-attack-name");
    row("revoked", "\"T1059.002\"", "\"T1155\"", 0, "rule-attack-retired");
    row("other tactic", "\"T1059.002\"", "\"T1003.001\"", 0, "rule-attack-name rule-attack-place");
    row("look-back", "now-9m", "now-1m", 90, "rule-lookback");
    row("look-back equal", "now-9m", "now-90s", 90, "");
    row("interval", "interval = \"5m\"", "interval = \"1m\"", 121, "rule-interval-short");
    row("interval is half", "interval = \"5m\"", "interval = \"1m\"", 120, "");
    row("ATLAS is not looked up", "MITRE ATT&CK", "MITRE ATLAS", 0, "");
}

void LintTest::warns()
{
    QFETCH(QByteArray, change);
    QFETCH(QByteArray, to);
    QFETCH(qint64, maxspanSeconds);
    QFETCH(QByteArray, codes);
    QByteArray text = R"toml([rule]
name = "n"
rule_id = "i"
type = "eql"
severity = "medium"
risk_score = 47
from = "now-9m"
interval = "5m"
query = 'any where true'
[[rule.threat]]
framework = "MITRE ATT&CK"
[rule.threat.tactic]
id = "TA0002"
name = "Execution"
[[rule.threat.technique]]
id = "T1059"
name = "Command and Scripting Interpreter"
[[rule.threat.technique.subtechnique]]
id = "T1059.002"
name = "AppleScript"
)toml";
    if (!change.isEmpty()) {
        QVERIFY(text.contains(change));
        text.replace(change, to);
    }
    const RuleEntry entry = readRuleToml(text.toStdString(), "x.toml");
    QCOMPARE(entry.status, RuleStatus::Loaded);
    std::optional<std::int64_t> maxspan;
    if (maxspanSeconds > 0) {
        maxspan = maxspanSeconds * nanosecondsPerSecond;
    }
    QByteArrayList found;
    for (const Diagnostic& diagnostic : lintRule(*entry.rule, maxspan)) {
        found << QByteArray::fromStdString(diagnostic.code);
        QCOMPARE(diagnostic.severity, Severity::Warning);
        QVERIFY(diagnostic.begin && diagnostic.begin->line > 1);
    }
    QCOMPARE(found.join(' '), codes);
}

QTEST_GUILESS_MAIN(LintTest)
#include "tst_lint.moc"
