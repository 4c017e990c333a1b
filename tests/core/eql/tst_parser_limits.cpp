#include "core/eql/limits.h"
#include "core/eql/parser.h"
#include "core/eql/printer.h"
#include "core/eql/syntax_codes.h"
#include "tests/core/eql/parser_texts.h"
#include "tests/support/time_bound.h"

#include <QTest>

#include <random>
#include <string>
#include <string_view>
#include <tuple>

using namespace sequela;
using namespace sequela::eql;
using namespace sequela::eql::test;

namespace {

constexpr Dialect elastic = Dialect::Elasticsearch;
constexpr Dialect endpoint = Dialect::Endpoint;

} // namespace

/// Text of any size and content: each bound at its edge, megabytes of everything, random words.
class TestParserLimits : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void limits_data();
    void limits();
    void largeInput_data();
    void largeInput();
    void brokenInputNeverHangs();
};

void TestParserLimits::limits_data()
{
    QTest::addColumn<QByteArray>("fits");
    QTest::addColumn<QByteArray>("tooMuch");
    QTest::addColumn<QByteArray>("code");
    const auto row = [](const char* name, const std::string& fits, const std::string& tooMuch,
                        std::string_view code) {
        QTest::newRow(name) << QByteArray::fromStdString(fits) << QByteArray::fromStdString(tooMuch)
                            << QByteArray(code.data(), static_cast<qsizetype>(code.size()));
    };
    const auto nested = [](std::string_view open, std::string_view close, std::size_t depth) {
        return "any where " + repeat(open, depth) + "a" + repeat(close, depth);
    };
    const std::size_t depth = limits::maximumNesting;
    for (const auto& [name, open, close] :
         {std::tuple("parentheses", "(", ")"), std::tuple("calls", "f(", ")"),
          std::tuple("not", "not ", ""), std::tuple("minus", "-", ""),
          std::tuple("lists", "x in (", ")")}) {
        row(name, nested(open, close, depth), nested(open, close, depth + 1),
            codes::nestingTooDeep);
    }
    const auto chain = [](std::size_t links) { return "any where a" + repeat(" + 1", links); };
    row("chain of sums", chain(limits::maximumTreeHeight - 1), chain(limits::maximumTreeHeight),
        codes::nestingTooDeep);
    const std::string start = "any where true //";
    row("bytes", start + std::string(limits::maximumQueryBytes - start.size(), 'x'),
        start + std::string(limits::maximumQueryBytes + 1 - start.size(), 'x'),
        codes::queryTooLong);
    const auto list = [](std::size_t items) {
        return "any where a in (1" + repeat(",1", items - 1) + ")";
    };
    // any, where, a, in and the spaces between them, the parentheses, two tokens an item but one.
    const std::size_t items = (limits::maximumTokens - 10) / 2;
    row("tokens", list(items), list(items + 1), codes::tooManyTokens);
    const auto terms = [](std::size_t last) {
        return "sequence [any where true] with runs=100 [any where true] with runs=100 [any where "
               "true] with runs="
               + std::to_string(last);
    };
    static_assert(limits::maximumRuns == 100 && limits::minimumRuns == 1);
    static_assert(limits::minimumSequenceSlots == 2 && limits::minimumSampleSlots == 2);
    const std::size_t rest = limits::maximumSequenceSlots - 2 * limits::maximumRuns;
    row("slots", terms(rest), terms(rest + 1), codes::tooManyQueries);
}

void TestParserLimits::limits()
{
    QFETCH(QByteArray, fits);
    QFETCH(QByteArray, tooMuch);
    QFETCH(QByteArray, code);
    QCOMPARE(problemsOf(parseQuery(fits.toStdString(), elastic).diagnostics), std::string());
    const ParsedQuery parsed = parseQuery(tooMuch.toStdString(), elastic);
    QVERIFY2(parsed.diagnostics.size() == 1, problemsOf(parsed.diagnostics).c_str());
    QCOMPARE(QByteArray::fromStdString(parsed.diagnostics.front().code), code);
}

