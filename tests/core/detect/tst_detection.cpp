#include "core/base/sha256.h"
#include "core/detect/alert_details.h"
#include "core/eql/binder.h"
#include "tests/core/detect/detect_fixture.h"

#include <QtTest>

#include <chrono>
#include <thread>

using namespace sequela;
using namespace sequela::detect;
using namespace sequela::detect::testing;

/// Runs of rule sets: what is run and what is not, filters, overrides, suppression, threads.
class DetectionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void statuses_data();
    void statuses();
    void neverSuppressesWhatMatches_data();
    void neverSuppressesWhatMatches();
    void accountsForFilesThatAreNotRun_data();
    void accountsForFilesThatAreNotRun();
    void ruleFilters_data();
    void ruleFilters();
    void matchIndex_data();
    void matchIndex();
    void overrides_data();
    void overrides();
    void suppression_data();
    void suppression();
    void buildingBlocksStay();
    void switchedOffRulesRunOnRequest();
    void excludedEventsAreGoneEverywhere_data();
    void excludedEventsAreGoneEverywhere();
    void doesNotDependOnThreadsOrSegments();
    void sameRuleTwiceGivesAlertsOnce();
    void alertsAreSorted();
    void runtimeErrors();
    void strictFieldsBreakRules();
    void cancels();
    void detailsTellWhy();
    void eventsBetweenIncludesBothEnds();
};

namespace {

const std::string_view events = R"(
{"@timestamp":1000,"event.id":"a","event.category":"process","process.name":"one","process.pid":7,"user.name":"u"}
{"@timestamp":2000,"event.id":"b","event.category":"process","process.name":"two","process.pid":7}
{"@timestamp":3000,"event.id":"c","event.category":["network","session"],"process.pid":7,"destination.ip":"10.0.0.1"}
{"@timestamp":4000,"event.id":"d","process.name":"none"}
)";

QString textOf(const std::string& text)
{
    return QString::fromStdString(text);
}

} // namespace

void DetectionTest::statuses_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("status");
    QTest::addColumn<QString>("alerts");
    const auto row = [](const char* name, const char* query, const char* status,
                        const char* alerts = "") {
        QTest::newRow(name) << query << status << alerts;
    };
    row("matches", "process where process.name == \"one\"", "ran", "a");
    row("runs without a match", "process where process.name == \"three\"", "ran");
    row("category nobody has", "dns where true", "missing-category");
    row("category in a list", "session where true", "ran", "c");
    row("category has another case", "Process where true", "missing-category");
    row("any needs no category", "any where process.name == \"none\"", "ran", "d");
    row("field never populated", "process where file.name == \"x\"", "field-never-populated");
    row("one conjunct never populated", "any where process.pid == 7 and file.name : \"x*\"",
        "field-never-populated");
    row("every branch never populated", "any where file.name == \"x\" or file.path == \"y\"",
        "field-never-populated");
    row("one branch populated", "any where file.name == \"x\" or process.name == \"two\"", "ran",
        "b");
    row("list of values", "any where file.name in (\"x\", \"y\")", "field-never-populated");
    row("cidr", "any where cidrMatch(source.ip, \"10.0.0.0/8\")", "field-never-populated");
    row("later stage", "sequence [process where true] [file where true]", "missing-category");
    row("later stage's field", "sequence [process where true] [any where file.name == \"x\"]",
        "field-never-populated");
    row("broken query", "process where", "broken");
}

void DetectionTest::statuses()
{
    QFETCH(QString, query);
    const Case data(events);
    const auto found = data.run({ruleToml("r", query.toStdString())});
    QVERIFY(found.has_value());
    QCOMPARE(found->outcomes.size(), std::size_t{1});
    QTEST(textOf(std::string(ruleStatusName(found->outcomes[0].status))), "status");
    QTEST(textOf(alertsOf(*found)), "alerts");
    QCOMPARE(found->outcomes[0].reason.empty(), found->outcomes[0].status == RuleStatus::Ran);
}

