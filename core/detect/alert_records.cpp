#include "core/detect/alert_records.h"

#include "core/base/json_writer.h"
#include "core/schema/column.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace sequela::detect {

namespace {

using simdjson::dom::element;

std::optional<Timestamp> timeOf(std::int64_t nanoseconds)
{
    return nanoseconds == schema::noTime ? std::optional<Timestamp>()
                                         : std::optional<Timestamp>(nanoseconds);
}

std::int64_t nanosecondsOf(const std::optional<Timestamp>& time)
{
    return time ? time->nanoseconds() : schema::noTime;
}

/// A record's JSON while it is read. Absent and mistyped members read as empty: the file may come
/// from anybody.
class DetailReader {
public:
    explicit DetailReader(const std::string& json)
    {
        const simdjson::padded_string padded(json);
        if (m_parser.parse(padded).get(m_root) != simdjson::SUCCESS) {
            m_root = {};
        } else {
            m_isSound = true;
        }
    }

    [[nodiscard]] std::string text(std::string_view name) const { return textOf(member(name)); }
    [[nodiscard]] std::int64_t integer(std::string_view name, std::int64_t fallback) const
    {
        const std::optional<element> found = member(name);
        std::int64_t value = fallback;
        return found && found->get(value) == simdjson::SUCCESS ? value : fallback;
    }
    [[nodiscard]] std::vector<element> list(std::string_view name) const
    {
        std::vector<element> elements;
        const std::optional<element> found = member(name);
        simdjson::dom::array array;
        if (found && found->get(array) == simdjson::SUCCESS) {
            for (const element entry : array) {
                elements.push_back(entry);
            }
        }
        return elements;
    }
    [[nodiscard]] std::vector<std::string> texts(std::string_view name) const
    {
        std::vector<std::string> values;
        for (const element& entry : list(name)) {
            values.push_back(textOf(entry));
        }
        return values;
    }

    [[nodiscard]] static std::string textOf(const std::optional<element>& entry)
    {
        std::string_view text;
        return entry && entry->get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
    }
    [[nodiscard]] static std::string textAt(const element& entry, std::string_view name)
    {
        element found;
        return entry[name].get(found) == simdjson::SUCCESS ? textOf(found) : std::string();
    }

private:
    [[nodiscard]] std::optional<element> member(std::string_view name) const
    {
        element found;
        if (!m_isSound || m_root[name].get(found) != simdjson::SUCCESS) {
            return std::nullopt;
        }
        return found;
    }

