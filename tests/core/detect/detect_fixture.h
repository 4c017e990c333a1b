#pragma once

#include "core/detect/detection.h"
#include "core/rules/rule_set.h"
#include "tests/support/event_table.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// Rules as text over events as text.
namespace sequela::detect::testing {

/// A rule file. @p more is TOML behind the keys of [rule]: further keys first, then tables.
inline std::string ruleToml(std::string_view id, std::string_view query, std::string_view more = {})
{
    std::string text = "[rule]\nname = \"Rule ";
    text.append(id).append("\"\nrule_id = \"").append(id);
    text.append("\"\nseverity = \"medium\"\nrisk_score = 47\ntype = \"eql\"\nlanguage = \"eql\"\n");
    return text.append("query = '''\n").append(query).append("\n'''\n").append(more);
}

inline rules::RuleSet ruleSet(const std::vector<std::string>& files)
{
    std::vector<rules::RuleEntry> entries;
    for (std::size_t index = 0; index < files.size(); ++index) {
        entries.push_back(
            rules::readRuleToml(files[index], "rule" + std::to_string(index) + ".toml"));
    }
    rules::RuleSet set;
    set.append(std::move(entries));
    return set;
}

/// Events with everything that runs over them.
struct Case {
    explicit Case(std::string_view lines, std::size_t segmentSize = 1024)
        : Case(tests::eventTable(lines, segmentSize))
    {
    }
    explicit Case(std::shared_ptr<const schema::ColumnSource> source)
        : events(std::move(source)),
          engine(std::make_unique<engine::Engine>(events)),
          catalog(schema::Schema::ecs(), events->fields())
    {
    }

    [[nodiscard]] Result<Detection> run(const std::vector<std::string>& files,
                                        const DetectOptions& options = {},
                                        std::stop_token stop = {}) const
    {
        Progress progress;
        return detect(ruleSet(files), *engine, catalog, options, progress, std::move(stop));
    }

    std::shared_ptr<const schema::ColumnSource> events;
    std::unique_ptr<engine::Engine> engine;
    schema::FieldCatalog catalog;
};

/// What a run found, one line an alert: event ids by stage, `-` for a missing slot, and how many
/// were folded into it: "a,-,b", "a+2".
inline std::string alertsOf(const Detection& found)
{
    std::string text;
    for (const Alert& alert : found.alerts) {
        text += text.empty() ? "" : " ";
        for (std::size_t stage = 0; stage < alert.stages.size(); ++stage) {
            const std::string& identity = alert.stages[stage].identity;
            text += (stage == 0 ? "" : ",") + (identity.empty() ? std::string("-") : identity);
        }
        if (alert.suppressedCount > 0) {
            text += "+" + std::to_string(alert.suppressedCount);
        }
    }
    return text;
}

} // namespace sequela::detect::testing
