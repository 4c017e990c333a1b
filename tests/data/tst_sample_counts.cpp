#include "core/casefile/case_file.h"
#include "core/ingest/import.h"

#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <string>

using namespace sequela;
using namespace sequela::ingest;

namespace {

QString dataPath(const QString& name)
{
    return QStringLiteral(SEQUELA_SOURCE_DIR "/../shared/data/") + name;
}

} // namespace

/// Real files, if they lie beside the project: nothing in them may get lost.
class TestSampleCounts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void counts_data();
    void counts();
    void millionIsWhole();
};

void TestSampleCounts::counts_data()
{
    QTest::addColumn<quint64>("events");
    QTest::addColumn<quint64>("lost");

    const auto row = [](const char* name, quint64 events, quint64 lost) {
        QTest::newRow(name) << events << lost;
    };
    row("samples/ecs-ndjson.ndjson.gz", 105, 0);
    row("samples/ecs-ndjson.ndjson.zst", 105, 0);
    row("samples/eql-search-response.json", 1, 0);
    row("samples/es-bulk.ndjson", 50, 0);
    row("samples/es-hit-pretty-single.json", 1, 0);
    row("samples/es-hits-source-wrapped.ndjson", 60, 0);
    row("samples/es-search-response.json", 25, 0);
    row("samples/evtx_dump.jsonl", 189, 0);
    row("samples/json-array-sysmon.json", 334, 0);
    row("samples/mordor-nxlog-flat.ndjson", 1'020, 0);
    row("samples/mordor.zip", 265, 0);
    row("samples/winlogbeat-ecs.ndjson", 376, 0);
    row("macos-elastic/ecs-ndjson.ndjson", 105, 0);
    row("elastic-defend/elastic-defend-windows-8.3.ndjson", 6, 0);
    row("eqllib/sysmon-rta.json.gz", 37'356, 0);
}

void TestSampleCounts::counts()
{
    QFETCH(quint64, events);
    QFETCH(quint64, lost);
    const QString path = dataPath(QString::fromLatin1(QTest::currentDataTag()));
    if (!QFileInfo::exists(path)) {
        QSKIP("the shared data do not lie beside the project");
    }
    const std::vector<Input> inputs{{.path = path.toStdString(), .text = {}}};
    const auto read = readIntoMemory(inputs, {}, nullptr, {});
    QVERIFY(read.has_value());
    QCOMPARE(quint64{read->report.events()}, events);
    QCOMPARE(quint64{read->report.lostRecords()}, lost);
}

/// Too much for memory: into a case file, as an analyst would.
void TestSampleCounts::millionIsWhole()
{
    const QString path = dataPath(QStringLiteral("otrf/otrf-all.ndjson.zst"));
    if (!QFileInfo::exists(path)) {
        QSKIP("the shared data do not lie beside the project");
    }
    const QTemporaryDir folder;
    const auto file = casefile::CaseFile::create(folder.filePath("otrf.sequela").toStdString());
    QVERIFY(file.has_value());
    const std::vector<Input> inputs{{.path = path.toStdString(), .text = {}}};
    const auto report = importFiles(**file, inputs, {}, nullptr, {});
    QVERIFY(report.has_value());
    QCOMPARE(quint64{report->events()}, quint64{1'022'969});
    QCOMPARE(quint64{report->lostRecords()}, quint64{0});
    QVERIFY((*file)->close().has_value());
}

QTEST_GUILESS_MAIN(TestSampleCounts)
#include "tst_sample_counts.moc"
