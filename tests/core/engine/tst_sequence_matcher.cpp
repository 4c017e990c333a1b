#include "core/engine/join_keys.h"
#include "core/engine/limits.h"
#include "tests/core/engine/query_notation.h"
#include "tests/support/event_table.h"

#include <QTest>

#include <map>
#include <utility>

using namespace sequela;

/// The state machine of eql.md 8, samples of 9 and the pipes of 10, on bound queries.
class TestSequenceMatcher : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void matches_data();
    void matches();
    void cuts_data();
    void cuts();
    void ordersByTiebreakerAndOrigin();
    void restrictsToEvents();
    void countsPartials();
    void refusesTooManySlots();
    void stopsWhenAsked();
    void givesJoinKeys();
    void numbersTuplesOfManyKeys();
    void reportsTooManyKeyCombinations();
    void reportsAGivenUpSample();
};

void TestSequenceMatcher::matches_data()
{
    QTest::addColumn<QString>("stream");
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const char* stream, const char* query,
                        const char* expected) {
        QTest::newRow(name) << QString::fromUtf8(stream) << QString::fromUtf8(query)
                            << QString::fromUtf8(expected);
    };
    // eql.md 8.8, row by row.
    row("8.8 the newer start wins", "A1 A2 B3", "A,B", "[2 3]");
    row("8.8 two sequences one after the other", "A1 B2 A3 C4 B5 C6", "A,B,C", "[1 2 4] [3 5 6]");
    row("8.8 a second event of a filled slot is ignored", "A1 B2 B3 C4", "A,B,C", "[1 2 4]");
    row("8.8 an older partial is overwritten", "A1 B2 A3 B4 C5", "A,B,C", "[3 4 5]");
    row("8.8 one event fills one slot of a sequence", "A1 A2 A3 A4", "A,A,A", "[1 2 3] [2 3 4]");
    row("8.8 maxspan is inclusive", "A1000 B6000", "A,B maxspan=5000", "[1 2]");
    row("8.8 maxspan is exceeded", "A1000 B6001", "A,B maxspan=5000", "");
    row("8.8 an expired candidate is consumed", "A1 A2 B7500 B8000", "A,B maxspan=5000", "");
    row("8.8 equal times in file order", "A1000 B1000", "A,B", "[1 2]");
    row("8.8 equal times the other way round", "B1000 A1000", "A,B", "");
    row("8.8 until on the start event", "AU1/x B2/x", "A,B by=k until=U", "");
    row("8.8 until drops the first start only", "A1/x U2/x A3/x B4/x", "A,B by=k until=U", "[3 4]");
    row("8.8 null keys do not join", "A1 B2", "A,B by=k", "");
    row("8.8 optional null keys join", "A1 B2", "A,B by=?k", "[1 2]");

    // 8.1 keys.
    row("8.1 keys keep sequences apart", "A1/x A2/y B3/x B4/y", "A,B by=k", "[1 3] [2 4]");
    row("8.1 keys are case-sensitive", "A1/x B2/X", "A,B by=k", "");
    row("8.1 two keys", "A1/x/p B2/x/q B3/x/p", "A,B by=k+k2", "[1 3]");
    row("8.1 one of two keys optional", "A1/x B2/x/q B3/x", "A,B by=k+?k2", "[1 3]");
    row("8.1 a stage's own key of another field", "A1/x B2//x", "A:k,B:k2", "[1 2]");
    row("8.1 a null global key drops although another is there", "A1//p B2//p", "A,B by=k+k2", "");
    row("8.1 several values offer the event under each", "A1/x|y B2/x B3/y", "A,B by=k",
        "[1 2] [1 3]");
    row("8.1 equal values collapse", "A1/x|x B2/x|x", "A,B by=k", "[1 2]");
    row("8.1 product of two keys of several values", "A1/x|y/p|q B2/y/q B3/x/p B4/x/q",
        "A,B by=k+k2", "[1 2] [1 3] [1 4]");
    row("8.1 runs expand", "A1 A2 A3 B4", "A*3,B", "[1 2 3 4]");
    row("8.1 runs need as many events", "A1 A2 B3", "A*3,B", "");
    row("8.1 runs of two over five", "A1 A2 A3 A4 A5", "A*2", "[1 2] [2 3] [3 4] [4 5]");

    // 8.2 order, 8.3 matching.
    row("8.2 events without a time take no part", "A- A1 B2 B-", "A,B", "[2 3]");
    row("8.2 arrival order does not matter", "B3 A1 C2", "A,C,B", "[2 3 1]");
    row("8.2 order within one millisecond", "B1.5 A1.25", "A,B", "[2 1]");
    row("8.3 one event finishes, advances and starts", "AB1 AB2 AB3", "A,B", "[1 2] [2 3]");
    row("8.3 a newer start coexists with a moved partial", "A1 B2 A3 C4 B5 C6", "A,B,C",
        "[1 2 4] [3 5 6]");
    row("8.3 nothing is found twice", "A1 B2 B3", "A,B", "[1 2]");
    row("8.3 an event never follows itself", "AB1", "A,B", "");
    row("8.3 results by their last event", "A1/x A2/y B3/y B4/x", "A,B by=k", "[2 3] [1 4]");
    row("8.3 ties by ascending key", "A1/b A2/a B3/b|a", "A,B by=k", "[2 3] [1 3]");
    row("8.3 a null key sorts first", "A1/b A2 B3/b B3", "A,B by=?k", "[1 3] [2 4]");

    // 8.4 until.
    row("8.4 until between", "A1 U2 B3", "A,B until=U", "");
    row("8.4 until before the start", "U1 A2 B3", "A,B until=U", "[2 3]");
    row("8.4 until of another key", "A1/x U2/y B3/x", "A,B by=k until=U", "[1 3]");
    row("8.4 completing event that is until too", "A1 BU2", "A,B until=U", "[1 2]");
    row("8.4 middle event that is until too", "A1 BU2 C3", "A,B,C until=U", "");
    row("8.4 start event that is until too", "AU1 B2", "A,B until=U", "");
    row("8.4 until kills lazily: a later start replaces", "A1 U2 A3 B4", "A,B until=U", "[3 4]");
    row("8.4 until after the end", "A1 B2 U3", "A,B until=U", "[1 2]");
    row("8.4 until with a null key acts on nobody", "A1/x U2 B3/x", "A,B by=k until=U", "[1 3]");

    // 8.5 maxspan.
    row("8.5 from the first event, at every step", "A1000 B3000 C7000", "A,B,C maxspan=5000", "");
    row("8.5 exactly maxspan over three", "A1000 B3000 C6000", "A,B,C maxspan=5000", "[1 2 3]");
    row("8.5 whole milliseconds", "A1000.1 B6000.9", "A,B maxspan=5000", "[1 2]");
    row("8.5 whole milliseconds round down", "A1000.9 B6001.1", "A,B maxspan=5000", "");
    row("8.5 measured in order of time, not of arrival", "A1000 B7000 B5000 C5500",
        "A,B,C maxspan=5000", "[1 3 4]");
    row("8.5 unlimited by default", "A1 B999999999", "A,B", "[1 2]");

    // 8.6 missing events.
    row("8.6 nothing between", "A1 C3", "A,!B,C maxspan=5000", "[1 -1 2]");
    row("8.6 something between", "A1 B2 C3", "A,!B,C maxspan=5000", "");
    row("8.6 between is strict at the start", "A1 B1 C3", "A,!B,C maxspan=5000", "[1 -1 3]");
    row("8.6 between is strict at the end", "A1 B3 C3", "A,!B,C maxspan=5000", "[1 -1 3]");
    row("8.6 of another key", "A1/x B2/y C3/x", "A,!B,C by=k maxspan=5000", "[1 -1 3]");
    row("8.6 runs of a missing slot", "A1 C3", "A,!B*2,C maxspan=5000", "[1 -1 -1 2]");
    row("8.6 a rejected candidate is consumed", "A1 A2 B3 C4", "A,!B,C maxspan=5000", "");
    row("8.6 leading, nothing before", "A1000 C2000", "!B,A,C maxspan=5000", "[-1 1 2]");
    row("8.6 leading, too near", "B500 A1000 C2000", "!B,A,C maxspan=5000", "");
    row("8.6 leading, exactly maxspan from the last", "B1000 A2000 C6000", "!B,A,C maxspan=5000",
        "");
    row("8.6 leading, further than maxspan from the last", "B1000 A2000 C6001",
        "!B,A,C maxspan=5000", "[-1 2 3]");
    row("8.6 leading, at the time of the first", "B1000 A1000 C2000", "!B,A,C maxspan=5000",
        "[-1 2 3]");
    row("8.6 trailing, nothing after", "A1000 C2000", "A,C,!B maxspan=5000", "[1 2 -1]");
    row("8.6 trailing, too near", "A1000 C2000 B3000", "A,C,!B maxspan=5000", "");
    row("8.6 trailing, exactly maxspan from the first", "A1000 C2000 B6000", "A,C,!B maxspan=5000",
        "");
    row("8.6 trailing, further than maxspan from the first", "A1000 C2000 B6001",
        "A,C,!B maxspan=5000", "[1 2 -1]");
    row("8.6 both ends, one empty is enough", "B900 A1000 C2000", "!B,A,C,!D maxspan=5000",
        "[-1 2 3 -1]");
    row("8.6 both ends, window too small", "B900 A1000 C2000 D3000", "!B,A,C,!D maxspan=5000", "");
    row("8.6 both ends, exactly maxspan apart", "B900 A1000 C2000 D5900", "!B,A,C,!D maxspan=5000",
        "");
    row("8.6 both ends, window large enough", "B900 A1000 C2000 D5901", "!B,A,C,!D maxspan=5000",
        "[-1 2 3 -1]");
    row("8.6 several leading, the latest counts", "B1000 D3000 A4000 C6500",
        "!B,!D,A,C maxspan=5000", "");
    row("8.6 one positive slot", "A1000 A9000 B9500", "A,!B maxspan=5000", "[1 -1]");
    row("8.6 a missing event without a time is none", "A1 B- C3", "A,!B,C maxspan=5000",
        "[1 -1 3]");
    row("8.6 until and missing", "A1 U2 C3 A4 C5", "A,!B,C until=U maxspan=5000", "[4 -1 5]");

    // 9 samples.
    row("9 any order", "B1/x A2/x", "A,B by=k sample", "[2 1]");
    row("9 distinct events", "AB1/x", "A,B by=k sample", "");
    row("9 backtracking", "AB1/x A2/x", "A,B by=k sample", "[2 1]");
    row("9 keys ascending", "A1/b B2/b A3/a B4/a", "A,B by=k sample", "[3 4] [1 2]");
    row("9 null keys are dropped", "A1 B2", "A,B by=k sample", "");
    row("9 optional null keys come first", "A1/a B2/a A3 B4", "A,B by=?k sample", "[3 4] [1 2]");
    row("9 every slot needs the key", "A1/x B2/y", "A,B by=k sample", "");
    row("9 events without a time may be sampled", "A-/x B2/x", "A,B by=k sample", "[1 2]");

    // 10 pipes.
    row("10 head", "A1 B2 A3 B4 A5 B6", "A,B head=2", "[1 2] [3 4]");
    row("10 tail", "A1 B2 A3 B4 A5 B6", "A,B tail=1", "[5 6]");
    row("10 head then tail", "A1 A2 A3 A4 A5", "A event head=4 tail=2", "[3] [4]");
    row("10 more than there are", "A1 A2", "A event head=9 tail=9", "[1] [2]");
    row("10 none", "A1 A2", "A event head=0", "");
    row("10 after the check of missing events", "A1 B2 C3 A4 C5", "A,!B,C maxspan=5000 head=1",
        "[4 -1 5]");

    // 7 event queries.
    row("7 order by time", "A3 A1 A2", "A event", "[2] [3] [1]");
    row("7 events without a time come first, in record order", "A3 A- A1 A-", "A event",
        "[2] [4] [3] [1]");
    row("7 several categories", "AB1 B2 C3", "B event", "[1] [2]");
}

