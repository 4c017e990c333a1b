#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Event text is hostile in every format. Each function makes it inert and keeps it legible:
/// controls and bidirectional marks become visible first, then what the format gives meaning.
namespace sequela::report {

/// Bytes of one value shown in documents for people; what is cut is said behind it.
inline constexpr std::size_t maxShownBytes = 4'096;

/// Cut to @p limit bytes at a character's border, with a note of how many bytes are left out.
[[nodiscard]] std::string shorten(std::string_view text, std::size_t limit = maxShownBytes);

/// Text between tags and inside quoted attributes.
[[nodiscard]] std::string escapeHtml(std::string_view text);

/// Inline Markdown text: no markup, no link, no automatic link, no HTML, no table border.
[[nodiscard]] std::string escapeMarkdown(std::string_view text);
/// The text as inline code, fenced with more backticks than it holds; line ends become marks.
[[nodiscard]] std::string markdownCode(std::string_view text);

/// JSON text with the characters that eyes and terminals stumble over (C1 controls, DEL,
/// bidirectional and zero-width marks, separators of lines) written as `\uXXXX`: the same values,
/// all ink.
[[nodiscard]] std::string escapeInvisibleJson(std::string_view json);

/// Bytes of one CSV cell: spreadsheets cut past 32,767 characters without a word.
inline constexpr std::size_t maxCellBytes = 32'000;
/// One CSV cell, quoted where needed; text that a spreadsheet would take for a formula gets a
/// leading apostrophe.
[[nodiscard]] std::string csvCell(std::string_view text);

} // namespace sequela::report
