#pragma once

#include "core/base/diagnostic.h"
#include "core/base/progress.h"

#include <QObject>
#include <QString>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <type_traits>
#include <utility>

namespace sequela::ui {

class JobBoard;

/// What a job under way has done so far, sampled.
struct JobStatus {
    /// What the job was started as: "Importing 3 files".
    QString label;
    /// What it is at: a file name. May be empty.
    QString step;
    std::uint64_t done = 0;
    /// 0 while unknown.
    std::uint64_t total = 0;
    std::uint64_t items = 0;
    std::chrono::milliseconds elapsed{0};
    /// Units of `done` and items a second over the whole run; 0 in the first moments.
    double donePerSecond = 0.0;
    double itemsPerSecond = 0.0;
    /// Known once there is a total and a rate.
    std::optional<std::chrono::seconds> left;
};

/// Runs core work off the GUI thread, one thread for one purpose (import, sort, filter, editor).
///
/// Newest wins: starting again cancels what runs and drops what waits. A result is delivered on the
/// thread the runner lives in, only if its request is still the newest and was not cancelled, so a
/// stale result never overwrites a newer one. Cancelling is final: nothing of that request comes
/// back. The destructor cancels and joins. An exception in the work is delivered as an error.
///
///     m_sort.start<Rows>(tr("Sorting"),
///         [snapshot](std::stop_token stop, Progress&) { return sortRows(*snapshot, stop); },
///         [this](Result<Rows> rows) { show(std::move(rows)); });
class JobRunner : public QObject {
    Q_OBJECT

public:
    /// With a board the jobs appear in the status bar, where the user can cancel them.
    explicit JobRunner(JobBoard* board = nullptr, QObject* parent = nullptr);
    ~JobRunner() override;

    /// Starts @p work and hands its result to @p deliver. The work runs on the runner's thread and
    /// must own all it touches; it polls the stop token. Deliver is called with an error for
    /// failures but never for cancellation.
    template <typename T>
    void start(QString label, std::function<Result<T>(std::stop_token, Progress&)> work,
               std::function<void(Result<T>)> deliver)
    {
        startErased(std::move(label),
                    [work = std::move(work), deliver = std::move(deliver)](
                        const std::stop_token& stop, Progress& progress) -> Delivery {
                        // Shared, as std::function wants copies and results may be move-only.
                        auto result = std::make_shared<Result<T>>(
                            guarded<T>([&] { return work(stop, progress); }));
                        if (!*result && isCancelled(result->error())) {
                            return {};
                        }
                        return [deliver, result] { deliver(std::move(*result)); };
                    });
    }

    /// Cancels for good; a no-op if nothing runs.
    void cancel();
    /// Whether a request is waiting, running or about to be delivered.
    [[nodiscard]] bool isRunning() const { return m_active; }
    /// Of the newest request; label empty if nothing runs.
    [[nodiscard]] JobStatus status() const;

Q_SIGNALS:
    void started();
    /// About ten times a second while something runs.
    void progressed();
    /// The newest request is over: delivered, failed or cancelled.
    void finished();

private Q_SLOTS:
    void deliverNewest();

private:
    using Delivery = std::function<void()>;
    using Work = std::function<Delivery(const std::stop_token&, Progress&)>;
    struct Shared;

    void startErased(QString label, Work work);
    void setActive(bool active);
    static Diagnostic unexpectedError(const char* what);

    template <typename T, typename Call>
    static Result<T> guarded(Call&& call)
    {
        // An exception that leaves a thread ends the program; core throws none, its libraries may.
        try {
            return std::forward<Call>(call)();
        } catch (const std::exception& exception) {
            return std::unexpected(unexpectedError(exception.what()));
        } catch (...) {
            return std::unexpected(unexpectedError("unknown exception"));
        }
    }

    std::unique_ptr<Shared> m_shared;
    QString m_label;
    std::chrono::steady_clock::time_point m_startTime;
    bool m_active = false;
    int m_timerId = 0;

protected:
    void timerEvent(QTimerEvent* event) override;
};

} // namespace sequela::ui
