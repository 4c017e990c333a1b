#include "core/detect/detection.h"
#include "core/detect/rule_test_run.h"
#include "core/rules/rule_test.h"
#include "core/workspace/clause_effects.h"
#include "core/workspace/limits.h"
#include "core/workspace/near_misses.h"
#include "core/workspace/query_clauses.h"
#include "core/workspace/rule_draft.h"
#include "core/workspace/test_draft.h"
#include "core/workspace/test_text.h"
#include "core/workspace/text_merge.h"
#include "tests/core/workspace/workspace_fixture.h"

#include <QtTest>

#include <fmt/format.h>

#include <algorithm>

using namespace sequela;
using namespace sequela::workspace;
using namespace sequela::workspace::testing;

namespace {

/// One event a line; @p more are further members.
std::string event(int second, const char* id, const char* category, const char* process,
                  const char* entity, const std::string& more = {})
{
    return fmt::format(
        R"({{"@timestamp":"2024-03-01T00:{:02}:{:02}Z","event":{{"id":"{}","category":"{}"}},"host":{{"id":"h1","name":"mbp-dana"}},"user":{{"name":"dana"}},"process":{{"name":"{}","entity_id":"{}"}}{}}})"
        "\n",
        second / 60, second % 60, id, category, process, entity, more);
}

std::string network(int second, const char* id, const char* entity, const char* address)
{
    return event(second, id, "network", "osascript", entity,
                 fmt::format(R"(,"destination":{{"ip":"{}","port":443}})", address));
}

/// Six osascripts: in time, too late, private address, no connection, ended before it connects,
/// another program's connection to another port.
std::string story()
{
    return event(0, "p1", "process", "osascript", "e1") + network(4, "n1", "e1", "128.66.0.1")
           + event(60, "p2", "process", "osascript", "e2") + network(108, "n2", "e2", "128.66.0.2")
           + event(180, "p3", "process", "osascript", "e3") + network(182, "n3", "e3", "10.0.0.7")
           + event(240, "p4", "process", "osascript", "e4")
           + event(300, "p5", "process", "osascript", "e5")
           + event(301, "f5", "file", "osascript", "e5") + network(302, "n5", "e5", "128.66.0.5")
           + event(360, "p6", "process", "osascript", "e6")
           + event(361, "n6", "network", "curl", "e6",
                   R"(,"destination":{"ip":"128.66.0.6","port":80})");
}

constexpr const char* query = R"(sequence by host.id, process.entity_id with maxspan=30s
  [process where process.name == "osascript"]
  [network where process.name == "osascript" and destination.port == 443 and
     not cidrmatch(destination.ip, "10.0.0.0/8")]
until [file where true])";

} // namespace

/// What the rule workshop works out: near misses, what clauses do, drafts, merges.
class WorkshopTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void clausesAreThoseWritten();
    void everyKindOfMissIsTold();
    void forbiddenEventsAreTold();
    void missingStagesInTheMiddle();
    void noMissesOfEventQueries();
    void otherMaxspans();
    void clausesThatChangeNothing();
    void testFromAnAlert();
    void testKeepsOnlyWhatTheMatchNeeds();
    void redactionKeepsTheMatch();
    void nearMissAsTest();
    void draftRefusesWhatDoesNotMatch();
    void hostileTextSurvivesTheTestFile();
    void offsets_data();
    void offsets();
    void ruleFromEvents();
    void copyOfARule();
    void merges_data();
    void merges();
    void hugeMergeIsOneConflict();

private:
    [[nodiscard]] QueryUnderTest underTest(const std::string& text) const;
    [[nodiscard]] TestDraftRequest request(std::vector<std::uint32_t> events) const;

    QTemporaryDir m_folder;
    std::unique_ptr<Workspace> m_workspace;
    std::shared_ptr<const rules::Rule> m_rule;
};

void WorkshopTest::initTestCase()
{
    m_workspace = Workspace::inMemory();
    const QString file = m_folder.filePath(QStringLiteral("events.ndjson"));
    QVERIFY(writeFile(file, story()));
    QVERIFY(import(*m_workspace, {file}));
    m_rule = rule("r", query).rule;
    QVERIFY(m_rule);
}

