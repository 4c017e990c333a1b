#include "core/engine/json_value.h"
#include "core/engine/limits.h"
#include "core/engine/run_context.h"
#include "tests/core/engine/query_notation.h"
#include "tests/core/engine/query_text.h"
#include "tests/support/event_table.h"

#include <QTest>

using namespace sequela;

namespace {

/// Events for most rows: what a field can be is spread over them.
const std::string table = R"json(
{"@timestamp":1,"event.category":"process","process.name":"cmd.exe","process.pid":10,"process.args":["-a","-b"],"process.exit_code":0,"source.ip":"10.0.0.5","user.id":501,"process.entity_id":"e1"}
{"@timestamp":2,"event.category":"process","process.name":"CMD.EXE","process.pid":"20","process.args":["-b","-c"],"process.exit_code":1,"source.ip":["10.1.2.3","8.8.8.8"],"user.id":"501","process.parent.name":"cmd.exe"}
{"@timestamp":3,"event.category":"process","process.name":"powershell.exe","process.pid":[30,31],"process.args":[],"source.ip":"::ffff:10.0.0.5","process.parent.name":["a","powershell.exe"]}
{"@timestamp":4,"event.category":["network","process"],"process.name":null,"process.pid":null,"source.ip":"::1","process.args":"-a"}
{"@timestamp":5,"event.category":"file","file.path":"C:\\Temp\\a*b.txt","file.size":7,"process.name":"Straße"}
{"@timestamp":6,"process.name":"x"}
)json";

} // namespace

/// Leaves and conditions of eql.md 3, 4, 5 and 7, pipes, runtime errors, funnels, explanations and
/// the Endpoint dialect, on query text.
class TestEngine : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void selects_data();
    void selects();
    void endpoint_data();
    void endpoint();
    void descendants_data();
    void descendants();
    void joinsByValue_data();
    void joinsByValue();
    void showsOneKeyForEqualValues();
    void runtimeErrors_data();
    void runtimeErrors();
    void failsOnRuntimeErrors();
    void funnels();
    void tellsWhatSequencesHold();
    void explains();
    void selectsAsSet();
    void ordersByOtherTimes();
    void reportsTooManyCombinations();
    void reportsBrokenDocuments();
    void documentsMustBeJson();
    void kindsOfWarningsAreBounded();
};

