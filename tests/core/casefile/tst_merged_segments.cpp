#include "core/casefile/memory_case.h"
#include "core/casefile/merged_segments.h"
#include "tests/core/casefile/case_samples.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace sequela;
using namespace sequela::casefile;

namespace {

/// Sample events as sources of the given sizes, cut into segments of @p perSegment.
std::shared_ptr<const schema::ColumnSource>
sampleCase(const std::vector<std::uint32_t>& sourceSizes, std::uint32_t perSegment)
{
    std::vector<MemorySource> sources;
    for (const std::uint32_t size : sourceSizes) {
        MemorySource source;
        source.sha256Hex = "source " + std::to_string(sources.size());
        for (std::uint32_t first = 0; first < size; first += perSegment) {
            source.segments.push_back(sampleSegment(first, std::min(perSegment, size - first)));
        }
        sources.push_back(std::move(source));
    }
    return makeMemoryCase(std::move(sources));
}

/// One field with one text of every event.
EncodedSegment wordSegment(const std::vector<std::string>& words, bool derived)
{
    SegmentBuilder builder;
    std::uint64_t record = 0;
    for (const std::string& word : words) {
        builder.beginEvent(record, record + 1, "{}");
        if (derived) {
            builder.addDerived("word", word, schema::ValueKind::String);
        } else if (!word.empty()) {
            builder.add("word", word, schema::ValueKind::String);
        }
        builder.endEvent();
        ++record;
    }
    return builder.finish();
}

} // namespace

class TestMergedSegments : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void mergesAsIfEncodedTogether_data();
    void mergesAsIfEncodedTogether();
    void keepsSourcesApart();
    void stopsAtManySegments();
    void growsAtTheEndOnly();
    void missingAndConstantColumns();
    void asManyValuesAsNeedWiderCodes();
    void readsACaseFile();
    void keepsToItsCache();
};

void TestMergedSegments::mergesAsIfEncodedTogether_data()
{
    QTest::addColumn<int>("events");
    QTest::addColumn<int>("small");
    QTest::addColumn<int>("large");
    QTest::newRow("one event a segment") << 30 << 1 << 10;
    QTest::newRow("odd sizes") << 100 << 7 << 21;
    QTest::newRow("not a multiple: rounds down") << 98 << 7 << 27;
    QTest::newRow("already large") << 50 << 25 << 10;
    QTest::newRow("past a word of bits") << 1000 << 50 << 400;
    QTest::newRow("wider codes") << 1200 << 100 << 600;
    QTest::newRow("one for all") << 300 << 64 << 1'000'000;
}

void TestMergedSegments::mergesAsIfEncodedTogether()
{
    QFETCH(const int, events);
    QFETCH(const int, small);
    QFETCH(const int, large);
    const auto count = static_cast<std::uint32_t>(events);
    const auto step = static_cast<std::uint32_t>(small);
    const auto whole = std::max(step, static_cast<std::uint32_t>(large) / step * step);
    const auto merged = mergeSegments(sampleCase({count}, step),
                                      {.eventsPerSegment = static_cast<std::uint32_t>(large)});
    const auto expected = sampleCase({count}, whole);
    QCOMPARE(QString::fromStdString(difference(*merged, *expected, false)), QString());
}

void TestMergedSegments::keepsSourcesApart()
{
    const auto merged = mergeSegments(sampleCase({10, 4, 3}, 2), {.eventsPerSegment = 100});
    QCOMPARE(merged->segments().size(), std::size_t{3});
    QCOMPARE(merged->segments()[1].firstEvent.value(), 10U);
    QCOMPARE(merged->segments()[1].eventCount, 4U);
    QCOMPARE(QString::fromStdString(difference(*merged, *sampleCase({10, 4, 3}, 10), false)),
             QString());
}

void TestMergedSegments::stopsAtManySegments()
{
    const auto merged = mergeSegments(sampleCase({limits::mergedSegments + 1}, 1));
    QCOMPARE(merged->segments().size(), std::size_t{2});
    QCOMPARE(merged->segments()[0].eventCount, limits::mergedSegments);
}

