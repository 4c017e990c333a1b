#include "tests/app/program_run.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QtTest>

using sequela::tests::ProgramRun;
using sequela::tests::runProgram;
using sequela::tests::writeFile;

/// diff, the lint of check, and an analyst's work carried between cases, by running the program.
class TestCliWork : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void diffSaysWhatChanged();
    void diffReadsCasesAndFiles();
    void diffRefuses_data();
    void diffRefuses();
    void workTravelsBetweenCases_data();
    void workTravelsBetweenCases();
    void exceptionsTakeEventsOutOfScans();
    void foreignDocumentsAreRefused();
    void checkWarns();
    void checkComparesWithACase();
    void checkTellsOfTwins();

private:
    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }

    QTemporaryDir m_folder;
};

namespace {

QByteArray ruleText(const QByteArray& id, const QByteArray& query)
{
    return "[rule]\nname = \"Rule " + id + "\"\nrule_id = \"" + id
           + "\"\nseverity = \"medium\"\nrisk_score = 47\ntype = \"eql\"\nlanguage = \"eql\"\n"
             "query = '''\n"
           + query + "\n'''\n";
}

} // namespace

void TestCliWork::initTestCase()
{
    QVERIFY(m_folder.isValid());
    QVERIFY(writeFile(
        path("events.ndjson"),
        R"({"@timestamp":"2024-01-01T00:00:00Z","event":{"id":"a","category":"process"},"user":{"name":"u"},"process":{"name":"osascript"}}
{"@timestamp":"2024-01-01T00:00:10Z","event":{"id":"b","category":"process"},"user":{"name":"backup"},"process":{"name":"osascript"}}
{"@timestamp":"2024-01-01T00:00:20Z","event":{"id":"c","category":"network"},"user":{"name":"u"},"process":{"name":"curl"}}
)"));
    QVERIFY(
        writeFile(path("old.toml"), ruleText("r", "process where process.name == \"osascript\"")));
    QVERIFY(writeFile(path("new.toml"), ruleText("r", "any where user.name == \"u\"")));
    const ProgramRun made = runProgram({"scan", path("events.ndjson"), "--case",
                                        path("one.sequela"), "--rules", path("old.toml")});
    QCOMPARE(made.exitCode, 0);
}

void TestCliWork::diffSaysWhatChanged()
{
    const ProgramRun markdown =
        runProgram({"diff", path("old.toml"), path("new.toml"), path("events.ndjson")});
    QCOMPARE(markdown.exitCode, 0);
    for (const char* const part : {"| gained | 1 |", "| lost | 1 |", "| kept | 1 |"}) {
        QVERIFY2(markdown.output.contains(part), markdown.output.constData());
    }
    const ProgramRun json = runProgram(
        {"diff", path("old.toml"), path("new.toml"), path("events.ndjson"), "--format", "json"});
    QCOMPARE(json.exitCode, 0);
    const QJsonValue rule = QJsonDocument::fromJson(json.output)["rules"][0];
    QCOMPARE(rule["gained"][0]["events"][0]["id"].toString(), QString("c"));
    QCOMPARE(rule["lost"][0]["events"][0]["id"].toString(), QString("b"));
    QCOMPARE(rule["kept"][0]["events"][0]["id"].toString(), QString("a"));
    QCOMPARE(rule["gained"][0]["events"][0]["line"].toInt(), 3);
}

void TestCliWork::diffReadsCasesAndFiles()
{
    const ProgramRun fromFile =
        runProgram({"diff", path("old.toml"), path("new.toml"), path("events.ndjson")});
    const ProgramRun fromCase =
        runProgram({"diff", path("old.toml"), path("new.toml"), "--case", path("one.sequela")});
    QCOMPARE(fromCase.exitCode, 0);
    QCOMPARE(fromCase.output, fromFile.output);
    // The case keeps the alerts of its own scan.
    const ProgramRun kept =
        runProgram({"export", "--case", path("one.sequela"), "--format", "ndjson"});
    QCOMPARE(kept.output.count('\n'), 2);
}

void TestCliWork::diffRefuses_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    const QString old = path("old.toml");
    QTest::newRow("one version") << QStringList{"diff", old} << 2;
    QTest::newRow("no events") << QStringList{"diff", old, old} << 2;
    QTest::newRow("no such rule") << QStringList{"diff", old, path("none"), path("events.ndjson")}
                                  << 3;
    QTest::newRow("no such events") << QStringList{"diff", old, old, path("none")} << 3;
    QTest::newRow("unknown format")
        << QStringList{"diff", old, old, path("events.ndjson"), "--format", "html"} << 2;
    QTest::newRow("output exists")
        << QStringList{"diff", old, old, path("events.ndjson"), "-o", old} << 4;
}

