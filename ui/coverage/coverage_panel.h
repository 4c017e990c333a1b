#pragma once

#include "ui/coverage/coverage_matrix.h"
#include "ui/jobs/job_runner.h"
#include "ui/state/context.h"
#include "ui/widgets/panel.h"

#include <QAbstractScrollArea>

#include <memory>
#include <set>
#include <string>
#include <vector>

class QComboBox;
class QTreeWidget;

namespace sequela::workspace {
struct Snapshot;
} // namespace sequela::workspace

namespace sequela::ui {

/// The matrix painted: a column per tactic, a cell per technique that a rule looks for, coloured
/// where it fired, barred where no rule of it can run here.
class CoverageView : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit CoverageView(state::Context& context, QWidget* parent = nullptr);

    void setTactics(std::vector<CoveredTactic> tactics);
    [[nodiscard]] const std::vector<CoveredTactic>& tactics() const { return m_tactics; }
    /// Makes a cell the current one, as a click would; nothing with an id that is not there.
    void choose(const std::string& tacticId, const std::string& techniqueId);

Q_SIGNALS:
    /// The current cell; null for none. Valid until the next setTactics.
    void techniqueChosen(const sequela::ui::CoveredTechnique* technique);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Place {
        int column = -1;
        int row = -1;
        bool operator==(const Place&) const = default;
    };
    [[nodiscard]] int columnWidth() const;
    void updateScrollBars();
    void paintTechnique(QPainter& painter, const QRect& rect, const CoveredTechnique& technique,
                        bool isCurrent);
    [[nodiscard]] Place placeAt(const QPoint& point) const;
    [[nodiscard]] const CoveredTechnique* techniqueAt(Place place) const;
    void setCurrent(Place place);
    void scrollTo(Place place);

    state::Context& m_context;
    std::vector<CoveredTactic> m_tactics;
    Place m_current;
};

/// The Coverage workspace: filters, the matrix, and beside it the rules of the chosen technique
/// with their alerts, or what is blocked on this data and why.
class CoveragePanel : public Panel {
    Q_OBJECT

public:
    explicit CoveragePanel(state::Context& context, QWidget* parent = nullptr);

    [[nodiscard]] CoverageView& view() { return *m_view; }
    [[nodiscard]] QTreeWidget& details() { return *m_details; }
    void setFilter(const CoverageFilter& filter);
    /// Rules that would match if their maxspan were longer, by index in the rule set.
    [[nodiscard]] const std::set<std::size_t>& nearMissed() const { return m_nearMissed; }

Q_SIGNALS:
    /// A rule was activated in the list.
    void ruleRequested(const std::string& ruleId);
    /// An alert was activated in the list.
    void alertRequested(const std::string& alertId);
    void layerExportRequested();

protected:
    void showEvent(QShowEvent* event) override;

private:
    struct Covered {
        std::vector<CoveredTactic> tactics;
        std::vector<BlockedRules> blocked;
        std::set<std::size_t> nearMissed;
    };
    void makeControls();
    void refresh();
    void refreshPacks();
    void showBlocked();
    void showTechnique(const CoveredTechnique& technique);
    /// A rule of the chosen technique with what became of it.
    void showRule(const rules::RuleEntry& entry, std::size_t index);

    state::Context& m_context;
    CoverageFilter m_filter;
    CoverageView* m_view = nullptr;
    QTreeWidget* m_details = nullptr;
    QComboBox* m_platform = nullptr;
    QComboBox* m_pack = nullptr;
    std::shared_ptr<const rules::RuleSet> m_rules;
    std::shared_ptr<const detect::Detection> m_detection;
    std::vector<BlockedRules> m_blocked;
    std::set<std::size_t> m_nearMissed;
    /// What the near misses were looked for in; they take the longest.
    std::shared_ptr<const rules::RuleSet> m_nearRules;
    std::weak_ptr<const workspace::Snapshot> m_nearSnapshot;
    bool m_isStale = true;
    JobRunner m_job;
};

} // namespace sequela::ui
