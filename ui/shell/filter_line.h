#pragma once

#include <QPlainTextEdit>

namespace sequela::ui {

class Theme;

/// One line of EQL, coloured with the engine's own lexer. Return submits; line breaks that are
/// pasted become blanks.
class FilterLine : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit FilterLine(Theme& theme, QWidget* parent = nullptr);

    [[nodiscard]] QString text() const { return toPlainText(); }
    void setText(const QString& text);

Q_SIGNALS:
    void submitted();
    void abandoned();

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void insertFromMimeData(const QMimeData* source) override;
    [[nodiscard]] QSize sizeHint() const override;
    void wheelEvent(QWheelEvent* event) override;
};

} // namespace sequela::ui
