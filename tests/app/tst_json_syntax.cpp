#include "app/cli/json_syntax.h"

#include <QtTest>

#include <string>

class TestJsonSyntax : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void recognisesValues_data();
    void recognisesValues();
    void survivesDeepNesting();
};

void TestJsonSyntax::recognisesValues_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("isJson");

    QTest::newRow("object") << QByteArray(R"( {"a":[1,2.5e-3,true,null,{"b":{}}],"c":"\u00e9"} )")
                            << true;
    QTest::newRow("number past 64 bit") << QByteArray("123456789012345678901234567890") << true;
    QTest::newRow("huge exponent") << QByteArray("[1e999]") << true;
    QTest::newRow("empty array") << QByteArray("[ ]") << true;
    QTest::newRow("empty") << QByteArray("") << false;
    QTest::newRow("two values") << QByteArray("{} {}") << false;
    QTest::newRow("trailing comma") << QByteArray("[1,]") << false;
    QTest::newRow("leading zero") << QByteArray("[01]") << false;
    QTest::newRow("wrong bracket") << QByteArray("[1}") << false;
    QTest::newRow("open") << QByteArray("{\"a\":[1") << false;
    QTest::newRow("no value") << QByteArray("{\"a\"}") << false;
    QTest::newRow("raw control") << QByteArray("\"a\nb\"") << false;
    QTest::newRow("bad escape") << QByteArray(R"("\x41")") << false;
    QTest::newRow("short unicode escape") << QByteArray(R"("\u12")") << false;
    QTest::newRow("invalid UTF-8") << QByteArray("\"\xFF\"") << false;
    QTest::newRow("xml") << QByteArray("<Event/>") << false;
}

void TestJsonSyntax::recognisesValues()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, isJson);
    QCOMPARE(sequela::cli::isJsonValue(text.toStdString()), isJson);
}

void TestJsonSyntax::survivesDeepNesting()
{
    const std::string open(1'000'000, '[');
    QVERIFY(!sequela::cli::isJsonValue(open));
    QVERIFY(sequela::cli::isJsonValue(open + std::string(1'000'000, ']')));
}

QTEST_GUILESS_MAIN(TestJsonSyntax)
#include "tst_json_syntax.moc"
