#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/events_input.h"
#include "core/base/json_writer.h"
#include "core/detect/detection.h"
#include "core/report/text_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace sequela::cli {

namespace {

struct ValueCount {
    std::string text;
    std::uint64_t count = 0;
};
struct FieldFacts {
    std::string name;
    schema::CatalogField field;
    std::uint64_t eventCount = 0;
    std::uint64_t derivedCount = 0;
    std::uint64_t distinctCount = 0;
    std::vector<ValueCount> top;
};

/// Counts a field's values over the events of @p chosen (all if null).
Result<FieldFacts> countField(const schema::ColumnSource& source, FieldId id,
                              const engine::EventSet* chosen, std::size_t top)
{
    FieldFacts facts;
    facts.name = source.fields()[id.index()].name;
    std::unordered_map<std::string, std::uint64_t> counts;
    for (std::uint32_t number = 0; number < source.segments().size(); ++number) {
        auto column = source.column(SegmentNumber(number), id);
        if (!column) {
            return std::unexpected(std::move(column).error());
        }
        if (!*column) {
            continue;
        }
        const schema::Segment& segment = source.segments()[number];
        std::vector<std::uint64_t> byValue((*column)->valueCount());
        for (std::uint32_t row = 0; row < segment.eventCount; ++row) {
            const std::uint32_t code = (*column)->code(row);
            const EventNumber event(segment.firstEvent.value() + row);
            if (code == 0 || (chosen != nullptr && !chosen->contains(event))) {
                continue;
            }
            ++facts.eventCount;
            facts.derivedCount += (*column)->isDerived(row) ? 1U : 0U;
            std::uint32_t scratch = 0;
            for (const std::uint32_t value : (*column)->valuesOfCode(code, scratch)) {
                ++byValue[value];
            }
        }
        for (std::uint32_t value = 0; value < byValue.size(); ++value) {
            if (byValue[value] > 0) {
                counts[std::string((*column)->text(value))] += byValue[value];
            }
        }
    }
    facts.distinctCount = counts.size();
    for (const auto& [text, count] : counts) {
        facts.top.push_back({text, count});
    }
    const auto kept = std::min(top, facts.top.size());
    std::ranges::partial_sort(facts.top, facts.top.begin() + static_cast<std::ptrdiff_t>(kept), {},
                              [](const ValueCount& value) {
                                  return std::pair(~value.count, std::string_view(value.text));
                              });
    facts.top.resize(kept);
    return facts;
}

std::string fieldsTable(const std::vector<FieldFacts>& fields, std::uint64_t eventCount)
{
    constexpr std::size_t nameWidth = 56;
    constexpr std::size_t valueBytes = 60;
    constexpr double percent = 100.0;
    report::TextTable table({{"FIELD", false, nameWidth},
                             {"TYPE"},
                             {"EVENTS", true},
                             {"SHARE", true},
                             {"VALUES", true},
                             {"MOST FREQUENT"}});
    for (const FieldFacts& facts : fields) {
        std::string top;
        for (const ValueCount& value : facts.top) {
            const std::string shown = value.text.size() > valueBytes
                                          ? value.text.substr(0, valueBytes) + "…"
                                          : value.text;
            top += fmt::format("{}{} ({})", top.empty() ? "" : ", ", shown, value.count);
        }
        std::string type(schema::fieldTypeName(facts.field.type));
        if (facts.field.conflicting) {
            type += " (mixed)";
        }
        const double share = eventCount == 0 ? 0
                                             : percent * static_cast<double>(facts.eventCount)
                                                   / static_cast<double>(eventCount);
        table.addRow({facts.name, type, std::to_string(facts.eventCount),
                      fmt::format("{:.1f} %", share), std::to_string(facts.distinctCount), top});
    }
    return table.toString() + fmt::format("\n{} fields in {} events\n", fields.size(), eventCount);
}

std::string fieldsJson(const std::vector<FieldFacts>& fields, bool asLines)
{
    std::string text = asLines ? "" : "[";
    for (std::size_t index = 0; index < fields.size(); ++index) {
        const FieldFacts& facts = fields[index];
        JsonWriter json;
        json.beginObject();
        json.member("field", facts.name);
        json.member("type", schema::fieldTypeName(facts.field.type));
        json.key("in_schema");
        json.boolean(facts.field.inSchema);
        json.key("mixed_types");
        json.boolean(facts.field.conflicting);
        json.key("events");
        json.unsignedInteger(facts.eventCount);
        json.key("derived");
        json.unsignedInteger(facts.derivedCount);
        json.key("distinct_values");
        json.unsignedInteger(facts.distinctCount);
        json.key("top");
        json.beginArray();
        for (const ValueCount& value : facts.top) {
            json.beginObject();
            json.member("value", value.text);
            json.key("count");
            json.unsignedInteger(value.count);
            json.endObject();
        }
        json.endArray();
        json.endObject();
        if (!asLines) {
            text += index == 0 ? "\n" : ",\n";
        }
        text += json.take() + (asLines ? "\n" : "");
    }
    if (!asLines) {
        text += fields.empty() ? "]\n" : "\n]\n";
    }
    return text;
}

} // namespace

ExitCode runFields(const FieldsOptions& options, std::stop_token stop)
{
    auto range = timeRange(options.common);
    if (!range) {
        return range.error();
    }
    if (outputIsTaken(options.common)) {
        return ExitCode::Output;
    }
    auto opened = openEvents(options.events, options.common, CaseAccess::Read, false, stop);
    if (!opened) {
        return opened.error();
    }
    const auto snapshot = opened->workspace->snapshot();
    std::optional<engine::EventSet> chosen;
    if (range->from || range->to) {
        auto events =
            detect::eventsBetween(*snapshot->events, "@timestamp", range->from, range->to);
        if (!events) {
            return failWith(events.error(), ExitCode::Input);
        }
        chosen = std::move(*events);
    }
    std::vector<FieldFacts> fields;
    for (std::uint32_t id = 0; id < snapshot->events->fields().size(); ++id) {
        if (stop.stop_requested()) {
            return failWith(cancelledError(), ExitCode::Cancelled);
        }
        auto facts =
            countField(*snapshot->events, FieldId(id), chosen ? &*chosen : nullptr, options.top);
        if (!facts) {
            return failWith(facts.error(), ExitCode::Input);
        }
        if (facts->eventCount == 0) {
            continue;
        }
        facts->field = snapshot->catalog->find(facts->name).value_or(schema::CatalogField());
        fields.push_back(std::move(*facts));
    }
    std::ranges::sort(fields, {}, &FieldFacts::name);
    const std::uint64_t eventCount = chosen ? chosen->count() : snapshot->events->eventCount();
    const std::string text = options.format == "table"
                                 ? fieldsTable(fields, eventCount)
                                 : fieldsJson(fields, options.format == "ndjson");
    const ExitCode code = writeResult(text, options.common);
    return code == ExitCode::Done ? opened->inputCode : code;
}

} // namespace sequela::cli
