#include "core/report/diff_report.h"

#include "core/base/json_writer.h"
#include "core/base/timestamp.h"
#include "core/report/escaping.h"
#include "core/report/summary_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace sequela::report {

namespace {

using detect::Alert;
using detect::RuleDiff;

std::string nameOf(const RuleDiff& rule)
{
    const detect::RuleOutcome* outcome = rule.after != nullptr ? rule.after : rule.before;
    return outcome == nullptr || outcome->name.empty() ? rule.ruleId : outcome->name;
}

/// Why a side has no matches to compare, or empty if it ran.
std::string troubleOf(const detect::RuleOutcome* outcome)
{
    if (outcome == nullptr) {
        return "not there";
    }
    return outcome->status == detect::RuleStatus::Ran ? std::string() : outcome->reason;
}

bool isTruePositive(const Alert* alert)
{
    return alert->verdict.reason == detect::VerdictReason::TruePositive;
}

std::string timeOf(const std::optional<Timestamp>& time)
{
    return time ? formatIso(*time) : "no time";
}

class MarkdownDiff {
public:
    explicit MarkdownDiff(const DiffSummary& summary) : m_summary(summary) {}

    [[nodiscard]] Result<std::string> write(const std::stop_token& stop)
    {
        const detect::DetectionDiff& diff = *m_summary.diff;
        m_text = fmt::format("# Rule comparison\n\n- old: {}\n- new: {}\n- events: {}\n\n"
                             "| matches | count |\n|---|---:|\n"
                             "| gained | {} |\n| lost | {} |\n| kept | {} |\n\n",
                             markdownCode(shorten(m_summary.beforeName)),
                             markdownCode(shorten(m_summary.afterName)), m_summary.eventCount,
                             diff.gainedCount(), diff.lostCount(), diff.keptCount());
        writeWarning();
        writeRules();
        for (const RuleDiff& rule : diff.rules) {
            SEQUELA_TRY(writeRule(rule, stop));
        }
        writeInputs();
        return std::move(m_text);
    }

private:
    void writeWarning()
    {
        std::size_t lost = 0;
        for (const RuleDiff& rule : m_summary.diff->rules) {
            lost += rule.lostTruePositives().size();
        }
        if (lost > 0) {
            m_text += fmt::format("**{} true positive{} would be lost.**\n\n", lost,
                                  lost == 1 ? "" : "s");
        }
    }

    void writeRules()
    {
        m_text +=
            "## Rules\n\n| rule | gained | lost | kept | remark |\n|---|---:|---:|---:|---|\n";
        for (const RuleDiff& rule : m_summary.diff->rules) {
            std::string remark;
            for (const auto& [side, outcome] :
                 {std::pair("old", rule.before), std::pair("new", rule.after)}) {
                const std::string trouble = troubleOf(outcome);
                if (!trouble.empty()) {
                    remark += fmt::format("{}{} version: {}", remark.empty() ? "" : "; ", side,
                                          escapeMarkdown(shorten(trouble)));
                }
            }
            m_text +=
                fmt::format("| {} | {} | {} | {} | {} |\n", escapeMarkdown(shorten(nameOf(rule))),
                            rule.gained.size(), rule.lost.size(), rule.kept.size(), remark);
        }
        m_text += '\n';
    }

    [[nodiscard]] Result<void> writeRule(const RuleDiff& rule, const std::stop_token& stop)
    {
        if (rule.gained.empty() && rule.lost.empty()) {
            return {};
        }
        m_text += fmt::format("## {}\n\n- rule: {}\n", escapeMarkdown(shorten(nameOf(rule))),
                              markdownCode(shorten(rule.ruleId)));
        const auto hash = [this](std::string_view label, const std::vector<const Alert*>& alerts) {
            if (!alerts.empty()) {
                m_text += fmt::format("- query hash, {}: {}\n", label,
                                      markdownCode(alerts.front()->rule->queryHash));
            }
        };
        hash("old", rule.lost);
        hash("new", rule.gained.empty() ? rule.kept : rule.gained);
        m_text += '\n';
        std::vector<const Alert*> lost = rule.lost;
        std::ranges::stable_partition(lost, isTruePositive);
        SEQUELA_TRY(writeAlerts("Lost", lost, stop));
        return writeAlerts("Gained", rule.gained, stop);
    }