void DetectionTest::neverSuppressesWhatMatches_data()
{
    QTest::addColumn<QString>("query");
    for (const char* const query :
         {"any where not file.name == \"x\"",
          "any where file.name != \"x\"",
          "any where file.name == null",
          "any where not (file.name == \"x\" and file.path == \"y\")",
          "any where not file.name : \"*\"",
          "any where not file.name like~ (\"a*\", \"b\")",
          "any where not file.name in (\"x\")",
          "any where file.name not in (\"x\")",
          "any where ?file.name == null",
          "any where ?no.such.field == null",
          "any where ?no.such.field != \"x\"",
          "any where not cidrMatch(source.ip, \"10.0.0.0/8\")",
          "any where file.name == \"x\" or true",
          "any where (file.name == \"x\" and process.pid == 7) or process.pid == 7",
          "any where not (file.name > \"a\")",
          "any where length(file.name) == null",
          "any where concat(\"a\", file.name) == null",
          "any where true",
          "process where not (process.name == \"one\" and file.size > 3)",
          "sequence by process.pid with maxspan=1m [process where true] ![file where true] "
          "[network where true]",
          "sequence by process.pid with maxspan=1m [process where true] "
          "![network where file.name == \"x\"] [process where true]",
          "sequence by process.pid with maxspan=1m [process where file.name != \"x\"] "
          "[network where true] until [dns where true]",
          "sequence by ?file.name [process where true] [network where true]",
          "sequence with maxspan=1m [any where process.pid == 7] with runs=2",
          "sample by process.pid [process where true] [network where true]"}) {
        QTest::newRow(query) << query;
    }
}

void DetectionTest::neverSuppressesWhatMatches()
{
    QFETCH(QString, query);
    const Case data(events);
    const eql::BindResult bound = eql::bindQuery(query.toStdString(), data.catalog, {});
    QVERIFY2(bound.query, bound.diagnostics.empty() ? "" : bound.diagnostics[0].message.c_str());
    const auto expected = data.engine->run(*bound.query, {});
    QVERIFY(expected.has_value());
    QVERIFY2(!expected->matches.empty(), "the row tests nothing: its query matches nothing");
    const auto found = data.run({ruleToml("r", query.toStdString())});
    QVERIFY(found.has_value());
    QCOMPARE(ruleStatusName(found->outcomes[0].status), std::string_view("ran"));
    QCOMPARE(found->alerts.size(), expected->matches.size());
}

void DetectionTest::accountsForFilesThatAreNotRun_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("status");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char* name, const std::string& file, const char* status,
                        const char* reason) {
        QTest::newRow(name) << textOf(file) << status << reason;
    };
    row("other type",
        "[rule]\nname=\"n\"\nrule_id=\"r\"\nseverity=\"low\"\nrisk_score=21\ntype=\"esql\"\n"
        "language=\"esql\"\nquery='from x'\n",
        "other-type", "not run: type esql");
    row("script filter",
        ruleToml("r", "any where true",
                 "[[rule.filters]]\n[rule.filters.query.script]\nsource = \"1\"\n"),
        "unsupported", "not run: unsupported filter");
    row("no TOML", "[rule", "broken", "");
    row("no rule", "[tool]\nname = \"x\"\n", "not-a-rule", "");
    row("switched off", ruleToml("r", "any where true", "enabled = false\n"), "disabled",
        "not run: the rule is switched off");
}

void DetectionTest::accountsForFilesThatAreNotRun()
{
    QFETCH(QString, file);
    QFETCH(QString, reason);
    const Case data(events);
    const auto found = data.run({file.toStdString(), ruleToml("other", "process where true")});
    QVERIFY(found.has_value());
    QCOMPARE(found->outcomes.size(), std::size_t{2});
    QTEST(textOf(std::string(ruleStatusName(found->outcomes[0].status))), "status");
    QVERIFY(!found->outcomes[0].reason.empty());
    QVERIFY2(textOf(found->outcomes[0].reason).startsWith(reason),
             found->outcomes[0].reason.c_str());
    QCOMPARE(alertsOf(*found), std::string("a b"));
}

