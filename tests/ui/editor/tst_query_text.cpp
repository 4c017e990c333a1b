#include "ui/editor/line_changes.h"
#include "ui/editor/query_text.h"

#include <QtTest>

using namespace sequela;
using namespace sequela::ui;

/// What the editor reads off the text without a widget.
class QueryTextTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void styles_data();
    void styles();
    void everyByteHasAStyle();
    void names_data();
    void names();
    void changes_data();
    void changes();
};

void QueryTextTest::styles_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("offset");
    QTest::addColumn<int>("style");
    const QByteArray text = "process where cidrMatch(source.ip, \"10.0.0.0/8\") and x == 42 // no";
    const auto row = [&text](const char* name, const char* piece, QueryStyle style) {
        QTest::newRow(name) << text << static_cast<int>(text.indexOf(piece))
                            << static_cast<int>(style);
    };
    row("category", "process", QueryStyle::Category);
    row("keyword", "where", QueryStyle::Keyword);
    row("function", "cidrMatch", QueryStyle::Function);
    row("field", "source", QueryStyle::Field);
    row("dot of a field", ".ip", QueryStyle::Field);
    row("string", "\"10.", QueryStyle::String);
    row("number", "42", QueryStyle::Number);
    row("comment", "// no", QueryStyle::Comment);
    row("operator", "==", QueryStyle::Plain);
    QTest::newRow("unit of a maxspan")
        << QByteArray("sequence with maxspan=60s") << 24 << static_cast<int>(QueryStyle::Number);
    QTest::newRow("an open string reads as one")
        << QByteArray("any where a == \"op") << 16 << static_cast<int>(QueryStyle::String);
}

void QueryTextTest::styles()
{
    QFETCH(QByteArray, text);
    QFETCH(int, offset);
    QFETCH(int, style);
    for (const StyledSpan& span : styledSpans(text.toStdString(), eql::Dialect::Elasticsearch)) {
        if (span.span.begin <= static_cast<std::size_t>(offset)
            && static_cast<std::size_t>(offset) < span.span.end) {
            QCOMPARE(static_cast<int>(span.style), style);
            return;
        }
    }
    QFAIL("the byte has no style");
}

void QueryTextTest::everyByteHasAStyle()
{
    const std::string text = "é café process \"\xff where /* ";
    std::size_t end = 0;
    for (const StyledSpan& span : styledSpans(text, eql::Dialect::Elasticsearch)) {
        QCOMPARE(span.span.begin, end);
        end = span.span.end;
    }
    QCOMPARE(end, text.size());
}

void QueryTextTest::names_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("offset");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<bool>("isFunction");
    QTest::newRow("in a path") << QByteArray("any where a.b.c == 1") << 12 << QByteArray("a.b.c")
                               << false;
    QTest::newRow("behind it") << QByteArray("any where a.b.c == 1") << 15 << QByteArray("a.b.c")
                               << false;
    QTest::newRow("quoted part") << QByteArray("any where a.`b c` == 1") << 11
                                 << QByteArray("a.b c") << false;
    QTest::newRow("function") << QByteArray("any where length (x) == 1") << 12
                              << QByteArray("length") << true;
    QTest::newRow("insensitive function")
        << QByteArray("any where endsWith~(x, \"a\")") << 12 << QByteArray("endsWith") << true;
    QTest::newRow("in white space") << QByteArray("any where  a") << 10 << QByteArray() << false;
}

void QueryTextTest::names()
{
    QFETCH(QByteArray, text);
    QFETCH(int, offset);
    QFETCH(QByteArray, path);
    QFETCH(bool, isFunction);
    const auto name =
        nameAt(text.toStdString(), eql::Dialect::Elasticsearch, static_cast<std::size_t>(offset));
    QCOMPARE(name.has_value(), !path.isEmpty());
    if (name) {
        QCOMPARE(QByteArray::fromStdString(name->path), path);
        QCOMPARE(name->isFunction, isFunction);
    }
}

void QueryTextTest::changes_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("none") << QByteArray("a\nb") << QByteArray("a\nb") << QByteArray();
    QTest::newRow("one changed") << QByteArray("a\nb\nc") << QByteArray("a\nx\nc")
                                 << QByteArray("1~ ");
    QTest::newRow("one added") << QByteArray("a\nc") << QByteArray("a\nb\nc") << QByteArray("1+ ");
    QTest::newRow("one removed") << QByteArray("a\nb\nc") << QByteArray("a\nc")
                                 << QByteArray("1- ");
    QTest::newRow("line ends do not count")
        << QByteArray("a\r\nb") << QByteArray("a\nb") << QByteArray();
    QTest::newRow("two apart") << QByteArray("a\nb\nc\nd\ne") << QByteArray("a\nB\nc\nd\nx\ne")
                               << QByteArray("1~ 4+ ");
}

void QueryTextTest::changes()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, after);
    QFETCH(QByteArray, expected);
    QByteArray found;
    for (const LineChange& change : lineChanges(before.toStdString(), after.toStdString())) {
        const char* signs[] = {"+", "~", "-"};
        found += QByteArray::number(change.line) + signs[static_cast<int>(change.kind)] + ' ';
    }
    QCOMPARE(found, expected);
}

QTEST_GUILESS_MAIN(QueryTextTest)
#include "tst_query_text.moc"
