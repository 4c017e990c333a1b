#include "core/casefile/case_file.h"
#include "core/casefile/database.h"
#include "core/casefile/migration.h"
#include "tests/core/casefile/case_samples.h"

#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <random>
#include <sched.h>
#include <string>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace sequela;
using namespace sequela::casefile;

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// Runs @p work in a process of its own and returns what it returned, -1 if it was killed or died.
class Child {
public:
    explicit Child(const std::function<int()>& work) : m_process(fork())
    {
        if (m_process == 0) {
            _exit(work());
        }
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child()
    {
        if (m_process > 0) {
            ::kill(m_process, SIGKILL);
            (void)wait();
        }
    }
    void kill() const { ::kill(m_process, SIGKILL); }
    int wait()
    {
        int status = 0;
        waitpid(m_process, &status, 0);
        m_process = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

private:
    pid_t m_process;
};

std::string readFile(const fs::path& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void writeFile(const fs::path& path, std::string_view bytes)
{
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// Reads everything there is, through every call; damage must come back as an error.
std::size_t readAll(CaseFile& file)
{
    std::size_t failures = 0;
    const auto note = [&](const auto& result) {
        failures += result ? 0U : 1U;
        if (!result && result.error().message.empty()) {
            qFatal("an error without words");
        }
    };
    note(file.sources());
    note(file.alerts());
    note(file.rules());
    note(file.verdicts());
    note(file.notes());
    note(file.problems(SourceNumber(0)));
    note(file.integrityCheck());
    const auto snapshot = file.snapshot();
    note(snapshot);
    if (!snapshot) {
        return failures;
    }
    for (std::uint32_t segment = 0; segment < (*snapshot)->segments().size(); ++segment) {
        for (std::uint32_t field = 0; field < (*snapshot)->fields().size(); ++field) {
            note((*snapshot)->column(SegmentNumber(segment), FieldId(field)));
            note((*snapshot)->times(SegmentNumber(segment), FieldId(field)));
        }
    }
    const std::uint32_t step = std::max(1U, (*snapshot)->eventCount() / 20);
    for (std::uint64_t event = 0; event < (*snapshot)->eventCount(); event += step) {
        const EventNumber number(static_cast<std::uint32_t>(event));
        note((*snapshot)->document(number));
        note((*snapshot)->identity(number));
        note((*snapshot)->origin(number));
    }
    return failures;
}

void execute(const fs::path& path, const char* sql)
{
    sqlite3* database = nullptr;
    sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READWRITE, nullptr);
    char* message = nullptr;
    if (sqlite3_exec(database, sql, nullptr, nullptr, &message) != SQLITE_OK) {
        qFatal("%s", message);
    }
    sqlite3_close(database);
}

std::string openError(const fs::path& path, Access access = Access::ReadWrite)
{
    const auto file = CaseFile::open(path, {.access = access});
    return file ? "opened" : file.error().code;
}

/// Appends until it fails. 0: it failed with @p code and the case is whole.
int fillUp(const fs::path& path, const std::string& code, bool isFilling)
{
    auto file = CaseFile::create(path);
    if (isFilling && !(*file)->beginFilling()) {
        return 1;
    }
    const auto source = (*file)->beginSource(sampleSource("a"));
    for (std::uint64_t segment = 0; segment < 1000; ++segment) {
        const auto packed = packSegment(sampleSegment(segment * 500, 500));
        const auto appended =
            (*file)->appendSegment(*source, *packed, sampleProgress((segment + 1) * 500));
        if (appended) {
            continue;
        }
        const auto snapshot = (*file)->snapshot();
        const bool consistent =
            snapshot && (*snapshot)->eventCount() == segment * 500
            && (*file)->sources().value()[0].progress.recordsRead == segment * 500;
        return appended.error().code != code ? 2 : consistent ? 0 : 3;
    }
    return 4;
}

} // namespace

class TestCaseFaults : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void killedWriterLosesAtMostTheOpenSegment();
    void fullDiskIsAnErrorAndNothingIsLost_data() { withAndWithoutFilling(); }
    void fullDiskIsAnErrorAndNothingIsLost();
    void failingWritesAreAnErrorAndNothingIsLost_data() { withAndWithoutFilling(); }
    void failingWritesAreAnErrorAndNothingIsLost();
    void readOnlyFolder();
    void lockedByAnotherProcess();
    void lockedByAnotherProgram();
    void notACase_data();
    void notACase();
    void newerVersionIsRefused();
    void doctoredSchemaIsRefused_data();
    void doctoredSchemaIsRefused();
    void truncatedFiles();
    void flippedBits();
    void hostileRows_data();
    void hostileRows();
    void migratesAfterABackup();
    void failedMigrationChangesNothing();

private:
    static void withAndWithoutFilling();
    [[nodiscard]] bool makeCase(std::uint32_t segments, std::uint32_t perSegment) const;

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_path;
};

void TestCaseFaults::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = fs::path(m_folder->path().toStdString()) / "case.sequela";
}

