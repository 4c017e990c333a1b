#include "core/rules/limits.h"
#include "core/rules/rule_file.h"

#include <QtTest>

#include <algorithm>

using namespace sequela;
using namespace sequela::rules;

class RuleFileTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsEveryKey();
    void readsEndpointRule();
    void readsExport();
    void exportWithHalfAWord();
    void status_data();
    void status();
    void broken_data();
    void broken();
    void describingKeysDoNotBreakARule();
    void keepsUnknownKeys();
    void limitsAreReached_data();
    void limitsAreReached();
    void locatesQueryDiagnostics_data();
    void locatesQueryDiagnostics();
    void replacesOnlyTheQuery_data();
    void replacesOnlyTheQuery();
    void refusesToReplace_data();
    void refusesToReplace();
    void replacingWithTheSameChangesNothing();
};

namespace {

const QByteArray head = "[metadata]\nmaturity = \"production\"\n[rule]\nname = \"n\"\n"
                        "rule_id = \"id-1\"\nseverity = \"low\"\nrisk_score = 21\n"
                        "type = \"eql\"\nlanguage = \"eql\"\n";
const QByteArray query = "query = '''\nany where true\n'''\n";

RuleEntry read(const QByteArray& text)
{
    return readRuleToml(text.toStdString(), "dir/name.toml");
}

QByteArray bytes(std::string_view text)
{
    return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

void RuleFileTest::readsEveryKey()
{
    const RuleEntry entry = read(R"toml([metadata]
creation_date = "2024/01/02"
updated_date = "2024/03/04"
maturity = "production"
integration = ["endpoint", "windows"]
min_stack_version = "8.3.0"
min_stack_comments = "c"
os_type_list = ["macos"]
bypass_bbr_timing = true
query_schema_validation = false
deprecation_date = "2025/01/01"
promotion = true

[rule]
author = ["A", "B"]
building_block_type = "default"
description = "d"
enabled = false
event_category_override = "event.type"
false_positives = ["f"]
from = "now-9m"
index = ["logs-*"]
interval = "10m"
language = "eql"
license = "l"
max_signals = 33
name = "Näme"
note = "n"
references = ["https://example.org"]
risk_score = 47
rule_id = "id-2"
rule_name_override = "process.name"
setup = "s"
severity = "medium"
tags = ["t1", "t2"]
tiebreaker_field = "event.sequence"
timeline_id = "tid"
timeline_title = "tt"
timestamp_field = "event.created"
timestamp_override = "event.ingested"
timestamp_override_fallback_disabled = true
to = "now-1m"
type = "eql"
version = 7
query = '''
process where true
'''
[rule.alert_suppression]
group_by = ["host.id"]
missing_fields_strategy = "doNotSuppress"
[rule.alert_suppression.duration]
value = 5
unit = "h"
[rule.investigation_fields]
field_names = ["a", "b"]
[[rule.severity_mapping]]
field = "event.severity"
operator = "equals"
value = "3"
severity = "high"
[[rule.risk_score_mapping]]
field = "event.risk_score"
operator = "equals"
value = ""
[[rule.related_integrations]]
package = "endpoint"
version = "^8.2.0"
[[rule.required_fields]]
name = "process.name"
type = "keyword"
ecs = true
[[rule.threat]]
framework = "MITRE ATT&CK"
[[rule.threat.technique]]
id = "T1059"
name = "Command and Scripting Interpreter"
reference = "r"
[[rule.threat.technique.subtechnique]]
id = "T1059.002"
name = "AppleScript"
reference = "r2"
[rule.threat.tactic]
id = "TA0002"
name = "Execution"
reference = "r3"
)toml");
    QVERIFY2(entry.status == RuleStatus::Loaded, entry.reason.c_str());
    QVERIFY(entry.diagnostics.empty());
    const Rule& rule = *entry.rule;
    QCOMPARE(bytes(rule.metadata.creationDate), QByteArray("2024/01/02"));
    QCOMPARE(bytes(rule.metadata.updatedDate), QByteArray("2024/03/04"));
    QCOMPARE(bytes(rule.metadata.deprecationDate), QByteArray("2025/01/01"));
    QCOMPARE(rule.metadata.integrations, (std::vector<std::string>{"endpoint", "windows"}));
    QCOMPARE(bytes(rule.metadata.minStackVersion), QByteArray("8.3.0"));
    QCOMPARE(rule.metadata.osTypes, (std::vector<std::string>{"macos"}));
    QVERIFY(rule.metadata.bypassBuildingBlockTiming && rule.metadata.promotion);
    QVERIFY(!rule.metadata.querySchemaValidation);
    QCOMPARE(rule.authors.size(), std::size_t{2});
    QVERIFY(rule.isBuildingBlock && !rule.enabled);
    QCOMPARE(bytes(rule.name), QByteArray("Näme"));
    QCOMPARE(bytes(rule.id), QByteArray("id-2"));
    QCOMPARE(bytes(rule.version), QByteArray("7"));
    QCOMPARE(rule.riskScore, 47);
    QCOMPARE(rule.severity, RuleSeverity::Medium);
    QCOMPARE(bytes(rule.eventCategoryField), QByteArray("event.type"));
    QCOMPARE(bytes(rule.timestampField), QByteArray("event.created"));
    QCOMPARE(bytes(rule.tiebreakerField), QByteArray("event.sequence"));
    QCOMPARE(bytes(rule.timestampOverride), QByteArray("event.ingested"));
    QVERIFY(rule.timestampOverrideFallbackDisabled);
    QCOMPARE(bytes(rule.schedule.from), QByteArray("now-9m"));
    QCOMPARE(bytes(rule.schedule.to), QByteArray("now-1m"));
    QCOMPARE(rule.schedule.intervalNs, 600 * nanosecondsPerSecond);
    QCOMPARE(rule.schedule.maxSignals, std::int64_t{33});
    QVERIFY(rule.suppression.has_value());
    QCOMPARE(rule.suppression->durationNs,
             std::optional<std::int64_t>(5 * 3600 * nanosecondsPerSecond));
    QCOMPARE(rule.suppression->missingFields, MissingFieldsStrategy::DoNotSuppress);
    QCOMPARE(rule.severityMapping.at(0).severity, std::optional(RuleSeverity::High));
    QVERIFY(!rule.riskScoreMapping.at(0).riskScore);
    QCOMPARE(rule.investigationFields.size(), std::size_t{2});
    QCOMPARE(bytes(rule.relatedIntegrations.at(0).version), QByteArray("^8.2.0"));
    QVERIFY(rule.requiredFields.at(0).ecs);
    QCOMPARE(bytes(rule.threats.at(0).tacticId), QByteArray("TA0002"));
    QCOMPARE(bytes(rule.threats.at(0).techniques.at(0).subtechniques.at(0).name),
             QByteArray("AppleScript"));
    QCOMPARE(bytes(rule.query.text), QByteArray("process where true\n"));
    QCOMPARE(rule.dialect, eql::Dialect::Elasticsearch);
}

void RuleFileTest::readsEndpointRule()
{
    const RuleEntry entry = read(R"toml([rule]
description = "d"
id = "e-1"
name = "n"
os_list = ["windows"]
version = "1.0.4"
reputation = 5
reference = ["https://example.org"]
min_endpoint_version = "7.15.0"
query = '''
process where process.name : "x.exe"
'''
[[actions]]
action = "kill_process"
field = "process.entity_id"
state = 0
tree = true
[[optional_actions]]
action = "rollback"
field = "process.entity_id"
state = 0
[[threat]]
framework = "MITRE ATT&CK"
[threat.tactic]
id = "TA0005"
name = "Defense Evasion"
[internal]
min_endpoint_version = "7.15.0"
)toml");
    QVERIFY2(entry.status == RuleStatus::Loaded, entry.reason.c_str());
    const Rule& rule = *entry.rule;
    QCOMPARE(rule.layout, RuleLayout::EndpointBehavior);
    QCOMPARE(rule.dialect, eql::Dialect::Endpoint);
    QCOMPARE(rule.osList, (std::vector<std::string>{"windows"}));
    QCOMPARE(bytes(rule.id), QByteArray("e-1"));
    QCOMPARE(bytes(rule.version), QByteArray("1.0.4"));
    QCOMPARE(rule.endpointActions.size(), std::size_t{2});
    QVERIFY(rule.endpointActions.at(0).tree && !rule.endpointActions.at(0).optional);
    QVERIFY(rule.endpointActions.at(1).optional);
    QCOMPARE(rule.threats.size(), std::size_t{1});
    QCOMPARE(bytes(rule.otherKeys.at(0).path), QByteArray("internal"));
    QVERIFY(rule.otherKeys.at(0).known);
}

/// simdjson tells null by its first letter; what only begins like it is no JSON.
void RuleFileTest::exportWithHalfAWord()
{
    for (const char* text :
         {"{\"rule_id\":\"r\",\"note\":nil}", "{\"rule_id\":\"r\",\"a\":{\"b\":nul}}",
          "{\"rule_id\":\"r\",\"a\":[n]}"}) {
        const auto entries = readRuleExport(text, "e.ndjson");
        QCOMPARE(entries.size(), std::size_t{1});
        QCOMPARE(static_cast<int>(entries.front().status), static_cast<int>(RuleStatus::Broken));
        QCOMPARE(entries.front().diagnostics.front().code, std::string("rule-json"));
    }
}

void RuleFileTest::readsExport()
{
    const QByteArray text =
        R"({"name":"a","rule_id":"i1","type":"eql","severity":"high","risk_score":73,)"
        R"("query":"any where x == \"\\n\"","version":3,"id":"u","threat":[]})"
        "\r\n\n"
        R"({"name":"b","rule_id":"i2","type":"threshold","severity":"low","risk_score":21})"
        "\n{broken\n"
        R"({"list_id":"l","name":"list"})"
        "\n"
        R"({"exported_count":2,"exported_rules_count":2})"
        "\n";
    const auto entries = readRuleExport(text.toStdString(), "e.ndjson");
    QCOMPARE(entries.size(), std::size_t{5});
    QCOMPARE(entries.at(0).status, RuleStatus::Loaded);
    QCOMPARE(entries.at(0).rule->layout, RuleLayout::KibanaExport);
    QCOMPARE(bytes(entries.at(0).rule->query.text), QByteArray("any where x == \"\\n\""));
    QCOMPARE(entries.at(0).exportLine, std::size_t{1});
    QCOMPARE(entries.at(1).status, RuleStatus::NotRun);
    QCOMPARE(bytes(entries.at(1).reason), QByteArray("type threshold"));
    QCOMPARE(entries.at(1).exportLine, std::size_t{3});
    QCOMPARE(entries.at(2).status, RuleStatus::Broken);
    QCOMPARE(entries.at(2).diagnostics.at(0).begin->line, std::size_t{4});
    QCOMPARE(entries.at(3).status, RuleStatus::NotARule);
    QCOMPARE(bytes(entries.at(3).reason), QByteArray("exception list"));
    QCOMPARE(bytes(entries.at(4).reason), QByteArray("summary of the export"));
}

