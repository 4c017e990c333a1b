#include "core/schema/field_catalog.h"

#include <QtTest>

using namespace sequela;
using namespace sequela::schema;

class FieldCatalogTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sniffing_data();
    void sniffing();
    void schemaBeatsValues();
    void aliasesLeadToTheirTarget();
    void subFieldsHaveTheValuesOfTheirField();
    void unmappedIsNothing();
    void suggestionsComeClosestFirst();
    void objects();
};

namespace {

SeenField seen(std::string name, std::uint64_t strings, std::uint64_t integers,
               std::uint64_t fractions, std::uint64_t booleans)
{
    SeenField field;
    field.name = std::move(name);
    field.eventCount = strings + integers + fractions + booleans;
    field.stringCount = strings;
    field.integerCount = integers;
    field.fractionCount = fractions;
    field.booleanCount = booleans;
    return field;
}

} // namespace

void FieldCatalogTest::sniffing_data()
{
    QTest::addColumn<int>("strings");
    QTest::addColumn<int>("integers");
    QTest::addColumn<int>("fractions");
    QTest::addColumn<int>("booleans");
    QTest::addColumn<int>("type");
    QTest::addColumn<bool>("conflicting");
    const auto type = [](FieldType fieldType) { return static_cast<int>(fieldType); };
    QTest::newRow("strings") << 3 << 0 << 0 << 0 << type(FieldType::Keyword) << false;
    QTest::newRow("integers") << 0 << 3 << 0 << 0 << type(FieldType::Long) << false;
    QTest::newRow("integers and fractions") << 0 << 3 << 1 << 0 << type(FieldType::Double) << false;
    QTest::newRow("booleans") << 0 << 0 << 0 << 2 << type(FieldType::Boolean) << false;
    QTest::newRow("strings and numbers") << 1 << 1 << 0 << 0 << type(FieldType::Keyword) << true;
    QTest::newRow("numbers and booleans") << 0 << 1 << 0 << 1 << type(FieldType::Keyword) << true;
}

void FieldCatalogTest::sniffing()
{
    QFETCH(int, strings);
    QFETCH(int, integers);
    QFETCH(int, fractions);
    QFETCH(int, booleans);
    const auto count = [](int value) { return static_cast<std::uint64_t>(value); };
    const std::vector<SeenField> fields{
        seen("x", count(strings), count(integers), count(fractions), count(booleans))};
    const FieldCatalog catalog(Schema::empty(), fields);
    const auto found = catalog.find("x");
    QVERIFY(found);
    QTEST(static_cast<int>(found->type), "type");
    QTEST(found->conflicting, "conflicting");
    QVERIFY(!found->inSchema);
}

void FieldCatalogTest::schemaBeatsValues()
{
    const std::vector<SeenField> fields{seen("user.id", 0, 5, 0, 0)};
    const FieldCatalog catalog(Schema::ecs(), fields);
    const auto found = catalog.find("user.id");
    QVERIFY(found);
    QCOMPARE(found->type, FieldType::Keyword);
    QCOMPARE(found->eventCount, std::uint64_t{5});
    QVERIFY(!found->conflicting);
    QCOMPARE(catalog.find("process.name")->eventCount, std::uint64_t{0});
}

void FieldCatalogTest::aliasesLeadToTheirTarget()
{
    const auto schema = Schema::parse("a.b\tlong\nc\talias\ta.b\n", "s");
    const FieldCatalog catalog(*schema, {});
    QCOMPARE(catalog.find("c")->name, "a.b");
    QCOMPARE(catalog.find("c")->type, FieldType::Long);
}

void FieldCatalogTest::subFieldsHaveTheValuesOfTheirField()
{
    const auto schema = Schema::parse("title\ttext\ntitle.keyword\tkeyword\nbody\ttext\n"
                                      "body.words\ttext\nbox\tobject\nbox.size\tlong\n"
                                      "own\tkeyword\nown.raw\tkeyword\n",
                                      "test");
    QVERIFY(schema);
    const std::vector<SeenField> fields{seen("title", 2, 0, 0, 0), seen("body", 1, 0, 0, 0),
                                        seen("own.raw", 1, 0, 0, 0)};
    const FieldCatalog catalog(*schema, fields);
    QCOMPARE(catalog.find("title.keyword")->name, std::string("title"));
    QCOMPARE(catalog.find("title.keyword")->type, FieldType::Keyword);
    QCOMPARE(catalog.find("title.keyword")->eventCount, std::uint64_t{2});
    // A text field with an exact sub-field is compared through it; without one it is none to use.
    QCOMPARE(catalog.find("title")->type, FieldType::Keyword);
    QCOMPARE(catalog.find("body")->type, FieldType::Text);
    QCOMPARE(catalog.find("body.words")->type, FieldType::Text);
    // Members of objects and what documents spell out are fields of their own.
    QCOMPARE(catalog.find("box.size")->name, std::string("box.size"));
    QCOMPARE(catalog.find("own.raw")->name, std::string("own.raw"));
    QVERIFY(!catalog.find("title.other"));
}

void FieldCatalogTest::unmappedIsNothing()
{
    const FieldCatalog catalog(Schema::ecs(), {});
    QVERIFY(!catalog.find("nope"));
    QVERIFY(!catalog.find("Process.name"));
}

void FieldCatalogTest::suggestionsComeClosestFirst()
{
    const FieldCatalog catalog(Schema::ecs(), {});
    QCOMPARE(catalog.suggestions("destination.prt").front(), "destination.port");
    QCOMPARE(catalog.suggestions("PROCESS.NAME").front(), "process.name");
    QVERIFY(catalog.suggestions("process.nam", 2).size() <= 2);
    const auto few = Schema::parse("md5\tkeyword\npid\tlong\nppid\tlong\n", "few.tsv");
    const FieldCatalog shortCatalog(*few, {});
    QCOMPARE(shortCatalog.suggestions("md4"), std::vector<std::string>{"md5"});
    QCOMPARE(shortCatalog.suggestions("pib"), (std::vector<std::string>{"pid", "ppid"}));
    QVERIFY(shortCatalog.suggestions("xxx").empty());
    QVERIFY(catalog.suggestions("qqqqqqqqqqqqqqqqqqqqqqqqqqq").empty());
}

void FieldCatalogTest::objects()
{
    const std::vector<SeenField> fields{seen("mine.deep.leaf", 1, 0, 0, 0)};
    const FieldCatalog catalog(Schema::ecs(), fields);
    QVERIFY(catalog.isObject("mine.deep"));
    QVERIFY(catalog.isObject("process"));
    QVERIFY(!catalog.isObject("mine.deep.leaf"));
    QVERIFY(!catalog.isObject("proc"));
}

QTEST_APPLESS_MAIN(FieldCatalogTest)
#include "tst_field_catalog.moc"
