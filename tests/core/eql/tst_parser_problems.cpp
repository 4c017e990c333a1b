#include "core/eql/limits.h"
#include "core/eql/parser.h"
#include "core/eql/syntax_codes.h"
#include "tests/core/eql/parser_texts.h"

#include <QTest>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace sequela;
using namespace sequela::eql;
using namespace sequela::eql::test;

namespace {

constexpr Dialect elastic = Dialect::Elasticsearch;
constexpr Dialect endpoint = Dialect::Endpoint;

} // namespace

/// What the parser says about broken text: message, place, code and fix of every problem.
class TestParserProblems : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void invalid_data();
    void invalid();
    void invalidForEndpoint_data();
    void invalidForEndpoint();
    void fixes_data();
    void fixes();
    void allProblemsAtOnce();
    void everyCodeHasACase();

private:
    std::set<std::string> m_codes;
};

void TestParserProblems::invalid_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("place");
    const auto row = [](const char* name, const char* text, const char* code, const char* message,
                        const char* place) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(code) << QByteArray(message)
                            << QByteArray(place);
    };
    const auto syntax = [&row](const char* text, const char* message, const char* place) {
        row(text, text, "eql-syntax", message, place);
    };
    // Section 1
    row("escape", R"x(any where a == "\d")x", "eql-invalid-escape",
        R"x(token recognition error at: '"\d')x", R"x(\d)x");
    row("open string", "any where a == \"b", "eql-unterminated-string",
        "token recognition error at: '\"b'", "\"b");
    row("single quotes", "any where a == 'b'", "eql-single-quotes",
        "Use double quotes [\"] to define string literals, not single quotes [']", "'b'");
    row("old raw string", "any where a == ?\"b\"", "eql-legacy-raw-string",
        "Use triple double quotes [\"\"\"] to define unescaped string literals, not [?\"]",
        "?\"b\"");
    row("surrogate", R"x(any where a == "\u{d800}")x", "eql-invalid-unicode-escape",
        "Invalid unicode character code, [d800] is a surrogate code", R"x(\u{d800})x");
    row("broken UTF-8", "any where a == \"\xFF\"", "eql-invalid-utf8",
        "Byte 0xFF is not valid UTF-8", "\xFF");
    row("dollar", "any where $entry.a == 1", "eql-token-recognition",
        "token recognition error at: '$entry'", "$entry");
    row("open comment", "any where true /*", "eql-unterminated-comment",
        "token recognition error at: '/*'", "/*");
    row("open name", "any where true and `a", "eql-unterminated-name",
        "token recognition error at: '`a'", "`a");
    row("upper-case keyword and", "any where a AND b", "eql-keyword-case",
        "mismatched input 'AND' expecting 'and'", "AND");
    row("upper-case keyword or", "any where a Or b", "eql-keyword-case",
        "mismatched input 'Or' expecting 'or'", "Or");
    row("upper-case keyword not", "any where NOT b", "eql-keyword-case",
        "mismatched input 'NOT' expecting 'not'", "NOT");
    row("upper-case keyword where", "any WHERE b", "eql-keyword-case",
        "mismatched input 'WHERE' expecting 'where'", "WHERE");
    row("upper-case keyword in", "any where a IN (1)", "eql-keyword-case",
        "mismatched input 'IN' expecting 'in'", "IN");
    row("upper-case keyword like~", "any where a Like~ \"b\"", "eql-keyword-case",
        "mismatched input 'Like~' expecting 'like~'", "Like~");
    row("keyword in a path", "any where a.in == 1", "eql-keyword-as-name",
        "mismatched input 'in' expecting a name", "in");
    row("keyword as field", "any where maxspan == 1", "eql-keyword-as-name",
        "mismatched input 'maxspan' expecting a name", "maxspan");
    row("back-quoted category", "`process` where true", "eql-quoted-category",
        "mismatched input '`process`' expecting {'any', name, string}", "`process`");
    row("assignment", "any where a = 1", "eql-assignment",
        "mismatched input '=' expecting {'==', '!=', '<', '<=', '>', '>='}", "=");
    syntax("any where startsWith~ == 1", "mismatched input '==' expecting '('", "==");
    // Section 2
    row("empty", "", "eql-empty-query", "mismatched input '<EOF>' expecting a query", "");
    row("only a comment", "// nothing", "eql-empty-query",
        "mismatched input '<EOF>' expecting a query", "");
    row("no category", "a == 1 and b", "eql-missing-category",
        "mismatched input '==' expecting 'where'", "a");
    syntax("process wher a == 1", "mismatched input 'wher' expecting 'where'", "wher");
    syntax("process name == 1", "mismatched input 'name' expecting 'where'", "name");
    row("no category before where", "where a", "eql-missing-category",
        "mismatched input 'where' expecting {'any', name, string}", "where");
    row("function in the place of a query", "length(a) > 1", "eql-missing-category",
        "mismatched input '(' expecting 'where'", "length");
    syntax("process", "mismatched input '<EOF>' expecting 'where'", "");
    syntax("process where", "no viable alternative at input '<EOF>'", "");
    syntax("any where a and", "no viable alternative at input '<EOF>'", "");
    syntax("any where and a", "no viable alternative at input 'and'", "and");
    syntax("any where a == ", "no viable alternative at input '<EOF>'", "");
    syntax("any where a b", "extraneous input 'b' expecting <EOF>", "b");
    syntax("any where \"a\" \"b\"", "extraneous input '\"b\"' expecting <EOF>", "\"b\"");
    syntax("any where true)", "extraneous input ')' expecting <EOF>", ")");
    syntax("any where a.5 == 1", "extraneous input '.5' expecting <EOF>", ".5");
    syntax("any where a. == 1", "mismatched input '==' expecting a name", "==");
    syntax("any where 1a == 1", "extraneous input 'a' expecting <EOF>", "a");
    syntax("any where a == not b", "no viable alternative at input 'not'", "not");
    row("open parenthesis", "any where (a", "eql-missing-bracket",
        "mismatched input '<EOF>' expecting ')'", "(");
    row("open call", "any where f(a, 1", "eql-missing-bracket",
        "mismatched input '<EOF>' expecting ')'", "(");
    syntax("any where (a b)", "mismatched input 'b' expecting ')'", "b");
    syntax("any where ()", "no viable alternative at input ')'", ")");
    row("chained comparison", "any where 1 < a < 3", "eql-chained-comparison",
        "extraneous input '<'", "<");
    row("chained equality", "any where a == b == c", "eql-chained-comparison",
        "extraneous input '=='", "==");
    row("not like", "any where a not like \"b\"", "eql-negated-match",
        "mismatched input 'like' expecting {'in', 'in~'}", "not");
    row("not colon", "any where a not : \"b\"", "eql-negated-match",
        "mismatched input ':' expecting {'in', 'in~'}", "not");
    row("exclamation mark and colon", "any where a !: \"b\"", "eql-foreign-operator",
        "token recognition error at: '!:'", "!:");
    row("double ampersand", "any where a && b", "eql-foreign-operator",
        "token recognition error at: '&&'", "&&");
    row("double bar", "any where a || b", "eql-foreign-operator", "extraneous input '|'", "||");
    row("not equal in angles", "any where a <> 1", "eql-foreign-operator", "extraneous input '>'",
        "<>");
    row("three equals signs", "any where a === 1", "eql-foreign-operator", "extraneous input '='",
        "===");
    row("unequal and equals sign", "any where a !== 1", "eql-foreign-operator",
        "extraneous input '='", "!==");
    row("equals sign and angle", "any where a => 1", "eql-foreign-operator", "extraneous input '>'",
        "=>");
    syntax("any where a < > 1", "no viable alternative at input '>'", ">");
    row("exclamation mark", "any where !a", "eql-token-recognition",
        "token recognition error at: '!'", "!");
    row("empty list", "any where a in ()", "eql-empty-list",
        "mismatched input ')' expecting an expression", ")");
    row("empty pattern list", "any where a : ()", "eql-empty-list",
        "mismatched input ')' expecting an expression", ")");
    row("comma at the end of a list", "any where a in (1, 2,)", "eql-trailing-comma",
        "no viable alternative at input ')'", ",");
    row("comma at the end of arguments", "any where f(a,)", "eql-trailing-comma",
        "no viable alternative at input ')'", ",");
    row("comma at the end of patterns", "any where a like (\"b\",)", "eql-trailing-comma",
        "no viable alternative at input ')'", ",");
    syntax("any where a in (1,,2)", "no viable alternative at input ','", ",");
    row("list without parentheses", "any where a in \"b\"", "eql-list-without-parentheses",
        "mismatched input '\"b\"' expecting '('", "\"b\"");
    row("pattern is a field", "any where a : b", "eql-pattern-not-constant",
        "mismatched input 'b' expecting {'null', 'true', 'false', number, string}", "b");
    row("pattern is negative", "any where a : -1", "eql-pattern-not-constant",
        "mismatched input '-' expecting {'null', 'true', 'false', number, string}", "-");
    row("pattern in a list is a field", "any where a like (\"b\", c.d)", "eql-pattern-not-constant",
        "mismatched input 'c' expecting {'null', 'true', 'false', number, string}", "c");
    row("pattern in double parentheses", "any where a regex ((\"b\"))", "eql-pattern-not-constant",
        "mismatched input '(' expecting {'null', 'true', 'false', number, string}", "(");
    row("method", "any where a:length() > 5", "eql-method-call",
        "mismatched input 'length' expecting {'null', 'true', 'false', number, string}", "length");
    syntax("any where a in (1) in (2)", "extraneous input 'in' expecting <EOF>", "in");
    syntax("any where a : \"b\" : \"c\"", "extraneous input ':' expecting <EOF>", ":");
    row("optional category", "?process where true", "eql-optional-category",
        "mismatched input '?' expecting {'any', name, string}", "?");
    for (const char* keyword : {"sequence", "sample", "join", "in", "not", "until", "with"}) {
        const QByteArray text = QByteArray(keyword) + " where true";
        QTest::newRow(text.constData())
            << text << QByteArray("eql-keyword-as-name")
            << QByteArray("mismatched input '") + keyword + "' expecting {'any', name, string}"
            << QByteArray(keyword);
    }
    row("array index", "any where a[0] == 1", "eql-array-index", "Array indexes are not supported",
        "0");
    row("array index inside a path", "any where a[0].b == 1", "eql-array-index",
        "Array indexes are not supported", "0");
    row("process relation", "any where descendant of [process where true]", "eql-process-relation",
        "Process relationships are not supported", "descendant of");
    row("negated process relation", "any where not child of [process where true]",
        "eql-process-relation", "Process relationships are not supported", "child of");
    syntax("any where a ? b", "extraneous input '?' expecting <EOF>", "?");
    syntax("const x = 1 any where true", "", "");
    // Sequences
    syntax("sequence", "mismatched input '<EOF>' expecting '['", "");
    syntax("sequence by a", "mismatched input '<EOF>' expecting '['", "");
    syntax("sequence by [any where true] [any where true]", "no viable alternative at input '['",
           "[");
    syntax("sequence [any where true] [any where true] until",
           "mismatched input '<EOF>' expecting '['", "");
    row("by behind with", "sequence with maxspan=5s by a [any where true] [any where true]",
        "eql-by-after-with", "Please specify sequence [by] before [with] not after", "by a");
    row("one term", "sequence [any where true]", "eql-too-few-queries",
        "A sequence requires a minimum of 2 queries, found [1]", "[any where true]");
    row("one run", "sequence [any where true] with runs=1", "eql-too-few-queries",
        "A sequence requires a minimum of 2 queries, found [1]", "[any where true] with runs=1");
    row("257 slots",
        "sequence [any where true] with runs=100 [any where true] with runs=100 [any where true] "
        "with runs=57",
        "eql-too-many-queries", "A sequence cannot have more than 256 queries, found [257]",
        "[any where true] with runs=100 [any where true] with runs=100 [any where true] with "
        "runs=57");
    row("no runs", "sequence [a where true] [b where true] with runs=0", "eql-runs-out-of-range",
        "A positive runs value is required; found [0]", "0");
    row("too many runs", "sequence [a where true] [b where true] with runs=101",
        "eql-runs-out-of-range", "A query cannot be repeated more than [100] times; found [101]",
        "101");
    row("far too many runs",
        "sequence [a where true] [b where true] with runs=99999999999999999999",
        "eql-runs-out-of-range",
        "A query cannot be repeated more than [100] times; found [99999999999999999999]",
        "99999999999999999999");
    row("decimal runs", "sequence [a where true] [b where true] with runs=2.5",
        "eql-runs-out-of-range", "A whole number of runs is required; found [2.5]", "2.5");
    syntax("sequence [a where true] [b where true] with runs=-1",
           "mismatched input '-' expecting a number", "-");
    row("unknown option", "sequence [a where true] [b where true] with repeat=3", "eql-term-option",
        "Unrecognized option [repeat], expecting [runs]", "repeat");
    row("maxspan on a term", "sequence [a where true] [b where true] with maxspan=3",
        "eql-term-option", "Unrecognized option [maxspan], expecting [runs]", "maxspan");
    syntax("sequence [a where true] with runs=2 by x", "mismatched input 'by' expecting '['", "by");
    syntax("sequence by a by b [a where true] [b where true]",
           "mismatched input 'by' expecting '['", "by");
    row("fork", "sequence [a where true] fork [b where true]", "eql-fork-not-supported",
        "extraneous input 'fork' expecting {<EOF>, '[', 'by', 'with', 'until', '|'}", "fork");
    row("fork with a value", "sequence [a where true] fork=true [b where true]",
        "eql-fork-not-supported",
        "extraneous input 'fork' expecting {<EOF>, '[', 'by', 'with', 'until', '|'}", "fork");
    row("until with missing event",
        "sequence with maxspan=1s [a where true] [b where true] until ![c where true]",
        "eql-until-term", "[until] does not support missing events", "![");
    row("until with runs",
        "sequence [a where true] [b where true] until [c where true] with runs=2", "eql-until-term",
        "[until] does not support [runs]", "with runs=2");
    row("missing event without maxspan", "sequence [a where true] ![b where true]",
        "eql-missing-without-maxspan", "A sequence with missing events requires [maxspan]",
        "![b where true]");
    row("missing events only", "sequence with maxspan=1s ![a where true] ![b where true]",
        "eql-only-missing", "A sequence requires at least one event that is not missing",
        "![a where true] ![b where true]");
    row("alias", "sequence [a where true] as e [b where true]", "eql-endpoint-only",
        "mismatched input 'as' expecting {<EOF>, '[', 'by', 'with', 'until', '|'}", "as e");
    row("key is a call", "sequence by f(a) [a where true] [b where true]", "eql-join-key",
        "Unsupported join key [f(a)]", "f(a)");
    row("key is calculated", "sequence [a where true] by a + 1 [b where true] by b", "eql-join-key",
        "Unsupported join key [a + 1]", "a + 1");
    row("key is a string", "sequence by \"a\" [a where true] [b where true]", "eql-join-key",
        "Unsupported join key [\"a\"]", "\"a\"");
    syntax("sequence by a, [a where true] [b where true]", "no viable alternative at input '['",
           "[");
    row("open term", "sequence [a where true [b where true]", "eql-missing-bracket",
        "mismatched input '[' expecting ']'", "[");
    row("open last term", "sequence [a where true] [b where true", "eql-missing-bracket",
        "mismatched input '<EOF>' expecting ']'", "[");
    syntax("sequence [a where true]] [b where true]",
           "extraneous input ']' expecting {<EOF>, '[', 'until', 'by', 'with', '|'}", "]");
    syntax("sequence [a where true b] [b where true]", "mismatched input 'b' expecting ']'", "b");
    syntax("sequence [] [b where true]", "mismatched input ']' expecting {'any', name, string}",
           "]");
    row("zero maxspan", "sequence with maxspan=0s [a where true] [b where true]",
        "eql-maxspan-not-positive", "A positive maxspan value is required; found [0]", "0");
    row("no unit", "sequence with maxspan=30 [a where true] [b where true]", "eql-maxspan-no-unit",
        "No time unit specified, did you mean [s] as in [30s]?", "30");
    row("unknown unit", "sequence with maxspan=10w [a where true] [b where true]",
        "eql-maxspan-unknown-unit",
        "Unrecognized time unit [w] in [10w], please specify one of [ms, s, m, h, d]", "w");
    row("upper-case unit", "sequence with maxspan=10S [a where true] [b where true]",
        "eql-maxspan-unknown-unit",
        "Unrecognized time unit [S] in [10S], please specify one of [ms, s, m, h, d]", "S");
    row("decimal span", "sequence with maxspan=2.5m [a where true] [b where true]",
        "eql-maxspan-decimal", "Decimal time interval [2.5] not supported", "2.5");
    row("endless span", "sequence with maxspan=999999999999999d [a where true] [b where true]",
        "eql-maxspan-too-large", "Time interval [999999999999999d] is too large",
        "999999999999999d");
    syntax("sequence with maxspan=-1s [a where true] [b where true]",
           "mismatched input '-' expecting a number", "-");
    syntax("sequence with maxspan 5s [a where true] [b where true]",
           "mismatched input '5' expecting '='", "5");
    syntax("sequence with maxSpan=5s [a where true] [b where true]",
           "mismatched input 'maxSpan' expecting 'maxspan'", "maxSpan");
    // Samples and joins
    row("sample of one", "sample by a [a where true]", "eql-too-few-queries",
        "A sample requires a minimum of 2 queries, found [1]", "[a where true]");
    row("sample with maxspan", "sample by a with maxspan=1s [a where true] [b where true]",
        "eql-sample-option", "A sample does not support [maxspan]", "with maxspan=1s");
    row("sample with until", "sample by a [a where true] [b where true] until [c where true]",
        "eql-sample-option", "A sample does not support [until]", "[c where true]");
    row("sample with runs", "sample by a [a where true] with runs=2 [b where true]",
        "eql-sample-option", "A sample does not support [runs]", "with runs=2");
    row("sample with missing events", "sample by a [a where true] ![b where true]",
        "eql-misplaced-missing", "A sample does not support missing events", "![");
    row("sample with pipes", "sample by a [a where true] [b where true] | head 1 | tail 1",
        "eql-sample-pipe", "Samples do not support pipes yet", "head 1 | tail 1");
    row("join", "join by a [a where true] [b where true]", "eql-join-not-supported",
        "JOIN command is not supported", "join");
    // Section 10
    for (const char* pipe : {"count", "unique", "unique_count", "filter", "sort"}) {
        const QByteArray text = QByteArray("any where true | ") + pipe + " a";
        QTest::newRow(text.constData())
            << text << QByteArray("eql-unsupported-pipe")
            << QByteArray("Pipe [") + pipe + "] is not supported" << QByteArray(pipe);
    }
    row("misspelt pipe", "any where true | heead 5", "eql-unknown-pipe",
        "Unrecognized pipe [heead], did you mean [head]?", "heead");
    row("misspelt pipe of two readings", "any where true | uniqu a", "eql-unknown-pipe",
        "Unrecognized pipe [uniqu], did you mean [unique]?", "uniqu");
    row("unknown pipe", "any where true | xyzxyz", "eql-unknown-pipe", "Unrecognized pipe [xyzxyz]",
        "xyzxyz");
    row("pipes are lower case", "any where true | HEAD 5", "eql-unknown-pipe",
        "Unrecognized pipe [HEAD], did you mean [head]?", "HEAD");
    row("head of nothing", "any where true | head", "eql-pipe-arguments",
        "Pipe [head] expects exactly one argument but found [0]", "head");
    row("tail of two", "any where true | tail 1, 2", "eql-pipe-arguments",
        "Pipe [tail] expects exactly one argument but found [2]", "tail 1, 2");
    row("head of a negative number", "any where true | head -1", "eql-pipe-arguments",
        "Pipe [head] expects a positive integer but found [-1]", "-1");
    row("head of a decimal", "any where true | head 1.5", "eql-pipe-arguments",
        "Pipe [head] expects a positive integer but found [1.5]", "1.5");
    row("tail of a field", "any where true | tail a", "eql-pipe-arguments",
        "Pipe [tail] expects a positive integer but found [a]", "a");
    row("tail of a string", "any where true | tail \"1\"", "eql-pipe-arguments",
        "Pipe [tail] expects a positive integer but found [\"1\"]", "\"1\"");
    syntax("any where true |", "mismatched input '<EOF>' expecting the name of a pipe", "");
    syntax("any where true | | head 1", "mismatched input '|' expecting the name of a pipe", "|");
    syntax("any where true | head 1 2", "extraneous input '2' expecting {<EOF>, ',', '|'}", "2");
    syntax("any where true | head 1,", "mismatched input '<EOF>' expecting an expression", "");
    syntax("any where true | sequence", "mismatched input 'sequence' expecting the name of a pipe",
           "sequence");
    syntax("any where true [any where true]", "extraneous input '[' expecting <EOF>", "[");
}

