#pragma once

#include "core/base/diagnostic.h"
#include "core/detect/alert.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::report {

/// Alert summaries (rules.md, "Exports").
enum class Format : std::uint8_t {
    Table,
    Json,
    Ndjson,
    Markdown,
    Html,
    Csv,
    Navigator,
    Sarif,
    Junit
};

/// Every format, in the order of the enumeration.
[[nodiscard]] std::span<const Format> allFormats();

/// "table", "json", "ndjson", "markdown", "html", "csv", "navigator", "sarif", "junit".
[[nodiscard]] std::string_view formatName(Format format);
[[nodiscard]] std::optional<Format> formatFromName(std::string_view name);
/// ".json", ".md", ".sarif" …: for a file dialog's suggestion.
[[nodiscard]] std::string_view formatExtension(Format format);

/// Which alerts and how.
struct ExportRequest {
    Format format = Format::Json;
    /// Ids of the alerts to export; nothing is all that are not hidden.
    std::optional<std::vector<std::string>> alertIds;
    /// Whether alerts of building-block rules are among "all".
    bool includeBuildingBlocks = false;
    /// Offset of printed times in minutes east of UTC; machine formats always use UTC.
    int offsetMinutes = 0;
    /// Heading of documents for people.
    std::string title = "Alert summary";
};

} // namespace sequela::report
