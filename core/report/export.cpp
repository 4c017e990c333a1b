#include "core/report/export.h"

#include "core/report/alert_summary.h"

#include <algorithm>
#include <array>

namespace sequela::report {

namespace {

struct FormatFacts {
    Format format;
    std::string_view name;
    std::string_view extension;
};

constexpr std::array<FormatFacts, 9> formats{{
    {Format::Table, "table", ".txt"},
    {Format::Json, "json", ".json"},
    {Format::Ndjson, "ndjson", ".ndjson"},
    {Format::Markdown, "markdown", ".md"},
    {Format::Html, "html", ".html"},
    {Format::Csv, "csv", ".csv"},
    {Format::Navigator, "navigator", ".layer.json"},
    {Format::Sarif, "sarif", ".sarif"},
    {Format::Junit, "junit", ".xml"},
}};

constexpr std::array<Format, formats.size()> formatList = [] {
    std::array<Format, formats.size()> list{};
    std::ranges::transform(formats, list.begin(), &FormatFacts::format);
    return list;
}();

} // namespace

std::span<const Format> allFormats()
{
    return formatList;
}

std::string_view formatName(Format format)
{
    return std::ranges::find(formats, format, &FormatFacts::format)->name;
}

std::string_view formatExtension(Format format)
{
    return std::ranges::find(formats, format, &FormatFacts::format)->extension;
}

std::optional<Format> formatFromName(std::string_view name)
{
    const auto found = std::ranges::find(formats, name, &FormatFacts::name);
    return found == formats.end() ? std::nullopt : std::optional(found->format);
}

Result<std::string> writeSummary(const AlertSummary& summary, const ExportRequest& request,
                                 std::stop_token stop)
{
    switch (request.format) {
    case Format::Table:
        return writeTable(summary, request.offsetMinutes);
    case Format::Json:
        return writeJson(summary, false, stop);
    case Format::Ndjson:
        return writeJson(summary, true, stop);
    case Format::Markdown:
        return writeMarkdown(summary, request, stop);
    case Format::Html:
        return writeHtml(summary, request, stop);
    case Format::Csv:
        return writeCsv(summary, stop);
    case Format::Navigator:
        return writeNavigator(summary, request);
    case Format::Sarif:
        return writeSarif(summary, stop);
    case Format::Junit:
        return writeJunit(summary, stop);
    }
    return std::string();
}

} // namespace sequela::report
