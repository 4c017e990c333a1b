#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/events_input.h"
#include "core/base/text.h"
#include "core/detect/detection.h"
#include "core/rules/rule_set.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>

namespace sequela::cli {

namespace {

Result<rules::RuleSet> loadVersion(const std::string& path, std::stop_token stop)
{
    const std::array<std::filesystem::path, 1> paths{path};
    return rules::loadRules(paths, std::move(stop));
}

std::expected<detect::DetectOptions, ExitCode> runOptions(const DiffOptions& options,
                                                          const workspace::Workspace& workspace)
{
    auto range = timeRange(options.common);
    if (!range) {
        return std::unexpected(range.error());
    }
    detect::DetectOptions run;
    run.matchIndex = options.matchIndex;
    run.threadCount = options.common.jobs;
    // A version that is switched off is compared all the same: it is what the change is about.
    run.includeDisabled = true;
    if (range->from || range->to) {
        auto events = detect::eventsBetween(*workspace.snapshot()->events, "@timestamp",
                                            range->from, range->to);
        if (!events) {
            return std::unexpected(failWith(events.error(), ExitCode::Input));
        }
        run.events = std::make_shared<const engine::EventSet>(std::move(*events));
    }
    return run;
}

/// Rules that could not be compared, on standard error.
void sayTroubles(const detect::Detection& found, std::string_view version)
{
    for (const detect::RuleOutcome& outcome : found.outcomes) {
        if (outcome.status == detect::RuleStatus::Broken
            || outcome.status == detect::RuleStatus::Failed) {
            say(fmt::format("{}: {} version: {}\n", visibleText(outcome.file), version,
                            visibleText(outcome.reason)));
        }
    }
    sayDiagnostics(found.diagnostics);
}

} // namespace

ExitCode runDiff(const DiffOptions& options, std::stop_token stop)
{
    if (outputIsTaken(options.common)) {
        return ExitCode::Output;
    }
    auto before = loadVersion(options.oldRules, stop);
    if (!before) {
        return failWith(before.error(), ExitCode::Input);
    }
    auto after = loadVersion(options.newRules, stop);
    if (!after) {
        return failWith(after.error(), ExitCode::Input);
    }
    auto opened = openEvents(options.events, options.common, CaseAccess::Read, false, stop);
    if (!opened) {
        return opened.error();
    }
    const workspace::Workspace& workspace = *opened->workspace;
    auto run = runOptions(options, workspace);
    if (!run) {
        return run.error();
    }
    Progress progress;
    auto compared = [&] {
        const ProgressLine line(progress, "alerts", options.common.quiet);
        return workspace.compareRules(*before, *after, *run, progress, stop);
    }();
    if (!compared) {
        return failWith(compared.error(), ExitCode::Input);
    }
    sayTroubles(*compared->before, "old");
    sayTroubles(*compared->after, "new");
    auto text = workspace.exportComparison(*compared, options.oldRules, options.newRules,
                                           options.format == "json", stop);
    if (!text) {
        return failWith(text.error(), ExitCode::Input);
    }
    const ExitCode code = writeResult(*text, options.common);
    return code == ExitCode::Done ? opened->inputCode : code;
}

} // namespace sequela::cli
