#pragma once

#include <QFrame>
#include <QList>

class QAction;
class QLineEdit;
class QListWidget;

namespace sequela::ui {

class Theme;

/// Every action of the window, found by words. Return runs the chosen one, Esc closes.
class CommandPalette : public QFrame {
    Q_OBJECT

public:
    /// @p actions are those of the window that have a text and are enabled.
    CommandPalette(Theme& theme, const QList<QAction*>& actions, QWidget* parent);

    [[nodiscard]] QLineEdit& input() { return *m_input; }
    [[nodiscard]] QListWidget& list() { return *m_list; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fill(const QString& words);
    void run();

    Theme& m_theme;
    QList<QAction*> m_actions;
    QLineEdit* m_input = nullptr;
    QListWidget* m_list = nullptr;
};

/// An action's text without mnemonics and the ellipsis.
[[nodiscard]] QString commandName(const QAction& action);

} // namespace sequela::ui
