#include "core/detect/alert_builder.h"

#include "core/detect/detection.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

namespace sequela::detect {

namespace {

constexpr std::string_view defaultTimestampField = "@timestamp";
constexpr std::string_view defaultTiebreakerField = "event.sequence";
constexpr int maxRiskScore = 100;

void appendTechniques(std::vector<AttackReference>& references, const rules::Threat& threat)
{
    AttackReference reference;
    reference.framework = threat.framework;
    reference.tacticId = threat.tacticId;
    reference.tacticName = threat.tacticName;
    if (threat.techniques.empty()) {
        references.push_back(reference);
    }
    for (const rules::ThreatTechnique& technique : threat.techniques) {
        AttackReference withTechnique = reference;
        withTechnique.techniqueId = technique.id;
        withTechnique.techniqueName = technique.name;
        if (technique.subtechniques.empty()) {
            references.push_back(withTechnique);
        }
        for (const rules::ThreatTechnique& subtechnique : technique.subtechniques) {
            AttackReference withSubtechnique = withTechnique;
            withSubtechnique.subtechniqueId = subtechnique.id;
            withSubtechnique.subtechniqueName = subtechnique.name;
            references.push_back(std::move(withSubtechnique));
        }
    }
}

std::optional<int> riskScoreFromText(std::string_view text)
{
    double score = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), score);
    if (error != std::errc() || end != text.data() + text.size() || !(score >= 0)
        || score > maxRiskScore) {
        return std::nullopt;
    }
    return static_cast<int>(score);
}

} // namespace

std::shared_ptr<const AlertRule> alertRuleOf(const rules::Rule& rule, std::string canonicalHash)
{
    auto alertRule = std::make_shared<AlertRule>();
    alertRule->ruleId = rule.id;
    alertRule->name = rule.name;
    alertRule->description = rule.description;
    alertRule->version = rule.version;
    alertRule->severity = rule.severity;
    alertRule->riskScore = rule.riskScore;
    alertRule->queryHash = std::move(canonicalHash);
    alertRule->query = rule.query.text;
    for (const rules::Threat& threat : rule.threats) {
        appendTechniques(alertRule->attack, threat);
    }
    alertRule->tags = rule.tags;
    alertRule->references = rule.references;
    alertRule->falsePositives = rule.falsePositives;
    alertRule->file = rule.path;
    alertRule->dialect = rule.dialect;
    alertRule->eventCategoryField = rule.eventCategoryField;
    alertRule->osList = rule.osList;
    alertRule->buildingBlock = rule.isBuildingBlock;
    return alertRule;
}

std::string timestampFieldOf(const rules::Rule& rule)
{
    return rule.timestampField.empty() ? std::string(defaultTimestampField) : rule.timestampField;
}

std::string tiebreakerFieldOf(const rules::Rule& rule)
{
    return rule.tiebreakerField.empty() ? std::string(defaultTiebreakerField)
                                        : rule.tiebreakerField;
}

AlertBuilder::AlertBuilder(const schema::ColumnSource& source, const rules::Rule& rule,
                           std::shared_ptr<const AlertRule> alertRule)
    : m_source(source),
      m_rule(rule),
      m_alertRule(std::move(alertRule)),
      m_timestampField(timestampFieldOf(rule)),
      m_reader(source)
{
}

Result<Alert> AlertBuilder::build(const engine::Match& match)
{
    Alert alert;
    alert.rule = m_alertRule;
    alert.name = m_alertRule->name;
    alert.severity = m_alertRule->severity;
    alert.riskScore = m_alertRule->riskScore;
    alert.joinKeys = match.joinKeys;
    SEQUELA_TRY(fillStages(alert, match));
    SEQUELA_TRY(fillActors(alert));
    SEQUELA_TRY(applyOverrides(alert));
    alert.id = alertId(m_alertRule->ruleId, m_alertRule->queryHash, alert.stages);
    alert.eventsHash = alertEventsHash(alert.stages);
    return alert;
}

Result<void> AlertBuilder::fillStages(Alert& alert, const engine::Match& match)
{
    alert.stages.reserve(match.events.size());
    for (const std::optional<EventNumber>& event : match.events) {
        AlertStage stage;
        stage.event = event;
        if (event) {
            auto identity = m_source.identity(*event);
            if (!identity) {
                return std::unexpected(std::move(identity).error());
            }
            stage.identity = std::move(*identity);
            auto time = m_reader.time(*event, m_timestampField);
            if (!time) {
                return std::unexpected(std::move(time).error());
            }
            stage.time = *time;
            if (stage.time) {
                alert.firstTime =
                    alert.firstTime ? std::min(*alert.firstTime, *stage.time) : *stage.time;
                alert.lastTime =
                    alert.lastTime ? std::max(*alert.lastTime, *stage.time) : *stage.time;
            }
        }
        alert.stages.push_back(std::move(stage));
    }
    return {};
}

Result<std::string> AlertBuilder::firstOf(const Alert& alert,
                                          std::initializer_list<std::string_view> fields,
                                          std::optional<EventNumber>& owner)
{
    for (const std::string_view field : fields) {
        for (const AlertStage& stage : alert.stages) {
            if (!stage.event) {
                continue;
            }
            auto text = m_reader.first(*stage.event, field);
            if (!text || !text->empty()) {
                owner = stage.event;
                return text;
            }
        }
    }
    return std::string();
}

