#include "core/base/timestamp.h"

#include <QtTest>

#include <limits>

using namespace sequela;

class TimestampTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void iso_data();
    void iso();
    void refuses_data();
    void refuses();
    void eventTimes_data();
    void eventTimes();
    void formatting_data();
    void formatting();
    void formattingInAZone();
    void millisecondsRoundDown();
    void durations_data();
    void durations();
    void rangeEnds();
};

void TimestampTest::iso_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("nanoseconds");
    const qint64 second = 1611560927;
    QTest::newRow("6 decimals") << "2021-01-25T07:48:47.976215Z"
                                << second * 1'000'000'000 + 976215000;
    QTest::newRow("3 decimals") << "2021-01-25T07:48:47.976Z" << second * 1'000'000'000 + 976000000;
    QTest::newRow("9 decimals") << "2021-01-25T07:48:47.976215123Z"
                                << second * 1'000'000'000 + 976215123;
    QTest::newRow("more decimals are cut")
        << "2021-01-25T07:48:47.9762151239Z" << second * 1'000'000'000 + 976215123;
    QTest::newRow("no decimals") << "2021-01-25T07:48:47Z" << second * 1'000'000'000;
    QTest::newRow("blank and no zone") << "2021-01-25 07:48:47" << second * 1'000'000'000;
    QTest::newRow("comma") << "2021-01-25T07:48:47,5Z" << second * 1'000'000'000 + 500000000;
    QTest::newRow("east") << "2021-01-25T09:48:47+02:00" << second * 1'000'000'000;
    QTest::newRow("east, no colon") << "2021-01-25T09:48:47+0200" << second * 1'000'000'000;
    QTest::newRow("west, hours") << "2021-01-25T02:48:47-05" << second * 1'000'000'000;
    QTest::newRow("half hour zone") << "2021-01-25T13:18:47+05:30" << second * 1'000'000'000;
    QTest::newRow("leap second") << "2016-12-31T23:59:60Z" << qint64{1483228800} * 1'000'000'000;
    QTest::newRow("before 1970") << "1969-12-31T23:59:59.5Z" << qint64{-500000000};
    QTest::newRow("year") << "1970" << qint64{0};
    QTest::newRow("month") << "1970-02" << qint64{31} * 86400 * 1'000'000'000;
    QTest::newRow("day") << "1970-01-02" << qint64{86400} * 1'000'000'000;
    QTest::newRow("hour") << "1970-01-01T01" << qint64{3600} * 1'000'000'000;
    QTest::newRow("minute") << "1970-01-01T01:01" << qint64{3660} * 1'000'000'000;
    QTest::newRow("29 February") << "2024-02-29" << qint64{1709164800} * 1'000'000'000;
}

void TimestampTest::iso()
{
    QFETCH(QString, text);
    const auto time = parseIsoTimestamp(text.toStdString());
    QVERIFY(time);
    QTEST(static_cast<qint64>(time->nanoseconds()), "nanoseconds");
}

void TimestampTest::refuses_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text :
         {"", "now", "20210125", "2021-02-30", "2021-13-01", "2021-00-01", "2021-01-25T24:00:00Z",
          "2021-01-25T07:60:00Z", "2021-01-25T07:48:61Z", "2021-01-25T07:48:47.Z",
          "2021-01-25T07:48:47Zx", "2021-01-25T07:48:47+", "2021-01-25x", "2023-02-29",
          "1600-01-01", "2300-01-01", "2021-1-5", "21-01-25"}) {
        QTest::newRow(text) << QString::fromLatin1(text);
    }
}

void TimestampTest::refuses()
{
    QFETCH(QString, text);
    QVERIFY(!parseIsoTimestamp(text.toStdString()));
}

