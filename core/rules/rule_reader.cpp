#include "core/rules/rule_reader.h"

#include "core/base/text.h"
#include "core/rules/limits.h"
#include "core/rules/node_reader.h"
#include "core/rules/quoted_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace sequela::rules {

namespace {

/// Keys of the format that Rule has no member for: shown as they are.
const std::set<std::string_view>& knownRuleKeys()
{
    static const std::set<std::string_view> keys{"actions",
                                                 "response_actions",
                                                 "exceptions_list",
                                                 "throttle",
                                                 "meta",
                                                 "threat_mappings",
                                                 "created_at",
                                                 "created_by",
                                                 "updated_at",
                                                 "updated_by",
                                                 "id",
                                                 "immutable",
                                                 "revision",
                                                 "rule_source",
                                                 "output_index",
                                                 "namespace",
                                                 "execution_summary",
                                                 "outcome",
                                                 "alias_target_id",
                                                 "alias_purpose",
                                                 "author",
                                                 "saved_id",
                                                 "threshold",
                                                 "anomaly_threshold",
                                                 "machine_learning_job_id",
                                                 "new_terms_fields",
                                                 "history_window_start",
                                                 "threat_index",
                                                 "threat_query",
                                                 "threat_mapping",
                                                 "threat_language",
                                                 "threat_indicator_path",
                                                 "threat_filters",
                                                 "concurrent_searches",
                                                 "items_per_search",
                                                 "uuid"};
    return keys;
}

const std::set<std::string_view>& knownMetadataKeys()
{
    static const std::set<std::string_view> keys{"comments", "extended"};
    return keys;
}

const std::set<std::string_view>& knownTopKeys()
{
    static const std::set<std::string_view> keys{"transform", "internal"};
    return keys;
}

class RuleReader {
public:
    RuleReader(const Node& root, std::string_view text, std::string_view path,
               std::size_t exportLine)
        : m_root(root), m_text(text), m_path(path), m_exportLine(exportLine)
    {
        m_entry.path = path;
        m_entry.exportLine = exportLine;
    }

    RuleEntry read()
    {
        const Node* table = m_exportLine > 0 ? &m_root : m_root.find("rule");
        if (table == nullptr || !table->isObject()) {
            return notARule(describeStranger());
        }
        if (m_exportLine > 0 && table->find("query") == nullptr
            && table->find("rule_id") == nullptr) {
            return notARule(describeStranger());
        }
        m_rule.path = m_path;
        m_rule.exportLine = m_exportLine;
        const bool isEndpoint =
            m_exportLine == 0 && table->find("rule_id") == nullptr
            && (table->find("os_list") != nullptr || m_root.find("actions") != nullptr
                || m_root.find("optional_actions") != nullptr);
        m_rule.layout = m_exportLine > 0 ? RuleLayout::KibanaExport
                        : isEndpoint     ? RuleLayout::EndpointBehavior
                                         : RuleLayout::DetectionRule;
        m_rule.dialect = isEndpoint ? eql::Dialect::Endpoint : eql::Dialect::Elasticsearch;
        NodeReader top(m_root, "", m_path, m_entry.diagnostics);
        NodeReader rule(*table, m_exportLine > 0 ? "" : "rule.", m_path, m_entry.diagnostics);
        if (m_exportLine == 0) {
            static_cast<void>(top.node("rule"));
            readMetadata(top);
        }
        readCommon(rule);
        if (isEndpoint) {
            readEndpoint(rule, top);
        } else {
            readDetection(rule);
        }
        readQuery(rule);
        rule.keepOthers(m_rule.otherKeys, knownRuleKeys());
        if (m_exportLine == 0) {
            top.keepOthers(m_rule.otherKeys, knownTopKeys());
        }
        return finish();
    }

private:
    [[nodiscard]] std::string describeStranger() const
    {
        if (m_exportLine > 0) {
            if (m_root.find("exported_count") != nullptr
                || m_root.find("exported_rules_count") != nullptr) {
                return "summary of the export";
            }
            return m_root.find("list_id") != nullptr ? "exception list" : "another object";
        }
        if (m_root.find("hunt") != nullptr) {
            return "a hunting query";
        }
        return m_root.find("test") != nullptr ? "rule tests" : "no [rule] table";
    }

    RuleEntry notARule(std::string reason)
    {
        m_entry.status = RuleStatus::NotARule;
        m_entry.reason = std::move(reason);
        return std::move(m_entry);
    }