    [[nodiscard]] Result<void> writeAlerts(std::string_view heading,
                                           const std::vector<const Alert*>& alerts,
                                           const std::stop_token& stop)
    {
        if (alerts.empty()) {
            return {};
        }
        m_text += fmt::format("### {} ({})\n\n", heading, alerts.size());
        for (const Alert* alert : alerts) {
            if (stop.stop_requested()) {
                return std::unexpected(cancelledError());
            }
            SEQUELA_TRY(writeAlert(*alert));
        }
        m_text += '\n';
        return {};
    }

    [[nodiscard]] Result<void> writeAlert(const Alert& alert)
    {
        auto details = m_summary.details(alert);
        if (!details) {
            return std::unexpected(std::move(details).error());
        }
        m_text += fmt::format("- {}: {}", timeOf(alert.lastTime),
                              escapeMarkdown(shorten(details->reason)));
        if (alert.verdict.changed) {
            m_text += fmt::format(" ({})", verdictText(alert.verdict));
        }
        m_text += '\n';
        for (std::size_t slot = 0; slot < alert.stages.size(); ++slot) {
            if (alert.stages[slot].identity.empty()) {
                m_text += fmt::format("  {}. no event, as the rule demands\n", slot + 1);
                continue;
            }
            const detect::StageDetails& stage = details->stages[slot];
            m_text += fmt::format(
                "  {}. {}, event {}, {}", slot + 1, timeOf(alert.stages[slot].time),
                markdownCode(shorten(stage.ancestorId)), markdownCode(shorten(originText(stage))));
            for (const detect::MatchedClause& clause : stage.clauses) {
                for (const auto& [field, value] : clause.fieldValues) {
                    m_text += fmt::format("; {} is {}", markdownCode(shorten(field)),
                                          markdownCode(shorten(value)));
                }
            }
            m_text += '\n';
        }
        return {};
    }

    void writeInputs()
    {
        m_text += "## Inputs\n\n| file | events | SHA-256 |\n|---|---:|---|\n";
        for (const SummaryInput& input : m_summary.inputs) {
            const std::string path =
                input.member.empty() ? input.path : input.path + " ▸ " + input.member;
            m_text += fmt::format("| {} | {} | {} |\n", markdownCode(shorten(path)),
                                  input.eventCount, markdownCode(input.sha256));
        }
        m_text += fmt::format("\nWritten by {}.\n", m_summary.generator);
    }

    const DiffSummary& m_summary;
    std::string m_text;
};

class JsonDiff {
public:
    explicit JsonDiff(const DiffSummary& summary) : m_summary(summary) {}

    [[nodiscard]] Result<std::string> write(const std::stop_token& stop)
    {
        const detect::DetectionDiff& diff = *m_summary.diff;
        m_json.beginObject();
        m_json.member("before", m_summary.beforeName);
        m_json.member("after", m_summary.afterName);
        count("events", m_summary.eventCount);
        count("gained", diff.gainedCount());
        count("lost", diff.lostCount());
        count("kept", diff.keptCount());
        m_json.key("rules");
        m_json.beginArray();
        for (const RuleDiff& rule : diff.rules) {
            SEQUELA_TRY(writeRule(rule, stop));
        }
        m_json.endArray();
        m_json.key("inputs");
        m_json.beginArray();
        for (const SummaryInput& input : m_summary.inputs) {
            m_json.beginObject();
            m_json.member("path", input.path);
            m_json.member("member", input.member);
            m_json.member("sha256", input.sha256);
            count("events", input.eventCount);
            m_json.endObject();
        }
        m_json.endArray();
        m_json.member("generator", m_summary.generator);
        m_json.endObject();
        return escapeInvisibleJson(m_json.take()) + "\n";
    }

private:
    void count(std::string_view name, std::uint64_t value)
    {
        m_json.key(name);
        m_json.unsignedInteger(value);
    }