QueryUnderTest WorkshopTest::underTest(const std::string& text) const
{
    QueryUnderTest query;
    query.snapshot = m_workspace->snapshot();
    query.text = text;
    return query;
}

TestDraftRequest WorkshopTest::request(std::vector<std::uint32_t> events) const
{
    TestDraftRequest request;
    request.rule = m_rule;
    request.name = "from an alert";
    for (const std::uint32_t number : events) {
        request.events.emplace_back(EventNumber(number));
    }
    return request;
}

void WorkshopTest::clausesAreThoseWritten()
{
    const std::string text = "process where a == 1 and (b == 2 and not (c == 3 or d == 4))";
    const auto stages = clausesOf(text, eql::Dialect::Elasticsearch);
    QCOMPARE(stages.size(), std::size_t{1});
    std::vector<std::string> written;
    for (const SourceSpan& span : stages.front().spans) {
        written.push_back(text.substr(span.begin, span.length()));
    }
    QCOMPARE(written.size(), std::size_t{3});
    QCOMPARE(written[0], std::string("a == 1"));
    QCOMPARE(written[1], std::string("b == 2"));
    QCOMPARE(written[2], std::string("not (c == 3 or d == 4)"));
    QCOMPARE(withoutClause(text, stages.front().spans[1]),
             std::string("process where a == 1 and (true and not (c == 3 or d == 4))"));
    QCOMPARE(withoutClauses(text, stages.front()),
             std::string("process where true and (true and true)"));
    QVERIFY(clausesOf(query, eql::Dialect::Elasticsearch).back().isUntil);
}

void WorkshopTest::everyKindOfMissIsTold()
{
    const auto found = findNearMisses(underTest(query), {});
    QVERIFY(found && *found);
    const NearMisses& near = **found;
    QCOMPARE(near.reached, (std::vector<std::uint64_t>{6, 1}));
    QCOMPARE(near.maxspanNs, std::optional<std::int64_t>(30 * nanosecondsPerSecond));
    QCOMPARE(near.inOrderCount, std::uint64_t{2});
    QCOMPARE(near.count(MissKind::TooLate), std::uint64_t{1});
    QCOMPARE(near.count(MissKind::EndedByUntil), std::uint64_t{1});
    QCOMPARE(near.count(MissKind::FailingClause), std::uint64_t{2});
    QCOMPARE(near.count(MissKind::MissingStage), std::uint64_t{1});
    QCOMPARE(near.total(), std::uint64_t{5});
    const std::string text = query;
    std::vector<std::string> failing;
    for (const NearMiss& miss : near.misses) {
        QCOMPARE(miss.match.events.size(), std::size_t{2});
        if (miss.kind == MissKind::TooLate) {
            QCOMPARE(miss.spanNs, 48 * nanosecondsPerSecond);
        }
        if (miss.kind == MissKind::MissingStage) {
            QCOMPARE(miss.stage, std::size_t{1});
            QCOMPARE(miss.match.events[0], std::optional(EventNumber(6)));
            QVERIFY(!miss.match.events[1]);
        }
        for (const SourceSpan& clause : miss.clauses) {
            failing.push_back(text.substr(clause.begin, clause.length()));
        }
    }
    std::ranges::sort(failing);
    // e3 fails one clause, e6 two.
    QCOMPARE(failing.size(), std::size_t{3});
    QCOMPARE(failing[0], std::string("destination.port == 443"));
    QCOMPARE(failing[1], std::string("not cidrmatch(destination.ip, \"10.0.0.0/8\")"));
    QCOMPARE(failing[2], std::string("process.name == \"osascript\""));
    QVERIFY(std::ranges::is_sorted(near.misses, {}, &NearMiss::kind));
}