bool TestCaseFaults::makeCase(std::uint32_t segments, std::uint32_t perSegment) const
{
    auto file = CaseFile::create(m_path);
    return file && importSample(**file, "a", segments, perSegment) && (*file)->close();
}

void TestCaseFaults::killedWriterLosesAtMostTheOpenSegment()
{
    constexpr std::uint32_t perSegment = 64;
    std::mt19937 random(std::random_device{}());
    std::uint64_t most = 0;
    for (int round = 0; round < 12; ++round) {
        fs::remove(m_path);
        fs::remove(m_path.string() + "-journal");
        const bool isFilling = round % 2 == 1;
        int ends[2] = {};
        QCOMPARE(pipe(ends), 0);
        Child child([&] {
            auto file = CaseFile::create(m_path);
            if (isFilling && !(*file)->beginFilling()) {
                return 1;
            }
            const auto source = (*file)->beginSource(sampleSource("a"));
            for (std::uint64_t segment = 0; segment < 100'000; ++segment) {
                const auto packed = packSegment(sampleSegment(segment * perSegment, perSegment));
                if (!(*file)->appendSegment(*source, *packed,
                                            sampleProgress((segment + 1) * perSegment))) {
                    return 1;
                }
                // Told only when the call has returned: from here on it must not be lost.
                const std::uint64_t durable = segment + 1;
                (void)!write(ends[1], &durable, sizeof durable);
            }
            return 0;
        });
        ::close(ends[1]);
        std::this_thread::sleep_for(std::chrono::microseconds(20'000 + random() % 250'000));
        child.kill();
        (void)child.wait();
        std::uint64_t durable = 0;
        std::uint64_t next = 0;
        while (::read(ends[0], &next, sizeof next) == sizeof next) {
            durable = next;
        }
        ::close(ends[0]);
        if (durable == 0) {
            continue;
        }
        most = std::max(most, durable);
        {
            // Somebody may look at it before anybody writes again.
            const auto reader = CaseFile::open(m_path, {.access = Access::ReadOnly});
            VERIFY_OK(reader);
            const auto snapshot = (*reader)->snapshot();
            VERIFY_OK(snapshot);
            QVERIFY((*snapshot)->eventCount() >= durable * perSegment);
            QCOMPARE((*snapshot)->eventCount() % perSegment, std::uint32_t{0});
        }
        auto file = CaseFile::open(m_path);
        VERIFY_OK(file);
        const auto source = (*file)->findSource(sampleSource("a").key);
        VERIFY_OK(source);
        QVERIFY(source->has_value());
        const std::uint64_t read = (*source)->progress.recordsRead;
        QVERIFY(read >= durable * perSegment);
        QVERIFY(read <= (durable + 1) * perSegment);
        QCOMPARE(read % perSegment, std::uint64_t{0});
        QCOMPARE((*source)->eventCount, read);
        QCOMPARE((*file)->integrityCheck().value().size(), std::size_t{0});
        // Going on from there gives every record once.
        VERIFY_OK((*file)->resumeSource((*source)->number));
        VERIFY_OK((*file)->appendSegment((*source)->number,
                                         *packSegment(sampleSegment(read, perSegment)),
                                         sampleProgress(read + perSegment)));
        const auto snapshot = (*file)->snapshot();
        VERIFY_OK(snapshot);
        QCOMPARE((*snapshot)->eventCount(), static_cast<std::uint32_t>(read + perSegment));
        for (std::uint32_t event = 0; event < (*snapshot)->eventCount(); event += 37) {
            QCOMPARE((*snapshot)->origin(EventNumber(event)).value().record, std::uint64_t{event});
        }
        VERIFY_OK((*file)->close());
        QVERIFY(!fs::exists(m_path.string() + "-wal"));
    }
    QVERIFY2(most > 1, "no round got past its first segment");
}

