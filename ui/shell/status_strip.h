#pragma once

#include "ui/state/context.h"

#include <QStatusBar>

#include <cstdint>

class QLabel;
class QToolButton;

namespace sequela::ui {

/// The bottom line of the window: counts, field name, query time, jobs with cancel, memory.
class StatusStrip : public QStatusBar {
    Q_OBJECT

public:
    explicit StatusStrip(state::Context& context, QWidget* parent = nullptr);

    void setSelected(std::uint64_t rows, const QString& field);
    [[nodiscard]] QString countsText() const;
    [[nodiscard]] QString jobText() const;

private:
    void refreshCounts();
    void refreshJobs();
    void refreshMemory();
    void timerEvent(QTimerEvent* event) override;

    state::Context& m_context;
    QLabel* m_alerts = nullptr;
    QLabel* m_counts = nullptr;
    QLabel* m_field = nullptr;
    QLabel* m_job = nullptr;
    QToolButton* m_cancel = nullptr;
    QLabel* m_queryTime = nullptr;
    QLabel* m_memory = nullptr;
    std::uint64_t m_selected = 0;
};

/// Resident memory of this process in bytes, 0 where it cannot be told.
[[nodiscard]] std::uint64_t residentMemory();

} // namespace sequela::ui
