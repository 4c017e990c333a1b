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

/// query and eval against the contract of their output and exit codes, by running the program.
class TestCliQuery : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void eval_data();
    void eval();
    void evalErrors_data();
    void evalErrors();
    void eventsInElasticsearchShape();
    void wrapperNamesIndexAndId();
    void sequencesWithKeysAndMissingSlots();
    void sizeAndPosition_data();
    void sizeAndPosition();
    void saysWhichFieldsOfOptionsAreAbsent();
    void mixedValuesAreKeywordsAndReported();
    void documentsAreSplicedByteForByte();
    void queryErrorsAreAJsonArray();
    void readsStandardInput();
    void explainShowsEveryStage();
    void exitCodes_data();
    void exitCodes();
    void neverOverwritesWithoutForce();
    void hostileTextIsInertOnATerminal();

private:
    [[nodiscard]] QStringList query(const QString& eql, const QStringList& more = {}) const
    {
        return QStringList{"query",     m_events,     "--quiet", "--format",
                           "json",      "--eql",      eql,       "--timestamp-field",
                           "ts",        "--id-field", "id",      "--event-category-field",
                           "event_type"}
               + more;
    }

    QTemporaryDir m_folder;
    QString m_events;
};

namespace {

QJsonObject hitsOf(const ProgramRun& run)
{
    return QJsonDocument::fromJson(run.output).object().value("hits").toObject();
}

QStringList idsOf(const QJsonArray& events)
{
    QStringList ids;
    for (const QJsonValue& event : events) {
        ids << (event.toObject().value("missing").toBool() ? QStringLiteral("-")
                                                           : event.toObject()["_id"].toString());
    }
    return ids;
}

} // namespace

void TestCliQuery::initTestCase()
{
    m_events = m_folder.filePath("events.ndjson");
    QVERIFY(writeFile(m_events, R"({"event_type":"process","ts":1000,"id":1,"user":"a","pid":1.50}
{"event_type":"file","ts":2000,"id":2,"user":"a","big":123456789012345678901234567890}
{"event_type":"process","ts":3000,"id":3,"user":null}
{"event_type":"network","ts":4000,"id":4}
)"));
}

void TestCliQuery::eval_data()
{
    QTest::addColumn<QString>("expression");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("integers") << "7 / 3" << QByteArray("2\n");
    QTest::newRow("double") << "42.0" << QByteArray("42.0\n");
    QTest::newRow("begins with minus") << "-7 % 3" << QByteArray("-1\n");
    QTest::newRow("minus bracket") << "-(1 + 2)" << QByteArray("-3\n");
    QTest::newRow("string") << "concat(\"a\", \"\\\"\")" << QByteArray("\"a\\\"\"\n");
    QTest::newRow("null") << "null < 1" << QByteArray("null\n");
    QTest::newRow("boolean") << "1 < 2" << QByteArray("true\n");
}

void TestCliQuery::eval()
{
    QFETCH(QString, expression);
    QFETCH(QByteArray, value);
    const ProgramRun run = runProgram({"eval", expression});
    QCOMPARE(run.output, value);
    QCOMPARE(run.errors, QByteArray());
    QCOMPARE(run.exitCode, 0);
}

void TestCliQuery::evalErrors_data()
{
    QTest::addColumn<QString>("expression");
    QTest::newRow("division by zero") << "1/0";
    QTest::newRow("syntax") << "startsWith(\"a\"";
    QTest::newRow("a field") << "process.pid";
    QTest::newRow("empty") << "";
}

void TestCliQuery::evalErrors()
{
    QFETCH(QString, expression);
    const ProgramRun text = runProgram({"eval", expression});
    QCOMPARE(text.exitCode, 2);
    QCOMPARE(text.output, QByteArray());
    QVERIFY(!text.errors.isEmpty());

    const ProgramRun json = runProgram({"eval", "--format", "json", expression});
    QCOMPARE(json.exitCode, 2);
    const QJsonArray problems = QJsonDocument::fromJson(json.output).array();
    QVERIFY(!problems.isEmpty());
    for (const char* name : {"file", "line", "column", "end_line", "end_column", "code", "severity",
                             "message", "hint"}) {
        QVERIFY2(problems.first().toObject().contains(name), name);
    }
}

void TestCliQuery::eventsInElasticsearchShape()
{
    const ProgramRun run = runProgram(query("process where true"));
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(hitsOf(run)["total"].toObject()["value"].toInt(), 2);
    QCOMPARE(hitsOf(run)["total"].toObject()["relation"].toString(), QString("eq"));
    QCOMPARE(idsOf(hitsOf(run)["events"].toArray()), QStringList({"1", "3"}));
    QVERIFY(!hitsOf(run).contains("sequences"));
}

void TestCliQuery::wrapperNamesIndexAndId()
{
    const QByteArray hit =
        R"({"_index":"logs-x","_id":"abc","_source":{"event":{"category":"process"}}})";
    const ProgramRun wrapped = runProgram(
        {"query", "-", "--quiet", "--format", "json", "--eql", "process where true"}, hit + "\n");
    const QJsonObject event = hitsOf(wrapped)["events"].toArray().first().toObject();
    QCOMPARE(event["_index"].toString(), QString("logs-x"));
    QCOMPARE(event["_id"].toString(), QString("abc"));
    QVERIFY(!event["_source"].toObject().contains("_id"));

    const ProgramRun bare =
        runProgram({"query", "-", "--quiet", "--format", "json", "--eql", "process where true"},
                   "{\"event\":{\"category\":\"process\"}}\n");
    const QJsonObject own = hitsOf(bare)["events"].toArray().first().toObject();
    QCOMPARE(own["_index"].toString(), QString());
    QVERIFY(own["_id"].toString().endsWith("::0"));
}

void TestCliQuery::sequencesWithKeysAndMissingSlots()
{
    const ProgramRun run = runProgram(
        query("sequence by ?user with maxspan=5s [process where true] ![file where true] "
              "[network where true]"));
    const QJsonObject sequence = hitsOf(run)["sequences"].toArray().first().toObject();
    QCOMPARE(sequence["join_keys"].toArray(), QJsonArray({QJsonValue()}));
    QCOMPARE(idsOf(sequence["events"].toArray()), QStringList({"3", "-", "4"}));
    QCOMPARE(
        QJsonDocument(sequence["events"].toArray()[1].toObject()).toJson(QJsonDocument::Compact),
        QByteArray(R"({"_id":"","_index":"","missing":true})"));

    const ProgramRun keyed =
        runProgram(query("sequence by user [process where true] [file where true]"));
    QCOMPARE(hitsOf(keyed)["sequences"].toArray().first().toObject()["join_keys"].toArray(),
             QJsonArray({"a"}));
}

void TestCliQuery::sizeAndPosition_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QStringList>("ids");
    QTest::newRow("all") << QStringList() << QStringList({"1", "2", "3", "4"});
    QTest::newRow("tail") << QStringList({"--size", "2"}) << QStringList({"3", "4"});
    QTest::newRow("head") << QStringList({"--size", "2", "--result-position", "head"})
                          << QStringList({"1", "2"});
    QTest::newRow("range") << QStringList({"--from", "2000", "--to", "3000"})
                           << QStringList({"2", "3"});
}