void TimestampTest::eventTimes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isNumber");
    QTest::addColumn<qint64>("nanoseconds");
    QTest::newRow("epoch milliseconds")
        << "1611560927976" << true << qint64{1611560927976} * 1000000;
    QTest::newRow("digits in a string")
        << "1611560927976" << false << qint64{1611560927976} * 1000000;
    QTest::newRow("fraction of a millisecond") << "1.5" << true << qint64{1500000};
    QTest::newRow("four digits in a string are a year") << "1970" << false << qint64{0};
    QTest::newRow("four digits as a number") << "1970" << true << qint64{1970} * 1000000;
    QTest::newRow("negative") << "-1" << true << qint64{-1000000};
    QTest::newRow("FILETIME") << "132560345279762150" << true << qint64{1611560927976215000};
    QTest::newRow("FILETIME in a string")
        << "132560345279762150" << false << qint64{1611560927976215000};
    QTest::newRow("ISO") << "1970-01-01T00:00:01Z" << false << qint64{1'000'000'000};
}

void TimestampTest::eventTimes()
{
    QFETCH(QString, text);
    QFETCH(bool, isNumber);
    const auto time = parseEventTimestamp(text.toStdString(), isNumber);
    QVERIFY(time);
    QTEST(static_cast<qint64>(time->nanoseconds()), "nanoseconds");
}

void TimestampTest::formatting_data()
{
    QTest::addColumn<qint64>("nanoseconds");
    QTest::addColumn<QString>("text");
    QTest::newRow("three decimals at least") << qint64{0} << "1970-01-01T00:00:00.000Z";
    QTest::newRow("six") << qint64{1611560927976215000} << "2021-01-25T07:48:47.976215Z";
    QTest::newRow("nine") << qint64{1611560927976215001} << "2021-01-25T07:48:47.976215001Z";
    QTest::newRow("before 1970") << qint64{-1} << "1969-12-31T23:59:59.999999999Z";
}

void TimestampTest::formatting()
{
    QFETCH(qint64, nanoseconds);
    QTEST(QString::fromStdString(formatIso(Timestamp(nanoseconds))), "text");
}

void TimestampTest::formattingInAZone()
{
    QCOMPARE(formatIso(Timestamp(0), 120), "1970-01-01T02:00:00.000+02:00");
    QCOMPARE(formatIso(Timestamp(0), -90), "1969-12-31T22:30:00.000-01:30");
}

void TimestampTest::millisecondsRoundDown()
{
    QCOMPARE(Timestamp(1'999'999).milliseconds(), 1);
    QCOMPARE(Timestamp(-1).milliseconds(), -1);
    QCOMPARE(Timestamp(-1'000'000).milliseconds(), -1);
}

void TimestampTest::durations_data()
{
    QTest::addColumn<qint64>("nanoseconds");
    QTest::addColumn<QString>("text");
    QTest::newRow("ns") << qint64{12} << "12 ns";
    QTest::newRow("µs") << qint64{12'000} << "12 µs";
    QTest::newRow("ms") << qint64{250'000'000} << "250 ms";
    QTest::newRow("s") << qint64{4'200'000'000} << "4.2 s";
    QTest::newRow("whole s") << qint64{4'000'000'000} << "4 s";
    QTest::newRow("min") << qint64{90} * 1'000'000'000 << "1 min 30 s";
    QTest::newRow("h") << qint64{3780} * 1'000'000'000 << "1 h 3 min";
    QTest::newRow("d") << qint64{90000} * 1'000'000'000 << "1 d 1 h";
    QTest::newRow("negative") << qint64{-4'200'000'000} << "-4.2 s";
}

void TimestampTest::durations()
{
    QFETCH(qint64, nanoseconds);
    QTEST(QString::fromStdString(formatDuration(nanoseconds)), "text");
}

void TimestampTest::rangeEnds()
{
    QVERIFY(parseIsoTimestamp("1677-09-21T00:12:43.145224193Z"));
    QVERIFY(!parseIsoTimestamp("1677-09-21T00:12:43.145224192Z")); // stands for "no time"
    QVERIFY(parseIsoTimestamp("2262-04-11T23:47:16.854775807Z"));
    QVERIFY(!parseIsoTimestamp("2262-04-11T23:47:16.854775808Z"));
    QVERIFY(!timestampFromMilliseconds(std::numeric_limits<std::int64_t>::max()));
    QVERIFY(!parseEventTimestamp("1e300", true));
    QVERIFY(!parseEventTimestamp("99999999999999999999999", true));
}

QTEST_APPLESS_MAIN(TimestampTest)
#include "tst_timestamp.moc"
