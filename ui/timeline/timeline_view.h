#pragma once

#include "core/views/lane_raster.h"
#include "core/views/network_timeline.h"
#include "core/views/timeline_geometry.h"
#include "ui/state/case_views.h"
#include "ui/state/context.h"

#include <QAbstractScrollArea>

#include <memory>
#include <optional>
#include <vector>

namespace sequela::ui {

/// Which flows the timeline shows.
enum class TimelineScope : std::uint8_t {
    /// Of the host of the selected alert or process; all hosts if nothing is selected.
    SelectedHost,
    AllHosts,
};

/// Network activity in lanes over time. Wheel zooms at the cursor, drag pans, Shift and drag
/// brushes a time range for the whole window; arrows, +, − and F do the same from the keyboard.
class TimelineView : public QAbstractScrollArea {
    Q_OBJECT

public:
    TimelineView(const state::Context& context, state::CaseViews& views, QWidget* parent = nullptr);

    void setGrouping(views::LaneGrouping grouping);
    [[nodiscard]] views::LaneGrouping grouping() const { return m_grouping; }
    void setScope(TimelineScope scope);
    [[nodiscard]] const std::vector<views::Lane>& lanes() const { return m_lanes; }
    [[nodiscard]] const views::TimelineGeometry& geometry() const { return m_geometry; }
    /// "42 min": the length of what is visible.
    [[nodiscard]] QString zoomLabel() const;

public Q_SLOTS:
    void fit();

Q_SIGNALS:
    /// The visible range is another (header shows its length).
    void viewChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    struct Hit {
        std::size_t lane = 0;
        std::optional<std::uint32_t> flow;
    };
    enum class Drag : std::uint8_t { None, Pan, Brush };

    void rebuildLanes();
    void followSelection();
    void zoomToSelection();
    [[nodiscard]] std::vector<std::uint32_t> wantedFlows() const;
    [[nodiscard]] std::optional<std::string> selectedHostName() const;
    [[nodiscard]] std::optional<views::ProcessIndex> selectedProcess() const;
    void moveRelatedLanesUp();
    void updateScrollBar();
    [[nodiscard]] QRect laneRect(std::size_t lane) const;
    [[nodiscard]] std::optional<Hit> hitAt(const QPoint& point) const;
    void selectFlow(std::uint32_t flow);
    [[nodiscard]] views::FlowStyle styleOf(std::uint32_t flow) const;
    [[nodiscard]] QColor colorOf(views::FlowStyle style) const;
    void paintAxis(QPainter& painter) const;
    void paintLane(QPainter& painter, std::size_t lane) const;
    void paintLaneNote(QPainter& painter, std::size_t lane) const;
    void paintEmpty(QPainter& painter) const;
    [[nodiscard]] QString flowCard(std::uint32_t flow) const;
    void viewMoved();

    state::Context m_context;
    state::CaseViews& m_views;
    std::shared_ptr<const state::CaseViews::Built> m_built;
    views::LaneGrouping m_grouping = views::LaneGrouping::Process;
    TimelineScope m_scope = TimelineScope::SelectedHost;
    std::vector<views::Lane> m_lanes;
    std::vector<std::int64_t> m_longestNs;
    std::optional<std::string> m_shownHost;
    std::string m_shownAlert;
    views::TimelineGeometry m_geometry;
    Drag m_drag = Drag::None;
    QPoint m_pressedAt;
    QPoint m_dragAt;
    bool m_dragged = false;
};

} // namespace sequela::ui