    simdjson::dom::parser m_parser;
    element m_root;
    bool m_isSound = false;
};

constexpr std::string_view keyNull = "null";
constexpr std::string_view keyDate = "date";
constexpr std::string_view keyText = "keyword";

std::string_view keyTypeName(const eql::Value& value)
{
    switch (eql::typeOf(value)) {
    case eql::ValueType::Null:
        return keyNull;
    case eql::ValueType::Boolean:
        return "boolean";
    case eql::ValueType::Long:
        return "long";
    case eql::ValueType::Double:
        return "double";
    case eql::ValueType::Keyword:
        return keyText;
    case eql::ValueType::Date:
        return keyDate;
    case eql::ValueType::Ip:
        return "ip";
    case eql::ValueType::Version:
        return "version";
    }
    return keyNull;
}

/// Dates as nanoseconds so that nothing is lost; everything else as `string()` writes it.
std::string textOfKey(const eql::Value& value)
{
    if (const auto* time = std::get_if<Timestamp>(&value)) {
        return std::to_string(time->nanoseconds());
    }
    return eql::toText(value);
}

eql::Value keyFromText(std::string_view type, const std::string& text)
{
    if (type == keyNull) {
        return {};
    }
    if (type == keyDate) {
        std::int64_t nanoseconds = 0;
        std::from_chars(text.data(), text.data() + text.size(), nanoseconds);
        return Timestamp(nanoseconds);
    }
    const auto fieldType = schema::fieldTypeFromMapping(type);
    return eql::decodeValue(fieldType.value_or(schema::FieldType::Keyword), text,
                            type == keyText ? schema::ValueKind::String
                                            : schema::ValueKind::Number);
}

std::string alertDetailJson(const Alert& alert)
{
    JsonWriter json;
    json.beginObject();
    json.member("name", alert.name);
    json.member("process_entity_id", alert.processEntityId);
    json.key("suppressed");
    json.unsignedInteger(alert.suppressedCount);
    json.key("join_keys");
    json.beginArray();
    for (const eql::Value& key : alert.joinKeys) {
        json.beginObject();
        json.member("type", keyTypeName(key));
        json.member("text", textOfKey(key));
        json.endObject();
    }
    json.endArray();
    json.key("stage_times");
    json.beginArray();
    for (const AlertStage& stage : alert.stages) {
        if (stage.time) {
            json.integer(stage.time->nanoseconds());
        } else {
            json.null();
        }
    }
    json.endArray();
    json.endObject();
    return json.take();
}

void writeAttack(JsonWriter& json, const std::vector<AttackReference>& attack)
{
    json.key("attack");
    json.beginArray();
    for (const AttackReference& reference : attack) {
        json.beginObject();
        json.member("framework", reference.framework);
        json.member("tactic_id", reference.tacticId);
        json.member("tactic_name", reference.tacticName);
        json.member("technique_id", reference.techniqueId);
        json.member("technique_name", reference.techniqueName);
        json.member("subtechnique_id", reference.subtechniqueId);
        json.member("subtechnique_name", reference.subtechniqueName);
        json.endObject();
    }
    json.endArray();
}

std::string ruleDetailJson(const RuleOutcome& outcome, const AlertRule* rule)
{
    JsonWriter json;
    json.beginObject();
    json.member("status", ruleStatusName(outcome.status));
    json.key("alert_count");
    json.unsignedInteger(outcome.alertCount);
    if (outcome.replay) {
        json.member("schedule", outcome.schedule);
        for (const ReplayFigure& figure : replayFigures()) {
            json.key(figure.name);
            json.unsignedInteger((*outcome.replay).*figure.member);
        }
    }
    if (rule != nullptr) {
        json.member("description", rule->description);
        json.member("severity", rules::severityText(rule->severity));
        json.key("risk_score");
        json.integer(rule->riskScore);
        json.member("query", rule->query);
        writeAttack(json, rule->attack);
        json.members("tags", rule->tags);
        json.members("references", rule->references);
        json.members("false_positives", rule->falsePositives);
        json.member("dialect", rule->dialect == eql::Dialect::Endpoint ? "endpoint" : "");
        json.member("event_category_field", rule->eventCategoryField);
        json.members("os_list", rule->osList);
        json.key("building_block");
        json.integer(rule->buildingBlock ? 1 : 0);
    }
    json.endObject();
    return json.take();
}

casefile::RuleOutcome caseOutcome(RuleStatus status)
{
    switch (status) {
    case RuleStatus::Ran:
        return casefile::RuleOutcome::Ran;
    case RuleStatus::Broken:
    case RuleStatus::Failed:
        return casefile::RuleOutcome::Broken;
    case RuleStatus::Disabled:
    case RuleStatus::OtherType:
    case RuleStatus::Unsupported:
    case RuleStatus::NotARule:
    case RuleStatus::MissingCategory:
    case RuleStatus::FieldNeverPopulated:
        break;
    }
    return casefile::RuleOutcome::NotRun;
}

} // namespace

