#include "core/rules/rule_file.h"

#include <QtTest>

using namespace sequela::rules;

class FilterTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void conditions_data();
    void conditions();
    void unsupported_data();
    void unsupported();
};

namespace {

RuleEntry ruleWithFilters(const QByteArray& filters)
{
    const QByteArray line =
        R"({"name":"n","rule_id":"i","type":"eql","language":"eql","severity":"low",)"
        R"("risk_score":21,"query":"any where true","filters":)"
        + filters + "}";
    auto entries = readRuleExport(line.toStdString(), "x.ndjson");
    return entries.at(0);
}

} // namespace

void FilterTest::conditions_data()
{
    QTest::addColumn<QByteArray>("filters");
    QTest::addColumn<QByteArray>("condition");
    const auto row = [](const char* name, const char* filters, const char* condition) {
        QTest::newRow(name) << QByteArray(filters) << QByteArray(condition);
    };
    row("none", "[]", "");
    row("phrase", R"([{"meta":{},"query":{"match_phrase":{"a.b":"x\"y\\"}}}])",
        R"((?a.b == "x\"y\\"))");
    row("phrase with options", R"([{"query":{"match_phrase":{"a":{"query":5}}}}])", "(?a == 5)");
    row("phrase, nested field", R"([{"query":{"match_phrase":{"a":{"b":"x"}}}}])",
        R"((?a.b == "x"))");
    row("match of type phrase", R"([{"query":{"match":{"a":{"query":true,"type":"phrase"}}}}])",
        "(?a == true)");
    row("phrases",
        R"([{"query":{"bool":{"should":[{"match_phrase":{"a":"x"}},{"match_phrase":{"a":"y"}}],)"
        R"("minimum_should_match":1}}}])",
        R"((?a == "x" or ?a == "y"))");
    row("exists, negated", R"([{"meta":{"negate":true},"query":{"exists":{"field":"a"}}}])",
        "(not (?a != null))");
    row("exists beside meta", R"([{"meta":{},"exists":{"field":"a"}}])", "(?a != null)");
    row("range", R"([{"query":{"range":{"a":{"gte":1,"lt":5}}}}])",
        "(?a != null and ?a >= 1 and ?a < 5)");
    row("two filters", R"([{"query":{"exists":{"field":"a"}}},{"query":{"exists":{"field":"b"}}}])",
        "(?a != null) and (?b != null)");
    row("disabled has no effect",
        R"([{"meta":{"disabled":true},"query":{"exists":{"field":"a"}}}])", "");
    row("disabled and unsupported",
        R"([{"meta":{"disabled":true},"query":{"geo_shape":{"field":"a"}}}])", "");
    row("name that needs quotes", R"([{"query":{"exists":{"field":"a.b-c.in"}}}])",
        "(?a.`b-c`.`in` != null)");
}

void FilterTest::conditions()
{
    QFETCH(QByteArray, filters);
    QFETCH(QByteArray, condition);
    const RuleEntry entry = ruleWithFilters(filters);
    QCOMPARE(entry.status, RuleStatus::Loaded);
    QCOMPARE(QByteArray::fromStdString(conditionOf(entry.rule->filters)), condition);
}

void FilterTest::unsupported_data()
{
    QTest::addColumn<QByteArray>("filters");
    QTest::addColumn<QByteArray>("reason");
    const auto row = [](const char* name, const char* filters, const char* reason) {
        QTest::newRow(name) << QByteArray(filters) << QByteArray(reason);
    };
    row("wildcard", R"([{"query":{"wildcard":{"a":{"value":"x*"}}}}])",
        "unsupported filter (wildcard)");
    row("match without type", R"([{"query":{"match":{"a":"x"}}}])", "unsupported filter (match)");
    row("must", R"([{"query":{"bool":{"must":[]}}}])", "unsupported filter (bool)");
    row("phrases on two fields",
        R"([{"query":{"bool":{"should":[{"match_phrase":{"a":"x"}},{"match_phrase":{"b":"y"}}]}}}])",
        "unsupported filter (bool)");
    row("range with format", R"([{"query":{"range":{"a":{"gte":1,"format":"x"}}}}])",
        "unsupported filter (range)");
    row("range without bounds", R"([{"query":{"range":{"a":{}}}}])", "unsupported filter (range)");
    row("no query", R"([{"meta":{}}])", "unsupported filter (custom)");
    row("not a list", R"({"a":1})", "unsupported filter (not a list)");
    row("not objects", R"(["x"])", "unsupported filter (custom)");
}

void FilterTest::unsupported()
{
    QFETCH(QByteArray, filters);
    QFETCH(QByteArray, reason);
    const RuleEntry entry = ruleWithFilters(filters);
    QCOMPARE(entry.status, RuleStatus::NotRun);
    QCOMPARE(entry.notRunReason, NotRunReason::UnsupportedFilter);
    QCOMPARE(QByteArray::fromStdString(entry.reason), reason);
    QVERIFY(entry.rule != nullptr);
}

QTEST_GUILESS_MAIN(FilterTest)
#include "tst_filter.moc"
