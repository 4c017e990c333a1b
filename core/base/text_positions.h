#pragma once

#include "core/base/diagnostic.h"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace sequela {

/// Lines and columns of many places in one text: what `positionOf` says, without reading the text
/// from its start for each of them. The text must outlive it.
class TextPositions {
public:
    explicit TextPositions(std::string_view text);

    /// As `positionOf(text, offset)`.
    [[nodiscard]] TextPosition at(std::size_t offset) const;

private:
    struct Milestone {
        std::size_t offset = 0;
        TextPosition position;
    };
    /// Where reading from a milestone to @p end leads.
    [[nodiscard]] TextPosition advanced(const Milestone& from, std::size_t end) const;

    std::string_view m_text;
    std::vector<Milestone> m_milestones;
};

/// Gives each diagnostic with a span its line and column, and each without a file @p file.
void locateAll(std::span<Diagnostic> diagnostics, std::string_view text, std::string_view file);

} // namespace sequela