void TestParserProblems::invalid()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, code);
    QFETCH(QByteArray, message);
    QFETCH(QByteArray, place);
    const std::string source = text.toStdString();
    const ParsedQuery parsed = parseQuery(source, elastic);
    for (const Diagnostic& each : parsed.diagnostics) {
        m_codes.insert(each.code);
        QCOMPARE(each.severity, Severity::Error);
    }
    if (message.isEmpty()) {
        QVERIFY(!parsed.diagnostics.empty());
        return;
    }
    QVERIFY2(parsed.diagnostics.size() == 1, problemsOf(parsed.diagnostics).c_str());
    const Diagnostic& problem = parsed.diagnostics.front();
    QCOMPARE(QByteArray::fromStdString(problem.message), message);
    QCOMPARE(QByteArray::fromStdString(problem.code), code);
    QCOMPARE(QByteArray::fromStdString(source.substr(problem.span->begin, problem.span->length())),
             place);
}

void TestParserProblems::invalidForEndpoint_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QByteArray>("message");
    const auto row = [](const char* text, const char* code, const char* message) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(code) << QByteArray(message);
    };
    row("any where child of [process where true]", "eql-process-relation",
        "Process relationship [child] is not supported, did you mean [descendant]?");
    row("any where event of [process where true]", "eql-process-relation",
        "Process relationship [event] is not supported, did you mean [descendant]?");
    row("any where descendant of process", "eql-syntax",
        "mismatched input 'process' expecting '['");
    row("sequence [a where true] as x [b where true] as x", "eql-duplicate-alias",
        "The alias [x] is given to an earlier term already");
    row("sequence [a where true] as x as y [b where true]", "eql-duplicate-alias",
        "The term has the alias [x] already");
    row("sequence [a where true] as [b where true]", "eql-syntax",
        "mismatched input '[' expecting a name");
    row("sequence [a where true] [b where true] until [c where true] as x", "eql-until-term",
        "[until] does not support aliases");
    row("sequence [a where true] with runs=2", "eql-elasticsearch-only",
        "Repeated terms are not supported in the endpoint dialect");
    row("sequence with maxspan=1s [a where true] ![b where true]", "eql-elasticsearch-only",
        "Missing events are not supported in the endpoint dialect");
    row("sample by a [a where true] [b where true]", "eql-elasticsearch-only",
        "Samples are not supported in the endpoint dialect");
    row("any where true | head 1", "eql-elasticsearch-only",
        "Pipes are not supported in the endpoint dialect");
    row("any where a[0] == 1", "eql-array-index", "Array indexes are not supported");
}