void DetectionTest::ruleFilters_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("alerts");
    const auto row = [](const char* name, const char* filter, const char* alerts) {
        QTest::newRow(name) << filter << alerts;
    };
    row("phrase", "[rule.filters.query.match_phrase]\n\"process.name\" = \"one\"\n", "a");
    row("negated phrase",
        "[rule.filters.meta]\nnegate = true\n"
        "[rule.filters.query.match_phrase]\n\"process.name\" = \"one\"\n",
        "b c d");
    row("number", "[rule.filters.query.match_phrase]\n\"process.pid\" = 7\n", "a b c");
    row("phrases",
        "[rule.filters.query.bool]\nminimum_should_match = 1\n"
        "[[rule.filters.query.bool.should]]\n"
        "[rule.filters.query.bool.should.match_phrase]\n\"process.name\" = \"one\"\n"
        "[[rule.filters.query.bool.should]]\n"
        "[rule.filters.query.bool.should.match_phrase]\n\"process.name\" = \"none\"\n",
        "a d");
    row("exists", "[rule.filters.query.exists]\nfield = \"user.name\"\n", "a");
    row("does not exist",
        "[rule.filters.meta]\nnegate = true\n[rule.filters.query.exists]\nfield = \"user.name\"\n",
        "b c d");
    row("field nobody has", "[rule.filters.query.exists]\nfield = \"no.such\"\n", "");
    row("range", "[rule.filters.query.range.\"process.pid\"]\ngte = 7\nlt = 8\n", "a b c");
    row("empty range", "[rule.filters.query.range.\"process.pid\"]\ngt = 7\n", "");
    row("switched off",
        "[rule.filters.meta]\ndisabled = true\n"
        "[rule.filters.query.match_phrase]\n\"process.name\" = \"one\"\n",
        "a b c d");
}

void DetectionTest::ruleFilters()
{
    QFETCH(QString, filter);
    const Case data(events);
    const auto found =
        data.run({ruleToml("r", "any where true", "[[rule.filters]]\n" + filter.toStdString())});
    QVERIFY(found.has_value());
    QVERIFY2(found->outcomes[0].status == RuleStatus::Ran, found->outcomes[0].reason.c_str());
    QTEST(textOf(alertsOf(*found)), "alerts");
}

void DetectionTest::matchIndex_data()
{
    QTest::addColumn<QString>("index");
    QTest::addColumn<bool>("enforced");
    QTest::addColumn<QString>("alerts");
    const auto row = [](const char* name, const char* index, bool enforced, const char* alerts) {
        QTest::newRow(name) << index << enforced << alerts;
    };
    row("shown only", "[\"other-*\"]", false, "a b c d");
    row("wrapper's index", "[\"logs-x\"]", true, "a");
    row("backing index of a data stream", "[\"logs-endpoint.events-*\"]", true, "b c");
    row("data stream of the event", "[\"logs-endpoint.events-default\"]", true, "b c");
    row("excluded", "[\"logs-*\", \"-logs-x\"]", true, "b c");
    row("other cluster", "[\"far:logs-x\"]", true, "a");
    row("nothing", "[\"metrics-*\"]", true, "");
}

void DetectionTest::matchIndex()
{
    QFETCH(QString, index);
    QFETCH(bool, enforced);
    const Case data(R"(
{"@timestamp":1,"event.id":"a","_index":"logs-x"}
{"@timestamp":2,"event.id":"b","_index":".ds-logs-endpoint.events-default-2024.01.31-000001"}
{"@timestamp":3,"event.id":"c","data_stream":{"type":"logs","dataset":"endpoint.events","namespace":"default"}}
{"@timestamp":4,"event.id":"d"}
)");
    DetectOptions options;
    options.matchIndex = enforced;
    const auto found = data.run(
        {ruleToml("r", "any where true", "index = " + index.toStdString() + "\n")}, options);
    QVERIFY(found.has_value());
    QTEST(textOf(alertsOf(*found)), "alerts");
}

