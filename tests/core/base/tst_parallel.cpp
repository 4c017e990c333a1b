#include "core/base/parallel.h"

#include <QtTest>

#include <atomic>
#include <vector>

using namespace sequela;

class ParallelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyIndexOnce_data();
    void everyIndexOnce();
    void oneThreadKeepsOrder();
};

void ParallelTest::everyIndexOnce_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("threads");
    QTest::newRow("nothing to do") << 0 << 4;
    QTest::newRow("fewer items than threads") << 2 << 8;
    QTest::newRow("many items") << 1000 << 3;
    QTest::newRow("zero threads still works") << 5 << 0;
}

void ParallelTest::everyIndexOnce()
{
    QFETCH(int, count);
    QFETCH(int, threads);
    std::vector<std::atomic<int>> calls(static_cast<std::size_t>(count));
    parallelFor(calls.size(), static_cast<std::size_t>(threads),
                [&](std::size_t index) { calls[index].fetch_add(1); });
    for (const auto& call : calls) {
        QCOMPARE(call.load(), 1);
    }
}

void ParallelTest::oneThreadKeepsOrder()
{
    std::vector<std::size_t> order;
    parallelFor(4, 1, [&](std::size_t index) { order.push_back(index); });
    QCOMPARE(order, (std::vector<std::size_t>{0, 1, 2, 3}));
}

QTEST_APPLESS_MAIN(ParallelTest)
#include "tst_parallel.moc"
