#include "core/base/timestamp.h"
#include "core/views/case_drawings.h"
#include "core/views/drawing_look.h"
#include "core/views/svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_set>

namespace sequela::views {

namespace {

constexpr double rowHeight = 20;
constexpr double baseline = 14;
constexpr double indent = 14;
constexpr double maxIndent = 210;
constexpr std::string_view stripe = "#f2f4f7";

/// A column of the drawing: left end and room.
struct DrawnColumn {
    std::string_view title;
    double x = 0;
    double width = 0;
};
constexpr DrawnColumn nameColumn{"Process", 10, 290};
constexpr DrawnColumn pidColumn{"PID", 308, 52};
constexpr DrawnColumn userColumn{"User", 368, 92};
constexpr DrawnColumn startColumn{"Start", 468, 84};
constexpr DrawnColumn netColumn{"Net", 560, 32};
constexpr DrawnColumn filesColumn{"Files", 600, 36};
constexpr DrawnColumn commandColumn{"Command line", 644, 308};

const std::string& nameOf(const Process& process)
{
    const ProcessImage& image = process.image();
    return !image.name.empty()         ? image.name
           : !image.executable.empty() ? image.executable
                                       : image.entityId;
}

/// "09:41:07" of an ISO time with a date.
std::string timeOfDay(Timestamp time, int offsetMinutes)
{
    constexpr std::size_t dateLength = 11;
    constexpr std::size_t timeLength = 8;
    return formatIso(time, offsetMinutes).substr(dateLength, timeLength);
}

class ProcessDrawing {
public:
    ProcessDrawing(const ProcessForest& forest, const DrawingSubject& subject,
                   std::vector<TreeRow> rows)
        : m_forest(forest),
          m_subject(subject),
          m_rows(std::move(rows)),
          m_drawn(std::min(m_rows.size(), maxDrawnRows)),
          m_svg(drawingWidth,
                rowHeight * static_cast<double>(m_drawn + (m_rows.size() > m_drawn ? 2 : 1)) + 4,
                "Process tree of the alert")
    {
    }

    std::string draw()
    {
        for (const DrawnColumn& column : {nameColumn, pidColumn, userColumn, startColumn, netColumn,
                                          filesColumn, commandColumn}) {
            cell(column, column.title, soft, baseline);
        }
        m_svg.line(0, rowHeight, drawingWidth, rowHeight, rule);
        for (std::size_t row = 0; row < m_drawn; ++row) {
            drawRow(m_rows[row], rowHeight * static_cast<double>(row + 1));
        }
        if (m_rows.size() > m_drawn) {
            cell(nameColumn, fmt::format("… {} more lines", m_rows.size() - m_drawn), soft,
                 rowHeight * static_cast<double>(m_drawn + 1) + baseline);
        }
        return m_svg.finish();
    }

private:
    void cell(const DrawnColumn& column, std::string_view text, std::string_view fill, double y,
              double inset = 0, bool strong = false)
    {
        m_svg.text(column.x + inset, y, column.width - inset, text,
                   {.fill = fill, .strong = strong});
    }

    void drawRow(const TreeRow& row, double top)
    {
        const double inset = std::min(maxIndent, indent * row.depth);
        for (std::uint32_t level = 0; level < row.depth && indent * level < maxIndent; ++level) {
            const double x = nameColumn.x + indent * level + 3;
            m_svg.line(x, top, x, top + rowHeight, rule);
        }
        const double y = top + baseline;
        if (row.kind == TreeRow::Kind::More) {
            cell(nameColumn, fmt::format("… {} more", row.foldedCount), soft, y, inset);
            return;
        }
        const Process& process = m_forest.process(*row.process);
        const bool isMarked =
            std::ranges::find(m_subject.processes, *row.process) != m_subject.processes.end();
        const bool isInferred = process.evidence != Evidence::Recorded;
        m_svg.beginGroup(process.remark);
        if (isMarked) {
            m_svg.rectangle(0, top + 1, drawingWidth, rowHeight - 2, stripe);
            m_svg.rectangle(0, top + 1, 4, rowHeight - 2, m_subject.color);
        }
        if (isInferred) {
            m_svg.frame(nameColumn.x + inset - 3, top + 2,
                        nameColumn.x + nameColumn.width - inset - 8, rowHeight - 4, soft, true);
        }
        cell(nameColumn, nameOf(process), isInferred ? soft : ink, y, inset, isMarked);
        drawCells(process, y);
        m_svg.endGroup();
    }

