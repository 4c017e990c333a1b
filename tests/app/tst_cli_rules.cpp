#include "tests/app/program_run.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>

using sequela::tests::ProgramRun;
using sequela::tests::runProgram;
using sequela::tests::writeFile;

/// scan, check, test, import, export over rules and cases, by running the program.
class TestCliRules : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void scanFindsBothSeedRules();
    void orderOfImportDoesNotShow();
    void caseAndMemoryAgree();
    void exportsAreDeterministic_data();
    void exportsAreDeterministic();
    void hostileTextStaysText_data();
    void hostileTextStaysText();
    void failOnDecidesTheExitCode();
    void everyRuleFileIsAccountedFor();
    void testCommandReportsFailures();
    void checkLocatesErrorsInTheFile();
    void formatKeepsTheRestOfARuleFile();
    void pdfIsTheWindowsBusiness();
    void strictInputCountsBrokenRecords();
    void interruptEndsWith130();

private:
    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }

    QTemporaryDir m_folder;
    QString m_rules = QStringLiteral(SEQUELA_SOURCE_DIR "/rules");
    QString m_demo = QStringLiteral(SEQUELA_SOURCE_DIR "/resources/demo");
};

namespace {

const QByteArray ruleText = R"toml([metadata]
creation_date = "2024/01/01"

[rule]
author = ["Sequela"]
description = "finds <b>everything</b>"
name = "Every process [x](http://evil.example)"
risk_score = 47
rule_id = "11111111-2222-3333-4444-555555555555"
severity = "medium"
type = "eql"
language = "eql"
query = '''
process where process.name : "*" // keep me
'''
)toml";

const QByteArray hostileEvent =
    R"json({"@timestamp":"2024-01-01T00:00:00Z","event":{"category":"process","id":"e1"},)json"
    R"json("host":{"name":"<script>alert(1)</script>"},"user":{"name":"=cmd|'/c calc'!A1"},)json"
    R"json("process":{"name":"](javascript:x) | ![i](http://e.example/i.png) \u202e\u001b[2J"}})json"
    "\n";

QStringList ruleNames(const QByteArray& json)
{
    QStringList names;
    for (const QJsonValue& alert : QJsonDocument::fromJson(json).array()) {
        names << alert.toObject()["kibana.alert.rule.name"].toString();
    }
    return names;
}

} // namespace

void TestCliRules::initTestCase()
{
    QVERIFY(writeFile(path("rule.toml"), ruleText));
    QVERIFY(writeFile(path("hostile.ndjson"), hostileEvent));
}

void TestCliRules::scanFindsBothSeedRules()
{
    const ProgramRun run =
        runProgram({"scan", m_demo, "--rules", m_rules, "--quiet", "--format", "json"});
    QCOMPARE(run.exitCode, 0);
    const QStringList names = ruleNames(run.output);
    QVERIFY(names.contains("AppleScript execution followed by network connection"));
    QVERIFY(names.contains("Virtual private network connection attempt"));

    const ProgramRun lines =
        runProgram({"scan", m_demo, "--rules", m_rules, "--quiet", "--format", "ndjson"});
    QCOMPARE(int(lines.output.count('\n')), int(names.size()));
}

void TestCliRules::orderOfImportDoesNotShow()
{
    QStringList files;
    for (const QString& name : QDir(m_demo).entryList({"*.gz"}, QDir::Files, QDir::Name)) {
        files << m_demo + "/" + name;
    }
    QVERIFY(files.size() > 1);
    const QStringList rest{"--rules", m_rules, "--quiet", "--format", "json"};
    const ProgramRun forward = runProgram(QStringList{"scan"} + files + rest);
    std::reverse(files.begin(), files.end());
    const ProgramRun backward =
        runProgram(QStringList{"scan"} + files + rest + QStringList{"--jobs", "1"});
    QVERIFY(forward.output.size() > 2);
    QCOMPARE(backward.output, forward.output);
}

void TestCliRules::caseAndMemoryAgree()
{
    const QString caseFile = path("demo.sequela");
    const ProgramRun memory =
        runProgram({"scan", m_demo, "--rules", m_rules, "--quiet", "--format", "json"});
    QCOMPARE(runProgram({"import", m_demo, "--case", caseFile}).exitCode, 0);
    const ProgramRun kept =
        runProgram({"scan", "--case", caseFile, "--rules", m_rules, "--quiet", "--format", "json"});
    QCOMPARE(kept.output, memory.output);
    const ProgramRun exported = runProgram({"export", "--case", caseFile, "--format", "json"});
    QCOMPARE(exported.output, memory.output);
}

