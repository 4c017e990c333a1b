#include "core/eql/binder.h"
#include "core/eql/expression_text.h"
#include "core/eql/limits.h"
#include "core/eql/printer.h"

#include <QTest>

using namespace sequela;
using namespace sequela::eql;

namespace {

schema::FieldCatalog makeCatalog()
{
    const auto schema = schema::Schema::parse("@timestamp\tdate\n"
                                              "event.category\tkeyword\n"
                                              "host.id\tkeyword\n"
                                              "host.os.type\tkeyword\n"
                                              "process.name\tkeyword\n"
                                              "process.args\tkeyword\n"
                                              "process.command_line\twildcard\n"
                                              "process.pid\tlong\n"
                                              "process.ppid\tlong\n"
                                              "process.Ext.score\tdouble\n"
                                              "process.hash.md5\tkeyword\n"
                                              "process.trusted\tboolean\n"
                                              "source.ip\tip\n"
                                              "agent.version\tversion\n"
                                              "note\ttext\n"
                                              "place\tgeo_point\n"
                                              "process.stack.symbol\tkeyword\n"
                                              "pid\talias\tprocess.pid\n",
                                              "test.tsv");
    if (!schema) {
        qFatal("%s", schema.error().message.c_str());
    }
    return {*schema, {}};
}

const schema::FieldCatalog& catalog()
{
    static const schema::FieldCatalog instance = makeCatalog();
    return instance;
}

BindOptions optionsOf(bool endpoint)
{
    BindOptions options;
    options.dialect = endpoint ? Dialect::Endpoint : Dialect::Elasticsearch;
    options.now = *parseIsoTimestamp("2024-05-15T12:30:00Z");
    return options;
}

QString problemsOf(const BindResult& result)
{
    QStringList texts;
    for (const Diagnostic& each : result.diagnostics) {
        texts << QString("%1 @%2-%3 %4: %5")
                     .arg(QString::fromUtf8(severityName(each.severity).data()))
                     .arg(each.span->begin)
                     .arg(each.span->end)
                     .arg(QString::fromStdString(each.code), QString::fromStdString(each.message));
    }
    return texts.join('\n');
}

} // namespace

class TestBinder : public QObject {
    Q_OBJECT

private slots:
    void conditions_data();
    void conditions();
    void endpointConditions_data();
    void endpointConditions();
    void problems_data();
    void problems();
    void strictFields();
    void suggestsFixes();
    void sequenceKeys();
    void endpointSequences();
    void datesWithoutAClock();
    void filters();
    void leafCanonicals();
    void aliasesAreReplaced();
    void reportsAllProblems();
    void largeQueries();
    void manyRegexes();
    void dump();
};

