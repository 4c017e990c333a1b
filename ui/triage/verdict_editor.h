#pragma once

#include "core/detect/alert.h"
#include "ui/state/context.h"

#include <QWidget>

#include <string>

class QLabel;
class QLineEdit;
class QPushButton;

namespace sequela::ui {

/// Decides about one alert: a button per verdict and a note. The note is saved with the verdict, or
/// on its own when Return is pressed in it.
class VerdictEditor : public QWidget {
    Q_OBJECT

public:
    explicit VerdictEditor(state::Context& context, QWidget* parent = nullptr);

    void setAlert(const detect::Alert& alert);

private:
    QPushButton* addButton(const QString& label, detect::VerdictStatus status,
                           detect::VerdictReason reason);
    void save(detect::VerdictStatus status, detect::VerdictReason reason);

    state::Context& m_context;
    std::string m_alertId;
    detect::Verdict m_verdict;
    QWidget* m_buttonRow = nullptr;
    QLineEdit* m_note = nullptr;
    QLabel* m_history = nullptr;
    std::vector<std::pair<QPushButton*, detect::Verdict>> m_buttons;
};

} // namespace sequela::ui
