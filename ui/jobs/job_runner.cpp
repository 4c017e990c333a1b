#include "ui/jobs/job_runner.h"

#include "ui/jobs/job_board.h"
#include "ui/text/event_text.h"

#include <cmath>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace sequela::ui {

namespace {
constexpr int samplingIntervalMs = 100;
} // namespace

/// Everything both threads touch, under one mutex; the worker never touches the QObject but to wake
/// it, which it does while the destructor still waits for the join.
struct JobRunner::Shared {
    struct Request {
        std::uint64_t id = 0;
        Work work;
        std::stop_source stop;
        std::shared_ptr<Progress> progress;
    };

    mutable std::mutex mutex;
    std::condition_variable_any wake;
    std::optional<Request> waiting;
    /// Stop of the request the worker is at, so that a newer one can end it.
    std::optional<std::stop_source> running;
    std::uint64_t newestId = 0;
    std::shared_ptr<Progress> newestProgress;
    std::uint64_t deliveryId = 0;
    Delivery delivery;
    /// Last, so that it is joined before the rest goes.
    std::jthread worker;

    void loop(const std::stop_token& threadStop, JobRunner* owner)
    {
        while (true) {
            std::unique_lock lock(mutex);
            if (!wake.wait(lock, threadStop, [this] { return waiting.has_value(); })) {
                return;
            }
            Request request = std::move(*waiting);
            waiting.reset();
            running = request.stop;
            lock.unlock();

            Delivery result = request.work(request.stop.get_token(), *request.progress);
            request.work = nullptr;

            lock.lock();
            running.reset();
            if (request.id == newestId && !threadStop.stop_requested()) {
                delivery = std::move(result);
                deliveryId = request.id;
                // By name: a pointer would travel in an object of ours through Qt's queue, whose
                // locks the thread sanitizer does not see.
                QMetaObject::invokeMethod(owner, "deliverNewest", Qt::QueuedConnection);
            }
        }
    }

    void dropAll()
    {
        ++newestId;
        waiting.reset();
        delivery = nullptr;
        newestProgress.reset();
        if (running) {
            running->request_stop();
        }
    }
};

JobRunner::JobRunner(JobBoard* board, QObject* parent)
    : QObject(parent), m_shared(std::make_unique<Shared>())
{
    if (board != nullptr) {
        board->add(this);
    }
    m_shared->worker = std::jthread(
        [shared = m_shared.get(), this](const std::stop_token& stop) { shared->loop(stop, this); });
}

JobRunner::~JobRunner()
{
    {
        const std::lock_guard lock(m_shared->mutex);
        m_shared->dropAll();
    }
    m_shared->worker.request_stop();
    m_shared->worker.join();
}

void JobRunner::startErased(QString label, Work work)
{
    m_label = std::move(label);
    m_startTime = std::chrono::steady_clock::now();
    {
        const std::lock_guard lock(m_shared->mutex);
        m_shared->dropAll();
        m_shared->newestProgress = std::make_shared<Progress>();
        m_shared->waiting = Shared::Request{.id = m_shared->newestId,
                                            .work = std::move(work),
                                            .stop = std::stop_source(),
                                            .progress = m_shared->newestProgress};
    }
    m_shared->wake.notify_one();
    setActive(true);
}

void JobRunner::cancel()
{
    if (!m_active) {
        return;
    }
    {
        const std::lock_guard lock(m_shared->mutex);
        m_shared->dropAll();
    }
    setActive(false);
}

void JobRunner::deliverNewest()
{
    Delivery delivery;
    {
        const std::lock_guard lock(m_shared->mutex);
        if (m_shared->deliveryId != m_shared->newestId) {
            return;
        }
        delivery = std::exchange(m_shared->delivery, nullptr);
        // A second wake-up for the same request finds nothing more.
        m_shared->deliveryId = 0;
        m_shared->newestProgress.reset();
    }
    // Before the delivery, which may start the next request.
    setActive(false);
    if (delivery) {
        delivery();
    }
}

void JobRunner::setActive(bool active)
{
    if (active == m_active) {
        if (active) {
            Q_EMIT started();
        }
        return;
    }
    m_active = active;
    if (active) {
        m_timerId = startTimer(samplingIntervalMs);
        Q_EMIT started();
    } else {
        killTimer(m_timerId);
        Q_EMIT finished();
    }
}

void JobRunner::timerEvent(QTimerEvent* /*event*/)
{
    Q_EMIT progressed();
}

JobStatus JobRunner::status() const
{
    if (!m_active) {
        return {};
    }
    std::shared_ptr<const Progress> progress;
    {
        const std::lock_guard lock(m_shared->mutex);
        progress = m_shared->newestProgress;
    }
    JobStatus status;
    status.label = m_label;
    status.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - m_startTime);
    if (!progress) {
        return status;
    }
    status.step = text::visible(progress->label());
    status.done = progress->done();
    status.total = progress->total();
    status.items = progress->items();
    const double seconds = static_cast<double>(status.elapsed.count()) / 1000.0;
    if (seconds > 0.2) {
        status.donePerSecond = static_cast<double>(status.done) / seconds;
        status.itemsPerSecond = static_cast<double>(status.items) / seconds;
        if (status.total > status.done && status.donePerSecond > 0.0) {
            status.left = std::chrono::seconds(std::llround(
                static_cast<double>(status.total - status.done) / status.donePerSecond));
        }
    }
    return status;
}

Diagnostic JobRunner::unexpectedError(const char* what)
{
    return makeError("unexpected", std::string("An operation failed unexpectedly: ") + what,
                     "Try again; if it happens again, please report it with what led to it.");
}

} // namespace sequela::ui
