#pragma once

#include <QWidget>

class QAction;
class QLabel;
class QVBoxLayout;

namespace sequela::ui {

class Theme;

/// What a panel shows when it has nothing to show: what that means and what to do next.
class EmptyState : public QWidget {
    Q_OBJECT

public:
    EmptyState(Theme& theme, const QString& iconName, QWidget* parent = nullptr);

    /// Plain texts.
    void setText(const QString& title, const QString& advice);
    void setIconName(const QString& name);
    /// A button for an action of the window.
    void addAction(QAction* action);

private:
    void drawIcon();

    Theme& m_theme;
    QString m_iconName;
    QLabel* m_icon = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_advice = nullptr;
    QVBoxLayout* m_buttons = nullptr;
};

} // namespace sequela::ui
