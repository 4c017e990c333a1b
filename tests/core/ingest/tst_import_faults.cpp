#include "tests/core/ingest/archive_fixture.h"
#include "tests/core/ingest/ingest_fixture.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/resource.h>

using namespace sequela;
using namespace sequela::ingest;
using namespace sequela::ingest::testing;

namespace {

std::string numberedLines(int count)
{
    std::string text;
    for (int i = 0; i < count; ++i) {
        text += R"({"@timestamp":"2024-01-01T00:00:00Z","id":")" + std::to_string(i)
                + R"(","random":")" + std::to_string(static_cast<unsigned>(i) * 2654435761U)
                + "\"}\n";
    }
    return text;
}

void writeFile(const QString& path, const std::string& bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes.data(), static_cast<qint64>(bytes.size())),
             static_cast<qint64>(bytes.size()));
}

const FileReport& onlyFile(const EventsInMemory& read)
{
    static const FileReport none;
    return read.report.files.size() == 1 ? read.report.files.front() : none;
}

} // namespace

class TestImportFaults : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void problemsHavePlaces_data();
    void problemsHavePlaces();
    void packings_data();
    void packings();
    void truncatedPackings_data();
    void truncatedPackings();
    void documentLimits_data();
    void documentLimits();
    void archiveLimits_data();
    void archiveLimits();
    void hugeLineIsSkippedInBoundedMemory();
    void nestedArchiveIsReadOneLevelDeep();
    void litterIsSaid();
    void foldersAreReadInNameOrder();
    void folderDepthHasALimit();
    void unreadableInputs();
    void notesBesideEvidenceAreNoFailure();
    void utf16_data();
    void utf16();
    void unknownFormats_data();
    void unknownFormats();
    void responseOfAnySizeIsStreamed();
    void problemsAreBoundedAndCounted();
    void excerptIsCutAtCharacters();
    void documentIsTheOriginalBytes();
    void numberOfWorkersChangesNothing();
    void cancelledReadSaysSo();
};

void TestImportFaults::problemsHavePlaces_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("kind");
    QTest::addColumn<quint64>("line");
    QTest::addColumn<quint64>("column");
    QTest::addColumn<QByteArray>("reason");

    const auto row = [](const char* name, const char* text, ProblemKind kind, quint64 line,
                        quint64 column, const char* reason) {
        QTest::newRow(name) << QByteArray(text) << static_cast<int>(kind) << line << column
                            << QByteArray(reason);
    };
    row("missing value", "{\"a\":1}\n{\"b\": }\n", ProblemKind::BrokenDocument, 2, 7,
        "a value expected");
    row("column counts code points", "{\"a\":1}\n{\"\xc3\xa9\xc3\xa9\": }\n",
        ProblemKind::BrokenDocument, 2, 8, "a value expected");
    row("two commas", "{\"a\":1}\n{\"b\":1,,}\n", ProblemKind::BrokenDocument, 2, 8,
        "a key in double quotes expected");
    row("two values", "{\"a\":1}\n{\"b\":1}{\"c\":1}\n", ProblemKind::BrokenDocument, 2, 8,
        "text after the end of the document");
    row("leading zero", "{\"a\":1}\n{\"b\":01}\n", ProblemKind::BrokenDocument, 2, 6,
        "a value expected");
    row("wrong escape", "{\"a\":1}\n{\"b\":\"C:\\x\"}\n", ProblemKind::BrokenDocument, 2, 9,
        "a wrong escape in a string (a single back-slash?)");
    row("cut line", "{\"a\":1}\n{\"b\":\"x", ProblemKind::TruncatedDocument, 2, 6,
        "the string that begins here is not closed");
    row("pretty document", "[\n {\n  \"a\": 1\n },\n {\n  \"b\": tru\n }\n]\n",
        ProblemKind::BrokenDocument, 6, 8, "a value expected");
    row("no object", "{\"a\":1}\n[1]\n", ProblemKind::NotAnObject, 2, 1,
        "the document is no JSON object");
    row("invalid utf-8", "{\"a\":1}\n{\"b\":\"x\xff\"}\n", ProblemKind::InvalidUtf8, 2, 8,
        "bytes that are no UTF-8 were replaced by U+FFFD");
    row("broken time", "{\"a\":1,\"@timestamp\":\"soon\"}\n", ProblemKind::BrokenTime, 1, 1,
        "@timestamp is no time: soon");
    row("missing time", "{\"a\":1}\n", ProblemKind::MissingTime, 1, 1,
        "the document has no @timestamp; it takes part in no sequence");
    row("empty key", "{\"a\":1}\n{\"\":1}\n", ProblemKind::EmptyKey, 2, 2,
        "a key is empty; it is shown as \"\"");
    row("no host", "{\"a\":1}\n", ProblemKind::MissingHost, 0, 0,
        "1 events name no host (host.id, host.name); sequences by host.id do not see them");
    row("control character", "{\"a\":1}\n{\"b\":\"x\ty\"}\n", ProblemKind::ControlCharacter, 2, 8,
        "a raw control character in a string was taken as if it were escaped");
    row("delete of a bulk body", "{\"delete\":{\"_id\":\"1\"}}\n{\"index\":{}}\n{\"a\":1}\n",
        ProblemKind::BulkAction, 1, 1, "a delete action holds no document");
    row("update of a bulk body",
        "{\"index\":{}}\n{\"a\":1}\n{\"update\":{\"_id\":\"1\"}}\n{\"doc\":{}}\n",
        ProblemKind::BulkAction, 4, 1,
        "an update holds a part of a document only; it was left out");
    row("lone surrogate", "{\"a\":\"\\udc00\"}\n", ProblemKind::LoneSurrogate, 1, 7,
        "half of a surrogate pair was replaced by U+FFFD");
    row("truncated array", "[{\"a\":1},\n {\"b\":", ProblemKind::TruncatedDocument, 2, 2,
        "the input ends inside the document that begins here");
}

