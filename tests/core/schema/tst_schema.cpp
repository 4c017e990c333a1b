#include "core/schema/field_catalog.h"

#include <QtTest>

using namespace sequela;
using namespace sequela::schema;

class SchemaTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void ecsTypes_data();
    void ecsTypes();
    void parsesLines();
    void refusesBrokenLines_data();
    void refusesBrokenLines();
    void mappingNames();
};

void SchemaTest::ecsTypes_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<int>("type");
    const auto row = [](const char* field, FieldType type) {
        QTest::newRow(field) << QString::fromLatin1(field) << static_cast<int>(type);
    };
    row("@timestamp", FieldType::Date);
    row("process.name", FieldType::Keyword);
    row("process.command_line", FieldType::Keyword);
    row("process.pid", FieldType::Long);
    row("destination.ip", FieldType::Ip);
    row("destination.port", FieldType::Long);
    row("user.id", FieldType::Keyword);
    row("process.code_signature.trusted", FieldType::Boolean);
    row("message", FieldType::Keyword);
}

void SchemaTest::ecsTypes()
{
    QFETCH(QString, field);
    const auto type = Schema::ecs()->type(field.toStdString());
    QVERIFY(type);
    QTEST(static_cast<int>(*type), "type");
    QVERIFY(!Schema::ecs()->type("process.nmae"));
    QVERIFY(!Schema::ecs()->type("field"));
}

void SchemaTest::parsesLines()
{
    const auto schema = Schema::parse("\xEF\xBB\xBF# mine\r\nts\tdate\r\n\nopcode\tlong\n"
                                      "kind\talias\topcode\nname\twildcard",
                                      "s.tsv");
    QVERIFY(schema);
    QCOMPARE((*schema)->type("ts"), FieldType::Date);
    QCOMPARE((*schema)->type("name"), FieldType::Keyword);
    QCOMPARE((*schema)->aliasTarget("kind"), "opcode");
    QCOMPARE((*schema)->names().size(), std::size_t{4});
    QVERIFY(!(*schema)->type("kind"));
}

void SchemaTest::refusesBrokenLines_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("line");
    QTest::newRow("no type") << "a\tlong\nb" << 2;
    QTest::newRow("unknown type") << "a\tnumber" << 1;
    QTest::newRow("alias to nowhere") << "a\talias" << 1;
    QTest::newRow("dangling alias") << "a\talias\tb" << 0;
}

void SchemaTest::refusesBrokenLines()
{
    QFETCH(QString, text);
    QFETCH(int, line);
    const auto schema = Schema::parse(text.toStdString(), "s.tsv");
    QVERIFY(!schema);
    QCOMPARE(schema.error().begin.has_value(), line > 0);
    QCOMPARE(schema.error().code, std::string(line > 0 ? "schema-line" : "schema-alias"));
    if (line > 0) {
        QCOMPARE(static_cast<int>(schema.error().begin->line), line);
        QCOMPARE(schema.error().file, "s.tsv");
    }
    QVERIFY(!schema.error().hint.empty());
}

void SchemaTest::mappingNames()
{
    QCOMPARE(fieldTypeFromMapping("scaled_float"), FieldType::Double);
    QCOMPARE(fieldTypeFromMapping("unsigned_long"), FieldType::Long);
    QCOMPARE(fieldTypeFromMapping("nested"), FieldType::Object);
    QVERIFY(!fieldTypeFromMapping("alias"));
    for (const FieldType type : {FieldType::Keyword, FieldType::Text, FieldType::Long,
                                 FieldType::Double, FieldType::Boolean, FieldType::Date,
                                 FieldType::Ip, FieldType::Version, FieldType::Object}) {
        QCOMPARE(fieldTypeFromMapping(fieldTypeName(type)), type);
    }
}

QTEST_APPLESS_MAIN(SchemaTest)
#include "tst_schema.moc"