void TestCaseFaults::withAndWithoutFilling()
{
    QTest::addColumn<bool>("isFilling");
    QTest::newRow("write-ahead log") << false;
    QTest::newRow("filling") << true;
}

void TestCaseFaults::fullDiskIsAnErrorAndNothingIsLost()
{
    QFETCH(bool, isFilling);
    const fs::path folder = m_path.parent_path();
    Child child([&] {
        // A file system of our own, two megabytes large, that only this process sees.
        if ((unshare(CLONE_NEWNS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
            || mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0
            || mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=2M") != 0) {
            return 77;
        }
        const int outcome = fillUp(m_path, "case-disk-full", isFilling);
        if (outcome != 0) {
            return outcome;
        }
        auto file = CaseFile::open(m_path);
        // Even opening may want room; reading must not.
        file = file ? std::move(file) : CaseFile::open(m_path, {.access = Access::ReadOnly});
        return !file ? 5 : (*file)->integrityCheck().value().empty() ? 0 : 6;
    });
    const int outcome = child.wait();
    if (outcome == 77) {
        QSKIP("no file system of our own can be mounted here");
    }
    QCOMPARE(outcome, 0);
}

void TestCaseFaults::failingWritesAreAnErrorAndNothingIsLost()
{
    QFETCH(bool, isFilling);
    Child child([&] {
        // Past this size the kernel refuses every write.
        const rlimit limit{2'000'000, 2'000'000};
        setrlimit(RLIMIT_FSIZE, &limit);
        std::signal(SIGXFSZ, SIG_IGN);
        return fillUp(m_path, "case-io", isFilling);
    });
    QCOMPARE(child.wait(), 0);
    auto file = CaseFile::open(m_path);
    VERIFY_OK(file);
    QCOMPARE((*file)->integrityCheck().value().size(), std::size_t{0});
    const std::uint64_t read = (*file)->sources().value()[0].progress.recordsRead;
    QVERIFY(read >= 500);
    QCOMPARE((*file)->snapshot().value()->eventCount(), static_cast<std::uint32_t>(read));
    VERIFY_OK((*file)->appendSegment(SourceNumber(0), *packSegment(sampleSegment(read, 500)),
                                     sampleProgress(read + 500)));
}

void TestCaseFaults::readOnlyFolder()
{
    QVERIFY(makeCase(2, 100));
    const fs::path folder = m_path.parent_path();
    fs::permissions(folder, fs::perms(0555));
    fs::permissions(m_path, fs::perms(0444));
    Child child([&] {
        // Nothing is read-only for root.
        if (geteuid() == 0 && seteuid(65'534) != 0) {
            return 77;
        }
        if (openError(m_path) != "case-read-only") {
            return 1;
        }
        auto file = CaseFile::open(m_path, {.access = Access::ReadOnly});
        if (!file || readAll(**file) != 0) {
            return 2;
        }
        if ((*file)->saveLayout("a", "1").error().code != "case-read-only") {
            return 3;
        }
        const auto created = CaseFile::create(folder / "new.sequela");
        return created || created.error().code != "case-read-only" ? 4 : 0;
    });
    const int outcome = child.wait();
    fs::permissions(folder, fs::perms(0755));
    if (outcome == 77) {
        QSKIP("cannot give up the rights of root here");
    }
    QCOMPARE(outcome, 0);
}

void TestCaseFaults::lockedByAnotherProcess()
{
    QVERIFY(makeCase(1, 50));
    int ready[2] = {};
    QCOMPARE(pipe(ready), 0);
    Child child([&] {
        auto file = CaseFile::open(m_path);
        (void)(*file)->saveLayout("a", "1");
        (void)!write(ready[1], "x", 1);
        pause();
        return 0;
    });
    char byte = 0;
    QCOMPARE(::read(ready[0], &byte, 1), ssize_t{1});
    QCOMPARE(openError(m_path), std::string("case-locked"));
    // Reading beside a writer is fine, and sees what it wrote.
    {
        auto reader = CaseFile::open(m_path, {.access = Access::ReadOnly});
        VERIFY_OK(reader);
        QCOMPARE(readAll(**reader), std::size_t{0});
        QCOMPARE((*reader)->layout("a").value().value_or("-"), std::string("1"));
    }
    child.kill();
    (void)child.wait();
    ::close(ready[0]);
    ::close(ready[1]);
    QCOMPARE(openError(m_path), std::string("opened"));
}

void TestCaseFaults::lockedByAnotherProgram()
{
    QVERIFY(makeCase(1, 50));
    sqlite3* database = nullptr;
    QCOMPARE(sqlite3_open_v2(m_path.c_str(), &database, SQLITE_OPEN_READWRITE, nullptr), SQLITE_OK);
    QCOMPARE(sqlite3_exec(database, "BEGIN EXCLUSIVE", nullptr, nullptr, nullptr), SQLITE_OK);
    QCOMPARE(openError(m_path), std::string("case-locked"));
    sqlite3_close(database);
    QCOMPARE(openError(m_path), std::string("opened"));
}

void TestCaseFaults::notACase_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("code");
    QTest::newRow("empty") << QByteArray() << "case-not-a-case";
    QTest::newRow("events") << QByteArray("{\"event\":{\"id\":1}}\n").repeated(500)
                            << "case-not-a-case";
    QTest::newRow("zeros") << QByteArray(20'000, '\0') << "case-not-a-case";
    QTest::newRow("a header and nothing more")
        << QByteArray("SQLite format 3\0\x10\0\x01\x01\0\x40\x20\x20", 24) << "case-not-a-case";
}

void TestCaseFaults::notACase()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, code);
    writeFile(m_path, bytes.toStdString());
    for (const Access access : {Access::ReadWrite, Access::ReadOnly}) {
        QCOMPARE(openError(m_path, access), code.toStdString());
        QCOMPARE(readFile(m_path), bytes.toStdString());
        QCOMPARE(openError(m_path.parent_path(), access), std::string("case-not-a-case"));
        QCOMPARE(openError(m_path.parent_path() / "absent", access), std::string("case-missing"));
    }
    QCOMPARE(CaseFile::create(m_path).error().code, std::string("case-exists"));
    QCOMPARE(CaseFile::create(m_path.parent_path() / "no/such/folder").error().code,
             std::string("case-missing"));
    fs::remove(m_path);
    sqlite3* database = nullptr;
    sqlite3_open(m_path.c_str(), &database);
    sqlite3_exec(database, "CREATE TABLE event(x)", nullptr, nullptr, nullptr);
    sqlite3_close(database);
    QCOMPARE(openError(m_path), std::string("case-not-a-case"));
}

void TestCaseFaults::newerVersionIsRefused()
{
    QVERIFY(makeCase(1, 50));
    execute(m_path, "PRAGMA user_version=99");
    const std::string before = readFile(m_path);
    for (const Access access : {Access::ReadWrite, Access::ReadOnly}) {
        const auto file = CaseFile::open(m_path, {.access = access});
        QVERIFY(!file);
        QCOMPARE(file.error().code, std::string("case-newer"));
        QCOMPARE(file.error().file, m_path.string());
        QVERIFY(file.error().message.find("99") != std::string::npos);
    }
    QVERIFY(readFile(m_path) == before);
}

void TestCaseFaults::doctoredSchemaIsRefused_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::addColumn<QString>("outcome");
    QTest::newRow("trigger") << QByteArray(
        "CREATE TRIGGER t AFTER INSERT ON note BEGIN DELETE FROM alert; END")
                             << "case-damaged";
    QTest::newRow("endless view in a table's place")
        << QByteArray("DROP TABLE field; CREATE VIEW field AS WITH RECURSIVE n(i) AS (SELECT 0 "
                      "UNION ALL SELECT i + 1 FROM n) SELECT i AS field_no, 'f' AS name, 0 AS "
                      "event_count, 0 AS list_count, 0 AS string_count, 0 AS integer_count, 0 AS "
                      "fraction_count, 0 AS boolean_count, 0 AS derived_count FROM n")
        << "case-damaged";
    QTest::newRow("missing table") << QByteArray("DROP TABLE document_block") << "case-damaged";
    QTest::newRow("other columns")
        << QByteArray("ALTER TABLE note ADD COLUMN more TEXT") << "case-damaged";
    QTest::newRow("a table of one's own") << QByteArray("CREATE TABLE mine(x)") << "opened";
}

