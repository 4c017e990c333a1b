#include "core/base/text.h"
#include "core/engine/case_index.h"
#include "core/engine/kept_rows.h"
#include "core/engine/row_set.h"
#include "core/engine/text_signature.h"
#include "core/engine/value_index.h"
#include "tests/support/event_table.h"

#include <QTest>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using namespace sequela;
using namespace sequela::engine;

namespace {

std::shared_ptr<const schema::Column> columnOf(const std::vector<std::string>& lines,
                                               const char* field)
{
    std::string text;
    for (const std::string& line : lines) {
        text += line + '\n';
    }
    const auto source = tests::eventTable(text);
    return source->column(SegmentNumber(0), *source->field(field)).value();
}

std::set<std::string> textsLike(const schema::Column& column, const std::string& text)
{
    std::set<std::string> found;
    ValueTable(column).forEachLike(foldCase(text), [&](std::uint32_t value) {
        if (foldCase(column.text(value)) == foldCase(text)) {
            found.emplace(column.text(value));
        }
    });
    return found;
}

} // namespace

class TestValueIndex : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void signaturesLetMatchesThrough_data();
    void signaturesLetMatchesThrough();
    void signaturesRefuseWhatLacksAPart_data();
    void signaturesRefuseWhatLacksAPart();
    void tableFindsAllSpellings();
    void rowsByCodeAreAllRows();
    void budgetIsKept();
    void columnsAreLetGoBetweenUses();
    void countsBits();
    void keptRowsAreTheRows_data();
    void keptRowsAreTheRows();
};

void TestValueIndex::signaturesLetMatchesThrough_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("text");
    const auto row = [](const char* pattern, const char* text) {
        QTest::addRow("%s ~ %s", pattern, text)
            << QString::fromUtf8(pattern) << QString::fromUtf8(text);
    };
    row("*.exe", "C:\\Windows\\CMD.EXE");
    row("powershell*-enc*", "PowerShell.exe -Enc AAAA");
    row("*", "");
    row("?b?", "abc");
    row("*a?c*", "xxaBcxx");
    row("/Users/*/Library/?aunchAgents/*", "/users/Me/library/LaunchAgents/a.plist");
    // U+212A folds to k, U+017F to s.
    row("*task*", "ta\xC5\xBF\xE2\x84\xAA");
    row("*stra\xC3\x9F"
        "e*",
        "die Stra\xC3\x9F"
        "e");
    row("@[`{", "@[`{");
    row("*\\Zo?\\*.exe", "C:\\Users\\Zo\xC3\xAB\\tool.EXE");
}

void TestValueIndex::signaturesLetMatchesThrough()
{
    QFETCH(const QString, pattern);
    QFETCH(const QString, text);
    const TextSignature needed = signatureOfPattern(pattern.toStdString());
    QVERIFY(signatureOfText(text.toStdString()).mayMatch(needed));
}

void TestValueIndex::signaturesRefuseWhatLacksAPart_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("text");
    QTest::newRow("other end") << "*.exe" << "C:\\Windows\\kernel32.dll";
    QTest::newRow("part missing") << "*powershell*encoded*" << "powershell.exe -File a.ps1";
    QTest::newRow("nothing there") << "*abc*" << "";
    QTest::newRow("other letters") << "*powershell*" << QString::fromUtf8("C:\\Zo\xC3\xAB\\a.exe");
}

void TestValueIndex::signaturesRefuseWhatLacksAPart()
{
    QFETCH(const QString, pattern);
    QFETCH(const QString, text);
    const TextSignature needed = signatureOfPattern(pattern.toStdString());
    QVERIFY(!signatureOfText(text.toStdString()).mayMatch(needed));
}

void TestValueIndex::tableFindsAllSpellings()
{
    const std::string longText(600, 'A');
    const auto column = columnOf({R"({"n":"cmd.exe"})", R"({"n":"CMD.EXE"})", R"({"n":"Cmd.exe"})",
                                  R"({"n":"other"})", "{\"n\":\"\xC3\x84RGER\"}",
                                  "{\"n\":\"" + longText + "\"}", R"({"n":""})"},
                                 "n");
    using Texts = std::set<std::string>;
    QCOMPARE(textsLike(*column, "cmd.EXE"), (Texts{"cmd.exe", "CMD.EXE", "Cmd.exe"}));
    QCOMPARE(textsLike(*column, "\xC3\xA4rger"), (Texts{"\xC3\x84RGER"}));
    QCOMPARE(textsLike(*column, longText), (Texts{longText}));
    QCOMPARE(textsLike(*column, ""), (Texts{""}));
    QCOMPARE(textsLike(*column, "cmd"), Texts{});
}

void TestValueIndex::rowsByCodeAreAllRows()
{
    std::vector<std::string> lines;
    for (int row = 0; row < 500; ++row) {
        lines.push_back(row % 7 == 0   ? "{}"
                        : row % 5 == 0 ? R"({"n":["a","b"]})"
                                       : "{\"n\":\"v" + std::to_string(row % 11) + "\"}");
    }
    lines.push_back(R"({"n":"last"})");
    const auto column = columnOf(lines, "n");
    const RowsByCode index(*column);
    std::uint32_t rows = 0;
    for (std::uint32_t code = 0; code < column->codeCount(); ++code) {
        QVERIFY(std::ranges::is_sorted(index.rows(code)));
        for (const std::uint32_t row : index.rows(code)) {
            QCOMPARE(column->code(row), code);
            ++rows;
        }
    }
    QCOMPARE(rows, column->eventCount());
}