void TestMergedSegments::growsAtTheEndOnly()
{
    const auto before = mergeSegments(sampleCase({25}, 5), {.eventsPerSegment = 10});
    const auto after = mergeSegments(sampleCase({40}, 5), {.eventsPerSegment = 10});
    QCOMPARE(before->segments().size(), std::size_t{3});
    for (std::size_t at = 0; at + 1 < before->segments().size(); ++at) {
        QCOMPARE(after->segments()[at].firstEvent, before->segments()[at].firstEvent);
        QCOMPARE(after->segments()[at].eventCount, before->segments()[at].eventCount);
    }
}

void TestMergedSegments::missingAndConstantColumns()
{
    MemorySource source;
    source.sha256Hex = "s";
    source.segments.push_back(wordSegment({"", "", ""}, false));
    source.segments.push_back(wordSegment({"a", "a"}, false));
    source.segments.push_back(wordSegment({"a", "a", "a"}, true));
    std::vector<MemorySource> sources;
    sources.push_back(std::move(source));
    const auto small = makeMemoryCase(std::move(sources));
    const auto field = *small->field("word");
    const auto merged = mergeSegments(small);
    const auto column = merged->column(SegmentNumber(0), field).value();
    QVERIFY(column != nullptr);
    QCOMPARE(column->eventCount(), 8U);
    QCOMPARE(column->valueCount(), 1U);
    for (std::uint32_t row = 0; row < 8; ++row) {
        QCOMPARE(column->code(row), row < 3 ? 0U : 1U);
        QCOMPARE(column->isDerived(row), row >= 5);
    }
    const auto times = merged->times(SegmentNumber(0), field).value();
    QCOMPARE(times->size(), std::size_t{8});
    QVERIFY(std::ranges::all_of(*times, [](std::int64_t time) { return time == schema::noTime; }));
}

void TestMergedSegments::asManyValuesAsNeedWiderCodes()
{
    std::vector<MemorySource> sources(1);
    sources.front().sha256Hex = "s";
    std::uint32_t next = 0;
    for (int segment = 0; segment < 10; ++segment) {
        std::vector<std::string> words;
        for (int row = 0; row < 30; ++row) {
            words.push_back(std::to_string(next++));
        }
        sources.front().segments.push_back(wordSegment(words, false));
    }
    const auto small = makeMemoryCase(std::move(sources));
    const auto column =
        mergeSegments(small)->column(SegmentNumber(0), *small->field("word")).value();
    QCOMPARE(column->codeWidth(), std::uint8_t{2});
    for (std::uint32_t row = 0; row < next; ++row) {
        QCOMPARE(std::string(column->text(column->code(row) - 1)), std::to_string(row));
    }
}

void TestMergedSegments::readsACaseFile()
{
    const QTemporaryDir folder;
    const auto file =
        CaseFile::create(std::filesystem::path(folder.path().toStdString()) / "a.sequela").value();
    VERIFY_OK(importSample(*file, "one", 6, 20));
    const auto snapshot = file->snapshot();
    VERIFY_OK(snapshot);
    const auto merged = mergeSegments(*snapshot, {.eventsPerSegment = 60});
    QCOMPARE(merged->segments().size(), std::size_t{2});
    // Columns that only passed through are the same as those that are kept.
    const auto field = *merged->field("process.command_line");
    const auto passing = (*snapshot)->passingColumn(SegmentNumber(1), field).value();
    const auto kept = (*snapshot)->column(SegmentNumber(1), field).value();
    QCOMPARE(passing->parts().text, kept->parts().text);
    const auto column = merged->column(SegmentNumber(0), field).value();
    QCOMPARE(std::string(column->text(column->code(20) - 1)), std::string(kept->text(0)));
}

void TestMergedSegments::keepsToItsCache()
{
    const auto small = sampleCase({100}, 5);
    const auto field = *small->field("process.command_line");
    const auto roomy = mergeSegments(small, {.eventsPerSegment = 50});
    QCOMPARE(roomy->column(SegmentNumber(0), field).value(),
             roomy->column(SegmentNumber(0), field).value());
    // Room for one column: the other segment's pushes it out.
    const auto narrow = mergeSegments(small, {.eventsPerSegment = 50, .cacheBytes = 1});
    const auto first = narrow->column(SegmentNumber(0), field).value();
    static_cast<void>(narrow->column(SegmentNumber(1), field).value());
    QVERIFY(narrow->column(SegmentNumber(0), field).value() != first);
}

QTEST_GUILESS_MAIN(TestMergedSegments)
#include "tst_merged_segments.moc"