void DetectionTest::overrides_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("more");
    QTest::addColumn<QString>("severity");
    QTest::addColumn<int>("risk");
    QTest::addColumn<QString>("name");
    const auto row = [](const char* name, const char* query, const char* more, const char* severity,
                        int risk, const char* alertName) {
        QTest::newRow(name) << query << more << severity << risk << alertName;
    };
    const char* const one = "any where event.id == \"a\"";
    const char* const both = "sequence [any where event.id == \"a\"] [any where event.id == \"b\"]";
    row("none", one, "", "medium", 47, "Rule r");
    row("severity", one,
        "[[rule.severity_mapping]]\nfield = \"event.severity\"\noperator = \"equals\"\n"
        "value = \"3\"\nseverity = \"high\"\n",
        "high", 47, "Rule r");
    row("severity may fall", one,
        "[[rule.severity_mapping]]\nfield = \"event.severity\"\noperator = \"equals\"\n"
        "value = \"3\"\nseverity = \"low\"\n",
        "low", 47, "Rule r");
    row("highest severity wins", one,
        "[[rule.severity_mapping]]\nfield = \"event.severity\"\noperator = \"equals\"\n"
        "value = \"3\"\nseverity = \"critical\"\n"
        "[[rule.severity_mapping]]\nfield = \"event.severity\"\noperator = \"equals\"\n"
        "value = \"3\"\nseverity = \"low\"\n",
        "critical", 47, "Rule r");
    row("severity of another value", one,
        "[[rule.severity_mapping]]\nfield = \"event.severity\"\noperator = \"equals\"\n"
        "value = \"4\"\nseverity = \"high\"\n",
        "medium", 47, "Rule r");
    row("severity where not all stages agree", both,
        "[[rule.severity_mapping]]\nfield = \"event.severity\"\noperator = \"equals\"\n"
        "value = \"3\"\nseverity = \"high\"\n",
        "medium", 47, "Rule r");
    row("risk score from a field", one,
        "[[rule.risk_score_mapping]]\nfield = \"event.risk_score\"\noperator = \"equals\"\n"
        "value = \"\"\n",
        "medium", 81, "Rule r");
    row("risk score out of range", one,
        "[[rule.risk_score_mapping]]\nfield = \"process.pid\"\noperator = \"equals\"\n"
        "value = \"\"\n",
        "medium", 47, "Rule r");
    row("risk score that is no number", one,
        "[[rule.risk_score_mapping]]\nfield = \"message\"\noperator = \"equals\"\n"
        "value = \"\"\n",
        "medium", 47, "Rule r");
    row("risk score of a missing field", one,
        "[[rule.risk_score_mapping]]\nfield = \"no.such\"\noperator = \"equals\"\n"
        "value = \"\"\n",
        "medium", 47, "Rule r");
    row("name", one, "rule_name_override = \"message\"\n", "medium", 47, "hello");
    row("name of a missing field", one, "rule_name_override = \"no.such\"\n", "medium", 47,
        "Rule r");
    row("name that all stages share", both, "rule_name_override = \"host.name\"\n", "medium", 47,
        "h");
    row("name that stages do not share", both, "rule_name_override = \"message\"\n", "medium", 47,
        "Rule r");
}

void DetectionTest::overrides()
{
    QFETCH(QString, query);
    QFETCH(QString, more);
    const Case data(R"(
{"@timestamp":1,"event.id":"a","host.name":"h","event.severity":3,"event.risk_score":81.9,"process.pid":101,"message":"hello"}
{"@timestamp":2,"event.id":"b","host.name":"h","event.severity":2,"message":"other"}
)");
    const auto found = data.run({ruleToml("r", query.toStdString(), more.toStdString())});
    QVERIFY(found.has_value());
    QVERIFY2(found->alerts.size() == 1, found->outcomes[0].reason.c_str());
    const Alert& alert = found->alerts[0];
    QTEST(textOf(std::string(rules::severityText(alert.severity))), "severity");
    QTEST(alert.riskScore, "risk");
    QTEST(textOf(alert.name), "name");
    QCOMPARE(alert.rule->name, std::string("Rule r"));
}

void DetectionTest::suppression_data()
{
    QTest::addColumn<QString>("settings");
    QTest::addColumn<QString>("alerts");
    const auto row = [](const char* name, const char* settings, const char* alerts) {
        QTest::newRow(name) << settings << alerts;
    };
    row("none", "", "a b c d e f");
    row("by host", "group_by = [\"host.name\"]\n", "a+2 d e+1");
    row("missing together", "group_by = [\"host.name\"]\nmissing_fields_strategy = \"suppress\"\n",
        "a+2 d e+1");
    row("missing apart",
        "group_by = [\"host.name\"]\nmissing_fields_strategy = \"doNotSuppress\"\n", "a+2 d e f");
    row("by two fields", "group_by = [\"host.name\", \"user.name\"]\n", "a+1 b d e+1");
    row("within a time",
        "group_by = [\"host.name\"]\n[rule.alert_suppression.duration]\nvalue = 90\nunit = \"s\"\n",
        "a+1 c d e+1");
}

