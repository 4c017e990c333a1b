#include "tests/core/ingest/ingest_fixture.h"

#include <QTest>

using namespace sequela;
using namespace sequela::ingest;
using namespace sequela::ingest::testing;

namespace {

std::string fromData(const QByteArray& bytes)
{
    return bytes.toStdString();
}

} // namespace

class TestImportJson : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void layouts_data();
    void layouts();
    void flattening_data();
    void flattening();
};

void TestImportJson::layouts_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("format");
    QTest::addColumn<quint64>("events");
    QTest::addColumn<quint64>("lost");
    QTest::addColumn<QString>("lastId");

    const auto row = [](const char* name, const char* text, const char* format, quint64 events,
                        quint64 lost, const char* lastId) {
        QTest::newRow(name) << QByteArray(text) << QString::fromLatin1(format) << events << lost
                            << QString::fromLatin1(lastId);
    };
    row("one line", R"({"id":"a"})", "NDJSON", 1, 0, "a");
    row("lines", "{\"id\":\"a\"}\n{\"id\":\"b\"}\n", "NDJSON", 2, 0, "b");
    row("lines with CRLF and blanks", "{\"id\":\"a\"}\r\n\r\n  {\"id\":\"b\"} \r\n", "NDJSON", 2, 0,
        "b");
    row("byte order mark", "\xef\xbb\xbf{\"id\":\"a\"}\n{\"id\":\"b\"}\n", "NDJSON", 2, 0, "b");
    row("array on one line", R"([{"id":"a"},{"id":"b"}])", "JSON array", 2, 0, "b");
    row("array over lines", "[\n  {\n    \"id\": \"a\"\n  },\n  {\"id\": \"b\"}\n]\n", "JSON array",
        2, 0, "b");
    row("arrays one after another", "[{\"id\":\"a\"}]\n[{\"id\":\"b\"}]\n", "JSON array", 2, 0,
        "b");
    row("empty array", "[]", "JSON array", 0, 0, "");
    row("pretty-printed documents", "{\n  \"id\": \"a\"\n}\n{\n  \"id\": \"b\"\n}\n",
        "JSON documents", 2, 0, "b");
    row("pretty-printed hit", "{\n \"_index\": \"i\",\n \"_source\": {\n \"id\": \"a\"\n }\n}\n",
        "JSON documents", 1, 0, "a");
    row("search response",
        R"({"took":1,"hits":{"total":{"value":2},"hits":[{"_id":"1","_source":{"id":"a"}},)"
        R"({"_id":"2","_source":{"id":"b"}}]}})",
        "Elasticsearch search response", 2, 0, "b");
    row("search response without hits", R"({"took":1,"hits":{"total":{"value":0},"hits":[]}})",
        "Elasticsearch search response", 0, 0, "");
    row("eql response",
        R"({"took":1,"hits":{"events":[{"_index":"i","_id":"1","_source":{"id":"a"}}]}})",
        "Elasticsearch EQL search response", 1, 0, "a");
    row("eql sequences",
        R"({"hits":{"total":{"value":1},"sequences":[{"join_keys":["k"],"events":[)"
        R"({"_index":"i","_id":"1","_source":{"id":"a"}},{"_index":"","_id":"","missing":true},)"
        R"({"_index":"i","_id":"3","_source":{"id":"c"}}]},{"events":[{"_source":{"id":"d"}}]}]}})",
        "Elasticsearch EQL search response (sequences)", 3, 0, "d");
    row("bulk body",
        "{\"create\":{\"_index\":\"i\",\"_id\":\"1\"}}\n{\"id\":\"a\"}\n"
        "{ \"index\" : { } }\n{\"id\":\"b\"}\n{\"delete\":{\"_id\":\"9\"}}\n"
        "{\"update\":{\"_id\":\"9\"}}\n{\"doc\":{\"id\":\"z\"}}\n{\"index\":{}}\n{\"id\":\"c\"}\n",
        "Elasticsearch bulk body", 3, 0, "c");
    row("broken line between", "{\"id\":\"a\"}\n{\"id\":\n{\"id\":\"c\"}\n", "NDJSON", 2, 1, "c");
    row("broken first line", "{\"id\":\n{\"id\":\"c\"}\n", "NDJSON", 1, 1, "c");
    row("truncated last line", "{\"id\":\"a\"}\n{\"id\":\"b", "NDJSON", 1, 1, "a");
    row("number among lines", "{\"id\":\"a\"}\n42\n", "NDJSON", 1, 1, "a");
    row("number in an array", R"([{"id":"a"}, 42, {"id":"b"}])", "JSON array", 2, 1, "b");
    row("missing brace between documents",
        "{\n  \"id\": \"a\",\n  \"x\": {\"y\": 1\n}\n{\n  \"id\": \"b\"\n}\n", "JSON documents", 1,
        1, "b");
    row("line end in quotes of a document", "{\n  \"id\": \"a\n}\n{\n  \"id\": \"b\"\n}\n",
        "JSON documents", 1, 1, "b");
    row("truncated array", "[{\"id\":\"a\"},{\"id\":\"b", "JSON array", 1, 1, "a");
    row("text between documents", "{\n\"id\": \"a\"\n}\nrubbish\n{\n\"id\":\"b\"\n}\n",
        "JSON documents", 2, 1, "b");
}

