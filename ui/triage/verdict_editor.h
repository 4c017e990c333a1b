#pragma once

#include "core/detect/alert.h"
#include "core/detect/verdict_edit.h"
#include "ui/state/context.h"
#include "ui/triage/common_verdict.h"

#include <QTimer>
#include <QWidget>

#include <span>
#include <string>
#include <utility>
#include <vector>

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace sequela::ui {

/// Decides about one alert or many: a button per verdict, a note, tags. What is written is kept in
/// the case a moment after the last key, when the field is left, and before other alerts are shown:
/// there is nothing to save. Of many alerts only what is touched changes.
class VerdictEditor : public QWidget {
    Q_OBJECT

public:
    explicit VerdictEditor(state::Context& context, QWidget* parent = nullptr);
    ~VerdictEditor() override;

    /// Shows the verdicts of these alerts; the ids are what edits are about. None: nothing to edit.
    void setAlerts(std::span<const detect::Alert* const> alerts);

    [[nodiscard]] const std::vector<std::string>& alertIds() const { return m_ids; }
    [[nodiscard]] QPlainTextEdit& note() { return *m_note; }
    [[nodiscard]] QLineEdit& newTag() { return *m_newTag; }
    /// One per tag shown, which removes it.
    [[nodiscard]] std::vector<QPushButton*> tagButtons() const { return m_tagButtons; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QPushButton* addButton(const QString& label, detect::VerdictStatus status,
                           detect::VerdictReason reason);
    void makeNote();
    void makeTags();
    void fitNote();
    void showButtons(const CommonVerdict& common);
    void showNote(const CommonVerdict& common);
    void showTags(const CommonVerdict& common);
    [[nodiscard]] QString historyOf(std::span<const detect::Alert* const> alerts,
                                    const CommonVerdict& common) const;
    void decide(detect::VerdictStatus status, detect::VerdictReason reason);
    /// Writes the note if it was touched.
    void commitNote();
    void addTags();
    void offerTags();
    void edit(detect::VerdictEdit edit);

    state::Context& m_context;
    std::vector<std::string> m_ids;
    CommonVerdict m_common;
    QLabel* m_heading = nullptr;
    QWidget* m_buttonRow = nullptr;
    QPlainTextEdit* m_note = nullptr;
    QWidget* m_tagRow = nullptr;
    QLineEdit* m_newTag = nullptr;
    QLabel* m_history = nullptr;
    std::vector<std::pair<QPushButton*, detect::Verdict>> m_buttons;
    std::vector<QPushButton*> m_tagButtons;
    QTimer m_noteTimer;
};

} // namespace sequela::ui
