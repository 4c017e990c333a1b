#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/events_input.h"
#include "app/cli/run_report.h"
#include "core/detect/detection.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

namespace sequela::cli {

namespace {

ExitCode usage(const Diagnostic& error)
{
    sayError(error);
    return ExitCode::Usage;
}

/// What --schedule and its companions say; nothing without it.
std::expected<std::optional<detect::ScheduleOptions>, ExitCode>
scheduleOptions(const ScanOptions& options)
{
    if (!options.schedule) {
        return std::nullopt;
    }
    detect::ScheduleOptions schedule;
    for (const auto& [text, target] : {std::pair(&options.ingestDelay, &schedule.ingestDelayNs),
                                       std::pair(&options.runDelay, &schedule.delayNs)}) {
        if (text->empty()) {
            continue;
        }
        const auto delay = rules::parseInterval(*text);
        if (!delay) {
            return std::unexpected(usage(delay.error()));
        }
        *target = *delay;
    }
    if (!options.outage.empty()) {
        const std::size_t slash = options.outage.find('/');
        const auto from = parseIsoTimestamp(std::string_view(options.outage).substr(0, slash));
        const auto to = slash == std::string::npos
                            ? std::nullopt
                            : parseIsoTimestamp(std::string_view(options.outage).substr(slash + 1));
        if (!from || !to || *to <= *from) {
            return std::unexpected(
                usage(makeError("cli-usage", "--outage wants two times, the earlier one first",
                                "write --outage 2026-04-14T09:00Z/2026-04-14T10:00Z")));
        }
        schedule.outage = {*from, *to};
    }
    return schedule;
}

std::expected<detect::DetectOptions, ExitCode> detectOptions(const ScanOptions& options,
                                                             const workspace::Workspace& workspace)
{
    auto range = timeRange(options.common);
    if (!range) {
        return std::unexpected(range.error());
    }
    auto schedule = scheduleOptions(options);
    if (!schedule) {
        return std::unexpected(schedule.error());
    }
    detect::DetectOptions detectOptions;
    detectOptions.schedule = *schedule;
    detectOptions.matchIndex = options.matchIndex;
    detectOptions.strictFields = options.strictFields;
    detectOptions.threadCount = options.common.jobs;
    detectOptions.runtimeErrors = options.runtimeErrors == "fail"
                                      ? engine::RuntimeErrors::Fail
                                      : engine::RuntimeErrors::CountAsNull;
    if (range->from || range->to) {
        auto events = detect::eventsBetween(*workspace.snapshot()->events, "@timestamp",
                                            range->from, range->to);
        if (!events) {
            return std::unexpected(failWith(events.error(), ExitCode::Input));
        }
        detectOptions.events = std::make_shared<const engine::EventSet>(std::move(*events));
    }
    return detectOptions;
}

/// Every alert counts for --fail-on but those of building blocks, which nobody is shown.
bool reaches(const detect::Detection& found, detect::AlertSeverity severity, bool buildingBlocks)
{
    return std::ranges::any_of(found.alerts, [&](const detect::Alert& alert) {
        return alert.severity >= severity && (buildingBlocks || !alert.rule->buildingBlock);
    });
}

std::expected<std::shared_ptr<const detect::Detection>, ExitCode>
detectAll(const ScanOptions& options, workspace::Workspace& workspace, std::stop_token stop)
{
    auto settings = detectOptions(options, workspace);
    if (!settings) {
        return std::unexpected(settings.error());
    }
    Progress progress;
    const ProgressLine line(progress, "alerts", options.common.quiet);
    auto found = workspace.detect(*settings, progress, stop);
    if (!found) {
        const bool isOutput = found.error().code == "case-disk-full";
        return std::unexpected(
            failWith(found.error(), isOutput ? ExitCode::Output : ExitCode::Input));
    }
    return std::move(*found);
}

} // namespace

ExitCode runScan(const ScanOptions& options, std::stop_token stop)
{
    const auto format = report::formatFromName(options.format);
    const auto failOn = rules::severityFromText(options.failOn);
    if (!format || outputIsTaken(options.common)) {
        return format ? ExitCode::Output : ExitCode::Usage;
    }
    if (options.rules.empty()) {
        sayError(makeError("cli-usage", "there are no rules to run",
                           "name rule files or folders with --rules PATH"));
        return ExitCode::Usage;
    }
    const std::vector<std::filesystem::path> rulePaths(options.rules.begin(), options.rules.end());
    auto ruleSet = rules::loadRules(rulePaths, stop);
    if (!ruleSet) {
        return failWith(ruleSet.error(), ExitCode::Input);
    }
    auto opened = openEvents(options.events, options.common, CaseAccess::Write, true, stop);
    if (!opened) {
        return opened.error();
    }
    workspace::Workspace& workspace = *opened->workspace;
    workspace.setRules(std::make_shared<const rules::RuleSet>(std::move(*ruleSet)));
    auto found = detectAll(options, workspace, stop);
    if (!found) {
        return found.error();
    }
    report::ExportRequest request;
    request.format = *format;
    request.includeBuildingBlocks = options.buildingBlocks;
    auto text = workspace.exportAlerts(request, stop);
    if (!text) {
        return failWith(text.error(), ExitCode::Input);
    }
    ExitCode code = writeResult(*text, options.common);
    const RunReport report{workspace.rules().get(), found->get(),
                           opened->import ? &*opened->import : nullptr};
    if (options.reportFile.empty()) {
        say(runReportText(report, options.common.quiet));
    } else if (code == ExitCode::Done) {
        CommonOptions reportOutput = options.common;
        reportOutput.outputFile = options.reportFile;
        code = writeResult(runReportJson(report), reportOutput);
    }
    if (auto closed = workspace.close(); !closed && code == ExitCode::Done) {
        code = failWith(closed.error(), ExitCode::Output);
    }
    if (code != ExitCode::Done) {
        return code;
    }
    if (opened->inputCode != ExitCode::Done) {
        return opened->inputCode;
    }
    return failOn && reaches(**found, *failOn, options.buildingBlocks) ? ExitCode::Findings
                                                                       : ExitCode::Done;
}

} // namespace sequela::cli
