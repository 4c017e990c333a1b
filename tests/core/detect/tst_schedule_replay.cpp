#include "core/detect/event_reader.h"
#include "core/detect/schedule_replay.h"
#include "core/eql/binder.h"
#include "tests/core/detect/detect_fixture.h"

#include <QtTest>

#include <limits>
#include <map>
#include <random>
#include <set>

using namespace sequela;
using namespace sequela::detect;
using namespace sequela::detect::testing;

/// What schedules find, find twice, cut and miss: by hand, and against a run of every window.
class ScheduleReplayTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void figures_data();
    void figures();
    void agreesWithEveryWindow_data();
    void agreesWithEveryWindow();
    void countsInTheDetection();
    void givesUpAtItsLimit();
    void saysThatTimesEnd();
    void leapsOverEmptyTime();
    void cancels();
};

namespace {

constexpr std::int64_t minuteNs = 60 * nanosecondsPerSecond;
/// A moment that every interval used here divides.
constexpr std::int64_t baseNs = 1'704'067'200 * nanosecondsPerSecond;

/// "A0/x B4/x I7B4.5/y": categories A, B …, minutes after the base, key; I before it: minutes at
/// which the event was ingested.
std::string eventLines(const QString& stream)
{
    std::string lines;
    int number = 0;
    for (QString token : stream.split(' ', Qt::SkipEmptyParts)) {
        QString ingested;
        if (token.startsWith('I')) {
            const qsizetype letter = token.indexOf(QRegularExpression("[A-H]"));
            ingested = token.mid(1, letter - 1);
            token = token.mid(letter);
        }
        const auto iso = [](const QString& minutes) {
            return QString::fromStdString(formatIso(
                Timestamp(baseNs + static_cast<std::int64_t>(minutes.toDouble() * minuteNs))));
        };
        const QStringList parts = token.mid(1).split('/');
        lines += QStringLiteral("{\"@timestamp\":\"%1\",\"event.id\":\"%2\",\"event.category\":"
                                "\"%3\",\"k\":\"%4\"%5}\n")
                     .arg(iso(parts[0]))
                     .arg(++number)
                     .arg(token[0])
                     .arg(parts.value(1, "x"))
                     .arg(ingested.isEmpty() ? QString()
                                             : ",\"event.ingested\":\"" + iso(ingested) + "\"")
                     .toStdString();
    }
    return lines;
}

struct Played {
    Case data;
    std::shared_ptr<const rules::Rule> rule;
    std::unique_ptr<eql::BoundQuery> query;
    engine::RunOptions runOptions;

    Played(const QString& stream, const QString& text, const QString& keys)
        : data(eventLines(stream), 4)
    {
        rules::RuleSet set = ruleSet({ruleToml("r", text.toStdString(), keys.toStdString())});
        rule = set.entries().front().rule;
        eql::BindResult bound = eql::bindQuery(rule->query.text, data.catalog, {});
        query = std::make_unique<eql::BoundQuery>(std::move(*bound.query));
    }
    [[nodiscard]] Result<RuleReplay> play(const ScheduleOptions& options = {},
                                          std::stop_token stop = {}) const
    {
        return replayRule(*rule, *query, *data.engine, runOptions, options, std::move(stop));
    }
};

QString figuresText(const ReplayCounts& counts)
{
    return QStringLiteral("found %1 again %2 cut %3 window %4 late %5 other %6 only %7")
        .arg(counts.found)
        .arg(counts.foundAgain)
        .arg(counts.cut)
        .arg(counts.missedNoWindow)
        .arg(counts.missedLate)
        .arg(counts.missedOtherwise)
        .arg(counts.onlyScheduled);
}

const QString twoStages = "sequence by k with maxspan=20m [A where true] [B where true]";
const QString single = "A where true";

} // namespace

