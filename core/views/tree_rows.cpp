#include "core/views/tree_rows.h"

#include <algorithm>

namespace sequela::views {

namespace {

/// A focused process opens by itself while its subtree is no longer than this.
constexpr std::uint32_t readableSubtree = 60;

} // namespace

void TreeRows::setForest(const ProcessForest* forest, std::span<const std::uint8_t> alertRank)
{
    m_forest = forest;
    m_alertRank.assign(alertRank.begin(), alertRank.end());
    focus(std::nullopt);
}

void TreeRows::focus(std::optional<ProcessIndex> process)
{
    m_focus = process;
    m_expanded.clear();
    m_shown.clear();
    m_pathLevels.clear();
    m_path.clear();
    if (m_forest != nullptr && process) {
        std::uint32_t level = rootLevel;
        for (const ProcessIndex ancestor : m_forest->ancestors(*process)) {
            m_pathLevels.insert(level);
            m_path.insert(ancestor.value());
            m_expanded.insert(ancestor.value());
            level = ancestor.value();
        }
        m_pathLevels.insert(level);
        m_path.insert(process->value());
        m_expanded.insert(process->value());
        if (m_forest->process(*process).descendantCount <= readableSubtree) {
            expandAll(*process);
        }
    }
    rebuild();
}

void TreeRows::setOnlyAlerts(bool only)
{
    m_onlyAlerts = only;
    rebuild();
}

void TreeRows::setExpanded(ProcessIndex process, bool expanded)
{
    if (expanded) {
        m_expanded.insert(process.value());
    } else {
        m_expanded.erase(process.value());
    }
    rebuild();
}

bool TreeRows::expandAll(ProcessIndex process)
{
    std::vector<ProcessIndex> open{process};
    std::uint32_t lines = 0;
    bool everything = true;
    while (!open.empty()) {
        const ProcessIndex next = open.back();
        open.pop_back();
        const Process& node = m_forest->process(next);
        if (lines + node.children.size() > maxExpandedAtOnce) {
            everything = false;
            continue;
        }
        lines += static_cast<std::uint32_t>(node.children.size());
        m_expanded.insert(next.value());
        open.insert(open.end(), node.children.begin(), node.children.end());
    }
    rebuild();
    return everything;
}

void TreeRows::unfold(std::size_t row)
{
    if (row >= m_rows.size() || m_rows[row].kind != TreeRow::Kind::More) {
        return;
    }
    const auto parent = m_rows[row].process;
    const std::uint32_t level = parent ? parent->value() : rootLevel;
    const std::uint32_t shown = m_pathLevels.erase(level) > 0 ? 0 : pageSize;
    m_shown[level] = std::max(m_shown[level], shown) + pageSize;
    rebuild();
}

std::optional<std::size_t> TreeRows::rowOf(ProcessIndex process) const
{
    const auto found = std::ranges::find_if(m_rows, [&](const TreeRow& row) {
        return row.kind == TreeRow::Kind::Process && row.process == process;
    });
    return found == m_rows.end() ? std::nullopt
                                 : std::optional(static_cast<std::size_t>(found - m_rows.begin()));
}

std::optional<std::size_t> TreeRows::reveal(ProcessIndex process)
{
    if (m_forest == nullptr) {
        return std::nullopt;
    }
    if (const auto row = rowOf(process)) {
        return row;
    }
    if (m_onlyAlerts && !isWanted(process)) {
        return std::nullopt;
    }
    for (const ProcessIndex ancestor : m_forest->ancestors(process)) {
        m_expanded.insert(ancestor.value());
        m_path.insert(ancestor.value());
    }
    m_path.insert(process.value());
    rebuild();
    return rowOf(process);
}

bool TreeRows::isWanted(ProcessIndex process) const
{
    return !m_onlyAlerts
           || (process.index() < m_alertRank.size() && m_alertRank[process.index()] > 0);
}

std::span<const ProcessIndex> TreeRows::levelOf(std::optional<ProcessIndex> parent) const
{
    return parent ? std::span<const ProcessIndex>(m_forest->process(*parent).children)
                  : m_forest->roots();
}

// Depth first without recursion: a chain of processes may be longer than the stack is deep.
void TreeRows::rebuild()
{
    m_rows.clear();
    if (m_forest == nullptr) {
        return;
    }
    std::vector<TreeRow> pending;
    const auto push = [&](std::optional<ProcessIndex> parent, std::uint32_t depth) {
        const std::uint32_t level = parent ? parent->value() : rootLevel;
        const bool onlyPath = m_pathLevels.contains(level) && levelOf(parent).size() > fewSiblings;
        std::uint32_t room = onlyPath ? 0 : pageSize;
        if (const auto shown = m_shown.find(level); shown != m_shown.end()) {
            room = shown->second;
        }
        const std::size_t begin = pending.size();
        std::uint32_t folded = 0;
        for (const ProcessIndex child : levelOf(parent)) {
            if (!isWanted(child)) {
                continue;
            }
            if (m_path.contains(child.value()) || room > 0) {
                room -= room > 0 ? 1U : 0U;
                const bool expandable = std::ranges::any_of(
                    m_forest->process(child).children, [&](ProcessIndex c) { return isWanted(c); });
                pending.push_back({TreeRow::Kind::Process, child, depth, expandable,
                                   expandable && m_expanded.contains(child.value()), 0});
            } else {
                ++folded;
            }
        }
        if (folded > 0) {
            pending.push_back({TreeRow::Kind::More, parent, depth, false, false, folded});
        }
        std::reverse(pending.begin() + static_cast<std::ptrdiff_t>(begin), pending.end());
    };
    push(std::nullopt, 0);
    while (!pending.empty()) {
        const TreeRow row = pending.back();
        pending.pop_back();
        m_rows.push_back(row);
        if (row.kind == TreeRow::Kind::Process && row.expanded) {
            push(row.process, row.depth + 1);
        }
    }
}

} // namespace sequela::views
