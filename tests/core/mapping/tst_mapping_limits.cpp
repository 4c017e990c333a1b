#include "core/mapping/embedded_json.h"
#include "core/mapping/event_mapper.h"
#include "core/mapping/limits.h"
#include "core/mapping/mapping_table.h"

#include <QTest>

#include <algorithm>
#include <string>

using namespace sequela::mapping;
using sequela::schema::ValueKind;

/// Each bound of the mapper at its edge.
class TestMappingLimits : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void embeddedObjects();
    void keysAndValues();
    void tablesThatCallEachOther();
    void valuesOfAnEvent();
};

namespace {

std::string repeated(std::string_view text, std::size_t count)
{
    std::string all;
    for (std::size_t i = 0; i < count; ++i) {
        all += text;
    }
    return all;
}

MappingTable tableOf(const std::string& text)
{
    auto tables = parseMappingFile(text, "x.map");
    if (!tables) {
        qFatal("%s", tables.error().message.c_str());
    }
    return tables->front();
}

std::size_t liveValues(const EventMapper& mapper)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(mapper.values(), [](const Value& value) { return value.isLive; }));
}

} // namespace

void TestMappingLimits::embeddedObjects()
{
    std::size_t members = 0;
    const EmbeddedMember count = [&](std::string_view, std::string_view, ValueKind) { ++members; };
    const auto deep = [](std::size_t depth) {
        return repeated("{\"a\":", depth) + "1" + repeated("}", depth);
    };
    QVERIFY(readEmbeddedJson(deep(limits::embeddedDepth), count));
    QCOMPARE(members, std::size_t{1});
    QVERIFY(!readEmbeddedJson(deep(limits::embeddedDepth + 2), count));

    const auto wide = [](std::size_t values) {
        return "{\"a\":[1" + repeated(",1", values - 1) + "]}";
    };
    members = 0;
    // The list counts as a member, too.
    QVERIFY(readEmbeddedJson(wide(limits::embeddedMembers - 1), count));
    QCOMPARE(members, limits::embeddedMembers - 1);
    QVERIFY(!readEmbeddedJson(wide(limits::embeddedMembers), count));
}

void TestMappingLimits::keysAndValues()
{
    EventMapper mapper(
        makeMappingSet({tableOf("table lines\n[fields]\nText | out | key-values\n")}));
    std::string text;
    for (std::size_t line = 0; line < limits::keyValueLines + 5; ++line) {
        text += "k" + std::to_string(line) + "=v\n";
    }
    mapper.begin();
    mapper.add("Text", text, ValueKind::String);
    mapper.run(*mapper.tableNamed("lines"));
    const std::string last = "out.k" + std::to_string(limits::keyValueLines - 1);
    QCOMPARE(mapper.first(last), std::string_view("v"));
    QCOMPARE(mapper.first("out.k" + std::to_string(limits::keyValueLines)), std::string_view());
}

/// A user's table that leads to itself ends.
void TestMappingLimits::tablesThatCallEachOther()
{
    EventMapper mapper(
        makeMappingSet({tableOf("table again\nthen again\n[fields]\nText | n.* | copy\n")}));
    mapper.begin();
    mapper.add("Text", "v", ValueKind::String);
    mapper.run(*mapper.tableNamed("again"));
    QVERIFY(liveValues(mapper) <= limits::tablesPerEvent + 1);
}

void TestMappingLimits::valuesOfAnEvent()
{
    EventMapper mapper(makeMappingSet({tableOf("table copy\n[fields]\nText | a | copy\n"
                                               "Other | b | copy\n")}));
    mapper.begin();
    for (std::size_t i = 0; i <= limits::valuesPerEvent; ++i) {
        mapper.add("Text", "v", ValueKind::String);
    }
    mapper.add("Other", "w", ValueKind::String);
    mapper.run(*mapper.tableNamed("copy"));
    QCOMPARE(mapper.first("b"), std::string_view());
}

QTEST_GUILESS_MAIN(TestMappingLimits)
#include "tst_mapping_limits.moc"
