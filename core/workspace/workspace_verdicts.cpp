#include "core/base/json_writer.h"
#include "core/base/text.h"
#include "core/workspace/case_json.h"
#include "core/workspace/workspace_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace sequela::workspace {

namespace {

constexpr std::string_view documentName = "verdicts";

Diagnostic notVerdicts(std::string_view why)
{
    return notSuchDocument(documentName, why);
}

Result<casefile::VerdictRecord> readVerdict(const simdjson::dom::element& entry)
{
    casefile::VerdictRecord record;
    record.alertId = textAt(entry, "alert_id");
    record.ruleId = textAt(entry, "rule_id");
    record.eventsHash = textAt(entry, "events_hash");
    if (record.alertId.empty() || record.ruleId.empty()) {
        return std::unexpected(notVerdicts("an entry lacks alert_id or rule_id"));
    }
    const auto status = detect::verdictStatusFromName(textAt(entry, "status"));
    const auto reason = detect::verdictReasonFromName(textAt(entry, "reason"));
    const bool fits =
        status && reason
        && (*status == detect::VerdictStatus::Closed) == (*reason != detect::VerdictReason::None);
    if (!fits) {
        return std::unexpected(
            notVerdicts(fmt::format("status or reason of alert {} is unknown", record.alertId)));
    }
    record.state = static_cast<casefile::VerdictState>(*status);
    record.reason = static_cast<casefile::VerdictReason>(*reason);
    record.note = textAt(entry, "note");
    record.author = textAt(entry, "author");
    simdjson::dom::array tags;
    if (entry["tags"].get(tags) == simdjson::SUCCESS) {
        for (const simdjson::dom::element tag : tags) {
            std::string_view text;
            if (tag.get(text) == simdjson::SUCCESS) {
                record.tags.emplace_back(text);
            }
        }
    }
    const std::optional<Timestamp> time = timeAt(entry, "time");
    record.time = time ? time->nanoseconds() : 0;
    return record;
}

detect::Verdict completed(detect::Verdict verdict, const std::string& author, Timestamp now)
{
    if (verdict.status != detect::VerdictStatus::Closed) {
        verdict.reason = detect::VerdictReason::None;
    }
    if (verdict.author.empty()) {
        verdict.author = author;
    }
    if (!verdict.changed) {
        verdict.changed = now;
    }
    return verdict;
}

} // namespace

Result<void> Workspace::setVerdict(std::span<const std::string> alertIds,
                                   const detect::Verdict& verdict)
{
    detect::Verdict complete = verdict;
    complete.inheritedFrom.clear();
    return changeVerdicts(alertIds, [&complete](const detect::Verdict&) { return complete; });
}

Result<void> Workspace::editVerdicts(std::span<const std::string> alertIds,
                                     const detect::VerdictEdit& edit)
{
    return changeVerdicts(alertIds, [&edit](const detect::Verdict& current) {
        return detect::editedVerdict(current, edit);
    });
}

Result<void>
Workspace::changeVerdicts(std::span<const std::string> alertIds,
                          const std::function<detect::Verdict(const detect::Verdict&)>& change)
{
    const std::scoped_lock lock(m_state->writing);
    const std::string author = currentUser();
    const Timestamp now = presentTime();
    auto changed = std::make_shared<detect::Detection>(*detection());
    std::vector<std::string> wanted(alertIds.begin(), alertIds.end());
    std::ranges::sort(wanted);
    wanted.erase(std::ranges::unique(wanted).begin(), wanted.end());
    std::vector<casefile::VerdictRecord> records;
    std::set<std::string_view> known;
    for (detect::Alert& alert : changed->alerts) {
        if (std::ranges::binary_search(wanted, alert.id)) {
            known.insert(alert.id);
            alert.verdict = completed(change(alert.verdict), author, now);
            if (alert.verdict.status == detect::VerdictStatus::Closed
                && alert.verdict.reason == detect::VerdictReason::None) {
                return std::unexpected(makeError("verdict-reason", "a closed alert needs a reason",
                                                 "say true, false or benign positive"));
            }
            records.push_back(detect::toRecord(alert.verdict, alert));
        }
    }
    if (known.size() < wanted.size()) {
        const auto unknown = std::ranges::find_if(
            wanted, [&known](const std::string& id) { return !known.contains(id); });
        return std::unexpected(makeError(
            "verdict-unknown-alert",
            fmt::format("the last run made no alert {}; no verdict was set", visibleText(*unknown)),
            "run the rules again, or choose among the alerts there are"));
    }
    SEQUELA_TRY(m_state->saveVerdicts(records));
    const std::scoped_lock access(m_state->access);
    m_state->detection = std::move(changed);
    return {};
}

std::optional<detect::Verdict> Workspace::verdict(std::string_view alertId) const
{
    const std::shared_ptr<const detect::Detection> found = detection();
    const auto alert = std::ranges::find(found->alerts, alertId, &detect::Alert::id);
    if (alert == found->alerts.end() || !alert->verdict.changed) {
        return std::nullopt;
    }
    return alert->verdict;
}

Result<std::string> Workspace::exportVerdicts() const
{
    auto records = m_state->verdictRecords();
    if (!records) {
        return std::unexpected(std::move(records).error());
    }
    std::ranges::sort(*records, {}, &casefile::VerdictRecord::alertId);
    std::vector<std::string> entries;
    for (const casefile::VerdictRecord& record : *records) {
        const detect::Verdict verdict = detect::verdictFromRecord(record);
        JsonWriter json;
        json.beginObject();
        json.member("alert_id", record.alertId);
        json.member("rule_id", record.ruleId);
        json.member("events_hash", record.eventsHash);
        json.member("status", detect::verdictStatusName(verdict.status));
        json.member("reason", detect::verdictReasonName(verdict.reason));
        json.member("note", verdict.note);
        json.members("tags", verdict.tags);
        json.member("author", verdict.author);
        json.member("time", formatIso(Timestamp(record.time)));
        json.endObject();
        entries.push_back(json.take());
    }
    return documentOf(documentName, entries);
}

Result<std::size_t> Workspace::importVerdicts(std::string_view json)
{
    const std::scoped_lock lock(m_state->writing);
    auto records = readEntries(json, documentName, readVerdict);
    if (!records) {
        return std::unexpected(std::move(records).error());
    }
    auto known = m_state->verdictRecords();
    if (!known) {
        return std::unexpected(std::move(known).error());
    }
    std::map<std::string, std::int64_t, std::less<>> knownTimes;
    for (const casefile::VerdictRecord& record : *known) {
        knownTimes.emplace(record.alertId, record.time);
    }
    std::vector<casefile::VerdictRecord> taken;
    for (casefile::VerdictRecord& record : *records) {
        const auto mine = knownTimes.find(record.alertId);
        if (mine == knownTimes.end() || mine->second < record.time) {
            knownTimes[record.alertId] = record.time;
            taken.push_back(std::move(record));
        }
    }
    SEQUELA_TRY(m_state->saveVerdicts(taken));
    auto changed = std::make_shared<detect::Detection>(*detection());
    SEQUELA_TRY(m_state->applyVerdicts(*changed));
    const std::scoped_lock access(m_state->access);
    m_state->detection = std::move(changed);
    return taken.size();
}

} // namespace sequela::workspace
