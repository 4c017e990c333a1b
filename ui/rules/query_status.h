#pragma once

#include "ui/state/context.h"
#include "ui/theme/palette.h"

#include <QWidget>

#include <vector>

namespace sequela::ui {

/// The line under the editor: the last run at the left, what it found and changed at the right.
/// With an alarm the whole line turns red.
class QueryStatus : public QWidget {
    Q_OBJECT

public:
    struct Segment {
        QString text;
        Token token = Token::Muted;

        bool operator==(const Segment&) const = default;
    };

    explicit QueryStatus(const state::Context& context, QWidget* parent = nullptr);

    void setSegments(std::vector<Segment> left, std::vector<Segment> right);
    /// A confirmed detection would be lost. Empty: none.
    void setAlarm(const QString& text);
    [[nodiscard]] const QString& alarm() const { return m_alarm; }
    /// All words of the line.
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void clicked();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    state::Context m_context;
    std::vector<Segment> m_left;
    std::vector<Segment> m_right;
    QString m_alarm;
};

} // namespace sequela::ui
