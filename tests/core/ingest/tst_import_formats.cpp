#include "core/ingest/csv_record.h"
#include "core/ingest/evtx_value.h"
#include "tests/core/ingest/evtx_builder.h"
#include "tests/core/ingest/ingest_fixture.h"

#include <QTest>

using namespace sequela;
using namespace sequela::ingest;
using namespace sequela::ingest::testing;

namespace {

QByteArray fromStd(const std::string& text)
{
    return QByteArray::fromStdString(text);
}

const FileReport& onlyFile(const EventsInMemory& read)
{
    return read.report.files.front();
}

constexpr const char* xmlEvent =
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider "
    "Name='Microsoft-Windows-Sysmon'/><EventID>1</EventID><TimeCreated "
    "SystemTime='2017-12-26T13:10:29.136879200Z'/><Channel>Microsoft-Windows-Sysmon/Operational"
    "</Channel><Computer>H</Computer></System><EventData><Data Name='Image'>C:\\a&amp;b.exe</Data>"
    "</EventData></Event>";

} // namespace

/// Readers of sources that are no JSON.
class TestImportFormats : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void recognition_data();
    void recognition();
    void xmlWithAndWithoutRoot();
    void brokenXmlHarmsNoOther();
    void syslogSkipsBanners();
    void csvRows();
    void csvRowEnds_data();
    void csvRowEnds();
    void auditEventsAreGroups();
    void evtxRecords();
    void evtxValues_data();
    void evtxValues();
    void evtxDamage();
    void evtxIsBounded();
    void remarksOnTheSource();
    void trailingCommasAreRepaired();
    void anyCutOfAnEvtxIsSafe();
    void anyByteOfAnEvtxMayBeWrong();
};

void TestImportFormats::recognition_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("format");
    const auto row = [](const char* name, const QByteArray& text, const char* format) {
        QTest::newRow(name) << text << QByteArray(format);
    };
    row("evtx", fromStd(EvtxBuilder::file({})), "Windows event log (EVTX)");
    row("xml", xmlEvent, "Windows event XML");
    row("xml with root", QByteArray("<?xml version='1.0'?><Events>") + xmlEvent,
        "Windows event XML");
    row("other xml", "<svg></svg>", "XML");
    row("audit", "type=SYSCALL msg=audit(1.2:3): pid=1\n", "Linux audit log");
    row("audit with node", "node=h type=SYSCALL msg=audit(1.2:3): pid=1\n", "Linux audit log");
    row("syslog", "May 11 18:10:20 h sysmon: <Event><System><Provider Name=\"Linux-Sysmon\"/>",
        "Sysmon for Linux in syslog");
    row("csv", "@timestamp,host.name,process.name\n1,2,3\n", "CSV");
    row("tabs", "time\tname\n1\t2\n", "CSV");
    row("prose", "hello, world!\nhow are you\n", "plain text");
}

void TestImportFormats::recognition()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, format);
    QCOMPARE(fromStd(onlyFile(readText(text.toStdString())).format), format);
}