void TestCliRules::exportsAreDeterministic_data()
{
    QTest::addColumn<QString>("format");
    for (const char* format : {"table", "json", "ndjson", "markdown", "html", "csv"}) {
        QTest::newRow(format) << QString(format);
    }
}

void TestCliRules::exportsAreDeterministic()
{
    QFETCH(QString, format);
    const QString caseFile = path("demo.sequela");
    const QStringList arguments{"export", "--case", caseFile, "--format", format};
    const ProgramRun first = runProgram(arguments);
    QCOMPARE(first.exitCode, 0);
    QVERIFY(!first.output.isEmpty());
    QCOMPARE(runProgram(arguments).output, first.output);
}

void TestCliRules::hostileTextStaysText_data()
{
    exportsAreDeterministic_data();
}

void TestCliRules::hostileTextStaysText()
{
    QFETCH(QString, format);
    const ProgramRun run = runProgram({"scan", path("hostile.ndjson"), "--rules", path("rule.toml"),
                                       "--quiet", "--format", format});
    QCOMPARE(run.exitCode, 0);
    QVERIFY(!run.output.contains('\x1b'));
    if (format != "json" && format != "ndjson") {
        QVERIFY(!run.output.contains(QString(QChar(0x202E)).toUtf8()));
    }
    if (format == "html") {
        QVERIFY(!run.output.contains("<script"));
        QVERIFY(!run.output.contains("<b>everything"));
        QVERIFY(run.output.contains("Content-Security-Policy"));
    }
    if (format == "markdown") {
        // Inside code spans markup is text already.
        QString outsideCode = QString::fromUtf8(run.output);
        outsideCode.remove(QRegularExpression("`+[^`\n]*`+"));
        QVERIFY(!outsideCode.contains("<script"));
        QVERIFY(!outsideCode.contains("](javascript"));
        QVERIFY(!run.output.contains("\n### Every process [x](http"));
    }
    if (format == "csv") {
        QVERIFY(!run.output.contains(",=cmd"));
        QVERIFY(run.output.contains("'=cmd"));
    }
    if (format == "json") {
        QCOMPARE(ruleNames(run.output).size(), 1);
    }
}

void TestCliRules::failOnDecidesTheExitCode()
{
    const QStringList scan{"scan", path("hostile.ndjson"), "--rules", path("rule.toml"), "--quiet"};
    QCOMPARE(runProgram(scan + QStringList{"--fail-on", "medium"}).exitCode, 1);
    QCOMPARE(runProgram(scan + QStringList{"--fail-on", "high"}).exitCode, 0);
}

void TestCliRules::everyRuleFileIsAccountedFor()
{
    QVERIFY(QDir(m_folder.path()).mkpath("mixed"));
    QVERIFY(writeFile(path("mixed/good.toml"), ruleText));
    QVERIFY(writeFile(path("mixed/toml.toml"), "[rule\n"));
    QByteArray other = ruleText;
    other.replace("type = \"eql\"", "type = \"esql\"");
    other.replace("11111111", "22222222");
    QVERIFY(writeFile(path("mixed/other.toml"), other));
    QByteArray broken = ruleText;
    broken.replace("where", "were");
    broken.replace("11111111", "33333333");
    QVERIFY(writeFile(path("mixed/query.toml"), broken));

    const QString report = path("report.json");
    const ProgramRun run = runProgram({"scan", path("hostile.ndjson"), "--rules", path("mixed"),
                                       "--quiet", "--format", "json", "--report", report});
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(ruleNames(run.output).size(), 1);
    QFile file(report);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QMap<QString, QString> status;
    const QJsonObject root = QJsonDocument::fromJson(file.readAll()).object();
    for (const QJsonValue& rule : root["rules"].toArray()) {
        status[QFileInfo(rule.toObject()["file"].toString()).fileName()] =
            rule.toObject()["status"].toString();
    }
    const QMap<QString, QString> expected{{"good.toml", "ran"},
                                          {"toml.toml", "broken"},
                                          {"other.toml", "other-type"},
                                          {"query.toml", "broken"}};
    QCOMPARE(status, expected);

    const ProgramRun check = runProgram({"check", path("mixed")});
    QCOMPARE(check.exitCode, 1);
    QCOMPARE(int(check.output.count('\n')), 5);
    QCOMPARE(runProgram({"check", path("mixed/other.toml")}).exitCode, 0);
    QCOMPARE(runProgram({"check", path("mixed/absent.toml")}).exitCode, 3);
}

