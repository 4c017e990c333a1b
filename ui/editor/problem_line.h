#pragma once

#include "core/base/diagnostic.h"

#include <QFrame>

#include <vector>

class QLabel;
class QToolButton;

namespace sequela::ui {

class ElidedLabel;
class Theme;

/// What is wrong with the query, one line under the editor: how many problems, the one at hand,
/// its fix. Takes no room while there is nothing to say.
class ProblemLine : public QFrame {
    Q_OBJECT

public:
    explicit ProblemLine(Theme& theme, QWidget* parent = nullptr);

    /// @p shown: index of the problem at hand.
    void setProblems(const std::vector<Diagnostic>& problems, std::size_t shown);
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void fixRequested();
    void nextRequested();

private:
    void paintDot();

    Theme& m_theme;
    QLabel* m_dot = nullptr;
    QLabel* m_count = nullptr;
    ElidedLabel* m_message = nullptr;
    QToolButton* m_fix = nullptr;
    QToolButton* m_next = nullptr;
    Severity m_severity = Severity::Error;
};

} // namespace sequela::ui
