#include "ui/shell/overview_geometry.h"

#include <QtTest>

using namespace sequela::ui;

class OverviewGeometryTest : public QObject {
    Q_OBJECT

private:
    const OverviewGeometry m_geometry{.firstNs = 1000, .lastNs = 2000, .left = 10, .width = 100};

private Q_SLOTS:
    void pointsAndTimesAgree()
    {
        QCOMPARE(m_geometry.xOf(1000), 10.0);
        QCOMPARE(m_geometry.xOf(2000), 110.0);
        QCOMPARE(m_geometry.timeAt(60), 1500);
        QCOMPARE(m_geometry.timeAt(-50), 1000);
        QCOMPARE(m_geometry.timeAt(5000), 2000);
    }

    void dragsWorkInBothDirections()
    {
        QCOMPARE(m_geometry.rangeBetween(30, 60), m_geometry.rangeBetween(60, 30));
        QVERIFY(m_geometry.rangeBetween(30, 30).lengthNs() > 0);
        QVERIFY(m_geometry.rangeBetween(30, 110).contains(2000));
    }

    void movingStaysInside()
    {
        const state::TimeRange range{1200, 1400};
        QCOMPARE(m_geometry.moved(range, 10).beginNs, 1300);
        QCOMPARE(m_geometry.moved(range, 10).lengthNs(), range.lengthNs());
        QCOMPARE(m_geometry.moved(range, -500).beginNs, 1000);
        QCOMPARE(m_geometry.moved(range, 500).endNs, 2001);
    }
};

QTEST_GUILESS_MAIN(OverviewGeometryTest)
#include "tst_overview_geometry.moc"
