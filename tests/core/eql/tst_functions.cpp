#include "core/base/text.h"
#include "core/eql/function_table.h"
#include "core/eql/scalar.h"

#include <QSet>
#include <QTest>

using namespace sequela;
using namespace sequela::eql;

using Values = std::vector<Value>;
Q_DECLARE_METATYPE(Values)

namespace {

Value text(const char* characters)
{
    return std::string(characters);
}
Value integer(std::int64_t number)
{
    return number;
}
const Value null;

} // namespace

class TestFunctions : public QObject {
    Q_OBJECT

private slots:
    void calls_data();
    void calls();
    void tableIsComplete();
    void arityTexts();
};

void TestFunctions::calls_data()
{
    QTest::addColumn<QString>("function");
    QTest::addColumn<Values>("arguments");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const char* function, Values arguments,
                        const char* expected) {
        QTest::newRow(name) << QString(function) << arguments << QString::fromUtf8(expected);
    };
    const Value sentence = text("welcome to event query language");
    row("between", "between", {sentence, text(" "), text(" ")}, "\"to\"");
    row("between greedy", "between", {sentence, text(" "), text(" "), Value(true)},
        "\"to event query\"");
    row("between no match", "between", {sentence, text("x"), text(" ")}, "\"\"");
    row("between no right", "between", {sentence, text(" "), text("x")}, "\"\"");
    row("between greedy right before left", "between",
        {text("b a"), text("a"), text("b"), Value(true)}, "\"\"");
    row("between empty left", "between", {sentence, text(""), text(" ")},
        "\"welcome to event query language\"");
    row("between empty source", "between", {text(""), text("a"), text("b")}, "\"\"");
    row("between null", "between", {null, text("a"), text("b")}, "null");
    row("between is case-sensitive", "between", {text("xAyBz"), text("a"), text("b")}, "\"\"");
    row("between~ keeps the original", "between~", {text("xAYBz"), text("a"), text("b")}, "\"Y\"");
    row("between~ folds to other lengths", "between~",
        {text("\u212A=\u00C4;"), text("k="), text(";")}, "\"\u00C4\"");
    row("concat", "concat", {text("a"), integer(1), Value(true), Value(42.5)}, "\"a1true42.5\"");
    row("concat null", "concat", {text("a"), null}, "null");
    row("endsWith", "endsWith", {text("abc"), text("bc")}, "true");
    row("endsWith case", "endsWith", {text("abC"), text("bc")}, "false");
    row("endsWith~", "endsWith~", {text("abC"), text("Bc")}, "true");
    row("endsWith empty", "endsWith", {text("abc"), text("")}, "true");
    row("endsWith null", "endsWith", {text("abc"), null}, "null");
    row("startsWith", "startsWith", {text("abc"), text("ab")}, "true");
    row("startsWith~ beyond ASCII", "startsWith~", {text("\u00C9t\u00E9"), text("\u00E9T")},
        "true");
    row("startsWith empty", "startsWith", {text(""), text("")}, "true");
    row("indexOf", "indexOf", {text("subdomain.splunk.com"), text(".")}, "9");
    row("indexOf start", "indexOf", {text("subdomain.splunk.com"), text("."), integer(9)}, "9");
    row("indexOf later", "indexOf", {text("subdomain.splunk.com"), text("."), integer(10)}, "16");
    row("indexOf negative start", "indexOf", {text("aba"), text("a"), integer(-5)}, "0");
    row("indexOf null start", "indexOf", {text("aba"), text("a"), null}, "0");
    row("indexOf absent", "indexOf", {text("aba"), text("x")}, "null");
    row("indexOf past the end", "indexOf", {text("aba"), text("a"), integer(9)}, "null");
    row("indexOf empty sub", "indexOf", {text("aba"), text("")}, "0");
    row("indexOf empty sub and start", "indexOf", {text("aba"), text(""), integer(2)}, "2");
    row("indexOf case", "indexOf", {text("aBa"), text("b")}, "null");
    row("indexOf~", "indexOf~", {text("aBa"), text("b")}, "1");
    row("indexOf counts code points", "indexOf", {text("\u00E9\U0001F600x"), text("x")}, "2");
    row("length", "length", {text("h\u00E9llo")}, "5");
    row("length astral", "length", {text("\U0001F600")}, "1");
    row("length empty", "length", {text("")}, "0");
    row("length null", "length", {null}, "null");
    row("number", "number", {text("1337")}, "1337");
    row("number double", "number", {text("42.5")}, "42.5");
    row("number hex prefix", "number", {text("0x1f")}, "31");
    row("number base 16", "number", {text("ff"), integer(16)}, "255");
    row("number base 16 with prefix", "number", {text("0xff"), integer(16)}, "255");
    row("number base 8", "number", {text("17"), integer(8)}, "15");
    row("number null base", "number", {text("0x10"), null}, "16");
    row("number signs", "number", {text("-5")}, "-5");
    row("number plus", "number", {text("+5")}, "5");
    row("number words", "number", {text("five")}, "error");
    row("number hex in base 10", "number", {text("0x1f"), integer(10)}, "error");
    row("number base 1", "number", {text("1"), integer(1)}, "error");
    row("number empty", "number", {text("")}, "error");
    row("number null", "number", {null}, "null");
    row("number of a number", "number", {integer(5)}, "error");
    row("string", "string", {integer(5)}, "\"5\"");
    row("string double", "string", {Value(5.5)}, "\"5.5\"");
    row("string boolean", "string", {Value(true)}, "\"true\"");
    row("string null", "string", {null}, "null");
    row("string ip", "string", {Value(*IpAddress::parse("0:0:0:0:0:0:0:1"))}, "\"::1\"");
    row("stringContains", "stringContains", {text("abc"), text("b")}, "true");
    row("stringContains case", "stringContains", {text("aBc"), text("b")}, "false");
    row("stringContains~", "stringContains~", {text("aBc"), text("b")}, "true");
    row("stringContains empty sub", "stringContains", {text("abc"), text("")}, "false");
    row("stringContains empty source", "stringContains", {text(""), text("a")}, "false");
    row("stringContains null", "stringContains", {null, text("a")}, "null");
    row("stringContains takes wildcards literally", "stringContains", {text("abc"), text("*")},
        "false");
    row("substring", "substring", {text("hello world"), integer(6)}, "\"world\"");
    row("substring end", "substring", {text("hello world"), integer(0), integer(5)}, "\"hello\"");
    row("substring negative", "substring", {text("hello world"), integer(-5)}, "\"world\"");
    row("substring both negative", "substring", {text("hello world"), integer(-5), integer(-1)},
        "\"worl\"");
    row("substring clamps", "substring", {text("abc"), integer(-9), integer(9)}, "\"abc\"");
    row("substring extreme", "substring",
        {text("abc"), integer(std::numeric_limits<std::int64_t>::min()), integer(2)}, "\"ab\"");
    row("substring empty", "substring", {text("abc"), integer(2), integer(1)}, "\"\"");
    row("substring null start", "substring", {text("abc"), null}, "\"abc\"");
    row("substring null start with end", "substring", {text("abc"), null, integer(1)}, "\"abc\"");
    row("substring null end", "substring", {text("abc"), integer(1), null}, "\"bc\"");
    row("substring code points", "substring", {text("\u00E9\u00E8x"), integer(1), integer(2)},
        "\"\u00E8\"");
    row("add", "add", {integer(1), integer(2)}, "3");
    row("subtract", "subtract", {integer(1), integer(2)}, "-1");
    row("multiply", "multiply", {integer(3), integer(2)}, "6");
    row("divide", "divide", {integer(7), integer(2)}, "3");
    row("modulo", "modulo", {integer(10), integer(-6)}, "4");
    row("divide by zero", "divide", {integer(7), integer(0)}, "error");
    row("add null", "add", {integer(1), null}, "null");
}

