#include "core/base/text.h"
#include "core/eql/parser.h"
#include "tests/oracle/differential.h"
#include "tests/oracle/naive_evaluator.h"
#include "tests/oracle/naive_patterns.h"
#include "tests/oracle/random_data.h"
#include "tests/oracle/random_endpoint.h"
#include "tests/oracle/random_queries.h"
#include "tests/support/event_table.h"

#include <QDir>
#include <QElapsedTimer>
#include <QTest>

#include <fmt/format.h>

using namespace sequela;
using namespace sequela::oracle;

namespace {

/// A number from the environment, or what is usual.
std::uint64_t setting(const char* name, std::uint64_t usual)
{
    bool isNumber = false;
    const std::uint64_t value = qEnvironmentVariable(name).toULongLong(&isNumber);
    return isNumber ? value : usual;
}

/// Queries put to one set of events: enough to warm the caches, few enough to see much data.
constexpr std::uint64_t queriesPerData = 25;
/// Disagreements that are shrunk and printed; a broken operator makes thousands.
constexpr std::size_t reportedCases = 5;
/// A generator that is mostly refused tests nothing.
constexpr double refusedShare = 0.15;
/// How long ctest may take, whatever the number of pairs.
constexpr qint64 usualMilliseconds = 30'000;

std::string answer(const char* lines, const char* query)
{
    const NaiveData data{{"s", readNdjson(lines)}};
    const NaiveCatalog catalog("@timestamp\tdate\nk\tkeyword\nn\tlong\nip\tip\nv\tversion\n"
                               "flag\tboolean\nname\tkeyword\nargs\tkeyword\n",
                               data);
    const eql::ParsedQuery parsed = eql::parseQuery(query, eql::Dialect::Elasticsearch);
    std::string text = toText(run(parsed.query, data, catalog, {}));
    std::ranges::replace(text, '\n', ' ');
    return text;
}

} // namespace

class TestOracle : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sequences_data();
    void sequences();
    void conditions_data();
    void conditions();
    void constants_data();
    void constants();
    void regressions_data();
    void regressions();
    void constantsAgree();
    void queriesAgree_data();
    void queriesAgree();
};

void TestOracle::sequences_data()
{
    QTest::addColumn<QString>("stream");
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* stream, const char* query, const char* expected) {
        QTest::addRow("%s %s", stream, query)
            << QString(stream) << QString(query) << QString(expected);
    };
    const char* ab = "sequence [A where true] [B where true]";
    const char* abc = "sequence [A where true] [B where true] [C where true]";
    const char* ab5s = "sequence with maxspan=5s [A where true] [B where true]";
    const char* untilU = "sequence by k [A where true] [B where true] until [U where true]";
    row("A1 A2 B3", ab, "[2 3] ");
    row("A1 B2 A3 C4 B5 C6", abc, "[1 2 4] [3 5 6] ");
    row("A1 B2 B3 C4", abc, "[1 2 4] ");
    row("A1 B2 A3 B4 C5", abc, "[3 4 5] ");
    row("A1 A2 A3 A4", "sequence [A where true] with runs=3", "[1 2 3] [2 3 4] ");
    row("A1000 B6000", ab5s, "[1 2] ");
    row("A1000 B6001", ab5s, "");
    row("A1 A2 B7500 B8000", ab5s, "");
    row("A1000 B1000", ab, "[1 2] ");
    row("B1000 A1000", ab, "");
    row("A1/x U2/x A3/x B4/x", untilU, "[3 4] \"x\" ");
    row("A1 B2", "sequence by k [A where true] [B where true]", "");
    row("A1 B2", "sequence by ?k [A where true] [B where true]", "[1 2] null ");
    // 8.1, 8.4, 8.6, 9.
    row("A1/x|y B2/x B3/y", "sequence by k [A where true] [B where true]",
        "[1 2] \"x\" [1 3] \"y\" ");
    row("A1/x BU2/x", untilU, "[1 2] \"x\" ");
    row("AU1/x B2/x", untilU, "");
    row("A1 C3", "sequence with maxspan=5s [A where true] ![B where true] [C where true]",
        "[1 - 2] ");
    row("A1 B2 C3", "sequence with maxspan=5s [A where true] ![B where true] [C where true]", "");
    row("B1000 A2000 C6000",
        "sequence with maxspan=5s ![B where true] [A where true] [C where true]", "");
    row("B1000 A2000 C6001",
        "sequence with maxspan=5s ![B where true] [A where true] [C where true]", "[- 2 3] ");
    row("A1000 C2000 B6001",
        "sequence with maxspan=5s [A where true] [C where true] ![B where true]", "[1 2 -] ");
    row("A1000 C2000 B6000",
        "sequence with maxspan=5s [A where true] [C where true] ![B where true]", "");
    row("AB1/x A2/x", "sample by k [A where true] [B where true]", "[2 1] \"x\" ");
    row("A1/b B2/b A3/a B4/a", "sample by k [A where true] [B where true]",
        "[3 4] \"a\" [1 2] \"b\" ");
    row("A1 A2 A3 A4 A5", "A where true | head 4 | tail 2", "[3] [4] ");
    row("A3 A1 A2", "A where true", "[2] [3] [1] ");
}

