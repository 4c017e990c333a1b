#include "core/base/timestamp.h"
#include "core/ingest/provenance.h"
#include "core/mapping/mapping_table.h"
#include "tests/core/ingest/ingest_fixture.h"

#include <QTest>

using namespace sequela;
using namespace sequela::ingest;
using namespace sequela::ingest::testing;

namespace {

constexpr const char* sysmonEvent =
    R"({"Event":{"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Sysmon"}},)"
    R"("EventID":1,"TimeCreated":{"#attributes":{"SystemTime":"2026-01-02T03:04:05.1Z"}},)"
    R"("Channel":"Microsoft-Windows-Sysmon/Operational","Computer":"Host-A"},)"
    R"("EventData":{"Image":"C:\\a.exe","ProcessId":"7","UtcTime":"2026-01-02 03:04:05.000"}}})";

constexpr std::int64_t minuteNs = 60 * nanosecondsPerSecond;

} // namespace

/// Where values come from, and what the source or the analyst says about all of them.
class TestProvenance : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void origins_data();
    void origins();
    void documentsThatWereMended();
    void fieldsOfAMappingOfTheUser();
    void clocksAreCorrected();
    void blindSpots_data();
    void blindSpots();
    void spansOfHostileTimes();
};

void TestProvenance::origins_data()
{
    QTest::addColumn<QByteArray>("document");
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("origin");
    QTest::addColumn<QByteArray>("from");
    const auto row = [](const char* name, const char* document, const char* field,
                        const char* origin, const char* from) {
        QTest::newRow(name) << QByteArray(document) << QByteArray(field) << QByteArray(origin)
                            << QByteArray(from);
    };
    row("as it is", R"({"host":{"name":"h"}})", "host.name", "original", "");
    row("wrapper of a hit", R"({"host":{"name":"h"}})", "_id", "original", "");
    row("renamed", sysmonEvent, "process.executable", "renamed", "Event.EventData.Image");
    row("of System", sysmonEvent, "host.name", "renamed", "Event.System.Computer");
    row("constant of the table", sysmonEvent, "event.category", "derived", "");
    row("not of the document", R"({"host":{"name":"h"}})", "host.id", "derived", "");
}

void TestProvenance::origins()
{
    QFETCH(QByteArray, document);
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, origin);
    QFETCH(QByteArray, from);
    const EventsInMemory read = readText(document.toStdString());
    ProvenanceReader provenance;
    provenance.read(documentOf(*read.source, 0));
    const bool isDerived = valuesOf(*read.source, 0, field.toStdString()).starts_with('~');
    const FieldProvenance found = provenance.of(field.toStdString(), isDerived);
    QCOMPARE(QByteArray::fromStdString(std::string(originName(found.origin))), origin);
    QCOMPARE(QByteArray::fromStdString(found.from), from);
}

void TestProvenance::documentsThatWereMended()
{
    ProvenanceReader provenance;
    provenance.read("{\"a\":\"\xff\",\"b\":[1,]}");
    QCOMPARE(provenance.of("a", false).origin, mapping::Origin::Original);
    QCOMPARE(provenance.of("b", false).origin, mapping::Origin::Original);
    QCOMPARE(provenance.of("c", false).origin, mapping::Origin::Renamed);
    provenance.read("no document");
    QCOMPARE(provenance.of("a", false).origin, mapping::Origin::Renamed);
}

void TestProvenance::fieldsOfAMappingOfTheUser()
{
    const auto tables = mapping::parseMappingFile("table proxy | Proxy log\n[fields]\nclient | "
                                                  "source.ip | ip\n'network' | event.category |\n",
                                                  "proxy.map");
    QVERIFY(tables.has_value());
    ImportOptions options;
    options.mappings = *tables;
    options.table = "proxy";
    const EventsInMemory read = readText("client,when\n10.0.0.1,2026-01-02T03:04:05Z\n", options);
    QCOMPARE(valuesOf(*read.source, 0, "source.ip"), std::string("10.0.0.1"));
    ProvenanceReader provenance(*tables, "proxy");
    provenance.read(documentOf(*read.source, 0));
    QCOMPARE(provenance.of("source.ip", false).from, std::string("client"));
    QCOMPARE(provenance.of("when", false).origin, mapping::Origin::Original);
}

