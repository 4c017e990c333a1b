#include "core/workspace/workspace_switches.h"

#include "core/base/json_writer.h"
#include "core/workspace/case_json.h"
#include "core/workspace/workspace_state.h"

#include <utility>

namespace sequela::workspace {

namespace {

constexpr std::string_view documentName = "switches";
/// Where the case keeps them.
constexpr std::string_view layoutKey = "rules.switches";

using Switch = std::pair<std::string, bool>;

Result<Switch> readSwitch(const simdjson::dom::element& entry)
{
    Switch read{textAt(entry, "rule_id"), false};
    if (read.first.empty() || entry["on"].get(read.second) != simdjson::SUCCESS) {
        return std::unexpected(notSuchDocument(documentName, "an entry without rule_id or on"));
    }
    return read;
}

std::string textOf(const Workspace::RuleSwitches& switches)
{
    std::vector<std::string> entries;
    for (const auto& [ruleId, on] : switches) {
        JsonWriter json;
        json.beginObject();
        json.key("rule_id");
        json.string(ruleId);
        json.key("on");
        json.boolean(on);
        json.endObject();
        entries.push_back(json.take());
    }
    return documentOf(documentName, entries);
}

} // namespace

Result<Workspace::RuleSwitches> Workspace::ruleSwitches() const
{
    if (!m_state->caseFile) {
        const std::scoped_lock access(m_state->access);
        return m_state->memorySwitches;
    }
    auto kept = m_state->caseFile->layout(layoutKey);
    if (!kept) {
        return std::unexpected(std::move(kept).error());
    }
    RuleSwitches switches;
    if (*kept) {
        auto entries = readEntries(**kept, documentName, readSwitch);
        if (!entries) {
            return std::unexpected(std::move(entries).error());
        }
        switches.insert(entries->begin(), entries->end());
    }
    return switches;
}

Result<void> Workspace::switchRule(std::string_view ruleId, std::optional<bool> on)
{
    const std::scoped_lock lock(m_state->writing);
    auto switches = ruleSwitches();
    if (!switches) {
        if (switches.error().code != notSuchDocument(documentName, {}).code) {
            return std::unexpected(std::move(switches).error());
        }
        // What nobody can read is replaced: nothing else could ever mend it.
        switches = RuleSwitches();
    }
    if (on) {
        switches->insert_or_assign(std::string(ruleId), *on);
    } else if (const auto found = switches->find(ruleId); found != switches->end()) {
        switches->erase(found);
    }
    if (m_state->caseFile) {
        return m_state->caseFile->saveLayout(layoutKey,
                                             switches->empty() ? std::string() : textOf(*switches));
    }
    const std::scoped_lock access(m_state->access);
    m_state->memorySwitches = std::move(*switches);
    return {};
}

rules::RuleSet switched(const rules::RuleSet& all, const Workspace::RuleSwitches& switches)
{
    std::vector<rules::RuleEntry> entries = all.entries();
    for (rules::RuleEntry& entry : entries) {
        const auto found = entry.rule ? switches.find(entry.rule->id) : switches.end();
        if (found == switches.end() || entry.rule->enabled == found->second) {
            continue;
        }
        auto changed = std::make_shared<rules::Rule>(*entry.rule);
        changed->enabled = found->second;
        entry.rule = std::move(changed);
    }
    rules::RuleSet set;
    set.append(std::move(entries));
    return set;
}

} // namespace sequela::workspace
