#include "core/report/escaping.h"
#include "core/report/text_table.h"
#include "tests/core/report/hostile_text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

using namespace sequela;
using namespace sequela::report;
using namespace sequela::report::testing;

/// Each escape on its own: inert, visible, legible.
class EscapingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void html_data() { addHostileRows(); }
    void html();
    void markdown_data() { addHostileRows(); }
    void markdown();
    void code_data() { addHostileRows(); }
    void code();
    void csv_data() { addHostileRows(); }
    void csv();
    void json_data() { addHostileRows(); }
    void json();
    void exact_data();
    void exact();
    void shortens_data();
    void shortens();
    void tableAligns();
};

namespace {

/// Fields of one CSV record by RFC 4180; empty if it is none.
QStringList csvFields(const QString& text)
{
    QStringList fields;
    QString field;
    bool quoted = false;
    for (qsizetype at = 0; at < text.size(); ++at) {
        const QChar character = text[at];
        if (quoted && character == '"') {
            if (at + 1 < text.size() && text[at + 1] == '"') {
                field += character;
                ++at;
            } else {
                quoted = false;
            }
        } else if (quoted) {
            field += character;
        } else if (character == '"') {
            quoted = true;
        } else if (character == ',') {
            fields << field;
            field.clear();
        } else {
            field += character;
        }
    }
    return quoted ? QStringList() : fields << field;
}

} // namespace

void EscapingTest::html()
{
    QFETCH(QByteArray, hostile);
    const std::string escaped = escapeHtml(hostile.toStdString());
    QVERIFY(escaped.find_first_of("<>\"'") == std::string::npos);
    QVERIFY(!QString::fromStdString(escaped).contains(
        QRegularExpression("&(?!(amp|lt|gt|quot|#39);)")));
    QCOMPARE(firstUnsafe(escaped), QString());
}

void EscapingTest::markdown()
{
    QFETCH(QByteArray, hostile);
    const std::string escaped = escapeMarkdown(hostile.toStdString());
    QCOMPARE(firstUnsafe(escaped), QString());
    QVERIFY(escaped.find('\n') == std::string::npos);
    // Whatever has a meaning is behind a backslash or a character reference.
    QVERIFY(escaped.find_first_of("<>@:") == std::string::npos);
    for (std::size_t at = 0; at < escaped.size(); ++at) {
        if (escaped[at] == '\\') {
            ++at;
            continue;
        }
        const bool isReference = escaped[at] == '#' && at > 0 && escaped[at - 1] == '&';
        QVERIFY2(isReference || !std::string_view("`*_[]()|~$#!").contains(escaped[at]),
                 escaped.substr(at, 20).c_str());
    }
    QVERIFY(!QString::fromStdString(escaped).contains(
        QRegularExpression("www\\.", QRegularExpression::CaseInsensitiveOption)));
}

void EscapingTest::code()
{
    QFETCH(QByteArray, hostile);
    const std::string escaped = markdownCode(hostile.toStdString());
    QCOMPARE(firstUnsafe(escaped), QString());
    QVERIFY(escaped.find('\n') == std::string::npos);
    QVERIFY(escaped.find('|') == std::string::npos);
    const std::size_t fence = escaped.find_first_not_of('`');
    QVERIFY(fence != std::string::npos && fence > 0);
    QVERIFY(escaped.ends_with(std::string(fence, '`')));
    const std::string inside = escaped.substr(fence, escaped.size() - 2 * fence);
    QVERIFY(!QString::fromStdString(inside).contains(
        QRegularExpression(QStringLiteral("(^|[^`])`{%1}([^`]|$)").arg(fence))));
    QVERIFY(inside.front() != '`' && inside.back() != '`');
}

void EscapingTest::csv()
{
    QFETCH(QByteArray, hostile);
    const std::string cell = csvCell(hostile.toStdString());
    QCOMPARE(firstUnsafe(cell), QString());
    QVERIFY(cell.size() < maxCellBytes + 1000);
    const QStringList fields = csvFields("a," + QString::fromStdString(cell) + ",b");
    QCOMPARE(fields.size(), 3);
    const QString trimmed = fields[1].trimmed();
    QVERIFY2(trimmed.isEmpty() || !QStringLiteral("=+-@＝＋－＠").contains(trimmed[0]),
             qPrintable(trimmed.left(20)));
}

