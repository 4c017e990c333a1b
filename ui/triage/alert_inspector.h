#pragma once

#include "core/detect/alert.h"
#include "ui/events/event_details.h"
#include "ui/jobs/job_runner.h"
#include "ui/state/context.h"
#include "ui/widgets/panel.h"

#include <optional>
#include <string>
#include <vector>

class QLabel;
class QScrollArea;
class QStackedWidget;
class QToolButton;
class QVBoxLayout;

namespace sequela::ui {

class EmptyState;
class VerdictEditor;

/// The selected alert: what it is, its stages in order, why it fired, what was decided.
class AlertInspector : public Panel {
    Q_OBJECT

public:
    explicit AlertInspector(state::Context& context, QWidget* parent = nullptr);

    /// What the verdict editor is about if the shown alert is among them; else it is about that
    /// one alone.
    void setSelectedAlerts(std::vector<std::string> alertIds);
    [[nodiscard]] VerdictEditor& verdictEditor() { return *m_verdict; }

Q_SIGNALS:
    /// Open the rule of the selected alert in the Rules workspace.
    void tuneRequested(const std::string& ruleId);
    void exportRequested();
    /// An exception for what the selected alert found.
    void exceptionRequested(const std::string& alertId);

private:
    /// Read in a job: what the alert alone does not hold.
    struct Evidence {
        std::vector<std::optional<EventDetails>> events;
        std::optional<detect::AlertDetails> details;
    };

    void follow();
    void showAlert(const detect::Alert& alert);
    void showEvidence(const detect::Alert& alert, const Evidence& evidence);
    void showClauses(const detect::Alert& alert, const detect::AlertDetails& details);
    void fillChips(const detect::Alert& alert);
    void addText(const QString& text, const char* styleClass, bool isData);
    void showVerdict();

    state::Context& m_context;
    QStackedWidget* m_stack = nullptr;
    EmptyState* m_empty = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_attack = nullptr;
    QLabel* m_reason = nullptr;
    QWidget* m_chips = nullptr;
    QVBoxLayout* m_stages = nullptr;
    VerdictEditor* m_verdict = nullptr;
    QToolButton* m_tune = nullptr;
    QToolButton* m_except = nullptr;
    QToolButton* m_export = nullptr;
    std::string m_shownId;
    std::vector<std::string> m_selectedIds;
    JobRunner m_job;
};

/// "Execution → T1059.002 AppleScript · Command and Control → T1105 Ingress Tool Transfer".
[[nodiscard]] QString attackLine(const detect::AlertRule& rule);
/// The same in short: tactics with the ids of their techniques.
[[nodiscard]] QString attackSummary(const detect::AlertRule& rule);

} // namespace sequela::ui
