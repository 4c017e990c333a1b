#pragma once

#include "ui/rules/schedule_run.h"
#include "ui/state/context.h"

#include <QWidget>

#include <memory>
#include <optional>

class QLabel;
class QSpinBox;

namespace sequela::ui {

class MatchTable;

/// Runs and what became of the matches, on a time axis: one lane for what was found, found again,
/// cut, and for each reason to miss. A click chooses the nearest match of the lane.
class ScheduleAxis : public QWidget {
    Q_OBJECT

public:
    explicit ScheduleAxis(const state::Context& context, QWidget* parent = nullptr);

    /// Null: nothing to show.
    void setResult(std::shared_ptr<const ScheduleResult> result);
    void setStale(bool stale);
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    /// Index into ScheduleResult::marks.
    void markChosen(std::size_t mark);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    [[nodiscard]] QRect plot() const;
    [[nodiscard]] QRect laneRect(int lane) const;
    void paintRuns(QPainter& painter) const;
    void paintLane(QPainter& painter, int lane, const std::vector<std::uint32_t>& columns) const;
    void paintTicks(QPainter& painter) const;

    state::Context m_context;
    std::shared_ptr<const ScheduleResult> m_result;
    bool m_stale = false;
};

/// The replay of a rule's schedule: switches for late runs, late events and an outage, the axis,
/// one sentence with the figures, and every match with what became of it.
class ScheduleView : public QWidget {
    Q_OBJECT

public:
    explicit ScheduleView(const state::Context& context, QWidget* parent = nullptr);

    void setResult(std::shared_ptr<const ScheduleResult> result);
    [[nodiscard]] const ScheduleResult* result() const { return m_result.get(); }
    /// Said while there is no result.
    void setRemark(const QString& remark);
    void setStale(bool stale);
    [[nodiscard]] ScheduleSwitches switches() const;
    void setSwitches(const ScheduleSwitches& switches);
    [[nodiscard]] QString summary() const;
    [[nodiscard]] MatchTable& table() { return *m_table; }

Q_SIGNALS:
    /// The switches are others.
    void replayWanted();

private:
    [[nodiscard]] QWidget* makeSwitches();
    [[nodiscard]] QSpinBox* makeMinutes(const QString& name, const QString& toolTip);

    state::Context m_context;
    std::shared_ptr<const ScheduleResult> m_result;
    QSpinBox* m_runsLate = nullptr;
    QSpinBox* m_eventsLate = nullptr;
    QSpinBox* m_outageAfter = nullptr;
    QSpinBox* m_outage = nullptr;
    QLabel* m_summary = nullptr;
    ScheduleAxis* m_axis = nullptr;
    MatchTable* m_table = nullptr;
};

/// The figures of a replay in one sentence.
[[nodiscard]] QString scheduleSummary(const ScheduleResult& result);

} // namespace sequela::ui