void TestSequenceMatcher::matches()
{
    QFETCH(const QString, stream);
    QFETCH(const QString, query);
    QFETCH(const QString, expected);
    const std::string found = tests::matchesEverywhere(
        tests::eventStream(stream.toStdString()), tests::queryFromNotation(query.toStdString()));
    QCOMPARE(QString::fromStdString(found), expected);
}

void TestSequenceMatcher::cuts_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<int>("size");
    QTest::addColumn<bool>("head");
    QTest::addColumn<QString>("expected");
    QTest::newRow("size keeps the latest") << "A event" << 2 << false << "[4] [5]";
    QTest::newRow("size from the head") << "A event" << 2 << true << "[1] [2]";
    QTest::newRow("a leading head considers the earliest")
        << "A event head=3" << 2 << false << "[1] [2]";
    QTest::newRow("a leading tail considers the latest")
        << "A event tail=3" << 2 << true << "[4] [5]";
    QTest::newRow("sequences are counted") << "A,A" << 1 << false << "[4 5]";
    QTest::newRow("size before the pipes") << "A event head=4 tail=2" << 3 << false << "[2] [3]";
    QTest::newRow("size 0") << "A event" << 0 << false << "";
}

void TestSequenceMatcher::cuts()
{
    QFETCH(const QString, query);
    QFETCH(const int, size);
    QFETCH(const bool, head);
    QFETCH(const QString, expected);
    engine::RunOptions options;
    options.size = static_cast<std::uint64_t>(size);
    options.resultPosition = head ? engine::ResultPosition::Head : engine::ResultPosition::Tail;
    QCOMPARE(QString::fromStdString(
                 tests::matchesEverywhere(tests::eventStream("A1 A2 A3 A4 A5"),
                                          tests::queryFromNotation(query.toStdString()), options)),
             expected);
}