void TestOracle::sequences()
{
    QFETCH(QString, stream);
    QFETCH(QString, query);
    QFETCH(QString, expected);
    const std::string lines = tests::eventStream(stream.toStdString());
    QCOMPARE(QString::fromStdString(answer(lines.c_str(), query.toUtf8().constData())), expected);
}

void TestOracle::conditions_data()
{
    QTest::addColumn<QString>("event");
    QTest::addColumn<QString>("condition");
    QTest::addColumn<bool>("expected");
    const auto row = [](const char* event, const char* condition, bool expected) {
        QTest::addRow("%s: %s", event, condition)
            << QString::fromUtf8(event) << QString::fromUtf8(condition) << expected;
    };
    // 3.2.
    for (const char* event : {R"({})", R"({"n":null})", R"({"n":[]})", R"({"n":[null]})"}) {
        row(event, "n == null", true);
        row(event, "n != null", false);
        row(event, "not (n > -1)", true);
        row(event, "n != 0", true);
        row(event, "n == 0", false);
    }
    row("{}", "not name : \"x\"", true);
    row("{}", "?nope == 1", false);
    row("{}", "?nope != 1", true);
    row("{}", "?nope == null", true);
    row("{}", "?nope == ?other", true);
    row("{}", "?nope : \"x\"", false);
    row("{}", "not ?nope : \"x\"", false);
    row("{}", "not ?nope > 1", false);
    row("{}", "flag == false", false);
    row("{}", "flag != true", true);
    row("{}", "startsWith(name, \"a\") == false", true);
    row("{}", "(n > 1) != true", true);
    row("{}", "(n > 1) == null", true);
    // 3.4.
    const char* args = R"({"args":["a","-x"],"n":[1,7],"name":["xa","b"],"k":["a","q"]})";
    row(args, "args != \"-x\"", false);
    row(args, "args != \"-y\"", true);
    row(args, "args : \"a\" and args : \"-X\"", true);
    row(args, "args not in (\"a\")", false);
    row(args, "length(args) > 1", true);
    row(args, "length(args) > 2", false);
    row(args, "not length(args) > 2", true);
    row(args, "endsWith(name, k)", true);
    row(args, "n > 5 and n < 3", true);
    row(args, "n == null", false);
    // 4, 4.1, 5.
    row(R"({"name":"a*b"})", "name == \"a*\"", false);
    row(R"({"name":"a*b"})", "name : \"A*\"", true);
    row(R"({"name":"a*b"})", "name like \"A*\"", false);
    row(R"({"name":"a*b"})", "name in~ (\"A*B\")", true);
    row(R"({"name":"a*b"})", "name in~ (\"A*\")", false);
    row(R"({"name":"ab"})", "name like \"a?b\"", false);
    row(R"({"name":"ab"})", "name regex \"a\"", false);
    row(R"({"name":"ab"})", "name regex~ \"A.\"", true);
    row(R"({"ip":"::1"})", "ip == \"0:0:0:0:0:0:0:1\"", true);
    row(R"({"ip":"::ffff:1.2.3.4"})", "ip == \"1.2.3.4\"", true);
    row(R"({"ip":"1.2.3.4"})", "ip == \"1.0.0.0/8\"", true);
    row(R"({"ip":"10.1.2.3"})", "cidrMatch(ip, \"10.6.48.157/8\")", true);
    row(R"({"ip":"fe90::1"})", "cidrMatch(ip, \"FE80::/10\")", true);
    row(R"({"ip":"::1"})", "cidrMatch(ip, \"0.0.0.0/0\")", false);
    row(R"({"ip":"::1"})", "cidrMatch(ip, \"::1\")", true);
    row("{}", "not cidrMatch(ip, \"::1\")", true);
    row(R"({"v":"1.10.0"})", "v > \"1.9.0\"", true);
    row(R"({"v":"abc"})", "v > \"99.0.0\"", true);
    row(R"({"@timestamp":"2024-01-01T00:00:00Z"})", "@timestamp == 1704067200000", true);
}

