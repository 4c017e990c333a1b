#include "core/eql/binder.h"

#include <QTest>

using namespace sequela;
using namespace sequela::eql;

namespace {

/// The value as `eval` prints it, or the code and the place of the first problem.
QString evaluated(const QString& text)
{
    const std::string bytes = text.toStdString();
    const auto value = evaluateConstant(bytes);
    if (value) {
        return QString::fromStdString(toJson(*value));
    }
    const Diagnostic& first = value.error().front();
    return QString("%1 @%2").arg(QString::fromStdString(first.code)).arg(first.span->begin);
}

} // namespace

class TestConstant : public QObject {
    Q_OBJECT

private slots:
    void evaluates_data();
    void evaluates();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();
};

void TestConstant::evaluates_data()
{
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* text, const char* expected) {
        QTest::newRow(text) << QString::fromUtf8(expected);
    };
    // eql.md 3.2 rule 1
    row("not null", "null");
    row("null == null", "true");
    row("null != null", "false");
    row("null == 1", "false");
    row("1 != null", "true");
    row("null < 1", "null");
    row("null and false", "false");
    row("null and true", "null");
    row("null or true", "true");
    row("null or false", "null");
    row("null + 1", "null");
    row("-null", "null");
    row("(null + 1) == null", "true");
    row("null : \"x\"", "null");
    row("null in (1)", "null");
    row("\"a\" : null", "null");
    row("\"a\" : (\"b\", null)", "null");
    row("not \"a\" like (\"b\", null)", "null");
    row("\"a\" regex (null, \"A|a\")", "true");
    row("1 in (2, null)", "null");
    row("1 in (1, null)", "true");
    row("1 not in (2, null)", "null");
    row("1 not in (2)", "true");
    // rule 5: an unmapped optional field is the literal null
    row("?nope == 1", "false");
    row("?nope != 1", "true");
    row("?nope == null", "true");
    row("?a == ?b", "true");
    row("?nope : \"x\"", "null");
    row("?nope in (\"x\")", "null");
    row("?nope > 1", "null");
    row("not ?nope : \"x\"", "null");
    row("concat(?nope, \"x\") != \"x\"", "true");
    // section 5: without a field, text is the address
    row("cidrMatch(\"10.6.48.157\", \"10.6.48.157/8\")", "true");
    row("cidrMatch(\"192.168.1.1\", \"10.0.0.0/8\", \"192.168.0.0/16\")", "true");
    row("cidrMatch(\"192.168.1.1\", \"10.0.0.0/8\")", "false");
    row("cidrMatch(\"192.168.1.1\", \"0.0.0.0/0\")", "true");
    row("cidrMatch(\"192.168.1.1\", \"::/0\")", "false");
    row("cidrMatch(\"fe80::9\", \"FE80::/10\")", "true");
    row("cidrMatch(\"::1\", \"::1\")", "true");
    row("not cidrMatch(\"::1\", \"::2\")", "true");
    // section 1: numbers
    row("42", "42");
    row("42.0", "42.0");
    row(".5", "0.5");
    row("1.", "1.0");
    row("1e3", "1000.0");
    row("9223372036854775807", "9223372036854775807");
    row("9223372036854775808", "9.223372036854776e+18");
    row("--1", "1");
    row("+5", "5");
    row("\"a\\u{e9}\"", "\"a\303\251\"");
    // section 4
    row("7 / 3", "2");
    row("-7 % 3", "-1");
    row("7 / 3.0", "2.3333333333333335");
    row("1 + 2 * 3", "7");
    row("(1 + 2) * 3", "9");
    row("10 - 2 - 3", "5");
    row("\"a\" == \"A\"", "false");
    row("\"a*\" == \"abc\"", "false");
    row("\"a\" < \"b\"", "true");
    row("\"abc\" : \"A*\"", "true");
    row("\"abc\" like \"A*\"", "false");
    row("\"abc\" like~ (\"x\", \"A??\")", "true");
    row("\"\" : \"?\"", "false");
    row("\"a\\nb\" : \"a*b\"", "true");
    row("\"abc\" regex \"a.*\"", "true");
    row("\"abc\" regex \"b\"", "false");
    row("\"ABC\" regex~ \"a.c\"", "true");
    row("\"a\" in (\"A\")", "false");
    row("\"a\" in~ (\"A\", \"b\")", "true");
    row("\"a\" in~ (\"*\")", "false");
    row("1 == 1.0", "true");
    row("1 == \"1\"", "null");
    row("true == false", "false");
    row("not 1 == 2", "true");
    row("true and not false or false", "true");
    row("1 + 2 == 3", "true");
    // section 6
    row("length(\"abc\")", "3");
    row("CONCAT(\"a\", 1, true, 42.5)", "\"a1true42.5\"");
    row("startswith~(\"ABC\", \"ab\")", "true");
    row("number(\"0x1f\")", "31");
    row("number(\"42.5\")", "42.5");
    row("number(null)", "null");
    row("substring(\"hello world\", -5)", "\"world\"");
    row("between(\"a[b]c\", \"[\", \"]\")", "\"b\"");
    row("add(1, 2)", "3");
    row("modulo(10, 0.5)", "0.0");
    row("string(42.0)", "\"42.0\"");
    row("indexOf(\"abc\", \"x\")", "null");
    row("length(null)", "null");
}

void TestConstant::evaluates()
{
    QFETCH(QString, expected);
    QCOMPARE(evaluated(QTest::currentDataTag()), expected);
}

void TestConstant::saysWhatIsWrong_data()
{
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* text, const char* expected) {
        QTest::newRow(text) << QString::fromUtf8(expected);
    };
    row("1 + 1/0", "eql-constant @4");
    row("divide(1, 0)", "eql-constant @0");
    row("1 % 0.0", "eql-constant @0");
    row("number(\"x\")", "eql-constant @0");
    row("9223372036854775807 + 1", "eql-constant @0");
    row("1e999", "eql-constant @0");
    row("process.name", "eql-unknown-field @0");
    row("\"a\" + 1", "eql-argument-type @0");
    row("-\"a\"", "eql-argument-type @1");
    row("not 1", "eql-argument-type @4");
    row("true and 1", "eql-argument-type @9");
    row("length(1)", "eql-argument-type @7");
    row("length()", "eql-arity @0");
    row("nothing(1)", "eql-unknown-function @0");
    row("length~(\"a\")", "eql-no-insensitive-variant @0");
    row("\"a\" regex \"(\"", "eql-regex @11");
    row("\"a\" regex \"\"\"ab(\"\"\"", "eql-regex @15");
    row("\"a\" regex \"\\\\\\\\\\u{e9}(\"", "eql-regex @21");
    row("cidrMatch(\"1.2.3\", \"1.2.3.4\")", "eql-argument-type @10");
    row("cidrMatch(12, \"1.2.3.4\")", "eql-argument-type @10");
    row("1 : \"1\"", "eql-argument-type @0");
    row("\"1\" : 1", "eql-argument-type @6");
    row("1 in (\"1\")", "eql-argument-type @6");
}

void TestConstant::saysWhatIsWrong()
{
    QFETCH(QString, expected);
    QCOMPARE(evaluated(QTest::currentDataTag()), expected);
}

QTEST_GUILESS_MAIN(TestConstant)
#include "tst_constant.moc"
