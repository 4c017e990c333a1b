#include "core/eql/parser.h"
#include "core/eql/printer.h"
#include "tests/core/eql/parser_texts.h"
#include "tests/support/golden.h"

#include <QTest>

#include <optional>
#include <string>
#include <string_view>

using namespace sequela;
using namespace sequela::eql;
using namespace sequela::eql::test;

namespace {

constexpr Dialect elastic = Dialect::Elasticsearch;
constexpr Dialect endpoint = Dialect::Endpoint;

} // namespace

/// What parses, into which tree. What does not is in tst_parser_problems, how much in
/// tst_parser_limits.
class TestParser : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void valid_data();
    void valid();
    void validForEndpoint_data();
    void validForEndpoint();
    void expressions();
    void integerConstants();
    void golden_data();
    void golden();
    void cleanupTestCase();

private:
    sequela::test::GoldenFiles m_golden{"parser"};
};

void TestParser::valid_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("printed");
    const auto row = [](const char* name, const char* text, const char* printed) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(printed);
    };
    const auto same = [](const char* text) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(text);
    };
    // Section 1
    row("comments anywhere", "any /* a /* b */ c */ where // x\n true", "any where true");
    same("any where @timestamp == 1");
    same("any where `a-b`.`1c`.`in`.d == 1");
    row("quotes that are not needed", "any where `a`.`b` == 1", "any where a.b == 1");
    row("dots inside quotes join the path", "any where `a.b` == 1", "any where a.b == 1");
    row("back quote in a name", "any where `a``b` == 1", "any where `a``b` == 1");
    row("space around the dots of a path", "any where a . b == 1", "any where a.b == 1");
    row("number forms", "any where 1. == 1.5 and .5 == 1e3 and 1.5E-3 == .5e2",
        "any where 1.0 == 1.5 and 0.5 == 1000.0 and 0.0015 == 50.0");
    row("integers past 64 bit stay", "any where 99999999999999999999 == 007",
        "any where 99999999999999999999 == 7");
    same("any where --1 == +-1");
    same("any where startsWith~(a, \"b\") and CIDRMATCH(a)");
    row("string forms", R"x(any where a == "\u{41}\n" or a == """\n"b""" or a == """""")x",
        R"x(any where a == "A\n" or a == "\\n\"b" or a == "")x");
    same("\"my category\" where true");
    row("raw string as category", "\"\"\"a b\"\"\" where true", "\"a b\" where true");
    row("plain category in quotes", "\"process\" where true", "process where true");
    same("\"any\" where true");
    same("\"sequence\" where true");
    same("head where true");
    same("runs where fork == tail");
    // Section 2
    same("any where a in (1) == true");
    same("any where a + b in (1) == 2");
    row("predicates before comparisons", "any where (x : \"a\") == true",
        "any where x : \"a\" == true");
    row("predicates before signs", "any where -(x in (1)) == 1", "any where -x in (1) == 1");
    same("any where (a + b) in (1)");
    same("any where (-a) in (1)");
    same("any where a * (b + c) - (d - e) == a * b * c / (d % e)");
    row("sums lean to the left", "any where (a - b) - c == 1", "any where a - b - c == 1");
    row("not before and", "any where not a and b", "any where not a and b");
    row("not behind comparisons", "any where not (x == y)", "any where not x == y");
    same("any where not (a and b) or not not c");
    same("any where (not a) == true");
    row("and before or", "any where (a and b) or c", "any where a and b or c");
    same("any where a and (b or c)");
    same("any where a and (b and c) and d");
    same("any where (a or b) or c");
    same("any where (a == b) == (c < d)");
    same("any where f(a and b, not c, d == e)");
    same("any where a in (b, 1 + 2, f(c), d or e)");
    same("any where a not in (1, 2) and b not in~ (\"x\")");
    row("one pattern in parentheses", "any where a : (\"x\")", "any where a : \"x\"");
    same("any where a : (\"x\", 1, null, true) and b like \"y\" and c like~ \"z\"");
    same("any where a regex (\"x\", \"y\") and b regex~ \"z\"");
    same("any where \"a\" : \"b\" and f(x) : \"y\" and (a == b) in (true)");
    same("any where ?process.Ext.x == null and ?`?foo` != 1");
    row("question mark apart", "any where ? a == 1", "any where ?a == 1");
    same("any where a");
    same("any where f()");
    same("any where true | head 5 | tail 2");
    row("pipe arguments may be calculated", "any where true | head (2 + 3) * 2",
        "any where true | head (2 + 3) * 2");
    same("any where true | head 0");
    same("sequence [any where true] [any where false]");
    same("sequence by a, ?b.c with maxspan=5s [any where true] by d [any where true] by e");
    same("sequence with maxspan=1d [any where true] [any where true] until [any where false] by x");
    row("time span with a space", "sequence with maxspan = 10 ms [any where true] [any where true]",
        "sequence with maxspan=10ms [any where true] [any where true]");
    same("sequence with maxspan=2h [a where true] ![b where true] [c where true]");
    same("sequence [any where true] with runs=2");
    same("sequence [any where true] by a with runs=100 [b where true] by a | tail 1");
    same("sequence [any where true] by a [b where true] with runs=1");
    same("sample by host.id [any where true] [any where false]");
    same("sample [any where true] by a [any where false] by b");
    row("words of the grammar as fields", "any where runs == head and fork != tail and as == 1",
        "any where runs == head and fork != tail and as == 1");
}

