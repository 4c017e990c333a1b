#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/events_input.h"
#include "core/detect/detection.h"

#include <algorithm>

namespace sequela::cli {

namespace {

/// Alerts whose last event lies in the range, of those that were asked for.
std::vector<std::string> idsInRange(const detect::Detection& found, const TimeRange& range,
                                    const ExportOptions& options)
{
    std::vector<std::string> ids;
    for (const detect::Alert& alert : found.alerts) {
        const bool inRange = alert.lastTime && (!range.from || *alert.lastTime >= *range.from)
                             && (!range.to || *alert.lastTime <= *range.to);
        const bool isAsked =
            options.alertIds.empty()
                ? options.buildingBlocks || !alert.rule->buildingBlock
                : std::ranges::find(options.alertIds, alert.id) != options.alertIds.end();
        if (inRange && isAsked) {
            ids.push_back(alert.id);
        }
    }
    return ids;
}

/// An analyst's work as JSON: verdicts, notes or exceptions.
Result<std::string> documentOf(const workspace::Workspace& workspace, std::string_view what)
{
    if (what == "notes") {
        return workspace.exportNotes();
    }
    return what == "exceptions" ? workspace.exportExceptions() : workspace.exportVerdicts();
}

} // namespace

ExitCode runExport(const ExportOptions& options, std::stop_token stop)
{
    const auto format = report::formatFromName(options.format);
    auto range = timeRange(options.common);
    if (!format || !range) {
        return ExitCode::Usage;
    }
    if (outputIsTaken(options.common)) {
        return ExitCode::Output;
    }
    auto workspace =
        workspace::Workspace::open(options.caseFile, workspace::Workspace::OpenMode::ReadOnly);
    if (!workspace) {
        return failWith(workspace.error(), ExitCode::Input);
    }
    if (options.what != "alerts") {
        auto document = documentOf(**workspace, options.what);
        return document ? writeResult(*document, options.common)
                        : failWith(document.error(), ExitCode::Input);
    }
    report::ExportRequest request;
    request.format = *format;
    request.title = options.title;
    request.includeBuildingBlocks = options.buildingBlocks;
    if (!options.alertIds.empty()) {
        request.alertIds = options.alertIds;
    }
    if (range->from || range->to) {
        request.alertIds = idsInRange(*(*workspace)->detection(), *range, options);
    }
    auto text = (*workspace)->exportAlerts(request, stop);
    return text ? writeResult(*text, options.common) : failWith(text.error(), ExitCode::Input);
}

} // namespace sequela::cli
