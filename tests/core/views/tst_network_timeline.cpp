#include "core/views/network_timeline.h"
#include "tests/core/views/views_events.h"

#include <QtTest>

#include <numeric>

using namespace sequela;
using namespace sequela::views;
using views_events::Event;
using views_events::makeCase;

class NetworkTimelineTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void startAndEndBecomeOneBar();
    void endWithoutStartIsAMark();
    void lookupsHaveNames();
    void countsEventsWithoutTime();
    void lanesByGrouping_data();
    void lanesByGrouping();
    void addressClassIsKept();
    void beacons_data();
    void beacons();
    void beaconIsFoundInItsLane();
};

namespace {

Event connection(double seconds, const char* type, const char* port,
                 const char* address = "128.66.0.9", const char* entity = "A")
{
    return {seconds,
            {{"host.id", "h1"},
             {"host.name", "mac"},
             {"event.category", "network"},
             {"event.type", type},
             {"process.entity_id", entity},
             {"process.name", "curl"},
             {"process.pid", "7"},
             {"source.port", port},
             {"destination.ip", address},
             {"destination.port", "443"},
             {"network.transport", "tcp"}}};
}

struct Built {
    ProcessForest forest;
    NetworkTimeline timeline;
    std::vector<std::uint32_t> all;
};

Built build(const std::vector<Event>& events)
{
    const auto source = makeCase(events);
    auto forest = ProcessForest::build(*source);
    auto timeline = NetworkTimeline::build(*source, *forest);
    if (!forest || !timeline) {
        qFatal("cannot build");
    }
    std::vector<std::uint32_t> all(timeline->flows().size());
    std::iota(all.begin(), all.end(), 0U);
    return {std::move(*forest), std::move(*timeline), std::move(all)};
}

} // namespace

void NetworkTimelineTest::startAndEndBecomeOneBar()
{
    Event end = connection(5, "end", "5001");
    end.fields.emplace_back("source.bytes", "120");
    const Built built =
        build({connection(1, "start", "5001"), end, connection(2, "start", "5002")});
    QCOMPARE(built.timeline.flows().size(), std::size_t{2});
    const Flow& bar = built.timeline.flows()[0];
    QCOMPARE(bar.endNs - bar.startNs, 4'000'000'000);
    QCOMPARE(bar.endEvent, std::optional(EventNumber(1)));
    QCOMPARE(bar.bytesOut, std::uint64_t{120});
    QCOMPARE(built.timeline.flows()[1].endNs, built.timeline.flows()[1].startNs);
}

void NetworkTimelineTest::endWithoutStartIsAMark()
{
    const Built built = build({connection(5, "end", "5001")});
    QCOMPARE(built.timeline.flows().size(), std::size_t{1});
    QVERIFY(!built.timeline.flows()[0].endEvent);
}

void NetworkTimelineTest::lookupsHaveNames()
{
    const Built built = build({Event{0,
                                     {{"host.id", "h1"},
                                      {"event.category", "network"},
                                      {"network.protocol", "dns"},
                                      {"dns.question.name", "cdn.example"},
                                      {"process.entity_id", "A"}}}});
    QCOMPARE(built.timeline.flows()[0].kind, FlowKind::Dns);
    QCOMPARE(built.timeline.destinations()[0].domain, "cdn.example");
    QVERIFY(built.timeline.destinations()[0].isName);
}

void NetworkTimelineTest::countsEventsWithoutTime()
{
    Event event = connection(0, "start", "1");
    event.hasTime = false;
    const Built built = build({event});
    QVERIFY(built.timeline.flows().empty());
    QCOMPARE(built.timeline.withoutTime(), std::uint64_t{1});
}

void NetworkTimelineTest::lanesByGrouping_data()
{
    QTest::addColumn<int>("grouping");
    QTest::addColumn<QStringList>("labels");
    QTest::newRow("process") << static_cast<int>(LaneGrouping::Process)
                             << QStringList{QStringLiteral("curl 7"), QStringLiteral("curl 7")};
    QTest::newRow("host") << static_cast<int>(LaneGrouping::Host)
                          << QStringList{QStringLiteral("mac")};
    QTest::newRow("destination") << static_cast<int>(LaneGrouping::Destination)
                                 << QStringList{QStringLiteral("128.66.0.9:443"),
                                                QStringLiteral("10.0.0.1:443")};
}

void NetworkTimelineTest::lanesByGrouping()
{
    QFETCH(int, grouping);
    const Built built = build({connection(1, "start", "1"), connection(2, "start", "2", "10.0.0.1"),
                               connection(3, "start", "3", "10.0.0.1", "B")});
    QStringList labels;
    for (const Lane& lane :
         built.timeline.lanes(static_cast<LaneGrouping>(grouping), built.forest, built.all)) {
        labels.append(QString::fromStdString(lane.label));
    }
    QTEST(labels, "labels");
}

void NetworkTimelineTest::addressClassIsKept()
{
    const Built built =
        build({connection(1, "start", "1", "10.0.0.1"), connection(2, "start", "2")});
    QCOMPARE(built.timeline.destinations()[0].addressClass, AddressClass::Private);
    QCOMPARE(built.timeline.destinations()[1].addressClass, AddressClass::Public);
}

void NetworkTimelineTest::beacons_data()
{
    QTest::addColumn<QList<double>>("seconds");
    QTest::addColumn<bool>("found");
    QTest::newRow("regular with jitter") << QList<double>{0, 60, 122, 180, 241, 300, 361} << true;
    QTest::newRow("too few") << QList<double>{0, 60, 120, 180, 240} << false;
    QTest::newRow("irregular") << QList<double>{0, 10, 100, 130, 300, 305, 700} << false;
    QTest::newRow("burst") << QList<double>{0, .01, .02, .03, .04, .05, .06} << false;
    QTest::newRow("one outlier") << QList<double>{0, 60, 120, 180, 240, 300, 900, 960} << true;
}

void NetworkTimelineTest::beacons()
{
    QFETCH(QList<double>, seconds);
    std::vector<std::int64_t> starts;
    for (const double second : seconds) {
        starts.push_back(static_cast<std::int64_t>(second * 1e9));
    }
    const auto beacon = findBeacon(starts);
    QTEST(beacon.has_value(), "found");
    if (beacon) {
        QVERIFY(std::abs(beacon->intervalNs - 60'000'000'000) < 3'000'000'000);
    }
}

void NetworkTimelineTest::beaconIsFoundInItsLane()
{
    std::vector<Event> events;
    for (int i = 0; i < 9; ++i) {
        events.push_back(connection(60.0 * i, "start", std::to_string(i).c_str()));
        events.push_back(connection(61.0 * i * i, "start", "9", "10.0.0.1"));
    }
    const Built built = build(events);
    const auto lanes = built.timeline.lanes(LaneGrouping::Process, built.forest, built.all);
    QCOMPARE(lanes.size(), std::size_t{1});
    QCOMPARE(lanes[0].beacons.size(), std::size_t{1});
    QCOMPARE(built.timeline.destinations()[lanes[0].beacons[0].destination].address, "128.66.0.9");
    QCOMPARE(lanes[0].beacons[0].flowCount, 9U);
}

QTEST_APPLESS_MAIN(NetworkTimelineTest)
#include "tst_network_timeline.moc"
