#include "tests/app/program_run.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QtTest>

using sequela::tests::ProgramRun;
using sequela::tests::runProgram;

/// A data set with field names, categories, times and ids of its own, asked one query a call, as a
/// conformance suite asks: tests/app/foreign holds events, field types, queries with the ids they
/// find, and invalid queries with place and code of their first error.
class TestCliForeign : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void finds_data();
    void finds();
    void refuses_data();
    void refuses();
    void aliasesNameFieldsOfOptions();
    void countsWhatHasNoTime();
    void strictFieldsRefuseWhatIsNeitherListedNorSeen_data();
    void strictFieldsRefuseWhatIsNeitherListedNorSeen();

private:
    [[nodiscard]] static QStringList arguments(const QString& eql)
    {
        const QString folder = QStringLiteral(SEQUELA_SOURCE_DIR "/tests/app/foreign/");
        return {"query",
                folder + "events.ndjson",
                "--quiet",
                "--format",
                "json",
                "--schema",
                folder + "types.tsv",
                "--timestamp-field",
                "timestamp",
                "--tiebreaker-field",
                "serial",
                "--event-category-field",
                "event_type",
                "--id-field",
                "event_id",
                "--eql",
                eql};
    }
};

namespace {

/// Rows `query TAB expected`, named by the query.
void addRows(const QString& file)
{
    QTest::addColumn<QString>("eql");
    QTest::addColumn<QString>("expected");
    QFile lines(QStringLiteral(SEQUELA_SOURCE_DIR "/tests/app/foreign/") + file);
    QVERIFY(lines.open(QIODevice::ReadOnly));
    while (!lines.atEnd()) {
        const QString line = QString::fromUtf8(lines.readLine()).chopped(1);
        const QStringList parts = line.split('\t');
        QCOMPARE(int(parts.size()), 2);
        QTest::newRow(qPrintable(parts[0])) << parts[0] << parts[1];
    }
}

/// Ids of events, those of a sequence joined by commas, with a dash in missing slots.
QString idsOf(const QJsonObject& hits)
{
    QStringList ids;
    for (const QJsonValue& event : hits["events"].toArray()) {
        ids << event["_id"].toString();
    }
    for (const QJsonValue& sequence : hits["sequences"].toArray()) {
        QStringList members;
        for (const QJsonValue& event : sequence["events"].toArray()) {
            members << (event["missing"].toBool() ? QStringLiteral("-") : event["_id"].toString());
        }
        ids << members.join(',');
    }
    return ids.join(' ');
}

} // namespace

void TestCliForeign::finds_data()
{
    addRows("queries.tsv");
}

void TestCliForeign::finds()
{
    QFETCH(QString, eql);
    const ProgramRun run = runProgram(arguments(eql));
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    const QJsonObject hits = QJsonDocument::fromJson(run.output)["hits"].toObject();
    QTEST(idsOf(hits), "expected");
    QCOMPARE(hits["total"]["value"].toInt(),
             int(hits["events"].toArray().size() + hits["sequences"].toArray().size()));
}

void TestCliForeign::refuses_data()
{
    addRows("invalid.tsv");
}

void TestCliForeign::refuses()
{
    QFETCH(QString, eql);
    const ProgramRun run = runProgram(arguments(eql));
    QCOMPARE(run.exitCode, 2);
    QJsonObject first;
    for (const QJsonValue& problem : QJsonDocument::fromJson(run.output).array()) {
        if (first.isEmpty() && problem["severity"].toString() == "error") {
            first = problem.toObject();
        }
    }
    const QString found = QStringLiteral("%1:%2 %3")
                              .arg(first["line"].toInt())
                              .arg(first["column"].toInt())
                              .arg(first["code"].toString());
    QTEST(found, "expected");
    // The same for people, on standard error.
    const QString line = QStringLiteral("--eql:%1:%2: %3: ")
                             .arg(first["line"].toInt())
                             .arg(first["column"].toInt())
                             .arg(first["code"].toString());
    QVERIFY2(run.errors.contains(line.toUtf8()), run.errors.constData());
}

void TestCliForeign::aliasesNameFieldsOfOptions()
{
    QTemporaryDir folder;
    const QString types = folder.filePath("types.tsv");
    QVERIFY(sequela::tests::writeFile(types, "n\tkeyword\nt\tdate\nk\tlong\nc\tkeyword\n"
                                             "id\talias\tn\ntime\talias\tt\norder\talias\tk\n"
                                             "kind\talias\tc\n"));
    const ProgramRun run = runProgram(
        {"query", "-", "--quiet", "--format", "json", "--schema", types, "--id-field", "id",
         "--timestamp-field", "time", "--tiebreaker-field", "order", "--event-category-field",
         "kind", "--eql", "sequence [x where true] [y where true]"},
        "{\"n\":\"b\",\"t\":5,\"k\":2,\"c\":\"y\"}\n{\"n\":\"a\",\"t\":5,\"k\":1,\"c\":\"x\"}\n");
    QCOMPARE(idsOf(QJsonDocument::fromJson(run.output)["hits"].toObject()), QString("a,b"));
}

/// Times are missed where they were asked for, and nowhere else.
void TestCliForeign::countsWhatHasNoTime()
{
    const ProgramRun run = runProgram(
        {"query", "-", "--timestamp-field", "when", "--format", "json", "--eql", "any where true"},
        "{\"when\":\"2024-01-01\"}\n{\"when\":\"later\"}\n{\"a\":1}\n");
    QCOMPARE(run.exitCode, 0);
    QVERIFY2(run.errors.contains("[when] holds no usable time in 2 of 3 events"),
             run.errors.constData());
    QVERIFY2(!run.errors.contains("@timestamp"), run.errors.constData());
}

void TestCliForeign::strictFieldsRefuseWhatIsNeitherListedNorSeen_data()
{
    QTest::addColumn<QString>("eql");
    QTest::addColumn<int>("exitCode");
    QTest::newRow("unknown") << "any where process_nam == null" << 2;
    QTest::newRow("unknown, optional") << "any where ?process_nam == null" << 0;
    QTest::newRow("listed") << "any where command_line == null" << 0;
    QTest::newRow("seen") << "any where @t == null" << 0;
    QTest::newRow("unknown key") << "sequence by nope [any where true] [any where true]" << 2;
    QTest::newRow("optional key") << "sequence by ?nope [any where true] [any where true]" << 0;
}

void TestCliForeign::strictFieldsRefuseWhatIsNeitherListedNorSeen()
{
    QFETCH(QString, eql);
    const ProgramRun run = runProgram(arguments(eql) + QStringList{"--strict-fields"});
    QTEST(run.exitCode, "exitCode");
    const bool refused = run.exitCode != 0;
    QCOMPARE(run.errors.contains("Unknown column ["), refused);
}

QTEST_GUILESS_MAIN(TestCliForeign)
#include "tst_cli_foreign.moc"