    void readMetadata(NodeReader& top)
    {
        const Node* table = top.table("metadata", KeyRole::Describes);
        if (table == nullptr) {
            return;
        }
        NodeReader reader(*table, "metadata.", m_path, m_entry.diagnostics);
        RuleMetadata& metadata = m_rule.metadata;
        metadata.creationDate = reader.text("creation_date", KeyRole::Describes);
        metadata.updatedDate = reader.text("updated_date", KeyRole::Describes);
        metadata.deprecationDate = reader.text("deprecation_date", KeyRole::Describes);
        metadata.maturity = reader.string("maturity", KeyRole::Matters);
        metadata.integrations = reader.strings("integration", KeyRole::Describes);
        metadata.minStackVersion = reader.text("min_stack_version", KeyRole::Describes);
        metadata.minStackComments = reader.string("min_stack_comments", KeyRole::Describes);
        metadata.osTypes = reader.strings("os_type_list", KeyRole::Describes);
        metadata.relatedEndpointRules = relatedRules(reader);
        metadata.bypassBuildingBlockTiming =
            reader.boolean("bypass_bbr_timing", KeyRole::Describes).value_or(false);
        metadata.promotion = reader.boolean("promotion", KeyRole::Describes).value_or(false);
        metadata.querySchemaValidation =
            reader.boolean("query_schema_validation", KeyRole::Describes).value_or(true);
        reader.keepOthers(m_rule.otherKeys, knownMetadataKeys());
    }

    /// A list of names, or of tables with id and name.
    std::vector<std::string> relatedRules(NodeReader& reader)
    {
        const Node* list = reader.node("related_endpoint_rules");
        std::vector<std::string> names;
        if (list != nullptr && list->isArray()) {
            for (const Node& item : list->items) {
                names.push_back(item.isString() ? item.text : toJson(item));
            }
        }
        return names;
    }

    void readCommon(NodeReader& rule)
    {
        m_rule.name = rule.string("name", KeyRole::Required);
        m_rule.description = rule.string("description", KeyRole::Describes);
        m_rule.license = rule.string("license", KeyRole::Describes);
        m_rule.version = rule.text("version", KeyRole::Describes);
        m_rule.note = rule.string("note", KeyRole::Describes);
        m_rule.setup = rule.string("setup", KeyRole::Describes);
        m_rule.tags = rule.strings("tags", KeyRole::Describes);
        m_rule.authors = rule.strings("author", KeyRole::Describes);
        m_rule.falsePositives = rule.strings("false_positives", KeyRole::Describes);
    }

    void takeId(std::string id)
    {
        m_rule.hasOwnId = !id.empty();
        m_rule.id = m_rule.hasOwnId ? std::move(id) : std::filesystem::path(m_path).stem().string();
    }

    void readEndpoint(NodeReader& rule, NodeReader& top)
    {
        takeId(rule.string("id", KeyRole::Matters));
        m_rule.type = "eql";
        m_rule.language = "eql";
        m_rule.osList = rule.strings("os_list", KeyRole::Matters);
        m_rule.references = rule.strings("reference", KeyRole::Describes);
        m_rule.reputation = rule.text("reputation", KeyRole::Describes);
        m_rule.minEndpointVersion = rule.text("min_endpoint_version", KeyRole::Describes);
        m_rule.maxEndpointVersion = rule.text("max_endpoint_version", KeyRole::Describes);
        // The format has no severity: it says what to block, so a hit is no small matter.
        m_rule.severity = RuleSeverity::High;
        m_rule.riskScore = conventionalRiskScore(m_rule.severity);
        readEndpointActions(top, "actions", false);
        readEndpointActions(top, "optional_actions", true);
        readThreats(top);
    }

    void readEndpointActions(NodeReader& top, std::string_view key, bool optional)
    {
        for (const Node* row : top.tables(key, KeyRole::Describes)) {
            NodeReader reader(*row, std::string(key) + ".", m_path, m_entry.diagnostics);
            EndpointAction action;
            action.action = reader.string("action", KeyRole::Describes);
            action.field = reader.text("field", KeyRole::Describes);
            action.state = reader.text("state", KeyRole::Describes);
            action.tree = reader.boolean("tree", KeyRole::Describes).value_or(false);
            action.optional = optional;
            reader.keepOthers(m_rule.otherKeys, {});
            m_rule.endpointActions.push_back(std::move(action));
        }
    }

