#include "core/ingest/json_repair.h"
#include "tests/core/ingest/archive_fixture.h"
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

std::uint64_t countOf(const EventsInMemory& read, ProblemKind kind)
{
    std::uint64_t count = 0;
    for (const FileReport& file : read.report.files) {
        count += file.problemCount(kind);
    }
    return count;
}

} // namespace

/// What is mended, what is not, and what can only be opened with help.
class TestImportRepair : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void structure_data();
    void structure();
    void missingBrackets_data();
    void missingBrackets();
    void devTools();
    void bulkOfDevTools();
    void archivesInsideOthers_data();
    void archivesInsideOthers();
    void spooledBytesAreLimited();
    void cutOffArchiveInsideAnother();
    void encryptedArchives();
};

void TestImportRepair::structure_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("endIsCertain");
    QTest::addColumn<QByteArray>("repaired");

    const auto row = [](const char* name, const char* text, bool endIsCertain,
                        const char* repaired) {
        QTest::newRow(name) << QByteArray(text) << endIsCertain << QByteArray(repaired);
    };
    row("nothing to mend", R"({"a":1})", true, "");
    row("trailing comma", R"({"a":[1,],})", false, R"({"a":[1]})");
    row("comma in a string", R"({"a":",}",})", false, R"({"a":",}"})");
    row("two commas are no trailing one", R"({"a":1,,})", false, R"({"a":1,})");
    row("triple quotes", R"({"a":"""x "y" \z"""})", false, R"({"a":"x \"y\" \\z"})");
    row("triple quotes over lines", "{\"a\":\"\"\"x\ny\"\"\"}", false, R"({"a":"x\u000ay"})");
    row("triple quotes not closed", R"({"a":"""x})", true, "");
    row("flat and open", R"({"a":1,"b":"x")", true, R"({"a":1,"b":"x"})");
    row("flat with a list", R"({"a":[1,2],"b":"x")", true, R"({"a":[1,2],"b":"x"})");
    row("flat, the end is not certain", R"({"a":1,"b":"x")", false, "");
    row("which of two is missing", R"({"a":{"b":1,"c":2})", true, "");
    row("value missing", R"({"a":)", true, "");
    row("first bracket missing", R"("a":1,"b":2})", true, R"({"a":1,"b":2})");
    row("aligned lines", "{\n  \"a\": {\n    \"b\": 1\n  }\n", true,
        "{\n  \"a\": {\n    \"b\": 1\n  }\n}");
    row("lines that are not aligned", "{\n  \"a\": {\n    \"b\": {\n      \"c\": 1\n  }\n", true,
        "");
    row("comma before the missing end", "{\n  \"a\": {\n    \"b\": 1\n  },\n", true,
        "{\n  \"a\": {\n    \"b\": 1\n  }\n}");
    row("a piece of a document", R"("a":"x",)", true, "");
    row("neither bracket", R"("a":"x")", true, "");
    row("flat, stops at a comma", R"({"a":1,)", true, "");
    row("brackets without end", QByteArray(100'000, '[').constData(), true, "");
    row("wrong bracket", R"({"a":[1})", true, "");
}

void TestImportRepair::structure()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, endIsCertain);
    QFETCH(QByteArray, repaired);
    const auto mended = repairStructure(text.toStdString(), endIsCertain);
    QCOMPARE(fromStd(mended ? mended->text : std::string()), repaired);
}

void TestImportRepair::missingBrackets_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<quint64>("events");
    QTest::addColumn<quint64>("mended");
    QTest::addColumn<quint64>("lost");
    const auto row = [](const char* name, const char* text, quint64 events, quint64 mended,
                        quint64 lost) {
        QTest::newRow(name) << QByteArray(text) << events << mended << lost;
    };
    row("line without its last", "{\"id\":\"a\"\n{\"id\":\"b\"}\n", 2, 1, 0);
    row("line without its first", "{\"id\":\"a\"}\n\"id\":\"b\"}\n", 2, 1, 0);
    row("last line cut off", "{\"id\":\"a\"}\n{\"id\":\"b\"", 1, 0, 1);
    row("document before another", "{\n  \"a\": {\n    \"b\": 1\n  }\n{\n  \"id\": \"b\"\n}\n", 2,
        1, 0);
    row("last document", "{\n  \"id\": \"a\"\n}\n{\n  \"a\": {\n    \"b\": 1\n  }\n", 2, 1, 0);
    row("cut inside a value", "{\n  \"id\": \"a\"\n}\n{\n  \"a\": {\n    \"b\": 1", 1, 0, 1);
    row("one too many in front", "{\n  {\n    \"id\": \"a\"\n  }\n", 1, 1, 0);
    row("one too many behind", "{\n  \"id\": \"a\"\n}\n}\n{\n  \"id\": \"b\"\n}\n", 2, 1, 0);
    row("element of an array", "[\n{\n  \"a\": {\n    \"b\": 1\n  },\n{\n  \"id\": \"b\"\n}\n]\n",
        2, 1, 0);
}

void TestImportRepair::missingBrackets()
{
    QFETCH(QByteArray, text);
    QFETCH(quint64, events);
    QFETCH(quint64, mended);
    QFETCH(quint64, lost);
    const EventsInMemory read = readText(text.toStdString());
    QCOMPARE(quint64{read.source->eventCount()}, events);
    QCOMPARE(quint64{countOf(read, ProblemKind::WrongBracket)} > 0, mended > 0);
    QCOMPARE(quint64{read.report.lostRecords()}, lost);
}

