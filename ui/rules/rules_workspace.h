#pragma once

#include "core/base/strong_id.h"
#include "ui/state/context.h"

#include <QAction>
#include <QList>
#include <QMainWindow>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sequela::ui {

class TestDraftDialog;
class WorkshopActions;

/// The Rules workspace: list of rules, editor with live results, matches and changes, funnel and
/// near misses, each a dockable panel. A page of the window. What is selected in it goes to the
/// shared selection. GUI thread only; queries run in jobs.
class RulesWorkspace : public QMainWindow {
    Q_OBJECT

public:
    explicit RulesWorkspace(const state::Context& context, QWidget* parent = nullptr);
    ~RulesWorkspace() override;

    /// Shows a rule of the loaded set in the editor; false if there is none with this id.
    bool openRule(const std::string& ruleId);
    /// Opens a scratch tab that belongs to no rule, with this query in it.
    void newQuery(const std::string& text = {});
    /// For the menu bar and the command palette; they belong to the workspace and have their keys
    /// while it has the focus: new query, save, revert, run, format, comment, next problem, find.
    [[nodiscard]] QList<QAction*> workspaceActions() const;
    /// A test of the open rule from events of the case, by stage; null where no rule is open.
    TestDraftDialog* makeTest(std::vector<std::optional<EventNumber>> events, bool expectsMatch);
    /// An exception prefilled from an event, for the open rule.
    void makeException(EventNumber event);
    [[nodiscard]] WorkshopActions& workshop();
    /// Names of rules whose query differs from the file; asked before the window closes.
    [[nodiscard]] QStringList unsavedNames() const;
    /// Puts the keyboard focus into the editor.
    void focusEditor();

Q_SIGNALS:
    /// The user wants to see this event in its table (Return or double click on a match).
    void eventActivated(sequela::EventNumber event);
    /// A line for the status bar: "Rule changed — not saved".
    void statusChanged(const QString& text);

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace sequela::ui
