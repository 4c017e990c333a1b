#pragma once

#include "core/workspace/test_draft.h"
#include "ui/jobs/job_runner.h"
#include "ui/state/context.h"

#include <QDialog>

#include <memory>
#include <optional>
#include <string>
#include <vector>

class QCheckBox;
class QDialogButtonBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QTreeWidget;

namespace sequela::ui {

/// A test of a rule made of events of the case: what it keeps, what of it is redacted, and the text
/// that goes into the test file. Not modal; the window lives on.
class TestDraftDialog : public QDialog {
    Q_OBJECT

public:
    /// @p rule: with the query as it stands in the editor.
    TestDraftDialog(const state::Context& context, workspace::TestDraftRequest request,
                    QWidget* parent = nullptr);

    /// Text of the test as it would be saved; empty until the draft is made.
    [[nodiscard]] QString preview() const;
    [[nodiscard]] QString remark() const;
    /// Fields of the draft, and whether each is to be redacted.
    [[nodiscard]] QTreeWidget& fields() { return *m_fields; }
    [[nodiscard]] QLineEdit& name() { return *m_name; }

public Q_SLOTS:
    /// Appends the test to the rule's test file.
    void save();

Q_SIGNALS:
    /// The test stands in this file.
    void saved(const QString& file);

private:
    void layOut();
    void startDraft();
    void takeDraft(Result<workspace::TestDraft> draft);
    void fillFields();
    void startRedaction();
    void showDraft(workspace::TestDraft draft);
    void showError(const Diagnostic& error);

    state::Context m_context;
    workspace::TestDraftRequest m_request;
    /// As it was found; redaction starts from it each time.
    std::optional<workspace::TestDraft> m_draft;
    std::optional<workspace::TestDraft> m_shown;
    QLineEdit* m_name = nullptr;
    QTreeWidget* m_fields = nullptr;
    QPlainTextEdit* m_preview = nullptr;
    QLabel* m_remark = nullptr;
    QDialogButtonBox* m_buttons = nullptr;
    bool m_filling = false;
    JobRunner m_draftJob;
    JobRunner m_saveJob;
};

} // namespace sequela::ui