void TestCliWork::diffRefuses()
{
    QFETCH(QStringList, arguments);
    QFETCH(int, code);
    const ProgramRun run = runProgram(arguments);
    QCOMPARE(run.exitCode, code);
    QVERIFY(!run.errors.isEmpty());
}

void TestCliWork::workTravelsBetweenCases_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QByteArray>("document");
    QTest::newRow("verdicts")
        << "verdicts"
        << QByteArray(
               "{\"verdicts\":[\n{\"alert_id\":\"a\",\"rule_id\":\"r\",\"events_hash\":\"e\","
               "\"status\":\"closed\",\"reason\":\"true_positive\",\"note\":\"n\","
               "\"tags\":[\"t\"],\"author\":\"eve\",\"time\":\"2024-01-01T00:00:00.000Z\"}"
               "\n]}\n");
    QTest::newRow("notes")
        << "notes"
        << QByteArray(
               "{\"notes\":[\n{\"id\":\"n\",\"subject_kind\":\"host\",\"subject_key\":\"mac\","
               "\"text\":\"of Eve\",\"author\":\"eve\",\"time\":\"2024-01-01T00:00:00.000Z\"}"
               "\n]}\n");
    QTest::newRow("exceptions")
        << "exceptions"
        << QByteArray(
               "{\"exceptions\":[\n{\"id\":\"e\",\"rule_id\":\"x\",\"condition\":\"true\","
               "\"comment\":\"c\",\"author\":\"eve\",\"created\":\"2024-01-01T00:00:00.000Z\","
               "\"expires\":null,\"enabled\":true}\n]}\n");
}

void TestCliWork::workTravelsBetweenCases()
{
    QFETCH(QString, what);
    QFETCH(QByteArray, document);
    QVERIFY(writeFile(path(what + ".json"), document));
    const QStringList import{"import", path(what + ".json"), "--what", what,
                             "--case", path("one.sequela")};
    const ProgramRun taken = runProgram(import);
    QVERIFY2(taken.exitCode == 0, taken.errors.constData());
    QVERIFY(taken.output.contains("1 " + what.toUtf8() + " taken over"));
    QVERIFY(runProgram(import).output.contains("0 " + what.toUtf8() + " taken over"));
    const ProgramRun given = runProgram({"export", "--case", path("one.sequela"), "--what", what});
    QCOMPARE(given.exitCode, 0);
    QCOMPARE(given.output, document);
}

void TestCliWork::exceptionsTakeEventsOutOfScans()
{
    QVERIFY(writeFile(
        path("backup.json"),
        "{\"exceptions\":[{\"id\":\"backup\",\"condition\":\"user.name == \\\"backup\\\"\"}]}"));
    const QString file = path("two.sequela");
    QCOMPARE(runProgram({"import", path("events.ndjson"), "--case", file}).exitCode, 0);
    const QStringList scan{"scan",           "--case",   file,    "--rules",
                           path("old.toml"), "--format", "ndjson"};
    QCOMPARE(runProgram(scan).output.count('\n'), 2);
    QCOMPARE(runProgram({"import", path("backup.json"), "--what", "exceptions", "--case", file})
                 .exitCode,
             0);
    const ProgramRun after = runProgram(scan);
    QCOMPARE(after.output.count('\n'), 1);
    QVERIFY(after.output.contains("\"id\":\"a\""));
}