void TestEngine::selects_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const char* query, const char* expected) {
        QTest::newRow(name) << QString::fromUtf8(query) << QString::fromUtf8(expected);
    };
    row("7 category", "process where true", "[1] [2] [3] [4]");
    row("7 category of several values", "network where true", "[4]");
    row("7 category is exact", "\"Process\" where true", "");
    row("7 any matches without a category", "any where true", "[1] [2] [3] [4] [5] [6]");
    row("7 nothing", "any where false", "");

    row("3.2 missing is null", "any where process.pid == null", "[4] [5] [6]");
    row("3.2 is not null", "any where process.pid != null", "[1] [2] [3]");
    row("3.2 empty list is null", "process where process.args == null", "[3]");
    row("3.2 a missing value fails a comparison", "any where process.exit_code > -1", "[1] [2]");
    row("3.2 the negated leaf holds for it", "any where not (process.exit_code > -1)",
        "[3] [4] [5] [6]");
    row("3.2 != holds for it", "any where process.exit_code != 0", "[2] [3] [4] [5] [6]");
    row("3.2 not wildcard holds for it", "process where not process.name : \"*.exe\"", "[4]");
    row("3.2 guard", "any where process.exit_code != null and process.exit_code != 0", "[2]");

    row("3.4 some value", "any where process.args == \"-b\"", "[1] [2]");
    row("3.4 different elements", "any where process.args == \"-a\" and process.args == \"-b\"",
        "[1]");
    row("3.4 != means no element", "process where process.args != \"-b\"", "[3] [4]");
    row("3.4 not in means no element", "process where process.args not in (\"-a\", \"-c\")", "[3]");
    row("3.4 length of some element", "any where length(process.args) > 1", "[1] [2] [4]");
    row("3.4 numbers", "any where process.pid > 30", "[3]");
    row("3.4 several fields, some pair", "any where startsWith~(process.name, process.parent.name)",
        "[2] [3]");
    row("3.4 several fields, no pair",
        "process where not startsWith~(process.name, process.parent.name)", "[1] [4]");
    row("3.4 several fields in concat",
        "any where concat(process.name, \"/\", process.pid) == \"powershell.exe/31\"", "[3]");

    row("4 == is exact", "any where process.name == \"cmd.exe\"", "[1]");
    row("4 : is not", "any where process.name : \"cmd.exe\"", "[1] [2]");
    row("4 wildcards", "any where process.name : (\"c?d*\", \"power*\")", "[1] [2] [3]");
    row("4 like is exact", "any where process.name like \"CMD.*\"", "[2]");
    row("4 == takes a star literally", "any where file.path == \"C:\\\\Temp\\\\a*b.txt\"", "[5]");
    row("4 in takes a star literally", "any where file.path in (\"*\")", "");
    row("4 in", "any where process.name in (\"cmd.exe\", \"x\")", "[1] [6]");
    row("4 in~", "any where process.name in~ (\"cmd.exe\", \"X\")", "[1] [2] [6]");
    row("4 folding beyond ASCII", "any where process.name : \"STRA\u1e9eE\"", "[5]");
    row("4 regex is whole", "any where process.name regex \"cmd\"", "");
    row("4 regex~", "any where process.name regex~ \"cmd\\\\.[a-z]{3}\"", "[1] [2]");
    row("4 order of text", "any where process.name < \"a\"", "[2] [5]");
    row("4 text of a number", "any where user.id == \"501\"", "[1] [2]");
    row("4 number of a text", "any where process.pid == 20", "[2]");
    row("4 arithmetic", "any where process.pid % 20 == 10", "[1] [3]");
    row("4 boolean function compared", "process where cidrMatch(source.ip, \"8.0.0.0/8\") == false",
        "[1] [3] [4]");
    row("4 and or not",
        "any where (process.pid == 10 or file.size == 7) and not process.name == \"x\"", "[1] [5]");

    row("4.1 mapped addresses are equal", "any where source.ip == \"10.0.0.5\"", "[1] [3]");
    row("4.1 spelling does not matter", "any where source.ip == \"0:0:0:0:0:0:0:1\"", "[4]");
    row("5 cidrMatch", "any where cidrMatch(source.ip, \"10.0.0.0/16\")", "[1] [3]");
    row("5 some value", "any where cidrMatch(source.ip, \"8.8.0.0/16\", \"::1\")", "[2] [4]");
    row("5 negated", "process where not cidrMatch(source.ip, \"10.0.0.0/8\")", "[4]");

    row("3.3 optional unmapped field", "any where ?no.such == null", "[1] [2] [3] [4] [5] [6]");
    row("10 head on events", "any where true | head 2", "[1] [2]");
}

void TestEngine::selects()
{
    QFETCH(const QString, query);
    QFETCH(const QString, expected);
    QCOMPARE(QString::fromStdString(tests::queryEverywhere(table, query.toStdString())), expected);
}

void TestEngine::endpoint_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const char* query, const char* expected) {
        QTest::newRow(name) << QString::fromUtf8(query) << QString::fromUtf8(expected);
    };
    row("12 field to field", "process where process.name == process.parent.name", "[5]");
    row("12 field beside field without case", "process where process.name : process.parent.name",
        "[5] [8]");
    row("12 field beside field, its wildcard is a character",
        "process where process.name like process.parent.name", "[5]");
    row("12 field beside field in a list",
        "process where process.name : (\"A\", process.parent.name)", "[3] [5] [8]");
    row("12 field in a list without case",
        "process where process.name in~ (\"A\", process.parent.name)", "[3] [5] [8]");
    row("12 array of objects, one element must satisfy all",
        "any where _arraysearch(process.thread.Ext.call_stack, $e, $e.symbol_info : \"a*\" and "
        "$e.size > 5)",
        "[2]");
    row("12 array of objects, not",
        "api where not _arraysearch(process.thread.Ext.call_stack, $e, $e.symbol_info : \"a*\")",
        "");
    row("12 not inside an element",
        "any where _arraysearch(process.thread.Ext.call_stack, $e, not $e.symbol_info : \"a*\")",
        "[1]");
    row("12 array that is absent",
        "process where not _arraysearch(process.thread.Ext.call_stack, $e, $e.size > 0)",
        "[3] [4] [5] [6] [8]");
    row("12 alias",
        "sequence [process where true] as event0 [file where process.pid == event0.process.pid]",
        "[4 7]");
    row("12 alias, negated",
        "sequence [process where process.name == \"a\"] as event0 "
        "[file where not process.pid == event0.process.pid]",
        "[3 7]");
}

