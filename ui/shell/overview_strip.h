#pragma once

#include "core/detect/alert.h"
#include "core/views/histogram.h"
#include "ui/jobs/job_runner.h"
#include "ui/shell/overview_geometry.h"
#include "ui/state/context.h"

#include <QWidget>

#include <optional>
#include <vector>

namespace sequela::ui {

/// The whole case on one line: events over time, alerts above, the brushed time range. Dragging
/// sets the range everywhere; dragging the range moves it; a double click or Esc removes it. Keys:
/// ←/→ move the range, Shift+←/→ its end.
class OverviewStrip : public QWidget {
    Q_OBJECT

public:
    explicit OverviewStrip(state::Context& context, QWidget* parent = nullptr);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] OverviewGeometry geometryOfCase() const;
    [[nodiscard]] bool hasHistogram() const { return !m_histogram.counts.empty(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    enum class Drag : std::uint8_t { None, New, Move, Begin, End };
    struct Mark {
        std::int64_t timeNs = 0;
        detect::AlertSeverity severity = detect::AlertSeverity::Low;
    };

    void rebuild();
    void rebuildMarks();
    void paintBars(QPainter& painter, const OverviewGeometry& geometry);
    void paintMarks(QPainter& painter, const OverviewGeometry& geometry);
    void paintEnds(QPainter& painter) const;
    void paintBrush(QPainter& painter, const OverviewGeometry& geometry);
    [[nodiscard]] Drag dragAt(double x) const;
    [[nodiscard]] std::optional<state::TimeRange> shownRange() const;

    static constexpr std::size_t bucketCount = 2000;

    state::Context& m_context;
    views::Histogram m_histogram;
    std::vector<Mark> m_marks;
    Drag m_drag = Drag::None;
    double m_dragX = 0.0;
    /// While dragging; the selection follows when the button is released.
    std::optional<state::TimeRange> m_draft;
    std::optional<state::TimeRange> m_dragStart;
    JobRunner m_job;
};

} // namespace sequela::ui