void TestBinder::conditions_data()
{
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* condition, const char* expected) {
        QTest::newRow(condition) << QString::fromUtf8(expected);
    };
    row("true", "true");
    row("null", "false");
    row("not null", "false");
    row("process.pid == 1", "(`process.pid` == 1)");
    row("1 == process.pid", "(`process.pid` == 1)");
    row("1 < process.pid", "(`process.pid` > 1)");
    row("process.pid != 1", "not (`process.pid` == 1)");
    row("not process.pid > 1", "not (`process.pid` > 1)");
    row("not (process.pid == 1 and process.name : \"x\")",
        "(not (`process.pid` == 1) or not (`process.name` like~ (\"x\")))");
    row("not (process.pid == 1 or not process.name : \"x\")",
        "(not (`process.pid` == 1) and (`process.name` like~ (\"x\")))");
    row("process.pid == 1 and (process.pid == 2 and process.pid == 3)",
        "((`process.pid` == 1) and (`process.pid` == 2) and (`process.pid` == 3))");
    row("process.name == null", "(`process.name` == null)");
    row("null != process.name", "not (`process.name` == null)");
    row("length(process.name) == null", "(length(`process.name`) == null)");
    row("process.name in (\"a\", null, \"b\")", "(`process.name` in (\"a\", \"b\"))");
    row("process.name not in~ (\"a\")", "not (`process.name` in~ (\"a\"))");
    row("process.name in (null)", "false");
    row("not process.name in (null)", "false");
    row("process.name like (\"a*\", \"b\")", "(`process.name` like (\"a*\", \"b\"))");
    row("process.name regex~ \"a.*\"", "(`process.name` regex~ (\"a.*\"))");
    // Boolean literals: section 4
    row("process.trusted", "`process.trusted`");
    row("not process.trusted", "not `process.trusted`");
    row("process.trusted == false", "(`process.trusted` == false)");
    row("process.trusted != true", "not (`process.trusted` == true)");
    row("process.trusted == \"true\"", "(`process.trusted` == true)");
    row("(process.pid > 1) == true", "(`process.pid` > 1)");
    row("(process.pid > 1) == false", "not (`process.pid` > 1)");
    row("false != startsWith(process.name, \"a\")", "startsWith(`process.name`, \"a\")");
    row("startsWith(process.name, \"a\") != true", "not startsWith(`process.name`, \"a\")");
    // Constants and nulls: 3.2
    row("true and process.pid == 1", "(`process.pid` == 1)");
    row("false or process.pid == 1", "(`process.pid` == 1)");
    row("false and process.pid == 1", "false");
    row("null and process.pid == 1", "false");
    row("not (null and process.pid == 1)", "not (`process.pid` == 1)");
    row("null or process.pid == 1", "(`process.pid` == 1)");
    row("?nope : \"x\"", "false");
    row("not ?nope : \"x\"", "false");
    row("?nope != 1", "true");
    row("?nope == process.name", "(`process.name` == null)");
    row("?process.name : \"x\"", "(`process.name` like~ (\"x\"))");
    row("concat(process.name, null) != \"x\"", "true");
    row("nope == 1", "(`nope` == 1)");
    row("nope != 1", "not (`nope` == 1)");
    row("cidrMatch(nope, \"10.0.0.0/8\")", "cidrMatch(`nope`, 10.0.0.0/8)");
    // Literals take the field's type
    row("process.name == 501", "(`process.name` == \"501\")");
    row("process.pid == \"501\"", "(`process.pid` == 501)");
    row("process.pid == 4.5", "(`process.pid` == 4.5)");
    row("process.pid == \"abc\"", "(`process.pid` == \"abc\")");
    row("source.ip == \"0:0:0:0:0:0:0:1\"", "(`source.ip` == ip \"::1\")");
    row("source.ip == \"10.6.48.157/8\"", "cidrMatch(`source.ip`, 10.0.0.0/8)");
    row("source.ip != \"10.0.0.0/8\"", "not cidrMatch(`source.ip`, 10.0.0.0/8)");
    row("source.ip in (\"::1\", \"10.0.0.0/8\")",
        "(cidrMatch(`source.ip`, 10.0.0.0/8) or (`source.ip` in (ip \"::1\")))");
    row("cidrMatch(source.ip, \"10.6.48.157/8\", \"FE80::/10\", \"::1\")",
        "cidrMatch(`source.ip`, 10.0.0.0/8, fe80::/10, ::1/128)");
    row("agent.version > \"1.2\"", "(`agent.version` > version \"1.2\")");
    row("@timestamp == 0", "(`@timestamp` == date \"1970-01-01T00:00:00.000Z\")");
    row("@timestamp >= \"2021-01-25\"", "(`@timestamp` >= date \"2021-01-25T00:00:00.000Z\")");
    row("@timestamp > \"2021-01-25\"", "(`@timestamp` > date \"2021-01-25T23:59:59.999Z\")");
    row("@timestamp < \"now-1d/d\"", "(`@timestamp` < date \"2024-05-14T00:00:00.000Z\")");
    row("@timestamp <= \"2021-01-25||+1M/M\"",
        "(`@timestamp` <= date \"2021-02-28T23:59:59.999Z\")");
    row("@timestamp > \"2021-01-25||+1s\"", "(`@timestamp` > date \"2021-01-25T00:00:01.000Z\")");
    row("@timestamp == 116444736010000000", "(`@timestamp` == date \"1970-01-01T00:00:01.000Z\")");
    row("@timestamp == \"2021-01-25T07:48:47.5Z\"",
        "(`@timestamp` == date \"2021-01-25T07:48:47.500Z\")");
    row("@timestamp == \"2021-01-25T07:48Z\"",
        "(((`@timestamp` >= date \"2021-01-25T07:48:00.000Z\") and (`@timestamp` <= date "
        "\"2021-01-25T07:48:59.999Z\")) == true)");
    // Several fields in one call, arithmetic with one field
    row("startsWith~(process.name, process.args)", "startsWith~(`process.name`, `process.args`)");
    row("concat(process.name, process.args) == \"x\"",
        "(concat(`process.name`, `process.args`) == \"x\")");
    row("process.pid + 1 == 2", "((`process.pid` + 1) == 2)");
    row("-process.pid < 0", "(-(`process.pid`) < 0)");
    row("process.pid in (1 + 1, 3)", "(`process.pid` in (2, 3))");
}