void WorkshopTest::forbiddenEventsAreTold()
{
    const auto found = findNearMisses(underTest("sequence by process.entity_id with maxspan=30s\n"
                                                "[process where true]\n![file where true]\n"
                                                "[network where destination.port == 443]"),
                                      {});
    QVERIFY(found && *found);
    QCOMPARE((*found)->count(MissKind::ForbiddenEvent), std::uint64_t{1});
    const auto miss =
        std::ranges::find((*found)->misses, MissKind::ForbiddenEvent, &NearMiss::kind);
    QVERIFY(miss != (*found)->misses.end());
    QCOMPARE(miss->stage, std::size_t{1});
    QCOMPARE(miss->match.events.size(), std::size_t{3});
    QVERIFY(!miss->match.events[1]);
    QCOMPARE(miss->match.events[2], std::optional(EventNumber(9)));
}

void WorkshopTest::missingStagesInTheMiddle()
{
    const auto found = findNearMisses(underTest("sequence by process.entity_id with maxspan=30s\n"
                                                "[process where true]\n"
                                                "[registry where true]\n[network where true]"),
                                      {});
    QVERIFY(found && *found);
    QCOMPARE((*found)->reached, (std::vector<std::uint64_t>{6, 0, 0}));
    QCOMPARE((*found)->count(MissKind::MissingStage), std::uint64_t{6});
    QCOMPARE((*found)->misses.front().stage, std::size_t{1});
}

void WorkshopTest::noMissesOfEventQueries()
{
    QVERIFY(!findNearMisses(underTest("process where true"), {})->has_value());
    QVERIFY(!findNearMisses(underTest("process where"), {})->has_value());
    std::stop_source stop;
    stop.request_stop();
    const auto cancelled = findNearMisses(underTest(query), stop.get_token());
    QVERIFY(!cancelled && isCancelled(cancelled.error()));
}

