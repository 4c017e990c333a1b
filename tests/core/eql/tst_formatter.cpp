#include "core/eql/formatter.h"
#include "core/eql/lexer.h"
#include "core/eql/parser.h"
#include "tests/support/golden.h"
#include "tests/support/time_bound.h"

#include <QTest>

#include <random>
#include <string>

using namespace sequela;
using namespace sequela::eql;

namespace {

/// The words and comments of a text without its white space.
std::vector<std::string> wordsOf(std::string_view text)
{
    std::vector<std::string> words;
    for (const Token& token : lex(text, Dialect::Endpoint).tokens) {
        if (token.kind != TokenKind::Whitespace) {
            words.emplace_back(text.substr(token.span.begin, token.span.length()));
        }
    }
    return words;
}

} // namespace

class TestFormatter : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void refusesBrokenText();
    void keepsEverythingAndIsIdempotent();
    void longListIsFast();
    void golden_data();
    void golden();
    void cleanupTestCase();

private:
    test::GoldenFiles m_golden{"formatter"};
};

void TestFormatter::refusesBrokenText()
{
    const auto formatted = formatQuery("any where a = 1", Dialect::Elasticsearch);
    QVERIFY(!formatted.has_value());
    QCOMPARE(formatted.error().size(), std::size_t{1});
    QCOMPARE(formatted.error().front().code, std::string("eql-assignment"));
}

void TestFormatter::keepsEverythingAndIsIdempotent()
{
    constexpr std::string_view pieces[] = {" and ",
                                           " or ",
                                           " and not ",
                                           "\nand ",
                                           " or // why\n",
                                           " and /* c */ ",
                                           " /* d */ and\n// e\n",
                                           " and /* f\n g */ "};
    constexpr std::string_view tests[] = {
        "a == 1",
        "process.name : (\"abcdefghijkl\", /* x */ \"mnopqrstuvwxyz\", \"0123456789\")",
        "(a or b // c\n)",
        "((a and b))",
        "f(a,\nb,-1)",
        "-a - -b == +c",
        "x not in~ (1,2 , 3)",
        "?`odd name`.b != null",
        "(process.parent.name == \"a\" or (b and c or d and not e))",
        "x like~ "
        "\"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\""};
    constexpr std::string_view frames[][2] = {
        {"any where ", ""},
        {"// head\nprocess where\n", " // tail"},
        {"sequence by a, b with maxspan = 5 s [any where ", "] by c /* k */ with runs=2"},
        {"sequence [a where b]\n// between\n[any where ", "] until [c where d] | head - -1"},
        {"sample by a [any where x] [any where ", "]"}};
    std::mt19937 random(1234567);
    for (int round = 0; round < 6000; ++round) {
        const auto& frame = frames[random() % std::size(frames)];
        std::string text(frame[0]);
        for (std::size_t count = random() % 9;; --count) {
            text += tests[random() % std::size(tests)];
            if (count == 0) {
                break;
            }
            text += pieces[random() % std::size(pieces)];
        }
        text += frame[1];
        const auto once = formatQuery(text, Dialect::Elasticsearch);
        QVERIFY2(once.has_value(), text.c_str());
        QVERIFY2(wordsOf(text) == wordsOf(*once), once->c_str());
        QVERIFY2(syntax::sameTree(parseQuery(text, Dialect::Elasticsearch).query,
                                  parseQuery(*once, Dialect::Elasticsearch).query),
                 once->c_str());
        const auto twice = formatQuery(*once, Dialect::Elasticsearch);
        QVERIFY(twice.has_value());
        QCOMPARE(QByteArray::fromStdString(*twice), QByteArray::fromStdString(*once));
        QVERIFY2(once->find(" \n") == std::string::npos, once->c_str());
    }
}

void TestFormatter::longListIsFast()
{
    std::string text = "any where a in (1";
    for (int index = 0; index < 100'000; ++index) {
        text += ",\"value\"";
    }
    text += ')';
    const sequela::test::ProcessorTime elapsed;
    const auto formatted = formatQuery(text, Dialect::Elasticsearch);
    QVERIFY(formatted.has_value());
    for (std::size_t begin = 0; begin < formatted->size();) {
        const std::size_t end = std::min(formatted->find('\n', begin), formatted->size());
        QVERIFY(end - begin <= 100);
        begin = end + 1;
    }
    QVERIFY2(elapsed.isBelow(2000), elapsed.text().c_str());
}

void TestFormatter::golden_data()
{
    QTest::addColumn<std::size_t>("index");
    QVERIFY(!m_golden.cases().empty());
    for (std::size_t index = 0; index < m_golden.cases().size(); ++index) {
        QTest::newRow(m_golden.cases()[index].name.c_str()) << index;
    }
}

void TestFormatter::golden()
{
    QFETCH(std::size_t, index);
    const test::GoldenCase& golden = m_golden.cases()[index];
    const bool isEndpoint = golden.file.ends_with("endpoint.txt");
    const auto formatted =
        formatQuery(golden.input, isEndpoint ? Dialect::Endpoint : Dialect::Elasticsearch);
    QVERIFY(formatted.has_value());
    const QString difference = m_golden.check(index, *formatted);
    QVERIFY2(difference.isEmpty(), qPrintable(difference));
}

void TestFormatter::cleanupTestCase()
{
    QVERIFY(m_golden.save());
}

QTEST_GUILESS_MAIN(TestFormatter)
#include "tst_formatter.moc"
