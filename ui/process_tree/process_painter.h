#pragma once

#include "core/views/process_forest.h"
#include "core/views/tree_rows.h"
#include "ui/state/case_views.h"

#include <QRect>
#include <QString>

#include <array>
#include <cstdint>

class QPainter;

namespace sequela::ui {

class Theme;
namespace state {
class TimeDisplay;
}

/// Columns of the process tree, left to right.
enum class ProcessColumn : std::uint8_t { Name, Pid, User, Start, Life, Net, Files, CommandLine };
inline constexpr std::size_t processColumnCount = 8;
using ProcessColumnEdges = std::array<int, processColumnCount + 1>;

[[nodiscard]] QString processColumnTitle(ProcessColumn column);
/// Texts of a process's cells, event text made visible.
[[nodiscard]] QString processCell(const views::Process& process, ProcessColumn column,
                                  const state::TimeDisplay& time);
/// What the hover card says: image chain, executable, entity id, evidence. Plain text.
[[nodiscard]] QString processCard(const views::Process& process, const state::TimeDisplay& time);

/// Paints lines of the process tree.
class ProcessPainter {
public:
    ProcessPainter(const Theme& theme, const state::TimeDisplay& time)
        : m_theme(theme), m_time(time)
    {
    }

    struct Look {
        bool selected = false;
        bool hovered = false;
        bool hasFocus = false;
    };
    void paint(QPainter& painter, const QRect& line, const ProcessColumnEdges& edges,
               const views::TreeRow& row, const state::CaseViews::Built& built, Look look) const;
    /// Where the twisty of a line is, for clicks.
    [[nodiscard]] static QRect twisty(const QRect& line, const views::TreeRow& row);

private:
    void paintName(QPainter& painter, const QRect& cell, const views::TreeRow& row,
                   const views::Process& process, std::uint8_t alertRank) const;
    void paintMore(QPainter& painter, const QRect& line, const views::TreeRow& row) const;

    const Theme& m_theme;
    const state::TimeDisplay& m_time;
};

} // namespace sequela::ui