void WorkshopTest::otherMaxspans()
{
    QCOMPARE(*countWithMaxspan(underTest(query), 48'000, {}), std::uint64_t{2});
    QCOMPARE(*countWithMaxspan(underTest(query), 47'999, {}), std::uint64_t{1});
    QCOMPARE(*countWithMaxspan(underTest("process where true"), 1'000, {}), std::uint64_t{0});
}

void WorkshopTest::clausesThatChangeNothing()
{
    const std::string text = R"(network where process.name == "osascript" and event.id != null and
   not cidrmatch(destination.ip, "10.0.0.0/8"))";
    const auto examined = examineClauses(underTest(text), nullptr, {}, {});
    QVERIFY(examined && *examined);
    const ClauseReport& report = **examined;
    QCOMPARE(report.matchCount, std::uint64_t{3});
    QCOMPARE(report.clauses.size(), std::size_t{3});
    QCOMPARE(report.clauses[0].gainedWithout, std::uint64_t{1});
    QVERIFY(!report.clauses[0].changesNothing());
    QVERIFY(report.clauses[1].changesNothing());
    QCOMPARE(report.clauses[2].gainedWithout, std::uint64_t{1});
    QCOMPARE(report.clauses[2].gainedSamples.size(), std::size_t{1});
    QCOMPARE(report.clauses[0].eventsBefore, std::uint64_t{5});
    QCOMPARE(report.clauses[0].eventsLeft, std::uint64_t{4});
    QCOMPARE(report.clauses[2].eventsLeft, std::uint64_t{3});
    QVERIFY(report.carrier.has_value());

    // A test that needs a clause speaks for it.
    const rules::RuleTestFile tests = rules::readRuleTests(
        "[[test]]\nname = \"no id\"\nexpect = 0\n[[test.event]]\nat = \"+0s\"\n"
        "event.category = \"network\"\nprocess.name = \"osascript\"\ndestination.ip = "
        "\"8.8.8.8\"\n",
        "t");
    QCOMPARE(tests.tests.size(), std::size_t{1});
    const auto tested =
        examineClauses(underTest(text), rule("x", text).rule.get(), tests.tests, {});
    QVERIFY(tested && *tested);
    QCOMPARE((*tested)->clauses[1].testsChanged, std::size_t{1});
    QVERIFY(!(*tested)->clauses[1].changesNothing());
    QVERIFY(!examineClauses(underTest("process where ("), nullptr, {}, {})->has_value());
}

void WorkshopTest::testFromAnAlert()
{
    const auto draft = draftTest(*m_workspace->snapshot(), request({0, 1}), {});
    QVERIFY2(draft.has_value(), draft ? "" : draft.error().message.c_str());
    QCOMPARE(draft->events.size(), std::size_t{2});
    QCOMPARE(draft->expected, (std::vector<std::string>{"a", "b"}));
    QCOMPARE(draft->events[1].offsetNs, 4 * nanosecondsPerSecond);
    const std::string text = testText(*draft, *m_rule);
    const rules::RuleTestFile file = rules::readRuleTests(appendTest("", text), "t");
    QVERIFY2(file.diagnostics.empty(), text.c_str());
    QCOMPARE(file.tests.size(), std::size_t{1});
    const auto result = detect::runRuleTest(*m_rule, file.tests.front());
    QVERIFY(result && result->passed);
    QVERIFY(text.find("at = \"+4s\"") != std::string::npos);
    QVERIFY(text.find("2024-03-01") == std::string::npos);
    QCOMPARE(appendTest("a = 1", "b = 2\n"), std::string("a = 1\n\nb = 2\n"));
}

void WorkshopTest::testKeepsOnlyWhatTheMatchNeeds()
{
    const auto draft = draftTest(*m_workspace->snapshot(), request({0, 1}), {});
    QVERIFY(draft.has_value());
    QStringList first;
    for (const DraftField& field : draft->events[0].fields) {
        first << QString::fromStdString(field.name);
    }
    QCOMPARE(first,
             (QStringList{QStringLiteral("event.category"), QStringLiteral("host.id"),
                          QStringLiteral("process.entity_id"), QStringLiteral("process.name")}));
    QVERIFY(draft->droppedFields >= 4);
    // Nothing more can go: without any one field the match is lost.
    for (std::size_t at = 0; at < draft->events.size(); ++at) {
        for (std::size_t field = 0; field < draft->events[at].fields.size(); ++field) {
            TestDraft smaller = *draft;
            smaller.events[at].fields.erase(smaller.events[at].fields.begin()
                                            + static_cast<std::ptrdiff_t>(field));
            const auto file = rules::readRuleTests(testText(smaller, *m_rule), "t");
            QVERIFY(!detect::runRuleTest(*m_rule, file.tests.front())->passed);
        }
    }
}

void WorkshopTest::redactionKeepsTheMatch()
{
    const auto draft = draftTest(*m_workspace->snapshot(), request({0, 1}), {});
    QVERIFY(draft.has_value());
    const auto redacted = redactTest(
        *draft, {"host.id", "process.entity_id", "destination.ip", "process.name"}, *m_rule, {});
    QVERIFY(redacted.has_value());
    QCOMPARE(redacted->notRedacted, std::vector<std::string>{"process.name"});
    const std::string text = testText(*redacted, *m_rule);
    QVERIFY2(text.find("128.66.0.1") == std::string::npos, text.c_str());
    QVERIFY(text.find("\"h1\"") == std::string::npos);
    QVERIFY(text.find("host.id = \"host-1\"") != std::string::npos);
    QVERIFY(text.find("\"osascript\"") != std::string::npos);
    const auto file = rules::readRuleTests(text, "t");
    QVERIFY(detect::runRuleTest(*m_rule, file.tests.front())->passed);
    QVERIFY(isPersonal("host.name") && isPersonal("user.name") && !isPersonal("process.name"));
}

void WorkshopTest::nearMissAsTest()
{
    TestDraftRequest silent = request({2, 3});
    silent.expectsMatch = false;
    const auto draft = draftTest(*m_workspace->snapshot(), silent, {});
    QVERIFY(draft.has_value());
    QVERIFY(draft->expected.empty());
    const std::string text = testText(*draft, *m_rule);
    QVERIFY(text.find("expect = 0") != std::string::npos);
    QVERIFY(text.find("at = \"+48s\"") != std::string::npos);
    QVERIFY(text.find("destination.port = 443") != std::string::npos);
}

void WorkshopTest::draftRefusesWhatDoesNotMatch()
{
    const auto draft = draftTest(*m_workspace->snapshot(), request({2, 3}), {});
    QVERIFY(!draft.has_value());
    QCOMPARE(draft.error().code, std::string("test-draft"));
    TestDraftRequest silent = request({0, 1});
    silent.expectsMatch = false;
    QVERIFY(!draftTest(*m_workspace->snapshot(), silent, {}).has_value());
}

void WorkshopTest::hostileTextSurvivesTheTestFile()
{
    const std::string hostile = "'''\"\\ \n\r\t\x01\x7f ]] [[test]] \xc3\xa9";
    TestDraft draft;
    draft.name = hostile;
    DraftEvent& event = draft.events.emplace_back();
    event.id = "a";
    event.fields.push_back({"weird key.x", {{hostile, schema::ValueKind::String}}, false});
    event.fields.push_back({"n", {{"1e400", schema::ValueKind::Number}}, false});
    event.fields.push_back({"m", {{"-12", schema::ValueKind::Number}}, false});
    event.fields.push_back({"b", {{"true", schema::ValueKind::Boolean}}, false});
    const auto file = rules::readRuleTests(testText(draft, *m_rule), "t");
    QVERIFY2(file.diagnostics.empty(),
             file.diagnostics.empty() ? "" : file.diagnostics.front().message.c_str());
    QCOMPARE(file.tests.front().name, hostile);
    QVERIFY(file.tests.front().events.front().document.find("\"m\":-12") != std::string::npos);
    QCOMPARE(tomlKey("a.b c.d"), std::string("a.\"b c\".d"));
}

void WorkshopTest::offsets_data()
{
    QTest::addColumn<qint64>("nanoseconds");
    QTest::addColumn<QString>("text");
    QTest::newRow("none") << qint64{0} << QStringLiteral("+0s");
    QTest::newRow("seconds") << qint64{4'000'000'000} << QStringLiteral("+4s");
    QTest::newRow("milliseconds") << qint64{1'250'000'000} << QStringLiteral("+1250ms");
    QTest::newRow("microseconds") << qint64{1'000} << QStringLiteral("+1us");
    QTest::newRow("nanoseconds") << qint64{7} << QStringLiteral("+7ns");
    QTest::newRow("before") << qint64{-2'000'000'000} << QStringLiteral("-2s");
}

void WorkshopTest::offsets()
{
    QFETCH(qint64, nanoseconds);
    QFETCH(QString, text);
    QCOMPARE(QString::fromStdString(offsetText(nanoseconds)), text);
}

void WorkshopTest::ruleFromEvents()
{
    const EventNumber events[] = {EventNumber(1), EventNumber(0)};
    const auto draft = draftQuery(*m_workspace->snapshot(), events, {});
    QVERIFY(draft.has_value());
    QVERIFY2(draft->starts_with("sequence by host.id, process.entity_id with maxspan=10s\n"
                                "  [process where process.name == \"osascript\"]\n"
                                "  [network where process.name == \"osascript\" and "
                                "destination.port == 443]\n"),
             draft->c_str());
    const auto file = ruleFileText("Drafted \"rule\"", "id-1", *draft);
    const rules::RuleEntry entry = rules::readRuleToml(file, "x.toml");
    QCOMPARE(entry.status, rules::RuleStatus::Loaded);
    QCOMPARE(entry.rule->name, std::string("Drafted \"rule\""));
    QCOMPARE(entry.rule->query.text, *draft);
    const auto answer = findNearMisses(underTest(*draft), {});
    QVERIFY(answer && *answer && (*answer)->reached.back() >= 1);
    const EventNumber one[] = {EventNumber(0)};
    QCOMPARE(*draftQuery(*m_workspace->snapshot(), one, {}),
             std::string("process where process.name == \"osascript\"\n"));
    const std::vector<EventNumber> many(limits::maxDraftStages + 1, EventNumber(0));
    const auto tooMany = draftQuery(*m_workspace->snapshot(), many, {});
    QVERIFY(!tooMany);
    QCOMPARE(tooMany.error().code, std::string("rule-draft"));
    QVERIFY(!draftQuery(*m_workspace->snapshot(), {}, {}).has_value());
}

void WorkshopTest::copyOfARule()
{
    const std::string text = "# head\n[rule]\nname   =  \"Old\"\nrule_id = \"old\"  # id\n"
                             "type = \"eql\"\nlanguage = \"eql\"\nrisk_score = 1\n"
                             "severity = \"low\"\ndescription = \"d\"\nquery = 'any where true'\n";
    const auto copy = copiedRuleText(text, "New", "new");
    QVERIFY2(copy.has_value(), copy ? "" : copy.error().message.c_str());
    std::string expected = text;
    expected.replace(expected.find("\"Old\""), 5, "\"New\"");
    expected.replace(expected.find("\"old\""), 5, "\"new\"");
    QCOMPARE(*copy, expected);
    const auto overLines = copiedRuleText("[rule]\nname = '''\nx'''\n", "New", "new");
    QVERIFY(!overLines);
    QCOMPARE(overLines.error().code, std::string("rule-copy"));
}

void WorkshopTest::merges_data()
{
    QTest::addColumn<QString>("base");
    QTest::addColumn<QString>("mine");
    QTest::addColumn<QString>("theirs");
    QTest::addColumn<QString>("merged");
    QTest::addColumn<int>("conflicts");
    const auto row = [](const char* name, const char* base, const char* mine, const char* theirs,
                        const char* merged, int conflicts) {
        QTest::newRow(name) << QString::fromLatin1(base) << QString::fromLatin1(mine)
                            << QString::fromLatin1(theirs) << QString::fromLatin1(merged)
                            << conflicts;
    };
    row("nothing changed", "a\nb\n", "a\nb\n", "a\nb\n", "a\nb\n", 0);
    row("only mine", "a\nb\nc\n", "a\nB\nc\n", "a\nb\nc\n", "a\nB\nc\n", 0);
    row("only theirs", "a\nb\nc\n", "a\nb\nc\n", "a\nb\nC\n", "a\nb\nC\n", 0);
    row("both, apart", "a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n", "A\nb\nC\n", 0);
    row("both the same", "a\nb\n", "x\nb\n", "x\nb\n", "x\nb\n", 0);
    row("insert and delete", "a\nb\nc\n", "a\nnew\nb\nc\n", "a\nb\n", "a\nnew\nb\n", 0);
    row("conflict", "a\nb\nc\n", "a\nmine\nc\n", "a\ntheirs\nc\n",
        "a\nmine\n// in the file: theirs\nc\n", 1);
    row("no line end at the end", "a\nb", "a\nb", "a\nB", "a\nB", 0);
    row("line ends of mine", "a\nb\n", "a\r\nb\r\n", "a\nB\n", "a\r\nB\r\n", 0);
    row("from nothing", "", "", "a\n", "a\n", 0);
}

void WorkshopTest::merges()
{
    QFETCH(QString, base);
    QFETCH(QString, mine);
    QFETCH(QString, theirs);
    QFETCH(QString, merged);
    QFETCH(int, conflicts);
    const MergedText result =
        mergeTexts(base.toStdString(), mine.toStdString(), theirs.toStdString());
    QCOMPARE(QString::fromStdString(result.text), merged);
    QCOMPARE(result.conflictCount, static_cast<std::size_t>(conflicts));
}

void WorkshopTest::hugeMergeIsOneConflict()
{
    std::string lines;
    for (std::size_t line = 0; line * line <= limits::maxMergeCells; ++line) {
        lines += std::to_string(line) + '\n';
    }
    const MergedText merged = mergeTexts(lines, lines + "mine\n", lines + "theirs\n");
    QCOMPARE(merged.conflictCount, std::size_t{1});
    QVERIFY(merged.text.starts_with(lines + "mine\n"));
}

QTEST_GUILESS_MAIN(WorkshopTest)
#include "tst_workshop.moc"
