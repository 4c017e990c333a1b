#include "core/base/json_writer.h"
#include "core/report/alert_document.h"
#include "core/report/export.h"
#include "tests/core/report/hostile_text.h"
#include "tests/core/report/summary_fixture.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QXmlStreamReader>

using namespace sequela;
using namespace sequela::report;
using namespace sequela::report::testing;

Q_DECLARE_METATYPE(sequela::report::Format)

/// Whole summaries: hostile text changes nothing but text, documents say what they must.
class ExportTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void formatNames();
    void htmlStaysWhole_data() { addHostileRows(); }
    void htmlStaysWhole();
    void markdownStaysWhole_data() { addHostileRows(); }
    void markdownStaysWhole();
    void csvStaysWhole_data() { addHostileRows(); }
    void csvStaysWhole();
    void jsonStaysWhole_data() { addHostileRows(); }
    void jsonStaysWhole();
    void tableStaysWhole_data() { addHostileRows(); }
    void tableStaysWhole();
    void sarifStaysWhole_data() { addHostileRows(); }
    void sarifStaysWhole();
    void junitStaysWhole_data() { addHostileRows(); }
    void junitStaysWhole();
    void navigatorStaysWhole_data() { addHostileRows(); }
    void navigatorStaysWhole();
    void decisionsLeaveWithTheAlert_data();
    void decisionsLeaveWithTheAlert();
    void schedulesAreReported_data();
    void schedulesAreReported();
    void sameBytesTwice_data();
    void sameBytesTwice();
    void nothingToSay_data();
    void nothingToSay();
    void jsonDocumentFields();
    void optionalFieldsAreLeftOut();
    void valuesKeepTheirKind_data();
    void valuesKeepTheirKind();
    void nestsFields_data();
    void nestsFields();
    void cancels_data();
    void cancels();
    void failuresReachTheCaller();
};

namespace {

QString text(const std::string& bytes)
{
    return QString::fromStdString(bytes);
}

/// Tags with their attributes, in order.
QStringList tagsOf(const QString& html)
{
    QStringList tags;
    static const QRegularExpression tag("<[^>]*>");
    for (auto match = tag.globalMatch(html); match.hasNext();) {
        tags << match.next().captured();
    }
    return tags;
}

/// Rows of a CSV text by RFC 4180, as counts of fields.
QList<int> csvShape(const QString& csv)
{
    QList<int> shape;
    int fields = 1;
    bool quoted = false;
    for (qsizetype at = 0; at < csv.size(); ++at) {
        if (csv[at] == '"') {
            quoted = !quoted;
        } else if (!quoted && csv[at] == ',') {
            ++fields;
        } else if (!quoted && csv[at] == '\n') {
            shape << fields;
            fields = 1;
        }
    }
    return shape;
}

/// A line with its code spans and escapes replaced by letters, as CommonMark finds them.
QString plainMarkdown(const QString& line)
{
    QString plain;
    for (qsizetype at = 0; at < line.size();) {
        if (line[at] == '\\') {
            plain += 'e';
            at += 2;
            continue;
        }
        if (line[at] != '`') {
            plain += line[at++];
            continue;
        }
        qsizetype end = at;
        while (end < line.size() && line[end] == '`') {
            ++end;
        }
        const QRegularExpression closing(
            QStringLiteral("(?<!`)`{%1}(?!`)").arg(static_cast<int>(end - at)));
        const auto match = closing.match(line, end);
        plain += match.hasMatch() ? "C" : "`";
        at = match.hasMatch() ? match.capturedEnd() : end;
    }
    return plain.replace(QRegularExpression("&#?\\w+;"), "e");
}

/// What each line of Markdown begins with, and how many borders it has: its block structure.
QStringList markdownShape(const QString& markdown)
{
    QStringList shape;
    for (const QString& line : markdown.split('\n')) {
        static const QRegularExpression begin("^( *(#+ |> |[-*+] |\\d+[.)] )?)");
        const QString plain = plainMarkdown(line);
        shape << begin.match(plain).captured(1) + QString::number(plain.count('|'));
    }
    return shape;
}

/// Names, kinds and numbers of members of a JSON value: everything but its texts.
QString jsonShape(const QJsonValue& value)
{
    QString shape;
    if (value.isObject()) {
        const QJsonObject object = value.toObject();
        for (auto member = object.begin(); member != object.end(); ++member) {
            shape += member.key() + jsonShape(member.value());
        }
        return "{" + shape + "}";
    }
    if (value.isArray()) {
        for (const QJsonValue& each : value.toArray()) {
            shape += jsonShape(each);
        }
        return "[" + shape + "]";
    }
    return QString::number(value.type());
}

/// Elements and attributes of an XML text in order; what is wrong with it, if anything is.
QStringList xmlShape(const QByteArray& xml)
{
    QStringList shape;
    QXmlStreamReader reader(xml);
    while (!reader.atEnd()) {
        if (reader.readNext() == QXmlStreamReader::StartElement) {
            QStringList names;
            for (const QXmlStreamAttribute& attribute : reader.attributes()) {
                names << attribute.name().toString();
            }
            shape << reader.name().toString() + "(" + names.join(',') + ")";
        }
    }
    return reader.hasError() ? QStringList{reader.errorString()} : shape;
}

const std::string benign = "plain";

} // namespace

