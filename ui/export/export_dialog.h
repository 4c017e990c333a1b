#pragma once

#include "core/report/export.h"
#include "ui/export/export_job.h"
#include "ui/jobs/job_runner.h"
#include "ui/state/context.h"

#include <QDialog>

#include <string>
#include <vector>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QPlainTextEdit;
class QTextEdit;

namespace sequela::ui {

/// Which alerts an export may be about.
struct ExportScopes {
    /// What is selected in the alert list; may be empty.
    std::vector<std::string> selected;
    /// All alerts of the group of the current one, and what the group is called.
    std::vector<std::string> group;
    QString groupName;
};

/// Chooses alerts and a format, shows what the file will say, and writes it. Documents are shown as
/// their pages are set, data formats as text.
class ExportDialog : public QDialog {
    Q_OBJECT

public:
    /// Alerts in a preview at most; the file holds them all.
    static constexpr std::size_t previewAlerts = 20;
    /// Bytes of a data format in a preview at most.
    static constexpr qsizetype previewBytes = 64 * 1024;

    ExportDialog(state::Context& context, ExportScopes scopes, QWidget* parent = nullptr);

    /// What would be written now, and as what.
    [[nodiscard]] report::ExportRequest request() const;
    [[nodiscard]] const ExportFormat& format() const;
    void setFormat(const QString& name);
    /// Writes to @p file as the button does, without its file dialog.
    void exportTo(const QString& file);

Q_SIGNALS:
    void exported(const QString& file);

private:
    void makeForm();
    void makePreview();
    void refreshPreview();
    void chooseFile();

    state::Context& m_context;
    ExportScopes m_scopes;
    QComboBox* m_scope = nullptr;
    QComboBox* m_format = nullptr;
    QLineEdit* m_title = nullptr;
    QCheckBox* m_buildingBlocks = nullptr;
    QLabel* m_remark = nullptr;
    QStackedWidget* m_preview = nullptr;
    QPlainTextEdit* m_plain = nullptr;
    QTextEdit* m_pages = nullptr;
    QPushButton* m_export = nullptr;
    JobRunner m_previewJob;
    JobRunner m_exportJob;
};

} // namespace sequela::ui
