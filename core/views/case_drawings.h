#pragma once

#include "core/base/timestamp.h"
#include "core/views/network_timeline.h"
#include "core/views/process_forest.h"
#include "core/views/time_range.h"
#include "core/views/tree_rows.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::views {

/// Lines of an exported process tree, and lanes of an exported timeline, at most: more do not fit
/// a page. What is left out is counted in the drawing.
inline constexpr std::size_t maxDrawnRows = 60;
inline constexpr std::size_t maxDrawnLanes = 16;

/// What a drawing is about: the processes and moments of one alert.
struct DrawingSubject {
    /// Processes that the alert's events belong to, each once.
    std::vector<ProcessIndex> processes;
    /// Times of its events in order of stages.
    std::vector<std::int64_t> momentsNs;
    /// CSS colour of the alert's marks.
    std::string_view color;
    /// Offset of printed times in minutes east of UTC.
    int offsetMinutes = 0;
};

/// Lines of a process tree around some processes: their ancestors, themselves and their children;
/// other siblings are folded behind a count. In the order of the tree, without bound.
[[nodiscard]] std::vector<TreeRow> rowsAround(const ProcessForest& forest,
                                              std::span<const ProcessIndex> processes);

/// Drawings of single alerts of one case, as the window shows them. Immutable.
class CaseDrawings {
public:
    CaseDrawings(std::shared_ptr<const ProcessForest> forest,
                 std::shared_ptr<const NetworkTimeline> timeline);

    [[nodiscard]] const ProcessForest& forest() const { return *m_forest; }
    /// An SVG document, or nothing where no event of the alert belongs to a process.
    [[nodiscard]] std::string processTree(const DrawingSubject& subject) const;
    /// The network activity of the drawn processes around the alert's time; nothing where there is
    /// none.
    [[nodiscard]] std::string networkTimeline(const DrawingSubject& subject) const;

private:
    [[nodiscard]] std::vector<std::uint32_t> flowsOf(std::span<const ProcessIndex> processes,
                                                     TimeRange range) const;

    std::shared_ptr<const ProcessForest> m_forest;
    std::shared_ptr<const NetworkTimeline> m_timeline;
    /// Flows of each process, ascending: m_flows[m_firstFlow[p] … m_firstFlow[p + 1]].
    std::vector<std::uint32_t> m_firstFlow;
    std::vector<std::uint32_t> m_flows;
};

/// One alert of an overview.
struct TimedMark {
    std::int64_t timeNs = 0;
    /// 0 lowest … 3 highest.
    std::uint8_t level = 0;
};

/// Bars of marks over time, stacked by level. Nothing without marks. @p colors by level.
[[nodiscard]] std::string drawMarksOverTime(std::span<const TimedMark> marks,
                                            std::span<const std::string_view, 4> colors,
                                            int offsetMinutes);

} // namespace sequela::views