void TestEngine::endpoint()
{
    const std::string lines = R"json(
{"@timestamp":1,"event.category":"api","host.id":"h","process":{"thread":{"Ext":{"call_stack":[{"symbol_info":"abc","size":1},{"symbol_info":"xyz","size":9}]}}}}
{"@timestamp":2,"event.category":"api","host.id":"h","process.thread.Ext.call_stack":[{"symbol_info":"abc","size":6}]}
{"@timestamp":3,"event.category":"process","host.id":"h","process.name":"a","process.pid":1}
{"@timestamp":4,"event.category":"process","host.id":"h","process.name":"b","process.pid":2,"process.parent.name":"c"}
{"@timestamp":5,"event.category":"process","host.id":"i","process.name":"b","process.parent.name":["b","c"]}
{"@timestamp":6,"event.category":"process","host.id":"i","process.pid":3}
{"@timestamp":7,"event.category":"file","host.id":"h","process.pid":2}
{"@timestamp":8,"event.category":"process","host.id":"j","process.name":"Q*","process.parent.name":["q*","x"]}
)json";
    QFETCH(const QString, query);
    QFETCH(const QString, expected);
    QCOMPARE(QString::fromStdString(
                 tests::queryEverywhere(lines, query.toStdString(), eql::Dialect::Endpoint)),
             expected);
}

void TestEngine::descendants_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const char* query, const char* expected) {
        QTest::newRow(name) << QString::fromUtf8(query) << QString::fromUtf8(expected);
    };
    row("12 children, grandchildren and what they do, until their end",
        "any where descendant of [process where process.name == \"word\"]", "[2] [3] [4] [6]");
    row("12 not the source itself",
        "process where process.name == \"word\" and "
        "descendant of [process where process.name == \"word\"]",
        "");
    row("12 negated", "network where not descendant of [process where process.name == \"word\"]",
        "[8]");
    row("12 by any event of the ancestor",
        "any where descendant of [network where destination.port == 443]", "[9]");
    row("12 nested",
        "any where descendant of [process where process.name == \"sh\" and "
        "descendant of [process where process.name == \"word\"]]",
        "[3] [4] [6]");
}

void TestEngine::descendants()
{
    const std::string lines = R"json(
{"@timestamp":1,"event.category":"process","event.type":"start","host.id":"h","process.name":"word","process.entity_id":"1","process.parent.entity_id":"0"}
{"@timestamp":2,"event.category":"process","event.type":"start","host.id":"h","process.name":"sh","process.entity_id":"2","process.parent.entity_id":"1"}
{"@timestamp":3,"event.category":"process","event.type":"start","host.id":"h","process.name":"curl","process.entity_id":"3","process.parent.entity_id":"2"}
{"@timestamp":4,"event.category":"network","host.id":"h","process.entity_id":"3","destination.port":443}
{"@timestamp":5,"event.category":"process","event.type":"start","host.id":"i","process.name":"sh","process.entity_id":"2","process.parent.entity_id":"1"}
{"@timestamp":6,"event.category":"process","event.type":"end","host.id":"h","process.name":"curl","process.entity_id":"3"}
{"@timestamp":7,"event.category":"process","event.type":"start","host.id":"h","process.name":"late","process.entity_id":"5","process.parent.entity_id":"9"}
{"@timestamp":8,"event.category":"network","host.id":"i","process.entity_id":"7","destination.port":443}
{"@timestamp":9,"event.category":"process","event.type":"start","host.id":"i","process.name":"sub","process.entity_id":"8","process.parent.entity_id":"7"}
)json";
    QFETCH(const QString, query);
    QFETCH(const QString, expected);
    QCOMPARE(QString::fromStdString(
                 tests::queryEverywhere(lines, query.toStdString(), eql::Dialect::Endpoint)),
             expected);
}