void TestCliWork::foreignDocumentsAreRefused()
{
    const ProgramRun run = runProgram(
        {"import", path("events.ndjson"), "--what", "exceptions", "--case", path("one.sequela")});
    QCOMPARE(run.exitCode, 3);
    QVERIFY(run.errors.contains("events.ndjson"));
    QVERIFY(run.errors.contains("exceptions-format"));
}

void TestCliWork::checkWarns()
{
    const ProgramRun text = runProgram(
        {"check", "--eql", "process where process.name == \"osa*\"", "--format", "json"});
    QCOMPARE(text.exitCode, 0);
    const QJsonValue first = QJsonDocument::fromJson(text.output)[0];
    QVERIFY(text.output.contains("eql-lint-wildcard-literal"));
    QVERIFY(first["severity"].toString() != "error");

    QVERIFY(writeFile(path("lint.toml"),
                      ruleText("lint", "sequence [process where process.name == \"osa*\"]\n"
                                       "  [network where true]")));
    const ProgramRun file = runProgram({"check", path("lint.toml")});
    QCOMPARE(file.exitCode, 0);
    // The wildcard stands in line 9 of the file.
    QVERIFY2(file.errors.contains("lint.toml:9:"), file.errors.constData());
    QVERIFY(file.errors.contains("eql-lint-wildcard-literal"));
    QVERIFY(file.errors.contains("eql-lint-no-maxspan"));
}

void TestCliWork::checkComparesWithACase()
{
    QVERIFY(
        writeFile(path("seen.ndjson"),
                  "{\"@timestamp\":1,\"event.category\":\"process\",\"process.name\":\"Cmd\"}\n"));
    const QString file = path("seen.sequela");
    QCOMPARE(runProgram({"import", path("seen.ndjson"), "--case", file}).exitCode, 0);
    const auto said = [&](const QString& query) {
        const ProgramRun run = runProgram({"check", "--eql", query, "--case", file});
        return run.exitCode == 0 ? run.errors : QByteArray("failed");
    };
    QVERIFY(said("process where process.name == \"cmd\"").contains("eql-lint-other-case"));
    QVERIFY(said("process where process.name : \"dir\"").contains("eql-lint-unseen-value"));
    QVERIFY(said("process where file.name : \"x\"").contains("eql-lint-unpopulated-field"));
    QVERIFY(!said("process where process.name : \"cmd\"").contains("eql-lint"));

    QVERIFY(
        writeFile(path("seen.toml"), ruleText("seen", "process where process.name == \"cmd\"")));
    const ProgramRun rule = runProgram({"check", path("seen.toml"), "--case", file});
    QVERIFY2(rule.errors.contains("seen.toml:9:"), rule.errors.constData());
    QVERIFY(rule.errors.contains("eql-lint-other-case"));
    QCOMPARE(runProgram({"check", path("seen.toml"), "--case", path("none.sequela")}).exitCode, 3);
}

void TestCliWork::checkTellsOfTwins()
{
    QVERIFY(
        writeFile(path("twin.toml"), ruleText("twin", "process where process.name == \"cmd\"")));
    QVERIFY(!runProgram({"check", path("twin.toml")}).errors.contains("eql-twin-case"));
    QVERIFY(runProgram({"check", path("twin.toml"), "--twins"}).errors.contains("eql-twin-case"));
    QVERIFY(runProgram({"check", "--eql", "process where process.name == \"cmd\""})
                .errors.contains("eql-twin-case"));
}

QTEST_GUILESS_MAIN(TestCliWork)
#include "tst_cli_work.moc"
