#include "tests/app/program_run.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <functional>
#include <linux/capability.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <unistd.h>

using namespace sequela::tests;

/// The importer as a user meets it, on a machine that kills, refuses and fills up.
class TestCliFaults : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }
    void writeEvents(const QString& name, int count);
    [[nodiscard]] qint64 eventCount(const QString& caseFile);

private slots:
    void killedImportGoesOnWithoutLossOrRepetition();
    void folderWithoutPermission_data();
    void folderWithoutPermission();
    void fullDisk();
    void hostileDocuments_data();
    void hostileDocuments();
};

namespace {

/// One program run whose process is prepared first, as `prepare` says.
ProgramRun runPrepared(const QStringList& arguments, const std::function<void()>& prepare)
{
    QProcess process;
    process.setChildProcessModifier(prepare);
    process.start(QStringLiteral(SEQUELA_CLI), arguments);
    process.waitForFinished(60'000);
    if (process.exitStatus() != QProcess::NormalExit) {
        return {};
    }
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

constexpr int cannotPrepare = 77;

} // namespace

void TestCliFaults::writeEvents(const QString& name, int count)
{
    QByteArray text;
    for (int number = 0; number < count; ++number) {
        text += R"({"@timestamp":"2026-03-01T10:00:00.)" + QByteArray::number(100 + number % 900)
                + R"(Z","event":{"id":"e)" + QByteArray::number(number)
                + R"(","category":"process"},"process":{"pid":)" + QByteArray::number(number)
                + R"(,"command_line":"/usr/bin/true --number )"
                + QByteArray::number(number * 7919LL) + "\"}}\n";
    }
    QVERIFY(writeFile(path(name), text));
}

qint64 TestCliFaults::eventCount(const QString& caseFile)
{
    const ProgramRun run = runProgram({"query", "--eql", "any where true | tail 100000", "--case",
                                       caseFile, "--size", "100000", "--format", "ndjson"});
    return run.exitCode == 0 ? run.output.count('\n') : -1;
}

void TestCliFaults::killedImportGoesOnWithoutLossOrRepetition()
{
    constexpr int events = 60'000;
    writeEvents("many.ndjson", events);
    QRandomGenerator random(20261121);
    int killed = 0;
    for (int round = 0; round < 6; ++round) {
        const QString file = path(QStringLiteral("killed%1.sequela").arg(round));
        QProcess import;
        import.start(QStringLiteral(SEQUELA_CLI),
                     {"import", path("many.ndjson"), "--case", file, "--quiet"});
        QVERIFY(import.waitForStarted());
        if (!import.waitForFinished(static_cast<int>(random.bounded(20, 400)))) {
            ::kill(static_cast<pid_t>(import.processId()), SIGKILL);
            QVERIFY(import.waitForFinished());
            ++killed;
        }
        const ProgramRun again = runProgram({"import", path("many.ndjson"), "--case", file});
        QVERIFY2(again.exitCode == 0, again.errors.constData());
        QCOMPARE(eventCount(file), qint64{events});
    }
    QVERIFY2(killed > 0, "every import was over before it could be killed");
}

void TestCliFaults::folderWithoutPermission_data()
{
    QTest::addColumn<bool>("isFolder");
    QTest::newRow("folder") << true;
    QTest::newRow("file") << false;
}

void TestCliFaults::folderWithoutPermission()
{
    QFETCH(bool, isFolder);
    const QString locked = path(isFolder ? "locked" : "locked.ndjson");
    QVERIFY(isFolder ? QDir().mkpath(locked) : writeFile(locked, "{\"a\":1}\n"));
    QVERIFY(QFile::setPermissions(locked, QFile::Permissions()));
    const ProgramRun run = runPrepared({"import", locked, "--case", path("locked.sequela")}, [] {
        // What lets the superuser read everything; nobody else has it to lose.
        for (const int capability : {CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH}) {
            if (::geteuid() == 0 && ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) {
                ::_exit(cannotPrepare);
            }
        }
    });
    QFile::setPermissions(locked, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    if (run.exitCode == cannotPrepare) {
        QSKIP("cannot give up the rights of the superuser here");
    }
    QCOMPARE(run.exitCode, 3);
    const QByteArray all = run.output + run.errors;
    QVERIFY2(all.contains(locked.toUtf8()), all.constData());
    QVERIFY2(all.contains("Permission denied") && all.contains("permission"), all.constData());
}

void TestCliFaults::fullDisk()
{
    writeEvents("disk.ndjson", 60'000);
    const QString mounted = path("small");
    QVERIFY(QDir().mkpath(mounted));
    const QByteArray target = QFile::encodeName(mounted);
    const ProgramRun run = runPrepared(
        {"import", path("disk.ndjson"), "--case", mounted + "/full.sequela"}, [&target] {
            // A file system of three megabytes that only this process sees.
            if ((::unshare(CLONE_NEWNS) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
                || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0
                || ::mount("tmpfs", target, "tmpfs", 0, "size=3M") != 0) {
                ::_exit(cannotPrepare);
            }
        });
    if (run.exitCode == cannotPrepare) {
        QSKIP("no file system of our own can be mounted here");
    }
    QCOMPARE(run.exitCode, 4);
    QVERIFY2(run.errors.contains("full.sequela"), run.errors.constData());
    QVERIFY2(run.errors.contains("case-disk-full"), run.errors.constData());
}

void TestCliFaults::hostileDocuments_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("reason");
    QTest::addColumn<int>("events");
    const QByteArray deep =
        QByteArray("{\"a\":").repeated(10'000) + "1" + QByteArray("}").repeated(10'000);
    QTest::newRow("ten thousand deep") << deep + "\n" << QByteArray("nest") << 2;
    QTest::newRow("invalid UTF-8 is repaired, kept and said")
        << QByteArray("{\"user\":\"\xff\xfe\"}\n") << QByteArray("UTF-8") << 3;
    QTest::newRow("broken off") << QByteArray("{\"user\":\n") << QByteArray("hostile.ndjson:2:")
                                << 2;
    QTest::newRow("two hundred megabytes in a line")
        << "{\"a\":\"" + QByteArray(200'000'000, 'x') + "\"}\n"
        << QByteArray("200000008 bytes") << 2;
}

void TestCliFaults::hostileDocuments()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, reason);
    QFETCH(int, events);
    const QString evidence = path("hostile.ndjson");
    const QByteArray good(R"({"event":{"id":"good","category":"process"}})"
                          "\n");
    QVERIFY(writeFile(evidence, good + before + good));
    const QString file = path("hostile.sequela");
    QFile::remove(file);
    const ProgramRun run = runProgram({"import", evidence, "--case", file});
    const QByteArray all = run.output + run.errors;
    QVERIFY2(all.contains(reason), all.constData());
    QVERIFY2(all.contains("hostile.ndjson"), all.constData());
    QCOMPARE(eventCount(file), qint64{events});
    QFile::remove(evidence);
}

QTEST_GUILESS_MAIN(TestCliFaults)
#include "tst_cli_faults.moc"