void TestEngine::joinsByValue_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const char* query, const char* expected) {
        QTest::newRow(name) << QString::fromUtf8(query) << QString::fromUtf8(expected);
    };
    row("8.1 text of a number", "sequence by user.id [process where true] [file where true]",
        "[1 2]");
    row("8.1 numbers by value", "sequence by process.pid [process where true] [file where true]",
        "[1 2]");
    row("8.1 addresses by address", "sequence by source.ip [process where true] [file where true]",
        "[1 2]");
    row("8.1 fields of two names",
        "sequence [process where true] by source.port [file where true] by destination.port",
        "[1 2]");
    row("8.5 maxspan in words",
        "sequence by user.id with maxspan=1m [process where true] [file where true]", "[1 2]");
}

void TestEngine::joinsByValue()
{
    const std::string lines = R"json(
{"@timestamp":1,"event.category":"process","user.id":501,"process.pid":7,"source.ip":"10.0.0.1","source.port":80}
{"@timestamp":2,"event.category":"file","user.id":"501","process.pid":"7","source.ip":"::ffff:10.0.0.1","destination.port":"80"}
)json";
    QFETCH(const QString, query);
    QFETCH(const QString, expected);
    QCOMPARE(QString::fromStdString(tests::queryEverywhere(lines, query.toStdString())), expected);
}

void TestEngine::showsOneKeyForEqualValues()
{
    // Equal keys are shown alike, whichever of the values was met first.
    const auto source = tests::eventTable(R"json(
{"@timestamp":1,"event.category":"process","process.start":"2024-01-01T00:00:00.010500Z"}
{"@timestamp":2,"event.category":"file","process.start":1704067200010}
)json");
    engine::Engine engine(source);
    const auto result =
        engine.run(tests::bindText(
                       "sequence by process.start [process where true] [file where true]", *source),
                   {});
    QVERIFY(result.has_value());
    QCOMPARE(result->matches.size(), std::size_t{1});
    QCOMPARE(eql::toText(result->matches[0].joinKeys.at(0)),
             std::string("2024-01-01T00:00:00.010Z"));
}

void TestEngine::runtimeErrors_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("matches");
    QTest::addColumn<int>("warned");
    QTest::newRow("division by zero is null")
        << "any where 10 / process.exit_code == 10" << "[2]" << 1;
    QTest::newRow("a clause before it keeps events away")
        << "any where process.exit_code != 0 and 10 / process.exit_code == 10" << "[2]" << 0;
    QTest::newRow("a clause after it does not")
        << "any where 10 / process.exit_code == 10 and process.exit_code != 0" << "[2]" << 1;
    QTest::newRow("no number, by event") << "any where number(process.name) == 1" << "" << 5;
    QTest::newRow("or stops at the first that holds")
        << "any where process.exit_code == 0 or 10 / process.exit_code == 10" << "[1] [2]" << 0;
}

void TestEngine::runtimeErrors()
{
    QFETCH(const QString, query);
    QFETCH(const QString, matches);
    QFETCH(const int, warned);
    const std::string found = tests::queryEverywhere(table, query.toStdString());
    const auto source = tests::eventTable(table, 2);
    engine::Engine engine(source);
    const auto result = engine.run(tests::bindText(query.toStdString(), *source), {});
    QVERIFY(result.has_value());
    std::uint64_t events = 0;
    for (const engine::RuntimeWarning& warning : result->warnings) {
        events += warning.count;
    }
    QCOMPARE(events, static_cast<std::uint64_t>(warned));
    QCOMPARE(found, tests::matchesText(*result));
    QVERIFY(QString::fromStdString(found).startsWith(matches));
}

