#pragma once

#include "ui/events/event_rows.h"

#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace sequela::ui {

/// Which line of a grouped table shows what: every group has a line, open ones their events below
/// it. Without groups line and index are the same. Nothing is kept per event.
class GroupLines {
public:
    /// A line shows a group or the event at an index of the rows.
    struct Line {
        std::optional<std::size_t> group;
        /// -1 for the line of a group.
        int index = -1;
    };

    /// @p groups may be null. Groups of a value that was open are open again.
    void set(EventGroups groups, std::size_t rowCount);
    [[nodiscard]] const EventGroups& groups() const { return m_groups; }
    [[nodiscard]] int lineCount() const { return m_lineCount; }
    [[nodiscard]] Line at(int line) const;
    [[nodiscard]] bool isOpen(std::size_t group) const { return m_open[group]; }
    void setOpen(std::size_t group, bool open);
    void setAllOpen(bool open);
    /// The group an index of the rows belongs to; nothing without groups.
    [[nodiscard]] std::optional<std::size_t> groupOf(int index) const;
    [[nodiscard]] int lineOfGroup(std::size_t group) const { return m_tops[group]; }
    /// -1 if its group is closed.
    [[nodiscard]] int lineOfIndex(int index) const;
    /// Lines of groups among the lines [first, last].
    [[nodiscard]] int groupLinesBetween(int first, int last) const;

private:
    void layOut();

    EventGroups m_groups;
    int m_lineCount = 0;
    std::vector<bool> m_open;
    /// Line of each group.
    std::vector<int> m_tops;
    /// Values of open groups, the second is whether there is one.
    std::set<std::pair<std::string, bool>> m_openValues;
};

} // namespace sequela::ui
