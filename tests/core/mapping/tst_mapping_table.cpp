#include "core/mapping/command_line.h"
#include "core/mapping/conversion.h"
#include "core/mapping/event_mapper.h"
#include "core/mapping/event_xml.h"
#include "core/mapping/limits.h"
#include "core/mapping/mapping_table.h"

#include <QTest>

#include <algorithm>
#include <set>

using namespace sequela::mapping;

/// Reading mapping files, and what the tables need to be right in themselves.
class TestMappingTable : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void errors_data();
    void errors();
    void builtinTablesAreWhole();
    void patterns_data();
    void patterns();
    void windowsCommandLines_data();
    void windowsCommandLines();
    void posixCommandLines_data();
    void posixCommandLines();
    void xml_data();
    void xml();
    void brokenXml_data();
    void brokenXml();
    void manyNamesAreForgotten();
};

void TestMappingTable::errors_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("message");

    const auto row = [](const char* name, const char* text, const char* message) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(message);
    };
    row("no table", "keys A\n", "line 1: stands before the first `table`");
    row("nameless table", "table | X\n", "line 1: a table needs a name");
    row("directive", "table a\nfoo b\n", "line 2: `foo` is no directive");
    row("rest", "table a\n\nrest x.*\n", "line 3: `rest` needs a pattern and a new name with `*`");
    row("event", "table a\n[events]\n1 | process\n",
        "line 3: an event needs codes, category, type and action");
    row("field", "table a\n[fields]\nX\n",
        "line 3: a field needs a source, a target and a conversion cell");
    row("conversion", "table a\n[fields]\nX | y | no-such\n", "line 3: `no-such` is no conversion");
    row("bracket", "table a\n[fields]\nX | y | lookup(a=b\n",
        "line 3: `lookup` lacks its closing bracket");
    row("lookup", "table a\n[fields]\nX | y | lookup(a)\n",
        "line 3: a lookup needs pairs `from=to`");
}

void TestMappingTable::errors()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, message);
    const auto tables = parseMappingFile(text.toStdString(), "x.map");
    QVERIFY(!tables.has_value());
    QCOMPARE(QByteArray::fromStdString(tables.error().message), message);
    QCOMPARE(tables.error().code, std::string("mapping-syntax"));
    QCOMPARE(tables.error().file, std::string("x.map"));
    const auto tooLong = parseMappingFile(std::string(limits::fileBytes + 1, '#'), "x.map");
    QVERIFY(!tooLong.has_value());
}

void TestMappingTable::builtinTablesAreWhole()
{
    const auto& tables = builtinTables();
    QVERIFY(tables.size() > 10);
    std::set<std::string> ids;
    for (const MappingTable& table : tables) {
        QVERIFY2(ids.insert(table.id).second, table.id.c_str());
    }
    for (const MappingTable& table : tables) {
        for (const std::string& next : table.next) {
            QVERIFY2(ids.contains(next), (table.id + " then " + next).c_str());
        }
        const bool needsCode =
            !table.events.empty() || std::ranges::any_of(table.fields, [](const FieldRow& row) {
                return !row.codes.codes.empty();
            });
        QVERIFY2(!needsCode || !table.codeField.empty(), table.id.c_str());
    }
}

void TestMappingTable::patterns_data()
{
    QTest::addColumn<QByteArray>("pattern");
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("rest");

    const auto row = [](const char* pattern, const char* field, const char* rest) {
        QTest::addRow("%s on %s", pattern, field)
            << QByteArray(pattern) << QByteArray(field) << QByteArray(rest);
    };
    row("*", "a.b", "a.b");
    row("a.*", "a.b.c", "b.c");
    row("a.*", "a", "<none>");
    row("a.?.*", "a.b.c", "c");
    row("a.?.*", "a.b", "<none>");
    row("a.b", "a.b", "");
    row("a.b", "a.bc", "<none>");
    row("a.b", "a.b.c", "<none>");
}

void TestMappingTable::patterns()
{
    QFETCH(QByteArray, pattern);
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, rest);
    std::string_view found;
    const bool matches =
        matchesFieldPattern(pattern.toStdString(), std::string_view(field.constData()), found);
    QCOMPARE(matches ? QByteArray(found.data(), qsizetype(found.size())) : QByteArray("<none>"),
             rest);
}

namespace {

QByteArray joined(const std::vector<std::string>& words)
{
    QByteArray text;
    for (const std::string& word : words) {
        text += '[' + QByteArray::fromStdString(word) + ']';
    }
    return text;
}

} // namespace

void TestMappingTable::windowsCommandLines_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("plain");
    QTest::addColumn<QByteArray>("quoted");

    const auto row = [](const char* line, const char* plain, const char* quoted) {
        QTest::newRow(line) << QByteArray(line) << QByteArray(plain) << QByteArray(quoted);
    };
    row("", "", "");
    row("a", "[a]", "[a]");
    row("  a   b  ", "[a][b]", "[a][b]");
    row(R"("C:\Program Files\x.exe" /c "d e")", R"([C:\Program Files\x.exe][/c][d e])",
        R"(["C:\Program Files\x.exe"][/c]["d e"])");
    row(R"(x a\\b)", R"([x][a\\b])", R"([x][a\\b])");
    row(R"(x "a\\" b)", R"([x][a\][b])", R"([x]["a\\"][b])");
    row(R"(x "a\"b")", R"([x][a"b])", R"([x]["a\"b"])");
    row(R"(x "a""b")", R"([x][a"b])", R"([x]["a""b"])");
    row(R"(x a\\\"b)", R"([x][a\"b])", R"([x][a\\\"b])");
    row(R"(x "")", "[x][]", R"([x][""])");
    row(R"(x "open)", "[x][open]", R"([x]["open])");
    row(R"("C:\a\" b)", R"([C:\a\][b])", R"(["C:\a\"][b])");
}