void TestImportFormats::xmlWithAndWithoutRoot()
{
    const std::string event(xmlEvent);
    for (const std::string& text : {event, event + "\n" + event,
                                    "<?xml version='1.0'?>\n<Events>" + event + event + "</Events>",
                                    "\xef\xbb\xbf<Events>\r\n" + event + "\r\n<!-- c -->\r\n"
                                        + event + "\r\n</Events>\r\n"}) {
        const EventsInMemory read = readText(text);
        QCOMPARE(read.source->eventCount(), text == event ? 1U : 2U);
        QCOMPARE(onlyFile(read).problemTotal(), std::uint64_t{0});
        QCOMPARE(fromStd(valuesOf(*read.source, 0, "process.name")), QByteArray("~a&b.exe"));
        QCOMPARE(fromStd(valuesOf(*read.source, 0, "host.name")), QByteArray("H"));
    }
    const EventsInMemory read = readText(event);
    QVERIFY(documentOf(*read.source, 0).starts_with(R"({"Event":{"#attributes":{"xmlns":)"));
}

void TestImportFormats::brokenXmlHarmsNoOther()
{
    const std::string event(xmlEvent);
    const EventsInMemory open =
        readText("<Events>" + event + "<Event><System>" + event + "</Events>");
    QCOMPARE(open.source->eventCount(), 2U);
    QCOMPARE(onlyFile(open).problemCount(ProblemKind::TruncatedDocument), std::uint64_t{1});
    const EventsInMemory crossed = readText(event + "\n<Event><System></Event>\n" + event);
    QCOMPARE(crossed.source->eventCount(), 2U);
    QCOMPARE(onlyFile(crossed).problemCount(ProblemKind::BrokenDocument), std::uint64_t{1});
    QCOMPARE(onlyFile(crossed).problems.front().line, std::uint64_t{2});
    const EventsInMemory cut = readText(event + event.substr(0, 200));
    QCOMPARE(cut.source->eventCount(), 1U);
    QCOMPARE(onlyFile(cut).problemCount(ProblemKind::TruncatedDocument), std::uint64_t{1});
    ImportOptions small;
    small.limits.documentBytes = 300;
    const EventsInMemory large = readText(event, small);
    QCOMPARE(onlyFile(large).problemCount(ProblemKind::DocumentTooLarge), std::uint64_t{1});
}

void TestImportFormats::syslogSkipsBanners()
{
    const std::string line =
        "May 11 18:10:20 u5 sysmon: <Event><System><Provider Name=\"Linux-Sysmon\"/><EventID>5"
        "</EventID><TimeCreated SystemTime=\"2022-05-11T18:10:20.399931000Z\"/><Channel>"
        "Linux-Sysmon/Operational</Channel><Computer>U5</Computer></System><EventData><Data "
        "Name=\"Image\">/usr/bin/x</Data></EventData></Event>\n";
    const EventsInMemory read =
        readText(line + "May 11 18:10:20 u5 sysmon: Sysmon v1.0.0 started\n" + line);
    QCOMPARE(read.source->eventCount(), 2U);
    QCOMPARE(onlyFile(read).problemCount(ProblemKind::NoEvent), std::uint64_t{1});
    QCOMPARE(onlyFile(read).lostRecords(), std::uint64_t{0});
    QCOMPARE(fromStd(valuesOf(*read.source, 0, "process.name")), QByteArray("~x"));
    QCOMPARE(fromStd(valuesOf(*read.source, 0, "event.type")), QByteArray("~end"));
    QCOMPARE(fromStd(valuesOf(*read.source, 0, "syslog.head")),
             QByteArray("May 11 18:10:20 u5 sysmon: "));
}

void TestImportFormats::csvRows()
{
    const EventsInMemory read = readText("\"@timestamp\",host.name,process.command_line\r\n"
                                         "\"Jan 25, 2021 @ 07:48:47.976\",h,\"a \"\"b\"\",\nc\"\r\n"
                                         "2021-01-25T07:48:48Z,-,\r\n"
                                         "1,2,3,4\r\n");
    QCOMPARE(read.source->eventCount(), 2U);
    QCOMPARE(fromStd(valuesOf(*read.source, 0, "process.command_line")), QByteArray("a \"b\",\nc"));
    QCOMPARE(fromStd(valuesOf(*read.source, 0, "@timestamp")),
             QByteArray("2021-01-25T07:48:47.976Z"));
    QCOMPARE(fromStd(valuesOf(*read.source, 1, "host.name")), QByteArray());
    QCOMPARE(onlyFile(read).problemCount(ProblemKind::BrokenDocument), std::uint64_t{1});
    const Problem& problem = onlyFile(read).problems.front();
    QCOMPARE(fromStd(problem.reason), QByteArray("the row has 4 cells, the head 3"));
    QCOMPARE(problem.line, std::uint64_t{5});
    ImportOptions small;
    small.limits.fieldsPerDocument = 2;
    QCOMPARE(readText("a,b,c\n1,2,3\n", small).source->eventCount(), 0U);
}

void TestImportFormats::csvRowEnds_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("end");
    QTest::newRow("plain") << QByteArray("a,b\nc") << 4;
    QTest::newRow("quoted line end") << QByteArray("\"a\nb\",c\nd") << 8;
    QTest::newRow("doubled quote") << QByteArray("\"a\"\"\n\",c\nd") << 9;
    QTest::newRow("quote inside") << QByteArray("a\"b,c\nd") << 6;
    QTest::newRow("no end") << QByteArray("a,b") << -1;
}

void TestImportFormats::csvRowEnds()
{
    QFETCH(QByteArray, text);
    QFETCH(int, end);
    const auto found = csvRowEnd(text.toStdString(), ',');
    QCOMPARE(found ? static_cast<int>(*found) : -1, end);
}

void TestImportFormats::auditEventsAreGroups()
{
    const EventsInMemory read = readText("type=SYSCALL msg=audit(1.0:1): syscall=59 pid=1\n"
                                         "type=CWD msg=audit(1.0:1): cwd=\"/\"\n"
                                         "type=SYSCALL msg=audit(2.0:2): syscall=59 pid=2\n"
                                         "nothing\n"
                                         "type=EOE msg=audit(2.0:2): \n");
    QCOMPARE(fromStd(valuesOf(*read.source, 0, "process.working_directory")), QByteArray("/"));
    QCOMPARE(fromStd(valuesOf(*read.source, 1, "process.pid")), QByteArray("2"));
    QCOMPARE(onlyFile(read).problemCount(ProblemKind::NoEvent), std::uint64_t{1});
    QCOMPARE(onlyFile(read).records, onlyFile(read).events + onlyFile(read).placeholders);
}

// -- Windows event logs

void TestImportFormats::evtxRecords()
{
    EvtxBuilder builder;
    builder.addPlainRecord(11, "Security");
    builder.addTemplateRecord(12, 0x01, EvtxBuilder::wide("value"));
    const EventsInMemory read = readText(EvtxBuilder::file({builder.chunk(), builder.chunk()}));
    QCOMPARE(read.source->eventCount(), 4U);
    QCOMPARE(onlyFile(read).lostRecords(), std::uint64_t{0});
    QCOMPARE(onlyFile(read).problemCount(ProblemKind::WrongChecksum), std::uint64_t{0});
    QCOMPARE(fromStd(documentOf(*read.source, 0)),
             QByteArray(R"({"Event":{"System":{"EventID":"7","Channel":"Security"}}})"));
    QCOMPARE(fromStd(documentOf(*read.source, 1)),
             QByteArray(R"({"Event":{"EventData":{"X":"value"}}})"));
    QCOMPARE(fromStd(valuesOf(*read.source, 0, "winlog.channel")), QByteArray("Security"));
}

void TestImportFormats::evtxValues_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char* name, int type, const QByteArray& bytes, const char* text) {
        QTest::newRow(name) << type << bytes << QByteArray(text);
    };
    row("null", 0x00, "", "");
    row("text", 0x01, QByteArray("a\0b\0\0\0", 6), "ab");
    row("pair", 0x01, QByteArray("\x3d\xd8\x00\xde", 4), "\xf0\x9f\x98\x80");
    row("lone half", 0x01, QByteArray("\x3d\xd8", 2), "\xef\xbf\xbd");
    row("ansi", 0x02, QByteArray("a\xff\0", 3), "a\xef\xbf\xbd");
    row("int8", 0x03, QByteArray("\xff", 1), "-1");
    row("uint8", 0x04, QByteArray("\xff", 1), "255");
    row("int16", 0x05, QByteArray("\xfe\xff", 2), "-2");
    row("uint16", 0x06, QByteArray("\x34\x12", 2), "4660");
    row("int32", 0x07, QByteArray("\xff\xff\xff\xff", 4), "-1");
    row("uint32", 0x08, QByteArray("\xff\xff\xff\xff", 4), "4294967295");
    row("int64", 0x09, QByteArray(8, '\xff'), "-1");
    row("uint64", 0x0A, QByteArray(8, '\xff'), "18446744073709551615");
    row("float", 0x0B, QByteArray("\0\0\x80\x3f", 4), "1");
    row("double", 0x0C, QByteArray("\0\0\0\0\0\0\xf8\x3f", 8), "1.5");
    row("bool", 0x0D, QByteArray("\x01\0\0\0", 4), "true");
    row("binary", 0x0E, QByteArray("\x01\xab", 2), "01AB");
    row("guid", 0x0F, QByteArray::fromHex("5f3870570ac2e043bf4c06f5698ffbd9"),
        "{5770385f-c20a-43e0-bf4c-06f5698ffbd9}");
    row("size", 0x10, QByteArray("\x10\0\0\0\0\0\0\0", 8), "0x10");
    row("time", 0x11, QByteArray::fromHex("0140963d7a30d601"), "2020-05-22T20:47:43.1408641Z");
    row("system time", 0x12, QByteArray::fromHex("e4070500050016000c003a0002000700"),
        "2020-05-22T12:58:02.007Z");
    row("sid", 0x13, QByteArray::fromHex("010100000000000512000000"), "S-1-5-18");
    row("hex 32", 0x14, QByteArray("\xe7\x03\0\0", 4), "0x3e7");
    row("hex 64", 0x15, QByteArray("\xe7\x03\0\0\0\0\0\0", 8), "0x3e7");
    row("unknown", 0x77, QByteArray("\x01", 1), "01");
    row("too short", 0x08, QByteArray("\x01", 1), "<none>");
    row("short sid", 0x13, QByteArray("\x01", 1), "<none>");
}