void TestBinder::conditions()
{
    QFETCH(QString, expected);
    const std::string text = std::string("any where ") + QTest::currentDataTag();
    const BindResult result = bindQuery(text, catalog(), optionsOf(false));
    QVERIFY2(result.query.has_value(), qPrintable(problemsOf(result)));
    QCOMPARE(QString::fromStdString(
                 conditionText(result.query->stages.front().condition, result.query->fields)),
             expected);
}

void TestBinder::endpointConditions_data()
{
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* condition, const char* expected) {
        QTest::newRow(condition) << QString::fromUtf8(expected);
    };
    row("process.name == process.args", "(`process.name` == `process.args`)");
    row("process.pid != process.ppid", "not (`process.pid` == `process.ppid`)");
    row("process.pid + process.ppid > 3", "((`process.pid` + `process.ppid`) > 3)");
    row("process.name in (\"a\", process.args)",
        "((`process.name` == `process.args`) or (`process.name` in (\"a\")))");
    row("stringcontains~(process.command_line, process.name)",
        "stringContains~(`process.command_line`, `process.name`)");
    row("process.name in~ (\"a\", process.args, process.pid)",
        "((`process.name` ==~ `process.args`) or (`process.name` ==~ string(`process.pid`)) or "
        "(`process.name` in~ (\"a\")))");
    row("stringcontains~(process.command_line, source.ip) and startswith(process.pid, \"4\")",
        "(stringContains~(`process.command_line`, string(`source.ip`)) and "
        "startsWith(string(`process.pid`), \"4\"))");
    row("unknown.field : \"x\"", "(`unknown.field` like~ (\"x\"))");
    row("process.pid : 4", "(string(`process.pid`) like~ (\"4\"))");
    row("process.name : process.args", "(`process.name` ==~ `process.args`)");
    row("process.name like process.args", "(`process.name` == `process.args`)");
    row("process.name : (\"a*\", process.args, process.hash.md5)",
        "((`process.name` ==~ `process.args`) or (`process.name` ==~ `process.hash.md5`) or "
        "(`process.name` like~ (\"a*\")))");
    row("process.name : process.pid", "(`process.name` ==~ string(`process.pid`))");
    row("concat(process.name, \"x\") : process.args",
        "(concat(`process.name`, \"x\") ==~ `process.args`)");
    row("_arraysearch(process.stack, $entry, $entry.symbol : \"*x*\" and $entry.size > 2)",
        "arraySearch(`process.stack`, $0, (($0 `symbol` like~ (\"*x*\")) and ($0 `size` > 2)))");
    row("arraySearch(process.args, $a, $a == \"x\")",
        "arraySearch(`process.args`, $0, ($0 `` == \"x\"))");
    row("arraySearch(process.stack, $e, arraySearch($e.frames, $f, $f.name == $e.name))",
        "arraySearch(`process.stack`, $0, arraySearch($0 `frames`, $1, ($1 `name` == $0 `name`)))");
    row("not descendant of [process where process.name : \"x\"]",
        "not descendant of [\"process\" where (`process.name` like~ (\"x\"))]");
}

void TestBinder::endpointConditions()
{
    QFETCH(QString, expected);
    const std::string text = std::string("any where ") + QTest::currentDataTag();
    const BindResult result = bindQuery(text, catalog(), optionsOf(true));
    QVERIFY2(result.query.has_value(), qPrintable(problemsOf(result)));
    QCOMPARE(QString::fromStdString(
                 conditionText(result.query->stages.front().condition, result.query->fields)),
             expected);
}

