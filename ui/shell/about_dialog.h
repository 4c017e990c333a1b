#pragma once

#include <QDialog>

namespace sequela::ui {

class Theme;

/// What this program is, under which licence, and what it is made of.
class AboutDialog : public QDialog {
    Q_OBJECT

public:
    explicit AboutDialog(Theme& theme, QWidget* parent = nullptr);
};

/// The keys and the language in short, for F1.
class HelpDialog : public QDialog {
    Q_OBJECT

public:
    /// @p shortcuts: "Ctrl+L — Filter bar", one a line.
    HelpDialog(Theme& theme, const QStringList& shortcuts, QWidget* parent = nullptr);
};

} // namespace sequela::ui