Result<void> AlertBuilder::fillActors(Alert& alert)
{
    std::optional<EventNumber> owner;
    auto host = firstOf(alert, {"host.name", "host.id"}, owner);
    if (!host) {
        return std::unexpected(std::move(host).error());
    }
    auto user = firstOf(alert, {"user.name", "user.id"}, owner);
    if (!user) {
        return std::unexpected(std::move(user).error());
    }
    owner.reset();
    auto process = firstOf(alert, {"process.name", "process.executable"}, owner);
    if (!process) {
        return std::unexpected(std::move(process).error());
    }
    alert.host = std::move(*host);
    alert.user = std::move(*user);
    alert.process = std::move(*process);
    if (owner) {
        auto entity = m_reader.first(*owner, "process.entity_id");
        if (!entity) {
            return std::unexpected(std::move(entity).error());
        }
        alert.processEntityId = std::move(*entity);
    }
    return {};
}

Result<std::vector<std::string>> AlertBuilder::sharedValues(const Alert& alert,
                                                            std::string_view field)
{
    std::optional<std::vector<std::string>> shared;
    for (const AlertStage& stage : alert.stages) {
        if (!stage.event) {
            continue;
        }
        auto stored = m_reader.values(*stage.event, field);
        if (!stored) {
            return std::unexpected(std::move(stored).error());
        }
        std::vector<std::string> texts;
        for (FieldText& value : stored->values) {
            texts.push_back(std::move(value.text));
        }
        if (!shared) {
            shared = std::move(texts);
        } else {
            std::erase_if(*shared, [&texts](const std::string& text) {
                return std::ranges::find(texts, text) == texts.end();
            });
        }
    }
    return std::move(shared).value_or(std::vector<std::string>());
}

Result<void> AlertBuilder::applySeverityMapping(Alert& alert)
{
    std::optional<AlertSeverity> highest;
    for (const rules::SeverityMapping& mapping : m_rule.severityMapping) {
        if (mapping.comparison != "equals" || !mapping.severity) {
            continue;
        }
        auto values = sharedValues(alert, mapping.field);
        if (!values) {
            return std::unexpected(std::move(values).error());
        }
        if (std::ranges::find(*values, mapping.value) != values->end()
            && (!highest || *mapping.severity > *highest)) {
            highest = mapping.severity;
        }
    }
    alert.severity = highest.value_or(alert.severity);
    return {};
}

Result<void> AlertBuilder::applyRiskScoreMapping(Alert& alert)
{
    for (const rules::RiskScoreMapping& mapping : m_rule.riskScoreMapping) {
        if (mapping.field.empty()) {
            continue;
        }
        auto values = sharedValues(alert, mapping.field);
        if (!values) {
            return std::unexpected(std::move(values).error());
        }
        if (mapping.riskScore) {
            if (std::ranges::find(*values, mapping.value) != values->end()) {
                alert.riskScore = *mapping.riskScore;
                return {};
            }
        } else if (!values->empty()) {
            if (const std::optional<int> score = riskScoreFromText(values->front())) {
                alert.riskScore = *score;
                return {};
            }
        }
    }
    return {};
}

Result<void> AlertBuilder::applyOverrides(Alert& alert)
{
    SEQUELA_TRY(applySeverityMapping(alert));
    SEQUELA_TRY(applyRiskScoreMapping(alert));
    if (!m_rule.ruleNameOverride.empty()) {
        auto values = sharedValues(alert, m_rule.ruleNameOverride);
        if (!values) {
            return std::unexpected(std::move(values).error());
        }
        if (!values->empty() && !values->front().empty()) {
            alert.name = std::move(values->front());
        }
    }
    return {};
}

Result<void> suppress(std::vector<Alert>& alerts, const rules::Rule& rule, AlertBuilder& builder)
{
    if (!rule.suppression || rule.suppression->groupBy.empty()) {
        return {};
    }
    const rules::AlertSuppression& suppression = *rule.suppression;
    std::map<std::vector<std::vector<std::string>>, std::size_t> firstOfGroup;
    std::vector<Alert> kept;
    for (Alert& alert : alerts) {
        std::vector<std::vector<std::string>> group;
        bool lacksField = false;
        for (const std::string& field : suppression.groupBy) {
            auto values = builder.sharedValues(alert, field);
            if (!values) {
                return std::unexpected(std::move(values).error());
            }
            std::ranges::sort(*values);
            lacksField = lacksField || values->empty();
            group.push_back(std::move(*values));
        }
        if (lacksField
            && suppression.missingFields == rules::MissingFieldsStrategy::DoNotSuppress) {
            kept.push_back(std::move(alert));
            continue;
        }
        const auto [found, isNew] = firstOfGroup.try_emplace(std::move(group), kept.size());
        if (!isNew) {
            Alert& first = kept[found->second];
            const bool inTime = !suppression.durationNs
                                || (first.lastTime && alert.lastTime
                                    && alert.lastTime->nanoseconds() - first.lastTime->nanoseconds()
                                           <= *suppression.durationNs);
            if (inTime) {
                ++first.suppressedCount;
                continue;
            }
            found->second = kept.size();
        }
        kept.push_back(std::move(alert));
    }
    alerts = std::move(kept);
    return {};
}

} // namespace sequela::detect
