#pragma once

#include "core/detect/alert.h"
#include "ui/events/event_rows.h"

#include <QScrollBar>

#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace sequela::ui {

class Theme;

/// What stands out in a stretch of rows: 0 nothing, 1 a marked event, above that 2 + the severity
/// of the worst alert.
using RowMarks = std::vector<std::uint8_t>;

/// Stretches that a table is cut into for its scroll bar, however many rows it has.
inline constexpr std::size_t rowMarkCount = 600;

/// Runs off the GUI thread; one look at every row. Empty if nothing stands out.
[[nodiscard]] RowMarks
summarizeMarks(const std::vector<EventNumber>& rows,
               const std::unordered_map<EventNumber, detect::AlertSeverity>& alerts,
               const std::unordered_set<EventNumber>& bookmarks);

/// A scroll bar that shows where in the table alerts and marked events are.
class MarkedScrollBar : public QScrollBar {
    Q_OBJECT

public:
    explicit MarkedScrollBar(const Theme& theme, QWidget* parent = nullptr);

    void setMarks(RowMarks marks);
    [[nodiscard]] const RowMarks& marks() const { return m_marks; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    RowMarks m_marks;
};

} // namespace sequela::ui