void TestMappingTable::windowsCommandLines()
{
    QFETCH(QByteArray, line);
    QFETCH(QByteArray, plain);
    QFETCH(QByteArray, quoted);
    QCOMPARE(joined(splitWindowsCommandLine(line.toStdString(), false)), plain);
    QCOMPARE(joined(splitWindowsCommandLine(line.toStdString(), true)), quoted);
    const std::string many = [] {
        std::string text;
        for (std::size_t i = 0; i < limits::arguments + 10; ++i) {
            text += "a ";
        }
        return text;
    }();
    QCOMPARE(splitWindowsCommandLine(many, false).size(), limits::arguments);
}

void TestMappingTable::posixCommandLines_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("words");

    const auto row = [](const char* line, const char* words) {
        QTest::newRow(line) << QByteArray(line) << QByteArray(words);
    };
    row("", "");
    row("a b", "[a][b]");
    row("sh -c 'a b'", "[sh][-c][a b]");
    row(R"(a "b \"c\" \d")", R"([a][b "c" \d])");
    row(R"(a b\ c)", "[a][b c]");
    row("a ''", "[a][]");
    row("a 'open", "[a][open]");
    row("a\\", "[a\\]");
}

void TestMappingTable::posixCommandLines()
{
    QFETCH(QByteArray, line);
    QFETCH(QByteArray, words);
    QCOMPARE(joined(splitPosixCommandLine(line.toStdString())), words);
}

void TestMappingTable::xml_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("json");

    const auto row = [](const char* name, const char* text, const char* json) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(json);
    };
    row("empty", "<Event/>", R"({"Event":null})");
    row("text", "<Event>a</Event>", R"({"Event":"a"})");
    row("attributes", "<Event a='1'>b</Event>",
        R"({"Event":{"#attributes":{"a":"1"},"#text":"b"}})");
    row("named data", "<Event><Data Name=\"X\">1</Data><Data Name=\"Y\"/></Event>",
        R"({"Event":{"X":"1","Y":null}})");
    row("unnamed data", "<E><Data>1</Data><x/><Data>2</Data></E>",
        R"({"E":{"Data":["1","2"],"x":null}})");
    row("entities", "<E>&lt;&amp;&gt;&quot;&apos;&#65;&#x42;&no;&</E>", R"({"E":"<&>\"'AB&no;&"})");
    row("cdata and comments", "<E><!-- c --><![CDATA[<a>]]></E>", R"({"E":"<a>"})");
    row("prefix", "<e:Event xmlns:e='u'><e:A>1</e:A></e:Event>",
        R"({"Event":{"#attributes":{"xmlns:e":"u"},"A":"1"}})");
    row("declaration", "<?xml version='1.0'?>\n<!-- x --><E>a</E>", R"({"E":"a"})");
}

void TestMappingTable::xml()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, json);
    const auto element = parseEventXml(text.toStdString());
    QVERIFY(element.has_value());
    QCOMPARE(QByteArray::fromStdString(xmlToJson(*element)), json);
}

void TestMappingTable::brokenXml_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("reason");

    const auto row = [](const char* name, const QByteArray& text, const char* reason) {
        QTest::newRow(name) << text << QByteArray(reason);
    };
    row("nothing", "", "'<' expected");
    row("open", "<E><a>", "the text ends before the element does");
    row("crossed", "<E><a></E></a>", "a tag is closed that was not opened");
    row("attribute", "<E a>", "an attribute has no value");
    row("quotes", "<E a=1/>", "an attribute's value has no quotes");
    row("tag", "<E ", "the text ends inside a tag");
    row("document type", "<!DOCTYPE x [<!ENTITY a 'b'>]><E/>", "an attribute has no value");
    row("comment", "<E><!-- ", "the text ends inside a comment or section");
    row("depth", QByteArray("<E>").repeated(int(xmlDepth) + 1),
        "more elements, or deeper in one another, than an event has");
    row("elements", "<E>" + QByteArray("<a/>").repeated(int(xmlElements)) + "</E>",
        "more elements, or deeper in one another, than an event has");
}

void TestMappingTable::brokenXml()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, reason);
    XmlFault fault;
    QVERIFY(!parseEventXml(text.toStdString(), &fault).has_value());
    QCOMPARE(QByteArray::fromStdString(fault.reason), reason);
}

/// Ever new names must not make a mapper grow for ever, nor confuse it.
void TestMappingTable::manyNamesAreForgotten()
{
    EventMapper mapper(makeMappingSet());
    for (std::size_t i = 0; i < limits::rememberedNames + 100; ++i) {
        mapper.beginKeys();
        mapper.addKey("EventID");
        mapper.addKey("Channel");
        const auto table = mapper.recognised();
        QVERIFY(table.has_value());
        mapper.begin();
        mapper.add("EventID", "1", sequela::schema::ValueKind::Number);
        mapper.add("Channel", "Security", sequela::schema::ValueKind::String);
        mapper.add("x" + std::to_string(i), "v", sequela::schema::ValueKind::String);
        mapper.run(*table);
        QCOMPARE(mapper.first("event.code"), std::string_view("1"));
        static_cast<void>(mapper.takeUnmapped());
    }
}

QTEST_GUILESS_MAIN(TestMappingTable)
#include "tst_mapping_table.moc"