casefile::AlertRecord toRecord(const Alert& alert)
{
    casefile::AlertRecord record;
    record.id = alert.id;
    record.ruleId = alert.rule->ruleId;
    record.ruleName = alert.rule->name;
    record.ruleVersion = alert.rule->version;
    record.queryHash = alert.rule->queryHash;
    record.eventsHash = alert.eventsHash;
    record.severity = rules::severityText(alert.severity);
    record.riskScore = alert.riskScore;
    record.firstTime = nanosecondsOf(alert.firstTime);
    record.lastTime = nanosecondsOf(alert.lastTime);
    record.hostName = alert.host;
    record.userName = alert.user;
    record.processName = alert.process;
    record.buildingBlock = alert.rule->buildingBlock;
    for (const AlertStage& stage : alert.stages) {
        record.events.push_back({stage.event, stage.identity});
    }
    record.detailJson = alertDetailJson(alert);
    return record;
}

Alert alertFromRecord(const casefile::AlertRecord& record, std::shared_ptr<const AlertRule> rule)
{
    const DetailReader detail(record.detailJson);
    Alert alert;
    alert.id = record.id;
    alert.eventsHash = record.eventsHash;
    alert.rule = std::move(rule);
    alert.name = detail.text("name");
    alert.severity = rules::severityFromText(record.severity).value_or(AlertSeverity::Low);
    alert.riskScore = record.riskScore;
    alert.firstTime = timeOf(record.firstTime);
    alert.lastTime = timeOf(record.lastTime);
    alert.host = record.hostName;
    alert.user = record.userName;
    alert.process = record.processName;
    alert.processEntityId = detail.text("process_entity_id");
    for (const element& key : detail.list("join_keys")) {
        alert.joinKeys.push_back(
            keyFromText(DetailReader::textAt(key, "type"), DetailReader::textAt(key, "text")));
    }
    const std::vector<element> times = detail.list("stage_times");
    for (std::size_t stage = 0; stage < record.events.size(); ++stage) {
        std::int64_t nanoseconds = schema::noTime;
        if (stage < times.size() && times[stage].get(nanoseconds) != simdjson::SUCCESS) {
            nanoseconds = schema::noTime;
        }
        alert.stages.push_back(
            {record.events[stage].event, record.events[stage].identity, timeOf(nanoseconds)});
    }
    alert.suppressedCount =
        static_cast<std::uint64_t>(std::max<std::int64_t>(detail.integer("suppressed", 0), 0));
    return alert;
}

casefile::RuleRecord toRecord(const RuleOutcome& outcome, const AlertRule* rule,
                              std::int64_t runTime, std::uint64_t eventsSearched)
{
    casefile::RuleRecord record;
    record.ruleId = outcome.ruleId.empty() ? outcome.file : outcome.ruleId;
    record.name = outcome.name;
    record.path = outcome.file;
    record.version = rule != nullptr ? rule->version : std::string();
    record.queryHash = rule != nullptr ? rule->queryHash : std::string();
    record.outcome = caseOutcome(outcome.status);
    record.message = outcome.reason;
    record.matchCount = outcome.matchCount;
    record.nanoseconds = outcome.nanoseconds;
    record.runTime = runTime;
    record.eventsSearched = eventsSearched;
    record.detailJson = ruleDetailJson(outcome, rule);
    return record;
}

std::shared_ptr<const AlertRule> ruleFromRecord(const casefile::RuleRecord& record)
{
    const DetailReader detail(record.detailJson);
    auto rule = std::make_shared<AlertRule>();
    rule->ruleId = record.ruleId;
    rule->name = record.name;
    rule->description = detail.text("description");
    rule->version = record.version;
    rule->severity = rules::severityFromText(detail.text("severity")).value_or(AlertSeverity::Low);
    rule->riskScore = static_cast<int>(detail.integer("risk_score", 0));
    rule->queryHash = record.queryHash;
    rule->query = detail.text("query");
    for (const element& entry : detail.list("attack")) {
        rule->attack.push_back({DetailReader::textAt(entry, "framework"),
                                DetailReader::textAt(entry, "tactic_id"),
                                DetailReader::textAt(entry, "tactic_name"),
                                DetailReader::textAt(entry, "technique_id"),
                                DetailReader::textAt(entry, "technique_name"),
                                DetailReader::textAt(entry, "subtechnique_id"),
                                DetailReader::textAt(entry, "subtechnique_name")});
    }
    rule->tags = detail.texts("tags");
    rule->references = detail.texts("references");
    rule->falsePositives = detail.texts("false_positives");
    rule->file = record.path;
    rule->dialect =
        detail.text("dialect") == "endpoint" ? eql::Dialect::Endpoint : eql::Dialect::Elasticsearch;
    rule->eventCategoryField = detail.text("event_category_field");
    rule->osList = detail.texts("os_list");
    rule->buildingBlock = detail.integer("building_block", 0) != 0;
    return rule;
}

