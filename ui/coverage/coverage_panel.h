#pragma once

#include "ui/coverage/coverage_matrix.h"
#include "ui/jobs/job_runner.h"
#include "ui/state/context.h"
#include "ui/widgets/panel.h"

#include <QAbstractScrollArea>

#include <optional>

namespace sequela::ui {

/// The matrix painted: a column per tactic, a cell per technique that a rule looks for, coloured
/// where it fired.
class CoverageView : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit CoverageView(state::Context& context, QWidget* parent = nullptr);

    void setTactics(std::vector<CoveredTactic> tactics);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    [[nodiscard]] int columnWidth() const;
    void updateScrollBars();
    void paintTechnique(QPainter& painter, const QRect& rect, const CoveredTechnique& technique);
    [[nodiscard]] const CoveredTechnique* techniqueAt(const QPoint& point) const;

    state::Context& m_context;
    std::vector<CoveredTactic> m_tactics;
};

class CoveragePanel : public Panel {
    Q_OBJECT

public:
    explicit CoveragePanel(state::Context& context, QWidget* parent = nullptr);

private:
    void refresh();

    state::Context& m_context;
    CoverageView* m_view = nullptr;
    JobRunner m_job;
};

} // namespace sequela::ui