void TestBinder::problems_data()
{
    QTest::addColumn<bool>("endpoint");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* query, const char* expected, bool endpoint = false) {
        QTest::newRow(query) << endpoint << QString::fromUtf8(expected);
    };
    row("any where process.pid",
        "error @10-21 eql-not-boolean: Condition expression needs to be boolean, found [LONG]");
    row("any where @timestamp",
        "error @10-20 eql-not-boolean: Condition expression needs to be boolean, found [DATETIME]");
    row("any where length(process.name)",
        "error @10-30 eql-not-boolean: Condition expression needs to be boolean, found [INTEGER]");
    row("any where 1",
        "error @10-11 eql-not-boolean: Condition expression needs to be boolean, found [INTEGER]");
    row("any where process.hash.md4 == 1",
        "warning @10-26 eql-unmapped-field: Unknown column [process.hash.md4], did you mean any of "
        "[process.hash.md5, process.name, process.args]?");
    row("any where note == \"x\"",
        "error @10-14 eql-text-field: [note] cannot operate on field of data type [text]: No "
        "keyword/multi-field defined exact matches for [note]; define one or use MATCH/QUERY "
        "instead");
    row("any where place == \"x\"", "error @10-15 eql-object-field: Cannot use field [place] with "
                                    "unsupported type [object]");
    row("any where process.pid == process.ppid",
        "error @25-37 eql-field-comparison: Comparisons against fields are not (currently) "
        "supported; offender [process.ppid] in [==]");
    row("any where process.pid + process.ppid > 3",
        "error @24-36 eql-field-comparison: Comparisons against fields are not (currently) "
        "supported; offender [process.ppid] in [+]");
    row("any where process.name in (process.args, \"x\")",
        "error @27-39 eql-field-comparison: Comparisons against fields are not (currently) "
        "supported; offender [process.args] in [process.name in (process.args, \"x\")]");
    row("any where process.pid : \"1\"",
        "error @10-21 eql-argument-type: first argument of [:] must be [string], found value "
        "[process.pid] type [long]; consider using [==] instead");
    row("any where source.ip : \"1*\"",
        "error @10-19 eql-argument-type: first argument of [:] must be [string], found value "
        "[source.ip] type [ip]; consider using [==] instead");
    row("any where process.pid like \"1*\"",
        "error @10-21 eql-argument-type: argument of [process.pid like \"1*\"] must be [string], "
        "found value [process.pid] type [long]");
    row("any where process.name : 123",
        "error @25-28 eql-argument-type: second argument of [:] must be [string], found value "
        "[123] type [integer]; consider using [==] instead");
    row("any where process.pid in (1, \"x\")",
        "error @29-32 eql-argument-type: 2nd argument of [process.pid in (1, \"x\")] must be "
        "[long], found value [\"x\"] type [keyword]");
    row("any where process.name in (501)",
        "error @27-30 eql-argument-type: 1st argument of [process.name in (501)] must be "
        "[keyword], found value [501] type [integer]");
    row("any where process.pid in~ (1)",
        "error @10-21 eql-argument-type: first argument of [process.pid in~ (1)] must be [string], "
        "found value [process.pid] type [long]");
    row("any where process.pid == \"abc\"",
        "warning @25-30 eql-type-mismatch: [process.pid] of type [long] never compares with "
        "[\"abc\"]");
    row("any where cidrMatch(process.name, \"10.0.0.0/8\")",
        "error @20-32 eql-argument-type: first argument of [cidrMatch(process.name, "
        "\"10.0.0.0/8\")] must be [ip], found value [process.name] type [keyword]");
    row("any where cidrMatch(source.ip, process.name)",
        "error @31-43 eql-argument-constant: second argument of [cidrMatch(source.ip, "
        "process.name)] must be a constant, received [process.name]");
    row("any where number(process.name, process.pid) == 1",
        "error @31-42 eql-argument-constant: second argument of [number(process.name, "
        "process.pid)] must be a constant, received [process.pid]");
    row("any where cidrMatch(source.ip, 12345)",
        "error @31-36 eql-argument-type: second argument of [cidrMatch(source.ip, 12345)] must be "
        "[string], found value [12345] type [integer]");
    row("any where cidrMatch(source.ip)",
        "error @10-30 eql-arity: error building [cidrmatch]: expects at least two arguments");
    row("any where cidrMatch(source.ip, \"10.0.0.0/99\")",
        "error @31-44 eql-bad-cidr: '10.0.0.0/99' is not an IP string literal");
    row("any where source.ip == \"nowhere\"",
        "error @23-32 eql-bad-address: 'nowhere' is not an IP string literal");
    row("any where @timestamp > \"2021-02-30\"",
        "error @23-35 eql-bad-date: failed to parse date [2021-02-30]");
    row("any where stringContains(process.name)",
        "error @10-38 eql-arity: error building [stringcontains]: expects exactly two arguments");
    row("any where between(process.name, \"s\", \"e\", 1)",
        "error @42-43 eql-argument-type: fourth argument of [between(process.name, \"s\", \"e\", "
        "1)] must be [boolean], found value [1] type [integer]");
    row("any where number(process.pid) == 1",
        "error @17-28 eql-argument-type: first argument of [number(process.pid)] must be [string], "
        "found value [process.pid] type [long]");
    row("any where number(process.name, 1.0) == 1",
        "error @31-34 eql-argument-type: second argument of [number(process.name, 1.0)] must be "
        "[integer], found value [1.0] type [double]");
    row("any where length(process.pid) > 1",
        "error @17-28 eql-argument-type: argument of [length(process.pid)] must be [string], found "
        "value [process.pid] type [long]");
    row("any where arrayContains(process.args, \"x\")",
        "error @10-23 eql-unknown-function: Unknown function [arrayContains], did you mean "
        "[stringcontains]?");
    row("any where arraySearch(process.args, process.name, true)",
        "error @10-21 eql-unknown-function: Unknown function [arraySearch]");
    row("any where match(process.name, \"foo.*\")",
        "error @10-15 eql-unknown-function: Unknown function [match], did you mean [cidrmatch]?");
    row("any where process.pid / 0 == 1",
        "error @10-25 eql-constant: Division by zero: the right side of [/] is 0");
    row("any where modulo(process.pid, 0) == 1",
        "error @10-32 eql-constant: Division by zero: the right side of [%] is 0");
    row("any where process.name regex \"a[b\"",
        "error @31-32 eql-regex: Unclosed [[] in the regular expression");
    row("any where true and process.name",
        "error @19-31 eql-argument-type: second argument of [true and process.name] must be "
        "[boolean], found value [process.name] type [keyword]");
    row("sequence [any where true] by process.pid [any where true] by process.hash.md5",
        "error @61-77 eql-join-key-type: Sequence key [process.hash.md5] type [keyword] is "
        "incompatible with key [process.pid] type [long]");
    row("sequence [any where true] by process.pid [any where true] by @timestamp",
        "error @61-71 eql-join-key-type: Sequence key [@timestamp] type [date] is incompatible "
        "with key [process.pid] type [long]");
    row("sequence [any where true] by process.pid [any where true]",
        "error @41-57 eql-join-key-count: Inconsistent number of join keys specified; expected [1] "
        "but found [0]");
    row("sequence by host.id [any where true] [any where true] by process.pid",
        "error @54-68 eql-join-key-count: Inconsistent number of join keys specified; expected [1] "
        "but found [2]");
    row("sequence [any where true] by process.pid [any where true] by process.pid until [any where "
        "true]",
        "error @79-95 eql-join-key-count: Inconsistent number of join keys specified; expected [1] "
        "but found [0]");
    row("sample [any where true] [any where true]",
        "error @7-23 eql-sample-keys: A sample must have at least one join key, found none");
    row("any where $x == 1", "error @10-12 eql-unknown-variable: Unknown variable [$x]", true);
    row("any where arraySearch(process.args, $x)",
        "error @10-39 eql-arity: error building [arraysearch]: expects exactly three arguments",
        true);
    row("any where arraySearch(process.args, process.name, true)",
        "error @36-48 eql-array-search: second argument of [arraySearch] must be a variable", true);
    row("any where arraySearch(\"x\", $x, true)",
        "error @22-25 eql-array-search: first argument of [arraySearch] must be a field that holds "
        "an array",
        true);
    row("sequence [any where event1.process.pid == 1] as event0 [any where true] as event1",
        "error @20-38 eql-later-alias: [event1] names an event that has not happened yet at this "
        "place",
        true);
}

