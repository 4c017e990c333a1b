#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace sequela::ui {

enum class LineChangeKind : std::uint8_t { Added, Changed, RemovedAbove };

/// A line of a text (0-based) that is not as in an older text.
struct LineChange {
    int line = 0;
    LineChangeKind kind = LineChangeKind::Changed;

    bool operator==(const LineChange&) const = default;
};

/// How @p text differs from @p saved, line by line, by their longest common subsequence. Beyond
/// maxComparedLines everything between the common beginning and end counts as changed.
[[nodiscard]] std::vector<LineChange> lineChanges(std::string_view saved, std::string_view text);

inline constexpr std::size_t maxComparedLines = 1000;

} // namespace sequela::ui
