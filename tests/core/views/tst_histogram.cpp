#include "core/views/histogram.h"
#include "tests/core/views/views_events.h"

#include <QtTest>

#include <limits>
#include <numeric>

using namespace sequela;
using namespace sequela::views;
using views_events::Event;
using views_events::makeCase;

class HistogramTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyEventIsCountedOnce();
    void oneMoment();
    void noTimes();
    void extremesOfTime();
    void startsAndBucketsAgree();
};

void HistogramTest::everyEventIsCountedOnce()
{
    std::vector<Event> events;
    for (int i = 0; i <= 100; ++i) {
        events.push_back({static_cast<double>(i), {{"a", "b"}}});
    }
    events.push_back({0, {{"a", "b"}}, false});
    const auto histogram = buildHistogram(*makeCase(events), "@timestamp", 10);
    QVERIFY(histogram);
    QCOMPARE(histogram->counts.size(), std::size_t{10});
    QCOMPARE(std::accumulate(histogram->counts.begin(), histogram->counts.end(), 0U), 101U);
    QCOMPARE(histogram->withoutTime, std::uint64_t{1});
    // Both ends belong to the histogram, so ten seconds are a hair less than a tenth of it.
    QCOMPARE(histogram->counts[0], 11U);
    QCOMPARE(histogram->counts[9], 10U);
    QCOMPARE(histogram->highest, 11U);
}

void HistogramTest::oneMoment()
{
    const auto histogram = buildHistogram(*makeCase({{5, {{"a", "b"}}}}), "@timestamp", 4);
    QVERIFY(histogram);
    QCOMPARE(histogram->firstNs, histogram->lastNs);
    QCOMPARE(histogram->counts[0], 1U);
}

void HistogramTest::noTimes()
{
    const auto histogram = buildHistogram(*makeCase({{0, {{"a", "b"}}, false}}), "@timestamp", 4);
    QVERIFY(histogram);
    QVERIFY(histogram->counts.empty());
    QCOMPARE(histogram->withoutTime, std::uint64_t{1});
}

void HistogramTest::extremesOfTime()
{
    Histogram histogram;
    histogram.firstNs = std::numeric_limits<std::int64_t>::min() + 1;
    histogram.lastNs = std::numeric_limits<std::int64_t>::max();
    histogram.counts.assign(7, 0);
    QCOMPARE(histogram.bucketOf(histogram.firstNs), std::size_t{0});
    QCOMPARE(histogram.bucketOf(histogram.lastNs), std::size_t{6});
    QCOMPARE(histogram.bucketOf(0), std::size_t{3});
}

void HistogramTest::startsAndBucketsAgree()
{
    Histogram histogram;
    histogram.firstNs = 1000;
    histogram.lastNs = 1999;
    histogram.counts.assign(10, 0);
    for (std::size_t bucket = 0; bucket < 10; ++bucket) {
        QCOMPARE(histogram.bucketOf(histogram.startOf(bucket)), bucket);
    }
}

QTEST_APPLESS_MAIN(HistogramTest)
#include "tst_histogram.moc"
