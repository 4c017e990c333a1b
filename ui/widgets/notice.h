#pragma once

#include "core/base/diagnostic.h"

#include <QFrame>

class QLabel;
class QToolButton;

namespace sequela::ui {

class Theme;

/// An error or remark inside the window: what happened, where, what to do; closable. Takes no room
/// while there is nothing to say.
class Notice : public QFrame {
    Q_OBJECT

public:
    explicit Notice(Theme& theme, QWidget* parent = nullptr);

    void show(const Diagnostic& diagnostic);
    /// A remark without a diagnostic behind it. Plain text.
    void showRemark(const QString& text);
    void clear();
    [[nodiscard]] QString text() const;

private:
    void setIcon(const QString& name);

    Theme& m_theme;
    QLabel* m_icon = nullptr;
    QLabel* m_text = nullptr;
    QToolButton* m_close = nullptr;
};

/// "message (file:line:column)" and the hint in a second line; event text made visible.
[[nodiscard]] QString diagnosticText(const Diagnostic& diagnostic);

} // namespace sequela::ui
