#include "core/detect/alert_details.h"

#include "core/base/text.h"
#include "core/detect/event_reader.h"
#include "core/eql/binder.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace sequela::detect {

namespace {

/// Fields of the import, not of the event.
bool isWrapperField(std::string_view name)
{
    return name.starts_with('_');
}

Result<std::vector<SharedField>> fieldsOfEvent(const schema::ColumnSource& source,
                                               EventReader& reader, EventNumber event)
{
    std::vector<SharedField> fields;
    for (const schema::SeenField& seen : source.fields()) {
        if (isWrapperField(seen.name)) {
            continue;
        }
        auto stored = reader.values(event, seen.name);
        if (!stored) {
            return std::unexpected(std::move(stored).error());
        }
        if (!stored->values.empty() && !stored->derived) {
            fields.push_back({seen.name, std::move(stored->values)});
        }
    }
    return fields;
}

/// Keeps of @p shared what the event has, too.
Result<void> intersect(std::vector<SharedField>& shared, EventReader& reader, EventNumber event)
{
    for (SharedField& field : shared) {
        auto stored = reader.values(event, field.name);
        if (!stored) {
            return std::unexpected(std::move(stored).error());
        }
        if (stored->derived) {
            field.values.clear();
        }
        std::erase_if(field.values, [&stored](const FieldText& value) {
            return std::ranges::find(stored->values, value) == stored->values.end();
        });
    }
    std::erase_if(shared, [](const SharedField& field) { return field.values.empty(); });
    return {};
}

/// Stage of the bound query for each slot of the match: `with runs` gives a stage several slots.
std::vector<std::size_t> stageOfSlot(const eql::BoundQuery& query)
{
    std::vector<std::size_t> stages;
    for (std::size_t stage = 0; stage < query.stages.size(); ++stage) {
        stages.insert(stages.end(), std::max(query.stages[stage].runs, 1U), stage);
    }
    return stages;
}

std::vector<MatchedClause> clausesOf(std::vector<engine::Engine::MatchedClause> matched,
                                     std::string_view query)
{
    std::vector<MatchedClause> clauses;
    for (engine::Engine::MatchedClause& clause : matched) {
        const std::size_t begin = std::min(clause.span.begin, query.size());
        const std::size_t length = std::min(clause.span.end, query.size()) - begin;
        clauses.push_back(
            {clause.span, std::string(query.substr(begin, length)), std::move(clause.fieldValues)});
    }
    return clauses;
}

Result<StageDetails> stageDetailsOf(const schema::ColumnSource& source, const AlertStage& stage)
{
    StageDetails details;
    auto origin = source.origin(*stage.event);
    if (!origin) {
        return std::unexpected(std::move(origin).error());
    }
    details.record = origin->record;
    details.line = origin->line;
    auto ancestor = ancestorIdOf(source, stage);
    if (!ancestor) {
        return std::unexpected(std::move(ancestor).error());
    }
    details.ancestorId = std::move(*ancestor);
    auto index = indexOf(source, stage);
    if (!index) {
        return std::unexpected(std::move(index).error());
    }
    details.index = std::move(*index);
    auto document = source.document(*stage.event);
    if (!document) {
        return std::unexpected(std::move(document).error());
    }
    details.document = std::move(*document);
    return details;
}

} // namespace

std::string reasonOf(const Alert& alert)
{
    const std::size_t eventCount = static_cast<std::size_t>(std::ranges::count_if(
        alert.stages, [](const AlertStage& stage) { return stage.event.has_value(); }));
    std::string reason = alert.process.empty() ? std::string("activity") : alert.process;
    if (!alert.host.empty()) {
        reason += fmt::format(" on {}", alert.host);
    }
    if (!alert.user.empty()) {
        reason += fmt::format(" by {}", alert.user);
    }
    if (eventCount > 1) {
        reason += fmt::format(": {} events", eventCount);
        if (alert.firstTime && alert.lastTime) {
            reason += fmt::format(" within {}", formatDuration(alert.lastTime->nanoseconds()
                                                               - alert.firstTime->nanoseconds()));
        }
    }
    reason += fmt::format(" made the {} alert {}", rules::severityText(alert.severity), alert.name);
    return reason;
}

Result<std::vector<SharedField>> sharedFieldsOf(const schema::ColumnSource& source,
                                                const Alert& alert)
{
    EventReader reader(source);
    std::optional<std::vector<SharedField>> shared;
    for (const AlertStage& stage : alert.stages) {
        if (!stage.event) {
            continue;
        }
        if (!shared) {
            auto fields = fieldsOfEvent(source, reader, *stage.event);
            if (!fields) {
                return fields;
            }
            shared = std::move(*fields);
        } else {
            SEQUELA_TRY(intersect(*shared, reader, *stage.event));
        }
    }
    std::vector<SharedField> fields = std::move(shared).value_or(std::vector<SharedField>());
    std::ranges::sort(fields, {}, &SharedField::name);
    return fields;
}

Result<std::string> ancestorIdOf(const schema::ColumnSource& source, const AlertStage& stage)
{
    if (!stage.event) {
        return std::string();
    }
    EventReader reader(source);
    auto id = reader.first(*stage.event, "event.id");
    if (!id || !id->empty()) {
        return id;
    }
    return stage.identity;
}

Result<std::string> indexOf(const schema::ColumnSource& source, const AlertStage& stage)
{
    if (!stage.event) {
        return std::string();
    }
    return EventReader(source).first(*stage.event, "_index");
}

Result<AlertDetails> detailsOf(engine::Engine& engine, const schema::FieldCatalog& catalog,
                               const Alert& alert)
{
    AlertDetails details;
    details.reason = reasonOf(alert);
    auto shared = sharedFieldsOf(engine.source(), alert);
    if (!shared) {
        return std::unexpected(std::move(shared).error());
    }
    details.sharedFields = std::move(*shared);

    eql::BindOptions options;
    options.dialect = alert.rule->dialect;
    options.osList = alert.rule->osList;
    if (!alert.rule->eventCategoryField.empty()) {
        options.eventCategoryField = alert.rule->eventCategoryField;
    }
    const eql::BindResult bound = eql::bindQuery(alert.rule->query, catalog, options);
    const std::vector<std::size_t> stages =
        bound.query ? stageOfSlot(*bound.query) : std::vector<std::size_t>();
    for (std::size_t slot = 0; slot < alert.stages.size(); ++slot) {
        const AlertStage& stage = alert.stages[slot];
        if (!stage.event) {
            details.stages.emplace_back();
            continue;
        }
        auto stageDetails = stageDetailsOf(engine.source(), stage);
        if (!stageDetails) {
            return std::unexpected(std::move(stageDetails).error());
        }
        if (slot < stages.size()) {
            auto matched = engine.explain(*bound.query, stages[slot], *stage.event);
            if (!matched) {
                return std::unexpected(std::move(matched).error());
            }
            stageDetails->clauses = clausesOf(std::move(*matched), alert.rule->query);
        }
        details.stages.push_back(std::move(*stageDetails));
    }
    return details;
}

} // namespace sequela::detect