    [[nodiscard]] Result<void> writeRule(const RuleDiff& rule, const std::stop_token& stop)
    {
        m_json.beginObject();
        m_json.member("rule_id", rule.ruleId);
        m_json.member("name", nameOf(rule));
        writeSide("before", rule.before);
        writeSide("after", rule.after);
        SEQUELA_TRY(writeAlerts("gained", rule.gained, stop));
        SEQUELA_TRY(writeAlerts("lost", rule.lost, stop));
        SEQUELA_TRY(writeAlerts("kept", rule.kept, stop));
        m_json.endObject();
        return {};
    }

    void writeSide(std::string_view name, const detect::RuleOutcome* outcome)
    {
        m_json.key(name);
        if (outcome == nullptr) {
            m_json.null();
            return;
        }
        m_json.beginObject();
        m_json.member("file", outcome->file);
        m_json.member("status", detect::ruleStatusName(outcome->status));
        m_json.member("reason", outcome->reason);
        count("matches", outcome->matchCount);
        m_json.endObject();
    }

    [[nodiscard]] Result<void> writeAlerts(std::string_view name,
                                           const std::vector<const Alert*>& alerts,
                                           const std::stop_token& stop)
    {
        m_json.key(name);
        m_json.beginArray();
        for (const Alert* alert : alerts) {
            if (stop.stop_requested()) {
                return std::unexpected(cancelledError());
            }
            SEQUELA_TRY(writeAlert(*alert));
        }
        m_json.endArray();
        return {};
    }

    [[nodiscard]] Result<void> writeAlert(const Alert& alert)
    {
        auto details = m_summary.details(alert);
        if (!details) {
            return std::unexpected(std::move(details).error());
        }
        m_json.beginObject();
        m_json.member("alert_id", alert.id);
        m_json.key("time");
        alert.lastTime ? m_json.string(formatIso(*alert.lastTime)) : m_json.null();
        m_json.member("host", alert.host);
        m_json.member("user", alert.user);
        m_json.member("process", alert.process);
        m_json.member("status", detect::verdictStatusName(alert.verdict.status));
        m_json.member("verdict", detect::verdictReasonName(alert.verdict.reason));
        m_json.key("events");
        m_json.beginArray();
        for (std::size_t slot = 0; slot < alert.stages.size(); ++slot) {
            writeStage(alert.stages[slot], details->stages[slot]);
        }
        m_json.endArray();
        m_json.endObject();
        return {};
    }

    /// A missing slot is null.
    void writeStage(const detect::AlertStage& stage, const detect::StageDetails& details)
    {
        if (stage.identity.empty()) {
            m_json.null();
            return;
        }
        m_json.beginObject();
        m_json.member("id", details.ancestorId);
        m_json.member("index", details.index);
        m_json.key("time");
        stage.time ? m_json.string(formatIso(*stage.time)) : m_json.null();
        m_json.member("source", details.sourcePath);
        m_json.member("member", details.sourceMember);
        count("record", details.record);
        count("line", details.line);
        m_json.key("matched");
        m_json.beginArray();
        for (const detect::MatchedClause& clause : details.clauses) {
            m_json.beginObject();
            m_json.member("clause", clause.text);
            m_json.key("values");
            m_json.beginArray();
            for (const auto& [field, value] : clause.fieldValues) {
                m_json.beginObject();
                m_json.member("field", field);
                m_json.member("value", value);
                m_json.endObject();
            }
            m_json.endArray();
            m_json.endObject();
        }
        m_json.endArray();
        m_json.endObject();
    }

    const DiffSummary& m_summary;
    JsonWriter m_json;
};

} // namespace

Result<std::string> writeDiffMarkdown(const DiffSummary& summary, std::stop_token stop)
{
    return MarkdownDiff(summary).write(stop);
}

Result<std::string> writeDiffJson(const DiffSummary& summary, std::stop_token stop)
{
    return JsonDiff(summary).write(stop);
}

} // namespace sequela::report
