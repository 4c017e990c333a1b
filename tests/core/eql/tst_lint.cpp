#include "core/eql/binder.h"
#include "core/eql/lint.h"
#include "core/eql/parser.h"
#include "core/eql/twin_lint.h"

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
    void findsTwins_data();
    void findsTwins();
};

void TestLint::finds_data()
{
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* query, const char* expected) {
        QTest::newRow(query) << QString(expected);
    };
    row("any where name : \"x\"", "");
    row("any where name == \"x*\"", "eql-lint-wildcard-literal @18");
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

void TestLint::findsTwins_data()
{
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* query, const char* expected) {
        QTest::newRow(query) << QString(expected);
    };
    row("any where name : \"Ab*\"", "");
    row("any where name == \"123\"", "");
    row("any where name == \"a\"", "eql-twin-case @10");
    row("any where \"A\" == name", "eql-twin-case @10");
    row("any where name == \"\u00E9\"", "eql-twin-case @10");
    row("any where name in (\"1\", \"a\")", "eql-twin-case @10");
    row("any where name in~ (\"1\", \"a\")", "");
    row("any where name like \"a*\"", "eql-twin-case @15");
    row("any where name like~ \"a*\"", "");
    row("any where startsWith(name, \"a\")", "eql-twin-case @10");
    row("any where startsWith~(name, \"a\")", "");
    row("any where length(name) == 1", "");
    row("any where name == \"a\" or name == \"b\"", "eql-twin-case @10");
    row("any where name == \"1*\"", "eql-twin-wildcard @10");
    row("any where name == \"1?\"", "");
    row("any where name : \"1?\"", "eql-twin-wildcard @15");
    row("any where name regex \"1\"", "eql-twin-wildcard @15");
    row("any where name != \"1\"", "eql-twin-null @10");
    row("any where not name : \"1\"", "eql-twin-null @10");
    row("any where name != null and name != \"1\"", "");
    row("any where name : \"2\" and not name : \"1\"", "");
    row("any where rare != null and name != \"1\"", "eql-twin-null @27");
    row("any where name == null", "");
    row("any where name != null", "");
    row("sequence by name [any where true] [any where true]", "eql-twin-null-key @9");
    row("sequence by ?name [any where true] [any where true]", "");
    row("sequence [any where true] by name [any where true] by name", "eql-twin-null-key @26");
    row("sequence [any where true] [any where true] until [any where true]", "eql-twin-until @49");
}

void TestLint::findsTwins()
{
    QFETCH(QString, expected);
    const std::string text = QTest::currentDataTag();
    const schema::FieldCatalog catalog = makeCatalog();
    const BindResult bound = bindQuery(text, catalog, {});
    QVERIFY(bound.query.has_value());
    QStringList found;
    for (const Diagnostic& each :
         lintTwins(parseQuery(text, Dialect::Elasticsearch).query, *bound.query)) {
        QCOMPARE(each.severity, Severity::Note);
        QVERIFY(!each.message.empty() && !each.hint.empty());
        found << QString("%1 @%2").arg(QString::fromStdString(each.code)).arg(each.span->begin);
    }
    QCOMPARE(found.join(' '), expected);
}

QTEST_GUILESS_MAIN(TestLint)
#include "tst_lint.moc"
