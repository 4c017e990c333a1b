#pragma once

#include "ui/jobs/job_runner.h"
#include "ui/state/context.h"

#include <QJsonObject>
#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>
#include <string>

namespace sequela::workspace {
class Workspace;
} // namespace sequela::workspace

namespace sequela::ui {

/// Keeps how the window is arranged in the case, so that it looks the same on another machine:
/// written in a job some time after the last change and when the window goes, read when a case is
/// opened. A read-only case is read and left alone.
class CaseArrangement : public QObject {
    Q_OBJECT

public:
    /// @p capture says what the arrangement is; it is called on the GUI thread.
    CaseArrangement(const state::Context& context, std::function<QJsonObject()> capture,
                    QObject* parent = nullptr);

    /// Something may be arranged otherwise.
    void touch();
    /// Writes what is not written yet and waits a moment for it: the window goes.
    void finish();

Q_SIGNALS:
    /// The case that was opened keeps this one. It may come from a stranger.
    void loaded(const QJsonObject& arrangement);

private:
    void load();
    void write(const std::function<void()>& done);

    static constexpr int writeDelayMs = 700;
    /// An import may hold the case; then the settings have to do.
    static constexpr int finishWaitMs = 400;

    state::Context m_context;
    std::function<QJsonObject()> m_capture;
    std::shared_ptr<workspace::Workspace> m_workspace;
    /// As the case has it.
    std::string m_written;
    bool m_isLoading = false;
    QTimer m_delay;
    JobRunner m_readJob;
    JobRunner m_writeJob;
};

} // namespace sequela::ui
