#include "ui/events/event_grid.h"

#include <QScrollBar>

namespace sequela::ui {

int EventGrid::currentIndex() const
{
    return m_current < 0 || m_current >= rowCount() ? -1 : m_lines.at(m_current).index;
}

void EventGrid::setCurrentIndex(int index)
{
    if (const auto group = m_lines.groupOf(index); group && !m_lines.isOpen(*group)) {
        setGroupOpen(*group, true);
    }
    setCurrentRow(m_lines.lineOfIndex(index));
}

void EventGrid::setGroupOpen(std::size_t group, bool open)
{
    const int index = currentIndex();
    const bool closesCurrent = !open && m_lines.groupOf(index) == group;
    const GroupLines::Line current = m_current < 0 ? GroupLines::Line() : m_lines.at(m_current);
    m_lines.setOpen(group, open);
    if (closesCurrent) {
        linesChanged(std::nullopt, group);
    } else {
        linesChanged(index < 0 ? std::nullopt : std::optional(index), current.group);
    }
}

void EventGrid::setAllGroupsOpen(bool open)
{
    if (!m_lines.groups()) {
        return;
    }
    const int index = currentIndex();
    m_lines.setAllOpen(open);
    linesChanged(open && index >= 0 ? std::optional(index) : std::nullopt, m_lines.groupOf(index));
}

void EventGrid::linesChanged(std::optional<int> index, std::optional<std::size_t> group)
{
    if (index) {
        m_current = m_lines.lineOfIndex(*index);
    } else {
        m_current = group ? m_lines.lineOfGroup(*group) : -1;
    }
    m_anchor = m_current;
    updateScrollBars();
    if (m_current >= 0) {
        ensureVisible(m_current);
    }
    viewport()->update();
    Q_EMIT selectionChanged();
}

bool EventGrid::toggleGroup(int row)
{
    const auto group = row < 0 || row >= rowCount() ? std::nullopt : m_lines.at(row).group;
    if (group) {
        setGroupOpen(*group, !m_lines.isOpen(*group));
    }
    return group.has_value();
}

void EventGrid::showIndex(int index)
{
    if (const auto group = m_lines.groupOf(index); group && !m_lines.isOpen(*group)) {
        setGroupOpen(*group, true);
    }
    const int row = m_lines.lineOfIndex(index);
    if (row < 0 || row >= rowCount() || row == m_current) {
        return;
    }
    m_current = row;
    m_anchor = row;
    ensureVisible(row);
    updateAccessibleText();
    viewport()->update();
    Q_EMIT selectionChanged();
}

} // namespace sequela::ui
