#pragma once

#include "core/report/alert_summary.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sequela::report::testing {

/// A summary of one sequence alert in which every text that comes from outside is @p text.
class FilledSummary {
public:
    explicit FilledSummary(const std::string& text)
    {
        auto rule = std::make_shared<detect::AlertRule>();
        rule->ruleId = text;
        rule->name = text;
        rule->description = text;
        rule->version = text;
        rule->severity = detect::AlertSeverity::High;
        rule->riskScore = 73;
        rule->queryHash = std::string(64, 'a');
        rule->query = text;
        rule->attack = {{text, "TA0002", text, "T1059", text, "T1059.002", text}};
        rule->tags = {text};
        rule->references = {text};
        rule->falsePositives = {text};
        rule->file = text;
        alert.rule = rule;
        alert.id = std::string(32, 'b');
        alert.eventsHash = std::string(64, 'c');
        alert.name = text;
        alert.severity = detect::AlertSeverity::Critical;
        alert.riskScore = 99;
        alert.firstTime = Timestamp(1'704'067'200'000'000'000);
        alert.lastTime = Timestamp(1'704'067'201'500'000'000);
        alert.host = text;
        alert.user = text;
        alert.process = text;
        alert.joinKeys = {eql::Value(text), eql::Value()};
        alert.stages = {{EventNumber(0), "h/e1", alert.firstTime},
                        {std::nullopt, "", std::nullopt},
                        {EventNumber(1), "h/e2", alert.lastTime}};
        alert.verdict.status = detect::VerdictStatus::Closed;
        alert.verdict.reason = detect::VerdictReason::FalsePositive;
        alert.verdict.note = text;
        alert.verdict.tags = {text};
        alert.verdict.author = text;
        alert.verdict.changed = Timestamp(1'704'067'300'000'000'000);
        fillDetails(text);
        summary.alerts = {&alert};
        detect::RuleOutcome ran;
        ran.ruleId = text;
        detect::RuleOutcome broken;
        broken.name = text;
        broken.file = text;
        broken.status = detect::RuleStatus::Broken;
        broken.reason = text;
        summary.outcomes = {ran, broken};
        summary.inputs = {{text, text, std::string(64, 'd'), text, 2}};
        summary.eventCount = 2;
        summary.generator = "Sequela";
        summary.details = [this](const detect::Alert&) {
            return Result<detect::AlertDetails>(details);
        };
        summary.sharedFields = [this](const detect::Alert&) {
            return Result<std::vector<detect::SharedField>>(details.sharedFields);
        };
        summary.ancestor = [text](const detect::AlertStage&) {
            return Result<AlertSummary::Ancestor>(AlertSummary::Ancestor{text, text});
        };
        request.title = text;
    }
    FilledSummary(const FilledSummary&) = delete;
    FilledSummary& operator=(const FilledSummary&) = delete;

    [[nodiscard]] Result<std::string> write(Format format)
    {
        request.format = format;
        return writeSummary(summary, request);
    }

    detect::Alert alert;
    detect::AlertDetails details;
    AlertSummary summary;
    ExportRequest request;

private:
    void fillDetails(const std::string& text)
    {
        detect::StageDetails stage;
        stage.sourcePath = text;
        stage.sourceMember = text;
        stage.record = 3;
        stage.line = 4;
        stage.ancestorId = text;
        stage.index = text;
        stage.clauses = {{SourceSpan{0, 1}, text, {{text, text}, {text, text}}}};
        stage.document = text;
        details.stages = {stage, {}, stage};
        details.sharedFields = {{"host.name", {{text, schema::ValueKind::String}}},
                                {"process." + text, {{text, schema::ValueKind::String}}}};
        details.reason = text;
    }
};

} // namespace sequela::report::testing
