#include "tests/core/ingest/ingest_fixture.h"

#include <QTest>

using namespace sequela::ingest;
using namespace sequela::ingest::testing;

namespace {

QByteArray fromStd(const std::string& text)
{
    return QByteArray::fromStdString(text);
}

std::string security(int code, const char* time, const std::string& data)
{
    return R"({"EventID":)" + std::to_string(code)
           + R"(,"Channel":"Security","SourceName":"s","Hostname":"H","TimeCreated":"2020-01-01T)"
           + time + R"(Z",)" + data + "}\n";
}

std::string start(const char* time, const char* pid, const char* image, const char* parent)
{
    return security(4688, time,
                    std::string(R"("NewProcessId":")") + pid + R"(","NewProcessName":")" + image
                        + R"(","ProcessId":")" + parent + R"(")");
}

std::string end(const char* time, const char* pid, const char* image)
{
    return security(4689, time,
                    std::string(R"("ProcessId":")") + pid + R"(","ProcessName":")" + image
                        + R"(")");
}

std::string entityOf(const EventsInMemory& read, std::uint32_t event)
{
    return valuesOf(*read.source, event, "process.entity_id");
}

std::string parentOf(const EventsInMemory& read, std::uint32_t event)
{
    return valuesOf(*read.source, event, "process.parent.entity_id");
}

} // namespace

/// Entity ids where the source has none (formats.md section 3).
class TestEntityIds : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void startsAndEndsAgree();
    void reusedPidsAreOthers();
    void parentsAreFound();
    void unseenProcessesShareAnId();
    void sysmonLendsItsGuid();
    void orderOfTheFileDoesNotMatter();
    void sharedGuidsSayNothing();
    void ecsDocumentsAreLeftAlone();
};

void TestEntityIds::startsAndEndsAgree()
{
    const EventsInMemory read = readText(start("10:00:00.000", "0x10", "C:\\\\a.exe", "0x4")
                                         + end("10:00:05.000", "0x10", "C:\\\\a.exe"));
    QVERIFY2(entityOf(read, 0).starts_with("~syn-"), entityOf(read, 0).c_str());
    QCOMPARE(entityOf(read, 0).size(), std::size_t{21});
    QCOMPARE(fromStd(entityOf(read, 0)), fromStd(entityOf(read, 1)));
    const EventsInMemory again = readText(start("10:00:00.000", "0x10", "C:\\\\a.exe", "0x4"));
    QCOMPARE(fromStd(entityOf(read, 0)), fromStd(entityOf(again, 0)));
}

void TestEntityIds::reusedPidsAreOthers()
{
    const EventsInMemory read =
        readText(start("10:00:00.000", "0x10", "C:\\\\a.exe", "0x4")
                 + end("10:00:05.000", "0x10", "C:\\\\a.exe")
                 // Within the grace, and after it.
                 + security(4663, "10:00:06.000", R"("ProcessId":"0x10","ProcessName":"C:\\a.exe")")
                 + security(4663, "10:00:09.000", R"("ProcessId":"0x10","ProcessName":"C:\\a.exe")")
                 + start("10:01:00.000", "0x10", "C:\\\\a.exe", "0x4")
                 + end("10:01:05.000", "0x10", "C:\\\\a.exe"));
    QCOMPARE(entityOf(read, 2), entityOf(read, 0));
    QVERIFY(entityOf(read, 3) != entityOf(read, 0));
    QVERIFY(entityOf(read, 4) != entityOf(read, 0));
    QVERIFY(entityOf(read, 4) != entityOf(read, 3));
    QCOMPARE(entityOf(read, 5), entityOf(read, 4));
}

void TestEntityIds::parentsAreFound()
{
    const EventsInMemory read = readText(start("10:00:00.000", "0x10", "C:\\\\a.exe", "0x4")
                                         + start("10:00:01.000", "0x20", "C:\\\\b.exe", "0x10")
                                         + start("10:00:02.000", "0x30", "C:\\\\c.exe", "0x20"));
    QCOMPARE(parentOf(read, 1), entityOf(read, 0));
    QCOMPARE(parentOf(read, 2), entityOf(read, 1));
    QVERIFY(parentOf(read, 0).starts_with("~syn-"));
}

