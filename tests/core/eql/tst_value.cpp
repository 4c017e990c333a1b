#include "core/eql/value.h"

#include <QTest>

#include <string>

using namespace sequela;
using namespace sequela::eql;

namespace {

QString shown(const Value& value)
{
    return QString::fromStdString(std::string(valueTypeName(typeOf(value))) + " " + toJson(value));
}

} // namespace

class TestValue : public QObject {
    Q_OBJECT

private slots:
    void decodes_data();
    void decodes();
    void comparesVersions_data();
    void comparesVersions();
    void comparesNumbersExactly();
    void comparesDatesByMilliseconds();
    void printsDoublesShortest_data();
    void printsDoublesShortest();
};

void TestValue::decodes_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isNumber");
    QTest::addColumn<QString>("expected");

    using schema::FieldType;
    const auto row = [](const char* name, FieldType type, const char* text, bool isNumber,
                        const char* expected) {
        QTest::newRow(name) << static_cast<int>(type) << QString::fromUtf8(text) << isNumber
                            << QString::fromUtf8(expected);
    };
    row("long from text", FieldType::Long, "501", false, "LONG 501");
    row("long from number", FieldType::Long, "501", true, "LONG 501");
    row("long cuts fractions", FieldType::Long, "1.9", true, "LONG 1");
    row("long past 64 bit", FieldType::Long, "18446744073709551615", true,
        "DOUBLE 1.8446744073709552e+19");
    row("long from words", FieldType::Long, "abc", false, "NULL null");
    row("keyword from number keeps its text", FieldType::Keyword, "501", true, "KEYWORD \"501\"");
    row("double", FieldType::Double, "1", true, "DOUBLE 1.0");
    row("boolean from text", FieldType::Boolean, "true", false, "BOOLEAN true");
    row("boolean from words", FieldType::Boolean, "yes", false, "NULL null");
    row("ip canonical", FieldType::Ip, "0:0:0:0:0:0:0:1", false, "IP \"::1\"");
    row("ip invalid", FieldType::Ip, "nowhere", false, "NULL null");
    row("date from ISO", FieldType::Date, "2021-01-25", false,
        "DATETIME \"2021-01-25T00:00:00.000Z\"");
    row("date from milliseconds", FieldType::Date, "1000", true,
        "DATETIME \"1970-01-01T00:00:01.000Z\"");
    row("object", FieldType::Object, "x", false, "NULL null");
}

void TestValue::decodes()
{
    QFETCH(int, type);
    QFETCH(QString, text);
    QFETCH(bool, isNumber);
    QFETCH(QString, expected);
    const Value value =
        decodeValue(static_cast<schema::FieldType>(type), text.toStdString(),
                    isNumber ? schema::ValueKind::Number : schema::ValueKind::String);
    QCOMPARE(shown(value), expected);
}

void TestValue::comparesVersions_data()
{
    QTest::addColumn<QString>("less");
    QTest::addColumn<QString>("greater");
    const auto row = [](const char* less, const char* greater) {
        QTest::addRow("%s < %s", less, greater) << less << greater;
    };
    row("1.2.3", "1.10.0");
    row("1.2", "1.2.0");
    row("1.0.0-alpha", "1.0.0");
    row("1.0.0-alpha.1", "1.0.0-alpha.beta");
    row("1.0.0-2", "1.0.0-10");
    row("9.9.9", "nonsense");
    row("9.9.9", "1..2");
    row("abc", "abd");
    row("1.0.0", "1.0.0+build");
    row("99999999999999999998", "99999999999999999999");
}

void TestValue::comparesVersions()
{
    QFETCH(QString, less);
    QFETCH(QString, greater);
    const VersionValue a{less.toStdString()};
    const VersionValue b{greater.toStdString()};
    QCOMPARE(compareVersions(a, b), -1);
    QCOMPARE(compareVersions(b, a), 1);
    QCOMPARE(compareVersions(a, a), 0);
}

void TestValue::comparesNumbersExactly()
{
    const Value big = std::int64_t{9007199254740993};
    QCOMPARE(compareValues(big, Value(9007199254740992.0)), std::optional<int>(1));
    QCOMPARE(compareValues(Value(9007199254740992.0), big), std::optional<int>(-1));
    QCOMPARE(compareValues(Value(std::int64_t{3}), Value(3.5)), std::optional<int>(-1));
    QCOMPARE(compareValues(Value(std::int64_t{-3}), Value(-3.5)), std::optional<int>(1));
    QCOMPARE(compareValues(Value(std::int64_t{1}), Value(1e300)), std::optional<int>(-1));
    QCOMPARE(equalValues(Value(std::int64_t{3}), Value(3.0)), std::optional<bool>(true));
    QCOMPARE(equalValues(Value(std::int64_t{3}), Value(std::string("3"))), std::optional<bool>());
    QCOMPARE(equalValues(Value(std::string("STRASSE")), Value(std::string("strasse")), true),
             std::optional<bool>(true));
    QCOMPARE(compareValues(Value(std::string("\x7f")), Value(std::string("\xc3\xa9"))),
             std::optional<int>(-1));
}

void TestValue::comparesDatesByMilliseconds()
{
    QCOMPARE(equalValues(Value(Timestamp(1'000'001)), Value(Timestamp(1'999'999))),
             std::optional<bool>(true));
    QCOMPARE(equalValues(Value(Timestamp(1'999'999)), Value(Timestamp(2'000'000))),
             std::optional<bool>(false));
}

void TestValue::printsDoublesShortest_data()
{
    QTest::addColumn<double>("number");
    QTest::addColumn<QString>("text");
    QTest::newRow("whole") << 42.0 << "42.0";
    QTest::newRow("fraction") << 42.5 << "42.5";
    QTest::newRow("third") << 7 / 3.0 << "2.3333333333333335";
    QTest::newRow("huge") << 1e300 << "1e+300";
    QTest::newRow("tiny") << 1e-10 << "1e-10";
    QTest::newRow("negative zero") << -0.0 << "-0.0";
}

void TestValue::printsDoublesShortest()
{
    QFETCH(double, number);
    QFETCH(QString, text);
    QCOMPARE(QString::fromStdString(toJson(Value(number))), text);
}

QTEST_GUILESS_MAIN(TestValue)
#include "tst_value.moc"
