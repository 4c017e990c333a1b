#include "core/report/alert_document.h"

#include "core/base/timestamp.h"
#include "core/detect/alert_details.h"
#include "core/report/escaping.h"

#include <algorithm>
#include <map>
#include <memory>
#include <vector>

namespace sequela::report {

namespace {

/// Whether a text is a number as JSON writes them, so that it can stand without quotes.
bool isJsonNumber(std::string_view text)
{
    std::size_t at = 0;
    const auto digits = [&text, &at] {
        const std::size_t begin = at;
        while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
            ++at;
        }
        return at - begin;
    };
    if (at < text.size() && text[at] == '-') {
        ++at;
    }
    const std::size_t integerBegin = at;
    const std::size_t integerDigits = digits();
    if (integerDigits == 0 || (integerDigits > 1 && text[integerBegin] == '0')) {
        return false;
    }
    if (at < text.size() && text[at] == '.') {
        ++at;
        if (digits() == 0) {
            return false;
        }
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        if (at < text.size() && (text[at] == '+' || text[at] == '-')) {
            ++at;
        }
        if (digits() == 0) {
            return false;
        }
    }
    return at == text.size();
}

void writeValue(JsonWriter& json, const detect::FieldText& value)
{
    const bool bare = (value.kind == schema::ValueKind::Number && isJsonNumber(value.text))
                      || (value.kind == schema::ValueKind::Boolean
                          && (value.text == "true" || value.text == "false"));
    if (bare) {
        json.raw(value.text);
    } else {
        json.string(value.text);
    }
}

void writeValues(JsonWriter& json, const std::vector<detect::FieldText>& values)
{
    if (values.size() == 1) {
        writeValue(json, values.front());
        return;
    }
    json.beginArray();
    for (const detect::FieldText& value : values) {
        writeValue(json, value);
    }
    json.endArray();
}

/// Objects inside objects, members in order of name.
struct Node {
    const detect::SharedField* value = nullptr;
    std::map<std::string, std::unique_ptr<Node>, std::less<>> members;
};

void insert(Node& root, const detect::SharedField& field)
{
    Node* node = &root;
    std::string_view rest = field.name;
    while (true) {
        const std::size_t dot = rest.find('.');
        const bool isLast = dot == std::string_view::npos;
        // Below a name that has a value itself, members keep dotted names: JSON cannot hold both.
        const std::string_view part = rest.substr(0, dot);
        auto found = node->members.find(part);
        if (isLast || (found != node->members.end() && found->second->value != nullptr)) {
            found = node->members.try_emplace(std::string(rest), std::make_unique<Node>()).first;
            found->second->value = &field;
            return;
        }
        if (found == node->members.end()) {
            found = node->members.emplace(std::string(part), std::make_unique<Node>()).first;
        }
        node = found->second.get();
        rest.remove_prefix(dot + 1);
    }
}

void write(JsonWriter& json, const Node& node)
{
    for (const auto& [name, member] : node.members) {
        json.key(name);
        if (member->value != nullptr) {
            writeValues(json, member->value->values);
        } else {
            json.beginObject();
            write(json, *member);
            json.endObject();
        }
    }
}

void writeThreat(JsonWriter& json, const std::vector<detect::AttackReference>& attack)
{
    json.key("kibana.alert.rule.threat");
    json.beginArray();
    for (const detect::AttackReference& reference : attack) {
        json.beginObject();
        json.member("framework", reference.framework);
        json.key("tactic");
        json.beginObject();
        json.member("id", reference.tacticId);
        json.member("name", reference.tacticName);
        json.endObject();
        json.key("technique");
        json.beginArray();
        if (!reference.techniqueId.empty()) {
            json.beginObject();
            json.member("id", reference.techniqueId);
            json.member("name", reference.techniqueName);
            json.key("subtechnique");
            json.beginArray();
            if (!reference.subtechniqueId.empty()) {
                json.beginObject();
                json.member("id", reference.subtechniqueId);
                json.member("name", reference.subtechniqueName);
                json.endObject();
            }
            json.endArray();
            json.endObject();
        }
        json.endArray();
        json.endObject();
    }
    json.endArray();
}

/// @p name is the rule's, or what `rule_name_override` made of it.
void writeRule(JsonWriter& json, const detect::AlertRule& rule, std::string_view name)
{
    json.member("kibana.alert.rule.rule_id", rule.ruleId);
    json.member("kibana.alert.rule.name", name);
    json.member("kibana.alert.rule.description", rule.description);
    json.key("kibana.alert.rule.version");
    if (isJsonNumber(rule.version)) {
        json.raw(rule.version);
    } else {
        json.string(rule.version);
    }
    json.members("kibana.alert.rule.tags", rule.tags);
    json.members("kibana.alert.rule.references", rule.references);
    json.members("kibana.alert.rule.false_positives", rule.falsePositives);
    writeThreat(json, rule.attack);
    json.member("kibana.alert.rule.query_hash", rule.queryHash);
    if (rule.buildingBlock) {
        json.member("kibana.alert.building_block_type", "default");
    }
}

void writeVerdict(JsonWriter& json, const detect::Verdict& verdict)
{
    json.member("kibana.alert.workflow_status", verdictStatusName(verdict.status));
    if (verdict.reason != detect::VerdictReason::None) {
        json.member("kibana.alert.workflow_reason", verdictReasonName(verdict.reason));
    }
    if (!verdict.tags.empty()) {
        json.members("kibana.alert.workflow_tags", verdict.tags);
    }
    if (!verdict.note.empty()) {
        json.member("kibana.alert.workflow_note", verdict.note);
    }
    if (!verdict.author.empty()) {
        json.member("kibana.alert.workflow_user", verdict.author);
    }
    if (verdict.changed) {
        json.member("kibana.alert.workflow_status_updated_at", formatIso(*verdict.changed));
    }
}

Result<void> writeAncestors(JsonWriter& json, const AlertSummary& summary,
                            const detect::Alert& alert)
{
    json.key("kibana.alert.ancestors");
    json.beginArray();
    for (const detect::AlertStage& stage : alert.stages) {
        if (stage.identity.empty()) {
            continue;
        }
        auto ancestor = summary.ancestor(stage);
        if (!ancestor) {
            return std::unexpected(std::move(ancestor).error());
        }
        json.beginObject();
        json.member("id", ancestor->id);
        json.member("type", "event");
        json.member("index", ancestor->index);
        json.key("depth");
        json.integer(0);
        json.endObject();
    }
    json.endArray();
    return {};
}

} // namespace

