#include "core/eql/binder.h"
#include "core/eql/lint.h"
#include "core/eql/parser.h"

#include <QTest>

using namespace sequela;
using namespace sequela::eql;

namespace {

schema::SeenField seen(const char* name, std::uint64_t events)
{
    schema::SeenField field;
    field.name = name;
    field.eventCount = events;
    field.stringCount = events;
    return field;
}

/// A hundred events; `rare` is in ten of them, `mixed` holds texts and numbers.
schema::FieldCatalog makeCatalog()
{
    std::vector<schema::SeenField> fields{seen("event.category", 100), seen("name", 100),
                                          seen("rare", 10), seen("mixed", 100)};
    fields.back().integerCount = 5;
    const auto schema = schema::Schema::parse("nowhere\tkeyword\n", "test.tsv");
    return {*schema, fields};
}

} // namespace

class TestLint : public QObject {
    Q_OBJECT

private slots:
    void finds_data();
    void finds();
    void fixesApply();
    void saysNothingOfEmptyData();
};

void TestLint::finds_data()
{
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* query, const char* expected) {
        QTest::newRow(query) << QString(expected);
    };
    row("any where name : \"x\"", "");
    row("any where name == \"x*\"", "eql-lint-case @15 eql-lint-wildcard-literal @18");
    row("any where name != \"?\"", "eql-lint-wildcard-literal @18");
    row("any where name in (\"a\", \"b*\")", "eql-lint-wildcard-literal @24");
    row("any where nowhere : \"x\" or nowhere : \"y\"", "eql-lint-unpopulated-field @10");
    row("any where not rare : \"x\"", "eql-lint-often-missing @10");
    row("any where rare != null", "");
    row("any where rare : \"x\"", "");
    row("any where mixed : \"x\"", "eql-lint-mixed-types @10");
    row("any where name : \"*x\"", "eql-lint-leading-wildcard @17");
    row("any where name : \"*\"", "");
    row("any where name regex \".*x\"", "eql-lint-leading-wildcard @21");
    row("any where name regex \"x.*\"", "");
    row("any where ?nope : \"x\"", "eql-lint-constant @10");
    row("sequence by name [any where name : \"x\"] [any where true]", "eql-lint-no-maxspan @0");
    row("sequence by name with maxspan=1m [any where true] [any where name : \"x\"]",
        "eql-lint-loose-stage @33");
    row("sequence by name with maxspan=1m [any where name : \"x\"] [any where true]", "");
    row("sequence by name with maxspan=1m [any where name : \"x\"] [any where true] until [any "
        "where false]",
        "eql-lint-unused-until @79 eql-lint-constant @90");
    row("sample by name [any where name : \"x\"] [any where name : \"y\"]", "");
}

void TestLint::finds()
{
    QFETCH(QString, expected);
    const std::string text = QTest::currentDataTag();
    const schema::FieldCatalog catalog = makeCatalog();
    const ParsedQuery parsed = parseQuery(text, Dialect::Elasticsearch);
    const BindResult bound = bindQuery(text, catalog, {});
    QVERIFY(bound.query.has_value());
    QStringList found;
    for (const Diagnostic& each : lint(parsed.query, text, *bound.query, catalog)) {
        QVERIFY(each.severity != Severity::Error);
        QVERIFY(!each.message.empty());
        found << QString("%1 @%2").arg(QString::fromStdString(each.code)).arg(each.span->begin);
    }
    QCOMPARE(found.join(' '), expected);
}

void TestLint::fixesApply()
{
    const schema::FieldCatalog catalog = makeCatalog();
    for (const std::string text : {"any where name == \"1*\"",
                                   "sequence by name [any where name : \"x\"] [any where true]"}) {
        const ParsedQuery parsed = parseQuery(text, Dialect::Elasticsearch);
        const BindResult bound = bindQuery(text, catalog, {});
        const auto problems = lint(parsed.query, text, *bound.query, catalog);
        QCOMPARE(problems.size(), std::size_t{1});
        const SuggestedFix& fix = problems.front().fixes.front();
        std::string fixed = text;
        fixed.replace(fix.span.begin, fix.span.length(), fix.replacement);
        const BindResult again = bindQuery(fixed, catalog, {});
        QVERIFY2(again.query.has_value(), fixed.c_str());
        QVERIFY(lint(parseQuery(fixed, Dialect::Elasticsearch).query, fixed, *again.query, catalog)
                    .empty());
    }
}

void TestLint::saysNothingOfEmptyData()
{
    const schema::FieldCatalog catalog(schema::Schema::ecs(), {});
    const std::string text = "any where process.name : \"x\" and process.pid != 4";
    const BindResult bound = bindQuery(text, catalog, {});
    QVERIFY(bound.query.has_value());
    QVERIFY(
        lint(parseQuery(text, Dialect::Elasticsearch).query, text, *bound.query, catalog).empty());
}

QTEST_GUILESS_MAIN(TestLint)
#include "tst_lint.moc"
