#include "core/ingest/mapping_draft.h"
#include "core/mapping/mapping_table.h"
#include "tests/core/ingest/ingest_fixture.h"

#include <QTest>

using namespace sequela;
using namespace sequela::ingest;
using namespace sequela::ingest::testing;

/// Mappings that a person makes of documents nobody knows.
class TestMappingDraft : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fieldsAndTargets();
    void savedAndUsedAgain();
    void whatCannotBeSaved();
    void rowsAreBounded();
};

void TestMappingDraft::fieldsAndTargets()
{
    const std::vector<std::string> documents{
        R"({"When":"x","Event Time":"2026-01-02T03:04:05Z","Src_IP":"10.0.0.1","a":{"pid":7}})",
        R"({"Event Time":"2026-01-02T03:04:06Z","time":"later","Src_IP":"10.0.0.2"})", "no json"};
    const MappingDraft draft = draftMapping(documents);
    QCOMPARE(draft.keys, (std::vector<std::string>{"Event Time", "Src_IP"}));
    QCOMPARE(draft.rows.size(), std::size_t{5});
    QCOMPARE(draft.rows.at(0).target, std::string());
    QCOMPARE(draft.rows.at(1).target, std::string("@timestamp"));
    QCOMPARE(draft.rows.at(2).sample, std::string("10.0.0.1"));
    QCOMPARE(draft.rows.at(3).source, std::string("a.pid"));
    // A second time does not become the time as well.
    QCOMPARE(draft.rows.at(4).target, std::string());
}

void TestMappingDraft::savedAndUsedAgain()
{
    const std::string csv =
        "stamp,client,cmd,who is\n2026-01-02T03:04:05Z,10.0.0.1,\"C:\\a.exe -x\","
        "D\\u\n";
    const EventsInMemory raw = readText(csv);
    const std::vector<std::string> documents{documentOf(*raw.source, 0)};
    MappingDraft draft = draftMapping(documents);
    draft.title = "A proxy | of ours";
    QCOMPARE(draft.rows.size(), std::size_t{4});
    draft.rows.at(0).target = "@timestamp";
    draft.rows.at(1).target = "source.ip";
    draft.rows.at(2).target = "process.command_line";
    draft.rows.at(3).target = "user.name";
    const auto text = mappingFileText(draft, "proxy");
    QVERIFY(text.has_value());
    QCOMPARE(QByteArray::fromStdString(*text),
             QByteArray("table proxy | A proxy / of ours\nkeys stamp client cmd\n[fields]\n"
                        "stamp | @timestamp | time\nclient | source.ip | ip\n"
                        "cmd | process | command-line\nwho is | user | account\n"));
    ImportOptions options;
    options.mappings = mapping::parseMappingFile(*text, "proxy.map").value();
    const EventsInMemory read = readText(csv, options);
    QCOMPARE(valuesOf(*read.source, 0, "process.args"), std::string("~C:\\a.exe|-x"));
    QCOMPARE(valuesOf(*read.source, 0, "user.domain"), std::string("~D"));
    QCOMPARE(quint64{read.report.files.front().content.shapes.at("A proxy / of ours")}, quint64{1});
    // Documents of other shapes go their own way.
    const EventsInMemory other = readText("{\"client\":\"10.0.0.1\"}\n", options);
    QCOMPARE(valuesOf(*other.source, 0, "source.ip"), std::string());
}

void TestMappingDraft::whatCannotBeSaved()
{
    MappingDraft draft;
    draft.rows = {{.source = "a|b", .sample = {}, .target = {}}};
    QCOMPARE(mappingFileText(draft, "x").error().code, std::string("ingest-mapping-empty"));
    draft.rows.front().target = "host.name";
    QCOMPARE(mappingFileText(draft, "x").error().code, std::string("ingest-mapping-name"));
}

void TestMappingDraft::rowsAreBounded()
{
    std::string document = "{";
    for (std::size_t i = 0; i < draftRows + 10; ++i) {
        document += (i == 0 ? "\"f" : ",\"f") + std::to_string(i) + "\":1";
    }
    QCOMPARE(draftMapping(std::vector<std::string>{document + "}"}).rows.size(), draftRows);
}

QTEST_GUILESS_MAIN(TestMappingDraft)
#include "tst_mapping_draft.moc"