void TestBinder::problems()
{
    QFETCH(bool, endpoint);
    QFETCH(QString, expected);
    const BindResult result = bindQuery(QTest::currentDataTag(), catalog(), optionsOf(endpoint));
    QCOMPARE(problemsOf(result), expected);
    QCOMPARE(result.query.has_value(), expected.startsWith("warning"));
}

void TestBinder::strictFields()
{
    BindOptions options = optionsOf(false);
    options.strictFields = true;
    const BindResult unknown = bindQuery("any where process.hash.md4 == \"x\"", catalog(), options);
    QCOMPARE(problemsOf(unknown),
             QString("error @10-26 eql-unknown-field: Unknown column [process.hash.md4], did you "
                     "mean any of [process.hash.md5, process.name, process.args]?"));
    QVERIFY(bindQuery("any where ?process.hash.md4 == \"x\"", catalog(), options).query);
    options.eventCategoryField = "kind";
    const BindResult category = bindQuery("process where true", catalog(), options);
    QVERIFY(!category.query);
    QCOMPARE(category.diagnostics.front().code, std::string("eql-unknown-field"));
    QVERIFY(bindQuery("any where true", catalog(), options).query);
}

void TestBinder::suggestsFixes()
{
    const auto fixOf = [](const char* text) {
        const BindResult result = bindQuery(text, catalog(), optionsOf(false));
        if (result.diagnostics.empty() || result.diagnostics.front().fixes.empty()) {
            return QString("none");
        }
        const SuggestedFix& fix = result.diagnostics.front().fixes.front();
        std::string fixed(text);
        fixed.replace(fix.span.begin, fix.span.length(), fix.replacement);
        return QString::fromStdString(fixed);
    };
    QCOMPARE(fixOf("any where process.nmae == \"x\""), QString("any where process.name == \"x\""));
    QCOMPARE(fixOf("any where stringContain(process.name, \"x\")"),
             QString("any where stringContains(process.name, \"x\")"));
    QCOMPARE(fixOf("any where process.pid : \"1\""), QString("any where process.pid == \"1\""));
    QCOMPARE(fixOf("any where process.pid"), QString("any where process.pid != null"));
    QCOMPARE(fixOf("any where process.name in (501)"),
             QString("any where process.name in (\"501\")"));
    QCOMPARE(fixOf("any where length~(process.name) > 1"),
             QString("any where length(process.name) > 1"));
}