void TestOracle::conditions()
{
    QFETCH(QString, event);
    QFETCH(QString, condition);
    QFETCH(bool, expected);
    const std::string query = "any where " + condition.toStdString();
    QCOMPARE(!answer(event.toUtf8().constData(), query.c_str()).empty(), expected);
}

void TestOracle::constants_data()
{
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* expression, const char* expected) {
        QTest::newRow(expression) << QString::fromUtf8(expected);
    };
    row("not null", "null");
    row("null == null", "true");
    row("null == 1", "false");
    row("null < 1", "null");
    row("7 / 3", "2");
    row("-7 % 3", "-1");
    row("7 / 3.0", "2.3333333333333335");
    row("1 / 0", "error");
    row("add(1, 2)", "3");
    row("modulo(10, -6)", "4");
    row("modulo(-10, -6)", "-4");
    row("modulo(10, 0.5)", "0.0");
    row("between(\"a-b-c\", \"a\", \"-\")", "\"\"");
    row("between(\"a<b>c>\", \"<\", \">\")", "\"b\"");
    row("between(\"a<b>c>\", \"<\", \">\", true)", "\"b>c\"");
    row("between(\"abc\", \"x\", \"c\")", "\"\"");
    row("between(\"abc\", \"\", \"c\")", "\"abc\"");
    row("between~(\"aXBxC\", \"x\", \"X\")", "\"B\"");
    row("concat(\"a\", 1, true, 42.5)", "\"a1true42.5\"");
    row("concat(\"a\", null)", "null");
    row("endsWith(\"abc\", \"\")", "true");
    row("startsWith~(\"ABC\", \"ab\")", "true");
    row("startsWith(null, \"a\")", "null");
    row("indexOf(\"abcab\", \"b\")", "1");
    row("indexOf(\"abcab\", \"b\", 2)", "4");
    row("indexOf(\"abc\", \"b\", -5)", "1");
    row("indexOf(\"abc\", \"b\", null)", "1");
    row("indexOf(\"abc\", \"x\")", "null");
    row("indexOf(\"abc\", \"\", 2)", "2");
    row("indexOf(\"abc\", \"c\", 9)", "null");
    row("length(\"日本\")", "2");
    row("length(null)", "null");
    row("number(\"0x1f\")", "31");
    row("number(\"1f\", 16)", "31");
    row("number(\"1.5\")", "1.5");
    row("number(\"-7\", null)", "-7");
    row("number(\"x\")", "error");
    row("string(7.0)", "\"7.0\"");
    row("stringContains(\"abc\", \"\")", "false");
    row("stringContains~(\"aBc\", \"bC\")", "true");
    row("substring(\"abcdef\", 1, 3)", "\"bc\"");
    row("substring(\"abcdef\", -2)", "\"ef\"");
    row("substring(\"abcdef\", 4, 2)", "\"\"");
    row("substring(\"abcdef\", null)", "\"abcdef\"");
    row("substring(\"abcdef\", null, 2)", "\"abcdef\"");
}

void TestOracle::constants()
{
    QFETCH(QString, expected);
    const std::string text = QTest::currentDataTag();
    const eql::ParsedExpression parsed = eql::parseExpression(text, eql::Dialect::Elasticsearch);
    const NaiveCatalog nothing("", {});
    const auto value = NaiveEvaluator(nothing).constant(*parsed.expression);
    QCOMPARE(value ? QString::fromStdString(jsonOf(*value)) : QString("error"), expected);
}

