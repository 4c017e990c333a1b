#include "core/base/diagnostic.h"
#include "core/base/text_positions.h"

#include <QtTest>

using namespace sequela;

class DiagnosticTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void position_data();
    void position();
    void manyPositions();
    void formatsFileLineColumnCodeSentence();
    void formattingMakesControlCharactersVisible();
    void cancelledIsRecognised();
    void locateKeepsAFileThatIsThere();
};

void DiagnosticTest::position_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("offset");
    QTest::addColumn<int>("line");
    QTest::addColumn<int>("column");
    QTest::newRow("start") << QByteArray("abc") << 0 << 1 << 1;
    QTest::newRow("middle") << QByteArray("abc") << 2 << 1 << 3;
    QTest::newRow("behind LF") << QByteArray("a\nbc") << 3 << 2 << 2;
    QTest::newRow("CR LF is one end") << QByteArray("a\r\nbc") << 3 << 2 << 1;
    QTest::newRow("lone CR ends a line") << QByteArray("a\rb") << 2 << 2 << 1;
    QTest::newRow("columns count code points") << QByteArray("é€x") << 5 << 1 << 3;
    QTest::newRow("past the end") << QByteArray("ab") << 99 << 1 << 3;
    QTest::newRow("empty") << QByteArray() << 0 << 1 << 1;
}

void DiagnosticTest::position()
{
    QFETCH(QByteArray, text);
    QFETCH(int, offset);
    const TextPosition position = positionOf(text.toStdString(), static_cast<std::size_t>(offset));
    QTEST(static_cast<int>(position.line), "line");
    QTEST(static_cast<int>(position.column), "column");
}

/// Every offset of a text that is longer than the milestones are apart, broken UTF-8 included.
void DiagnosticTest::manyPositions()
{
    const QByteArray piece("ab\r\nc\xC3\xA9\rd\xE2\x82\xAC\n\xFF\x80\x80xyz\xF0\x9F\x98\x80");
    const std::string text = piece.repeated(500).toStdString();
    const TextPositions positions(text);
    for (std::size_t offset = 0; offset <= text.size() + 1; offset += 7) {
        QVERIFY2(positions.at(offset) == positionOf(text, offset),
                 qPrintable(QString::number(offset)));
    }
}

void DiagnosticTest::formatsFileLineColumnCodeSentence()
{
    Diagnostic diagnostic =
        makeError("eql-unknown-field", "unknown column [a]", "did you mean [b]?");
    diagnostic.span = SourceSpan{4, 5};
    locate(diagnostic, "x ==a", "rule.toml");
    QCOMPARE(formatDiagnostic(diagnostic),
             "rule.toml:1:5: eql-unknown-field: unknown column [a] (did you mean [b]?)");
    diagnostic.severity = Severity::Warning;
    diagnostic.hint.clear();
    QCOMPARE(formatDiagnostic(diagnostic),
             "rule.toml:1:5: warning: eql-unknown-field: unknown column [a]");
}

void DiagnosticTest::formattingMakesControlCharactersVisible()
{
    QCOMPARE(formatDiagnostic(makeError("x", "bad \x1b[31m byte")), "x: bad ␛[31m byte");
}

void DiagnosticTest::cancelledIsRecognised()
{
    QVERIFY(isCancelled(cancelledError()));
    QVERIFY(!isCancelled(makeError("io", "no")));
}

void DiagnosticTest::locateKeepsAFileThatIsThere()
{
    Diagnostic diagnostic = makeError("x", "y");
    diagnostic.file = "first";
    locate(diagnostic, "", "second");
    QCOMPARE(diagnostic.file, "first");
    QVERIFY(!diagnostic.begin);
}

QTEST_APPLESS_MAIN(DiagnosticTest)
#include "tst_diagnostic.moc"
