#include "app/cli/run_report.h"

#include "app/cli/console.h"
#include "core/base/json_writer.h"
#include "core/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace sequela::cli {

namespace {

bool isLost(detect::RuleStatus status)
{
    return status == detect::RuleStatus::Broken || status == detect::RuleStatus::Failed;
}

void appendOutcome(std::string& text, const detect::RuleOutcome& outcome)
{
    text += fmt::format("{}: {}\n", visibleText(outcome.file), visibleText(outcome.reason));
    for (const Diagnostic& diagnostic : outcome.diagnostics) {
        if (diagnostic.severity == Severity::Error) {
            text += "  " + formatDiagnostic(diagnostic) + "\n";
        }
    }
}

void writeOutcome(JsonWriter& json, const detect::RuleOutcome& outcome)
{
    json.beginObject();
    json.member("rule_id", outcome.ruleId);
    json.member("name", outcome.name);
    json.member("file", outcome.file);
    json.member("status", detect::ruleStatusName(outcome.status));
    json.member("reason", outcome.reason);
    json.key("matches");
    json.unsignedInteger(outcome.matchCount);
    json.key("alerts");
    json.unsignedInteger(outcome.alertCount);
    json.key("diagnostics");
    json.raw(diagnosticsJson(outcome.diagnostics));
    json.key("warnings");
    json.beginArray();
    for (const engine::RuntimeWarning& warning : outcome.warnings) {
        json.beginObject();
        json.member("message", warning.message);
        json.key("count");
        json.unsignedInteger(warning.count);
        json.endObject();
    }
    json.endArray();
    json.endObject();
}

} // namespace

std::string runReportText(const RunReport& report, bool quiet)
{
    constexpr std::size_t problemsPerFile = 5;
    std::string text;
    if (report.import != nullptr) {
        const ingest::ImportReport& import = report.import->report;
        if (!quiet || import.lostRecords() > 0 || import.hasFailedInput()) {
            text += ingest::formatReport(import, problemsPerFile);
        }
    }
    std::size_t ran = 0;
    for (const detect::RuleOutcome& outcome : report.found->outcomes) {
        if (outcome.status == detect::RuleStatus::Ran) {
            ++ran;
            for (const engine::RuntimeWarning& warning : outcome.warnings) {
                text += fmt::format("{}: warning: {} ({} times)\n", visibleText(outcome.file),
                                    visibleText(warning.message), warning.count);
            }
        } else if (!quiet || isLost(outcome.status)) {
            appendOutcome(text, outcome);
        }
    }
    for (const Diagnostic& diagnostic : report.found->diagnostics) {
        text += formatDiagnostic(diagnostic) + "\n";
    }
    for (const Diagnostic& diagnostic : report.rules->diagnostics()) {
        if (!quiet || diagnostic.severity == Severity::Error) {
            text += formatDiagnostic(diagnostic) + "\n";
        }
    }
    if (!quiet) {
        text += fmt::format("{} of {} rules ran in {}\n", ran, report.found->outcomes.size(),
                            formatDuration(static_cast<std::int64_t>(report.found->nanoseconds)));
    }
    return text;
}

std::string runReportJson(const RunReport& report)
{
    JsonWriter json;
    json.beginObject();
    json.key("rules");
    json.beginArray();
    for (const detect::RuleOutcome& outcome : report.found->outcomes) {
        writeOutcome(json, outcome);
    }
    json.endArray();
    json.key("diagnostics");
    std::vector<Diagnostic> diagnostics = report.rules->diagnostics();
    std::ranges::copy(report.found->diagnostics, std::back_inserter(diagnostics));
    json.raw(diagnosticsJson(diagnostics));
    json.key("import");
    if (report.import != nullptr) {
        json.raw(ingest::reportJson(report.import->report));
    } else {
        json.null();
    }
    json.endObject();
    return json.take() + "\n";
}

} // namespace sequela::cli
