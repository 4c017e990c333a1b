#pragma once

#include "core/base/diagnostic.h"

#include <QFrame>

#include <functional>
#include <vector>

class QHBoxLayout;
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
    /// Something to press beside the text; the notice goes away before it runs.
    struct Choice {
        QString objectName;
        QString label;
        std::function<void()> run;
    };
    /// A question inside the window, in place of a message box; the first choice has the focus.
    /// Dismissing chooses nothing.
    void ask(const QString& text, std::vector<Choice> choices);
    /// The same without taking the focus.
    void remind(const QString& text, std::vector<Choice> choices);
    /// A remark without a diagnostic behind it. Plain text.
    void showRemark(const QString& text);
    void clear();
    [[nodiscard]] QString text() const;

private:
    void setIcon(const QString& name);
    void removeChoices();

    Theme& m_theme;
    QString m_iconName;
    QLabel* m_icon = nullptr;
    QLabel* m_text = nullptr;
    QHBoxLayout* m_choices = nullptr;
    QToolButton* m_close = nullptr;
};

/// "message (file:line:column)" and the hint in a second line; event text made visible.
[[nodiscard]] QString diagnosticText(const Diagnostic& diagnostic);

} // namespace sequela::ui