void TestBinder::sequenceKeys()
{
    const BindResult result =
        bindQuery("sequence by host.id, ?nope with maxspan=5s "
                  "[process where true] by process.pid ![any where false] by ?process.ppid "
                  "[any where true] by nope with runs=3 until [any where true] by process.pid "
                  "| head 5 | tail 2",
                  catalog(), optionsOf(false));
    QVERIFY2(result.query.has_value(), qPrintable(problemsOf(result)));
    const BoundQuery& query = *result.query;
    QCOMPARE(query.maxspanMs, std::optional<std::int64_t>(5000));
    QCOMPARE(query.stages.size(), std::size_t{3});
    QCOMPARE(query.stages[0].keys.size(), std::size_t{3});
    QVERIFY(query.stages[0].keys[1].optional && query.stages[0].keys[1].unmapped);
    QVERIFY(query.stages[1].missing && query.stages[1].keys[2].optional);
    QVERIFY(query.stages[2].keys[2].unmapped && !query.stages[2].keys[2].optional);
    QCOMPARE(query.stages[2].runs, 3U);
    QVERIFY(query.until.has_value());
    QCOMPARE(query.pipes.size(), std::size_t{2});
    QVERIFY(query.pipes[0].isHead && query.pipes[0].count == 5);
    QVERIFY(!query.pipes[1].isHead && query.pipes[1].count == 2);
    QCOMPARE(query.stages[0].category, std::optional<std::string>("process"));
    QVERIFY(bindQuery("sequence [any where true] by process.pid [any where true] by "
                      "process.Ext.score",
                      catalog(), optionsOf(false))
                .query);
}

