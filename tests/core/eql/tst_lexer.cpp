#include "core/eql/lexer.h"
#include "core/eql/limits.h"
#include "core/eql/string_literal.h"
#include "tests/support/golden.h"
#include "tests/support/time_bound.h"

#include <QTest>

#include <fmt/format.h>

#include <array>
#include <random>
#include <string>
#include <string_view>

using namespace sequela;
using namespace sequela::eql;

namespace {

constexpr std::array<std::string_view, 15> kindNames{
    "space",       "line-comment", "block-comment", "keyword",  "name",
    "quoted-name", "variable",     "name~",         "integer",  "decimal",
    "string",      "raw",          "legacy",        "operator", "punctuation",
};

std::string_view kindName(TokenKind kind)
{
    const auto index = static_cast<std::size_t>(kind);
    return index < kindNames.size() ? kindNames.at(index) : "invalid";
}

/// `kind:spelling` of every token but white space, with `|` between them.
std::string tokensOf(std::string_view text, Dialect dialect = Dialect::Elasticsearch)
{
    std::string list;
    for (const Token& token : lex(text, dialect).tokens) {
        if (token.kind != TokenKind::Whitespace) {
            list += fmt::format("{}{}:{}", list.empty() ? "" : " ", kindName(token.kind),
                                text.substr(token.span.begin, token.span.length()));
        }
    }
    return list;
}

std::string firstCode(std::string_view text, Dialect dialect = Dialect::Elasticsearch)
{
    const LexedText lexed = lex(text, dialect);
    return lexed.diagnostics.empty() ? std::string() : lexed.diagnostics.front().code;
}

std::string applyFix(std::string_view text, const SuggestedFix& fix)
{
    std::string repaired(text);
    return repaired.replace(fix.span.begin, fix.span.length(), fix.replacement);
}

bool coversAll(std::string_view text, const std::vector<Token>& tokens)
{
    std::size_t offset = 0;
    for (const Token& token : tokens) {
        if (token.span.begin != offset || token.span.end <= offset) {
            return false;
        }
        offset = token.span.end;
    }
    return offset == text.size();
}

} // namespace

class TestLexer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tokens_data();
    void tokens();
    void stringValues_data();
    void stringValues();
    void errors_data();
    void errors();
    void fixes_data();
    void fixes();
    void endpointVariables();
    void keywordsAreSorted();
    void everyByteIsInOneToken();
    void hostileInput_data();
    void hostileInput();
    void tokenLimit();
    void golden_data();
    void golden();
    void cleanupTestCase();

private:
    test::GoldenFiles m_golden{"lexer"};
};

