#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/events_input.h"
#include "core/base/text.h"

#include <fmt/format.h>

namespace sequela::cli {

namespace {

Result<std::size_t> importDocument(workspace::Workspace& workspace, std::string_view what,
                                   std::string_view json)
{
    if (what == "notes") {
        return workspace.importNotes(json);
    }
    return what == "exceptions" ? workspace.importExceptions(json) : workspace.importVerdicts(json);
}

/// Verdicts, notes or exceptions of another case, one file after the other.
ExitCode importWork(const ImportOptions& options)
{
    auto workspace = workspace::Workspace::open(options.events.caseFile,
                                                workspace::Workspace::OpenMode::ReadWrite);
    if (!workspace) {
        return failWith(workspace.error(), ExitCode::Input);
    }
    std::string account;
    ExitCode code = ExitCode::Done;
    for (const std::string& file : options.events.events) {
        auto text = readText(file);
        if (!text) {
            code = failWith(text.error(), ExitCode::Input);
            continue;
        }
        auto taken = importDocument(**workspace, options.what, *text);
        if (!taken) {
            taken.error().file = file;
            code = failWith(taken.error(), ExitCode::Input);
            continue;
        }
        account +=
            options.format == "json"
                ? fmt::format("{{\"file\":{},\"what\":\"{}\",\"taken\":{}}}\n", quoteJson(file),
                              options.what, *taken)
                : fmt::format("{}: {} {} taken over\n", visibleText(file), *taken, options.what);
    }
    if (auto closed = (*workspace)->close(); !closed && code == ExitCode::Done) {
        code = failWith(closed.error(), ExitCode::Output);
    }
    const ExitCode written = writeResult(account, options.common);
    return code == ExitCode::Done ? written : code;
}

} // namespace

ExitCode runImport(const ImportOptions& options, std::stop_token stop)
{
    constexpr std::size_t problemsPerFile = 20;
    if (outputIsTaken(options.common)) {
        return ExitCode::Output;
    }
    if (options.what != "events") {
        return importWork(options);
    }
    auto opened = openEvents(options.events, options.common, CaseAccess::Write, true, stop);
    if (!opened) {
        return opened.error();
    }
    const ingest::ImportReport& report = opened->import->report;
    const std::string text = options.format == "json"
                                 ? ingest::reportJson(report) + "\n"
                                 : ingest::formatReport(report, problemsPerFile);
    ExitCode code = writeResult(text, options.common);
    if (auto closed = opened->workspace->close(); !closed && code == ExitCode::Done) {
        code = failWith(closed.error(), ExitCode::Output);
    }
    return code == ExitCode::Done ? opened->inputCode : code;
}

} // namespace sequela::cli
