#include "core/rules/limits.h"
#include "core/rules/rule_test.h"

#include <QtTest>

using namespace sequela::rules;

class RuleTestTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void mergesDefaultsAndTimes();
    void documents_data();
    void documents();
    void broken_data();
    void broken();
    void goodTestsSurviveBrokenOnes();
    void tooManyTests();
    void tooManyEvents();
    void mismatches_data();
    void mismatches();
    void namesOfTestFiles();
};

namespace {

QByteArray bytes(std::string_view text)
{
    return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

void RuleTestTest::mergesDefaultsAndTimes()
{
    const RuleTestFile file = readRuleTests(R"toml(
[defaults]
host.id = "h1"
host.os.type = "macos"
event.type = ["start"]
[[test]]
name = "two events"
expect = [["a", "2"]]
[[test.event]]
id = "a"
at = "+0s"
event.category = "process"
[[test.event]]
at = "+3s"
event.type = "end"
json = '''{"event":{"category":"network"},"host":{"id":"h2"},"n":12345678901234567890}'''
[[test]]
name = "nothing"
expect = 0
)toml",
                                            "r.tests.toml");
    QVERIFY(file.diagnostics.empty());
    QCOMPARE(file.tests.size(), std::size_t{2});
    const RuleTest& test = file.tests.at(0);
    QCOMPARE(bytes(test.events.at(0).id), QByteArray("a"));
    QCOMPARE(bytes(test.events.at(1).id), QByteArray("2"));
    QCOMPARE(bytes(test.events.at(0).document),
             QByteArray(R"({"event":{"category":"process","type":["start"]},)"
                        R"("host":{"id":"h1","os":{"type":"macos"}},)"
                        R"("@timestamp":"2024-01-01T00:00:00.000Z"})"));
    QCOMPARE(bytes(test.events.at(1).document),
             QByteArray(R"({"event":{"type":"end","category":"network"},)"
                        R"("host":{"id":"h2","os":{"type":"macos"}},"n":12345678901234567890,)"
                        R"("@timestamp":"2024-01-01T00:00:03.000Z"})"));
    QVERIFY(!test.expectsNothing());
    QVERIFY(file.tests.at(1).expectsNothing());
}

void RuleTestTest::documents_data()
{
    QTest::addColumn<QByteArray>("event");
    QTest::addColumn<QByteArray>("document");
    const auto row = [](const char* name, const char* event, const char* document) {
        QTest::newRow(name) << QByteArray(event) << QByteArray(document);
    };
    row("quoted dotted key", "\"a.b\" = 1",
        R"({"a":{"b":1},"@timestamp":"2024-01-01T00:00:00.000Z"})");
    row("dotted JSON", "json = '{\"a.b\":{\"c.d\":[1,{\"e.f\":null}]}}'",
        R"({"a":{"b":{"c":{"d":[1,{"e":{"f":null}}]}}},"@timestamp":"2024-01-01T00:00:00.000Z"})");
    row("ISO time", "\"@timestamp\" = \"2024-05-06T07:08:09.123456Z\"",
        R"({"@timestamp":"2024-05-06T07:08:09.123456Z"})");
    row("TOML time", "\"@timestamp\" = 2024-05-06T07:08:09Z",
        R"({"@timestamp":"2024-05-06T07:08:09.000Z"})");
    row("negative offset", "at = \"-1h\"", R"({"@timestamp":"2023-12-31T23:00:00.000Z"})");
    row("fraction", "at = \"+1.5s\"", R"({"@timestamp":"2024-01-01T00:00:01.500Z"})");
    row("nanoseconds", "at = \"+1ns\"", R"({"@timestamp":"2024-01-01T00:00:00.000000001Z"})");
    row("search hit", "json = '{\"_id\":\"x\",\"_source\":{\"a\":1}}'",
        R"({"a":1,"@timestamp":"2024-01-01T00:00:00.000Z"})");
    row("unicode", "a = \"é\\u0001\"",
        R"({"a":"é\u0001","@timestamp":"2024-01-01T00:00:00.000Z"})");
}

void RuleTestTest::documents()
{
    QFETCH(QByteArray, event);
    QFETCH(QByteArray, document);
    const QByteArray text = "[[test]]\nname='n'\nexpect=0\n[[test.event]]\n" + event + "\n";
    const RuleTestFile file = readRuleTests(text.toStdString(), "r.tests.toml");
    QVERIFY2(file.diagnostics.empty(),
             file.diagnostics.empty() ? "" : file.diagnostics.at(0).message.c_str());
    QCOMPARE(bytes(file.tests.at(0).events.at(0).document), document);
}

void RuleTestTest::broken_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<int>("line");
    const auto row = [](const char* name, const char* text, const char* code, int line) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(code) << line;
    };
    row("no TOML", "[[test]\n", "rule-toml", 1);
    row("no tests", "a = 1\n", "rule-missing-key", 1);
    row("no name", "[[test]]\nexpect = 0\n", "rule-missing-key", 1);
    row("no expect", "[[test]]\nname = 'n'\n", "rule-test", 1);
    row("negative", "[[test]]\nname = 'n'\nexpect = -1\n", "rule-test", 3);
    row("flat list", "[[test]]\nname = 'n'\nexpect = [\"a\"]\n", "rule-test", 3);
    row("unknown id", "[[test]]\nname = 'n'\nexpect = [[\"a\"]]\n", "rule-test", 3);
    row("same id twice",
        "[[test]]\nname = 'n'\nexpect = 0\n[[test.event]]\nid='a'\n[[test.event]]\nid='a'\n",
        "rule-test", 6);
    row("bad offset", "[[test]]\nname = 'n'\nexpect = 0\n[[test.event]]\nat = '3s'\n", "rule-test",
        5);
    row("bad JSON", "[[test]]\nname = 'n'\nexpect = 0\n[[test.event]]\njson = '{\"a\":}'\n",
        "rule-json", 5);
    row("JSON list", "[[test]]\nname = 'n'\nexpect = 0\n[[test.event]]\njson = '[1]'\n",
        "rule-json", 5);
    row("JSON with more behind", "[[test]]\nname='n'\nexpect=0\n[[test.event]]\njson='{} {}'\n",
        "rule-json", 5);
    row("JSON number", "[[test]]\nname='n'\nexpect=0\n[[test.event]]\njson='{\"a\":01}'\n",
        "rule-json", 5);
    row("defaults is a list", "defaults = [1]\n[[test]]\nname='n'\nexpect=0\n", "rule-key-type", 1);
}

