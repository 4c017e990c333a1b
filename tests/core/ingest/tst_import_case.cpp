#include "core/base/sha256.h"
#include "core/casefile/case_file.h"
#include "tests/core/ingest/ingest_fixture.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <set>
#include <thread>

using namespace sequela;
using namespace sequela::ingest;
using namespace sequela::ingest::testing;

namespace {

std::string line(int number)
{
    return R"({"@timestamp":"2024-01-01T00:00:00Z","id":")" + std::to_string(number)
           + R"(","host":{"name":"h"}})" + "\n";
}

std::string lines(int count)
{
    std::string text;
    for (int i = 0; i < count; ++i) {
        text += line(i);
    }
    return text;
}

} // namespace

class TestImportCase : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void importIsWhole();
    void sameFileIsKnownByItsHash();
    void grownFileAddsItsTail();
    void cutOffRecordIsReadWhenItIsWhole();
    void interruptedImportContinues_data();
    void interruptedImportContinues();
    void problemsAreStored();
    void failedFileIsStored();

private:
    void write(const QString& name, const std::string& text);
    ImportReport import(const QString& name, const ImportOptions& options = {});
    std::set<std::string> ids();

    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<casefile::CaseFile> m_case;
};

void TestImportCase::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    auto created = casefile::CaseFile::create(m_folder->filePath("c.sequela").toStdString());
    QVERIFY2(created.has_value(), created ? "" : created.error().message.c_str());
    m_case = *created;
}

void TestImportCase::cleanup()
{
    m_case.reset();
    m_folder.reset();
}