    void drawCells(const Process& process, double y)
    {
        if (process.pid) {
            cell(pidColumn, std::to_string(*process.pid), ink, y);
        }
        cell(userColumn, process.user, ink, y);
        if (process.start) {
            cell(startColumn, timeOfDay(*process.start, m_subject.offsetMinutes), ink, y);
        }
        const auto count = [&](const DrawnColumn& column, std::uint32_t value) {
            if (value > 0) {
                cell(column, std::to_string(value), ink, y);
            }
        };
        count(netColumn, process.networkCount);
        count(filesColumn, process.fileCount);
        const ProcessImage& image = process.image();
        cell(commandColumn, image.commandLine.empty() ? image.executable : image.commandLine, soft,
             y);
    }

    const ProcessForest& m_forest;
    const DrawingSubject& m_subject;
    std::vector<TreeRow> m_rows;
    std::size_t m_drawn;
    SvgWriter m_svg;
};

} // namespace

std::vector<TreeRow> rowsAround(const ProcessForest& forest,
                                std::span<const ProcessIndex> processes)
{
    // Roots are few: those of the processes, each once, in order.
    std::set<std::uint32_t> roots;
    std::unordered_set<std::uint32_t> wanted;
    std::unordered_set<std::uint32_t> opened;
    for (const ProcessIndex process : processes) {
        const std::vector<ProcessIndex> ancestors = forest.ancestors(process);
        roots.insert(ancestors.empty() ? process.value() : ancestors.front().value());
        for (const ProcessIndex ancestor : ancestors) {
            wanted.insert(ancestor.value());
        }
        wanted.insert(process.value());
        opened.insert(process.value());
    }
    std::vector<TreeRow> rows;
    std::vector<TreeRow> pending;
    for (const std::uint32_t root : roots) {
        pending.push_back({TreeRow::Kind::Process, ProcessIndex(root), 0, false, true, 0});
    }
    std::ranges::reverse(pending);
    while (!pending.empty()) {
        const TreeRow row = pending.back();
        pending.pop_back();
        rows.push_back(row);
        if (row.kind == TreeRow::Kind::More) {
            continue;
        }
        const Process& process = forest.process(*row.process);
        std::vector<TreeRow> below;
        std::uint32_t folded = 0;
        for (const ProcessIndex child : process.children) {
            // Of a process of the alert a few children are shown, of its ancestors the way only.
            const bool hasRoom =
                opened.contains(row.process->value()) && below.size() < TreeRows::fewSiblings;
            if (wanted.contains(child.value()) || hasRoom) {
                below.push_back({TreeRow::Kind::Process, child, row.depth + 1, false, true, 0});
            } else {
                ++folded;
            }
        }
        // What is no ancestor and no process of the alert stays closed.
        if (!wanted.contains(row.process->value())) {
            folded = static_cast<std::uint32_t>(process.children.size());
            below.clear();
        }
        if (folded > 0) {
            pending.push_back(
                {TreeRow::Kind::More, row.process, row.depth + 1, false, false, folded});
        }
        pending.insert(pending.end(), below.rbegin(), below.rend());
    }
    return rows;
}

std::string CaseDrawings::processTree(const DrawingSubject& subject) const
{
    if (subject.processes.empty()) {
        return {};
    }
    return ProcessDrawing(*m_forest, subject, rowsAround(*m_forest, subject.processes)).draw();
}

} // namespace sequela::views