void RuleFileTest::status_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("reason");
    const auto row = [](const char* name, const QByteArray& text, RuleStatus status,
                        const char* reason) {
        QTest::newRow(name) << text << static_cast<int>(status) << QByteArray(reason);
    };
    QByteArray esql = head;
    esql.replace("type = \"eql\"", "type = \"esql\"");
    QByteArray deprecated = head;
    deprecated.replace("production", "deprecated");
    QByteArray crlf = head + query;
    crlf.replace("\n", "\r\n");
    row("loaded", head + query, RuleStatus::Loaded, "");
    row("CR LF", crlf, RuleStatus::Loaded, "");
    row("byte order mark", "\xEF\xBB\xBF" + head + query, RuleStatus::Loaded, "");
    row("esql", esql + query, RuleStatus::NotRun, "type esql");
    row("esql without query", esql, RuleStatus::NotRun, "type esql");
    row("deprecated", deprecated + query, RuleStatus::NotRun, "deprecated");
    row("empty file", "", RuleStatus::NotARule, "no [rule] table");
    row("other TOML", "[tool.x]\na = 1\n", RuleStatus::NotARule, "no [rule] table");
    row("hunting query", "[hunt]\nname = \"x\"\n", RuleStatus::NotARule, "a hunting query");
    row("rule is no table", "rule = 1\n", RuleStatus::NotARule, "no [rule] table");
}

