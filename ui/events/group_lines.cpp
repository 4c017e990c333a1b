#include "ui/events/group_lines.h"

#include <algorithm>

namespace sequela::ui {

namespace {
constexpr std::size_t maxRememberedOpen = 10'000;
/// Beyond that many groups none is opened again: looking at each would hold up the window.
constexpr std::size_t maxGroupsReopened = 50'000;
} // namespace

void GroupLines::set(EventGroups groups, std::size_t rowCount)
{
    m_groups = std::move(groups);
    m_open.clear();
    m_tops.clear();
    if (!m_groups) {
        m_lineCount = static_cast<int>(rowCount);
        return;
    }
    m_open.assign(m_groups->size(), false);
    if (!m_openValues.empty() && m_open.size() <= maxGroupsReopened) {
        for (std::size_t group = 0; group < m_open.size(); ++group) {
            m_open[group] =
                m_openValues.contains({(*m_groups)[group].value, (*m_groups)[group].hasValue});
        }
    }
    layOut();
}

void GroupLines::layOut()
{
    m_tops.resize(m_groups->size());
    int line = 0;
    for (std::size_t group = 0; group < m_groups->size(); ++group) {
        m_tops[group] = line;
        line += 1 + (m_open[group] ? static_cast<int>((*m_groups)[group].count) : 0);
    }
    m_lineCount = line;
}

GroupLines::Line GroupLines::at(int line) const
{
    if (!m_groups) {
        return {std::nullopt, line};
    }
    const auto above = std::ranges::upper_bound(m_tops, line) - 1;
    const auto group = static_cast<std::size_t>(above - m_tops.begin());
    if (*above == line) {
        return {group, -1};
    }
    return {std::nullopt, static_cast<int>((*m_groups)[group].begin) + line - *above - 1};
}

void GroupLines::setOpen(std::size_t group, bool open)
{
    const EventGroup& shown = (*m_groups)[group];
    m_open[group] = open;
    if (open) {
        m_openValues.emplace(shown.value, shown.hasValue);
    } else {
        m_openValues.erase({shown.value, shown.hasValue});
    }
    layOut();
}

void GroupLines::setAllOpen(bool open)
{
    if (!m_groups) {
        return;
    }
    m_openValues.clear();
    for (const EventGroup& group : *m_groups) {
        // Beyond that opening again is for those that are opened one by one.
        if (open && m_openValues.size() < maxRememberedOpen) {
            m_openValues.emplace(group.value, group.hasValue);
        }
    }
    m_open.assign(m_groups->size(), open);
    layOut();
}

std::optional<std::size_t> GroupLines::groupOf(int index) const
{
    if (!m_groups || m_groups->empty() || index < 0) {
        return std::nullopt;
    }
    const auto behind = std::ranges::upper_bound(*m_groups, static_cast<std::size_t>(index), {},
                                                 &EventGroup::begin);
    return static_cast<std::size_t>(behind - m_groups->begin()) - 1;
}

int GroupLines::lineOfIndex(int index) const
{
    const auto group = groupOf(index);
    if (!group) {
        return index;
    }
    if (!m_open[*group]) {
        return -1;
    }
    return m_tops[*group] + 1 + index - static_cast<int>((*m_groups)[*group].begin);
}

int GroupLines::groupLinesBetween(int first, int last) const
{
    if (!m_groups) {
        return 0;
    }
    return static_cast<int>(std::ranges::upper_bound(m_tops, last)
                            - std::ranges::lower_bound(m_tops, first));
}

} // namespace sequela::ui