void TestBinder::endpointSequences()
{
    BindOptions options = optionsOf(true);
    options.osList = {"windows", "macos"};
    const char* const text = "sequence by process.pid [process where true] as event0 "
                             "[file where process.name == event0.process.name]";
    const BindResult result = bindQuery(text, catalog(), options);
    QVERIFY2(result.query.has_value(), qPrintable(problemsOf(result)));
    const BoundQuery& query = *result.query;
    QCOMPARE(query.fields[query.stages[1].keys[0].field.index()].name, std::string("host.id"));
    QCOMPARE(query.stages[1].keys.size(), std::size_t{2});
    QCOMPARE(QString::fromStdString(conditionText(query.stages[1].condition, query.fields)),
             QString("((`host.os.type` in (\"windows\", \"macos\")) and (`process.name` == stage 0 "
                     "`process.name`))"));
    const auto* const both = std::get_if<AndCondition>(&query.stages[1].condition.node);
    QVERIFY(both != nullptr);
    QVERIFY(std::get<Leaf>(both->operands[1].node).canonical.empty());
    QVERIFY(!std::get<Leaf>(both->operands[0].node).canonical.empty());
    options.implicitHostKey = false;
    QCOMPARE(bindQuery(text, catalog(), options).query->stages[0].keys.size(), std::size_t{1});
}

/// Who binds without saying what time it is (an editor, a check of rule files) means the present.
void TestBinder::datesWithoutAClock()
{
    const BindResult bound = bindQuery("any where @timestamp < \"now-1d\"", catalog(), {});
    QVERIFY2(bound.query.has_value(), qPrintable(problemsOf(bound)));
    QVERIFY(bound.diagnostics.empty());
}

void TestBinder::filters()
{
    const auto conditionOf = [](const char* text) {
        const BindResult result = bindFilter(text, catalog(), optionsOf(false));
        if (!result.query) {
            return problemsOf(result);
        }
        const BoundStage& stage = result.query->stages.front();
        return QString::fromStdString(stage.category.value_or("any") + " "
                                      + conditionText(stage.condition, result.query->fields));
    };
    QCOMPARE(conditionOf("process.pid == 1"), QString("any (`process.pid` == 1)"));
    QCOMPARE(conditionOf("process where process.pid == 1"),
             QString("process (`process.pid` == 1)"));
    QVERIFY(conditionOf("process.pid ==").startsWith("error"));
    QVERIFY(conditionOf("process.pid").contains("eql-not-boolean"));
    QVERIFY(!bindFilter("", catalog(), optionsOf(false)).query);
}

void TestBinder::leafCanonicals()
{
    const BindResult result = bindQuery(
        "any where not process.name : \"x\" or concat(process.name, process.args) == \"y\"",
        catalog(), optionsOf(false));
    const auto& any = std::get<OrCondition>(result.query->stages.front().condition.node);
    const Leaf& first = std::get<Leaf>(any.operands[0].node);
    QVERIFY(first.negated);
    QCOMPARE(first.canonical, std::string("(`process.name` like~ (\"x\"))"));
    QCOMPARE(first.fields.size(), std::size_t{1});
    QCOMPARE(any.operands[0].span, (SourceSpan{10, 32}));
    QCOMPARE(std::get<Leaf>(any.operands[1].node).fields.size(), std::size_t{2});
}

void TestBinder::aliasesAreReplaced()
{
    const BindResult result = bindQuery("any where pid == 1", catalog(), optionsOf(false));
    QCOMPARE(QString::fromStdString(
                 conditionText(result.query->stages.front().condition, result.query->fields)),
             QString("(`process.pid` == 1)"));
}

