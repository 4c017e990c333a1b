#include "core/engine/process_lineage.h"

#include "core/engine/limits.h"
#include "core/engine/query_plan.h"

#include <array>

namespace sequela::engine {

namespace {

/// First value of a field in each event of a segment as a key number; null without one.
Result<KeyNumber> firstKey(CaseIndex& index, SegmentNumber segment, std::optional<FieldId> field,
                           std::uint32_t row)
{
    if (!field) {
        return nullKey;
    }
    auto column = index.column(segment, *field);
    SEQUELA_TRY(column);
    if (*column == nullptr) {
        return nullKey;
    }
    std::uint32_t scratch = 0;
    const auto values = (*column)->valuesOfCode((*column)->code(row), scratch);
    return values.empty() ? nullKey
                          : index.keyColumn(segment, *field, schema::FieldType::Keyword, **column)
                                .at(values.front());
}

std::shared_ptr<Leaf> textLeaf(CaseIndex& index, LeafCache& cache, const std::string& field,
                               const std::string& text)
{
    const std::string name = "category\x1f" + field + '\x1f' + text;
    auto leaf = cache.find(name);
    return leaf ? leaf
                : cache.add(name,
                            Leaf::textEquals({field, schema::FieldType::Keyword}, text, index));
}

} // namespace

Result<ProcessLineage> ProcessLineage::build(CaseIndex& index, LeafCache& cache,
                                             const std::string& categoryField, std::stop_token stop)
{
    const schema::ColumnSource& source = index.source();
    ProcessLineage lineage;
    lineage.m_process.resize(source.eventCount(), noProcess);
    lineage.m_parent.resize(source.eventCount(), noProcess);
    KeyTuples tuples;
    const auto host = source.field("host.id");
    const auto entity = source.field("process.entity_id");
    const auto parent = source.field("process.parent.entity_id");
    const RunOptions options;
    const RunContext context{index, options, stop, {}, nullptr};
    DocumentCache documents;
    for (std::uint32_t number = 0; number < index.segmentCount(); ++number) {
        if (stop.stop_requested()) {
            return std::unexpected(cancelledError());
        }
        const SegmentNumber segment(number);
        SegmentRun run(context, segment);
        const auto rowsOf = [&](const std::string& name, const char* text, RowSet rows) {
            keepHolding(*textLeaf(index, cache, name, text), false, rows, run, documents);
            return rows;
        };
        const RowSet ofProcess = rowsOf(categoryField, "process", RowSet(run.rowCount(), true));
        const RowSet starts = rowsOf("event.type", "start", ofProcess);
        lineage.m_ends.push_back(rowsOf("event.type", "end", ofProcess));
        if (run.hasFailed()) {
            return std::unexpected(std::move(*run.failure));
        }
        for (std::uint32_t row = 0; row < run.rowCount(); ++row) {
            const auto entityKey = firstKey(index, segment, entity, row);
            const auto hostKey = firstKey(index, segment, host, row);
            SEQUELA_TRY(entityKey);
            SEQUELA_TRY(hostKey);
            if (*entityKey == nullKey) {
                continue;
            }
            const std::uint32_t event = index.firstEvent(segment) + row;
            const TupleNumber onHost = tuples.extend(0, *hostKey, true).value_or(0);
            lineage.m_process[event] = tuples.extend(onHost, *entityKey, true).value_or(0);
            if (starts.contains(row)) {
                const auto parentKey = firstKey(index, segment, parent, row);
                SEQUELA_TRY(parentKey);
                if (*parentKey != nullKey) {
                    lineage.m_parent[event] = tuples.extend(onHost, *parentKey, true).value_or(0);
                }
            }
        }
    }
    lineage.m_processCount = static_cast<std::uint32_t>(tuples.size());
    return lineage;
}

Result<EventSet> ProcessLineage::descendants(const StageRows& matching, const CaseIndex& index,
                                             const EventOrder& order, const EventSet* events,
                                             std::stop_token stop) const
{
    EventSet found(index.source().eventCount());
    std::vector<std::uint8_t> isSource(m_processCount, 0);
    std::vector<std::uint8_t> isDescendant(m_processCount, 0);
    std::uint32_t steps = 0;
    const auto segments = index.source().segments();
    std::size_t segment = 0;
    for (const std::uint32_t event : order.byRank) {
        if (++steps % limits::stepsPerStopCheck == 0 && stop.stop_requested()) {
            return std::unexpected(cancelledError());
        }
        const std::uint32_t process = m_process[event];
        if (process == noProcess || (events != nullptr && !events->contains(EventNumber(event)))) {
            continue;
        }
        const std::uint32_t first = segments[segment].firstEvent.value();
        if (event < first || event - first >= segments[segment].eventCount) {
            segment = index.source().segmentOf(EventNumber(event)).index();
        }
        const std::uint32_t row = event - segments[segment].firstEvent.value();
        const std::uint32_t parent = m_parent[event];
        if (parent != noProcess && (isSource[parent] != 0 || isDescendant[parent] != 0)) {
            isDescendant[process] = 1;
        }
        if (isDescendant[process] != 0) {
            found.insert(EventNumber(event));
        }
        if (matching[segment].contains(row)) {
            isSource[process] = 1;
        }
        if (m_ends[segment].contains(row)) {
            isSource[process] = 0;
            isDescendant[process] = 0;
        }
    }
    return found;
}

} // namespace sequela::engine