void TestCliQuery::sizeAndPosition()
{
    QFETCH(QStringList, options);
    QFETCH(QStringList, ids);
    if (QTest::currentDataTag() == QByteArray("range")) {
        options = {"--from", "1970-01-01T00:00:02Z", "--to", "1970-01-01T00:00:03Z"};
    }
    const ProgramRun run = runProgram(query("any where true", options));
    QCOMPARE(idsOf(hitsOf(run)["events"].toArray()), ids);
    QCOMPARE(hitsOf(run)["total"].toObject()["value"].toInt(), int(ids.size()));
}

void TestCliQuery::saysWhichFieldsOfOptionsAreAbsent()
{
    const QStringList call{"query", m_events, "--eql", "any where true"};
    const ProgramRun wrong = runProgram(call + QStringList{"--timestamp-field", "tz"});
    QCOMPARE(wrong.exitCode, 0);
    QVERIFY(wrong.errors.contains("--timestamp-field: warning: no event has the field [tz]"));
    const ProgramRun right = runProgram(call + QStringList{"--timestamp-field", "ts"});
    QVERIFY(!right.errors.contains("--timestamp-field"));
}

void TestCliQuery::mixedValuesAreKeywordsAndReported()
{
    const QByteArray events = "{\"m\":1,\"id\":1}\n{\"m\":\"x\",\"id\":2}\n";
    const ProgramRun run = runProgram({"query", "-", "--format", "json", "--id-field", "id",
                                       "--eql", "any where m == \"1\" or m : \"X\""},
                                      events);
    QCOMPARE(idsOf(hitsOf(run)["events"].toArray()), QStringList({"1", "2"}));
    QVERIFY(run.errors.contains("[m] holds values of several kinds"));
}

void TestCliQuery::documentsAreSplicedByteForByte()
{
    const ProgramRun run = runProgram(query("any where id <= 2"));
    QVERIFY(run.output.contains(
        R"("_source":{"event_type":"process","ts":1000,"id":1,"user":"a","pid":1.50})"));
    QVERIFY(run.output.contains(R"("big":123456789012345678901234567890})"));
}

