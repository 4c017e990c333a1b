#include "core/rules/quoted_text.h"

#include <QtTest>

using namespace sequela::rules;

class QuotedTextTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void reads_data();
    void reads();
    void anchorsFollowEscapes();
    void encodes_data();
    void encodes();
};

void QuotedTextTest::reads_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<bool>("json");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char* name, const char* file, bool json, const char* text) {
        QTest::newRow(name) << QByteArray(file) << json << QByteArray(text);
    };
    row("literal", "'a\\b' x", false, "a\\b");
    row("basic", R"("a\tb\"c\\" x)", false, "a\tb\"c\\");
    row("multi-line literal", "'''\na'b''c\n''' x", false, "a'b''c\n");
    row("multi-line literal, CR LF", "'''\r\na\r\nb''' x", false, "a\r\nb");
    row("multi-line basic", "\"\"\"\na\"b\"\"c\\n\"\"\" x", false, "a\"b\"\"c\n");
    row("joined lines", "\"\"\"a \\\n   b\"\"\"", false, "a b");
    row("four closing quotes", "'''a'''' x", false, "a'");
    row("five closing quotes", "'''a''''' x", false, "a''");
    row("empty", "'' x", false, "");
    row("empty multi-line", "'''''' x", false, "");
    row("unicode escapes", R"("\u00e9\U0001F600")", false, "é😀");
    row("surrogate pair of JSON", R"("\ud83d\ude00\/")", true, "😀/");
}

void QuotedTextTest::reads()
{
    QFETCH(QByteArray, file);
    QFETCH(bool, json);
    QFETCH(QByteArray, text);
    const auto quoted = readQuoted(file.toStdString(), 0, json);
    QVERIFY(quoted.has_value());
    QCOMPARE(QByteArray::fromStdString(quoted->text), text);
    QVERIFY(quoted->span.end < static_cast<std::size_t>(file.size()));
}

void QuotedTextTest::anchorsFollowEscapes()
{
    const auto quoted = readQuoted(R"(  "a\tbc\u00e9d")", 2, false);
    QVERIFY(quoted.has_value());
    // a=0 tab=1 b=2 c=3 é=4,5 d=6
    QCOMPARE(anchoredOffset(quoted->anchors, 0), std::size_t{3});
    QCOMPARE(anchoredOffset(quoted->anchors, 1), std::size_t{4});
    QCOMPARE(anchoredOffset(quoted->anchors, 2), std::size_t{6});
    QCOMPARE(anchoredOffset(quoted->anchors, 4), std::size_t{8});
    QCOMPARE(anchoredOffset(quoted->anchors, 6), std::size_t{14});
    QCOMPARE(anchoredOffset(quoted->anchors, 7), std::size_t{15});
}

void QuotedTextTest::encodes_data()
{
    QTest::addColumn<int>("form");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("fits");
    QTest::addColumn<QByteArray>("encoded");
    const auto row = [](const char* name, QuoteForm form, const char* text, const char* encoded) {
        QTest::newRow(name) << static_cast<int>(form) << QByteArray(text) << (encoded != nullptr)
                            << QByteArray(encoded);
    };
    row("literal", QuoteForm::Literal, "a\\b\"", "a\\b\"");
    row("literal, line end", QuoteForm::Literal, "a\nb", nullptr);
    row("literal, quote", QuoteForm::Literal, "a'b", nullptr);
    row("multi-line literal", QuoteForm::MultiLineLiteral, "a'b\n", "a'b\n");
    row("multi-line literal, three quotes", QuoteForm::MultiLineLiteral, "a'''b", nullptr);
    row("multi-line literal, control", QuoteForm::MultiLineLiteral, "a\x01", nullptr);
    row("basic", QuoteForm::Basic, "a\"\\\n\x01", "a\\\"\\\\\\n\\u0001");
    row("multi-line basic", QuoteForm::MultiLineBasic, "a\"\\\n", "a\"\\\\\n");
}

void QuotedTextTest::encodes()
{
    QFETCH(int, form);
    QFETCH(QByteArray, text);
    QFETCH(bool, fits);
    QFETCH(QByteArray, encoded);
    const auto result = encodeFor(static_cast<QuoteForm>(form), text.toStdString(), false);
    QCOMPARE(result.has_value(), fits);
    if (fits) {
        QCOMPARE(QByteArray::fromStdString(*result), encoded);
    }
}

QTEST_GUILESS_MAIN(QuotedTextTest)
#include "tst_quoted_text.moc"
