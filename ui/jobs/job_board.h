#pragma once

#include <QList>
#include <QObject>
#include <QPointer>

namespace sequela::ui {

class JobRunner;

/// The jobs that are under way, for the status bar and for Esc. GUI thread only.
class JobBoard : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    void add(JobRunner* runner);
    /// Runners with a job under way, oldest runner first.
    [[nodiscard]] QList<JobRunner*> running() const;
    void cancelAll();

Q_SIGNALS:
    /// A job started, moved or ended.
    void changed();

private:
    QList<QPointer<JobRunner>> m_runners;
};

} // namespace sequela::ui