void TestFunctions::calls()
{
    QFETCH(QString, function);
    QFETCH(Values, arguments);
    QFETCH(QString, expected);
    const bool insensitive = function.endsWith('~');
    const FunctionInfo* const info =
        findFunction(function.left(function.size() - (insensitive ? 1 : 0)).toStdString());
    QVERIFY(info != nullptr);
    const auto result = callFunction(info->function, insensitive, arguments);
    QCOMPARE(result ? QString::fromStdString(toJson(*result)) : QStringLiteral("error"), expected);
}

void TestFunctions::tableIsComplete()
{
    QSet<QString> insensitive;
    for (const FunctionInfo& info : functionTable) {
        QVERIFY(&functionInfo(info.function) == &info);
        QVERIFY(findFunction(foldCase(info.name)) == &info);
        QVERIFY(!info.help.empty() && !info.example.empty());
        QVERIFY(info.signature.starts_with(info.name));
        if (info.hasInsensitiveVariant) {
            insensitive.insert(QString::fromUtf8(info.name.data(), qsizetype(info.name.size())));
        }
    }
    QCOMPARE(insensitive,
             (QSet<QString>{"between", "endsWith", "indexOf", "startsWith", "stringContains"}));
    QVERIFY(findFunction("wildcard") == nullptr);
}

void TestFunctions::arityTexts()
{
    const auto textOf = [](const char* name) {
        return QString::fromStdString(arityText(*findFunction(name)));
    };
    QCOMPARE(textOf("length"), QString("expects exactly one argument"));
    QCOMPARE(textOf("stringcontains"), QString("expects exactly two arguments"));
    QCOMPARE(textOf("CIDRMATCH"), QString("expects at least two arguments"));
    QCOMPARE(textOf("between"), QString("expects three or four arguments"));
    QCOMPARE(textOf("number"), QString("expects one or two arguments"));
    QCOMPARE(textOf("concat"), QString("expects at least one argument"));
}

QTEST_GUILESS_MAIN(TestFunctions)
#include "tst_functions.moc"
