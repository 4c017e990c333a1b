#include "ui/state/selection.h"
#include "ui/state/time_display.h"

#include <QSignalSpy>
#include <QtTest>

using namespace sequela;
using namespace sequela::ui::state;

class SelectionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void emitsOnlyWhatChanged()
    {
        Selection selection;
        QSignalSpy alert(&selection, &Selection::alertChanged);
        QSignalSpy event(&selection, &Selection::eventChanged);
        QSignalSpy changed(&selection, &Selection::changed);
        selection.setEvent(EventNumber(3));
        QCOMPARE(alert.count(), 0);
        QCOMPARE(event.count(), 1);
        selection.setEvent(EventNumber(3));
        QCOMPARE(changed.count(), 1);
    }

    void backAndForward()
    {
        Selection selection;
        QVERIFY(!selection.canGoBack());
        for (const char* id : {"a", "b", "c"}) {
            selection.setAlert(id);
            QTest::qWait(1);
        }
        selection.goBack();
        QCOMPARE(selection.state().alertId, std::string("b"));
        selection.goBack();
        selection.goForward();
        QCOMPARE(selection.state().alertId, std::string("b"));
        QVERIFY(selection.canGoForward());
        selection.setAlert("d");
        QVERIFY(!selection.canGoForward());
        selection.goBack();
        QCOMPARE(selection.state().alertId, std::string("b"));
    }

    void oneTurnOfTheEventLoopIsOneStep()
    {
        Selection selection;
        selection.setAlert("a");
        selection.setEvent(EventNumber(1));
        QTest::qWait(1);
        selection.goBack();
        QCOMPARE(selection.state(), SelectionState{});
        QVERIFY(!selection.canGoBack());
    }

    void resetForgets()
    {
        Selection selection;
        selection.setAlert("a");
        selection.reset();
        QVERIFY(!selection.canGoBack());
        QCOMPARE(selection.state(), SelectionState{});
    }

    void timesAreWrittenInTheZoneChosen()
    {
        TimeDisplay time;
        const std::int64_t moment = 1'776'000'671'318'000'000;
        QCOMPARE(time.iso(moment), QStringLiteral("2026-04-12T13:31:11.318Z"));
        QCOMPARE(time.dateTime(moment), QStringLiteral("2026-04-12 13:31:11.318"));
        time.setZone({TimeZoneKind::Fixed, 330});
        QCOMPARE(time.zoneLabel(), QStringLiteral("UTC+05:30"));
        QCOMPARE(time.dateTime(moment), QStringLiteral("2026-04-12 19:01:11.318"));
        time.setZone({TimeZoneKind::Host, 0});
        QCOMPARE(time.timeOfDay(moment, -60), QStringLiteral("12:31:11"));
        QCOMPARE(time.timeOfDay(moment), QStringLiteral("13:31:11"));
    }

    void axisStepsAreRoundAndApart_data()
    {
        QTest::addColumn<qint64>("rangeNs");
        QTest::addRow("milliseconds") << qint64{40'000'000};
        QTest::addRow("minutes") << qint64{42} * 60 * 1'000'000'000;
        QTest::addRow("years") << qint64{5} * 365 * 24 * 3600 * 1'000'000'000;
    }

    void axisStepsAreRoundAndApart()
    {
        QFETCH(qint64, rangeNs);
        const std::int64_t step = axisStepNs(rangeNs, 1000, 80);
        QVERIFY(static_cast<double>(step) / static_cast<double>(rangeNs) * 1000 >= 80);
        QVERIFY(rangeNs / step >= 2);
    }
};

QTEST_GUILESS_MAIN(SelectionTest)
#include "tst_selection.moc"
