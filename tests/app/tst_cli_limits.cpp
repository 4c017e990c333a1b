#include "tests/app/program_run.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QtTest>

#include <sys/resource.h>

using sequela::tests::ProgramRun;
using sequela::tests::runProgram;
using sequela::tests::writeFile;

/// Queries at and beyond every bound through `check`, `eval` and `query` (--quiet --format json):
/// each ends, with the exit code that says what it was, well before runProgram gives up.
class TestCliLimits : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void queries_data();
    void queries();
    void expressions_data();
    void expressions();
    void staysSmall();

private:
    QTemporaryDir m_folder;
    QString m_events;
};

namespace {

constexpr int tenMegabytes = 10 * 1024 * 1024;

QByteArray list(const QByteArray& item, int count)
{
    return "(" + QByteArray(item + ",").repeated(count - 1) + item + ")";
}

QByteArray nested(const QByteArray& open, const QByteArray& inside, const QByteArray& close,
                  int depth)
{
    return open.repeated(depth) + inside + close.repeated(depth);
}

} // namespace

void TestCliLimits::initTestCase()
{
    QVERIFY(m_folder.isValid());
    m_events = m_folder.filePath("events.ndjson");
    QByteArray lines;
    for (int event = 0; event < 600; ++event) {
        lines += "{\"@timestamp\":" + QByteArray::number(1'700'000'000'000 + event)
                 + ",\"event.category\":\"process\",\"process.name\":\"aaaaaaaaaaaaaaaaaaaaaaaa\","
                   "\"process.pid\":1}\n";
    }
    QVERIFY(writeFile(m_events, lines));
}