void EscapingTest::json()
{
    QFETCH(QByteArray, hostile);
    const std::string escaped = escapeInvisibleJson("[" + quoteJson(hostile.toStdString()) + "]");
    QCOMPARE(firstUnsafe(escaped), QString());
    QJsonParseError error{};
    const QJsonDocument parsed =
        QJsonDocument::fromJson(QByteArray::fromStdString(escaped), &error);
    QVERIFY2(error.error == QJsonParseError::NoError, qPrintable(error.errorString()));
    QCOMPARE(parsed[0].toString(), QString::fromStdString(sanitizeUtf8(hostile.toStdString())));
}

void EscapingTest::exact_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("html");
    QTest::addColumn<QString>("markdown");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("csv");
    const auto row = [](const char* name, const char* text, const char* html, const char* markdown,
                        const char* code, const char* csv) {
        QTest::newRow(name) << text << html << markdown << code << csv;
    };
    row("plain", "plain text", "plain text", "plain text", "`plain text`", "plain text");
    row("empty", "", "", "", "", "");
    row("path", "C:\\x\\y.exe", "C:\\x\\y.exe", "C&#58;\\\\x\\\\y.exe", "`C:\\x\\y.exe`",
        "C:\\x\\y.exe");
    row("line", "a\nb", "a␊b", "a␊b", "`a␊b`", "\"a\nb\"");
    row("override", "\u202Eexe", "⟨U+202E⟩exe", "⟨U\\+202E⟩exe", "`⟨U+202E⟩exe`", "⟨U+202E⟩exe");
    row("backtick", "a`b", "a`b", "a\\`b", "``a`b``", "a`b");
    row("formula", "=1", "=1", "\\=1", "`=1`", "'=1");
    row("quote", "a\"b", "a&quot;b", "a\"b", "`a\"b`", "\"a\"\"b\"");
    row("border", "a|b", "a|b", "a\\|b", "`a¦b`", "a|b");
    row("letters", "żółć 日本", "żółć 日本", "żółć 日本", "`żółć 日本`", "żółć 日本");
}

void EscapingTest::exact()
{
    QFETCH(QString, text);
    const std::string bytes = text.toStdString();
    QTEST(QString::fromStdString(escapeHtml(bytes)), "html");
    QTEST(QString::fromStdString(escapeMarkdown(bytes)), "markdown");
    QTEST(QString::fromStdString(markdownCode(bytes)), "code");
    QTEST(QString::fromStdString(csvCell(bytes)), "csv");
}

void EscapingTest::shortens_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("limit");
    QTest::addColumn<QString>("expected");
    QTest::newRow("fits") << "abc" << 3 << "abc";
    QTest::newRow("cut") << "abcd" << 3 << "abc … (1 bytes more)";
    QTest::newRow("at a character's border") << "aéé" << 4 << "aé … (2 bytes more)";
    QTest::newRow("nothing fits") << "é" << 1 << " … (2 bytes more)";
}

void EscapingTest::shortens()
{
    QFETCH(QString, text);
    QFETCH(int, limit);
    QTEST(QString::fromStdString(shorten(text.toStdString(), static_cast<std::size_t>(limit))),
          "expected");
    const std::string long4096(maxShownBytes + 1, 'x');
    QVERIFY(shorten(long4096).ends_with("(1 bytes more)"));
    QCOMPARE(shorten(long4096.substr(1)).size(), maxShownBytes);
}

void EscapingTest::tableAligns()
{
    TextTable table({{"A"}, {"N", true}, {"CUT", false, 5}, {"LAST"}});
    table.addRow({"日本", "7", "abcdefgh", "\x1B[31mred"});
    table.addRow({"e\u0301x", "1234", "ab", ""});
    QCOMPARE(QString::fromStdString(table.toString()),
             QStringLiteral("A        N  CUT    LAST\n"
                            "日本     7  abcd…  ␛[31mred\n"
                            "e\u0301x    1234  ab\n"));
}

QTEST_GUILESS_MAIN(EscapingTest)
#include "tst_escaping.moc"