void TestParserProblems::invalidForEndpoint()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, code);
    QFETCH(QByteArray, message);
    const ParsedQuery parsed = parseQuery(text.toStdString(), endpoint);
    QVERIFY2(parsed.diagnostics.size() == 1, problemsOf(parsed.diagnostics).c_str());
    m_codes.insert(parsed.diagnostics.front().code);
    QCOMPARE(QByteArray::fromStdString(parsed.diagnostics.front().message), message);
    QCOMPARE(QByteArray::fromStdString(parsed.diagnostics.front().code), code);
}

void TestParserProblems::fixes_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("repaired");
    const auto row = [](const char* text, const char* repaired) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(repaired);
    };
    row("any where a = 1", "any where a == 1");
    row("any where a == 'b'", "any where a == \"b\"");
    row("any where a AND b", "any where a and b");
    row("any where a && b", "any where a and b");
    row("any where a || b", "any where a or b");
    row("any where a <> 1", "any where a != 1");
    row("any where a === 1", "any where a == 1");
    row("any where a !== 1", "any where a != 1");
    row("any where a => 1", "any where a >= 1");
    row("any where a =< 1", "any where a <= 1");
    row("any where !(a)", "any where not (a)");
    row("any where a.b !: \"c\"", "any where not a.b : \"c\"");
    row("any where a not like \"c\"", "any where not a like \"c\"");
    row("any where a in \"c\"", "any where a in (\"c\")");
    row("any where a in (1,)", "any where a in (1)");
    row("any where a.in == 1", "any where a.`in` == 1");
    row("any where until == 1", "any where `until` == 1");
    row("any where (a", "any where (a)");
    row("any where a[0].b == 1", "any where a.b == 1");
    row("a == 1", "any where a == 1");
    row("where a == 1", "any where a == 1");
    row("`process` where true", "process where true");
    row("`my process` where true", "\"my process\" where true");
    row("sequence where true", "\"sequence\" where true");
    row("?process where true", "process where true");
    row("any where true | heead 5", "any where true | head 5");
    row("sequence with maxspan=5s by a [a where true] [b where true]",
        "sequence by a with maxspan=5s [a where true] [b where true]");
    row("sequence with maxspan=30 [a where true] [b where true]",
        "sequence with maxspan=30s [a where true] [b where true]");
    row("sequence with maxspan=5min [a where true] [b where true]",
        "sequence with maxspan=5m [a where true] [b where true]");
    row("sequence with max_span=5m [a where true] [b where true]",
        "sequence with maxspan=5m [a where true] [b where true]");
    row("sequence [a where true] with repeat=3", "sequence [a where true] with runs=3");
    row("sequence [a where true] fork [b where true]", "sequence [a where true]  [b where true]");
    row("sequence [a where true [b where true]", "sequence [a where true] [b where true]");
    row("sequence [a where true] [b where true", "sequence [a where true] [b where true]");
    row("sequence with maxspan=1s [a where true] [b where true] until ![c where true]",
        "sequence with maxspan=1s [a where true] [b where true] until [c where true]");
}

