#pragma once

#include "core/views/process_forest.h"

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace sequela::views {

/// One visible line of the process tree.
struct TreeRow {
    enum class Kind : std::uint8_t {
        Process,
        /// Children of `process` (or roots, without one) that are folded behind a count.
        More,
    };
    Kind kind = Kind::Process;
    std::optional<ProcessIndex> process;
    std::uint32_t depth = 0;
    bool expandable = false;
    bool expanded = false;
    /// For More: how many lines are folded.
    std::uint32_t foldedCount = 0;
};

/// Which processes of a forest are open, and the lines that makes: a flat list, so that a million
/// processes cost only what is open. No painting, no Qt.
class TreeRows {
public:
    /// Children shown at once; more come by unfolding the count.
    static constexpr std::uint32_t pageSize = 200;
    /// Siblings on the way to the focus are folded where there are more than these.
    static constexpr std::uint32_t fewSiblings = 12;
    /// Lines that "expand all" opens at most at once.
    static constexpr std::uint32_t maxExpandedAtOnce = 5'000;

    /// Another forest; everything is closed. @p alertRank: subtree ranks, 0 for none, one a
    /// process.
    void setForest(const ProcessForest* forest, std::span<const std::uint8_t> alertRank);
    /// Starts at a process: its ancestors open with siblings folded, itself and what is below open
    /// as far as it stays readable. Nothing shows all roots.
    void focus(std::optional<ProcessIndex> process);
    [[nodiscard]] std::optional<ProcessIndex> focused() const { return m_focus; }
    void setOnlyAlerts(bool only);
    [[nodiscard]] bool onlyAlerts() const { return m_onlyAlerts; }

    void setExpanded(ProcessIndex process, bool expanded);
    /// Opens everything below, up to maxExpandedAtOnce lines. Returns whether that was everything.
    bool expandAll(ProcessIndex process);
    /// Shows another page of folded lines of the More row at @p row.
    void unfold(std::size_t row);

    [[nodiscard]] const std::vector<TreeRow>& rows() const { return m_rows; }
    /// Line of a process, if it is visible.
    [[nodiscard]] std::optional<std::size_t> rowOf(ProcessIndex process) const;
    /// Opens the ancestors of a process so that it is visible; its line.
    std::optional<std::size_t> reveal(ProcessIndex process);

private:
    void rebuild();
    [[nodiscard]] bool isWanted(ProcessIndex process) const;
    [[nodiscard]] std::span<const ProcessIndex> levelOf(std::optional<ProcessIndex> parent) const;

    /// Key of a level in m_shown: the parent, or this for the roots.
    static constexpr std::uint32_t rootLevel = 0xffffffffU;

    const ProcessForest* m_forest = nullptr;
    std::vector<std::uint8_t> m_alertRank;
    std::optional<ProcessIndex> m_focus;
    bool m_onlyAlerts = false;
    std::unordered_set<std::uint32_t> m_expanded;
    /// Lines shown of a level beyond those on the way to the focus.
    std::unordered_map<std::uint32_t, std::uint32_t> m_shown;
    /// Levels of which only the way to the focus is shown at first.
    std::unordered_set<std::uint32_t> m_pathLevels;
    std::unordered_set<std::uint32_t> m_path;
    std::vector<TreeRow> m_rows;
};

} // namespace sequela::views