void TestCaseFaults::doctoredSchemaIsRefused()
{
    QFETCH(QByteArray, sql);
    QFETCH(QString, outcome);
    QVERIFY(makeCase(1, 50));
    execute(m_path, sql.constData());
    QCOMPARE(openError(m_path), outcome.toStdString());
    QCOMPARE(openError(m_path, Access::ReadOnly), outcome.toStdString());
}

void TestCaseFaults::truncatedFiles()
{
    QVERIFY(makeCase(4, 200));
    const std::string whole = readFile(m_path);
    const fs::path damaged = m_path.parent_path() / "damaged.sequela";
    std::size_t noticed = 0;
    std::size_t rounds = 0;
    for (std::size_t size = 0; size < whole.size(); size += 1 + whole.size() / 60) {
        writeFile(damaged, std::string_view(whole).substr(0, size));
        ++rounds;
        for (const Access access : {Access::ReadOnly, Access::ReadWrite}) {
            auto file = CaseFile::open(damaged, {.access = access});
            if (!file) {
                QVERIFY(!file.error().message.empty());
                noticed += access == Access::ReadOnly ? 1U : 0U;
                continue;
            }
            const auto findings = (*file)->integrityCheck();
            const bool found = !findings || !findings->empty();
            noticed += access == Access::ReadOnly && (readAll(**file) > 0 || found) ? 1U : 0U;
        }
    }
    QCOMPARE(noticed, rounds);
}

