#pragma once

#include "ui/state/context.h"
#include "ui/widgets/panel.h"

class QLabel;
class QProgressBar;
class QPushButton;
class QTreeWidget;

namespace sequela::ui {

/// What imports do and did: progress with rate, time left and cancel; then every file with what was
/// read, skipped, or refused, and why.
class ImportReport : public Panel {
    Q_OBJECT

public:
    explicit ImportReport(state::Context& context, QWidget* parent = nullptr);

    [[nodiscard]] QTreeWidget& files() { return *m_files; }

private:
    void showProgress();
    void showOutcome();
    void clear();

    state::Context& m_context;
    QWidget* m_progressRow = nullptr;
    QLabel* m_line = nullptr;
    QProgressBar* m_bar = nullptr;
    QPushButton* m_cancel = nullptr;
    QTreeWidget* m_files = nullptr;
};

} // namespace sequela::ui