void TestEngine::failsOnRuntimeErrors()
{
    const auto source = tests::eventTable(table, 2);
    engine::Engine engine(source);
    engine::RunOptions options;
    options.runtimeErrors = engine::RuntimeErrors::Fail;
    const auto failed =
        engine.run(tests::bindText("any where 10 / process.exit_code == 10", *source), options);
    QVERIFY(!failed.has_value());
    QCOMPARE(failed.error().code, std::string("engine-runtime-error"));
    const auto guarded = engine.run(
        tests::bindText("any where process.exit_code == 1 and 10 / process.exit_code == 10",
                        *source),
        options);
    QVERIFY(guarded.has_value());
    QCOMPARE(tests::matchesText(*guarded), std::string("[2]"));
}

void TestEngine::funnels()
{
    const auto source = tests::eventTable(table, 3);
    engine::Engine engine(source);
    engine::RunOptions options;
    options.collectFunnel = true;
    const std::string query =
        "process where process.name : \"*.exe\" and (process.pid > 10 and process.args == \"-c\")";
    for (int repetition = 0; repetition < 2; ++repetition) {
        const auto result = engine.run(tests::bindText(query, *source), options);
        QVERIFY(result.has_value());
        QCOMPARE(result->funnels.size(), std::size_t{1});
        const engine::StageFunnel& funnel = result->funnels.front();
        QCOMPARE(funnel.categoryEvents, std::uint64_t{4});
        QCOMPARE(funnel.steps.size(), std::size_t{3});
        QCOMPARE(funnel.steps[0].eventsLeft, std::uint64_t{3});
        QCOMPARE(funnel.steps[1].eventsLeft, std::uint64_t{2});
        QCOMPARE(funnel.steps[2].eventsLeft, std::uint64_t{1});
        QCOMPARE(funnel.steps[0].droppedSamples, std::vector<EventNumber>{EventNumber(3)});
        QCOMPARE(funnel.steps[2].droppedSamples, std::vector<EventNumber>{EventNumber(2)});
        const SourceSpan span = funnel.steps[1].span;
        QCOMPARE(query.substr(span.begin, span.length()), std::string("process.pid > 10"));
        // Known answers cost nothing.
        QCOMPARE(funnel.steps[0].distinctValuesTested == 0, repetition == 1);
        QCOMPARE(funnel.steps[0].bytesScanned == 0, repetition == 1);
        QCOMPARE(funnel.steps[0].candidates, std::uint64_t{4});
        QCOMPARE(funnel.steps[2].candidates, std::uint64_t{2});
        QCOMPARE(result->cost.candidates, std::uint64_t{4});
        // The category is a leaf, too.
        QCOMPARE(result->cost.distinctValuesTested == 0, repetition == 1);
    }
}

void TestEngine::tellsWhatSequencesHold()
{
    const auto source = tests::eventTable(tests::eventStream("A1/x A2/y A3/z B4/x"), 2);
    engine::Engine engine(source);
    const auto result =
        engine.run(tests::bindText("sequence by k [A where true] [B where true]", *source), {});
    QVERIFY(result.has_value());
    QCOMPARE(result->matches.size(), std::size_t{1});
    QCOMPARE(result->peakPartials, std::uint64_t{3});
    QCOMPARE(result->cost.peakKeys, std::uint64_t{3});
    QCOMPARE(result->cost.candidates, std::uint64_t{4});
    QVERIFY(result->cost.peakBytes > 0);
    const auto simple = engine.run(tests::bindText("A where true", *source), {});
    QCOMPARE(simple->cost.peakKeys, std::uint64_t{0});
    QCOMPARE(simple->cost.peakBytes, std::uint64_t{0});
}

void TestEngine::explains()
{
    const auto source = tests::eventTable(table, 3);
    engine::Engine engine(source);
    const std::string query = "process where process.name : \"cmd*\" and "
                              "(process.pid == 10 or process.args == \"-c\") and user.name == null "
                              "and process.exit_code != 5";
    const auto clauses = engine.explain(tests::bindText(query, *source), 0, EventNumber(1));
    QVERIFY(clauses.has_value());
    QCOMPARE(clauses->size(), std::size_t{4});
    using Values = std::vector<std::pair<std::string, std::string>>;
    QCOMPARE((*clauses)[0].fieldValues, (Values{{"process.name", "CMD.EXE"}}));
    QCOMPARE((*clauses)[1].fieldValues, (Values{{"process.args", "-c"}}));
    QCOMPARE((*clauses)[2].fieldValues, Values{});
    QCOMPARE((*clauses)[3].fieldValues, (Values{{"process.exit_code", "1"}}));
    const auto noStage = engine.explain(tests::bindText(query, *source), 1, EventNumber(1));
    QVERIFY(!noStage);
    QCOMPARE(noStage.error().code, std::string("engine-no-such-event"));
}