void TestCliLimits::queries_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<int>("matches");
    const auto row = [](const char* name, const QByteArray& query, int exitCode, int matches) {
        QTest::newRow(name) << query << exitCode << matches;
    };
    row("a comment of 10 MB", "any where true /*" + QByteArray(tenMegabytes, 'x') + "*/", 0, 600);
    row("a text of 10 MB", "any where process.name == \"" + QByteArray(tenMegabytes, 'x') + '"', 0,
        0);
    row("a pattern of 2 MB",
        "any where process.name : \"" + QByteArray(tenMegabytes / 5, '*') + '"', 0, 600);
    row("10 MB of noise", QByteArray("(][!$\"").repeated(tenMegabytes / 6), 2, 0);
    row("beyond 16 MB", "any where true //" + QByteArray(17 * 1024 * 1024, 'x'), 2, 0);
    row("a list of 100,000 texts", "any where process.name in " + list("\"bbbbbbbb\"", 100'000), 0,
        0);
    row("a list of 100,000 patterns", "any where process.name : " + list("\"b*c?d\"", 100'000), 0,
        0);
    row("100,000 conditions",
        "any where false" + QByteArray(" or process.pid == 1").repeated(100'000), 0, 600);
    row("5,000 conditions with a remark on each",
        "any where true" + QByteArray(" or process.name == \"*x*\"").repeated(5'000), 0, 600);
    row("10 MB of escapes that are none",
        "any where a == \"" + QByteArray("\\q").repeated(tenMegabytes / 2) + '"', 2, 0);
    row("nesting at the limit", "any where " + nested("(", "true", ")", 250), 0, 600);
    row("nesting beyond the limit", "any where " + nested("(", "true", ")", 251), 2, 0);
    row("negations at the limit", "any where " + nested("not ", "true", "", 250), 0, 600);
    row("a regular expression that backtracks",
        "any where process.name regex \"(a*)*(a*)*(a*)*(a*)*b\"", 0, 0);
    row("a regular expression of a million states",
        "any where process.name regex \"((a{1000}){1000}){1000}\"", 2, 0);
    row("the complement of many states", "any where process.name regex \"~((a|b)*a(a|b){16})\"", 2,
        0);
    row("a regular expression of 10 MB",
        "any where process.name regex \"" + QByteArray("a*").repeated(tenMegabytes / 2) + '"', 2,
        0);
    row("a regular expression of large sets of states",
        "any where process.name regex \"~(((a?){1000}){16}x)\"", 2, 0);
    row("many complements",
        "any where false"
            + QByteArray(" or process.name regex \"~((a|b)*a(a|b){16})\"").repeated(50),
        2, 0);
    row("nested groups beyond the limit",
        "any where process.name regex \"" + nested("(", "a", ")", 201) + '"', 2, 0);
    row("256 slots",
        "sequence [any where true] with runs=100 [any where true] with runs=100 "
        "[any where true] with runs=56",
        0, 345);
    row("256 slots by key, with until",
        "sequence by process.pid with maxspan=1h [any where true] with runs=100 "
        "[any where true] with runs=100 [any where true] with runs=56 until [any where false]",
        0, 345);
    row("257 slots",
        "sequence [any where true] with runs=100 [any where true] with runs=100 "
        "[any where true] with runs=57",
        2, 0);
    row("a number of 1 MB", "any where process.pid == 1" + QByteArray(1'000'000, '0'), 2, 0);
}

void TestCliLimits::queries()
{
    QFETCH(QByteArray, query);
    QFETCH(int, exitCode);
    QFETCH(int, matches);
    const ProgramRun check =
        runProgram({"check", "--quiet", "--format", "json", "--eql", "-"}, query);
    QCOMPARE(check.exitCode, exitCode);
    QVERIFY(QJsonDocument::fromJson(check.output).isArray());
    const ProgramRun run = runProgram(
        {"query", m_events, "--quiet", "--format", "json", "--eql", "-", "--size", "1000"}, query);
    QCOMPARE(run.exitCode, exitCode);
    const QJsonDocument answer = QJsonDocument::fromJson(run.output);
    if (exitCode == 0) {
        QCOMPARE(answer["hits"]["total"]["value"].toInt(), matches);
    } else {
        QVERIFY(!answer.array().isEmpty());
        QVERIFY(!answer[0]["code"].toString().isEmpty());
    }
}

void TestCliLimits::expressions_data()
{
    QTest::addColumn<QByteArray>("expression");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QByteArray>("value");
    const auto row = [](const char* name, const QByteArray& expression, int exitCode,
                        const QByteArray& value) {
        QTest::newRow(name) << expression << exitCode << value;
    };
    row("length of 10 MB", "length(\"" + QByteArray(tenMegabytes, 'x') + "\")", 0, "10485760\n");
    row("10 MB of noise", QByteArray("(][!$\"").repeated(tenMegabytes / 6), 2, {});
    row("100,000 items", "1 in " + list("2", 100'000), 0, "false\n");
    row("100,000 texts", "length(concat" + list("\"ab\"", 100'000) + ")", 0, "200000\n");
    row("a sum at the limit", "1" + QByteArray(" + 1").repeated(999), 0, "1000\n");
    row("a sum beyond the limit", "1" + QByteArray(" + 1").repeated(1000), 2, {});
    row("nesting at the limit", nested("(", "1", ")", 250), 0, "1\n");
    row("nesting beyond the limit", nested("(", "1", ")", 251), 2, {});
    row("a pattern that backtracks",
        "\"" + QByteArray(100'000, 'a') + "\" : \"" + QByteArray("*a").repeated(1000) + "b\"", 0,
        "false\n");
    row("a regular expression that backtracks",
        "\"" + QByteArray(100'000, 'a') + "\" regex \"(a*)*(a*)*(a*)*b\"", 0, "false\n");
}

void TestCliLimits::expressions()
{
    QFETCH(QByteArray, expression);
    QFETCH(int, exitCode);
    QFETCH(QByteArray, value);
    const ProgramRun run = runProgram({"eval", "-"}, expression);
    QCOMPARE(run.exitCode, exitCode);
    if (exitCode == 0) {
        QCOMPARE(run.output, value);
    }
}

/// The most memory that any of the runs above took.
void TestCliLimits::staysSmall()
{
#if defined(__SANITIZE_ADDRESS__) || defined(__clang__)
    QSKIP("a sanitizer has its own memory");
#endif
    rusage used{};
    QCOMPARE(getrusage(RUSAGE_CHILDREN, &used), 0);
    constexpr long mostKilobytes = 600 * 1024;
    QVERIFY2(used.ru_maxrss < mostKilobytes, qPrintable(QString("%1 kB").arg(used.ru_maxrss)));
}

QTEST_GUILESS_MAIN(TestCliLimits)
#include "tst_cli_limits.moc"