void TestSequenceMatcher::ordersByTiebreakerAndOrigin()
{
    engine::RunOptions options;
    options.tiebreakerField = "event.sequence";
    const eql::BoundQuery events = tests::queryFromNotation("A event");
    // Numbers, not text: 9 before 10; an event without one comes last; time goes first.
    QCOMPARE(tests::matchesEverywhere(tests::eventStream("A5 A5#10 A5#9 A1#99"), events, options),
             std::string("[4] [3] [2] [1]"));
    // An event without a time ignores the tiebreaker: record order.
    QCOMPARE(tests::matchesEverywhere(tests::eventStream("A-#7 A-#3 A1#1"), events, options),
             std::string("[1] [2] [3]"));
    // Equal times: the source's place, not the order of import.
    engine::Engine engine(tests::eventTable({tests::TableSource{"b", tests::eventStream("A5 A5")},
                                             tests::TableSource{"a", tests::eventStream("A5 A4")}},
                                            1));
    const auto result = engine.run(events, {});
    QVERIFY(result.has_value());
    QCOMPARE(tests::matchesText(*result), std::string("[4] [3] [1] [2]"));
    const auto rank = engine.order("@timestamp", std::nullopt);
    QVERIFY(rank.has_value());
    QCOMPARE(**rank, (std::vector<std::uint32_t>{2, 3, 1, 0}));
}