void ScheduleReplayTest::figures_data()
{
    QTest::addColumn<QString>("stream");
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("keys");
    QTest::addColumn<int>("runDelay");
    QTest::addColumn<int>("ingestDelay");
    QTest::addColumn<QString>("outage");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const char* stream, const QString& query,
                        const char* keys, const char* expected, int runDelay = 0,
                        int ingestDelay = 0, const char* outage = "") {
        QTest::newRow(name) << stream << query << keys << runDelay << ingestDelay << outage
                            << expected;
    };
    row("one window", "A1", single, "", "found 1 again 0 cut 0 window 0 late 0 other 0 only 0");
    row("both windows of the overlap", "A0 A4.5", single, "",
        "found 2 again 2 cut 0 window 0 late 0 other 0 only 0");
    row("both ends of a window count", "A0 A5 A9", single, "from = \"now-5m\"\n",
        "found 3 again 2 cut 0 window 0 late 0 other 0 only 0");
    row("longer than the window", "A0/x B8/x", twoStages, "",
        "found 0 again 0 cut 0 window 1 late 0 other 0 only 0");
    row("longer look-back holds it", "A0/x B8/x", twoStages, "from = \"now-20m\"\n",
        "found 1 again 1 cut 0 window 0 late 0 other 0 only 0");
    row("newest of too many", "A1 A2 A3", single, "max_signals = 2\n",
        "found 2 again 0 cut 1 window 0 late 0 other 0 only 0");
    row("arrived after its window", "I9A1 A2", single, "",
        "found 1 again 0 cut 0 window 0 late 1 other 0 only 0");
    row("override looks at the arrival", "I9A1 A2", single,
        "timestamp_override = \"event.ingested\"\n",
        "found 2 again 1 cut 0 window 0 late 0 other 0 only 0");
    row("no fallback, no window", "I9A1 A2", single,
        "timestamp_override = \"event.ingested\"\ntimestamp_override_fallback_disabled = true\n",
        "found 1 again 1 cut 0 window 1 late 0 other 0 only 0");
    row("late by the ingest delay", "A1 A2", single, "",
        "found 0 again 0 cut 0 window 0 late 2 other 0 only 0", 0, 8);
    row("late runs see the same", "A1 A2 A3", single, "",
        "found 3 again 0 cut 0 window 0 late 0 other 0 only 0", 7);
    row("an outage catches up", "A1 A7 A12 A17 A22", single, "",
        "found 5 again 4 cut 0 window 0 late 0 other 0 only 0", 0, 0, "9 23");
    row("an outage too long", "A1 A7 A12 A17 A22 A27 A32 A37 A42", single, "",
        "found 7 again 5 cut 0 window 2 late 0 other 0 only 0", 0, 0, "6 43");
    // Alone in its window the second A pairs with the B that the first one took.
    row("another pair in a window", "A0/x A4.8/x B5.2/x A5.4/x B14/x",
        "sequence by k with maxspan=20m [A where true] [B where true] [A where true]", "",
        "found 1 again 0 cut 0 window 0 late 0 other 0 only 0");
}

void ScheduleReplayTest::figures()
{
    QFETCH(QString, stream);
    QFETCH(QString, query);
    QFETCH(QString, keys);
    QFETCH(int, runDelay);
    QFETCH(int, ingestDelay);
    QFETCH(QString, outage);
    const Played played(stream, query, keys);
    ScheduleOptions options;
    options.delayNs = runDelay * minuteNs;
    options.ingestDelayNs = ingestDelay * minuteNs;
    if (!outage.isEmpty()) {
        options.outage = {Timestamp(baseNs + outage.section(' ', 0, 0).toInt() * minuteNs),
                          Timestamp(baseNs + outage.section(' ', 1, 1).toInt() * minuteNs)};
    }
    const auto replay = played.play(options);
    QVERIFY2(replay.has_value(), replay ? "" : replay.error().message.c_str());
    QTEST(figuresText(replay->counts), "expected");
}

void ScheduleReplayTest::agreesWithEveryWindow_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("keys");
    QTest::newRow("event") << single << "";
    QTest::newRow("single, few signals") << single << "max_signals = 1\n";
    QTest::newRow("pair") << twoStages << "from = \"now-11m\"\n";
    QTest::newRow("pair without maxspan")
        << "sequence by k [A where true] [B where true]" << "from = \"now-12m\"\n";
    QTest::newRow("until") << twoStages + " until [C where true]" << "from = \"now-17m\"\n";
    QTest::newRow("missing") << "sequence by k with maxspan=6m [A where true] ![C where true] "
                                "[B where true]"
                             << "from = \"now-13m\"\n";
    QTest::newRow("leading missing")
        << "sequence by k with maxspan=6m ![C where true] [A where true] [B where true]"
        << "from = \"now-13m\"\n";
    QTest::newRow("short maxspan splits")
        << "sequence by k with maxspan=2m [A where true] [B where true] [A where true]"
        << "from = \"now-30m\"\n";
    QTest::newRow("rounded") << twoStages << "from = \"now-1h/h\"\n";
    QTest::newRow("override") << twoStages
                              << "from = \"now-9m\"\ntimestamp_override = \"event.ingested\"\n";
    QTest::newRow("pipe") << twoStages + " | tail 1" << "from = \"now-20m\"\n";
    QTest::newRow("sample") << "sample by k [A where true] [B where true]"
                            << "from = \"now-9m\"\n";
}