void TestParser::valid()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, printed);
    const std::string source = text.toStdString();
    const ParsedQuery parsed = parseQuery(source, elastic);
    QCOMPARE(problemsOf(parsed.diagnostics), std::string());
    const std::string canonical = printQuery(parsed.query);
    QCOMPARE(QByteArray::fromStdString(canonical), printed);
    QVERIFY(syntax::sameTree(parsed.query, parseQuery(canonical, elastic).query));
}

void TestParser::validForEndpoint_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char* text) { QTest::newRow(text) << QByteArray(text); };
    row("process where _arraysearch(process.thread.Ext.call_stack, $entry, $entry.symbol_info : "
        "\"*x*\" and not $entry.callsite_trailing_bytes : \"y\")");
    row("any where _arraysearch(a, $x, _arraysearch($x.b, $y, $y == \"z\"))");
    row("file where descendant of [process where process.name : \"a\"]");
    row("file where not descendant of [process where descendant of [any where true]] and a");
    row("sequence [process where true] as event0 [process where a.pid == event0.process.pid]");
    row("sequence by a with maxspan=5s [process where true] by b as event0 [any where x == y] by c "
        "until [any where true]");
    row("api where a.b == c.d and not file.path == event0.file.path");
    row("library where stringcontains~(event0.process.command_line, file.name)");
    row("file where file.name : process.name and a like~ (\"x*\", event0.b, `c d`)");
    row("credential_access where length(substring(concat(a, b), 1)) > 2");
}

void TestParser::validForEndpoint()
{
    QFETCH(QByteArray, text);
    const ParsedQuery parsed = parseQuery(text.toStdString(), endpoint);
    QCOMPARE(problemsOf(parsed.diagnostics), std::string());
    QCOMPARE(QByteArray::fromStdString(printQuery(parsed.query)), text);
}

void TestParser::expressions()
{
    const ParsedExpression parsed = parseExpression("a.b == 1 and not c", elastic);
    QVERIFY(parsed.diagnostics.empty());
    QCOMPARE(printExpression(*parsed.expression), std::string("a.b == 1 and not c"));
    QCOMPARE(parseExpression("a b", elastic).diagnostics.size(), std::size_t{1});
    const ParsedExpression empty = parseExpression("", elastic);
    QCOMPARE(empty.diagnostics.size(), std::size_t{1});
    QVERIFY(std::holds_alternative<syntax::Missing>(empty.expression->node));
}

void TestParser::integerConstants()
{
    const auto valueOf = [](std::string_view text) {
        return syntax::integerConstant(*parseExpression(text, elastic).expression);
    };
    QCOMPARE(valueOf("7"), std::optional<std::int64_t>(7));
    QCOMPARE(valueOf("-(2 + 3) * 4"), std::optional<std::int64_t>(-20));
    QCOMPARE(valueOf("-7 / 2 + 7 % 4 - 1"), std::optional<std::int64_t>(-1));
    QCOMPARE(valueOf("9223372036854775807 + 1"), std::nullopt);
    QCOMPARE(valueOf("(-9223372036854775807 - 1) / -1"), std::nullopt);
    QCOMPARE(valueOf("(-9223372036854775807 - 1) % -1"), std::nullopt);
    QCOMPARE(valueOf("99999999999999999999"), std::nullopt);
    QCOMPARE(valueOf("1 / 0"), std::nullopt);
    QCOMPARE(valueOf("1.0"), std::nullopt);
    QCOMPARE(valueOf("a"), std::nullopt);
    QCOMPARE(valueOf("not 1"), std::nullopt);
    QCOMPARE(valueOf("1 == 1"), std::nullopt);
}

void TestParser::golden_data()
{
    QTest::addColumn<std::size_t>("index");
    QVERIFY(!m_golden.cases().empty());
    for (std::size_t index = 0; index < m_golden.cases().size(); ++index) {
        QTest::newRow(m_golden.cases()[index].name.c_str()) << index;
    }
}

void TestParser::golden()
{
    QFETCH(std::size_t, index);
    const sequela::test::GoldenCase& golden = m_golden.cases()[index];
    const bool isEndpoint = golden.file.ends_with("endpoint.txt");
    const ParsedQuery parsed = parseQuery(golden.input, isEndpoint ? endpoint : elastic);
    const QString difference =
        m_golden.check(index, dumpSyntaxTree(parsed.query) + problemsOf(parsed.diagnostics));
    QVERIFY2(difference.isEmpty(), qPrintable(difference));
}

void TestParser::cleanupTestCase()
{
    QVERIFY(m_golden.save());
}

QTEST_GUILESS_MAIN(TestParser)
#include "tst_parser.moc"