void TestSequenceMatcher::restrictsToEvents()
{
    const std::string lines = tests::eventStream("A1 U2 B3 A4 B5");
    engine::Engine engine(tests::eventTable(lines, 3));
    auto events = std::make_shared<engine::EventSet>(5);
    for (const std::uint32_t event : {0U, 2U, 3U}) {
        events->insert(EventNumber(event));
    }
    QCOMPARE(events->count(), std::uint64_t{3});
    engine::RunOptions options;
    options.events = events;
    const auto result = engine.run(tests::queryFromNotation("A,B until=U"), options);
    QVERIFY(result.has_value());
    QCOMPARE(tests::matchesText(*result), std::string("[1 3]"));
    options.events = std::make_shared<engine::EventSet>(4);
    const auto foreign = engine.run(tests::queryFromNotation("A,B"), options);
    QVERIFY(!foreign.has_value());
    QCOMPARE(foreign.error().code, std::string("engine-event-set"));
}

void TestSequenceMatcher::countsPartials()
{
    // Ten thousand keys start within maxspan of nothing else: dead ones are forgotten.
    std::string stream;
    for (int key = 0; key < 10'000; ++key) {
        stream += "A" + std::to_string(key * 1000) + "/" + std::to_string(key) + " ";
    }
    engine::Engine engine(tests::eventTable(tests::eventStream(stream)));
    const auto bounded = engine.run(tests::queryFromNotation("A,A by=k maxspan=5000"), {});
    QVERIFY(bounded.has_value());
    QVERIFY(bounded->matches.empty());
    QVERIFY(bounded->peakPartials <= 4097);
    const auto unbounded = engine.run(tests::queryFromNotation("A,A by=k"), {});
    QVERIFY(unbounded.has_value());
    QCOMPARE(unbounded->peakPartials, std::uint64_t{10'000});
}

void TestSequenceMatcher::refusesTooManySlots()
{
    const std::string lines = tests::eventStream("A1 A2 A3");
    engine::Engine engine(tests::eventTable(lines));
    const auto largest = engine.run(tests::queryFromNotation("A*100,A*100,A*56"), {});
    QVERIFY(largest.has_value());
    const auto refused = engine.run(tests::queryFromNotation("A*100,A*100,A*57"), {});
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().code, std::string("engine-too-many-stages"));
}

void TestSequenceMatcher::stopsWhenAsked()
{
    engine::Engine engine(tests::eventTable(tests::eventStream("A1 B2")));
    std::stop_source stop;
    stop.request_stop();
    const auto result = engine.run(tests::queryFromNotation("A,B"), {}, stop.get_token());
    QVERIFY(!result.has_value());
    QVERIFY(isCancelled(result.error()));
}

void TestSequenceMatcher::givesJoinKeys()
{
    engine::Engine engine(tests::eventTable(tests::eventStream("A1/x B2/x A3 B4")));
    const auto result = engine.run(tests::queryFromNotation("A,B by=?k"), {});
    QVERIFY(result.has_value());
    QCOMPARE(result->matches.size(), std::size_t{2});
    QCOMPARE(eql::toText(result->matches[0].joinKeys.at(0)), std::string("x"));
    QVERIFY(eql::isNull(result->matches[1].joinKeys.at(0)));
}

void TestSequenceMatcher::numbersTuplesOfManyKeys()
{
    using engine::KeyNumber;
    using engine::TupleNumber;
    constexpr std::uint32_t keyCount = 20'000;
    engine::KeyTuples tuples;
    std::map<std::pair<TupleNumber, KeyNumber>, TupleNumber> known;
    const auto check = [&](TupleNumber prefix, KeyNumber key) {
        const auto before = known.find({prefix, key});
        const auto found = tuples.extend(prefix, key, false);
        if (found.has_value() != (before != known.end())) {
            return false;
        }
        const TupleNumber number = tuples.extend(prefix, key, true).value();
        return known.emplace(std::pair(prefix, key), number).first->second == number;
    };
    // Every key twice, in no order; every third one goes on with a second key.
    for (std::uint32_t round = 0; round < 2; ++round) {
        for (std::uint32_t at = 0; at < keyCount; ++at) {
            const KeyNumber key = at * 7'919 % keyCount;
            QVERIFY(check(0, key));
            if (key % 3 == 0) {
                QVERIFY(check(known.at({0, key}), key / 2));
            }
        }
    }
    QCOMPARE(tuples.size(), known.size() + 1);
    for (const auto& [pair, number] : known) {
        QCOMPARE(tuples.keys(number).back(), pair.second);
        QCOMPARE(tuples.keys(number).size(), std::size_t{pair.first == 0 ? 1U : 2U});
    }
}

void TestSequenceMatcher::reportsTooManyKeyCombinations()
{
    // 65 x 64 combinations are more than these.
    static_assert(engine::limits::maxKeyCombinations == 4'096);
    std::string first;
    std::string second;
    for (int value = 0; value < 65; ++value) {
        first += (value == 0 ? "" : "|") + std::to_string(value);
        second += value == 0 ? "" : (value == 1 ? "" : "|") + std::to_string(value);
    }
    const std::string wide = "A1/" + first + "/" + second;
    const std::string found = tests::matchesEverywhere(tests::eventStream(wide + " B2/0/1"),
                                                       tests::queryFromNotation("A,B by=k+k2"));
    QCOMPARE(found,
             std::string("[1 2]; 1 x an event has more than 4096 combinations of join key values; "
                         "the rest was left out"));
}

void TestSequenceMatcher::reportsAGivenUpSample()
{
    // Eight slots over seven events that fit all of them: no choice is distinct, and the search
    // for one grows with the factorial.
    std::string stream;
    for (int event = 0; event < 9; ++event) {
        stream += "ABCDEFGHIJ" + std::to_string(event) + "/x ";
    }
    static_assert(engine::limits::maxSampleSteps == 1'000'000);
    const auto query = tests::queryFromNotation("A,B,C,D,E,F,G,H,I,J by=k sample");
    engine::Engine engine(tests::eventTable(tests::eventStream(stream)));
    const auto result = engine.run(query, {});
    QVERIFY(result.has_value());
    QVERIFY(result->matches.empty());
    QCOMPARE(result->warnings.size(), std::size_t{1});
    QVERIFY(result->warnings.front().message.find("1000000 steps") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestSequenceMatcher)
#include "tst_sequence_matcher.moc"