    void readDetection(NodeReader& rule)
    {
        takeId(rule.string("rule_id", KeyRole::Matters));
        m_rule.type = rule.string("type", KeyRole::Required);
        m_rule.language = rule.string("language", KeyRole::Matters);
        readScores(rule);
        m_rule.ruleNameOverride = rule.string("rule_name_override", KeyRole::Matters);
        m_rule.indices = rule.strings("index", KeyRole::Matters);
        m_rule.dataViewId = rule.string("data_view_id", KeyRole::Matters);
        m_rule.timestampField = rule.string("timestamp_field", KeyRole::Matters);
        m_rule.eventCategoryField = rule.string("event_category_override", KeyRole::Matters);
        m_rule.tiebreakerField = rule.string("tiebreaker_field", KeyRole::Matters);
        m_rule.timestampOverride = rule.string("timestamp_override", KeyRole::Matters);
        m_rule.timestampOverrideFallbackDisabled =
            rule.boolean("timestamp_override_fallback_disabled", KeyRole::Matters).value_or(false);
        m_rule.isBuildingBlock = !rule.string("building_block_type", KeyRole::Matters).empty();
        m_rule.references = rule.strings("references", KeyRole::Describes);
        m_rule.enabled = rule.boolean("enabled", KeyRole::Describes).value_or(true);
        m_rule.timelineId = rule.string("timeline_id", KeyRole::Describes);
        m_rule.timelineTitle = rule.string("timeline_title", KeyRole::Describes);
        readSchedule(rule);
        readFilterList(rule);
        readSuppression(rule);
        readRelated(rule);
        readThreats(rule);
    }

    void readScores(NodeReader& rule)
    {
        const std::string severity = rule.string("severity", KeyRole::Matters);
        const auto parsed = severityFromText(severity);
        if (parsed) {
            m_rule.severity = *parsed;
        } else {
            rule.report("rule-severity", severity.empty() ? Severity::Warning : Severity::Error,
                        severity.empty() ? "The rule has no severity; it counts as low"
                                         : fmt::format("Unknown severity \"{}\"", severity),
                        "Use low, medium, high or critical", rule.positionOf("severity"));
        }
        const auto risk = rule.integer("risk_score", KeyRole::Matters);
        m_rule.riskScore = conventionalRiskScore(m_rule.severity);
        if (risk && *risk >= 0 && *risk <= 100) {
            m_rule.riskScore = static_cast<int>(*risk);
        } else if (risk) {
            rule.report("rule-risk-score", Severity::Error,
                        fmt::format("The risk score {} is outside 0 to 100", *risk),
                        "Use 21, 47, 73 or 99 by severity", rule.positionOf("risk_score"));
        }
        for (const Node* row : rule.tables("severity_mapping", KeyRole::Matters)) {
            NodeReader reader(*row, "severity_mapping.", m_path, m_entry.diagnostics);
            SeverityMapping mapping;
            mapping.field = reader.string("field", KeyRole::Required);
            mapping.comparison = reader.string("operator", KeyRole::Matters);
            mapping.value = reader.text("value", KeyRole::Matters);
            mapping.severity = severityFromText(reader.string("severity", KeyRole::Matters));
            m_rule.severityMapping.push_back(std::move(mapping));
        }
        for (const Node* row : rule.tables("risk_score_mapping", KeyRole::Matters)) {
            NodeReader reader(*row, "risk_score_mapping.", m_path, m_entry.diagnostics);
            RiskScoreMapping mapping;
            mapping.field = reader.string("field", KeyRole::Required);
            mapping.comparison = reader.string("operator", KeyRole::Matters);
            mapping.value = reader.text("value", KeyRole::Matters);
            if (const auto score = reader.integer("risk_score", KeyRole::Matters)) {
                mapping.riskScore = static_cast<int>(std::clamp<std::int64_t>(*score, 0, 100));
            }
            m_rule.riskScoreMapping.push_back(std::move(mapping));
        }
    }