void RuleFileTest::status()
{
    QFETCH(QByteArray, text);
    QFETCH(int, status);
    QFETCH(QByteArray, reason);
    const RuleEntry entry = read(text);
    QCOMPARE(static_cast<int>(entry.status), status);
    QCOMPARE(bytes(entry.reason), reason);
}

void RuleFileTest::broken_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<int>("line");
    const auto row = [](const char* name, const QByteArray& text, const char* code, int line) {
        QTest::newRow(name) << text << QByteArray(code) << line;
    };
    const QByteArray all = head + query;
    row("no TOML", "[rule\nname", "rule-toml", 1);
    row("invalid UTF-8", all + "note = \"\xFF\"\n", "rule-toml", 13);
    row("NUL byte", all + QByteArray("note = \"\0\"\n", 11), "rule-toml", 13);
    row("control character in a table's name", all + "[\x1Btest.event]]\n", "rule-toml", 13);
    row("unclosed string", head + "query = '''\nany", "rule-toml", 11);
    row("duplicate key", all + "name = \"m\"\n", "rule-toml", 13);
    row("query missing", head, "rule-missing-key", 3);
    row("query is a number", head + "query = 5\n", "rule-key-type", 10);
    row("query empty", head + "query = ''\n", "rule-missing-key", 10);
    row("name missing", "[rule]\ntype='eql'\nseverity='low'\nquery='any where true'\n",
        "rule-missing-key", 1);
    row("risk score as text", QByteArray(all).replace("= 21", "= \"21\""), "rule-key-type", 7);
    row("risk score 101", QByteArray(all).replace("= 21", "= 101"), "rule-risk-score", 7);
    row("severity", QByteArray(all).replace("\"low\"", "\"Low\""), "rule-severity", 6);
    row("from", all + "from = \"now-9\"\n", "rule-date-math", 13);
    row("interval", all + "interval = \"5w\"\n", "rule-interval", 13);
    row("max_signals 0", all + "max_signals = 0\n", "rule-max-signals", 13);
    row("max_signals past the bound",
        all + "max_signals = " + QByteArray::number(qint64{limits::maxMaxSignals + 1}) + "\n",
        "rule-max-signals", 13);
    row("index as table", all + "[rule.index]\na = 1\n", "rule-key-type", 13);
    row("suppression without fields", all + "[rule.alert_suppression]\nx = 1\n", "rule-missing-key",
        13);
    row("suppression strategy",
        all + "[rule.alert_suppression]\ngroup_by = [\"a\"]\nmissing_fields_strategy = \"x\"\n",
        "rule-suppression", 15);
}