void TestCaseFaults::flippedBits()
{
    QVERIFY(makeCase(3, 100));
    const std::string whole = readFile(m_path);
    const fs::path damaged = m_path.parent_path() / "damaged.sequela";
    std::mt19937 random(99); // NOLINT(cert-msc51-cpp): repeatable on purpose
    std::size_t noticed = 0;
    for (int round = 0; round < 240; ++round) {
        std::string bytes = whole;
        // The first pages hold what steers everything else.
        const std::size_t range = round % 2 == 0 ? std::size_t{16'384} : bytes.size();
        for (int flip = 0; flip < 1 + round % 4; ++flip) {
            const std::size_t bit = random() % (range * 8);
            bytes[bit / 8] =
                static_cast<char>(static_cast<unsigned char>(bytes[bit / 8]) ^ (1U << (bit % 8)));
        }
        writeFile(damaged, bytes);
        auto file = CaseFile::open(
            damaged, {.access = round % 3 == 0 ? Access::ReadWrite : Access::ReadOnly});
        if (!file) {
            QVERIFY(!file.error().message.empty());
            ++noticed;
            continue;
        }
        noticed += readAll(**file) > 0 ? 1U : 0U;
        if (!(*file)->isReadOnly()) {
            (void)importSample(**file, "b", 1, 20);
        }
    }
    QVERIFY(noticed > 0);
}

void TestCaseFaults::hostileRows_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::newRow("huge segment") << QByteArray("UPDATE segment SET event_count = 4000000000");
    QTest::newRow("negative count") << QByteArray("UPDATE segment SET event_count = -1");
    QTest::newRow("gap") << QByteArray("UPDATE segment SET first_event = first_event + 1");
    QTest::newRow("no such source") << QByteArray("UPDATE segment SET source_no = 77");
    QTest::newRow("text for a number") << QByteArray("UPDATE segment SET event_count = 'many'");
    QTest::newRow("fields out of order")
        << QByteArray("UPDATE field SET field_no = 4000000000 WHERE field_no = 2");
    QTest::newRow("sources out of order") << QByteArray("UPDATE source SET source_no = 5");
    QTest::newRow("no blob") << QByteArray("UPDATE column_segment SET data = ''");
    QTest::newRow("number for a blob") << QByteArray("UPDATE column_segment SET data = 17");
    QTest::newRow("zeros") << QByteArray(
        "UPDATE document_block SET data = zeroblob(1000); UPDATE segment SET positions = "
        "zeroblob(40)");
    QTest::newRow("documents gone") << QByteArray("DELETE FROM document_block");
    QTest::newRow("columns swapped") << QByteArray(
        "UPDATE column_segment SET segment_no = 1 - segment_no WHERE field_no = 900; UPDATE "
        "document_block SET document_count = 4000000000");
    QTest::newRow("rows gone") << QByteArray("DELETE FROM event WHERE event_no > 3");
    QTest::newRow("circle of tails")
        << QByteArray("UPDATE source SET continues = 0; UPDATE segment SET positions = x'00'");
}

