#include "core/base/sha256.h"
#include "core/detect/alert_records.h"
#include "tests/core/detect/detect_fixture.h"

#include <QtTest>

#include <set>

using namespace sequela;
using namespace sequela::detect;
using namespace sequela::detect::testing;

/// Identity of alerts and of queries, alerts as the case keeps them, verdicts that are inherited.
class AlertTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void queryHash_data();
    void queryHash();
    void idIsWhatIsDocumented();
    void idsDiffer_data();
    void idsDiffer();
    void idsDoNotDependOnTheOrderOfImport();
    void ruleWithoutIdIsNamedByItsFile();
    void recordsKeepEverything();
    void hostileRecordsReadAsEmpty_data();
    void hostileRecordsReadAsEmpty();
    void verdictNames_data();
    void verdictNames();
    void verdictsAreInherited_data();
    void verdictsAreInherited();
};

namespace {

std::vector<AlertStage> stages(std::initializer_list<const char*> identities)
{
    std::vector<AlertStage> made;
    for (const char* const identity : identities) {
        made.push_back({std::nullopt, identity, std::nullopt});
    }
    return made;
}

} // namespace

void AlertTest::queryHash_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<bool>("equal");
    const auto row = [](const char* name, const char* query, bool equal) {
        QTest::newRow(name) << query << equal;
    };
    row("itself", "process where process.name == \"a b\" and user.id == \"0\"", true);
    row("layout", "process\n  where   process.name==\"a b\"\n\tand user.id == \"0\"\n", true);
    row("line comment", "process where process.name == \"a b\" // why\n and user.id == \"0\"",
        true);
    row("block comment", "process where /* a /* b */ */ process.name == \"a b\" and user.id==\"0\"",
        true);
    row("quotes", "process where process.name == \"\"\"a b\"\"\" and user.id == \"0\"", true);
    row("redundant brackets", "process where (process.name == \"a b\") and user.id == \"0\"", true);
    row("space inside a text", "process where process.name == \"a  b\" and user.id == \"0\"",
        false);
    row("other operator", "process where process.name : \"a b\" and user.id == \"0\"", false);
    row("other category", "network where process.name == \"a b\" and user.id == \"0\"", false);
    row("or", "process where process.name == \"a b\" or user.id == \"0\"", false);
    row("optional field", "process where ?process.name == \"a b\" and user.id == \"0\"", false);
    row("pipe", "process where process.name == \"a b\" and user.id == \"0\" | head 5", false);
    row("broken", "process where process.name ==", false);
}

void AlertTest::queryHash()
{
    QFETCH(QString, query);
    const auto hash = [](std::string_view text) {
        return detect::queryHash(text, eql::Dialect::Elasticsearch);
    };
    const std::string own = hash(query.toStdString());
    QCOMPARE(own.size(), std::size_t{64});
    QTEST(own == hash("process where process.name == \"a b\" and user.id == \"0\""), "equal");
}

void AlertTest::idIsWhatIsDocumented()
{
    // Spelled out byte by byte: other programs compute it, too.
    using namespace std::string_view_literals;
    const std::string_view bytes = "\0\0\0\0\0\0\0\1r"
                                   "\0\0\0\0\0\0\0\2qh"
                                   "\0\0\0\0\0\0\0\4h1:a"
                                   "\0\0\0\0\0\0\0\0"sv;
    QCOMPARE(alertId("r", "qh", stages({"h1:a", ""})), toHex(sha256(bytes), 16));
    QCOMPARE(alertEventsHash(stages({"h1:a", ""})), toHex(sha256(bytes.substr(19))));
}

void AlertTest::idsDiffer_data()
{
    QTest::addColumn<QString>("left");
    QTest::addColumn<QString>("right");
    const auto row = [](const char* name, const std::string& left, const std::string& right) {
        QTest::newRow(name) << QString::fromStdString(left) << QString::fromStdString(right);
    };
    const std::string base = alertId("r", "q", stages({"a", "b"}));
    row("rule", base, alertId("s", "q", stages({"a", "b"})));
    row("query", base, alertId("r", "p", stages({"a", "b"})));
    row("order of stages", base, alertId("r", "q", stages({"b", "a"})));
    row("missing slot", base, alertId("r", "q", stages({"a", "", "b"})));
    row("border of parts", alertId("r", "q", stages({"ab", "c"})),
        alertId("r", "q", stages({"a", "bc"})));
    row("rule and hash", alertId("rq", "", stages({"a"})), alertId("r", "q", stages({"a"})));
}

void AlertTest::idsDiffer()
{
    QFETCH(QString, left);
    QFETCH(QString, right);
    QCOMPARE(left.size(), 32);
    QVERIFY(left != right);
}

