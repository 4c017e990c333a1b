#include "core/casefile/memory_case.h"
#include "core/casefile/segment.h"

#include <QTest>

#include <map>
#include <random>
#include <string>
#include <vector>

using namespace sequela;
using namespace sequela::casefile;
using schema::ValueKind;

namespace {

using Value = std::pair<std::string, ValueKind>;
using Event = std::map<std::string, std::vector<Value>>;

const schema::Column* columnOf(const EncodedSegment& segment, std::string_view name)
{
    for (const NamedColumn& column : segment.columns) {
        if (column.name == name) {
            return column.column.get();
        }
    }
    return nullptr;
}

std::vector<Value> valuesAt(const schema::Column& column, std::uint32_t row)
{
    std::uint32_t scratch = 0;
    std::vector<Value> values;
    for (const std::uint32_t index : column.valuesOfCode(column.code(row), scratch)) {
        values.emplace_back(std::string(column.text(index)), column.kind(index));
    }
    return values;
}

Event eventAt(const EncodedSegment& segment, std::uint32_t row)
{
    Event event;
    for (const NamedColumn& column : segment.columns) {
        if (auto values = valuesAt(*column.column, row); !values.empty()) {
            event[column.name] = std::move(values);
        }
    }
    return event;
}

} // namespace

class TestSegmentBuilder : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void encodesValuesListsAndKinds();
    void choosesTheNarrowestWidth_data();
    void choosesTheNarrowestWidth();
    void abandonedEventsLeaveNoTrace();
    void columnsDoNotDependOnEarlierSegments();
    void marksDerivedValues();
    void seesTheEventUnderWay();
    void randomEventsComeBack();
    void forgetsFieldNamesOfHostileDocuments();
    void memoryCaseAnswersLikeACase();
    void memoryCaseOrdersSourcesByHash();
};

void TestSegmentBuilder::encodesValuesListsAndKinds()
{
    SegmentBuilder builder;
    builder.beginEvent(7, 8, R"({"a":"5"})");
    builder.add("a", "5", ValueKind::String);
    builder.setTime(42);
    builder.endEvent();
    builder.beginEvent(9, 0, R"({"a":[5,"x",5]})");
    builder.add("a", "5", ValueKind::Number);
    builder.add("b", "true", ValueKind::Boolean);
    builder.add("a", "x", ValueKind::String);
    builder.add("a", "5", ValueKind::Number);
    builder.endEvent();
    builder.beginEvent(10, 0, "{}");
    builder.endEvent();
    QCOMPARE(builder.eventCount(), 3U);
    const EncodedSegment segment = builder.finish();
    QCOMPARE(builder.eventCount(), 0U);
    QCOMPARE(segment.eventCount, 3U);
    QCOMPARE(segment.documents, std::string(R"({"a":"5"}{"a":[5,"x",5]}{})"));
    QCOMPARE(segment.documentOffsets, (std::vector<std::uint64_t>{0, 9, 24, 26}));
    QCOMPARE(segment.records, (std::vector<std::uint64_t>{7, 9, 10}));
    QCOMPARE(segment.lines, (std::vector<std::uint64_t>{8, 0, 0}));
    QCOMPARE(segment.times, (std::vector<std::int64_t>{42, schema::noTime, schema::noTime}));
    const schema::Column* a = columnOf(segment, "a");
    QVERIFY(a != nullptr);
    QCOMPARE(a->valueCount(), 3U);
    QCOMPARE(a->listCount(), 1U);
    QCOMPARE(valuesAt(*a, 0), (std::vector<Value>{{"5", ValueKind::String}}));
    QCOMPARE(valuesAt(*a, 1),
             (std::vector<Value>{
                 {"5", ValueKind::Number}, {"x", ValueKind::String}, {"5", ValueKind::Number}}));
    QCOMPARE(a->code(2), 0U);
    QCOMPARE(valuesAt(*columnOf(segment, "b"), 1),
             (std::vector<Value>{{"true", ValueKind::Boolean}}));
}

void TestSegmentBuilder::choosesTheNarrowestWidth_data()
{
    QTest::addColumn<int>("distinctValues");
    QTest::addColumn<int>("width");
    QTest::newRow("constant") << 1 << 0;
    QTest::newRow("two") << 2 << 1;
    QTest::newRow("255 values") << 255 << 1;
    QTest::newRow("256 values") << 256 << 2;
    QTest::newRow("65535 values") << 65535 << 2;
    QTest::newRow("65536 values") << 65536 << 4;
}

