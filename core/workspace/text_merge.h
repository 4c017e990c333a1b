#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sequela::workspace {

/// Two edits of one text brought together, line by line.
struct MergedText {
    std::string text;
    /// Places where both edits changed the same lines in different ways. There the lines of @p mine
    /// stand, and behind them those of the other, each behind `// in the file: `.
    std::size_t conflictCount = 0;
};

/// Three-way merge of EQL texts: what either side changed against @p base is taken over. Line ends
/// are those of @p mine. Texts too large to compare (limits.h) are one conflict.
[[nodiscard]] MergedText mergeTexts(std::string_view base, std::string_view mine,
                                    std::string_view theirs);

} // namespace sequela::workspace