    void readSchedule(NodeReader& rule)
    {
        Schedule& schedule = m_rule.schedule;
        const auto checkDate = [&](std::string_view key, std::string& target, bool& has) {
            std::string text = rule.string(key, KeyRole::Matters);
            if (text.empty()) {
                return;
            }
            if (const auto parsed = DateMath::parse(text); !parsed) {
                rule.report(parsed.error().code, Severity::Error, parsed.error().message,
                            parsed.error().hint, rule.positionOf(key));
            }
            target = std::move(text);
            has = true;
        };
        checkDate("from", schedule.from, schedule.hasFrom);
        checkDate("to", schedule.to, schedule.hasTo);
        if (std::string text = rule.string("interval", KeyRole::Matters); !text.empty()) {
            if (const auto parsed = parseInterval(text)) {
                schedule.intervalNs = *parsed;
            } else {
                rule.report(parsed.error().code, Severity::Error, parsed.error().message,
                            parsed.error().hint, rule.positionOf("interval"));
            }
            schedule.interval = std::move(text);
            schedule.hasInterval = true;
        }
        if (const auto signals = rule.integer("max_signals", KeyRole::Matters)) {
            schedule.hasMaxSignals = true;
            schedule.maxSignals = *signals;
            if (*signals < 1 || *signals > limits::maxMaxSignals) {
                rule.report("rule-max-signals", Severity::Error,
                            fmt::format("max_signals {} is outside 1 to {}", *signals,
                                        limits::maxMaxSignals),
                            "The default is 100", rule.positionOf("max_signals"));
            }
        }
    }

    void readFilterList(NodeReader& rule)
    {
        const Node* list = rule.node("filters");
        if (list == nullptr || (list->isArray() && list->items.empty())) {
            return;
        }
        m_rule.otherKeys.push_back(OtherKey{m_exportLine > 0 ? "filters" : "rule.filters",
                                            toJson(*list), true, list->position});
        if (!readFilters(*list, m_rule.filters, m_filterReason)) {
            m_rule.filters.clear();
        }
    }

    void readSuppression(NodeReader& rule)
    {
        const Node* table = rule.table("alert_suppression", KeyRole::Matters);
        if (table == nullptr) {
            return;
        }
        NodeReader reader(*table, "alert_suppression.", m_path, m_entry.diagnostics);
        AlertSuppression suppression;
        suppression.groupBy = reader.strings("group_by", KeyRole::Matters);
        if (suppression.groupBy.empty()) {
            reader.report("rule-missing-key", Severity::Error,
                          "alert_suppression.group_by names no field",
                          "Name one to three fields to group by", table->position);
        }
        if (const Node* duration = reader.table("duration", KeyRole::Matters)) {
            NodeReader span(*duration, "alert_suppression.duration.", m_path, m_entry.diagnostics);
            const auto value = span.integer("value", KeyRole::Required);
            const std::string unit = span.string("unit", KeyRole::Required);
            const auto parsed =
                parseInterval(fmt::format("{}{}", value.value_or(0), unit == "d" ? "" : unit));
            if (parsed) {
                suppression.durationNs = *parsed;
            } else {
                span.report("rule-interval", Severity::Error,
                            "alert_suppression.duration needs a positive value and a unit",
                            "Units are s, m and h", duration->position);
            }
        }
        const std::string strategy = reader.string("missing_fields_strategy", KeyRole::Matters);
        if (strategy == "doNotSuppress") {
            suppression.missingFields = MissingFieldsStrategy::DoNotSuppress;
        } else if (!strategy.empty() && strategy != "suppress") {
            reader.report("rule-suppression", Severity::Error,
                          fmt::format("Unknown missing_fields_strategy \"{}\"", strategy),
                          "Use suppress or doNotSuppress",
                          reader.positionOf("missing_fields_strategy"));
        }
        m_rule.suppression = std::move(suppression);
    }

    void readRelated(NodeReader& rule)
    {
        if (const Node* fields = rule.table("investigation_fields", KeyRole::Describes)) {
            NodeReader reader(*fields, "investigation_fields.", m_path, m_entry.diagnostics);
            m_rule.investigationFields = reader.strings("field_names", KeyRole::Describes);
        }
        for (const Node* row : rule.tables("related_integrations", KeyRole::Describes)) {
            NodeReader reader(*row, "related_integrations.", m_path, m_entry.diagnostics);
            m_rule.relatedIntegrations.push_back(
                RelatedIntegration{reader.text("package", KeyRole::Describes),
                                   reader.text("version", KeyRole::Describes),
                                   reader.text("integration", KeyRole::Describes)});
        }
        for (const Node* row : rule.tables("required_fields", KeyRole::Describes)) {
            NodeReader reader(*row, "required_fields.", m_path, m_entry.diagnostics);
            RequiredField field;
            field.name = reader.text("name", KeyRole::Describes);
            field.type = reader.text("type", KeyRole::Describes);
            field.ecs = reader.boolean("ecs", KeyRole::Describes).value_or(false);
            m_rule.requiredFields.push_back(std::move(field));
        }
    }