void TestValueIndex::budgetIsKept()
{
    const auto source = tests::eventTable("{\"n\":\"a\"}\n{\"n\":\"b\"}\n");
    const FieldId field = *source->field("n");
    const auto column = source->column(SegmentNumber(0), field).value();
    CaseIndex roomy(source);
    QVERIFY(roomy.signatures(SegmentNumber(0), field, *column) != nullptr);
    QCOMPARE(roomy.signatures(SegmentNumber(0), field, *column),
             roomy.signatures(SegmentNumber(0), field, *column));
    QVERIFY(roomy.valueTable(SegmentNumber(0), field, *column) != nullptr);
    QVERIFY(roomy.rowsByCode(SegmentNumber(0), field, *column) != nullptr);
    CaseIndex narrow(source, EngineTuning{.columnIndexBytes = 2 * sizeof(TextSignature)});
    QVERIFY(narrow.signatures(SegmentNumber(0), field, *column) != nullptr);
    QVERIFY(narrow.rowsByCode(SegmentNumber(0), field, *column) == nullptr);
    QVERIFY(narrow.valueTable(SegmentNumber(0), field, *column) == nullptr);
}

void TestValueIndex::columnsAreLetGoBetweenUses()
{
    const auto source = tests::eventTable("{\"n\":\"a\",\"m\":\"x\"}\n{\"n\":\"b\",\"m\":\"y\"}\n");
    const SegmentNumber segment(0);
    const FieldId field = *source->field("n");
    const FieldId other = *source->field("m");
    CaseIndex roomy(source);
    {
        const CaseIndex::Use use(roomy);
        QVERIFY(*roomy.column(segment, field) != nullptr);
    }
    const std::size_t one = roomy.pinnedBytes();
    QVERIFY(one > 0);

    CaseIndex narrow(source, EngineTuning{.pinnedColumnBytes = one * 3 / 2});
    std::vector<std::uint32_t> numbers;
    {
        const CaseIndex::Use outer(narrow);
        const schema::Column* const column = *narrow.column(segment, field);
        numbers = narrow.sharedValues(segment, field, *column)->numbers;
        {
            const CaseIndex::Use inner(narrow);
            QVERIFY(*narrow.column(segment, other) != nullptr);
        }
        QVERIFY2(narrow.pinnedBytes() > one * 3 / 2, "both are in use");
        QCOMPARE(*narrow.column(segment, field), column);
    }
    QVERIFY(narrow.pinnedBytes() <= one * 3 / 2);
    {
        // What was derived holds for the column that is read again.
        const CaseIndex::Use use(narrow);
        const schema::Column* const column = *narrow.column(segment, field);
        QCOMPARE(narrow.sharedValues(segment, field, *column)->numbers, numbers);
        QCOMPARE(column->text(1), std::string_view("b"));
    }
}

void TestValueIndex::countsBits()
{
    RowSet rows(64 * 70 + 3);
    std::uint32_t expected = 0;
    for (std::uint32_t row = 0; row < rows.rowCount(); row += 1 + row % 5) {
        rows.insert(row);
        ++expected;
    }
    QCOMPARE(rows.count(), expected);
    QCOMPARE(RowSet(64 * 70 + 3, true).count(), 64U * 70 + 3);
    QVERIFY(rows.isSubsetOf(RowSet(rows.rowCount(), true)));
    QVERIFY(!RowSet(rows.rowCount(), true).isSubsetOf(rows));
    rows.clear();
    QVERIFY(rows.isEmpty());
}

void TestValueIndex::keptRowsAreTheRows_data()
{
    QTest::addColumn<std::uint32_t>("every");
    QTest::newRow("none") << 0U;
    QTest::newRow("a list") << 100U;
    QTest::newRow("bits") << 3U;
    QTest::newRow("all") << 1U;
}

void TestValueIndex::keptRowsAreTheRows()
{
    QFETCH(const std::uint32_t, every);
    constexpr std::uint32_t rowCount = 1'000;
    RowSet rows(rowCount);
    RowSet others(rowCount);
    for (std::uint32_t row = 0; row < rowCount; ++row) {
        if (every != 0 && row % every == 0) {
            rows.insert(row);
        }
        if (row % 7 == 0 || row % 50 == 0) {
            others.insert(row);
        }
    }
    const KeptRows kept{RowSet(rows)};
    QVERIFY(kept.byteCount() <= rows.byteCount());
    QVERIFY(kept.containAll(rows));
    QVERIFY(kept.containAll(RowSet(rowCount)));
    QCOMPARE(kept.containAll(others), others.isSubsetOf(rows));
    RowSet expected = others;
    RowSet actual = others;
    expected &= rows;
    kept.keepIn(actual);
    QVERIFY(actual == expected);
    QVERIFY(kept.containAll(actual));
    expected = actual = others;
    expected -= rows;
    kept.removeFrom(actual);
    QVERIFY(actual == expected);
    expected = actual = others;
    expected |= rows;
    kept.addTo(actual);
    QVERIFY(actual == expected);
    QCOMPARE(kept.containAll(actual), actual == rows);
}

QTEST_GUILESS_MAIN(TestValueIndex)
#include "tst_value_index.moc"