void AlertTest::idsDoNotDependOnTheOrderOfImport()
{
    // Without event.id the identity is source and record.
    const tests::TableSource first{"1111111111111111aa", "{\"@timestamp\":5,\"k\":1}\n"
                                                         "{\"@timestamp\":5,\"k\":2}\n"};
    const tests::TableSource second{"2222222222222222bb", "{\"@timestamp\":5,\"k\":3}\n"};
    const std::vector<std::string> rules{
        ruleToml("e", "any where true"),
        ruleToml("s", "sequence [any where true] [any where true]")};
    const auto one = Case(tests::eventTable({first, second})).run(rules);
    const auto two = Case(tests::eventTable({second, first}, 1)).run(rules);
    QVERIFY(one && two);
    // The second event ends one sequence and begins the next.
    QCOMPARE(one->alerts.size(), std::size_t{5});
    QCOMPARE(alertsOf(*one), alertsOf(*two));
    for (std::size_t index = 0; index < one->alerts.size(); ++index) {
        QCOMPARE(one->alerts[index].id, two->alerts[index].id);
    }
}

void AlertTest::ruleWithoutIdIsNamedByItsFile()
{
    const Case data("{\"@timestamp\":5,\"event.id\":\"a\"}");
    const auto found = data.run({"[rule]\nname = \"n\"\nseverity = \"low\"\nrisk_score = 21\n"
                                 "type = \"eql\"\nlanguage = \"eql\"\nquery = 'any where true'\n"});
    QVERIFY(found.has_value());
    QVERIFY2(found->alerts.size() == 1, found->outcomes[0].reason.c_str());
    QCOMPARE(found->alerts[0].rule->ruleId, std::string("rule0"));
}

void AlertTest::recordsKeepEverything()
{
    Alert alert;
    auto rule = std::make_shared<AlertRule>();
    rule->ruleId = "r";
    rule->name = "Rule";
    rule->description = "what it means";
    rule->version = "1.0.12";
    rule->severity = AlertSeverity::High;
    rule->riskScore = 73;
    rule->queryHash = "qh";
    rule->query = "any where true";
    rule->attack = {{"MITRE ATT&CK", "TA0002", "Execution", "T1059", "Command", "T1059.002", "AS"}};
    rule->tags = {"a", "b"};
    rule->references = {"https://x"};
    rule->falsePositives = {"admin"};
    rule->file = "rules/r.toml";
    rule->dialect = eql::Dialect::Endpoint;
    rule->eventCategoryField = "event_type";
    rule->osList = {"macos"};
    rule->buildingBlock = true;
    alert.rule = rule;
    alert.id = "id";
    alert.eventsHash = "eh";
    alert.name = "Name <b>";
    alert.severity = AlertSeverity::Critical;
    alert.riskScore = 99;
    alert.firstTime = Timestamp(1);
    alert.lastTime = Timestamp(-7);
    alert.host = "h";
    alert.user = "u";
    alert.process = "p\n";
    alert.processEntityId = "e";
    alert.joinKeys = {eql::Value(),
                      eql::Value(std::string("k")),
                      eql::Value(std::int64_t{-3}),
                      eql::Value(1.5),
                      eql::Value(true),
                      eql::Value(Timestamp(123'456'789))};
    alert.stages = {{EventNumber(4), "i", Timestamp(9)}, {}, {EventNumber(5), "j", std::nullopt}};
    alert.suppressedCount = 3;

    RuleOutcome outcome;
    outcome.ruleId = "r";
    outcome.name = "Rule";
    outcome.file = "rules/r.toml";
    outcome.status = RuleStatus::Ran;
    outcome.matchCount = 9;
    outcome.alertCount = 6;
    outcome.schedule = "every 5m, now-9m to now";
    outcome.replay.emplace();
    std::uint64_t figure = 0;
    for (const ReplayFigure& each : replayFigures()) {
        (*outcome.replay).*each.member = ++figure;
    }
    QCOMPARE(figure, sizeof(ReplayCounts) / sizeof(std::uint64_t));
    const casefile::RuleRecord ruleRecord = toRecord(outcome, rule.get(), 77, 88);
    const auto ruleBack = ruleFromRecord(ruleRecord);
    QCOMPARE(ruleBack->attack, rule->attack);
    QCOMPARE(ruleBack->query, rule->query);
    QCOMPARE(ruleBack->osList, rule->osList);
    QCOMPARE(ruleBack->dialect, rule->dialect);
    QCOMPARE(ruleBack->buildingBlock, true);
    QCOMPARE(ruleBack->falsePositives, rule->falsePositives);
    QCOMPARE(ruleBack->severity, rule->severity);
    QCOMPARE(ruleBack->riskScore, rule->riskScore);
    QCOMPARE(ruleBack->file, rule->file);
    QCOMPARE(outcomeFromRecord(ruleRecord).alertCount, outcome.alertCount);
    QCOMPARE(outcomeFromRecord(ruleRecord).status, outcome.status);
    QCOMPARE(outcomeFromRecord(ruleRecord).schedule, outcome.schedule);
    QVERIFY(outcomeFromRecord(ruleRecord).replay == outcome.replay);

    const Alert back = alertFromRecord(toRecord(alert), ruleBack);
    QCOMPARE(back.id, alert.id);
    QCOMPARE(back.eventsHash, alert.eventsHash);
    QCOMPARE(back.name, alert.name);
    QCOMPARE(back.severity, alert.severity);
    QCOMPARE(back.riskScore, alert.riskScore);
    QCOMPARE(back.firstTime, alert.firstTime);
    QCOMPARE(back.lastTime, alert.lastTime);
    QCOMPARE(back.process, alert.process);
    QCOMPARE(back.processEntityId, alert.processEntityId);
    QCOMPARE(back.joinKeys, alert.joinKeys);
    QCOMPARE(back.suppressedCount, alert.suppressedCount);
    QCOMPARE(back.stages.size(), alert.stages.size());
    for (std::size_t stage = 0; stage < back.stages.size(); ++stage) {
        QCOMPARE(back.stages[stage].event, alert.stages[stage].event);
        QCOMPARE(back.stages[stage].identity, alert.stages[stage].identity);
        QCOMPARE(back.stages[stage].time, alert.stages[stage].time);
    }
}