void DetectionTest::suppression()
{
    QFETCH(QString, settings);
    const Case data(R"(
{"@timestamp":"2024-01-01T00:00:00Z","event.id":"a","host.name":"x","user.name":"u"}
{"@timestamp":"2024-01-01T00:01:00Z","event.id":"b","host.name":"x","user.name":"v"}
{"@timestamp":"2024-01-01T00:02:00Z","event.id":"c","host.name":"x","user.name":"u"}
{"@timestamp":"2024-01-01T00:03:00Z","event.id":"d","host.name":"y","user.name":"u"}
{"@timestamp":"2024-01-01T00:04:00Z","event.id":"e","user.name":"u"}
{"@timestamp":"2024-01-01T00:05:00Z","event.id":"f","user.name":"u"}
)");
    const auto found = data.run({ruleToml(
        "r", "any where true",
        settings.isEmpty() ? "" : "[rule.alert_suppression]\n" + settings.toStdString())});
    QVERIFY(found.has_value());
    QVERIFY2(found->outcomes[0].status == RuleStatus::Ran, found->outcomes[0].reason.c_str());
    QCOMPARE(found->outcomes[0].matchCount, std::uint64_t{6});
    QCOMPARE(found->outcomes[0].alertCount, found->alerts.size());
    QTEST(textOf(alertsOf(*found)), "alerts");
}

void DetectionTest::buildingBlocksStay()
{
    const Case data(events);
    const auto found =
        data.run({ruleToml("r", "process where true", "building_block_type = \"default\"\n")});
    QVERIFY(found.has_value());
    QCOMPARE(alertsOf(*found), std::string("a b"));
    QVERIFY(found->alerts[0].rule->buildingBlock);
}

void DetectionTest::switchedOffRulesRunOnRequest()
{
    const Case data(events);
    DetectOptions options;
    options.includeDisabled = true;
    const auto found =
        data.run({ruleToml("r", "process where true", "enabled = false\n")}, options);
    QVERIFY(found.has_value());
    QCOMPARE(alertsOf(*found), std::string("a b"));
}

void DetectionTest::excludedEventsAreGoneEverywhere_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<int>("excluded");
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    const auto row = [](const char* name, const char* query, int excluded, const char* before,
                        const char* after) {
        QTest::newRow(name) << query << excluded << before << after;
    };
    row("event query", "process where true", 0, "a b c", "b c");
    row("a sequence re-forms", "sequence [process where true] [network where true]", 2, "c,d",
        "b,d");
    row("last stage", "sequence [process where true] [network where true]", 3, "c,d", "");
    row("until",
        "sequence [process where event.id == \"a\"] [network where true] "
        "until [process where event.id == \"b\"]",
        1, "", "a,d");
    row("missing event",
        "sequence with maxspan=1h [process where event.id == \"a\"] "
        "![process where event.id == \"b\"] [network where true]",
        1, "", "a,-,d");
}

void DetectionTest::excludedEventsAreGoneEverywhere()
{
    QFETCH(QString, query);
    QFETCH(int, excluded);
    const Case data(R"(
{"@timestamp":1000,"event.id":"a","event.category":"process"}
{"@timestamp":2000,"event.id":"b","event.category":"process"}
{"@timestamp":3000,"event.id":"c","event.category":"process"}
{"@timestamp":4000,"event.id":"d","event.category":"network"}
)");
    DetectOptions options;
    const auto before = data.run({ruleToml("r", query.toStdString())}, options);
    QVERIFY(before.has_value());
    QTEST(textOf(alertsOf(*before)), "before");
    options.excluded = [&](const rules::Rule& rule) {
        auto set = std::make_shared<engine::EventSet>(data.events->eventCount());
        set->insert(EventNumber(static_cast<std::uint32_t>(excluded)));
        return rule.id == "r" ? std::shared_ptr<const engine::EventSet>(set) : nullptr;
    };
    const auto after = data.run({ruleToml("r", query.toStdString())}, options);
    QVERIFY(after.has_value());
    QTEST(textOf(alertsOf(*after)), "after");
}

