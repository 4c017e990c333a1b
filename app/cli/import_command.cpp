#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/events_input.h"

namespace sequela::cli {

ExitCode runImport(const ImportOptions& options, std::stop_token stop)
{
    constexpr std::size_t problemsPerFile = 20;
    if (outputIsTaken(options.common)) {
        return ExitCode::Output;
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