void RuleFileTest::broken()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, code);
    QFETCH(int, line);
    const RuleEntry entry = read(text);
    QCOMPARE(entry.status, RuleStatus::Broken);
    QVERIFY(!entry.diagnostics.empty());
    const Diagnostic& first = entry.diagnostics.front();
    QCOMPARE(bytes(first.code), code);
    QVERIFY(first.begin.has_value());
    QCOMPARE(static_cast<int>(first.begin->line), line);
    QCOMPARE(bytes(first.file), QByteArray("dir/name.toml"));
    QVERIFY(!first.hint.empty());
}

void RuleFileTest::describingKeysDoNotBreakARule()
{
    const RuleEntry entry = read(head + query + "tags = [1, 2]\nnote = 5\n");
    QCOMPARE(entry.status, RuleStatus::Loaded);
    QCOMPARE(entry.diagnostics.size(), std::size_t{2});
    QCOMPARE(entry.diagnostics.at(0).severity, Severity::Warning);
    QCOMPARE(entry.rule->otherKeys.size(), std::size_t{2});
}

void RuleFileTest::keepsUnknownKeys()
{
    const RuleEntry entry =
        read(head + query + "[rule.future]\nx = [1, 2.5, \"a\", true, 2024-01-02]\n");
    QCOMPARE(entry.status, RuleStatus::Loaded);
    QCOMPARE(entry.rule->otherKeys.size(), std::size_t{1});
    QCOMPARE(bytes(entry.rule->otherKeys.at(0).path), QByteArray("rule.future"));
    QCOMPARE(bytes(entry.rule->otherKeys.at(0).json),
             QByteArray(R"({"x":[1,2.5,"a",true,"2024-01-02"]})"));
    QVERIFY(!entry.rule->otherKeys.at(0).known);
    QCOMPARE(bytes(entry.diagnostics.at(0).code), QByteArray("rule-unknown-key"));
    QCOMPARE(entry.diagnostics.at(0).severity, Severity::Note);
}