    void readThreats(NodeReader& parent)
    {
        for (const Node* row : parent.tables("threat", KeyRole::Describes)) {
            NodeReader reader(*row, "threat.", m_path, m_entry.diagnostics);
            Threat threat;
            threat.position = row->position;
            threat.framework = reader.string("framework", KeyRole::Describes);
            if (const Node* table = reader.table("tactic", KeyRole::Describes)) {
                NodeReader tactic(*table, "threat.tactic.", m_path, m_entry.diagnostics);
                threat.tacticId = tactic.string("id", KeyRole::Describes);
                threat.tacticName = tactic.string("name", KeyRole::Describes);
                threat.tacticReference = tactic.string("reference", KeyRole::Describes);
            }
            threat.techniques = techniques(reader, "technique");
            m_rule.threats.push_back(std::move(threat));
        }
    }

    std::vector<ThreatTechnique> techniques(NodeReader& parent, std::string_view key)
    {
        std::vector<ThreatTechnique> list;
        for (const Node* row : parent.tables(key, KeyRole::Describes)) {
            NodeReader reader(*row, fmt::format("threat.{}.", key), m_path, m_entry.diagnostics);
            ThreatTechnique technique;
            technique.position = row->position;
            technique.id = reader.string("id", KeyRole::Describes);
            technique.name = reader.string("name", KeyRole::Describes);
            technique.reference = reader.string("reference", KeyRole::Describes);
            if (key == "technique") {
                technique.subtechniques = techniques(reader, "subtechnique");
            }
            list.push_back(std::move(technique));
        }
        return list;
    }

    void readQuery(NodeReader& rule)
    {
        const bool isEql = m_rule.type == "eql";
        const KeyRole role = isEql ? KeyRole::Required : KeyRole::Describes;
        m_rule.query.text = rule.string("query", role);
        const Node* node = rule.node("query");
        if (node == nullptr || !node->isString()) {
            return;
        }
        m_rule.query.anchors = {QueryAnchor{0, node->offset}};
        m_rule.query.fileSpan = SourceSpan{node->offset, node->offset};
        m_rule.query.begin = node->position;
        auto quoted = readQuoted(m_text, node->offset, m_exportLine > 0);
        if (quoted) {
            m_rule.query.text = std::move(quoted->text);
            m_rule.query.anchors = std::move(quoted->anchors);
            m_rule.query.fileSpan = quoted->span;
            m_rule.query.begin = positionOf(m_text, quoted->span.begin);
            m_rule.query.begin.line += m_exportLine > 0 ? m_exportLine - 1 : 0;
        }
    }

    RuleEntry finish()
    {
        const bool broken = std::ranges::any_of(
            m_entry.diagnostics, [](const Diagnostic& d) { return d.severity == Severity::Error; });
        if (broken) {
            m_entry.status = RuleStatus::Broken;
            m_entry.reason = "the file has errors";
            return std::move(m_entry);
        }
        m_entry.status = RuleStatus::NotRun;
        if (m_rule.type != "eql") {
            m_entry.notRunReason = NotRunReason::OtherType;
            m_entry.reason = "type " + visibleText(m_rule.type);
        } else if (m_rule.metadata.maturity == "deprecated") {
            m_entry.notRunReason = NotRunReason::Deprecated;
            m_entry.reason = "deprecated";
        } else if (!m_filterReason.empty()) {
            m_entry.notRunReason = NotRunReason::UnsupportedFilter;
            m_entry.reason = m_filterReason;
        } else {
            m_entry.status = RuleStatus::Loaded;
        }
        m_entry.rule = std::make_shared<const Rule>(std::move(m_rule));
        return std::move(m_entry);
    }

    const Node& m_root;
    std::string_view m_text;
    std::string_view m_path;
    std::size_t m_exportLine;
    Rule m_rule;
    RuleEntry m_entry;
    std::string m_filterReason;
};

} // namespace

RuleEntry readRuleNode(const Node& root, std::string_view text, std::string_view path,
                       std::size_t exportLine)
{
    return RuleReader(root, text, path, exportLine).read();
}

} // namespace sequela::rules
