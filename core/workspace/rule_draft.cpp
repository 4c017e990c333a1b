#include "core/workspace/rule_draft.h"

#include "core/base/timestamp.h"
#include "core/detect/event_reader.h"
#include "core/eql/string_literal.h"
#include "core/rules/rule_file.h"
#include "core/workspace/limits.h"
#include "core/workspace/test_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace sequela::workspace {

namespace {

/// What tells one event of a category from another, most telling first; the first three that the
/// event has are taken.
constexpr std::array<std::string_view, 8> tellingFields{
    "host.os.type",  "event.type", "process.name",     "file.extension",
    "registry.path", "dll.name",   "destination.port", "event.action"};
constexpr std::array<std::string_view, 5> keyFields{
    "host.id", "process.entity_id", "process.parent.entity_id", "user.id", "file.path"};
constexpr std::size_t clausesPerStage = 4;

struct Stage {
    std::optional<Timestamp> time;
    std::string category;
    std::vector<std::pair<std::string, detect::FieldText>> clauses;
    std::vector<std::string> keys = std::vector<std::string>(keyFields.size());
};

Result<Stage> readStage(detect::EventReader& reader, EventNumber event)
{
    Stage stage;
    auto time = reader.time(event, "@timestamp");
    auto category = reader.first(event, "event.category");
    if (!time || !category) {
        return std::unexpected(time ? std::move(category).error() : std::move(time).error());
    }
    stage.time = *time;
    stage.category = std::move(*category);
    for (const std::string_view field : tellingFields) {
        auto values = reader.values(event, field);
        if (!values) {
            return std::unexpected(std::move(values).error());
        }
        if (!values->values.empty() && stage.clauses.size() < clausesPerStage) {
            stage.clauses.emplace_back(field, values->values.front());
        }
    }
    for (std::size_t key = 0; key < keyFields.size(); ++key) {
        auto value = reader.first(event, keyFields[key]);
        if (!value) {
            return std::unexpected(std::move(value).error());
        }
        stage.keys[key] = std::move(*value);
    }
    return stage;
}

std::string filterText(const Stage& stage)
{
    std::string text = stage.category.empty() ? "any where " : stage.category + " where ";
    if (stage.clauses.empty()) {
        return text + "true";
    }
    bool isFirst = true;
    for (const auto& [field, value] : stage.clauses) {
        text += fmt::format("{}{} == {}", isFirst ? "" : " and ", field,
                            value.kind == schema::ValueKind::String ? eql::quoteString(value.text)
                                                                    : value.text);
        isFirst = false;
    }
    return text;
}

/// The next round span above the one the events took, twice as long to leave room.
std::string maxspanFor(std::int64_t nanoseconds)
{
    static constexpr std::array<std::pair<std::int64_t, std::string_view>, 10> steps{
        {{1, "1s"},
         {5, "5s"},
         {10, "10s"},
         {30, "30s"},
         {60, "1m"},
         {300, "5m"},
         {900, "15m"},
         {3'600, "1h"},
         {21'600, "6h"},
         {86'400, "1d"}}};
    for (const auto& [seconds, text] : steps) {
        if (nanoseconds <= seconds * nanosecondsPerSecond / 2) {
            return std::string(text);
        }
    }
    return "7d";
}

std::string sharedKeys(const std::vector<Stage>& stages)
{
    std::string keys;
    for (std::size_t key = 0; key < keyFields.size(); ++key) {
        const std::string& value = stages.front().keys[key];
        const bool isShared =
            !value.empty() && std::ranges::all_of(stages, [&](const Stage& stage) {
                return stage.keys[key] == value;
            });
        if (isShared) {
            keys += fmt::format("{}{}", keys.empty() ? "" : ", ", keyFields[key]);
        }
    }
    return keys;
}

/// Place of the value of the line `key = "…"` in @p text, quotes included.
std::optional<SourceSpan> valueOf(std::string_view text, std::string_view key)
{
    std::optional<SourceSpan> found;
    std::size_t lineBegin = 0;
    while (lineBegin < text.size()) {
        const std::size_t lineEnd = std::min(text.find('\n', lineBegin), text.size());
        const std::string_view line = text.substr(lineBegin, lineEnd - lineBegin);
        const std::size_t begin = line.find_first_not_of(" \t");
        if (begin != std::string_view::npos && line.substr(begin).starts_with(key)) {
            const std::size_t equals = line.find_first_not_of(" \t", begin + key.size());
            const std::size_t quote = line.find('"', begin);
            const std::size_t end = line.rfind('"');
            if (equals != std::string_view::npos && line[equals] == '='
                && quote != std::string_view::npos && end > quote
                && line.find_first_not_of(" \t", equals + 1) == quote) {
                return SourceSpan{lineBegin + quote, lineBegin + end + 1};
            }
        }
        lineBegin = lineEnd + 1;
    }
    return found;
}

} // namespace

Result<std::string> draftQuery(const Snapshot& snapshot, std::span<const EventNumber> events,
                               const std::stop_token& stop)
{
    if (events.empty() || events.size() > limits::maxDraftStages) {
        return std::unexpected(
            makeError("rule-draft",
                      fmt::format("a rule is drafted from 1 to {} events", limits::maxDraftStages),
                      "select those that tell the story"));
    }
    detect::EventReader reader(*snapshot.events);
    std::vector<Stage> stages;
    for (const EventNumber event : events) {
        if (stop.stop_requested()) {
            return std::unexpected(cancelledError());
        }
        auto stage = readStage(reader, event);
        if (!stage) {
            return std::unexpected(std::move(stage).error());
        }
        stages.push_back(std::move(*stage));
    }
    std::ranges::stable_sort(stages, {}, &Stage::time);
    if (stages.size() == 1) {
        return filterText(stages.front()) + "\n";
    }
    const std::string keys = sharedKeys(stages);
    std::string text = "sequence";
    if (!keys.empty()) {
        text += " by " + keys;
    }
    if (stages.front().time && stages.back().time) {
        text +=
            " with maxspan="
            + maxspanFor(stages.back().time->nanoseconds() - stages.front().time->nanoseconds());
    }
    text += '\n';
    for (const Stage& stage : stages) {
        text += "  [" + filterText(stage) + "]\n";
    }
    return text;
}

std::string ruleFileText(std::string_view name, std::string_view ruleId, std::string_view query)
{
    return fmt::format("[metadata]\nmaturity = \"development\"\n\n[rule]\nname = {}\nrule_id = {}\n"
                       "description = \"\"\"\nSay what this finds and why it matters.\n\"\"\"\n"
                       "severity = \"medium\"\nrisk_score = 47\ntype = \"eql\"\n"
                       "language = \"eql\"\nversion = 1\nfrom = \"now-9m\"\n"
                       "query = '''\n{}{}'''\n",
                       tomlString(name), tomlString(ruleId), query,
                       query.ends_with('\n') ? "" : "\n");
}

Result<std::string> copiedRuleText(std::string_view fileText, std::string_view name,
                                   std::string_view ruleId)
{
    std::string text(fileText);
    for (const auto& [key, value] : {std::pair{std::string_view("rule_id"), ruleId},
                                     std::pair{std::string_view("name"), name}}) {
        const auto span = valueOf(text, key);
        if (!span) {
            return std::unexpected(
                makeError("rule-copy", fmt::format("{} does not stand on a line of its own", key),
                          "copy the file by hand and give it another name and id"));
        }
        text.replace(span->begin, span->length(), tomlString(value));
    }
    const rules::RuleEntry copy = rules::readRuleToml(text, "copy.toml");
    if (!copy.rule || copy.rule->id != ruleId || copy.rule->name != name) {
        return std::unexpected(makeError("rule-copy",
                                         "name and id of the rule could not be told in its file",
                                         "copy the file by hand and give it another name and id"));
    }
    return text;
}

} // namespace sequela::workspace