void ExportTest::formatNames()
{
    for (const Format format : allFormats()) {
        QCOMPARE(*formatFromName(formatName(format)), format);
        QVERIFY(formatExtension(format).starts_with('.'));
    }
    QVERIFY(!formatFromName("pdf-a"));
}

void ExportTest::htmlStaysWhole()
{
    QFETCH(QByteArray, hostile);
    const auto written = FilledSummary(hostile.toStdString()).write(Format::Html);
    const auto plain = FilledSummary(benign).write(Format::Html);
    QVERIFY(written && plain);
    QCOMPARE(firstUnsafe(*written), QString());
    QCOMPARE(tagsOf(text(*written)), tagsOf(text(*plain)));
    QVERIFY(!text(*written).contains("<script", Qt::CaseInsensitive));
    QVERIFY(!text(*written).contains(QRegularExpression("<[^>]*\\s(src|href|on\\w+)\\s*=")));
    // Every value is cut, so a megabyte does not make many of them.
    QVERIFY(written->size() < 1'000'000);
}

void ExportTest::markdownStaysWhole()
{
    QFETCH(QByteArray, hostile);
    const auto written = FilledSummary(hostile.toStdString()).write(Format::Markdown);
    const auto plain = FilledSummary(benign).write(Format::Markdown);
    QVERIFY(written && plain);
    QCOMPARE(firstUnsafe(*written), QString());
    QCOMPARE(markdownShape(text(*written)), markdownShape(text(*plain)));
    QVERIFY(written->size() < 1'000'000);
}

void ExportTest::csvStaysWhole()
{
    QFETCH(QByteArray, hostile);
    const auto written = FilledSummary(hostile.toStdString()).write(Format::Csv);
    QVERIFY(written.has_value());
    QCOMPARE(firstUnsafe(*written, true), QString());
    QCOMPARE(csvShape(text(*written)), (QList<int>{21, 21}));
}

void ExportTest::jsonStaysWhole()
{
    QFETCH(QByteArray, hostile);
    FilledSummary filled(hostile.toStdString());
    const auto lines = filled.write(Format::Ndjson);
    const auto array = filled.write(Format::Json);
    QVERIFY(lines && array);
    QCOMPARE(firstUnsafe(*lines), QString());
    QCOMPARE(std::ranges::count(*lines, '\n'), 1);
    const QString expected = text(sanitizeUtf8(hostile.toStdString()));
    const QJsonObject document =
        QJsonDocument::fromJson(QByteArray::fromStdString(*lines)).object();
    // Machines get the value as it was.
    QCOMPARE(document["kibana.alert.rule.name"].toString(), expected);
    QCOMPARE(document["kibana.alert.workflow_note"].toString(), expected);
    QCOMPARE(document["host"].toObject()["name"].toString(), expected);
    const QJsonArray all = QJsonDocument::fromJson(QByteArray::fromStdString(*array)).array();
    QCOMPARE(all.size(), 1);
    QCOMPARE(all[0].toObject(), document);
}

