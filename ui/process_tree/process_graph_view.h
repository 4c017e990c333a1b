#pragma once

#include "core/views/process_graph.h"
#include "ui/state/case_views.h"
#include "ui/state/context.h"

#include <QPointF>
#include <QWidget>

#include <memory>
#include <optional>

namespace sequela::ui {

/// Where the graph stands in its widget: pixels = units × scale + offset. Pure, for tests.
struct GraphViewport {
    double scale = 1.0;
    QPointF offset;

    /// A row and a column of the graph in pixels at 100 %.
    static constexpr double columnWidth = 196.0;
    static constexpr double rowHeight = 46.0;
    static constexpr double boxWidth = 164.0;
    static constexpr double boxHeight = 36.0;
    static constexpr double smallestScale = 0.15;
    /// Below this a box is a plain mark.
    static constexpr double readableScale = 0.62;
    static constexpr double largestScale = 2.5;

    [[nodiscard]] QRectF boxOf(const views::GraphNode& node) const;
    /// The graph point under @p pixel stays there.
    void zoomAt(QPointF pixel, double factor);
    /// All of the graph in view, never larger than 100 %; with @p readable not smaller than can be
    /// read either, whatever that leaves outside.
    void fit(const views::ProcessGraph& graph, QSizeF size, bool readable);
};

/// The processes around the selected one as boxes and lines: ancestors to the left, descendants to
/// the right. The wheel zooms at the cursor, drag pans, a click selects, a double click starts at
/// that process; arrows walk, F fits, + and − zoom.
class ProcessGraphView : public QWidget {
    Q_OBJECT

public:
    ProcessGraphView(const state::Context& context, state::CaseViews& views,
                     QWidget* parent = nullptr);

    [[nodiscard]] const views::ProcessGraph& graph() const { return m_graph; }
    [[nodiscard]] const GraphViewport& view() const { return m_view; }
    [[nodiscard]] std::optional<std::size_t> nodeAt(QPointF point) const;

public Q_SLOTS:
    /// The whole graph.
    void fit();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void showEvent(QShowEvent* event) override;
    bool event(QEvent* event) override;

private:
    void rebuild();
    void followSelection();
    void startAt(views::ProcessIndex process);
    void select(std::size_t node);
    void walk(int key);
    void ensureVisible(std::size_t node);
    /// As it comes: readable, the selected process in view.
    void arrange();
    void paintEdge(QPainter& painter, const views::GraphNode& node) const;
    void paintNode(QPainter& painter, std::size_t node) const;

    state::Context m_context;
    state::CaseViews& m_views;
    std::shared_ptr<const state::CaseViews::Built> m_built;
    views::ProcessGraph m_graph;
    std::optional<std::size_t> m_current;
    GraphViewport m_view;
    QPointF m_pressedAt;
    QPointF m_draggedFrom;
    bool m_dragging = false;
    /// Nobody has moved the graph since it was arranged: it follows the size of the panel.
    bool m_isArranged = true;
};

} // namespace sequela::ui