void TestImportRepair::devTools()
{
    const EventsInMemory read = readText("# what the agent sent\n"
                                         "POST logs-endpoint/_doc\n"
                                         "{\n  \"id\": \"a\",\n"
                                         "  \"process\": {\"command_line\": \"\"\"sh -c \"x\n}\" "
                                         "\\n\"\"\"}\n}\n\n"
                                         "GET /_search\n{\n  \"query\": {\"match_all\": {}}\n}\n"
                                         "PUT logs/_doc/2\n{ \"id\": \"b\" }\n");
    QCOMPARE(read.source->eventCount(), 2U);
    QCOMPARE(valuesOf(*read.source, 0, "process.command_line"), std::string("sh -c \"x\n}\" \\n"));
    QCOMPARE(valuesOf(*read.source, 1, "id"), std::string("b"));
    QCOMPARE(quint64{read.report.lostRecords()}, quint64{0});
    // A comment, three requests and the body of a search.
    QCOMPARE(quint64{countOf(read, ProblemKind::NoEvent)}, quint64{5});
    QCOMPARE(quint64{countOf(read, ProblemKind::TripleQuotes)}, quint64{1});
    QCOMPARE(fromStd(read.report.files.front().format), QByteArray("Kibana Dev Tools"));
}

void TestImportRepair::bulkOfDevTools()
{
    const EventsInMemory read =
        readText("POST _bulk\n{\"index\":{\"_id\":\"7\"}}\n{\"id\":\"a\"}\n");
    QCOMPARE(read.source->eventCount(), 1U);
    QCOMPARE(valuesOf(*read.source, 0, "_id"), std::string("7"));
    QCOMPARE(quint64{countOf(read, ProblemKind::NoEvent)}, quint64{1});
}

void TestImportRepair::archivesInsideOthers_data()
{
    QTest::addColumn<QByteArray>("outer");
    QTest::addColumn<QByteArray>("inner");
    for (const char* outer : {"zip", "ustar", "7zip"}) {
        for (const char* inner : {"zip", "7zip"}) {
            QTest::addRow("%s in %s", inner, outer) << QByteArray(outer) << QByteArray(inner);
        }
    }
}

void TestImportRepair::archivesInsideOthers()
{
    QFETCH(QByteArray, outer);
    QFETCH(QByteArray, inner);
    const EventsInMemory read =
        readText(pack(outer.constData(), nullptr,
                      {{"inner", pack(inner.constData(), nullptr,
                                      {{"x\\a.json", "{\"id\":\"a\"}\n"}, {"._b", "x"}})},
                       {"b.json", "{\"id\":\"b\"}\n"}}));
    QCOMPARE(read.source->eventCount(), 2U);
    QCOMPARE(fromStd(read.report.files.front().member), QByteArray("inner!/x/a.json"));
    QCOMPARE(read.report.files.at(1).outcome, FileOutcome::Skipped);
    QVERIFY(!read.report.hasFailedInput());
}

void TestImportRepair::spooledBytesAreLimited()
{
    ImportOptions options;
    options.limits.spooledBytes = 50;
    const EventsInMemory read =
        readText(pack("ustar", nullptr,
                      {{"inner", pack("7zip", nullptr, {{"a.json", "{\"id\":\"a\"}\n"}})}}),
                 options);
    QCOMPARE(quint64{countOf(read, ProblemKind::ArchiveLimit)}, quint64{1});
    QCOMPARE(read.source->eventCount(), 0U);
}

void TestImportRepair::cutOffArchiveInsideAnother()
{
    std::string lines;
    for (int i = 0; i < 40'000; ++i) {
        lines += "{\"id\":\"" + std::to_string(i * 7'919) + "\"}\n";
    }
    std::string bytes =
        pack("ustar", nullptr, {{"inner.zip", pack("zip", nullptr, {{"a.json", lines}})}});
    bytes.resize(bytes.size() / 2);
    const EventsInMemory read = readText(std::move(bytes));
    QVERIFY(read.source->eventCount() > 1'000);
    QVERIFY(countOf(read, ProblemKind::DamagedArchive) > 0);
}

void TestImportRepair::encryptedArchives()
{
    const std::string bytes = pack("zip", nullptr, {{"a.json", "{\"id\":\"a\"}\n"}}, "infected");
    const EventsInMemory closed = readText(bytes);
    QCOMPARE(closed.source->eventCount(), 0U);
    QCOMPARE(quint64{countOf(closed, ProblemKind::Encrypted)}, quint64{1});
    QVERIFY(closed.report.hasFailedInput());
    ImportOptions options;
    options.archivePasswords = {"wrong"};
    const EventsInMemory wrong = readText(bytes, options);
    QCOMPARE(wrong.source->eventCount(), 0U);
    QVERIFY(countOf(wrong, ProblemKind::Encrypted) > 0);
    options.archivePasswords = {"wrong", "infected"};
    const EventsInMemory open = readText(bytes, options);
    QCOMPARE(open.source->eventCount(), 1U);
    QCOMPARE(quint64{countOf(open, ProblemKind::Encrypted)}, quint64{0});
    // One level down as well.
    const EventsInMemory nested = readText(pack("ustar", "gzip", {{"in.zip", bytes}}), options);
    QCOMPARE(nested.source->eventCount(), 1U);
}

QTEST_GUILESS_MAIN(TestImportRepair)
#include "tst_import_repair.moc"
