#include "core/eql/scalar.h"

#include <QTest>

#include <limits>

using namespace sequela;
using namespace sequela::eql;

Q_DECLARE_METATYPE(sequela::eql::Value)

namespace {

Value integer(std::int64_t number)
{
    return number;
}

QString shown(const ScalarResult& result)
{
    return result ? QString::fromStdString(toJson(*result)) : QStringLiteral("error");
}

} // namespace

class TestScalar : public QObject {
    Q_OBJECT

private slots:
    void arithmetic_data();
    void arithmetic();
    void negation();
    void comparisons();
    void kleene();
};

void TestScalar::arithmetic_data()
{
    QTest::addColumn<int>("op");
    QTest::addColumn<Value>("left");
    QTest::addColumn<Value>("right");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, ArithmeticOperator op, Value left, Value right,
                        const char* expected) {
        QTest::newRow(name) << static_cast<int>(op) << left << right << QString(expected);
    };
    using enum ArithmeticOperator;
    const std::int64_t most = std::numeric_limits<std::int64_t>::max();
    const std::int64_t least = std::numeric_limits<std::int64_t>::min();
    row("7/3 truncates", Divide, integer(7), integer(3), "2");
    row("-7/3 truncates toward zero", Divide, integer(-7), integer(3), "-2");
    row("-7 % 3 takes the sign of the dividend", Modulo, integer(-7), integer(3), "-1");
    row("modulo(10,-6)", Modulo, integer(10), integer(-6), "4");
    row("modulo(-10,-6)", Modulo, integer(-10), integer(-6), "-4");
    row("modulo(10,0.5)", Modulo, integer(10), Value(0.5), "0.0");
    row("7 / 3.0", Divide, integer(7), Value(3.0), "2.3333333333333335");
    row("integer stays integer", Add, integer(1), integer(2), "3");
    row("double wins", Multiply, integer(2), Value(1.5), "3.0");
    row("division by zero", Divide, integer(1), integer(0), "error");
    row("modulo zero", Modulo, integer(1), integer(0), "error");
    row("double division by zero", Divide, Value(1.0), Value(0.0), "error");
    row("overflow of a sum", Add, integer(most), integer(1), "error");
    row("overflow of a product", Multiply, integer(most), integer(2), "error");
    row("overflow of a quotient", Divide, integer(least), integer(-1), "error");
    row("remainder by -1", Modulo, integer(least), integer(-1), "0");
    row("overflow of doubles", Multiply, Value(1e300), Value(1e300), "error");
    row("null left", Add, Value(), integer(1), "null");
    row("null wins over zero", Divide, Value(), integer(0), "null");
    row("text is no number", Add, Value(std::string("1")), integer(1), "error");
}

void TestScalar::arithmetic()
{
    QFETCH(int, op);
    QFETCH(Value, left);
    QFETCH(Value, right);
    QFETCH(QString, expected);
    QCOMPARE(shown(applyArithmetic(static_cast<ArithmeticOperator>(op), left, right)), expected);
}

void TestScalar::negation()
{
    QCOMPARE(shown(negate(integer(5))), QString("-5"));
    QCOMPARE(shown(negate(Value(0.0))), QString("-0.0"));
    QCOMPARE(shown(negate(Value())), QString("null"));
    QCOMPARE(shown(negate(integer(std::numeric_limits<std::int64_t>::min()))), QString("error"));
}

void TestScalar::comparisons()
{
    using enum ComparisonOperator;
    QCOMPARE(shown(applyComparison(Less, integer(1), Value(1.5))), QString("true"));
    QCOMPARE(shown(applyComparison(GreaterEqual, Value(std::string("b")), Value(std::string("a")))),
             QString("true"));
    QCOMPARE(shown(applyComparison(NotEqual, integer(1), integer(1))), QString("false"));
    QCOMPARE(shown(applyComparison(Equal, integer(1), Value())), QString("null"));
    QCOMPARE(shown(applyComparison(Equal, integer(1), Value(std::string("1")))), QString("null"));
}

void TestScalar::kleene()
{
    QCOMPARE(shown(kleeneAnd(Value(), Value(false))), QString("false"));
    QCOMPARE(shown(kleeneAnd(Value(), Value(true))), QString("null"));
    QCOMPARE(shown(kleeneOr(Value(true), Value())), QString("true"));
    QCOMPARE(shown(kleeneOr(Value(), Value(false))), QString("null"));
    QCOMPARE(shown(kleeneNot(Value())), QString("null"));
    QCOMPARE(shown(kleeneNot(Value(true))), QString("false"));
}

QTEST_GUILESS_MAIN(TestScalar)
#include "tst_scalar.moc"