void TestParserLimits::largeInput_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("valid");
    const auto row = [](const char* name, const std::string& text, bool valid) {
        QTest::newRow(name) << QByteArray::fromStdString(text) << valid;
    };
    constexpr std::size_t many = 100'000;
    constexpr std::size_t size = 10 * 1024 * 1024;
    row("list of 100,000", "any where a in (\"x\"" + repeat(", \"y\"", many - 1) + ")", true);
    row("patterns 100,000", "any where a : (\"x\"" + repeat(", \"y\"", many - 1) + ")", true);
    row("arguments 100,000", "any where f(a" + repeat(", b", many - 1) + ")", true);
    row("or of 100,000", "any where a == 1" + repeat(" or a == 1", many - 1), true);
    row("and of 100,000", "any where a" + repeat(" and not b", many - 1), true);
    row("and in or of 100,000", "any where a" + repeat(" and b or c", many / 2), true);
    row("path of 100,000", "any where a" + repeat(".a", many), true);
    row("keys 100,000", "sequence by a" + repeat(", a", many) + " [a where b] [c where d]", true);
    row("pipes 100,000", "any where a" + repeat(" | head 1", many), true);
    row("string of 10 MB", "any where a == \"" + std::string(size, 'x') + "\"", true);
    row("name of 10 MB", "any where " + std::string(size, 'x'), true);
    row("comment of 10 MB", "any where a /*" + std::string(size, 'x') + "*/", true);
    row("digits of 10 MB", "any where a == " + std::string(size, '9'), true);
    row("fraction of 10 MB", "any where a == 0." + std::string(size, '9'), true);
    row("values of 10 MB",
        "any where a in (1" + repeat(", \"" + std::string(95, 'x') + "\"", many) + ")", true);
    row("terms", "sequence" + repeat(" [a where b]", many), false);
    for (const char* piece : {"(",
                              ")",
                              "[",
                              "]",
                              "![",
                              "f(",
                              "not ",
                              "- ",
                              "a ",
                              "a == ",
                              "\"x",
                              "a.",
                              "| ",
                              "any where ",
                              "sequence ",
                              "by ",
                              "with ",
                              "until ",
                              "[a where ",
                              "a in (",
                              "a : (",
                              "1,",
                              ",",
                              "?",
                              "a[0]",
                              "a[",
                              "sequence [a where b] ",
                              "$",
                              "!:",
                              "&& ",
                              "x of [",
                              "'a' ",
                              "(1 2 ",
                              "(a] ",
                              "[a where (b] "}) {
        row((std::string("10 MB of ") + piece).c_str(),
            repeat(piece, size / std::string_view(piece).size()), false);
        row((std::string("a million of ") + piece).c_str(),
            "any where " + repeat(piece, limits::maximumTokens / 8), false);
    }
}

void TestParserLimits::largeInput()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, valid);
    const std::string source = text.toStdString();
    const sequela::test::ProcessorTime elapsed;
    {
        const ParsedQuery parsed = parseQuery(source, elastic);
        QVERIFY(valid == parsed.diagnostics.empty());
        QVERIFY(parsed.diagnostics.size() <= limits::maximumDiagnostics + 1);
        for (const Diagnostic& each : parsed.diagnostics) {
            QVERIFY(each.message.size() < 1000);
        }
        if (valid) {
            const std::string printed = printQuery(parsed.query);
            QVERIFY(!printed.empty());
        }
    }
    QVERIFY2(elapsed.isBelow(2000), elapsed.text().c_str());
}

void TestParserLimits::brokenInputNeverHangs()
{
    constexpr std::string_view pieces[] = {
        "any", "where", "process", "sequence", "sample",    "join", "by",   "with",  "maxspan",
        "=",   "5",     "s",       "[",        "![",        "]",    "(",    ")",     ",",
        "and", "or",    "not",     "in",       "like~",     ":",    "==",   "<",     "+",
        "-",   "\"x\"", "'y'",     "a.b",      "?",         "|",    "head", "until", "runs",
        "as",  "of",    "null",    "f(",       "`q`",       "$e",   "!:",   "&&",    "!",
        "\"",  "/*",    "fork",    ".",        "descendant"};
    std::mt19937 random(19991231);
    for (int round = 0; round < 30000; ++round) {
        std::string text = round % 2 == 0 ? "any where " : "";
        for (std::size_t count = random() % 20; count > 0; --count) {
            text += pieces[random() % std::size(pieces)];
            text += random() % 8 == 0 ? "" : " ";
        }
        for (const Dialect dialect : {elastic, endpoint}) {
            const ParsedQuery parsed = parseQuery(text, dialect);
            for (const Diagnostic& each : parsed.diagnostics) {
                QVERIFY(each.span && each.span->begin <= each.span->end
                        && each.span->end <= text.size());
                for (const SuggestedFix& fix : each.fixes) {
                    QVERIFY(fix.span.begin <= fix.span.end && fix.span.end <= text.size());
                }
            }
            QVERIFY(!dumpSyntaxTree(parsed.query).empty());
            const std::string printed = printQuery(parsed.query);
            if (parsed.diagnostics.empty()) {
                const ParsedQuery again = parseQuery(printed, dialect);
                QVERIFY2(again.diagnostics.empty(), printed.c_str());
                QVERIFY2(syntax::sameTree(parsed.query, again.query), text.c_str());
                QCOMPARE(printQuery(again.query), printed);
            } else {
                QVERIFY2(printed.find("<missing>") == std::string::npos
                             || !parsed.diagnostics.empty(),
                         text.c_str());
            }
        }
    }
}

QTEST_GUILESS_MAIN(TestParserLimits)
#include "tst_parser_limits.moc"
