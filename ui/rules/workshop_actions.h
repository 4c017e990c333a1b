#pragma once

#include "core/rules/rule_file.h"
#include "ui/jobs/job_runner.h"
#include "ui/rules/live_run.h"
#include "ui/state/context.h"

#include <QObject>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

class QMenu;
class QWidget;

namespace sequela::ui {

class EditorPanel;
class MatchTable;
class TestDraftDialog;

/// What can be done with a match, a near miss or a rule besides editing it: a test, an exception,
/// the evidence of a change, a rule from events, files copied and moved. Dialogs are not modal;
/// results are told by `told`, failures by `failed`.
class WorkshopActions : public QObject {
    Q_OBJECT

public:
    WorkshopActions(const state::Context& context, EditorPanel& editor, QWidget* page);

    /// Adds what can be done with the current row of a table to its menu.
    void addRowActions(QMenu& menu, MatchTable& table, bool isMiss);
    /// Adds what can be done with an entry of the rule list.
    void addRuleActions(QMenu& menu, const rules::RuleEntry& entry);

    /// Null where no rule is open.
    TestDraftDialog* makeTest(std::vector<std::optional<EventNumber>> events, bool expectsMatch);
    /// For the open rule or, without one, for all.
    void makeException(EventNumber event);
    /// For a rule; an empty id is all rules.
    void makeException(EventNumber event, const std::string& ruleId, const std::string& ruleName);
    /// A query drafted from the selected events, in a tab of its own.
    void draftQuery(std::vector<EventNumber> events);
    /// The evidence of the edit under way, into the clipboard or a file.
    void copyEvidence();
    void saveEvidence();
    void writeEvidenceTo(const std::filesystem::path& file);
    /// The query of the current tab as a new rule file.
    void saveAsRule();
    void saveAsRuleTo(const std::filesystem::path& file, const std::string& name);

    void duplicate(const rules::RuleEntry& entry, const std::filesystem::path& to,
                   const std::string& name);
    void move(const rules::RuleEntry& entry, const std::filesystem::path& to);
    /// Switches a rule on or off for the open case, kept there, and runs the rules again.
    void switchRule(const rules::RuleEntry& entry, bool on);
    /// draftQuery of what is selected in the window: the stages of the alert, else the event.
    void draftFromSelection();

Q_SIGNALS:
    void told(const QString& line);
    void failed(const sequela::Diagnostic& error);
    /// A rule file came, went or got tests: the set is to be loaded again. The path is the one to
    /// open afterwards, empty for none.
    void filesChanged(const std::filesystem::path& open);

private:
    void collectEvidence(std::function<void(std::string)> use);
    void askDuplicate(const rules::RuleEntry& entry);
    void askRename(const rules::RuleEntry& entry);
    void askFolder(const rules::RuleEntry& entry);
    void runFileJob(const QString& label, std::function<Result<bool>()> work,
                    const std::filesystem::path& open, const QString& done);

    state::Context m_context;
    EditorPanel& m_editor;
    QWidget* m_page = nullptr;
    JobRunner m_evidenceJob;
    JobRunner m_fileJob;
    JobRunner m_switchJob;
    JobRunner m_draftJob;
};

/// What the query in the current tab is run with; nothing if there is none, or no case. The
/// baseline is that of its last result.
[[nodiscard]] std::optional<LiveRequest> liveRequestOf(const EditorPanel& editor,
                                                       const state::Context& context);

} // namespace sequela::ui
