#include "tests/app/program_run.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>
#include <QtTest>

using sequela::tests::ProgramRun;
using sequela::tests::runProgram;

namespace {

/// Alerts of one rule: how many on which host, and when the first begins.
struct Finding {
    QMap<QString, int> byHost;
    QString firstEvent;

    bool operator==(const Finding&) const = default;
};

QString describe(const Finding& finding)
{
    QStringList parts;
    for (auto host = finding.byHost.begin(); host != finding.byHost.end(); ++host) {
        parts << QStringLiteral("%1: %2").arg(host.key()).arg(host.value());
    }
    return parts.join(", ") + " from " + finding.firstEvent;
}

/// The table "What the shipped rules find" of the demo's README: rule, hosts, `2 + 4`, first event.
QMap<QString, Finding> documented()
{
    QMap<QString, Finding> findings;
    QFile readme(QStringLiteral(SEQUELA_SOURCE_DIR "/resources/demo/README.md"));
    if (!readme.open(QIODevice::ReadOnly)) {
        return findings;
    }
    const QString text = QString::fromUtf8(readme.readAll());
    const qsizetype begin = text.indexOf("| rule | host | alerts | first event |");
    const QStringList lines = text.mid(begin, text.indexOf("\n\n", begin) - begin).split('\n');
    for (const QString& line : lines.mid(2)) {
        const QStringList cells = line.split('|');
        const QString rule = cells[1].trimmed().remove(" (building block)");
        const QStringList hosts = cells[2].split(',');
        const QStringList counts = cells[3].split('+');
        Finding finding;
        for (qsizetype i = 0; i < hosts.size(); ++i) {
            finding.byHost[hosts[i].trimmed()] = counts.value(i).trimmed().toInt();
        }
        finding.firstEvent = cells[4].trimmed();
        findings[rule] = finding;
    }
    return findings;
}

QMap<QString, Finding> found(const QByteArray& alerts)
{
    QMap<QString, Finding> findings;
    for (const QJsonValue& alert : QJsonDocument::fromJson(alerts).array()) {
        Finding& finding = findings[alert["kibana.alert.rule.name"].toString()];
        ++finding.byHost[alert["host"]["name"].toString()];
        const QString start = alert["kibana.alert.start"].toString().mid(11, 8);
        if (finding.firstEvent.isEmpty() || start < finding.firstEvent) {
            finding.firstEvent = start;
        }
    }
    return findings;
}

} // namespace

/// The demo tells the story that its README promises, no alert more and none less.
class TestCliDemo : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void rule_data();
    void rule();
    void nothingElseFires();
    void searchResponseHoldsTheVpnConnectionOnce();

private:
    QMap<QString, Finding> m_documented;
    QMap<QString, Finding> m_found;
};

void TestCliDemo::initTestCase()
{
    m_documented = documented();
    const ProgramRun run = runProgram({"scan", SEQUELA_SOURCE_DIR "/resources/demo", "--rules",
                                       SEQUELA_SOURCE_DIR "/rules", "--quiet", "--format", "json",
                                       "--building-blocks"});
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    m_found = found(run.output);
}

void TestCliDemo::rule_data()
{
    QTest::addColumn<QString>("name");
    QVERIFY(m_documented.size() >= 12);
    for (const QString& name : m_documented.keys()) {
        QTest::newRow(qPrintable(name)) << name;
    }
}

void TestCliDemo::rule()
{
    QFETCH(QString, name);
    QCOMPARE(describe(m_found[name]), describe(m_documented[name]));
}

void TestCliDemo::nothingElseFires()
{
    for (auto finding = m_found.begin(); finding != m_found.end(); ++finding) {
        QVERIFY2(m_documented.contains(finding.key()), qPrintable(finding.key()));
    }
}

void TestCliDemo::searchResponseHoldsTheVpnConnectionOnce()
{
    const QString sample =
        QStringLiteral(SEQUELA_SOURCE_DIR "/../shared/data/samples/eql-search-response.json");
    if (!QFile::exists(sample)) {
        QSKIP("../shared/data/samples is not there");
    }
    const ProgramRun run = runProgram({"scan", sample, "--rules", SEQUELA_SOURCE_DIR "/rules",
                                       "--quiet", "--format", "json", "--building-blocks"});
    QCOMPARE(run.exitCode, 0);
    const QJsonArray alerts = QJsonDocument::fromJson(run.output).array();
    QCOMPARE(int(alerts.size()), 1);
    QCOMPARE(alerts[0]["kibana.alert.rule.name"].toString(),
             QString("Virtual private network connection attempt"));
}

QTEST_GUILESS_MAIN(TestCliDemo)
#include "tst_cli_demo.moc"
