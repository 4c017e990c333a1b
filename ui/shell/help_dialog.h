#pragma once

#include <QDialog>
#include <QStringList>

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QTabWidget;

namespace sequela::ui {

class Theme;

/// F1: the language, its functions, the keys of this window; one line searches them all.
class HelpDialog : public QDialog {
    Q_OBJECT

public:
    /// @p shortcuts: key and command, one a line.
    HelpDialog(Theme& theme, const QStringList& shortcuts, QWidget* parent = nullptr);

    /// Marks the next place of @p text, whatever its case, going on to the next page and round.
    /// False if no page holds it.
    bool find(const QString& text);
    [[nodiscard]] QPlainTextEdit& currentPage() const;

private:
    QTabWidget* m_pages = nullptr;
    QLineEdit* m_search = nullptr;
    QLabel* m_result = nullptr;
};

/// Every function of the language: how it is called, what it does, an example. Plain text.
[[nodiscard]] QString functionReference();

} // namespace sequela::ui