void TestEntityIds::unseenProcessesShareAnId()
{
    const std::string access = R"("ProcessId":"0x10","ProcessName":"C:\\a.exe")";
    const EventsInMemory read = readText(
        security(4663, "10:00:00.000", access) + security(4663, "11:00:00.000", access)
        + security(4663, "11:00:00.000", R"("ProcessId":"0x10","ProcessName":"C:\\b.exe")"));
    QVERIFY(entityOf(read, 0).starts_with("~syn-"));
    QCOMPARE(entityOf(read, 0), entityOf(read, 1));
    QVERIFY(entityOf(read, 0) != entityOf(read, 2));
}

void TestEntityIds::sysmonLendsItsGuid()
{
    const std::string sysmon =
        R"({"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational","SourceName":"s",)"
        R"("Hostname":"H","UtcTime":"2020-01-01 10:00:00.400","ProcessId":"16",)"
        R"("ProcessGuid":"{0197231e-9be6-6934-5301-000000000b00}","Image":"C:\\A.exe"})"
        "\n";
    const EventsInMemory read = readText(start("10:00:00.000", "0x10", "C:\\\\a.exe", "0x4")
                                         + sysmon + end("10:00:05.000", "0x10", "C:\\\\a.exe"));
    QCOMPARE(fromStd(entityOf(read, 0)), QByteArray("~{0197231e-9be6-6934-5301-000000000b00}"));
    QCOMPARE(fromStd(entityOf(read, 1)), QByteArray("{0197231e-9be6-6934-5301-000000000b00}"));
    QCOMPARE(entityOf(read, 2), entityOf(read, 0));
}

void TestEntityIds::orderOfTheFileDoesNotMatter()
{
    const EventsInMemory read = readText(end("10:00:05.000", "0x10", "C:\\\\a.exe")
                                         + start("10:00:00.000", "0x10", "C:\\\\a.exe", "0x4"));
    QCOMPARE(entityOf(read, 0), entityOf(read, 1));
    // Segments are no borders.
    ImportOptions small;
    small.limits.segmentDocuments = 1;
    const EventsInMemory cut = readText(end("10:00:05.000", "0x10", "C:\\\\a.exe")
                                            + start("10:00:00.000", "0x10", "C:\\\\a.exe", "0x4"),
                                        small);
    QCOMPARE(entityOf(cut, 0), entityOf(read, 0));
    QCOMPARE(entityOf(cut, 1), entityOf(read, 0));
}

void TestEntityIds::sharedGuidsSayNothing()
{
    const auto event = [](const char* pid) {
        return std::string(
                   "May 11 18:10:20 u5 sysmon: <Event><System><Provider "
                   "Name=\"Linux-Sysmon\"/><EventID>1</EventID><TimeCreated "
                   "SystemTime=\"2022-05-11T18:10:20Z\"/><Channel>Linux-Sysmon/Operational"
                   "</Channel><Computer>U5</Computer></System><EventData><Data "
                   "Name=\"UtcTime\">2022-05-11 18:10:20.395</Data><Data Name=\"ProcessGuid\">"
                   "{94325212-f5aa-627b-082b-60e4b9550000}</Data><Data Name=\"ProcessId\">")
               + pid + "</Data><Data Name=\"Image\">/bin/x</Data></EventData></Event>\n";
    };
    const EventsInMemory alone = readText(event("5") + event("5"));
    QCOMPARE(fromStd(entityOf(alone, 0)), QByteArray("{94325212-f5aa-627b-082b-60e4b9550000}"));
    const EventsInMemory shared = readText(event("5") + event("6"));
    QVERIFY(entityOf(shared, 0).starts_with("~syn-"));
    QVERIFY(entityOf(shared, 0) != entityOf(shared, 1));
}

void TestEntityIds::ecsDocumentsAreLeftAlone()
{
    const EventsInMemory read =
        readText(R"({"@timestamp":"2020-01-01T00:00:00Z","process":{"pid":7},"event":{"category":)"
                 R"(["process"],"type":["start"]}})");
    QCOMPARE(entityOf(read, 0), std::string());
}

QTEST_GUILESS_MAIN(TestEntityIds)
#include "tst_entity_ids.moc"
