#include "core/rules/lint.h"

#include "core/base/text.h"
#include "core/rules/attack.h"

#include <fmt/format.h>

namespace sequela::rules {

namespace {

class Linter {
public:
    explicit Linter(const Rule& rule) : m_rule(rule) {}

    std::vector<Diagnostic> run(std::optional<std::int64_t> maxspanNs)
    {
        checkScore();
        for (const Threat& threat : m_rule.threats) {
            checkThreat(threat);
        }
        if (maxspanNs) {
            checkSchedule(*maxspanNs);
        }
        return std::move(m_diagnostics);
    }

private:
    void warn(std::string code, std::string message, std::string hint, TextPosition position)
    {
        Diagnostic diagnostic = makeError(std::move(code), visibleText(message), std::move(hint));
        diagnostic.severity = Severity::Warning;
        diagnostic.file = m_rule.path;
        diagnostic.begin = diagnostic.end = position;
        m_diagnostics.push_back(std::move(diagnostic));
    }

    void checkScore()
    {
        // Behaviour rules have neither.
        const int usual = conventionalRiskScore(m_rule.severity);
        if (m_rule.layout != RuleLayout::EndpointBehavior && m_rule.riskScore != usual) {
            warn("rule-risk-severity",
                 fmt::format("Severity {} and risk score {} are out of step",
                             severityText(m_rule.severity), m_rule.riskScore),
                 fmt::format("Severity {} usually has {}", severityText(m_rule.severity), usual),
                 m_rule.query.begin);
        }
    }

    void checkThreat(const Threat& threat)
    {
        if (threat.framework != "MITRE ATT&CK") {
            return;
        }
        const attack::Tactic* tactic = attack::findTactic(threat.tacticId);
        if (tactic == nullptr) {
            warn("rule-attack-id", fmt::format("There is no ATT&CK tactic \"{}\"", threat.tacticId),
                 "Tactics are TA0001 to TA0043", threat.position);
        } else if (threat.tacticName != tactic->name) {
            warn("rule-attack-name",
                 fmt::format("{} is called \"{}\", not \"{}\"", threat.tacticId, tactic->name,
                             threat.tacticName),
                 "Correct the name or the id", threat.position);
        }
        for (const ThreatTechnique& technique : threat.techniques) {
            checkTechnique(technique, tactic, {});
            for (const ThreatTechnique& subtechnique : technique.subtechniques) {
                checkTechnique(subtechnique, tactic, technique.id);
            }
        }
    }

    void checkTechnique(const ThreatTechnique& written, const attack::Tactic* tactic,
                        std::string_view parent)
    {
        const attack::Technique* known = attack::findTechnique(written.id);
        if (known == nullptr) {
            warn("rule-attack-id", fmt::format("There is no ATT&CK technique \"{}\"", written.id),
                 "Look the id up at attack.mitre.org", written.position);
            return;
        }
        if (known->status != attack::Status::Active) {
            warn("rule-attack-retired",
                 fmt::format("{} ({}) is {} in ATT&CK", written.id, known->name,
                             known->status == attack::Status::Revoked ? "revoked" : "deprecated"),
                 "Use the technique that replaced it", written.position);
            return;
        }
        if (known->name != written.name) {
            warn("rule-attack-name",
                 fmt::format("{} is called \"{}\", not \"{}\"", written.id, known->name,
                             written.name),
                 "Correct the name or the id", written.position);
        }
        const bool isMisplaced =
            known->isSubtechnique ? attack::parentId(written.id) != parent : !parent.empty();
        if (isMisplaced || (tactic != nullptr && !attack::belongsTo(*known, *tactic))) {
            warn("rule-attack-place",
                 fmt::format("{} does not belong under {}", written.id,
                             isMisplaced && !parent.empty() ? parent
                             : tactic != nullptr            ? tactic->id
                                                            : std::string_view("a tactic")),
                 "Move it under its own tactic and technique", written.position);
        }
    }

    void checkSchedule(std::int64_t maxspanNs)
    {
        const Schedule& schedule = m_rule.schedule;
        const auto lookBack = lookBackNs(schedule);
        if (lookBack && *lookBack < maxspanNs) {
            warn("rule-lookback",
                 fmt::format("A run searches {} but the sequence may take {}",
                             formatDuration(*lookBack), formatDuration(maxspanNs)),
                 "Move from further back: sequences longer than the window are never found",
                 m_rule.query.begin);
        }
        if (schedule.intervalNs < maxspanNs / 2) {
            warn("rule-interval-short",
                 fmt::format("The rule runs every {}, less than half of its maxspan {}",
                             formatDuration(schedule.intervalNs), formatDuration(maxspanNs)),
                 "A longer interval finds the same and costs less", m_rule.query.begin);
        }
    }

    const Rule& m_rule;
    std::vector<Diagnostic> m_diagnostics;
};

} // namespace

std::vector<Diagnostic> lintRule(const Rule& rule, std::optional<std::int64_t> maxspanNs)
{
    return Linter(rule).run(maxspanNs);
}

} // namespace sequela::rules
