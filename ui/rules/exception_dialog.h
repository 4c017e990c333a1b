#pragma once

#include "core/workspace/workspace.h"
#include "ui/jobs/job_runner.h"
#include "ui/state/context.h"

#include <QDialog>
#include <QTimer>

#include <optional>
#include <string>
#include <utility>
#include <vector>

class QCheckBox;
class QComboBox;
class QDialogButtonBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPlainTextEdit;

namespace sequela::ui {

/// What an exception is made for: an alert or a single cell.
struct ExceptionSeed {
    /// Rule it is offered for first; empty: all rules.
    std::string ruleId;
    std::string ruleName;
    /// Condition to start with.
    std::string condition;
    /// Clauses that the event offers, each an EQL comparison.
    std::vector<std::string> clauses;
    /// The saved exception that is edited; nothing for a new one.
    std::optional<detect::Exception> existing;
};

/// An exception, new or saved: condition, whom it concerns, how long it lasts, and what it would do
/// to this case before it is kept. Not modal.
class ExceptionDialog : public QDialog {
    Q_OBJECT

public:
    ExceptionDialog(const state::Context& context, ExceptionSeed seed, QWidget* parent = nullptr);

    [[nodiscard]] QPlainTextEdit& condition() { return *m_condition; }
    [[nodiscard]] QLineEdit& comment() { return *m_comment; }
    [[nodiscard]] QListWidget& clauses() { return *m_clauses; }
    /// What the preview says.
    [[nodiscard]] QString effect() const;
    [[nodiscard]] bool canSave() const;

public Q_SLOTS:
    /// Keeps the exception in the case and runs the rules again.
    void save();

Q_SIGNALS:
    void saved();

private:
    void layOut();
    void offerClauses(const std::vector<std::string>& clauses);
    void composeCondition();
    void takeExisting(const detect::Exception& exception);
    [[nodiscard]] detect::Exception exception() const;
    void startPreview();
    void showPreview(const workspace::ExceptionPreview& preview);
    void setEffect(const QString& text, bool isAlarm);

    state::Context m_context;
    ExceptionSeed m_seed;
    QPlainTextEdit* m_condition = nullptr;
    QListWidget* m_clauses = nullptr;
    QComboBox* m_scope = nullptr;
    QComboBox* m_expiry = nullptr;
    QLineEdit* m_comment = nullptr;
    QLabel* m_effect = nullptr;
    QListWidget* m_affected = nullptr;
    QDialogButtonBox* m_buttons = nullptr;
    QTimer m_pause;
    bool m_composing = false;
    JobRunner m_previewJob;
    JobRunner m_saveJob;
};

/// Clauses an event offers for an exception, most telling first, and the condition of the first.
/// Runs in a job. Errors: unreadable data.
[[nodiscard]] Result<ExceptionSeed> exceptionSeed(const workspace::Snapshot& snapshot,
                                                  EventNumber event, const std::string& ruleId,
                                                  const std::string& ruleName);

} // namespace sequela::ui