RuleOutcome outcomeFromRecord(const casefile::RuleRecord& record)
{
    const DetailReader detail(record.detailJson);
    RuleOutcome outcome;
    outcome.ruleId = record.ruleId;
    outcome.name = record.name;
    outcome.file = record.path;
    outcome.status = ruleStatusFromName(detail.text("status")).value_or(RuleStatus::Failed);
    outcome.reason = record.message;
    outcome.matchCount = record.matchCount;
    outcome.alertCount =
        static_cast<std::uint64_t>(std::max<std::int64_t>(detail.integer("alert_count", 0), 0));
    outcome.nanoseconds = record.nanoseconds;
    outcome.schedule = detail.text("schedule");
    if (!outcome.schedule.empty()) {
        outcome.replay.emplace();
        for (const ReplayFigure& figure : replayFigures()) {
            (*outcome.replay).*figure.member = static_cast<std::uint64_t>(
                std::max<std::int64_t>(detail.integer(figure.name, 0), 0));
        }
    }
    return outcome;
}

casefile::VerdictRecord toRecord(const Verdict& verdict, const Alert& alert)
{
    casefile::VerdictRecord record;
    record.alertId = alert.id;
    record.ruleId = alert.rule->ruleId;
    record.eventsHash = alert.eventsHash;
    // The two enumerations list the same states in the same order.
    record.state = static_cast<casefile::VerdictState>(verdict.status);
    record.reason = static_cast<casefile::VerdictReason>(verdict.reason);
    record.note = verdict.note;
    record.tags = verdict.tags;
    record.author = verdict.author;
    record.time = verdict.changed ? verdict.changed->nanoseconds() : 0;
    return record;
}

Verdict verdictFromRecord(const casefile::VerdictRecord& record)
{
    Verdict verdict;
    verdict.status = static_cast<VerdictStatus>(record.state);
    verdict.reason = static_cast<VerdictReason>(record.reason);
    verdict.note = record.note;
    verdict.tags = record.tags;
    verdict.author = record.author;
    verdict.changed = Timestamp(record.time);
    return verdict;
}

VerdictBook::VerdictBook(std::span<const casefile::VerdictRecord> records)
{
    for (const casefile::VerdictRecord& record : records) {
        m_byAlert.insert_or_assign(record.alertId, record);
        casefile::VerdictRecord& newest = m_byEvents[{record.ruleId, record.eventsHash}];
        if (newest.alertId.empty()
            || std::pair(newest.time, newest.alertId) < std::pair(record.time, record.alertId)) {
            newest = record;
        }
    }
}

Verdict VerdictBook::verdictOf(const Alert& alert) const
{
    if (const auto own = m_byAlert.find(alert.id); own != m_byAlert.end()) {
        return verdictFromRecord(own->second);
    }
    const auto inherited = m_byEvents.find({alert.rule->ruleId, alert.eventsHash});
    if (inherited == m_byEvents.end()) {
        return {};
    }
    Verdict verdict = verdictFromRecord(inherited->second);
    verdict.inheritedFrom = inherited->second.alertId;
    return verdict;
}

} // namespace sequela::detect