void TestImportFaults::problemsHavePlaces()
{
    QFETCH(QByteArray, text);
    QFETCH(int, kind);
    QFETCH(quint64, line);
    QFETCH(quint64, column);
    QFETCH(QByteArray, reason);

    const EventsInMemory read = readText(text.toStdString());
    const auto wanted = static_cast<ProblemKind>(kind);
    QCOMPARE(quint64{onlyFile(read).problemCount(wanted)}, quint64{1});
    for (const Problem& problem : onlyFile(read).problems) {
        if (problem.kind == wanted) {
            QCOMPARE(quint64{problem.line}, line);
            QCOMPARE(quint64{problem.column}, column);
            QCOMPARE(QByteArray::fromStdString(problem.reason), reason);
            return;
        }
    }
    QFAIL("the problem was counted but not kept");
}

void TestImportFaults::packings_data()
{
    QTest::addColumn<QByteArray>("format");
    QTest::addColumn<QByteArray>("filter");
    QTest::newRow("gzip") << QByteArray("raw") << QByteArray("gzip");
    QTest::newRow("zstd") << QByteArray("raw") << QByteArray("zstd");
    QTest::newRow("xz") << QByteArray("raw") << QByteArray("xz");
    QTest::newRow("bzip2") << QByteArray("raw") << QByteArray("bzip2");
    QTest::newRow("zip") << QByteArray("zip") << QByteArray();
    QTest::newRow("7z") << QByteArray("7zip") << QByteArray();
    QTest::newRow("tar") << QByteArray("ustar") << QByteArray();
    QTest::newRow("tar.gz") << QByteArray("ustar") << QByteArray("gzip");
    QTest::newRow("tar.zst") << QByteArray("ustar") << QByteArray("zstd");
}

void TestImportFaults::packings()
{
    QFETCH(QByteArray, format);
    QFETCH(QByteArray, filter);
    const QTemporaryDir folder;
    const QString path = folder.filePath("packed");
    writeFile(path, pack(format.constData(), filter.isEmpty() ? nullptr : filter.constData(),
                         {{"events.json", numberedLines(500)}}));
    const EventsInMemory read = readPath(path.toStdString());
    QCOMPARE(read.source->eventCount(), 500U);
    QCOMPARE(valuesOf(*read.source, 499, "id"), std::string("499"));
    QCOMPARE(onlyFile(read).member, std::string(format == "raw" ? "" : "events.json"));
    QCOMPARE(onlyFile(read).sha256Hex.size(), std::size_t{64});
}

void TestImportFaults::truncatedPackings_data()
{
    QTest::addColumn<QByteArray>("format");
    QTest::addColumn<QByteArray>("filter");
    QTest::newRow("gzip") << QByteArray("raw") << QByteArray("gzip");
    QTest::newRow("zstd") << QByteArray("raw") << QByteArray("zstd");
    QTest::newRow("zip") << QByteArray("zip") << QByteArray();
    QTest::newRow("tar.gz") << QByteArray("ustar") << QByteArray("gzip");
}