void TestEngine::selectsAsSet()
{
    const auto source = tests::eventTable(table, 1);
    engine::Engine engine(source);
    const auto selected = engine.select(tests::bindText("any where process.pid > 0", *source), {});
    QVERIFY(selected.has_value());
    QCOMPARE(selected->count(), std::uint64_t{3});
    QVERIFY(selected->contains(EventNumber(2)));
    QVERIFY(!selected->contains(EventNumber(3)));
    const auto refused =
        engine.select(tests::bindText("sequence [any where true] [any where true]", *source), {});
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().code, std::string("engine-not-an-event-query"));
}

void TestEngine::ordersByOtherTimes()
{
    const std::string lines = R"json(
{"when":3000,"event.category":"a"}
{"when":"1970-01-01T00:00:01Z","event.category":"a"}
{"when":"2000000","event.category":"a"}
)json";
    engine::RunOptions options;
    options.timestampField = "when";
    QCOMPARE(tests::queryEverywhere(lines, "any where true", eql::Dialect::Elasticsearch, options),
             std::string("[2] [1] [3]"));
    options.timestampField = "no.such";
    QCOMPARE(tests::queryEverywhere(lines, "any where true", eql::Dialect::Elasticsearch, options),
             std::string("[1] [2] [3]"));
}

void TestEngine::reportsTooManyCombinations()
{
    static_assert(engine::limits::maxValueCombinations == 65'536);
    std::string list;
    for (int value = 0; value < 257; ++value) {
        list += (value == 0 ? "\"a" : ",\"a") + std::to_string(value) + "\"";
    }
    const std::string lines =
        R"({"@timestamp":1,"event.category":"x","k":[)" + list + R"(],"k2":[)" + list + "]}\n";
    QCOMPARE(tests::queryEverywhere(lines, "any where concat(k, k2) == \"none\""),
             std::string("1 x an event has more than 65536 combinations of values in one clause; "
                         "the rest was left out"));
}

void TestEngine::reportsBrokenDocuments()
{
    // The event table refuses text that is not JSON, so depth is what breaks a document here.
    std::string deep = "1";
    for (std::size_t level = 0; level < engine::limits::documentDepth + 1; ++level) {
        deep = "[" + deep + "]";
    }
    const std::string lines = R"({"@timestamp":1,"event.category":"x","stack":[{"a":1}],"d":)"
                              + deep + "}\n"
                              + R"({"@timestamp":2,"event.category":"x","stack":[{"a":1}]})" + "\n";
    QCOMPARE(tests::queryEverywhere(lines, "any where _arraysearch(stack, $e, $e.a == 1)",
                                    eql::Dialect::Endpoint),
             std::string("[2]; 1 x an event's document cannot be searched: it is nested too "
                         "deeply"));
}

void TestEngine::documentsMustBeJson()
{
    QVERIFY(engine::parseJsonValue("{\"a\":[1]}").has_value());
    const auto broken = engine::parseJsonValue("{\"a\":");
    QVERIFY(!broken);
    QCOMPARE(broken.error().code, std::string("engine-document"));
}

void TestEngine::kindsOfWarningsAreBounded()
{
    engine::WarningCounter counter;
    for (std::size_t kind = 0; kind < engine::limits::maxWarningMessages + 3; ++kind) {
        counter.add("problem " + std::to_string(kind), 2);
    }
    const auto list = counter.list();
    QCOMPARE(list.size(), engine::limits::maxWarningMessages + 1);
    QCOMPARE(list.back().message, std::string("further kinds of runtime problems"));
    QCOMPARE(list.back().count, std::uint64_t{6});
}

QTEST_GUILESS_MAIN(TestEngine)
#include "tst_engine.moc"
