#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;

namespace sequela::ui {

class Theme;

/// The line above the event table that finds a text in its rows. Return and F3 go on, with Shift
/// back; Escape closes it.
class EventFindBar : public QWidget {
    Q_OBJECT

public:
    explicit EventFindBar(Theme& theme, QWidget* parent = nullptr);

    [[nodiscard]] QString text() const;
    [[nodiscard]] QLineEdit& input() { return *m_input; }
    /// Shows the bar with its text selected.
    void open();
    void setResult(const QString& text);
    [[nodiscard]] QString result() const;

Q_SIGNALS:
    void findRequested(bool forward);
    void closed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void close();

    QLineEdit* m_input = nullptr;
    QLabel* m_result = nullptr;
};

} // namespace sequela::ui
