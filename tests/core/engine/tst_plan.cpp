#include "core/engine/engine.h"
#include "core/eql/binder.h"
#include "tests/support/event_table.h"
#include "tests/support/golden.h"

#include <QTest>

using namespace sequela;

/// How queries would run over a few events that no query has met, as tests/golden/plan has it.
class TestPlan : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void golden_data();
    void golden();
    void cleanupTestCase();

private:
    test::GoldenFiles m_golden{"plan"};
};

namespace {

constexpr std::string_view events =
    R"({"@timestamp":1,"event":{"category":"process"},"host":{"id":"h"},"process":{"name":"a",)"
    R"("pid":1,"args":["x","y"],"stack":[{"symbol":"x"}]},"user":{"name":"b"}})"
    "\n"
    R"({"@timestamp":2,"event":{"category":"file"},"host":{"id":"h"},"process":{"name":"b"}})"
    "\n";

} // namespace

void TestPlan::golden_data()
{
    QTest::addColumn<std::size_t>("index");
    QVERIFY(!m_golden.cases().empty());
    for (std::size_t index = 0; index < m_golden.cases().size(); ++index) {
        QTest::newRow(m_golden.cases()[index].name.c_str()) << index;
    }
}

void TestPlan::golden()
{
    QFETCH(std::size_t, index);
    const test::GoldenCase& golden = m_golden.cases()[index];
    const auto source = tests::eventTable(events);
    const schema::FieldCatalog catalog(schema::Schema::ecs(), source->fields());
    eql::BindOptions options;
    options.dialect = golden.file.ends_with("endpoint.txt") ? eql::Dialect::Endpoint
                                                            : eql::Dialect::Elasticsearch;
    const eql::BindResult bound = eql::bindQuery(golden.input, catalog, options);
    QVERIFY(bound.query.has_value());
    engine::Engine engine(source);
    const auto plan = engine.describePlan(*bound.query);
    QVERIFY(plan.has_value());
    const QString difference = m_golden.check(index, *plan);
    QVERIFY2(difference.isEmpty(), qPrintable(difference));
}

void TestPlan::cleanupTestCase()
{
    QVERIFY(m_golden.save());
}

QTEST_GUILESS_MAIN(TestPlan)
#include "tst_plan.moc"