void writeNestedFields(JsonWriter& json, std::span<const detect::SharedField> fields)
{
    Node root;
    for (const detect::SharedField& field : fields) {
        insert(root, field);
    }
    write(json, root);
}

Result<std::string> alertDocument(const AlertSummary& summary, const detect::Alert& alert)
{
    auto shared = summary.sharedFields(alert);
    if (!shared) {
        return std::unexpected(std::move(shared).error());
    }
    std::erase_if(*shared, [](const detect::SharedField& field) {
        return field.name == "@timestamp" || field.name.starts_with("kibana.alert.");
    });
    JsonWriter json;
    json.beginObject();
    if (alert.lastTime) {
        json.member("@timestamp", formatIso(*alert.lastTime));
    }
    json.member("kibana.alert.uuid", alert.id);
    json.member("kibana.alert.severity", rules::severityText(alert.severity));
    json.key("kibana.alert.risk_score");
    json.integer(alert.riskScore);
    json.member("kibana.alert.reason", detect::reasonOf(alert));
    writeRule(json, *alert.rule, alert.name);
    writeVerdict(json, alert.verdict);
    if (alert.firstTime) {
        json.member("kibana.alert.start", formatIso(*alert.firstTime));
    }
    if (alert.lastTime) {
        json.member("kibana.alert.original_time", formatIso(*alert.lastTime));
    }
    if (!alert.joinKeys.empty()) {
        json.key("kibana.alert.join_keys");
        json.beginArray();
        for (const eql::Value& key : alert.joinKeys) {
            json.string(eql::toText(key));
        }
        json.endArray();
    }
    if (alert.suppressedCount > 0) {
        json.key("kibana.alert.suppression.docs_count");
        json.unsignedInteger(alert.suppressedCount);
    }
    json.key("kibana.alert.depth");
    json.integer(1);
    SEQUELA_TRY(writeAncestors(json, summary, alert));
    writeNestedFields(json, *shared);
    json.endObject();
    return escapeInvisibleJson(json.take());
}

Result<std::string> writeJson(const AlertSummary& summary, bool asLines, std::stop_token stop)
{
    std::string text = asLines ? "" : "[";
    bool isFirst = true;
    for (const detect::Alert* alert : summary.alerts) {
        if (stop.stop_requested()) {
            return std::unexpected(cancelledError());
        }
        auto document = alertDocument(summary, *alert);
        if (!document) {
            return document;
        }
        if (!asLines) {
            text += isFirst ? "\n" : ",\n";
        }
        text += *document;
        if (asLines) {
            text += '\n';
        }
        isFirst = false;
    }
    if (!asLines) {
        text += isFirst ? "]\n" : "\n]\n";
    }
    return text;
}

} // namespace sequela::report