void DetectionTest::doesNotDependOnThreadsOrSegments()
{
    std::string lines;
    for (int index = 0; index < 600; ++index) {
        lines += "{\"@timestamp\":" + std::to_string(1000 + index / 3)
                 + ",\"event.category\":\"process\",\"process.pid\":" + std::to_string(index % 7)
                 + ",\"process.name\":\"p" + std::to_string(index % 11) + "\"}\n";
    }
    std::vector<std::string> rules;
    for (int index = 0; index < 12; ++index) {
        const std::string number = std::to_string(index);
        rules.push_back(
            ruleToml("e" + number, "process where process.name == \"p" + number + "\""));
        rules.push_back(ruleToml("s" + number, "sequence by process.pid [any where process.name == "
                                               "\"p"
                                                   + number + "\"] [any where true]"));
    }
    std::optional<Detection> expected;
    for (const std::size_t segmentSize : {1U, 64U, 1024U}) {
        const Case data(lines, segmentSize);
        for (const std::size_t threads : {1U, 2U, 32U}) {
            DetectOptions options;
            options.threadCount = threads;
            auto found = data.run(rules, options);
            QVERIFY(found.has_value());
            if (!expected) {
                expected = std::move(*found);
                QVERIFY(expected->alerts.size() > 600);
                continue;
            }
            QCOMPARE(found->alerts.size(), expected->alerts.size());
            for (std::size_t index = 0; index < found->alerts.size(); ++index) {
                QCOMPARE(found->alerts[index].id, expected->alerts[index].id);
                QCOMPARE(found->alerts[index].joinKeys, expected->alerts[index].joinKeys);
            }
            for (std::size_t index = 0; index < rules.size(); ++index) {
                QCOMPARE(found->outcomes[index].entryIndex, index);
                QCOMPARE(found->outcomes[index].ruleId, expected->outcomes[index].ruleId);
                QCOMPARE(found->outcomes[index].alertCount, expected->outcomes[index].alertCount);
            }
        }
    }
}

void DetectionTest::sameRuleTwiceGivesAlertsOnce()
{
    const Case data(events);
    const auto found = data.run(
        {ruleToml("r", "process where true"), ruleToml("r", "process  where true // same\n")});
    QVERIFY(found.has_value());
    QCOMPARE(found->outcomes.size(), std::size_t{2});
    QCOMPARE(alertsOf(*found), std::string("a b"));
}

void DetectionTest::alertsAreSorted()
{
    const Case data(R"(
{"@timestamp":2000,"event.id":"late"}
{"@timestamp":1000,"event.id":"early"}
{"event.id":"timeless"}
)");
    const auto found = data.run({ruleToml("z", "any where true"), ruleToml("y", "any where true")});
    QVERIFY(found.has_value());
    QCOMPARE(alertsOf(*found), std::string("timeless timeless early early late late"));
    QCOMPARE(found->alerts[0].rule->ruleId, std::string("y"));
    QVERIFY(!found->alerts[0].lastTime);
}

void DetectionTest::runtimeErrors()
{
    const Case data(R"({"@timestamp":1,"event.id":"a","process.pid":0,"process.name":"x"})");
    const std::vector<std::string> rules{
        ruleToml("r", "any where 1 / process.pid == 1 or process.name == \"x\"")};
    const auto counted = data.run(rules);
    QVERIFY(counted.has_value());
    QCOMPARE(alertsOf(*counted), std::string("a"));
    QCOMPARE(counted->outcomes[0].warnings.size(), std::size_t{1});
    QCOMPARE(counted->outcomes[0].warnings[0].count, std::uint64_t{1});

    DetectOptions options;
    options.runtimeErrors = engine::RuntimeErrors::Fail;
    const auto failed = data.run(rules, options);
    QVERIFY(failed.has_value());
    QCOMPARE(ruleStatusName(failed->outcomes[0].status), std::string_view("failed"));
    QVERIFY(failed->alerts.empty());
}

void DetectionTest::strictFieldsBreakRules()
{
    const Case data(events);
    DetectOptions options;
    options.strictFields = true;
    const auto found = data.run(
        {ruleToml("r", "any where no.such == 1"), ruleToml("s", "any where process.pid == 7")},
        options);
    QVERIFY(found.has_value());
    QCOMPARE(ruleStatusName(found->outcomes[0].status), std::string_view("broken"));
    QVERIFY(found->outcomes[0].diagnostics[0].begin.has_value());
    QCOMPARE(found->outcomes[0].diagnostics[0].file, std::string("rule0.toml"));
    QCOMPARE(alertsOf(*found), std::string("a b c"));
}