void TestCaseFaults::hostileRows()
{
    QFETCH(QByteArray, sql);
    QVERIFY(makeCase(2, 100));
    execute(m_path, sql.constData());
    for (const Access access : {Access::ReadOnly, Access::ReadWrite}) {
        auto file = CaseFile::open(m_path, {.access = access});
        if (!file) {
            QCOMPARE(file.error().code, std::string("case-damaged"));
            continue;
        }
        const std::size_t failures = readAll(**file);
        const auto findings = (*file)->integrityCheck();
        VERIFY_OK(findings);
        QVERIFY(failures > 0 || !findings->empty());
    }
}

void TestCaseFaults::migratesAfterABackup()
{
    QVERIFY(makeCase(1, 50));
    auto connection = Connection::open(m_path, Connection::Mode::ReadWrite);
    VERIFY_OK(connection);
    const Migration steps[] = {{1, "CREATE TABLE second(x); INSERT INTO second VALUES(2)"},
                               {2, "INSERT INTO second VALUES(3)"}};
    const auto backup = migrateCase(**connection, m_path, steps, 3);
    VERIFY_OK(backup);
    QCOMPARE((*connection)->integer("PRAGMA user_version").value(), std::int64_t{3});
    QCOMPARE((*connection)->integer("SELECT sum(x) FROM second").value(), std::int64_t{5});
    QCOMPARE(backup->filename().string(), std::string("case.sequela.v1.backup"));
    VERIFY_OK((*connection)->close());
    QCOMPARE(openError(m_path), std::string("case-newer"));
    auto old = CaseFile::open(*backup);
    VERIFY_OK(old);
    QCOMPARE(readAll(**old), std::size_t{0});
    QCOMPARE((*old)->snapshot().value()->eventCount(), 50U);
}

void TestCaseFaults::failedMigrationChangesNothing()
{
    QVERIFY(makeCase(1, 50));
    {
        auto connection = Connection::open(m_path, Connection::Mode::ReadWrite);
        VERIFY_OK(connection);
        const Migration broken[] = {{1, "DROP TABLE note"}, {2, "INSERT INTO absent VALUES(3)"}};
        QVERIFY(!migrateCase(**connection, m_path, broken, 3));
        QVERIFY(!migrateCase(**connection, m_path, {}, 2));
    }
    auto file = CaseFile::open(m_path);
    VERIFY_OK(file);
    QCOMPARE(readAll(**file), std::size_t{0});
    QVERIFY(fs::exists(m_path.string() + ".v1.backup"));
    QVERIFY(fs::exists(m_path.string() + ".v1.backup-2"));
}

QTEST_GUILESS_MAIN(TestCaseFaults)
#include "tst_case_faults.moc"