void TestProvenance::clocksAreCorrected()
{
    ImportOptions options;
    options.clockOffsets = {{"Web01", 5 * minuteNs}, {"db", -minuteNs}};
    const std::string lines =
        "{\"@timestamp\":\"2026-01-02T03:04:05Z\",\"host\":{\"name\":\"WEB01\"}}\n"
        "{\"@timestamp\":\"2026-01-02T03:04:05Z\",\"host\":{\"name\":\"other\"}}\n"
        "{\"@timestamp\":\"2026-01-02T03:04:05Z\",\"host\":{\"name\":\"db\"}}\n";
    const EventsInMemory read = readText(lines, options);
    QCOMPARE(valuesOf(*read.source, 0, "@timestamp"), std::string("~2026-01-02T03:09:05.000Z"));
    QCOMPARE(valuesOf(*read.source, 1, "@timestamp"), std::string("2026-01-02T03:04:05Z"));
    QCOMPARE(valuesOf(*read.source, 2, "@timestamp"), std::string("~2026-01-02T03:03:05.000Z"));
    QCOMPARE(timeOf(*read.source, 0) - timeOf(*read.source, 1), 5 * minuteNs);
    QVERIFY(documentOf(*read.source, 0).find("03:04:05Z") != std::string::npos);
    const FileReport& report = read.report.files.front();
    QCOMPARE(quint64{report.problemCount(ProblemKind::ClockCorrected)}, quint64{2});
    // Documents of other shapes too, and a time that would leave the range stays.
    options.clockOffsets = {{"host-a", minuteNs}, {"h", 30 * 24 * 60 * minuteNs}};
    const EventsInMemory mapped = readText(sysmonEvent, options);
    QCOMPARE(valuesOf(*mapped.source, 0, "@timestamp"), std::string("~2026-01-02T03:05:05.000Z"));
    const EventsInMemory last =
        readText(R"({"@timestamp":"2262-04-11T00:00:00Z","host":{"name":"h"}})", options);
    QCOMPARE(valuesOf(*last.source, 0, "@timestamp"), std::string("2262-04-11T00:00:00Z"));
}

void TestProvenance::blindSpots_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<quint64>("count");
    const QByteArray start(
        R"({"EventID":4688,"Channel":"Security","SourceName":"x","Hostname":"h",)"
        R"("NewProcessName":"C:\\a.exe","NewProcessId":"0x4")");
    const QByteArray message(R"({"process":{"executable":{"path":"/bin/a"}},"action_type":1,)"
                             R"("mach_time":1,"time":"2026-01-02T03:04:05Z","event":)");
    QTest::newRow("4688 without the policy") << start + "}\n" + start + "}\n" << quint64{2};
    QTest::newRow("4688 with some") << start + "}\n" + start + R"(,"CommandLine":"a"})" + "\n"
                                    << quint64{1};
    QTest::newRow("4688 with all") << start + R"(,"CommandLine":"a"})" + "\n" << quint64{0};
    QTest::newRow("eslogger") << message + R"({"exit":{"stat":0}}})" + "\n" << quint64{1};
    QTest::newRow("Jamf with connections")
        << message + R"({"network_connect":{"protocol":6}}})" + "\n"
        << quint64{0};
}

void TestProvenance::blindSpots()
{
    QFETCH(QByteArray, text);
    QFETCH(quint64, count);
    const EventsInMemory read = readText(text.toStdString());
    QCOMPARE(quint64{read.report.files.front().problemCount(ProblemKind::BlindSpot)}, count);
}

/// The longest span there is does not overflow.
void TestProvenance::spansOfHostileTimes()
{
    const auto line = [](const char* time, const char* created) {
        return std::string(R"({"winlog":{"channel":"x","event_id":1},"@timestamp":")") + time
               + R"(","event":{"created":")" + created + "\"}}\n";
    };
    const EventsInMemory read = readText(line("1677-09-22T00:00:00Z", "2262-04-10T00:00:00Z")
                                         + line("2262-04-10T00:00:00Z", "1677-09-22T00:00:00Z"));
    const FileReport& report = read.report.files.front();
    QCOMPARE(quint64{report.problemCount(ProblemKind::TimeGap)}, quint64{1});
    QCOMPARE(quint64{report.problemCount(ProblemKind::ClockAnomaly)}, quint64{2});
}

QTEST_GUILESS_MAIN(TestProvenance)
#include "tst_provenance.moc"
