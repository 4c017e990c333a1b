#pragma once

#include "ui/jobs/job_runner.h"
#include "ui/rules/rule_rows.h"
#include "ui/state/context.h"
#include "ui/widgets/panel.h"

#include <memory>
#include <set>
#include <vector>

class QLineEdit;
class QMenu;
class QPoint;
class QStackedWidget;
class QTimer;
class QTreeView;

namespace sequela::ui {

class ElidedLabel;
class EmptyState;
class RuleListModel;

/// All entries of the loaded rule set, grouped and searched. The one in the editor is current.
class RuleListPanel : public Panel {
    Q_OBJECT

public:
    explicit RuleListPanel(const state::Context& context, QWidget* parent = nullptr);

    /// Marks an entry as the one in the editor, without opening it.
    void setCurrentEntry(std::size_t entryIndex);
    void setGrouping(RuleGrouping grouping);
    void setOrder(RuleOrder order);
    /// The line under the list: why the current rule cannot run here, what lint says of it.
    [[nodiscard]] QString summary() const;
    [[nodiscard]] QLineEdit& searchBox() { return *m_search; }
    [[nodiscard]] QTreeView& tree() { return *m_tree; }

Q_SIGNALS:
    /// The user chose an entry; @p stay: the keyboard stays in the list.
    void entryChosen(std::size_t entryIndex, bool stay);
    /// The menu of an entry is about to show.
    void menuRequested(QMenu* menu, std::size_t entryIndex);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void makeGroupingChoice();
    void layOut();
    void connectParts();
    void refresh();
    void startLint();
    void showSummary();
    void choose(const QModelIndex& index, bool stay);
    void showMenu(const QPoint& position);

    state::Context m_context;
    QLineEdit* m_search = nullptr;
    QTreeView* m_tree = nullptr;
    QStackedWidget* m_stack = nullptr;
    EmptyState* m_empty = nullptr;
    RuleListModel* m_model = nullptr;
    QTimer* m_searchTimer = nullptr;
    RuleGrouping m_grouping = RuleGrouping::Tactic;
    std::optional<std::size_t> m_current;
    std::set<QString> m_folded;
    bool m_refreshing = false;
    RuleOrder m_order = RuleOrder::MostHits;
    ElidedLabel* m_summary = nullptr;
    /// Of the set that is shown; one an entry, or none yet.
    std::vector<RuleLint> m_lints;
    std::shared_ptr<const rules::RuleSet> m_lintedRules;
    JobRunner m_lintJob;
};

} // namespace sequela::ui