void RuleFileTest::limitsAreReached_data()
{
    QTest::addColumn<QByteArray>("text");
    const QByteArray all = head + query;
    const auto dotted = [](const QByteArray& part, std::size_t count) {
        return QByteArray(part + ".").repeated(static_cast<qsizetype>(count)) + part + " = 1\n";
    };
    QTest::newRow("maxRuleFileBytes")
        << all + "#" + QByteArray(static_cast<qsizetype>(limits::maxRuleFileBytes), 'x');
    QTest::newRow("maxKeyParts") << all + dotted("a", limits::maxKeyParts);
    QTest::newRow("a million key parts") << all + dotted("a", 1'000'000);
    QTest::newRow("a million quoted parts") << all + dotted("\"a b\"", 400'000);
    QTest::newRow("a million literal parts") << all + dotted("'a, b'", 400'000);
    QTest::newRow("blanks around dots") << all + dotted("a ", 400'000);
    QTest::newRow("table heading") << all + "[" + QByteArray("a.").repeated(400'000) + "a]\n";
    QTest::newRow("nested lists") << all + "x = " + QByteArray(100'000, '[')
                                         + QByteArray(100'000, ']') + "\n";
    QTest::newRow("maxNesting") << all + "[" + QByteArray("a.").repeated(40) + "a]\n"
                                       + QByteArray("b.").repeated(40) + "b = 1\n";
}

void RuleFileTest::limitsAreReached()
{
    QFETCH(QByteArray, text);
    const RuleEntry entry = read(text);
    QCOMPARE(entry.status, RuleStatus::Broken);
    QCOMPARE(bytes(entry.diagnostics.at(0).code), QByteArray("rule-toml"));
}

void RuleFileTest::locatesQueryDiagnostics_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("line");
    QTest::addColumn<int>("column");
    QTest::newRow("literal lines") << head + "query = '''\nany where\n  oops\n'''\n" << 12 << 3;
    QTest::newRow("same line") << head + "query = 'any where oops'\n" << 10 << 20;
    QTest::newRow("after an escape") << head + "query = \"any where \\\"\\\" oops\"\n" << 10 << 25;
    QTest::newRow("after é") << head + "query = 'é where oops'\n" << 10 << 18;
    QByteArray crlf = head + "query = '''\nany where\n  oops\n'''\n";
    crlf.replace("\n", "\r\n");
    QTest::newRow("CR LF") << crlf << 12 << 3;
}

void RuleFileTest::locatesQueryDiagnostics()
{
    QFETCH(QByteArray, text);
    QFETCH(int, line);
    QFETCH(int, column);
    const RuleEntry entry = read(text);
    QCOMPARE(entry.status, RuleStatus::Loaded);
    const std::size_t offset = entry.rule->query.text.find("oops");
    QVERIFY(offset != std::string::npos);
    Diagnostic diagnostic = makeError("x", "y");
    diagnostic.span = SourceSpan{offset, offset + 4};
    diagnostic.fixes.push_back(SuggestedFix{*diagnostic.span, "z", "use z"});
    locateInRuleFile(diagnostic, *entry.rule, text.toStdString());
    QCOMPARE(static_cast<int>(diagnostic.begin->line), line);
    QCOMPARE(static_cast<int>(diagnostic.begin->column), column);
    QCOMPARE(text.mid(static_cast<qsizetype>(diagnostic.span->begin), 4), QByteArray("oops"));
    QCOMPARE(diagnostic.fixes.empty(), entry.rule->query.anchors.size() > 1);
}

void RuleFileTest::replacesOnlyTheQuery_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QByteArray>("after");
    const auto row = [](const char* name, const char* before, const char* text, const char* after) {
        // What stands around the query is as untidy as people leave it.
        const QByteArray top = "# top \t\n[rule]\nname='n' # c\n";
        const QByteArray end = "  # tail\n\n[x]\ny=1 ";
        QTest::newRow(name) << top + before + end << QByteArray(text) << top + after + end;
    };
    row("literal lines", "query = '''\nany where a\n'''", "any where b\n",
        "query = '''\nany where b\n'''");
    row("inline start", "query = '''any where a'''", "any where b", "query = '''any where b'''");
    row("starts with a line end", "query = '''any where a'''", "\nany where b",
        "query = '''\n\nany where b'''");
    row("CR LF kept", "query = '''\r\nany where a\r\n or b\r\n'''", "any where a\n or c\n",
        "query = '''\r\nany where a\r\n or c\r\n'''");
    row("mixed file: the first line end counts", "x=1\r\nquery = '''a'''\r\n", "\nb",
        "x=1\r\nquery = '''\n\nb'''\r\n");
    row("basic", "query = \"any where a == \\\"x\\\"\"", "any where b == \"x\"",
        "query = \"any where b == \\\"x\\\"\"");
    row("basic grows a line", "query = \"any where a\"", "any where\na",
        "query = \"any where\\na\"");
    row("author's escapes kept", "query = \"any where \\u0061 == 1\"", "any where a == 2",
        "query = \"any where \\u0061 == 2\"");
    row("multi-line basic", "query = \"\"\"\nany where a\n\"\"\"", "any where \"\\\\\"\n",
        "query = \"\"\"\nany where \"\\\\\\\\\"\n\"\"\"");
    row("quotes at the end", "query = \"\"\"any\"\"\"", "any \"\"\"",
        "query = \"\"\"any \\\"\\\"\\\"\"\"\"");
    row("unicode", "query = 'any where a == \"é\"'", "any where a == \"è\"",
        "query = 'any where a == \"è\"'");
    row("dotted key", "query='''\na\n'''", "b\n", "query='''\nb\n'''");
    row("to nothing", "query = '''\nany\n'''", "", "query = '''\n'''");
}

void RuleFileTest::replacesOnlyTheQuery()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, query);
    QFETCH(QByteArray, after);
    const auto result = replaceQuery(before.toStdString(), query.toStdString());
    QVERIFY2(result.has_value(), result ? "" : result.error().message.c_str());
    QCOMPARE(bytes(*result), after);
}

void RuleFileTest::refusesToReplace_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QByteArray>("code");
    QTest::newRow("three quotes in literal")
        << head + query << QByteArray("any where '''") << QByteArray("rule-query-unwritable");
    QTest::newRow("ends with a quote")
        << head + "query = '''any'''\n"
        << QByteArray("any '''''") << QByteArray("rule-query-unwritable");
    QTest::newRow("line end in one line")
        << head + "query = 'any'\n"
        << QByteArray("any\nwhere") << QByteArray("rule-query-unwritable");
    QTest::newRow("control character")
        << head + query << QByteArray("any \x01") << QByteArray("rule-query-unwritable");
    QTest::newRow("invalid UTF-8")
        << head + query << QByteArray("any \xFF") << QByteArray("rule-query-unwritable");
    QTest::newRow("no query") << head << QByteArray("any") << QByteArray("rule-no-query");
    QTest::newRow("no rule") << QByteArray("a = 1\n") << QByteArray("any")
                             << QByteArray("rule-no-query");
    QTest::newRow("no TOML") << QByteArray("{}") << QByteArray("any") << QByteArray("rule-toml");
}

void RuleFileTest::refusesToReplace()
{
    QFETCH(QByteArray, file);
    QFETCH(QByteArray, query);
    QFETCH(QByteArray, code);
    const auto result = replaceQuery(file.toStdString(), query.toStdString());
    QVERIFY(!result.has_value());
    QCOMPARE(bytes(result.error().code), code);
    QVERIFY(!result.error().hint.empty());
}

void RuleFileTest::replacingWithTheSameChangesNothing()
{
    const QByteArray mixed = head + "query = '''\nany where\r\n a or\n b'''\n";
    const RuleEntry entry = read(mixed);
    const auto same = replaceQuery(mixed.toStdString(), entry.rule->query.text);
    QVERIFY(same.has_value());
    QCOMPARE(bytes(*same), mixed);
}

QTEST_GUILESS_MAIN(RuleFileTest)
#include "tst_rule_file.moc"
