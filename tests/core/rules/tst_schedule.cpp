#include "core/rules/schedule.h"

#include <QtTest>

using namespace sequela;
using namespace sequela::rules;

class ScheduleTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void resolves_data();
    void resolves();
    void refuses_data();
    void refuses();
    void intervals_data();
    void intervals();
    void windowHasBothEnds();
    void windowMustNotEndBeforeItBegins();
    void lookBack();
};

void ScheduleTest::resolves_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("up");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* name, const char* text, bool up, const char* expected) {
        QTest::newRow(name) << QByteArray(text) << up << QByteArray(expected);
    };
    // now is a Wednesday, 2024-01-31T14:25:36.789Z.
    row("now", "now", false, "2024-01-31T14:25:36.789Z");
    row("minutes", "now-9m", false, "2024-01-31T14:16:36.789Z");
    row("seconds", "now-36s", false, "2024-01-31T14:25:00.789Z");
    row("hours", "now-2h", false, "2024-01-31T12:25:36.789Z");
    row("hours, capital", "now-2H", false, "2024-01-31T12:25:36.789Z");
    row("days", "now-31d", false, "2023-12-31T14:25:36.789Z");
    row("weeks", "now-1w", false, "2024-01-24T14:25:36.789Z");
    row("months end at the last day", "now+1M", false, "2024-02-29T14:25:36.789Z");
    row("years", "now-1y", false, "2023-01-31T14:25:36.789Z");
    row("missing number is one", "now-d", false, "2024-01-30T14:25:36.789Z");
    row("rounded down", "now-1h/h", false, "2024-01-31T13:00:00.000Z");
    row("rounded up", "now-1h/h", true, "2024-01-31T13:59:59.999Z");
    row("week begins on Monday", "now/w", false, "2024-01-29T00:00:00.000Z");
    row("week up", "now/w", true, "2024-02-04T23:59:59.999Z");
    row("month", "now/M", false, "2024-01-01T00:00:00.000Z");
    row("month up", "now/M", true, "2024-01-31T23:59:59.999Z");
    row("year", "now/y", false, "2024-01-01T00:00:00.000Z");
    row("second", "now/s", false, "2024-01-31T14:25:36.000Z");
    row("minute", "now/m", true, "2024-01-31T14:25:59.999Z");
    row("steps from left to right", "now/d+6h-1m", false, "2024-01-31T05:59:00.000Z");
    row("anchor", "2020-02-29||+1y", false, "2021-02-28T00:00:00.000Z");
    row("plain date", "2020-02-29T10:00:00Z", false, "2020-02-29T10:00:00.000Z");
    row("before the epoch", "1960-05-17T10:00:00Z||/d", false, "1960-05-17T00:00:00.000Z");
}

void ScheduleTest::resolves()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, up);
    QFETCH(QByteArray, expected);
    const auto math = DateMath::parse(text.toStdString());
    QVERIFY(math.has_value());
    const auto now = parseIsoTimestamp("2024-01-31T14:25:36.789Z");
    const auto resolved = math->resolve(*now, up ? DateRounding::Up : DateRounding::Down);
    QVERIFY(resolved.has_value());
    QCOMPARE(QByteArray::fromStdString(formatIso(*resolved)), expected);
}

void ScheduleTest::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("parses");
    QTest::newRow("empty") << QByteArray("") << false;
    QTest::newRow("no now") << QByteArray("-9m") << false;
    QTest::newRow("unknown unit") << QByteArray("now-9x") << false;
    QTest::newRow("no unit") << QByteArray("now-9") << false;
    QTest::newRow("blank") << QByteArray("now - 9m") << false;
    QTest::newRow("number after slash") << QByteArray("now/2h") << false;
    QTest::newRow("huge number") << QByteArray("now-99999999999999999999m") << false;
    QTest::newRow("broken anchor") << QByteArray("2020-13-01||+1d") << false;
    QTest::newRow("leaves the range") << QByteArray("now-9223372036854775807d") << true;
    QTest::newRow("leaves the range, years") << QByteArray("now+900y") << true;
}

void ScheduleTest::refuses()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, parses);
    const auto math = DateMath::parse(text.toStdString());
    QCOMPARE(math.has_value(), parses);
    if (parses) {
        QVERIFY(!math->resolve(Timestamp(0), DateRounding::Down));
    } else {
        QCOMPARE(QByteArray::fromStdString(math.error().code), QByteArray("rule-date-math"));
        QVERIFY(math.error().span.has_value());
    }
}

void ScheduleTest::intervals_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("seconds");
    QTest::newRow("minutes") << QByteArray("5m") << qint64{300};
    QTest::newRow("seconds") << QByteArray("90s") << qint64{90};
    QTest::newRow("hours") << QByteArray("1h") << qint64{3600};
    QTest::newRow("days") << QByteArray("2d") << qint64{172800};
    QTest::newRow("weeks are not allowed") << QByteArray("1w") << qint64{-1};
    QTest::newRow("capital is not allowed") << QByteArray("1H") << qint64{-1};
    QTest::newRow("zero") << QByteArray("0m") << qint64{-1};
    QTest::newRow("negative") << QByteArray("-5m") << qint64{-1};
    QTest::newRow("no unit") << QByteArray("5") << qint64{-1};
    QTest::newRow("trailing text") << QByteArray("5mm") << qint64{-1};
    QTest::newRow("empty") << QByteArray("") << qint64{-1};
    QTest::newRow("overflow") << QByteArray("9223372036854775807d") << qint64{-1};
}

void ScheduleTest::intervals()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, seconds);
    const auto interval = parseInterval(text.toStdString());
    QCOMPARE(interval ? static_cast<qint64>(*interval / nanosecondsPerSecond) : qint64{-1},
             seconds);
}

void ScheduleTest::windowHasBothEnds()
{
    Schedule schedule;
    const auto start = parseIsoTimestamp("2024-01-31T14:25:00Z");
    const auto window = windowOf(schedule, *start);
    QVERIFY(window.has_value());
    QCOMPARE(window->to.nanoseconds(), start->nanoseconds());
    QCOMPARE(window->to.nanoseconds() - window->from.nanoseconds(), 360 * nanosecondsPerSecond);
    QCOMPARE(schedule.maxSignals, std::int64_t{100});
    QCOMPARE(schedule.intervalNs, 300 * nanosecondsPerSecond);
}

void ScheduleTest::windowMustNotEndBeforeItBegins()
{
    Schedule schedule;
    schedule.from = "now";
    schedule.to = "now-1h";
    const auto window = windowOf(schedule, Timestamp(0));
    QVERIFY(!window);
    QCOMPARE(QByteArray::fromStdString(window.error().code), QByteArray("rule-window"));
}

void ScheduleTest::lookBack()
{
    Schedule schedule;
    schedule.from = "now-9m";
    QCOMPARE(lookBackNs(schedule), std::optional<std::int64_t>(540 * nanosecondsPerSecond));
    schedule.from = "2024-01-01";
    QCOMPARE(lookBackNs(schedule), std::optional<std::int64_t>());
}

QTEST_GUILESS_MAIN(ScheduleTest)
#include "tst_schedule.moc"
