#include "ui/jobs/job_board.h"
#include "ui/jobs/job_runner.h"

#include <QSignalSpy>
#include <QtTest>

#include <atomic>
#include <memory>
#include <semaphore>
#include <stdexcept>
#include <thread>

using namespace sequela;
using sequela::ui::JobBoard;
using sequela::ui::JobRunner;

namespace {

Result<int> waitForStop(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return std::unexpected(cancelledError());
}

} // namespace

class JobRunnerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void deliversOnTheThreadThatAsked()
    {
        JobRunner runner;
        std::thread::id workThread;
        std::thread::id deliveryThread;
        int delivered = 0;
        runner.start<int>(
            QStringLiteral("six times seven"),
            [&workThread](const std::stop_token&, Progress&) -> Result<int> {
                workThread = std::this_thread::get_id();
                return 42;
            },
            [&](const Result<int>& result) {
                deliveryThread = std::this_thread::get_id();
                delivered = *result;
            });
        QTRY_COMPARE(delivered, 42);
        QVERIFY(workThread != deliveryThread);
        QCOMPARE(deliveryThread, std::this_thread::get_id());
        QVERIFY(!runner.isRunning());
    }

    void newestWins()
    {
        JobRunner runner;
        QList<int> delivered;
        for (int number = 0; number < 50; ++number) {
            runner.start<int>(
                QStringLiteral("number"),
                [number](const std::stop_token&, Progress&) -> Result<int> { return number; },
                [&delivered](const Result<int>& result) { delivered.append(*result); });
        }
        QTRY_VERIFY(!delivered.isEmpty());
        QTest::qWait(50);
        QCOMPARE(delivered, QList<int>{49});
    }

    void startingAgainStopsWhatRuns()
    {
        JobRunner runner;
        auto begun = std::make_shared<std::binary_semaphore>(0);
        bool firstDelivered = false;
        runner.start<int>(
            QStringLiteral("endless"),
            [begun](const std::stop_token& stop, Progress&) {
                begun->release();
                return waitForStop(stop);
            },
            [&firstDelivered](const Result<int>&) { firstDelivered = true; });
        begun->acquire();
        int delivered = 0;
        runner.start<int>(
            QStringLiteral("next"),
            [](const std::stop_token&, Progress&) -> Result<int> { return 7; },
            [&delivered](const Result<int>& result) { delivered = *result; });
        QTRY_COMPARE(delivered, 7);
        QVERIFY(!firstDelivered);
    }

    void cancellingIsFinal()
    {
        JobRunner runner;
        QSignalSpy finished(&runner, &JobRunner::finished);
        bool delivered = false;
        runner.start<int>(
            QStringLiteral("ignores the request"),
            [](const std::stop_token&, Progress&) -> Result<int> {
                std::this_thread::sleep_for(std::chrono::milliseconds(30));
                return 1;
            },
            [&delivered](const Result<int>&) { delivered = true; });
        runner.cancel();
        QCOMPARE(finished.count(), 1);
        QVERIFY(!runner.isRunning());
        QTest::qWait(80);
        QVERIFY(!delivered);
    }

    void destroyingCancelsAndJoins()
    {
        auto ended = std::make_shared<std::atomic<bool>>(false);
        {
            JobRunner runner;
            auto begun = std::make_shared<std::binary_semaphore>(0);
            runner.start<int>(
                QStringLiteral("endless"),
                [begun, ended](const std::stop_token& stop, Progress&) {
                    begun->release();
                    auto result = waitForStop(stop);
                    *ended = true;
                    return result;
                },
                [](const Result<int>&) { QFAIL("delivered after its runner went"); });
            begun->acquire();
        }
        QVERIFY(*ended);
        QTest::qWait(10);
    }

    void exceptionsBecomeErrors()
    {
        JobRunner runner;
        std::string message;
        runner.start<int>(
            QStringLiteral("throws"),
            [](const std::stop_token&, Progress&) -> Result<int> {
                throw std::runtime_error("out of cheese");
            },
            [&message](const Result<int>& result) { message = result.error().message; });
        QTRY_VERIFY(!message.empty());
        QVERIFY(message.find("out of cheese") != std::string::npos);
    }

    void moveOnlyResultsAreDelivered()
    {
        JobRunner runner;
        std::unique_ptr<int> delivered;
        runner.start<std::unique_ptr<int>>(
            QStringLiteral("owned"),
            [](const std::stop_token&, Progress&) -> Result<std::unique_ptr<int>> {
                return std::make_unique<int>(5);
            },
            [&delivered](Result<std::unique_ptr<int>> result) { delivered = std::move(*result); });
        QTRY_VERIFY(delivered != nullptr);
        QCOMPARE(*delivered, 5);
    }

    void progressIsSampled()
    {
        JobBoard board;
        JobRunner runner(&board);
        QSignalSpy changed(&board, &JobBoard::changed);
        runner.start<int>(
            QStringLiteral("counts"),
            [](const std::stop_token& stop, Progress& progress) {
                progress.setTotal(200);
                progress.setDone(50);
                progress.setLabel("half way");
                return waitForStop(stop);
            },
            [](const Result<int>&) {});
        QTRY_COMPARE(runner.status().done, std::uint64_t{50});
        QCOMPARE(runner.status().total, std::uint64_t{200});
        QCOMPARE(board.running(), QList<JobRunner*>{&runner});
        QTRY_VERIFY(runner.status().left.has_value());
        board.cancelAll();
        QVERIFY(board.running().isEmpty());
        QVERIFY(changed.count() > 1);
    }
};

QTEST_GUILESS_MAIN(JobRunnerTest)
#include "tst_job_runner.moc"
