#include "ui/rules/query_status.h"

#include "ui/theme/theme.h"

#include <QPainter>

namespace sequela::ui {

namespace {
constexpr int spacing = 14;
} // namespace

QueryStatus::QueryStatus(const state::Context& context, QWidget* parent)
    : QWidget(parent), m_context(context)
{
    setFixedHeight(metrics::panelHeaderHeight);
    setAccessibleName(tr("State of the query"));
    connect(&context.theme, &Theme::themeChanged, this, qOverload<>(&QWidget::update));
}

void QueryStatus::setSegments(std::vector<Segment> left, std::vector<Segment> right)
{
    m_left = std::move(left);
    m_right = std::move(right);
    setAccessibleDescription(text());
    update();
}

void QueryStatus::setAlarm(const QString& text)
{
    m_alarm = text;
    setAccessibleDescription(this->text());
    update();
}

QString QueryStatus::text() const
{
    QStringList words;
    if (!m_alarm.isEmpty()) {
        words << m_alarm;
    }
    for (const auto* side : {&m_left, &m_right}) {
        for (const Segment& segment : *side) {
            words << segment.text;
        }
    }
    return words.join(QStringLiteral(" · "));
}

void QueryStatus::paintEvent(QPaintEvent* /*event*/)
{
    const Theme& theme = m_context.theme;
    QPainter painter(this);
    const QColor surface =
        m_alarm.isEmpty() ? theme.color(Token::Raised)
                          : mixed(theme.color(Token::Raised), theme.color(Token::Critical), 0.28);
    painter.fillRect(rect(), surface);
    painter.setPen(theme.color(m_alarm.isEmpty() ? Token::Line : Token::Critical));
    painter.drawLine(0, 0, width(), 0);
    painter.setFont(theme.interfaceFont());
    int right = width() - 10;
    for (auto segment = m_right.rbegin(); segment != m_right.rend(); ++segment) {
        const int wide = painter.fontMetrics().horizontalAdvance(segment->text);
        right -= wide;
        painter.setPen(theme.color(m_alarm.isEmpty() ? segment->token : Token::Text));
        painter.drawText(QRect(right, 0, wide + 2, height()), Qt::AlignVCenter, segment->text);
        right -= spacing;
    }
    int left = 10;
    const auto draw = [&](const QString& text, const QColor& color) {
        // Two more than the advance: it is rounded down.
        const int wide =
            std::min(painter.fontMetrics().horizontalAdvance(text) + 2, std::max(0, right - left));
        painter.setPen(color);
        painter.drawText(QRect(left, 0, wide, height()), Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(text, Qt::ElideRight, wide));
        left += wide + spacing;
    };
    if (!m_alarm.isEmpty()) {
        painter.setFont(theme.strongFont());
        draw(m_alarm, theme.color(Token::Text));
        painter.setFont(theme.interfaceFont());
    }
    for (const Segment& segment : m_left) {
        draw(segment.text, theme.color(m_alarm.isEmpty() ? segment.token : Token::Text));
    }
}

void QueryStatus::mousePressEvent(QMouseEvent* /*event*/)
{
    Q_EMIT clicked();
}

} // namespace sequela::ui