void TestLexer::tokens_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* name, const char* text, const char* expected) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(expected);
    };
    row("white space is insignificant", " \t\r\n any \r", "keyword:any");
    row("line comment to end of line", "a // b\nc", "name:a line-comment:// b name:c");
    row("line comment to end of text", "a//", "name:a line-comment://");
    row("block comment", "a /* b\n c */ d", "name:a block-comment:/* b\n c */ name:d");
    row("block comment nests when balanced", "/* a /* b */ c */",
        "block-comment:/* a /* b */ c */");
    row("unbalanced: the first end closes", "/* a /* b */ c", "block-comment:/* a /* b */ name:c");
    row("two unbalanced comments", "/* /* */ a /* /* */ b",
        "block-comment:/* /* */ name:a block-comment:/* /* */ name:b");
    row("unbalanced before balanced", "/* /* */ a /* b /* c */ d */",
        "block-comment:/* /* */ name:a block-comment:/* b /* c */ d */");
    row("slash star slash is not closed", "/*/ a */ b", "block-comment:/*/ a */ name:b");
    row("empty block comment", "/**/a", "block-comment:/**/ name:a");
    row("keywords",
        "and any by false in in~ join like like~ maxspan not null of or regex regex~ sample "
        "sequence true until where with",
        "keyword:and keyword:any keyword:by keyword:false keyword:in keyword:in~ keyword:join "
        "keyword:like keyword:like~ keyword:maxspan keyword:not keyword:null keyword:of keyword:or "
        "keyword:regex keyword:regex~ keyword:sample keyword:sequence keyword:true keyword:until "
        "keyword:where keyword:with");
    row("keywords are lower case only", "AND Any WHERE", "name:AND name:Any name:WHERE");
    row("positional words are identifiers", "runs head tail fork",
        "name:runs name:head name:tail name:fork");
    row("identifiers", "a _a @timestamp a1_B9", "name:a name:_a name:@timestamp name:a1_B9");
    row("at sign only first", "a@b", "name:a name:@b");
    row("a digit does not start a name", "1a", "integer:1 name:a");
    row("a hyphen does not belong to a name", "a-b", "name:a operator:- name:b");
    row("back-quoted names", "`a-b` `a b`.`1c` `where`",
        "quoted-name:`a-b` quoted-name:`a b` punctuation:. quoted-name:`1c` quoted-name:`where`");
    row("doubled back quote", "`a``b`", "quoted-name:`a``b`");
    row("back quotes span lines and dots", "`a.\nb`", "quoted-name:`a.\nb`");
    row("insensitive function", "startsWith~(a)",
        "name~:startsWith~ punctuation:( name:a punctuation:)");
    row("no space before the tilde", "startsWith ~", "name:startsWith invalid:~");
    row("integers", "0 007 99999999999999999999",
        "integer:0 integer:007 integer:99999999999999999999");
    row("decimals", "1. 1.5 .5 1e3 1.5E-3 .5e2 1e+3 1.e2",
        "decimal:1. decimal:1.5 decimal:.5 decimal:1e3 decimal:1.5E-3 decimal:.5e2 decimal:1e+3 "
        "decimal:1.e2");
    row("an exponent needs digits", "1e 1e+", "integer:1 name:e integer:1 name:e operator:+");
    row("the sign is no part of a number", "-1 +1", "operator:- integer:1 operator:+ integer:1");
    row("time span", "30s 10 ms", "integer:30 name:s integer:10 name:ms");
    row("operators", "== != < <= > >= : = + - * / %",
        "operator:== operator:!= operator:< operator:<= operator:> operator:>= operator:: "
        "operator:= operator:+ operator:- operator:* operator:/ operator:%");
    row("punctuation", ". , ( ) [ ] | ? ![",
        "punctuation:. punctuation:, punctuation:( punctuation:) punctuation:[ punctuation:] "
        "punctuation:| punctuation:? punctuation:![");
    row("longest operator first", "<==>=!=", "operator:<= operator:= operator:>= operator:!=");
    row("a dot and a name", "a.b", "name:a punctuation:. name:b");
    row("optional field", "?a.b ?`?foo`",
        "punctuation:? name:a punctuation:. name:b punctuation:? quoted-name:`?foo`");
    row("strings", R"("a" "" "\"")", R"(string:"a" string:"" string:"\"")");
    row("raw strings", R"x("""a\b" """ """""")x", R"x(raw:"""a\b" """ raw:"""""")x");
    row("raw string with quotes at its ends", R"x(""""a"bar""""" b)x",
        R"x(raw:""""a"bar""""" name:b)x");
    row("at most two quotes behind the end", R"x("""a""""""b""")x",
        R"x(raw:"""a""""" string:"b" string:"")x");
    row("legacy strings", R"x('a' ?"b" ?'c')x", R"x(legacy:'a' legacy:?"b" legacy:?'c')x");
    row("legacy strings hold escaped quotes", R"x('a\'b' ?"c\"d" ?'e\'f')x",
        R"x(legacy:'a\'b' legacy:?"c\"d" legacy:?'e\'f')x");
    row("a comment start in a string", R"x("//" "/*" a)x", R"x(string:"//" string:"/*" name:a)x");
    row("unicode in strings and comments", "\"é😀\" /* 日本 */ // ü",
        "string:\"é😀\" block-comment:/* 日本 */ line-comment:// ü");
    row("no unicode in names", "é", "invalid:é");
    row("foreign operators are one token", "a && b !: c",
        "name:a invalid:&& name:b invalid:!: name:c");
}

void TestLexer::tokens()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, expected);
    QCOMPARE(QByteArray::fromStdString(tokensOf(text.toStdString())), expected);
}

void TestLexer::stringValues_data()
{
    QTest::addColumn<QByteArray>("spelling");
    QTest::addColumn<QByteArray>("value");
    const auto row = [](const char* name, const char* spelling, const char* value) {
        QTest::newRow(name) << QByteArray(spelling) << QByteArray(value);
    };
    row("plain", R"x("a b")x", "a b");
    row("escapes", R"x("\b\t\n\f\r\"\'\\")x", "\b\t\n\f\r\"'\\");
    row("two hex digits", R"x("\u{41}")x", "A");
    row("eight hex digits", R"x("\u{0001F600}")x", "😀");
    row("either case", R"x("\u{1f600}\u{1F600}")x", "😀😀");
    row("highest scalar value", R"x("\u{10ffff}")x", "\xF4\x8F\xBF\xBF");
    row("below and above the surrogates", R"x("\u{d7ff}\u{e000}")x", "\xED\x9F\xBF\xEE\x80\x80");
    row("raw", R"x("""a\n\"b""")x", R"x(a\n\"b)x");
    row("raw with a quote first", R"x(""""a""")x", "\"a");
    row("raw with one extra quote", R"x("""a"""")x", "a\"");
    row("raw with two extra quotes", R"x(""""a"bar""""")x", R"x("a"bar"")x");
    row("empty raw", R"x("""""")x", "");
    row("raw of one quote", R"x(""""""")x", "\"");
    row("raw of two quotes", R"x("""""""")x", "\"\"");
}

void TestLexer::stringValues()
{
    QFETCH(QByteArray, spelling);
    QFETCH(QByteArray, value);
    const std::string text = spelling.toStdString();
    const LexedText lexed = lex(text, Dialect::Elasticsearch);
    QCOMPARE(lexed.tokens.size(), std::size_t{1});
    QVERIFY(lexed.diagnostics.empty());
    QCOMPARE(QByteArray::fromStdString(decodeString(text)), value);
    // The canonical spelling is a string of the same value.
    const std::string quoted = quoteString(value.toStdString());
    QVERIFY(lex(quoted, Dialect::Elasticsearch).diagnostics.empty());
    QCOMPARE(QByteArray::fromStdString(decodeString(quoted)), value);
}

void TestLexer::errors_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<int>("begin");
    QTest::addColumn<int>("end");
    const auto row = [](const char* name, const char* text, const char* code, const char* message,
                        int begin, int end) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(code) << QByteArray(message) << begin
                            << end;
    };
    row("unterminated comment", "a /* b", "eql-unterminated-comment",
        "token recognition error at: '/* b'", 2, 6);
    row("unterminated string", "a \"b\n", "eql-unterminated-string",
        "token recognition error at: '\"b'", 2, 4);
    row("no line end in a string", "\"a\rb", "eql-unterminated-string",
        "token recognition error at: '\"a'", 0, 2);
    row("escaped line end", "\"a\\\nb", "eql-unterminated-string",
        "token recognition error at: '\"a\\'", 0, 3);
    row("unterminated raw string", "\"\"\"a\"\"", "eql-unterminated-string",
        "token recognition error at: '\"\"\"a\"\"'", 0, 6);
    row("raw string is a single line", "\"\"\"a\nb", "eql-unterminated-string",
        "token recognition error at: '\"\"\"a'", 0, 4);
    row("unterminated single quotes", "'a", "eql-unterminated-string",
        "token recognition error at: ''a'", 0, 2);
    row("unterminated name", "x `a``b", "eql-unterminated-name",
        "token recognition error at: '`a``b'", 2, 7);
    row("unknown escape", R"x("a\xb")x", "eql-invalid-escape",
        R"x(token recognition error at: '"a\x')x", 2, 4);
    row("escape of a regular expression", R"x("\d+")x", "eql-invalid-escape",
        R"x(token recognition error at: '"\d')x", 1, 3);
    row("unicode escape without braces", R"x("\u0041")x", "eql-invalid-escape",
        R"x(token recognition error at: '"\u')x", 1, 3);
    row("unicode escape without digits", R"x("\u{}")x", "eql-invalid-escape",
        R"x(token recognition error at: '"\u')x", 1, 3);
    row("unicode escape not closed", R"x("\u{41")x", "eql-invalid-escape",
        R"x(token recognition error at: '"\u')x", 1, 3);
    row("one hex digit", R"x("\u{f}")x", "eql-invalid-unicode-escape",
        R"x(Unicode sequence should use [2-8] hex digits, [\u{f}] has [1])x", 1, 6);
    row("nine hex digits", R"x("\u{000000041}")x", "eql-invalid-unicode-escape",
        R"x(Unicode sequence should use [2-8] hex digits, [\u{000000041}] has [9])x", 1, 14);
    row("first surrogate", R"x("\u{d800}")x", "eql-invalid-unicode-escape",
        "Invalid unicode character code, [d800] is a surrogate code", 1, 9);
    row("last surrogate", R"x("\u{DFFF}")x", "eql-invalid-unicode-escape",
        "Invalid unicode character code, [DFFF] is a surrogate code", 1, 9);
    row("past the last character", R"x("\u{110000}")x", "eql-invalid-unicode-escape",
        "Invalid unicode character code [110000]", 1, 11);
    row("far past the last character", R"x("\u{ffffffff}")x", "eql-invalid-unicode-escape",
        "Invalid unicode character code [ffffffff]", 1, 13);
    row("invalid UTF-8 in a string", "\"a\xFF\"", "eql-invalid-utf8",
        "Byte 0xFF is not valid UTF-8", 2, 3);
    row("single quotes", "'a'", "eql-single-quotes",
        "Use double quotes [\"] to define string literals, not single quotes [']", 0, 3);
    row("question mark and double quotes", "?\"a\"", "eql-legacy-raw-string",
        "Use triple double quotes [\"\"\"] to define unescaped string literals, not [?\"]", 0, 4);
    row("question mark and single quotes", "?'a'", "eql-legacy-raw-string",
        "Use triple double quotes [\"\"\"] to define unescaped string literals, not [?']", 0, 4);
    row("a sign of no language", "a # b", "eql-token-recognition",
        "token recognition error at: '#'", 2, 3);
    row("dollar", "a $b", "eql-token-recognition", "token recognition error at: '$b'", 2, 4);
    row("exclamation mark", "!a", "eql-token-recognition", "token recognition error at: '!'", 0, 1);
    row("not like", "a !: b", "eql-foreign-operator", "token recognition error at: '!:'", 2, 4);
    row("control characters are visible", "\x01", "eql-token-recognition",
        "token recognition error at: '␁'", 0, 1);
}

void TestLexer::errors()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, code);
    QFETCH(QByteArray, message);
    QFETCH(int, begin);
    QFETCH(int, end);
    const LexedText lexed = lex(text.toStdString(), Dialect::Elasticsearch);
    QCOMPARE(lexed.diagnostics.size(), std::size_t{1});
    const Diagnostic& problem = lexed.diagnostics.front();
    QCOMPARE(QByteArray::fromStdString(problem.code), code);
    QCOMPARE(QByteArray::fromStdString(problem.message), message);
    QCOMPARE(static_cast<int>(problem.span->begin), begin);
    QCOMPARE(static_cast<int>(problem.span->end), end);
}

void TestLexer::fixes_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("repaired");
    const auto row = [](const char* name, const char* text, const char* repaired) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(repaired);
    };
    row("single quotes", "'a'", "\"a\"");
    row("double quotes inside single quotes", "'a\"b\\'c\\n'", R"x("a\"b\'c\n")x");
    row("question mark", R"x(?"a\b")x", R"x("""a\b""")x");
    row("question mark with quotes inside", R"x(?'say "\d"')x", R"x("say \"\\d\"")x");
    row("backslash", R"x("\d")x", R"x("\\d")x");
    row("unicode escape without braces", R"x("\u0041b")x", R"x("\u{0041}b")x");
    row("one hex digit", R"x("\u{f}")x", R"x("\u{0f}")x");
    row("open string", "\"a", "\"a\"");
    row("open raw string", "\"\"\"a", R"x("""a""")x");
    row("open comment", "/* a", "/* a */");
}

void TestLexer::fixes()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, repaired);
    const LexedText lexed = lex(text.toStdString(), Dialect::Elasticsearch);
    QVERIFY(!lexed.diagnostics.empty() && !lexed.diagnostics.front().fixes.empty());
    const std::string result =
        applyFix(text.toStdString(), lexed.diagnostics.front().fixes.front());
    QCOMPARE(QByteArray::fromStdString(result), repaired);
    QVERIFY(lex(result, Dialect::Elasticsearch).diagnostics.empty());
}

void TestLexer::endpointVariables()
{
    QCOMPARE(tokensOf("$entry.a", Dialect::Endpoint),
             std::string("variable:$entry punctuation:. name:a"));
    QCOMPARE(firstCode("$entry", Dialect::Endpoint), std::string());
    QCOMPARE(firstCode("$", Dialect::Endpoint), std::string("eql-token-recognition"));
    QCOMPARE(firstCode("$1", Dialect::Endpoint), std::string("eql-token-recognition"));
    QCOMPARE(firstCode("$entry"), std::string("eql-token-recognition"));
}

void TestLexer::keywordsAreSorted()
{
    QCOMPARE(keywords().size(), std::size_t{22});
    QVERIFY(std::ranges::is_sorted(keywords()));
    QVERIFY(isKeyword("like~"));
    QVERIFY(!isKeyword("Like"));
    QVERIFY(isPlainName("@timestamp"));
    QVERIFY(!isPlainName("by") && !isPlainName("a-b") && !isPlainName("") && !isPlainName("1a"));
}

void TestLexer::everyByteIsInOneToken()
{
    constexpr std::string_view pieces[] = {
        "\"", "\"\"\"", "'", "`", "/*", "*/", "//", "\n", "\\",   "?", "\\u{", "}",  "4", "a", ".",
        "~",  "!",      "[", "$", "e",  "+",  "=",  " ",  "\xFF", "é", "like", "\r", "",  "&"};
    std::mt19937 random(20240229);
    for (int round = 0; round < 20000; ++round) {
        std::string text;
        for (std::size_t count = random() % 24; count > 0; --count) {
            text += pieces[random() % std::size(pieces)];
        }
        for (const Dialect dialect : {Dialect::Elasticsearch, Dialect::Endpoint}) {
            const LexedText lexed = lex(text, dialect);
            QVERIFY2(coversAll(text, lexed.tokens), text.c_str());
            const bool hasInvalid = std::ranges::any_of(lexed.tokens, [](const Token& token) {
                return token.kind == TokenKind::Invalid || token.kind == TokenKind::LegacyString;
            });
            QVERIFY2(!hasInvalid || !lexed.diagnostics.empty(), text.c_str());
        }
    }
}

void TestLexer::hostileInput_data()
{
    QTest::addColumn<QByteArray>("piece");
    for (const char* piece :
         {"/*", "/*/**/", "/*/",      "*/*",  "/* /* */", "\"",       "\"\"\"",  "`",  "``",
          "'",  "?\"",    "\\",       "!",    "#",        "\xFF",     "$",       "1e", ".",
          "a",  "a ",     "\"\\x\" ", "\"\\", "\n",       "\"\"\"\n", "\"\xFF\""}) {
        QTest::newRow(piece) << QByteArray(piece);
    }
}

void TestLexer::hostileInput()
{
    constexpr std::size_t size = 10 * 1024 * 1024;
    QFETCH(QByteArray, piece);
    std::string text;
    while (text.size() < size) {
        text += piece.toStdString();
    }
    const sequela::test::ProcessorTime elapsed;
    const LexedText lexed = lex(text, Dialect::Elasticsearch);
    QVERIFY(coversAll(text, lexed.tokens));
    QVERIFY(lexed.tokens.size() <= limits::maximumTokens);
    QVERIFY(lexed.diagnostics.size() <= limits::maximumDiagnostics + 1);
    QVERIFY2(elapsed.isBelow(2000), elapsed.text().c_str());
}

void TestLexer::tokenLimit()
{
    std::string text(limits::maximumTokens - 1, '(');
    QVERIFY(lex(text, Dialect::Elasticsearch).diagnostics.empty());
    text += "((";
    const LexedText lexed = lex(text, Dialect::Elasticsearch);
    QCOMPARE(lexed.tokens.size(), limits::maximumTokens);
    QVERIFY(coversAll(text, lexed.tokens));
    QCOMPARE(lexed.diagnostics.size(), std::size_t{1});
    QCOMPARE(lexed.diagnostics.front().code, std::string("eql-too-many-tokens"));
}

void TestLexer::golden_data()
{
    QTest::addColumn<std::size_t>("index");
    QVERIFY(!m_golden.cases().empty());
    for (std::size_t index = 0; index < m_golden.cases().size(); ++index) {
        QTest::newRow(m_golden.cases()[index].name.c_str()) << index;
    }
}

void TestLexer::golden()
{
    QFETCH(std::size_t, index);
    const std::string& text = m_golden.cases()[index].input;
    const LexedText lexed = lex(text, Dialect::Elasticsearch);
    std::string actual;
    for (const Token& token : lexed.tokens) {
        std::string spelling = text.substr(token.span.begin, token.span.length());
        for (std::size_t at = spelling.find('\n'); at != std::string::npos;
             at = spelling.find('\n')) {
            spelling.replace(at, 1, "␊");
        }
        actual += fmt::format("{}..{} {} {}\n", token.span.begin, token.span.end,
                              kindName(token.kind), spelling);
    }
    for (const Diagnostic& diagnostic : lexed.diagnostics) {
        actual += fmt::format("{}..{} {}: {}\n", diagnostic.span->begin, diagnostic.span->end,
                              diagnostic.code, diagnostic.message);
    }
    const QString difference = m_golden.check(index, actual);
    QVERIFY2(difference.isEmpty(), qPrintable(difference));
}

void TestLexer::cleanupTestCase()
{
    QVERIFY(m_golden.save());
}

QTEST_GUILESS_MAIN(TestLexer)
#include "tst_lexer.moc"
