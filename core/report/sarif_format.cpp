#include "core/base/json_writer.h"
#include "core/base/text.h"
#include "core/base/timestamp.h"
#include "core/report/alert_summary.h"
#include "core/report/escaping.h"
#include "core/report/summary_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace sequela::report {

namespace {

constexpr std::string_view schemaAddress = "https://json.schemastore.org/sarif-2.1.0.json";

/// A path in a URI reference: everything but unreserved characters and slashes is quoted byte by
/// byte.
std::string quotedPath(std::string_view path)
{
    constexpr std::string_view plain = "-._~/";
    std::string uri;
    for (const char character : path) {
        const bool isPlain = (character >= 'a' && character <= 'z')
                             || (character >= 'A' && character <= 'Z')
                             || (character >= '0' && character <= '9')
                             || plain.find(character) != std::string_view::npos;
        if (isPlain) {
            uri += character;
        } else {
            uri += fmt::format("%{:02X}", static_cast<unsigned char>(character));
        }
    }
    return uri;
}

/// An absolute path gets the scheme of files.
std::string uriOf(std::string_view path)
{
    return (path.starts_with('/') ? "file://" : "") + quotedPath(path);
}

std::string_view levelOf(detect::AlertSeverity severity)
{
    switch (severity) {
    case detect::AlertSeverity::Low:
        return "note";
    case detect::AlertSeverity::Medium:
        return "warning";
    case detect::AlertSeverity::High:
    case detect::AlertSeverity::Critical:
        break;
    }
    return "error";
}

/// Text for eyes in an object of SARIF's kind `message`.
void writeMessage(JsonWriter& json, std::string_view name, std::string_view text)
{
    json.key(name);
    json.beginObject();
    json.member("text", shorten(visibleText(text, true)));
    json.endObject();
}

class SarifWriter {
public:
    explicit SarifWriter(const AlertSummary& summary) : m_summary(summary)
    {
        for (const detect::RuleOutcome& outcome : summary.outcomes) {
            if (outcome.rule) {
                m_ruleOfId.emplace(outcome.rule->ruleId, outcome.rule.get());
            }
        }
        for (const detect::Alert* alert : summary.alerts) {
            m_ruleOfId.emplace(alert->rule->ruleId, alert->rule.get());
        }
        std::size_t index = 0;
        for (const auto& [id, rule] : m_ruleOfId) {
            m_ruleIndex[id] = index++;
        }
    }

    [[nodiscard]] Result<std::string> write(const std::stop_token& stop)
    {
        m_json.beginObject();
        m_json.member("$schema", schemaAddress);
        m_json.member("version", "2.1.0");
        m_json.key("runs");
        m_json.beginArray();
        m_json.beginObject();
        writeTool();
        writeInvocation();
        writeArtifacts();
        m_json.key("results");
        m_json.beginArray();
        for (const detect::Alert* alert : m_summary.alerts) {
            if (stop.stop_requested()) {
                return std::unexpected(cancelledError());
            }
            SEQUELA_TRY(writeResult(*alert));
        }
        m_json.endArray();
        m_json.member("columnKind", "unicodeCodePoints");
        m_json.endObject();
        m_json.endArray();
        m_json.endObject();
        return escapeInvisibleJson(m_json.take()) + "\n";
    }

private:
    void writeTool()
    {
        const std::size_t space = m_summary.generator.rfind(' ');
        m_json.key("tool");
        m_json.beginObject();
        m_json.key("driver");
        m_json.beginObject();
        m_json.member("name", m_summary.generator.substr(0, space));
        if (space != std::string::npos) {
            m_json.member("version", m_summary.generator.substr(space + 1));
        }
        m_json.key("rules");
        m_json.beginArray();
        for (const auto& [id, rule] : m_ruleOfId) {
            writeRule(*rule);
        }
        m_json.endArray();
        m_json.endObject();
        m_json.endObject();
    }