void TestImportCase::write(const QString& name, const std::string& text)
{
    QFile file(m_folder->filePath(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromStdString(text));
}

ImportReport TestImportCase::import(const QString& name, const ImportOptions& options)
{
    const std::vector<Input> inputs{{.path = m_folder->filePath(name).toStdString(), .text = {}}};
    auto report = importFiles(*m_case, inputs, options, nullptr, {});
    if (!report) {
        qWarning("%s", report.error().message.c_str());
        return {};
    }
    return std::move(*report);
}

/// Every event's id field; a duplicate adds an odd entry.
std::set<std::string> TestImportCase::ids()
{
    std::set<std::string> found;
    const auto snapshot = m_case->snapshot();
    for (std::uint32_t i = 0; snapshot && i < (*snapshot)->eventCount(); ++i) {
        if (!found.insert(valuesOf(**snapshot, i, "id")).second) {
            found.insert("duplicate");
        }
    }
    return found;
}

void TestImportCase::importIsWhole()
{
    write("a.json", lines(1'000));
    ImportOptions options;
    options.limits.segmentDocuments = 300;
    const ImportReport report = import("a.json", options);
    QCOMPARE(quint64{report.events()}, quint64{1'000});
    QCOMPARE(ids().size(), std::size_t{1'000});
    const auto snapshot = m_case->snapshot();
    QCOMPARE(valuesOf(**snapshot, 999, "host.id"), "~derived:" + toHex(sha256("h"), 8));
    const auto sources = m_case->sources();
    QCOMPARE(sources->size(), std::size_t{1});
    QCOMPARE(sources->front().key.sha256Hex, toHex(sha256(lines(1'000))));
    QVERIFY(sources->front().state == casefile::SourceState::Complete);
}

void TestImportCase::sameFileIsKnownByItsHash()
{
    write("a.json", lines(10));
    write("copy.json", lines(10));
    QCOMPARE(quint64{import("a.json").events()}, quint64{10});
    for (const char* name : {"a.json", "copy.json"}) {
        const ImportReport again = import(name);
        QCOMPARE(quint64{again.events()}, quint64{0});
        QCOMPARE(again.files.front().outcome, FileOutcome::AlreadyThere);
        QCOMPARE(quint64{again.files.front().problemCount(ProblemKind::Duplicate)}, quint64{1});
    }
    QCOMPARE(ids().size(), std::size_t{10});
}

void TestImportCase::grownFileAddsItsTail()
{
    write("a.json", lines(10));
    QCOMPARE(quint64{import("a.json").events()}, quint64{10});
    for (const int size : {25, 40}) {
        write("a.json", lines(size));
        const ImportReport grown = import("a.json");
        QCOMPARE(quint64{grown.events()}, quint64{15});
        QCOMPARE(grown.files.front().outcome, FileOutcome::Continued);
        const auto found = ids();
        QCOMPARE(found.size(), static_cast<std::size_t>(size));
        QVERIFY(!found.contains("duplicate"));
    }
    // A file that only has the name is another file.
    write("a.json", "{\"id\":\"other\"}\n" + lines(50));
    QCOMPARE(quint64{import("a.json").events()}, quint64{51});
}

void TestImportCase::cutOffRecordIsReadWhenItIsWhole()
{
    const std::string whole = lines(3);
    write("a.json", whole.substr(0, whole.size() - 20));
    const ImportReport cut = import("a.json");
    QCOMPARE(quint64{cut.events()}, quint64{2});
    QCOMPARE(quint64{cut.files.front().problemCount(ProblemKind::TruncatedDocument)}, quint64{1});
    write("a.json", whole);
    QCOMPARE(quint64{import("a.json").events()}, quint64{1});
    QCOMPARE(ids(), (std::set<std::string>{"0", "1", "2"}));
}

void TestImportCase::interruptedImportContinues_data()
{
    QTest::addColumn<int>("stopAfter");
    QTest::newRow("at once") << 1;
    QTest::newRow("in the middle") << 2'000;
    QTest::newRow("late") << 4'500;
}

void TestImportCase::interruptedImportContinues()
{
    QFETCH(int, stopAfter);
    write("a.json", lines(5'000));
    ImportOptions options;
    options.limits.segmentDocuments = 100;
    std::stop_source stop;
    Progress progress;
    std::jthread watcher([&] {
        while (progress.items() < static_cast<std::uint64_t>(stopAfter) && !stop.stop_requested()) {
            std::this_thread::yield();
        }
        stop.request_stop();
    });
    const std::vector<Input> inputs{
        {.path = m_folder->filePath("a.json").toStdString(), .text = {}}};
    const auto first = importFiles(*m_case, inputs, options, &progress, stop.get_token());
    stop.request_stop();
    watcher.join();
    QVERIFY(first.has_value());
    const std::uint64_t before = first->events();

    const ImportReport rest = import("a.json", options);
    QCOMPARE(quint64{rest.events() + before}, quint64{5'000});
    const auto found = ids();
    QCOMPARE(found.size(), std::size_t{5'000});
    QVERIFY(!found.contains("duplicate"));
    const auto snapshot = m_case->snapshot();
    for (const std::uint32_t event : {0U, 2'500U, 4'999U}) {
        QCOMPARE(valuesOf(**snapshot, event, "host.id"), "~derived:" + toHex(sha256("h"), 8));
    }
    const auto sources = m_case->sources();
    QCOMPARE(sources->size(), std::size_t{1});
    QVERIFY(sources->front().state == casefile::SourceState::Complete);
}

void TestImportCase::problemsAreStored()
{
    write("a.json", "{\"id\":\"a\"}\n{broken\n{\"id\":\"b\"}\n");
    const ImportReport report = import("a.json");
    QCOMPARE(quint64{report.lostRecords()}, quint64{1});
    const auto problems = m_case->problems(SourceNumber(0));
    QVERIFY(problems.has_value());
    const auto broken =
        std::ranges::find(*problems, "ingest-broken-document", &casefile::ProblemRecord::code);
    QVERIFY(broken != problems->end());
    QCOMPARE(quint64{broken->line}, quint64{2});
    QCOMPARE(broken->excerpt, std::string("{broken"));
}

void TestImportCase::failedFileIsStored()
{
    write("a.hive", "regf" + std::string(100, '\0'));
    for (int i = 0; i < 2; ++i) {
        const ImportReport report = import("a.hive");
        QVERIFY(report.hasFailedInput());
        const auto sources = m_case->sources();
        QCOMPARE(sources->size(), std::size_t{1});
        QVERIFY(sources->front().state == casefile::SourceState::Failed);
    }
}

QTEST_GUILESS_MAIN(TestImportCase)
#include "tst_import_case.moc"