void ScheduleReplayTest::agreesWithEveryWindow()
{
    QFETCH(QString, query);
    QFETCH(QString, keys);
    std::mt19937 random(7);
    for (int round = 0; round < 25; ++round) {
        QString stream;
        for (int index = 0; index < 30; ++index) {
            const double minute = static_cast<double>(random() % 900) / 10;
            const QChar category = QChar('A' + static_cast<int>(random() % 3));
            const QString late =
                random() % 4 == 0
                    ? 'I' + QString::number(minute + static_cast<double>(random() % 20))
                    : QString();
            stream += late + category + QString::number(minute) + '/'
                      + QChar('x' + static_cast<int>(random() % 2)) + ' ';
        }
        const Played played(stream, query, keys);
        const auto replay = played.play();
        QVERIFY(replay.has_value());

        // Every run by itself, as slowly as rules.md says it.
        const schema::ColumnSource& source = *played.data.events;
        const auto arrivals = arrivalRange(source, {});
        EventReader reader(source);
        std::map<std::vector<std::optional<EventNumber>>, std::uint64_t> expected;
        const std::int64_t interval = played.rule->schedule.intervalNs;
        const std::int64_t first = (*arrivals)->first.nanoseconds() / interval * interval;
        // The first run after the last arrival and the look-back is the last one.
        const std::int64_t end =
            (*arrivals)->last.nanoseconds() + *rules::lookBackNs(played.rule->schedule);
        for (std::int64_t start = first; start <= first + ((end - first) / interval + 1) * interval;
             start += interval) {
            const auto window = rules::windowOf(played.rule->schedule, Timestamp(start));
            auto shown = std::make_shared<engine::EventSet>(source.eventCount());
            for (std::uint32_t number = 0; number < source.eventCount(); ++number) {
                const auto plain = *reader.time(EventNumber(number), "@timestamp");
                const auto ingested = *reader.time(EventNumber(number), "event.ingested");
                const auto override = played.rule->timestampOverride.empty() ? plain
                                      : ingested                             ? ingested
                                                                             : plain;
                if (ingested.value_or(*plain) <= Timestamp(start) && *override >= window->from
                    && *override <= window->to) {
                    shown->insert(EventNumber(number));
                }
            }
            engine::RunOptions options = played.runOptions;
            options.events = shown;
            const auto found = played.data.engine->run(*played.query, options);
            QVERIFY(found.has_value());
            const std::size_t kept = static_cast<std::size_t>(played.rule->schedule.maxSignals);
            for (std::size_t index = found->matches.size() > kept ? found->matches.size() - kept
                                                                  : 0;
                 index < found->matches.size(); ++index) {
                ++expected[found->matches[index].events];
            }
        }
        std::map<std::vector<std::optional<EventNumber>>, std::uint64_t> actual;
        for (const ReplayedMatch& match : replay->matches) {
            if (match.fate == ReplayFate::Found) {
                actual[match.match.events] = match.windowCount;
            }
        }
        QCOMPARE(actual.size(), expected.size());
        QVERIFY2(actual == expected, qPrintable(stream));
    }
}

void ScheduleReplayTest::countsInTheDetection()
{
    const Case data(eventLines("A1 A2 A3 A9"));
    DetectOptions options;
    options.schedule.emplace();
    const auto found = data.run({ruleToml("r", "A where true", "max_signals = 2\n")}, options);
    QVERIFY(found.has_value());
    QCOMPARE(alertsOf(*found), std::string("2 3 4"));
    QCOMPARE(found->misses.size(), std::size_t{1});
    QCOMPARE(found->misses[0].fate, ReplayFate::Cut);
    QCOMPARE(found->outcomes[0].replay->cut, std::uint64_t{1});
    QCOMPARE(found->outcomes[0].schedule, std::string("every 5m, now-6m to now"));
}

void ScheduleReplayTest::givesUpAtItsLimit()
{
    const Played played("A1 A2 A3", single, "");
    ScheduleOptions options;
    options.maxSteps = 3;
    const auto replay = played.play(options);
    QVERIFY(!replay);
    QCOMPARE(replay.error().code, std::string("schedule-too-long"));
}

void ScheduleReplayTest::saysThatTimesEnd()
{
    const Played played("A1", single, "");
    ScheduleOptions options;
    options.delayNs = std::numeric_limits<std::int64_t>::max();
    const auto replay = played.play(options);
    QVERIFY(!replay);
    QCOMPARE(replay.error().code, std::string("schedule-range"));
}

void ScheduleReplayTest::leapsOverEmptyTime()
{
    // Two events a century apart, a run every second between them.
    const Played played("A1 A52560000", single, "interval = \"1s\"\nfrom = \"now-2s\"\n");
    QElapsedTimer timer;
    timer.start();
    const auto replay = played.play();
    QVERIFY(replay.has_value());
    QVERIFY(replay->counts.runs > 3'000'000'000U);
    QCOMPARE(replay->counts.found, std::uint64_t{2});
    QVERIFY(timer.elapsed() < 2'000);
}

void ScheduleReplayTest::cancels()
{
    const Played played("A1 A2 A3", single, "");
    std::stop_source stop;
    stop.request_stop();
    const auto replay = played.play({}, stop.get_token());
    QVERIFY(!replay && isCancelled(replay.error()));
}

QTEST_GUILESS_MAIN(ScheduleReplayTest)
#include "tst_schedule_replay.moc"