    void writeRule(const detect::AlertRule& rule)
    {
        m_json.beginObject();
        m_json.member("id", rule.ruleId);
        writeMessage(m_json, "shortDescription", rule.name.empty() ? rule.ruleId : rule.name);
        if (!rule.description.empty()) {
            writeMessage(m_json, "fullDescription", rule.description);
        }
        m_json.key("defaultConfiguration");
        m_json.beginObject();
        m_json.member("level", levelOf(rule.severity));
        m_json.endObject();
        m_json.key("properties");
        m_json.beginObject();
        std::vector<std::string> tags{"security"};
        for (const detect::AttackReference& reference : rule.attack) {
            tags.push_back(shorten(visibleText(attackText(reference))));
        }
        // The schema wants each tag once.
        std::vector<std::string> distinct;
        for (std::string& tag : tags) {
            if (std::ranges::find(distinct, tag) == distinct.end()) {
                distinct.push_back(std::move(tag));
            }
        }
        m_json.members("tags", distinct);
        // Scale of CVSS, which code hosts sort by.
        constexpr double scoresPerPoint = 10;
        m_json.member("security-severity", fmt::format("{:.1f}", rule.riskScore / scoresPerPoint));
        m_json.member("queryHash", rule.queryHash);
        m_json.member("file", shorten(visibleText(rule.file)));
        m_json.endObject();
        m_json.endObject();
    }

    void writeNotification(std::string_view level, std::string_view text)
    {
        m_json.beginObject();
        m_json.member("level", level);
        writeMessage(m_json, "message", text);
        m_json.endObject();
    }

    /// Rules that gave no answer, and what schedules made of the others.
    void writeInvocation()
    {
        m_json.key("invocations");
        m_json.beginArray();
        m_json.beginObject();
        m_json.key("executionSuccessful");
        m_json.boolean(true);
        m_json.key("toolExecutionNotifications");
        m_json.beginArray();
        for (const detect::RuleOutcome& outcome : m_summary.outcomes) {
            if (outcome.status == detect::RuleStatus::Ran) {
                if (outcome.replay && hasFindings(*outcome.replay)) {
                    writeNotification("note",
                                      fmt::format("{}: {}", outcome.name, replayText(outcome)));
                }
                continue;
            }
            const bool isLost = outcome.status == detect::RuleStatus::Broken
                                || outcome.status == detect::RuleStatus::Failed;
            writeNotification(isLost ? "error" : "note",
                              fmt::format("{}: {}", outcome.file, outcome.reason));
        }
        m_json.endArray();
        m_json.endObject();
        m_json.endArray();
    }

    void writeArtifacts()
    {
        // An archive stands before what is in it.
        for (const SummaryInput& input : m_summary.inputs) {
            if (m_artifactIndex.try_emplace({input.path, {}}, m_artifacts.size()).second) {
                m_artifacts.push_back({&input, false});
            }
            if (!input.member.empty()
                && m_artifactIndex.try_emplace({input.path, input.member}, m_artifacts.size())
                       .second) {
                m_artifacts.push_back({&input, true});
            }
        }
        m_json.key("artifacts");
        m_json.beginArray();
        for (const auto& [input, isMember] : m_artifacts) {
            m_json.beginObject();
            m_json.key("location");
            m_json.beginObject();
            m_json.member("uri", isMember ? "/" + quotedPath(input->member) : uriOf(input->path));
            m_json.endObject();
            if (isMember) {
                m_json.key("parentIndex");
                m_json.unsignedInteger(m_artifactIndex.at({input->path, {}}));
            }
            if (isMember || input->member.empty()) {
                m_json.key("hashes");
                m_json.beginObject();
                m_json.member("sha-256", input->sha256);
                m_json.endObject();
            }
            m_json.endObject();
        }
        m_json.endArray();
    }

    [[nodiscard]] Result<void> writeResult(const detect::Alert& alert)
    {
        auto details = m_summary.details(alert);
        if (!details) {
            return std::unexpected(std::move(details).error());
        }
        m_json.beginObject();
        m_json.member("ruleId", alert.rule->ruleId);
        m_json.key("ruleIndex");
        m_json.unsignedInteger(m_ruleIndex.at(alert.rule->ruleId));
        m_json.member("level", levelOf(alert.severity));
        writeMessage(m_json, "message", details->reason);
        m_json.key("locations");
        m_json.beginArray();
        for (std::size_t slot = alert.stages.size(); slot-- > 0;) {
            if (!alert.stages[slot].identity.empty()) {
                writeLocation(alert.stages[slot], details->stages[slot]);
                break;
            }
        }
        m_json.endArray();
        writeFlow(alert, *details);
        m_json.key("partialFingerprints");
        m_json.beginObject();
        m_json.member("alertId/v1", alert.id);
        m_json.endObject();
        writeSuppression(alert);
        writeProperties(alert);
        m_json.endObject();
        return {};
    }