void AlertTest::hostileRecordsReadAsEmpty_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("no JSON") << QByteArray("{\"name\":");
    QTest::newRow("no object") << QByteArray("[1,2]");
    QTest::newRow("other types") << QByteArray(
        R"({"name":1,"suppressed":"x","join_keys":{"a":1},"stage_times":["x"],"attack":7,"tags":[1]})");
    QTest::newRow("negative counts") << QByteArray(R"({"suppressed":-5,"alert_count":-5})");
    QTest::newRow("strange keys") << QByteArray(R"({"join_keys":[1,{"type":"zebra"},null]})");
}

void AlertTest::hostileRecordsReadAsEmpty()
{
    QFETCH(QByteArray, json);
    casefile::AlertRecord record;
    record.detailJson = json.toStdString();
    record.events.push_back({EventNumber(1), "i"});
    const Alert alert = alertFromRecord(record, std::make_shared<AlertRule>());
    QVERIFY(alert.name.empty());
    QCOMPARE(alert.suppressedCount, std::uint64_t{0});
    QCOMPARE(alert.stages.size(), std::size_t{1});
    QVERIFY(!alert.stages[0].time);
    casefile::RuleRecord rule;
    rule.detailJson = json.toStdString();
    QVERIFY(ruleFromRecord(rule)->attack.empty());
    QCOMPARE(outcomeFromRecord(rule).alertCount, std::uint64_t{0});
}

void AlertTest::verdictNames_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("name");
    QTest::newRow("open") << 0 << "open";
    QTest::newRow("acknowledged") << 1 << "acknowledged";
    QTest::newRow("closed") << 2 << "closed";
}

void AlertTest::verdictNames()
{
    QFETCH(int, status);
    QFETCH(QString, name);
    QCOMPARE(
        QString::fromStdString(std::string(verdictStatusName(static_cast<VerdictStatus>(status)))),
        name);
    QCOMPARE(static_cast<int>(*verdictStatusFromName(name.toStdString())), status);
    QVERIFY(!verdictStatusFromName("Open"));
    QCOMPARE(verdictReasonName(VerdictReason::BenignPositive), std::string_view("benign_positive"));
    QCOMPARE(*verdictReasonFromName("true_positive"), VerdictReason::TruePositive);
    QCOMPARE(*verdictReasonFromName(""), VerdictReason::None);
}

void AlertTest::verdictsAreInherited_data()
{
    QTest::addColumn<QString>("alertId");
    QTest::addColumn<QString>("ruleId");
    QTest::addColumn<QString>("eventsHash");
    QTest::addColumn<QString>("note");
    QTest::addColumn<QString>("inheritedFrom");
    const auto row = [](const char* name, const char* alertId, const char* ruleId,
                        const char* eventsHash, const char* note, const char* from) {
        QTest::newRow(name) << alertId << ruleId << eventsHash << note << from;
    };
    row("own", "a1", "r", "e", "first", "");
    row("query changed", "a9", "r", "e", "second", "a2");
    row("other rule", "a9", "s", "e", "", "");
    row("other events", "a9", "r", "f", "", "");
}

void AlertTest::verdictsAreInherited()
{
    QFETCH(QString, alertId);
    QFETCH(QString, ruleId);
    QFETCH(QString, eventsHash);
    casefile::VerdictRecord first;
    first.alertId = "a1";
    first.ruleId = "r";
    first.eventsHash = "e";
    first.state = casefile::VerdictState::Closed;
    first.reason = casefile::VerdictReason::FalsePositive;
    first.note = "first";
    first.time = 10;
    casefile::VerdictRecord second = first;
    second.alertId = "a2";
    second.note = "second";
    second.time = 20;
    const std::vector<casefile::VerdictRecord> records{second, first};
    Alert alert;
    auto rule = std::make_shared<AlertRule>();
    rule->ruleId = ruleId.toStdString();
    alert.rule = rule;
    alert.id = alertId.toStdString();
    alert.eventsHash = eventsHash.toStdString();
    const Verdict verdict = VerdictBook(records).verdictOf(alert);
    QTEST(QString::fromStdString(verdict.note), "note");
    QTEST(QString::fromStdString(verdict.inheritedFrom), "inheritedFrom");
}

QTEST_GUILESS_MAIN(AlertTest)
#include "tst_alert.moc"
