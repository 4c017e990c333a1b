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

} // namespace sequela::ui