void TestParserProblems::fixes()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, repaired);
    std::string source = text.toStdString();
    const ParsedQuery parsed = parseQuery(source, elastic);
    const auto withFix = std::ranges::find_if(
        parsed.diagnostics, [](const Diagnostic& each) { return !each.fixes.empty(); });
    QVERIFY(withFix != parsed.diagnostics.end());
    const SuggestedFix& fix = withFix->fixes.front();
    QVERIFY(!fix.label.empty());
    source.replace(fix.span.begin, fix.span.length(), fix.replacement);
    QCOMPARE(QByteArray::fromStdString(source), repaired);
    QCOMPARE(problemsOf(parseQuery(source, elastic).diagnostics), std::string());
}

void TestParserProblems::allProblemsAtOnce()
{
    const std::string text = "sequence with maxspan=10w by f(x)\n"
                             "  [process where a = 1 and b in ()]\n"
                             "  [network where c not like 'd' and] with runs=0\n"
                             "  [file where e : f] fork\n"
                             "| hed 5";
    std::vector<std::string> found;
    for (const Diagnostic& each : parseQuery(text, elastic).diagnostics) {
        found.push_back(each.code);
    }
    const std::vector<std::string> expected{
        "eql-maxspan-unknown-unit",
        "eql-by-after-with",
        "eql-join-key",
        "eql-assignment",
        "eql-empty-list",
        "eql-negated-match",
        "eql-single-quotes",
        "eql-syntax",
        "eql-runs-out-of-range",
        "eql-pattern-not-constant",
        "eql-fork-not-supported",
        "eql-unknown-pipe",
    };
    QCOMPARE(found, expected);
}

void TestParserProblems::everyCodeHasACase()
{
    // Reached in tst_parser_limits, and below.
    for (const std::string_view bound :
         {codes::nestingTooDeep, codes::queryTooLong, codes::tooManyTokens, codes::tooManyQueries,
          codes::tooManyProblems}) {
        m_codes.insert(std::string(bound));
    }
    for (const std::string_view code : codes::all) {
        QVERIFY2(m_codes.contains(std::string(code)), std::string(code).c_str());
    }
    const ParsedQuery parsed = parseQuery(
        "any where a in (" + repeat("#,", limits::maximumDiagnostics + 1) + "1)", elastic);
    QCOMPARE(parsed.diagnostics.size(), limits::maximumDiagnostics + 1);
    QCOMPARE(parsed.diagnostics.back().code, std::string(codes::tooManyProblems));
}

QTEST_GUILESS_MAIN(TestParserProblems)
#include "tst_parser_problems.moc"
