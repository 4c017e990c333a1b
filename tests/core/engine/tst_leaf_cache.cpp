#include "core/engine/leaf_cache.h"
#include "core/engine/limits.h"
#include "tests/core/engine/query_notation.h"
#include "tests/core/engine/query_text.h"
#include "tests/support/event_table.h"

#include <QTest>

using namespace sequela;

/// What is kept between runs: bounded, and never part of an answer.
class TestLeafCache : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void dropsTheLeastRecentlyUsed();
    void growsAnswersWithTheCandidates();
    void keepsMoreOrdersThanTheLimit();
    void answersAlikeWithManyValues();
};

void TestLeafCache::dropsTheLeastRecentlyUsed()
{
    engine::CaseIndex index(tests::eventTable(tests::eventStream("A1/x B2/y")));
    engine::LeafCache cache;
    const eql::BoundField field{"k", schema::FieldType::Keyword};
    for (const char* name : {"first", "second", "third"}) {
        const auto leaf = cache.add(name, engine::Leaf::textEquals(field, name, index));
        leaf->keep(SegmentNumber(0),
                   {true, nullptr, std::make_shared<engine::KeptRows>(engine::RowSet(6400, true))});
    }
    const std::size_t full = cache.byteCount();
    QVERIFY(full > 3 * 800);
    QVERIFY(cache.find("first") != nullptr);
    cache.trim(full);
    QCOMPARE(cache.byteCount(), full);
    cache.trim(full - 1);
    QVERIFY(cache.find("second") == nullptr);
    QVERIFY(cache.find("first") != nullptr);
    QVERIFY(cache.find("third") != nullptr);
}

void TestLeafCache::growsAnswersWithTheCandidates()
{
    const auto source = tests::eventTable(tests::eventStream("A1/x B2/x A3/y B4/z A5/x"));
    engine::Engine engine(source);
    const auto found = [&](const char* query) {
        const auto result = engine.run(tests::bindText(query, *source), {});
        return result ? tests::matchesText(*result) : formatDiagnostic(result.error());
    };
    // The same leaf over one candidate, over others, over all, and negated.
    QCOMPARE(found("B where k : \"z*\""), std::string("[4]"));
    QCOMPARE(found("A where k : \"z*\""), std::string());
    QCOMPARE(found("A where k : \"x*\""), std::string("[1] [5]"));
    QCOMPARE(found("any where k : \"x*\""), std::string("[1] [2] [5]"));
    QCOMPARE(found("any where not k : \"x*\""), std::string("[3] [4]"));
}

void TestLeafCache::keepsMoreOrdersThanTheLimit()
{
    engine::Engine engine(tests::eventTable(tests::eventStream("A2 A1")));
    for (std::size_t round = 0; round < engine::limits::keptOrders + 2; ++round) {
        const auto rank = engine.order("@timestamp", "field" + std::to_string(round));
        QVERIFY(rank.has_value());
        QCOMPARE(**rank, (std::vector<std::uint32_t>{1, 0}));
    }
}

void TestLeafCache::answersAlikeWithManyValues()
{
    // One value more than columns with case-wide answers may have, and one fewer.
    for (const std::uint32_t count :
         {engine::limits::sharedValuesPerSegment - 1, engine::limits::sharedValuesPerSegment + 1}) {
        std::string stream;
        for (std::uint32_t event = 0; event < count; ++event) {
            stream += "A" + std::to_string(event) + "/v" + std::to_string(event) + " ";
        }
        const auto source = tests::eventTable(tests::eventStream(stream));
        engine::Engine engine(source);
        const auto result =
            engine.run(tests::bindText("any where k : (\"v7\", \"v33\")", *source), {});
        QVERIFY(result.has_value());
        QCOMPARE(tests::matchesText(*result), std::string("[8] [34]"));
    }
}

QTEST_GUILESS_MAIN(TestLeafCache)
#include "tst_leaf_cache.moc"
