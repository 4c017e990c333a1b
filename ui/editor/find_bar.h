#pragma once

#include <QFrame>

class QCheckBox;
class QLabel;
class QLineEdit;

namespace sequela::ui {

class ScintillaView;
class Theme;

/// Find and replace in the query, under the editor while it is wanted. Esc closes it.
class FindBar : public QFrame {
    Q_OBJECT

public:
    FindBar(Theme& theme, ScintillaView& view, QWidget* parent = nullptr);

    /// Shows the bar with the selected text in it.
    void open();
    void findNext(bool forward);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void replaceOne();
    void replaceAll();
    void close();

    ScintillaView& m_view;
    QLineEdit* m_find = nullptr;
    QLineEdit* m_replace = nullptr;
    QCheckBox* m_matchCase = nullptr;
    QLabel* m_result = nullptr;
};

} // namespace sequela::ui
