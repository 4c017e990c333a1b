#include "tests/app/program_run.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QSet>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

using sequela::tests::ProgramRun;
using sequela::tests::runProgram;
using sequela::tests::writeFile;

/// Every format, made of two hosts of the demo and read by readers that are not ours.
class TestCliFormats : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void otherReadersAgree();
    void sameBytesFromTheCase_data();
    void sameBytesFromTheCase();
    void sameAlertsInAnotherOrder();
    void scheduleIsReported();
    void failsOnSeverity();

private:
    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }
    [[nodiscard]] static QString source(const char* name)
    {
        return QStringLiteral(SEQUELA_SOURCE_DIR "/") + QLatin1String(name);
    }
    [[nodiscard]] ProgramRun exported(const QString& format) const
    {
        return runProgram({"export", "--case", path("a.sequela"), "--format", format});
    }

    QTemporaryDir m_folder;
    const QStringList m_rules{"--rules", source("rules"), "--quiet"};
};

namespace {

QStringList alertIds(const QByteArray& json)
{
    QStringList ids;
    for (const QJsonValue& alert : QJsonDocument::fromJson(json).array()) {
        ids << alert["kibana.alert.uuid"].toString();
    }
    return ids;
}

} // namespace

void TestCliFormats::initTestCase()
{
    const ProgramRun scan =
        runProgram(QStringList{"scan", source("resources/demo/mbp-fin-03.ndjson.gz"),
                               source("resources/demo/win-acc-02.ndjson.gz"), "--case",
                               path("a.sequela"), "-o", path("first.txt")}
                   + m_rules);
    QCOMPARE(scan.exitCode, 0);
}

void TestCliFormats::otherReadersAgree()
{
    const QString python = QStandardPaths::findExecutable(QStringLiteral("python3"));
    if (python.isEmpty()) {
        QSKIP("python3 is not installed: nobody else reads the exports");
    }
    for (const auto& [format, ending] :
         {std::pair("json", "json"), std::pair("ndjson", "ndjson"), std::pair("csv", "csv"),
          std::pair("sarif", "sarif"), std::pair("navigator", "layer.json"),
          std::pair("junit", "xml"), std::pair("html", "html")}) {
        const ProgramRun run = exported(QLatin1String(format));
        QCOMPARE(run.exitCode, 0);
        QVERIFY(writeFile(path(QStringLiteral("alerts.") + QLatin1String(ending)), run.output));
    }
    QProcess check;
    check.setProcessChannelMode(QProcess::MergedChannels);
    check.start(python, {"-I", source("tests/app/check_formats.py"), m_folder.path(),
                         source("resources/schema/ecs-field-types.tsv"),
                         source("resources/attack/techniques.tsv"),
                         source("resources/attack/tactics.tsv")});
    QVERIFY(check.waitForFinished(60'000));
    QVERIFY2(check.exitCode() == 0, check.readAll());
}

void TestCliFormats::sameBytesFromTheCase_data()
{
    QTest::addColumn<QString>("format");
    for (const char* const format :
         {"table", "json", "ndjson", "markdown", "html", "csv", "navigator", "sarif", "junit"}) {
        QTest::newRow(format) << format;
    }
}

void TestCliFormats::sameBytesFromTheCase()
{
    QFETCH(QString, format);
    const ProgramRun first = exported(format);
    QCOMPARE(first.exitCode, 0);
    QVERIFY(first.output.size() > 500);
    QVERIFY(first.output == exported(format).output);
}

void TestCliFormats::sameAlertsInAnotherOrder()
{
    const QStringList ids = alertIds(exported("json").output);
    QVERIFY(ids.size() > 3);
    const ProgramRun other =
        runProgram(QStringList{"scan", source("resources/demo/win-acc-02.ndjson.gz"),
                               source("resources/demo/mbp-fin-03.ndjson.gz"), "--format", "json"}
                   + m_rules);
    QCOMPARE(other.exitCode, 0);
    QCOMPARE(alertIds(other.output), ids);
}

void TestCliFormats::scheduleIsReported()
{
    const QStringList scan{"scan", source("resources/demo/mbp-fin-03.ndjson.gz"), "--schedule",
                           "--format", "json"};
    const ProgramRun usual =
        runProgram(scan + m_rules + QStringList{"--report", path("usual.json")});
    QCOMPARE(usual.exitCode, 0);
    QVERIFY(alertIds(usual.output).size() > 3);
    QFile file(path("usual.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    int found = 0;
    for (const QJsonValue& rule : QJsonDocument::fromJson(file.readAll())["rules"].toArray()) {
        found += rule["schedule"]["found"].toInt();
    }
    QVERIFY(found > 3);
    // An outage over the whole day leaves what four windows reach back to: nothing of the morning.
    const ProgramRun down =
        runProgram(scan + m_rules
                   + QStringList{"--outage", "2026-04-14T00:00Z/2026-04-15T00:00Z", "--report",
                                 path("down.json")});
    QCOMPARE(down.exitCode, 0);
    QCOMPARE(alertIds(down.output).size(), 0);
    QFile downFile(path("down.json"));
    QVERIFY(downFile.open(QIODevice::ReadOnly));
    const QJsonArray misses =
        QJsonDocument::fromJson(downFile.readAll())["schedule_misses"].toArray();
    QVERIFY(misses.size() > 3);
    QCOMPARE(misses[0]["why"].toString(), QString("no-window"));
    QCOMPARE(runProgram(scan + m_rules + QStringList{"--outage", "yesterday"}).exitCode, 2);
    QCOMPARE(runProgram(scan + m_rules + QStringList{"--run-delay", "soon"}).exitCode, 2);
    QCOMPARE(runProgram(QStringList{"scan", "x", "--run-delay", "5m"} + m_rules).exitCode, 2);
}

void TestCliFormats::failsOnSeverity()
{
    const QStringList scan{"scan", source("resources/demo/mbp-fin-07.ndjson.gz"), "--fail-on"};
    QCOMPARE(runProgram(scan + QStringList{"low"} + m_rules).exitCode, 1);
    QCOMPARE(runProgram(scan + QStringList{"critical"} + m_rules).exitCode, 0);
}

QTEST_GUILESS_MAIN(TestCliFormats)
#include "tst_cli_formats.moc"