void TestImportJson::layouts()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, format);
    QFETCH(quint64, events);
    QFETCH(quint64, lost);
    QFETCH(QString, lastId);

    const EventsInMemory read = readText(fromData(text));
    QCOMPARE(read.report.files.size(), std::size_t{1});
    const FileReport& file = read.report.files.front();
    QCOMPARE(QString::fromStdString(file.format), format);
    QCOMPARE(quint64{file.events}, events);
    QCOMPARE(quint64{read.source->eventCount()}, events);
    QCOMPARE(quint64{file.lostRecords()}, lost);
    if (events > 0) {
        const auto last = static_cast<std::uint32_t>(events - 1);
        QCOMPARE(QString::fromStdString(valuesOf(*read.source, last, "id")), lastId);
    }
}

void TestImportJson::flattening_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("values");

    const auto row = [](const char* name, const char* text, const char* field, const char* values) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(field) << QByteArray(values);
    };
    row("nested", R"({"process":{"name":"x"}})", "process.name", "x");
    row("dotted", R"({"process.name":"x"})", "process.name", "x");
    row("mixed", R"({"process.parent":{"name":"x"}})", "process.parent.name", "x");
    row("nested and dotted both kept", R"({"a":{"b":"1"},"a.b":"2"})", "a.b", "1|2");
    row("duplicate key", R"({"a":"1","a":"2"})", "a", "1|2");
    row("array", R"({"a":["1","2",["3"]]})", "a", "1|2|3");
    row("array of objects", R"({"a":[{"b":"1"},{"b":"2","c":"x"}]})", "a.b", "1|2");
    row("null", R"({"a":null,"b":"1"})", "a", "");
    row("array of null", R"({"a":[null],"b":"1"})", "a", "");
    row("empty array", R"({"a":[],"b":"1"})", "a", "");
    row("empty object", R"({"a":{},"b":"1"})", "a", "");
    row("empty string", R"({"a":["","x"]})", "a", "|x");
    row("number text", R"({"a":1.50e+3})", "a", "1.50e+3");
    row("huge integer", R"({"a":123456789012345678901234567890})", "a",
        "123456789012345678901234567890");
    row("boolean", R"({"a":[true,false]})", "a", "true|false");
    row("object and scalar", R"({"a":["1",{"b":"2"}]})", "a", "1");
    row("object beside scalar", R"({"a":["1",{"b":"2"}]})", "a.b", "2");
    row("escapes", R"({"a":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"})", "a",
        "\"\\/\b\f\n\r\t\xc3\xa9\xf0\x9f\x98\x80");
    row("escaped key", R"({"\u0061":"x"})", "a", "x");
    row("empty key", R"({"":"x"})", "\"\"", "x");
    row("empty key inside", R"({"a":{"":"x"}})", "a.\"\"", "x");
    row("lone surrogate", R"({"a":"\ud800x"})", "a", "\xef\xbf\xbdx");
    row("invalid utf-8", "{\"a\":\"\xff\xc3(\"}", "a", "\xef\xbf\xbd\xef\xbf\xbd(");
    row("raw tab in a string", "{\"a\":\"x\ty\"}", "a", "x\ty");
    row("hit", R"({"_index":"i","_id":"n","_score":1,"_source":{"a":"x"},"sort":[5]})", "a", "x");
    row("hit's id", R"({"_index":"i","_id":"n","_source":{"a":"x"}})", "_id", "n");
    row("hit's index", R"({"_index":"i","_id":"n","_source":{"a":"x"}})", "_index", "i");
    row("hit's sort is dropped", R"({"sort":[5],"_source":{"a":"x"}})", "sort", "");
    row("hit with fields alone", R"({"_id":"n","fields":{"a.b":["x"]}})", "a.b", "x");
    row("bulk id", "{\"create\":{\"_index\":\"i\",\"_id\":\"n\"}}\n{\"a\":\"x\"}\n", "_id", "n");
    row("os from family", R"({"host":{"os":{"family":"macos"}}})", "host.os.type", "~macos");
    row("os from platform", R"({"host":{"os":{"platform":"ubuntu"}}})", "host.os.type", "~linux");
    row("os kept", R"({"host":{"os":{"platform":"ubuntu","type":"x"}}})", "host.os.type", "x");
    row("os from channel", R"({"Channel":"Security","EventID":1})", "host.os.type", "~windows");
    row("host id from the name", R"({"host":{"name":"HostA"}})", "host.id",
        "~derived:4b2e9f4517b2c51c");
    row("host id kept", R"({"host":{"name":"HostA","id":"7"}})", "host.id", "7");
    row("host id of the same agent",
        "{\"host\":{\"name\":\"x\"},\"agent\":{\"id\":\"1\"}}\n"
        "{\"host\":{\"name\":\"y\",\"id\":\"7\"},\"agent\":{\"id\":\"1\"}}\n",
        "host.id", "~7");
    row("host id of the same name",
        "{\"host\":{\"name\":\"Y\"}}\n{\"host\":{\"name\":\"y\",\"id\":\"7\"}}\n", "host.id", "~7");
    row("time of a flat document", R"({"UtcTime":"2020-05-02 02:57:49.000"})", "@timestamp",
        "~2020-05-02T02:57:49.000Z");
}

void TestImportJson::flattening()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, values);

    const EventsInMemory read = readText(fromData(text));
    QVERIFY(read.source != nullptr && read.source->eventCount() > 0);
    QCOMPARE(QByteArray::fromStdString(valuesOf(*read.source, 0, field.toStdString())), values);
}

QTEST_GUILESS_MAIN(TestImportJson)
#include "tst_import_json.moc"