void TestImportFaults::truncatedPackings()
{
    QFETCH(QByteArray, format);
    QFETCH(QByteArray, filter);
    const QTemporaryDir folder;
    const QString path = folder.filePath("packed");
    std::string bytes = pack(format.constData(), filter.isEmpty() ? nullptr : filter.constData(),
                             {{"events.json", numberedLines(40'000)}});
    bytes.resize(bytes.size() / 2);
    writeFile(path, bytes);
    const EventsInMemory read = readPath(path.toStdString());
    // Half of it came out, and it is said that the rest did not.
    QVERIFY2(read.source->eventCount() > 10'000, std::to_string(read.source->eventCount()).c_str());
    QVERIFY(read.source->eventCount() < 40'000);
    std::uint64_t damaged = 0;
    bool isPartial = false;
    for (const FileReport& file : read.report.files) {
        damaged += file.problemCount(ProblemKind::DamagedArchive);
        isPartial = isPartial || file.outcome == FileOutcome::Partial;
    }
    QVERIFY(damaged > 0);
    QVERIFY(isPartial);
}

void TestImportFaults::documentLimits_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("kind");
    QTest::addColumn<quint32>("events");

    const QByteArray deep =
        QByteArray("{\"a\":").repeated(10'000) + "1" + QByteArray("}").repeated(10'000);
    const QByteArray deepArray = QByteArray("{\"a\":") + QByteArray("[").repeated(10'000)
                                 + QByteArray("]").repeated(10'000) + "}";
    QByteArray manyFields = "{\"x\":1";
    for (int i = 0; i < 100; ++i) {
        manyFields += ",\"f" + QByteArray::number(i) + "\":1";
    }
    manyFields += '}';
    const QByteArray manyValues = "{\"x\":[1" + QByteArray(",1").repeated(100) + "]}";
    const QByteArray longName = "{\"x\":1,\"" + QByteArray("n").repeated(200) + "\":1}";
    const QByteArray large = "{\"x\":\"" + QByteArray("v").repeated(5'000) + "\"}";
    const QByteArray good = "{\"x\":1}\n";

    const auto row = [](const char* name, const QByteArray& text, ProblemKind kind,
                        quint32 events) {
        QTest::newRow(name) << text << static_cast<int>(kind) << events;
    };
    row("10,000 objects deep", good + deep + "\n" + good, ProblemKind::DocumentTooDeep, 2);
    row("10,000 arrays deep", good + deepArray + "\n" + good, ProblemKind::DocumentTooDeep, 2);
    row("fields", good + manyFields + "\n" + good, ProblemKind::TooManyFields, 3);
    row("values", good + manyValues + "\n" + good, ProblemKind::TooManyValues, 3);
    row("name", good + longName + "\n" + good, ProblemKind::FieldNameTooLong, 3);
    row("size of a line", good + large + "\n" + good, ProblemKind::DocumentTooLarge, 2);
    row("size of an element", "[" + good + "," + large + "," + good + "]",
        ProblemKind::DocumentTooLarge, 2);
}

void TestImportFaults::documentLimits()
{
    QFETCH(QByteArray, text);
    QFETCH(int, kind);
    QFETCH(quint32, events);
    ImportOptions options;
    if (static_cast<ProblemKind>(kind) != ProblemKind::DocumentTooDeep) {
        options.limits.fieldsPerDocument = 50;
        options.limits.valuesPerField = 50;
        options.limits.fieldNameBytes = 100;
    }
    if (static_cast<ProblemKind>(kind) == ProblemKind::DocumentTooLarge) {
        options.limits.documentBytes = 4'096;
    }
    const EventsInMemory read = readText(text.toStdString(), options);
    QCOMPARE(read.source->eventCount(), events);
    QVERIFY(onlyFile(read).problemCount(static_cast<ProblemKind>(kind)) > 0);
}

void TestImportFaults::archiveLimits_data()
{
    QTest::addColumn<QByteArray>("which");
    QTest::newRow("ratio") << QByteArray("ratio");
    QTest::newRow("total") << QByteArray("total");
    QTest::newRow("members") << QByteArray("members");
    QTest::newRow("archive depth") << QByteArray("archives");
    QTest::newRow("compression depth") << QByteArray("compressions");
}

void TestImportFaults::archiveLimits()
{
    QFETCH(QByteArray, which);
    ImportOptions options;
    std::string bytes;
    if (which == "ratio") {
        options.limits.expansionRatio = 10;
        options.limits.expandedBytesFree = 100'000;
        bytes = pack("raw", "gzip", {{"x", "{\"a\":\"" + std::string(5'000'000, 'a') + "\"}"}});
    } else if (which == "total") {
        options.limits.expandedBytes = 100'000;
        bytes = pack("zip", nullptr, {{"x", numberedLines(20'000)}});
    } else if (which == "members") {
        options.limits.archiveMembers = 1;
        bytes = pack("zip", nullptr, {{"a", numberedLines(1)}, {"b", numberedLines(1)}});
    } else if (which == "archives") {
        options.limits.archiveDepth = 1;
        bytes = pack("zip", nullptr,
                     {{"inner.tar", pack("ustar", nullptr, {{"x", numberedLines(1)}})}});
    } else {
        options.limits.compressionDepth = 1;
        bytes = pack("raw", "zstd", {{"x", pack("raw", "gzip", {{"x", numberedLines(1)}})}});
    }
    const EventsInMemory read = readText(bytes, options);
    std::uint64_t reached = 0;
    for (const FileReport& file : read.report.files) {
        reached += file.problemCount(ProblemKind::ArchiveLimit);
    }
    QCOMPARE(quint64{reached}, quint64{1});
}

void TestImportFaults::hugeLineIsSkippedInBoundedMemory()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("huge.json");
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"id\":\"first\"}\n{\"x\":\"");
        const QByteArray block(1 << 20, 'x');
        for (int i = 0; i < 200; ++i) {
            file.write(block);
        }
        file.write("\"}\n{\"id\":\"last\"}\n");
    }
    rusage before{};
    getrusage(RUSAGE_SELF, &before);
    const EventsInMemory read = readPath(path.toStdString());
    rusage after{};
    getrusage(RUSAGE_SELF, &after);
    QCOMPARE(read.source->eventCount(), 2U);
    QCOMPARE(valuesOf(*read.source, 1, "id"), std::string("last"));
    QCOMPARE(quint64{onlyFile(read).problemCount(ProblemKind::DocumentTooLarge)}, quint64{1});
    QCOMPARE(quint64{onlyFile(read).problems.at(1).line}, quint64{2});
    QVERIFY2(after.ru_maxrss - before.ru_maxrss < 150'000, "kilobytes more than before");
}

void TestImportFaults::nestedArchiveIsReadOneLevelDeep()
{
    const std::string inner = pack("ustar", "gzip", {{"deep/events.json", numberedLines(3)}});
    const EventsInMemory read =
        readText(pack("zip", nullptr, {{"inner.tar.gz", inner}, {"a.json", numberedLines(2)}}));
    QCOMPARE(read.source->eventCount(), 5U);
    QCOMPARE(read.report.files.front().member, std::string("inner.tar.gz!/deep/events.json"));
}

void TestImportFaults::litterIsSaid()
{
    const EventsInMemory read = readText(pack("zip", nullptr,
                                              {{"__MACOSX/._a.json", "x"},
                                               {"._a.json", "x"},
                                               {"a.json", numberedLines(1)},
                                               {"x\\b.json", numberedLines(1)}}));
    QCOMPARE(read.report.files.size(), std::size_t{4});
    QCOMPARE(read.report.files[0].outcome, FileOutcome::Skipped);
    QCOMPARE(read.report.files[1].outcome, FileOutcome::Skipped);
    QCOMPARE(quint64{read.report.files[0].problemCount(ProblemKind::SkippedFile)}, quint64{1});
    QCOMPARE(read.report.files[3].member, std::string("x/b.json"));
    QVERIFY(!read.report.hasFailedInput());
    QCOMPARE(read.source->eventCount(), 2U);
}

void TestImportFaults::foldersAreReadInNameOrder()
{
    const QTemporaryDir folder;
    const QDir root(folder.path());
    QVERIFY(root.mkpath("b/c"));
    writeFile(root.filePath("z.json"), "{\"id\":\"z\"}");
    writeFile(root.filePath("b/c/m.json"), "{\"id\":\"m\"}");
    writeFile(root.filePath("a.json"), "{\"id\":\"a\"}");
    writeFile(root.filePath(".hidden.json"), "{\"id\":\"h\"}");
    QVERIFY(QFile::link("/etc/hostname", root.filePath("link.json")));
    const EventsInMemory read = readPath(folder.path().toStdString());
    QCOMPARE(read.source->eventCount(), 3U);
    QCOMPARE(valuesOf(*read.source, 0, "id"), std::string("a"));
    QCOMPARE(valuesOf(*read.source, 1, "id"), std::string("m"));
    QCOMPARE(valuesOf(*read.source, 2, "id"), std::string("z"));
    std::size_t skipped = 0;
    for (const FileReport& file : read.report.files) {
        skipped += file.outcome == FileOutcome::Skipped ? 1U : 0U;
    }
    QCOMPARE(skipped, std::size_t{2});
}

void TestImportFaults::folderDepthHasALimit()
{
    const QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkpath("a/b/c"));
    ImportOptions options;
    options.limits.folderDepth = 2;
    const EventsInMemory read = readPath(folder.path().toStdString(), options);
    QCOMPARE(quint64{onlyFile(read).problemCount(ProblemKind::ArchiveLimit)}, quint64{1});
}

void TestImportFaults::notesBesideEvidenceAreNoFailure()
{
    const QTemporaryDir folder;
    writeFile(folder.filePath("README.md"), "# what these files are\n");
    const EventsInMemory onlyNotes = readPath(folder.path().toStdString());
    QVERIFY(onlyNotes.report.hasFailedInput());
    writeFile(folder.filePath("a.json"), numberedLines(1));
    const EventsInMemory both = readPath(folder.path().toStdString());
    QCOMPARE(both.report.files.size(), std::size_t{2});
    QCOMPARE(both.report.files[0].outcome, FileOutcome::Failed);
    QVERIFY(!both.report.hasFailedInput());
}

void TestImportFaults::unreadableInputs()
{
    const QTemporaryDir folder;
    const EventsInMemory missing = readPath(folder.filePath("nothing.json").toStdString());
    QCOMPARE(onlyFile(missing).outcome, FileOutcome::Failed);
    QCOMPARE(quint64{onlyFile(missing).problemCount(ProblemKind::Unreadable)}, quint64{1});
    QVERIFY(missing.report.hasFailedInput());
    QCOMPARE(onlyFile(missing).problems.front().reason,
             std::string("cannot be opened: No such file or directory (check the path)"));

    const QString empty = folder.filePath("empty.json");
    writeFile(empty, {});
    const EventsInMemory nothing = readPath(empty.toStdString());
    QCOMPARE(quint64{onlyFile(nothing).problemCount(ProblemKind::Empty)}, quint64{1});
    QVERIFY(!nothing.report.hasFailedInput());
}

void TestImportFaults::utf16_data()
{
    QTest::addColumn<bool>("bigEndian");
    QTest::newRow("little endian") << false;
    QTest::newRow("big endian") << true;
}

void TestImportFaults::utf16()
{
    QFETCH(bool, bigEndian);
    std::u16string units = u"\uFEFF{\"id\":\"\u00e9\U0001F600";
    units += static_cast<char16_t>(0xD800);
    units += u"\"}\r\n{\"id\":\"b\"}\r\n";
    std::string bytes;
    for (const char16_t unit : units) {
        const char high = static_cast<char>(unit >> 8U);
        const char low = static_cast<char>(unit & 0xFFU);
        bytes += bigEndian ? high : low;
        bytes += bigEndian ? low : high;
    }
    const EventsInMemory read = readText(bytes);
    QCOMPARE(read.source->eventCount(), 2U);
    QCOMPARE(valuesOf(*read.source, 0, "id"), std::string("\xc3\xa9\xf0\x9f\x98\x80\xef\xbf\xbd"));
    QCOMPARE(quint64{onlyFile(read).problemCount(ProblemKind::LoneSurrogate)}, quint64{1});
}

void TestImportFaults::unknownFormats_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("format");
    QTest::newRow("xml") << QByteArray("<svg/>") << QByteArray("XML");
    QTest::newRow("registry") << QByteArray("regf\0", 5) << QByteArray("Windows registry hive");
    QTest::newRow("text") << QByteArray("hello\nworld\n") << QByteArray("plain text");
    QTest::newRow("binary") << QByteArray("ab\x01\x02", 4) << QByteArray("unknown binary data");
}

void TestImportFaults::unknownFormats()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, format);
    const EventsInMemory read = readText(bytes.toStdString());
    QCOMPARE(onlyFile(read).outcome, FileOutcome::Failed);
    QCOMPARE(QByteArray::fromStdString(onlyFile(read).format), format);
    QCOMPARE(quint64{onlyFile(read).problemCount(ProblemKind::UnknownFormat)}, quint64{1});
    QVERIFY(read.report.hasFailedInput());
}

void TestImportFaults::responseOfAnySizeIsStreamed()
{
    // Far larger than a document may be, on one line.
    ImportOptions options;
    options.limits.documentBytes = 100'000;
    std::string text = R"({"took":1,"hits":{"hits":[)";
    const std::string padding(1'000, 'p');
    for (int i = 0; i < 5'000; ++i) {
        text += i > 0 ? "," : "";
        text += R"({"_id":")" + std::to_string(i) + R"(","_source":{"pad":")" + padding + "\"}}";
    }
    text += "]}}";
    const EventsInMemory read = readText(text, options);
    QCOMPARE(read.source->eventCount(), 5'000U);
    QCOMPARE(quint64{onlyFile(read).lostRecords()}, quint64{0});
    QCOMPARE(valuesOf(*read.source, 4'999, "_id"), std::string("4999"));
}

void TestImportFaults::problemsAreBoundedAndCounted()
{
    std::string text = "{\"a\":1}\n";
    for (int i = 0; i < 1'000; ++i) {
        text += "{broken\n";
    }
    ImportOptions options;
    options.limits.problemsKept = 10;
    options.limits.alikeProblemsKept = 1;
    options.limits.segmentDocuments = 64;
    const EventsInMemory read = readText(text, options);
    QCOMPARE(quint64{onlyFile(read).problemCount(ProblemKind::BrokenDocument)}, quint64{1'000});
    // Ten broken documents, one event without a time, one without a host.
    QCOMPARE(onlyFile(read).problems.size(), std::size_t{12});
}

void TestImportFaults::excerptIsCutAtCharacters()
{
    ImportOptions options;
    options.limits.excerptBytes = 9;
    const EventsInMemory read =
        readText("{\"a\":1}\n{\"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\": }\n", options);
    for (const Problem& problem : onlyFile(read).problems) {
        if (problem.kind == ProblemKind::BrokenDocument) {
            QVERIFY(problem.excerpt.size() <= 9);
            QVERIFY(QString::fromStdString(problem.excerpt).indexOf(QChar::ReplacementCharacter)
                    < 0);
            return;
        }
    }
    QFAIL("no problem");
}

void TestImportFaults::documentIsTheOriginalBytes()
{
    const EventsInMemory hit = readText("{\"_id\":\"1\",\"_source\": {\"a\" : \"\\u0041\"} }\n");
    QCOMPARE(documentOf(*hit.source, 0), std::string("{\"a\" : \"\\u0041\"}"));
    const EventsInMemory broken = readText("{\"_id\":\"1\",\"_source\":{\"a\":\"\xff\"}}\n");
    QCOMPARE(documentOf(*broken.source, 0), std::string("{\"a\":\"\xff\"}"));
    QCOMPARE(valuesOf(*broken.source, 0, "a"), std::string("\xef\xbf\xbd"));
}

void TestImportFaults::numberOfWorkersChangesNothing()
{
    std::string text = numberedLines(3'000);
    text += "{broken\n";
    std::vector<std::string> reports;
    for (const std::size_t workers : {1U, 2U, 7U}) {
        ImportOptions options;
        options.workerCount = workers;
        options.limits.segmentDocuments = 100;
        const EventsInMemory read = readText(text, options);
        std::string seen = reportJson(read.report);
        for (std::uint32_t i = 0; i < read.source->eventCount(); ++i) {
            seen += valuesOf(*read.source, i, "id") + ',';
        }
        QCOMPARE(read.source->segments().size(), std::size_t{30});
        reports.push_back(std::move(seen));
    }
    QCOMPARE(reports[1], reports[0]);
    QCOMPARE(reports[2], reports[0]);
}

void TestImportFaults::cancelledReadSaysSo()
{
    std::stop_source stop;
    stop.request_stop();
    const std::vector<Input> inputs{{.path = "x", .text = numberedLines(100)}};
    const auto read = readIntoMemory(inputs, {}, nullptr, stop.get_token());
    QVERIFY(read.has_value());
    QVERIFY(read->report.cancelled);
}

QTEST_GUILESS_MAIN(TestImportFaults)
#include "tst_import_faults.moc"
