#include "core/casefile/case_state.h"
#include "core/casefile/record_rows.h"

#include <cstddef>
#include <utility>

namespace sequela::casefile {

namespace {

Result<void> removeAlertsOf(Connection& connection, std::string_view ruleId)
{
    auto stages = connection.prepare(
        "DELETE FROM alert_event WHERE alert_id IN (SELECT alert_id FROM alert WHERE rule_id = ?)");
    if (!stages) {
        return std::unexpected(std::move(stages).error());
    }
    SEQUELA_TRY(stages->bind(1, ruleId).run());
    auto alerts = connection.prepare("DELETE FROM alert WHERE rule_id = ?");
    if (!alerts) {
        return std::unexpected(std::move(alerts).error());
    }
    return alerts->bind(1, ruleId).run();
}

Result<void> insertRule(Connection& connection, const RuleRecord& rule)
{
    auto insert = connection.prepare(
        "INSERT OR REPLACE INTO rule(rule_id, name, path, version, query_hash, outcome, message, "
        "match_count, nanoseconds, run_time, events_searched, detail) "
        "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    if (!insert) {
        return std::unexpected(std::move(insert).error());
    }
    return insert->bind(1, std::string_view(rule.ruleId))
        .bind(2, std::string_view(rule.name))
        .bind(3, std::string_view(rule.path))
        .bind(4, std::string_view(rule.version))
        .bind(5, std::string_view(rule.queryHash))
        .bind(6, nameOf(rule.outcome, ruleOutcomeNames))
        .bind(7, std::string_view(rule.message))
        .bind(8, rule.matchCount)
        .bind(9, rule.nanoseconds)
        .bind(10, rule.runTime)
        .bind(11, rule.eventsSearched)
        .bind(12, std::string_view(rule.detailJson))
        .run();
}

Result<void> insertStages(Connection& connection, const AlertRecord& alert)
{
    // An alert of the same id may stand there under another rule's name.
    auto removal = connection.prepare("DELETE FROM alert_event WHERE alert_id = ?");
    if (!removal) {
        return std::unexpected(std::move(removal).error());
    }
    SEQUELA_TRY(removal->bind(1, std::string_view(alert.id)).run());
    auto insert = connection.prepare(
        "INSERT INTO alert_event(alert_id, stage, event_no, identity) VALUES(?, ?, ?, ?)");
    if (!insert) {
        return std::unexpected(std::move(insert).error());
    }
    for (std::size_t stage = 0; stage < alert.events.size(); ++stage) {
        const AlertEventRecord& event = alert.events[stage];
        insert->bind(1, std::string_view(alert.id))
            .bind(2, static_cast<std::uint64_t>(stage))
            .bind(4, std::string_view(event.identity));
        if (event.event) {
            insert->bind(3, event.event->value());
        } else {
            insert->bindNull(3);
        }
        SEQUELA_TRY(insert->run());
    }
    return {};
}

Result<void> insertAlert(Connection& connection, const AlertRecord& alert)
{
    auto insert = connection.prepare(
        "INSERT OR REPLACE INTO alert(alert_id, rule_id, rule_name, rule_version, query_hash, "
        "events_hash, severity, risk_score, first_time, last_time, host_name, user_name, "
        "process_name, building_block, detail) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?)");
    if (!insert) {
        return std::unexpected(std::move(insert).error());
    }
    SEQUELA_TRY(insert->bind(1, std::string_view(alert.id))
                    .bind(2, std::string_view(alert.ruleId))
                    .bind(3, std::string_view(alert.ruleName))
                    .bind(4, std::string_view(alert.ruleVersion))
                    .bind(5, std::string_view(alert.queryHash))
                    .bind(6, std::string_view(alert.eventsHash))
                    .bind(7, std::string_view(alert.severity))
                    .bind(8, alert.riskScore)
                    .bindTime(9, alert.firstTime)
                    .bindTime(10, alert.lastTime)
                    .bind(11, std::string_view(alert.hostName))
                    .bind(12, std::string_view(alert.userName))
                    .bind(13, std::string_view(alert.processName))
                    .bind(14, alert.buildingBlock ? 1U : 0U)
                    .bind(15, std::string_view(alert.detailJson))
                    .run());
    return insertStages(connection, alert);
}

AlertRecord alertFromRow(const Statement& row)
{
    AlertRecord alert;
    alert.id = row.text(0);
    alert.ruleId = row.text(1);
    alert.ruleName = row.text(2);
    alert.ruleVersion = row.text(3);
    alert.queryHash = row.text(4);
    alert.eventsHash = row.text(5);
    alert.severity = row.text(6);
    alert.riskScore = static_cast<std::int32_t>(row.integer(7));
    alert.firstTime = row.time(8);
    alert.lastTime = row.time(9);
    alert.hostName = row.text(10);
    alert.userName = row.text(11);
    alert.processName = row.text(12);
    alert.buildingBlock = row.integer(13) != 0;
    alert.detailJson = row.text(14);
    return alert;
}

} // namespace

Result<void> CaseFile::replaceRuleRuns(std::span<const RuleRun> runs, std::stop_token stop)
{
    return m_state->write([&](Connection& connection) -> Result<void> {
        const InterruptOnStop interrupt(stop, connection);
        for (const RuleRun& run : runs) {
            if (stop.stop_requested()) {
                return std::unexpected(cancelledError());
            }
            SEQUELA_TRY(removeAlertsOf(connection, run.rule.ruleId));
            SEQUELA_TRY(insertRule(connection, run.rule));
            for (const AlertRecord& alert : run.alerts) {
                SEQUELA_TRY(insertAlert(connection, alert));
            }
        }
        return {};
    });
}

Result<void> CaseFile::removeRules(std::span<const std::string> ruleIds)
{
    return m_state->write([&](Connection& connection) -> Result<void> {
        auto removal = connection.prepare("DELETE FROM rule WHERE rule_id = ?");
        if (!removal) {
            return std::unexpected(std::move(removal).error());
        }
        for (const std::string& ruleId : ruleIds) {
            SEQUELA_TRY(removeAlertsOf(connection, ruleId));
            SEQUELA_TRY(removal->bind(1, std::string_view(ruleId)).run());
        }
        return {};
    });
}

Result<std::vector<RuleRecord>> CaseFile::rules() const
{
    std::vector<RuleRecord> rules;
    SEQUELA_TRY(m_state->read(
        "SELECT rule_id, name, path, version, query_hash, outcome, message, match_count, "
        "nanoseconds, run_time, events_searched, detail FROM rule ORDER BY rule_id",
        noParameters, [&](const Statement& row) {
            RuleRecord rule;
            rule.ruleId = row.text(0);
            rule.name = row.text(1);
            rule.path = row.text(2);
            rule.version = row.text(3);
            rule.queryHash = row.text(4);
            rule.outcome = fromName<RuleOutcome>(row.view(5), ruleOutcomeNames);
            rule.message = row.text(6);
            rule.matchCount = row.natural(7);
            rule.nanoseconds = row.natural(8);
            rule.runTime = row.integer(9);
            rule.eventsSearched = row.natural(10);
            rule.detailJson = row.text(11);
            rules.push_back(std::move(rule));
        }));
    return rules;
}

Result<std::vector<AlertRecord>> CaseFile::alerts(std::stop_token stop) const
{
    std::vector<AlertRecord> alerts;
    // One query, so that alerts and their stages are of one moment.
    SEQUELA_TRY(m_state->read(
        "SELECT alert.alert_id, rule_id, rule_name, rule_version, query_hash, events_hash, "
        "severity, risk_score, first_time, last_time, host_name, user_name, process_name, "
        "building_block, detail, stage, event_no, identity FROM alert LEFT JOIN alert_event USING "
        "(alert_id) ORDER BY last_time, rule_id, alert.alert_id, stage",
        noParameters,
        [&](const Statement& row) {
            if (alerts.empty() || alerts.back().id != row.view(0)) {
                alerts.push_back(alertFromRow(row));
            }
            if (row.isNull(15)) {
                return;
            }
            AlertEventRecord stage;
            if (!row.isNull(16)) {
                stage.event = EventNumber(static_cast<std::uint32_t>(row.integer(16)));
            }
            stage.identity = row.text(17);
            alerts.back().events.push_back(std::move(stage));
        },
        std::move(stop)));
    return alerts;
}

} // namespace sequela::casefile
