#include "app/cli/run_report.h"

#include "app/cli/console.h"
#include "core/base/json_writer.h"
#include "core/base/text.h"
#include "core/base/timestamp.h"
#include "core/report/text_table.h"

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

void writeReplay(JsonWriter& json, const detect::RuleOutcome& outcome)
{
    json.key("schedule");
    json.beginObject();
    json.member("when", outcome.schedule);
    for (const detect::ReplayFigure& figure : detect::replayFigures()) {
        json.key(figure.name);
        json.unsignedInteger((*outcome.replay).*figure.member);
    }
    json.endObject();
}

/// What the schedule lost, a line per match.
std::string missesText(const detect::Detection& found)
{
    std::string text;
    for (const detect::ScheduleMiss& miss : found.misses) {
        std::string_view why;
        switch (miss.fate) {
        case detect::ReplayFate::Found:
            continue;
        case detect::ReplayFate::Cut:
            why = "cut by max_signals";
            break;
        case detect::ReplayFate::NoWindow:
            why = "missed, no single window held it";
            break;
        case detect::ReplayFate::Late:
            why = "missed, events arrived after their window";
            break;
        case detect::ReplayFate::Otherwise:
            why = "missed, the window made another match of its events";
            break;
        }
        text += fmt::format("{}: {}: {} on {}, alert {}\n", visibleText(miss.alert.rule->file), why,
                            miss.alert.lastTime ? formatIso(*miss.alert.lastTime) : "no time",
                            miss.alert.host.empty() ? "no host" : visibleText(miss.alert.host),
                            miss.alert.id);
    }
    return text;
}

void writeMisses(JsonWriter& json, const detect::Detection& found)
{
    json.key("schedule_misses");
    json.beginArray();
    for (const detect::ScheduleMiss& miss : found.misses) {
        json.beginObject();
        json.member("alert_id", miss.alert.id);
        json.member("rule_id", miss.alert.rule->ruleId);
        json.member("why", detect::replayFateName(miss.fate));
        json.key("time");
        miss.alert.lastTime ? json.string(formatIso(*miss.alert.lastTime)) : json.null();
        json.member("host", miss.alert.host);
        json.key("events");
        json.beginArray();
        for (const detect::AlertStage& stage : miss.alert.stages) {
            stage.identity.empty() ? json.null() : json.string(stage.identity);
        }
        json.endArray();
        json.endObject();
    }
    json.endArray();
}

/// The figures of all rules that found or lost something.
std::string scheduleText(const detect::Detection& found)
{
    report::TextTable table({{"RULE", false, 48},
                             {"SCHEDULE"},
                             {"RUNS", true},
                             {"FOUND", true},
                             {"AGAIN", true},
                             {"CUT", true},
                             {"NO WINDOW", true},
                             {"LATE", true},
                             {"OTHERWISE", true}});
    for (const detect::RuleOutcome& outcome : found.outcomes) {
        if (!outcome.replay) {
            continue;
        }
        const detect::ReplayCounts& counts = *outcome.replay;
        if (counts.found + counts.cut + counts.missedNoWindow + counts.missedLate
                + counts.missedOtherwise
            == 0) {
            continue;
        }
        table.addRow({outcome.name, outcome.schedule, std::to_string(counts.runs),
                      std::to_string(counts.found), std::to_string(counts.foundAgain),
                      std::to_string(counts.cut), std::to_string(counts.missedNoWindow),
                      std::to_string(counts.missedLate), std::to_string(counts.missedOtherwise)});
    }
    return table.rowCount() == 0 ? std::string() : table.toString();
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
    if (outcome.replay) {
        writeReplay(json, outcome);
    }
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
    if (!quiet) {
        text += scheduleText(*report.found);
        text += missesText(*report.found);
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
    writeMisses(json, *report.found);
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
