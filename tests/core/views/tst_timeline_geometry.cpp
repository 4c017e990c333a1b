#include "core/views/timeline_geometry.h"

#include <QtTest>

using sequela::views::TimelineGeometry;
using sequela::views::TimeRange;

class TimelineGeometryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void startsWithEverything();
    void xAndTimeAreInverse();
    void zoomKeepsTheMomentUnderTheCursor_data();
    void zoomKeepsTheMomentUnderTheCursor();
    void zoomStopsAtBothEnds();
    void panStaysInside();
    void emptyBounds();
};

namespace {

constexpr std::int64_t second = 1'000'000'000;

TimelineGeometry hundredSeconds()
{
    TimelineGeometry geometry;
    geometry.setWidth(1000);
    geometry.setBounds({1'700'000'000 * second, 1'700'000'100 * second});
    return geometry;
}

} // namespace

void TimelineGeometryTest::startsWithEverything()
{
    const TimelineGeometry geometry = hundredSeconds();
    QVERIFY(geometry.view() == geometry.bounds());
    QCOMPARE(geometry.xOf(geometry.bounds().beginNs), 0.0);
    QCOMPARE(geometry.xOf(geometry.bounds().endNs), 1000.0);
}

void TimelineGeometryTest::xAndTimeAreInverse()
{
    const TimelineGeometry geometry = hundredSeconds();
    for (const double x : {0.0, 1.0, 333.0, 999.5}) {
        QVERIFY(std::abs(geometry.xOf(geometry.timeAt(x)) - x) < 1e-6);
    }
}

void TimelineGeometryTest::zoomKeepsTheMomentUnderTheCursor_data()
{
    QTest::addColumn<double>("x");
    QTest::newRow("middle") << 500.0;
    QTest::newRow("left third") << 333.0;
    QTest::newRow("right end") << 999.0;
}

void TimelineGeometryTest::zoomKeepsTheMomentUnderTheCursor()
{
    QFETCH(double, x);
    TimelineGeometry geometry = hundredSeconds();
    const std::int64_t under = geometry.timeAt(x);
    geometry.zoom(0.5, x);
    QVERIFY(std::abs(geometry.view().lengthNs() - 50 * second) <= 1);
    QVERIFY(std::abs(geometry.timeAt(x) - under) < 1'000);
}

void TimelineGeometryTest::zoomStopsAtBothEnds()
{
    TimelineGeometry geometry = hundredSeconds();
    for (int i = 0; i < 200; ++i) {
        geometry.zoom(0.5, 400);
    }
    QCOMPARE(geometry.view().lengthNs(), TimelineGeometry::shortestNs);
    for (int i = 0; i < 200; ++i) {
        geometry.zoom(2, 400);
    }
    QVERIFY(geometry.view() == geometry.bounds());
}

void TimelineGeometryTest::panStaysInside()
{
    TimelineGeometry geometry = hundredSeconds();
    geometry.zoom(0.1, 500);
    geometry.pan(100);
    QVERIFY(std::abs(geometry.view().beginNs - (1'700'000'044 * second)) < 1'000);
    geometry.pan(1e9);
    QCOMPARE(geometry.view().beginNs, geometry.bounds().beginNs);
    geometry.pan(-1e9);
    QCOMPARE(geometry.view().endNs, geometry.bounds().endNs);
}

void TimelineGeometryTest::emptyBounds()
{
    TimelineGeometry geometry;
    geometry.setWidth(0);
    geometry.setBounds({5, 5});
    QVERIFY(geometry.view().lengthNs() > 0);
    geometry.zoom(0.5, 0);
    geometry.pan(3);
    QVERIFY(geometry.nsPerPixel() > 0);
}

QTEST_APPLESS_MAIN(TimelineGeometryTest)
#include "tst_timeline_geometry.moc"