void TestSegmentBuilder::choosesTheNarrowestWidth()
{
    QFETCH(int, distinctValues);
    QFETCH(int, width);
    SegmentBuilder builder;
    for (int row = 0; row < distinctValues; ++row) {
        builder.beginEvent(0, 0, "");
        builder.add("f", std::to_string(row), ValueKind::Number);
        builder.endEvent();
    }
    const EncodedSegment segment = builder.finish();
    const schema::Column* column = columnOf(segment, "f");
    QCOMPARE(int{column->codeWidth()}, width);
    for (int row = 0; row < distinctValues; row += 97) {
        QCOMPARE(valuesAt(*column, static_cast<std::uint32_t>(row)).front().first,
                 std::to_string(row));
    }
}

void TestSegmentBuilder::abandonedEventsLeaveNoTrace()
{
    SegmentBuilder builder;
    builder.beginEvent(0, 1, "first");
    builder.add("f", "kept", ValueKind::String);
    builder.endEvent();
    builder.beginEvent(1, 2, "broken");
    builder.add("f", "lost", ValueKind::String);
    for (int value = 0; value < 100; ++value) {
        builder.add("f", std::to_string(value), ValueKind::String);
    }
    builder.add("only.broken", "lost", ValueKind::String);
    builder.abandonEvent();
    QVERIFY(!builder.has("f"));
    builder.beginEvent(2, 3, "third");
    builder.add("f", "next", ValueKind::String);
    builder.add("f", "50", ValueKind::String);
    builder.endEvent();
    const EncodedSegment segment = builder.finish();
    QCOMPARE(segment.eventCount, 2U);
    QCOMPARE(segment.documents, std::string("firstthird"));
    QCOMPARE(segment.records, (std::vector<std::uint64_t>{0, 2}));
    QCOMPARE(segment.columns.size(), std::size_t{1});
    const schema::Column* column = columnOf(segment, "f");
    QCOMPARE(column->valueCount(), 3U);
    QCOMPARE(column->text(1), std::string_view("next"));
}

void TestSegmentBuilder::columnsDoNotDependOnEarlierSegments()
{
    const auto build = [](SegmentBuilder& builder) {
        builder.beginEvent(0, 0, "");
        builder.add("b", "1", ValueKind::Number);
        builder.add("a", "2", ValueKind::Number);
        builder.endEvent();
        return builder.finish();
    };
    SegmentBuilder fresh;
    SegmentBuilder used;
    used.beginEvent(0, 0, "");
    used.add("a", "x", ValueKind::String);
    used.add("c", "y", ValueKind::String);
    used.endEvent();
    (void)used.finish();
    const EncodedSegment first = build(fresh);
    const EncodedSegment second = build(used);
    QCOMPARE(second.columns.size(), first.columns.size());
    for (std::size_t index = 0; index < first.columns.size(); ++index) {
        QCOMPARE(second.columns[index].name, first.columns[index].name);
    }
    QCOMPARE(columnOf(second, "a")->text(0), std::string_view("2"));
}

void TestSegmentBuilder::marksDerivedValues()
{
    SegmentBuilder builder;
    for (std::uint64_t row = 0; row < 70; ++row) {
        builder.beginEvent(row, 0, "");
        if (row == 65) {
            builder.addDerived("host.os.type", "macos", ValueKind::String);
        } else {
            builder.add("host.os.type", "macos", ValueKind::String);
        }
        builder.endEvent();
    }
    const EncodedSegment segment = builder.finish();
    const schema::Column* column = columnOf(segment, "host.os.type");
    QVERIFY(column->isDerived(65));
    QVERIFY(!column->isDerived(64));
    QVERIFY(!column->isDerived(69));
}

void TestSegmentBuilder::seesTheEventUnderWay()
{
    SegmentBuilder builder;
    builder.beginEvent(0, 0, "");
    QVERIFY(!builder.has("host.id"));
    builder.add("host.id", "h1", ValueKind::String);
    builder.add("host.id", "h2", ValueKind::String);
    QVERIFY(builder.has("host.id"));
    QCOMPARE(builder.first("host.id"), std::string_view("h1"));
    builder.endEvent();
    QVERIFY(!builder.has("host.id"));
    builder.beginEvent(1, 0, "");
    QVERIFY(!builder.has("host.id"));
    QCOMPARE(builder.first("host.id"), std::string_view());
    builder.endEvent();
}

void TestSegmentBuilder::randomEventsComeBack()
{
    std::mt19937 random(20240506); // NOLINT(cert-msc51-cpp): repeatable on purpose
    const auto below = [&](std::uint32_t limit) {
        return static_cast<std::uint32_t>(random() % limit);
    };
    SegmentBuilder builder;
    for (int segmentNumber = 0; segmentNumber < 5; ++segmentNumber) {
        std::vector<Event> events(400);
        for (Event& event : events) {
            builder.beginEvent(0, 0, "{}");
            const std::uint32_t valueCount = below(60);
            for (std::uint32_t value = 0; value < valueCount; ++value) {
                const std::string field = "f" + std::to_string(below(30));
                std::string text(below(4) == 0 ? below(40) : below(3), '\0');
                for (char& byte : text) {
                    byte = static_cast<char>(below(256));
                }
                const auto kind = static_cast<ValueKind>(below(3));
                builder.add(field, text, kind);
                event[field].emplace_back(text, kind);
            }
            if (below(10) == 0) {
                builder.abandonEvent();
                event.clear();
                builder.beginEvent(0, 0, "{}");
            }
            builder.endEvent();
        }
        const EncodedSegment segment = builder.finish();
        for (std::uint32_t row = 0; row < events.size(); ++row) {
            QCOMPARE(eventAt(segment, row), events[row]);
        }
    }
}