void TestBinder::reportsAllProblems()
{
    const BindResult two = bindQuery("any where length(1) == 2 and nothing(process.name) or 1",
                                     catalog(), optionsOf(false));
    QCOMPARE(two.diagnostics.size(), std::size_t{3});
    std::string many = "any where false";
    for (std::size_t i = 0; i < limits::maximumDiagnostics + 10; ++i) {
        many += " or length(1) == 1";
    }
    const BindResult result = bindQuery(many, catalog(), optionsOf(false));
    QCOMPARE(result.diagnostics.size(), limits::maximumDiagnostics + 1);
    QCOMPARE(result.diagnostics.back().code, std::string("eql-too-many-problems"));
    QVERIFY(!result.query);
}

void TestBinder::largeQueries()
{
    std::string chain = "any where process.pid == 0";
    std::string list = "any where process.name in (\"0\"";
    for (int i = 1; i < 100'000; ++i) {
        chain += " or process.pid == " + std::to_string(i);
        list += ", \"" + std::to_string(i) + "\"";
    }
    const BindResult chained = bindQuery(chain, catalog(), optionsOf(false));
    QVERIFY2(chained.query.has_value(), qPrintable(problemsOf(chained)));
    QCOMPARE(std::get<OrCondition>(chained.query->stages.front().condition.node).operands.size(),
             std::size_t{100'000});
    const BindResult listed = bindQuery(list + ")", catalog(), optionsOf(false));
    QVERIFY(listed.query.has_value());
    std::string unknown = "any where false";
    for (int i = 0; i < 20'000; ++i) {
        unknown += " or proces.nam" + std::to_string(i) + " == 1";
    }
    const BindResult warned = bindQuery(unknown, catalog(), optionsOf(false));
    QVERIFY(warned.query.has_value());
    QCOMPARE(warned.diagnostics.size(), limits::maximumDiagnostics + 1);
    std::string deep;
    for (std::uint32_t i = 0; i < limits::maximumNesting / 2 - 5; ++i) {
        deep += "not (";
    }
    deep =
        "any where " + deep + "process.pid == 1" + std::string(limits::maximumNesting / 2 - 5, ')');
    QVERIFY(bindQuery(deep, catalog(), optionsOf(false)).query.has_value());
}

/// One costly regular expression is refused for itself, many of them together.
void TestBinder::manyRegexes()
{
    std::string text = "any where false";
    for (int i = 0; i < 8; ++i) {
        text += R"x( or process.name regex "~((a|b)*a(a|b){16})")x";
    }
    // Each takes a maximumRegexWork, of which regexWorkPerCost are one of maximumRegexCost.
    static_assert(limits::maximumRegexWork / limits::regexWorkPerCost * 8
                  > limits::maximumRegexCost);
    const BindResult costly = bindQuery(text, catalog(), optionsOf(false));
    QVERIFY(!costly.query);
    QCOMPARE(costly.diagnostics.size(), std::size_t{8});
    QCOMPARE(costly.diagnostics.back().message,
             std::string("The regular expressions of the query are too large together"));
    QVERIFY(costly.diagnostics.front().message != costly.diagnostics.back().message);
    std::string list = R"x(any where process.name regex ("a")x";
    for (int i = 0; i < 2000; ++i) {
        list += ", \".*" + std::to_string(i) + "[0-9]+\"";
    }
    QVERIFY(bindQuery(list + ")", catalog(), optionsOf(false)).query.has_value());
}

void TestBinder::dump()
{
    const BindResult result =
        bindQuery("sequence by host.id with maxspan=5s [process where process.pid == 1 and "
                  "process.name != \"x\"] [any where true] | head 1",
                  catalog(), optionsOf(false));
    QCOMPARE(QString::fromStdString(dumpBoundQuery(*result.query)),
             QString("sequence query\n"
                     "  fields\n"
                     "    host.id keyword\n"
                     "    process.pid long\n"
                     "    process.name keyword\n"
                     "    event.category keyword, category\n"
                     "  maxspan 5000 ms\n"
                     "  stage \"process\" @36-92\n"
                     "    key host.id\n"
                     "    and @51-91\n"
                     "      some value: (`process.pid` == 1) @51-67\n"
                     "      no value: (`process.name` == \"x\") @72-91\n"
                     "  stage any @93-109\n"
                     "    key host.id\n"
                     "    always @104-108\n"
                     "  head 1\n"));
}

QTEST_GUILESS_MAIN(TestBinder)
#include "tst_binder.moc"