void TestCliQuery::queryErrorsAreAJsonArray()
{
    const ProgramRun json = runProgram(query("process where nope == 1", {"--strict-fields"}));
    QCOMPARE(json.exitCode, 2);
    const QJsonObject problem = QJsonDocument::fromJson(json.output).array().first().toObject();
    QCOMPARE(problem["line"].toInt(), 1);
    QCOMPARE(problem["column"].toInt(), 15);
    QCOMPARE(problem["severity"].toString(), QString("error"));

    const ProgramRun text = runProgram({"query", m_events, "--quiet", "--eql", "process wher"});
    QCOMPARE(text.exitCode, 2);
    QVERIFY(text.errors.startsWith("--eql:1:"));
    QCOMPARE(text.output, QByteArray());
}

void TestCliQuery::readsStandardInput()
{
    const ProgramRun run = runProgram({"query", m_events, "--quiet", "--format", "ndjson", "--eql",
                                       "-", "--event-category-field", "event_type"},
                                      "file where true");
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(run.output.count('\n'), 1);
}

void TestCliQuery::explainShowsEveryStage()
{
    const ProgramRun run =
        runProgram(query("process where id > 0 and user == \"a\"", {"--explain"}));
    QCOMPARE(run.exitCode, 0);
    for (const char* part :
         {"syntax tree", "bound tree", "\nplan\n", "\nfunnel\n", "user == \"a\""}) {
        QVERIFY2(run.output.contains(part), part);
    }
}

void TestCliQuery::exitCodes_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("exitCode");
    QTest::newRow("no command") << QStringList() << 2;
    QTest::newRow("unknown command") << QStringList({"frobnicate"}) << 2;
    QTest::newRow("unknown option") << QStringList({"eval", "1", "--nope"}) << 2;
    QTest::newRow("no events") << QStringList({"query", "--eql", "any where true"}) << 2;
    QTest::newRow("bad time") << QStringList(
        {"query", "x", "--eql", "any where true", "--from", "yesterday"})
                              << 2;
    for (const char* number : {"-1", "1.5", "x", "99999999999999999999"}) {
        QTest::addRow("size %s", number)
            << QStringList({"query", "x", "--eql", "any where true", "--size", number}) << 2;
    }
    QTest::newRow("no samples") << QStringList(
        {"query", "x", "--eql", "any where true", "--max-samples-per-key", "0"})
                                << 2;
    QTest::newRow("missing file") << QStringList(
        {"query", "/nonexistent/e.ndjson", "--eql", "any where true"})
                                  << 3;
    QTest::newRow("missing case") << QStringList({"fields", "--case", "/nonexistent/c.sequela"})
                                  << 3;
    QTest::newRow("help") << QStringList({"--help"}) << 0;
    QTest::newRow("help of a command") << QStringList({"scan", "--help"}) << 0;
    QTest::newRow("version") << QStringList({"--version"}) << 0;
    QTest::newRow("output nowhere")
        << QStringList({"eval", "1", "-o", "/nonexistent/folder/out"}) << 4;
}

void TestCliQuery::exitCodes()
{
    QFETCH(QStringList, arguments);
    QFETCH(int, exitCode);
    const ProgramRun run = runProgram(arguments);
    QCOMPARE(run.exitCode, exitCode);
    QCOMPARE(run.errors.isEmpty(), exitCode == 0);
}

void TestCliQuery::neverOverwritesWithoutForce()
{
    const QString file = m_folder.filePath("kept.txt");
    QVERIFY(writeFile(file, "precious"));
    QCOMPARE(runProgram({"eval", "1", "-o", file}).exitCode, 4);
    QFile kept(file);
    QVERIFY(kept.open(QIODevice::ReadOnly));
    QCOMPARE(kept.readAll(), QByteArray("precious"));
    kept.close();
    QCOMPARE(runProgram({"eval", "1", "-o", file, "--force"}).exitCode, 0);
    QVERIFY(kept.open(QIODevice::ReadOnly));
    QCOMPARE(kept.readAll(), QByteArray("1\n"));
}

void TestCliQuery::hostileTextIsInertOnATerminal()
{
    const QByteArray event =
        R"({"event":{"category":"process"},"process":{"name":"a\u001b[31mb\u202ec","command_line":"x\r\ny"}})";
    const ProgramRun run =
        runProgram({"query", "-", "--quiet", "--eql", "process where true"}, event + "\n");
    QCOMPARE(run.exitCode, 0);
    QVERIFY(!run.output.contains('\x1b'));
    QVERIFY(!run.output.contains('\r'));
    QVERIFY(!run.output.contains(QString(QChar(0x202E)).toUtf8()));
}

QTEST_GUILESS_MAIN(TestCliQuery)
#include "tst_cli_query.moc"