void TestImportFormats::evtxValues()
{
    QFETCH(int, type);
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, text);
    const auto value = evtxValueText(static_cast<std::uint8_t>(type), bytes.toStdString());
    QCOMPARE(fromStd(value.value_or("<none>")), text);
}

void TestImportFormats::evtxDamage()
{
    EvtxBuilder builder;
    builder.addPlainRecord(1, "Security");
    builder.addPlainRecord(2, "Security");
    const std::string good = builder.chunk();

    std::string noSignature = good;
    noSignature[0] = 'x';
    const EventsInMemory skipped = readText(EvtxBuilder::file({good, noSignature, good}));
    QCOMPARE(skipped.source->eventCount(), 4U);
    QCOMPARE(onlyFile(skipped).problemCount(ProblemKind::DamagedChunk), std::uint64_t{1});
    QVERIFY(onlyFile(skipped).problems.front().reason.find("chunk 1 at byte 69632")
            != std::string::npos);

    std::string file = EvtxBuilder::file({good});
    file += noSignature;
    const EventsInMemory unused = readText(file);
    QCOMPARE(onlyFile(unused).problemCount(ProblemKind::DamagedChunk), std::uint64_t{0});
    QCOMPARE(onlyFile(unused).problemCount(ProblemKind::UnusedChunk), std::uint64_t{1});

    std::string wrongMagic = good;
    wrongMagic[512] = 'x';
    const EventsInMemory gap = readText(EvtxBuilder::file({wrongMagic}));
    QCOMPARE(gap.source->eventCount(), 1U);
    QCOMPARE(onlyFile(gap).problemCount(ProblemKind::DamagedChunk), std::uint64_t{1});
    QCOMPARE(onlyFile(gap).problemCount(ProblemKind::WrongChecksum), std::uint64_t{1});

    const std::string whole = EvtxBuilder::file({good, good});
    const EventsInMemory cut = readText(whole.substr(0, whole.size() - 60'000));
    QCOMPARE(cut.source->eventCount(), 4U);
    QCOMPARE(onlyFile(cut).problemCount(ProblemKind::DamagedChunk), std::uint64_t{1});
    const EventsInMemory headOnly = readText(whole.substr(0, 100));
    QCOMPARE(onlyFile(headOnly).problemCount(ProblemKind::DamagedChunk), std::uint64_t{1});
}

void TestImportFormats::evtxIsBounded()
{
    EvtxBuilder builder;
    builder.addTemplateRecord(1, 0x0E, std::string(2'000, 'x'));
    ImportOptions options;
    options.limits.evtxRecordBytes = 1'000;
    const EventsInMemory read = readText(EvtxBuilder::file({builder.chunk()}), options);
    QCOMPARE(read.source->eventCount(), 0U);
    QCOMPARE(onlyFile(read).lostRecords(), std::uint64_t{1});
    QVERIFY(onlyFile(read).problems.front().reason.find("unpacks to more") != std::string::npos);
    // Elements in one another without end.
    EvtxBuilder deep;
    std::string xml("\x0f\x01\x01\x00", 4);
    deep.addRecord(1, xml + std::string(4'000, '\x01'));
    QCOMPARE(onlyFile(readText(EvtxBuilder::file({deep.chunk()}))).lostRecords(), std::uint64_t{1});
}

/// Gaps and repetitions in record ids, days without events, clocks that disagree.
void TestImportFormats::remarksOnTheSource()
{
    const auto event = [](const char* id, const char* day, const char* created) {
        return std::string(R"({"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational",)")
               + R"("Hostname":"H","SourceName":"s","RecordNumber":)" + id + R"(,"UtcTime":")" + day
               + R"( 10:00:00.000","TimeCreated":")" + created + R"("})" + "\n";
    };
    const std::string text = event("1", "2020-01-01", "2020-01-01T10:00:00Z")
                             + event("2", "2020-01-01", "2020-01-01T10:00:00Z")
                             + event("5", "2020-01-01", "2020-01-01T10:00:00Z")
                             + event("5", "2020-01-04", "2020-01-04T10:02:00Z");
    const EventsInMemory read = readText(text);
    const FileReport& report = onlyFile(read);
    QCOMPARE(report.problemCount(ProblemKind::RecordGap), std::uint64_t{1});
    QCOMPARE(report.problemCount(ProblemKind::RepeatedRecord), std::uint64_t{1});
    QCOMPARE(report.problemCount(ProblemKind::TimeGap), std::uint64_t{1});
    QCOMPARE(report.problemCount(ProblemKind::ClockAnomaly), std::uint64_t{1});
    QCOMPARE(report.lostRecords(), std::uint64_t{0});
    ImportOptions small;
    small.limits.recordRuns = 1;
    const EventsInMemory mixed = readText(text, small);
    QCOMPARE(onlyFile(mixed).problemCount(ProblemKind::RecordGap), std::uint64_t{0});
}

void TestImportFormats::trailingCommasAreRepaired()
{
    const EventsInMemory read = readText("{\"a\":[1,2, ],\"b\":{\"c\":\",}\", },}\n{\"a\":1,,}\n");
    QCOMPARE(read.source->eventCount(), 1U);
    QCOMPARE(fromStd(valuesOf(*read.source, 0, "b.c")), QByteArray(",}"));
    QCOMPARE(fromStd(documentOf(*read.source, 0)),
             QByteArray("{\"a\":[1,2 ],\"b\":{\"c\":\",}\" }}"));
    QCOMPARE(onlyFile(read).problemCount(ProblemKind::TrailingComma), std::uint64_t{3});
    QCOMPARE(onlyFile(read).problemCount(ProblemKind::BrokenDocument), std::uint64_t{1});
}

void TestImportFormats::anyCutOfAnEvtxIsSafe()
{
    EvtxBuilder builder;
    builder.addTemplateRecord(1, 0x81, EvtxBuilder::wide(std::string("a\0b", 3)));
    const std::string whole = EvtxBuilder::file({builder.chunk()});
    for (std::size_t size = 8; size < 4'096 + 1'200; size += 7) {
        const EventsInMemory read = readText(whole.substr(0, size));
        QVERIFY(read.source != nullptr);
    }
}

/// Every byte of a record in turn set to hostile values: an answer comes, and no other record goes.
void TestImportFormats::anyByteOfAnEvtxMayBeWrong()
{
    EvtxBuilder builder;
    builder.addTemplateRecord(1, 0x81, EvtxBuilder::wide(std::string("a\0b", 3)));
    const std::string chunk = builder.chunk();
    const EvtxChunkScan scan = scanEvtxChunk(chunk);
    QCOMPARE(scan.records.size(), std::size_t{1});
    const EvtxRecord record = scan.records.front();
    const Limits limits;
    for (std::size_t at = record.offset; at < record.offset + record.length; ++at) {
        for (const char hostile : {'\xff', '\0', '\x01', '\x41', '\x0c', '\x7f'}) {
            std::string broken = chunk;
            broken[at] = hostile;
            std::string reason;
            const auto element =
                readEvtxRecord(broken, record.offset, record.length, limits, reason);
            QVERIFY(element.has_value() || !reason.empty());
            static_cast<void>(scanEvtxChunk(broken));
        }
    }
}

QTEST_GUILESS_MAIN(TestImportFormats)
#include "tst_import_formats.moc"
