#include "ui/events/marked_scroll_bar.h"

#include "ui/theme/theme.h"
#include "ui/widgets/severity.h"

#include <QPainter>

#include <algorithm>

namespace sequela::ui {

namespace {
constexpr std::uint8_t bookmarkMark = 1;
constexpr std::uint8_t firstAlertMark = 2;
} // namespace

RowMarks summarizeMarks(const std::vector<EventNumber>& rows,
                        const std::unordered_map<EventNumber, detect::AlertSeverity>& alerts,
                        const std::unordered_set<EventNumber>& bookmarks)
{
    std::uint32_t last = 0;
    for (const auto& [event, severity] : alerts) {
        last = std::max(last, event.value());
    }
    for (const EventNumber event : bookmarks) {
        last = std::max(last, event.value());
    }
    if (rows.empty() || (alerts.empty() && bookmarks.empty())) {
        return {};
    }
    // A table by event: a hash for each of ten million rows would take seconds.
    std::vector<std::uint8_t> markOf(std::size_t{last} + 1, 0);
    for (const EventNumber event : bookmarks) {
        markOf[event.index()] = bookmarkMark;
    }
    for (const auto& [event, severity] : alerts) {
        markOf[event.index()] =
            static_cast<std::uint8_t>(firstAlertMark + static_cast<std::uint8_t>(severity));
    }
    RowMarks marks(rowMarkCount, 0);
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const std::size_t event = rows[row].index();
        if (event < markOf.size() && markOf[event] > 0) {
            std::uint8_t& mark = marks[row * rowMarkCount / rows.size()];
            mark = std::max(mark, markOf[event]);
        }
    }
    return marks;
}

MarkedScrollBar::MarkedScrollBar(const Theme& theme, QWidget* parent)
    : QScrollBar(Qt::Vertical, parent), m_theme(theme)
{
}

void MarkedScrollBar::setMarks(RowMarks marks)
{
    m_marks = std::move(marks);
    update();
}

void MarkedScrollBar::paintEvent(QPaintEvent* event)
{
    QScrollBar::paintEvent(event);
    if (m_marks.empty()) {
        return;
    }
    QPainter painter(this);
    const double step = static_cast<double>(height()) / static_cast<double>(m_marks.size());
    for (std::size_t at = 0; at < m_marks.size(); ++at) {
        if (m_marks[at] == 0) {
            continue;
        }
        const QColor color = m_marks[at] == bookmarkMark
                                 ? m_theme.color(Token::Accent)
                                 : m_theme.color(severityFill(static_cast<detect::AlertSeverity>(
                                       m_marks[at] - firstAlertMark)));
        painter.fillRect(QRectF(width() - 5, static_cast<double>(at) * step, 4, 2), color);
    }
}

} // namespace sequela::ui