void ExportTest::tableStaysWhole()
{
    QFETCH(QByteArray, hostile);
    const auto written = FilledSummary(hostile.toStdString()).write(Format::Table);
    QVERIFY(written.has_value());
    QCOMPARE(firstUnsafe(*written), QString());
    QCOMPARE(std::ranges::count(*written, '\n'), 4);
    QVERIFY(written->find(std::string(32, 'b')) != std::string::npos);
}

void ExportTest::sarifStaysWhole()
{
    QFETCH(QByteArray, hostile);
    const auto written = FilledSummary(hostile.toStdString()).write(Format::Sarif);
    const auto plain = FilledSummary(benign).write(Format::Sarif);
    QVERIFY(written && plain);
    QCOMPARE(firstUnsafe(*written), QString());
    const auto log = QJsonDocument::fromJson(QByteArray::fromStdString(*written)).object();
    QCOMPARE(jsonShape(log),
             jsonShape(QJsonDocument::fromJson(QByteArray::fromStdString(*plain)).object()));
    // Viewers show messages as they are.
    const QJsonObject result = log["runs"][0]["results"][0].toObject();
    QCOMPARE(firstUnsafe(result["message"]["text"].toString().toStdString()), QString());
    QCOMPARE(firstUnsafe(result["locations"][0]["message"]["text"].toString().toStdString()),
             QString());
    QCOMPARE(firstUnsafe(result["properties"]["note"].toString().toStdString()), QString());
    QVERIFY(result["message"]["text"].toString().size() < 10'000);
}

void ExportTest::junitStaysWhole()
{
    QFETCH(QByteArray, hostile);
    const auto written = FilledSummary(hostile.toStdString()).write(Format::Junit);
    const auto plain = FilledSummary(benign).write(Format::Junit);
    QVERIFY(written && plain);
    QCOMPARE(firstUnsafe(*written), QString());
    const QStringList shape = xmlShape(QByteArray::fromStdString(*written));
    QVERIFY(shape.size() > 5);
    QCOMPARE(shape, xmlShape(QByteArray::fromStdString(*plain)));
    QVERIFY(written->size() < 1'000'000);
}

void ExportTest::navigatorStaysWhole()
{
    QFETCH(QByteArray, hostile);
    const auto write = [](const std::string& words) {
        FilledSummary filled(words);
        auto rule = std::make_shared<detect::AlertRule>(*filled.alert.rule);
        rule->attack = {{words, "TA0002", words, "T1059", words, "T1059.002", words}};
        filled.alert.rule = std::move(rule);
        return filled.write(Format::Navigator);
    };
    const auto written = write(hostile.toStdString());
    const auto plain = write(benign);
    QVERIFY(written && plain);
    QCOMPARE(firstUnsafe(*written), QString());
    const auto layer = QJsonDocument::fromJson(QByteArray::fromStdString(*written)).object();
    QCOMPARE(layer["techniques"].toArray().size(), 1);
    QCOMPARE(jsonShape(layer),
             jsonShape(QJsonDocument::fromJson(QByteArray::fromStdString(*plain)).object()));
    const QString comment = layer["techniques"][0]["comment"].toString();
    QCOMPARE(firstUnsafe(comment.toStdString()), QString());
    QVERIFY(comment.size() < 10'000);
}

void ExportTest::decisionsLeaveWithTheAlert_data()
{
    QTest::addColumn<Format>("format");
    for (const Format format : allFormats()) {
        // A layer counts alerts and a table has a line for each: no room for what was written.
        if (format != Format::Navigator && format != Format::Table) {
            QTest::newRow(std::string(formatName(format)).c_str()) << format;
        }
    }
}

void ExportTest::decisionsLeaveWithTheAlert()
{
    QFETCH(Format, format);
    FilledSummary filled("x");
    filled.alert.verdict.note = "called dana";
    filled.alert.verdict.tags = {"wave7", "phish"};
    const auto written = filled.write(format);
    QVERIFY(written.has_value());
    for (const char* const part : {"false", "positive", "called dana", "wave7", "phish"}) {
        QVERIFY2(written->find(part) != std::string::npos, part);
    }
}

void ExportTest::schedulesAreReported_data()
{
    QTest::addColumn<Format>("format");
    for (const Format format :
         {Format::Table, Format::Markdown, Format::Html, Format::Sarif, Format::Junit}) {
        QTest::newRow(std::string(formatName(format)).c_str()) << format;
    }
}

void ExportTest::schedulesAreReported()
{
    QFETCH(Format, format);
    FilledSummary filled("x");
    QVERIFY(!text(*filled.write(format)).contains("every 7m"));
    detect::RuleOutcome& played = filled.summary.outcomes.front();
    played.name = "Played";
    played.schedule = "every 7m";
    played.replay = detect::ReplayCounts{};
    played.replay->runs = 1'234;
    played.replay->found = 51;
    played.replay->foundAgain = 52;
    played.replay->cut = 53;
    played.replay->missedNoWindow = 54;
    played.replay->missedLate = 55;
    played.replay->missedOtherwise = 56;
    detect::RuleOutcome silent = played;
    silent.name = "Silent";
    silent.schedule = "every 9m";
    silent.replay = detect::ReplayCounts{};
    filled.summary.outcomes.push_back(silent);
    const auto written = filled.write(format);
    QVERIFY(written.has_value());
    for (const char* const part : {"every 7m", "1234", "51", "52", "53", "54", "55", "56"}) {
        QVERIFY2(written->find(part) != std::string::npos, part);
    }
    if (format != Format::Junit) {
        QVERIFY(!text(*written).contains("every 9m"));
    }
}

void ExportTest::sameBytesTwice_data()
{
    QTest::addColumn<Format>("format");
    for (const Format format : allFormats()) {
        QTest::newRow(std::string(formatName(format)).c_str()) << format;
    }
}

void ExportTest::sameBytesTwice()
{
    QFETCH(Format, format);
    const auto first = FilledSummary(benign).write(format);
    const auto second = FilledSummary(benign).write(format);
    QVERIFY(first && second);
    QVERIFY(first->size() > 100);
    QCOMPARE(QByteArray::fromStdString(*first), QByteArray::fromStdString(*second));
}

void ExportTest::nothingToSay_data()
{
    sameBytesTwice_data();
}

void ExportTest::nothingToSay()
{
    QFETCH(Format, format);
    AlertSummary summary;
    ExportRequest request;
    request.format = format;
    const auto written = writeSummary(summary, request);
    QVERIFY(written.has_value());
    if (format == Format::Json) {
        QCOMPARE(*written, std::string("[]\n"));
    } else if (format == Format::Ndjson) {
        QVERIFY(written->empty());
    } else if (format == Format::Csv) {
        QCOMPARE(csvShape(text(*written)), QList<int>{21});
    } else if (format == Format::Sarif) {
        QVERIFY(written->find("\"results\":[]") != std::string::npos);
    } else if (format == Format::Junit) {
        QVERIFY(written->find("tests=\"0\" failures=\"0\"") != std::string::npos);
    } else {
        QVERIFY(written->find("0 alerts") != std::string::npos);
    }
}

void ExportTest::jsonDocumentFields()
{
    FilledSummary filled("x");
    filled.details.sharedFields = {
        {"@timestamp", {{"2024-01-01T00:00:00Z", schema::ValueKind::String}}},
        {"host.name", {{"mac", schema::ValueKind::String}}},
        {"kibana.alert.uuid", {{"forged", schema::ValueKind::String}}},
        {"process.pid", {{"7", schema::ValueKind::Number}}}};
    const auto written = alertDocument(filled.summary, filled.alert);
    QVERIFY(written.has_value());
    const QJsonObject document =
        QJsonDocument::fromJson(QByteArray::fromStdString(*written)).object();
    // rules.md, "Exports", JSON.
    QCOMPARE(document["kibana.alert.uuid"].toString(), QString(32, 'b'));
    QCOMPARE(document["kibana.alert.rule.rule_id"].toString(), QString("x"));
    QCOMPARE(document["kibana.alert.rule.name"].toString(), QString("x"));
    QCOMPARE(document["kibana.alert.severity"].toString(), QString("critical"));
    QCOMPARE(document["kibana.alert.risk_score"].toInt(), 99);
    QCOMPARE(document["kibana.alert.workflow_status"].toString(), QString("closed"));
    QCOMPARE(document["kibana.alert.workflow_reason"].toString(), QString("false_positive"));
    QVERIFY(!document["kibana.alert.reason"].toString().isEmpty());
    const QJsonArray ancestors = document["kibana.alert.ancestors"].toArray();
    QCOMPARE(ancestors.size(), 2);
    for (const QJsonValue& each : ancestors) {
        QCOMPARE(each.toObject().keys(), (QStringList{"depth", "id", "index", "type"}));
        QCOMPARE(each["type"].toString(), QString("event"));
        QCOMPARE(each["depth"].toInt(-1), 0);
        QCOMPARE(each["id"].toString(), QString("x"));
    }
    QCOMPARE(document["@timestamp"].toString(), QString("2024-01-01T00:00:01.500Z"));
    QCOMPARE(document["host"].toObject()["name"].toString(), QString("mac"));
    QCOMPARE(document["process"].toObject()["pid"].toInt(), 7);
    QCOMPARE(document["kibana.alert.rule.threat"][0]["technique"][0]["id"].toString(),
             QString("T1059"));
    QVERIFY(!document.contains("kibana"));
    // Names of the top level are unique, or Elasticsearch refuses the document.
    QCOMPARE(text(*written).count("\"kibana.alert.uuid\""), 1);
    QCOMPARE(text(*written).count("\"@timestamp\""), 1);
}

void ExportTest::optionalFieldsAreLeftOut()
{
    FilledSummary filled("x");
    filled.alert.verdict = {};
    filled.alert.firstTime.reset();
    filled.alert.lastTime.reset();
    filled.alert.joinKeys.clear();
    const auto written = alertDocument(filled.summary, filled.alert);
    QVERIFY(written.has_value());
    const QJsonObject document =
        QJsonDocument::fromJson(QByteArray::fromStdString(*written)).object();
    QCOMPARE(document["kibana.alert.workflow_status"].toString(), QString("open"));
    for (const char* const absent :
         {"@timestamp", "kibana.alert.workflow_reason", "kibana.alert.workflow_note",
          "kibana.alert.join_keys", "kibana.alert.suppression.docs_count",
          "kibana.alert.building_block_type"}) {
        QVERIFY2(!document.contains(QLatin1String(absent)), absent);
    }
}

void ExportTest::valuesKeepTheirKind_data()
{
    QTest::addColumn<QString>("value");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("json");
    const auto row = [](const char* name, const char* value, schema::ValueKind kind,
                        const char* json) {
        QTest::newRow(name) << value << static_cast<int>(kind) << json;
    };
    row("text", "7", schema::ValueKind::String, "\"7\"");
    row("number", "7", schema::ValueKind::Number, "7");
    row("long number", "18446744073709551616", schema::ValueKind::Number, "18446744073709551616");
    row("exponent", "-1.5e+10", schema::ValueKind::Number, "-1.5e+10");
    row("no JSON number", "0x7", schema::ValueKind::Number, "\"0x7\"");
    row("leading zero", "07", schema::ValueKind::Number, "\"07\"");
    row("not a number", "NaN", schema::ValueKind::Number, "\"NaN\"");
    row("break out", "1,\"x\":2", schema::ValueKind::Number, "\"1,\\\"x\\\":2\"");
    row("boolean", "true", schema::ValueKind::Boolean, "true");
    row("no boolean", "yes", schema::ValueKind::Boolean, "\"yes\"");
}

void ExportTest::valuesKeepTheirKind()
{
    QFETCH(QString, value);
    QFETCH(int, kind);
    QFETCH(QString, json);
    const std::vector<detect::SharedField> fields{
        {"f", {{value.toStdString(), static_cast<schema::ValueKind>(kind)}}}};
    JsonWriter writer;
    writer.beginObject();
    writeNestedFields(writer, fields);
    writer.endObject();
    QCOMPARE(text(writer.take()), "{\"f\":" + json + "}");
}

void ExportTest::nestsFields_data()
{
    QTest::addColumn<QStringList>("names");
    QTest::addColumn<QString>("json");
    QTest::newRow("nested") << QStringList{"a.b", "a.c", "d"}
                            << R"({"a":{"b":"1","c":"1"},"d":"1"})";
    QTest::newRow("value and object")
        << QStringList{"a", "a.b", "a.b.c"} << R"({"a":"1","a.b":"1","a.b.c":"1"})";
    QTest::newRow("deep value and object")
        << QStringList{"a.b", "a.b.c", "a.d"} << R"({"a":{"b":"1","b.c":"1","d":"1"}})";
    QTest::newRow("between") << QStringList{"a", "a-b", "a.c"}
                             << R"({"a":"1","a-b":"1","a.c":"1"})";
    QTest::newRow("odd dots") << QStringList{".a", "b..c", "d."}
                              << R"({"":{"a":"1"},"b":{"":{"c":"1"}},"d":{"":"1"}})";
}

void ExportTest::nestsFields()
{
    QFETCH(QStringList, names);
    std::vector<detect::SharedField> fields;
    for (const QString& name : names) {
        fields.push_back({name.toStdString(), {{"1", schema::ValueKind::String}}});
    }
    JsonWriter writer;
    writer.beginObject();
    writeNestedFields(writer, fields);
    writer.endObject();
    QTEST(text(writer.take()), "json");
}

void ExportTest::cancels_data()
{
    QTest::addColumn<Format>("format");
    for (const Format format : {Format::Json, Format::Ndjson, Format::Markdown, Format::Html,
                                Format::Csv, Format::Sarif, Format::Junit}) {
        QTest::newRow(std::string(formatName(format)).c_str()) << format;
    }
}

void ExportTest::cancels()
{
    QFETCH(Format, format);
    FilledSummary filled("x");
    filled.request.format = format;
    std::stop_source stop;
    stop.request_stop();
    const auto written = writeSummary(filled.summary, filled.request, stop.get_token());
    QVERIFY(!written && isCancelled(written.error()));
}

void ExportTest::failuresReachTheCaller()
{
    FilledSummary filled("x");
    const auto fail = [](const auto&) {
        return std::unexpected(makeError("case-damaged", "gone"));
    };
    filled.summary.details = fail;
    filled.summary.sharedFields = fail;
    filled.summary.ancestor = fail;
    for (const Format format : {Format::Json, Format::Ndjson, Format::Markdown, Format::Html,
                                Format::Csv, Format::Sarif, Format::Junit}) {
        const auto written = filled.write(format);
        QVERIFY(!written);
        QCOMPARE(written.error().code, std::string("case-damaged"));
    }
}

QTEST_GUILESS_MAIN(ExportTest)
#include "tst_export.moc"
