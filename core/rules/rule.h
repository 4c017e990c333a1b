#pragma once

#include "core/base/diagnostic.h"
#include "core/eql/dialect.h"
#include "core/rules/filter.h"
#include "core/rules/schedule.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::rules {

/// Which kind of file a rule came from.
enum class RuleLayout : std::uint8_t {
    /// TOML with [metadata] and [rule], as public detection-rule repositories write it.
    DetectionRule,
    /// TOML with [rule] os_list and [[actions]]: Endpoint behaviour rules.
    EndpointBehavior,
    /// One JSON object of a Kibana rule export (.ndjson).
    KibanaExport,
};

enum class RuleSeverity : std::uint8_t { Low, Medium, High, Critical };

/// "low", "medium", "high", "critical".
[[nodiscard]] std::string_view severityText(RuleSeverity severity);
/// The reverse, exact spelling; nothing for other text.
[[nodiscard]] std::optional<RuleSeverity> severityFromText(std::string_view text);
/// The score that goes with a severity by convention: 21, 47, 73, 99.
[[nodiscard]] int conventionalRiskScore(RuleSeverity severity);

/// Where a byte of the query stands in the file.
struct QueryAnchor {
    std::size_t queryOffset = 0;
    std::size_t fileOffset = 0;

    bool operator==(const QueryAnchor&) const = default;
};

/// The query of a rule: what the parser gets, and where each byte of it stands in the file.
struct RuleQuery {
    /// Decoded text. In TOML literal strings (''' … ''') it is the bytes of the file, line ends
    /// included; the newline right after the opening quotes is not part of it.
    std::string text;
    /// Bytes of the file between the quotes that `text` was read from.
    SourceSpan fileSpan;
    /// Points after which file and query run in step until the next; the first is the beginning.
    /// One entry where nothing is escaped.
    std::vector<QueryAnchor> anchors;
    /// Position in the file of the first character of `text`.
    TextPosition begin;

    /// Byte of the file for a byte of the query (its end included).
    [[nodiscard]] std::size_t fileOffset(std::size_t queryOffset) const;
};

struct ThreatTechnique {
    std::string id;
    std::string name;
    std::string reference;
    std::vector<ThreatTechnique> subtechniques;
    TextPosition position;
};

/// One `threat` entry: a tactic and the techniques under it.
struct Threat {
    /// "MITRE ATT&CK" or "MITRE ATLAS".
    std::string framework;
    std::string tacticId;
    std::string tacticName;
    std::string tacticReference;
    std::vector<ThreatTechnique> techniques;
    TextPosition position;
};

/// `[metadata]` of a rule file. Dates stay as written (YYYY/MM/DD).
struct RuleMetadata {
    std::string creationDate;
    std::string updatedDate;
    std::string deprecationDate;
    /// development, experimental, beta, production, deprecated; empty if not given.
    std::string maturity;
    std::vector<std::string> integrations;
    std::string minStackVersion;
    std::string minStackComments;
    std::vector<std::string> osTypes;
    std::vector<std::string> relatedEndpointRules;
    bool bypassBuildingBlockTiming = false;
    bool promotion = false;
    /// False where the author switched the check of the query against schemas off.
    bool querySchemaValidation = true;
};

/// An alert whose source event has `field` equal to `value` takes `severity`.
struct SeverityMapping {
    std::string field;
    /// "equals"; others are kept and have no effect.
    std::string comparison;
    std::string value;
    std::optional<RuleSeverity> severity;
};

/// The alert's risk score is taken from `field` (where `riskScore` is absent), or is `riskScore`
/// where `field` equals `value`.
struct RiskScoreMapping {
    std::string field;
    std::string comparison;
    std::string value;
    std::optional<int> riskScore;
};

enum class MissingFieldsStrategy : std::uint8_t { Suppress, DoNotSuppress };

