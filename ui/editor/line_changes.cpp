#include "ui/editor/line_changes.h"

#include <algorithm>
#include <cstddef>

namespace sequela::ui {

namespace {

std::vector<std::string_view> linesOf(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (true) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        lines.push_back(line);
        if (end == std::string_view::npos) {
            return lines;
        }
        text.remove_prefix(end + 1);
    }
}

/// A run of removed and added lines between two common ones.
void addRun(std::vector<LineChange>& changes, std::size_t removed, std::size_t firstAdded,
            std::size_t added)
{
    for (std::size_t index = 0; index < added; ++index) {
        changes.push_back({static_cast<int>(firstAdded + index),
                           index < removed ? LineChangeKind::Changed : LineChangeKind::Added});
    }
    if (added == 0 && removed > 0) {
        changes.push_back({static_cast<int>(firstAdded), LineChangeKind::RemovedAbove});
    }
}

} // namespace

std::vector<LineChange> lineChanges(std::string_view saved, std::string_view text)
{
    std::vector<std::string_view> before = linesOf(saved);
    std::vector<std::string_view> after = linesOf(text);
    const std::size_t shorter = std::min(before.size(), after.size());
    std::size_t head = 0;
    while (head < shorter && before[head] == after[head]) {
        ++head;
    }
    std::size_t tail = 0;
    while (tail < shorter - head
           && before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) {
        ++tail;
    }
    const std::size_t rows = before.size() - head - tail;
    const std::size_t columns = after.size() - head - tail;
    std::vector<LineChange> changes;
    if (rows > maxComparedLines || columns > maxComparedLines) {
        addRun(changes, rows, head, columns);
        return changes;
    }
    // common[r][c]: length of the longest common subsequence of what is left.
    std::vector<std::size_t> common((rows + 1) * (columns + 1), 0);
    const auto at = [columns](std::size_t row, std::size_t column) {
        return row * (columns + 1) + column;
    };
    for (std::size_t row = rows; row-- > 0;) {
        for (std::size_t column = columns; column-- > 0;) {
            common[at(row, column)] =
                before[head + row] == after[head + column]
                    ? common[at(row + 1, column + 1)] + 1
                    : std::max(common[at(row + 1, column)], common[at(row, column + 1)]);
        }
    }
    std::size_t row = 0;
    std::size_t column = 0;
    std::size_t removed = 0;
    std::size_t added = 0;
    while (row < rows || column < columns) {
        if (row < rows && column < columns && before[head + row] == after[head + column]) {
            addRun(changes, removed, head + column - added, added);
            removed = 0;
            added = 0;
            ++row;
            ++column;
        } else if (column < columns
                   && (row == rows || common[at(row, column + 1)] >= common[at(row + 1, column)])) {
            ++added;
            ++column;
        } else {
            ++removed;
            ++row;
        }
    }
    addRun(changes, removed, head + column - added, added);
    return changes;
}

} // namespace sequela::ui