void TestCliRules::testCommandReportsFailures()
{
    QVERIFY(QDir(m_folder.path()).mkpath("tested"));
    QVERIFY(writeFile(path("tested/rule.toml"), ruleText));
    const QByteArray test = R"([[test]]
name = "a <process>"
expect = [["a"]]
[[test.event]]
id = "a"
event.category = "process"
process.name = "x"
[[test]]
name = "wrong expectation"
expect = 2
[[test.event]]
event.category = "process"
process.name = "x"
)";
    QVERIFY(writeFile(path("tested/rule.tests.toml"), test));
    const ProgramRun run = runProgram({"test", path("tested"), "--format", "json"});
    QCOMPARE(run.exitCode, 1);
    const QJsonArray rows = QJsonDocument::fromJson(run.output).array();
    QCOMPARE(rows.size(), 2);
    QVERIFY(rows[0].toObject()["passed"].toBool());
    QVERIFY(!rows[1].toObject()["passed"].toBool());
    QVERIFY(!rows[1].toObject()["message"].toString().isEmpty());
    const ProgramRun junit = runProgram({"test", path("tested"), "--format", "junit"});
    QVERIFY(junit.output.contains("a &lt;process&gt;"));
    QVERIFY(junit.output.contains("failures=\"1\""));
}

void TestCliRules::checkLocatesErrorsInTheFile()
{
    QByteArray broken = ruleText;
    broken.replace("process.name : \"*\"", "process.name :");
    QVERIFY(writeFile(path("located.toml"), broken));
    const ProgramRun run = runProgram({"check", path("located.toml"), "--format", "json"});
    QCOMPARE(run.exitCode, 1);
    bool found = false;
    for (const QJsonValue& problem : QJsonDocument::fromJson(run.output).array()) {
        found = found
                || (problem.toObject()["severity"].toString() == "error"
                    && problem.toObject()["line"].toInt() >= 14
                    && problem.toObject()["file"].toString() == path("located.toml"));
    }
    QVERIFY2(found, run.output.constData());
    QCOMPARE(runProgram({"check", "--eql", "process where"}).exitCode, 2);
    QCOMPARE(runProgram({"check", "--eql", "process where true"}).exitCode, 0);
}

void TestCliRules::formatKeepsTheRestOfARuleFile()
{
    const ProgramRun run = runProgram({"format", path("rule.toml")});
    QCOMPARE(run.exitCode, 0);
    QVERIFY(run.output.startsWith(ruleText.left(ruleText.indexOf("process where"))));
    QVERIFY(run.output.contains("// keep me"));
    const ProgramRun query = runProgram({"format", "-"}, "process  where   true");
    QCOMPARE(query.output, QByteArray("process where true\n"));
    QCOMPARE(runProgram({"format", "-"}, "process where").exitCode, 2);
}

void TestCliRules::pdfIsTheWindowsBusiness()
{
    const ProgramRun run = runProgram(
        {"scan", path("hostile.ndjson"), "--rules", path("rule.toml"), "--format", "pdf"});
    QCOMPARE(run.exitCode, 2);
    QVERIFY(run.errors.contains("sequela --export pdf"));
}

void TestCliRules::strictInputCountsBrokenRecords()
{
    QVERIFY(writeFile(path("broken.ndjson"), hostileEvent + "{\"a\":\n" + hostileEvent));
    const QStringList scan{"scan", path("broken.ndjson"), "--rules", path("rule.toml"), "--quiet"};
    const ProgramRun lenient = runProgram(scan);
    QCOMPARE(lenient.exitCode, 0);
    QVERIFY(lenient.errors.contains("broken.ndjson:2:"));
    QCOMPARE(runProgram(scan + QStringList{"--strict-input"}).exitCode, 3);
}

void TestCliRules::interruptEndsWith130()
{
    QProcess process;
    process.start(QStringLiteral(SEQUELA_CLI),
                  {"query", "-", "--quiet", "--eql", "any where true"});
    QVERIFY(process.waitForStarted());
    process.write(hostileEvent);
    QVERIFY(process.waitForBytesWritten());
    QTest::qWait(300);
    ::kill(static_cast<pid_t>(process.processId()), SIGINT);
    // Standard input stays open: the program waits for more until it is told to stop.
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, 5'000);
    QCOMPARE(process.exitCode(), 130);
}

QTEST_GUILESS_MAIN(TestCliRules)
#include "tst_cli_rules.moc"