void RuleTestTest::broken()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, code);
    QFETCH(int, line);
    const RuleTestFile file = readRuleTests(text.toStdString(), "r.tests.toml");
    QVERIFY(!file.diagnostics.empty());
    QCOMPARE(bytes(file.diagnostics.at(0).code), code);
    QVERIFY(file.diagnostics.at(0).begin.has_value());
    QCOMPARE(static_cast<int>(file.diagnostics.at(0).begin->line), line);
}

void RuleTestTest::goodTestsSurviveBrokenOnes()
{
    const RuleTestFile file =
        readRuleTests("[[test]]\nname='a'\n[[test]]\nname='b'\nexpect=0\n", "r.tests.toml");
    QCOMPARE(file.tests.size(), std::size_t{1});
    QCOMPARE(bytes(file.tests.at(0).name), QByteArray("b"));
    QCOMPARE(file.diagnostics.size(), std::size_t{1});
}

void RuleTestTest::tooManyTests()
{
    const QByteArray text = QByteArray("[[test]]\nname='a'\nexpect=0\n")
                                .repeated(static_cast<qsizetype>(limits::maxTestsPerFile) + 1);
    const RuleTestFile file = readRuleTests(text.toStdString(), "r.tests.toml");
    QVERIFY(file.tests.empty());
    QCOMPARE(bytes(file.diagnostics.at(0).code), QByteArray("rule-test-limit"));
}

void RuleTestTest::tooManyEvents()
{
    const QByteArray text = "[[test]]\nname='a'\nexpect=0\n"
                            + QByteArray("[[test.event]]\n")
                                  .repeated(static_cast<qsizetype>(limits::maxEventsPerTest) + 1);
    const RuleTestFile file = readRuleTests(text.toStdString(), "r.tests.toml");
    QVERIFY(file.tests.empty());
    QCOMPARE(bytes(file.diagnostics.at(0).code), QByteArray("rule-test"));
}

void RuleTestTest::mismatches_data()
{
    QTest::addColumn<QByteArray>("expect");
    QTest::addColumn<QStringList>("found");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char* name, const char* expect, const QStringList& found,
                        const char* text) {
        QTest::newRow(name) << QByteArray(expect) << found << QByteArray(text);
    };
    row("count agrees", "2", {"a b", "b a"}, "");
    row("count differs", "1", {"a b", "b a"}, "expected 1 matches, found 2, the first [a, b]");
    row("none found", "1", {}, "expected 1 matches, found 0");
    row("lists agree in any order", "[['b'],['a']]", {"a", "b"}, "");
    row("missing", "[['a','b']]", {}, "expected [a, b], which did not match");
    row("other", "[['a','b']]", {"b a"}, "expected [a, b], which did not match; found [b, a]");
    row("too many", "[['a']]", {"a", "b"}, "did not expect [b]");
    row("twice is not once", "[['a']]", {"a", "a"}, "did not expect [a]");
}

void RuleTestTest::mismatches()
{
    QFETCH(QByteArray, expect);
    QFETCH(QStringList, found);
    QFETCH(QByteArray, text);
    const QByteArray file = "[[test]]\nname='n'\nexpect=" + expect
                            + "\n[[test.event]]\nid='a'\n[[test.event]]\nid='b'\n";
    const RuleTestFile tests = readRuleTests(file.toStdString(), "r.tests.toml");
    QCOMPARE(tests.tests.size(), std::size_t{1});
    ExpectedMatches matches;
    for (const QString& match : found) {
        auto& ids = matches.emplace_back();
        for (const QString& id : match.split(' ')) {
            ids.push_back(id.toStdString());
        }
    }
    QCOMPARE(bytes(describeMismatch(tests.tests.at(0), matches)), text);
}

void RuleTestTest::namesOfTestFiles()
{
    QCOMPARE(bytes(testFileOf("a/b.toml").string()), QByteArray("a/b.tests.toml"));
    QVERIFY(isTestFile("a/b.tests.toml"));
    QVERIFY(!isTestFile("a/tests.toml"));
}

QTEST_GUILESS_MAIN(RuleTestTest)
#include "tst_rule_test.moc"