    void writeLocation(const detect::AlertStage& stage, const detect::StageDetails& details)
    {
        m_json.beginObject();
        m_json.key("physicalLocation");
        m_json.beginObject();
        m_json.key("artifactLocation");
        m_json.beginObject();
        m_json.member("uri", uriOf(details.sourcePath));
        const auto artifact = m_artifactIndex.find({details.sourcePath, details.sourceMember});
        if (artifact != m_artifactIndex.end()) {
            m_json.key("index");
            m_json.unsignedInteger(artifact->second);
        }
        m_json.endObject();
        if (details.line > 0) {
            m_json.key("region");
            m_json.beginObject();
            m_json.key("startLine");
            m_json.unsignedInteger(details.line);
            m_json.endObject();
        }
        m_json.endObject();
        std::string text = stage.time ? formatIso(*stage.time) : "no time";
        text += fmt::format(", event {}, record {}", details.ancestorId, details.record);
        for (const detect::MatchedClause& clause : details.clauses) {
            for (const auto& [field, value] : clause.fieldValues) {
                text += fmt::format("; {} is {}", field, value);
            }
        }
        writeMessage(m_json, "message", text);
        m_json.endObject();
    }

    /// The stages in order, where there are several.
    void writeFlow(const detect::Alert& alert, const detect::AlertDetails& details)
    {
        if (alert.stages.size() < 2) {
            return;
        }
        m_json.key("codeFlows");
        m_json.beginArray();
        m_json.beginObject();
        m_json.key("threadFlows");
        m_json.beginArray();
        m_json.beginObject();
        m_json.key("locations");
        m_json.beginArray();
        for (std::size_t slot = 0; slot < alert.stages.size(); ++slot) {
            if (alert.stages[slot].identity.empty()) {
                continue;
            }
            m_json.beginObject();
            m_json.key("executionOrder");
            m_json.unsignedInteger(slot + 1);
            m_json.key("location");
            writeLocation(alert.stages[slot], details.stages[slot]);
            m_json.endObject();
        }
        m_json.endArray();
        m_json.endObject();
        m_json.endArray();
        m_json.endObject();
        m_json.endArray();
    }

    /// Somebody decided that the alert is no finding.
    void writeSuppression(const detect::Alert& alert)
    {
        const bool isSettled = alert.verdict.reason == detect::VerdictReason::FalsePositive
                               || alert.verdict.reason == detect::VerdictReason::BenignPositive;
        if (!isSettled) {
            return;
        }
        m_json.key("suppressions");
        m_json.beginArray();
        m_json.beginObject();
        m_json.member("kind", "external");
        m_json.member("status", "accepted");
        m_json.member("justification",
                      shorten(verdictText(alert.verdict) + ". " + visibleText(alert.verdict.note)));
        m_json.endObject();
        m_json.endArray();
    }

    void writeProperties(const detect::Alert& alert)
    {
        m_json.key("properties");
        m_json.beginObject();
        m_json.member("severity", rules::severityText(alert.severity));
        m_json.key("riskScore");
        m_json.integer(alert.riskScore);
        m_json.member("host", visibleText(alert.host));
        m_json.member("user", visibleText(alert.user));
        m_json.member("process", visibleText(alert.process));
        m_json.member("status", detect::verdictStatusName(alert.verdict.status));
        m_json.member("verdict", detect::verdictReasonName(alert.verdict.reason));
        m_json.member("name", shorten(visibleText(alert.name)));
        m_json.member("note", shorten(visibleText(alert.verdict.note, true)));
        std::vector<std::string> tags;
        for (const std::string& tag : alert.verdict.tags) {
            tags.push_back(shorten(visibleText(tag)));
        }
        m_json.members("tags", tags);
        m_json.key("buildingBlock");
        m_json.boolean(alert.rule->buildingBlock);
        m_json.key("suppressedCount");
        m_json.unsignedInteger(alert.suppressedCount);
        m_json.endObject();
    }

    const AlertSummary& m_summary;
    std::map<std::string, const detect::AlertRule*> m_ruleOfId;
    std::map<std::string_view, std::size_t> m_ruleIndex;
    /// Input and whether the artifact is the member in it.
    std::vector<std::pair<const SummaryInput*, bool>> m_artifacts;
    std::map<std::pair<std::string, std::string>, std::size_t> m_artifactIndex;
    JsonWriter m_json;
};

} // namespace

Result<std::string> writeSarif(const AlertSummary& summary, std::stop_token stop)
{
    return SarifWriter(summary).write(stop);
}

} // namespace sequela::report
