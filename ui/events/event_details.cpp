#include "ui/events/event_details.h"

#include "core/ingest/provenance.h"

#include <algorithm>

namespace sequela::ui {

namespace {

void addProvenance(EventDetails& details)
{
    ingest::ProvenanceReader provenance;
    provenance.read(details.document);
    for (FieldValues& field : details.fields) {
        ingest::FieldProvenance found = provenance.of(field.field, field.derived);
        field.renamed = found.origin == mapping::Origin::Renamed;
        field.from = std::move(found.from);
    }
}

} // namespace

Result<EventDetails> readEventDetails(const schema::ColumnSource& source, EventNumber event,
                                      const std::stop_token& stop)
{
    EventDetails details;
    details.event = event;
    const SegmentNumber segment = source.segmentOf(event);
    const std::uint32_t row = event.value() - source.segments()[segment.index()].firstEvent.value();
    const std::span<const schema::SeenField> seen = source.fields();
    for (std::uint32_t field = 0; field < seen.size(); ++field) {
        if (stop.stop_requested()) {
            return std::unexpected(cancelledError());
        }
        const auto column = source.column(segment, FieldId(field));
        if (!column) {
            return std::unexpected(column.error());
        }
        if (!*column) {
            continue;
        }
        std::uint32_t scratch = 0;
        const auto codes = (*column)->valuesOfCode((*column)->code(row), scratch);
        if (codes.empty()) {
            continue;
        }
        FieldValues values{.field = seen[field].name, .values = {}, .from = {}};
        for (const std::uint32_t value : codes) {
            values.values.emplace_back((*column)->text(value));
        }
        values.derived = (*column)->isDerived(row);
        details.fields.push_back(std::move(values));
    }
    std::ranges::sort(details.fields, {}, &FieldValues::field);
    if (const auto timeId = source.field("@timestamp")) {
        const auto times = source.times(segment, *timeId);
        if (times && *times) {
            details.timeNs = (**times)[row];
        }
    }
    auto document = source.document(event);
    if (!document) {
        return std::unexpected(std::move(document).error());
    }
    details.document = std::move(*document);
    addProvenance(details);
    const auto origin = source.origin(event);
    if (!origin) {
        return std::unexpected(origin.error());
    }
    details.origin = *origin;
    return details;
}

std::string fieldGroup(const std::string& field)
{
    if (field == "@timestamp") {
        return "event";
    }
    const std::size_t dot = field.find('.');
    return dot == std::string::npos ? "other" : field.substr(0, dot);
}

} // namespace sequela::ui