void TestOracle::regressions_data()
{
    QTest::addColumn<QString>("path");
    const QDir folder(SEQUELA_SOURCE_DIR "/tests/oracle/regressions");
    const QStringList files = folder.entryList({"*.txt"}, QDir::Files, QDir::Name);
    QVERIFY2(!files.isEmpty(), qPrintable(folder.path()));
    for (const QString& file : files) {
        QTest::newRow(qPrintable(file)) << folder.filePath(file);
    }
}

void TestOracle::regressions()
{
    QFETCH(QString, path);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const Case one = readCase(file.readAll().toStdString());
    const Comparison comparison = compare(one);
    QVERIFY2(comparison.verdict == Verdict::Same, report(one, comparison).c_str());
}

void TestOracle::constantsAgree()
{
    RandomSource random(setting("SEQUELA_ORACLE_SEED", 1));
    std::string disagreements;
    std::size_t reported = 0;
    for (std::uint64_t i = setting("SEQUELA_ORACLE_PAIRS", 3'000); i > 0; --i) {
        const std::string difference = compareConstant(randomConstant(random));
        if (!difference.empty() && reported < reportedCases) {
            disagreements += difference + '\n';
            ++reported;
        }
    }
    QVERIFY2(disagreements.empty(), disagreements.c_str());
}

void TestOracle::queriesAgree_data()
{
    QTest::addColumn<bool>("endpoint");
    QTest::newRow("elasticsearch") << false;
    QTest::newRow("endpoint") << true;
}

void TestOracle::queriesAgree()
{
    QFETCH(bool, endpoint);
    const std::uint64_t seed = setting("SEQUELA_ORACLE_SEED", 1);
    const bool isBounded = !qEnvironmentVariableIsSet("SEQUELA_ORACLE_PAIRS");
    const std::uint64_t wanted = setting("SEQUELA_ORACLE_PAIRS", 3'000);
    QElapsedTimer timer;
    timer.start();
    RandomSource random(seed);
    std::uint64_t pairs = 0;
    std::uint64_t refused = 0;
    std::uint64_t withMatches = 0;
    std::size_t reported = 0;
    std::string refusals;
    while (pairs < wanted && reported < reportedCases
           && !(isBounded && timer.elapsed() > usualMilliseconds)) {
        const LoadedData loaded(randomData(random));
        for (std::uint64_t i = 0; i < queriesPerData && pairs < wanted; ++i, ++pairs) {
            const Case one = endpoint
                                 ? Case{loaded.data(), randomEndpointQuery(random),
                                        randomEndpointOptions(random)}
                                 : Case{loaded.data(), randomQuery(random), randomOptions(random)};
            const Comparison comparison =
                loaded.compare(one.query, one.options, random.oneIn(queriesPerData));
            withMatches += comparison.matchCount > 0 ? 1 : 0;
            if (comparison.verdict == Verdict::Rejected) {
                ++refused;
                if (refused <= 20) {
                    refusals += one.query + '\n' + comparison.actual;
                }
            } else if (comparison.verdict == Verdict::Different && reported < reportedCases) {
                ++reported;
                const bool isCold = compare(one).verdict == Verdict::Different;
                const Case small = isCold ? shrink(one) : one;
                fmt::print(stderr, "seed {}, pair {}{}\nas found: {}\n{}\n", seed, pairs,
                           isCold ? "" : ", only with warm caches", one.query,
                           report(small, isCold ? compare(small) : comparison));
            }
        }
    }
    const std::string summary =
        fmt::format("{} pairs, {} refused, {} with matches", pairs, refused, withMatches);
    qInfo("%s", summary.c_str());
    if (qEnvironmentVariableIsSet("SEQUELA_ORACLE_SHOW_REFUSED")) {
        fmt::print(stderr, "{}", refusals);
    }
    QCOMPARE(reported, std::size_t{0});
    QVERIFY2(static_cast<double>(refused) <= refusedShare * static_cast<double>(pairs),
             (summary + '\n' + refusals).c_str());
    QVERIFY2(withMatches * 5 > pairs, summary.c_str());
}

QTEST_GUILESS_MAIN(TestOracle)
#include "tst_oracle.moc"
