#pragma once

#include <QString>
#include <QStringView>

#include <cstddef>
#include <string>
#include <string_view>

/// The only seam between the core's UTF-8 and Qt's UTF-16. Event text is hostile: it comes to the
/// screen through `visible` or `visibleCell` only, into plain-text widgets only.
namespace sequela::ui::text {

/// Bytes of one value that a table cell shows; the inspector shows all of it.
inline constexpr std::size_t maxCellBytes = 1024;

/// Our own texts and query texts: invalid bytes become U+FFFD, everything else stays as it is.
[[nodiscard]] QString fromUtf8(std::string_view text);
[[nodiscard]] std::string toUtf8(QStringView text);

/// Event text for eyes, see `visibleText` in core/base/text.h.
[[nodiscard]] QString visible(std::string_view text);
/// The same over several lines: line feeds stay.
[[nodiscard]] QString visibleLines(std::string_view text);
/// Event text for one table cell: at most maxCellBytes of it, then `…`.
[[nodiscard]] QString visibleCell(std::string_view text);

/// UTF-16 position of byte @p byteOffset of @p text, for marking spans of the core in Qt texts.
[[nodiscard]] qsizetype utf16Offset(std::string_view text, std::size_t byteOffset);
/// Byte offset in UTF-8 of UTF-16 position @p position of @p text.
[[nodiscard]] std::size_t utf8Offset(QStringView text, qsizetype position);

} // namespace sequela::ui::text