void TestSegmentBuilder::forgetsFieldNamesOfHostileDocuments()
{
    SegmentBuilder builder;
    for (int round = 0; round < 3; ++round) {
        builder.beginEvent(0, 0, "");
        for (int field = 0; field < 21'000; ++field) {
            builder.add(std::to_string(round * 100'000 + field), "x", ValueKind::String);
        }
        builder.endEvent();
        QCOMPARE(builder.finish().columns.size(), std::size_t{21'000});
        QVERIFY(!builder.has("0"));
    }
}

void TestSegmentBuilder::memoryCaseAnswersLikeACase()
{
    SegmentBuilder builder;
    std::vector<EncodedSegment> segments;
    for (std::uint64_t record = 0; record < 5; ++record) {
        builder.beginEvent(record, record + 1, "{\"n\":" + std::to_string(record) + "}");
        builder.add("n", std::to_string(record), ValueKind::Number);
        builder.add("@timestamp", "2024-05-06T00:00:00Z", ValueKind::String);
        builder.add("event.created", "2024-05-06T00:00:01Z", ValueKind::String);
        if (record == 1) {
            builder.add("event.id", "e1", ValueKind::String);
            builder.add("host.id", "h", ValueKind::String);
        }
        if (record == 2) {
            builder.add("event.id", "e2", ValueKind::String);
        }
        builder.setTime(static_cast<std::int64_t>(record));
        builder.endEvent();
        if (record == 2) {
            segments.push_back(builder.finish());
        }
    }
    segments.push_back(builder.finish());
    const auto memory =
        makeMemoryCase({{"0123456789abcdef0123456789abcdef", "in.ndjson", std::move(segments)}});
    QCOMPARE(memory->eventCount(), 5U);
    QCOMPARE(memory->segments().size(), std::size_t{2});
    QCOMPARE(memory->segments()[1].firstEvent, EventNumber(3));
    const auto number = memory->field("n");
    QVERIFY(number.has_value());
    QVERIFY(!memory->field("absent").has_value());
    QCOMPARE(memory->fields()[number->index()].eventCount, std::uint64_t{5});
    QCOMPARE(memory->fields()[number->index()].integerCount, std::uint64_t{5});
    QCOMPARE(memory->document(EventNumber(4)).value(), std::string("{\"n\":4}"));
    QCOMPARE(memory->origin(EventNumber(4)).value().record, std::uint64_t{4});
    QCOMPARE(memory->origin(EventNumber(4)).value().line, std::uint64_t{5});
    QCOMPARE(memory->identity(EventNumber(0)).value(), std::string("0123456789abcdef:in.ndjson:0"));
    QCOMPARE(memory->identity(EventNumber(1)).value(), std::string("h/e1"));
    QCOMPARE(memory->identity(EventNumber(2)).value(), std::string("e2"));
    const auto times = memory->times(SegmentNumber(1), *memory->field("@timestamp"));
    QCOMPARE(*times.value(), (std::vector<std::int64_t>{3, 4}));
    const auto created = memory->times(SegmentNumber(0), *memory->field("event.created"));
    QCOMPARE(created.value()->front(), std::int64_t{1714953601000000000});
    const auto absent = memory->column(SegmentNumber(1), *memory->field("event.id"));
    QVERIFY(absent.has_value() && *absent == nullptr);
}

void TestSegmentBuilder::memoryCaseOrdersSourcesByHash()
{
    const auto oneEvent = [] {
        SegmentBuilder builder;
        builder.beginEvent(0, 0, "{}");
        builder.endEvent();
        std::vector<EncodedSegment> segments;
        segments.push_back(builder.finish());
        return segments;
    };
    const auto memory =
        makeMemoryCase({{"bb", "", oneEvent()}, {"aa", "z", oneEvent()}, {"aa", "b", oneEvent()}});
    QCOMPARE(memory->segments()[0].originRank, 2U);
    QCOMPARE(memory->segments()[1].originRank, 1U);
    QCOMPARE(memory->segments()[2].originRank, 0U);
}

QTEST_GUILESS_MAIN(TestSegmentBuilder)
#include "tst_segment_builder.moc"