void DetectionTest::cancels()
{
    std::string lines;
    for (int index = 0; index < 20'000; ++index) {
        lines += "{\"@timestamp\":" + std::to_string(index) + ",\"process.command_line\":\"c"
                 + std::to_string(index) + "\"}\n";
    }
    const Case data(lines);
    std::stop_source before;
    before.request_stop();
    const std::vector<std::string> rule{ruleToml("r", "any where true")};
    const auto never = data.run(rule, {}, before.get_token());
    QVERIFY(!never && isCancelled(never.error()));

    std::vector<std::string> rules;
    for (int index = 0; index < 400; ++index) {
        rules.push_back(
            ruleToml("r" + std::to_string(index),
                     "any where length(process.command_line) != " + std::to_string(index + 10)));
    }
    std::stop_source during;
    std::chrono::steady_clock::time_point asked;
    const std::jthread stopper([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(60));
        asked = std::chrono::steady_clock::now();
        during.request_stop();
    });
    const auto cut = data.run(rules, {}, during.get_token());
    const auto ended = std::chrono::steady_clock::now();
    QVERIFY(!cut && isCancelled(cut.error()));
    // 50 ms are promised; the bound leaves room for a machine that is busy with other tests.
    QVERIFY(ended - asked < std::chrono::seconds(2));
}

void DetectionTest::detailsTellWhy()
{
    const Case data(R"(
{"@timestamp":1000,"event.id":"a","host.id":"h1","host.name":"mac","event.category":"process","process.name":"osascript","process.pid":7,"tags":["x","y"]}
{"@timestamp":3000,"event.id":"b","host.id":"h1","host.name":"mac","event.category":"network","process.name":"curl","destination.port":4444,"process.pid":7,"tags":["y","z"],"_index":"logs-x"}
)");
    const std::string query =
        "sequence by host.id with maxspan=1m\n"
        "  [process where process.name == \"osascript\"]\n"
        "  ![file where true]\n"
        "  [network where destination.port in (4444, 1) and not user.name == \"u\"]";
    const auto found = data.run({ruleToml("r", query)});
    QVERIFY(found.has_value());
    QVERIFY2(found->alerts.size() == 1, found->outcomes[0].reason.c_str());
    const Alert& alert = found->alerts[0];
    QCOMPARE(alert.host, std::string("mac"));
    QCOMPARE(alert.process, std::string("osascript"));
    QCOMPARE(alert.firstTime->nanoseconds(), std::int64_t{1'000'000'000});
    QCOMPARE(alert.lastTime->nanoseconds(), std::int64_t{3'000'000'000});
    QCOMPARE(alert.joinKeys.size(), std::size_t{1});
    QCOMPARE(alert.stages.size(), std::size_t{3});
    QVERIFY(!alert.stages[1].event);

    const auto details = detailsOf(*data.engine, data.catalog, alert);
    QVERIFY(details.has_value());
    QCOMPARE(details->stages.size(), std::size_t{3});
    QCOMPARE(details->stages[0].clauses.size(), std::size_t{1});
    QCOMPARE(details->stages[0].clauses[0].text, std::string("process.name == \"osascript\""));
    QVERIFY(details->stages[1].clauses.empty());
    QCOMPARE(details->stages[2].clauses.size(), std::size_t{2});
    const std::vector<std::pair<std::string, std::string>> port{{"destination.port", "4444"}};
    QCOMPARE(details->stages[2].clauses[0].fieldValues, port);
    QCOMPARE(details->stages[2].ancestorId, std::string("b"));
    QCOMPARE(details->stages[2].index, std::string("logs-x"));
    QCOMPARE(details->stages[2].record, std::uint64_t{1});
    std::string shared;
    for (const SharedField& field : details->sharedFields) {
        shared += field.name + "=" + field.values[0].text + " ";
    }
    QCOMPARE(shared, std::string("host.id=h1 host.name=mac process.pid=7 tags=y "));
    QCOMPARE(details->reason,
             std::string("osascript on mac: 2 events within 2 s made the medium alert Rule r"));
}

void DetectionTest::eventsBetweenIncludesBothEnds()
{
    const Case data(events, 2);
    const auto set = eventsBetween(*data.events, "@timestamp", Timestamp(2'000'000'000),
                                   Timestamp(3'000'000'000));
    QVERIFY(set.has_value());
    QCOMPARE(set->count(), std::uint64_t{2});
    QVERIFY(set->contains(EventNumber(1)) && set->contains(EventNumber(2)));
    const auto none = eventsBetween(*data.events, "no.such", {}, {});
    QVERIFY(none.has_value());
    QCOMPARE(none->count(), std::uint64_t{0});
    QCOMPARE(allEvents(4).count(), std::uint64_t{4});
    QCOMPARE(allEvents(0).count(), std::uint64_t{0});
    QCOMPARE(allEvents(128).count(), std::uint64_t{128});
}

QTEST_GUILESS_MAIN(DetectionTest)
#include "tst_detection.moc"
