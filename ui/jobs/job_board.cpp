#include "ui/jobs/job_board.h"

#include "ui/jobs/job_runner.h"

namespace sequela::ui {

void JobBoard::add(JobRunner* runner)
{
    m_runners.append(QPointer<JobRunner>(runner));
    connect(runner, &JobRunner::started, this, &JobBoard::changed);
    connect(runner, &JobRunner::progressed, this, &JobBoard::changed);
    connect(runner, &JobRunner::finished, this, &JobBoard::changed);
    connect(runner, &QObject::destroyed, this, [this] {
        m_runners.removeIf([](const QPointer<JobRunner>& known) { return known.isNull(); });
        Q_EMIT changed();
    });
}

QList<JobRunner*> JobBoard::running() const
{
    QList<JobRunner*> result;
    for (const QPointer<JobRunner>& runner : m_runners) {
        if (!runner.isNull() && runner->isRunning()) {
            result.append(runner.data());
        }
    }
    return result;
}

void JobBoard::cancelAll()
{
    for (JobRunner* runner : running()) {
        runner->cancel();
    }
}

} // namespace sequela::ui