/// `alert_suppression`: later alerts with the same values are counted on the first one.
struct AlertSuppression {
    std::vector<std::string> groupBy;
    /// Absent: within one run.
    std::optional<std::int64_t> durationNs;
    MissingFieldsStrategy missingFields = MissingFieldsStrategy::Suppress;
};

struct RelatedIntegration {
    std::string package;
    std::string version;
    std::string integration;
};

struct RequiredField {
    std::string name;
    std::string type;
    bool ecs = false;
};

/// What an Endpoint behaviour rule would do: `[[actions]]` and `[[optional_actions]]`. Shown, never
/// carried out.
struct EndpointAction {
    std::string action;
    std::string field;
    std::string state;
    bool tree = false;
    bool optional = false;
};

/// A key that has no member of its own in Rule, with its value as JSON, so that nothing is lost.
struct OtherKey {
    /// Dotted path from the top of the file: `rule.actions`.
    std::string path;
    std::string json;
    /// Whether the rule format knows the key (`rule.actions`); else it is a stranger to it.
    bool known = false;
    TextPosition position;
};

/// A detection rule, every key of the format. Strings are UTF-8 as the file has them; nothing here
/// has been made fit for display.
struct Rule {
    /// File, and for exports the 1-based line of the rule's object (else 0).
    std::string path;
    std::size_t exportLine = 0;
    RuleLayout layout = RuleLayout::DetectionRule;
    eql::Dialect dialect = eql::Dialect::Elasticsearch;

    RuleMetadata metadata;
    /// `rule_id`; Endpoint rules: `id`; none: the file name without its ending.
    std::string id;
    bool hasOwnId = true;
    std::string name;
    std::vector<std::string> authors;
    std::string description;
    /// eql, esql, query, …; Endpoint rules: eql.
    std::string type;
    std::string language;
    RuleQuery query;

    int riskScore = 0;
    RuleSeverity severity = RuleSeverity::Low;
    std::vector<RiskScoreMapping> riskScoreMapping;
    std::vector<SeverityMapping> severityMapping;
    /// Field that names the alert; empty: the rule's name.
    std::string ruleNameOverride;

    std::vector<std::string> indices;
    std::string dataViewId;
    std::vector<RuleFilter> filters;
    Schedule schedule;
    /// Fields that replace the defaults; empty: default.
    std::string timestampField;
    std::string eventCategoryField;
    std::string tiebreakerField;
    std::string timestampOverride;
    bool timestampOverrideFallbackDisabled = false;
    std::optional<AlertSuppression> suppression;
    /// `building_block_type` is present: alerts are hidden by default.
    bool isBuildingBlock = false;

    std::vector<std::string> tags;
    std::vector<std::string> references;
    std::vector<std::string> falsePositives;
    /// Triage guide and setup guide, Markdown of the author: hostile text.
    std::string note;
    std::string setup;
    std::string license;
    /// As the file says; whether a case runs it is the case's business.
    bool enabled = true;
    /// Integer of detection rules, "1.0.12" of Endpoint rules; empty if not given.
    std::string version;
    std::string timelineId;
    std::string timelineTitle;
    std::vector<std::string> investigationFields;
    std::vector<RelatedIntegration> relatedIntegrations;
    std::vector<RequiredField> requiredFields;
    std::vector<Threat> threats;

    /// Endpoint behaviour rules only.
    std::vector<std::string> osList;
    std::string minEndpointVersion;
    std::string maxEndpointVersion;
    std::string reputation;
    std::vector<EndpointAction> endpointActions;

    std::vector<OtherKey> otherKeys;
};

/// Turns a diagnostic whose span refers to the rule's query into one that points into the rule's
/// file: fills `file`, `span` (file bytes), `begin` and `end`. @p fileText is the whole file (for
/// exports: the line of the rule). Fixes are moved too; those that an escaped string would garble
/// are dropped.
void locateInRuleFile(Diagnostic& diagnostic, const Rule& rule, std::string_view fileText);

} // namespace sequela::rules
